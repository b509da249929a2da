"""Attack checklist I: POP3. I01 is in test_hostile.py, too, I05 in test_sharing.py."""
import base64
import re
import signal
import socket
import sqlite3
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from attack import Attack  # noqa: E402
from gateway import Gateway, Wire, until  # noqa: E402


class Pop3(Attack):
    users = ("anna", "bert", "carl", "dora", "emil", "fay")

    def fill(self, user, *messages):
        w = self.login(user)
        for m in messages:
            self.append(w, b"INBOX", m)
        return w

    def lines(self, w, command):
        w.send(command + b"\r\n")
        self.assertRegex(w.line(), rb"^\+OK")
        return w.until(b".\r\n")[:-1]

    def test_I01_lines_that_are_none(self):
        for i, piece in enumerate((b"x" * 600 + b"\r\n", b"USER a\0b\r\n", b"NOOP" + b" " * 600 + b"\r\n")):
            self.gw.add_user("long%d" % i, "pw")
            for w in (self.connect("pop3"), self.pop3("long%d" % i)):
                w.send(piece)
                self.assertRegex(w.line(), rb"^(-ERR|$)")
        w = self.pop3("emil")
        w.send(b"NOOP\n")
        self.assertRegex(w.line(), rb"^(\+OK|-ERR)")
        before = self.rss_kib()
        w = self.connect("pop3")
        try:
            for _ in range(160):
                w.send(b"y" * 65536)
        except OSError:
            pass
        self.grown(before, 8192)

    def test_I02_names_and_passwords_in_any_order(self):
        """RFC 1939 7(h): PASS after USER alone; blanks belong to the password."""
        self.gw.add_user("blank", " p w ")
        w = self.connect("pop3")
        self.ask(w, b"PASS x", b"-ERR")
        self.ask(w, b"USER blank", rb"\+OK")
        self.ask(w, b"USER blank", rb"(\+OK|-ERR)")
        w = self.connect("pop3")
        self.ask(w, b"USER blank", rb"\+OK")
        self.ask(w, b"PASS", b"-ERR")
        for password, how in ((b"", b"-ERR"), (b"p w", b"-ERR"), (b" p w ", rb"\+OK")):
            w = self.connect("pop3")
            self.ask(w, b"USER blank", rb"\+OK")
            self.ask(w, b"PASS " + password, how)
        self.ask(w, b"USER blank", b"-ERR")

    def test_I03_numbers_that_name_no_message(self):
        self.fill("anna", b"Subject: one\r\n\r\nx\r\n", b"Subject: two\r\n\r\nx\r\n")
        w = self.pop3()
        for command in (b"DELE 0", b"DELE 3", b"DELE 4294967296", b"DELE 4294967297", b"DELE -1", b"RETR 0",
                        b"RETR 18446744073709551617", b"LIST -1", b"LIST 1x",
                        b"UIDL 99999999999999999999", b"TOP 1 -1", b"TOP 1", b"TOP 0 0", b"TOP 1 2147483648",
                        b"TOP 1 99999999999999999999", b"RETR", b"DELE 1 2"):
            self.ask(w, command, b"-ERR")
        self.assertEqual(b"".join(self.lines(w, b"TOP 1 2147483")), b"Subject: one\r\n\r\nx\r\n")
        self.ask(w, b"DELE 1", rb"\+OK")
        for command in (b"DELE 1", b"RETR 1", b"TOP 1 0", b"LIST 1", b"UIDL 1"):
            self.ask(w, command, b"-ERR")
        self.ask(w, b"RSET", rb"\+OK")
        self.assertEqual(len(self.lines(w, b"LIST")), 2)
        self.ask(w, b"QUIT", rb"\+OK")

    def test_I04_retr_without_reading(self):
        """What waits to be sent is bounded."""
        self.fill("bert", b"Subject: big\r\n\r\n" + b"x" * 998 * 2000 + b"\r\n")
        w = self.connect("pop3")
        w.s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.ask(w, b"USER bert", rb"\+OK")
        self.ask(w, b"PASS pw", rb"\+OK")
        before = self.rss_kib()
        w.send(b"RETR 1\r\n" * 1000)
        self.gw.imap("bystander", "pw").logout()
        self.grown(before, 16384)

    def test_I05_a_cut_at_any_octet_before_quit(self):
        """RFC 1939 6: without QUIT nothing is deleted."""
        self.fill("carl", b"Subject: one\r\n\r\nx\r\n")
        text = b"USER carl\r\nPASS pw\r\nDELE 1\r\nQUIT"
        for cut in range(1, len(text) + 1, 2):
            w = self.connect("pop3")
            w.send(text[:cut])
            w.s.shutdown(socket.SHUT_WR)
            w.closed()
            w.close()
        imap = self.login("carl")
        self.assertIn(b"MESSAGES 1", b"".join(self.accepted(imap, b"STATUS INBOX (MESSAGES)")))

    def test_I06_quit_when_the_store_refuses(self):
        """RFC 1939 6: -ERR when some deleted messages are not removed."""
        self.fill("fay", *[b"Subject: %d\r\n\r\nx\r\n" % i for i in range(3)])
        w = self.pop3("fay")
        for i in (1, 2):
            self.ask(w, b"DELE %d" % i, rb"\+OK")
        done = False
        for p in self.gw.folder.rglob("*.db"):
            with sqlite3.connect(p, timeout=60) as db:
                if db.execute("SELECT count(*) FROM sqlite_master WHERE name = 'mailbox'").fetchone()[0]:
                    db.execute("CREATE TRIGGER refuse BEFORE UPDATE ON mailbox BEGIN SELECT RAISE(ABORT, 'refused'); END")
                    done = True
        self.assertTrue(done)
        try:
            self.ask(w, b"QUIT", b"-ERR")
        finally:
            for p in self.gw.folder.rglob("*.db"):
                with sqlite3.connect(p, timeout=60) as db:
                    db.execute("DROP TRIGGER IF EXISTS refuse")
        self.assertIn(b"MESSAGES 3", b"".join(self.accepted(self.login("fay"), b"STATUS INBOX (MESSAGES)")))

    def test_I07_one_session_at_a_time(self):
        """RFC 2449 8.1.1: [IN-USE]; the lock goes with the process that had it."""
        self.fill("dora", b"Subject: one\r\n\r\nx\r\n")
        self.pop3("dora")
        w = self.connect("pop3")
        self.ask(w, b"USER dora", rb"\+OK")
        self.ask(w, b"PASS pw", rb"-ERR \[IN-USE\]")
        self.gw.stop(signal.SIGKILL)
        self.gw.start()

        def free():
            w = self.connect("pop3")
            w.send(b"USER dora\r\nPASS pw\r\n")
            return w.line()[:3] == b"+OK" and w.line()[:3] == b"+OK"
        self.assertTrue(until(free))

    def test_I08_dots(self):
        """RFC 1939 3: what begins with a dot has one more on the wire, and the end is told from it."""
        messages = (b"Subject: a\r\n\r\n.\r\n", b"Subject: b\r\n\r\n..\r\n.\r\n...\r\n", b"Subject: c\r\n\r\nno end",
                    b"Subject: d\r\n\r\n.", b".\r\n.\r\n",
                    b"Subject: e\r\n\r\n" + b".\r\n" * 20000)
        self.gw.add_user("dots", "pw")
        self.fill("dots", *messages)
        w = self.pop3("dots")
        for i, m in enumerate(messages):
            got = b"".join(line[1:] if line.startswith(b".") else line for line in self.lines(w, b"RETR %d" % (i + 1)))
            self.assertEqual(got, m if m.endswith(b"\r\n") else m + b"\r\n")
        self.ask(w, b"NOOP", rb"\+OK")

    def test_I09_names_of_messages(self):
        """RFC 1939 7: 1 to 70 printable characters, the same in every session, whatever IMAP removes."""
        self.gw.add_user("names", "pw")
        imap = self.fill("names", *[b"Subject: %d\r\n\r\nx\r\n" % i for i in range(20)])

        def names():
            w = self.pop3("names")
            found = [line.split()[1] for line in self.lines(w, b"UIDL")]
            self.ask(w, b"QUIT", rb"\+OK")
            return found
        before = names()
        self.assertEqual(len(set(before)), 20)
        self.assertTrue(all(re.fullmatch(rb"[\x21-\x7e]{1,70}", n) for n in before))
        self.accepted(imap, b"SELECT INBOX")
        self.accepted(imap, b"STORE 3,7,20 +FLAGS.SILENT (\\Deleted)")
        self.accepted(imap, b"EXPUNGE")
        left = [n for i, n in enumerate(before) if i + 1 not in (3, 7, 20)]
        self.assertEqual(names(), left)
        self.append(imap, b"INBOX", b"Subject: 0\r\n\r\nx\r\n")
        self.assertEqual(names()[:-1], left)
        self.assertNotIn(names()[-1], before)
        self.gw.stop()
        self.gw.start()
        self.assertEqual(names()[:-1], left)

    def test_I10_who_comes_too_soon(self):
        """RFC 2449 6.5, 8.1.1: LOGIN-DELAY is announced and kept."""
        with Gateway(pop3_login_delay=600) as gw:
            gw.add_user("anna", "pw")
            answers = []
            for _ in range(2):
                w = Wire(gw, "pop3")
                w.send(b"CAPA\r\n")
                self.assertIn(b"LOGIN-DELAY 600\r\n", w.until(b".\r\n"))
                w.send(b"USER anna\r\nPASS pw\r\n")
                w.line()
                answers.append(w.line())
                w.close()
            self.assertRegex(answers[0], rb"^\+OK")
            self.assertRegex(answers[1], rb"^-ERR \[LOGIN-DELAY\]")

    def test_I11_auth_and_its_first_answer(self):
        """RFC 5034 4: with an initial answer, an empty one, one that is too long, none, and none at all."""
        for user in ("first", "second"):
            self.gw.add_user(user, "pw")
        self.ask(self.connect("pop3"), b"AUTH PLAIN " + base64.b64encode(b"\0first\0pw"), rb"\+OK")
        w = self.connect("pop3")
        self.ask(w, b"AUTH PLAIN", rb"\+ ")
        self.ask(w, b"*", b"-ERR")
        self.ask(w, b"AUTH PLAIN =", b"-ERR")
        self.ask(w, b"AUTH X-NONE", b"-ERR")
        self.ask(w, b"AUTH PLAIN !!!!", b"-ERR")
        for long in (base64.b64encode(b"\0first\0" + b"x" * 250), base64.b64encode(b"\0" + b"u" * 400 + b"\0p")):
            w = self.connect("pop3")
            w.send(b"AUTH PLAIN " + long + b"\r\n")
            self.assertRegex(w.line(), b"^(-ERR|$)")
        w = self.connect("pop3")
        self.ask(w, b"AUTH PLAIN", rb"\+ ")
        w.send(b"A" * 20000 + b"\r\n")
        self.assertRegex(w.line(), b"^(-ERR|$)")
        w = self.connect("pop3")
        self.assertIn(b"PLAIN\r\n", self.lines(w, b"AUTH"))
        self.ask(w, b"AUTH PLAIN " + base64.b64encode(b"\0second\0pw"), rb"\+OK")

    def test_I12_languages_and_utf8(self):
        """RFC 6856 2, 3: LANG *, unknown ones, UTF8 before login alone, and a message that needs it for one who has not asked."""
        self.gw.add_user("intl", "pw")
        self.fill("intl", "From: jøran@blåbær.example\r\nSubject: Grüße\r\n\r\nhallo\r\n".encode())
        w = self.pop3("intl")
        self.ask(w, b"LANG *", rb"\+OK")
        self.ask(w, b"LANG xx", b"-ERR")
        self.ask(w, b"LANG " + b"x" * 300, b"-ERR")
        self.assertTrue(self.lines(w, b"LANG"))
        self.ask(w, b"UTF8", b"-ERR")
        header = b"".join(self.lines(w, b"TOP 1 0"))
        header.decode("ascii")
        self.ask(w, b"QUIT", rb"\+OK")
        w = self.connect("pop3")
        self.ask(w, b"UTF8", rb"\+OK")
        self.ask(w, b"USER intl", rb"\+OK")
        self.ask(w, b"PASS pw", rb"\+OK")
        self.assertIn("Grüße".encode(), b"".join(self.lines(w, b"RETR 1")))


if __name__ == "__main__":
    unittest.main()
