#!/usr/bin/env python3
"""What stands in files, in their names and in the environment cannot talk to the terminal of who looks at it."""
import os
import pty
import subprocess
import unittest

from gwcfg import BUILD, GOOD, Folder

EVIL = "\033]0;x\007\x9b31m"  # sets a title; C1 is a command too where bytes are Latin-1


class Hostile(Folder):
    def setUp(self):
        super().setUp()
        self.write("a.cfg", GOOD + "!include d\nimap_listen = unix:/run/%s\n# %s\n" % (EVIL, EVIL))
        self.write("d/%s.cfg" % EVIL, "imap_prt = 1\nserver_hostname=%s\nlog_file = $LOG%s\n" % (EVIL, EVIL))

    def on_terminal(self, *args):
        """All that is said when both outputs are a terminal."""
        master, slave = pty.openpty()
        p = subprocess.Popen([str(BUILD / "gwcfg"), *args], cwd=self.folder, stdin=subprocess.DEVNULL, stdout=slave,
                             stderr=slave, env={"TERM": "xterm", "NO_COLOR": "1", "LOG" + EVIL: EVIL})
        os.close(slave)
        said = b""
        try:
            while chunk := os.read(master, 65536):
                said += chunk
        except OSError:
            pass  # all that was written has been read
        os.close(master)
        p.wait()
        return said

    def test_a_terminal_is_told_nothing_but_text(self):
        for verb in (["check"], ["expand"], ["expand", "-e"], ["dump"], ["dump", "--origin"], ["get", "-c", "a.cfg", "server_hostname"],
                     ["get", "-c", "a.cfg", "imap.listen"], ["explain", "-c", "a.cfg", "server_hostname", "imap.listen"],
                     ["diff", "a.cfg"], ["lint-secrets"], ["fmt", "--diff"], ["fix", "--diff"],
                     ["set", "-c", "a.cfg", "-n", "server_hostname=b"], ["unset", "-c", "a.cfg", "-n", "server_hostname"],
                     ["set", "-c", "a.cfg", "--file", EVIL, "log_level=4"], ["get", EVIL], ["convert", "--from", "kopano"],
                     ["check", "--format", "json"], ["check", "--format", "sarif"], ["check", "--format", "junit"],
                     ["dump", "--json"], ["expand", "--json"], ["lint-secrets", "--json"], ["convert", "--json", "--from", "kopano"],
                     [EVIL], ["check", "--replace", EVIL], ["check", EVIL]):
            needs_file = len(verb) == 1 or verb[-1].startswith("-") or verb[-1] in ("kopano", "json", "sarif", "junit")
            said = self.on_terminal(*verb, *(["a.cfg"] if needs_file else []))
            self.assertTrue(said or verb[0] == "fix", verb)
            for bad in (b"\033", b"\007", "\x9b".encode()):
                self.assertNotIn(bad, said, "%r %r" % (verb, said))

    def test_no_form_of_findings_is_a_command_to_a_terminal(self):
        self.write("a.cfg", "imap_port = %s\nlog_method = %s\n!include %s\n" % (EVIL, EVIL, EVIL))
        for form in ("text", "json", "sarif", "junit"):
            said = self.on_terminal("check", "-f", form, "a.cfg")
            for bad in (b"\033", b"\007", "\x9b".encode()):
                self.assertNotIn(bad, said, "%s %r" % (form, said))

    def test_programs_get_the_bytes_of_the_file(self):
        self.write("b.cfg", GOOD + "server_hostname = a\033b\n")
        self.assertIn("a\033b", self.gwcfg("dump", "b.cfg").stdout)
        self.assertEqual(self.gwcfg("get", "-c", "b.cfg", "server_hostname").stdout, "a\033b\n")


if __name__ == "__main__":
    unittest.main()
