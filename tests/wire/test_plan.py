"""gwcfg plan and gwcfg diff --running against a daemon: what they say before is what a reload reports then."""
import json
import os
import shutil
import socket
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import Gateway, Wire, make_certificate, until  # noqa: E402


NOBODY = 65534


class Planned(unittest.TestCase):
    def setUp(self):
        self.gw = Gateway(log_level=4, shutdown_timeout=1).start()

    def tearDown(self):
        status = self.gw.stop()
        self.gw.remove()
        self.assertEqual(status, 0)

    def gwcfg(self, *args, expect=0, text=""):
        p = subprocess.run([str(self.gw.build / "gwcfg"), *map(str, args)], capture_output=True, text=True, input=text,
                           timeout=60)
        self.assertEqual(p.returncode, expect, p.stdout + p.stderr)
        return p

    def plan(self, *args):
        return json.loads(self.gwcfg("plan", "--json", "--socket", self.gw.options["control_socket"], *args).stdout)

    def reload(self, *args):
        return [json.loads(line) for line in self.gw.gwctl("--json", "reload", *args).stdout.splitlines()]


class Predictions(Planned):
    CHANGES = [
        {},
        {"log_level": 5},
        {"max_connections_per_user": 3, "shutdown_timeout": 7},
        {"imap_timeout": "31m", "pop3_timeout": 700, "ssl_ciphers": "HIGH"},
        {"worker_threads": 3, "max_connections": 50},
        {"imap_port": 1143, "pop3_enable": "no"},
        {"imap_listen": "127.0.0.1:1143 127.0.0.1:1144", "pop3s_listen": ""},
        {"log_level": 3, "imap_max_messagesize": "5M", "mail_quota": "1G", "server_bind": "127.0.0.2"},
        {"ssl_protocols": "TLSv1.2", "tls_min_proto": "tls1.3"},
    ]

    def test_what_the_plan_says_is_what_the_reload_reports(self):
        usual = dict(self.gw.options)
        for change in self.CHANGES:
            with self.subTest(change):
                self.gw.options = dict(usual)
                self.gw.write_config(**change)
                plan = self.plan()
                said = [(c["reload"], c["name"], c["was"], c["now"]) for c in plan["changes"]]
                moves = [(m["service"], m["listener"], m["move"]) for m in plan["listeners"] if m["move"] != "kept"]
                checked, rows = self.reload("plan=yes"), self.reload()
                self.assertEqual(checked, rows)
                self.assertEqual(said, [(r["event"], r["name"], r["was"], r["now"]) for r in rows if "name" in r])
                self.assertEqual(moves, [(r["service"], r["listener"], r["move"]) for r in rows if "listener" in r])
                self.assertEqual((plan["live"], plan["next"], plan["restart"]),
                                 tuple(sum(s[0] == c for s in said) for c in ("live", "next", "restart")))
                # what is left is what waits
                after = self.plan()
                self.assertEqual([c["name"] for c in after["changes"]],
                                 [c["name"] for c in plan["changes"] if c["reload"] == "restart"])
                self.assertTrue(all(c["waits_already"] for c in after["changes"]))
                self.gw.options = dict(usual)
                self.gw.write_config()
                self.reload()
                self.assertEqual(self.plan()["changes"], [])

    def test_every_option_is_predicted_with_its_class(self):
        """The class of the table is the class of the reload, for all of them at once."""
        rows = json.loads(subprocess.run([str(self.gw.build / "gwcfg"), "list", "--json"], capture_output=True,
                                         check=True).stdout)
        classes = {r["name"]: r["reload"] for r in rows}
        self.gw.write_config(imap_timeout=1900, pop3_timeout=700, login_timeout=50, write_timeout=100, log_level=5,
                             max_connections_per_address=7, max_connections_per_user=9, worker_threads=2,
                             auth_threads=2, loop_threads=2, max_connections=99, max_mailboxes=7, imap_port=9,
                             imap_public_folders="no", max_auth_failures=9, tmp_path="/var/tmp")
        plan = self.plan()
        self.assertEqual(len(plan["changes"]), 16)
        for c in plan["changes"]:
            self.assertEqual(c["reload"], classes[c["name"]])

    def test_a_plan_changes_nothing(self):
        self.gw.write_config(log_level=5, imap_timeout=1900, worker_threads=2)
        before = self.gw.gwctl("--json", "config", "show").stdout
        self.plan()
        self.gwcfg("diff", "--running", self.gw.config)
        self.assertEqual(self.gw.gwctl("--json", "config", "show").stdout, before)
        self.assertNotIn("Reload", self.gw.log())

    def answers(self):
        with socket.socket(socket.AF_UNIX) as s:
            return s.connect_ex(self.gw.options["control_socket"]) == 0

    def test_the_command_line_of_the_daemon_counts_as_it_does_for_a_reload(self):
        self.gw.stop()
        self.gw.write_config()
        args = [str(self.gw.build / "gatewayd"), "-F", "-c", str(self.gw.config), "--imap-timeout=1850",
                "--worker-threads=2", "--ignore-unknown-config-options"]
        self.gw.stderr = open(self.gw.folder / "stderr", "ab")
        self.gw.process = subprocess.Popen(args, stdin=subprocess.DEVNULL, stdout=self.gw.stderr, stderr=self.gw.stderr)
        self.assertTrue(until(self.answers))
        self.assertEqual(self.plan()["changes"], [])
        with self.gw.config.open("a") as f:
            f.write("imap_timeout = 1900\nworker_threads = 9\nlog_level = 5\nno_such_option = 1\n")
        self.assertEqual([c["name"] for c in self.plan()["changes"]], ["log_level"])
        self.assertEqual([r["name"] for r in self.reload() if "name" in r], ["log_level"])

    def test_sessions_that_are_touched_are_counted_by_service(self):
        self.gw.add_user("anna", "x")
        with self.gw.imap("anna", "x"), self.gw.imap("anna", "x", tls=True):
            pop3, bare = self.gw.pop3("anna", "x"), Wire(self.gw)
            self.gw.write_config(imap_timeout=1900, pop3_timeout=700, login_timeout=50, log_level=5, worker_threads=2)
            plan = self.plan()
            self.assertEqual(plan["sessions"], {"pop3": 1, "pop3s": 0, "imap": 2, "imaps": 1})
            self.assertEqual({c["name"]: c["sessions"] for c in plan["changes"]},
                             {"imap_timeout": 3, "pop3_timeout": 1, "login_timeout": 4, "log_level": 4,
                              "worker_threads": 4})
            out = self.gwcfg("plan", self.gw.config).stdout
            self.assertIn("has 4 sessions: 1 pop3, 2 imap, 1 imaps.", out)
            self.assertIn("imap_timeout: 3 open sessions keep the old value", out)
            self.assertIn("pop3_timeout: 1 open session keeps the old value", out)
            self.assertIn("By a restart only, which ends 4 sessions:", out)
            pop3.quit()
            bare.close()

    def test_certificates_that_are_swapped_are_named(self):
        self.assertEqual([c["changed"] for c in self.plan()["certificates"]], [False])
        cert, key = make_certificate(self.gw.folder, stem="new")
        other = self.gw.folder / "other.pem"
        shutil.copy(cert, other)
        os.replace(cert, self.gw.cert)
        os.replace(key, self.gw.key)
        self.gw.write_config(ssl_certificates="%s:%s" % (other, self.gw.key))
        plan = self.plan()
        self.assertEqual([(c["certificate"], c["move"], c["changed"]) for c in plan["certificates"]],
                         [(str(self.gw.cert), "kept", True), (str(other), "added", False)])
        self.assertEqual(plan["certificates"][0]["name"], "localhost")
        self.assertIn("another one since it was read", self.gwcfg("plan", self.gw.config).stdout)
        self.reload()
        self.assertEqual([(c["move"], c["changed"]) for c in self.plan()["certificates"]],
                         [("kept", False), ("kept", False)])

    def test_a_key_that_does_not_fit_is_told_by_the_daemon_before(self):
        make_certificate(self.gw.folder, stem="new")
        os.replace(self.gw.folder / "new.key", self.gw.key)
        out = self.gwcfg("plan", self.gw.config, expect=1).stdout
        self.assertIn("The daemon would refuse it", out)
        self.assertIn("ssl_private_key_file", out)

    def test_another_file_can_be_planned_from_standard_input_too(self):
        other = self.gw.folder / "other.cfg"
        text = self.gw.config.read_text() + "log_level = 6\n"
        other.write_text(text)
        self.assertEqual([c["name"] for c in self.plan(other)["changes"]], ["log_level"])
        p = self.gwcfg("plan", "-s", self.gw.options["control_socket"], "-", text=text)
        self.assertIn("log_level", p.stdout)

    def test_diff_running_shows_both_places(self):
        self.gw.write_config(imap_timeout=1900)
        out = self.gwcfg("diff", "--running", "--socket", self.gw.options["control_socket"]).stdout
        lines = self.gw.config.read_text().splitlines()
        self.assertEqual(out, "imap_timeout: counts for new sessions\n    - 1800  (default)\n    + 1900  (%s:%d)\n"
                         % (self.gw.config, lines.index("imap_timeout = 1900") + 1))
        self.gwcfg("diff", "--running", "--exit-code", self.gw.config, expect=1)
        self.reload()
        self.assertEqual(self.gwcfg("diff", "--running", "--exit-code", self.gw.config).stdout, "")

    def test_a_bad_file_is_refused_with_its_places(self):
        with self.gw.config.open("a") as f:
            f.write("imap_timeout = soon\n")
        p = self.gwcfg("plan", self.gw.config, expect=1)
        self.assertEqual(p.stdout, "")
        self.assertIn("%s:%d:16: " % (self.gw.config, len(self.gw.config.read_text().splitlines())), p.stderr)

    @unittest.skipUnless(os.geteuid() == 0, "needs root to be somebody else")
    def test_somebody_who_may_only_look_can_plan(self):
        self.gw.stop()
        self.gw.write_config(control_socket_mode="0666")
        self.gw.start()
        os.chmod(self.gw.folder, 0o755)
        os.chmod(self.gw.config, 0o644)
        tool = self.gw.folder / "gwcfg"
        shutil.copy(self.gw.build / "gwcfg", tool)
        self.gw.write_config(imap_timeout=1900)
        p = subprocess.run([str(tool), "plan", str(self.gw.config)], user=NOBODY, group=NOBODY, extra_groups=[],
                           capture_output=True, text=True, cwd="/", timeout=60)
        self.assertEqual((p.returncode, p.stderr), (0, ""))
        self.assertIn("imap_timeout", p.stdout)


