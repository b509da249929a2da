"""What an administrator does to accounts and their mail, through the real gwctl beside signed-on users."""
import imaplib
import json
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import Gateway, Wire, until  # noqa: E402

MESSAGE = b"From: a@example.org\r\nSubject: hello\r\nMessage-ID: <%d@example.org>\r\n\r\nText %d\r\n"


class Accounts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.gw = Gateway(shutdown_timeout=5).start()

    @classmethod
    def tearDownClass(cls):
        status = cls.gw.stop()
        cls.gw.remove()
        assert status == 0, status

    def rows(self, *args):
        return [json.loads(line) for line in self.gw.gwctl("--json", *args).stdout.splitlines()]

    def names(self, *args):
        return [r["name"] for r in self.rows(*args) if "name" in r]

    def on(self, user):
        """A session that stays until the test ends, or somebody ends it."""
        c = self.gw.imap(user, "secret")
        self.addCleanup(c.shutdown)
        return c

    def fill(self, user, n, mailbox="INBOX"):
        with self.gw.imap(user, "secret") as c:
            for i in range(n):
                c.append(mailbox, "", None, MESSAGE % (i, i))

    def refused(self, *args):
        p = self.gw.gwctl(*args, check=False)
        self.assertIn(p.returncode, (1, 77), p.stdout + p.stderr)
        return p.stdout + p.stderr

    # ---- users ----
    def test_accounts_are_found_by_what_they_are(self):
        for name in ("fa", "fb", "fc"):
            self.gw.add_user(name, "secret")
        self.fill("fa", 3)
        self.gw.gwctl("user", "disable", "fb")
        self.gw.gwctl("user", "quota", "fa", "1K", "2")
        self.assertEqual(self.names("user", "list", "f?"), ["fa", "fb", "fc"])
        self.assertEqual(self.names("user", "list", "f?", "enabled=no"), ["fb"])
        self.assertEqual(self.names("user", "list", "f?", "never=yes"), ["fb", "fc"])
        self.assertEqual(self.names("user", "list", "f?", "over=yes"), ["fa"])
        self.assertEqual(self.names("user", "list", "f?", "inactive=1d"), ["fb", "fc"])
        self.assertEqual(self.names("user", "list", "f?", "max=1"), ["fa"])
        self.gw.add_user("f" + "a" * 60, "x")
        self.assertEqual(self.names("user", "list", "F*a"), ["fa", "f" + "a" * 60])
        self.assertEqual(self.names("user", "list", "f" + "*a" * 30 + "*b"), [])  # no pattern takes long
        self.gw.gwctl("user", "delete", "f" + "a" * 60, "confirm=yes")
        row = self.rows("user", "list", "fa", "usage=yes")[0]
        self.assertEqual((row["messages"], row["mailboxes"] >= 1, row["disk"] > 0), (3, True, True))
        self.assertLess(abs(row["last_login"] - time.time()), 600)

    def test_show_says_what_an_account_has_and_who_is_on(self):
        self.gw.add_user("shown", "secret")
        with self.gw.imap("shown", "secret"):
            self.assertEqual(self.rows("user", "show", "shown")[0]["sessions"], 1)
        self.assertTrue(until(lambda: self.rows("user", "show", "shown")[0]["sessions"] == 0))
        self.assertEqual(self.rows("user", "show", "shown")[0]["messages"], 0)

    def test_renaming_ends_sessions_and_the_old_name_is_gone(self):
        self.gw.add_user("oldname", "secret")
        self.fill("oldname", 2)
        c = self.on("oldname")
        self.assertEqual(self.rows("user", "rename", "oldname", "newname")[0]["sessions"], 1)
        with self.assertRaises((imaplib.IMAP4.abort, imaplib.IMAP4.error, OSError)):
            c.noop()
            c.noop()
        again = self.gw.imap()
        self.addCleanup(again.shutdown)
        with self.assertRaises(imaplib.IMAP4.error):
            again.login("oldname", "secret")
        with self.gw.imap("newname", "secret") as c:
            self.assertEqual(c.select("INBOX")[1], [b"2"])

    def test_a_user_who_is_removed_cannot_come_back_in_between(self):
        self.gw.add_user("leaver", "secret")
        self.fill("leaver", 1)
        wires = [Wire(self.gw) for _ in range(5)]
        for i, w in enumerate(wires):  # half signed on, half in the middle of it
            if i < 3:
                w.command(b"a", b"LOGIN leaver secret")
            else:
                w.send(b"a LOGIN leaver secret\r\n")
        self.gw.gwctl("-y", "user", "delete", "leaver")
        for i, w in enumerate(wires):
            if i < 3 or w.until(b"a ")[-1].startswith(b"a OK"):  # who came too late was refused
                w.closed()
            w.close()
        self.assertFalse(list((self.gw.folder / "store" / "users").glob("*/*/leaver")))
        self.refused("user", "show", "leaver")
        self.gw.add_user("leaver", "secret")
        with self.gw.imap("leaver", "secret") as c:
            self.assertEqual(c.select("INBOX")[1], [b"0"])

    def test_a_new_password_ends_sessions_when_asked_to(self):
        self.gw.add_user("careful", "secret")
        c = self.on("careful")
        self.gw.gwctl("user", "passwd", "careful", text="other\n")
        self.assertEqual(c.noop()[0], "OK")
        self.gw.gwctl("user", "passwd", "careful", "kick=yes", text="third\n")
        with self.assertRaises((imaplib.IMAP4.abort, imaplib.IMAP4.error, OSError)):
            c.noop()
            c.noop()

    # ---- mailboxes ----
    def test_mailboxes_are_made_and_removed_beside_a_session(self):
        self.gw.add_user("boxes", "secret")
        c = self.on("boxes")
        self.gw.gwctl("mailbox", "create", "boxes", "Ablage/2024 ü", "subscribe=yes")
        self.assertIn(b"Ablage/2024 &APw-", b"".join(c.list()[1]))
        self.assertIn(b"Ablage/2024 &APw-", b"".join(c.lsub()[1]))
        self.fill("boxes", 4, '"Ablage/2024 &APw-"')
        row = self.rows("mailbox", "status", "boxes", "Ablage/2024 ü")[0]
        self.assertEqual((row["messages"], row["unseen"], row["subscribed"]), (4, 4, True))
        self.assertGreater(row["uidvalidity"], 0)
        self.gw.gwctl("mailbox", "rename", "boxes", "Ablage", "Archiv")
        self.assertEqual(self.names("mailbox", "list", "boxes", "Archiv*")[:2], ["Archiv", "Archiv/2024 ü"])
        c.select("INBOX")
        self.assertIn("4 messages", self.refused("mailbox", "delete", "boxes", "Archiv", "recursive=yes",
                                                 "confirm=no"))
        done = self.rows("-y", "mailbox", "delete", "boxes", "Archiv", "recursive=yes")[-1]
        self.assertEqual((done["mailboxes"], done["messages"]), (2, 4))
        self.assertNotIn(b"2024", b"".join(c.list()[1]))
        self.assertIn("no such", self.refused("mailbox", "status", "boxes", "Archiv").lower())

    def test_special_use_belongs_to_one_mailbox(self):
        self.gw.add_user("special", "secret")
        taken = [r["name"] for r in self.rows("mailbox", "list", "special") if r.get("special") == "sent"]
        if taken:
            self.refused("mailbox", "create", "special", "Gesendet", "special=sent")
            self.gw.gwctl("-y", "mailbox", "delete", "special", taken[0])
        self.gw.gwctl("mailbox", "create", "special", "Gesendet", "special=sent")
        self.assertEqual(self.rows("mailbox", "status", "special", "Gesendet")[0]["special"], "sent")
        self.assertEqual(self.gw.gwctl("mailbox", "create", "special", "x", "special=nix", check=False).returncode, 64)

    def test_subscriptions_come_and_go(self):
        self.gw.add_user("subs", "secret")
        self.gw.gwctl("mailbox", "subscribe", "subs", "INBOX")
        self.assertIn("INBOX", self.names("mailbox", "list", "subs", "subscribed=yes"))
        self.gw.gwctl("mailbox", "unsubscribe", "subs", "inbox")
        self.assertNotIn("INBOX", self.names("mailbox", "list", "subs", "subscribed=yes"))
        self.refused("mailbox", "delete", "subs", "INBOX", "confirm=yes")
        self.refused("mailbox", "list", "nobody")

    # ---- quota ----
    def test_quota_is_shown_set_and_counted_anew(self):
        self.gw.add_user("quota", "secret")
        self.fill("quota", 3)
        self.gw.gwctl("quota", "set", "quota", "messages=6")
        self.gw.gwctl("quota", "set", "quota", "1M")
        row = self.rows("quota", "show", "quota")[0]
        self.assertEqual((row["messages"], row["messages_limit"], row["messages_percent"], row["storage_limit"]),
                         (3, 6, 50, 1 << 20))
        row = self.rows("quota", "recalculate", "quota")[0]
        self.assertEqual((row["messages"], row["messages_difference"], row["size_difference"]), (3, 0, 0))
        self.assertIn("quota", self.names("quota", "show"))

    # ---- public folders ----
    def test_public_folders_have_rights(self):
        """RFC 4314 4(a), 4(b), 4(g), 5.1.1(a), 5.2(a), 6(a): of what may be read only, and of what may not"""
        self.gw.gwctl("public", "create", "Neuigkeiten/Ämter")
        self.gw.add_user("reader", "secret")
        self.gw.add_user("keeper", "secret")
        name = '"Public folders/Neuigkeiten/&AMQ-mter"'
        self.fill("reader", 3, name)
        self.gw.gwctl("public", "grant", "Neuigkeiten", "anyone", "read")
        self.gw.gwctl("public", "grant", "Public folders/Neuigkeiten", "keeper", "read write delete")
        with self.gw.imap("reader", "secret") as c:
            self.assertEqual(c.append(name, "", None, MESSAGE % (9, 9))[0], "NO")
        w = Wire(self.gw)
        w.command(b"a", b"LOGIN reader secret")
        told = w.command(b"b", b"SELECT " + name.encode())
        # RFC 9051 6.3.2(g)
        self.assertIn(b"READ-ONLY", told[-1])
        self.assertIn(b"[PERMANENTFLAGS ()]", b"".join(told))
        self.assertNotIn(b"Seen", b"".join(w.command(b"d", b"FETCH 1 (FLAGS BODY[])") + w.command(b"e", b"FETCH 1 FLAGS")))
        self.assertEqual(w.command(b"c", b"MYRIGHTS " + name.encode())[0].split()[-1], b"lr")  # RFC 4314 3.5
        w.close()
        w = Wire(self.gw)
        w.command(b"a", b"LOGIN keeper secret")
        self.assertEqual(w.command(b"c", b"MYRIGHTS " + name.encode())[0].split()[-1], b"lrswinted")
        w.close()
        with self.gw.imap("keeper", "secret") as c:
            self.assertEqual(c.select(name)[1], [b"3"])
            c.store("1", "+FLAGS", r"(\Deleted)")
            self.assertEqual(c.expunge()[1], [b"1"])
        rights = {r["name"]: r["rights"] for r in self.rows("public", "list") if "name" in r}
        self.assertEqual(rights["Public folders/Neuigkeiten"], "anyone: read; keeper: read write delete")
        self.gw.gwctl("public", "revoke", "Neuigkeiten", "anyone")
        with self.gw.imap("reader", "secret") as c:
            self.assertEqual(c.select(name)[0], "NO")
            self.assertIn("NONEXISTENT", str(c.status(name, "(MESSAGES)")))
            self.assertEqual(c.list('""', '"Public folders/Neu*"'), ("OK", [None]))
            # RFC 9051 6.3.9.5(b): a folder with children that this user does not see
            # RFC 3348 3(d)
            self.assertEqual(c.list('""', '"Public folders*"')[1], [rb'(\Noselect \HasNoChildren) "/" "Public folders"'])
        self.assertIn("2 messages", self.refused("public", "delete", "Neuigkeiten/Ämter", "confirm=no"))
        self.assertEqual(self.rows("-y", "public", "delete", "Neuigkeiten/Ämter")[-1]["messages"], 2)

    # ---- POP3 names ----
    def test_names_of_another_server_are_compared_with_ours(self):
        self.gw.add_user("popper", "secret")
        self.fill("popper", 5)
        c = self.gw.pop3("popper", "secret")
        lines = [line.decode() for line in c.uidl()[1]]
        c.quit()
        path = self.gw.folder / "uidl"
        path.write_text("+OK 5 messages\r\n" + "".join(line + "\r\n" for line in lines) + ".\r\n")
        done = self.rows("pop3", "uidl-diff", "popper", str(path))
        self.assertEqual([(r["same"], r["missing"], r["new"]) for r in done], [(5, 0, 0)])
        names = [line.split()[1] for line in lines]
        p = self.gw.gwctl("--json", "pop3", "uidl-diff", "popper", "-", text="\n".join(names[1:] + ["zzz"]), check=False)
        self.assertEqual(p.returncode, 1, p.stderr)
        rows = [json.loads(line) for line in p.stdout.splitlines()]
        self.assertEqual([(r["state"], r["uidl"]) for r in rows[:-1]], [("new", names[0]), ("missing", "zzz")])
        self.assertEqual((rows[-1]["same"], rows[-1]["missing"], rows[-1]["new"]), (4, 1, 1))


if __name__ == "__main__":
    unittest.main()
