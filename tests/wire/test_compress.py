#!/usr/bin/env python3
"""COMPRESS=DEFLATE (RFC 4978) and UNAUTHENTICATE (RFC 8437) with the real daemon: what the conversations cannot see."""
import base64
import json
import os
import random
import sys
import unittest
import zlib
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import Gateway, Wire, until  # noqa: E402

MANY = 400
FLUSHES = {"sync": zlib.Z_SYNC_FLUSH, "full": zlib.Z_FULL_FLUSH, "partial": zlib.Z_PARTIAL_FLUSH}


class Layer:
    """The socket of a Wire, compressed."""

    def __init__(self, sock, flush=zlib.Z_SYNC_FLUSH, level=6):
        self.s, self.flush = sock, flush
        self.out = zlib.compressobj(level, zlib.DEFLATED, -15)
        self.into = zlib.decompressobj(-15)
        self.received = 0

    def pack(self, data, flush=None):
        return self.out.compress(data) + self.out.flush(self.flush if flush is None else flush)

    def sendall(self, data):
        self.s.sendall(self.pack(data))

    def recv(self, n):
        while True:
            piece = self.s.recv(n)
            self.received += len(piece)
            plain = self.into.decompress(piece)
            if plain or not piece:
                return plain

    def close(self):
        self.s.close()


class Compressed(Wire):
    def __init__(self, gw, user, service="imap", **how):
        super().__init__(gw, service)
        assert self.command(b"l", b"LOGIN %s x" % user.encode())[-1].startswith(b"l OK")
        self.begin(**how)

    def begin(self, **how):
        assert self.command(b"z", b"COMPRESS DEFLATE")[-1].startswith(b"z OK")
        assert not self.buffer
        self.s = Layer(self.s, **how)

    def plain(self):
        self.s = self.s.s

    def append(self, message, box=b"INBOX"):
        self.send(b"p APPEND %s {%d+}\r\n%s\r\n" % (box, len(message), message))
        return self.until(b"p ")[-1]

    def fetch(self, text):
        """What a FETCH of one literal gives."""
        self.send(b"f %s\r\n" % text)
        first = self.line()
        n = int(first[first.rindex(b"{") + 1:first.rindex(b"}")])
        data = b""
        while len(data) < n:
            data += self.line()
        assert self.until(b"f ")[-1].startswith(b"f OK"), first
        return data[:n]


