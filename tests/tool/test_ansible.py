"""Ansible on localhost with etc/examples/ansible.yml: a good change lands, a bad one does not.

Every host of the inventory is this machine with a tree of its own, so that one run of ansible-playbook tries several
changes."""
import json
import os
import re
import shutil
import stat
import subprocess
import tempfile
import unittest
from pathlib import Path

from gwcfg import BUILD, ROOT

SETTINGS = {"server_socket": "local:/var/lib/gateway", "run_as_user": "gateway", "run_as_group": "gateway",
            "disable_plaintext_auth": "yes", "log_level": 3}  # those of the example
TLS = {"ssl_certificate_file": "/etc/gateway/cert.pem", "ssl_private_key_file": "/etc/gateway/privkey.pem"}
BETTER = {"gateway_settings": {**SETTINGS, "log_level": 4}}
BAD_MAIN = {"gateway_settings": {**SETTINGS, "imap_prt": 1143}}


def state(folder):
    """Everything about the files of a folder that a failed change must leave alone."""
    found = {}
    for path in sorted(folder.rglob("*")):
        s = path.lstat()
        found[str(path.relative_to(folder))] = (stat.S_IMODE(s.st_mode), s.st_uid, s.st_gid, s.st_ino, s.st_mtime_ns,
                                                path.read_bytes() if path.is_file() else None)
    return found


