"""Users whose mail has moved to another server (RFC 2221), with the real daemon and gwctl."""
import json
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import Gateway, Wire, until  # noqa: E402


class Moved(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.gw = Gateway(auth_mechanisms="PLAIN SCRAM-SHA-256", log_level=6).start()

    @classmethod
    def tearDownClass(cls):
        cls.gw.stop()
        cls.gw.remove()

    def login(self, user, service="imap"):
        w = Wire(self.gw, service)
        self.addCleanup(w.close)
        if service == "imap":
            return w.command(b"a", b"LOGIN %s pw" % user)[-1], w
        w.send(b"USER %s\r\n" % user)
        w.line()
        w.send(b"PASS pw\r\n")
        return w.line(), w

    def test_a_referral_counts_at_once_until_it_is_taken_back(self):
        self.gw.add_user("anna", "pw")
        here = self.login(b"anna")[1]
        self.gw.gwctl("user", "move", "anna", "mail2.example.org")
        self.assertIn(b"a NO [REFERRAL imap://anna;AUTH=*@mail2.example.org/]", self.login(b"anna")[0])
        self.assertIn(b"-ERR [SYS/PERM] Your mail has moved to mail2.example.org", self.login(b"anna", "pop3")[0])
        self.assertIn(b"b OK", here.command(b"b", b"NOOP")[-1])  # who is on stays, unless kick is said
        row = json.loads(self.gw.gwctl("--json", "user", "show", "anna").stdout.splitlines()[0])
        self.assertEqual((row["moved_to"], row["moved_as"]), ("mail2.example.org", "anna"))
        self.gw.gwctl("user", "move", "anna", "mail2.example.org:1143", "as=anna@example.org", "kick=yes")
        here.closed()
        self.assertIn(b"[REFERRAL imap://anna%40example.org;AUTH=*@mail2.example.org:1143/]", self.login(b"anna")[0])
        self.assertTrue(until(lambda: "has moved to mail2.example.org:1143" in self.gw.log()))
        p = self.gw.gwctl("--json", "auth", "explain", "anna", check=False)
        self.assertIn("the mail has moved to", p.stdout + p.stderr)
        self.gw.gwctl("user", "move", "anna")
        self.assertIn(b"a OK", self.login(b"anna")[0])
        self.assertIn(b"+OK", self.login(b"anna", "pop3")[0])

    def test_public_folders_that_have_moved_are_told_with_rlist_alone(self):
        self.gw.add_user("carl", "pw")
        self.gw.gwctl("public", "create", "News")
        before = self.login(b"carl")[1]
        self.gw.gwctl("user", "move", "public", "mail3.example.org")
        for w, there in ((before, False), (self.login(b"carl")[1], True)):  # at the next sign-on
            self.assertEqual(b"News" in b"".join(w.command(b"l", b'LIST "" *')), not there)
            self.assertIn(b"Public folders/News", b"".join(w.command(b"r", b'RLIST "" *')))
            reply = w.command(b"s", b'SELECT "Public folders/News"')[-1]
            self.assertEqual(b"NO [REFERRAL imap://carl;AUTH=*@mail3.example.org/Public%20folders/News]" in reply, there)
        self.gw.gwctl("user", "move", "public")
        self.assertIn(b"s OK", self.login(b"carl")[1].command(b"s", b'SELECT "Public folders/News"')[-1])

    def test_what_is_no_server_is_refused(self):
        self.gw.add_user("bert", "pw")
        for words in (("a b",), ("[::1]",), ("host:99999",), ("imap://host/",), ("host", "as=a/b")):
            self.assertNotEqual(self.gw.gwctl("user", "move", "bert", *words, check=False).returncode, 0, words)
        self.assertNotEqual(self.gw.gwctl("user", "move", "nobody", "host", check=False).returncode, 0)
        self.assertIn(b"a OK", self.login(b"bert")[0])


if __name__ == "__main__":
    unittest.main()
