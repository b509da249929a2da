"""What is counted and timed, as gwctl shows it: the same in both process models."""
import json
import re
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import Gateway  # noqa: E402

MESSAGE = b"Subject: one\r\n\r\nbody\r\n"


def samples(text):
    """{name{labels}: value} of a text of metrics."""
    found = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            key, value = line.rsplit(" ", 1)
            found[key] = float(value)
    return found


class Stats(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.gw = Gateway(max_connections_per_user="3").start()
        cls.gw.add_user("anna", "secret")

    @classmethod
    def tearDownClass(cls):
        status = cls.gw.stop()
        cls.gw.remove()
        assert status == 0, status

    def rows(self, *args):
        return [json.loads(line) for line in self.gw.gwctl("--json", *args).stdout.splitlines()]

    def value(self, metric, series="", **args):
        """Of one row of stats; 0 when there is none."""
        for row in self.rows("stats", metric, "all=yes", *("%s=%s" % a for a in args.items())):
            if row.get("metric") == metric and row["series"] == series:
                return row["value"]
        self.fail("no %s of %s" % (series, metric))

    def metrics(self):
        return samples(self.gw.gwctl("metrics").stdout)

    def grown(self, work, *wanted):
        """How much each (metric, series) grows while work is done."""
        before = [self.value(m, s) for m, s in wanted]
        work()
        return [self.value(m, s) - b for (m, s), b in zip(wanted, before)]

    # ---- counting ----
    def test_commands_are_counted_by_protocol_and_name(self):
        def work():
            imap = self.gw.imap("anna", "secret")
            imap.noop()
            imap.noop()
            imap.logout()
            pop3 = self.gw.pop3("anna", "secret")
            pop3.noop()
            pop3.quit()

        self.assertEqual(self.grown(work, ("command_duration_seconds", "imap NOOP"), ("command_duration_seconds", "pop3 NOOP"),
                                    ("command_duration_seconds", "imap LOGOUT"), ("command_duration_seconds", "pop3 QUIT"),
                                    ("commands_failed", "imap NOOP bad")), [2, 1, 1, 1, 0])

    def test_failed_commands_are_told_apart(self):
        def work():
            imap = self.gw.imap("anna", "secret")
            imap.select("nosuch")
            imap._simple_command("NOOP")
            tag = imap._new_tag()
            imap.send(tag + b" FROB\r\n")
            imap.readline()
            imap.logout()

        self.assertEqual(self.grown(work, ("commands_failed", "imap SELECT no"), ("commands_failed", "imap unknown bad"),
                                    ("commands_failed", "imap NOOP no")), [1, 1, 0])

    def test_logins_are_counted_by_mechanism_and_result(self):
        def work():
            self.gw.imap("anna", "secret").logout()
            self.gw.pop3("anna", "secret").quit()
            for connect in (self.gw.imap, self.gw.pop3):
                with self.assertRaises(Exception):
                    connect("anna", "wrong")

        self.assertEqual(self.grown(work, ("logins", "LOGIN ok"), ("logins", "LOGIN auth"), ("logins", "USER ok"),
                                    ("logins", "USER auth"), ("logins", "PLAIN ok")), [1, 1, 1, 1, 0])

    def test_messages_are_counted(self):
        def work():
            imap = self.gw.imap("anna", "secret")
            imap.create("counted")
            for _ in range(3):
                imap.append("counted", None, None, MESSAGE)
            imap.select("counted")
            imap.fetch("1:2", "(BODY[])")
            imap.store("1", "+FLAGS", "\\Deleted")
            imap.expunge()
            imap.logout()

        self.assertEqual(self.grown(work, ("messages_appended", ""), ("messages_expunged", ""),
                                    ("command_duration_seconds", "imap APPEND"),
                                    ("store_call_duration_seconds", "append_commit")), [3, 1, 3, 3])

    def test_octets_and_connections_are_counted_by_service(self):
        def work():
            self.gw.imap("anna", "secret", tls=True).logout()

        accepted, received, plain, handshakes = self.grown(
            work, ("connections_accepted", "imaps"), ("received_bytes", "imaps"), ("received_bytes", "imap"),
            ("tls_handshakes", "TLSv1.3 no"))
        self.assertEqual((accepted, plain, handshakes), (1, 0, 1))
        self.assertGreater(received, 100)

    def test_refusals_are_counted_by_reason(self):
        def work():
            held = [self.gw.imap("anna", "secret") for _ in range(3)]
            with self.assertRaises(Exception):
                self.gw.imap("anna", "secret")
            for imap in held:
                imap.logout()

        self.assertEqual(self.grown(work, ("connections_refused", "user"), ("connections_refused", "max_connections")), [1, 0])

    def test_sessions_of_now_are_a_gauge(self):
        imap = self.gw.imap("anna", "secret", tls=True)
        self.assertEqual(self.value("sessions", "imaps"), 1)
        imap.logout()

    def test_status_counts_what_stats_counts(self):
        self.gw.imap("anna", "secret").logout()
        status = self.rows("status")[0]
        ok = sum(v for k, v in self.metrics().items() if k.startswith("gateway_logins_total") and 'result="ok"' in k)
        self.assertEqual(status["login_ok"], ok)

    # ---- durations ----
    def test_percentiles_are_in_order(self):
        imap = self.gw.imap("anna", "secret")
        for _ in range(20):
            imap.noop()
        imap.logout()
        row = [r for r in self.rows("stats", "command") if r.get("series") == "imap NOOP"][0]
        order = [row[k] for k in ("p50_us", "p90_us", "p99_us", "p999_us", "longest_us")]
        self.assertEqual(order, sorted(order))
        self.assertLessEqual(row["mean_us"], row["longest_us"])

    def test_hist_shows_all_of_a_command(self):
        imap = self.gw.imap("anna", "secret")
        imap.noop()
        imap.logout()
        for fine in ("fine=no", "fine=yes"):
            *ranges, end = self.rows("hist", "imap NOOP", fine)
            self.assertEqual(sum(r["count"] for r in ranges), end["count"])
            self.assertEqual(ranges[-1]["total_percent"], 100)
            for r in ranges:
                self.assertLess(r["above_us"], r["up_to_us"])
        self.assertEqual(end["metric"], "command_duration_seconds")

    def test_hist_wants_a_name_that_says_which(self):
        both = self.gw.gwctl("hist", "NOOP", check=False)
        self.assertEqual(both.returncode, 1)
        self.assertIn("imap NOOP", both.stderr)
        none = self.gw.gwctl("hist", "FROB", check=False)
        self.assertIn("FROB", none.stderr)
        self.assertEqual(self.rows("hist", "sync")[-1]["series"], "sync")

    # ---- the past ----
    def test_reset_begins_anew_and_the_counters_go_on(self):
        self.gw.imap("anna", "secret").logout()
        before = self.metrics()
        self.gw.gwctl("stats", "reset")
        self.assertEqual(self.value("logins", "LOGIN ok"), 0)
        self.gw.imap("anna", "secret").logout()
        self.assertEqual(self.value("logins", "LOGIN ok"), 1)
        after = self.metrics()
        for key, value in before.items():
            if re.match(r"gateway_\w+_(total|count|sum|bucket)\b", key):
                self.assertGreaterEqual(after[key], value, key)
        self.assertEqual(self.value("logins", "LOGIN ok", since="start"), after['gateway_logins_total{mechanism="LOGIN",result="ok"}'])

    def test_marks_are_moments_to_count_from(self):
        self.gw.gwctl("stats", "mark", "monday")
        self.gw.imap("anna", "secret").logout()
        self.gw.gwctl("stats", "mark", "tuesday")
        self.assertEqual(self.value("logins", "LOGIN ok", since="monday"), 1)
        self.assertEqual(self.value("logins", "LOGIN ok", since="tuesday"), 0)
        wrong = self.gw.gwctl("stats", "since=sunday", check=False)
        self.assertEqual(wrong.returncode, 1)
        self.assertIn("sunday", wrong.stderr)
        self.assertIn("mark", self.gw.gwctl("stats", "mark", "5m", check=False).stderr)

    def test_a_span_longer_than_the_service_runs_is_all_of_it(self):
        self.assertEqual(self.value("logins", "LOGIN ok", since="2h"), self.value("logins", "LOGIN ok", since="start"))

    def test_a_metric_that_there_is_not_is_said(self):
        p = self.gw.gwctl("stats", "frob", check=False)
        self.assertEqual(p.returncode, 1)
        self.assertIn("frob", p.stderr)

    # ---- the text ----
    def test_metrics_end_and_every_series_has_help_and_type(self):
        text = self.gw.gwctl("metrics").stdout
        self.assertTrue(text.endswith("# EOF\n"))
        typed = dict(re.findall(r"^# TYPE (\S+) (\S+)$", text, re.M))
        helped = set(re.findall(r"^# HELP (\S+) \S", text, re.M))
        self.assertEqual(set(typed), helped)
        endings = {"counter": ("_total",), "gauge": ("",), "info": ("_info",), "histogram": ("_bucket", "_sum", "_count")}
        known = {name + e for name, kind in typed.items() for e in endings[kind]}
        for key in samples(text):
            self.assertIn(key.partition("{")[0], known)

    def test_buckets_of_a_histogram_add_up(self):
        imap = self.gw.imap("anna", "secret")
        imap.noop()
        imap.logout()
        series = {}
        for key, value in self.metrics().items():
            m = re.match(r'(gateway_\w+)_bucket\{(.*?),?le="(.*)"\}', key)
            if m:
                series.setdefault((m[1], m[2]), []).append((float(m[3]), value))
        self.assertIn(("gateway_command_duration_seconds", 'protocol="imap",command="NOOP"'), series)
        found = self.metrics()
        for (name, labels), buckets in series.items():
            self.assertEqual(buckets, sorted(buckets))
            self.assertEqual([v for _, v in buckets], sorted(v for _, v in buckets))
            self.assertLessEqual(buckets[-1][1], found["%s_count{%s}" % (name, labels)])


if __name__ == "__main__":
    unittest.main()
