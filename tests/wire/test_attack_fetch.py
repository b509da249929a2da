"""Attack checklist F: FETCH, STORE, COPY, MOVE, EXPUNGE. F07 is in test_sharing.py."""
import re
import socket
import sqlite3
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from attack import Attack  # noqa: E402

SMALL = b"From: a@example.org\r\nSubject: s\r\n\r\ntext\r\n"


class Fetch(Attack):
    users = ("anna", "bert", "last")

    def box(self, name, n=5, user="anna"):
        w = self.login(user, name)
        self.accepted(w, b"APPEND %s" % name + b" {%d+}\r\n%s" % (len(SMALL), SMALL) * n)
        self.accepted(w, b"NOOP")
        return w

    def uids(self, w):
        return re.findall(rb"UID (\d+)", b"".join(self.accepted(w, b"UID FETCH 1:* UID")))

    def test_F01_sets_of_all_kinds(self):
        """RFC 9051 9, sequence-set: any order, each message once; the number of ranges is limited."""
        w = self.box(b"one")
        for text, n in ((b"1:*", 5), (b"*:1", 5), (b"4294967295:*", 1), (b"*", 1), (b"5:2,1:3,4", 5), (b"1,1,1,1,2,2", 2),
                        (b",".join([b"1"] * 20000), 1), (b",".join([b"9:7,2"] * 8000), 1)):
            got = self.accepted(w, b"UID FETCH %s UID" % text)
            self.assertEqual(len(got) - 1, n, text[:40])
        self.refused(w, b"FETCH 4294967295 UID", b"BAD ")
        self.refused(w, b"UID FETCH 1,,2 UID", b"BAD ")
        self.refused(w, b"UID FETCH 1:2:3 UID", b"BAD ")
        self.refused(w, b"UID FETCH %s UID" % b",".join([b"1"] * 100000))

    def test_F02_sections_that_are_not_there(self):
        """RFC 9051 6.4.5: NIL for a part that does not exist, an empty string behind the end."""
        w = self.box(b"two")
        self.refused(w, b"FETCH 1 BODY[%s]" % b".".join([b"1"] * 4000))
        self.refused(w, b"FETCH 1 BODY[0]", b"BAD ")
        self.refused(w, b"FETCH 1 BODY[1.0.1]", b"BAD ")
        self.refused(w, b"FETCH 1 BODY[4294967296]", b"BAD ")
        for section in (b"7", b"4294967295", b".".join([b"1"] * 200)):
            self.assertIn(b" NIL)", b"".join(self.accepted(w, b"FETCH 1 BODY.PEEK[%s]" % section)))
        self.assertEqual(self.fetched(w, b"BODY.PEEK[TEXT]<0.4294967295>"), b"text\r\n")
        self.assertRegex(b"".join(self.accepted(w, b"FETCH 1 BODY.PEEK[TEXT]<4294967295.1>")), rb'BODY\[TEXT\]<4294967295> ("")')
        fields = b" ".join(b"X-%d" % i for i in range(9999)) + b" Subject"
        self.assertLess(len(fields), 65536 + 20000)
        got = w.command(b"h", b"FETCH 1 BODY.PEEK[HEADER.FIELDS (%s)]" % fields)
        self.assertRegex(got[-1], b"^h (OK|BAD|NO)")
        self.assertEqual(self.fetched(w, b"BODY.PEEK[HEADER.FIELDS (%s Subject)]" % b" ".join([b"X-1"] * 9000)),
                         b"Subject: s\r\n\r\n")

    def test_F03_everything_for_a_client_that_does_not_read(self):
        """What waits to be sent is bounded however much was asked for; others are served meanwhile."""
        w = self.login("anna", b"three")
        message = b"Subject: big\r\n\r\n" + b"x" * 998 * 1000 + b"\r\n"
        for _ in range(3):
            self.append(w, b"three", message)
        before = self.rss_kib()
        slow = [self.login("anna", b"three") for _ in range(6)]
        for s in slow:
            s.s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            s.send(b"".join(b"f%d FETCH 1:* (BODY.PEEK[])\r\n" % i for i in range(100)))
        self.alive(w)
        self.grown(before, 6 * 16000)
        for s in slow:
            s.close()

    def test_F04_binary_of_broken_encodings(self):
        """RFC 3516 4.3: [UNKNOWN-CTE] where it cannot be decoded; what is broken is decoded as far as it goes."""
        w = self.login("anna", b"four")
        for cte, body in ((b"x-none", b"abc\r\n"), (b"base64", b"!!!A=B==C\r\n" * 50), (b"quoted-printable", b"=\r\n=X=4=\r\n="),
                          (b"base64", b"QUJD"), (b"base64", b"A" * 200000)):
            self.append(w, b"four", b"MIME-Version: 1.0\r\nContent-Transfer-Encoding: %s\r\n\r\n%s" % (cte, body))
        self.refused(w, b"FETCH 1 BINARY.PEEK[1]", rb"NO \[UNKNOWN-CTE\]")
        for seq in (b"2", b"3"):
            w.command(b"b", b"FETCH %s (BINARY.PEEK[1] BINARY.SIZE[1])" % seq)
            self.alive(w)
        self.assertRegex(b"".join(self.accepted(w, b"FETCH 4 (BINARY.PEEK[1] BINARY.SIZE[1])")),
                         rb'"ABC" BINARY.SIZE\[1\] 3\)|\{3\}\r\nABC')
        self.assertIn(b"BINARY.SIZE[1] 150000", b"".join(self.accepted(w, b"FETCH 5 BINARY.SIZE[1]")))

    def test_F05_keywords_many_and_wrong(self):
        """RFC 9051 2.3.2, 9: a keyword is an atom, system flags are those there are; their number has a limit, told as [LIMIT]."""
        w = self.box(b"five")
        for bad in (b"\\Bad", b"a]b", b"(", b'"x"', b"k" * 1024, b"\xf0\x9f\x98\x80", b"a%", b"a*b", b"{1}"):
            self.refused(w, b"STORE 1 +FLAGS (%s)" % bad)
        self.refused(w, b"STORE 1 +FLAGS (%s)" % b" ".join(b"k%d" % i for i in range(10000)))
        full = b""
        for i in range(0, 400, 20):
            full = w.command(b"s", b"STORE 1 +FLAGS.SILENT (%s)" % b" ".join(b"key%d" % j for j in range(i, i + 20)))[-1]
        self.assertRegex(full, b"^s NO")
        got = b"".join(self.accepted(w, b"FETCH 1 FLAGS"))
        self.assertLess(len(got), 10000)
        self.accepted(w, b"STORE 1 FLAGS (\\Seen)")

    def test_F06_modseqs_from_nowhere(self):
        """RFC 7162 3.1.3: 63 bits; [MODIFIED] names what has changed since."""
        w = self.box(b"six")
        got = self.accepted(w, b"STORE 1:2 (UNCHANGEDSINCE 0) +FLAGS.SILENT (\\Seen)")
        self.assertIn(b"[MODIFIED 1:2]", got[-1])
        self.refused(w, b"STORE 1 (UNCHANGEDSINCE 9223372036854775808) +FLAGS (\\Seen)", b"BAD ")
        self.refused(w, b"STORE 1 (UNCHANGEDSINCE 18446744073709551616) +FLAGS (\\Seen)", b"BAD ")
        self.refused(w, b"STORE 1 (UNCHANGEDSINCE -1) +FLAGS (\\Seen)", b"BAD ")
        got = self.accepted(w, b"STORE 1 (UNCHANGEDSINCE 9223372036854775807) +FLAGS (\\Flagged)")
        self.assertNotIn(b"MODIFIED", got[-1])
        self.assertEqual(len(self.accepted(w, b"FETCH 1:* (FLAGS) (CHANGEDSINCE 9223372036854775807)")), 1)
        highest = int(re.search(rb"HIGHESTMODSEQ (\d+)", b"".join(self.accepted(w, b"STATUS six (HIGHESTMODSEQ)"))).group(1))
        self.assertLess(highest, 1000000)

    def test_F08_sequence_numbers_with_uidonly(self):
        """RFC 9586 3: BAD [UIDREQUIRED]."""
        w = self.box(b"eight")
        self.accepted(w, b"ENABLE UIDONLY")
        for text in (b"FETCH 1 FLAGS", b"STORE 1 +FLAGS (\\Seen)", b"COPY 1 INBOX", b"MOVE 1 INBOX", b"SEARCH 1:2", b"SEARCH ALL",
                     b"SORT (DATE) UTF-8 ALL", b"THREAD REFERENCES UTF-8 ALL", b"UID SEARCH 1"):
            got = w.command(b"a", text)
            self.assertRegex(got[-1], rb"^a BAD \[UIDREQUIRED\]", text)
        got = self.accepted(w, b"UID FETCH 1 FLAGS")
        self.assertRegex(got[0], rb"^\* 1 UIDFETCH ")

    def test_F09_moves_that_cannot_be(self):
        """RFC 6851 3.3: all or nothing; COPYUID tells where."""
        w = self.box(b"nine")
        self.refused(w, b"MOVE 1:* nowhere", rb"NO \[TRYCREATE\]")
        self.assertEqual(len(self.uids(w)), 5)
        got = w.command(b"m", b"MOVE 1:2 nine")
        self.assertRegex(got[-1], b"^m (OK|NO)")
        self.assertEqual(len(self.uids(w)), 5)
        self.accepted(w, b"CREATE nine-b")
        got = b"".join(self.accepted(w, b"UID MOVE 1:* nine-b"))
        self.assertRegex(got, rb"\[COPYUID \d+ [\d:,]+ 1:5\]")
        self.assertEqual(got.count(b" EXPUNGE"), 5)
        self.accepted(w, b"EXAMINE nine-b")
        self.refused(w, b"MOVE 1 INBOX", b"NO ")

    def test_F10_the_last_uids(self):
        """RFC 9051 2.3.1.1: UIDs do not wrap; there is NO when none is left."""
        w = self.login("last", b"ten")
        self.append(w, b"ten", SMALL)
        self.accepted(w, b"LOGOUT")
        self.gw.stop()
        path = next(p for p in self.gw.folder.rglob("*.db") if b"ten" in p.read_bytes() or self.has_box(p))
        db = sqlite3.connect(path)
        column = next(row[1] for row in db.execute("PRAGMA table_info(mailbox)") if row[1] in ("uidnext", "uid_next", "next_uid"))
        db.execute("UPDATE mailbox SET %s = 4294967294 WHERE name = 'ten'" % column)
        db.commit()
        db.close()
        self.gw.start()
        w = self.login("last", b"ten")
        answers = [w.command(b"a", b"APPEND ten {%d+}\r\n%s" % (len(SMALL), SMALL))[-1] for _ in range(4)]
        self.assertRegex(answers[-1], b"^a NO")
        self.assertRegex(w.command(b"c", b"COPY 1 ten")[-1], b"^c NO")
        self.alive(w)
        uids = [int(u) for u in self.uids(w)]
        self.assertEqual(uids, sorted(set(uids)))
        self.assertLessEqual(max(uids), 4294967295)

    @staticmethod
    def has_box(path):
        try:
            with sqlite3.connect(path) as db:
                return db.execute("SELECT count(*) FROM mailbox WHERE name = 'ten'").fetchone()[0]
        except sqlite3.Error:
            return False

    def test_F11_changes_where_nothing_may_be_changed(self):
        """RFC 9051 6.3.3: with EXAMINE nothing is changed."""
        w = self.box(b"eleven")
        self.accepted(w, b"STORE 1 +FLAGS (\\Deleted)")
        self.accepted(w, b"EXAMINE eleven")
        for text in (b"STORE 1 +FLAGS (\\Seen)", b"UID STORE 1 -FLAGS (\\Deleted)", b"EXPUNGE", b"UID EXPUNGE 1",
                     b"MOVE 2 INBOX"):
            self.refused(w, text, b"NO ")
        self.accepted(w, b"FETCH 1 BODY[]")
        self.assertNotIn(b"\\Seen", b"".join(self.accepted(w, b"FETCH 1 FLAGS")))
        self.accepted(w, b"CLOSE")
        self.assertIn(b"MESSAGES 5", b"".join(self.accepted(w, b"STATUS eleven (MESSAGES)")))

    def test_F12_catenate_of_what_is_not_ours(self):
        """RFC 4469 5: URLs of other users, other servers and what is not there are BADURL; their number is limited."""
        bert = self.box(b"private", user="bert")
        self.accepted(bert, b"NOOP")
        w = self.box(b"twelve")
        for url in (b"imap://bert@localhost/private/;uid=1", b"imap://other.example/INBOX/;uid=1", b"/private/;uid=1",
                    b"/twelve/;uid=99", b"/twelve/;uid=0", b"/../twelve/;uid=1", b"/~bert/private/;uid=1", b"file:///etc/passwd",
                    b"http://localhost/", b"/twelve/;uid=1/;section=9.9", b"/twelve%00/;uid=1", b""):
            got = w.command(b"c", b'APPEND twelve CATENATE (URL "%s")' % url)
            self.assertRegex(got[-1], rb"^c (NO|BAD)", url)
            self.alive(w)
        self.refused(w, b"APPEND twelve CATENATE (" + b" ".join([b'URL "/twelve/;uid=1"'] * 501) + b")")
        self.accepted(w, b'APPEND twelve CATENATE (URL "/twelve/;uid=1" TEXT {3+}\r\nabc)')
        self.assertIn(b"MESSAGES 6", b"".join(self.accepted(w, b"STATUS twelve (MESSAGES)")))


if __name__ == "__main__":
    unittest.main()
