"""What holds for every configuration, over small trees of files that are made by chance (always the same ones), with
gwcfg itself: what is expanded means the same, and expanding it again changes nothing. (tests/unit/config has more cases,
without the program.)"""
import os
import random
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

BUILD = Path(os.environ.get("GW_BUILD", Path(__file__).resolve().parent.parent.parent / "build")).resolve()
CASES = 60
VALUES = {
    "imap_max_messagesize": ["128M", "1.5M", "10 mb", "131072", "$SIZE"],
    "imap_timeout": ["1800", "31m", "2 h"],
    "log_buffer_size": ["0", "64k", "4096"],
    "imap_port": ["143", "0x8f", "0217", "$PORT"],
    "pop3_port": ["110", "1110"],
    "imap_enable": ["yes", "No", "1"],
    "imaps_enable": ["no", "Yes"],
    "imap_listen": ["*:1143", "127.0.0.1:1143 [::1]:1143"],
    "imap_public_folders": ["", "off", "true"],
    "server_hostname": ["", "mail.example.org", '"quoted"', "a # b", "$HOST", "$NOPE", "$EMPTY", "\u00e4=b"],
    "server_socket": ["local:/var/lib/gateway", "http://joe:secret@store.example.org:236/"],
    "ssl_protocols": ["!SSLv2 !SSLv3", "TLSv1.2"],
    "auth_mechanisms": ["", "plain  scram-sha-256"],
    "imap_store_rfc822": ["yes"],
    "log_level": ["3", "03"],
}
ENVIRONMENT = {"SIZE": "16M", "PORT": "1143", "HOST": "mail.example.net", "EMPTY": "", "PATH": os.environ["PATH"]}
FLAGS = ((), ("--sizes=human",), ("--sizes=bytes",), ("--changed",), ("--no-comments",), ("--env=all",), ("--env=keep",),
         ("--sizes=bytes", "--env=all", "--changed"))


def line(r):
    kind = r.randrange(10)
    if kind == 0:
        return r.choice(["", "# note", "  # note", "\t", "no equals", "= 5", "!propmap x", " !include b.cfg", "!x", "#"])
    if kind == 1:
        return "!include " + r.choice(["a.cfg", "b.cfg", "sub/c.cfg", "sub", "*.cfg"])
    name = r.choice(list(VALUES))
    return r.choice(["%s = %s", "%s=%s", "\t%s\t= %s "]) % (name, r.choice(VALUES[name]))


def make_tree(folder, number):
    """The main file of case number."""
    r = random.Random(number)
    (folder / "sub").mkdir(parents=True)
    for name in ("a.cfg", "b.cfg", "sub/c.cfg", "sub/d.cfg"):
        end = r.choice(["\n", "\n", "\n", "\r\n"])
        text = "".join(line(r) + end for _ in range(r.randrange(8)))
        (folder / name).write_bytes((r.choice(["", "", "", "\ufeff"]) + text + r.choice(["", "log_level = 4"])).encode())
    return folder / "a.cfg"


def gwcfg(*args, text=None):
    return subprocess.run([str(BUILD / "gwcfg"), *map(str, args)], input=text, capture_output=True, env=ENVIRONMENT,
                          timeout=60)


class Expand(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="gwcfg-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def test_it_means_the_same_and_expands_to_itself(self):
        expanded = 0
        for number in range(CASES):
            main, flags = make_tree(self.folder / str(number), number), FLAGS[number % len(FLAGS)]
            once = gwcfg("expand", *flags, main)
            if once.returncode:
                self.assertEqual(once.stdout, b"")
                continue
            expanded += 1
            with self.subTest(case=number, flags=flags):
                twice = gwcfg("expand", *flags, "-", text=once.stdout)
                self.assertEqual(twice.stdout.decode(), once.stdout.decode())
                self.assertNotRegex(once.stdout, rb"(?m)^!include")
                before, after = gwcfg("dump", "--changed", main), gwcfg("dump", "--changed", "-", text=once.stdout)
                self.assertEqual(after.stdout.decode(), before.stdout.decode())
        self.assertGreater(expanded, CASES // 2)  # else this shows little


if __name__ == "__main__":
    unittest.main()
