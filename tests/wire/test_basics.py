"""Whole sessions with Python's own clients: plain, STARTTLS/STLS and TLS from the first byte."""
import base64
import os
import re
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import Gateway, Wire  # noqa: E402

MESSAGE = (b"From: Anna <anna@example.org>\r\nTo: Ben <ben@example.org>\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n"
           b"Date: Tue, 1 Sep 2026 10:00:00 +0200\r\nMessage-ID: <1@example.org>\r\n\r\nHello,\r\n.dot\r\n..dots\r\n")


class Basics(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.gw = Gateway().start()
        cls.gw.add_user("anna", "secret pass\"word\\")
        cls.password = "secret pass\"word\\"

    @classmethod
    def tearDownClass(cls):
        status = cls.gw.stop()
        cls.gw.remove()
        assert status == 0, status

    def each_way(self):
        yield self.gw.imap("anna", self.password)
        yield self.gw.imap("anna", self.password, starttls=True)
        yield self.gw.imap("anna", self.password, tls=True)

    def test_append_select_fetch_search_expunge(self):
        for imap in self.each_way():
            self.assertEqual(imap.append("INBOX", "(\\Flagged)", '"01-Sep-2026 08:00:00 +0000"', MESSAGE)[0], "OK")
            typ, data = imap.select("INBOX")
            self.assertEqual((typ, int(data[0])), ("OK", 1))
            typ, data = imap.fetch("1", "(UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODY.PEEK[])")
            self.assertEqual(data[0][1], MESSAGE)
            self.assertIn(b"RFC822.SIZE %d" % len(MESSAGE), data[0][0])
            self.assertIn(b'" 1-Sep-2026 08:00:00 +0000"', data[0][0])
            self.assertEqual(imap.search(None, "SUBJECT", '"GR"')[1], [b"1"])
            self.assertEqual(imap.search(None, "BODY", "hello")[1], [b"1"])
            self.assertEqual(imap.store("1", "+FLAGS", "\\Deleted")[0], "OK")
            self.assertEqual(imap.expunge()[1], [b"1"])
            imap.close()
            imap.logout()

    def test_commands_sent_in_one_piece_are_answered_without_more_input(self):
        w = Wire(self.gw)
        w.send(b'a LOGIN anna "secret pass\\"word\\\\"\r\nb CREATE ahead\r\n'
               b"c APPEND ahead {6+}\r\na: b\r\n\r\nd APPEND ahead {6+}\r\na: c\r\n\r\ne NOOP\r\n")
        for tag in (b"a", b"b", b"c", b"d", b"e"):
            self.assertTrue(w.line().startswith(tag + b" OK"))
        w.close()

    def test_mailboxes_are_made_renamed_and_removed(self):
        imap = self.gw.imap("anna", self.password)
        self.assertEqual(imap.create("Projekte/2026")[0], "OK")
        names = b"\n".join(imap.list()[1])
        self.assertIn(b'"/" Projekte/2026', names.replace(b'"Projekte/2026"', b"Projekte/2026"))
        self.assertEqual(imap.rename("Projekte", "Work")[0], "OK")
        self.assertEqual(imap.delete("Work/2026")[0], "OK")
        self.assertEqual(imap.delete("Work")[0], "OK")
        imap.logout()

    def test_pop3_whole_session(self):
        imap = self.gw.imap("anna", self.password)
        for i in range(3):
            imap.append("INBOX", None, None, MESSAGE)
        for way in ({}, {"stls": True}, {"tls": True}):
            pop = self.gw.pop3("anna", self.password, **way)
            count, size = pop.stat()
            self.assertEqual((count, size), (3, 3 * len(MESSAGE)))
            self.assertEqual(b"\r\n".join(pop.retr(1)[1]) + b"\r\n", MESSAGE)
            self.assertEqual(len({line.split()[1] for line in pop.uidl()[1]}), 3)
            self.assertEqual(len(pop.top(2, 0)[1]), MESSAGE.count(b"\r\n") - 3)
            pop.dele(2)
            pop.rset()
            pop.quit()
        pop = self.gw.pop3("anna", self.password)
        for i in (1, 2, 3):
            pop.dele(i)
        pop.quit()
        self.assertEqual(imap.select("INBOX")[1], [b"0"])
        imap.logout()

    def test_idle_tells_of_another_session_without_being_asked(self):
        imap = self.gw.imap("anna", self.password)
        w = Wire(self.gw)
        w.send(b'a LOGIN anna {%d}\r\n' % len(self.password))
        w.until(b"+")
        w.send(self.password.encode() + b"\r\n")
        w.until(b"a ")
        w.command(b"b", b"SELECT INBOX")
        w.send(b"c IDLE\r\n")
        w.until(b"+")
        imap.append("INBOX", None, None, MESSAGE)
        self.assertRegex(b"".join(w.until(b"* 1 EXISTS")), rb"\* 1 EXISTS")
        w.send(b"DONE\r\n")
        w.until(b"c OK")
        w.command(b"d", b"STORE 1 +FLAGS (\\Deleted)")
        self.assertIn(b"* 1 EXPUNGE\r\n", w.command(b"e", b"EXPUNGE"))
        w.close()
        imap.logout()

    def test_a_large_literal8_becomes_base64_and_comes_back(self):
        """RFC 3516 4.4(c): also where the message outgrows what is kept in memory only when it is encoded"""
        w = Wire(self.gw)
        w.command(b"a", b'LOGIN anna "secret pass\\"word\\\\"')
        w.command(b"a", b"CREATE large8")
        w.command(b"a", b"SELECT large8")
        head = b"Content-Type: multipart/mixed; boundary=x\r\n\r\n"
        part = b"--x\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary\r\n\r\n"
        for n, size in enumerate((200 << 10, 256 << 10, (1 << 20) + 1), 1):
            first, second = os.urandom(size - 1) + b"\0", b"\0second"
            message = head + part + first + b"\r\n" + part + second + b"\r\n--x--\r\n"
            w.send(b"b APPEND large8 ~{%d+}\r\n" % len(message) + message + b"\r\n")
            self.assertIn(b"b OK", w.until(b"b ")[-1])
            w.command(b"c", b"NOOP")
            for item, expected in ((b"BINARY.PEEK[1]", first), (b"BINARY.PEEK[2]", second),
                                   (b"BODY.PEEK[1]", base64.encodebytes(first).replace(b"\n", b"\r\n")[:-2])):
                self.assertEqual(self.octets(w, b"%d" % n, item), expected, (item, size))
        w.close()

    def octets(self, w, seq, item):
        """Those of the literal that FETCH gives."""
        w.send(b"f FETCH %s %s\r\n" % (seq, item))
        line = w.line()
        size = int(re.search(rb"\{(\d+)\}\r\n$", line)[1])
        while len(w.buffer) < size:
            w.buffer += w.s.recv(1 << 20)
        data, w.buffer = w.buffer[:size], w.buffer[size:]
        self.assertTrue(w.until(b"f ")[-1].startswith(b"f OK"))
        return data

    def test_wrong_password_is_refused_and_logged(self):
        """RFC 9051 11.7(e)"""
        with self.assertRaises(Exception):
            self.gw.imap("anna", "wrong")
        with self.assertRaises(Exception):
            self.gw.imap("nobody", "wrong")
        log = self.gw.log()
        self.assertRegex(log, r'Failed to login from .*127\.0\.0\.1.* with invalid username "anna" or wrong password')
        self.assertNotIn("secret pass", log)

    def test_the_longest_id_is_taken_before_login(self):
        """RFC 2971 3.3(c): 30 names of 30 octets with values of 1024; what is longer is refused and nothing else"""
        w = Wire(self.gw)
        pairs = b" ".join(b'"%s" "%s"' % (b"n%029d" % i, b"v" * 1024) for i in range(30))
        self.assertTrue(w.command(b"a", b"ID (" + pairs + b")")[-1].startswith(b"a OK"))
        self.assertTrue(w.command(b"b", b"ID (" + pairs.replace(b"v", b"vv", 1) + b")")[-1].startswith(b"b BAD"))
        self.assertTrue(w.command(b"c", b"NOOP")[-1].startswith(b"c OK"))
        w.close()

    def test_nothing_pipelined_behind_starttls_is_executed(self):
        w = Wire(self.gw)
        w.send(b"a STARTTLS\r\nb NOOP\r\n")
        self.assertTrue(w.line().startswith(b"a OK"))
        w.s.settimeout(3)
        try:
            rest = w.closed()
        except TimeoutError:
            rest = b""
        self.assertNotIn(b"b OK", rest)
        w.close()


if __name__ == "__main__":
    unittest.main()
