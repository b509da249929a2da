"""Attack checklist G: SEARCH, SORT, THREAD, NOTIFY."""
import re
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from attack import Attack  # noqa: E402
from gateway import until  # noqa: E402


class Search(Attack):
    users = ("anna", "bert", "big")

    def box(self, name, messages, user="anna"):
        w = self.login(user, name)
        for i in range(0, len(messages), 500):
            part = messages[i:i + 500]
            self.accepted(w, b"APPEND %s" % name + b"".join(b" {%d+}\r\n%s" % (len(m), m) for m in part))
        self.accepted(w, b"NOOP")
        return w

    def found(self, w, text):
        got = self.accepted(w, text)
        return [int(n) for n in re.findall(rb"\d+", next((g for g in got if g.startswith((b"* SEARCH", b"* SORT"))), b""))]

    def test_G01_nested_without_end(self):
        """Keys nest 32 deep and not deeper; nothing recurses as deep as the client likes."""
        w = self.box(b"one", [b"Subject: a\r\n\r\nb\r\n"])
        self.accepted(w, b"SEARCH " + b"NOT (" * 10 + b"ALL" + b")" * 10)
        for text in (b"NOT " * 15000 + b"ALL", b"(" * 30000, b"(" * 30000 + b"ALL" + b")" * 30000,
                     b"NOT (" * 12000 + b"ALL" + b")" * 12000,
                     b"OR " * 20000, b"OR ALL " * 9000 + b"ALL", b"FUZZY " * 10000 + b"ALL", b"ALL " * 1001 + b"ALL"):
            self.refused(w, b"SEARCH " + text[:65000])
            self.refused(w, b"SORT (DATE) UTF-8 " + text[:65000])
            self.refused(w, b"THREAD REFERENCES UTF-8 " + text[:65000])

    def test_G02_strings_that_look_like_syntax(self):
        """What is searched for is text, whatever it looks like, to the store as well."""
        nasty = (b'"', b"'; DROP TABLE message; --", b"%", b"_", b"a) OR ALL (", b"\\", b"{5}", b"{5+}", b"* BYE", b"x'y\"z")
        w = self.box(b"two", [b"Subject: <%s>\r\nX-N: n\r\n\r\nbody [%s]\r\n" % (n, n) for n in nasty])
        for i, n in enumerate(nasty):
            for key, text in ((b"SUBJECT", b"<%s>" % n), (b"TEXT", b"[%s]" % n), (b"HEADER Subject", b"<%s>" % n)):
                got = self.found(w, b"SEARCH %s {%d+}\r\n%s" % (key, len(text), text))
                self.assertEqual(got, [i + 1], (key, text))
        text = b"a\r\nz NOOP\r\n"
        self.accepted(w, b"SEARCH SUBJECT {%d+}\r\n%s" % (len(text), text))
        self.refused(w, b'SEARCH KEYWORD "a b"')
        self.alive(w)

    def test_G03_charsets_that_are_none_or_broken(self):
        """RFC 9051 6.4.4: NO [BADCHARSET]."""
        w = self.box(b"three", [b"Subject: a\r\n\r\nb\r\n"])
        for charset in (b"X-NONE", b"../../etc/passwd", b"UTF-8//IGNORE", b"c" * 1000, b"IBM437//TRANSLIT"):
            self.refused(w, b'SEARCH CHARSET "%s" SUBJECT {2+}\r\n\xc3\xa4' % charset, rb"(NO \[BADCHARSET|BAD )")
        for charset, text in ((b"GB18030", b"\x81\x30\x81\x30" * 1500 + b"\xff\xff"), (b"ISO-2022-JP", b"\x1b$B" * 1500),
                              (b"UTF-8", b"\xc3" * 4000), (b"UTF-8", "\u0fda\ufdfa".encode() * 800),
                              (b"EUC-KR", b"\xff" * 3000), (b"UTF-7", b"+" * 3000), (b"UTF-7", b"\xc3\xa4"), (b"UTF-16", b"\xd8")):
            got = w.command(b"s", b"SEARCH CHARSET %s SUBJECT {%d+}\r\n%s" % (charset, len(text), text))
            self.assertRegex(got[-1], b"^s (OK|NO|BAD)", charset)
            self.alive(w)

    def test_G04_searches_of_several_mailboxes_tell_nothing_of_others(self):
        """RFC 7377 2.2(g): what may not be read is left out."""
        self.box(b"hidden", [b"Subject: secret\r\n\r\nx\r\n"], "bert")
        w = self.box(b"four", [b"Subject: secret\r\n\r\nx\r\n"])
        for source in (b"personal", b"subtree (four hidden bert ~bert)", b"mailboxes (four hidden bert/hidden user/bert/hidden)"):
            got = b"".join(self.accepted(w, b"ESEARCH IN (%s) RETURN (COUNT ALL) SUBJECT secret" % source))
            self.assertEqual(got.count(b"* ESEARCH"), 1, source)
            self.assertNotIn(b"hidden", got)

    def test_G05_whoever_leaves_ends_his_search(self):
        """A search that reads much goes in steps, and ends with its client."""
        body = b"Subject: much\r\n\r\n" + b"".join(b"line %d in which to look for words\r\n" % i for i in range(4000))
        w = self.box(b"five", [body] * 5, "big")
        for _ in range(3):
            gone = self.login("big", b"five")
            gone.send(b"s SEARCH " + b" ".join(b'NOT BODY "z%d z"' % i for i in range(400)) + b"\r\n")
            gone.close()
        self.alive(w)
        self.assertTrue(until(lambda: self.gw.gwctl("--json", "session", "list", "user=big").stdout.count('"id"') <= 1, 30))

    def test_G06_syntax_of_the_index_is_text(self):
        """Operators of a full-text query are words to be found."""
        texts = (b'a "quoted phrase" here', b"star* wild", b"one NEAR two", b"col:umn", b"x AND y", b"x OR z", b"NOT there",
                 b"pre^fix",
                 b"(group)", b"-minus +plus", b"NEAR(a b, 5)")
        w = self.box(b"six", [b"Subject: s%d\r\n\r\n%s\r\n" % (i, t) for i, t in enumerate(texts)])
        for i, t in enumerate(texts):
            for key in (b"BODY", b"TEXT"):
                self.assertEqual(self.found(w, b"SEARCH %s {%d+}\r\n%s" % (key, len(t), t)), [i + 1], t)
        self.assertEqual(self.found(w, b'SEARCH BODY "star* zzz"'), [])
        self.assertEqual(self.found(w, b'SEARCH BODY "*"'), [2])

    def test_G07_references_in_circles(self):
        """RFC 5256 3: each message once, whatever it says of its parents."""
        def message(i, refs):
            return b"Subject: %d\r\nMessage-ID: <%d@l>\r\nReferences: %s\r\n\r\nx\r\n" % (i, i, refs)
        ring = [message(i, b"<%d@l>" % ((i + 1) % 50)) for i in range(50)]
        w = self.box(b"seven", ring + [message(50, b"<50@l>"), message(51, b"<51@l> <52@l> <51@l>"),
                                       message(52, b"<52@l> <51@l> <52@l>"),
                                       message(53, b" ".join(b"<r%d@l>" % i for i in range(30000))), message(50, b"<7@l>")])
        for algorithm in (b"REFERENCES", b"REFS", b"ORDEREDSUBJECT"):
            got = w.command(b"t", b"THREAD %s UTF-8 ALL" % algorithm)
            if algorithm == b"REFERENCES" or got[-1].startswith(b"t OK"):
                numbers = sorted(int(n) for n in re.findall(rb"\d+", got[0]))
                self.assertEqual(numbers, list(range(1, 56)), algorithm)

    def test_G08_keys_that_might_collide(self):
        """Thousands of message ids, keywords and header names of a kind; each is found."""
        # the same octets in another order and blocks of the pairs of old string hashes ("Ez", "FY")
        pairs = [b"".join(b"Ez" if i >> k & 1 else b"FY" for k in range(11)) for i in range(2000)]
        w = self.box(b"eight", [b"Subject: c\r\nMessage-ID: <%s@c>\r\nReferences: <%s@c>\r\n\r\nx\r\n" % (p, pairs[i - 1])
                                for i, p in enumerate(pairs)])
        self.assertEqual(sorted(int(n) for n in re.findall(rb"\d+", self.accepted(w, b"THREAD REFERENCES UTF-8 ALL")[0])),
                         list(range(1, 2001)))
        self.accepted(w, b"STORE 1 +FLAGS (%s)" % b" ".join(pairs[:40]))
        self.assertEqual(self.found(w, b"SEARCH KEYWORD " + pairs[39]), [1])
        fields = b" ".join(pairs)
        self.accepted(w, b"FETCH 1 BODY.PEEK[HEADER.FIELDS (%s)]" % fields[:60000].rpartition(b" ")[0])

    def test_G09_the_saved_result(self):
        """RFC 5182 2.1: what was expunged leaves it, and a search that fails empties it."""
        w = self.box(b"nine", [b"Subject: %d\r\n\r\nx\r\n" % i for i in range(5)])
        self.accepted(w, b"SEARCH RETURN (SAVE) 1:3")
        self.accepted(w, b"STORE 1:2 +FLAGS.SILENT (\\Deleted)")
        self.accepted(w, b"EXPUNGE")
        self.assertEqual(len(self.accepted(w, b"FETCH $ UID")), 2)
        self.accepted(w, b"STORE $ +FLAGS.SILENT (\\Deleted)")
        self.accepted(w, b"EXPUNGE")
        self.assertEqual(len(self.accepted(w, b"FETCH $ UID")), 1)
        self.accepted(w, b"SEARCH RETURN (SAVE) ALL")
        self.refused(w, b"SEARCH RETURN (SAVE) CHARSET X-NONE SUBJECT {1+}\r\nx", b"NO ")
        self.assertEqual(len(self.accepted(w, b"FETCH $ UID")), 1)
        self.accepted(w, b"UID COPY $ INBOX")

    def test_G10_notify_of_very_much(self):
        """RFC 5465 5.8, 8: names are limited, foreign ones say nothing, and too much is told as NOTIFICATIONOVERFLOW or refused."""
        w = self.login("anna", b"ten")
        got = w.command(b"n",
                        b"NOTIFY SET (mailboxes (%s) (MessageNew MessageExpunge))" % b" ".join(b"m%d" % i for i in range(9000)))
        self.assertRegex(b"".join(got), rb"NOTIFICATIONOVERFLOW|n (NO|BAD) ")
        self.alive(w)
        self.accepted(w, b"NOTIFY SET (mailboxes (INBOX bert/INBOX user/bert/INBOX ~bert/INBOX) (MessageNew MessageExpunge))")
        bert = self.login("bert")
        self.accepted(bert, b"APPEND INBOX {3+}\r\nabc")
        anna = self.login("anna")
        self.accepted(anna, b"APPEND INBOX {3+}\r\nabc")
        lines = w.until(b"* STATUS")
        self.assertIn(b"INBOX", lines[-1])
        self.assertNotIn(b"bert", b"".join(lines))
        self.accepted(w, b"NOTIFY NONE")

    def test_G11_parts_and_batches(self):
        """RFC 9394 3.1, RFC 10022, RFC 9738: the ends of the ranges, and a smallest batch."""
        w = self.box(b"eleven", [b"Subject: %d\r\n\r\nx\r\n" % i for i in range(20)])
        self.assertIn(b"PARTIAL (1:4294967295 1:20)", b"".join(self.accepted(w, b"SEARCH RETURN (PARTIAL 1:4294967295) ALL")))
        self.assertIn(b"PARTIAL (-1:-10 11:20)", b"".join(self.accepted(w, b"SEARCH RETURN (PARTIAL -1:-10) ALL")))
        self.assertIn(b"NIL", b"".join(self.accepted(w, b"SEARCH RETURN (PARTIAL 30:40) ALL")))
        for text in (b"PARTIAL 0:5", b"PARTIAL 1:4294967296", b"PARTIAL -1:5", b"PARTIAL 1", b"PARTIAL -0:-5",
                     b"PARTIAL 1:5 ALL"):
            self.refused(w, b"SEARCH RETURN (%s) ALL" % text, b"BAD ")
        for text in (b"UIDBATCHES 0", b"UIDBATCHES 4294967296", b"UIDBATCHES -1", b"UIDBATCHES 500 0:1"):
            self.refused(w, text)
        self.assertRegex(w.command(b"b", b"UIDBATCHES 1")[-1], b"^b (NO|BAD|OK)")
        self.alive(w)

    def test_G12_a_right_that_is_revoked_meanwhile(self):
        """A public folder that may be read no more: neither the open session, nor IDLE, nor a URL gives anything of it."""
        self.gw.gwctl("public", "create", "Board")
        self.gw.gwctl("public", "grant", "Board", "anna", "read write delete")
        name = b'"Public folders/Board"'
        w, idle = self.login(), self.login()
        self.append(w, name, b"Subject: s\r\n\r\nhidden words\r\n")
        for s in (w, idle):
            self.accepted(s, b"SELECT " + name)
        self.accepted(w, b"SEARCH RETURN (SAVE) ALL")
        idle.send(b"i IDLE\r\n")
        self.assertRegex(idle.line(), rb"^\+")
        self.gw.gwctl("public", "grant", "Board", "anna", "")
        self.refused(self.login(), b"SELECT " + name, b"NO ")
        self.refused(self.login(), b'APPEND INBOX CATENATE (URL "/Public%20folders/Board/;uid=1")', b"NO ")
        for s, text in ((w, b"x UID FETCH $ BODY.PEEK[]\r\nx UID SEARCH ALL\r\nx LOGOUT\r\n"),
                        (idle, b"DONE\r\ni FETCH 1 BODY[]\r\ni LOGOUT\r\n")):
            s.send(text)
            self.assertNotIn(b"hidden words", s.closed())

    def test_G12_an_account_that_is_taken_away_meanwhile(self):
        """What is alive when the right to it ends is refused at its next step: IDLE, a saved result, a URL."""
        self.gw.add_user("gone", "pw")
        w, idle = self.login("gone", b"twelve"), self.login("gone", b"INBOX")
        self.accepted(w, b"APPEND twelve {3+}\r\nabc")
        self.accepted(w, b"SEARCH RETURN (SAVE) ALL")
        idle.send(b"i IDLE\r\n")
        self.assertRegex(idle.line(), rb"^\+")
        self.gw.gwctl("-y", "user", "delete", "gone")
        for s, text in ((w, b"x UID FETCH $ BODY[]\r\n"), (idle, b"DONE\r\n")):
            try:
                s.send(text)
                self.assertNotRegex(s.closed(), rb"(x|i) OK")
            except (BrokenPipeError, ConnectionResetError):
                pass
        again = self.connect()
        self.refused(again, b"LOGIN gone pw", b"NO ")


if __name__ == "__main__":
    unittest.main()
