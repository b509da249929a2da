#!/usr/bin/env python3
"""POP3 of a running server: how often one may come, who holds a maildrop, names before and after a migration."""
import json
import poplib
import sqlite3
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import Gateway, until


def refusal(gw, user="anna"):
    """The answer to a login that is refused."""
    c = gw.pop3()
    try:
        c.user(user)
        c.pass_("x")
        c.quit()
    except poplib.error_proto as e:
        c.close()
        return e.args[0]
    return None


class Pop3(unittest.TestCase):
    def gateway(self, **options):
        gw = Gateway(**options)
        self.addCleanup(gw.remove)
        gw.start()
        self.addCleanup(lambda: self.assertEqual(gw.stop(), 0))
        gw.add_user("anna", "x")
        gw.add_user("bert", "x")
        return gw

    def deliver(self, gw, n):
        c = gw.imap("anna", "x")
        for i in range(n):
            self.assertEqual(c.append("INBOX", None, None, b"Subject: %d\r\n\r\nx\r\n" % i)[0], "OK")
        c.logout()

    def test_the_login_delay_counts_over_connections_and_processes(self):
        gw = self.gateway(pop3_login_delay="3600", pop3_login_burst="2")
        c = gw.pop3("anna", "x")
        self.assertEqual(c.capa()["LOGIN-DELAY"], ["3600"])
        c.quit()
        gw.pop3("anna", "x").quit()
        self.assertRegex(refusal(gw), rb"^-ERR \[LOGIN-DELAY\] The next login is possible in \d+ seconds$")
        self.assertIsNone(refusal(gw, "bert"))
        c = gw.pop3()
        c.user("anna")
        with self.assertRaisesRegex(poplib.error_proto, r"\[AUTH\]"):
            c.pass_("wrong")
        c.close()

    def test_a_login_that_fails_behind_the_lock_leaves_none(self):
        """RFC 1939 4(e): the inbox cannot be read, then it can"""
        gw = self.gateway()
        self.deliver(gw, 1)

        def rename(*names):
            for p in gw.folder.rglob("*.db"):
                with sqlite3.connect(p, timeout=60) as db:
                    if db.execute("SELECT count(*) FROM sqlite_master WHERE name = ?", names[:1]).fetchone()[0]:
                        db.execute("ALTER TABLE %s RENAME TO %s" % names)
        rename("mailbox", "hidden")
        self.assertRegex(refusal(gw), rb"^-ERR \[SYS/")
        rename("hidden", "mailbox")
        self.assertIsNone(refusal(gw))

    def test_who_holds_a_maildrop_is_seen_and_can_be_sent_away(self):
        gw = self.gateway()
        c = gw.pop3("anna", "x")
        self.assertTrue(refusal(gw).startswith(b"-ERR [IN-USE] "))
        rows = [json.loads(line) for line in gw.gwctl("--json", "session", "list", "user=anna", "protocol=pop3").stdout.splitlines()]
        self.assertEqual([r["mailbox"] for r in rows[:-1]], ["INBOX"])
        gw.gwctl("user", "kick", "anna")
        self.assertTrue(until(lambda: refusal(gw) is None))
        c.close()

    def test_names_are_those_of_the_format(self):
        gw = self.gateway(pop3_uidl_format="courier")
        self.deliver(gw, 3)
        c = gw.pop3("anna", "x")
        names = c.uidl()[1]
        for i, line in enumerate(names, 1):
            self.assertRegex(line, rb"^%d UID%d-\d+$" % (i, i))
        c.quit()
        old = gw.folder / "uidl.txt"
        old.write_bytes(b"\n".join(names) + b"\n")
        self.assertEqual(gw.gwctl("pop3", "uidl-diff", "anna", str(old)).returncode, 0)
        old.write_bytes(b"\n".join(names[:2]) + b"\n3 UID3-1\n")
        p = gw.gwctl("--json", "pop3", "uidl-diff", "anna", str(old), check=False)
        self.assertEqual(p.returncode, 1)
        self.assertEqual({k: json.loads(p.stdout.splitlines()[-1])[k] for k in ("same", "missing", "new")},
                         {"same": 2, "missing": 1, "new": 1})

    def test_clients_of_kopano_gateway_know_their_messages(self):
        """The names of another server are brought by number or UID, all or none; RFC 1939 7(d): and stay"""
        gw = self.gateway(pop3_uidl_format="kopano")
        self.deliver(gw, 4)
        i = gw.imap("anna", "x")
        i.select("INBOX")
        i.store("1", "+FLAGS", "\\Deleted")
        i.expunge()
        i.logout()
        names = [b"%096X" % n for n in (7, 8, 9)]

        def bring(lines, *by, code=0):
            p = gw.gwctl("--json", "pop3", "uidl-import", "anna", "-", *by, text=lines.decode(), check=False)
            self.assertEqual(p.returncode, code, p.stderr)
            return json.loads(p.stdout.splitlines()[-1]) if code == 0 else p.stderr

        def shown():
            c = gw.pop3("anna", "x")
            found = [line.split()[1] for line in c.uidl()[1]]
            c.quit()
            return found
        before = shown()
        self.assertRegex(bring(b"1 a\n4 b\n", code=1), "has a message 4, the inbox has 3")
        self.assertRegex(bring(b"1 a\n2 a\n", code=1), "twice")
        self.assertRegex(bring(b"1 a\n1 b\n", code=1), "number 1 twice")
        self.assertRegex(bring(b"1 " + b"x" * 97 + b"\n", code=1), "no name")
        self.assertEqual(shown(), before)
        done = bring(b"+OK\r\n" + b"".join(b"%d %s\r\n" % (n, name) for n, name in enumerate(names, 1)) + b".\r\n")
        self.assertEqual((done["names"], done["named"]), (3, 3))
        self.assertEqual(shown(), names)
        done = bring(b"1 gone\n3 third\n", "by=uid")
        self.assertEqual((done["names"], done["named"]), (2, 1))
        self.assertEqual(shown(), [names[0], b"third", names[2]])

    def test_deleted_messages_go_to_the_trash(self):
        gw = self.gateway(pop3_delete="trash", pop3_set_seen="yes")
        self.deliver(gw, 2)
        c = gw.pop3("anna", "x")
        c.retr(1)
        c.dele(1)
        self.assertEqual(c.quit(), b"+OK Bye")
        i = gw.imap("anna", "x")
        self.assertEqual(i.select("Trash"), ("OK", [b"1"]))
        self.assertIn(b"\\Seen", i.fetch("1", "FLAGS")[1][0])
        self.assertEqual(i.select("INBOX"), ("OK", [b"1"]))
        i.logout()


if __name__ == "__main__":
    unittest.main()
