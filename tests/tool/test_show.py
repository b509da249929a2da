"""gwcfg expand, dump, get, explain, since and list, as programs are run: what they print, where secrets go, exit codes.
The properties of expand are looked at over files that a seeded generator makes."""
import json
import os
import random
import re
import subprocess
import unittest

from gwcfg import BUILD, Folder

GWCFG = str(BUILD / "gwcfg")
ENV = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "KOPANO_CONFIG_PATH": "/nonexistent"}


class Tool(Folder):
    """Runs of gwcfg with bytes, and with the environment of a test."""

    def run_tool(self, *args, code=0, stdin=b"", **env):
        p = subprocess.run([GWCFG, *map(str, args)], cwd=self.folder, env=dict(ENV, **env), input=stdin,
                           capture_output=True, timeout=30)
        self.assertEqual(p.returncode, code, (args, p.stdout[-2000:], p.stderr[-2000:]))
        self.stderr = p.stderr.decode()
        return p.stdout

    def text(self, *args, **kw):
        return self.run_tool(*args, **kw).decode()

    def json(self, *args, **kw):
        return json.loads(self.run_tool(*args, **kw))


class Expand(Tool):
    def test_includes_are_in_place_and_idle_lines_are_comments(self):
        self.write("a.cfg", "# top\n!include sub/b.cfg\nnonsense\nimap_store_rfc822 = yes\nlog_level = 5\n")
        self.write("sub/b.cfg", "  imap_port =\t1143  \r\n!include ../a.cfg\n!if x\n")
        self.assertEqual(self.text("expand", "a.cfg"),
                         "# top\n# !include sub/b.cfg\n# ---- %s/sub/b.cfg:1 ----\n  imap_port =\t1143  \n"
                         "# !include ../a.cfg\n# !if x\n# ---- a.cfg:3 ----\n# nonsense\n# imap_store_rfc822 = yes\nlog_level = 5\n"
                         % self.folder)
        self.assertEqual(self.text("expand", "-n", "a.cfg"), "  imap_port =\t1143  \nlog_level = 5\n")

    def test_sizes_and_times_have_the_form_that_is_asked_for(self):
        self.write("a.cfg", "imap_max_messagesize = 131072 kB\nimap_timeout=1800\nmax_line = 65537\nimap_port = 0x8f\n")
        self.assertEqual(self.text("expand", "--sizes=human", "a.cfg"),
                         "imap_max_messagesize = 128M\nimap_timeout=30m\nmax_line = 65537\nimap_port = 0x8f\n")
        self.assertEqual(self.text("expand", "--sizes=bytes", "a.cfg"),
                         "imap_max_messagesize = 134217728\nimap_timeout=1800\nmax_line = 65537\nimap_port = 0x8f\n")
        self.run_tool("expand", "--sizes=big", "a.cfg", code=64)

    def test_the_environment_is_put_in_place_but_not_its_secrets(self):
        self.write("a.cfg", "imap_port = $P\nserver_hostname = $DB_PASSWORD\npublic_account = $NOBODY\n"
                            "run_as_user = $DOLLAR\nrun_as_group = $LINES\n")
        env = {"P": " 1143 ", "DB_PASSWORD": "hush", "DOLLAR": "$P", "LINES": "a\nb"}
        rest = "public_account = $NOBODY\nrun_as_user = $DOLLAR\nrun_as_group = $LINES\n"
        self.assertEqual(self.text("expand", "a.cfg", **env), "imap_port = 1143\nserver_hostname = $DB_PASSWORD\n" + rest)
        self.assertEqual(self.text("expand", "--env=all", "a.cfg", **env),
                         "imap_port = 1143\nserver_hostname = hush\n" + rest)
        self.assertEqual(self.text("expand", "--env=keep", "a.cfg", **env),
                         "imap_port = $P\nserver_hostname = $DB_PASSWORD\n" + rest)
        self.assertNotIn("hush", self.text("expand", "--env=all", "--mask", "a.cfg", **env))

    def test_secrets_of_urls_are_masked_in_comments_too(self):
        self.write("a.cfg", "# server_socket = https://a:secret1@h/\nserver_socket = http://a:secret2@h/\nhttps://a:secret3@h/\n")
        self.assertEqual(self.text("expand", "--mask", "a.cfg"),
                         "# server_socket = https://a:***@h/\nserver_socket = http://a:***@h/\n# https://a:***@h/\n")

    def test_changed_lines_are_those_that_count_and_are_no_default(self):
        self.write("a.cfg", "# c\nimap_port = 1\nmax_connections = 10000\nlog_level=5\nimap_port = 1143\nlog_level = 2\n")
        self.assertEqual(self.text("expand", "--changed", "a.cfg"), "imap_port = 1143\n")

    def test_a_default_that_is_written_out_stays_where_that_means_something(self):
        self.write("a.cfg", "log_method = auto\nlog_file = /var/log/kopano/gateway.log\nlog_level = 2\nimap_port = 143\n")
        self.assertEqual(self.text("expand", "-c", "a.cfg"),
                         "log_method = auto\nlog_file = /var/log/kopano/gateway.log\nimap_port = 143\n")

    def test_limits_that_are_written_out_stay_what_they_are(self):
        self.write("a.cfg", "max_connections_per_address = 100\nmax_connections = 50\n")
        for verb in ("expand", "dump"):
            self.write("b.cfg", self.run_tool(verb, "-c", "a.cfg"))
            self.assertEqual(self.text("get", "-c", "b.cfg", "max_connections_per_address"), "100\n")

    def test_overrides_are_lines_at_the_end(self):
        self.write("a.cfg", "imap_port = 1\n")
        self.assertEqual(self.text("expand", "-o", "imap-port=1143", "-o", "run_as_user=$U", "a.cfg", U="joe"),
                         "imap_port = 1\nrun_as_user = joe\nimap_port = 1143\n".replace(
                             "run_as_user = joe\nimap_port = 1143\n", "imap_port = 1143\nrun_as_user = joe\n"))
        self.run_tool("expand", "-o", "run_as_user=a\nb", "a.cfg", code=1)

    def test_nothing_is_printed_when_there_are_errors(self):
        self.write("a.cfg", "imap_port = 1143\nimap_prot = 1\n")
        self.assertEqual(self.text("expand", "a.cfg", code=1), "")
        self.assertIn("did you mean imap_port?", self.stderr)
        self.assertEqual(self.text("expand", "-i", "a.cfg"), "imap_port = 1143\n# imap_prot = 1\n")
        self.assertEqual(self.text("expand", "nowhere.cfg", code=66), "")
        self.assertEqual(self.text("expand", "--json", "a.cfg", code=1), "")

    def test_json_has_each_line_in_the_order_of_reading(self):
        self.write("a.cfg", "imap_port = 1\n!include b.cfg\nimap_max_messagesize = 1m\n")
        self.write("b.cfg", "#\nimap_port = $P\n")
        b = str(self.folder / "b.cfg")
        self.assertEqual(self.json("expand", "-j", "-s", "bytes", "a.cfg", P="1143"), [
            {"file": "a.cfg", "line": 1, "name": "imap_port", "value": "1"},
            {"file": b, "line": 2, "name": "imap_port", "value": "1143"},
            {"file": "a.cfg", "line": 3, "name": "imap_max_messagesize", "value": "1048576"}])

    def test_standard_input(self):
        self.assertEqual(self.text("expand", "-", stdin=b"imap_port = 1143"), "imap_port = 1143\n")