class Compress(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.gw = Gateway(log_level=6, imap_max_messagesize="20M")
        cls.gw.start()
        for name in ("anna", "bert", "carl", "dora"):
            cls.gw.add_user(name, "x")

    @classmethod
    def tearDownClass(cls):
        status = cls.gw.stop()
        cls.gw.remove()
        assert status == 0, status

    def session(self, user):
        found = [json.loads(line) for line in self.gw.gwctl("--json", "session", "list", user).stdout.splitlines()]
        return [s for s in found if s.get("user") == user]

    def test_octets_behind_the_command_are_compressed(self):
        """RFC 4978 3: first what follows COMPRESS; a client that does not wait is understood."""
        w = Wire(self.gw)
        w.command(b"l", b"LOGIN anna x")
        layer = Layer(w.s)
        w.send(b"a COMPRESS DEFLATE\r\n" + layer.pack(b"b NOOP\r\n"))
        self.assertEqual(w.line(), b"a OK DEFLATE active\r\n")
        layer.into = zlib.decompressobj(-15)
        rest, w.buffer = w.buffer, layer.into.decompress(w.buffer)
        w.s = layer
        self.assertEqual(w.line(), b"b OK NOOP completed\r\n", rest)
        w.close()

    def test_what_is_not_compressed_ends_the_session(self):
        w = Wire(self.gw)
        w.command(b"l", b"LOGIN anna x")
        w.send(b"a COMPRESS DEFLATE\r\nb NOOP\r\nc NOOP\r\n")
        self.assertEqual(w.line(), b"a OK DEFLATE active\r\n")
        w.s = Layer(w.s)
        if w.buffer:
            w.buffer = w.s.into.decompress(w.buffer)
        self.assertEqual(w.closed(), b"* BYE Compressed data was expected\r\n")
        self.assertTrue(until(lambda: "cannot be decompressed" in self.gw.log()))

    def test_garbage_at_any_moment(self):
        seeds = random.Random(4978)
        for n in range(40):
            w = Compressed(self.gw, "anna")
            w.s.s.sendall(w.s.pack(b"a NOOP\r\n")[:n % 9] + seeds.randbytes(300))
            w.s.s.shutdown(1)
            w.closed()
            w.close()
        self.assertEqual(Compressed(self.gw, "anna").command(b"a", b"NOOP")[-1], b"a OK NOOP completed\r\n")

    def test_every_flush_and_every_split(self):
        for name, flush in FLUSHES.items():
            with self.subTest(name):
                w = Compressed(self.gw, "anna", flush=flush)
                for i in range(30):
                    for octet in w.s.pack(b"a%d NOOP\r\n" % i):
                        w.s.s.sendall(bytes((octet,)))
                    if flush != zlib.Z_PARTIAL_FLUSH: # whose last bits may wait for what comes next
                        self.assertEqual(w.line(), b"a%d OK NOOP completed\r\n" % i)
                if flush == zlib.Z_PARTIAL_FLUSH:
                    w.s.s.sendall(w.s.pack(b"z NOOP\r\n", zlib.Z_SYNC_FLUSH))
                    self.assertEqual(len(w.until(b"z ")), 31)
                w.close()

    def test_a_client_that_ends_its_stream_is_answered(self):
        w = Compressed(self.gw, "anna")
        w.s.s.sendall(w.s.pack(b"a NOOP\r\nb NOOP\r\n", zlib.Z_FINISH))
        self.assertEqual(w.closed(), b"a OK NOOP completed\r\nb OK NOOP completed\r\n")

    def test_far_references(self):
        """A client's blocks may refer to 32 KB before them, however many flushes are between."""
        seeds = random.Random(1951)
        message = base64.encodebytes(seeds.randbytes(11000)).replace(b"\n", b"\r\n")
        w = Compressed(self.gw, "bert", level=9)
        w.command(b"c", b"CREATE far")
        for i in range(12):
            self.assertIn(b"OK", w.append(b"Subject: %d\r\n\r\n" % i + message, b"far"))
            w.command(b"n", b"NOOP")
        w.command(b"s", b"EXAMINE far")
        for i in (1, 5, 12):
            self.assertEqual(w.fetch(b"FETCH %d BODY.PEEK[TEXT]" % i), message)
        w.close()

    def test_large_messages_of_all_kinds(self):
        """RFC 4978 4: text, base64, binary, and again text."""
        seeds = random.Random(2)
        text = b"".join(b"line %d of a text that goes on and on\r\n" % seeds.randrange(10 ** 6) for _ in range(60000))
        coded = base64.encodebytes(seeds.randbytes(3 << 20)).replace(b"\n", b"\r\n")
        for service in ("imap", "imaps"):
            w = Compressed(self.gw, "carl", service)
            w.command(b"c", b"CREATE %s" % service.encode())
            for m in (text, coded, text):
                self.assertIn(b"OK", w.append(b"Subject: x\r\n\r\n" + m, service.encode()))
            w.command(b"s", b"SELECT %s" % service.encode())
            before = w.s.received
            for i, m in ((1, text), (2, coded), (3, text), (2, coded)):
                self.assertEqual(w.fetch(b"FETCH %d BODY.PEEK[TEXT]" % i), m)
            sent, plain = w.s.received - before, 2 * len(text) + 2 * len(coded)
            self.assertLess(sent, plain * 0.7)
            if service == "imap": # decoded, it is what nothing can make smaller; it must hardly grow
                head = b"MIME-Version: 1.0\r\nContent-Type: image/jpeg\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                self.assertIn(b"OK", w.append(head + coded))
                w.command(b"s", b"EXAMINE INBOX")
                before = w.s.received
                self.assertEqual(w.fetch(b"FETCH * BINARY.PEEK[1]"), base64.b64decode(coded))
                self.assertLess(w.s.received - before, (3 << 20) * 1.01)
            w.close()

    def test_few_octets_that_become_many(self):
        """A thousand times as many: taken in no faster than they are used, and refused as they would be plain."""
        w = Compressed(self.gw, "dora", level=9)
        packed = w.s.pack(b"a NOOP " + b" " * (64 << 20))
        self.assertLess(len(packed), 100000)
        w.s.s.sendall(packed)
        self.assertIn(b"BAD", w.line())
        w.close()
        w = Compressed(self.gw, "dora", level=9)
        w.send(b"a APPEND INBOX {%d+}\r\n" % (19 << 20) + b"\0" * (19 << 20) + b"\r\nb NOOP\r\n")
        lines = w.until(b"b ")
        self.assertTrue(lines[0].startswith((b"a NO", b"a BAD", b"a OK")), lines)
        self.assertEqual(lines[-1], b"b OK NOOP completed\r\n")
        self.assertLess(self.session("dora")[0]["memory"], 2 << 20)
        w.close()

    def test_what_an_idle_session_holds(self):
        """No compressor, no decompressor: what was said last each way."""
        plain = self.gw.imap("bert", "x")
        plain.select()
        many = [Compressed(self.gw, "bert") for _ in range(8)]
        for w in many:
            w.command(b"s", b"SELECT INBOX")
            for i in range(30):
                w.command(b"n", b"STATUS INBOX (MESSAGES)")
        sessions = self.session("bert")
        least = min(s["memory"] for s in sessions if not s["compressed"])
        self.assertEqual(sum(s["compressed"] for s in sessions), len(many))
        for s in sessions:
            if s["compressed"]:
                self.assertLess(s["memory"] - least, 8192, s)
        for w in many:
            w.close()
        plain.logout()

    def test_goodbye_is_compressed(self):
        w = Compressed(self.gw, "carl")
        self.gw.gwctl("session", "kick", "--user", "carl")
        self.assertTrue(w.closed().startswith(b"* BYE "))

    def test_the_dialogue_is_shown_as_it_was_meant(self):
        w = Compressed(self.gw, "anna")
        w.command(b"seen", b"STATUS INBOX (UIDNEXT)")
        self.assertTrue(until(lambda: "seen STATUS INBOX (UIDNEXT)" in self.gw.log() and
                              "seen OK STATUS completed" in self.gw.log()))
        w.close()


class Unauthenticate(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.gw = Gateway(max_connections_per_user=1, log_level=4)
        cls.gw.start()
        for name in ("anna", "bert"):
            cls.gw.add_user(name, "x")

    @classmethod
    def tearDownClass(cls):
        status = cls.gw.stop()
        cls.gw.remove()
        assert status == 0, status

    def users(self):
        rows = [json.loads(line) for line in self.gw.gwctl("--json", "session", "list", "--full").stdout.splitlines()[:-1]]
        return sorted((r["user"], r["state"], r.get("mechanism", "")) for r in rows)

    def test_nobody_is_counted_for_a_connection_that_was_left(self):
        a = Wire(self.gw)
        self.assertIn(b"OK", a.command(b"a", b"LOGIN anna x")[-1])
        b = Wire(self.gw)
        self.assertIn(b"BYE", b"".join(b.command(b"b", b"LOGIN anna x")))
        self.assertIn(b"OK", a.command(b"c", b"UNAUTHENTICATE")[-1])
        self.assertTrue(until(lambda: self.users() == [("", "login", "")]), self.users())
        b = Wire(self.gw)
        self.assertIn(b"OK", b.command(b"d", b"LOGIN anna x")[-1])
        self.assertIn(b"OK", a.command(b"e", b"LOGIN bert x")[-1])
        self.assertTrue(until(lambda: [u[0] for u in self.users()] == ["anna", "bert"]), self.users())
        self.assertIn(b"OK", a.command(b"f", b"UNAUTHENTICATE")[-1])
        self.assertIn(b"BYE", b"".join(a.command(b"g", b"LOGIN anna x")))
        b.command(b"h", b"LOGOUT")
        b.closed()
        self.assertTrue(until(lambda: self.users() == []))
        events = self.gw.log()
        self.assertEqual(events.count("for user bert"), 1 + events.count("for user bert from"))

    def test_what_follows_the_command_is_plain(self):
        """RFC 8437 3 and 4.1: the client may send the next command at once, behind the end of its compression."""
        for flush in (zlib.Z_SYNC_FLUSH, zlib.Z_FULL_FLUSH, zlib.Z_FINISH):
            w = Compressed(self.gw, "anna")
            data = w.s.pack(b"a UNAUTHENTICATE\r\n", flush) + b"b LOGIN bert x\r\n"
            if flush == zlib.Z_FULL_FLUSH:
                for octet in data:
                    w.s.s.sendall(bytes((octet,)))
            else:
                w.s.s.sendall(data)
            raw = b""
            while b"b OK" not in raw or not raw.endswith(b"\r\n"):
                piece = w.s.s.recv(65536)
                self.assertTrue(piece)
                raw += piece
            end = raw.index(b"b OK")
            plain = w.s.into.decompress(raw[:end])
            self.assertTrue(plain.startswith(b"a OK [CAPABILITY ") and plain.endswith(b"\r\n"), plain)
            w.plain()
            w.buffer = raw[raw.index(b"\r\n", end) + 2:]
            w.begin()
            self.assertEqual(w.command(b"c", b"NOOP")[-1], b"c OK NOOP completed\r\n")
            w.command(b"d", b"LOGOUT")
            w.closed()
            self.assertTrue(until(lambda: self.users() == []))


if __name__ == "__main__":
    unittest.main()
