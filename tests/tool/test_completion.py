"""The completions of gwcfg, gwctl and gatewayd, in the shells they are for: verbs, flags, names, values and files."""
import os
import pty
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import Gateway  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent.parent
BUILD = Path(os.environ.get("GW_BUILD", ROOT / "build")).resolve()
PATH = "%s:%s" % (BUILD, os.environ["PATH"])  # gwctl is asked for its words

# readline cuts words at these; the tests do as it does.
BASH = r"""
source "$1" || exit 9
COMP_LINE=$2 COMP_POINT=${#2} COMP_WORDBREAKS=$' \t\n"\'><=;|&(:'
"""


def pieces(line):
    """The words of a line as readline has them: cut at blanks, "=" and ":"."""
    out, new = [], True
    for c in line:
        if c == " ":
            new = True
        elif c in "=:":
            if not new and out and out[-1] and set(out[-1]) <= set("=:"):
                out[-1] += c
            else:
                out.append(c)
            new = False
        elif new or set(out[-1]) <= set("=:"):
            out.append(c)
            new = False
        else:
            out[-1] += c
    return out + [""] if new else out


def bash(program, line, cwd):
    """What the function proposes; the part that readline keeps is put back, so that whole words come out."""
    words = pieces(line)
    driver = BASH + 'shift 2; COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))\n_%s\nprintf "%%s\\n" "${COMPREPLY[@]}"\n' % program
    r = subprocess.run(["bash", "--norc", "--noprofile", "-c", driver, "bash", str(ROOT / "completions" / (program + ".bash")),
                        line, *words], capture_output=True, text=True, cwd=cwd, env={"PATH": PATH}, check=True)
    assert r.stderr == "", r.stderr
    last = line.rsplit(" ", 1)[-1]
    kept = last[:max(last.rfind("="), last.rfind(":")) + 1]
    return sorted(kept + w for w in r.stdout.splitlines() if w)


def fish(program, line, cwd):
    home = Path(tempfile.gettempdir())
    r = subprocess.run(["fish", "--no-config", "-c", 'source $argv[1]; complete -C $argv[2]',
                        str(ROOT / "completions" / (program + ".fish")), line], capture_output=True, text=True, cwd=cwd,
                       env={"PATH": PATH, "HOME": str(home), "XDG_DATA_HOME": str(cwd / ".fish")}, check=True)
    assert r.stderr == "", r.stderr
    return sorted(w.split("\t")[0] for w in r.stdout.splitlines())


ZSH = r"""
PROMPT= PROMPT2= RPROMPT=
unsetopt zle_bracketed_paste beep
autoload -Uz compinit
fpath=(%(fpath)s $fpath)
compinit -D -u
zstyle ':completion:*' group-name ''
compadd() {
	local -a seen
	if [[ " $* " == *" -"[a-zA-Z0-9]#[OAD]" "* ]]; then
		builtin compadd "$@"
		return
	fi
	builtin compadd -A seen "$@" 2>/dev/null
	local w; for w in $seen; do print -r -- "$IPREFIX$w" >>%(out)s; done
	builtin compadd "$@"
}
every() { : >%(out)s; zle complete-word; zle kill-whole-line; print done >>%(out)s; print -n READY }
zle -N every
quietly() { _main_complete; compstate[list]= compstate[insert]= }
zle -C complete-word complete-word quietly
bindkey '^I' every
setopt extended_glob
print -n READY
"""


class Zsh:
    """An interactive zsh behind a terminal; what it would add is written to a file."""

    def __init__(self, folder):
        self.folder = folder
        funcs = folder / "functions"
        funcs.mkdir()
        for name in ("gwcfg", "gwctl", "gatewayd"):
            if (ROOT / "completions" / (name + ".zsh")).exists():
                shutil.copy(ROOT / "completions" / (name + ".zsh"), funcs / ("_" + name))
        self.out = folder / "seen"
        (folder / ".zshrc").write_text(ZSH % {"fpath": funcs, "out": self.out})
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.execvpe("zsh", ["zsh", "-i"], {"PATH": PATH, "ZDOTDIR": str(folder), "TERM": "dumb",
                                             "HOME": str(folder)})
        self.wait()

    def wait(self):
        seen, end = b"", time.monotonic() + 60
        while b"READY" not in seen:
            if not select.select([self.fd], [], [], max(0, end - time.monotonic()))[0]:
                raise AssertionError("zsh says nothing: %r" % seen)
            seen += os.read(self.fd, 65536)

    def complete(self, line):
        os.write(self.fd, line.encode() + b"\t")
        self.wait()
        lines = self.out.read_text().splitlines()
        assert lines[-1] == "done", lines
        return sorted(set(lines[:-1]))

    def close(self):
        os.close(self.fd)
        os.waitpid(self.pid, 0)


