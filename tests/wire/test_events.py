"""What the daemon says while it works: tail, log tail, log level, why, trace; and lines in JSON against their schema."""
import json
import os
import re
import socket
import subprocess
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from gateway import Gateway, Wire, until  # noqa: E402

try:
    import jsonschema
except ImportError:
    jsonschema = None


class Control:
    """A program at the control socket."""

    def __init__(self, gw):
        self.s = socket.socket(socket.AF_UNIX)
        self.s.settimeout(30)
        self.s.connect(gw.options["control_socket"])
        self.f = self.s.makefile("rb")
        self.f.readline()

    def ask(self, request):
        self.s.sendall(request.encode() + b"\n")

    def row(self):
        """The next row as a dict, or the line that ends the answer."""
        line = self.f.readline().decode()
        return json.loads(line[2:]) if line.startswith("D ") else line

    def until(self, wanted):
        """Rows up to and with the first that wanted(row) likes."""
        rows = []
        while True:
            rows.append(self.row())
            if isinstance(rows[-1], str) or wanted(rows[-1]):
                return rows

    def cancel(self):
        """End the stream; the rows that still came, and the last line."""
        self.ask("cancel")
        return self.until(lambda row: False)

    def close(self):
        self.f.close()
        self.s.close()


def names(rows):
    return [r["event"] for r in rows if isinstance(r, dict)]


