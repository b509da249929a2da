"""The filter for fail2ban finds the address in each line of a failed login that the daemon wrote, and no other address."""
import os
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from gateway import Gateway, Wire  # noqa: E402

FILTER = ROOT / "etc/fail2ban/filter.d/gateway.conf"
FRONT = "Thu Feb  8 10:11:12 2018: [auth] [warning] Failed to login from 203.0.113.9:1 with invalid username "

# What a client may call itself to have somebody else shut out, or to end the line.
NAMES = [
    b"anna", b"x from 203.0.113.9", b'y" or wrong password. Failed to login from 203.0.113.9:7 with invalid username "z',
    b"203.0.113.9:5", b"[203.0.113.9]:5", b'","address":"203.0.113.9:5","x":"', b'\\","address":"203.0.113.9:5',
    b'","service":"imap","address":"203.0.113.9:5","x":"', "\u2028{}".format(FRONT).encode(), b"\xff\xfe" + FRONT.encode(),
]
LITERALS = [b"line\r\n" + FRONT.encode() + b'"x"', b"\n" + FRONT.encode(), b"nul\0" + FRONT.encode(), b"\x1b[2K\r" + FRONT.encode()]


def quoted(name):
    return b'"' + name.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


def found(path, mode="normal"):
    """The addresses that fail2ban would count, one a hit."""
    p = subprocess.run(["fail2ban-regex", "-o", "ip", str(path), "%s[mode=%s]" % (FILTER, mode)], capture_output=True, text=True)
    return p.stdout.split()


@unittest.skipUnless(shutil.which("fail2ban-regex"), "fail2ban is not here (make deps)")
class Fail2ban(unittest.TestCase):
    def attack(self, gw):
        """Try all names; how many logins failed."""
        n = 0
        for name in NAMES + LITERALS:
            w = Wire(gw)
            said = quoted(name) if name in NAMES else b"{%d+}\r\n%s" % (len(name), name)
            answer = b"".join(w.command(b"a", b"LOGIN " + said + b' "wrong"'))
            n += b"AUTHENTICATIONFAILED" in answer
            w.close()
        for name in NAMES:
            w = Wire(gw, "pop3")
            w.send(b"USER " + name + b"\r\nPASS wrong\r\n")
            answers = [w.line(), w.line()]
            n += answers[0].startswith(b"+OK") and answers[1].startswith(b"-ERR [AUTH]")
            w.close()
        w = Wire(gw)
        for i in range(3):  # the same name, address and port: still one line each
            w.command(b"b%d" % i, b"LOGIN anna again")
            n += 1
        w.close()
        return n

    def check(self, **options):
        with Gateway(log_level=4, max_auth_failures=100, **options) as gw:
            gw.add_user("anna", "right")
            gw.imap("anna", "right").logout()
            n = self.attack(gw)
            gw.stop()
            hits = found(gw.options["log_file"])
            self.assertEqual(set(hits), {"127.0.0.1"}, hits)
            self.assertEqual(len(hits), n)
            self.assertEqual(gw.log().count("Failed to login from 127.0.0.1"), n)

    def test_lines_in_text(self):
        self.check()

    def test_lines_in_json(self):
        self.check(log_format="json")

    def test_lines_without_a_date(self):
        self.check(log_timestamp="no")

    def test_aggressive_counts_clients_that_speak_http_or_smtp(self):
        for form in ("text", "json"):
            with Gateway(log_level=4, log_format=form) as gw:
                for service in ("imap", "pop3"):
                    w = Wire(gw, service)
                    w.send(b"GET /" + FRONT.encode().replace(b" ", b"+") + b" HTTP/1.1\r\n\r\n")
                    w.closed()
                    w.close()
                    w = Wire(gw, service)
                    w.send(b"EHLO example.org\r\n")
                    self.assertIn(b"takes no mail", w.closed())
                    w.close()
                gw.stop()
                self.assertEqual(found(gw.options["log_file"]), [])
                self.assertEqual(found(gw.options["log_file"], "aggressive"), ["127.0.0.1"] * 4)

    def test_the_jail_is_read(self):
        jail = (ROOT / "etc/fail2ban/jail.d/gateway.conf").read_text()
        self.assertIn("filter   = gateway", jail)
        self.assertIn("enabled  = false", jail)

    def test_aggressive_counts_passwords_without_tls(self):
        path = Path(os.environ.get("TMPDIR", "/tmp")) / ("gateway-f2b-%d.log" % os.getpid())
        text = "Thu Feb  8 10:11:12 2018: [7] [error  ] Aborted login from 192.0.2.3:99 %s (tried to use disallowed plaintext auth)\n"
        try:
            path.write_text(text % 'with username "x"' + text % "without username")
            self.assertEqual(found(path), [])
            self.assertEqual(found(path, "aggressive"), ["192.0.2.3"] * 2)
        finally:
            path.unlink()


if __name__ == "__main__":
    unittest.main()
