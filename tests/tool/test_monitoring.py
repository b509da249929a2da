"""What comes with the product for Prometheus and Grafana: rules that fire when they should, and queries that only name
metrics that there are."""
import json
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import ROOT, Gateway  # noqa: E402

RULES = ROOT / "etc/prometheus/gateway.rules.yml"
DASHBOARD = ROOT / "etc/grafana/gateway.json"
ENDINGS = {"counter": ("_total",), "gauge": ("",), "info": ("_info",), "histogram": ("_bucket", "_sum", "_count")}


def promtool(*args, **more):
    return subprocess.run(["promtool", *map(str, args)], capture_output=True, text=True, **more)


def queries(node):
    """All expr and query texts of a dashboard."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("expr", "query") and isinstance(value, str):
                yield value
            else:
                yield from queries(value)
    elif isinstance(node, list):
        for item in node:
            yield from queries(item)


class Monitoring(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with Gateway() as gw:
            cls.text = gw.gwctl("metrics").stdout
        cls.families = dict(re.findall(r"^# TYPE (\S+) (\S+)$", cls.text, re.M))
        cls.names = {name + e for name, kind in cls.families.items() for e in ENDINGS[kind]}
        cls.dashboard = json.loads(DASHBOARD.read_text())

    def named(self, text):
        return set(re.findall(r"\bgateway_\w+", text))

    def test_the_dashboard_names_only_metrics_that_there_are(self):
        for query in queries(self.dashboard):
            self.assertLessEqual(self.named(query), self.names, query)

    def test_the_rules_name_only_metrics_that_there_are(self):
        self.assertLessEqual(self.named(RULES.read_text()), self.names)

    def test_the_dashboard_shows_every_family(self):
        shown = set().union(*(self.named(q) for q in queries(self.dashboard)))
        for name, kind in self.families.items():
            self.assertTrue(any(name + e in shown for e in ENDINGS[kind]), name + " is not on the dashboard")

    def test_labels_of_queries_are_those_of_the_metrics(self):
        page = (ROOT / "man/gatewayd.8").read_text()
        labels = set(re.findall(r"\w+", " ".join(re.findall(r"^\.It Va gateway_\w+ Pq (.*)", page, re.M))))
        self.assertLessEqual(set(re.findall(r'[{,](\w+)="', self.text)) - {"le"}, labels)
        labels |= {"job", "instance", "le"}
        for query in queries(self.dashboard):
            for group in re.findall(r"\bby \(([^)]*)\)", query):
                self.assertLessEqual(set(group.replace(" ", "").split(",")), labels, query)

    def test_panels_have_numbers_of_their_own(self):
        ids = [p["id"] for p in self.dashboard["panels"]]
        self.assertEqual(len(ids), len(set(ids)))
        for p in self.dashboard["panels"]:
            self.assertLessEqual(p["gridPos"]["x"] + p["gridPos"]["w"], 24, p["title"])

    def test_the_manual_lists_every_family(self):
        page = (ROOT / "man/gatewayd.8").read_text()
        told = dict(re.findall(r"^\.It Va (gateway_\w+)[^\n]*\n([^\n]*)\.$", page, re.M))
        self.assertEqual(told, dict(re.findall(r"^# HELP (\S+) (.*)$", self.text, re.M)))

    @unittest.skipUnless(shutil.which("promtool"), "needs promtool")
    def test_the_queries_of_the_dashboard_are_promql(self):
        found = [q for q in queries(self.dashboard) if "gateway_" in q and not q.startswith("label_values")]
        for name, value in (("$__rate_interval", "5m"), ("$job", ".*"), ("$instance", ".*"), ("$command", ".*")):
            found = [q.replace(name, value) for q in found]
        rules = [{"record": "q:%d" % i, "expr": q} for i, q in enumerate(found)]
        with tempfile.NamedTemporaryFile("w", suffix=".yml") as f:  # JSON is YAML
            json.dump({"groups": [{"name": "dashboard", "rules": rules}]}, f)
            f.flush()
            p = promtool("check", "rules", f.name)
        self.assertEqual(p.returncode, 0, p.stdout + p.stderr)

    @unittest.skipUnless(shutil.which("promtool"), "needs promtool")
    def test_the_rules_are_right_and_fire_when_they_should(self):
        for args in (("check", "rules", RULES), ("check", "config", ROOT / "etc/prometheus/prometheus.yml"),
                     ("test", "rules", ROOT / "tests/fixtures/prometheus/gateway.rules.test.yml")):
            p = promtool(*args)
            self.assertEqual(p.returncode, 0, p.stdout + p.stderr)

    def test_every_alert_is_tested(self):
        alerts = set(re.findall(r"alert: (\w+)", RULES.read_text()))
        test = (ROOT / "tests/fixtures/prometheus/gateway.rules.test.yml").read_text()
        fired, silent = test.split("- name: a service in every trouble")[::-1]
        for alert in alerts:
            self.assertIn("alertname: %s}" % alert, silent)
            self.assertIn('alertname="%s"' % alert, fired)


if __name__ == "__main__":
    unittest.main()
