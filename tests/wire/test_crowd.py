"""Every order of gwctl on a live daemon with 2,000 connections, in both process models.

Whoever adds a verb adds a line to CALLS: a verb without one fails the test.
"""
import json
import resource
import socket
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import Gateway  # noqa: E402

CROWD = 2000
SIGNED_ON = 40  # of them, as anna

# (order, standard input, exit status) in the order in which they are given. {id}: a session of anna; {folder}: a place
# for files. What follows events is asked for one row, or cancelled (FOLLOWED).
CALLS = [
    ("ping", "", 0), ("version", "", 0), ("help", "", 0), ("status", "", 0),
    ("session list", "", 0), ("session list --user anna --state selected", "", 0), ("session show {id}", "", 0),
    ("session show 999999999", "", 1), ("who", "", 0), ("session kick --client nobody-has-this", "", None),
    ("session kick {id}", "", 0), ("user kick nobody", "", None),
    ("stats", "", 0), ("stats mark before", "", 0), ("stats --since before", "", 0), ("hist FETCH", "", 0),
    ("metrics", "", 0), ("stats reset", "", 0),
    ("log level", "", 0), ("log level imap debug --for 10m", "", 0), ("log reopen", "", 0),
    ("why anna", "", 0),
    ("config show --changed", "", 0), ("config get imap_port", "", 0), ("config get nothing_like_it", "", 1),
    ("config diff", "", 0), ("reload --plan", "", 0), ("reload --confirm 60", "", 0), ("confirm", "", 0),
    ("undo", "", 0), ("tls reload", "", 0),
    ("auth test anna", "x\n", 0), ("auth test anna", "wrong\n", 1), ("auth explain anna", "", 0), ("limits anna", "", 0),
    ("ban add 192.0.2.0/24 --for 1h", "", 0), ("ban list", "", 0), ("ban remove 192.0.2.0/24", "", 0),
    ("penalty list", "", 0), ("penalty clear --all", "", None),
    ("health", "", None), ("health --deep", "", None), ("listeners", "", 0), ("tls list", "", 0), ("tls ticket rotate", "", 0),
    ("backend list", "", 0), ("backend test", "", 0), ("backend drain", "", 0), ("backend drain --undo", "", 0),
    ("user add carla", "secret\n", 0), ("user add carla", "secret\n", 1), ("user passwd carla", "other\n", 0),
    ("user list --usage", "", 0), ("user show carla", "", 0), ("user disable carla", "", 0), ("user enable carla", "", 0),
    ("user features carla pop3", "", 0), ("user move carla mail2.example.org as=karla", "", 0), ("user move carla", "", 0),
    ("user quota carla 10M 100", "", 0), ("user rename carla karla", "", 0),
    ("mailbox create karla Work/2024", "", 0), ("mailbox list karla", "", 0), ("mailbox status karla Work/2024", "", 0),
    ("mailbox rename karla Work/2024 Work/Old", "", 0), ("mailbox subscribe karla Work", "", 0),
    ("mailbox unsubscribe karla Work", "", 0), ("mailbox delete karla Work/Old", "", 0),
    ("quota show karla", "", 0), ("quota set karla 20M", "", 0), ("quota recalculate karla", "", 0),
    ("public create Announcements", "", 0), ("public grant Announcements anna --rights read", "", 0),
    ("public list", "", 0), ("public revoke Announcements anna", "", 0), ("public delete Announcements", "", 0),
    ("pop3 uidl-diff karla -", "1 none\n", 1), ("pop3 uidl-import karla -", "", 0), ("pop3 uidl-import karla -", "1 none\n", 1),
    ("import karla eml:{folder}/mail", "", 0), ("export karla maildir:{folder}/out", "", 0),
    ("store check", "", 0), ("store repair anna", "", 0), ("store backup {folder}/backup", "", 0),
    ("store verify {folder}/backup", "", 0), ("store restore {folder}/backup karla --replace", "", 0),
    ("store reindex karla", "", 0), ("store vacuum karla", "", 0), ("user delete karla", "", 0),
    ("drain --user bert", "", 0), ("resume --user bert", "", 0),
]
FOLLOWED = ["tail", "log tail", "trace user user=bert", "trace address address=192.0.2.1", "trace session id={id}",
            "session trace id={id}"]
