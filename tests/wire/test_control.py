"""The control socket as an operator uses it: accounts, sessions, reload, stop; and starts that must fail."""
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import Gateway, make_certificate, until  # noqa: E402


class Control(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.gw = Gateway(log_level=5, shutdown_timeout=5).start()

    @classmethod
    def tearDownClass(cls):
        status = cls.gw.stop()
        cls.gw.remove()
        assert status == 0, status

    def rows(self, *args):
        lines = self.gw.gwctl("--json", *args).stdout.splitlines()
        return [json.loads(line) for line in lines]

    def raw(self, data):
        """All that the daemon says to these bytes."""
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(60)
            s.connect(self.gw.options["control_socket"])
            s.sendall(data)
            s.shutdown(socket.SHUT_WR)
            out = b""
            while True:
                try:
                    piece = s.recv(65536)
                except ConnectionResetError:  # it had not read all of ours
                    piece = b""
                if not piece:
                    return out.decode().splitlines()
                out += piece

    # ---- the service ----
    def test_ping_version_and_status_answer(self):
        self.gw.gwctl("ping")
        self.assertEqual(self.rows("version")[0]["protocol"], 1)
        status = self.rows("status")[0]
        self.assertEqual((status["pid"], status["process_model"], status["state"]),
                         (self.gw.pid, self.gw.model, "running"))
        self.assertEqual(len(status["listeners"]), 4)

    def test_requests_are_answered_in_order_and_wrong_ones_refused(self):
        lines = self.raw(b"ping\nnonsense\n# remark\n\nuser show\nversion\n")
        self.assertTrue(lines[0].startswith("GATEWAY 1 version="))
        self.assertTrue(lines[0].endswith("level=admin"))
        self.assertEqual([line.split()[0] for line in lines[1:]], ["OK", "ERR", "ERR", "OK"])

    def test_a_line_without_end_is_refused(self):
        self.assertTrue(self.raw(b"x" * 40000)[-1].startswith("ERR"))
        self.gw.gwctl("ping")

    def test_too_many_clients_are_refused_and_the_service_goes_on(self):
        socks = []
        for _ in range(40):
            s = socket.socket(socket.AF_UNIX)
            s.settimeout(60)
            s.connect(self.gw.options["control_socket"])
            socks.append(s)
        self.assertTrue(socks[-1].recv(100).startswith(b"ERR"))
        for s in socks:
            s.close()
        self.assertTrue(until(lambda: self.gw.gwctl("ping", check=False).returncode == 0))

    def test_many_requests_at_once_are_all_answered(self):
        verbs = len(self.raw(b"help\n")) - 1
        self.assertGreater(verbs, 20)
        self.assertEqual(len(self.raw(b"help\n" * 500)), 1 + 500 * verbs)

    def test_cancel_has_no_answer_and_ends_nothing_that_has_ended(self):
        lines = self.raw(b"cancel\nping\n cancel \nversion\n")
        self.assertEqual([line.split()[0] for line in lines[1:]], ["OK", "OK"])
        self.assertIn("version", lines[2])

    def test_exit_codes(self):
        self.assertEqual(self.gw.gwctl("nonsense", check=False).returncode, 64)
        self.assertEqual(self.gw.gwctl("user", "show", "nobody", check=False).returncode, 1)
        p = subprocess.run([str(self.gw.build / "gwctl"), "-s", str(self.gw.folder / "none"), "ping"],
                           capture_output=True)
        self.assertEqual(p.returncode, 3)

    # ---- accounts ----
    def test_an_account_lives_from_add_to_delete(self):
        self.gw.add_user("carla", "one two")
        self.assertEqual(self.rows("user", "show", "carla")[0]["name"], "carla")
        self.assertEqual(self.gw.gwctl("user", "add", "carla", text="x\n", check=False).returncode, 1)
        self.gw.gwctl("user", "quota", "carla", "10M", "500")
        user = self.rows("user", "show", "carla")[0]
        self.assertEqual((user["storage_limit"], user["messages_limit"]), (10 * 1024 * 1024, 500))
        self.gw.gwctl("user", "passwd", "carla", text="three\n")
        self.gw.imap("carla", "three").logout()
        self.gw.gwctl("user", "disable", "carla")
        self.assertFalse(self.rows("user", "show", "carla")[0]["enabled"])
        self.gw.gwctl("user", "enable", "carla")
        self.gw.gwctl("user", "rename", "carla", "karla")
        self.gw.imap("karla", "three").logout()
        self.gw.gwctl("-y", "user", "delete", "karla")
        self.assertEqual(self.gw.gwctl("user", "show", "karla", check=False).returncode, 1)

    def test_many_accounts_are_listed_in_pieces(self):
        self.raw(b"".join(b"user add name=many%04d\n" % i for i in range(300)))
        names = [r["name"] for r in self.rows("user", "list") if r.get("name", "").startswith("many")]
        self.assertEqual(names, ["many%04d" % i for i in range(300)])
        self.assertEqual(len(self.rows("user", "list", "after=many0100", "max=7")), 8)

    def test_the_log_knows_who_did_what_but_no_password(self):
        self.gw.add_user("dora", "do-not-log-me")
        self.assertTrue(until(lambda: "name=dora" in self.gw.log()))
        self.assertNotIn("do-not-log-me", self.gw.log())

    def test_store_check_finds_nothing(self):
        self.gw.add_user("erik", "x")
        self.gw.imap("erik", "x").logout()
        self.assertEqual(self.rows("store", "check")[-1]["problems"], 0)

    # ---- sessions ----
    def test_sessions_are_listed_and_kicked(self):
        self.gw.add_user("fred", "x")
        imap = self.gw.imap("fred", "x")
        listed = [r for r in self.rows("session", "list", "user=fred") if "id" in r]
        self.assertEqual([(r["user"], r["service"]) for r in listed], [("fred", "imap")])
        self.assertLess(listed[0]["idle_s"], 10)
        self.assertLess(listed[0]["connected_s"], 10)
        self.gw.gwctl("session", "kick", listed[0]["id"])
        with self.assertRaises(Exception):
            for _ in range(100):
                imap.noop()
                time.sleep(0.05)
        self.assertTrue(until(lambda: len(self.rows("session", "list", "user=fred")) == 1))

    # ---- configuration ----
    def test_reload_takes_another_log_level_and_names_what_waits(self):
        self.gw.write_config(log_level=6, worker_threads=3)
        p = self.gw.gwctl("reload")
        self.assertIn("log_level = 6", p.stdout)
        self.assertIn("worker_threads", p.stdout)
        self.gw.write_config(log_level=5)
        self.gw.process.send_signal(signal.SIGHUP)
        self.assertTrue(until(lambda: "log_level = 5" in self.gw.log()))

    def config(self, *args):
        *rows, end = self.rows("config", "show", *args)
        return {row["name"]: row for row in rows}, end

    def test_config_show_has_every_option_with_its_place(self):
        options, end = self.config()
        self.assertGreater(len(options), 70)
        self.assertEqual((end["options"], end["config"]), (len(options), str(self.gw.config)))
        self.assertLess(abs(end["loaded"] - time.time()), 600)
        lines = self.gw.config.read_text().splitlines()
        port = options["imap_port"]
        self.assertEqual(lines[port["line"] - 1], "imap_port = %d" % self.gw.port["imap"])
        self.assertEqual((port["value"], port["set"], port["file"], port["reload"]),
                         (str(self.gw.port["imap"]), True, str(self.gw.config), "restart"))
        self.assertEqual({k: options["pop3_timeout"][k] for k in ("value", "set", "file", "waiting")},
                         {"value": "600", "set": False, "file": None, "waiting": None})
        self.assertIn({"service": "imap", "listener": "127.0.0.1:%d" % self.gw.port["imap"]}, end["listeners"])
        self.assertEqual(end["certificates"][0]["certificate"], str(self.gw.cert))
        self.assertGreater(end["certificates"][0]["expires"], time.time())
        self.assertEqual(end["tls_files"][0]["inode"], os.stat(self.gw.cert).st_ino)
        changed, _ = self.config("changed=yes")
        self.assertIn("imap_port", changed)
        self.assertNotIn("pop3_timeout", changed)

    def test_config_show_has_what_waits_for_a_restart_until_it_does_not_any_more(self):
        before = dict(self.gw.options)
        self.gw.write_config(worker_threads=7, pop3_port=9, imap_timeout=77)
        self.assertEqual(self.config()[0]["imap_timeout"]["value"], "1800")  # nothing was read yet
        rows = self.rows("reload", "plan=yes")
        self.assertEqual({r["name"]: (r["event"], r["was"], r["now"]) for r in rows if "name" in r},
                         {"worker_threads": ("restart", "0", "7"), "imap_timeout": ("next", "1800", "77"),
                          "pop3_port": ("restart", str(self.gw.port["pop3"]), "9")})
        self.assertIsNone(self.config()[0]["worker_threads"]["waiting"])
        self.gw.gwctl("reload")
        options, end = self.config()
        self.assertEqual((options["worker_threads"]["value"], options["worker_threads"]["waiting"]), ("0", "7"))
        self.assertEqual((options["imap_timeout"]["value"], options["imap_timeout"]["waiting"]), ("77", None))
        self.assertEqual((options["pop3_port"]["waiting"], end["waiting"]), ("9", 2))
        self.gw.options = before
        self.gw.write_config()
        self.gw.gwctl("reload")
        options, end = self.config()
        self.assertEqual((options["worker_threads"]["waiting"], end["waiting"]), (None, 0))

    def test_a_reload_tells_which_listeners_a_restart_moves(self):
        before = dict(self.gw.options)
        self.gw.write_config(imap_port=9)
        moves = [(r["service"], r["listener"], r["move"]) for r in self.rows("reload", "plan=yes")
                 if r.get("event") == "listener"]
        self.assertEqual(moves, [("imap", "127.0.0.1:%d" % self.gw.port["imap"], "removed"),
                                 ("imap", "127.0.0.1:9", "added")])
        self.gw.options = before
        self.gw.write_config()

    def test_reload_refuses_errors_and_changes_nothing(self):
        with open(self.gw.config, "a") as f:
            f.write("imap_port = none\nno_such_option = 1\n")
        p = self.gw.gwctl("reload", check=False)
        self.assertEqual(p.returncode, 1)
        self.assertIn("imap_port", p.stdout)
        self.assertIn("no_such_option", p.stdout)
        self.gw.write_config()
        self.gw.gwctl("reload")

    def test_a_new_certificate_is_taken_by_reload(self):
        cert, key = make_certificate(self.gw.folder, stem="new")
        os.replace(cert, self.gw.cert)
        os.replace(key, self.gw.key)
        self.gw.gwctl("reload")
        want = self.gw.cert.read_text().strip()
        self.assertEqual(ssl.get_server_certificate(("127.0.0.1", self.gw.port["imaps"])).strip(), want)

    def test_the_log_is_opened_anew(self):
        path = Path(self.gw.options["log_file"])
        os.rename(path, str(path) + ".1")
        self.gw.process.send_signal(signal.SIGUSR1)
        self.assertTrue(until(path.exists))


STRANGER = r"""
import os, socket, sys
os.setgroups([]); os.setgid(65534); os.setuid(65534)
socks = []
for _ in range(40):
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(60)
    s.connect(sys.argv[1])
    socks.append(s)
first = [s.recv(200) for s in socks]
print(first[0].decode().split()[-1], sum(f.startswith(b"ERR") for f in first), flush=True)
socks[0].sendall(b"ping\nuser list\nconfig show secrets=yes\nstop\nuser add name=eve password=do-not-log\nreload\nsession kick user=anna\n")
socks[0].shutdown(socket.SHUT_WR)
lines = socks[0].makefile().read().splitlines()
print([line.split()[0] for line in lines], [line.split()[1] for line in lines if line.startswith("ERR")], flush=True)
sys.stdin.read()
"""


@unittest.skipUnless(os.geteuid() == 0, "needs root to be somebody else")
class Strangers(unittest.TestCase):
    def test_they_may_look_only_and_cannot_keep_an_administrator_out(self):
        gw = Gateway(control_socket_mode="0666", log_level=5)
        os.chmod(gw.folder, 0o755)
        gw.start()
        try:
            with subprocess.Popen([sys.executable, "-c", STRANGER, gw.options["control_socket"]], text=True,
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
                self.assertEqual(other.stdout.readline().split(), ["level=viewer", "12"])
                self.assertEqual(other.stdout.readline().strip(),
                                 str(["OK", "OK"] + ["ERR"] * 5) + " " + str(["denied"] * 5))
                gw.gwctl("ping")
                other.stdin.close()
            self.assertIn("stop", gw.log())
            self.assertNotIn("do-not-log", gw.log())
        finally:
            gw.stop()
            gw.remove()


    def level(self, gw):
        """What the daemon says that nobody of group nogroup may do."""
        code = ("import os, socket, sys; os.setgroups([]); os.setgid(65534); os.setuid(65534); s = socket.socket(socket.AF_UNIX);"
                "s.connect(sys.argv[1]); print(s.recv(200).decode().split()[-1])")
        return subprocess.run([sys.executable, "-c", code, gw.options["control_socket"]], capture_output=True, text=True,
                              timeout=60, check=True).stdout.strip()

    def test_users_and_groups_that_the_configuration_names_have_their_rights(self):
        gw = Gateway(control_socket_mode="0666", control_operators="nosuchuser @65534")
        os.chmod(gw.folder, 0o755)
        gw.start()
        try:
            self.assertEqual(self.level(gw), "level=operator")
            self.assertIn('control_operators: there is no user "nosuchuser"', gw.log())
            gw.write_config(control_operators="", control_admins="@daemon 65534")
            gw.gwctl("reload")
            self.assertEqual(self.level(gw), "level=admin")
            gw.write_config(control_admins="1")
            gw.gwctl("reload")
            self.assertEqual(self.level(gw), "level=viewer")
        finally:
            gw.stop()
            gw.remove()


class Ends(unittest.TestCase):
    def test_a_folder_that_is_open_to_all_is_no_place_for_a_control_socket(self):
        gw = Gateway()
        place = gw.folder / "open"
        place.mkdir()
        os.chmod(place, 0o777)
        gw.write_config(control_socket=place / "control.sock")
        p = subprocess.run([str(gw.build / "gatewayd"), "-F", "-c", str(gw.config)], capture_output=True, text=True,
                           timeout=60)
        self.assertEqual(p.returncode, 1)
        self.assertIn("everybody may write", p.stderr)
        gw.remove()

    def test_stop_lets_go_of_everything(self):
        gw = Gateway().start()
        try:
            gw.gwctl("stop")
            self.assertEqual(gw.process.wait(60), 0)
            self.assertFalse(os.path.exists(gw.options["control_socket"]))
            self.assertFalse(os.path.exists(gw.options["pid_file"]))
        finally:
            gw.stop()
            gw.remove()

    def test_a_port_that_is_taken_is_said_and_nothing_starts(self):
        gw = Gateway()
        with socket.socket() as s:
            s.bind(("127.0.0.1", gw.port["imap"]))
            s.listen()
            gw.write_config()
            p = subprocess.run([str(gw.build / "gatewayd"), "-F", "-c", str(gw.config)], capture_output=True,
                               text=True, timeout=60)
        self.assertEqual(p.returncode, 1)
        self.assertIn(str(gw.port["imap"]), p.stderr)
        self.assertFalse(os.path.exists(gw.options["control_socket"]))
        gw.remove()

    def test_all_errors_of_a_configuration_are_told_at_once(self):
        gw = Gateway()
        gw.config.write_text("imap_port = x\nlog_level = 99\nwhat = 1\n")
        p = subprocess.run([str(gw.build / "gatewayd"), "-F", "-c", str(gw.config)], capture_output=True, text=True,
                           timeout=60)
        self.assertEqual(p.returncode, 1)
        for place in (":1:", ":2:", ":3:"):
            self.assertIn(str(gw.config) + place, p.stderr)
        gw.remove()


if __name__ == "__main__":
    unittest.main()
