"""gwcfg set, unset, fix and fmt on files: the right one, whole or not at all, with owner, mode and links as they were."""
import json
import os
import random
import re
import stat
import struct
import subprocess
import tempfile
import unittest
from pathlib import Path

from gwcfg import BUILD, GOOD, Folder


def patch(text, diff):
    """What `patch' would make of it; the context must fit."""
    old, new, i = re.findall(r".*\n|.+", text), [], 0
    lines = re.findall(r".*\n", diff)[2:]
    for n, line in enumerate(lines):
        last = n + 1 < len(lines) and lines[n + 1].startswith("\\")
        body = line[1:-1] if last else line[1:]
        if line.startswith("@@"):
            start, count = re.match(r"@@ -(\d+)(?:,(\d+))?", line).groups()
            to = int(start) - (count != "0")
            new += old[i:to]
            i = to
        elif line[0] in " -":
            assert old[i] == body, (old[i], body)
            i += 1
        if line[0] in " +":
            new.append(body)
    return "".join(new + old[i:])


SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Another program writes to the file while gwcfg works. */
int fsync(int fd)
{
	const char *path = getenv("SHIM_APPEND");
	FILE *f = path ? fopen(path, "a") : NULL;

	(void)fd;
	if (f) {
		fputs("# somebody\n", f);
		fclose(f);
	}
	return 0;
}

