"""Attack checklist B: literals. B01, B02, B04 and B13 are in test_hostile.py."""
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from attack import Attack  # noqa: E402
from gateway import Gateway, Wire, until  # noqa: E402


class Literals(Attack):
    options = {"imap_max_messagesize": "100K", "mail_quota": "1M"}

    def messages(self, w, mailbox):
        return int(b"".join(w.command(b"n", b"STATUS %s (MESSAGES)" % mailbox)).split(b"MESSAGES ")[1].split(b")")[0])

    def test_B03_a_hundred_thousand_tiny_literals(self):
        w = self.login()
        before = self.rss_kib()
        w.s.settimeout(60)
        try:
            w.send(b"a SEARCH" + b" {1+}\r\nx" * 100000 + b"\r\n")
            answer = w.until(b"a ")[-1]
        except (ConnectionResetError, BrokenPipeError):
            answer = b""
        self.assertRegex(answer, rb"^(a (BAD|NO)|$)")
        self.grown(before, 8192)

    def test_B05_a_literal_that_never_comes_before_login(self):
        """The login timer runs through literals; one octet now and then does not hold it up."""
        with Gateway(login_timeout=4) as gw:
            w, silent = Wire(gw), Wire(gw)
            for c in (w, silent):
                c.send(b"a LOGIN {5}\r\n")
                self.assertRegex(c.line(), rb"^\+")
            w.s.settimeout(0.2)

            def ended():
                try:
                    w.send(b"x")
                    return w.s.recv(4096) == b""
                except TimeoutError:
                    return False
                except OSError:
                    return True
            self.assertTrue(until(ended))
            self.assertIn(b"BYE", silent.closed())
            w.close()
            silent.close()

    def test_B06_literals_that_were_not_announced(self):
        """RFC 7888 3, 5: with LITERAL- 4096 octets and no more; without any, {n+} is not understood."""
        for capabilities, five in (("-LITERAL+", self.accepted), ("-LITERAL+ -LITERAL-", self.refused)):
            with Gateway(imap_max_fail_commands=0, imap_capabilities=capabilities) as gw:
                gw.add_user("anna", "pw")
                w = Wire(gw)
                self.assertIn(b"OK", w.command(b"a", b"LOGIN anna pw")[-1])
                five(w, b"SELECT {5+}\r\nINBOX")
                self.refused(w, b"SELECT {4097+}\r\n" + b"x" * 4097)
                w.close()

    def test_B07_literal8_where_it_is_allowed_and_nowhere_else(self):
        """RFC 3516 4.4, RFC 6855 4: in APPEND. NUL is refused in every literal but a message, which is kept as it came."""
        w = self.login(mailbox=b"eight")
        self.refused(w, b"APPEND eight ~{6+}\r\n\r\na\0b\n", rb"NO \[UNKNOWN-CTE\]")  # the store takes no NUL
        self.accepted(w, b"APPEND eight ~{5+}\r\n\r\nabc")
        self.accepted(w, b"APPEND eight {6+}\r\n\r\na\0b\n")
        for text in (b"SELECT ~{5+}\r\neight", b"STATUS ~{5+}\r\neight (MESSAGES)", b"SEARCH SUBJECT ~{1+}\r\nx",
                     b"LOGIN ~{1+}\r\nx y", b"SELECT {5+}\r\nei\0ht"):
            self.refused(w, text, b"BAD ")
        self.assertEqual(self.messages(w, b"eight"), 2)

    def test_B08_the_announcement_comes_in_pieces(self):
        w = self.login()
        text = b"a STATUS {5}\r\n"
        for cut in range(len(text) - 6, len(text)):
            w.send(text[:cut])
            self.gw.gwctl("ping")  # the daemon has had a turn
            w.send(text[cut:])
            self.assertRegex(w.line(), rb"^\+")
            w.send(b"INB")
            w.send(b"OX (MESSAGES)\r")
            w.send(b"\n")
            self.assertRegex(w.until(b"a ")[-1], b"^a OK")

    def test_B09_messages_that_cannot_be_stored(self):
        """RFC 9051 6.3.12: the code tells why, and the stream stays in step with {n} and {n+}."""
        w = self.login(mailbox=b"nine")
        limit = 100 * 1024
        for plus in (b"+", b""):
            for size, mailbox, how in ((0, b"nine", b"(NO|BAD|OK) "), (limit + 1, b"nine", rb"(NO|BAD) \[(TOOBIG|LIMIT)\]"),
                                       (10, b"none", rb"NO \[TRYCREATE\]"), (limit, b"nine", b"OK ")):
                w.send(b"a APPEND %s {%d%s}\r\n" % (mailbox, size, plus))
                if plus:
                    w.send(b"x" * size + b"\r\n")
                line = w.line()
                while not line.startswith(b"a "):
                    if line.startswith(b"+"):
                        w.send(b"x" * size + b"\r\n")
                    line = w.line()
                self.assertRegex(line, b"^a " + how, (plus, size, mailbox))
                self.alive(w)
        for _ in range(12):
            last = w.command(b"q", b"APPEND nine {%d+}\r\n" % limit + b"y" * limit)[-1]
        self.assertRegex(last, rb"^q NO \[OVERQUOTA\]")
        self.alive(w)
        w.command(b"d", b"DELETE nine")

    def test_B10_all_messages_or_none(self):
        """RFC 3502 3: the last one is too large, or no message at all."""
        w = self.login(mailbox=b"ten")
        for last in (b" {200000+}\r\n" + b"x" * 200000, b" (\\Seen {3+}\r\nabc", b" nonsense"):
            got = w.command(b"a", b"APPEND ten {3+}\r\nabc {3+}\r\ndef" + last)
            self.assertRegex(got[-1], b"^a (NO|BAD)")
            self.alive(w)
        self.assertEqual(self.messages(w, b"ten"), 0)
        self.assertRegex(b"".join(self.accepted(w, b"APPEND ten {3+}\r\nabc {3+}\r\ndef")), rb"APPENDUID \d+ 1:2\]")

    def test_B11_replace_of_what_is_not_there(self):
        """RFC 8508 3.4: NO or BAD, the old message stays; of two at once each message is replaced at most once."""
        w, other = self.login(mailbox=b"eleven"), self.login()
        self.append(w, b"eleven", b"Subject: one\r\n\r\n1\r\n")
        self.append(w, b"eleven", b"Subject: two\r\n\r\n2\r\n")
        for text in (b"REPLACE 0", b"REPLACE 9", b"UID REPLACE 0", b"UID REPLACE 99", b"REPLACE *:0", b"REPLACE 4294967296"):
            self.refused(w, text + b" eleven {3+}\r\nabc")
        self.assertEqual(self.messages(w, b"eleven"), 2)
        self.accepted(other, b"SELECT eleven")
        for s in (w, other):
            s.send(b"u UID REPLACE 1 eleven {20+}\r\nSubject: new\r\n\r\nabc\r\n")
        results = sorted(s.until(b"u ")[-1][:4] for s in (w, other))
        self.assertIn(results, [[b"u NO", b"u OK"]])
        self.assertEqual(self.messages(w, b"eleven"), 2)

    def test_B12_a_cut_at_any_place_of_an_append(self):
        """Nothing of it is stored, and nothing of it stays on the disk."""
        message = b"Subject: cut\r\n\r\n" + b"z" * 20000
        whole = b"a APPEND twelve {%d+}\r\n%s\r\n" % (len(message), message)
        first = self.login(mailbox=b"twelve")
        self.accepted(first, b"NOOP")
        for cut in range(10, len(whole), 2500):
            w = self.login()
            w.send(whole[:cut])
            w.close()
        deadline = time.monotonic() + 20
        while self.messages(first, b"twelve") and time.monotonic() < deadline:
            pass
        self.assertEqual(self.messages(first, b"twelve"), 0)
        self.assertEqual([p for p in self.gw.folder.rglob("*") if "tmp" in p.name], [])


if __name__ == "__main__":
    unittest.main()
