"""What gwcfg schema prints, looked at by the programs it is for: a validator of JSON Schema, vim, augparse."""
import json
import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
GWCFG = Path(os.environ.get("GW_BUILD", ROOT / "build")).resolve() / "gwcfg"


def gwcfg(*args, stdin=None):
    return subprocess.run([GWCFG, *args], input=stdin, capture_output=True, text=True, cwd=ROOT)


def schema(form):
    r = gwcfg("schema", "--" + form)
    assert r.returncode == 0, r.stderr
    return r.stdout


class Markdown(unittest.TestCase):
    def test_each_option_has_a_heading_and_a_row_that_leads_to_it(self):
        text = schema("markdown")
        names = json.loads(schema("json-schema"))["properties"]
        headings = re.findall(r"^### (\S+)$", text, re.M)
        self.assertEqual(headings, list(names))
        self.assertEqual(re.findall(r"^\| \[`\S+`\]\(#(\S+)\)", text, re.M), headings)

    def test_rows_have_four_cells_and_code_ends(self):
        for line in schema("markdown").splitlines():
            with self.subTest(line=line):
                self.assertEqual(line.count("`") % 2, 0)
                if line.startswith("|"):
                    self.assertEqual(len(re.findall(r"(?<!\\)\|", line)), 5)

    def test_what_means_something_to_markdown_is_escaped(self):
        for line in schema("markdown").splitlines()[8:]:
            if not line.startswith(("#", "|")):
                plain = re.sub(r"`[^`]*`", "", line)
                with self.subTest(line=line):
                    self.assertIsNone(re.search(r"(?<!\\)[*_<>]", plain))


