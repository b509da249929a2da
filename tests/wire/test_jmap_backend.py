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


class Away(Base):
    def test_a_server_that_is_away_is_known_to_all(self):
        self.js.fault("close", times=0)

        def opened():
            c = self.client(login=False)
            self.assertIn("[UNAVAILABLE]", c.do("LOGIN %s %s" % (self.user, PASSWORD)))
            return self.backend()["breaker"] != "closed"
        self.assertTrue(until(opened))
        row = self.backend()
        self.assertGreater(row["failed"], 0)
        self.assertEqual(row["opened"], 1)
        self.assertGreater(row["last_failed"], 1_700_000_000)
        self.assertEqual(self.metrics()['backend_breaker{state="closed"}'], 0)
        check = {r["check"]: r for r in self.rows("health", "deep=yes", code=2)[:-1]}["backend"]
        self.assertEqual(check["state"], "critical")
        self.assertIn("the breaker is open", check["detail"])
        self.js.clear()
        self.assertTrue(until(lambda: self.client(login=False).do("LOGIN %s %s" % (self.user, PASSWORD)).startswith("OK")))
        self.assertEqual(self.backend()["breaker"], "closed")
        check = {r["check"]: r for r in self.rows("health")[:-1]}["backend"]
        self.assertEqual(check["state"], "ok")


if __name__ == "__main__":
    unittest.main()
