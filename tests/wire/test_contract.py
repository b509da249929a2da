"""The contract: what a gateway.cfg of kopano-gateway 8.0 to 11.0 means. Most rows are tests in tests/unit/config; here is
what the daemon itself does, and that no row is without a test."""
import json
import os
import re
import signal
import subprocess
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import ROOT, Gateway  # noqa: E402

ROWS = ROOT / "tests/fixtures/contract.txt"


class Completeness(unittest.TestCase):
    """contract.txt names the rows; a test of row 1.2.23 is called contract_1_2_23_and_what_it_shows."""

    def rows(self):
        """{number: subject} in the order of the file, and {table: rows}."""
        rows, tables = {}, {}
        for line in ROWS.read_text().splitlines():
            if not line or line.startswith("#"):
                continue
            number, subject = line.split(" ", 1)
            if number == "table":
                table, n, _ = subject.split(" ", 2)
                tables[table] = int(n)
            else:
                self.assertNotIn(number, rows)
                rows[number] = subject
        return rows, tables

    def names_of_tests(self):
        """[(number, name)] of the tests that can run: a unit test must be in its case, too."""
        found = []
        for path in sorted((ROOT / "tests/unit/config").glob("test_contract_*.c")):
            text = path.read_text()
            names = re.findall(r"^START_TEST\((contract_\w+)\)$", text, re.M)
            for name in names:
                self.assertRegex(text, r"tcase_add_(loop_)?test\(tc, %s\b" % name)
            found += names
        found += re.findall(r"^    def test_(contract_\w+)\(self\)", Path(__file__).read_text(), re.M)
        return [(".".join(re.match(r"contract((?:_\d+)+)_", name).group(1).split("_")[1:]), name) for name in found]

    def test_every_row_has_one_test_and_every_test_a_row(self):
        rows, _ = self.rows()
        numbers = [number for number, _ in self.names_of_tests()]
        self.assertEqual(sorted(numbers), sorted(set(numbers)), "two tests of one number")
        self.assertEqual(sorted(set(rows) - set(numbers)), [], "rows without a test")
        self.assertEqual(sorted(set(numbers) - set(rows)), [], "tests without a row")

    def test_the_rows_of_a_table_are_counted(self):
        rows, tables = self.rows()
        expected = ["%s.%d" % (table, i) for table, n in tables.items() for i in range(1, n + 1)]
        self.assertEqual(list(rows), expected)

    def test_the_test_of_an_option_names_it(self):
        rows, _ = self.rows()
        for number, name in self.names_of_tests():
            if re.fullmatch(r"[a-z0-9]+_\w+", rows.get(number, "")):
                self.assertIn(rows[number], name)


def run(gw, *args):
    """Start the daemon that must not come up, or only says something: its end."""
    return subprocess.run([str(gw.build / "gatewayd"), "-F", "-c", str(gw.config), *args], capture_output=True, text=True,
                          timeout=60)


class Reporting(unittest.TestCase):
    def gateway(self, **options):
        gw = Gateway(**options)
        self.addCleanup(gw.remove)
        self.addCleanup(gw.stop)
        return gw

    def append(self, gw, text):
        with open(gw.config, "a") as f:
            f.write(text)

    def test_contract_3_9_1_a_failed_load_tells_all_on_stderr_and_ends_with_1(self):
        gw = self.gateway()
        gw.write_config()
        self.append(gw, "what = 1\nimap_store_rfc822 = yes\nimap_port = x\n")
        p = run(gw)
        lines = p.stderr.splitlines()
        self.assertEqual((p.returncode, p.stdout), (1, ""))
        self.assertTrue(lines[0].startswith("[warning] Config warning: "), p.stderr)  # warnings first, no time in front
        self.assertEqual([line[:24] for line in lines[1:3]], ["[crit   ] Config error: "] * 2)
        self.assertRegex(lines[-1], r"^\[crit   \] Start failed: ")
        self.assertFalse((gw.folder / "gateway.log").exists())

    def test_contract_3_9_2_warnings_of_a_good_load_go_to_the_log(self):
        gw = self.gateway(imap_store_rfc822="yes")
        gw.start()
        deadline = time.monotonic() + 60
        while "is ready" not in gw.log() and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertRegex(gw.log(), r"\[warning\] Config warning: .*imap_store_rfc822")
        self.assertNotIn("imap_store_rfc822", (gw.folder / "stderr").read_text())

    def test_errors_of_names_and_values_can_be_ignored_but_not_those_of_files(self):
        gw = self.gateway(what="1", imap_max_messagesize="lots")
        gw.write_config()
        p = run(gw, "--ignore-unknown-config-options", "--dump-config")
        self.assertEqual(p.returncode, 0, p.stderr)
        self.assertIn("# imap_max_messagesize = 128M\n", p.stdout)
        self.assertIn('unknown option "what"', p.stderr)
        self.append(gw, "!include nope.cfg\n")
        self.assertEqual(run(gw, "--ignore-unknown-config-options", "--dump-config").returncode, 1)


class Reload(unittest.TestCase):
    """One daemon with an option on its command line, and SIGHUP."""
    @classmethod
    def setUpClass(cls):
        cls.gw = Gateway(imap_timeout="31m", imap_max_fail_commands="3", max_line="32k")
        cls.gw.write_config()
        cls.process = subprocess.Popen([str(cls.gw.build / "gatewayd"), "-F", "-c", str(cls.gw.config), "--max-line=16k"],
                                       stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while not os.path.exists(cls.gw.options["control_socket"]) and time.monotonic() < deadline:
            time.sleep(0.01)

    @classmethod
    def tearDownClass(cls):
        cls.process.terminate()
        cls.process.wait(60)
        cls.gw.remove()

    def hup(self, text):
        """Send SIGHUP and wait until the log says text: what it says."""
        before = len(self.gw.log())
        self.process.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + 60
        while not re.search(text, self.gw.log()[before:]) and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertRegex(self.gw.log()[before:], text)
        return self.gw.log()[before:]

    def value(self, name):
        rows = [json.loads(line) for line in self.gw.gwctl("-j", "config", "show").stdout.splitlines()]
        return next(row["value"] for row in rows if row.get("name") == name)

    def test_contract_3_10_1_a_main_file_that_cannot_be_opened_changes_nothing(self):
        away = self.gw.folder / "away.cfg"
        self.gw.config.rename(away)
        try:
            self.hup(r"cannot read .*gateway\.cfg")
        finally:
            away.rename(self.gw.config)
        self.assertEqual(self.value("imap_max_fail_commands"), "3")
        self.assertIsNone(self.process.poll())

    def test_lines_that_are_taken_out_bring_the_default_back_and_the_command_line_stays(self):
        self.assertEqual((self.value("imap_timeout"), self.value("max_line")), ("1860", "16K"))
        taken = {name: self.gw.options.pop(name) for name in ("imap_timeout", "max_line")}
        self.gw.write_config()
        self.hup("imap_timeout")
        self.assertEqual((self.value("imap_timeout"), self.value("max_line")), ("1800", "16K"))
        self.gw.write_config(**taken)
        self.hup("imap_timeout")
        self.assertEqual((self.value("imap_timeout"), self.value("max_line")), ("1860", "16K"))

    def test_a_file_with_errors_changes_nothing(self):
        self.gw.write_config(imap_max_fail_commands="7", what="1")
        self.hup("unknown option")
        self.assertEqual(self.value("imap_max_fail_commands"), "3")
        del self.gw.options["what"]
        self.gw.write_config(imap_max_fail_commands="3")


if __name__ == "__main__":
    unittest.main()
