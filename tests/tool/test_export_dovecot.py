"""Mail goes out: into a Maildir that a real Dovecot serves with the same UIDs, to its IMAP server, into mboxes and .eml files,
and comes in again as it was."""
import os
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))
from dovecot import Dovecot  # noqa: E402
from gateway import Gateway  # noqa: E402
from test_import_dovecot import OWN, content, fill, names, uidls  # noqa: E402


class ToDovecot(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.gw = Gateway().start()
        cls.addClassCleanup(cls.gw.__exit__, None, None, None)
        cls.gw.add_user("anna", "secret")
        cls.password = cls.gw.folder / "password"
        cls.password.write_text("pw\n")
        imap = cls.gw.imap("anna", "secret")
        fill(imap)
        imap.create('"v1.2/a.b"')
        imap.append('"v1.2/a.b"', "(\\Flagged)", None, b"Subject: dots\r\n\r\n")
        cls.here = content(imap)
        cls.subscribed = names(imap.lsub()[1])
        imap.logout()

    def out(self, target, *more):
        return self.gw.gwctl("export", "anna", target, *more)

    def test_dovecot_serves_the_maildir_with_the_same_uids(self):
        dovecot = Dovecot()
        maildir = dovecot.maildir("anna")
        maildir.parent.mkdir(parents=True)
        self.out("maildir:%s" % maildir)
        before = sorted(p.name for p in maildir.rglob("*.gateway,*"))
        self.out("maildir:%s" % maildir)  # again: nothing is missing, nothing comes twice
        self.assertEqual(sorted(p.name for p in maildir.rglob("*.gateway,*")), before)
        with dovecot:
            imap = dovecot.imap("anna")
            there = content(imap)
            renamed = {b"v1_2/a_b": b"v1.2/a.b", b"v1_2": b"v1.2"}  # Dovecot has no dots in names of a Maildir
            there = {renamed.get(k, k): v for k, v in there.items()}
            for folder, (validity, uidnext, messages) in self.here.items():
                if not messages:
                    continue
                self.assertEqual(there[folder], (validity, uidnext, messages), folder)
            self.assertEqual(set(names(imap.lsub()[1])) - OWN, set(self.subscribed) - OWN)
            imap.logout()

    def come_again(self, user, kind):
        """What was exported is imported again: {folder: messages without UIDs}"""
        folder = self.gw.folder / (user + "-out")
        self.out("%s:%s" % (kind, folder))
        self.out("%s:%s" % (kind, folder))
        self.gw.add_user(user, "secret")
        self.gw.gwctl("import", user, "%s:%s" % (kind, folder))
        imap = self.gw.imap(user, "secret")
        there = content(imap)
        imap.logout()
        return there

    def test_mboxes_come_again_as_they_were(self):
        there = self.come_again("mbox", "mbox")
        for folder, (validity, uidnext, messages) in self.here.items():
            if messages:
                self.assertEqual(there[folder], (validity, uidnext, messages), folder)

    def test_a_maildir_comes_again_as_it_was(self):
        there = self.come_again("maildir", "maildir")
        for folder in (b"INBOX", b"Sent/2024", b"work"):
            self.assertEqual(there[folder], self.here[folder])

    def test_eml_files_come_again_but_for_keywords_and_uids(self):
        there = self.come_again("eml", "eml")
        for folder, (validity, uidnext, messages) in self.here.items():
            system = [([f for f in m[0] if f[:1] == b"\\"],) + m[1:] for uid, m in sorted(messages.items())]
            self.assertEqual([m for uid, m in sorted(there[folder][2].items())] if folder in there else [], system, folder)

    def test_another_server_gets_it_once(self):
        with Dovecot() as dovecot:
            target = "imap://anna@127.0.0.1:%d" % dovecot.port["imap"]
            for again in range(2):
                for folder in ("INBOX", "Sent*", "work*", "Entw*"):
                    self.out(target, "--password-file", str(self.password), "--folder", folder)
            imap = dovecot.imap("anna")
            there = content(imap)
            for folder, (validity, uidnext, messages) in self.here.items():
                if messages and not folder.startswith(b"v"):
                    self.assertEqual([m for uid, m in sorted(there[folder][2].items())],
                                     [m for uid, m in sorted(messages.items())], folder)
            imap.logout()

    def test_what_is_of_somebody_else_is_left_alone(self):
        folder = self.gw.folder / "full"
        folder.mkdir()
        (folder / "thing").write_text("x")
        for kind in ("maildir", "mbox", "eml"):
            p = self.gw.gwctl("export", "anna", "%s:%s" % (kind, folder), check=False)
            self.assertIn("no export of this kind", p.stderr)
            self.assertNotEqual(p.returncode, 0)
        self.assertEqual(os.listdir(folder), ["thing"])


if __name__ == "__main__":
    unittest.main()
