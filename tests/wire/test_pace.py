#!/usr/bin/env python3
"""Clients that read in fits and starts: answers come whole, in order, and without a pause of the server's making."""
import random
import socket
import sys
import threading
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import Gateway  # noqa: E402

BODY = b"Subject: pace\r\n\r\n" + b"".join(b"%07d 0123456789 abcdefghijklmnopqrstuvwxyz\r\n" % i for i in range(4000))
COMMANDS = 24


class Pace(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.gw = Gateway()
        cls.gw.__enter__()
        cls.gw.add_user("anna", "pw")
        imap = cls.gw.imap("anna", "pw")
        for _ in range(3):
            imap.append("INBOX", None, None, BODY)
        imap.logout()

    @classmethod
    def tearDownClass(cls):
        cls.gw.__exit__(None, None, None)

    def connect(self, tls):
        s = socket.socket()
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
        s.settimeout(30)
        s.connect(("127.0.0.1", self.gw.port["imaps" if tls else "imap"]))
        return self.gw.tls_context().wrap_socket(s, server_hostname="localhost") if tls else s

    def session(self, seed, tls, problems):
        try:
            self.read_everything(random.Random(seed), self.connect(tls))
        except Exception as e:  # noqa: BLE001 - told by the test
            problems.append("%s: %r" % (seed, e))

    def read_everything(self, rnd, s):
        commands = [b"a LOGIN anna pw\r\n", b"b SELECT INBOX\r\n"]
        for i in range(COMMANDS):
            commands.append(b"c%d FETCH 1:3 BODY.PEEK[]\r\n" % i)
            commands.append(b"d%d NOOP\r\n" % i)
        commands.append(b"z LOGOUT\r\n")
        pending = b"".join(commands)
        got = bytearray()
        while True:
            if pending:
                n = rnd.randrange(1, 400)
                s.sendall(pending[:n])
                pending = pending[n:]
            data = s.recv(rnd.choice((100, 3000, 9000, 60000)))
            if not data:
                break
            got += data
            if rnd.random() < 0.05:
                time.sleep(rnd.random() * 0.004)
        s.close()
        self.assertEqual(got.count(BODY), 3 * COMMANDS)
        places = [got.find(b"\r\n%s%d OK" % (kind, i)) for i in range(COMMANDS) for kind in (b"c", b"d")]
        self.assertNotIn(-1, places)
        self.assertEqual(places, sorted(places))
        self.assertIn(b"\r\nz OK", got)

    def test_answers_come_whole_and_in_order(self):
        problems = []
        threads = [threading.Thread(target=self.session, args=(seed, seed % 3 == 0, problems)) for seed in range(9)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        self.assertEqual(problems, [])


if __name__ == "__main__":
    unittest.main()
