#!/usr/bin/env python3
"""Two gateways in front of one JMAP server, with one PostgreSQL: a client may come to either."""
import re
import shutil
import sys
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import Gateway, until  # noqa: E402
from jmap_server import JmapServer  # noqa: E402
from postgres import Postgres  # noqa: E402

MAIL = b"Subject: %d\r\n\r\nNumber %d.\r\n"


class TwoGateways(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.pg = Postgres()
        cls.addClassCleanup(cls.pg.close)
        cls.server = JmapServer(fsync=False)
        cls.server.__enter__()
        cls.addClassCleanup(cls.server.__exit__, None, None, None)
        cls.gw = []
        for i in range(2):
            gw = Gateway(server_socket=cls.server.url, mirror_path=cls.server.folder / ("mirror%d" % i),
                         state_database=cls.pg.url)
            gw.__enter__()
            cls.addClassCleanup(gw.__exit__, None, None, None)
            cls.gw.append(gw)

    def user(self, n=0):
        """A user of the test's own with n messages."""
        name = self.id().rsplit(".", 1)[1]
        self.server.add_user(name, "pw")
        for i in range(n):
            self.server.deliver(name, "inbox", MAIL % (i, i), received=1_700_000_000 + i)
        return name

    def imap(self, i, name):
        c = self.gw[i].imap(name, "pw")
        self.addCleanup(c.shutdown)
        return c

    def picture(self, c, mailbox="INBOX"):
        """What a client that keeps a copy compares."""
        ok, data = c.status(mailbox, "(MESSAGES UIDNEXT UIDVALIDITY UNSEEN HIGHESTMODSEQ)")
        if ok != "OK" or c.select(mailbox, readonly=True)[0] != "OK":
            return None  # it has not heard of it yet
        rows = c.fetch("1:*", "(UID FLAGS MODSEQ EMAILID)")[1]
        return data, [re.sub(rb" ?\\Recent", b"", r) for r in rows if r]

    def same(self, a, b, mailbox="INBOX"):
        seen = []

        def equal():
            seen[:] = self.picture(a, mailbox), self.picture(b, mailbox)
            return seen[0] and seen[0] == seen[1]
        self.assertTrue(until(equal), "%s\n%s" % tuple(seen or (None, None)))
        return seen[0]

    def test_the_second_gateway_gives_the_uids_of_the_first(self):
        name = self.user(20)
        a, b = self.imap(0, name), self.imap(1, name)
        _, rows = self.same(a, b)
        self.assertEqual(len(rows), 20)

    def test_a_client_that_moves_finds_what_it_left(self):
        name = self.user(5)
        c = [self.imap(0, name), self.imap(1, name)]
        for n in range(6):
            one = c[n % 2]
            self.same(c[0], c[1])
            self.assertEqual(one.select("INBOX")[0], "OK")
            self.assertEqual(one.append("INBOX", "", None, MAIL % (100 + n, n))[0], "OK")
            self.assertEqual(one.store("1", "+FLAGS" if n % 2 else "-FLAGS", r"(\Seen $Blue)")[0], "OK")
            self.assertEqual(one.store("2", "+FLAGS", r"(\Deleted)")[0], "OK")
            if n == 3:
                self.assertEqual(one.expunge()[0], "OK")
            self.assertEqual(one.create("box%d" % n)[0], "OK")
            self.assertEqual(one.copy("1", "box%d" % n)[0], "OK")
            self.same(c[0], c[1], "box%d" % n)
        _, rows = self.same(c[0], c[1])
        self.assertTrue(any(rb"\Deleted" in r for r in rows), rows)

    def test_what_happens_at_both_at_once_gives_no_uid_twice(self):
        name = self.user(0)
        c = [self.imap(i % 2, name) for i in range(4)]

        def work(i):
            got = []
            for n in range(8):
                ok, data = c[i].append("INBOX", "", None, MAIL % (i, n))
                self.assertEqual(ok, "OK", data)
                got.append(re.search(rb"APPENDUID (\d+ \d+)", data[0]).group(1))
            return got
        with ThreadPoolExecutor(4) as pool:
            uids = [u for got in pool.map(work, range(4)) for u in got]
        self.assertEqual(len(set(uids)), 32)
        _, rows = self.same(c[0], c[1])
        self.assertEqual(len(rows), 32)

    def test_a_gateway_that_lost_its_mirrors_goes_on(self):
        name = self.user(8)
        a, b = self.imap(0, name), self.imap(1, name)
        b.select("INBOX")
        b.store("3", "+FLAGS", r"(\Deleted)")
        before = self.same(a, b)
        gw = self.gw[1]
        gw.stop()
        shutil.rmtree(gw.options["mirror_path"])
        gw.start()
        again = self.imap(1, name)
        self.assertEqual(self.picture(again), before)
        self.same(a, again)

    def test_while_postgresql_is_away_clients_read(self):
        name = self.user(3)
        a = self.imap(0, name)
        before = self.picture(a)
        self.pg.stop()
        try:
            self.assertEqual(a.select("INBOX")[0], "OK")
            self.assertEqual(len(a.fetch("1:*", "(UID FLAGS)")[1]), 3)
            # What comes meanwhile cannot get a UID; what is there goes on being read.
            self.server.deliver(name, "inbox", MAIL % (3, 3))
            for _ in range(20):
                self.assertEqual(a.noop()[0], "OK")
                ok, data = a.select("INBOX")
                self.assertEqual((ok, data), ("OK", [b"3"]))
                time.sleep(0.1)
            self.assertEqual(len(a.fetch("1:*", "(UID FLAGS)")[1]), 3)
            ok, data = a.store("1", "+FLAGS", r"(\Flagged)")
            self.assertEqual(ok, "NO")
            self.assertIn(b"UNAVAILABLE", data[0])
            self.assertNotIn("se:cret", self.gw[0].log())
        finally:
            self.pg.start()
        self.assertTrue(until(lambda: a.store("1", "+FLAGS", r"(\Flagged)")[0] == "OK"))
        self.assertTrue(until(lambda: len(self.picture(a)[1]) == len(before[1]) + 1))


if __name__ == "__main__":
    unittest.main()
