"""How gwctl import signs on to another IMAP server, with a token or inside STARTTLS, and what it does not believe of it."""
import base64
import os
import resource
import socket
import ssl
import subprocess
import sys
import threading
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import Gateway  # noqa: E402


class Server(threading.Thread):
    """An IMAP server without mail that notes how its client signed on."""

    def __init__(self, capabilities, context=None, exists=0, said=b""):
        super().__init__(daemon=True)
        self.capabilities, self.context, self.exists, self.said = capabilities, context, exists, said
        self.signed_on, self.inside_tls = None, False
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.start()

    def run(self):
        while True:
            try:
                s, _ = self.listener.accept()
            except OSError:
                return
            try:
                self.serve(s)
            except OSError:
                pass

    def serve(self, s):
        s.sendall(b"* OK ready\r\n")
        f = s.makefile("rb")
        tls = False
        while line := f.readline():
            tag, command = line.decode().split(None, 1)
            word = command.split()[0].upper()
            if word == "STARTTLS":
                s.sendall(tag.encode() + b" OK begin\r\n")
                s, tls = self.context.wrap_socket(s, server_side=True), True
                f = s.makefile("rb")
                continue
            if self.said and word == "EXAMINE":
                s.sendall(tag.encode() + b" NO " + self.said + b"\r\n")
                continue
            if word in ("AUTHENTICATE", "LOGIN"):
                self.inside_tls = tls
                self.sign_on(s, f, command)
            s.sendall(self.answer(word, command).encode() + tag.encode() + b" OK done\r\n")
            if word == "LOGOUT":
                return

    def sign_on(self, s, f, command):
        words = command.split()
        if words[0].upper() == "LOGIN":
            self.signed_on = words[1:]
            return
        if len(words) < 3:
            s.sendall(b"+ \r\n")
            words.append(f.readline().decode().strip())
        self.signed_on = [words[1]] + base64.b64decode(words[2]).decode().split("\x01")

    def answer(self, word, command):
        if word == "CAPABILITY":
            return "* CAPABILITY IMAP4rev1 %s\r\n" % self.capabilities
        if word == "LIST":
            return '* LIST () "/" INBOX\r\n'
        if word == "EXAMINE":
            return "* %d EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 4] x\r\n" % self.exists
        return "* BYE\r\n" if word == "LOGOUT" else ""


def little_memory():
    resource.setrlimit(resource.RLIMIT_AS, (200 << 20, 200 << 20))


class SignOn(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.gw = Gateway().start()
        cls.secret = cls.gw.folder / "secret"
        cls.secret.write_text("token-or-password\n")

    @classmethod
    def tearDownClass(cls):
        cls.gw.stop()
        cls.gw.remove()

    def bring(self, user, source, *more):
        self.gw.add_user(user, "x")
        return self.gw.gwctl("import", user, source, "--password-file", str(self.secret), *more).stdout

    def test_a_token_is_sent_as_the_mechanism_has_it(self):
        for mechanism in ("XOAUTH2", "OAUTHBEARER"):
            server = Server("SASL-IR AUTH=" + mechanism)
            found = self.bring(mechanism.lower(), "imap://anna;AUTH=%s@127.0.0.1:%d" % (mechanism, server.port))
            server.listener.close()
            self.assertIn("folder: INBOX", found)
            self.assertEqual(server.signed_on[0], mechanism)
            self.assertIn("auth=Bearer token-or-password", server.signed_on)

    def test_starttls_comes_before_the_password(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.gw.cert, self.gw.key)
        server = Server("STARTTLS", context)
        self.bring("tina", "imap://anna@127.0.0.1:%d" % server.port, "--insecure")
        server.listener.close()
        self.assertTrue(server.inside_tls)
        self.assertEqual([w.strip('"') for w in server.signed_on], ["anna", "token-or-password"])

    # ---- what is not believed ----
    def bring_with_little_memory(self, user, server):
        self.gw.add_user(user, "x")
        # a sanitizer reserves address space without end: there, no single piece may be large
        sanitized = self.gw.memory_factor > 1
        env = dict(os.environ, ASAN_OPTIONS="max_allocation_size_mb=32", TSAN_OPTIONS="max_allocation_size_mb=32")
        p = subprocess.run([self.gw.build / "gwctl", "-s", self.gw.options["control_socket"], "import", user,
                            "imap://anna@127.0.0.1:%d" % server.port, "--insecure", "--password-file", self.secret],
                           capture_output=True, text=True, env=env if sanitized else None,
                           preexec_fn=None if sanitized else little_memory)
        server.listener.close()
        return p.returncode, p.stderr

    def test_a_server_that_announces_four_billion_messages_is_refused(self):
        code, err = self.bring_with_little_memory("many", Server("", exists=2**32 - 1))
        self.assertEqual(code, 1)
        self.assertIn("4294967295 messages", err)

    def test_messages_that_are_announced_and_do_not_come_take_no_memory(self):
        self.assertEqual(self.bring_with_little_memory("few", Server("", exists=2000000)), (0, ""))

    def test_what_a_server_says_does_not_steer_the_terminal(self):
        server = Server("", said=b"\x1b]0;owned\x07\x1b[2J no")
        self.gw.add_user("eve", "x")
        p = self.gw.gwctl("import", "eve", "imap://anna@127.0.0.1:%d" % server.port, "--insecure", "--password-file",
                          str(self.secret), check=False)
        server.listener.close()
        self.assertEqual(p.returncode, 1)
        self.assertIn("owned", p.stderr)
        self.assertNotIn("\x1b", p.stderr)


if __name__ == "__main__":
    unittest.main()
