#!/usr/bin/env python3
"""The conversations of tests/conv with the real daemon: over plain sockets and over TLS.

What a file needs a host for (options, time, the administrator) makes conv skip it."""
import os
import socket
import ssl
import subprocess
import sys
import threading
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import ROOT, Gateway  # noqa: E402

FILES = sorted((ROOT / "tests/conv").glob("*.conv"))


class TlsBridge:
    """A plain port whose connections go on over TLS."""

    def __init__(self, gateway, service):
        self.gateway, self.service = gateway, service
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                plain, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.bridge, args=(plain,), daemon=True).start()

    def bridge(self, plain):
        raw = socket.create_connection(("127.0.0.1", self.gateway.port[self.service]))
        tls = self.gateway.tls_context().wrap_socket(raw, server_hostname="localhost")
        tls.setblocking(False)
        plain.setblocking(False)
        try:
            while self.move(plain, tls):
                pass
        except OSError:
            pass
        plain.close()
        tls.close()

    @staticmethod
    def move(plain, tls):
        """Pass on what came on either side; False at the end."""
        import select
        if not tls.pending():
            select.select([plain, tls], [], [], 30)
        for source, target in ((plain, tls), (tls, plain)):
            try:
                data = source.recv(65536)
            except (BlockingIOError, ssl.SSLWantReadError):
                continue
            if not data:
                return False
            target.setblocking(True)
            target.sendall(data)
            target.setblocking(False)
        return True

    def close(self):
        self.listener.close()


class Conversations(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.gw = Gateway()
        cls.gw.__enter__()
        for user in ("anna", "bert", "carl"):
            cls.gw.add_user(user, user)
        cls.n = 0

    @classmethod
    def tearDownClass(cls):
        cls.gw.__exit__(None, None, None)

    def play(self, ports, *options):
        conv = self.gw.build / "tests/conv/conv"
        played = 0
        for path in FILES:
            if "--compress" in options and "COMPRESS" in path.read_text(): # it begins itself
                continue
            type(self).n += 1
            names = ["c%dx" % self.n, "c%dy" % self.n]
            for name in names:
                self.gw.add_user(name, name)
            service = "pop3" if "PROTO: pop3" in path.read_text() else "imap"
            p = subprocess.run([str(conv), *options, "--connect", "127.0.0.1:%d" % ports[service],
                                "--imap", "127.0.0.1:%d" % ports["imap"], "--user", names[0], "--other", names[1],
                                str(path)], capture_output=True, timeout=120, cwd=ROOT)
            with self.subTest(path.name):
                self.assertEqual(p.returncode, 0, p.stdout.decode("utf-8", "replace")[-2000:])
            played += b"1 passed" in p.stdout
        self.assertGreater(played, 10)

    def test_over_plain_sockets(self):
        self.play(self.gw.port)

    def test_compressed(self):
        """RFC 4978: what is said inside COMPRESS is what is said without."""
        self.play(self.gw.port, "--compress")

    def test_compressed_over_tls(self):
        """RFC 4978 3(e)"""
        bridge = TlsBridge(self.gw, "imaps")
        try:
            self.play({"imap": bridge.port, "pop3": self.gw.port["pop3"]}, "--compress")
        finally:
            bridge.close()

    def test_over_tls(self):
        bridges = {s: TlsBridge(self.gw, s + "s") for s in ("imap", "pop3")}
        try:
            self.play({s: b.port for s, b in bridges.items()})
        finally:
            for b in bridges.values():
                b.close()


if __name__ == "__main__":
    os.environ.setdefault("PYTHONWARNINGS", "ignore")
    unittest.main()
