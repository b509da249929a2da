"""What gwcfg schema prints, looked at by the programs it is for: a validator of JSON Schema, vim, augparse."""
import json
import os
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

    BY_RULES = {"imap_capabilities", "ssl_protocols", "log_file"}  # refused for more than their form
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


if __name__ == "__main__":
    unittest.main()