class Events(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.gw = Gateway(log_level=4, max_auth_failures=50).start()
        for user in ("anna", "bert", "cora"):
            cls.gw.add_user(user, "secret-" + user)

    @classmethod
    def tearDownClass(cls):
        cls.gw.stop()
        cls.gw.remove()

    def control(self, request=None):
        c = Control(self.gw)
        self.addCleanup(c.close)
        if request:
            c.ask(request)
            self.settle()
        return c

    def settle(self):
        """Orders of others are answered when earlier ones have begun."""
        self.gw.gwctl("ping")

    def fail_login(self, user, service="imap"):
        w = Wire(self.gw, service)
        answer = w.command(b"a", b"LOGIN %s wrong" % user.encode())[-1]
        w.close()
        return answer

    # ---- tail ----
    def test_tail_has_what_happens_to_a_user(self):
        c = self.control("tail user=anna")
        self.fail_login("anna")
        m = self.gw.imap("bert", "secret-bert")
        m.logout()
        m = self.gw.imap("anna", "secret-anna")
        m.select()
        m.append("INBOX", None, None, b"Subject: x\r\n\r\nhello\r\n")
        m.fetch("1", "(BODY[])")
        m.logout()
        rows = c.until(lambda row: row["event"] == "logout")
        self.assertEqual(names(rows), ["login_failed", "login", "logout"])
        self.assertEqual({r["user"] for r in rows}, {"anna"})
        failed, login, logout = rows
        self.assertEqual((failed["reason"], failed["service"], failed["module"]), ("password", "imap", "auth"))
        self.assertTrue(failed["address"].startswith("127.0.0.1:"))
        self.assertIn("Failed to login from %s with" % failed["address"], failed["text"])
        self.assertEqual((login["mechanism"], login["tls"], login["session"]), ("LOGIN", False, logout["session"]))
        self.assertEqual((logout["fetched"], logout["appended"], logout["expunged"]), (1, 1, 0))
        self.assertGreater(logout["bytes_out"], logout["bytes_in"])
        self.assertGreaterEqual(logout["commands"], 5)

    def test_tail_filters_by_event_address_service_and_level(self):
        by_event, by_net = self.control("tail event=login max=1"), self.control("tail address=127.0.0.0/8 service=pop3 max=1")
        other, level = self.control("tail address=192.0.2.0/24"), self.control("tail level=warning max=1")
        self.gw.pop3("bert", "secret-bert").quit()
        self.fail_login("bert")
        self.assertEqual(by_event.row()["message"][:24], "POP3 Login from 127.0.0.")
        self.assertEqual(json.loads(by_event.row()[3:]), {"rows": 1, "lost": 0})
        self.assertEqual(by_net.row()["event"], "connect")
        self.assertEqual(level.row()["event"], "login_failed")
        self.assertTrue(other.cancel()[-1].startswith("ERR interrupted"))

    def test_tail_refuses_what_is_no_event_or_address(self):
        p = self.gw.gwctl("tail", "event=loginn", check=False)
        self.assertEqual(p.returncode, 1)
        self.assertIn("gateway-events", p.stderr)
        self.assertNotEqual(self.gw.gwctl("tail", "address=1.2.3", check=False).returncode, 0)

    def test_who_reads_slowly_loses_events_and_is_told_while_mail_goes_on(self):
        slow = Control(self.gw)
        self.addCleanup(slow.close)
        slow.s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.ask("log tail level=debug")
        self.settle()
        w = Wire(self.gw)
        n, big = 0, "x" * 900
        while n < 12000:  # more than the ring and the output of a client can hold
            w.send(b"".join(b'%d ID ("name" "%s")\r\n' % (i, big.encode()) for i in range(n, n + 200)))
            w.until(b"%d " % (n + 199))
            n += 200
        w.close()
        self.gw.imap("cora", "secret-cora").logout()  # nobody waits for who does not read
        slow.s.settimeout(30)
        rows = slow.until(lambda row: row.get("event") == "login" and row["user"] == "cora")
        lost = sum(r["lost"] for r in rows if r["event"] == "lost")
        self.assertGreater(lost, 0)
        self.assertGreater(len(rows) + lost, 12000)

    # ---- log ----
    def test_log_tail_shows_the_lines_of_the_log(self):
        c = self.control("log tail module=auth match=\"user cora\" max=1")
        self.gw.imap("bert", "secret-bert").logout()
        self.gw.imap("cora", "secret-cora").logout()
        row = c.row()
        self.assertEqual((row["event"], row["level"]), ("login", "notice"))
        self.assertIn(row["text"], self.gw.log())

    def levels(self):
        return {r["module"]: r for r in map(json.loads, self.gw.gwctl("--json", "log", "level").stdout.splitlines()) if "module" in r}

    def test_a_level_counts_at_once_in_sessions_that_run_and_ends(self):
        m = self.gw.imap("anna", "secret-anna")
        before = len(self.gw.log())
        m.noop()
        self.assertNotIn(" NOOP", self.gw.log()[before:])
        self.gw.gwctl("log", "level", "imap", "debug", "for=1h")
        left = self.levels()["imap"]["left_s"]
        self.assertTrue(3500 < left <= 3600, left)
        m.noop()
        self.until_log(r"\[debug  \] 127\.0\.0\.1:\d+ C \w+ NOOP", before)
        self.gw.gwctl("log", "level", "imap", "default")
        self.assertEqual((self.levels()["imap"]["set"], self.levels()["imap"]["level"]), (False, "notice"))
        before = len(self.gw.log())
        m.noop()
        m.logout()
        self.assertNotIn(" NOOP", self.gw.log()[before:])
        self.gw.gwctl("log", "level", "all", "none", "for=1s")
        self.assertTrue(until(lambda: not self.levels()["auth"]["set"]))
        self.assertEqual({r["level"] for r in self.levels().values()}, {"notice"})

    def until_log(self, pattern, start=0):
        until(lambda: re.search(pattern, self.gw.log()[start:]))
        self.assertRegex(self.gw.log()[start:], pattern)

    def test_a_level_needs_both_names(self):
        for args in (["imap"], ["imap", "loud"], ["mail", "debug"]):
            p = self.gw.gwctl("log", "level", *args, check=False)
            self.assertNotEqual(p.returncode, 0, args)

    # ---- why ----
    def why(self, *args):
        rows = [json.loads(line) for line in self.gw.gwctl("--json", "why", *args).stdout.splitlines()]
        return [r for r in rows if "advice" in r], rows[-1]

    def test_why_has_the_reasons_of_refusals(self):
        self.gw.add_user("dora", "secret-dora")
        self.fail_login("dora")
        self.gw.gwctl("user", "features", "dora", "disabled=imap")
        w = Wire(self.gw)
        self.assertIn(b"NO", w.command(b"a", b"LOGIN dora secret-dora")[-1])
        w.close()
        rows, end = self.why("dora")
        self.assertEqual([r["reason"] for r in rows], ["password", "disabled"])
        self.assertTrue(all(r["advice"] and r["address"].startswith("127.0.0.1:") for r in rows))
        self.assertEqual((end["refusals"], end["exists"], end["disabled_features"], end["sessions"]), (2, True, "imap", 0))
        rows, end = self.why("address=127.0.0.1")
        self.assertGreaterEqual(end["refusals"], 2)
        rows, end = self.why("nobody-tried-this")
        self.assertEqual((rows, end["refusals"], end["exists"]), ([], 0, False))

    def test_a_thousand_failures_of_one_do_not_hide_those_of_another(self):
        self.fail_login("eva")
        for _ in range(4):
            w = Wire(self.gw)
            for _ in range(9):
                w.command(b"a", b"LOGIN frank wrong")
            w.close()
        self.assertEqual(len(self.why("eva")[0]), 1)
        self.assertEqual(len(self.why("frank")[0]), 32)

    # ---- trace ----
    def test_a_trace_shows_the_dialogue_without_secrets_and_bodies(self):
        m = self.gw.imap("anna", "secret-anna")
        c = self.control("trace user user=anna for=1h")
        m.select()
        m.append("INBOX", None, None, b"Subject: x\r\n\r\nthe body is nobody's business\r\n")
        m.fetch("1:*", "(FLAGS BODY.PEEK[])")
        p = self.gw.pop3("anna", "secret-anna")
        p.retr(1)
        p.quit()
        m.logout()
        rows = c.until(lambda row: row["service"] == "imap" and row["direction"] == "S" and "LOGOUT" in row["line"])
        lines = ["%(service)s %(direction)s %(line)s" % r for r in rows]
        self.assertTrue(any(re.fullmatch(r"imap C \w+ SELECT INBOX", line) for line in lines), lines)
        self.assertTrue(any(re.fullmatch(r"imap S \* \d+ FETCH .*\{\d+\}", line) for line in lines), lines)
        self.assertTrue(any(re.fullmatch(r"imap S \w+ OK \[READ-WRITE\] .*", line) for line in lines), lines)
        self.assertIn("pop3 C RETR 1", lines)
        self.assertNotIn("nobody's business", json.dumps(rows))
        self.assertNotIn("secret-anna", json.dumps(rows))
        self.assertTrue(c.cancel()[-1].startswith("ERR interrupted"))
        self.until_log("End of the trace of anna")

    def test_a_trace_of_an_address_begins_before_the_login(self):
        c = self.control("trace address address=127.0.0.1")
        w = Wire(self.gw)
        w.command(b"a", b"LOGIN bert secret-bert")
        w.send(b"b AUTHENTICATE PLAIN\r\nc2VjcmV0LWJlcnQ=\r\n")
        w.command(b"c", b"LOGOUT")
        w.close()
        rows = c.until(lambda row: row["direction"] == "S" and row["line"].startswith("c "))
        text = json.dumps(rows)
        self.assertIn("LOGIN ***", text)
        self.assertNotIn("secret-bert", text)
        self.assertNotIn("c2VjcmV0LWJlcnQ", text)

    def test_a_trace_of_one_session_ends_by_itself(self):
        m, other = self.gw.imap("cora", "secret-cora"), self.gw.imap("bert", "secret-bert")
        sessions = [json.loads(line) for line in self.gw.gwctl("--json", "session", "list", "user=cora").stdout.splitlines()]
        c = self.control("session trace id=%s for=1s" % sessions[0]["id"])
        other.noop()
        m.noop()
        rows = c.until(lambda row: False)
        self.assertTrue(rows[-1].startswith("OK "), rows[-1])
        self.assertEqual({r["user"] for r in rows[:-1]}, {"cora"})
        m.logout()
        other.logout()

    def test_times_that_are_no_time_are_refused(self):
        for wrong in ("0s", "4294967297s", "30d"):
            said = self.gw.gwctl("trace", "user", "anna", "for=" + wrong, check=False)
            self.assertIn("ends by itself", said.stderr, wrong)
        said = self.gw.gwctl("log", "level", "imap", "debug", "for=4294967297s", check=False)
        self.assertIn("68 years", said.stderr)

    def test_a_trace_of_what_is_not_there_is_refused(self):
        self.assertIn("no session", self.gw.gwctl("trace", "session", "99999999", check=False).stderr)


class Lines(unittest.TestCase):
    @unittest.skipUnless(jsonschema, "python3-jsonschema is not here (make deps)")
    def test_each_line_in_json_is_as_the_schema_says(self):
        schema = json.loads((ROOT / "etc/events.schema.json").read_text())
        check = jsonschema.Draft202012Validator(schema)
        with Gateway(log_level=6, log_format="json", slow_command_time=0, max_connections_per_user=1,
                     imap_max_fail_commands=3) as gw:
            gw.add_user("anna", "secret")
            gw.gwctl("status")
            m = gw.imap("anna", "secret")
            self.assertRaises(Exception, gw.imap, "anna", "secret")
            m.logout()
            w = Wire(gw)
            for i in range(3):
                w.command(b"a", b'LOGIN "an\\"na" wrong')
            w.close()
            Wire(gw, "pop3").close()
            bad = socket.create_connection(("127.0.0.1", gw.port["imaps"]))
            bad.sendall(b"GET / HTTP/1.0\r\n\r\n")
            bad.recv(100)
            bad.close()
            gw.gwctl("reload")
            gw.gwctl("log", "level", "tls", "info", "for=1h")
            gw.gwctl("log", "reopen")
            gw.stop()
            lines = [json.loads(line) for line in gw.log().splitlines()]
        seen = set()
        for line in lines:
            errors = [e.message for e in check.iter_errors(line)]
            self.assertEqual(errors, [], line)
            seen.add(line["event"])
        self.assertLessEqual({"message", "dialogue", "connect", "disconnect", "login", "login_failed", "logout", "refused",
                              "tls_failed", "order", "start", "stop", "stopping", "log_level", "too_many_errors"}, seen)
        self.assertTrue(list(check.iter_errors({"event": "login"})))


if __name__ == "__main__":
    unittest.main()