class Secrets(Planned):
    """A path may look like a URL with a password in it; some variables are secrets by their name."""

    def setUp(self):
        os.environ["GATEWAY_TEST_PASSWORD"] = "hunter1"
        self.gw = Gateway(log_level=6, shutdown_timeout=1, control_socket_mode="0666",
                          public_account="$GATEWAY_TEST_PASSWORD")
        self.gw.options["server_socket"] += ";password=hunter2"
        self.gw.start()

    def tearDown(self):
        del os.environ["GATEWAY_TEST_PASSWORD"]
        super().tearDown()

    def stranger(self, code, *args):
        os.chmod(self.gw.folder, 0o755)
        os.chmod(self.gw.config, 0o644)
        tool = self.gw.folder / "gwcfg"
        shutil.copy(self.gw.build / "gwcfg", tool)
        p = subprocess.run([str(tool), *map(str, args)], user=NOBODY, group=NOBODY, extra_groups=[], cwd="/",
                           capture_output=True, text=True, timeout=60)
        self.assertEqual(p.returncode, code, p.stdout + p.stderr)
        return p.stdout + p.stderr

    def test_they_are_compared_and_nowhere_shown(self):
        said = self.gw.gwctl("config", "show").stdout
        self.assertEqual(self.plan()["changes"], [])
        self.gw.write_config(server_socket=self.gw.options["server_socket"].replace("hunter2", "hunter3"))
        os.environ["GATEWAY_TEST_PASSWORD"] = "hunter4"
        plan = self.plan()
        self.assertEqual([(c["name"], c["only_secrets_differ"]) for c in plan["changes"]],
                         [("server_socket", True), ("public_account", True)])
        said += json.dumps(plan) + self.gwcfg("plan", self.gw.config).stdout
        said += self.gw.gwctl("--json", "reload").stdout + self.gw.gwctl("config", "show").stdout
        self.assertEqual([c["waits_already"] for c in self.plan()["changes"]], [True, False])
        said += self.gwcfg("diff", "--running", self.gw.config).stdout + self.gw.log()
        self.assertIn("***", said)
        self.assertNotIn("hunter", said)
        self.assertIn("hunter2", self.gw.gwctl("config", "show", "secrets=yes").stdout)

    @unittest.skipUnless(os.geteuid() == 0, "needs root to be somebody else")
    def test_who_may_not_see_them_is_not_told_that_they_differ(self):
        self.gw.write_config(imap_timeout=1900)
        out = self.stranger(0, "plan", self.gw.config)
        self.assertIn("imap_timeout", out)
        self.assertNotIn("server_socket", out)
        self.assertNotIn("public_account", out)


