"""Several sessions, protocols and gateways on one account: what each is told, and when (RFC 2180, RFC 3501 5.5, 7.4.1)."""
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import TwoGateways, Wire  # noqa: E402

MESSAGE = b"From: a@example.org\r\nSubject: m%d\r\n\r\nbody\r\n"


class Sharing(TwoGateways, unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gw.add_user("anna", "pw")

    def setUp(self):
        imap = self.gw.imap("anna", "pw")
        imap.select("INBOX")
        imap.store("1:*", "+FLAGS.SILENT", "\\Deleted") if imap.search(None, "ALL")[1][0] else None
        imap.expunge()
        for i in range(5):
            imap.append("INBOX", None, None, MESSAGE % i)
        imap.logout()

    def session(self, gw):
        w = Wire(gw)
        w.command(b"a", b"LOGIN anna pw")
        self.assertIn(b"OK", w.command(b"b", b"SELECT INBOX")[-1])
        return w

    def test_noop_tells_flags_new_mail_and_expunges_of_another_gateway(self):
        a, b = self.session(self.gw), self.session(self.gw2)
        b.command(b"c", b"STORE 2 +FLAGS (\\Flagged $Note)")
        b.command(b"d", b"STORE 4 +FLAGS.SILENT (\\Deleted)")
        b.command(b"e", b"EXPUNGE")
        b.send(b"f APPEND INBOX {%d+}\r\n%s\r\n" % (len(MESSAGE % 9), MESSAGE % 9))
        b.until(b"f OK")
        told = b"".join(a.command(b"g", b"NOOP"))
        self.assertIn(b"* 4 EXPUNGE\r\n", told)
        self.assertIn(b"* 5 EXISTS\r\n", told)
        self.assertRegex(told, rb"\* 2 FETCH \(.*\\Flagged.*\$Note")
        self.assertRegex(b"".join(a.command(b"h", b"FETCH 5 (UID FLAGS)")), rb"\* 5 FETCH")
        a.close()
        b.close()

    def test_F07_no_expunge_during_fetch_store_or_search(self):
        a, b = self.session(self.gw), self.session(self.gw2)
        b.command(b"c", b"STORE 1 +FLAGS.SILENT (\\Deleted)")
        b.command(b"d", b"EXPUNGE")
        for command in (b"FETCH 1:5 (FLAGS)", b"STORE 5 +FLAGS (\\Seen)", b"SEARCH ALL"):
            told = b"".join(a.command(b"e", command))
            self.assertNotIn(b"EXPUNGE\r\n", told, command)
        got = b"".join(a.command(b"f", b"FETCH 2 (BODY.PEEK[HEADER.FIELDS (SUBJECT)])"))
        self.assertIn(b"Subject: m1", got)
        self.assertIn(b"* 1 EXPUNGE\r\n", b"".join(a.command(b"g", b"NOOP")))
        got = b"".join(a.command(b"h", b"FETCH 1 (BODY.PEEK[HEADER.FIELDS (SUBJECT)])"))
        self.assertIn(b"Subject: m1", got)
        a.close()
        b.close()

    def test_idle_hears_the_other_gateway(self):
        a, b = self.session(self.gw), self.session(self.gw2)
        a.send(b"i IDLE\r\n")
        a.until(b"+")
        b.command(b"c", b"STORE 3 +FLAGS (\\Answered)")
        self.assertRegex(a.line(), rb"\* 3 FETCH \(.*\\Answered")
        b.command(b"d", b"STORE 3 +FLAGS.SILENT (\\Deleted)")
        b.command(b"e", b"EXPUNGE")
        self.assertIn(b"* 3 EXPUNGE\r\n", a.until(b"* 3 EXPUNGE"))
        a.send(b"DONE\r\n")
        a.until(b"i OK")
        a.close()
        b.close()

    def test_the_maildrop_has_one_reader(self):
        pop = self.gw.pop3("anna", "pw")
        with self.assertRaisesRegex(Exception, "IN-USE"):
            self.gw2.pop3("anna", "pw")
        pop.dele(1)
        imap = self.gw.imap("anna", "pw")
        self.assertEqual(imap.select("INBOX")[1], [b"5"])
        pop.quit()
        imap.noop()
        self.assertEqual(imap.select("INBOX")[1], [b"4"])
        imap.logout()
        self.gw2.pop3("anna", "pw").quit()

    def test_I05_a_cut_pop3_session_deletes_nothing(self):
        w = Wire(self.gw, "pop3")
        w.send(b"USER anna\r\nPASS pw\r\nDELE 1\r\nDELE 2\r\n")
        for _ in range(4):
            self.assertTrue(w.line().startswith(b"+OK"))
        w.close()
        imap = self.gw.imap("anna", "pw")
        self.assertEqual(imap.select("INBOX")[1], [b"5"])
        imap.logout()

    def test_a_selected_mailbox_that_is_deleted_elsewhere(self):
        """RFC 2180 3(a)"""
        imap = self.gw.imap("anna", "pw")
        imap.create("Doomed")
        imap.append("Doomed", None, None, MESSAGE % 1)
        a = Wire(self.gw2)
        a.command(b"a", b"LOGIN anna pw")
        a.command(b"b", b"SELECT Doomed")
        self.assertEqual(imap.delete("Doomed")[0], "OK")
        a.send(b"c NOOP\r\nd FETCH 1 (FLAGS)\r\ne LOGOUT\r\n")
        answer = a.closed()
        self.assertIn(b"BYE", answer)
        a.close()
        imap.logout()


if __name__ == "__main__":
    unittest.main()