class InEachShell(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="gateway-"))
        for name in ("gateway.cfg", "other.cfg", "two words.cfg"):
            (cls.folder / name).write_text("")
        (cls.folder / "etc").mkdir()
        cls.zsh_folder = Path(tempfile.mkdtemp(prefix="gateway-"))
        cls.zsh = Zsh(cls.zsh_folder)
        os.write(cls.zsh.fd, b"cd %s; print -n REA''DY\n" % str(cls.folder).encode())
        cls.zsh.wait()

    @classmethod
    def tearDownClass(cls):
        cls.zsh.close()
        shutil.rmtree(cls.folder)
        shutil.rmtree(cls.zsh_folder)

    def shells(self, line):
        """(name, proposals) of each shell."""
        program = line.split()[0]
        yield "bash", [w.strip() for w in bash(program, line, self.folder)]
        yield "zsh", self.zsh.complete(line)
        yield "fish", fish(program, line, self.folder)

    def all_give(self, line, want):
        for shell, have in self.shells(line):
            with self.subTest(shell=shell, line=line):
                self.assertEqual([w.rstrip("=/") for w in have], sorted(want))

    def all_have(self, line, want, never=()):
        for shell, have in self.shells(line):
            with self.subTest(shell=shell, line=line):
                have = [w.rstrip("=/") for w in have]
                for w in want:
                    self.assertIn(w, have)
                for w in never:
                    self.assertNotIn(w, have)


class InReadline(unittest.TestCase):
    """What stands on the line after Tab in a bash at a terminal, which replaces only a part of a word."""

    def complete(self, *lines):
        folder = Path(tempfile.mkdtemp(prefix="gateway-"))
        self.addCleanup(shutil.rmtree, folder)
        (folder / "other.cfg").write_text("")
        (folder / "two words.cfg").write_text("")
        pid, fd = pty.fork()
        if pid == 0:
            os.chdir(folder)
            os.execvpe("bash", ["bash", "--norc", "--noprofile", "-i"],
                       {"PATH": PATH, "PS1": "", "TERM": "dumb", "HOME": str(folder), "INPUTRC": "/dev/null"})
        try:
            sources = "; ".join("source %s/completions/%s.bash" % (ROOT, p) for p in ("gwcfg", "gwctl", "gatewayd"))
            # Ctrl-T shows the line as it is now, and empties it.
            os.write(fd, (r"""stty -echo; show() { echo "<$READLINE_LINE>"; READLINE_LINE=; }; bind -x '"\C-t": show' 2>&1; """
                          + sources + "; echo READY''NOW\n").encode())
            self.until(fd, b"READYNOW")
            for line in lines:
                os.write(fd, line.encode() + b"\t\x14")
                yield line, re.findall(r"<(.*)>", self.until(fd, b">\r\n").decode())[-1]
        finally:
            os.close(fd)
            os.waitpid(pid, 0)

    def until(self, fd, end):
        seen, limit = b"", time.monotonic() + 60
        while end not in seen:
            if not select.select([fd], [], [], max(0, limit - time.monotonic()))[0]:
                raise AssertionError("bash says only %r" % seen)
            seen += os.read(fd, 65536)
        return seen

    def test_words_are_completed_in_place(self):
        want = {
            "gwcfg ch": "gwcfg check ",
            "gwcfg set imap_en": "gwcfg set imap_enable=",
            "gwcfg set imap_enable=y": "gwcfg set imap_enable=yes ",
            "gwcfg check --override=log_method=sy": "gwcfg check --override=log_method=syslog ",
            "gwcfg check --as=ot": "gwcfg check --as=other.cfg ",
            "gwcfg check tw": "gwcfg check two\\ words.cfg ",
            "gwcfg check --replace a.cfg=ot": "gwcfg check --replace a.cfg=other.cfg ",
            "LANG=C gwcfg fm": "LANG=C gwcfg fmt ",
            "true; gwctl user en": "true; gwctl user enable ",
            "gatewayd --imap-por": "gatewayd --imap-port=",
            "gatewayd --log-file=ot": "gatewayd --log-file=other.cfg ",
        }
        for line, have in self.complete(*want):
            with self.subTest(line=line):
                self.assertEqual(have, want[line])


