"""Files of other mail programs come in: Courier's Maildir, a tree of Maildirs, mboxes of Thunderbird, Dovecot and UW-IMAP, .eml."""
import os
import re
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import Gateway  # noqa: E402


def put(path, content, seconds=None):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    if seconds:
        os.utime(path, (seconds, seconds))


class Files(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.gw = Gateway().start()
        cls.addClassCleanup(cls.gw.__exit__, None, None, None)

    def setUp(self):
        self.user = self.id().rpartition("_")[2]
        self.top = self.gw.folder / ("from-" + self.user)
        self.gw.add_user(self.user, "secret")

    def bring(self, source, *more, check=True):
        return self.gw.gwctl("import", self.user, source, *more, check=check)

    def messages(self, folder="INBOX"):
        """[(uid, flags and keywords, octets)]"""
        imap = self.gw.imap(self.user, "secret")
        self.assertEqual(imap.select('"%s"' % folder, readonly=True)[0], "OK", folder)
        rows = [r for r in imap.uid("FETCH", "1:*", "(UID FLAGS BODY.PEEK[])")[1] if isinstance(r, tuple)]
        imap.logout()
        return [(int(re.search(rb"UID (\d+)", r[0]).group(1)),
                 b" ".join(sorted(f for f in re.search(rb"FLAGS \(([^)]*)\)", r[0]).group(1).split() if f != b"\\Recent")).decode(),
                 r[1]) for r in rows]

    def subscribed(self):
        imap = self.gw.imap(self.user, "secret")
        names = {re.search(rb'"/" "?(.*?)"?$', line).group(1).decode() for line in imap.lsub()[1] if line}
        imap.logout()
        return names

    def test_of_courier(self):
        for sub in ("", ".Sent", ".work&AC4-1"):
            for part in ("cur", "new", "tmp"):
                (self.top / sub / part).mkdir(parents=True)
        put(self.top / "cur/100.a:2,RS", b"A: 1\n\nx\n")
        put(self.top / "new/101.b", b"A: 2\n\ny\n")
        put(self.top / "tmp/102.c", b"A: 3\n\nnot delivered\n")
        put(self.top / ".work&AC4-1/cur/103.d:2,", b"A: 4\n\nz\n")
        put(self.top / "courierimapuiddb", b"1 1200000000 9\n7 100.a\n8 101.b\n")
        put(self.top / "courierpop3dsizelist", b"/3 9 1200000000\n101.b 8 8:1200000000:0\n")
        put(self.top / "courierimapkeywords/:list", b"Work\nPlay\n\n100.a:1\n")
        put(self.top / "courierimapsubscribed", b"INBOX.work&AC4-1\nINBOX\n")
        self.bring(str(self.top))
        self.assertEqual(self.messages(), [(7, "Play \\Answered \\Seen", b"A: 1\r\n\r\nx\r\n"), (8, "", b"A: 2\r\n\r\ny\r\n")])
        self.assertEqual(self.messages("work.1"), [(1, "", b"A: 4\r\n\r\nz\r\n")])
        self.assertIn("work.1", self.subscribed())
        pop3 = self.gw.pop3(self.user, "secret")
        self.assertEqual(pop3.uidl(2).split()[2], b"UID8-1200000000")
        pop3.quit()

    def test_of_tree(self):
        put(self.top / "cur/1.a:2,S", b"A: 1\n\n")
        put(self.top / "work/Entw\u00fcrfe/cur/2.b,S=6:2,Da", b"A: 2\n\n")
        put(self.top / "work/Entw\u00fcrfe/dovecot-keywords", b"0 Blue\n")
        os.symlink("/etc/passwd", self.top / "cur/3.c:2,S")
        os.symlink("/etc", self.top / "work/link")
        p = self.bring("maildir:%s" % self.top, check=False)
        self.assertIn("symbolic link", p.stdout + p.stderr)
        self.assertEqual([m[1:] for m in self.messages()], [("\\Seen", b"A: 1\r\n\r\n")])
        self.assertEqual([m[1:] for m in self.messages("work/Entw&APw-rfe")], [("Blue \\Draft", b"A: 2\r\n\r\n")])

    def test_of_thunderbird(self):
        put(self.top / "Inbox", b"From - Sat Jun 01 10:00:00 2019\nX-Mozilla-Status: 0005\nX-Mozilla-Status2: 00000000\n"
            b"X-Mozilla-Keys: $label1          \nA: 1\n\n>From x\n\nFrom - Sat Jun 01 10:00:00 2019\nX-Mozilla-Status: 0009\n"
            b"A: gone\n\n\n")
        put(self.top / "Inbox.msf", b"// <!-- <mdb:mork:z v=\"1.4\"/> -->\n")
        put(self.top / "Archives", b"")
        put(self.top / "Archives.sbd/2019", b"From \nA: 2\n\ny\n\nFrom \r\nA: 3\r\n\r\nz\r\n")
        self.bring("mbox:%s" % self.top)
        self.assertEqual([m[1:] for m in self.messages()], [("$label1 \\Flagged \\Seen", b"A: 1\r\n\r\nFrom x\r\n")])
        self.assertEqual([m[2] for m in self.messages("Archives/2019")], [b"A: 2\r\n\r\ny\r\n", b"A: 3\r\n\r\nz\r\n"])

    def test_of_grown(self):
        first = (b"From a@b Wed Dec  2 05:53:22 1992 +0100\nX-IMAPbase: 1200000000 0000000007 Work\nX-UID: 5\nStatus: RO\n"
                 b"X-Keywords: Work\nA: 1\n\nx\n\n")
        same = b"From a@b Wed Dec  2 05:53:22 1992 +0100\nStatus: O\nA: same\n\n\n"
        put(self.top, first + same.replace(b"Status", b"X-UID: 7\nStatus"))
        self.bring(str(self.top))
        self.assertEqual(self.messages(), [(5, "Work \\Seen", b"A: 1\r\n\r\nx\r\n"), (7, "", b"A: same\r\n\r\n")])
        put(self.top, same + same + first + same)  # sorted anew, and two came: the same octets as one that was there
        self.bring(str(self.top))
        self.assertEqual(sorted(m[2] for m in self.messages()), [b"A: 1\r\n\r\nx\r\n"] + 3 * [b"A: same\r\n\r\n"])

    def test_of_eml(self):
        put(self.top / "a.eml", b"Date: Fri, 21 Nov 1997 09:55:06 -0600\n\nx\n")
        put(self.top / "b.txt", b"no mail")
        put(self.top / "Sent/b.EML", b"A: 1\r\n\r\nbare\nhere\r\n", 1500000000)
        put(self.top / ".hidden/c.eml", b"A: 2\n\n")
        self.bring(str(self.top))
        self.assertEqual([m[2] for m in self.messages()], [b"Date: Fri, 21 Nov 1997 09:55:06 -0600\r\n\r\nx\r\n"])
        self.assertEqual([m[2] for m in self.messages("Sent")], [b"A: 1\r\n\r\nbare\nhere\r\n"])
        imap = self.gw.imap(self.user, "secret")
        imap.select("INBOX")
        self.assertIn(b"21-Nov-1997 15:55:06 +0000", imap.fetch("1", "(INTERNALDATE)")[1][0])
        imap.select("Sent")
        self.assertIn(b"14-Jul-2017 02:40:00 +0000", imap.fetch("1", "(INTERNALDATE)")[1][0])
        imap.logout()


if __name__ == "__main__":
    unittest.main()
