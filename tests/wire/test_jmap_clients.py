#!/usr/bin/env python3
"""Real clients with mail on a real JMAP server (Cyrus): curl, mbsync, imapflow and JavaMail.

One that is not installed is an error: `make deps' has them."""
import re
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from cyrus import Cyrus  # noqa: E402
from gateway import Gateway, until  # noqa: E402
from mail_programs import MESSAGE, imapflow, javamail, run  # noqa: E402

MBSYNC = """IMAPAccount gw
Host localhost
Port %d
User sync
Pass pw
SSLType IMAPS
CertificateFile %s
AuthMechs LOGIN

IMAPStore far
Account gw

MaildirStore near
Path %s/
Inbox %s/INBOX
SubFolders Verbatim

Channel all
Far :far:
Near :near:
Patterns INBOX Archive
Create Both
Expunge Both
SyncState *
"""


class Clients(unittest.TestCase):
    USERS = ("curl", "sync", "both", "flow", "java")

    @classmethod
    def setUpClass(cls):
        cls.cyrus = Cyrus(users=cls.USERS)
        cls.addClassCleanup(cls.cyrus.__exit__, None, None, None)
        cls.cyrus.start()
        for name in cls.USERS:  # one a command: Cyrus gives equal dates of one command no order
            imap = cls.cyrus.imap(name)
            for i in range(6):
                imap.append("INBOX", None, '"0%d-Jan-2026 08:00:00 +0000"' % (i + 1), MESSAGE % (i, i, i))
            imap.logout()
        cls.gw = Gateway(server_socket=cls.cyrus.jmap_url, mirror_path=cls.cyrus.folder / "mirror").start()
        cls.addClassCleanup(cls.gw.remove)
        cls.addClassCleanup(cls.gw.stop)

    def in_cyrus(self, name, mailbox):
        """The subjects in a mailbox as Cyrus' own IMAP has them."""
        imap = self.cyrus.imap(name)
        imap.select(mailbox, readonly=True)
        out = [r[1].split(b":", 1)[1].strip() for r in imap.fetch("1:*", "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])")[1]
               if isinstance(r, tuple)]
        imap.logout()
        return sorted(out)

    def test_curl_lists_reads_searches_and_uploads(self):
        auth = ("-s", "-S", "--user", "curl:pw", "--cacert", self.gw.cert)
        imaps, pop3s = ("%s://localhost:%d/" % (s, self.gw.port[s]) for s in ("imaps", "pop3s"))
        self.assertIn(b"Archive", run("curl", *auth, imaps))
        self.assertEqual(run("curl", *auth, imaps + "INBOX;MAILINDEX=1"), MESSAGE % (0, 0, 0))
        self.assertEqual(run("curl", *auth, pop3s + "2"), MESSAGE % (1, 1, 1))
        self.assertEqual(run("curl", *auth, imaps + "INBOX?SUBJECT%20%22hello%203%22").strip(), b"* SEARCH 4")
        source = self.cyrus.folder / "upload.eml"
        source.write_bytes(MESSAGE % (99, 99, 99))
        run("curl", *auth, imaps + "Drafts", "-T", source)
        self.assertEqual(run("curl", *auth, imaps + "Drafts;MAILINDEX=1"), MESSAGE % (99, 99, 99))
        self.assertEqual(self.in_cyrus("curl", "Drafts"), [b"hello 99"])

    def test_mbsync_syncs_both_ways_and_then_has_nothing_to_do(self):
        base = self.cyrus.folder / "mbsync"
        base.mkdir(exist_ok=True)
        rc = base / "rc"
        rc.write_text(MBSYNC % (self.gw.port["imaps"], self.gw.cert, base, base))
        run("mbsync", "-c", rc, "-a")
        self.assertEqual(len(list((base / "INBOX").glob("[nc]*/*"))), 6)
        (base / "Archive/new/9.local").write_bytes((MESSAGE % (50, 50, 50)).replace(b"\r\n", b"\n"))
        gone = next(p for p in (base / "INBOX").glob("[nc]*/*") if b"hello 5" in p.read_bytes())
        gone.rename(base / "INBOX/cur" / (gone.name.split(":")[0] + ":2,ST"))
        run("mbsync", "-c", rc, "-a")
        self.assertEqual(self.in_cyrus("sync", "INBOX"), [b"hello %d" % i for i in range(5)])
        self.assertEqual(self.in_cyrus("sync", "Archive"), [b"hello 50"])
        before = sorted(p.name for p in base.rglob("*") if p.parent.name in ("cur", "new"))
        run("mbsync", "-c", rc, "-a")
        self.assertEqual(sorted(p.name for p in base.rglob("*") if p.parent.name in ("cur", "new")), before)

    def test_mbsync_with_changes_on_both_sides(self):
        """Flags, new and removed messages of both sides, made between two runs and while one runs."""
        base = self.cyrus.folder / "both"
        base.mkdir()
        rc = base / "rc"
        rc.write_text((MBSYNC % (self.gw.port["imaps"], self.gw.cert, base, base)).replace("User sync", "User both"))
        run("mbsync", "-c", rc, "-a")

        def near(n):
            return next(p for p in (base / "INBOX").glob("[nc]*/*") if b"hello %d\n" % n in p.read_bytes())

        def mark(n, flags):
            p = near(n)
            p.rename(base / "INBOX/cur" / (p.name.split(":")[0] + ":2," + flags))
        own = self.cyrus.imap("both")
        own.select("INBOX")
        mark(0, "S")
        own.store("1", "+FLAGS", "\\Flagged")
        mark(1, "ST")
        own.store("3", "+FLAGS", "\\Deleted")
        own.expunge()
        (base / "INBOX/new/9.local").write_bytes((MESSAGE % (60, 60, 60)).replace(b"\r\n", b"\n"))
        own.append("INBOX", None, None, MESSAGE % (61, 61, 61))
        running = subprocess.Popen(["mbsync", "-c", rc, "-a"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        own.append("INBOX", None, None, MESSAGE % (62, 62, 62))
        own.append("Archive", None, None, MESSAGE % (63, 63, 63))
        self.assertEqual(running.wait(60), 0)
        want = sorted(b"hello %d" % i for i in (0, 3, 4, 5, 60, 61, 62))
        for _ in range(2):  # the second has nothing to do
            self.assertTrue(until(lambda: run("mbsync", "-c", rc, "-a") == b"" and sorted(
                re.search(rb"Subject: (.*)", p.read_bytes())[1] for p in (base / "INBOX").glob("[nc]*/*")) == want))
        self.assertEqual(self.in_cyrus("both", "INBOX"), want)
        self.assertEqual(len(list((base / "Archive").glob("[nc]*/*"))), 1)
        self.assertEqual(set(near(0).name.split(":2,")[1]), set("FS"))
        own.noop()
        flags = own.fetch("1", "(FLAGS)")[1][-1]
        self.assertTrue(b"\\Flagged" in flags and b"\\Seen" in flags, flags)
        own.logout()

    def test_imapflow(self):
        imapflow(self, self.gw, "flow", "pw")
        self.assertEqual(self.in_cyrus("flow", "Flow"), [b"from imapflow", b"hello 1"])
        self.assertEqual(self.in_cyrus("flow", "INBOX"), [b"hello %d" % i for i in (0, 3, 4, 5)])

    def test_javamail(self):
        javamail(self, self.gw, "java", "pw")
        self.assertEqual(self.in_cyrus("java", "Java"), [b"from JavaMail", b"hello 0"])


if __name__ == "__main__":
    unittest.main()
