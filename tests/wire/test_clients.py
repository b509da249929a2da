"""Real clients: curl, mbsync, openssl s_client, imapflow, JavaMail. One that is not installed is an error: `make deps` has them."""
import shutil
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import Gateway  # noqa: E402
from mail_programs import MESSAGE, imapflow, javamail, run  # noqa: E402


class Clients(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.gw = Gateway().start()
        for user, n in (("anna", 20), ("flow", 6), ("java", 6), ("lib", 0)):
            cls.gw.add_user(user, "pw")
            imap = cls.gw.imap(user, "pw")
            for i in range(n):
                imap.append("INBOX", None, None, MESSAGE % (i, i, i))
            if user == "anna":
                imap.create("Lists/one")
            imap.logout()

    @classmethod
    def tearDownClass(cls):
        cls.gw.stop()
        cls.gw.remove()

    def test_curl_over_all_four_services(self):
        auth = ("-s", "-S", "--user", "anna:pw", "--cacert", self.gw.cert)
        for url, extra in (("imap://localhost:%d/INBOX;MAILINDEX=1" % self.gw.port["imap"], ()),
                           ("imap://localhost:%d/INBOX;MAILINDEX=1" % self.gw.port["imap"], ("--ssl-reqd",)),
                           ("imaps://localhost:%d/INBOX;MAILINDEX=1" % self.gw.port["imaps"], ()),
                           ("pop3://localhost:%d/1" % self.gw.port["pop3"], ()),
                           ("pop3://localhost:%d/1" % self.gw.port["pop3"], ("--ssl-reqd",)),
                           ("pop3s://localhost:%d/1" % self.gw.port["pop3s"], ())):
            self.assertEqual(run("curl", *auth, *extra, url), MESSAGE % (0, 0, 0), url)

    def test_curl_lists_searches_and_uploads(self):
        auth = ("-s", "-S", "--user", "anna:pw", "--cacert", self.gw.cert)
        url = "imaps://localhost:%d/" % self.gw.port["imaps"]
        self.assertIn(b"Lists/one", run("curl", *auth, url))
        self.assertEqual(run("curl", *auth, url + "INBOX?SUBJECT%20%22hello%207%22").strip(), b"* SEARCH 8")
        source = self.gw.folder / "upload.eml"
        source.write_bytes(MESSAGE % (99, 99, 99))
        run("curl", *auth, url + "Drafts", "-T", source)
        self.assertEqual(run("curl", *auth, url + "Drafts;MAILINDEX=1"), MESSAGE % (99, 99, 99))

    def test_openssl_s_client_speaks_imaps_and_starttls(self):
        """RFC 9051 11.2(a)"""
        for argv in (("-connect", "127.0.0.1:%d" % self.gw.port["imaps"]),
                     ("-connect", "127.0.0.1:%d" % self.gw.port["imap"], "-starttls", "imap"),
                     ("-connect", "127.0.0.1:%d" % self.gw.port["pop3"], "-starttls", "pop3")):
            quit_ = b"QUIT\n" if "pop3" in argv else b"a LOGOUT\n"
            out = run("openssl", "s_client", "-CAfile", self.gw.cert, "-verify_return_error", "-crlf", "-quiet", *argv,
                      text=quit_, ok=False)
            self.assertRegex(out, rb"a OK|\+OK")

    def test_mbsync_syncs_both_ways_and_then_has_nothing_to_do(self):
        base = self.gw.folder / "mbsync"
        shutil.rmtree(base, ignore_errors=True)
        base.mkdir()
        (base / "mail").mkdir()
        rc = base / "mbsyncrc"
        rc.write_text("""IMAPAccount gw
Host localhost
Port %d
User anna
Pass pw
SSLType IMAPS
CertificateFile %s
AuthMechs LOGIN

IMAPStore remote
Account gw

MaildirStore local
Path %s/
Inbox %s/INBOX
SubFolders Verbatim

Channel all
Far :remote:
Near :local:
Patterns *
Create Both
Expunge Both
SyncState *
""" % (self.gw.port["imaps"], self.gw.cert, base / "mail", base / "mail"))
        run("mbsync", "-c", rc, "all")
        inbox = base / "mail" / "INBOX"
        self.assertEqual(len(list((inbox / "new").iterdir()) + list((inbox / "cur").iterdir())), 20)
        (inbox / "cur" / "1.test.host:2,S").write_bytes((MESSAGE % (50, 50, 50)).replace(b"\r\n", b"\n"))
        run("mbsync", "-c", rc, "all")
        imap = self.gw.imap("anna", "pw")
        self.assertEqual(imap.select("INBOX")[1], [b"21"])
        self.assertEqual(imap.search(None, "SUBJECT", '"hello 50"')[1], [b"21"])
        imap.store("21", "+FLAGS", "\\Deleted")
        imap.expunge()
        imap.logout()
        out = run("mbsync", "-c", rc, "all")
        out = run("mbsync", "-V", "-c", rc, "all")
        self.assertEqual(len(list((inbox / "new").iterdir()) + list((inbox / "cur").iterdir())), 20, out)
        # flags, a message deleted here, a folder made here
        imap = self.gw.imap("anna", "pw")
        imap.select("INBOX")
        imap.store("1", "+FLAGS", "\\Answered")
        here = {int(p.read_bytes().rpartition(b"body ")[2]): p for d in ("new", "cur") for p in (inbox / d).iterdir()}
        here[1].rename(inbox / "cur" / (here[1].name.partition(":2,")[0] + ":2,F"))
        here[2].unlink()
        for d in ("cur", "new", "tmp"):
            (base / "mail" / "Mine" / d).mkdir(parents=True)
        (base / "mail" / "Mine" / "new" / "1.mine.host").write_bytes(MESSAGE % (60, 60, 60))
        run("mbsync", "-c", rc, "all")
        imap.noop()
        self.assertEqual(imap.search(None, "SUBJECT", '"hello 2"')[1], [b""])
        self.assertEqual(imap.search(None, "FLAGGED")[1], [b"2"])
        first = [p.name for d in ("new", "cur") for p in (inbox / d).iterdir() if p.read_bytes().endswith(b"body 0\n")]
        self.assertEqual(len(first), 1)
        self.assertIn("R", first[0].partition(":2,")[2])
        self.assertEqual(imap.status("Mine", "(MESSAGES)")[1], [b"Mine (MESSAGES 1)"])
        imap.logout()

    def subjects(self, user, mailbox):
        imap = self.gw.imap(user, "pw")
        imap.select(mailbox, readonly=True)
        out = [r[1].split(b":", 1)[1].strip() for r in imap.fetch("1:*", "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])")[1]
               if isinstance(r, tuple)]
        imap.logout()
        return sorted(out)

    def test_imapflow(self):
        imapflow(self, self.gw, "flow", "pw")
        self.assertEqual(self.subjects("flow", "Flow"), [b"from imapflow", b"hello 1"])
        self.assertEqual(self.subjects("flow", "INBOX"), [b"hello %d" % i for i in (0, 3, 4, 5)])

    def test_imaplib_with_utf8(self):
        """RFC 6855: names and search strings in UTF-8; one that knows nothing of it stores the message (its own APPEND with
        UTF8 puts "UTF8 (" into the message)."""
        imap = self.gw.imap("lib", "pw")
        self.assertEqual(imap.enable("UTF8=ACCEPT")[0], "OK")
        message = "From: jøran@blåbær.example\r\nSubject: Grüße\r\n\r\nhello\r\n".encode()
        self.assertEqual(imap.create('"Küche"')[0], "OK")
        old = self.gw.imap("lib", "pw")
        self.assertEqual(old.append("K&APw-che", None, None, message)[0], "OK")
        old.logout()
        self.assertEqual(imap.list('""', '"K*"')[1], ['(\\HasNoChildren) "/" "Küche"'.encode()])
        self.assertEqual(imap.select('"Küche"'), ("OK", [b"1"]))
        self.assertEqual(imap.search(None, 'SUBJECT "GRÜ"')[1], [b"1"])
        self.assertEqual(imap.fetch("1", "(BODY.PEEK[])")[1][0][1], message)
        imap.logout()

    def test_javamail(self):
        javamail(self, self.gw, "java", "pw")
        self.assertEqual(self.subjects("java", "Java"), [b"from JavaMail", b"hello 0"])


if __name__ == "__main__":
    unittest.main()
