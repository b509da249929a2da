#!/usr/bin/env python3
"""Who is connected: session list with filters, session show, who, kick; with many sessions too."""
import base64
import json
import os
import resource
import socket
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import Gateway, Wire, until

# A child a connection takes its time to begin; the benchmark has the whole number in both models.
MANY = int(os.environ.get("GW_SESSIONS") or (2000 if os.environ.get("GW_MODEL", "thread") == "thread" else 250))


def rows(gw, *words):
    """The rows of an answer, and the object behind OK."""
    lines = [json.loads(line) for line in gw.gwctl("--json", *words).stdout.splitlines()]
    return lines[:-1], lines[-1]


def utf7(name):
    """A mailbox name without ASCII in it, as IMAP writes it (RFC 3501 5.1.3)."""
    return "&%s-" % base64.b64encode(name.encode("utf-16-be")).decode().rstrip("=").replace("/", ",")


class Sessions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.gw = Gateway(pop3_lock_maildrop="no")
        cls.gw.start()
        for name in ("anna", "anton", "berta"):
            cls.gw.add_user(name, "x")
        cls.anna = cls.gw.imap("anna", "x", tls=True)
        cls.anna.xatom("ID", '("name" "Thunder Mail" "version" "7")')
        name = '"%s"' % utf7("ääü" + "ä" * 60)
        assert cls.anna.create(name)[0] == cls.anna.select(name)[0] == "OK"
        cls.anton = cls.gw.imap("anton", "x")
        cls.berta = cls.gw.pop3("berta", "x")
        cls.stranger = Wire(cls.gw)

    @classmethod
    def tearDownClass(cls):
        for c in (cls.anna, cls.anton):
            c.shutdown()
        cls.berta.close()
        cls.stranger.s.close()
        status = cls.gw.stop()
        cls.gw.remove()
        assert status == 0, status

    def users(self, *filters):
        return sorted(r["user"] for r in rows(self.gw, "session", "list", *filters)[0])

    def test_filters_of_the_list(self):
        for filters, want in (
                ((), ["", "anna", "anton", "berta"]), (("anna",), ["anna"]), (("ANNA",), ["anna"]),
                (("an*",), ["anna", "anton"]), (("user=*",), ["anna", "anton", "berta"]), (("user=?nna",), ["anna"]),
                (("address=127.0.0.1",), ["", "anna", "anton", "berta"]), (("address=127.0.0.0/8", "user=b*"), ["berta"]),
                (("address=192.0.2.0/24",), []), (("address=::1",), []),
                (("service=imaps",), ["anna"]), (("service=imap",), ["", "anton"]), (("protocol=imap",), ["", "anna", "anton"]),
                (("protocol=pop3",), ["berta"]), (("--state", "login"), [""]), (("state=authenticated",), ["anton"]),
                (("state=selected",), ["anna", "berta"]), (("mailbox=inbox",), ["berta"]), (("mailbox=ää*",), ["anna"]),
                (("client=thunder",), ["anna"]), (("client=MAIL 7",), ["anna"]), (("client=x",), []),
                (("tls=yes",), ["anna"]), (("--tls=no", "user=*"), ["anton", "berta"]), (("command=FETCH",), []),
                (("younger=1h", "user=*"), ["anna", "anton", "berta"]), (("older=1h",), []), (("idle=1h",), []),
                (("idle=0s", "older=0", "user=anna"), ["anna"])):
            with self.subTest(filters=filters):
                self.assertEqual(self.users(*filters), want)

    def test_bad_filters_are_told(self):
        for words in (("address=nonsense",), ("address=10.0.0.0/33",), ("service=smtp",), ("older=soon",), ("tls=perhaps",)):
            with self.subTest(words=words):
                p = self.gw.gwctl("session", "list", *words, check=False)
                self.assertNotEqual(p.returncode, 0)
                self.assertTrue(p.stderr)

    def test_at_most_so_many_rows(self):
        found, end = rows(self.gw, "session", "list", "max=2")
        self.assertEqual((len(found), end["sessions"]), (2, 2))

    def test_everything_about_one_session(self):
        (short,), _ = rows(self.gw, "session", "list", "anna")
        (s,), _ = rows(self.gw, "session", "show", short["id"])
        (full,), _ = rows(self.gw, "session", "list", "anna", "full=yes")
        self.assertEqual(set(full), set(s))
        self.assertLess(set(short), set(s))
        self.assertEqual((s["tls"], s["tls_version"], s["tls_resumed"], s["tls_sni"], s["mechanism"]),
                         (True, "TLSv1.3", False, "localhost", "LOGIN"))
        self.assertRegex(s["tls_cipher"], "^TLS_")
        self.assertEqual((s["state"], s["client"], s["service"]), ("selected", "Thunder Mail 7", "imaps"))
        self.assertTrue(s["trusted"])
        for member in ("bytes_in", "bytes_out", "commands", "memory", "pid", "store_us", "since"):
            self.assertGreater(s[member], 0, member)

    def test_long_names_end_where_a_character_does(self):
        (s,), _ = rows(self.gw, "session", "list", "anna")
        self.assertRegex(s["mailbox"], "^ääü(ä)+$")
        self.assertGreater(len(s["mailbox"].encode()), 120)

    def test_memory_grows_with_what_is_kept(self):
        (before,), _ = rows(self.gw, "session", "list", "state=login")
        self.stranger.send(b"a LOGIN {5}\r\n")
        self.stranger.until(b"+")
        self.stranger.send(b"abc")
        (after,), _ = rows(self.gw, "session", "list", "state=login")
        self.stranger.send(b"de nothing\r\n")
        self.stranger.until(b"a ")
        self.assertGreater(after["memory"], before["memory"])

    def test_who(self):
        found, end = rows(self.gw, "who")
        self.assertEqual([(r["user"], r["sessions"], r["imaps"], r["pop3"]) for r in found],
                         [("anna", 1, 1, 0), ("anton", 1, 0, 0), ("berta", 1, 0, 1)])
        self.assertEqual((end["users"], end["sessions"]), (3, 3))
        self.assertEqual(found[0]["addresses"], ["127.0.0.1"])
        self.assertEqual(rows(self.gw, "who", "user=an*", "tls=yes")[1]["users"], 1)

    def test_kick_needs_to_know_whom(self):
        for words in (("session", "kick"), ("session", "kick", "999999")):
            p = self.gw.gwctl(*words, check=False)
            self.assertEqual(p.returncode, 1)
        self.assertEqual(rows(self.gw, "session", "kick", "user=nobody")[1]["sessions"], 0)
        self.assertEqual(len(self.users()), 4)

    def test_the_client_is_told_why_it_is_kicked(self):
        c, p = self.gw.imap("anton", "x"), self.gw.pop3("berta", "x")
        newest = max(rows(self.gw, "session", "list", "anton")[0], key=lambda r: int(r["id"]))
        self.assertEqual(rows(self.gw, "session", "kick", newest["id"], "reason=Wartung für alle")[1]["sessions"], 1)
        self.assertEqual(c.readline(), b"* BYE Wartung f??r alle\r\n")
        newest = max(rows(self.gw, "session", "list", "berta")[0], key=lambda r: int(r["id"]))
        rows(self.gw, "session", "kick", newest["id"])
        self.assertEqual(p._getline()[0], b"-ERR [SYS/TEMP] BYE Ended by an administrator")
        c.shutdown()
        p.close()

    def test_user_kick_ends_all_sessions_of_a_user(self):
        self.gw.add_user("carl", "x")
        connections = [self.gw.imap("carl", "x"), self.gw.imap("carl", "x", tls=True)]
        self.assertEqual(rows(self.gw, "user", "kick", "Carl", "reason=Later")[1]["sessions"], 2)
        for c in connections:
            self.assertEqual(c.readline(), b"* BYE Later\r\n")
            c.shutdown()
        self.assertEqual(len(self.users("user=*")), 3)


