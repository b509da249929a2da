"""NOTIFY (RFC 5465) with the real daemon: news without asking, over two gateways, public folders and many connections."""
import os
import sqlite3
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import TwoGateways, Wire  # noqa: E402

MESSAGE = b"From: a@example.org\r\nSubject: m%d\r\n\r\nbody\r\n"
ALL = b"(MessageNew MessageExpunge FlagChange MailboxName SubscriptionChange)"
LISTENERS = 50


class Notify(TwoGateways, unittest.TestCase):
    OPTIONS = {"imap_public_folders": "yes"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gw.add_user("anna", "pw")
        cls.gw.add_user("ben", "pw")
        cls.gw.gwctl("public", "create", "News")
        cls.gw.gwctl("public", "grant", "News", "anyone", "read write delete")

    def session(self, gw, user=b"anna"):
        w = Wire(gw)
        self.addCleanup(w.close)
        self.assertIn(b"OK", w.command(b"a", b"LOGIN %s pw" % user)[-1])
        return w

    def ok(self, w, tag, text):
        lines = w.command(tag, text)
        self.assertIn(tag + b" OK", lines[-1], lines)
        return b"".join(lines[:-1])

    def append(self, w, box, n=1):
        w.send(b"z APPEND %s {%d+}\r\n%s\r\n" % (box, len(MESSAGE % n), MESSAGE % n))
        self.assertIn(b"z OK", w.until(b"z ")[-1])

    def test_a_message_reaches_who_has_nothing_selected_and_says_nothing(self):
        a, b = self.session(self.gw), self.session(self.gw2)
        self.ok(b, b"b", b"CREATE quiet")
        self.ok(a, b"c", b"NOTIFY SET (PERSONAL %s)" % ALL)
        self.append(b, b"quiet")
        self.assertRegex(a.line(), rb"^\* STATUS quiet \(MESSAGES 1 UIDNEXT 2 ")
        self.ok(b, b"d", b"CREATE quieter")
        self.assertEqual(a.line(), b'* LIST (\\HasNoChildren) "/" quieter\r\n')
        self.ok(b, b"e", b"DELETE quieter")
        self.assertEqual(a.line(), b'* LIST (\\NonExistent) "/" quieter\r\n')

    def test_the_data_of_a_new_message_come_with_it(self):
        a, b = self.session(self.gw), self.session(self.gw2)
        self.ok(b, b"b", b"CREATE data")
        self.ok(a, b"c", b"NOTIFY SET (SELECTED (MessageNew (RFC822.SIZE BODY.PEEK[TEXT]) MessageExpunge))")
        self.ok(a, b"d", b"SELECT data")
        self.append(b, b"data", 7)
        self.assertEqual(a.line(), b"* 1 EXISTS\r\n")
        self.assertRegex(a.line(), rb"^\* \d RECENT")
        self.assertEqual(a.line(), b"* 1 FETCH (UID 1 RFC822.SIZE %d BODY[TEXT] {6}\r\n" % len(MESSAGE % 7))
        self.assertEqual(a.line() + a.line(), b"body\r\n)\r\n")
        self.assertNotIn(b"Seen", self.ok(a, b"e", b"UID FETCH 1 (FLAGS)"))

    def test_public_folders_have_a_bell_of_their_own(self):
        a, b = self.session(self.gw), self.session(self.gw2, b"ben")
        self.ok(a, b"b", b"SELECT INBOX")
        self.ok(a, b"c", b'NOTIFY SET (SELECTED (MessageNew MessageExpunge)) (SUBTREE "Public folders" (MessageNew MessageExpunge))')
        self.append(b, b'"Public folders/News"')
        self.assertRegex(a.line(), rb'^\* STATUS "Public folders/News" \(MESSAGES \d+ UIDNEXT ')

    def test_the_first_public_folder_that_somebody_may_see_is_told(self):
        """RFC 5465 5.4(b): a right that is granted is as good as a mailbox that is made."""
        self.gw.add_user("fred", "pw")
        self.gw.gwctl("public", "create", "Board")
        self.gw.gwctl("public", "grant", "News", "fred", "")
        self.gw.gwctl("public", "grant", "Board", "fred", "")
        a = self.session(self.gw, b"fred")
        self.assertNotIn(b"Board", self.ok(a, b"b", b'LIST "" *'))
        self.ok(a, b"c", b'NOTIFY SET (SUBTREE "Public folders" (MailboxName))')
        self.gw.gwctl("public", "grant", "Board", "fred", "read")
        told = a.line()
        while b"Board" not in told:
            told = a.line()
            self.assertNotEqual(told, b"")
        self.assertRegex(told, rb'^\* LIST \(\\HasNoChildren\) "/" "Public folders/Board"')

    def test_it_comes_between_commands_of_a_client_that_talks(self):
        a, b = self.session(self.gw), self.session(self.gw2)
        self.ok(b, b"b", b"CREATE talk")
        self.ok(a, b"c", b"NOTIFY SET (MAILBOXES talk (MessageNew MessageExpunge))")
        told = b""
        for i in range(20):
            self.append(b, b"talk", i)
            told += self.ok(a, b"n%d" % i, b"NOOP")
        while b"MESSAGES 20 " not in told:
            told += a.line()
        self.assertNotIn(b"EXISTS", told)

    def test_everybody_who_listens_hears_it(self):
        many = [self.session(self.gw if i % 2 else self.gw2) for i in range(LISTENERS)]
        b = self.session(self.gw)
        self.ok(b, b"b", b"CREATE crowd")
        for i, w in enumerate(many):
            self.ok(w, b"c", b"NOTIFY SET (MAILBOXES crowd (MessageNew MessageExpunge))" if i % 3 else
                    b"NOTIFY SET (SELECTED (MessageNew MessageExpunge))")
            if i % 3 == 0:
                self.ok(w, b"d", b"EXAMINE crowd")
        self.append(b, b"crowd")
        for i, w in enumerate(many):
            self.assertRegex(w.line(), rb"^\* STATUS crowd \(MESSAGES 1 " if i % 3 else rb"^\* 1 EXISTS")

    def test_who_leaves_in_the_middle_hurts_nobody(self):
        a, b = self.session(self.gw), self.session(self.gw2)
        self.ok(b, b"b", b"CREATE leave")
        for i in range(20):
            w = self.session(self.gw)
            self.ok(w, b"c", b"SELECT leave")
            self.ok(w, b"d", b"NOTIFY SET STATUS (SELECTED (MessageNew (BODY.PEEK[]) MessageExpunge)) (PERSONAL %s)" % ALL)
            self.append(b, b"leave", i)
            w.close()
        self.ok(a, b"e", b"STATUS leave (MESSAGES)")

    def test_a_new_user_on_the_same_connection_has_no_wishes(self):
        """RFC 8437 4.1(c)"""
        a, b = self.session(self.gw), self.session(self.gw2)
        self.ok(b, b"b", b"CREATE gone")
        self.ok(a, b"c", b"NOTIFY SET (PERSONAL %s)" % ALL)
        self.ok(a, b"d", b"UNAUTHENTICATE")
        self.append(b, b"gone")
        self.ok(a, b"e", b"LOGIN ben pw")
        self.assertEqual(self.ok(a, b"f", b"NOOP"), b"")

    def test_a_store_that_fails_is_asked_again_with_the_next_bell(self):
        self.gw.add_user("carl", "pw")
        a, b = self.session(self.gw, b"carl"), self.session(self.gw2, b"carl")
        self.ok(a, b"b", b"SELECT INBOX")
        self.ok(a, b"c", b"NOTIFY SET (SELECTED (MessageNew MessageExpunge)) (PERSONAL (MessageNew MessageExpunge))")
        folder = max((self.gw.folder / "store" / "users").glob("*/*"))  # the newest account
        db = sqlite3.connect(folder / "mail.db")
        self.addCleanup(db.close)
        db.execute("ALTER TABLE mailbox RENAME TO mailbox_away")
        for i in range(20):
            os.utime(folder / "bell")
            self.ok(a, b"d%d" % i, b"CAPABILITY")
        db.execute("ALTER TABLE mailbox_away RENAME TO mailbox")
        self.append(b, b"INBOX")
        self.assertEqual(a.line(), b"* 1 EXISTS\r\n")

    def test_too_much_to_remember_is_told_and_ends_it(self):
        """RFC 5465 5.8(a)"""
        self.gw.write_config(max_session_memory="256K")
        self.gw.gwctl("reload")
        self.addCleanup(self.gw.gwctl, "reload")
        self.addCleanup(self.gw.write_config, max_session_memory="16M")
        self.gw.add_user("dora", "pw")
        a, b = self.session(self.gw, b"dora"), self.session(self.gw2, b"dora")
        self.ok(a, b"b", b"NOTIFY SET (PERSONAL (MailboxMetadataChange MailboxName))")
        told = []
        for box in range(20):
            self.ok(b, b"c", b"CREATE much%d" % box)
            self.ok(b, b"e", b"SETMETADATA much%d (%s)" % (box, b" ".join(b'/private/%0200d "x"' % i for i in range(200))))
        while not told or b"OVERFLOW" not in told[-1]:
            told.append(a.line())
            self.assertNotEqual(told[-1], b"")
        self.assertTrue(told[-1].startswith(b"* OK [NOTIFICATIONOVERFLOW] "))
        self.ok(b, b"f", b"CREATE one-more")
        self.assertEqual(self.ok(a, b"g", b"NOOP"), b"")
        self.assertIn(b"NO [NOTIFICATIONOVERFLOW]", a.command(b"h", b"NOTIFY SET (PERSONAL (MailboxMetadataChange))")[-1])


if __name__ == "__main__":
    unittest.main()
