"""A reload on trial, undo, and certificates: what a reload changes comes back, also when nobody is left to ask for it."""
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import Gateway, make_certificate, until  # noqa: E402


class Trial(unittest.TestCase):
    def setUp(self):
        self.gw = Gateway(log_level=5, shutdown_timeout=1).start()
        self.usual = dict(self.gw.options)
        self.old_certificate = self.presented()

    def tearDown(self):
        status = self.gw.stop()
        self.gw.remove()
        self.assertEqual(status, 0)

    def rows(self, *args, code=0):
        p = self.gw.gwctl("--json", *args, check=False)
        self.assertEqual(p.returncode, code, p.stdout + p.stderr)
        return [json.loads(line) for line in p.stdout.splitlines()]

    def presented(self):
        return ssl.get_server_certificate(("127.0.0.1", self.gw.port["imaps"])).strip()

    def clients_connect(self):
        try:
            self.gw.imap(tls=True).logout()
            return True
        except (ssl.SSLError, OSError):
            return False

    def value(self, name):
        return self.rows("config", "get", name)[0]["value"]

    def certificate_of_another(self):
        """A file pair for a name that no client asks for."""
        return make_certificate(self.gw.folder, names=("elsewhere.example",), stem="other")

    def replace_certificate(self):
        cert, key = self.certificate_of_another()
        keep = self.gw.folder / "trusted.pem"
        shutil.copy2(self.gw.cert, keep)  # what clients go on trusting
        os.replace(key, self.gw.key)
        os.replace(cert, self.gw.cert)
        self.gw.cert = keep

    # ---- the proof ----
    def test_a_certificate_of_another_name_is_undone_though_gwctl_was_killed(self):
        self.replace_certificate()
        asked = subprocess.Popen([str(self.gw.build / "gwctl"), "-s", self.gw.options["control_socket"], "reload",
                                  "confirm=1"], stdout=subprocess.PIPE, text=True)
        self.assertIn("certificate", asked.stdout.readline())
        asked.send_signal(signal.SIGKILL)
        asked.wait()
        asked.stdout.close()
        self.assertTrue(until(lambda: "from before the last reload is in force again" in self.gw.log()))
        self.assertTrue(self.clients_connect())
        self.assertEqual(self.presented(), self.old_certificate)
        self.assertIn("nobody confirmed the change of uid %d" % os.geteuid(), self.gw.log())

    def test_the_change_counts_while_it_is_on_trial(self):
        self.replace_certificate()
        self.rows("reload", "confirm=1h")
        self.assertFalse(self.clients_connect())
        status = self.rows("status")[0]
        self.assertGreater(status["confirm_s"], 3000)
        self.rows("undo")
        self.assertTrue(self.clients_connect())
        self.assertEqual(self.rows("status")[0]["confirm_s"], 0)

    def test_ciphers_that_no_client_has_are_undone_by_the_clock(self):
        self.gw.write_config(ssl_protocols="TLSv1.2 !TLSv1.3", ssl_ciphers="ECDHE-RSA-AES256-SHA")  # the key is no RSA key
        self.rows("reload", "confirm=1")
        self.assertFalse(self.clients_connect())
        self.assertTrue(until(self.clients_connect))
        self.assertEqual(self.value("ssl_protocols"), "")

    def test_certificates_that_came_back_are_not_read_from_the_disk_again(self):
        self.replace_certificate()
        self.rows("reload", "confirm=1h")
        self.rows("undo")
        self.assertNotIn("Certificate files changed", self.gw.log())
        self.assertFalse(until(lambda: "Certificate files changed" in self.gw.log(), 0.1))
        self.assertEqual(self.presented(), self.old_certificate)
        rows = self.rows("tls", "reload")  # asked for, they are taken
        self.assertEqual({r["event"] for r in rows if "event" in r}, {"certificate"})
        self.assertNotEqual(self.presented(), self.old_certificate)

    def test_everything_else_comes_back_too(self):
        self.gw.write_config(log_level=3, max_connections_per_user=1, imap_timeout=77, worker_threads=9)
        before = self.gw.gwctl("--json", "config", "show").stdout
        self.rows("reload", "confirm=1h")
        self.assertEqual((self.value("log_level"), self.value("imap_timeout")), ("3", "77"))
        self.assertEqual(self.rows("config", "get", "worker_threads")[0]["waiting"], "9")
        back = {r["name"]: (r["was"], r["now"]) for r in self.rows("undo") if "name" in r}
        self.assertEqual(back["imap_timeout"], ("77", "1800"))
        self.assertEqual(self.gw.gwctl("--json", "config", "show").stdout, before)
        self.gw.add_user("anna", "x")
        with self.gw.imap("anna", "x"), self.gw.imap("anna", "x"):
            pass

    # ---- confirm ----
    def test_a_confirmed_change_stays(self):
        self.gw.write_config(imap_timeout=77)
        self.assertEqual(self.rows("reload", "confirm=1h")[-1]["confirm_s"], 3600)
        self.gw.gwctl("confirm")
        self.assertEqual(self.rows("status")[0]["confirm_s"], 0)
        self.assertEqual(self.value("imap_timeout"), "77")
        self.assertIn("nothing waits", self.gw.gwctl("confirm", check=False).stderr)
        self.rows("undo")  # later, all the same
        self.assertEqual(self.value("imap_timeout"), "1800")

    def test_undo_of_undo_goes_forward_again(self):
        self.assertIn("nothing was reloaded", self.gw.gwctl("undo", check=False).stderr)
        self.gw.write_config(imap_timeout=77)
        self.rows("reload")
        for value in ("1800", "77", "1800"):
            self.rows("undo")
            self.assertEqual(self.value("imap_timeout"), value)

    def test_a_reload_that_changes_nothing_is_not_on_trial_and_keeps_what_undo_goes_back_to(self):
        self.gw.write_config(imap_timeout=77)
        self.rows("reload")
        rows = self.rows("reload", "confirm=1h")
        self.assertEqual([r["event"] for r in rows if "event" in r][-2:], ["unchanged", "confirm"])
        self.assertEqual(rows[-1]["confirm_s"], 0)
        self.rows("undo")
        self.assertEqual(self.value("imap_timeout"), "1800")

    def test_what_is_reloaded_meanwhile_joins_the_trial(self):
        self.gw.write_config(imap_timeout=77)
        self.rows("reload", "confirm=1h")
        self.gw.write_config(imap_timeout=88, pop3_timeout=99)
        self.gw.process.send_signal(signal.SIGHUP)
        self.assertTrue(until(lambda: self.value("pop3_timeout") == "99"))
        self.assertGreater(self.rows("status")[0]["confirm_s"], 0)
        self.rows("reload")
        self.rows("tls", "reload")
        self.assertGreater(self.rows("status")[0]["confirm_s"], 0)
        self.assertEqual(self.rows("reload", "confirm=1")[-1]["confirm_s"], 1)
        self.assertTrue(until(lambda: self.value("imap_timeout") == "1800"))
        self.assertEqual(self.value("pop3_timeout"), "600")

    def test_a_reload_with_errors_leaves_the_trial_as_it_was(self):
        self.gw.write_config(imap_timeout=77)
        self.rows("reload", "confirm=1h")
        self.gw.config.write_text("imap_timeout = soon\n")
        self.gw.gwctl("reload", "confirm=2h", check=False)
        self.assertLessEqual(self.rows("status")[0]["confirm_s"], 3600)
        self.assertEqual(self.value("imap_timeout"), "77")
        self.gw.options = dict(self.usual)
        self.gw.write_config()

    def test_times_that_make_no_sense_are_refused(self):
        for args in (["reload", "confirm=0"], ["reload", "confirm=2d"], ["reload", "plan=yes", "confirm=5"]):
            self.assertNotEqual(self.gw.gwctl(*args, check=False).returncode, 0, args)

    # ---- other files, differences ----
    def test_another_file_counts_until_the_usual_one_is_read(self):
        other = self.gw.folder / "other.cfg"
        self.gw.write_config()
        other.write_text(self.gw.config.read_text() + "imap_timeout = 66\n")
        self.assertEqual([r["now"] for r in self.rows("reload", "plan=yes", str(other)) if "name" in r], ["66"])
        self.assertEqual(self.value("imap_timeout"), "1800")
        self.rows("reload", str(other), "confirm=1h")
        self.assertEqual(self.value("imap_timeout"), "66")
        self.assertEqual(self.rows("status")[0]["config"], str(other))
        self.rows("undo")
        self.assertEqual(self.rows("status")[0]["config"], str(self.gw.config))
        self.assertEqual(self.gw.gwctl("reload", "/nowhere.cfg", check=False).returncode, 1)

    def test_config_diff_is_against_the_files_and_against_the_configuration_before(self):
        self.assertEqual(self.rows("config", "diff"), [{"options": 0, "other": str(self.gw.config)}])
        self.gw.write_config(imap_timeout=77)
        row = self.rows("config", "diff")[0]
        self.assertEqual((row["name"], row["running"], row["other"], row["reload"], row["file"]),
                         ("imap_timeout", "1800", "77", "next", str(self.gw.config)))
        self.rows("reload")
        self.assertEqual(self.rows("config", "diff")[-1]["options"], 0)
        row = self.rows("config", "diff", "previous=yes")[0]
        self.assertEqual((row["name"], row["running"], row["other"]), ("imap_timeout", "77", "1800"))
        self.gw.config.write_text("imap_timeout = soon\n")
        self.assertIn("soon", self.gw.gwctl("config", "diff", check=False).stderr)
        self.assertIn("did you mean \"imap_timeout\"", self.gw.gwctl("config", "get", "imap_timeuot", check=False).stderr)

    def test_a_tls_reload_is_all_or_nothing_and_can_be_undone(self):
        good = self.gw.key.read_bytes()
        self.gw.key.write_text("none")
        self.assertIn("stay in use", self.gw.gwctl("tls", "reload", check=False).stderr)
        self.assertEqual(self.presented(), self.old_certificate)
        self.gw.key.write_bytes(good)
        self.replace_certificate()
        self.rows("tls", "reload", "confirm=1")
        self.assertFalse(self.clients_connect())
        self.assertTrue(until(self.clients_connect))

    def test_the_service_manager_is_told(self):
        self.gw.stop()
        path = str(self.gw.folder / "notify")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(path)
            manager.settimeout(60)
            os.environ["NOTIFY_SOCKET"] = path
            try:
                self.gw.start()
            finally:
                del os.environ["NOTIFY_SOCKET"]

            def told(word):
                while True:
                    text = manager.recv(4096).decode()
                    if word in text:
                        return text
            told("READY=1")
            self.gw.write_config(imap_timeout=77)
            self.rows("reload", "confirm=1h")
            self.assertIn("MONOTONIC_USEC=", told("RELOADING=1"))
            told("READY=1")
            self.rows("undo")
            told("RELOADING=1")
            told("READY=1")


if __name__ == "__main__":
    unittest.main()
