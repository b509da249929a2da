#!/usr/bin/env python3
"""News where the kernel has no inotify instance left (fs.inotify.max_user_instances): who asks hears what others did before."""
import ctypes
import os
import pwd
import shutil
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import Gateway, until  # noqa: E402

NOBODY = "nobody"
MESSAGE = b"Subject: news %d\r\n\r\nHello\r\n"


def take_all(uid):
    """All instances that a user may have; descriptors."""
    libc, fds = ctypes.CDLL(None, use_errno=True), []
    os.seteuid(uid)
    try:
        while (fd := libc.inotify_init1(os.O_CLOEXEC)) >= 0:
            fds.append(fd)
    finally:
        os.seteuid(0)
    return fds


@unittest.skipIf(os.geteuid(), "needs a user whose instances nobody else needs")
class NoInotify(unittest.TestCase):
    def setUp(self):
        for fd in take_all(pwd.getpwnam(NOBODY).pw_uid):
            self.addCleanup(os.close, fd)

    def gateway(self):
        gw = Gateway(run_as_user=NOBODY, run_as_group="nogroup")
        self.addCleanup(gw.remove)
        self.addCleanup(gw.stop)
        for path in (gw.folder, gw.cert, gw.key):
            shutil.chown(path, NOBODY, "nogroup")
        gw.start()
        gw.add_user("anna", "x")
        return gw

    def test_who_asks_hears_what_others_did_before(self):
        gw = self.gateway()
        with gw.imap("anna", "x") as asks, gw.imap("anna", "x") as tells:
            asks.select("INBOX")
            for n in range(1, 41):
                self.assertEqual(tells.append("INBOX", None, None, MESSAGE % n)[0], "OK")
                asks.noop()
                self.assertEqual(asks.untagged_responses.get("EXISTS", [None])[-1], b"%d" % n)

    def test_who_waits_hears_it_too(self):
        gw = self.gateway()
        with gw.imap("anna", "x") as waits, gw.imap("anna", "x") as tells:
            waits.select("INBOX")
            waits.send(b"i IDLE\r\n")
            self.assertTrue(waits.readline().startswith(b"+"))
            tells.append("INBOX", None, None, MESSAGE % 1)
            heard = []
            self.assertTrue(until(lambda: heard.append(waits.readline()) or heard[-1] == b"* 1 EXISTS\r\n"), heard)
            waits.send(b"DONE\r\n")
            while not waits.readline().startswith(b"i OK"):
                pass


if __name__ == "__main__":
    unittest.main()
