"""The other files of etc/examples: the hooks of pre-commit do what they say, and every gwcfg line in them is a good one.

test_ansible.py and test_puppet.py run theirs."""
import json
import os
import re
import subprocess
import unittest

from gwcfg import BUILD, GOOD, ROOT, Folder

LOAD = "import json, sys, yaml; json.dump([yaml.safe_load(open(f)) for f in sys.argv[1:]], sys.stdout)"


def load(*files):
    """YAML files as values; Debian's Python has yaml because Ansible needs it."""
    done = subprocess.run(["/usr/bin/python3", "-c", LOAD, *map(str, files)], check=True, capture_output=True, timeout=30)
    return json.loads(done.stdout)


class Hooks(Folder):
    """What pre-commit would do: the entry, args and those of the changed files that match, in one command."""

    def setUp(self):
        super().setUp()
        hooks, config = load(ROOT / ".pre-commit-hooks.yaml", ROOT / "etc/examples/pre-commit-config.yaml")
        self.hooks = {h["id"]: h for h in hooks}
        self.used = {h["id"]: h.get("args", []) for h in config["repos"][0]["hooks"]}
        self.write("files/etc/gateway/gateway.cfg", GOOD + "!include conf.d\n")
        self.write("files/etc/gateway/conf.d/10.cfg", "imap_port = 1143\n")
        self.changed = ["README.md", "files/etc/gateway/conf.d/10.cfg", "files/etc/gateway/gateway.cfg"]

    def hook(self, name, expect):
        h = self.hooks[name]
        matching = [f for f in self.changed if re.search(h["files"], f)]
        program, *words = h["entry"].split()
        self.assertEqual((program, h["language"], bool(matching)), ("gwcfg", "system", True))
        names = matching if h.get("pass_filenames", True) else []
        return self.gwcfg(*words, *self.used[name], *names, expect=expect).stdout

    def test_the_example_uses_hooks_that_are_there(self):
        self.assertEqual(set(self.used), set(self.hooks))

    def test_good_files_pass_and_keep_their_bytes(self):
        before = {f: self.read(f) for f in self.changed[1:]}
        for name in self.hooks:
            self.hook(name, 0)
        self.assertEqual({f: self.read(f) for f in self.changed[1:]}, before)

    def test_a_bad_fragment_fails_with_its_tree(self):
        self.write("files/etc/gateway/conf.d/10.cfg", "imap_port = x\n")
        self.assertIn("/etc/gateway/conf.d/10.cfg:1:13: error", self.hook("gwcfg-tree", 1))
        self.assertIn("10.cfg:1:13: error", self.hook("gwcfg-check", 1))

    def test_files_are_brought_into_shape(self):
        self.write("files/etc/gateway/gateway.cfg", GOOD + "!include conf.d\nimap_timeout=2000 \npop3s_enable = No\n")
        self.hook("gwcfg-fmt", 0)
        self.assertIn("imap_timeout = 2000\n", self.read("files/etc/gateway/gateway.cfg"))
        self.hook("gwcfg-fix", 0)
        self.assertIn("pop3s_enable = no\n", self.read("files/etc/gateway/gateway.cfg"))


class Examples(unittest.TestCase):
    def test_yaml_can_be_read(self):
        files = [p for p in sorted((ROOT / "etc/examples").iterdir()) if p.suffix in (".yml", ".yaml")]
        self.assertGreaterEqual(len(files), 4)
        self.assertNotIn(None, load(*files))

    def test_every_line_that_runs_gwcfg_has_verbs_and_flags_that_there_are(self):
        lines = []
        for path in sorted((ROOT / "etc/examples").iterdir()):
            text = path.read_text().replace("[gwcfg, check, -q, -W, error]", "gwcfg check -q -W error")
            text = re.sub(r"\{\{ gateway_gwcfg \}\}|\$\{gwcfg\}", "gwcfg", text)
            lines += re.findall(r"gwcfg ((?:check|plan|expand) -[^'\"\n&>]*)", text)
        self.assertGreaterEqual(len(lines), 9)
        for line in lines:
            words = re.sub(r"\{\{ [^}]* \}\}|\$\{?\w+\}?", "x", line).split()
            done = subprocess.run([str(BUILD / "gwcfg"), *words], input="", capture_output=True, text=True, timeout=20,
                                  env={"PATH": os.environ["PATH"]})
            self.assertNotEqual(done.returncode, 64, line + "\n" + done.stderr)


if __name__ == "__main__":
    unittest.main()
