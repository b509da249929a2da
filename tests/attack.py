"""attack.py - what the tests of the attack checklist (tests/wire/test_attack_*.py) have in common.

Each test is named after its ID there. A crash is a failure whatever was answered: after each test the daemon must live, no
child may have died of a signal, and somebody else must be served; in the end the daemon must have lost no memory, where a
sanitizer counts it.
"""
import re
import unittest
from pathlib import Path

from gateway import Gateway, Wire


class Attack(unittest.TestCase):
    options = {}
    users = ("anna",)

    @classmethod
    def setUpClass(cls):
        cls.gw = Gateway(**{"imap_max_fail_commands": 0, **cls.options}).start()
        for user in cls.users + ("bystander",):
            cls.gw.add_user(user, "pw")

    @classmethod
    def tearDownClass(cls):
        status = cls.gw.stop()  # a sanitizer tells what was lost by it
        output = cls.gw.output()
        cls.gw.remove()
        assert status == 0, "the daemon ended with %s\n%s" % (status, output)

    def tearDown(self):
        self.assertIsNone(self.gw.process.poll(), "the daemon died")
        self.assertNotRegex(self.gw.log(), r"ended by signal|AddressSanitizer")
        imap = self.gw.imap("bystander", "pw")
        self.assertEqual(imap.select("INBOX")[0], "OK")
        imap.logout()

    def connect(self, service="imap", timeout=60):
        w = Wire(self.gw, service, timeout)
        self.addCleanup(w.close)
        return w

    def login(self, user="anna", mailbox=None, timeout=60):
        """A session of user, with mailbox selected, which is made if there is none."""
        w = self.connect(timeout=timeout)
        self.assertIn(b"OK", w.command(b"in", b"LOGIN %s pw" % user.encode())[-1])
        if mailbox:
            if mailbox != b"INBOX":
                w.command(b"in", b"CREATE " + mailbox)
            self.assertIn(b"OK", w.command(b"in", b"SELECT " + mailbox)[-1])
        return w

    def pop3(self, user="anna"):
        w = self.connect("pop3")
        self.ask(w, b"USER " + user.encode(), rb"\+OK")
        self.ask(w, b"PASS pw", rb"\+OK")
        return w

    def ask(self, w, line, expect):
        """One line of POP3 and the one that answers."""
        w.send(line + b"\r\n")
        got = w.line()
        self.assertRegex(got, expect, line[:200])
        return got

    def refused(self, w, text, how=rb"(BAD|NO) "):
        """The command is answered with BAD or NO, and the session goes on."""
        got = w.command(b"r", text)
        self.assertRegex(got[-1], rb"^r " + how, text[:200])
        self.alive(w)
        return got

    def accepted(self, w, text):
        got = w.command(b"k", text)
        self.assertRegex(got[-1], rb"^k OK", text[:200])
        return got

    def alive(self, w):
        """The stream is in step."""
        self.assertEqual(w.command(b"alive", b"NOOP")[-1][:9], b"alive OK ")

    def append(self, w, mailbox, message, flags=b""):
        w.send(b"app APPEND %s %s{%d+}\r\n%s\r\n" % (mailbox, flags, len(message), message))
        self.assertRegex(w.until(b"app ")[-1], b"^app OK")

    def fetched(self, w, what, seq=b"1"):
        """The octets of the literal that FETCH of what gives."""
        w.send(b"f FETCH %s (%s)\r\n" % (seq, what))
        out = b""
        while True:
            line = w.line()
            self.assertFalse(line == b"" or line.startswith((b"f NO", b"f BAD")), line)
            if line.startswith(b"f OK"):
                return out
            m = re.search(rb"\{(\d+)\}\r\n$", line)
            if m:
                while len(w.buffer) < int(m.group(1)):
                    piece = w.s.recv(1 << 20)
                    self.assertTrue(piece)
                    w.buffer += piece
                out, w.buffer = w.buffer[:int(m.group(1))], w.buffer[int(m.group(1)):]

    def rss_kib(self):
        """Of the daemon and its children."""
        pids = [self.gw.pid] + [int(p) for p in Path("/proc/%d/task/%d/children" % (self.gw.pid, self.gw.pid)).read_text().split()]
        total = 0
        for pid in pids:
            try:
                m = re.search(r"VmRSS:\s+(\d+)", Path("/proc/%d/status" % pid).read_text())
                total += int(m.group(1)) if m else 0
            except OSError:
                pass
        return total

    def grown(self, before, kib):
        self.assertLess(self.rss_kib() - before, kib * self.gw.memory_factor)