/* The disk is full for a file that is written; names cannot be changed from the n-th on. */
ssize_t write(int fd, const void *p, size_t n)
{
	ssize_t (*real)(int, const void *, size_t) = (ssize_t (*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");

	if (getenv("SHIM_FULL") && fd > 2) {
		errno = ENOSPC;
		return -1;
	}
	return real(fd, p, n);
}

int renameat(int a, const char *from, int b, const char *to)
{
	int (*real)(int, const char *, int, const char *);
	static int calls;
	const char *good = getenv("SHIM_RENAMES");

	real = (int (*)(int, const char *, int, const char *))dlsym(RTLD_NEXT, "renameat");
	if (good && calls++ >= atoi(good)) {
		errno = EIO;
		return -1;
	}
	return real(a, from, b, to);
}
"""


class Edit(Folder):
    def tree(self):
        self.write("main.cfg", GOOD + "imap_port = 1143\n# end\n!include sub/b.cfg\n")
        self.write("sub/b.cfg", "imap_timeout = 2000\r\n#imaps_port = 993\r\nlog_level=3")
        return "main.cfg"

    def files(self):
        return {str(p.relative_to(self.folder)): p.read_bytes() for p in self.folder.rglob("*") if p.is_file()}

    def unchanged(self, *args, expect=1, **more):
        before = self.files()
        done = self.gwcfg(*args, expect=expect, **more)
        self.assertEqual(self.files(), before)  # no temporary file either
        return done

    # ---- set and unset ----

    def test_the_file_that_decides_is_changed_and_only_the_value_in_it(self):
        main = self.tree()
        out = self.gwcfg("set", "-c", main, "imap_timeout=45m", "imap_port=2143").stdout
        self.assertIn("main.cfg:3: imap_port = 2143 (it was: imap_port = 1143)\n", out)
        self.assertIn("sub/b.cfg:1: imap_timeout = 45m", out)
        self.assertIn("after a restart", out)
        self.assertEqual(self.read("main.cfg"), GOOD + "imap_port = 2143\n# end\n!include sub/b.cfg\n")
        self.assertEqual((self.folder / "sub/b.cfg").read_bytes(), b"imap_timeout = 45m\r\n#imaps_port = 993\r\nlog_level=3")

    def test_a_new_option_goes_to_the_main_file_or_the_one_that_is_named(self):
        main = self.tree()
        self.assertIn("gwctl reload", self.gwcfg("set", "-c", main, "pop3_timeout=700").stdout)
        self.assertTrue(self.read("main.cfg").endswith("!include sub/b.cfg\npop3_timeout = 700\n"))
        self.gwcfg("set", "-c", main, "-f", "sub/b.cfg", "imaps_port=2993")
        self.assertEqual((self.folder / "sub/b.cfg").read_bytes(),
                         b"imap_timeout = 2000\r\n#imaps_port = 993\r\nimaps_port = 2993\r\nlog_level=3")
        said = self.unchanged("set", "-c", main, "-f", "/etc/passwd", "imap_port=1").stderr
        self.assertIn("is no file of the configuration", said)

    def test_a_value_that_would_not_count_is_refused(self):
        main = self.tree()
        said = self.unchanged("set", "-c", main, "-f", "main.cfg", "log_level=5").stderr
        self.assertRegex(said, r"would not count in main.cfg, it is set again in .*sub/b.cfg:3")

    def test_standard_input_cannot_be_changed(self):
        for verb in (["set", "imap_port=1"], ["unset", "imap_port"]):
            self.assertIn("standard input cannot be changed", self.gwcfg(*verb, "-c", "-", input="", expect=64).stderr)

    def test_a_value_with_a_trap_is_written_and_told(self):
        main = self.tree()
        done = self.gwcfg("set", "-c", main, "imap_port=0110")
        self.assertIn("it means 72 [GW2018]", done.stderr)
        self.assertIn("imap_port = 0110\n", self.read("main.cfg"))
        done = self.gwcfg("set", "-c", main, "server_hostname=x")  # what was there before is not told again
        self.assertEqual(done.stderr, "")

    def test_what_would_be_wrong_is_not_written(self):
        main = self.tree()
        said = self.unchanged("set", "-c", main, "imap_port=x").stderr
        self.assertIn('main.cfg:3:13: error: imap_port: "x" is not a number [GW1005]', said)
        self.assertIn("nothing was changed: there would be 1 new error", said)
        self.assertIn("GW1013", self.unchanged("set", "-c", main, "imap_port=110").stderr)
        self.assertIn("did you mean imap_port?", self.unchanged("set", "-c", main, "imap_prt=1").stderr)
        self.assertIn("no longer does anything", self.unchanged("set", "-c", main, "imap_store_rfc822=yes").stderr)
        self.assertIn("line end", self.unchanged("set", "-c", main, "server_hostname=a\nlog_level = 6").stderr)
        self.unchanged("set", "-c", main, "imap_port=1", "imap_timeout=x")
        self.unchanged("set", "-c", main, "imap_port", expect=64)
        self.unchanged("set", "-c", main, expect=64)
        self.unchanged("set", "-c", "nope.cfg", "imap_port=1", expect=66)
        said = self.unchanged("set", "imap_port=1", env={"KOPANO_CONFIG_PATH": "/nowhere"}, expect=66).stderr
        self.assertIn("gwcfg set: there is no /nowhere/gateway.cfg", said)

    def test_a_file_with_other_errors_can_be_mended(self):
        self.write("a.cfg", GOOD + "imap_port = x\nfoo = 1\n")
        self.gwcfg("set", "-c", "a.cfg", "imap_port=1143")
        self.assertEqual(self.read("a.cfg"), GOOD + "imap_port = 1143\nfoo = 1\n")

    def test_unset_takes_lines_out_of_all_files(self):
        main = self.tree()
        self.write("main.cfg", "log_level = 1\n" + self.read("main.cfg") + "log_level = 2\n")
        self.gwcfg("unset", "-c", main, "log_level", "imap_port")
        self.assertEqual(self.read("main.cfg"), GOOD + "# end\n!include sub/b.cfg\n")
        self.assertEqual((self.folder / "sub/b.cfg").read_bytes(), b"imap_timeout = 2000\r\n#imaps_port = 993\r\n")
        self.assertEqual(self.gwcfg("unset", "-c", main, "log_level").stdout, "nothing to change\n")
        self.assertIn("did you mean log_level?", self.unchanged("unset", "-c", main, "log_leve").stderr)

    def test_a_dry_run_shows_the_difference(self):
        main = self.tree()
        want = "--- main.cfg\n+++ main.cfg\n@@ -1,5 +1,5 @@\n server_socket = local:/var/lib/gateway\n log_file = -\n" \
               "-imap_port = 1143\n+imap_port = 1\n # end\n !include sub/b.cfg\n"
        self.assertEqual(self.unchanged("set", "-c", main, "-n", "imap_port=1", expect=0).stdout, want)
        self.assertEqual(self.unchanged("set", "-c", main, "-d", "imap_port=1", expect=1).stdout, want)
        self.assertEqual(self.unchanged("set", "-c", main, "-d", "imap_port=1143", expect=0).stdout, "")

    def test_edits_are_told_as_json(self):
        main = self.tree()
        said = json.loads(self.gwcfg("set", "-c", main, "-j", "imap_port=7", "imap_enable=no").stdout)
        self.assertEqual((said["file"], said["changes"], said["written"]), ("main.cfg", True, True))
        self.assertEqual([(e["line"], e["option"], e["before"], e["after"]) for e in said["edits"]],
                         [(3, "imap_port", "imap_port = 1143", "imap_port = 7"), (3, "imap_enable", None, "imap_enable = no")])
        self.assertFalse(json.loads(self.gwcfg("set", "-c", main, "-jn", "imap_port=8").stdout)["written"])

    def test_passwords_are_not_shown(self):
        self.write("a.cfg", "server_socket = http://u:geheim@h/\n")
        out = self.gwcfg("set", "-c", "a.cfg", "server_socket=http://u:heimlich@h/").stdout
        self.assertNotIn("heim", out)
        self.assertIn("heimlich", self.read("a.cfg"))

    # ---- files ----

    def test_mode_and_owner_stay(self):
        path = self.write("a.cfg", GOOD)
        path.chmod(0o640)
        if os.getuid() == 0:
            os.chown(path, 1234, 4321)
        before = path.stat()
        self.gwcfg("set", "-c", "a.cfg", "imap_port=1")
        after = path.stat()
        self.assertNotEqual(before.st_ino, after.st_ino)
        self.assertEqual((before.st_mode, before.st_uid, before.st_gid), (after.st_mode, after.st_uid, after.st_gid))

    def test_attributes_stay(self):
        path = self.write("a.cfg", GOOD)
        try:
            os.setxattr(path, "user.note", b"mine")
        except OSError:
            self.skipTest("no extended attributes here")
        self.gwcfg("set", "-c", "a.cfg", "imap_port=1")
        self.assertEqual(os.getxattr(path, "user.note"), b"mine")

    def give_list(self, path, name):
        """An access control list that lets user 65534 read."""
        entries = [(1, 6, 2**32 - 1), (2, 4, 65534), (4, 0, 2**32 - 1), (16, 4, 2**32 - 1), (32, 0, 2**32 - 1)]
        try:
            os.setxattr(path, name, struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *e) for e in entries))
        except OSError:
            self.skipTest("no access control lists here")

    def test_an_access_control_list_stays_and_none_comes_from_the_directory(self):
        for has_one in (True, False):
            path = self.write("%s/a.cfg" % has_one, GOOD)
            path.chmod(0o640)
            if has_one:
                self.give_list(path, "system.posix_acl_access")
            before = os.listxattr(path), path.stat().st_mode
            self.give_list(path.parent, "system.posix_acl_default")
            self.gwcfg("set", "-c", path, "imap_port=1")
            self.assertEqual((os.listxattr(path), path.stat().st_mode), before)
            self.assertIn("imap_port = 1", path.read_text())

    def test_a_link_stays_and_what_it_names_is_changed(self):
        self.write("real/a.cfg", GOOD)
        (self.folder / "link.cfg").symlink_to("real/a.cfg")
        self.gwcfg("set", "-c", "link.cfg", "imap_port=1")
        self.assertTrue((self.folder / "link.cfg").is_symlink())
        self.assertEqual(self.read("real/a.cfg"), GOOD + "imap_port = 1\n")
        self.assertEqual(sorted(os.listdir(self.folder)), ["link.cfg", "real"])

    def test_a_file_of_two_names_is_refused(self):
        path = self.write("a.cfg", GOOD)
        os.link(path, self.folder / "b.cfg")
        self.assertIn("2 names (hard links)", self.unchanged("set", "-c", "a.cfg", "imap_port=1", expect=74).stderr)

    def as_nobody(self, *args, mode=0o755):
        """The exit code and what is said as a user who is not root; mode is that of the folder."""
        os.chmod(self.folder, mode)
        more = {"user": 65534, "group": 65534, "extra_groups": []} if os.getuid() == 0 else {}
        done = subprocess.run([str(BUILD / "gwcfg"), *args], cwd=self.folder, capture_output=True, text=True, timeout=60,
                              **more)
        return done.returncode, done.stderr

    def test_a_directory_that_cannot_be_written_leaves_everything(self):
        self.tree()
        folder = self.folder / "sub"
        if os.getuid() == 0:
            for p in (self.folder, self.folder / "main.cfg"):
                os.chown(p, 65534, 65534)
        folder.chmod(0o555)
        before = self.files()
        try:
            code, said = self.as_nobody("set", "-c", "main.cfg", "imap_port=1", "imap_timeout=45m")
        finally:
            folder.chmod(0o755)
        if code == 0:
            self.skipTest("this user may write everywhere")
        self.assertEqual((code, self.files()), (77, before))  # not even main.cfg, which could have been written
        self.assertIn("cannot make a file beside it: Permission denied", said)

    @unittest.skipUnless(os.getuid() == 0, "needs root")
    def test_an_owner_that_cannot_be_kept_is_a_refusal(self):
        self.tree()
        before = self.files()
        code, said = self.as_nobody("set", "-c", "main.cfg", "imap_port=1", mode=0o777)
        self.assertEqual((code, self.files()), (77, before))
        self.assertIn("cannot keep its owner 0 and group 0", said)

    # ---- trouble while it writes ----

    def shim(self, **env):
        """The environment in which system calls go wrong."""
        if b"__asan_init" in (BUILD / "gwcfg").read_bytes() or b"__tsan_init" in (BUILD / "gwcfg").read_bytes():
            self.skipTest("sanitizers want to be first")
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "shim.c"
            source.write_text(SHIM)
            library = Path(tempfile.gettempdir()) / ("gateway-shim-%d.so" % os.getpid())
            self.addCleanup(library.unlink)
            subprocess.run(["cc", "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"], check=True)
        return {"LD_PRELOAD": str(library), **env}

    def test_what_somebody_else_wrote_meanwhile_is_kept(self):
        path = self.write("a.cfg", GOOD)
        said = self.gwcfg("set", "-c", "a.cfg", "imap_port=1", env=self.shim(SHIM_APPEND=str(path)), expect=74).stderr
        self.assertIn("a.cfg: somebody else has changed it meanwhile; nothing was written", said)
        self.assertEqual(self.files(), {"a.cfg": (GOOD + "# somebody\n").encode()})

    def test_a_full_disk_leaves_everything(self):
        main = self.tree()
        said = self.unchanged("set", "-c", main, "imap_port=1", env=self.shim(SHIM_FULL="1"), expect=74).stderr
        self.assertIn("main.cfg: cannot write: No space left on device", said)

    def test_files_are_whole_when_not_all_could_be_replaced(self):
        main = self.tree()
        sub = self.read("sub/b.cfg")
        env = self.shim(SHIM_RENAMES="1")
        said = self.gwcfg("set", "-c", main, "imap_port=1", "imap_timeout=45m", env=env, expect=74).stderr
        self.assertRegex(said, "sub/b.cfg: cannot put the new content in its place: Input/output error\n.*1 file before it")
        self.assertIn("imap_port = 1\n", self.read("main.cfg"))
        self.assertEqual((self.read("sub/b.cfg"), len(self.files())), (sub, 2))

    # ---- fix and fmt ----

    def old(self):
        self.write("main.cfg", GOOD + "imap_public_folders\t=  No\n\n\n!include sub/b.cfg\n")
        self.write("sub/b.cfg", "imap_store_rfc822 = yes\nlog_timestamp=1")
        return "main.cfg"

    def test_fix_writes_every_file_that_has_something(self):
        out = self.gwcfg("fix", "-w", self.old()).stdout
        self.assertIn("main.cfg: 1 line changed\n", out)
        self.assertRegex(out, r"sub/b.cfg: 2 lines changed\n")
        self.assertEqual(self.read("main.cfg"), GOOD + "imap_public_folders\t=  no\n\n\n!include sub/b.cfg\n")
        self.assertEqual(self.read("sub/b.cfg"), "# retired: imap_store_rfc822 = yes\nlog_timestamp=yes")
        self.assertEqual(self.gwcfg("fix", "-w", "main.cfg").stdout, "")

    def test_fmt_writes_every_file_that_has_something(self):
        self.gwcfg("fmt", "-w", self.old())
        self.assertEqual(self.read("main.cfg"), GOOD + "imap_public_folders = No\n\n!include sub/b.cfg\n")
        self.assertEqual(self.read("sub/b.cfg"), "imap_store_rfc822 = yes\nlog_timestamp = 1\n")
        self.assertEqual(self.gwcfg("fmt", "-d", "main.cfg").stdout, "")

    def test_one_file_is_printed_and_several_are_compared(self):
        self.write("a.cfg", "imap_port=1\n")
        self.assertEqual(self.unchanged("fmt", "a.cfg", expect=0).stdout, "imap_port = 1\n")
        out = self.unchanged("fmt", self.old(), expect=0).stdout
        self.assertEqual(out.count("--- "), 2)
        self.assertEqual(self.unchanged("fmt", "-d", "main.cfg", expect=1).stdout, out)

    def test_standard_input_is_taken_by_itself(self):
        text = "!include nowhere.cfg\nimap_port=0110 # c\n"
        self.assertEqual(self.gwcfg("fmt", "-", input=text).stdout, "!include nowhere.cfg\nimap_port = 0110 # c\n")
        self.assertEqual(self.gwcfg("fix", "-", input=text).stdout, "!include nowhere.cfg\n# c\nimap_port=72\n")
        self.gwcfg("fix", "-w", "-", input=text, expect=64)

    def test_what_is_left_is_said_and_done_when_it_was_meant(self):
        self.write("a.cfg", GOOD + 'imap_port 143\nserver_hostname = "x"\n')
        said = self.unchanged("fix", "-w", "a.cfg", expect=0).stderr
        self.assertIn("2 lines of a.cfg are ignored or read literally; --meant", said)
        self.gwcfg("fix", "-wm", "a.cfg")
        self.assertEqual(self.read("a.cfg"), GOOD + "imap_port = 143\nserver_hostname = x\n")

    def test_listeners_in_the_newer_form_are_the_same(self):
        def listeners(path):
            return [line for line in self.gwcfg("get", "-c", path, *(s + ".listen" for s in ("imap", "imaps", "pop3", "pop3s")))
                    .stdout.splitlines()]
        for text in ("", "server_bind = ::1\nimap_port = 1143\n", "imap_enable = no\nimaps_listen = *:1993 [::1]:1994\n",
                     "pop3_port=1110\n!include b.cfg\n#imap_listen =\n", "imaps_listen = *:1\n"):
            self.write("a.cfg", GOOD + text)
            self.write("b.cfg", "imaps_enable = no\nserver_bind = 127.0.0.1\n")
            before = listeners("a.cfg")
            self.gwcfg("fix", "-wl", "a.cfg")
            self.assertEqual(listeners("a.cfg"), before)
            both = self.read("a.cfg") + self.read("b.cfg") if "include" in text else self.read("a.cfg")
            self.assertNotRegex(both, "_enable|_port|server_bind")
            self.assertEqual(self.gwcfg("fix", "-dl", "a.cfg").stdout, "")
        self.write("a.cfg", GOOD + "imap_port = x\n")
        self.assertIn("before they are mended", self.unchanged("fix", "-wl", "a.cfg").stderr)

    def test_a_repair_that_makes_new_errors_is_not_written(self):
        self.write("a.cfg", GOOD + "!Include nowhere.cfg\n")
        self.assertIn("GW1002", self.unchanged("fix", "-wm", "a.cfg").stderr)

    def test_errors_that_stay_are_told(self):
        self.write("a.cfg", GOOD + "imap_enable = Yes\nimap_port = many\n")
        self.assertIn("1 error that cannot be mended here", self.gwcfg("fix", "-w", "a.cfg", expect=1).stderr)
        self.assertEqual(self.read("a.cfg"), GOOD + "imap_enable = yes\nimap_port = many\n")

    def test_edits_tell_no_password(self):
        self.write("a.cfg", "server_socket = http://u:hidden@mail.example.org\nDB_PASSWORD hidden\n")
        for args in (["set", "-c", "a.cfg", "server_socket=http://u:hidden2@mail.example.org", "--json", "-n"],
                     ["fix", "--meant", "--json", "a.cfg"]):
            done = self.gwcfg(*args, expect=None)
            self.assertNotIn("u:hidden", done.stdout + done.stderr)
        self.assertIn("u:hidden2", self.gwcfg("set", "-c", "a.cfg", "server_socket=http://u:hidden2@mail.example.org", "-n").stdout)

    def test_repairs_are_told_as_json(self):
        said = json.loads(self.gwcfg("fix", "-j", self.old()).stdout)[0]
        self.assertFalse(said["written"])
        self.assertEqual([(os.path.basename(e["file"]), e["line"], e["code"]) for e in said["edits"]],
                         [("main.cfg", 3, "GW2005"), ("b.cfg", 1, "GW2006"), ("b.cfg", 2, None)])

    def test_differences_can_be_applied(self):
        dice = random.Random(4)
        for n in (1, 2, 7, 30, 300, 2000):
            lines = [dice.choice(["a=1\n", "# x\n", "\n", "b = 2\n", "c=3\r\n", "d\t=4\n"]) for _ in range(n)]
            text = "".join(lines)[:None if dice.random() < 0.5 else -1]
            diff, want = (subprocess.run([str(BUILD / "gwcfg"), "fmt", *flags, "-"], input=text.encode(), capture_output=True,
                                         timeout=60).stdout.decode() for flags in (["-d"], []))
            self.assertEqual(patch(text, diff) if diff else text, want)


class Secrets(Folder):
    def lint(self, *args, expect=1):
        return self.gwcfg("lint-secrets", *args, expect=expect).stdout

    def config(self, more=""):
        path = self.write("a.cfg", "server_socket = local:{0}/store\nlog_file = -\ncontrol_socket = {0}/c\n".format(self.folder) + more)
        path.chmod(0o600)
        return "a.cfg"

    def test_nothing_is_said_when_nothing_is_open(self):
        (self.folder / "store").mkdir(mode=0o700)
        key = self.write("key.pem", "x")
        key.chmod(0o600)
        self.config("ssl_private_key_file = %s\nbypass_auth = no\n# bypass_auth = no\n# by password = no\n" % key)
        self.assertEqual(self.lint("a.cfg", expect=0), "a.cfg: no secret is open\n")

    def test_passwords_are_found_and_not_shown(self):
        self.config("#ldap_bind_passwd = geheim\nserver_socket = http://u:geheim@h/\nsslkey_pass = $PASS\n")
        out = self.lint("-W", "error", "a.cfg")
        self.assertIn("a.cfg:4:21: warning: a password stands in a comment [GW2150]", out)
        self.assertIn("a.cfg:5:26: warning: a password stands in the file [GW2150]", out)
        self.assertNotIn("geheim", out)
        self.assertNotIn("GW1151", out)
        (self.folder / "a.cfg").chmod(0o604)
        self.assertIn("everybody on this machine can read the password in it (mode 0604) [GW1151]", self.lint("a.cfg"))

    def test_modes_are_looked_at(self):
        key, cert = self.write("key.pem", "x"), self.write("cert.pem", "-----BEGIN EC PRIVATE KEY-----\n")
        (self.folder / "store").mkdir(mode=0o755)
        self.config("control_socket_mode = 0666\nssl_private_key_file = %s\nssl_certificate_file = %s\n" % (key, cert))
        key.chmod(0o644)
        cert.chmod(0o644)
        (self.folder / "a.cfg").chmod(0o666)
        said = json.loads(self.lint("-j", "a.cfg"))
        self.assertEqual(sorted((f["code"], f["line"]) for f in said["findings"]),
                         [("GW1150", 5), ("GW1150", 6), ("GW1152", 4), ("GW2151", 0), ("GW2152", 1)])
        key.chmod(0o640)
        cert.chmod(0o600)
        os.chmod(self.folder / "a.cfg", 0o600)
        self.config("ssl_private_key_file = %s\n" % key)
        if os.getuid() == 0:
            os.chown(key, 0, 4321)
            self.assertIn("GW2103", self.lint("-W", "error", "a.cfg", expect=2))


if __name__ == "__main__":
    unittest.main()
