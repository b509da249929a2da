"""What gwcfg prints, byte for byte: tests/golden/NAME.cfg and the NAME.txt that `gwcfg check` makes of it.

NAME.args, when it is there, has the arguments instead, one a line. Findings that need a machine in some state, or files
that nobody wants to keep, come from a scenario below; every code of `gwcfg explain --codes` must come up somewhere and
must say what to do. GW_UPDATE=1 writes the texts again: read the difference before you keep it.
"""
import contextlib
import difflib
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import free_port  # noqa: E402
from gwcfg import BUILD, ROOT  # noqa: E402
from jmap_server import JmapServer  # noqa: E402

GOLDEN = ROOT / "tests/golden"
GWCFG = BUILD / "gwcfg"
ENV = {k: v for k, v in os.environ.items() if k not in ("KOPANO_CONFIG_PATH", "TERM", "NO_SUCH_VARIABLE")}
QUIET = "server_socket = local:/var/lib/gateway\ndisable_plaintext_auth = yes\n"


def gwcfg(*args, cwd=GOLDEN, stdin=b""):
    p = subprocess.run([GWCFG, *map(str, args)], cwd=cwd, input=stdin, capture_output=True, timeout=120, env=ENV)
    return "%s%sexit %d\n" % (p.stdout.decode(), p.stderr.decode(), p.returncode)


