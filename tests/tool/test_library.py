"""The configuration library as others use it: installed headers, pkg-config, the program of the manual page."""
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from gwcfg import BUILD, GOOD, ROOT

HEADERS = re.compile(r"^[a-z].*?\b(gw_[a-z_0-9]+)\(", re.M)


class Library(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.dest = Path(tempfile.mkdtemp(prefix="gateway-"))
        env = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
        subprocess.run(["make", "-o", "all", "B=" + os.path.relpath(BUILD, ROOT), "PREFIX=%s/usr" % cls.dest,
                        "SYSCONFDIR=%s/etc" % cls.dest, "install"], cwd=ROOT, env=env, check=True, capture_output=True)
        cls.include = cls.dest / "usr/include/gateway"

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.dest)

    def pkg_config(self, *args):
        env = dict(os.environ, PKG_CONFIG_PATH=str(self.dest / "usr/lib/pkgconfig"))
        return subprocess.run(["pkg-config", *args, "gateway"], env=env, check=True, capture_output=True, text=True).stdout.split()

    def headers(self):
        return sorted(self.include.rglob("*.h"))

    def compile(self, source, name, *flags):
        path = self.dest / (name + ".c")
        path.write_text(source)
        subprocess.run(["cc", "-std=c11", "-Wall", "-Werror", "-D_GNU_SOURCE", *self.pkg_config("--cflags"), *flags, str(path),
                        "-o", str(self.dest / name), *self.pkg_config("--libs")], check=True)
        return self.dest / name

    def sanitized(self):
        return b"__asan_init" in (BUILD / "libgateway.so").read_bytes()

    def test_the_program_of_the_manual_page_works(self):
        if self.sanitized():
            self.skipTest("a library with sanitizers needs programs with sanitizers")
        page = (ROOT / "man/gw_config.3").read_text()
        source = re.search(r"\.Bd -literal\n(.*?)\.Ed", page, re.S).group(1).replace("\\e", "\\")
        program = self.compile(source, "example")
        config = self.dest / "a.cfg"
        env = dict(os.environ, LD_LIBRARY_PATH=str(self.dest / "usr/lib"))
        config.write_text(GOOD + "imap_listen = 127.0.0.1:1143\n")
        good = subprocess.run([program, config], env=env, capture_output=True, text=True)
        self.assertEqual((good.returncode, good.stdout), (0, "IMAP on 127.0.0.1:1143\n"))
        config.write_text("imap_prt = 1\n")
        bad = subprocess.run([program, config], env=env, capture_output=True, text=True)
        self.assertEqual(bad.returncode, 1)
        self.assertIn("a.cfg:1:1: error: unknown option", bad.stderr)

    def test_each_header_compiles_alone(self):
        for header in self.headers():
            name = str(header.relative_to(self.include))
            path = self.dest / "alone.c"
            path.write_text('#include <%s>\n' % name)
            subprocess.run(["cc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-D_GNU_SOURCE", *self.pkg_config("--cflags"),
                            "-fsyntax-only", str(path)], check=True)

    def test_every_function_of_the_configuration_has_a_page_and_the_other_way_round(self):
        declared = set()
        for header in (self.include / "config").glob("*.h"):
            declared |= set(HEADERS.findall(header.read_text()))
        documented, named = set(), set()
        for page in (ROOT / "man").glob("*.3"):
            text = page.read_text()
            documented |= set(re.findall(r"^\.F[no] (gw_\w+)", text, re.M))
            named |= set(re.findall(r"^\.Nm (gw_\w+)", text, re.M))
        declared = {n for n in declared if not n.startswith("gw_schema_")}
        self.assertLessEqual(declared, named)
        self.assertLessEqual({n for n in named if n != "gw_config_disk"}, declared)
        self.assertLessEqual({n for n in documented if re.search(r"_fn$", n) is None}, declared)

    def test_every_function_is_found_by_its_name(self):
        names = {p.name for p in (self.dest / "usr/share/man/man3").iterdir()}
        self.assertLessEqual({"gw_config.3", "gw_config_load.3", "gw_diag_add.3", "gw_option_at.3"}, names)

    def test_the_library_exports_nothing_but_its_own_names(self):
        out = subprocess.run(["nm", "-D", "--defined-only", str(self.dest / "usr/lib/libgateway.so.0")], capture_output=True,
                             text=True, check=True).stdout
        names = [line.split()[-1].split("@")[0] for line in out.splitlines() if " A " not in line]
        self.assertTrue(names)
        self.assertEqual([n for n in names if not n.startswith("gw_")], [])

    def test_the_library_neither_prints_nor_exits_nor_logs(self):
        """Of lib/config and what it needs: no call of stdio's streams, exit or syslog."""
        objects = [str(p) for d in ("config", "util") for p in (BUILD / "lib" / d).glob("*.o")]
        out = subprocess.run(["nm", "-u", *objects], capture_output=True, text=True, check=True).stdout
        used = {line.split()[-1].split("@")[0] for line in out.splitlines() if " U " in line}
        self.assertEqual(used & {"printf", "puts", "putchar", "stdout", "exit", "_exit", "syslog", "perror", "__printf_chk"}, set())


if __name__ == "__main__":
    unittest.main()