class Ansible(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="gateway-")).resolve()
        cls.etc("first").mkdir()
        (cls.folder / "ansible.cfg").write_text("[defaults]\n")
        cls.first = cls.play({"first": {}})

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    @classmethod
    def etc(cls, host):
        return cls.folder / ("etc-" + host)

    @classmethod
    def variables(cls, host, more):
        """What the inventory says of a host. The example's own variables stand above it: extra ones fetch these."""
        every = {"gateway_etc": str(cls.etc(host)), "gateway_gwcfg": str(BUILD / "gwcfg"), "gateway_settings": SETTINGS,
                 "gateway_tls": TLS, "gateway_reload": "touch %s-reloaded" % cls.etc(host), "gateway_imap_timeout": 1800,
                 **more}
        if host == "first":
            del every["gateway_settings"]  # it is about the example's own
        return {"ansible_connection": "local", "ansible_python_interpreter": "/usr/bin/python3",
                **{"test_" + k: v for k, v in every.items()}}

    @classmethod
    def play(cls, hosts, *args):
        """Run the example. hosts: name -> variables. Name -> what the recap counts, and the failure, if any."""
        for host in hosts:
            if not cls.etc(host).exists():
                shutil.copytree(cls.etc("first"), cls.etc(host))
        inventory = cls.folder / "hosts.yml"
        variables = {h: cls.variables(h, v) for h, v in hosts.items()}
        inventory.write_text(json.dumps({"all": {"hosts": variables}}))
        extra = {k.removeprefix("test_"): "{{ %s }}" % k for v in variables.values() for k in v if k.startswith("test_")}
        env = {"PATH": os.environ["PATH"], "HOME": str(cls.folder), "LC_ALL": "C.UTF-8", "ANSIBLE_NOCOWS": "1",
               "ANSIBLE_NOCOLOR": "1", "ANSIBLE_LOCAL_TEMP": str(cls.folder / "local"), "ANSIBLE_PIPELINING": "1",
               "ANSIBLE_REMOTE_TEMP": str(cls.folder / "remote"), "ANSIBLE_CONFIG": str(cls.folder / "ansible.cfg"),
               "ANSIBLE_FORKS": "4"}
        done = subprocess.run(["ansible-playbook", "-i", str(inventory), "-e", json.dumps(extra), *args,
                               str(ROOT / "etc/examples/ansible.yml")], env=env, cwd=cls.folder, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=120)
        result = {}
        for host in hosts:
            recap = re.search(r"^%s +: (.*)$" % host, done.stdout, re.M)
            if not recap:
                raise AssertionError(done.stdout + done.stderr)
            failed = re.search(r"^fatal: \[%s\]: FAILED! => (.*)$" % host, done.stdout, re.M)
            result[host] = {k: int(v) for k, v in re.findall(r"(\w+)=(\d+)", recap[1])}
            result[host]["failure"] = json.loads(failed[1]) if failed else {}
            result[host]["reloads"] = int(Path("%s-reloaded" % cls.etc(host)).exists())
        return result

    def assertCounts(self, result, **expected):
        self.assertEqual({k: result[k] for k in expected}, expected, result)

    def assertRefused(self, host, result, finding):
        """It failed, with the finding, and nothing is other than before."""
        self.assertCounts(result, failed=1, changed=0, reloads=0)
        self.assertIn(finding, result["failure"].get("stdout") or result["failure"]["msg"])
        self.assertEqual(state(self.etc(host)), self.before[host])

    def prepare(self, *hosts):
        for host in hosts:
            shutil.copytree(self.etc("first"), self.etc(host))
            (self.etc(host) / "gateway.cfg").chmod(0o640)  # not what the play would give
            (self.etc(host) / "conf.d/20-tls.cfg").chmod(0o600)
        self.before = {host: state(self.etc(host)) for host in hosts}

    def test_a_new_machine_gets_a_whole_configuration(self):
        etc = self.etc("first")
        self.assertCounts(self.first["first"], failed=0, changed=5, reloads=1)
        self.assertEqual({k: v[0] for k, v in state(etc).items()},
                         {"gateway.cfg": 0o644, "conf.d": 0o755, "conf.d/20-tls.cfg": 0o644, "conf.d/90-site.cfg": 0o644})
        text = (etc / "gateway.cfg").read_text()
        self.assertIn("server_socket = local:/var/lib/gateway\n", text)
        self.assertTrue(text.endswith("!include conf.d\n"))
        self.assertEqual((etc / "conf.d/20-tls.cfg").read_text(), "".join("%s = %s\n" % i for i in TLS.items()))

    def test_a_second_run_changes_nothing_and_a_good_change_lands(self):
        result = self.play({"same": {}, "better": {**BETTER, "gateway_tls": {**TLS, "imaps_enable": "no"},
                                                   "gateway_imap_timeout": 2400}, "worse": BAD_MAIN})
        self.assertCounts(result["same"], failed=0, changed=0, reloads=0)
        self.assertCounts(result["better"], failed=0, changed=4, reloads=1)
        better = self.etc("better")
        self.assertIn("log_level = 4\n", (better / "gateway.cfg").read_text())
        self.assertIn("imaps_enable = no\n", (better / "conf.d/20-tls.cfg").read_text())
        self.assertEqual((better / "conf.d/90-site.cfg").read_text(), "imap_timeout = 2400\n")
        self.assertCounts(result["worse"], failed=1, changed=0, reloads=0)
        self.assertIn("did you mean imap_port?", result["worse"]["failure"]["stdout"])

    def test_a_bad_change_fails_with_its_finding_and_the_old_file_stays(self):
        bad = {"main": BAD_MAIN,
               "fragment": {"gateway_tls": {**TLS, "ssl_ciphers": "HIHG"}},
               "other": {"gateway_tls": {**TLS, "imap_port": 143, "pop3_port": 143}},
               "line": {"gateway_imap_timeout": "soon"},
               "warning": {"gateway_settings": {**SETTINGS, "imap_port": "0110"}}}
        self.prepare(*bad)
        # the modes were changed above, and tasks before the one that fails would put them right
        for host in ("fragment", "other", "line"):
            (self.etc(host) / "gateway.cfg").chmod(0o644)
        (self.etc("line") / "conf.d/20-tls.cfg").chmod(0o644)
        self.before = {host: state(self.etc(host)) for host in bad}
        result = self.play(bad, "--start-at-task", "Main file")
        self.assertRefused("main", result["main"], "%s/gateway.cfg:" % self.etc("main"))
        self.assertRefused("main", result["main"], "did you mean imap_port?")
        self.assertRefused("fragment", result["fragment"], "%s/conf.d/20-tls.cfg:3:" % self.etc("fragment"))
        self.assertRefused("other", result["other"], "%s/conf.d/20-tls.cfg:" % self.etc("other"))
        self.assertRefused("line", result["line"], "%s/conf.d/90-site.cfg:1:16: error" % self.etc("line"))
        self.assertRefused("warning", result["warning"], "warning: ")

    def test_check_mode_tells_and_changes_nothing(self):
        self.prepare("good", "bad")
        result = self.play({"good": BETTER, "bad": BAD_MAIN}, "--check", "--diff")
        self.assertCounts(result["good"], failed=0, reloads=0)
        self.assertGreater(result["good"]["changed"], 0)
        self.assertEqual(state(self.etc("good")), self.before["good"])
        self.assertRefused("bad", result["bad"], "did you mean imap_port?")


if __name__ == "__main__":
    unittest.main()
