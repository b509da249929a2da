"""neomutt at a terminal: folders, messages, flags, copies, searches, and a header cache that QRESYNC brings up to date."""
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import Gateway  # noqa: E402
from mail_programs import MESSAGE  # noqa: E402
from pty_shell import PtyShell  # noqa: E402

CONFIG = """set imap_user={user} imap_pass=pw
set folder="imaps://localhost:{port}/" spoolfile=+INBOX record=+Sent postponed=+Drafts trash=
set ssl_force_tls=yes certificate_file="{cert}"
set header_cache="{base}/cache" message_cachedir="{base}/bodies" imap_condstore=yes imap_qresync={qresync} imap_idle=no
set sort=mailbox-order confirmappend=no confirmcreate=no delete=yes quit=yes move=no mark_old=no wait_key=no sleep_time=0
set index_format="%C <%S> %s" pager_stop=yes status_format="box %f has %m, %l" imap_check_subscribed=yes mail_check=1
set sendmail=/bin/true realname=mutt from=mutt@example.org use_envelope_from=no copy=yes fcc_attach=yes edit_headers=no
set imap_list_subscribed=no resolve=no debug_level=2 debug_file="{base}/debug"
set help=no charset=utf-8 editor=true abort_unmodified=no autoedit=no fast_reply=no
"""