class NoDaemon(unittest.TestCase):
    def test_without_a_daemon_the_exit_code_is_3_and_a_bad_file_is_worse(self):
        gw = Gateway()
        gw.write_config()
        def run(*args):
            return subprocess.run([str(gw.build / "gwcfg"), *args], capture_output=True, text=True, timeout=60)
        for args in (["plan", str(gw.config)], ["plan", "-s", gw.options["control_socket"]],
                     ["diff", "--running", "-s", gw.options["control_socket"]]):
            p = run(*args)
            self.assertEqual((p.returncode, p.stdout), (3, ""))
            self.assertIn("is not running", p.stderr)
        gw.write_config(imap_timeout="soon")
        self.assertEqual(run("plan", str(gw.config)).returncode, 1)
        gw.remove()

    def answer(self, gw, config, status=b'OK {"sessions":{"imap":1}}'):
        """gwcfg plan with a daemon that says this; (code, out, err)."""
        path = str(gw.folder / "other.sock")
        with socket.socket(socket.AF_UNIX) as s:
            s.bind(path)
            s.listen()
            s.settimeout(60)
            p = subprocess.Popen([str(gw.build / "gwcfg"), "plan", "-s", path, str(gw.config)], stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, text=True, errors="replace")
            with s.accept()[0] as c:
                c.settimeout(60)
                try:
                    c.sendall(b"GATEWAY 1 version=\x1b[31m9 level=viewer\n" + config + b"\n" + status + b"\n")
                    c.shutdown(socket.SHUT_WR)
                except OSError:  # it had enough
                    pass
                out, err = p.communicate(timeout=60)
        os.unlink(path)
        return p.returncode, out, err

    def test_a_daemon_that_talks_nonsense_does_no_harm(self):
        gw = Gateway()
        gw.write_config()
        row = b'D {"name":"imap_timeout","value":"1900","set":true,"file":"/x\\u001b[31m","line":4,"waiting":null}\n'
        code, out, err = self.answer(gw, row + b'D {"name":"pop9_timeout","value":"1"}\nOK {"config":"/x"}')
        self.assertEqual(code, 0, err)
        self.assertIn("imap_timeout: 1 open session keeps", out)
        self.assertIn("has 1 option that this gwcfg", err)
        self.assertNotIn("\x1b", out + err)
        for config in (b"OK {}", b"D {}\nOK {}", b'D {"name":7,"value":[],"set":"no","line":-1}\nOK {}', b"D {}\n" * 2000 + b"OK {}",
                       b'OK {"certificates":7,"tls_files":[1,"x",{}],"config":null}', b'OK {"tls_files":[' + b"[" * 5000,
                       b'D {"name":"imap_listen","value":"*:99999999","set":true,"file":null}\nOK {}',
                       b"ERR denied no", b"nonsense", b"D {", b"OK {" + b" " * (2 << 20)):
            with self.subTest(config[:60]):
                code, out, err = self.answer(gw, config)
                self.assertIn(code, (0, 3, 74, 77), err)
        for status in (b'OK {"sessions":7}', b'OK {"sessions":{"imap":-1,"pop3":99999999999999999999}}', b"ERR io no"):
            self.assertIn(self.answer(gw, b"OK {}", status)[0], (0, 74))
        gw.remove()

    def test_what_answers_but_is_no_daemon_is_told(self):
        gw = Gateway()
        for said in (b"HTTP/1.1 400 Bad Request\n", b"GATEWAY 99 version=9 level=admin\n", b"ERR limit too many\n"):
            path = str(gw.folder / "other.sock")
            with socket.socket(socket.AF_UNIX) as s:
                s.bind(path)
                s.listen()
                p = subprocess.Popen([str(gw.build / "gwcfg"), "plan", "-s", path], stdout=subprocess.PIPE,
                                     stderr=subprocess.PIPE, text=True)
                c, _ = s.accept()
                c.sendall(said)
                c.close()
                out, err = p.communicate(timeout=60)
            os.unlink(path)
            self.assertEqual((p.returncode, out), (74, ""))
            self.assertTrue(err.startswith("gwcfg plan: "), err)
        gw.remove()


if __name__ == "__main__":
    unittest.main()
