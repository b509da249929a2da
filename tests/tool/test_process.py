"""gwcfg as a process: what it needs (nothing), what it leaves behind (nothing), how it ends."""
import os
import pty
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from gwcfg import BUILD, GOOD, ROOT, Folder
from test_ansible import state

NOBODY = 65534
# Every verb that only reads, with files of the tree that setUp makes.
READS = [
    ["check", "etc/gateway.cfg"], ["check", "-f", "json", "etc/bad.cfg"], ["check", "-f", "sarif", "etc/bad.cfg"],
    ["check", "-f", "junit", "etc/bad.cfg"], ["check", "--root", "."], ["expand", "etc/gateway.cfg"],
    ["dump", "--origin", "etc/gateway.cfg"], ["get", "-c", "etc/gateway.cfg", "imap_port"], ["explain", "imap_port"],
    ["explain", "GW1003"], ["since", "8.7"], ["list"], ["diff", "etc/gateway.cfg", "etc/other.cfg"],
    ["plan", "--against", "etc/gateway.cfg", "etc/other.cfg"], ["convert", "--from", "kopano", "etc/gateway.cfg"],
    ["lint-secrets", "etc/gateway.cfg"], ["fmt", "--diff", "etc/gateway.cfg"], ["fix", "etc/other.cfg"],
    ["set", "--dry-run", "-c", "etc/gateway.cfg", "imap_port=2143"], ["unset", "-n", "-c", "etc/gateway.cfg", "imap_port"],
    ["schema", "--man"], ["schema", "--sample"], ["schema", "--completion", "zsh"], ["help"], ["help", "check"], ["--version"],
]
TOUCHES_THE_MACHINE = [["check", "--live", "etc/gateway.cfg"]]  # looks at users, ports and files, and leaves nothing


