"""The prompt of gwctl at a pseudo-terminal: completion, help at the cursor, Ctrl-C, history, pager, state of the daemon."""
import os
import re
import shutil
import signal
import stat
import sys
import tempfile
import termios
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from fake_daemon import FakeDaemon  # noqa: E402
from gateway import ROOT, Gateway  # noqa: E402
from pty_shell import PtyShell, plain  # noqa: E402

GWCTL = Path(os.environ.get("GW_BUILD", ROOT / "build")).resolve() / "gwctl"


def status(pid=1, state="running", **more):
    members = "".join(',"%s":%s' % m for m in more.items())
    return ['OK {"pid":%d,"started":%d,"state":"%s"%s}' % (pid, 1000 + pid, state, members)]


class Shell(unittest.TestCase):
    def setUp(self):
        self.home = Path(tempfile.mkdtemp(prefix="gateway-"))
        self.addCleanup(shutil.rmtree, self.home)

    def shell(self, path, *args, rows=40, columns=120, **env):
        sh = PtyShell([GWCTL, "-s", path, *args], env={"HOME": str(self.home), "PAGER": "cat", **env}, rows=rows, columns=columns, cwd=self.home)
        self.addCleanup(sh.close)
        return sh

    def history(self):
        return self.home / ".local/state/gateway/gwctl_history"


