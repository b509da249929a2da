"""Programs at the control socket that are slow, dead or hostile: nobody else notices (gateway-ctl(7))."""
import array
import os
import socket
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import Gateway, until  # noqa: E402


class Peers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.gw = Gateway().start()
        cls.gw.add_user("anna", "x")

    @classmethod
    def tearDownClass(cls):
        status = cls.gw.stop()
        cls.gw.remove()
        assert status == 0, status

    def setUp(self):
        self.socks = []

    def tearDown(self):
        for s in self.socks:
            s.close()
        self.others_notice_nothing()

    def connect(self):
        s = socket.socket(socket.AF_UNIX)
        self.socks.append(s)
        s.settimeout(60)
        s.connect(self.gw.options["control_socket"])
        return s

    def others_notice_nothing(self):
        self.gw.gwctl("ping")
        imap = self.gw.imap("anna", "x")
        imap.select()
        imap.logout()

    def files(self):
        return len(os.listdir("/proc/%d/fd" % self.gw.pid))

    def memory(self):
        with open("/proc/%d/statm" % self.gw.pid) as f:
            return int(f.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def lines(self, s, n):
        data = b""
        while data.count(b"\n") < n:
            piece = s.recv(65536)
            if not piece:
                break
            data += piece
        return data.decode().splitlines()

    def send_all_that_goes(self, s, data, rounds):
        s.settimeout(0.2)
        sent = 0
        try:
            for _ in range(rounds):
                sent += s.send(data)
        except (TimeoutError, OSError):
            pass
        return sent

    def test_answers_that_nobody_reads_stay_few(self):
        before = self.memory()
        for _ in range(5):
            self.send_all_that_goes(self.connect(), b"help\n" * 1000, 2000)
        self.others_notice_nothing()
        self.assertLess(self.memory() - before, 32 * 1024 * 1024 * self.gw.memory_factor)

    def test_a_request_that_never_ends_waits_alone(self):
        s = self.connect()
        for c in b"user show na":
            s.sendall(bytes([c]))
        self.others_notice_nothing()
        s.sendall(b"me=anna\n")
        self.assertEqual([line.split()[0] for line in self.lines(s, 3)], ["GATEWAY", "D", "OK"])

    def test_who_leaves_in_the_middle_leaves_nothing_behind(self):
        files = self.files()
        for i in range(60):
            s = socket.socket(socket.AF_UNIX)
            s.connect(self.gw.options["control_socket"])
            s.sendall((b"help\n" * 50, b"user list\n" * 50, b"session list\nuser sh", b"store check\n")[i % 4])
            s.close()
            if i % 20 == 19:
                self.gw.gwctl("ping")
        self.assertTrue(until(lambda: self.files() <= files))

    def test_bytes_that_are_no_requests_are_refused_one_by_one(self):
        s = self.connect()
        s.sendall(b"\0\0\n\xff\xfe\n=\n\"\nuser show name=\"\\x0\"\nuser show name=a name=b\nping extra\nping\n")
        self.assertEqual([line.split()[0] for line in self.lines(s, 9)], ["GATEWAY"] + ["ERR"] * 7 + ["OK"])

    def test_files_that_nobody_asked_for_are_closed(self):
        files = self.files()
        s = self.connect()
        null = os.open("/dev/null", os.O_RDONLY)
        fds = array.array("i", [null] * 4)
        for _ in range(50):
            s.sendmsg([b"ping\n"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, fds)])
        s.sendmsg([b"ping\n"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [null] * 200))])
        os.close(null)
        self.assertEqual(len(self.lines(s, 52)), 52)
        self.assertLessEqual(self.files(), files + 2)

    def test_cancel_behind_what_has_ended_does_not_end_what_follows(self):
        s = self.connect()
        s.sendall(b"session list\ncancel\nsession list\n")
        answers = [line.split()[0] for line in self.lines(s, 3) if not line.startswith("D")]
        self.assertEqual(answers[0], "GATEWAY")
        self.assertIn(answers[1], ("OK", "ERR"))
        s.sendall(b"version\n")
        self.assertIn('"version"', self.lines(s, 1)[-1])


if __name__ == "__main__":
    unittest.main()
