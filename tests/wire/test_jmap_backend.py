"""What operators see of a JMAP server as the store: backend list and test, health, metrics, and what needs an embedded store."""
import json
import re
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import until  # noqa: E402
from jmap_case import PASSWORD, JmapCase  # noqa: E402


class Base(JmapCase):
    GATEWAY = {"max_connections": 200}

    def rows(self, *args, code=0):
        p = self.gw.gwctl("--json", *args, check=False)
        self.assertEqual(p.returncode, code, p.stdout + p.stderr)
        return [json.loads(line) for line in p.stdout.splitlines()]

    def backend(self):
        return self.rows("backend", "list")[0]

    def metrics(self):
        """series -> value of gateway_backend_..."""
        text = self.gw.gwctl("metrics").stdout
        return {k: float(v) for k, v in re.findall(r"^gateway_(backend_\S+) (\S+)$", text, re.M)}


class Backend(Base):
    def test_requests_of_all_sessions_are_counted_together(self):
        was = self.backend()
        self.deliver("inbox", b"Subject: x\r\n\r\nHello\r\n")
        for _ in range(2):  # with process_model fork in two processes
            self.client(select="INBOX").ok("LOGOUT")
        now = self.backend()
        self.assertEqual((now["kind"], now["url"], now["breaker"]), ("jmap", self.js.url, "closed"))
        self.assertGreaterEqual(now["requests"], was["requests"] + 3)
        self.assertEqual(now["failed"], was["failed"])
        self.assertGreater(now["remote_p50_us"], 0)
        order = [now["remote_%s_us" % q] for q in ("p50", "p90", "p99", "p999")]
        self.assertEqual(order, sorted(order))
        self.assertGreater(now["last_ok"], 1_700_000_000)

    def test_metrics_tell_the_same(self):
        self.client(select="INBOX").ok("LOGOUT")
        seen = self.metrics()
        self.assertEqual(seen['backend_breaker{state="closed"}'], 1)
        self.assertEqual(seen['backend_breaker{state="open"}'], 0)
        self.assertGreater(seen["backend_requests_total"], 0)
        self.assertGreater(seen["backend_received_bytes_total"], 100)
        self.assertGreater(seen["backend_sent_bytes_total"], 100)


    def test_a_round_trip_to_the_server(self):
        *steps, end = self.rows("backend", "test")
        self.assertEqual([s["step"] for s in steps], ["server", "disk", "write"])
        self.assertEqual((steps[0]["state"], end["exit"]), ("ok", 0))
        self.assertIn("asks who is there", steps[0]["detail"])
        self.assertGreater(steps[0]["time_us"], 0)

    def test_a_server_without_jmap_is_told(self):
        self.js.fault("status", on="session", status=404, times=0)
        *steps, end = self.rows("backend", "test", code=2)
        self.assertEqual((steps[0]["step"], steps[0]["state"], end["exit"]), ("server", "critical", 2))
        self.assertIn("server_socket", steps[0]["detail"])

    def test_what_needs_an_embedded_store_says_so(self):
        for verb in (["user", "list"], ["user", "show", "anna"], ["user", "enable", "anna"],
                     ["store", "check"], ["store", "backup", str(self.gw.folder / "copy")]):
            p = self.gw.gwctl("--json", *verb, check=False)
            self.assertNotEqual(p.returncode, 0, verb)
            self.assertIn("users and mail live on the storage server %s: this works only with an embedded store" % self.js.url,
                          p.stdout + p.stderr, verb)


class Service(Base):
    @classmethod
    def gateway(cls, js, **more):
        js.add_user("service", PASSWORD)
        gw = super().gateway(js, **more)
        gw.options["backend_user"] = "service"
        cls.password = gw.folder / "service.password"
        cls.password.write_text(PASSWORD + "\n")
        gw.options["backend_password_file"] = str(cls.password)
        return gw

    def test_the_service_account_signs_on(self):
        steps = self.rows("backend", "test")[:-1]
        self.assertEqual([s["step"] for s in steps][:2], ["server", "session"])
        self.assertEqual(steps[1]["state"], "ok", steps)
        self.js.user(name="service", locked=True)
        steps = self.rows("backend", "test", code=2)[:-1]
        self.js.user(name="service", locked=False)
        self.assertEqual([s["state"] for s in steps][:2], ["ok", "critical"])
        self.assertIn("backend_user", steps[1]["detail"])


class Away(Base):
    SERVER = {"process": True}

    def test_a_server_that_is_away_is_known_to_all(self):
        self.js.kill()

        def opened():
            c = self.client(login=False)
            self.assertIn("[UNAVAILABLE]", c.do("LOGIN %s %s" % (self.user, PASSWORD)))
            return self.backend()["breaker"] != "closed"
        self.assertTrue(until(opened))
        row = self.backend()
        self.assertGreater(row["failed"], 0)
        self.assertEqual(row["state"], "down")
        self.assertEqual(row["opened"], 1)
        self.assertGreater(row["last_failed"], 1_700_000_000)
        self.assertEqual(self.metrics()['backend_breaker{state="closed"}'], 0)
        check = {r["check"]: r for r in self.rows("health", "deep=yes", code=2)[:-1]}["backend"]
        self.assertEqual(check["state"], "critical")
        self.assertIn("the breaker is open", check["detail"])
        self.js.start()
        self.assertTrue(until(lambda: self.client(login=False).do("LOGIN %s %s" % (self.user, PASSWORD)).startswith("OK")))
        self.assertEqual(self.backend()["breaker"], "closed")
        check = {r["check"]: r for r in self.rows("health")[:-1]}["backend"]
        self.assertEqual(check["state"], "ok")


if __name__ == "__main__":
    unittest.main()
