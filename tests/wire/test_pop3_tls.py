#!/usr/bin/env python3
"""POP3 inside TLS: STLS and pop3s (RFC 2595, RFC 8314), what the clear may not bring in, certificates of clients."""
import base64
import json
import socket
import ssl
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import Gateway, Wire, make_certificate  # noqa: E402

ATTEMPTS = (b"", b"NOOP\r\n", b"USER anna\r\nPASS x\r\n", b"QUIT\r\n", b"C" * 5000)


def asks_for_certificate(gw, service):
    """Does the server want to see one in its handshake?"""
    p = subprocess.run(["openssl", "s_client", "-connect", "localhost:%d" % gw.port[service], "-tls1_2", "-CAfile",
                        str(gw.cert)], input=b"QUIT\r\n", capture_output=True, timeout=60)
    assert b"Cipher is" in p.stdout, p.stdout + p.stderr
    return b"Client Certificate Types:" in p.stdout


class Tls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.gw = Gateway()
        cls.gw.__enter__()
        cls.gw.add_user("anna", "x")

    @classmethod
    def tearDownClass(cls):
        cls.gw.__exit__(None, None, None)

    def stls(self, behind=b"", before=b""):
        """A connection with TLS begun, `behind` sent with STLS in one piece; ssl.SSLError or OSError when that fails."""
        w = Wire(self.gw, "pop3")
        w.send(before)
        for _ in range(before.count(b"\n")):
            w.line()
        w.send(b"STLS\r\n" + behind)
        self.assertRegex(w.line(), rb"^\+OK ")
        self.assertEqual(w.buffer, b"")
        w.s = self.gw.tls_context().wrap_socket(w.s, server_hostname="localhost")
        return w

    def ask(self, w, text):
        w.send(text + b"\r\n")
        return w.line()

    def test_what_comes_behind_stls_is_not_taken(self):
        """RFC 2595 4(b), 4(e)"""
        for behind in ATTEMPTS:
            try:
                w = self.stls(behind)
                answer = self.ask(w, b"XYZ")
            except OSError:
                self.assertNotEqual(behind, b"")
                continue
            self.assertRegex(answer, rb"^-ERR Invalid command", behind)
            w.close()

    def test_what_was_said_before_is_forgotten(self):
        """RFC 2595 4(f): the name of USER, the language"""
        w = self.stls(before=b"LANG de\r\nUSER anna\r\n")
        self.assertRegex(self.ask(w, b"PASS x"), rb"^-ERR USER comes first\r\n")
        w.close()

    def test_stls_is_for_before_the_login_without_tls(self):
        """RFC 2595 2.2(a), 4(a), 4(c), 4(d), RFC 5034 4(l), 4(o)"""
        def offered(w):
            w.send(b"CAPA\r\n")
            return b"STLS\r\n" in w.until(b".\r\n")
        w = Wire(self.gw, "pop3")
        self.assertTrue(offered(w))
        w.close()
        w = self.stls()
        self.assertFalse(offered(w))
        w.send(b"CAPA\r\n")
        self.assertIn(b" SCRAM-SHA-256-PLUS", b"".join(w.until(b".\r\n")))
        self.assertRegex(self.ask(w, b"STLS"), b"^-ERR")
        self.assertRegex(self.ask(w, b"STAT"), b"^-ERR")
        self.assertRegex(self.ask(w, b"AUTH PLAIN " + base64.b64encode(b"\0anna\0x")), rb"^\+OK")
        self.assertRegex(self.ask(w, b"QUIT"), rb"^\+OK")
        w.close()
        w = Wire(self.gw, "pop3")
        for text in (b"USER anna", b"PASS x"):
            self.assertRegex(self.ask(w, text), rb"^\+OK")
        self.assertFalse(offered(w))
        self.assertRegex(self.ask(w, b"STLS"), b"^-ERR")
        w.close()

    def test_tls_begins_with_the_first_octet(self):
        """RFC 8314 3.1(a), 3.1(b), 3.2(a), 4(a)"""
        for service, greeting in (("pop3s", rb"^\+OK "), ("imaps", rb"^\* OK ")):
            for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
                ctx = self.gw.tls_context()
                ctx.minimum_version = ctx.maximum_version = version
                with socket.create_connection(("127.0.0.1", self.gw.port[service]), 60) as raw:
                    with ctx.wrap_socket(raw, server_hostname="localhost") as s:
                        self.assertRegex(s.recv(4096), greeting)
        c = self.gw.pop3(tls=True)
        with self.assertRaises(Exception):
            c.stat()
        c.close()

    def test_the_end_is_told(self):
        """RFC 8314 3.4(a): close_notify; an end without it is an error to these clients"""
        for service, bye in (("pop3s", b"QUIT\r\n"), ("imaps", b"a LOGOUT\r\n")):
            with socket.create_connection(("127.0.0.1", self.gw.port[service]), 60) as raw:
                s = self.gw.tls_context().wrap_socket(raw, server_hostname="localhost", suppress_ragged_eofs=False)
                s.sendall(bye)
                while s.recv(4096):
                    pass
                s.close()

    def test_the_cipher_is_logged(self):
        """RFC 8314 4(b)"""
        with Gateway(log_format="json") as gw:
            gw.add_user("anna", "x")
            gw.pop3("anna", "x", tls=True).quit()
            gw.imap("anna", "x").logout()
            logins = [e for e in map(json.loads, gw.log().splitlines()) if e.get("event") == "login"]
        self.assertRegex(logins[0]["cipher"], r"^TLSv1\.3 TLS_")
        self.assertNotIn("cipher", logins[1])

    def test_nobody_is_asked_for_a_certificate(self):
        """RFC 8314 4.2(a)"""
        for service in ("pop3s", "imaps"):
            self.assertFalse(asks_for_certificate(self.gw, service))

    def test_a_certificate_is_no_login_but_can_be_used_for_one(self):
        """RFC 8314 3.1(b), 4.2(b), RFC 5034 4(f), RFC 2595 4(d)"""
        gw = Gateway(auth_mechanisms="EXTERNAL PLAIN", ssl_verify_client="yes")
        self.addCleanup(gw.remove)
        cert, key = make_certificate(gw.folder, ("anna",), "client")
        gw.options["ssl_verify_file"] = cert
        gw.start()
        self.addCleanup(lambda: self.assertEqual(gw.stop(), 0))
        gw.add_user("anna", "x")
        ctx = gw.tls_context()
        ctx.load_cert_chain(str(cert), str(key))
        for service in ("pop3s", "pop3"):
            w = Wire.__new__(Wire)
            w.s, w.buffer = socket.create_connection(("127.0.0.1", gw.port[service]), 60), b""
            if service == "pop3":
                w.line()
                self.assertRegex(self.ask(w, b"STLS"), rb"^\+OK")
            w.s = ctx.wrap_socket(w.s, server_hostname="localhost")
            if service == "pop3s":
                self.assertRegex(w.line(), rb"^\+OK")
            self.assertRegex(self.ask(w, b"STAT"), b"^-ERR")
            w.send(b"CAPA\r\n")
            self.assertTrue(any(line.startswith(b"SASL ") and b"EXTERNAL" in line for line in w.until(b".\r\n")))
            self.assertRegex(self.ask(w, b"AUTH EXTERNAL ="), rb"^\+OK")
            self.assertRegex(self.ask(w, b"QUIT"), rb"^\+OK")
            w.close()


if __name__ == "__main__":
    unittest.main()
