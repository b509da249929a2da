"""What nobody should send: floods, endless lines, huge literals, wrong protocols. The daemon stays small and others are served."""
import json
import os
import re
import select
import socket
import ssl
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import Gateway, Wire, until  # noqa: E402


class Hostile(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.gw = Gateway(login_timeout=3).start()
        cls.gw.add_user("anna", "pw")

    @classmethod
    def tearDownClass(cls):
        cls.gw.stop()
        cls.gw.remove()

    def tearDown(self):
        self.assertIsNone(self.gw.process.poll(), "the daemon died")
        imap = self.gw.imap("anna", "pw")
        self.assertEqual(imap.select("INBOX")[0], "OK")
        imap.logout()

    def rss_kib(self):
        text = Path("/proc/%d/status" % self.gw.pid).read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", text).group(1))

    def login(self):
        w = Wire(self.gw)
        self.assertIn(b"OK", w.command(b"a", b"LOGIN anna pw")[-1])
        return w

    def flood(self, w, piece, total):
        """Send up to total bytes; the answers. A closed connection ends it."""
        got, sent = b"", 0
        w.s.settimeout(0.02)
        try:
            while sent < total:
                try:
                    w.s.sendall(piece)
                except TimeoutError:
                    break
                sent += len(piece)
                try:
                    got += w.s.recv(65536)
                except TimeoutError:
                    pass
            w.s.settimeout(5)
            got += w.closed()
        except OSError:
            pass
        return got

    def test_A01_ten_megabytes_without_a_line_end(self):
        before = self.rss_kib()
        for w in (Wire(self.gw), self.login()):
            answer = self.flood(w, b"x" * 65536, 10 << 20)
            self.assertTrue(answer == b"" or b"BAD" in answer or b"BYE" in answer, answer[:200])
            w.close()
        self.assertLess(self.rss_kib() - before, 8192 * self.gw.memory_factor)

    def test_A03_A04_open_brackets_without_end(self):
        for opening in (b"(", b"[", b"{", b"<", b'"', b"\\", b"(["):
            w = Wire(self.gw)
            answer = self.flood(w, b"a NOOP " + opening * 20000, 200000)
            self.assertNotIn(b"a OK", answer)
            w.close()

    def test_A06_the_tag_is_never_echoed_unescaped(self):
        for line in (b"\r\n", b"* NOOP\r\n", b"+ NOOP\r\n", b"a\0b NOOP\r\n", b"}\r\n", b"DONE\r\n", b"{5}\r\n", b" NOOP\r\n",
                     b"t" * 5000 + b" NOOP\r\n"):
            w = Wire(self.gw)
            w.send(line + b"z LOGOUT\r\n")
            answer = w.closed()
            self.assertNotIn(b"\0", answer)
            self.assertNotIn(b"* OK NOOP", answer)
            w.close()

    def test_A10_a_flood_of_unknown_commands_ends(self):
        w = Wire(self.gw)
        answer = self.flood(w, b"a BOGUS\r\n" * 100, 100000)
        self.assertIn(b"BYE", answer)
        self.assertLess(answer.count(b" BAD"), 200)
        w.close()

    def test_A12_other_protocols_on_our_ports(self):
        for hello in (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 4, b"EHLO x\r\n" * 12, b"\x16\x03\x01\x02\x00" + b"\x01" * 200 + b"\r\n" * 12):
            for service in ("imap", "pop3"):
                w = Wire(self.gw, service)
                w.send(hello)
                try:
                    self.assertNotIn(b" OK ", w.closed().replace(b"* OK", b""))
                except TimeoutError:
                    self.fail("still open: %s" % service)
                w.close()

    def counted(self, what="foreign"):
        """What the service counts; foreign: clients that spoke another protocol."""
        return json.loads(self.gw.gwctl("--json", "status").stdout.splitlines()[-1])[what]

    def handshake(self, service, offered):
        """TLS with these protocols offered: the chosen one and what is said first."""
        context = self.gw.tls_context()
        if offered:
            context.set_alpn_protocols(offered)
        if service.endswith("s"):
            s = socket.create_connection(("127.0.0.1", self.gw.port[service]), 20)
        else:
            w = Wire(self.gw, service)
            w.send(b"STLS\r\n" if service == "pop3" else b"a STARTTLS\r\n")
            w.line()
            s = w.s
        with context.wrap_socket(s, server_hostname="localhost") as s:
            s.sendall(b"CAPA\r\n" if service.startswith("pop3") else b"a CAPABILITY\r\n")
            return s.selected_alpn_protocol(), s.recv(1000)

    def test_A12_tls_is_refused_to_who_wants_another_protocol(self):
        """RFC 7301 3.2(a), 3.2(b): a browser offers those of the web; a client that offers nothing is a client"""
        before = self.counted("tls_failed")
        for service in ("imap", "imaps", "pop3", "pop3s"):
            ours = service.rstrip("s") if service.endswith("s") else service
            other = "pop3" if ours == "imap" else "imap"
            for offered in (["h2", "http/1.1"], ["http/1.1"], [other], [ours + "s"], [ours.upper()]):
                with self.assertRaisesRegex(ssl.SSLError, "(?i)no.application.protocol", msg=(service, offered)):
                    self.handshake(service, offered)
            for offered in ([ours], ["h2", ours, other]):
                chosen, said = self.handshake(service, offered)
                self.assertEqual((chosen, said[:1]), (ours, b"*" if ours == "imap" else b"+"))
            chosen, said = self.handshake(service, [])
            self.assertEqual((chosen, said[:1]), (None, b"*" if ours == "imap" else b"+"))
        self.assertEqual(self.counted("tls_failed") - before, 4 * 5)

    def test_A12_requests_of_a_web_browser_are_cut_off(self):
        """RFC 7301 and ALPACA: what an attacker put into a request is not read, and nothing of it comes back."""
        count = b"a LOGIN anna pw\r\na CREATE web\r\nUSER anna\r\nPASS pw\r\nDELE 1\r\nQUIT\r\n"
        before = self.counted()
        heads = [b"%s HTTP/1.1" % line for line in (b"GET /", b"HEAD /<script>alert(1)</script>", b"POST /?a=b", b"PUT /%41%2A", b"OPTIONS *",
                                                    b"CONNECT mail.example.org:143", b"GET http://x/ LOGIN anna pw", b"X-A /")]
        heads += [b"PRI * HTTP/2.0", b"Host: mail.example.org:143", b"Content-Type: text/plain"]
        for service in ("imap", "pop3", "imaps", "pop3s"):
            for head in heads:
                w = Wire(self.gw, service)
                w.send(head + b"\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(count) + count)
                said = b"* BYE " if service.startswith("imap") else b"-ERR BYE "
                self.assertEqual(w.closed(), said + b"This is not a web server\r\n", head)
                w.close()
        self.assertEqual(self.counted() - before, 4 * len(heads))
        for service in ("imap", "pop3", "imaps", "pop3s"):
            told = re.findall(r"Cut off 127\.0\.0\.1:\d+ from %s: it speaks HTTP" % service, self.gw.log())
            self.assertGreaterEqual(len(told), len(heads))

    def test_A12_lines_that_are_like_requests(self):
        """Commands, and what is only wrong, are answered as ever."""
        w = Wire(self.gw)
        for line in (b"GET / HTTP/1.x", b"GET / HTTP/11", b"GET HTTP/1.1", b"G1 / HTTP/1.1", b"a1: BOGUS", b": x", b"GET  HTTP/1.1"):
            w.send(line + b"\r\n")
            self.assertIn(b" BAD ", w.line(), line)
        for tag in (b"GET", b"Host:"):
            self.assertIn(tag + b" OK ", w.command(tag, b"NOOP")[-1])
        w.command(b"a", b"LOGIN anna pw")
        self.assertIn(b"GET BAD ", w.command(b"GET", b"/ HTTP/1.1")[-1])  # who has signed on is no browser
        self.assertIn(b"a OK ", w.command(b"a", b"NOOP")[-1])
        w.close()
        w = Wire(self.gw, "pop3")
        for line in (b"GET / HTTP/1.x", b"U2: x HTTP", b"GET"):
            w.send(line + b"\r\n")
            self.assertIn(b"-ERR", w.line(), line)
        w.send(b"NOOP: / HTTP/1.1\r\n")
        self.assertIn(b"-ERR", w.line())
        w.close()

    def test_A13_commands_without_reading_the_answers(self):
        """RFC 9051 5.3(a)"""
        w = self.login()
        before = self.rss_kib()
        w.s.settimeout(2)
        try:
            for _ in range(400):
                w.s.sendall(b"c CAPABILITY\r\n" * 500)
        except TimeoutError:
            pass
        self.assertLess(self.rss_kib() - before, 16384 * self.gw.memory_factor)
        w.close()

    def test_B01_B02_literals_over_the_limit(self):
        for size in (b"4294967295", b"9223372036854775807", b"99999999999999999999", b"300000000"):
            for plus in (b"", b"+"):
                w = self.login()
                w.send(b"b APPEND INBOX {%s%s}\r\n" % (size, plus))
                line = w.line()
                self.assertFalse(line.startswith(b"+"), line)
                self.assertRegex(line, rb"^(b (BAD|NO)|\* (BAD|BYE))")
                w.close()

    def test_B04_before_login_literals_are_small(self):
        w = Wire(self.gw)
        w.send(b"a LOGIN {100000}\r\n")
        self.assertFalse(w.line().startswith(b"+"))
        w.close()

    def test_B13_many_sessions_announce_a_huge_literal(self):
        before = self.rss_kib()
        held = []
        for _ in range(40):
            w = self.login()
            w.send(b"b APPEND INBOX {134217000}\r\n")
            self.assertTrue(w.line().startswith(b"+"))
            w.send(b"x" * 1000)
            held.append(w)
        time.sleep(0.3)
        self.assertLess(self.rss_kib() - before, 40 * 600)
        for w in held:
            w.close()

    def test_a_silent_client_is_sent_away_before_login(self):
        began = time.monotonic()
        w = Wire(self.gw)
        answer = w.closed()
        self.assertIn(b"BYE", answer)
        self.assertGreater(time.monotonic() - began, 1.5)
        w.close()

    def test_I01_pop3_long_lines_and_garbage(self):
        for piece in (b"x" * 10000 + b"\r\n", b"USER a\0b\r\n", b"\xff\xfe\r\n", b"RETR 1\r\n"):
            w = Wire(self.gw, "pop3")
            w.send(piece)
            self.assertTrue(w.line().startswith((b"-ERR", b"")))
            w.close()

    def test_one_user_cannot_have_all_workers(self):
        """Searches that take long, on more connections than there are threads; somebody else waits for none of them."""
        with Gateway(worker_threads=2, imap_max_fail_commands=0) as gw:
            gw.add_user("anna", "pw")
            gw.add_user("bert", "pw")
            body = b"".join(b"line %d of a text in which to look for words\r\n" % i for i in range(8000))
            many = []
            for i in range(6):
                w = Wire(gw, timeout=60)
                w.command(b"a", b"LOGIN anna pw")
                w.send(b"b APPEND INBOX {%d+}\r\n%s\r\n" % (len(body) + 2, b"\r\n" + body))
                w.until(b"b ")
                many.append(w)
            other = Wire(gw)
            other.command(b"a", b"LOGIN bert pw")
            other.command(b"s", b"SELECT INBOX")
            for w in many:
                w.command(b"s", b"SELECT INBOX")
            for w in many:
                w.send(b"q SEARCH " + b" ".join(b'NOT BODY "z%d z"' % i for i in range(300)) + b"\r\n")
            time.sleep(0.05)
            self.assertIn(b"n OK", other.command(b"n", b"STATUS Sent (MESSAGES)")[-1])
            done = select.select([w.s for w in many], [], [], 0)[0]
            self.assertLess(len(done), 5)  # one at a time: whoever waits for his turn behind them has five ended
            for w in many + [other]:
                w.close()

    def test_who_was_sent_away_cannot_hold_the_connection(self):
        """The last words are waited for a moment, however busily the client goes on."""
        if self.gw.model == "fork":
            self.skipTest("there it is the child's")
        before = len(os.listdir("/proc/%d/fd" % self.gw.pid))
        held = []
        for _ in range(5):
            w = Wire(self.gw)
            w.s.settimeout(0.2)
            try:
                w.s.sendall(b"a BOGUS\r\n" * 12 + b"x" * 300000)
            except OSError:
                pass
            held.append(w)

        def gone():
            for w in held:
                try:
                    w.s.send(b"x")
                except OSError:
                    pass
            return len(os.listdir("/proc/%d/fd" % self.gw.pid)) <= before

        self.assertTrue(until(gone, 30))
        for w in held:
            w.close()

    def test_connect_and_vanish(self):
        for _ in range(200):
            s = socket.create_connection(("127.0.0.1", self.gw.port["imap"]))
            s.close()
        for _ in range(50):
            s = socket.create_connection(("127.0.0.1", self.gw.port["imaps"]))
            s.sendall(b"\x16\x03")
            s.close()


if __name__ == "__main__":
    unittest.main()
