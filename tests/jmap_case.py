"""jmap_case.py - the gateway in front of the JMAP server double, for tests.

    class Something(JmapCase):
        SERVER = {"push": False}            # options of the double (jmap_server.py)
        GATEWAY = {"jmap_poll_interval": 1}  # of the gateway

        def test_x(self):                   # self.user is a user of its own, self.account its account's id
            c = self.client()
            c.ok("SELECT INBOX")
"""
import re
import socket
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from gateway import Gateway, until  # noqa: E402
from jmap_server import JmapServer  # noqa: E402

PASSWORD = "secret"


class Gone(Exception):
    """The connection ended."""


class Imap:
    """A client that sees what is sent: responses are bytes with their literals in place."""

    def __init__(self, port, timeout=60):
        self.s = socket.create_connection(("127.0.0.1", port), timeout)
        self.f = self.s.makefile("rb")
        self.n = 0
        self.untagged = []
        self.greeting = self.response()

    def close(self):
        self.f.close()
        self.s.close()

    def line(self):
        line = self.f.readline()
        if not line.endswith(b"\r\n"):
            raise Gone("after %r" % line)
        return line

    def response(self):
        out = self.line()
        while m := re.search(rb"\{(\d+)\}\r\n\Z", out):
            data = self.f.read(int(m[1]))
            if len(data) != int(m[1]):
                raise Gone("in a literal")
            out += data + self.line()
        return out

    def send(self, text, literal=None):
        """Begin a command; its tag. literal: sent behind the text."""
        self.n += 1
        tag = b"t%d" % self.n
        text = text.encode() if isinstance(text, str) else text
        data = tag + b" " + text
        if literal is not None:
            data += b" {%d+}\r\n" % len(literal) + literal
        self.s.sendall(data + b"\r\n")
        return tag

    def wait(self, tag):
        """The tagged response; untagged ones are in self.untagged."""
        self.untagged = []
        while True:
            r = self.response()
            if r.startswith(tag + b" "):
                return r[len(tag) + 1:-2].decode("utf-8", "replace")
            self.untagged.append(r[2:-2])

    def do(self, text, literal=None):
        return self.wait(self.send(text, literal))

    def ok(self, text, literal=None):
        """Run a command that must succeed; its untagged responses."""
        answer = self.do(text, literal)
        if not answer.startswith("OK"):
            raise AssertionError("%s: %s" % (text, answer))
        self.answer = answer
        return self.untagged

    def append(self, mailbox, data, flags="", date=""):
        """APPEND; the tagged response."""
        return self.do("APPEND %s%s%s" % (mailbox, " (%s)" % flags if flags else "", ' "%s"' % date if date else ""), data)

    def fetch(self, what, uids="1:*"):
        """uid -> response of UID FETCH."""
        out = {}
        for r in self.ok("UID FETCH %s (UID %s)" % (uids, what)):
            m = re.match(rb"\d+ FETCH \(", r)
            uid = re.search(rb"\bUID (\d+)", re.sub(rb"\{(\d+)\}\r\n", b"", r[:400]) if m else b"")
            uid = uid or (m and re.search(rb"\bUID (\d+)[^\r\n]*\)\Z", r))
            if m and uid:
                out[int(uid[1])] = r
        return out

    def bodies(self, uids="1:*"):
        """uid -> the octets of each message of the selected mailbox."""
        out = {}
        for uid, r in self.fetch("BODY.PEEK[]", uids).items():
            m = re.search(rb"BODY\[\] (?:\{(\d+)\}\r\n|\"([^\"]*)\")", r)
            out[uid] = r[m.end():m.end() + int(m[1])] if m and m[1] else m[2] if m else None
        return out

    def flags(self, uids="1:*"):
        """uid -> set of flags, without \\Recent."""
        out = {}
        for uid, r in self.fetch("FLAGS", uids).items():
            words = re.search(rb"FLAGS \(([^)]*)\)", r)[1].decode().split()
            out[uid] = set(words) - {"\\Recent"}
        return out

    def list(self, reference_and_pattern='"" "*"'):
        """name -> set of attributes."""
        out = {}
        for r in self.ok("LIST " + reference_and_pattern):
            m = re.match(rb'LIST \(([^)]*)\) (?:"."|NIL) (?:"((?:[^"\\]|\\.)*)"|([^ ]+))', r)
            if m:
                name = (m[2] if m[2] is not None else m[3]).decode().replace('\\"', '"').replace("\\\\", "\\")
                out[name] = set(m[1].decode().split())
        return out

    def search(self, keys):
        """The UIDs of UID SEARCH."""
        for r in self.ok("UID SEARCH " + keys):
            if r.startswith(b"SEARCH"):
                return [int(n) for n in r.split()[1:]]
            if r.startswith(b"ESEARCH"):
                m = re.search(rb"ALL ([\d:,]+)", r)
                return expand(m[1].decode()) if m else []
        return []

    def idle(self):
        """Begin IDLE; end it by done()."""
        tag = self.send("IDLE")
        assert self.response().startswith(b"+")
        return tag

    def until(self, pattern):
        """Read until a response matches; it."""
        while True:
            r = self.response()
            if re.search(pattern, r):
                return r

    def done(self, tag):
        self.s.sendall(b"DONE\r\n")
        return self.wait(tag)


def expand(text):
    """The numbers of "1,3:5"."""
    out = []
    for part in text.split(","):
        a, _, b = part.partition(":")
        out += range(int(a), int(b or a) + 1)
    return out


class JmapCase(unittest.TestCase):
    SERVER, GATEWAY = {}, {}

    @classmethod
    def setUpClass(cls):
        cls.js = JmapServer(**cls.SERVER).start()
        cls.gw = cls.gateway(cls.js).start()
        cls.users = 0

    @classmethod
    def gateway(cls, js, **more):
        """A gateway in front of js that was not started."""
        gw = Gateway(server_socket=js.url, **dict(cls.GATEWAY, **more))
        gw.options.setdefault("mirror_path", str(gw.folder / "mirror"))
        return gw

    @classmethod
    def tearDownClass(cls):
        output = cls.gw.output()
        status = cls.gw.stop()
        cls.js.stop()
        cls.js.remove()
        cls.gw.remove()
        assert status == 0, "gatewayd ended with %s\n%s" % (status, output)

    def setUp(self):
        self.clients = []
        JmapCase.users += 1
        self.user = "user%d" % JmapCase.users
        self.account = self.js.add_user(self.user, PASSWORD)

    def tearDown(self):
        self.js.clear()
        for c in self.clients:
            c.close()
        self.assertIsNone(self.gw.process.poll(), "the gateway ended:\n" + self.gw.output())

    users = 0

    def client(self, user=None, login=True, select=None, gw=None):
        c = Imap((gw or self.gw).port["imap"])
        self.clients.append(c)
        if login:
            c.ok("LOGIN %s %s" % (user or self.user, PASSWORD))
        if select:
            c.ok("SELECT " + select)
        return c

    def soon(self, f, want):
        """What others did is seen soon: f() becomes what is wanted."""
        got = []

        def same():
            got[:] = [f()]
            return got[0] == want
        self.assertTrue(until(same), got)

    def deliver(self, mailbox, data, keywords=(), **more):
        return self.js.deliver(self.user, mailbox, data, keywords, **more)

    def dump(self):
        return self.js.dump(self.user)

    def emails(self):
        """id -> what the server has of each message."""
        return self.dump()["emails"]
