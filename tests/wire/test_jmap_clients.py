#!/usr/bin/env python3
"""Real clients with mail on a real JMAP server (Cyrus): curl, mbsync, imapflow and JavaMail.

One that is not installed is an error: `make deps' has them."""
import json
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from cyrus import Cyrus  # noqa: E402
from gateway import ROOT, Gateway  # noqa: E402

MESSAGE = b"From: a@example.org\r\nTo: b@example.org\r\nSubject: hello %d\r\nMessage-ID: <%d@x>\r\n\r\nbody %d\r\n"
CLIENTS = ROOT / "tests/clients"
JARS = "/usr/share/java/javax.mail.jar:/usr/share/java/javax.activation.jar"
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


def run(*argv):
    p = subprocess.run([str(a) for a in argv], capture_output=True, timeout=120)
    if p.returncode:
        raise AssertionError("%s: %d\n%s\n%s" % (argv[0], p.returncode, p.stdout.decode(), p.stderr.decode()))
    return p.stdout


class Clients(unittest.TestCase):
    USERS = ("curl", "sync", "flow", "java")

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

    def test_imapflow(self):
        seen = json.loads(run("node", CLIENTS / "imapflow.js", self.gw.port["imaps"], "flow", "pw", self.gw.cert))
        self.assertIn(["Sent", "\\Sent"], seen["folders"])
        self.assertEqual(seen["exists"], 6)
        self.assertEqual([s[1:] for s in seen["subjects"]], [["hello %d" % i, "text/plain"] for i in range(6)])
        self.assertEqual(seen["source"].encode(), MESSAGE % (0, 0, 0))
        self.assertLessEqual({"\\Seen", "$Label1"}, set(seen["flags"]))
        self.assertEqual(seen["found"], [seen["subjects"][3][0]])
        self.assertEqual((seen["moved"], seen["left"], seen["inbox"]), (1, 5, 4))
        self.assertEqual(seen["status"]["messages"], 2)
        self.assertEqual(self.in_cyrus("flow", "Flow"), [b"from imapflow", b"hello 1"])
        self.assertEqual(self.in_cyrus("flow", "INBOX"), [b"hello %d" % i for i in (0, 3, 4, 5)])

    def test_javamail(self):
        out = run("java", "-cp", JARS, CLIENTS / "JavaMail.java", self.gw.port["imap"], "java", "pw")
        lines = out.decode().splitlines()
        self.assertIn("folder Sent", lines)
        self.assertEqual([s.split()[2] for s in lines if s.startswith("subject")], ["%d" % i for i in range(6)])
        self.assertLess({"text body 0", "found 1", "expunged 1", "left 5", "java hello 0 true",
                         "java from JavaMail false"}, set(lines))
        self.assertEqual(self.in_cyrus("java", "Java"), [b"from JavaMail", b"hello 0"])


if __name__ == "__main__":
    unittest.main()
