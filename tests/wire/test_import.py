"""`gwctl import` of a Maildir: whoever is killed when, the next run goes on; at the end all is there, once."""
import os
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
from transfer import kill_9  # noqa: E402

MESSAGES = 600
KILLS = 8


def body(i):
    return ("From: a@example.org\nSubject: number %d\nMessage-ID: <%d@maildir>\n\n%s" %
            (i, i, ("line %d of it\n" % i) * (i * 7919 % 900))).encode()


def make_maildir(root, n):
    for sub in ("cur", "new", "tmp", ".Work", ".Work/cur", ".Work/new", ".Work/tmp"):
        (root / sub).mkdir(parents=True, exist_ok=True)
    for i in range(n):
        folder = root / ".Work" if i % 3 == 0 else root
        (folder / "cur" / ("%d.M%dP1.host:2,%s" % (1500000000 + i, i, "S" if i % 2 else ""))).write_bytes(body(i))


class Import(unittest.TestCase):
    def setUp(self):
        self.gw = Gateway().start()
        self.gw.add_user("anna", "pw")
        self.maildir = self.gw.folder / "Maildir"
        make_maildir(self.maildir, MESSAGES)
        self.random = random.Random(3)

    def tearDown(self):
        self.gw.stop()
        self.gw.remove()

    def begin(self, *more):
        return subprocess.Popen([str(self.gw.build / "gwctl"), "-s", self.gw.options["control_socket"], "import", "anna",
                                 "maildir:%s" % self.maildir, *more], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True)

    def run_to_end(self, *more):
        p = self.begin(*more)
        out, err = p.communicate(timeout=60)
        self.assertEqual(p.returncode, 0, out + err)
        return dict(line.split(None, 1) for line in out.splitlines() if not line.startswith("folder"))

    def whole(self, prefix="", user="anna"):
        c = self.gw.imap(user, "pw")
        found = {}
        for mailbox in ("INBOX", "Work"):
            c.select(prefix + mailbox, readonly=True)
            _, data = c.fetch("1:*", "(INTERNALDATE BODY.PEEK[])")
            found[mailbox] = sorted(d[1] for d in data if isinstance(d, tuple))
        c.logout()
        for mailbox, third in (("INBOX", False), ("Work", True)):
            self.assertEqual(found[mailbox], sorted(body(i).replace(b"\n", b"\r\n") for i in range(MESSAGES)
                                                    if (i % 3 == 0) == third))
        self.assertEqual(self.gw.gwctl("store", "check", user).returncode, 0)

    def until_done(self, strike):
        """Run it again and again while strike(process, delay) hits it; then to its end."""
        t = time.monotonic()
        self.gw.gwctl("import", "anna", "maildir:%s" % self.maildir, "--into", "Measure")
        lasts = time.monotonic() - t
        for _ in range(KILLS):
            p = self.begin()
            strike(p, self.random.random() * lasts)
            p.communicate(timeout=60)
        counts = self.run_to_end()
        self.assertEqual(int(counts["imported"]) + int(counts["already"]), MESSAGES)
        self.whole()
        self.assertEqual(self.run_to_end()["imported"], "0")

    def test_gwctl_is_killed_at_any_moment(self):
        def strike(p, delay):
            time.sleep(delay)
            p.kill()
        self.until_done(strike)

    def test_the_daemon_is_killed_at_any_moment(self):
        def strike(p, delay):
            timer = threading.Timer(delay, kill_9, [self.gw])
            timer.start()
            out, err = p.communicate(timeout=60)
            self.assertIn(p.returncode, (0, 1, 3), out + err)
            timer.join()
            self.gw.start()
        self.until_done(strike)

    def wait_for_handler(self, p):
        """Until gwctl holds Ctrl-C back."""
        for _ in range(2000):
            status = Path("/proc/%d/status" % p.pid).read_text()
            blocked = int(status.split("SigBlk:")[1].split()[0], 16)
            if blocked >> (signal.SIGINT - 1) & 1:
                return
            time.sleep(0.005)
        self.fail("gwctl does not wait for Ctrl-C")

    def test_ctrl_c_ends_after_the_batch_and_the_next_run_goes_on(self):
        os.kill(self.gw.pid, signal.SIGSTOP)
        p = self.begin()
        self.wait_for_handler(p)
        p.send_signal(signal.SIGINT)
        os.kill(self.gw.pid, signal.SIGCONT)
        out, err = p.communicate(timeout=60)
        self.assertEqual(p.returncode, 130, out + err)
        self.assertIn("once more to leave at once", err)
        imported = int(out.split("imported")[1].split()[0])
        self.assertTrue(0 < imported < MESSAGES, imported)
        self.assertEqual(int(self.run_to_end()["already"]), imported)
        self.whole()

    def test_an_export_that_is_killed_goes_on_and_comes_back_whole(self):
        self.run_to_end()
        target = "maildir:%s" % (self.gw.folder / "out")
        t = time.monotonic()
        self.gw.gwctl("export", "anna", target + "-measure")
        lasts = time.monotonic() - t
        for _ in range(KILLS):
            p = subprocess.Popen([str(self.gw.build / "gwctl"), "-s", self.gw.options["control_socket"], "export", "anna", target],
                                 stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            time.sleep(self.random.random() * lasts)
            p.kill()
            p.communicate(timeout=60)
        out = self.gw.gwctl("export", "anna", target).stdout
        counts = dict(line.split(None, 1) for line in out.splitlines() if not line.startswith("folder:"))
        self.assertEqual(int(counts["exported"]) + int(counts["already"]), MESSAGES, out)
        self.assertIn("exported  0", self.gw.gwctl("export", "anna", target).stdout)
        self.gw.add_user("bert", "pw")
        self.gw.gwctl("import", "bert", target)
        self.whole(user="bert")

    def test_it_says_what_it_does(self):
        p = self.begin("--into", "Old", "--dry-run")
        out, _ = p.communicate(timeout=60)
        self.assertIn("INBOX -> Old/INBOX, 400 messages", out)
        self.assertIn("would_import", out)
        p = self.begin("--into", "Old", "--json")
        out, _ = p.communicate(timeout=60)
        self.assertIn('"imported":%d' % MESSAGES, out)
        self.whole("Old/")
        p = self.gw.gwctl("import", "anna", "nothing:/there", check=False)
        self.assertEqual(p.returncode, 1)
        self.assertIn("maildir:", p.stderr)
        p = self.gw.gwctl("import", "bert", "maildir:%s" % self.maildir, check=False)
        self.assertEqual(p.returncode, 1)
        self.assertIn("bert", p.stderr)


if __name__ == "__main__":
    unittest.main()
