"""Maintenance of the store through the real gwctl beside users who go on working, cancelled and killed at any moment."""
import imaplib
import json
import random
import signal
import subprocess
import sys
import threading
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import Gateway  # noqa: E402

USERS = 4
MESSAGE = b"From: a@example.org\r\nSubject: letter %d\r\nMessage-ID: <%d@example.org>\r\n\r\n" + b"Some text. " * 200 + b"\r\n"


class Store(unittest.TestCase):
    def setUp(self):
        self.gw = Gateway(shutdown_timeout=5).start()
        self.addCleanup(self.gw.remove)
        self.addCleanup(self.gw.stop)
        self.copy = self.gw.folder / "copy"
        for i in range(USERS):
            self.gw.add_user("user%d" % i, "secret")
            with self.gw.imap("user%d" % i, "secret") as c:
                for k in range(5):
                    c.append("INBOX", "", None, MESSAGE % (k, 100 * i + k))

    def rows(self, *args, code=0):
        p = self.gw.gwctl("--json", *args, check=False)
        self.assertEqual(p.returncode, code, p.stdout + p.stderr)
        return [json.loads(line) for line in p.stdout.splitlines()]

    def count(self, user):
        with self.gw.imap(user, "secret") as c:
            return int(c.select("INBOX", readonly=True)[1][0])

    def sound(self):
        self.assertEqual(self.rows("store", "check")[-1]["problems"], 0)

    def writer(self, user, stop):
        with self.gw.imap(user, "secret") as c:
            n = 1000
            while not stop.is_set():
                c.append("INBOX", "", None, MESSAGE % (n, n))
                n += 1

    def test_a_backup_beside_a_writer_is_sound_and_comes_back(self):
        stop = threading.Event()
        thread = threading.Thread(target=self.writer, args=("user0", stop))
        thread.start()
        try:
            done = self.rows("store", "backup", str(self.copy))[-1]
        finally:
            stop.set()
            thread.join()
        self.assertEqual(done["accounts"], USERS)
        self.assertEqual(self.rows("store", "verify", str(self.copy))[-1]["problems"], 0)
        self.assertEqual(self.gw.gwctl("store", "backup", str(self.copy), check=False).returncode, 1)
        done = self.rows("store", "backup", str(self.copy), "update=yes")[-1]
        self.assertEqual(done["accounts"] + done["skipped"], USERS)
        self.gw.gwctl("-y", "user", "delete", "user3")
        self.gw.gwctl("store", "restore", str(self.copy), "user3")
        self.assertEqual(self.count("user3"), 5)
        self.gw.gwctl("store", "restore", str(self.copy), "user3", "as=old3")
        self.assertEqual(self.count("old3"), 5)
        self.sound()

    def test_replacing_mail_ends_the_sessions_of_the_user_and_of_nobody_else(self):
        self.gw.gwctl("store", "backup", str(self.copy))
        mine, other = self.gw.imap("user1", "secret"), self.gw.imap("user2", "secret")
        self.addCleanup(mine.shutdown)
        self.addCleanup(other.shutdown)
        mine.select("INBOX")
        mine.store("1:3", "+FLAGS", r"(\Deleted)")
        mine.expunge()
        p = self.gw.gwctl("store", "restore", str(self.copy), "user1", check=False)
        self.assertEqual(p.returncode, 1)
        self.assertEqual(mine.noop()[0], "OK")
        self.gw.gwctl("store", "restore", str(self.copy), "user1", "replace=yes")
        with self.assertRaises((imaplib.IMAP4.abort, imaplib.IMAP4.error, OSError)):
            mine.noop()
            mine.noop()
        self.assertEqual(other.noop()[0], "OK")
        self.assertEqual(self.count("user1"), 5)
        with self.gw.imap("user1", "secret") as c:
            c.select("INBOX")
            self.assertEqual(len(c.search(None, "BODY", '"some text"')[1][0].split()), 5)

    def test_damage_in_a_backup_is_found_and_nothing_is_brought_back_from_it(self):
        self.gw.gwctl("store", "backup", str(self.copy))
        victim = sorted((self.copy / "users").glob("*/*/mail.db"))[2]
        data = bytearray(victim.read_bytes())
        data[len(data) // 2] ^= 1
        victim.write_bytes(data)
        rows = self.rows("store", "verify", str(self.copy), code=1)
        self.assertEqual([r["account"] for r in rows if r.get("event") == "problem"], ["user2"])
        self.assertNotEqual(self.gw.gwctl("store", "restore", str(self.copy), "user2", "replace=yes",
                                          check=False).returncode, 0)
        self.assertEqual(self.count("user2"), 5)

    def test_searches_go_on_while_the_index_is_built_anew(self):
        stop, found = threading.Event(), []

        def search():
            with self.gw.imap("user0", "secret") as c:
                c.select("INBOX")
                while not stop.is_set() or not found:
                    found.append(len(c.search(None, "BODY", '"some text"')[1][0].split()))
        thread = threading.Thread(target=search)
        thread.start()
        try:
            self.assertEqual(self.rows("store", "reindex")[-1]["accounts"], USERS)
            self.assertEqual(self.rows("store", "vacuum")[-1]["accounts"], USERS)
        finally:
            stop.set()
            thread.join()
        self.assertEqual(set(found), {5})
        self.sound()

    def interrupted(self, *args, delay, sig=signal.SIGINT):
        p = subprocess.Popen([str(self.gw.build / "gwctl"), "-s", self.gw.options["control_socket"], *args],
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(delay)
        p.send_signal(sig)
        p.wait(60)

    def test_work_that_is_cancelled_or_loses_its_client_goes_on(self):
        dice = random.Random(5)
        for sig in (signal.SIGINT, signal.SIGKILL) * 3:
            self.interrupted("store", "backup", str(self.copy), delay=dice.uniform(0, 0.05), sig=sig)
        end = time.monotonic() + 60
        while time.monotonic() < end:  # the last one may still be ending
            p = self.gw.gwctl("store", "backup", str(self.copy), "update=yes", check=False)
            if p.returncode == 0:
                break
            time.sleep(0.05)
        self.assertEqual(p.returncode, 0, p.stderr)
        self.assertEqual(self.rows("store", "verify", str(self.copy))[-1]["problems"], 0)

    def test_the_daemon_may_be_killed_in_the_middle_of_anything(self):
        dice = random.Random(7)
        self.gw.gwctl("store", "backup", str(self.copy))
        again = self.gw.folder / "again"
        orders = (("store", "restore", str(self.copy), "replace=yes"), ("store", "backup", str(again), "update=yes"),
                  ("store", "reindex"), ("store", "vacuum"), ("quota", "recalculate"), ("store", "repair"))
        for order in orders:
            p = subprocess.Popen([str(self.gw.build / "gwctl"), "-s", self.gw.options["control_socket"], *order],
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(dice.uniform(0, 0.06))
            self.gw.stop(signal.SIGKILL)
            p.wait(60)
            self.gw.start()
            self.sound()
            self.assertEqual([self.count("user%d" % i) for i in range(USERS)], [5] * USERS)
        self.gw.gwctl("store", "backup", str(again), "update=yes")
        self.assertEqual(self.rows("store", "verify", str(again))[-1]["problems"], 0)


if __name__ == "__main__":
    unittest.main()
