"""metrics_listen: what Prometheus reads, health for those who watch, and clients that mean no good."""
import http.client
import json
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import Gateway, free_port, until  # noqa: E402

OPEN = "application/openmetrics-text; version=1.0.0; charset=utf-8"
PLAIN = "text/plain; version=0.0.4; charset=utf-8"
CONNECTIONS = 32  # at a time


class Metrics(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.port = free_port()
        folder = tempfile.mkdtemp(prefix="gateway-")
        cls.unix = folder + "/metrics.sock"
        cls.gw = Gateway(folder=folder, metrics_listen="127.0.0.1:%d unix:%s" % (cls.port, cls.unix)).start()
        cls.gw.add_user("anna", "secret")
        cls.gw.imap("anna", "secret").logout()
        cls.gw.pop3("anna", "secret").quit()

    @classmethod
    def tearDownClass(cls):
        status = cls.gw.stop()
        cls.gw.remove()
        shutil.rmtree(cls.gw.folder, ignore_errors=True)
        assert status == 0, status

    def get(self, path, method="GET", **headers):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            c.request(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})
            r = c.getresponse()
            return r.status, r.headers, r.read().decode()
        finally:
            c.close()

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=60)

    def talk(self, data, half=True):
        with self.connect() as s:
            s.sendall(data)
            if half:
                s.shutdown(socket.SHUT_WR)
            out = b""
            while True:
                piece = s.recv(65536)
                if not piece:
                    return out.decode()
                out += piece

    # ---- pages ----
    def test_the_format_is_the_one_asked_for(self):
        status, headers, text = self.get("/metrics")
        self.assertEqual((status, headers["Content-Type"]), (200, PLAIN))
        self.assertNotIn("# EOF", text)
        status, headers, text = self.get("/metrics", Accept="application/openmetrics-text;version=1.0.0,text/plain;q=0.5")
        self.assertEqual((status, headers["Content-Type"]), (200, OPEN))
        self.assertTrue(text.endswith("# EOF\n"))
        self.assertIn("# UNIT gateway_received_bytes bytes", text)

    def test_it_is_what_gwctl_shows(self):
        told = self.gw.gwctl("metrics").stdout
        served = self.get("/metrics", Accept="application/openmetrics-text")[2]
        names = [re.findall(r"^# (?:HELP|TYPE|UNIT) .*", text, re.M) for text in (told, served)]
        self.assertEqual(*names)

    def test_health_and_readiness(self):
        self.assertEqual(self.get("/healthz")[0::2], (200, "ok\n"))
        self.assertEqual(self.get("/readyz")[0::2], (200, "ok\n"))

    def test_a_drain_is_not_ready_and_alive(self):
        self.gw.gwctl("drain")
        try:
            status, _, text = self.get("/readyz")
            self.assertEqual((status, text), (503, "the service is being drained\n"))
            self.assertEqual(self.get("/healthz")[0], 200)
            self.assertIn("gateway_ready 0\n", self.get("/metrics")[2])
        finally:
            self.gw.gwctl("resume")
        self.assertEqual(self.get("/readyz")[0], 200)
        self.gw.imap("anna", "secret").logout()

    def test_head_has_no_body_and_its_length(self):
        status, headers, text = self.get("/healthz", method="HEAD")
        self.assertEqual((status, headers["Content-Length"], text), (200, "3", ""))

    def test_other_pages_and_methods_are_refused(self):
        status, _, text = self.get("/")
        self.assertEqual((status, text.split()), (404, ["/metrics", "/healthz", "/readyz"]))
        status, headers, _ = self.get("/metrics", method="DELETE")
        self.assertEqual((status, headers["Allow"]), (405, "GET, HEAD"))
        self.assertEqual(self.get("/metrics?name=x")[0], 200)

    def test_a_unix_socket_serves_the_same(self):
        with socket.socket(socket.AF_UNIX) as s:
            s.connect(self.unix)
            s.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
            self.assertIn(b"200 OK", s.recv(4096))

    def test_the_listener_is_shown(self):
        status = [json.loads(x) for x in self.gw.gwctl("--json", "status").stdout.splitlines()][-1]
        self.assertIn("metrics 127.0.0.1:%d" % self.port, status["listeners"])

    # ---- clients that mean no good ----
    def test_old_broken_and_pipelined_requests_are_answered_and_ended(self):
        self.assertIn("200 OK", self.talk(b"GET /healthz HTTP/1.0\r\n\r\n"))
        self.assertIn("400 Bad Request", self.talk(b"GET /healthz HTTP/1.1\r\n\r\n"))
        self.assertIn("400 Bad Request", self.talk(b"\x16\x03\x01\x02\r\n"))
        self.assertIn("505 ", self.talk(b"GET / HTTP/3.0\r\n\r\n"))
        self.assertIn("431 ", self.talk(b"GET / HTTP/1.0\r\nX: " + b"y" * 100000, half=False))
        self.assertEqual(self.talk(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n" * 50).count("HTTP/1.1"), 1)
        self.assertEqual(self.talk(b"GET /met"), "")

    def test_mail_and_gwctl_go_on_beside_many_that_say_nothing(self):
        held = [self.connect() for _ in range(3 * CONNECTIONS)]
        for s in held:
            try:
                s.sendall(b"GET /metrics HTTP/1.1\r\nHost:")
            except OSError:
                pass  # newer ones have taken its place
        imap = self.gw.imap("anna", "secret")
        self.assertEqual(imap.noop()[0], "OK")
        imap.logout()
        self.gw.gwctl("ping")
        self.assertEqual(self.get("/healthz")[0], 200)
        for s in held:
            s.close()

    def test_who_does_not_read_holds_up_nobody(self):
        held = []
        for _ in range(CONNECTIONS):
            s = socket.socket()
            s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
            s.connect(("127.0.0.1", self.port))
            s.sendall(b"GET /metrics HTTP/1.0\r\n\r\n")
            held.append(s)
        self.assertEqual(self.get("/readyz")[0], 200)
        self.gw.gwctl("ping")
        for s in held:
            s.close()

    def test_children_keep_no_connection_open(self):
        """With process_model fork: a child that began while somebody was connected does not hold that connection."""
        s = self.connect()
        s.sendall(b"GET /healthz HTTP/1.1\r\n")
        imap = self.gw.imap("anna", "secret")
        s.sendall(b"Host: x\r\n\r\n")
        out = b""
        while piece := s.recv(4096):
            out += piece
        self.assertIn(b"200 OK", out)
        s.close()
        imap.logout()

    # ---- the judges ----
    @unittest.skipUnless(shutil.which("promtool"), "needs promtool")
    def test_promtool_has_nothing_to_say(self):
        text = self.get("/metrics")[2]
        p = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True)
        self.assertEqual((p.returncode, p.stdout + p.stderr), (0, ""))

    @unittest.skipUnless(shutil.which("prometheus"), "needs prometheus")
    def test_prometheus_scrapes_it(self):
        folder, port = Path(tempfile.mkdtemp(prefix="prometheus-")), free_port()
        (folder / "prometheus.yml").write_text(
            "global: {scrape_interval: 200ms, scrape_timeout: 200ms}\nscrape_configs:\n- job_name: gateway\n"
            "  static_configs: [{targets: ['127.0.0.1:%d']}]\n" % self.port)
        server = subprocess.Popen(
            ["prometheus", "--config.file=%s" % (folder / "prometheus.yml"), "--storage.tsdb.path=%s" % (folder / "data"),
             "--web.listen-address=127.0.0.1:%d" % port, "--log.level=error"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            def ask(query):
                try:
                    url = "http://127.0.0.1:%d/api/v1/query?query=%s" % (port, urllib.request.quote(query))
                    with urllib.request.urlopen(url, timeout=60) as r:
                        return json.load(r)["data"]["result"]
                except OSError:
                    return []

            self.assertTrue(until(lambda: [x["value"][1] for x in ask("up")] == ["1"]), "it is not scraped")
            found = ask('gateway_logins_total{mechanism="LOGIN",result="ok"}')
            self.assertGreaterEqual(float(found[0]["value"][1]), 1)
            self.assertTrue(ask('gateway_command_duration_seconds_bucket{command="LOGIN",le="+Inf"}'))
            self.assertEqual(ask("gateway_build_info")[0]["metric"]["__name__"], "gateway_build_info")
        finally:
            server.kill()
            server.wait()
            shutil.rmtree(folder, ignore_errors=True)


class Start(unittest.TestCase):
    def test_a_default_that_is_taken_does_not_stop_the_start_and_one_that_was_set_does(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            address = "127.0.0.1:%d" % taken.getsockname()[1]
            gw = Gateway(metrics_listen=address)
            self.addCleanup(gw.remove)
            self.addCleanup(gw.stop)
            try:
                gw.start()  # it may take a connection before the end
            except RuntimeError:
                pass
            self.assertNotEqual(gw.process.wait(60), 0)
            self.assertIn("for metrics", gw.output())


if __name__ == "__main__":
    unittest.main()