@contextlib.contextmanager
def no_tls():
    """A server that speaks first, and no TLS: its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        def serve():
            with contextlib.suppress(OSError):
                while True:
                    with listener.accept()[0] as s:
                        s.recv(1)
                        s.sendall(b"HTTP/1.0 400 No\r\n\r\n")

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


class Golden(unittest.TestCase):
    maxDiff = None
    seen = set()

    def compare(self, name, got):
        """The text is that of NAME.txt."""
        path = GOLDEN / (name + ".txt")
        Golden.seen.update(re.findall(r"\bGW\d{4}\b", got))
        want = path.read_text() if path.exists() else ""
        if got == want:
            return
        if os.environ.get("GW_UPDATE"):
            path.write_text(got)
            return
        diff = "".join(difflib.unified_diff(want.splitlines(True), got.splitlines(True), str(path), "what gwcfg prints now"))
        self.fail("%s is not what it was; if it is better now, GW_UPDATE=1 keeps it:\n%s" % (name, diff))

    def test_files(self):
        names = {p.stem for p in GOLDEN.iterdir() if p.suffix in (".cfg", ".args")} - {"as-source"}
        for name in sorted(names):
            with self.subTest(name):
                given = GOLDEN / (name + ".args")
                args = given.read_text().split("\n")[:-1] if given.exists() else [name + ".cfg"]
                out = gwcfg("check", *args, stdin=QUIET.encode())
                self.compare(name, out.replace(str(GOLDEN), "@"))
                if re.match(r"GW\d{4}", name):
                    self.assertIn(name[:6], out)

    # ---- files that nobody wants to keep ----
    def in_folder(self):
        folder = tempfile.TemporaryDirectory(prefix="gwcfg-")
        self.addCleanup(folder.cleanup)
        folder = Path(folder.name).resolve()
        folder.chmod(0o755)
        return folder

    def scenario(self, name, folder, *args, verb="check", replace=(), tries=1):
        for _ in range(tries):
            out = gwcfg(verb, *args, cwd=folder).replace(str(folder), "@")
            if name in out:
                break
        for pattern, text in replace:
            out = re.sub(pattern, text, out)
        self.compare(name, out)

    def test_long_lines(self):
        folder = self.in_folder()
        (folder / "a.cfg").write_text(QUIET + "server_hostname = %s\n# %s\n" % ("x" * 1100, "y" * 70000))
        self.scenario("GW1009", folder, "a.cfg")
        (folder / "a.cfg").write_text(QUIET + "server_hostname = %s\n# %s\n" % ("x" * 1100, "y" * 5000))
        self.scenario("GW2009", folder, "a.cfg")

    def test_too_many_files(self):
        folder = self.in_folder()
        filler = ("#" * 1000 + "\n") * 100
        for i in range(40):
            (folder / ("%d.cfg" % i)).write_text("!include %d.cfg\n%s" % (i + 1, filler))
        (folder / "40.cfg").write_text(QUIET)
        self.scenario("GW1010", folder, "0.cfg")

    def test_too_many_bytes(self):
        folder = self.in_folder()
        (folder / "d").mkdir()
        (folder / "d/0.cfg").write_text(("#" * 1023 + "\n") * 4096)
        for i in range(1, 65):
            os.link(folder / "d/0.cfg", folder / ("d/%d.cfg" % i))
        (folder / "a.cfg").write_text(QUIET + "!include d\n")
        self.scenario("GW1021", folder, "a.cfg", replace=[(r"@/d/\d+.cfg", "@/d/N.cfg")])

    def test_a_file_that_changes_while_it_is_read(self):
        folder = self.in_folder()
        (folder / "b.cfg").write_text(("#" * 1023 + "\n") * 20000)
        (folder / "a.cfg").write_text(QUIET + "!include b.cfg\n")
        done = threading.Event()

        def touch():
            while not done.wait(0.0005):
                os.utime(folder / "b.cfg")
        toucher = threading.Thread(target=touch)
        toucher.start()
        try:
            self.scenario("GW1022", folder, "a.cfg", tries=100)  # until the two meet
        finally:
            done.set()
            toucher.join()

    # ---- what only a machine can have; test_live.py tells each apart ----
    def machine(self, **options):
        """A folder where all is well but for the options."""
        folder = self.in_folder()
        (folder / "store").mkdir(exist_ok=True)
        base = {"server_socket": "local:%s/store" % folder, "server_bind": "127.0.0.1", "pop3_enable": "no", "pop3s_enable": "no",
                "imaps_enable": "no", "imap_port": free_port(), "pid_file": "", "control_socket": "", "running_path": folder,
                "tmp_path": folder, "log_file": "-", "log_method": "file", "max_connections": "10", "ssl_certificate_file": "",
                "ssl_private_key_file": ""}
        base.update({k: str(v).replace("@", str(folder)) for k, v in options.items()})
        (folder / "a.cfg").write_text("".join("%s = %s\n" % kv for kv in base.items()))
        return folder

    def pair(self, folder, *more, key=("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"), days=365):
        subprocess.run(["openssl", "req", "-x509", *key, "-nodes", "-days", str(days), "-subj", "/CN=test", "-keyout",
                        folder / "key.pem", "-out", folder / "cert.pem", *more], check=True, capture_output=True)
        (folder / "key.pem").chmod(0o600)

    def live(self, name, folder, *more):
        self.scenario(name, folder, "--live", "a.cfg", *more, replace=[
            (r"\b\d{4}-\d\d-\d\d\b", "YYYY-MM-DD"), (r", in \d+ days", ", in N days"), (r"(127\.0\.0\.1|imap_port =)([: ])\d+", r"\1\2PORT"),
            (r"\^~*", "^~~"), (r"there may be \d+", "there may be N"), (r"port \d+ after \d+ ms", "port PORT after N ms"),
            (r"\d+ MiB are free", "N MiB are free"), (r"(localhost|@127\.0\.0\.1):\d+", r"\1:PORT"), (r"PostgreSQL \d+\.\d+", "PostgreSQL N.N"),
            (r"(does not answer: ).*( \[GW1113\])", r"\1why TLS failed\2"), (r"127\.0\.0\.1\", port \d+", "127.0.0.1\", port PORT")])

    TLS = {"ssl_certificate_file": "@/cert.pem", "ssl_private_key_file": "@/key.pem"}

    def test_users_places_and_limits(self):
        self.live("GW1101", self.machine(run_as_user="no-such-user"))
        self.live("GW1111", self.machine(control_socket="@/a/b/control.sock"))
        self.live("GW1112", self.machine(server_socket="local:@/a/b"))
        self.live("GW2101", self.machine(log_file="@/nope/log"))
        self.live("GW2112", self.machine(max_connections=1000000, max_connections_per_user=10, max_connections_per_address=10))
        folder = self.machine(log_file="@/open/log")
        (folder / "open").mkdir()
        (folder / "open").chmod(0o777)
        self.live("GW2113", folder)
        folder = self.machine(run_as_user="nobody", log_file="@/log")
        (folder / "store").chmod(0o1777)
        self.live("GW2114", folder)

    def test_certificates(self):
        folder = self.machine(**self.TLS)
        self.pair(folder, days=20)
        self.live("GW2106", folder)
        self.pair(folder)
        self.live("GW3102", folder)
        self.live("GW2108", folder, "-o", "server_hostname=mail.example.org")
        (folder / "key.pem").chmod(0o644)
        self.live("GW2103", folder)
        (folder / "key.pem").chmod(0o600)
        (folder / "store").chmod(0o1777)
        self.live("GW1108", folder, "-o", "run_as_user=nobody", "-o", "tmp_path=/tmp")
        self.live("GW1107", folder, "-o", "ssl_verify_client=yes", "-o", "ssl_verify_file=%s" % (folder / "key.pem"))
        (folder / "cert.pem").write_text((folder / "cert.pem").read_text() + (GOLDEN / "old.pem").read_text())
        self.live("GW2109", folder)
        (folder / "cert.pem").write_text((GOLDEN / "old.pem").read_text())
        self.live("GW1105", folder)  # and GW1106
        self.pair(folder, key=("-newkey", "rsa:1024"))
        self.live("GW2107", folder)
        (folder / "cert.pem").write_text("")
        self.live("GW1104", folder)

    def test_addresses_and_servers(self):
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            s.listen()
            self.live("GW1109", self.machine(imap_port=s.getsockname()[1]))
        self.live("GW1110", self.machine(imap_listen="127.0.0.1%nope0:1143"))
        self.live("GW2110", self.server_at("http://127.0.0.1:%d/" % free_port()))
        folder = self.machine(control_socket="")
        self.live("live", folder)

    def server_at(self, url, **options):
        """A machine in front of a storage server; its service account has the password "secret"."""
        folder = self.machine(**dict({"server_socket": url, "mirror_path": "@/mirror", "tmp_path": "/var/tmp", "backend_user": "gateway",
                                      "backend_password_file": "@/password", "backend_impersonate": "authorize-as"}, **options))
        (folder / "password").write_text("secret\n")
        (folder / "password").chmod(0o600)
        return folder

    def test_storage_servers(self):
        with JmapServer() as js:
            js.add_user("gateway", "secret")
            self.live("GW3104", self.server_at(js.url))
            self.live("GW3103", self.server_at(js.url, backend_user="", backend_password_file="", backend_impersonate="none"))
            self.live("GW1114", self.server_at(js.url + "nothing"))
            with no_tls() as port:
                self.live("GW1113", self.server_at("https://127.0.0.1:%d/" % port))
            self.live("GW2119", self.server_at(js.url, mirror_cache_size="1024G"))
            self.live("GW2116", self.server_at(js.url, state_database="postgresql://127.0.0.1:%d/gateway?user=gateway" % free_port()))
            folder = self.server_at(js.url)
            (folder / "password").write_text("wrong\nmore\n")
            self.live("GW1115", folder)  # and GW2117
            (folder / "password").write_text("")
            self.live("GW1117", folder)
            js.options(maxObjectsInGet=0)
            (folder / "password").write_text("secret")
            self.live("GW2115", folder)

    def test_standard_output_without_a_system_log(self):
        folder = self.machine(log_method="syslog")
        if os.path.exists("/dev/log"):
            Golden.seen.add("GW2111")  # it cannot be shown here
        else:
            self.live("GW2111", folder)

    # ---- findings of other verbs ----
    def test_secrets_that_others_can_get_at(self):
        folder = self.in_folder()
        (folder / "store").mkdir(mode=0o755)
        (folder / "key.pem").write_text("x")
        (folder / "key.pem").chmod(0o644)
        (folder / "a.cfg").write_text("server_socket = local:%s/store\ncontrol_socket = %s/c\ncontrol_socket_mode = 0666\n"
                                      "ssl_private_key_file = %s/key.pem\n# ldap_password = secret\n" % ((folder,) * 3))
        (folder / "a.cfg").chmod(0o666)
        self.scenario("lint-secrets", folder, "a.cfg", verb="lint-secrets", replace=[(r"\^~*", "^~~")])

    def test_settings_of_another_server(self):
        folder = self.in_folder()
        (folder / "imapd.conf").write_text("allowplaintext: no\npartition-default: /var/spool/cyrus\nno_such_setting: 1\n"
                                           "sievedir: /var/spool/sieve\ntimeout: 45\nduplicatesuppression: 1\n")
        self.scenario("convert", folder, "--from", "cyrus", "imapd.conf", verb="convert")
        (folder / "imapd.conf").write_text("protocols = imap {\n}}}\n")
        self.scenario("GW1401", folder, "--from", "dovecot", "imapd.conf", verb="convert")

    # ---- all of them ----
    # code: why nothing here shows it
    ELSEWHERE = {
        "GW3101": "root sees everything; test_live.py has it for others",
        "GW1116": "needs PostgreSQL; test_live.py has it",
        "GW2118": "needs such a file system; test_live.py has it",
    }

    def test_zz_every_code_is_shown_and_says_what_to_do(self):
        if len(Golden.seen) < 40:
            self.skipTest("only when all others have run")
        missing = []
        for row in json.loads(subprocess.run([GWCFG, "explain", "--codes", "--json"], capture_output=True, check=True).stdout):
            self.assertTrue(row["help"] and row["meaning"], row)
            code = row["code"]
            if code in Golden.seen:
                self.assertNotIn(code, self.ELSEWHERE)
            elif code not in self.ELSEWHERE:
                missing.append(code)
        self.assertEqual(missing, [])


if __name__ == "__main__":
    unittest.main()
