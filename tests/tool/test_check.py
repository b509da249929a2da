"""gwcfg check: the forms of its findings, exit codes, several files, and that it looks at nothing but files."""
import json
import os
import subprocess
import unittest
import xml.dom.minidom
from pathlib import Path

from gwcfg import BUILD, ROOT, Folder

GWCFG = BUILD / "gwcfg"
QUIET = "server_socket = local:/var\ndisable_plaintext_auth = yes\n"


class Tool(Folder):
    def check(self, *args, stdin=b"", expect=None):
        p = subprocess.run([GWCFG, "check", *map(str, args)], cwd=self.folder, input=stdin, capture_output=True, timeout=60,
                           env={k: v for k, v in os.environ.items() if k not in ("KOPANO_CONFIG_PATH", "TERM")})
        if expect is not None:
            self.assertEqual(p.returncode, expect, p.stdout + p.stderr)
        return p.stdout.decode("utf-8")

    def findings(self, *args, expect=None, stdin=b""):
        return json.loads(self.check("-f", "json", *args, expect=expect, stdin=stdin))[0]["findings"]

    def codes(self, *args, **kw):
        return [f["code"] for f in self.findings(*args, **kw)]


# What a SARIF 2.1.0 log must be, as far as gwcfg writes it (OASIS, sections 3.13 to 3.52). Nothing else may be there.
def obj(required, optional=None, **more):
    return {"type": "object", "required": list(required), "properties": dict(required, **(optional or {})),
            "additionalProperties": False, **more}


MESSAGE = obj({"text": {"type": "string", "minLength": 1}})
POSITIVE = {"type": "integer", "minimum": 1}
REGION = obj({"startLine": POSITIVE}, {"startColumn": POSITIVE, "endColumn": POSITIVE, "snippet": obj({"text": {"type": "string"}})})
PLACE = obj({"artifactLocation": obj({"uri": {"type": "string", "pattern": r"^(file:///)?([A-Za-z0-9._~/-]|%[0-9A-F]{2})+$"}})},
            {"region": REGION})
LEVEL = {"enum": ["error", "warning", "note"]}
CODE = {"type": "string", "pattern": r"^GW[1-4]\d{3}$"}
LOGICAL = {"type": "array", "items": obj({"fullyQualifiedName": {"type": "string"}, "kind": {"const": "parameter"}})}
SARIF = obj({
    "$schema": {"const": "https://json.schemastore.org/sarif-2.1.0.json"},
    "version": {"const": "2.1.0"},
    "runs": {"type": "array", "minItems": 1, "maxItems": 1, "items": obj({
        "tool": obj({"driver": obj({
            "name": {"const": "gwcfg"}, "version": {"type": "string"},
            "rules": {"type": "array", "uniqueItems": True, "items": obj({
                "id": CODE, "shortDescription": MESSAGE, "fullDescription": MESSAGE, "help": MESSAGE,
                "defaultConfiguration": obj({"level": LEVEL})})}})}),
        "columnKind": {"const": "unicodeCodePoints"},
        "results": {"type": "array", "items": obj(
            {"ruleId": CODE, "ruleIndex": {"type": "integer", "minimum": 0}, "level": LEVEL, "message": MESSAGE,
             "locations": {"type": "array", "maxItems": 1, "items": obj({}, {"physicalLocation": PLACE, "logicalLocations": LOGICAL})}},
            {"relatedLocations": {"type": "array", "items": obj(
                {"id": POSITIVE, "message": MESSAGE, "physicalLocation": PLACE})}})},
        "invocations": {"type": "array", "items": obj({"executionSuccessful": {"type": "boolean"}, "exitCode": {"type": "integer"}},
            {"toolExecutionNotifications": {"type": "array", "items": obj({"level": LEVEL, "message": MESSAGE})}})},
    })}})

HOSTILE = b"a\x00b = 1\nimap_port = \xff\x01<&\">]]>\xe2\x80\xae\xef\xbf\xbe 1\nfo\x1bo = \xc3\xa4\n  # imap_port = 1\n"


