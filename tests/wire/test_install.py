"""What make install puts into a system, and that uninstall takes it away; the demo, once."""
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BUILD = Path(os.environ.get("GW_BUILD", ROOT / "build"))
PREFIX = "/opt/gateway"


@unittest.skipIf(os.environ.get("GW_MODEL") == "fork", "the process model does not matter")
class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.dest = Path(tempfile.mkdtemp(prefix="gateway-"))
        old = os.umask(0o077)  # that of a careful administrator
        try:
            cls.make("install")
        finally:
            os.umask(old)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.dest)

    @classmethod
    def make(cls, goal):
        env = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
        build = os.path.relpath(BUILD, ROOT)
        # nothing is compiled again, whatever flags this build had
        args = ["make", "-o", "all", "B=" + build, "DESTDIR=%s" % cls.dest, "PREFIX=" + PREFIX, goal]
        subprocess.run(args, cwd=ROOT, env=env, check=True, capture_output=True, timeout=120)

    def test_headers_of_libcurl_that_are_there_are_not_replaced(self):
        for there, wanted in (("true", False), ("false", True)):
            commands = subprocess.run(["make", "-n", "deps", "PKG_CONFIG=" + there], cwd=ROOT, check=True, capture_output=True,
                                      text=True).stdout
            self.assertEqual("libcurl4-openssl-dev" in commands, wanted, there)

    def files(self):
        return {"/" + str(p.relative_to(self.dest)): p for p in self.dest.rglob("*") if not p.is_dir()}

    def test_modes_let_everybody_read_and_nobody_else_write(self):
        for name, path in self.files().items():
            program = "/bin/" in name or "/sbin/" in name or "/init.d/" in name
            self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o755 if program else 0o644, name)

    def test_texts_name_the_places_of_this_installation(self):
        unit = (self.dest / "etc/systemd/system/gatewayd.service").read_text()
        script = (self.dest / "etc/init.d/gatewayd").read_text()
        self.assertIn("ExecStart=%s/sbin/gatewayd -F -c /etc/gateway/gateway.cfg" % PREFIX, unit)
        self.assertIn("DAEMON=%s/sbin/gatewayd" % PREFIX, script)
        for name, path in self.files().items():
            if "/lib/" not in name and "bin/" not in name:
                self.assertNotRegex(path.read_text(), r"@[A-Z]+@", name)
        subprocess.run(["sh", "-n", str(self.dest / "etc/init.d/gatewayd")], check=True)

    def test_monitoring_and_readers_of_the_log_find_their_files(self):
        doc = "%s/share/doc/gateway/" % PREFIX
        for name in ("prometheus/prometheus.yml", "prometheus/gateway.rules.yml", "grafana/gateway.json",
                     "fail2ban/filter.d/gateway.conf", "fail2ban/jail.d/gateway.conf", "events.schema.json"):
            self.assertIn(doc + name, self.files())
            self.assertEqual((ROOT / "etc" / name).read_bytes(), self.files()[doc + name].read_bytes())
        for page in ("man8/gwctl.8", "man7/gateway-ctl.7", "man7/gateway-events.7"):
            self.assertIn("%s/share/man/%s" % (PREFIX, page), self.files())

    def test_programs_run_where_they_are_and_know_no_path_of_the_build(self):
        for program in ("sbin/gatewayd", "bin/gwctl", "bin/gwcfg"):
            path = Path(str(self.dest) + PREFIX) / program
            said = subprocess.run([str(path), "--version"], capture_output=True, text=True, timeout=60, env={})
            self.assertRegex(said.stdout, r"^%s \d" % Path(program).name, said.stderr)
            self.assertNotIn(str(ROOT).encode() + b"/", path.read_bytes())

    def test_the_configuration_that_is_there_is_kept_and_uninstall_leaves_only_it(self):
        cfg = self.dest / "etc/gateway/gateway.cfg"
        before = cfg.read_text()
        cfg.write_text("# mine\n")
        self.make("install")
        self.assertEqual(cfg.read_text(), "# mine\n")
        self.make("uninstall")
        self.assertEqual(list(self.files()), ["/etc/gateway/gateway.cfg"])
        cfg.write_text(before)
        cfg.unlink()
        self.make("install")
        self.assertEqual(cfg.read_text(), before)

    def test_the_demo_runs_and_leaves_nothing(self):
        said = subprocess.run([sys.executable, str(ROOT / "tests/demo/demo.py"), "--once", "--build", str(BUILD)],
                              capture_output=True, text=True, timeout=120)
        self.assertEqual(said.returncode, 0, said.stderr)
        self.assertRegex(said.stdout, r"\d{3} messages in \d folders")
        folder = re.search(r"removes its mail \((.*)\)", said.stdout).group(1)
        self.assertFalse(Path(folder).exists())


if __name__ == "__main__":
    unittest.main()