LAST = ["drain", "resume", "shutdown", "stop"]  # the tests of draining have them


class Crowd(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        resource.setrlimit(resource.RLIMIT_NOFILE, (2 * CROWD + 1000,) * 2)
        cls.gw = Gateway(max_connections=CROWD + 100, login_timeout=3600, start_timeout=60).start()
        for name in ("anna", "bert"):
            cls.gw.add_user(name, "x")
        (cls.gw.folder / "mail").mkdir()
        (cls.gw.folder / "mail" / "one.eml").write_bytes(b"Subject: one\r\n\r\nx\r\n")
        cls.socks = [socket.create_connection(("127.0.0.1", cls.gw.port["imap"]), 120) for _ in range(CROWD)]
        for s in cls.socks:
            assert s.recv(1000).startswith(b"* OK"), s
        for s in cls.socks[:SIGNED_ON]:
            s.sendall(b"a LOGIN anna x\r\nb SELECT INBOX\r\n")
        for s in cls.socks[:SIGNED_ON]:
            data = b""
            while b"b OK" not in data:
                data += s.recv(10000)

    @classmethod
    def tearDownClass(cls):
        for s in cls.socks:
            s.close()
        status = cls.gw.stop(timeout=60)
        cls.gw.remove()
        assert status == 0, status

    def rows(self, *args):
        return [json.loads(line) for line in self.gw.gwctl("--json", *args).stdout.splitlines()]

    def test_no_verb_is_forgotten(self):
        verbs = {r["verb"] for r in self.rows("help") if "verb" in r}
        called = [c[0] for c in CALLS] + FOLLOWED + LAST
        for verb in verbs:
            with self.subTest(verb=verb):
                self.assertTrue(any((c + " ").startswith(verb + " ") for c in called))

    def test_every_verb_answers_as_text_and_as_json(self):
        sessions = [r for r in self.rows("session", "list", "user=anna") if "id" in r]
        self.assertEqual(len(sessions), SIGNED_ON)
        for i, (order, text, status) in enumerate(CALLS):
            with self.subTest(order=order):
                if order.startswith("reload"):
                    self.gw.write_config(imap_timeout=1900)
                words = [w.format(id=sessions[i % SIGNED_ON]["id"], folder=self.gw.folder) for w in order.split()]
                p = self.gw.gwctl("-y", *(["--json"] if i % 2 else []), *words, text=text, check=False)
                if status is not None:
                    self.assertEqual(p.returncode, status, p.stdout + p.stderr)
                if i % 2 and not order.startswith("metrics"):
                    for line in p.stdout.splitlines():
                        json.loads(line)

    def test_all_are_listed_and_counted(self):
        rows = [r for r in self.rows("session", "list") if "id" in r]
        self.assertGreaterEqual(len(rows), CROWD - 5)
        self.assertEqual(len({r["id"] for r in rows}), len(rows))
        self.assertGreaterEqual(self.rows("status")[-1]["connections"], CROWD - 5)

    def test_what_follows_events_ends_when_it_is_cancelled(self):
        some = next(r["id"] for r in self.rows("session", "list", "user=anna") if "id" in r)
        for order in FOLLOWED:
            with self.subTest(order=order), socket.socket(socket.AF_UNIX) as s:
                s.settimeout(60)
                s.connect(self.gw.options["control_socket"])
                s.sendall(order.format(id=some).encode() + b"\ncancel\nversion\n")
                s.shutdown(socket.SHUT_WR)
                lines = s.makefile().read().splitlines()
                ends = [line for line in lines[1:] if not line.startswith("D ")]
                self.assertEqual(len(ends), 2, lines)
                self.assertIn("version", ends[1])


if __name__ == "__main__":
    unittest.main()
