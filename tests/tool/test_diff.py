"""gwcfg diff and gwcfg plan --against: two files by meaning, without a daemon."""
import json
import unittest

from gwcfg import GOOD, Folder


class Diff(Folder):
    def pair(self, a, b):
        self.write("a.cfg", GOOD + a)
        self.write("b.cfg", GOOD + b)

    def diff(self, a, b, **kw):
        self.pair(a, b)
        return self.gwcfg("diff", "a.cfg", "b.cfg", **kw).stdout

    def json(self, a, b, *verb):
        self.pair(a, b)
        return json.loads(self.gwcfg(*(verb or ("diff", "a.cfg")), "b.cfg", "--json").stdout)

    def test_what_is_written_in_another_way_is_no_difference(self):
        self.assertEqual(self.diff("imap_timeout = 30m\nlog_level = 2\nimap_max_messagesize=128M\n",
                                   "# comment\n\nimap_max_messagesize = 134217728\nimap_timeout=1800\n"), "")

    def test_differences_have_values_places_and_class(self):
        self.assertEqual(self.diff("log_level = 3\nworker_threads = 2\n", "imap_timeout = 31m\nlog_level = 5\n"),
                         "worker_threads: counts after a restart\n    - 2  (a.cfg:4)\n    + 0  (default)\n"
                         "imap_timeout: counts for new sessions\n    - 1800  (default)\n    + 1860  (b.cfg:3)\n"
                         "log_level: counts at once\n    - 3  (a.cfg:3)\n    + 5  (b.cfg:4)\n")

    def test_the_place_is_in_the_file_that_is_included(self):
        self.write("c.cfg", "\nlog_level = 5\n")
        self.assertIn("+ 5  (%s:2)" % (self.folder / "c.cfg"), self.diff("", "!include c.cfg\n"))

    def test_listeners_are_a_set_whatever_the_dialect(self):
        self.assertEqual(self.diff("", "pop3_listen = *:110\npop3s_listen = *:995\nimap_listen = *:143\n"
                                       "imaps_listen = *:993\n").count("listeners"), 0)
        out = self.diff("imap_port = 1143\n", "imap_port = 2143\n")
        self.assertIn("listeners: move with a restart\n    - imap *:1143\n    + imap *:2143\n", out)
        self.assertNotIn("pop3", out)

    def test_services_that_follow_the_dialect_are_seen(self):
        moves = {(m["service"], m["move"]): m["listener"]
                 for m in self.json("", "imap_listen = *:143\n")["listeners"]}
        self.assertEqual(moves[("pop3", "removed")], "*:110")
        self.assertEqual(moves[("pop3", "added")], "*%lo:110")
        self.assertEqual(moves[("imap", "kept")], "*:143")

    def test_exit_codes(self):
        self.diff("log_level = 3\n", "", expect=0)
        self.gwcfg("diff", "--exit-code", "a.cfg", "b.cfg", expect=1)
        self.gwcfg("diff", "--exit-code", "a.cfg", "a.cfg", expect=0)
        self.gwcfg("diff", "a.cfg", "none.cfg", expect=66)
        for args in ([], ["a.cfg"], ["a.cfg", "b.cfg", "a.cfg"], ["--running", "a.cfg", "b.cfg"], ["-", "-"]):
            self.gwcfg("diff", *args, expect=64)

    def test_errors_of_both_files_are_told_in_one_run(self):
        self.write("a.cfg", "imap_timeout = soon\n")
        self.write("b.cfg", "\nlog_level = loud\n")
        p = self.gwcfg("diff", "a.cfg", "b.cfg", expect=1)
        self.assertEqual(p.stdout, "")
        self.assertIn("a.cfg:1:16: ", p.stderr)
        self.assertIn("b.cfg:2:13: ", p.stderr)

    def test_one_side_can_be_standard_input(self):
        self.write("a.cfg", GOOD)
        for args, sign in ((["a.cfg", "-"], "+"), (["-", "a.cfg"], "-")):
            out = self.gwcfg("diff", *args, input=GOOD + "log_level = 5\n").stdout
            self.assertIn("%s 5  (" % sign, out)

    def test_passwords_are_not_shown_but_that_they_differ_is(self):
        self.write("a.cfg", "server_socket = https://u:first@host/\n")
        self.write("b.cfg", "server_socket = https://u:second@host/\n")
        p = self.gwcfg("diff", "a.cfg", "b.cfg")
        self.assertNotIn("first", p.stdout)
        self.assertNotIn("second", p.stdout)
        self.assertIn("https://u:***@host/  (b.cfg:1) with another password", p.stdout)
        text = self.gwcfg("diff", "--json", "a.cfg", "b.cfg").stdout
        self.assertNotIn("second", text)
        self.assertTrue(json.loads(text)["changes"][0]["only_secrets_differ"])

    def test_versions_of_tls_that_follow_from_what_is_set_are_a_difference(self):
        older = "ssl_protocols = TLSv1.1 TLSv1.2\n"
        out = self.diff(older, older + "tls_min_proto = tls1.2\n")
        self.assertIn("tls_min_proto: counts for new sessions\n    - TLSv1.1 to the newest", out)

    def test_an_empty_value_is_nothing(self):
        self.assertIn("    - nothing  (default)\n    + /etc/ca.pem  (b.cfg:3)\n",
                      self.diff("", "ssl_verify_file = /etc/ca.pem\n"))

    def test_values_cannot_steer_the_terminal(self):
        out = self.diff("", "server_hostname = a\x1b[31mb\n")
        self.assertNotIn("\x1b", out)

    # ---- plan --against ----
    def test_a_plan_between_files_needs_no_daemon(self):
        self.pair("", "log_level = 5\nimap_timeout = 31m\nimap_port = 1143\nssl_certificates = /a:/b\n")
        out = self.gwcfg("plan", "--against", "a.cfg", "b.cfg").stdout
        order = ["Compared with a.cfg, b.cfg changes:", "At once, by a reload", "log_level",
                 "For new sessions", "imap_timeout",
                 "By a restart only:", "imap_port", "Listeners", "= pop3 *:110", "- imap *:143", "+ imap *:1143",
                 "Certificates", "+ /a with the key /b"]
        places = [out.find(o) for o in order]
        self.assertNotIn(-1, places, out)
        self.assertEqual(places, sorted(places), out)
        self.assertNotIn("session ", out)

    def test_a_plan_of_nothing_says_so(self):
        self.pair("", "imap_port = 143\n")
        self.assertEqual(self.gwcfg("plan", "--against", "a.cfg", "b.cfg").stdout,
                         "Compared with a.cfg, b.cfg changes nothing.\n")

    def test_counts_of_a_plan_are_the_changes_by_class(self):
        plan = self.json("", "log_level = 5\nimap_timeout = 31m\npop3_timeout = 700\nimap_port = 1143\n",
                         "plan", "--against", "a.cfg")
        self.assertEqual((plan["live"], plan["next"], plan["restart"], plan["refused"]), (1, 2, 1, False))
        self.assertNotIn("running", plan)

    def test_a_plan_refuses_what_a_reload_would(self):
        self.write("a.cfg", GOOD)
        self.write("b.cfg", "server_socket = nosuch:/x\n")
        self.gwcfg("plan", "--against", "a.cfg", "b.cfg", expect=1)
        self.gwcfg("plan", "--against", "none.cfg", "a.cfg", expect=66)
        self.gwcfg("plan", "--against", "a.cfg", "--socket", "x", "a.cfg", expect=64)

    def test_the_same_input_gives_the_same_bytes(self):
        self.pair("log_level = 3\n", "imap_port = 1143\nimap_timeout = 31m\n")
        for args in (["diff", "a.cfg", "b.cfg"], ["diff", "-j", "a.cfg", "b.cfg"],
                     ["plan", "--against", "a.cfg", "b.cfg"]):
            self.assertEqual(self.gwcfg(*args).stdout, self.gwcfg(*args).stdout)


if __name__ == "__main__":
    unittest.main()
