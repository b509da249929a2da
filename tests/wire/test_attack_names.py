"""Attack checklist E: mailbox names, LIST, rights and annotations."""
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from attack import Attack  # noqa: E402


SUBSCRIPTIONS = 300  # more than there may be


class Names(Attack):
    options = {"max_mailboxes": 120}
    users = ("anna", "bert", "deep")

    def files(self):
        return {p.relative_to(self.gw.folder) for p in self.gw.folder.rglob("*")}

    def names(self, w):
        return [line for line in w.command(b"l", b'LIST "" *') if line.startswith(b"* LIST")]

    def test_E01_names_that_look_like_paths(self):
        """No path is ever made of a name: no file but the account's own comes to be, and none is read."""
        w = self.login()
        before = self.files()
        for name in (b'"../../etc/passwd"', b'"a/../b"', b'"/etc/passwd"', b'"~bert"', b'"~bert/INBOX"', b'"a//b"', b'".."',
                     b'"."', b'"/"', b'"a/./b"', b'"../bert/INBOX"'):
            for text in (b"SELECT ", b"STATUS ", b"CREATE ", b"DELETE ", b"SUBSCRIBE "):
                got = w.command(b"a", text + name + (b" (MESSAGES)" if text == b"STATUS " else b""))
                self.assertRegex(got[-1], b"^a (OK|NO|BAD)")
                if text in (b"SELECT ", b"STATUS "):
                    self.assertRegex(got[-1], b"^a (NO|BAD)", name)
        self.refused(w, b'CREATE "a\0b"', b"BAD ")
        new = {p for p in self.files() - before if not str(p).endswith(("-wal", "-shm"))}
        self.assertEqual({p for p in new if "passwd" in p.name or "~" in str(p) or ".." in str(p)}, set())
        bert = self.login("bert")
        self.assertNotIn(b"etc", b"".join(self.names(bert)))

    def test_E02_broken_modified_utf7(self):
        """RFC 3501 5.1.3: a name that is none is refused and never matches; with UTF8=ACCEPT names are UTF-8 (RFC 6855 3)."""
        w = self.login()
        for name in (b"&", b"&AAA", b"&A-", b"&AGE-", b"&AOQ", b"&2AA-", b"&3AA-", b"&2D0-", b"a&b", b"&AAAAAA-", b"&AOQ-&AOQ-"):
            self.refused(w, b'CREATE "%s"' % name)
            self.refused(w, b'SELECT "%s"' % name)
            self.assertEqual(len(self.accepted(w, b'LIST "" "%s"' % name)), 1, name)
        self.accepted(w, b"ENABLE UTF8=ACCEPT")
        for name in (b"\xc3", b"\xc0\xaf", b"\xed\xa0\x80", b"\xff", b"\xf4\x90\x80\x80"):
            self.refused(w, b'CREATE "%s"' % name)
            self.refused(w, b'SELECT "%s"' % name)

    def test_E03_one_mailbox_in_any_form(self):
        """RFC 9051 5.1: INBOX in any ASCII case; RFC 6855, RFC 5198: NFC and NFD are one name."""
        w = self.login()
        self.accepted(w, b"ENABLE UTF8=ACCEPT")
        self.accepted(w, 'CREATE "Caf\u00e9"'.encode())
        self.refused(w, 'CREATE "Cafe\u0301"'.encode())
        self.accepted(w, 'SELECT "Cafe\u0301"'.encode())
        for name in (b"inbox", b"InBoX", b'"INBOX"', b"{5+}\r\niNbOx"):
            self.accepted(w, b"SELECT " + name)
            self.refused(w, b"CREATE " + name)
            self.refused(w, b"DELETE " + name)
        self.refused(w, 'SELECT "\uff29\uff2e\uff22\uff2f\uff38"'.encode())
        self.accepted(w, b"CREATE INBOX/x")
        self.accepted(w, b"SELECT inbox/x")
        self.refused(w, b"CREATE inBox/x")

    def test_E04_patterns_of_ten_thousand_wildcards(self):
        w = self.login("deep")
        deep = b"/".join(b"a" * 10 for _ in range(50))
        self.accepted(w, b'CREATE "%s"' % deep)
        for pattern in (b"*%" * 3900, b"*a" * 3900 + b"b", b"%/" * 49 + b"%", b"*/*" * 2500 + b"z", b"*" * 2000):
            got = self.accepted(w, b'LIST "" "%s"' % pattern)
            if pattern == b"*" * 2000:
                self.assertGreater(len(got), 50)
        self.refused(w, b'LIST "" "%s"' % (b"*%" * 5000))

    def test_E05_lists_of_many_patterns_with_everything(self):
        """RFC 5258 3: the number of patterns is limited; whoever leaves in the middle leaves nothing behind."""
        w = self.login("bert")
        for i in range(40):
            self.accepted(w, b"CREATE m%d" % i)
        everything = b" RETURN (SUBSCRIBED CHILDREN SPECIAL-USE MYRIGHTS STATUS (MESSAGES UNSEEN SIZE UIDNEXT))"
        got = self.accepted(w, b'LIST "" (%s)' % b" ".join([b"*"] * 1000) + everything)
        self.assertEqual(len([g for g in got if g.startswith(b"* LIST")]), len({g for g in got if g.startswith(b"* LIST")}))
        self.refused(w, b'LIST "" (%s)' % b" ".join([b"*"] * 1001))
        for _ in range(20):
            gone = self.login("bert")
            gone.send((b'x LIST "" (* % m*)' + everything + b"\r\n") * 20)
            gone.close()
        self.alive(w)

    def test_E06_depth_renames_and_deletes(self):
        """RFC 9051 6.3.4 to 6.3.6: limits, a parent into its child, INBOX, and a mailbox that somebody has selected."""
        w, other = self.login("anna", b"six"), self.login("anna")
        self.refused(w, b'CREATE "%s"' % b"/".join([b"d"] * 3000))
        self.refused(w, b'CREATE "%s"' % b"/".join([b"d"] * 51))
        self.refused(w, b'CREATE "%s"' % (b"n" * 1001))
        self.accepted(w, b'CREATE "six/a/b"')
        self.refused(w, b"RENAME six six/a/c")
        self.refused(w, b"RENAME six/a six/a/b/a")
        self.accepted(other, b"DELETE six/a/b")
        self.append(w, b"INBOX", b"Subject: in\r\n\r\nx\r\n")
        self.accepted(w, b"RENAME INBOX old-inbox")
        self.assertIn(b"MESSAGES 0", b"".join(w.command(b"s", b"STATUS INBOX (MESSAGES)")))
        self.assertIn(b"MESSAGES 1", b"".join(w.command(b"s", b"STATUS old-inbox (MESSAGES)")))
        self.refused(w, b"DELETE INBOX")
        self.accepted(other, b"DELETE six")
        self.assertRegex(b"".join(w.command(b"n", b"NOOP")), rb"(^|\n)(\* BYE|n OK|n NO)")
        self.accepted(other, b"CREATE six")  # and nobody has the old one any more
        self.assertIn(b"* 0 EXISTS", b"".join(self.accepted(other, b"SELECT six")))

    def test_E06_the_number_of_mailboxes(self):
        """One more than max_mailboxes is refused, and what is there stays as it was."""
        self.gw.add_user("many", "pw")
        w = self.login("many")
        w.send(b"".join(b"c%d CREATE many/%d\r\n" % (i, i) for i in range(200)))
        got = w.until(b"c199 ")
        self.assertRegex(got[-1], rb"^c199 NO \[(LIMIT|OVERQUOTA)\]")
        self.assertEqual(len(self.names(w)), 120)
        self.refused(w, b"CREATE one/more")
        self.refused(w, b"RENAME many/1 new/below/1")
        self.accepted(w, b"RENAME many few")
        self.accepted(w, b"SELECT few/1")

    def test_E07_mailboxes_of_others_are_not_there(self):
        """The same answer whether the other has such a mailbox or not (RFC 4314 6, RFC 5530)."""
        self.accepted(self.login("bert"), b"CREATE secret")
        w = self.login()
        for command in (b"SELECT %s", b"EXAMINE %s", b"STATUS %s (MESSAGES)", b"GETACL %s", b"MYRIGHTS %s", b"LISTRIGHTS %s anna",
                        b"GETMETADATA %s /private/comment", b"SUBSCRIBE %s/x", b"DELETE %s", b"SETACL %s anna lr",
                        b"GETQUOTAROOT %s", b"APPEND %s {3+}\r\nabc"):
            for prefix in (b"", b"~bert/", b"bert/", b"user/bert/", b"#shared/bert/"):
                there, none = (w.command(b"a", command % (prefix + name))[-1].replace(name, b"X") for name in (b"secret",
                                                                                                               b"nosuch"))
                self.assertEqual(there, none, command)

    def test_E08_nobody_gives_rights_away(self):
        w = self.login()
        self.accepted(w, b"CREATE shared")
        for who in (b"anyone", b"anonymous", b"bert", b'"-anna"'):
            self.refused(w, b"SETACL shared %s lr" % who, b"NO ")
            self.refused(w, b"DELETEACL shared %s" % who, b"NO ")
        self.assertNotIn(b"anyone", b"".join(self.accepted(w, b"GETACL shared")))
        self.assertNotIn(b"shared", b"".join(self.names(self.login("bert"))))

    def test_E09_subscriptions_to_names_that_are_not_there(self):
        """RFC 9051 6.3.7: they may be kept, but not without end."""
        self.gw.add_user("fan", "pw")
        w = self.login("fan")
        w.send(b"".join(b"s%d SUBSCRIBE none/%d\r\n" % (i, i) for i in range(SUBSCRIPTIONS)))
        self.assertRegex(w.until(b"s%d " % (SUBSCRIPTIONS - 1))[-1], b"^s%d NO \\[(LIMIT|OVERQUOTA)\\]" % (SUBSCRIPTIONS - 1))
        self.assertLess(len(self.accepted(w, b'LSUB "" *')), SUBSCRIPTIONS)
        self.accepted(w, b"UNSUBSCRIBE none/1")
        self.accepted(w, b"SUBSCRIBE other")

    def test_E10_annotations_too_many_and_too_large(self):
        """RFC 5464 4.3(d), 3.2(a): [METADATA TOOMANY]; values have a limit, and entries have no wildcards."""
        w = self.login()
        self.accepted(w, b"CREATE noted")
        value = b"v" * 65537
        self.refused(w, b"SETMETADATA noted (/private/big {%d+}\r\n%s)" % (len(value), value))
        w.send(b"h SETMETADATA noted (/private/big {104857600}\r\n")
        self.assertRegex(w.line(), rb"^h (NO|BAD)")
        for name in (b"/private/*", b"/private/%", b"/private//a", b"/private/a/", b"/other/a", b"private",
                     b'"/private/a\xc3\xa4"'):
            self.refused(w, b'SETMETADATA noted (%s "x")' % name)
        last = b""
        for i in range(201):
            last = w.command(b"m", b'SETMETADATA noted (/private/n%d "x")' % i)[-1]
        self.assertIn(b"m NO [METADATA TOOMANY]", last)
        for i in range(201):  # RFC 5466 3.2(d)
            last = w.command(b"m", b'SETMETADATA "" (/private/filters/values/f%d "SEEN")' % i)[-1]
        self.assertIn(b"m NO [METADATA TOOMANY]", last)
        self.refused(w, b"SETMETADATA noted (" + b" ".join(b'/private/x%d "x"' % i for i in range(501)) + b")")
        self.assertEqual(b"".join(self.accepted(w, b"GETMETADATA (DEPTH infinity) noted /private")).count(b"/private/n"), 200)


if __name__ == "__main__":
    unittest.main()
