"""The files of the tree that are generated are those that the programs print."""
import os
import subprocess
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BUILD = Path(os.environ.get("GW_BUILD", ROOT / "build")).resolve()

FILES = {
    "man/gateway.cfg.5": ["gwcfg", "schema", "--man"],
    "etc/gateway.cfg": ["gwcfg", "schema", "--sample"],
    "etc/vim/syntax/gateway.vim": ["gwcfg", "schema", "--vim"],
    "etc/augeas/gateway.aug": ["gwcfg", "schema", "--augeas"],
    "etc/events.schema.json": ["gatewayd", "--events", "schema"],
    "man/gateway-events.7": ["gatewayd", "--events", "man"],
}
for shell in ("bash", "zsh", "fish"):
    FILES["completions/gwcfg." + shell] = ["gwcfg", "schema", "--completion", shell]
    FILES["completions/gwctl." + shell] = ["gwctl", "--completion", shell]
    FILES["completions/gatewayd." + shell] = ["gatewayd", "--completion", shell]


def run(argv):
    return subprocess.run([BUILD / argv[0], *argv[1:]], capture_output=True, cwd=ROOT)


class Generated(unittest.TestCase):
    def test_no_file_is_stale(self):
        for path, argv in FILES.items():
            with self.subTest(file=path):
                made = run(argv)
                self.assertEqual((made.returncode, made.stderr), (0, b""))
                self.assertTrue(made.stdout == (ROOT / path).read_bytes(), path + " is stale: run make gen")

    def test_other_shells_are_refused(self):
        for argv in (["gwcfg", "schema", "--completion", "tcsh"], ["gwctl", "--completion", "tcsh"],
                     ["gatewayd", "--completion", "tcsh"]):
            self.assertEqual(run(argv).returncode, 1 if argv[0] == "gatewayd" else 64)

    def test_the_sample_has_no_findings(self):
        made = run(["gwcfg", "check", "-W", "error", "etc/gateway.cfg"])
        self.assertEqual(made.returncode, 0, made.stdout)


if __name__ == "__main__":
    unittest.main()
