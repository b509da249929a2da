"""Reloads of files that are no good: the service goes on as it was, and the log says where and why."""
import os
import re
import shutil
import signal
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import Gateway, until  # noqa: E402

ROOT = os.geteuid() == 0
NOBODY = 65534


class Reload(unittest.TestCase):
    """The daemon runs as nobody, when it can: so there are files that it may not read."""

    @classmethod
    def setUpClass(cls):
        nobody = {"run_as_user": NOBODY, "run_as_group": NOBODY} if ROOT else {}
        cls.gw = Gateway(log_level=4, shutdown_timeout=1, **nobody)
        cls.extra = cls.gw.folder / "extra.cfg"
        cls.extra.write_text("# extra\nimap_timeout = 1900\n")
        if ROOT:
            for path in (cls.gw.folder, cls.gw.cert, cls.gw.key):
                os.chown(path, NOBODY, NOBODY)
        cls.good = "".join("%s = %s\n" % kv for kv in cls.gw.options.items()) + "!include extra.cfg\n"
        cls.gw.write_config = lambda **kw: cls.gw.config.write_text(cls.good)
        cls.gw.start()
        cls.gw.add_user("anna", "x")
        cls.lines = cls.good.count("\n")

    @classmethod
    def tearDownClass(cls):
        status = cls.gw.stop()
        cls.gw.remove()
        assert status == 0, status

    def setUp(self):
        self.client = self.gw.imap("anna", "x")
        self.before = self.in_force()

    def tearDown(self):
        self.client.logout()
        config = self.gw.config
        if config.is_dir() and not config.is_symlink():
            os.rmdir(config)
        elif config.exists() or config.is_symlink():
            config.unlink()
        config.write_text(self.good)
        self.extra.unlink(missing_ok=True)
        self.extra.write_text("# extra\nimap_timeout = 1900\n")
        self.gw.gwctl("reload")

    def in_force(self):
        return self.gw.gwctl("--json", "config", "show").stdout

    def refused(self, place, *words, by_hand=True):
        """Both ways of asking change nothing and say so; place is what stands in front of the sentence."""
        seen = len(self.gw.log())
        p = self.gw.gwctl("reload", check=False)
        self.assertEqual(p.returncode, 1, p.stdout + p.stderr)
        self.assertRegex(p.stdout, place)
        self.assertIn("the old one stays in force", p.stderr)
        first = self.gw.log()[seen:]
        seen += len(first)
        self.gw.process.send_signal(signal.SIGHUP)
        self.assertTrue(until(lambda: "not reloaded: the old one stays in force" in self.gw.log()[seen:]))
        for log in (first, self.gw.log()[seen:]):
            self.assertRegex(log, place)
            for word in words:
                self.assertIn(word, log)
        self.goes_on()

    def goes_on(self):
        self.assertEqual(self.client.noop()[0], "OK")
        self.gw.imap("anna", "x", tls=True).logout()
        self.assertEqual(self.in_force(), self.before)
        self.assertIsNone(self.gw.process.poll())

    def append(self, text):
        with self.gw.config.open("ab") as f:
            f.write(text)

    def at(self, line, column, path=None):
        return re.escape("%s:%d:%d: " % (path or self.gw.config, line, column))

    def test_errors_of_names_and_values_are_all_told(self):
        self.append(b"imap_timeout = soon\nno_such_option = 1\n")
        self.refused(self.at(self.lines + 1, 16), "%s:%d:1: " % (self.gw.config, self.lines + 2), "imap_timeout",
                     "no_such_option")

    def test_options_that_contradict_each_other(self):
        self.append(b"pop3_port = %d\n" % self.gw.port["imap"])
        self.refused(re.escape(str(self.gw.config)), "GW1013")

    def test_an_include_that_was_never_there(self):
        self.append(b"!include gone.cfg\n")
        self.refused(self.at(self.lines + 1, 10), "gone.cfg")

    def test_an_include_that_was_removed(self):
        self.extra.unlink()
        self.refused(self.at(self.lines, 10), "extra.cfg")

    def test_an_error_in_an_include_has_its_chain(self):
        self.extra.write_text("\n\nimap_timeout = soon\n")
        self.refused(self.at(3, 16, self.extra), "included from %s:%d" % (self.gw.config, self.lines))

    def test_a_line_of_two_megabytes(self):
        self.append(b"imap_timeout = " + b"9" * (2 << 20) + b"\n")
        self.refused(re.escape("%s" % self.gw.config))
        self.assertLess(len(self.gw.log()), 1 << 20)

    def test_bytes_that_are_no_text(self):
        self.append(b"imap_timeout = 19\x0000\n")
        self.refused(re.escape("%s:%d:" % (self.gw.config, self.lines + 1)), "GW1008")

    def test_a_file_that_was_removed(self):
        self.gw.config.unlink()
        self.refused(re.escape(str(self.gw.config)), "No such file")

    def test_a_file_that_became_a_directory(self):
        self.gw.config.unlink()
        self.gw.config.mkdir()
        self.refused(re.escape(str(self.gw.config)), "GW1001")

    def test_a_file_that_became_a_fifo_is_not_waited_for(self):
        self.gw.config.unlink()
        os.mkfifo(self.gw.config)
        self.refused(re.escape(str(self.gw.config)), "GW1001")

    def test_a_file_that_names_itself(self):
        self.gw.config.unlink()
        self.gw.config.symlink_to(self.gw.config)
        self.refused(re.escape(str(self.gw.config)), "GW1001")

    def test_a_file_that_may_not_be_read(self):
        os.chmod(self.gw.config, 0)
        self.refused(re.escape(str(self.gw.config)), "Permission denied")

    def test_an_include_that_may_not_be_read(self):
        os.chmod(self.extra, 0)
        self.refused(self.at(self.lines, 10), "Permission denied")

    def test_a_file_that_was_emptied(self):
        self.gw.config.write_text("")
        self.refused("server_socket")

    def test_a_file_that_lost_its_certificates(self):
        self.gw.config.write_text("".join(line for line in self.good.splitlines(True) if not line.startswith("ssl_")))
        self.refused("ssl_certificate_file")

    def test_a_key_that_is_none(self):
        key = self.gw.folder / "kept.key"
        shutil.copy2(self.gw.key, key)
        self.gw.key.write_text("none")
        try:
            self.refused("ssl_private_key_file")
        finally:
            self.gw.key.write_bytes(key.read_bytes())

    def test_a_good_file_is_taken_after_bad_ones(self):
        self.append(b"imap_timeout = soon\n")
        self.refused(self.at(self.lines + 1, 16))
        self.gw.config.write_text(self.good + "imap_timeout = 2000\n")
        self.gw.gwctl("reload")
        self.assertIn('"name":"imap_timeout","value":"2000"', self.in_force())
        self.assertEqual(self.client.noop()[0], "OK")


if __name__ == "__main__":
    unittest.main()
