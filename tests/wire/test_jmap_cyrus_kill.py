#!/usr/bin/env python3
"""A JMAP server (Cyrus) that is killed with kill -9 and started again in the middle of work.

What the gateway acknowledged is there once, nothing is there twice, and clients keep their session.
Environment: GW_KILLS, how often."""
import imaplib
import os
import random
import re
import sys
import threading
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from cyrus import Cyrus  # noqa: E402
from gateway import Gateway, until  # noqa: E402

KILLS = int(os.environ.get("GW_KILLS", "3"))
MESSAGE = b"From: a@example.org\r\nSubject: work %d\r\nMessage-ID: <%d@work>\r\n\r\nbody %d\r\n"


class Worker(threading.Thread):
    """Appends message after message and flags each; notes which were acknowledged."""

    def __init__(self, gateway):
        super().__init__(daemon=True)
        self.gateway, self.over = gateway, threading.Event()
        self.tried, self.kept, self.flagged, self.trouble = 0, set(), set(), []

    def run(self):
        try:
            imap = self.gateway.imap("anna", "pw")
            imap.select("INBOX")
            while not self.over.is_set():
                self.step(imap)
            imap.logout()
        except (imaplib.IMAP4.error, OSError) as e:
            self.trouble.append(repr(e))

    def step(self, imap):
        n, self.tried = self.tried, self.tried + 1
        ok, text = imap.append("INBOX", None, None, MESSAGE % (n, n, n))
        if ok != "OK":
            return
        self.kept.add(n)
        uid = re.search(rb"APPENDUID \d+ (\d+)", text[0]).group(1).decode()
        if imap.uid("STORE", uid, "+FLAGS.SILENT", "(\\Flagged)")[0] == "OK":
            self.flagged.add(n)


class Killed(unittest.TestCase):
    def listing(self, imap):
        """{number: [flags of each message with it]} of INBOX."""
        imap.select("INBOX", readonly=True)
        found = {}
        for r in imap.fetch("1:*", "(FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])")[1]:
            if isinstance(r, tuple):
                n = int(re.search(rb"work (\d+)", r[1]).group(1))
                found.setdefault(n, []).append(b"\\Flagged" in r[0])
        return found

    def test_nothing_acknowledged_is_lost_or_doubled(self):
        chance = random.Random(7)
        with Cyrus(users=["anna"]) as cyrus, \
                Gateway(server_socket=cyrus.jmap_url, mirror_path=cyrus.folder / "mirror",
                        imap_max_fail_commands=100000) as gw:
            worker = Worker(gw)
            worker.start()
            for _ in range(KILLS):
                before = len(worker.kept)
                self.assertTrue(until(lambda: len(worker.kept) > before + chance.randrange(8) or worker.trouble, 60))
                cyrus.kill()
                cyrus.run()
            before = len(worker.kept)
            self.assertTrue(until(lambda: len(worker.kept) > before or worker.trouble, 60))
            worker.over.set()
            worker.join(60)
            self.assertEqual(worker.trouble, [])
            own, ours = cyrus.imap("anna"), gw.imap("anna", "pw")
            for imap in (own, ours):
                found = self.listing(imap)
                self.assertEqual(worker.kept - set(found), set(), "acknowledged and lost")
                self.assertEqual([n for n, all_ in found.items() if len(all_) > 1], [], "there twice")
                self.assertEqual([n for n in worker.flagged if not found[n][0]], [], "flags acknowledged and lost")
                imap.logout()


if __name__ == "__main__":
    unittest.main()