class JsonSchema(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        import jsonschema
        cls.schema = json.loads(schema("json-schema"))
        cls.validator = jsonschema.Draft202012Validator(cls.schema)
        cls.options = cls.schema["properties"]

    def good(self, name, value):
        return self.validator.is_valid({name: value})

    def test_is_itself_valid(self):
        self.validator.check_schema(self.schema)
        self.assertGreater(len(self.options), 80)

    def test_the_defaults_are_valid_as_text_and_as_what_json_has(self):
        texts = dict(line.lstrip("# ").rstrip("\n").split(" =", 1) for line in
                     gwcfg("dump", "-", stdin="").stdout.splitlines() if " =" in line)
        self.assertGreater(len(texts), 70)
        self.validator.validate({k: v.strip() for k, v in texts.items()})
        self.validator.validate({k: o["default"] for k, o in self.options.items() if "default" in o})

    def test_the_sample_is_valid(self):
        lines = (ROOT / "etc/gateway.cfg").read_text().splitlines()
        self.validator.validate(dict((p.strip() for p in line.split("=", 1)) for line in lines
                                     if "=" in line and not line.startswith("#")))

    def test_unknown_names_are_refused(self):
        self.assertFalse(self.good("imap_prot", 143))
        self.assertFalse(self.validator.is_valid([]))

    def test_values_of_json(self):
        for name, value, want in (
                ("imap_port", 143, True), ("imap_port", 0, False), ("imap_port", 65536, False), ("imap_port", 1.5, False),
                ("imap_port", True, False), ("imap_port", None, False), ("imap_enable", False, True), ("imap_enable", 1, False),
                ("log_level", 3, True), ("log_level", 77, False), ("coredump_enabled", True, True), ("log_method", True, False),
                ("imap_listen", ["*:143", "[::1]:143"], True), ("imap_listen", ["143"], False), ("run_as_user", 1000, True),
                ("auth_mechanisms", ["PLAIN"], True), ("auth_mechanisms", ["PLAIN", "MD5"], False),
                ("control_socket_mode", 660, False), ("log_file", 7, False), ("imap_max_messagesize", 1048576, True),
                ("imap_max_messagesize", -1, False), ("login_timeout", 60, True), ("log_file", "$LOG", True)):
            with self.subTest(name=name, value=value):
                self.assertEqual(self.good(name, value), want)

    def test_what_needs_attention_is_marked(self):
        self.assertTrue(self.options["process_model"].get("deprecated") is None)
        retired = [n for n, o in self.options.items() if o.get("deprecated")]
        self.assertIn("imap_store_rfc822", retired)
        self.assertEqual(self.options["log_level"]["x-reload"], "live")

    # Text by text: the schema takes what the parser takes, and refuses what it refuses.
    TEXTS = ["", "yes", "No", "TRUE", "off", "auto", "1", "0", "-1", "+5", "2", "6", "7", "60", "600", "1024", "65535", "65536",
             "86400", "86401", "100000", "4294967295", "4294967296", "99999999999999999999", "0x10", "017", "09", "0660", "777",
             "16k", "128M", "4G", "3.5M", "1.5", "10 MB", "5 m", "2h", "1d", "2d", "400d", "x", "lots", "5x", "thread", "FORK",
             "file", "tls1.2", "TLS1.3", "json", "PLAIN LOGIN", "plain md5", "*:143", "*:143 [::1]:993", "*%lo:143", "1.2.3.4:0",
             "unix:/run/x", "127.0.0.1", "::1", "localhost", "fe80::1%eth0", "/tmp", "relative/path", "local:/var/lib/gateway",
             "http://localhost:236/", "HTTPS://a/", "file:///run/s", "default:", "ftp://x/", "local:x", "http://"]

    OF_VALUES = {"GW1004", "GW1005", "GW1006", "GW1007", "GW1012", "GW1015", "GW1017"}

    # refused for more than their form
    BY_RULES = {"imap_capabilities", "trusted_networks", "ssl_protocols", "log_file", "control_admins", "control_operators",
                "state_database", "backend_impersonate_login", "jmap_access_url"}
    NO_RANGE = {"0x10", "017", "0660", "3.5M"}  # a pattern does not say how large these are

    def test_texts_are_judged_as_the_parser_judges_them(self):
        for text in self.TEXTS:
            lines = "".join("%s = %s\n" % (name, text) for name in self.options)
            findings = json.loads(gwcfg("check", "--format", "json", "-", stdin=lines).stdout)[0]["findings"]
            names = list(self.options)
            bad = {names[f["line"] - 1] for f in findings if f["code"] in self.OF_VALUES}
            for name in names:
                if "numeric" in self.options[name]["description"] and self.options[name]["x-group"] == "services":
                    if text.count(":") > 1 or text.count(".") == 3:
                        continue  # whether an address is one is for the parser
                if name in self.BY_RULES or (text in self.NO_RANGE and name in bad):
                    continue
                with self.subTest(name=name, text=text):
                    self.assertEqual(self.good(name, text), name not in bad)


class Vim(unittest.TestCase):
    """The names of the groups that vim shows at places of a file."""

    def look(self, text, marks):
        """marks: line and column of each place, from 1. What vim has there, "Number" for gatewayNumber."""
        with tempfile.TemporaryDirectory(prefix="gateway-") as folder:
            folder = Path(folder)
            (folder / "gateway.cfg").write_text(text)
            calls = ["Group(%d, %d)" % m for m in marks]
            script = folder / "look.vim"
            script.write_text("function Group(line, column)\n  let name = synIDattr(synID(a:line, a:column, 1), 'name')\n"
                              "  return name =~ 'gatewayValue' ? hlget(name)[0].linksto : name\nendfunction\n"
                              "set nocompatible\nset runtimepath^=%s\nfiletype on\nsyntax on\nedit %s\n"
                              "call writefile([&filetype, %s], '%s')\nqall!\n"
                              % (ROOT / "etc/vim", folder / "gateway.cfg", ", ".join(calls), folder / "out"))
            r = subprocess.run(["vim", "-es", "-N", "-u", "NONE", "-i", "NONE", "-S", str(script)], capture_output=True,
                               timeout=30, stdin=subprocess.DEVNULL, env=dict(os.environ, TERM="dumb", HOME=str(folder)))
            self.assertEqual((r.returncode, r.stdout, r.stderr), (0, b"", b""))
            kind, *groups = (folder / "out").read_text().splitlines()
            self.assertEqual(kind, "gateway")
            return [g.removeprefix("gateway") for g in groups]

    LINES = [
        # line, group at its first letter, group at its last
        ("# imap_port = x", "Comment", "Comment"),
        ("imap_port = 143", "Option", "Number"),
        ("imap_port = 70000", "Option", "BadValue"),
        ("  imap_enable=Yes", None, "Boolean"),
        ("imap_enable = maybe", "Option", "BadValue"),
        ("imap_enable = yes # on", "Option", "BadValue"),
        ("imap_max_messagesize = 128M", "Option", "Number"),
        ("imap_max_messagesize = 128Q", "Option", "BadValue"),
        ("login_timeout = 5m", "Option", "Number"),
        ("login_timeout = 5w", "Option", "BadValue"),
        ("log_method = syslog", "Option", "Word"),
        ("log_method = syslogd", "Option", "BadValue"),
        ("imap_listen = *%lo:143 [::1]:1143", "Option", "Text"),
        ("imap_listen = *:143 993", "Option", "BadValue"),
        ("server_socket = local:/var/lib/gateway", "Option", "Text"),
        ("server_socket = nowhere", "Option", "BadValue"),
        ("log_file = $LOG", "Option", "Environment"),
        ("imap_prot = 143", "Unknown", ""),
        ("imap_store_rfc822 = yes", "Retired", "Text"),
        ("imap_port 143", "Ignored", "Ignored"),
        ("!include other.cfg", "Directive", "Path"),
        ("!Include other.cfg", "UnknownDirective", "UnknownDirective"),
        (" # imap_port = 143", "Unknown", ""),
    ]

    def test_each_kind_of_line(self):
        marks = [m for i, (line, _, _) in enumerate(self.LINES) for m in ((i + 1, 1), (i + 1, len(line)))]
        have = self.look("\n".join(line for line, _, _ in self.LINES) + "\n", marks)
        for i, (line, first, last) in enumerate(self.LINES):
            with self.subTest(line=line):
                self.assertEqual(have[2 * i + 1], last)
                if first is not None:
                    self.assertEqual(have[2 * i], first)

    def test_nothing_of_the_sample_or_the_defaults_is_an_error(self):
        text = "".join(line[1:] if line[:1] == "#" and line[1:2].isalpha() and " =" in line else line for line in
                       (ROOT / "etc/gateway.cfg").read_text().splitlines(keepends=True))
        marks = [(n, c) for n, line in enumerate(text.splitlines(), 1) if line and line[0] != "#" for c in (1, len(line))]
        self.assertGreater(len(marks), 140)
        self.assertEqual({g for g in self.look(text, marks) if g and not g.startswith("Is")},  # Is: nothing behind the "="
                         {"Option", "Boolean", "Number", "Word", "Text"})


class Augeas(unittest.TestCase):
    LENSES = str(ROOT / "etc/augeas")

    def test_the_lens_passes_its_own_test(self):
        r = subprocess.run(["augparse", "-I", self.LENSES, str(ROOT / "etc/augeas/tests/test_gateway.aug")],
                           capture_output=True, text=True)
        self.assertEqual((r.returncode, r.stdout + r.stderr), (0, ""))

    def edit(self, content, commands):
        """The file after the commands, and what augtool printed."""
        with tempfile.TemporaryDirectory(prefix="gateway-") as folder:
            path = Path(folder) / "etc/gateway/gateway.cfg"
            path.parent.mkdir(parents=True)
            path.write_bytes(content)
            script = ("set /augeas/load/Gateway/lens Gateway.lns\nset /augeas/load/Gateway/incl /etc/gateway/gateway.cfg\n"
                      "load\nprint /augeas//error\ndefvar f /files/etc/gateway/gateway.cfg\n%s\nsave\n" % "\n".join(commands))
            r = subprocess.run(["augtool", "-A", "-I", self.LENSES, "-r", folder], input=script, capture_output=True, text=True)
            self.assertEqual((r.returncode, r.stderr), (0, ""), r.stdout)
            self.assertNotIn("/error", r.stdout)
            return path.read_bytes(), r.stdout

    def test_every_file_that_the_daemon_reads_can_be_edited(self):
        files = [ROOT / "etc/gateway.cfg", *sorted((ROOT / "tests/fixtures/config").glob("kopano-*.cfg"))]
        self.assertGreater(len(files), 2)
        for path in files:
            with self.subTest(file=path.name):
                content = path.read_bytes()
                after, _ = self.edit(content, ["set $f/imap_timeout 1234"])
                mine = [line for line in after.splitlines() if b"imap_timeout = 1234" not in line]
                self.assertEqual(mine, [line for line in content.splitlines() if not line.startswith(b"imap_timeout")])
                self.assertIn(b"imap_timeout = 1234\n", after)

    def test_an_edited_file_means_what_was_set(self):
        after, said = self.edit((ROOT / "etc/gateway.cfg").read_bytes(), [
            "set $f/imap_listen/item[1] *:143", "set $f/imap_listen/item[2] [::1]:1143", "set $f/server_socket local:/srv/mail",
            "rm $f/pid_file", "print $f/server_socket"])
        self.assertIn('server_socket = "local:/srv/mail"', said)
        with tempfile.NamedTemporaryFile(suffix=".cfg") as f:
            f.write(after)
            f.flush()
            have = gwcfg("get", "-c", f.name, "imap_listen", "server_socket", "pid_file").stdout.splitlines()
        self.assertEqual(have, ["imap_listen = *:143 [::1]:1143", "server_socket = local:/srv/mail",
                                "pid_file = /var/run/kopano/gateway.pid"])


if __name__ == "__main__":
    unittest.main()