class Neomutt(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.gw = Gateway().start()

    @classmethod
    def tearDownClass(cls):
        cls.gw.stop()
        cls.gw.remove()

    def account(self, user, qresync="yes", n=6):
        self.gw.add_user(user, "pw")
        self.base = self.gw.folder / user
        self.base.mkdir()
        (self.base / "cache").mkdir()
        self.rc = self.base / "rc"
        self.rc.write_text(CONFIG.format(user=user, port=self.gw.port["imaps"], cert=self.gw.cert, base=self.base,
                                         qresync=qresync))
        imap = self.gw.imap(user, "pw")
        for i in range(n):
            imap.append("INBOX", None, None, MESSAGE % (i, i, i))
        return imap

    def mutt(self, *more):
        return PtyShell(["neomutt", "-n", "-F", self.rc, *more], cwd=self.base, env={"HOME": str(self.base)})

    def keys(self, keys):
        """A whole session of what is typed; it has to end by itself."""
        with self.mutt("-e", 'push "%s"' % keys) as sh:
            self.assertEqual(sh.end(), 0, sh.log[-2000:])
        return (self.base / "debug0").read_text(errors="replace")

    def mail(self, imap, mailbox="INBOX"):
        """Number and flags of each `hello'."""
        imap.select('"%s"' % mailbox, readonly=True)
        found = {}
        for row in imap.fetch("1:*", "(FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])")[1]:
            if isinstance(row, tuple):
                flags = row[0].decode().partition("FLAGS (")[2].partition(")")[0].split()
                found[row[1].decode().split(":", 1)[1].strip()] = sorted(set(flags) - {"\\Recent"})
        imap.unselect()
        return found

    def test_messages_are_read_flagged_copied_saved_and_deleted(self):
        imap = self.account("mutt-read")
        imap.create("Kept")
        with self.mutt() as sh:
            sh.expect("hello 5", "box .*INBOX has 6")
            sh.send("1\r\r")
            sh.expect("Subject: hello 0", "body 0")
            sh.send("q2\r:exec flag-message\r")  # back to the index; the second is important
            sh.send(":exec copy-message\r=Kept\r")
            sh.expect("Copying|Kept")
            sh.send("3\r:exec save-message\r=Kept\r")
            sh.send("4\rd$")
            sh.expect("4 kept, 2 deleted")
            sh.send("x")
            self.assertEqual(sh.end(), 0)
        self.assertEqual(self.mail(imap), {"hello 0": ["\\Seen"], "hello 1": ["\\Flagged"], "hello 4": [], "hello 5": []})
        self.assertEqual(sorted(self.mail(imap, "Kept")), ["hello 1", "hello 2"])
        imap.logout()

    def test_a_limit_is_searched_for_by_the_server(self):
        """=b is SEARCH BODY, =s SEARCH HEADER SUBJECT; what they find is flagged by pattern."""
        imap = self.account("mutt-limit")
        log = self.keys("<limit>=b 'body 3'<enter><tag-pattern>all<enter><tag-prefix><flag-message>"
                        "<limit>all<enter><quit>")
        self.assertRegex(log, "UID SEARCH .*BODY")
        self.assertEqual([s for s, flags in self.mail(imap).items() if "\\Flagged" in flags], ["hello 3"])
        self.keys("<delete-pattern>~s 'hello [12]'<enter><quit>")
        self.assertEqual(sorted(self.mail(imap)), ["hello 0", "hello 3", "hello 4", "hello 5"])
        imap.logout()

    def test_folders_are_listed_and_made(self):
        """RFC 3501 section 5.1.3, LSUB, and CREATE where COPY is told [TRYCREATE] or STATUS that there is none."""
        imap = self.account("mutt-folders")
        for name in ('"K&APw-che"', "Lists", "Lists/one"):
            imap.create(name)
            imap.subscribe(name)
        with self.mutt() as sh:
            sh.expect("has 6")
            sh.send("c?")
            self.assertRegex(sh.expect("Lists/one"), "Küche")
        self.keys("<copy-message>=Straße<enter><change-folder>=Straße<enter><flag-message><quit>")
        listed = {line.decode().rpartition('"/" ')[2].strip('"') for line in imap.list()[1]}
        self.assertIn("Stra&AN8-e", listed)
        self.assertEqual(self.mail(imap, "Stra&AN8-e"), {"hello 0": ["\\Flagged"]})
        imap.logout()

    def test_a_copy_of_what_is_sent_is_kept(self):
        """APPEND of the message that goes out, \\Seen."""
        imap = self.account("mutt-send")
        self.keys("<mail>b@example.org<enter>Grüße<enter><send-message><quit>")
        self.assertEqual(self.mail(imap, "Sent"), {"=?utf-8?B?R3LDvMOfZQ==?=": ["\\Seen"]})
        imap.select("Sent")
        self.assertEqual(imap.search(None, "SEEN", "TO", "b@example.org", "FROM", "mutt@example.org")[1], [b"1"])
        imap.logout()

    def check_the_cache(self, qresync):
        """What others did between two sessions: it sees all of it. The log of the second and of the third session."""
        user = "mutt-" + ("qresync" if qresync == "yes" else "condstore")
        imap = self.account(user, qresync, n=40)
        self.keys("<quit>")
        imap.select("INBOX")
        imap.store("1", "+FLAGS", "\\Flagged")
        imap.store("2", "+FLAGS", "\\Answered")
        imap.append("INBOX", None, None, MESSAGE % (90, 90, 90))
        imap.unselect()
        copy = "<tag-prefix><copy-message>=Drafts<enter><untag-pattern>.<enter>"
        flags = self.keys("<tag-pattern>~F<enter>" + copy + "<tag-pattern>~Q<enter>" + copy + "<quit>")
        self.assertEqual(sorted(self.mail(imap, "Drafts")), ["hello 0", "hello 1"])
        imap.select("INBOX")
        imap.store("3,10:12,40", "+FLAGS", "\\Deleted")
        imap.expunge()
        imap.unselect()
        gone = self.keys("<tag-pattern>~s 'hello (2|9|10|12|39|90)$'<enter>" + copy.replace("Drafts", "Trash") + "<quit>")
        self.assertEqual(sorted(self.mail(imap, "Trash")), ["hello 12", "hello 90"])
        imap.logout()
        return flags, gone

    def test_header_cache_with_qresync(self):
        """RFC 7162 section 3.2.6: UID FETCH (CHANGEDSINCE VANISHED). It asks for the header of what is new, and no other."""
        flags, gone = self.check_the_cache("yes")
        self.assertRegex(flags, r"UID FETCH 1:40 \(FLAGS\) \(CHANGEDSINCE \d+ VANISHED\)")
        self.assertEqual(flags.count("BODY.PEEK[HEADER"), 1)
        self.assertRegex(flags, r"FETCH 41 \(UID FLAGS INTERNALDATE")
        self.assertIn("Handling VANISHED", gone)

    def test_header_cache_with_condstore(self):
        """RFC 7162 section 3.1.4.1: FETCH (CHANGEDSINCE)."""
        flags, gone = self.check_the_cache("no")
        self.assertRegex(flags, r"FETCH 1:.* \(CHANGEDSINCE \d+\)")
        self.assertEqual(flags.count("BODY.PEEK[HEADER"), 1)

    def test_new_mail_comes_while_it_is_open(self):
        imap = self.account("mutt-new", n=1)
        with self.mutt() as sh:
            sh.expect("hello 0")
            imap.append("INBOX", None, None, MESSAGE % (7, 7, 7))
            sh.send(":exec imap-fetch-mail\r")
            sh.expect("hello 7")
            sh.send(":exec exit\r")
            self.assertEqual(sh.end(), 0)
        imap.logout()


if __name__ == "__main__":
    unittest.main()