class Process(Folder):
    def setUp(self):
        super().setUp()
        self.folder.chmod(0o755)
        # nobody can run it, wherever the sources are
        self.program = Path(shutil.copy(BUILD / "gwcfg", self.folder))
        self.write("etc/gateway.cfg", GOOD + "disable_plaintext_auth = yes\n!include conf.d\n")
        self.write("etc/conf.d/10.cfg", "imap_port  =  1143\n")
        self.write("etc/other.cfg", GOOD + "imap_timeout = 2000\npop3s_enable = No\n")
        self.write("etc/bad.cfg", GOOD + "imap_prt = 1\n")
        self.write("etc/gateway/gateway.cfg", GOOD)

    def run_it(self, *args, before=(), **more):
        more.setdefault("env", {})
        more.setdefault("cwd", self.folder)
        more.setdefault("stdin", subprocess.DEVNULL)
        if "stdout" not in more:
            more["capture_output"] = True
        return subprocess.run([*before, self.program, *map(str, args)], timeout=60, **more)

    def said(self, *args, **more):
        done = self.run_it(*args, **more)
        return done.returncode, done.stdout, done.stderr

    def as_nobody(self):
        return {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}

    def verbs(self):
        found = re.findall(r"^  ([a-z-]+)  +\S", self.run_it("help").stdout.decode(), re.M)
        self.assertGreater(len(found), 10)
        return found

    def test_the_table_above_has_every_verb(self):
        self.assertEqual(set(self.verbs()) - {a[0] for a in READS}, set())
        for args in READS:
            self.assertIn(self.run_it(*args).returncode, (0, 1), args)

    # ---- what it needs ----

    def test_it_needs_no_environment_no_rights_and_no_network(self):
        """Nobody in an empty environment, without a network, is told the same."""
        network = subprocess.run(["unshare", "-n", "true"], capture_output=True).returncode == 0
        before = ["unshare", "-n", "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if network else []
        env = {**os.environ, "HOME": str(self.folder)}
        for args in READS:
            self.assertEqual(self.said(*args, before=before, **({} if before else self.as_nobody())),
                             self.said(*args, env=env), args)

    def test_it_is_small(self):
        libraries = subprocess.run(["ldd", str(self.program)], capture_output=True, text=True).stdout
        self.assertIn("libc.so", libraries)
        self.assertNotRegex(libraries, "sqlite|curl|libevent|readline|libgateway|not found")

    # ---- what it leaves behind ----

    def test_reading_leaves_nothing_behind(self):
        scratch = tempfile.mkdtemp(dir=self.folder)
        env = {"HOME": scratch, "TMPDIR": scratch, "XDG_CACHE_HOME": scratch}
        before = state(self.folder)
        for args in READS + TOUCHES_THE_MACHINE:
            self.run_it(*args, env=env)
            self.assertEqual(state(self.folder), before, args)

    def test_same_input_same_bytes(self):
        """Not the clock, its zone, the language, the place it is run from or the terminal's size has a say."""
        others = [{"env": {"TZ": "Asia/Tokyo", "LC_ALL": "C.UTF-8", "LANG": "de_DE.UTF-8"}},
                  {"env": {"TZ": "America/New_York", "COLUMNS": "20", "TERM": "xterm"}, "cwd": "/", "umask": 0o777}]
        for args in READS:
            args = [str(self.folder / a) if a.startswith("etc/") or a == "." else a for a in args]
            first = self.said(*args)
            for other in others:
                self.assertEqual(self.said(*args, **other), first, args)

    # ---- how it ends ----

    def test_full_or_closed_output_is_an_error(self):
        for args in READS:
            with open("/dev/full", "wb") as full:
                done = self.run_it(*args, stdout=full, stderr=subprocess.PIPE)
            self.assertEqual(done.returncode, 74, args)
            self.assertIn(b"cannot write", done.stderr, args)
            self.assertEqual(self.run_it(*args, before=["sh", "-c", 'exec "$0" "$@" >&-']).returncode, 74, args)

    def test_a_reader_that_went_away_ends_it(self):
        for args in (["list"], ["schema", "--man"]):
            r, w = os.pipe()
            os.close(r)
            done = self.run_it(*args, stdout=w, stderr=subprocess.PIPE)
            os.close(w)
            self.assertIn(done.returncode, (-13, 74))

    def test_closed_descriptors_never_reach_a_file(self):
        """The first files that are opened get the numbers of standard input and output."""
        for closed in ("<&- >&- 2>&-", "<&-", "2>&-", ">&- 2>&-"):
            with self.subTest(closed):
                self.write("etc/conf.d/10.cfg", "imap_port = 1143\n")
                shell = ["sh", "-c", 'exec "$0" "$@" ' + closed]
                self.run_it("set", "-c", "etc/gateway.cfg", "imap_port=2143", before=shell)
                self.assertEqual(self.read("etc/conf.d/10.cfg"), "imap_port = 2143\n")
                self.run_it("check", "etc/bad.cfg", "nowhere.cfg", before=shell)
                self.assertEqual(self.read("etc/bad.cfg"), GOOD + "imap_prt = 1\n")
        self.assertEqual(self.run_it("check", "etc/gateway.cfg", before=["sh", "-c", 'exec "$0" "$@" <&-']).returncode, 0)
        closed = self.run_it("check", "-", before=["sh", "-c", 'exec "$0" "$@" <&-'])
        self.assertEqual(closed.returncode, 74, closed.stdout)

    def test_exit_codes(self):
        for path, code in (("etc/gateway.cfg", 77), ("etc/conf.d/10.cfg", 1)):  # an included one is a finding
            (self.folder / path).chmod(0)
            done = self.run_it("check", "etc/gateway.cfg", **self.as_nobody())
            self.assertEqual(done.returncode, code, done.stdout)
            self.assertIn(b"Permission denied", done.stdout)
            (self.folder / path).chmod(0o644)
        self.write("etc/warned.cfg", GOOD + "imap_timeout 2000\n")
        self.write("etc/lost.cfg", "!include nowhere.cfg\n")
        cases = [(0, "check", "etc/gateway.cfg"), (1, "check", "etc/bad.cfg"), (2, "check", "-W", "error", "etc/warned.cfg"),
                 (3, "plan", "--socket", "nowhere", "etc/gateway.cfg"), (64,), (64, "chekc"), (64, "get"),
                 (64, "set", "-c", "etc/gateway.cfg", "imap_port"), (66, "check", "nowhere.cfg"), (66, "expand", "etc/none/x.cfg"),
                 (66, "dump", "nowhere.cfg"), (0, "check", "etc/warned.cfg"),
                 (66, "convert", "--from", "cyrus", "nowhere"), (1, "check", "etc/conf.d"),
                 (1, "check", "etc/lost.cfg")]
        for code, *args in cases:
            with self.subTest(" ".join(args)):
                done = self.run_it(*args)
                self.assertEqual(done.returncode, code, done.stdout + done.stderr)

    def test_every_verb_has_help_and_knows_its_flags(self):
        for verb in self.verbs():
            with self.subTest(verb):
                code, out, err = self.said(verb, "--help")
                self.assertEqual((code, err), (0, b""))
                self.assertTrue(out.startswith(b"usage: gwcfg " + verb.encode()), out)
                self.assertEqual(self.said("help", verb), (0, out, b""))
                self.assertTrue(out.endswith(b"\n"), out)
                for line in out.decode().partition("\nExamples:\n")[2].splitlines():
                    self.assertRegex(line, r"^  \S")
                for flag in ("--no-such-flag", "-Z"):
                    code, out2, err = self.said(verb, flag)
                    self.assertEqual((code, out2), (64, b""))
                    self.assertIn(b"usage: gwcfg " + verb.encode(), err)

    # ---- colours ----

    def on_terminal(self, **env):
        """What check says on a terminal."""
        master, slave = pty.openpty()
        self.run_it("check", "etc/bad.cfg", env=env, stdout=slave, stderr=subprocess.PIPE)
        os.close(slave)
        said = b""
        try:
            while chunk := os.read(master, 65536):
                said += chunk
        except OSError:
            pass  # all that was written has been read
        os.close(master)
        self.assertIn(b"imap_prt", said)
        return said

    def test_colours_are_for_terminals_whose_owner_wants_them(self):
        self.assertIn(b"\033[", self.on_terminal(TERM="xterm"))
        self.assertNotIn(b"\033", self.on_terminal(TERM="xterm", NO_COLOR="1"))
        self.assertNotIn(b"\033", self.on_terminal(TERM="dumb"))
        self.assertNotIn(b"\033", self.on_terminal())
        for args in READS:
            _, out, err = self.said(*args, env={"TERM": "xterm"})
            self.assertNotIn(b"\033", out + err)


if __name__ == "__main__":
    unittest.main()
