"""Attack checklist A: lines and tokens. A01, A03, A04, A06, A10, A12 and A13 are in test_hostile.py."""
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from attack import Attack  # noqa: E402


class Lines(Attack):
    def test_A02_line_ends(self):
        """A bare LF ends a line in every state; a bare CR is no end and not allowed; NUL is BAD, never a cut (RFC 9051 9)."""
        for w in (self.connect(), self.login(), self.login(mailbox=b"INBOX")):
            w.send(b"a NOOP\nb NOOP\r\n")
            self.assertEqual([w.line()[:5], w.line()[:5]], [b"a OK ", b"b OK "])
            w.send(b"c NOOP\rd NOOP\r\n")
            self.assertRegex(w.line(), b"^c BAD")
            w.send(b"e NOOP\r\r\nf NOOP\r\n")
            self.assertRegex(w.line(), b"^e (BAD|OK)")
            self.assertRegex(w.line(), b"^f OK")
            w.send(b"g NOOP\0\r\n")
            self.assertRegex(w.line(), b"^(g|\\*) BAD")
            w.send(b'h STATUS "INBOX\0x" (MESSAGES)\r\n')
            self.assertRegex(w.line(), b"^(h|\\*) BAD")
            self.alive(w)

    def test_A05_backslashes_and_quotes_at_the_end(self):
        w = self.login()
        for text in (b'STATUS "INBOX\\', b'STATUS "\\', b'STATUS "', b'STATUS "' + b'\\"' * 3000, b'STATUS "a\\x" (MESSAGES)',
                     b'STATUS "a\\\\\\" (MESSAGES)', b'LIST "" "' + b"\\\\" * 3000 + b"\\"):
            self.refused(w, text, b"BAD ")
            for cut in (1, len(text) // 2, len(text) - 1):
                w.send(b"s " + text[:cut])
                w.send(text[cut:] + b"\r\n")
                self.assertRegex(w.line(), b"^s BAD")

    def test_A07_octets_that_are_no_text(self):
        for bad in (b"\xff\xfe", b"\xc0\x80", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80", b"\xc3"):
            w = self.connect()
            self.refused(w, bad + b" x", b"BAD ")
            self.refused(w, b"LOGIN {%d+}\r\n%s {2+}\r\npw" % (len(bad), bad))
            w = self.login()
            self.refused(w, b'SELECT "%s"' % bad)
            self.refused(w, b'CREATE "a%s"' % bad)
            self.accepted(w, b"SELECT INBOX")
            w.send(b"s SEARCH CHARSET UTF-8 SUBJECT {%d+}\r\n%s\r\n" % (len(bad), bad))
            self.assertRegex(w.until(b"s ")[-1], b"^s (OK|NO|BAD)")
            self.alive(w)
        for line in (self.gw.folder / "gateway.log").read_bytes().splitlines():
            line.decode()  # each is UTF-8

    def test_A08_numbers(self):
        """RFC 9051 9: number is 32 bits, nz-number is not 0, both are digits alone."""
        w = self.login(mailbox=b"INBOX")
        for n in (b"0", b"-1", b"4294967296", b"18446744073709551616", b"9" * 1024, b"+1", b"0x1", b"1e3", b"1.0", b"01"):
            if n != b"01":
                self.refused(w, b"FETCH %s FLAGS" % n, b"BAD ")
                self.refused(w, b"UID FETCH %s FLAGS" % n, b"BAD ")
            if n not in (b"0", b"01", b"4294967296"):  # number64
                self.refused(w, b"SEARCH LARGER %s" % n, b"BAD ")
                self.refused(w, b"FETCH 1 BODY[TEXT]<%s.5>" % n, b"BAD ")
        self.refused(w, b"FETCH 1 BODY[TEXT]<0.0>", b"BAD ")
        self.accepted(w, b"SEARCH LARGER 4294967295")

    def test_A09_commands_of_another_state(self):
        """RFC 9051 3: BAD or NO, and nothing changes."""
        w = self.connect()
        for text in (b"SELECT INBOX", b"FETCH 1 FLAGS", b"LIST \"\" *", b"APPEND INBOX {3+}\r\nabc", b"IDLE", b"UNSELECT",
                     b"EXPUNGE"):
            self.refused(w, text)
        self.accepted(w, b"LOGIN anna pw")
        for text in (b"LOGIN anna pw", b"AUTHENTICATE PLAIN =", b"STARTTLS", b"FETCH 1 FLAGS", b"EXPUNGE", b"CLOSE"):
            self.refused(w, text)
        self.accepted(w, b"SELECT INBOX")
        self.refused(w, b"LOGIN bystander pw")
        self.accepted(w, b"FETCH 1:* FLAGS" if b"1 EXISTS" in b"".join(w.command(b"s", b"SELECT INBOX")) else b"CHECK")

    def test_A11_every_command_cut_anywhere(self):
        """The end of the stream at each octet: nothing is done, and the connection is gone on our side, too."""
        texts = (b"a LOGIN anna pw\r\n", b"b SELECT {5}\r\nINBOX\r\n", b"c CREATE cut\r\n",
                 b"d APPEND INBOX (\\Seen) {5}\r\nhello\r\n",
                 b"e UID SEARCH CHARSET UTF-8 OR SUBJECT \"a\" (NOT BODY {1}\r\nx)\r\n", b"f IDLE\r\nDONE\r\n")
        for text in texts:
            for cut in range(1, len(text) - 2, 3):
                w = self.connect() if text[0:1] == b"a" else self.login()
                w.send(text[:cut])
                w.s.shutdown(1)
                self.assertNotIn(text[:1] + b" OK", w.closed())
                w.close()
        w = self.login()
        self.assertNotIn(b"cut", b"".join(w.command(b"l", b'LIST "" *')))
        self.assertIn(b"MESSAGES 0", b"".join(w.command(b"l", b"STATUS INBOX (MESSAGES)")))


if __name__ == "__main__":
    unittest.main()