# ---- files by chance ----

VARIABLES = {"SIZE": " 16M ", "EMPTY": "", "PORT": "1143", "SECRET_NAME": "x", "LOOP": "$PORT", "LINE": "a\nb", "YES": "yes"}


class Generator:
    """Files that load, in every shape a line can have."""

    def __init__(self, seed):
        self.r = random.Random(seed)

    def value(self, name):
        r = self.r
        if name.endswith("_timeout"):
            return r.choice(["1800", "30m", "1h", "1d", "0600", "900s"])
        if name in ("imap_max_messagesize", "mail_quota", "log_buffer_size"):
            return r.choice(["1m", "128M", "65536", "16 kB", "$SIZE", "1048576"])
        if name.endswith("_port"):
            return r.choice(["1%03d" % r.randrange(1000), "0x%x" % r.randrange(1024, 9999), "$PORT"])
        if name.endswith("_listen"):
            return r.choice(["", "*%%lo:%d" % r.randrange(1, 9999), "127.0.0.1:%d  [::1]:%d" % (r.randrange(1, 9), r.randrange(10, 99))])
        if name in ("imap_public_folders", "server_hostname_greeting", "bypass_auth"):
            return r.choice(["yes", "no", "On", "0", "", "$YES", "$EMPTY"])
        if name == "server_socket":
            return r.choice(["http://joe:pw@host:236/", "local:/x", "default:", "https://h/?password=a&b=c"])
        return r.choice(["", "x", "ä ö", "$SECRET_NAME", "$LOOP", "$LINE", "$NOT_SET", "a # b", '"q"', "x" * 1500, "\x1b[m"])

    def line(self):
        r = self.r
        kind = r.randrange(10)
        if kind < 6:
            name = r.choice(["imap_port", "pop3_port", "imap_timeout", "login_timeout", "imap_max_messagesize", "log_buffer_size",
                             "server_hostname", "run_as_user", "public_account", "imap_public_folders", "imap_listen",
                             "server_hostname_greeting", "bypass_auth", "server_socket", "mail_quota", "imap_store_rfc822"])
            return "%s%s%s=%s%s%s" % (r.choice(["", "", " ", "\t"]), name, r.choice(["", " ", "\t"]), r.choice(["", " ", " \t"]),
                                      self.value(name), r.choice(["", "", " ", "\r", "\r\r"]))
        return r.choice(["", "   ", "\t\r", "# comment", "#", "  # indented \r", "nonsense", "!if x", " !include y", "= 5",
                         "# url http://u:pw@h/", "\ufeff", "\x01\x7f", "[gateway]", "# \x1b]0;x\x07"])

    def file(self, includes):
        lines = [self.line() for _ in range(self.r.randrange(12))]
        for name in includes:
            lines.insert(self.r.randrange(len(lines) + 1), "!include " + name)
        end = self.r.choice(["\n", "\r\n"])
        text = end.join(lines) + self.r.choice(["", end])
        return self.r.choice(["", "", "\ufeff"]) + text


