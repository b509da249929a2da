"""health, listeners, certificates, back ends, and what the service manager is told."""
import json
import os
import signal
import socket
import subprocess
import sys
import unittest
import urllib.error
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import Gateway, Wire, free_port, until  # noqa: E402


class Base(unittest.TestCase):
    gw = None

    def rows(self, *args, code=0):
        p = self.gw.gwctl("--json", *args, check=False)
        self.assertEqual(p.returncode, code, p.stdout + p.stderr)
        return [json.loads(line) for line in p.stdout.splitlines()]

    def checks(self, *args, code=0):
        *rows, end = self.rows("health", *args, code=code)
        self.assertEqual(end["exit"], code)
        return {r["check"]: r["state"] for r in rows}, rows


class Health(Base):
    @classmethod
    def setUpClass(cls):
        cls.metrics = free_port()
        cls.gw = Gateway(log_level=5, shutdown_timeout=2, max_connections=200, metrics_listen="127.0.0.1:%d" % cls.metrics).start()
        cls.gw.add_user("anna", "x")

    @classmethod
    def tearDownClass(cls):
        status = cls.gw.stop()
        cls.gw.remove()
        assert status == 0, status

    def ready(self):
        try:
            with urllib.request.urlopen("http://127.0.0.1:%d/readyz" % self.metrics, timeout=60) as r:
                return r.status
        except urllib.error.HTTPError as e:
            return e.code

    def test_all_is_well(self):
        states, rows = self.checks()
        want = {"service", "listeners", "connections", "certificates", "log", "files", "disk", "log_disk", "accounts"}
        want |= {"loops", "workers"} if self.gw.model == "thread" else {"keeper", "children"}
        self.assertEqual(set(states), want)
        self.assertEqual(set(states.values()), {"ok"}, rows)

    def test_deep_looks_into_the_store(self):
        states, rows = self.checks("deep=yes")
        self.assertLessEqual({"integrity", "write", "text_index"}, set(states))
        self.assertEqual(set(states.values()), {"ok"}, rows)
        self.assertEqual(list((self.gw.folder / "store").glob(".health*")), [])

    def test_a_drain_is_a_warning_and_not_ready(self):
        self.assertEqual(self.ready(), 200)
        self.gw.gwctl("drain")
        try:
            states, _ = self.checks(code=1)
            self.assertEqual((states["service"], states["listeners"]), ("warning", "warning"))
            self.assertEqual(self.ready(), 503)
        finally:
            self.gw.gwctl("resume")
        self.assertEqual(self.ready(), 200)
        self.checks()

    def test_listeners_are_shown_with_what_they_took(self):
        def imap():
            return [r for r in self.rows("listeners")[:-1] if r["service"] == "imap"][0]
        before = imap()["accepted"]
        Wire(self.gw).close()
        self.assertEqual(imap()["accepted"], before + 1)
        rows = {r["service"]: r for r in self.rows("listeners")[:-1]}
        self.assertEqual(set(rows), {"imap", "imaps", "pop3", "pop3s", "metrics", "control"})
        self.assertEqual([rows[s]["tls"] for s in ("imap", "imaps", "pop3", "metrics")],
                         ["STARTTLS", "at once", "STLS", "none"])
        self.assertEqual((rows["imaps"]["open"], rows["imaps"]["from"], rows["imaps"]["waiting"]), (True, "own", 0))
        self.assertGreater(rows["imaps"]["backlog"], 0)
        self.assertIsNone(rows["control"]["waiting"])

    # ---- TLS ----
    def test_certificates_are_shown_with_what_is_in_them(self):
        row, end = self.rows("tls", "list")
        self.assertIn(row["days_left"], (29, 30))
        self.assertEqual((row["names"], row["default"], row["key"], row["subject"], row["file"]),
                         (["localhost"], True, "EC prime256v1", "CN=localhost", str(self.gw.cert)))
        self.assertEqual(set(row["services"]), {"imap", "imaps", "pop3", "pop3s"})
        text = subprocess.run(["openssl", "x509", "-in", str(self.gw.cert), "-noout", "-serial", "-fingerprint", "-sha256"],
                              capture_output=True, text=True, check=True).stdout.replace(":", "").lower()
        self.assertIn(row["fingerprint"], text)
        self.assertIn(row["serial"], text)
        self.assertEqual((end["certificates"], row["ocsp"], row["must_staple"]), (1, None, False))

    def test_ticket_keys_are_drawn_anew_and_old_tickets_are_accepted_twice(self):
        import ssl
        context = self.gw.tls_context()
        context.maximum_version = ssl.TLSVersion.TLSv1_2

        def connect(session=None):
            s = context.wrap_socket(socket.create_connection(("127.0.0.1", self.gw.port["imaps"]), 20),
                                    server_hostname="localhost", session=session)
            s.recv(100)
            reused, session = s.session_reused, s.session
            s.close()
            return reused, session
        session = connect()[1]
        self.assertTrue(connect(session)[0])
        self.rows("tls", "ticket", "rotate")
        self.assertTrue(connect(session)[0])
        self.assertEqual(self.rows("tls", "ticket", "rotate")[-1]["ticket_keys"], 3)
        self.assertTrue(connect(session)[0])
        self.rows("tls", "ticket", "rotate")
        self.assertFalse(connect(session)[0])
        session = connect()[1]
        self.rows("tls", "ticket", "rotate", "forget=yes")
        self.assertFalse(connect(session)[0])
        self.assertLess(self.rows("tls", "list")[-1]["ticket_key_age_s"], 60)

    # ---- back ends ----
    def test_the_store_is_shown_tested_and_taken_out_of_use(self):
        """RFC 5530 3(a)"""
        self.gw.imap("anna", "x").logout()
        row = self.rows("backend", "list")[0]
        self.assertEqual((row["name"], row["url"], row["state"]), ("store", self.gw.options["server_socket"], "up"))
        self.assertGreater(row["calls"], 0)
        self.assertGreater(row["p99_us"], 0)
        steps = self.rows("backend", "test")
        self.assertEqual([s["state"] for s in steps[:-1]], ["ok"] * 5)
        self.assertGreater(steps[-1]["time_us"], 0)
        inside = self.gw.imap("anna", "x")
        self.assertTrue(self.rows("backend", "drain")[-1]["changed"])
        try:
            self.assertEqual(self.rows("backend", "list")[0]["state"], "out of use")
            self.assertEqual(inside.select()[0], "OK")
            w = Wire(self.gw)
            self.assertIn(b"NO [UNAVAILABLE]", w.command(b"l", b"LOGIN anna x")[-1])
            self.assertIn(b"NO [UNAVAILABLE]", w.command(b"l", b"LOGIN anna wrong")[-1])
            w.close()
            self.assertEqual(self.ready(), 503)
            self.checks(code=1)
        finally:
            self.rows("backend", "drain", "undo=yes")
        self.gw.imap("anna", "x").logout()
        inside.logout()
        self.assertEqual(self.gw.gwctl("backend", "drain", "other", check=False).returncode, 64)