class WithDaemon(Shell):
    @classmethod
    def setUpClass(cls):
        cls.gw = Gateway().start()
        for name in ("anna", "annette", "bert"):
            cls.gw.add_user(name, "x")

    @classmethod
    def tearDownClass(cls):
        cls.gw.stop()
        cls.gw.remove()

    def at_prompt(self, **more):
        sh = self.shell(self.gw.options["control_socket"], **more)
        sh.expect(r"\w+ running> ")
        return sh

    def test_it_is_said_what_would_go_before_it_is_asked_for(self):
        self.gw.gwctl("mailbox", "create", "bert", "Work")
        m = self.gw.imap("bert", "x")
        for _ in range(2):
            m.append("Work", None, None, b"Subject: x\r\n\r\nx\r\n")
        m.logout()
        sh = self.at_prompt()
        sh.line("mailbox delete bert Work")
        sh.expect("1 mailbox with 2 messages would go")
        sh.expect('Type "Work" to go on: ')
        sh.line("no")
        sh.expect("not confirmed, nothing was changed")
        sh.line("mailbox delete bert Play")
        sh.expect("no mailbox|not exist|Play")
        sh.expect(r"running> ")
        sh.line("mailbox delete bert Work")
        sh.expect('Type "Work" to go on: ')
        sh.line("Work")
        sh.expect("2", r"running> ")
        self.assertNotIn("Work", self.gw.gwctl("mailbox", "list", "bert").stdout)

    def test_names_parameters_and_live_values_are_completed(self):
        sh = self.at_prompt()
        for typed, becomes in (("user sh\t", "user show "), ("b\t", "bert "), ("\x15session li\t", "session list "),
                               ("serv\t", "service="), ("pop3s\t", "pop3s "), ("user=be\t", "user=bert "),
                               ("--no-h\t", "--no-header "), ("| gr\t", "grep "), ("\x15config get imap_id\t", "imap_id"),
                               ("\x15hel\t", "help "), ("use\t", "user "), ("quo\t", "quota ")):
            sh.send(typed)
            sh.expect(re.escape(becomes.split(" ")[-2] + " " if " " in becomes else becomes))
        sh.send("\x15user show \t\t")
        sh.expect("anna", "annette", "bert", "the user", "user show ")

    def test_a_question_mark_helps_at_the_cursor_without_enter(self):
        sh = self.at_prompt()
        sh.send("session list ?")
        shown = sh.expect("running> session list ")
        for words in ("gwctl session list [USER]", "(a user)", "anna", "service="):
            self.assertIn(words, shown)
        sh.send("service=?")
        sh.expect("one of: imap imaps pop3 pop3s", "service=pop3s", "running> session list service=")
        sh.send("\x15?")
        sh.expect("status +show how the service is doing", "running> ")
        sh.line("user list | grep 'b?ert' | count")  # in a pattern it is itself
        sh.expect(r"\b1\r\n", "running> ")

    def test_ctrl_c_drops_the_line(self):
        sh = self.at_prompt()
        sh.send("no such thing")
        sh.expect("no such thing")
        sh.send("\x03")
        sh.expect(r"\^C", "running> ")
        sh.line("ping")
        sh.expect("running> ")
        sh.send("\x04")
        self.assertEqual(sh.end(), 0)
        self.assertEqual(self.history().read_text(), "ping\n")

    def test_pasted_lines_wait_for_enter_and_stop_at_a_failure(self):
        sh = self.at_prompt()
        sh.send("\x1b[200~user list | count\nuser shw x\nuser show bert\n\x1b[201~")
        sh.expect("user show bert")
        sh.send("\r")
        sh.expect("3\r\n", "did you mean \"user show\"", "running> ")
        self.assertNotIn("enabled", plain(sh.log))

    def test_a_password_is_not_shown_and_not_kept(self):
        sh = self.at_prompt()
        sh.line("user add dora")
        sh.expect("New password: ")
        sh.line("hunter2")
        sh.expect("again: ")
        sh.line("hunter2")
        sh.expect("running> ")
        sh.line("user passwd dora password=hunter3")
        sh.expect("others could read", "running> ")
        sh.send("\x04")
        self.assertEqual(sh.end(), 0)
        self.assertNotIn("hunter2", sh.log)
        self.assertEqual(self.history().read_text(), "user add dora\n")
        self.gw.imap("dora", "hunter2").logout()
        self.gw.gwctl("-y", "user", "delete", "dora")

    def test_the_history_is_of_all_prompts_private_and_each_line_once(self):
        one, two = self.at_prompt(), self.at_prompt()
        for sh, line in ((one, "ping"), (two, "version"), (one, "user list"), (two, "ping"), (two, "ping"), (one, " status")):
            sh.line(line)
            sh.expect("running> ")
        for sh in (one, two):
            sh.send("\x04")
            self.assertEqual(sh.end(), 0)
        self.assertEqual(stat.S_IMODE(self.history().stat().st_mode), 0o600)
        sh = self.at_prompt()
        for up, line in (("\x1b[A", "ping"), ("\x1b[A", "user list"), ("\x1b[A", "version")):
            sh.send(up)
            sh.expect(line)
        sh.send("\x1b[A\x1b[A\x15x\r")
        sh.expect("running> ")

    def test_a_long_answer_goes_to_the_pager_and_a_short_one_does_not(self):
        sh = self.at_prompt(PAGER="sed 's/^/P:/'", rows=20)
        sh.line("config show --columns name")
        sh.expect("P:NAME", "P:", "running> ")
        sh.line("config show --columns name | head 3")
        self.assertNotIn("P:", sh.expect("running> "))
        sh.line("ping | less")
        sh.expect("running> ")

    def test_a_table_fits_the_terminal(self):
        sh = self.at_prompt(columns=60, NO_COLOR="1")
        sh.line("config show --columns name,value,file")
        shown = sh.expect("running> ")
        self.assertNotIn("\x1b[3", sh.log)
        for line in shown.splitlines()[1:-1]:
            self.assertLessEqual(len(line.strip()), 60, line)

    def test_a_watch_draws_until_ctrl_c(self):
        sh = self.at_prompt()
        sh.line("watch 1 user list --columns name")
        sh.expect("every 1: user list", "annette", "every 1: user list", "annette")
        sh.send("\x03")
        sh.expect("running> ")

    def test_the_terminal_is_as_before_after_sigterm(self):
        sh = self.at_prompt()
        self.assertFalse(sh.modes()[3] & termios.ICANON)
        sh.kill(signal.SIGTERM)
        modes = sh.modes()
        while not modes[3] & termios.ICANON:
            modes = sh.modes()
        self.assertTrue(modes[3] & termios.ECHO)
        self.assertEqual(sh.end(), -signal.SIGTERM)

    def test_top_fills_the_terminal_and_gives_it_back(self):
        imap = self.gw.imap("anna", "x")
        for sig in (None, signal.SIGTERM):
            sh = self.shell(self.gw.options["control_socket"], "top", "1", rows=24, columns=80)
            sh.expect("gatewayd 0", "SERVICE", "BUSIEST USERS", "anna", "q end")
            sh.expect("gatewayd 0", "q end")  # again, by itself
            sh.send("s")
            sh.expect(r"s sort \(bytes\)")
            sh.send("?")
            sh.expect("pause, and go on")
            sh.send("?")
            sh.expect("BUSIEST USERS")
            sh.send("p")
            sh.expect("PAUSED", "q end")
            sh.resize(9, 90)
            self.assertNotIn("BUSIEST", sh.expect("PAUSED", "q end"))
            if sig:
                sh.kill(sig)
            else:
                sh.send("q")
            self.assertEqual(sh.end(), -sig if sig else 0)
            self.assertTrue(sh.log.endswith("\x1b[?25h\x1b[?1049l"))
        imap.logout()

    def test_top_at_the_prompt_leaves_it_usable(self):
        sh = self.at_prompt()
        sh.line("top")
        sh.expect("q end")
        sh.send("\x03")
        sh.expect("running> ")
        sh.line("user list | count")
        sh.expect(r"\b3\r\n", "running> ")


