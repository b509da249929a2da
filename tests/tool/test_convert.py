"""gwcfg convert: the verb around lib/convert, with files on disk."""
import json
import os
import shutil
import subprocess
import unittest

from gwcfg import Folder

CYR_INFO = "/usr/lib/cyrus/bin/cyr_info"
DOVECOT = """protocols = imap
ssl_cert = </etc/ssl/cert.pem
ssl_key = </etc/ssl/key.pem
mail_location = maildir:~/Maildir
!include_try conf.d/*.conf
"""


class Convert(Folder):
    def convert(self, server, *args, **kw):
        return self.gwcfg("convert", "--from", server, *args, **kw)

    def test_the_new_file_passes_the_check_without_a_word(self):
        self.write("dovecot.conf", DOVECOT)
        self.write("new.cfg", self.convert("dovecot", "dovecot.conf").stdout)
        p = self.gwcfg("check", "-W", "error", "new.cfg")
        self.assertEqual(p.stdout, "new.cfg: nothing wrong\n")

    def test_the_report_is_on_standard_error_with_lines_and_hints(self):
        self.write("dovecot.conf", DOVECOT)
        p = self.convert("dovecot", "dovecot.conf")
        self.assertIn('dovecot.conf:4:17: warning: "mail_location" is not carried', p.stderr)
        self.assertIn("    4 | mail_location = maildir:~/Maildir", p.stderr)
        self.assertIn("= hint: bring the mail over IMAP", p.stderr)
        self.assertNotIn("warning", p.stdout)

    def test_patterns_and_directories_are_read(self):
        self.write("dovecot.conf", DOVECOT)
        (self.folder / "conf.d").mkdir()
        self.write("conf.d/20.conf", "log_path = /var/log/b\n")
        self.write("conf.d/10.conf", "log_path = /var/log/a\n")
        self.assertIn("\nlog_file = /var/log/b\n", self.convert("dovecot", str(self.folder)).stdout)

    def test_a_report_as_json_into_a_file(self):
        self.write("imapd.conf", "servername: imap.example.net\nwhat: 1\n")
        p = self.convert("cyrus", "imapd.conf", "--json", "--report", "lost.json")
        self.assertEqual(p.stderr, "")
        self.assertIn("server_hostname = imap.example.net\n", p.stdout)
        report = json.loads((self.folder / "lost.json").read_text())
        self.assertEqual(report["errors"], 0)
        self.assertIn(("GW4003", 2), [(f["code"], f["line"]) for f in report["findings"]])

    def test_standard_input(self):
        p = self.convert("dovecot", "-", input=DOVECOT)
        self.assertIn("imaps_listen = *:993\n", p.stdout)
        self.assertIn("(standard input):4:17: ", p.stderr)

    def test_the_tree_of_another_machine(self):
        (self.folder / "root/etc/courier").mkdir(parents=True)
        self.write("root/etc/courier/imapd", "IMAPDSTART=YES\nPORT=1143\n")
        p = self.convert("courier", "--root", str(self.folder / "root"), "/etc/courier")
        self.assertIn("# /etc/courier/imapd:2\nimap_listen = *:1143\n", p.stdout)

    def test_exit_codes(self):
        self.write("wrong.conf", "this is no configuration\n")
        p = self.convert("dovecot", "wrong.conf", expect=1)
        self.assertEqual(p.stdout, "")
        self.assertIn("[GW1401]", p.stderr)
        for server in ("kopano", "dovecot", "courier", "cyrus"):
            self.convert(server, "none", expect=66)
        self.convert("exchange", "wrong.conf", expect=64)
        self.gwcfg("convert", "wrong.conf", expect=64)
        self.convert("kopano", expect=64)
        self.write("g.cfg", "server_socket = local:/m\n")
        self.convert("kopano", "g.cfg", "--report", "/nowhere/x", expect=74)

    @unittest.skipIf(os.geteuid() == 0, "root may read everything")
    def test_a_file_that_may_not_be_read(self):
        self.write("g.cfg", "")
        (self.folder / "g.cfg").chmod(0)
        self.convert("kopano", "g.cfg", expect=77)

    @unittest.skipUnless(shutil.which("doveconf"), "needs Dovecot")
    def test_what_doveconf_says_is_understood_whole(self):
        """Every setting of a real Dovecot is known; the passwords of its defaults are in no report."""
        text = subprocess.run(["doveconf", "-d", "-P"], capture_output=True, text=True, check=False).stdout
        self.assertIn("protocols", text)
        p = self.convert("dovecot", "-", input=text.replace("protocols =", "protocols = imap #"))
        self.assertNotIn("GW4003", p.stderr)

    @unittest.skipUnless(os.path.exists(CYR_INFO), "needs Cyrus")
    def test_what_cyr_info_says_is_understood_whole(self):
        text = subprocess.run([CYR_INFO, "conf-all"], capture_output=True, text=True, check=False).stdout
        self.assertIn("allowplaintext", text)
        self.assertNotIn("GW4003", self.convert("cyrus", "-", "--as", "/nowhere/imapd.conf", input=text).stderr)


if __name__ == "__main__":
    unittest.main()
