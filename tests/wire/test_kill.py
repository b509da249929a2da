"""kill -9 of gwctl at any moment harms nothing: the daemon goes on, its places for clients come back, the store is whole."""
import json
import random
import socket
import subprocess
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import Gateway  # noqa: E402

ROUNDS = 120
PATIENCE_S = 30


class Kill(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.gw = Gateway().start()
        for i in range(20):
            cls.gw.add_user("user%02d" % i, "x")

    @classmethod
    def tearDownClass(cls):
        status = cls.gw.stop()
        cls.gw.remove()
        assert status == 0, status

    def spawn(self, *args, text=""):
        p = subprocess.Popen([str(self.gw.build / "gwctl"), "-s", self.gw.options["control_socket"], *args],
                             stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            p.stdin.write(text.encode())
            p.stdin.close()
        except BrokenPipeError:  # it read nothing and has ended
            pass
        return p

    def clients_come_back(self):
        """As many as may be are let in at once: nobody's place was lost."""
        end = time.monotonic() + PATIENCE_S
        while True:
            socks = [socket.socket(socket.AF_UNIX) for _ in range(30)]
            greetings = []
            for s in socks:
                s.settimeout(PATIENCE_S)
                s.connect(self.gw.options["control_socket"])
                greetings.append(s.recv(100))
            for s in socks:
                s.close()
            if all(g.startswith(b"GATEWAY") for g in greetings):
                return True
            if time.monotonic() > end:
                return False

    def test_many_rounds(self):
        rng = random.Random(4)
        commands = [
            ("user", "list"), ("store", "check"), ("session", "list"), ("config", "show"), ("status",), ("help", "-j"),
            ("user", "quota", "user01", "5M"), ("user", "passwd", "user02"), ("user", "disable", "user03"),
            ("user", "enable", "user03"), ("store", "vacuum"), ("watch", "1", "session", "list"), ("reload",), ("-f", "-"),
        ]
        for i in range(ROUNDS):
            p = self.spawn(*rng.choice(commands), text="x\nuser list\nstore check\nuser add more%d\nx\n" % i)
            time.sleep(rng.random() * 0.02)
            p.kill()
            p.wait()
        self.assertTrue(self.clients_come_back())
        self.assertEqual(self.gw.gwctl("ping").returncode, 0)
        problems = json.loads(self.gw.gwctl("-j", "store", "check").stdout.splitlines()[-1])["problems"]
        self.assertEqual(problems, 0)
        self.gw.gwctl("user", "enable", "user03")
        self.gw.imap("user03", "x").logout()
        self.assertIsNone(self.gw.process.poll())
        status = json.loads(self.gw.gwctl("-j", "status").stdout)
        self.assertEqual((status["state"], status["pid"]), ("running", self.gw.pid))


if __name__ == "__main__":
    unittest.main()
