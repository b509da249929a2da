"""Passwords leave no traces: not in the log at its most talkative, not in the memory of the daemon."""
import base64
import os
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import Gateway, Wire  # noqa: E402


def plain(user, password):
    return base64.b64encode(b"\0" + user + b"\0" + password)


class Secrets(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.gw = Gateway(log_level=6, max_auth_failures=100, imap_max_fail_commands=0).start()
        cls.gw.add_user("anna", "Str4wberryFields-good")

    @classmethod
    def tearDownClass(cls):
        cls.gw.stop()
        cls.gw.remove()

    def processes(self):
        """The daemon and its children."""
        pids = [self.gw.pid]
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                if int(stat.read_text().rsplit(")", 1)[1].split()[1]) == self.gw.pid:
                    pids.append(int(stat.parent.name))
            except OSError:
                pass
        return pids

    def found_in(self, pid, needle):
        """How often needle is in the writable memory of a process."""
        n = 0
        try:
            with open("/proc/%d/maps" % pid) as maps, open("/proc/%d/mem" % pid, "rb", 0) as mem:
                for line in maps:
                    span, mode = line.split()[:2]
                    if not mode.startswith("rw") or "[v" in line:
                        continue
                    low, high = (int(x, 16) for x in span.split("-"))
                    if high - low > 1 << 28:  # only reserved, for a sanitizer
                        continue
                    try:
                        mem.seek(low)
                        n += mem.read(high - low).count(needle)
                    except (OSError, ValueError, OverflowError):
                        pass
        except (FileNotFoundError, ProcessLookupError):  # a child that has ended, or that does meanwhile
            return 0
        return n

    def found_soon(self, pid, needle):
        """The same when the daemon is through with the command whose answer we have: a moment later, when it has its turn."""
        deadline = time.monotonic() + 20
        while True:
            n = self.found_in(pid, needle)
            if n == 0 or time.monotonic() > deadline:
                return n
            time.sleep(0.02)

    def assert_not_in_log(self, what, secret):
        log = self.gw.log()
        self.assertFalse(secret.decode() in log or plain(b"anna", secret)[8:-4].decode() in log, "%s: in the log" % (what,))

    def assert_nowhere(self, what, secret):
        self.assert_not_in_log(what, secret)
        try:
            for pid in self.processes():
                for needle in (secret, plain(b"anna", secret)[8:-4]):
                    self.assertEqual(self.found_soon(pid, needle), 0, "%s: in the memory of %d" % (what, pid))
        except PermissionError:
            self.skipTest("the memory of the daemon cannot be read here")

    def test_imap_logins_of_all_kinds(self):
        good, n = b"Str4wberryFields-good", 0
        for tls in ("imap", "imaps"):
            for text, more in (
                    (b"LOGIN anna %s", b""), (b'LOGIN anna "%s"', b""), (b"LOGIN anna {%d+}\r\n%s", b""), (b"LOGIN anna %s extra", b""),
                    (b"LOGI anna %s", b""), (b"AUTHENTICATE PLAIN %p", b""), (b"AUTHENTICATE NOSUCH %p", b""),
                    (b"AUTHENTICATE PLAIN", b"%p"), (b"AUTHENTICATE PLAIN %p!", b"")):
                for secret in (good, b"Str4wberryFields-bad%02d" % n):
                    w = Wire(self.gw, tls)
                    line = text.replace(b"%d", b"%d" % len(secret)).replace(b"%s", secret).replace(b"%p", plain(b"anna", secret))
                    w.send(b"a " + line + b"\r\n")
                    if more:
                        w.line()
                        w.send(more.replace(b"%p", plain(b"anna", secret)) + b"\r\n")
                    w.until(b"a ")
                    w.command(b"b", b"NOOP")
                    self.assert_nowhere(line, secret)
                    w.close()
                    n += 1

    def test_a_login_in_pieces(self):
        w = Wire(self.gw)
        secret = b"Str4wberryFields-pieces"
        w.send(b"a LOGIN anna {%d}\r\n" % len(secret))
        self.assertTrue(w.line().startswith(b"+"))
        for i in range(0, len(secret), 5):
            w.send(secret[i:i + 5])
            w.s.setsockopt(6, 1, 1)
            os.sched_yield()
        w.send(b"\r\n")
        w.until(b"a ")
        w.command(b"b", b"NOOP")
        self.assert_nowhere("pieces", secret)
        w.close()

    def test_a_login_that_comes_while_another_is_looked_at(self):
        for tls in ("imap", "imaps"):
            w = Wire(self.gw, tls)
            w.s.setsockopt(6, 1, 1)
            secret = b"Str4wberryFields-late"
            for _ in range(5):
                w.send(b"a LOGIN anna early\r\n")
                time.sleep(0.002)  # it is with a worker now, most of the times
                w.send(b"b LOGIN anna %s\r\n" % secret)
                w.until(b"b ")  # nothing may be sent now: what comes next is read into the same place
                self.assert_nowhere("late on " + tls, secret)
            w.close()

    def test_answers_to_a_challenge_that_did_not_come(self):
        secret = b"Str4wberryFields-answer"
        for service in ("imap", "pop3"):
            w = Wire(self.gw, service)
            w.send(b"a AUTHENTICATE NOSUCH\r\n" if service == "imap" else b"AUTH NOSUCH\r\n")
            w.line()
            w.send(plain(b"anna", secret) + b"\r\n" + secret + b"\r\n")
            w.line()
            w.line()
            self.assert_not_in_log(service, secret)  # a tag goes back to the client through memory
            w.close()

    def test_pop3_logins(self):
        for service in ("pop3", "pop3s"):
            for lines in ((b"USER anna", b"PASS %s"), (b"AUTH PLAIN %p",), (b"AUTH NOSUCH %p",), (b"AUTH PLAIN", b"%p"),
                          (b"PASS %s",), (b"PAS %s",), (b"APOP anna %s",)):
                secret = b"Str4wberryFields-pop3"
                w = Wire(self.gw, service)
                for line in lines:
                    w.send(line.replace(b"%s", secret).replace(b"%p", plain(b"anna", secret)) + b"\r\n")
                    w.line()
                w.send(b"NOOP\r\n")
                w.line()
                self.assert_nowhere(b" ".join(lines), secret)
                w.close()


if __name__ == "__main__":
    unittest.main()