class Gwcfg(InEachShell):
    def test_verbs(self):
        self.all_give("gwcfg ch", ["check"])
        self.all_have("gwcfg ", ["check", "explain", "schema", "help"], ["gateway.cfg", "--quiet"])

    def test_flags_of_the_verb_alone(self):
        self.all_have("gwcfg check --", ["--quiet", "--as", "--help"], ["--completion", "gateway.cfg"])
        self.all_have("gwcfg schema --", ["--completion", "--help"], ["--quiet"])

    def test_words_of_a_flag(self):
        self.all_give("gwcfg check --format ", ["text", "json", "sarif", "junit"])
        self.all_give("gwcfg check -f j", ["json", "junit"])
        self.all_give("gwcfg schema --completion z", ["zsh"])

    def test_a_value_behind_the_flag_itself(self):
        for shell, have in self.shells("gwcfg check --format=s"):
            with self.subTest(shell=shell):
                self.assertEqual([w.removeprefix("--format=") for w in have], ["sarif"])

    def test_names_of_options(self):
        self.all_give("gwcfg explain imap_p", ["imap_port", "imap_public_folders"])
        self.all_give("gwcfg get log_l", ["log_level"])

    def test_settings_and_their_values(self):
        self.all_give("gwcfg set imap_en", ["imap_enable"])
        self.all_give("gwcfg set imap_enable=", ["imap_enable=yes", "imap_enable=no"])
        self.all_give("gwcfg set process_model=f", ["process_model=fork"])
        self.all_give("gwcfg set auth_mechanisms=SCRAM-SHA-256-", ["auth_mechanisms=SCRAM-SHA-256-PLUS"])
        self.all_give("gwcfg check -o tls_min_proto=tls1.3", ["tls_min_proto=tls1.3"])
        self.all_give("gwcfg set log_file=ot", ["log_file=other.cfg"])
        self.all_give("gwcfg set tmp_path=e", ["tmp_path=etc"])
        for _, have in self.shells("gwcfg set imap_en"):
            self.assertEqual(have[0].strip("="), "imap_enable")

    def test_a_setting_behind_the_flag_itself(self):
        for shell, have in self.shells("gwcfg check --override=imap_enable=y"):
            with self.subTest(shell=shell):
                self.assertEqual([w.removeprefix("--override=") for w in have], ["imap_enable=yes"])

    def test_files(self):
        self.all_give("gwcfg check ot", ["other.cfg"])
        self.all_give("gwcfg check --as ot", ["other.cfg"])
        self.all_give("gwcfg check -q gat", ["gateway.cfg"])
        self.all_give("gwcfg check --root e", ["etc"])
        self.all_give("gwcfg check --replace gateway.cfg=ot", ["gateway.cfg=other.cfg"])

    def test_help(self):
        self.all_give("gwcfg help ch", ["check"])


class Gwctl(InEachShell):
    def test_commands_of_one_and_two_words(self):
        self.all_have("gwctl ", ["status", "user", "session", "help"], ["add", "gateway.cfg"])
        self.all_give("gwctl stat", ["status", "stats"])
        self.all_give("gwctl user en", ["enable"])
        self.all_have("gwctl session ", ["list", "kick"], ["status"])

    def test_flags_before_and_behind_the_command(self):
        self.all_have("gwctl --", ["--json", "--socket", "--completion", "--version"])
        self.all_have("gwctl user list --", ["--json", "--socket"])
        self.all_give("gwctl -s ot", ["other.cfg"])
        self.all_give("gwctl --completion f", ["fish"])
        self.all_give("gwctl -j -s other.cfg user lis", ["list"])
        self.all_give("gwctl --socket=other.cfg user lis", ["list"])

    def test_parameters_and_their_values(self):
        self.all_give("gwctl user add st", ["storage"])
        self.all_have("gwctl user add ", ["storage", "disabled", "name"], ["password", "hash", "list"])
        self.all_give("gwctl reload plan=", ["plan=yes", "plan=no"])
        self.all_give("gwctl store backup dir=e", ["dir=etc"])
        self.all_give("gwctl -y user delete anna con", ["confirm"])

    def test_help(self):
        self.all_give("gwctl help user ad", ["add"])

    def test_commands_behind_a_command(self):
        self.all_give("gwctl watch 2 user lis", ["list"])


class Live(InEachShell):
    """Values that only a running daemon knows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gw = Gateway().start()
        for name in ("anna", "annette", "bert"):
            cls.gw.add_user(name, "x")
        (cls.folder / "sock").symlink_to(cls.gw.options["control_socket"])

    @classmethod
    def tearDownClass(cls):
        cls.gw.stop()
        cls.gw.remove()
        super().tearDownClass()

    def test_users(self):
        self.all_give("gwctl -s sock user show ann", ["anna", "annette"])
        self.all_give("gwctl -s sock session list user=b", ["user=bert"])

    def test_a_daemon_that_does_not_run_gives_none(self):
        self.all_give("gwctl -s none user show ann", [])


class Gatewayd(InEachShell):
    def test_flags(self):
        self.all_have("gatewayd --", ["--config", "--host", "--dump-config", "--imap-port", "--help"])
        self.all_give("gatewayd -c ot", ["other.cfg"])
        self.all_have("gatewayd -h ", [], ["other.cfg", "gateway.cfg"])
        self.all_give("gatewayd --completion b", ["bash"])

    def test_options_and_their_values(self):
        self.all_have("gatewayd --imap-en", ["--imap-enable"], ["--imap-port"])  # zsh takes --imaps-enable too
        self.all_have("gatewayd -F --imap-po", ["--imap-port"], ["--imap-enable"])
        self.all_have("gatewayd --imap-c", [], ["--imap-cache-folders-time-limit"])
        for line, want in (("--imap-enable=", ["no", "yes"]), ("--process-model=f", ["fork"]), ("--log-file=ot", ["other.cfg"])):
            for shell, have in self.shells("gatewayd " + line):
                with self.subTest(shell=shell, line=line):
                    self.assertEqual([w.removeprefix(line.split("=")[0] + "=") for w in have], want)

    def test_options_stand_with_their_value(self):
        for shell, have in self.shells("gatewayd --imap-por"):
            with self.subTest(shell=shell):
                self.assertTrue(shell == "zsh" or have == ["--imap-port="], have)  # zsh adds the "=" itself


if __name__ == "__main__":
    unittest.main()
