#!/usr/bin/env python3
"""The conversations of tests/conv with the real daemon: over plain sockets and over TLS.

What a file needs a host for (options, time, the administrator) is not played here."""
import os
import socket
import ssl
import sys
import threading
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from conversations import play  # noqa: E402
from gateway import Gateway  # noqa: E402

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

    @classmethod
    def tearDownClass(cls):
        cls.gw.__exit__(None, None, None)

    def play(self, prefix, **more):
        play(self, self.gw, lambda name: self.gw.add_user(name, name), prefix=prefix, **more)

    def test_over_plain_sockets(self):
        self.play("plain")

    def test_compressed(self):
        """RFC 4978: what is said inside COMPRESS is what is said without."""
        self.play("packed", options=["--compress"], leave_out="COMPRESS")  # those begin it themselves

    def test_compressed_over_tls(self):
        """RFC 4978 3(e)"""
        bridge = TlsBridge(self.gw, "imaps")
        try:
            self.play("both", ports={"imap": bridge.port, "pop3": self.gw.port["pop3"]}, options=["--compress"], leave_out="COMPRESS")
        finally:
            bridge.close()

    def test_over_tls(self):
        bridges = {s: TlsBridge(self.gw, s + "s") for s in ("imap", "pop3")}
        try:
            self.play("tls", ports={s: b.port for s, b in bridges.items()})
        finally:
            for b in bridges.values():
                b.close()


if __name__ == "__main__":
    os.environ.setdefault("PYTHONWARNINGS", "ignore")
    unittest.main()