class Trouble(Base):
    def setUp(self):
        self.gw = Gateway(log_level=5, shutdown_timeout=2, max_connections=200)

    def tearDown(self):
        self.gw.stop()
        self.gw.remove()

    def test_certificates_that_end_soon(self):
        def days(n):
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                            "-days", str(n), "-subj", "/CN=localhost", "-keyout", str(self.gw.key), "-out",
                            str(self.gw.cert)], check=True, capture_output=True)
        days(10)
        self.gw.start()
        self.assertEqual(self.checks(code=1)[0]["certificates"], "warning")
        days(2)
        self.gw.gwctl("tls", "reload")
        self.assertEqual(self.checks(code=2)[0]["certificates"], "critical")

    def test_a_damaged_account_database_is_critical(self):
        self.gw.start()
        self.gw.add_user("anna", "x")
        db = self.gw.folder / "store" / "accounts.db"
        self.gw.stop()
        data = bytearray(db.read_bytes())
        for page in range(2, len(data) // 4096):
            data[page * 4096:page * 4096 + 64] = b"\xff" * 64
        db.write_bytes(data)
        self.gw.start()
        states, rows = self.checks("deep=yes", code=2)
        self.assertEqual(states["integrity"], "critical", rows)

    def test_a_configuration_on_trial_is_a_warning(self):
        self.gw.start()
        self.gw.write_config(imap_timeout=77)
        self.rows("reload", "confirm=1h")
        self.assertEqual(self.checks(code=1)[0]["service"], "warning")
        self.gw.gwctl("confirm")
        self.checks()

    @unittest.skipUnless(os.environ.get("GW_MODEL") == "fork", "there is a keeper in the fork model only")
    def test_a_keeper_that_was_killed_is_told_and_comes_back(self):
        self.gw.start()

        def keeper():
            return [r for r in self.checks_any() if r["check"] == "keeper"][0]
        pid = int(keeper()["detail"].split("process ")[1].split(")")[0])
        os.kill(pid, signal.SIGKILL)
        self.assertTrue(until(lambda: str(pid) not in keeper()["detail"]))
        self.assertTrue(until(lambda: keeper()["state"] == "ok"))

    def checks_any(self):
        p = self.gw.gwctl("--json", "health", check=False)
        return [json.loads(line) for line in p.stdout.splitlines()][:-1]


class Manager(Base):
    """A service manager with a short patience."""

    def setUp(self):
        self.gw = Gateway(log_level=5, shutdown_timeout=2, max_connections=200)
        self.path = str(self.gw.folder / "notify")
        self.manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.manager.bind(self.path)
        self.manager.settimeout(60)
        os.environ.update(NOTIFY_SOCKET=self.path, WATCHDOG_USEC="300000")
        try:
            self.gw.start()
        finally:
            del os.environ["NOTIFY_SOCKET"], os.environ["WATCHDOG_USEC"]

    def tearDown(self):
        self.gw.stop()
        self.gw.remove()
        self.manager.close()

    def told(self, word):
        while True:
            text = self.manager.recv(4096).decode()
            if word in text:
                return text

    def test_it_gets_its_signs_of_life_and_none_from_a_service_that_stands_still(self):
        self.told("READY=1")
        for _ in range(3):
            self.told("WATCHDOG=1")
        self.gw.process.send_signal(signal.SIGSTOP)
        try:
            with open("/proc/%d/stat" % self.gw.pid) as f:
                self.assertTrue(until(lambda: self.state(f) == "T"))
            self.manager.settimeout(0.5)
            with self.assertRaises(TimeoutError):
                while True:
                    self.manager.recv(4096)
        finally:
            self.gw.process.send_signal(signal.SIGCONT)
        self.manager.settimeout(60)
        self.told("WATCHDOG=1")

    def state(self, f):
        f.seek(0)
        return f.read().rsplit(")", 1)[1].split()[0]

    def test_it_is_told_of_a_drain_and_of_the_end(self):
        self.told("READY=1")
        self.gw.gwctl("drain")
        self.told("STATUS=Draining: 0 connections are left")
        self.gw.gwctl("stop")
        self.told("STOPPING=1")


if __name__ == "__main__":
    unittest.main()