class WithoutDaemon(Shell):
    def test_the_prompt_knows_how_the_daemon_is(self):
        answers = {"status": status(state="draining")}
        with FakeDaemon(answers) as fake:
            sh = self.shell(fake.path)
            sh.expect("draining> ")
            answers["status"] = status(confirm_s=55)
            sh.line("")
            sh.expect("running, confirm within 55s> ")
            fake.stop()
            sh.line("")
            sh.expect(r"\(not running\)> ")
            sh.line("ping")
            sh.expect("gatewayd is not running", r"\(not running\)> ")
            answers["status"] = status(pid=2)
            fake.start()
            sh.line("ping")
            sh.expect("gatewayd was restarted", "running> ")
            sh.send("\x04")
            self.assertEqual(sh.end(), 0)

    def test_a_daemon_that_hangs_holds_up_neither_prompt_nor_completion(self):
        with FakeDaemon({"status": FakeDaemon.never, "user list": FakeDaemon.never}) as fake:
            sh = self.shell(fake.path)
            sh.expect(r"\(no answer\)> ")
            sh.send("user show \t\t")
            sh.expect("user show ")
            sh.send("name=x")
            sh.expect("name=x")
        with FakeDaemon({}, greeting=None) as fake:
            sh = self.shell(fake.path)
            sh.expect(r"\(no answer\)> ")

    def test_top_of_a_daemon_that_goes_away_says_so(self):
        with FakeDaemon({"status": status()}) as fake:
            sh = self.shell(fake.path, "top", "1")
            sh.expect("running", "q end")
            fake.stop()
            sh.expect("does not answer", "q end")
            fake.start()
            sh.expect("running", "q end")
            sh.send("q")
            self.assertEqual(sh.end(), 0)

    def test_ctrl_c_ends_the_command_alone(self):
        with FakeDaemon({"status": status(), "store check": FakeDaemon.until_cancelled}) as fake:
            sh = self.shell(fake.path)
            sh.expect("running> ")
            sh.line("store check")
            fake.wait_for("store check")
            sh.send("\x03")
            sh.expect("running> ")
            self.assertIn("cancel", fake.heard)
            sh.line("ping")
            sh.expect("running> ")

    def test_a_bar_shows_how_far_it_is(self):
        def check(c, line):
            c.say('D {"event":"step","account":"anna","done":50,"total":100}')
            while c.hear() not in ("cancel", ""):
                pass
            c.say('OK {"problems":0}')
        with FakeDaemon({"status": status(), "store check": check}) as fake:
            sh = self.shell(fake.path)
            sh.expect("running> ")
            sh.line("store check")
            sh.expect(r"anna  \[=+> +\]  50%  50 of 100")
            sh.send("\x03")
            sh.expect("problems +0", "running> ")


if __name__ == "__main__":
    unittest.main()