class Many(unittest.TestCase):
    """So many sessions are listed whole, filtered and kicked, and the others do not notice."""

    def test_many_sessions(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, MANY + 500), hard))
        with Gateway(max_connections=MANY + 50) as gw:
            for name in ("anna", "berta"):
                gw.add_user(name, "x")
            idle = [socket.create_connection(("127.0.0.1", gw.port["imap"])) for _ in range(MANY)]
            for s in idle:
                s.recv(4096)
            signed_on = [idle[i] for i in range(0, MANY, 10)]
            for i, s in enumerate(signed_on):
                s.sendall(b"a LOGIN %s x\r\n" % (b"berta" if i % 2 else b"anna"))
            for s in signed_on:
                self.assertIn(b"a OK", s.recv(4096))
            found, end = rows(gw, "session", "list")
            self.assertEqual((len(found), end["sessions"]), (MANY, MANY))
            self.assertEqual(len({r["id"] for r in found}), MANY)
            self.assertEqual(len(rows(gw, "session", "list", "user=a*")[0]), (len(signed_on) + 1) // 2)
            self.assertEqual([r["sessions"] for r in rows(gw, "who")[0]],
                             [(len(signed_on) + 1) // 2, len(signed_on) // 2])
            self.assertEqual(rows(gw, "session", "kick", "user=anna", "state=authenticated")[1]["sessions"],
                             (len(signed_on) + 1) // 2)
            for i, s in enumerate(signed_on):
                s.settimeout(60)
                if i % 2 == 0:
                    self.assertTrue(s.recv(4096).startswith(b"* BYE "))
                else:
                    s.sendall(b"b NOOP\r\n")
                    self.assertIn(b"b OK", s.recv(4096))
            self.assertTrue(until(lambda: not rows(gw, "session", "list", "user=anna")[0]))
            self.assertEqual(rows(gw, "session", "list", "user=berta")[1]["sessions"], len(signed_on) // 2)
            for s in idle:
                s.close()
            self.assertEqual(gw.stop(), 0)


if __name__ == "__main__":
    unittest.main()