class Forms(Tool):
    def sarif(self, *args, **kw):
        import jsonschema
        log = json.loads(self.check("-f", "sarif", *args, **kw))
        jsonschema.validate(log, SARIF)
        if os.environ.get("GW_SARIF_SCHEMA"):  # the schema of OASIS, where somebody has it
            jsonschema.validate(log, json.loads(Path(os.environ["GW_SARIF_SCHEMA"]).read_text()))
        run = log["runs"][0]
        for result in run["results"]:
            self.assertEqual(run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"], result["ruleId"])
        return run

    def test_sarif_has_rules_places_and_the_chain_of_includes(self):
        self.write("a.cfg", QUIET + "!include sub dir/b.cfg\n")
        (self.folder / "sub dir").mkdir()
        self.write("sub dir/b.cfg", "# x\nserver_hostname = \"\u00e4\" # \u00e4\nimap_port = \u00e4x\n")
        run = self.sarif("a.cfg", expect=1)
        self.assertEqual([r["ruleId"] for r in run["results"]], ["GW2003", "GW1005"])
        result = run["results"][1]
        place = result["locations"][0]["physicalLocation"]
        self.assertTrue(place["artifactLocation"]["uri"].endswith("/sub%20dir/b.cfg"), place)
        self.assertTrue(place["artifactLocation"]["uri"].startswith("file:///"), place)
        self.assertEqual(place["region"], {"startLine": 3, "startColumn": 13, "endColumn": 15,
                                           "snippet": {"text": "imap_port = \u00e4x"}})
        related = result["relatedLocations"][0]["physicalLocation"]
        self.assertEqual((related["artifactLocation"], related["region"]["startLine"]), ({"uri": "a.cfg"}, 3))
        self.assertEqual(run["invocations"], [{"executionSuccessful": True, "exitCode": 1}])
        self.assertIn("expected: a number from 1 to 65535", result["message"]["text"])

    def test_sarif_of_defaults_arguments_and_missing_files(self):
        self.write("a.cfg", "imap_port = 1\n")
        run = self.sarif("-o", "log_level=9", "a.cfg", expect=1)
        by_code = {r["ruleId"]: r for r in run["results"]}
        self.assertEqual(by_code["GW1006"]["locations"][0]["logicalLocations"][0]["fullyQualifiedName"], "--override 1")
        self.assertEqual(by_code["GW1016"]["locations"][0]["physicalLocation"], {"artifactLocation": {"uri": "a.cfg"}})
        run = self.sarif("nope.cfg", expect=66)
        self.assertFalse(run["invocations"][0]["executionSuccessful"])
        self.assertEqual([r["ruleId"] for r in run["results"]], ["GW1001"])

    def test_no_bytes_break_a_form(self):
        self.write("a.cfg", HOSTILE)
        self.assertTrue(self.sarif("a.cfg", expect=1)["results"])
        self.assertTrue(self.findings("a.cfg", expect=1))
        text = self.check("a.cfg", expect=1)
        self.assertFalse([c for c in text if ord(c) < 32 and c != "\n" or ord(c) == 0x202E], text)
        dom = xml.dom.minidom.parseString(self.check("-f", "junit", "a.cfg", expect=1))
        messages = [f.getAttribute("message") for f in dom.getElementsByTagName("failure")]
        self.assertTrue(any("<&\">]]>" in m for m in messages), messages)

    def junit(self, *args, **kw):
        dom = xml.dom.minidom.parseString(self.check("-f", "junit", *args, **kw)).documentElement
        suites = dom.getElementsByTagName("testsuite")
        for element in (dom, *suites):
            self.assertEqual(int(element.getAttribute("tests")), len(element.getElementsByTagName("testcase")))
            self.assertEqual(int(element.getAttribute("failures")), len(element.getElementsByTagName("failure")))
        return suites

    def test_junit_has_a_suite_a_file_and_a_case_a_finding(self):
        self.write("good.cfg", QUIET)
        self.write("bad.cfg", QUIET + "foo = 1\nimap_timeout = 1m\nlog_level = 6\n")
        good, bad = self.junit("good.cfg", "bad.cfg", expect=1)
        self.assertEqual(good.getAttribute("name"), "good.cfg")
        self.assertEqual(len(good.getElementsByTagName("testcase")), 1)
        names = [c.getAttribute("name") for c in bad.getElementsByTagName("testcase")]
        self.assertEqual(names, ["bad.cfg:3:1: GW1003", "bad.cfg:4:16: GW2014 imap_timeout", "bad.cfg:5:13: GW3006 log_level"])
        self.assertEqual([f.getAttribute("type") for f in bad.getElementsByTagName("failure")], ["GW1003"])
        bad = self.junit("-W", "error", "bad.cfg", expect=1)[0]
        self.assertEqual([f.getAttribute("type") for f in bad.getElementsByTagName("failure")], ["GW1003", "GW2014"])
        bad = self.junit("-q", "bad.cfg", expect=1)[0]
        self.assertEqual(len(bad.getElementsByTagName("testcase")), 2)

    def test_findings_that_are_too_many_are_not_hidden(self):
        self.write("a.cfg", QUIET + "".join("option_%d = 1\n" % i for i in range(1003)))
        self.assertIn("a.cfg: 1003 errors; 3 findings are not shown\n", self.check("a.cfg", expect=1))
        note = self.sarif("a.cfg", expect=1)["invocations"][0]["toolExecutionNotifications"]
        self.assertEqual(note, [{"level": "warning", "message": {"text": "3 findings are not shown"}}])
        cases = self.junit("a.cfg", expect=1)[0].getElementsByTagName("testcase")
        self.assertEqual((len(cases), cases[-1].getAttribute("name")), (1001, "3 findings are not shown"))

    def test_every_form_gives_the_same_bytes_again(self):
        self.write("a.cfg", HOSTILE)
        for form in ("text", "json", "sarif", "junit"):
            self.assertEqual(self.check("-f", form, "a.cfg"), self.check("-f", form, "a.cfg"))


class Codes(Tool):
    def test_the_worst_file_decides(self):
        self.write("good.cfg", QUIET)
        self.write("warn.cfg", QUIET + "imap_timeout = 1m\n")
        self.write("bad.cfg", QUIET + "foo = 1\n")
        (self.folder / "dir").mkdir()
        for args, code in ((["good.cfg"], 0), (["warn.cfg"], 0), (["-W", "error", "warn.cfg", "good.cfg"], 2),
                           (["-W", "error", "warn.cfg", "bad.cfg"], 1), (["bad.cfg", "nope.cfg", "good.cfg"], 66),
                           (["--no-such-flag"], 64), (["--live", "--root", "/", "good.cfg"], 64), (["-f", "xml"], 64),
                           (["dir"], 1)):
            self.check(*args, expect=code)

    def test_quiet_says_nothing_of_what_is_good(self):
        self.write("good.cfg", QUIET + "log_level = 6\n")
        self.assertEqual(self.check("-q", "good.cfg", expect=0), "")
        self.assertIn("GW3006", self.check("good.cfg", expect=0))

    def test_standard_input_is_a_file_among_others(self):
        self.write("good.cfg", QUIET)
        out = self.check("good.cfg", "-", stdin=b"foo = 1\n" + QUIET.encode(), expect=1)
        self.assertIn("good.cfg: nothing wrong\n", out)
        self.assertIn("(standard input):1:1: error", out)

    def test_the_sample_is_clean(self):
        for form in ("text", "json", "sarif", "junit"):
            self.check("-W", "error", "-f", form, ROOT / "etc/gateway.cfg", expect=0)

    def test_what_is_not_there_does_not_matter_without_live(self):
        self.write("a.cfg", QUIET + "run_as_user = no-such-user\nssl_certificate_file = /nope/cert.pem\n"
                   "ssl_private_key_file = /nope/key.pem\ncontrol_socket = /nope/control.sock\n")
        self.check("-W", "error", "a.cfg", expect=0)


class TlsLibrary(Tool):
    def test_words_that_give_nothing_are_found_at_their_place(self):
        self.write("a.cfg", QUIET + "ssl_ciphers = HIGH:!SSLv2:FOO-BAR:TLS_AES_128_GCM_SHA256:!EXP:+AES:@SECLEVEL=2\n")
        found = [(f["code"], f["column"], f["width"]) for f in self.findings("a.cfg", expect=0)]
        self.assertEqual(found, [("GW2104", 27, 7), ("GW2104", 35, 22)])

    def test_lists_that_give_nothing_are_errors(self):
        for line, code in (("ssl_ciphers = NOPE", "GW1102"), ("ssl_ciphers = !ALL", "GW1102"), ("ssl_ciphers = SSLv2", "GW1102"),
                           ("ssl_curves = X25519:nope", "GW1103"), ("ssl_curves = :", "GW1103")):
            self.write("a.cfg", QUIET + line + "\n")
            self.assertEqual(self.codes("a.cfg", expect=1), [code], line)

    def test_lists_of_every_age_are_fine(self):
        for line in ("ssl_ciphers = ALL:!LOW:!SSLv2:!EXP:!aNULL", "ssl_curves = X25519:P-521:P-384:P-256", "ssl_curves = P-256",
                     "ssl_ciphers = DEFAULT:!LOW:!SSLv2:!SSLv3:!TLSv1.0:!TLSv1.1:!EXPORT:!DH:!PSK:!kRSA:!aDSS:!aNULL:+AES",
                     "ssl_ciphers =", "ssl_curves =", "tls_min_proto = tls1.3"):
            self.write("a.cfg", QUIET + line + "\n")
            self.assertEqual(self.codes("a.cfg", expect=0), [], line)

    def test_versions_that_are_not_spoken_are_named(self):
        self.write("a.cfg", QUIET + "tls_min_proto = ssl3\nssl_ciphers = ALL:!aNULL\n")
        text = {f["code"]: f["text"] for f in self.findings("a.cfg", expect=0)}
        self.assertIn("SSLv3, TLSv1, TLSv1.1", text["GW2105"])
        self.write("a.cfg", QUIET + "tls_min_proto = tls1.0\nssl_ciphers = ALL:!aNULL:@SECLEVEL=0\n")
        self.assertEqual(self.codes("a.cfg", expect=0), ["GW2011"])

    def test_a_value_of_the_environment_is_judged_too(self):
        self.write("a.cfg", QUIET + "ssl_curves = $CURVES\n")
        os.environ["CURVES"] = "X25519:nope"
        self.addCleanup(os.environ.pop, "CURVES")
        found = self.findings("a.cfg", expect=1)
        self.assertEqual([(f["code"], f["column"], f["width"]) for f in found], [("GW1103", 14, 7)])

    def test_another_machine_has_its_own_library(self):
        path = self.write("a.cfg", QUIET + "ssl_curves = nope\n")
        self.check("--root", self.folder, "/" + path.name, expect=0)

    def test_the_program_links_no_tls_library(self):
        out = subprocess.run(["readelf", "-d", GWCFG], capture_output=True, text=True, check=True).stdout
        for name in ("libssl", "libcrypto", "libsqlite3", "libcurl"):
            self.assertNotIn(name, out)


if __name__ == "__main__":
    unittest.main()
