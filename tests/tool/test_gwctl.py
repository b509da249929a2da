"""gwctl in pipes: words, output for programs and people, filters, scripts, ssh."""
import json
import os
import re
import signal
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from fake_daemon import FakeDaemon  # noqa: E402
from gateway import ROOT, Gateway  # noqa: E402

BUILD = Path(os.environ.get("GW_BUILD", ROOT / "build")).resolve()


class WithDaemon(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.gw = Gateway().start()
        for name in ("anna", "bert", "carla"):
            cls.gw.add_user(name, "x")
        cls.gw.gwctl("user", "quota", "anna", "9M")
        cls.gw.gwctl("user", "quota", "bert", "100M")

    @classmethod
    def tearDownClass(cls):
        cls.gw.stop()
        cls.gw.remove()

    def run_it(self, *args, text=""):
        p = self.gw.gwctl(*args, text=text, check=False)
        return p.returncode, p.stdout, p.stderr

    # ---- words ----
    def test_shortened_names_are_understood_and_ambiguous_ones_listed(self):
        self.assertEqual(json.loads(self.gw.gwctl("us", "sh", "anna", "-j").stdout.splitlines()[0])["name"], "anna")
        code, out, err = self.run_it("user", "d", "anna")
        self.assertEqual((code, out), (64, ""))
        self.assertIn("user disable, user delete", err)

    def test_a_mistake_is_told_before_the_daemon_is_asked(self):
        for args, said in ((("user", "lst"), 'did you mean "user list"'), (("ping", "-j", "x"), "one argument too many"),
                           (("--jsn",), "there is no flag --jsn"), (("ping", "-H", "there"), "stand before the command"), (("session", "list", "service=imp"), 'did you mean "imap"')):
            with self.subTest(args=args):
                p = subprocess.run([self.gw.build / "gwctl", "-s", "/nonexistent", *args], capture_output=True, text=True)
                self.assertEqual(p.returncode, 64)
                self.assertIn(said, p.stderr)

    def test_help_needs_no_daemon(self):
        for args in (["help"], ["--help"], ["help", "user"], ["user", "quota", "--help"], ["help", "us", "quota"]):
            p = subprocess.run([self.gw.build / "gwctl", "-s", "/nonexistent", *args], capture_output=True, text=True)
            self.assertEqual((p.returncode, p.stderr), (0, ""), args)
            self.assertIn("quota", p.stdout)

    def test_secrets_are_refused_as_words(self):
        for word in ("password=hunter2", "--password=hunter2", "hash=hunter2"):
            code, _, err = self.run_it("user", "passwd", "anna", word)
            self.assertEqual(code, 64)
            self.assertNotIn("hunter2", err)

    def test_the_manual_has_every_command_parameter_and_flag(self):
        manual = (ROOT / "man/gwctl.8").read_text()
        entries = re.split(r"^\.It Cm ", manual, flags=re.M)
        rows = [json.loads(line) for line in self.gw.gwctl("help", "-j").stdout.splitlines()]
        for verb in [r for r in rows if "verb" in r] + [{"verb": v, "params": []} for v in ("watch", "top")]:
            about = [e for e in entries if re.match(re.escape(verb["verb"]) + r"( (O[op]|Ar|Cm|\|) ?|\n)", e)]
            self.assertTrue(about, "gwctl(8) does not have " + verb["verb"])
            for p in (p for p in verb["params"] if p["type"] not in ("file", "secret")):
                self.assertTrue(any(re.search(r"(Cm|Ar|Fl -?) ?([\w -]+ )?%s\b" % re.escape(p["name"]), e) for e in about),
                                "gwctl(8) does not have %s of %s" % (p["name"], verb["verb"]))
        heads = [e.split("\n")[0] for e in entries]
        self.assertEqual([h for h in heads if heads.count(h) > 1], [], "gwctl(8) has them twice")
        self.assertNotIn("password Ns", manual, "a password is not given on the command line")
        for flag in re.findall(r"--([\w-]+)", self.gw.gwctl("help").stdout.split("Flags:")[1].split("Filters")[0]):
            self.assertTrue(re.search(r"(Fl|,) -%s\b" % flag, manual), "gwctl(8) does not have --" + flag)

    # ---- output ----
    def test_rows_are_sorted_cut_and_chosen(self):
        self.assertEqual(self.run_it("user", "list", "--sort", "-storage_limit", "--columns", "name,storage_limit", "--limit", "2",
                                     "--no-header")[1].split(), ["bert", "100.0", "MB", "anna", "9.0", "MB"])
        rows = [json.loads(line) for line in self.gw.gwctl("-j", "user", "list", "--sort=storage_limit", "--limit=2").stdout.splitlines()]
        self.assertEqual([r.get("name") for r in rows[:2]], ["carla", "anna"])

    def test_csv_has_the_values_as_they_are(self):
        out = self.gw.gwctl("user", "list", "--csv", "--columns=name,enabled,storage_limit").stdout.splitlines()
        self.assertEqual(out[:2], ["name,enabled,storage_limit", "anna,true,%d" % (9 << 20)])

    def test_csv_of_a_single_object_is_a_row(self):
        head, row = self.gw.gwctl("version", "--csv").stdout.splitlines()
        self.assertEqual((head, row.split(",")[1]), ("version,protocol", "1"))

    def test_an_unknown_column_is_told_with_those_that_there_are(self):
        code, _, err = self.run_it("user", "list", "--columns=nmae")
        self.assertEqual(code, 64)
        self.assertIn('did you mean "name"', err)

    def test_no_colours_where_there_is_no_terminal_but_on_request(self):
        self.assertNotIn("\x1b", self.gw.gwctl("status").stdout)
        self.assertIn("\x1b[32mrunning", self.gw.gwctl("status", "--color=always").stdout)

    def test_nobody_reads_any_more(self):
        p = subprocess.run("%s -s %s config show | head -1" % (self.gw.build / "gwctl", self.gw.options["control_socket"]),
                           shell=True, capture_output=True, text=True)
        self.assertTrue(p.stdout.startswith("NAME"))

    # ---- scripts ----
    def test_a_script_stops_at_the_first_failure_with_its_place(self):
        script = self.gw.folder / "script"
        script.write_text("# remark\nping\nuser show nobody\nuser show anna\n")
        code, out, err = self.run_it("-f", str(script))
        self.assertEqual(code, 1)
        self.assertIn("%s:3: " % script, err)
        self.assertNotIn("anna", out)
        code, out, err = self.run_it("-k", "-f", str(script))
        self.assertEqual(code, 1)
        self.assertIn("anna", out)

    def test_standard_input_with_filters_and_a_password(self):
        code, out, err = self.run_it(text="user add dora\nsecret\nuser list --no-header | grep '^[ad]' | count\nuser list | json | head 1\n")
        self.assertEqual((code, err), (0, ""))
        lines = out.splitlines()
        self.assertIn("2", lines)
        self.assertEqual(json.loads(lines[-1])["name"], "anna")
        self.gw.imap("dora", "secret").logout()
        self.gw.gwctl("-y", "user", "delete", "dora")

    def test_a_filter_is_no_way_to_a_shell(self):
        witness = self.gw.folder / "witness"
        for line in ("ping | !touch %s" % witness, "ping | touch %s" % witness, "ping | grep `touch %s`" % witness, "!touch %s" % witness):
            self.run_it(text=line + "\n")
            self.assertFalse(witness.exists())

    def test_a_command_again_and_again(self):
        out = self.gw.gwctl("watch", "1", "--count=2", "user", "list", "--columns=name", "--no-header").stdout
        self.assertEqual(out.split(), 2 * ["anna", "bert", "carla"])

    def test_top_is_one_plain_frame_where_there_is_no_terminal(self):
        out = self.gw.gwctl("top").stdout
        self.assertNotIn("\x1b", out)
        for words in ("running", "connections", "imaps", "BUSIEST USERS"):
            self.assertIn(words, out)
        self.assertEqual(self.run_it("top", "--json")[0], 64)

    # ---- another machine ----
    def test_words_reach_the_other_machine_as_they_are(self):
        ssh = self.gw.folder / "ssh"
        ssh.write_text('#!/bin/sh\n[ "$1" = -- ] || exit 9\n[ "$2" = me@there ] || exit 8\nPATH=%s:$PATH exec sh -c "$3"\n' % self.gw.build)
        ssh.chmod(0o755)
        env = dict(os.environ, GWCTL_SSH=str(ssh))
        gwctl = [str(self.gw.build / "gwctl"), "-H", "me@there", "-s", self.gw.options["control_socket"]]
        witness = self.gw.folder / "witness"
        for name in ("a'b", "$(touch witness)", "`touch witness`", "two words", '"', "; touch witness", "a\\b"):
            p = subprocess.run([*gwctl, "-j", "user", "add", "--no-password", name], env=env, cwd=self.gw.folder,
                               capture_output=True, text=True)
            self.assertEqual((p.returncode, p.stderr), (0, ""), name)
            p = subprocess.run([*gwctl, "-j", "user", "show", name], env=env, cwd=self.gw.folder,
                               capture_output=True, text=True)
            self.assertEqual(json.loads(p.stdout.splitlines()[0])["name"], name)
            self.gw.gwctl("-y", "user", "delete", name)
        self.assertFalse(witness.exists())
        script = self.gw.folder / "remote"
        script.write_text("user list --no-header --columns=name\nuser show nobody\n")
        p = subprocess.run([*gwctl, "-f", str(script)], env=env, capture_output=True, text=True)
        self.assertEqual((p.returncode, p.stdout.split()), (1, ["anna", "bert", "carla"]))
        self.assertEqual(subprocess.run([gwctl[0], "-H", "-oProxyCommand=x", "ping"], capture_output=True).returncode, 64)


class WithoutDaemon(unittest.TestCase):
    def run_it(self, fake, *args, **more):
        p = subprocess.run([str(BUILD / "gwctl"), "-s", fake.path, *args], capture_output=True, text=True, timeout=60, **more)
        return p.returncode, p.stdout, p.stderr

    def test_the_daemon_says_what_it_ends_with(self):
        for n in range(4):
            with FakeDaemon({"status": ['OK {"state":"x","exit":%d}' % n]}) as fake:
                code, out, _ = self.run_it(fake, "status")
                self.assertEqual(code, n)
                self.assertNotIn("exit", out)

    def test_exit_codes_of_refusals(self):
        for answer, code in (("ERR denied no", 77), ("ERR not-found no", 1), ("nonsense", 1)):
            with FakeDaemon({"ping": [answer]}) as fake:
                self.assertEqual(self.run_it(fake, "ping")[0], code, answer)
        with FakeDaemon({"ping": lambda c, line: c.s.shutdown(2)}) as fake:
            self.assertEqual(self.run_it(fake, "ping")[0], 3)

    def test_what_a_daemon_says_cannot_steer_a_terminal(self):
        evil = "\\u001b]0;x\\u0007\\u009b2J"
        rows = ['D {"name":"%s","%s":1}' % (evil, evil), 'D {"event":"%s","text":"%s"}' % (evil, evil), 'OK {"%s":"%s"}' % (evil, evil)]
        for args in (["user", "list"], ["user", "list", "--json"], ["user", "list", "--csv"]):
            with FakeDaemon({"user list": rows}) as fake:
                _, out, err = self.run_it(fake, *args)
                self.assertFalse(set("\x1b\x07\x9b") & set(out + err), args)
        with FakeDaemon({"ping": ["ERR invalid \x1b[2J"]}) as fake:
            self.assertNotIn("\x1b", self.run_it(fake, "ping")[2])

    def test_many_rows_come_through_a_small_window(self):
        rows = ['D {"name":"user%05d","n":%d}' % (i, 20000 - i) for i in range(20000)]
        with FakeDaemon({"user list": [*rows, "OK {}"]}) as fake:
            code, out, _ = self.run_it(fake, "user", "list", "--no-header", "--columns", "name")
            self.assertEqual((code, out.split()), (0, ["user%05d" % i for i in range(20000)]))
            out = self.run_it(fake, "user", "list", "--no-header", "--sort=n", "--limit=1")[1]
            self.assertEqual(out.split(), ["user19999", "1"])

    def test_ctrl_c_cancels_and_waits_for_the_end(self):
        with FakeDaemon({"store check": FakeDaemon.until_cancelled}) as fake:
            p = subprocess.Popen([str(BUILD / "gwctl"), "-s", fake.path, "store", "check"], stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, text=True)
            fake.wait_for("store check")
            p.send_signal(signal.SIGINT)
            out, err = p.communicate(timeout=60)
            self.assertEqual((p.returncode, out, err), (130, "login: user=anna\n", ""))
            self.assertEqual(fake.heard, ["store check", "cancel"])

    def test_ctrl_c_twice_does_not_wait(self):
        with FakeDaemon({"store check": FakeDaemon.never}) as fake:
            p = subprocess.Popen([str(BUILD / "gwctl"), "-s", fake.path, "store", "check"], stderr=subprocess.PIPE, text=True)
            fake.wait_for("store check")
            p.send_signal(signal.SIGINT)
            fake.wait_for("cancel")
            p.send_signal(signal.SIGINT)
            self.assertIn("not waited for", p.communicate(timeout=60)[1])
            self.assertEqual(p.returncode, 130)

    def test_a_daemon_that_hangs_does_not_hold_up_completion(self):
        with FakeDaemon({"user list": FakeDaemon.never}) as fake:
            self.assertEqual(self.run_it(fake, "--complete", "--", "user", "show", "n"), (0, "name=\tthe user\n", ""))
            self.assertTrue(fake.heard[0].startswith("user list"))

    def test_progress_is_a_line_now_and_then_where_there_is_no_terminal(self):
        rows = ['D {"event":"step","account":"anna","done":%d,"total":500}' % i for i in range(500)]
        with FakeDaemon({"store check": [*rows, 'OK {"problems":0}']}) as fake:
            self.assertEqual(self.run_it(fake, "store", "check"), (0, "problems  0\n", ""))


if __name__ == "__main__":
    unittest.main()
