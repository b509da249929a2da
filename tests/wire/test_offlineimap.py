"""offlineimap: a Maildir and the server kept alike. What changes on either side is on both after the next run."""
import email
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import Gateway  # noqa: E402
from mail_programs import MESSAGE, run  # noqa: E402

CONFIG = """[general]
accounts = gw
metadata = {base}/meta
ui = basic
maxsyncaccounts = 1

[Account gw]
localrepository = here
remoterepository = there
utf8foldernames = yes
{account}

[Repository here]
type = Maildir
localfolders = {base}/mail
sync_deletes = yes

[Repository there]
type = IMAP
remotehost = localhost
remoteport = {port}
ssl = yes
sslcacertfile = {cert}
remoteuser = {user}
remotepass = pw
maxconnections = {connections}
sync_deletes = yes
auth_mechanisms = PLAIN
"""


class OfflineImap(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.gw = Gateway().start()

    @classmethod
    def tearDownClass(cls):
        cls.gw.stop()
        cls.gw.remove()

    def account(self, user, account="", connections=1):
        self.gw.add_user(user, "pw")
        self.base = self.gw.folder / user
        self.base.mkdir()
        self.config = self.base / "offlineimaprc"
        self.config.write_text(CONFIG.format(base=self.base, port=self.gw.port["imaps"], cert=self.gw.cert, user=user,
                                             account=account, connections=connections))
        imap = self.gw.imap(user, "pw")
        for i in range(5):
            imap.append("INBOX", "(\\Seen)" if i == 4 else None, None, MESSAGE % (i, i, i))
        return imap

    def sync(self):
        return run("offlineimap", "-c", self.config, "-o", "-u", "basic").decode()

    def local(self, folder="INBOX"):
        """Subject and flags of each message of the Maildir."""
        found = []
        for path in (p for d in ("cur", "new") for p in (self.base / "mail" / folder / d).iterdir()):
            found.append((email.message_from_bytes(path.read_bytes())["Subject"], path.name.partition(":2,")[2]))
        return sorted(found)

    def path(self, subject, folder="INBOX"):
        return next(p for d in ("cur", "new") for p in (self.base / "mail" / folder / d).iterdir()
                    if email.message_from_bytes(p.read_bytes())["Subject"] == subject)

    def mark(self, subject, flags, folder="INBOX"):
        p = self.path(subject, folder)
        p.rename(self.base / "mail" / folder / "cur" / (p.name.partition(":2,")[0] + ":2," + flags))

    def add(self, subject, folder="INBOX", flags=""):
        place = self.base / "mail" / folder / ("cur" if flags else "new")
        name = "1700000000.%s.host" % subject.replace(" ", "-")
        (place / (name + (":2," + flags if flags else ""))).write_bytes(
            b"From: a@example.org\nSubject: %s\n\nwritten here\n" % subject.encode())

    def remote(self, imap, mailbox="INBOX"):
        """Subject and flags of each message of the server."""
        self.assertEqual(imap.select('"%s"' % mailbox, readonly=True)[0], "OK")
        found, rows = [], imap.fetch("1:*", "(FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])")[1]
        for head, rest in zip(rows[::2], rows[1::2]):
            flags = head[0] + (rest or b"")
            found.append((email.message_from_bytes(head[1])["Subject"],
                          "".join(c for c, f in (("D", b"\\Draft"), ("F", b"\\Flagged"), ("R", b"\\Answered"), ("S", b"\\Seen"))
                                  if f in flags)))
        imap.unselect()
        return sorted(found)

    def alike(self, imap):
        self.assertEqual(self.local(), self.remote(imap))

    def test_both_sides_change_between_two_runs(self):
        imap = self.account("both")
        self.sync()
        self.alike(imap)
        self.assertEqual(self.local(), [("hello %d" % i, "S" if i == 4 else "") for i in range(5)])
        # here: one new, one flagged, one thrown away; there: one new, one answered, one expunged
        self.add("written here", flags="FS")
        self.mark("hello 0", "FS")
        self.path("hello 1").unlink()
        imap.append("INBOX", "(\\Flagged)", None, MESSAGE % (9, 9, 9))
        imap.select("INBOX")
        imap.store("3", "+FLAGS", "(\\Answered \\Seen)")
        imap.store("4", "+FLAGS", "\\Deleted")
        imap.expunge()
        imap.unselect()
        self.sync()
        self.alike(imap)
        self.assertEqual(self.local(), [("hello 0", "FS"), ("hello 2", "RS"), ("hello 4", "S"), ("hello 9", "F"),
                                        ("written here", "FS")])
        # a flag that goes, on each side
        self.mark("hello 0", "")
        imap.select("INBOX")
        imap.uid("STORE", imap.uid("SEARCH", "SUBJECT", '"hello 4"')[1][0].decode(), "-FLAGS", "\\Seen")
        imap.unselect()
        self.sync()
        self.alike(imap)
        self.assertEqual(dict(self.local())["hello 0"], "")
        self.assertEqual(dict(self.local())["hello 4"], "")
        # and nothing moves any more
        before = sorted(p.name for p in (self.base / "mail/INBOX").glob("*/*"))
        out = self.sync()
        self.assertNotRegex(out, "(?i)copy message|deleting|adding flags|error|warning")
        self.assertEqual(sorted(p.name for p in (self.base / "mail/INBOX").glob("*/*")), before)
        imap.logout()

    def test_folders_are_made_on_both_sides_with_names_of_any_script(self):
        """RFC 3501 section 5.1.3: modified UTF-7 there, UTF-8 here."""
        imap = self.account("names", connections=2)
        for name in ("K&APw-che", "K&APw-che/Gew&APw-rze", "&ZeVnLIqe-", "R&-D", "two words"):
            self.assertEqual(imap.create('"%s"' % name)[0], "OK")
            imap.append('"%s"' % name, None, None, MESSAGE % (7, 7, 7))
        self.sync()
        for name in ("Küche", "Küche.Gewürze", "日本語", "R&D", "two words", "Sent"):
            self.assertTrue((self.base / "mail" / name).is_dir(), sorted((self.base / "mail").iterdir()))
        self.assertEqual(self.local("Küche.Gewürze"), [("hello 7", "")])
        # new ones here, one below another
        for name in ("Straße", "Küche.Öfen", "🦆"):
            for d in ("cur", "new", "tmp"):
                (self.base / "mail" / name / d).mkdir(parents=True)
            self.add("kept here", name)
        self.sync()
        listed = {line.decode().rpartition('"/" ')[2].strip('"') for line in imap.list()[1]}
        self.assertLessEqual({"Stra&AN8-e", "K&APw-che/&ANY-fen", "&2D7dhg-"}, listed)
        for there, here in (("Stra&AN8-e", "Straße"), ("K&APw-che/&ANY-fen", "Küche.Öfen"), ("&2D7dhg-", "🦆"), ("R&-D", "R&D")):
            self.assertEqual(self.remote(imap, there), self.local(here))
            self.assertEqual(len(self.local(here)), 1)
        # changes in them go both ways, too
        self.mark("hello 7", "F", "日本語")
        self.path("kept here", "🦆").unlink()
        imap.append("Stra&AN8-e", None, None, MESSAGE % (8, 8, 8))
        self.sync()
        self.assertEqual(self.remote(imap, "&ZeVnLIqe-"), [("hello 7", "F")])
        self.assertEqual(self.local("Straße"), [("hello 8", ""), ("kept here", "")])
        self.assertEqual(self.local("🦆"), [])
        imap.select("&2D7dhg-", readonly=True)
        self.assertEqual(imap.response("EXISTS")[1], [b"0"])
        imap.logout()

    def test_a_new_uidvalidity_is_noticed(self):
        """RFC 3501 section 2.3.1.1: a mailbox made again is another one; nothing is deleted in its name."""
        imap = self.account("again")
        imap.create("Box")
        imap.append("Box", None, None, MESSAGE % (1, 1, 1))
        self.sync()
        self.assertEqual(self.local("Box"), [("hello 1", "")])
        imap.delete("Box")
        imap.create("Box")
        imap.append("Box", None, None, MESSAGE % (2, 2, 2))
        out = run("offlineimap", "-c", self.config, "-o", "-u", "basic", ok=False).decode()
        self.assertEqual(self.local("Box"), [("hello 1", "")], out)
        self.assertEqual(self.remote(imap, "Box"), [("hello 2", "")])
        imap.logout()


if __name__ == "__main__":
    unittest.main()