class Properties(Tool):
    ROUNDS = 40

    def snapshot(self, name, *flags):
        values = self.json("dump", "--json", *flags, name, **VARIABLES)
        derived = self.text("get", "-c", name, *flags, "imap.listen", "pop3.listen", "services", "tls.min", **VARIABLES)
        return {k: v["value"] for k, v in values.items()}, derived

    def make(self, seed):
        g = Generator(seed)
        self.write("c.cfg", g.file(["a.cfg"]))
        self.write("b.cfg", g.file(["c.cfg", "c.cfg"]))
        self.write("a.cfg", g.file(["b.cfg", "c.cfg"]))
        # only files that load are of interest: -i forgives what chance makes wrong
        return subprocess.run([GWCFG, "dump", "-i", "a.cfg"], cwd=self.folder, env=dict(ENV, **VARIABLES),
                              capture_output=True).returncode == 0

    def test_expanding_again_changes_nothing_and_the_meaning_stays(self):
        loaded = 0
        modes = [[], ["-n"], ["-s", "human"], ["-s", "bytes", "-e", "all"], ["-e", "keep"], ["-c"], ["-c", "-s", "human", "-e", "all"]]
        for seed in range(self.ROUNDS):
            if not self.make(seed):
                continue
            loaded += 1
            meaning = self.snapshot("a.cfg", "-i")
            for mode in random.Random(seed).sample(modes, 2):
                with self.subTest(seed=seed, mode=mode):
                    once = self.run_tool("expand", "-i", *mode, "a.cfg", **VARIABLES)
                    self.write("once.cfg", once)
                    self.assertNotIn(b"\n!include", b"\n" + once)
                    # what had no effect is gone, so nothing needs to be forgiven any more
                    self.assertEqual(self.run_tool("expand", *mode, "once.cfg", **VARIABLES), once)
                    self.assertEqual(self.snapshot("once.cfg"), meaning)
        self.assertGreater(loaded, self.ROUNDS // 3)

    def test_a_masked_result_has_no_secret_and_stays_as_it_is(self):
        for seed in range(200, 220):
            if not self.make(seed):
                continue
            once = self.run_tool("expand", "-i", "-m", "a.cfg", **VARIABLES)
            self.assertNotIn(b"pw@", once)
            self.assertNotIn(b"password=a", once)
            self.write("once.cfg", once)
            self.assertEqual(self.run_tool("expand", "-m", "once.cfg", **VARIABLES), once)


class Dump(Tool):
    def setUp(self):
        super().setUp()
        self.write("a.cfg", "imap_port = 1\n!include b.cfg\nserver_socket = http://joe:geheim@host/\nlog_level = 2\n")
        self.write("b.cfg", "imap_port = 2\nimap_port = $PORT\nserver_hostname = $MY_TOKEN\nserver_hostname = $MY_TOKEN\n")
        self.b = str(self.folder / "b.cfg")
        self.env = {"PORT": "1143", "MY_TOKEN": "hush"}

    def test_lines_read_back_as_the_same(self):
        text = self.text("dump", "a.cfg", **self.env)
        self.assertEqual(text.splitlines(), sorted(text.splitlines(), key=lambda l: l.lstrip("# ")))
        self.assertIn("# log_level = 2\n", text)
        self.write("again.cfg", text)
        self.assertEqual(self.text("dump", "again.cfg"), text)
        self.assertEqual(self.text("dump", "-c", "a.cfg", **self.env),
                         "imap_port = 1143\nserver_hostname = hush\nserver_socket = http://joe:geheim@host/\n")

    def test_filters(self):
        every, changed, defaults = (self.text("dump", f, "a.cfg", **self.env).splitlines() for f in ("-a", "-c", "-d"))
        self.assertEqual(sorted(every), sorted(changed + defaults))
        reloadable = self.text("dump", "-r", "a.cfg", **self.env)
        self.assertIn("log_level", reloadable)
        self.assertNotIn("imap_port", reloadable)
        self.run_tool("dump", "-c", "-d", "a.cfg", code=64)

    def test_the_table_tells_how_a_value_came_to_be_and_hides_secrets(self):
        text = self.text("dump", "--origin", "-c", "a.cfg", **self.env)
        lines = text.splitlines()
        self.assertEqual(lines[0].split(), ["imap_port", "1143", self.b + ":2:13"])
        self.assertEqual([l.strip() for l in lines[1:5]],
                         ["included from a.cfg:2", "from the environment variable PORT", "instead of 2 in %s:1:13" % self.b,
                          "instead of 1 in a.cfg:1:13"])
        self.assertEqual(lines[5].split(), ["server_hostname", "***", self.b + ":4:19"])
        self.assertIn("instead of *** in %s:3:19" % self.b, text)
        self.assertEqual(lines[-1].split(), ["server_socket", "http://joe:***@host/", "a.cfg:3:17"])
        self.assertEqual(len({l.index(l.split()[2]) for l in (lines[0], lines[5], lines[-1])}), 1)  # aligned
        self.assertNotRegex(text, "hush|geheim")

    def test_json_has_all_of_it(self):
        d = self.json("dump", "--json", "a.cfg", **self.env)
        self.assertEqual(d["imap_port"], {
            "value": "1143", "default": "143", "changed": True, "file": self.b, "line": 2, "column": 13, "reload": "restart",
            "secret": False, "included_from": [{"file": "a.cfg", "line": 2, "column": 0}], "variable": "PORT",
            "overrode": [{"value": "2", "file": self.b, "line": 1, "column": 13},
                         {"value": "1", "file": "a.cfg", "line": 1, "column": 13}], "overrode_count": 2})
        self.assertEqual(d["pop3_port"]["file"], None)
        self.assertEqual(d["server_socket"]["value"], "http://joe:geheim@host/")
        self.assertTrue(d["server_socket"]["secret"] and d["server_hostname"]["secret"])
        self.assertNotRegex(json.dumps(self.json("dump", "--json", "--mask", "a.cfg", **self.env)), "hush|geheim")
        self.assertNotRegex(self.text("dump", "--mask", "a.cfg", **self.env), "hush|geheim")

    def test_many_assignments_are_counted(self):
        self.write("many.cfg", "imap_port = 1143\n" * 5000)
        d = self.json("dump", "-j", "-c", "many.cfg")["imap_port"]
        self.assertEqual(d["overrode_count"], 4999)
        self.assertLess(len(d["overrode"]), 100)
        self.assertIn("earlier assignments", self.text("dump", "-c", "--origin", "many.cfg"))


class Get(Tool):
    def setUp(self):
        super().setUp()
        self.write("a.cfg", "imap_port = 1143\ndisable_plaintext_auth = yes\nauth_mechanisms = PLAIN SCRAM-SHA-256 EXTERNAL\n"
                            "server_socket = http://joe:geheim@host/\nlog_file = -\npop3s_enable = no\n")

    def get(self, *args, **kw):
        return self.text("get", "-c", "a.cfg", *args, **kw)

    def test_values(self):
        self.assertEqual(self.get("imap_port"), "1143\n")
        self.assertEqual(self.get("pop3_port"), "110\n")
        self.assertEqual(self.get("server_hostname"), "\n")
        self.assertEqual(self.get("-v", "imap_port"), "imap_port = 1143\n")
        self.assertEqual(self.get("imap_port", "server_hostname"), "imap_port = 1143\nserver_hostname =\n")
        self.assertEqual(self.get("imap.listen", "tls.min", "services"),
                         "imap.listen = *:1143\ntls.min = tls1.2\nservices = pop3 imap imaps\n")
        self.assertEqual(self.get("server_socket"), "http://joe:geheim@host/\n")
        self.assertEqual(self.get("-m", "server_socket"), "http://joe:***@host/\n")
        self.assertEqual(self.get("-o", "imap-port=5", "imap_port"), "5\n")

    def test_names_that_have_no_value(self):
        self.assertEqual(self.get("imap_prot", "imap_port", code=1), "imap_port = 1143\n")
        self.assertIn("did you mean imap_port?", self.stderr)
        self.assertEqual(self.get("imap_store_rfc822", code=1), "")
        self.run_tool("get", code=64)
        self.text("get", "-c", "nowhere.cfg", "imap_port", code=66)

    def test_what_a_client_meets(self):
        self.write("a.cfg", "imap_port = 1143\ndisable_plaintext_auth = yes\nserver_socket = local:/x\n"
                            "auth_mechanisms = PLAIN SCRAM-SHA-256 EXTERNAL\n")
        for fact, mechanisms, refused in (("listener=imap,address=192.0.2.1", "SCRAM-SHA-256", "yes"),
                                          ("listener=imap,address=127.0.0.2", "PLAIN SCRAM-SHA-256", "no"),
                                          ("listener=imap,address=::ffff:127.0.0.1", "PLAIN SCRAM-SHA-256", "no"),
                                          ("listener=imap,address=::1", "PLAIN SCRAM-SHA-256", "no"),
                                          ("listener=imap,address=unix", "PLAIN SCRAM-SHA-256", "no"),
                                          ("listener=*:1143,tls=yes", "PLAIN SCRAM-SHA-256", "no"),
                                          ("listener=imaps,certificate=yes", "PLAIN SCRAM-SHA-256", "no")):
            with self.subTest(fact):
                self.assertEqual(self.get("-f", fact, "auth_mechanisms", "disable_plaintext_auth"),
                                 "auth_mechanisms = %s\ndisable_plaintext_auth = %s\n" % (mechanisms, refused))
        self.assertIn("EXTERNAL: no client is asked", self.get("-w", "-f", "listener=imaps", "auth_mechanisms"))
        self.assertEqual(self.get("-f", "address=127.0.0.1", "max_connections_per_address"), "0\n")
        self.assertEqual(self.get("-f", "address=192.0.2.1", "max_connections_per_address"), "100\n")

    def test_what_a_client_does_not_meet_is_told(self):
        self.assertEqual(self.get("-f", "listener=pop3", "imap_timeout", code=1), "")
        self.assertIn("imap_timeout has nothing to do with pop3", self.stderr)
        self.assertEqual(self.get("-f", "user=joe", "login_timeout", "imap_timeout", code=1), "imap_timeout = 1800\n")
        self.assertEqual(self.get("-f", "user=", "login_timeout"), "60\n")
        self.assertEqual(self.get("-f", "listener=pop3s", "pop3_timeout"), "600\n")
        self.assertIn("pop3s is off", self.stderr)
        self.assertEqual(self.get("-o", "imap-listen=*%lo:143", "-f", "listener=imap,address=192.0.2.1", "log_level"), "2\n")
        self.assertIn("imap listens for this machine only", self.stderr)
        d = json.loads(self.get("-j", "-f", "listener=pop3", "imap_timeout", "pop3_timeout"))
        self.assertEqual((d["imap_timeout"]["value"], d["imap_timeout"]["counts"]), (None, False))
        self.assertEqual(d["imap_timeout"]["configured"], "1800")
        self.assertIn("nothing to do with", d["imap_timeout"]["reason"])
        self.assertEqual((d["pop3_timeout"]["value"], d["pop3_timeout"]["reason"]), ("600", None))

    def test_facts_that_are_none(self):
        for fact in ("listener=smtp", "address=localhost", "tls=maybe", "colour=red", "listener", ""):
            with self.subTest(fact):
                if fact:
                    self.get("-f", fact, "imap_port", code=64)


class Explain(Tool):
    def test_an_option(self):
        self.write("a.cfg", "process_model = fork\n")
        text = self.text("explain", "-c", "a.cfg", "process_model")
        for part in ("process_model - ", "type     word: one of thread, fork", "default  thread", "example  process_model = fork",
                     "reload   restart", "group    Process", "since    kopano-gateway 8.0", "Here it is fork, set in a.cfg:1.",
                     "kopano-gateway 8.5: default: fork became thread", "See also: worker_threads, loop_threads, auth_threads"):
            self.assertIn(part, text)

    def test_a_value_that_has_no_effect_is_told(self):
        self.write("a.cfg", "imap_listen = *:143\nimap_port = 1143\n")
        self.assertIn("Here it is 1143, set in a.cfg:2.\nHere it does not count, since the NAME_listen option",
                      self.text("explain", "-c", "a.cfg", "imap_port"))
        self.assertNotIn("does not count", self.text("explain", "-c", "a.cfg", "imap_listen").split("Here it is")[1])

    def test_json_and_several_names(self):
        self.write("a.cfg", "server_socket = http://joe:geheim@host/\n")
        d = self.json("explain", "--json", "-c", "a.cfg", "server_socket", "GW1003", "imap.listen", "ssl_protocols")
        self.assertEqual([d[0]["name"], d[1]["code"], d[2]["value"], d[3]["default"]], ["server_socket", "GW1003", "*:143", ""])
        self.assertEqual(d[0]["here"], {"value": "http://joe:***@host/", "file": "a.cfg", "line": 1, "column": 17,
                                        "variable": None, "counts": True, "reason": None})
        self.assertEqual(d[3]["related"], ["tls_min_proto"])
        self.assertIn({"version": "9.0", "option": "ssl_protocols", "event": "unused", "text": "tls_min_proto replaces it"},
                      d[3]["history"])

    def test_codes(self):
        self.assertIn("GW1003 - error: ", self.text("explain", "gw1003"))
        self.assertIn("\nNot so:\n  Imap_Port = 143\n\nBut so:\n  imap_port = 143\n", self.text("explain", "GW1003"))
        code, = self.json("explain", "-j", "GW2003")
        self.assertEqual((code["severity"], code["right"]), ("warning", "server_hostname = mail.example.org\n"))
        codes = re.findall(r"^GW(\d{4}) - ", self.text("explain", "--codes"), re.M)
        self.assertEqual(codes, sorted(set(codes)))
        self.assertGreater(len(codes), 40)
        self.text("explain", "GW9999", code=1)
        self.assertIn("did you mean imap_port?", (self.text("explain", "imap_prot", code=1), self.stderr)[1])
        self.run_tool("explain", code=64)

    def test_the_usual_file_is_looked_at_when_it_is_there(self):
        self.assertNotIn("Here it is", self.text("explain", "imap_port"))
        self.write("usual/gateway.cfg", "imap_port = 1143\n")
        self.assertIn("Here it is 1143", self.text("explain", "imap_port", KOPANO_CONFIG_PATH=str(self.folder / "usual")))
        self.write("usual/gateway.cfg", "imap_port = x\n")
        self.assertNotIn("Here it is", self.text("explain", "imap_port", KOPANO_CONFIG_PATH=str(self.folder / "usual")))
        self.write("a.cfg", "imap_port = x\n")
        self.text("explain", "-c", "a.cfg", "imap_port", code=1)

    def test_every_option_can_be_explained(self):
        names = [o["name"] for o in self.json("list", "--json")]
        d = self.json("explain", "--json", *names)
        self.assertEqual([o["name"] for o in d], names)
        for o in d:
            self.assertTrue(o["brief"] and o["doc"] and o["history"] and (o["example"] or o["type"] == "retired"), o["name"])


class Since(Tool):
    def test_what_changed(self):
        text = self.text("since", "8.7")
        for part in ("removed  server_bind", "default  ssl_ciphers", "added    tls_min_proto", "unused   pid_file",
                     "gateway 0.1\n", "kopano-gateway 10.0\n"):
            self.assertIn(part, text)
        self.assertNotRegex(text, r"coredump_enabled|kopano-gateway 8\.[0-6]")
        self.assertIn("default  coredump_enabled", self.text("since", "8.4"))
        self.assertIn("fork became thread", self.text("since", "8.5"))

    def test_versions(self):
        ours = self.json("since", "--json", "gateway 0.1")
        self.assertEqual(ours, self.json("since", "-j", "gateway", "0.1"))
        self.assertEqual({e["version"] for e in ours}, {"gateway 0.1"})
        self.assertEqual(self.text("since", "gateway 99"), "Nothing changed since then.\n")
        self.assertLess(len(ours), len(self.json("since", "-j", "8.0")))
        for wrong in ("soon", "8.", "v9"):
            self.run_tool("since", wrong, code=64)


class List(Tool):
    def names(self, *args, **kw):
        return [o["name"] for o in self.json("list", "--json", *args, **kw)]

    def test_filters(self):
        every = self.names()
        self.assertGreater(len(every), 70)
        self.assertEqual(set(self.names("-g", "pop3")), {
            "pop3_lock_maildrop", "pop3_uidl_format", "pop3_delete", "pop3_set_seen", "pop3_client_workarounds",
            "pop3_login_delay", "pop3_login_burst", "pop3_expire", "pop3_implementation_early", "pop3_timeout"})
        self.assertEqual(set(self.names("-t", "permissions")), {"control_socket_mode"})
        self.assertEqual(sum(len(self.names("-r", r)) for r in ("live", "next", "restart")) + len(self.names("--retired")), len(every))
        self.assertEqual(self.names("-s", "9.0", "tls"), ["tls_min_proto"])
        self.assertEqual(self.names("max_line*", "pid"), ["pid_file", "max_line_prelogin", "max_line"])
        self.write("a.cfg", "imap_port = 1143\nlog_level = 2\n")
        self.assertEqual(self.names("--changed", "-c", "a.cfg"), ["imap_port"])
        self.assertEqual(self.text("list", "--changed", "-c", "a.cfg", "-g", "tls"), "")

    def test_text_and_errors(self):
        self.assertEqual(self.text("list", "log_level"), "Log\n  log_level                      How much is logged\n")
        self.assertEqual(self.text("list", "nothing_like_it", code=1), "")
        self.run_tool("list", "-g", "colours", code=64)
        self.run_tool("list", "-c", "a.cfg", code=64)
        self.run_tool("list", "--since", "soon", code=64)


class Help(Tool):
    def test_every_verb_says_what_it_is_for_with_examples(self):
        for verb in ("expand", "dump", "get", "explain", "since", "list"):
            text = self.text(verb, "--help")
            self.assertIn("usage: gwcfg " + verb, text)
            self.assertIn("\nExamples:\n  gwcfg " + verb, text)
            self.assertLessEqual(max(map(len, text.splitlines()[1:])), 120)
            self.assertNotIn("\033", text)


if __name__ == "__main__":
    unittest.main()
