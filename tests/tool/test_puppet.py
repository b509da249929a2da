"""Puppet on localhost with etc/examples/puppet.pp: a good change lands, a bad one does not."""
import os
import subprocess
import unittest

from gwcfg import BUILD, GOOD, ROOT, Folder
from test_ansible import state

SETTINGS = {"server_socket": "local:/var/lib/gateway", "run_as_user": "gateway", "run_as_group": "gateway",
            "disable_plaintext_auth": "yes"}  # those of the example
TLS = {"ssl_certificate_file": "/etc/gateway/cert.pem", "ssl_private_key_file": "/etc/gateway/privkey.pem"}
UNCHANGED, CHANGED, FAILED = 0, 2, 4  # --detailed-exitcodes


def pp(value):
    """A value in Puppet's language."""
    if isinstance(value, dict):
        return "{%s}" % ", ".join("%s => %s" % (pp(k), pp(v)) for k, v in value.items())
    if isinstance(value, list):
        return "[%s]" % ", ".join(map(pp, value))
    return "'%s'" % value if isinstance(value, str) else str(value)


class Puppet(Folder):
    def setUp(self):
        super().setUp()
        self.etc = self.folder / "etc"

    def apply(self, *args, expect, **parameters):
        """Apply the example's class; what was said. Facts that need root's view of the machine may be missing."""
        parameters = {"tls": TLS, "etc": str(self.etc), "gwcfg": str(BUILD / "gwcfg"),
                      "reload": ["touch", str(self.folder / "reloaded")], **parameters}
        text = (ROOT / "etc/examples/puppet.pp").read_text()
        manifest = self.write("site.pp", "%s\nclass { 'gateway': %s }\n" % (
            text, ", ".join("%s => %s" % (k, pp(v)) for k, v in parameters.items())))
        own = [a for name in ("conf", "var", "run", "log", "code") for a in ("--%sdir" % name, str(self.folder / name))]
        env = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LC_ALL": "C.UTF-8", "FACTER_fqdn": "localhost"}
        done = subprocess.run(["puppet", "apply", *own, "--color", "false", "--detailed-exitcodes", *args, str(manifest)],
                              cwd=self.folder, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=120)
        said = done.stdout + done.stderr
        self.assertEqual(done.returncode, expect, said)
        return said

    def reloaded(self):
        mark = self.folder / "reloaded"
        there = mark.exists()
        mark.unlink(missing_ok=True)
        return there

    def have(self):
        """What a first run leaves, without running it. Modes are right: Puppet sets them even when contents fail."""
        self.write("etc/gateway.cfg", GOOD + "!include conf.d\n").chmod(0o644)
        self.write("etc/conf.d/20-tls.cfg", "imap_timeout = 2000\n").chmod(0o644)
        self.etc.chmod(0o755)
        (self.etc / "conf.d").chmod(0o755)

    def test_a_whole_configuration_lands_and_a_second_run_changes_nothing(self):
        self.apply(expect=CHANGED)
        self.assertTrue(self.reloaded())
        self.assertEqual(self.read("etc/gateway.cfg").splitlines()[1:],
                         ["%s = %s" % i for i in SETTINGS.items()] + ["!include conf.d"])
        self.assertEqual({k: v[0] for k, v in state(self.etc).items()},
                         {"gateway.cfg": 0o644, "conf.d": 0o755, "conf.d/20-tls.cfg": 0o644})
        before = state(self.etc)
        self.apply(expect=UNCHANGED)
        self.assertEqual(state(self.etc), before)
        self.assertFalse(self.reloaded())
        self.apply(expect=CHANGED, tls={**TLS, "imaps_enable": "no"})
        self.assertIn("imaps_enable = no\n", self.read("etc/conf.d/20-tls.cfg"))
        self.assertTrue(self.reloaded())

    def test_a_bad_main_file_fails_with_its_finding_and_nothing_changes(self):
        self.have()
        before = state(self.etc)
        said = self.apply(expect=FAILED, settings={**SETTINGS, "imap_prt": 1143})
        self.assertIn("%s/gateway.cfg:6:1: error: " % self.etc, said)
        self.assertIn("did you mean imap_port?", said)
        self.assertEqual(state(self.etc), before)
        self.assertFalse(self.reloaded())

    def test_a_bad_fragment_fails_although_the_main_file_lands(self):
        self.have()
        before = state(self.etc)["conf.d/20-tls.cfg"]
        said = self.apply(expect=CHANGED + FAILED, tls={**TLS, "imap_port": 143, "pop3_port": 143})
        self.assertIn("%s/conf.d/20-tls.cfg:" % self.etc, said)
        self.assertIn("error: ", said)
        self.assertEqual(state(self.etc)["conf.d/20-tls.cfg"], before)
        self.assertFalse(self.reloaded())

    def test_noop_changes_nothing(self):
        self.have()
        before = state(self.etc)
        self.apply("--noop", expect=UNCHANGED)
        self.assertEqual(state(self.etc), before)
        self.assertFalse(self.reloaded())


if __name__ == "__main__":
    unittest.main()
