"""gwcfg check --live: what is wrong between a configuration and its machine; a machine that fits gives no finding."""
import json
import os
import shutil
import socket
import socketserver
import ssl
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import Gateway, free_port, free_ports  # noqa: E402
from gwcfg import BUILD  # noqa: E402
from jmap_server import JmapServer  # noqa: E402
from postgres import Postgres  # noqa: E402

GWCFG = BUILD / "gwcfg"


def openssl(*args, **kw):
    return subprocess.run(["openssl", *map(str, args)], check=True, capture_output=True, **kw)


class Machine(unittest.TestCase):
    """A folder with all that a configuration names; options may be changed before the check."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="gwcfg-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.folder.chmod(0o755)
        (self.folder / "store").mkdir(mode=0o700)
        ports = free_ports(4)
        self.options = {"server_socket": "local:%s" % (self.folder / "store"), "server_bind": "127.0.0.1",
                        "pid_file": self.folder / "gateway.pid", "control_socket": self.folder / "control.sock",
                        "running_path": self.folder, "tmp_path": self.folder, "log_file": self.folder / "log",
                        "log_method": "file", "max_connections": "10", "disable_plaintext_auth": "yes",
                        "ssl_certificate_file": self.folder / "cert.pem", "ssl_private_key_file": self.folder / "key.pem"}
        for name, port in zip(("imap", "imaps", "pop3", "pop3s"), ports):
            self.options[name + "_port"] = port
        self.ordinary()

    @classmethod
    def setUpClass(cls):
        cls.made = tempfile.TemporaryDirectory(prefix="gwcfg-")
        cls.addClassCleanup(cls.made.cleanup)

    def ordinary(self):
        """A pair that is made once."""
        for name in ("cert.pem", "key.pem"):
            if not (Path(self.made.name) / name).exists():
                self.certificate(folder=Path(self.made.name))
            shutil.copy(Path(self.made.name) / name, self.folder)

    def certificate(self, *more, name="localhost", stem="", key=("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"), days=365,
                    subject="/CN=test", folder=None):
        files = (folder or self.folder) / (stem + "cert.pem"), (folder or self.folder) / (stem + "key.pem")
        openssl("req", "-x509", *key, "-nodes", "-days", days, "-subj", subject, "-addext", "subjectAltName=DNS:" + name,
                "-keyout", files[1], "-out", files[0], *more)
        files[1].chmod(0o600)
        return files

    def findings(self, **changes):
        self.options.update(changes)
        path = self.folder / "gateway.cfg"
        path.write_text("".join("%s = %s\n" % kv for kv in self.options.items() if kv[1] is not None))
        p = subprocess.run([GWCFG, "check", "--live", "-f", "json", path], capture_output=True, text=True, timeout=60)
        self.assertLess(p.returncode, 2, p.stdout + p.stderr)
        # that nobody has signed the certificate of this test is no news
        return [f for f in json.loads(p.stdout)[0]["findings"] if f["code"] != "GW3102"]

    def finds(self, *expected, **changes):
        """Exactly these, as "GWnnnn option"; all their texts."""
        found = self.findings(**changes)
        self.assertEqual(sorted("%s %s" % (f["code"], f["option"]) for f in found), sorted(expected), found)
        return " ".join(f["text"] for f in found)


class Files(Machine):
    def test_a_machine_that_fits(self):
        self.finds()

    def test_users_and_groups_that_do_not_exist(self):
        self.finds("GW1101 run_as_user", run_as_user="no-such-user")
        self.finds("GW1101 run_as_group", run_as_user="", run_as_group="no-such-group")
        self.finds("GW1101 run_as_user", run_as_user="4000000000", run_as_group="")
        self.finds("GW1101 control_socket_group", run_as_user="", control_socket_group="no-such-group")

    def test_directories_that_do_not_exist(self):
        nope = self.folder / "nope"
        self.finds("GW2101 running_path", "GW2101 tmp_path", "GW2101 log_file", "GW2101 pid_file", running_path=nope, tmp_path=nope,
                   log_file=nope / "log", pid_file=nope / "pid")

    def test_files_where_directories_should_be(self):
        (self.folder / "file").write_text("")
        self.finds("GW2101 tmp_path", "GW1112 server_socket", "GW2101 log_file", tmp_path=self.folder / "file",
                   server_socket="local:%s" % (self.folder / "file"), log_file=self.folder / "store")

    def test_the_directory_of_the_control_socket(self):
        open_to_all = self.folder / "open"
        open_to_all.mkdir()
        open_to_all.chmod(0o777)
        self.assertIn("everybody", self.finds("GW1111 control_socket", control_socket=open_to_all / "control.sock"))
        open_to_all.chmod(0o1777)
        self.finds()
        self.finds(control_socket=self.folder / "made" / "control.sock")  # the daemon makes the last part
        self.finds("GW1111 control_socket", control_socket=self.folder / "a/b/control.sock")
        (self.folder / "file").write_text("")
        self.finds("GW1111 control_socket", control_socket=self.folder / "file")
        self.finds(control_socket="")

    def test_places_that_everybody_may_write_to(self):
        for name, option, changes in (("logs", "log_file", {"log_file": "%s/log"}), ("store", "server_socket", {}),
                                      ("run", "pid_file", {"log_file": "-", "pid_file": "%s/pid"})):
            place = self.folder / name
            place.mkdir(exist_ok=True)
            place.chmod(0o777)
            self.finds("GW2113 " + option, **{k: v % place if "%" in v else v for k, v in changes.items()})
            place.chmod(0o700)

    def test_what_the_user_of_the_daemon_may_not(self):
        text = self.finds("GW1108 ssl_private_key_file", "GW1112 server_socket", "GW2114 log_file", "GW2114 tmp_path",
                          run_as_user="nobody")
        self.assertIn("user nobody may not read", text)
        self.finds("GW1112 server_socket", server_socket="local:%s/new" % self.folder, log_file="-", tmp_path="/tmp",
                   ssl_private_key_file="", ssl_certificate_file="", imaps_enable="no", pop3s_enable="no",
                   disable_plaintext_auth=None)

    def test_a_closed_directory_on_the_way_is_named(self):
        closed = self.folder / "closed"
        closed.mkdir()
        for f in ("cert.pem", "key.pem"):
            (self.folder / f).rename(closed / f)
            (closed / f).chmod(0o644 if f == "cert.pem" else 0o640)
        closed.chmod(0o700)
        text = self.finds("GW1108 ssl_private_key_file", "GW1108 ssl_certificate_file", "GW1112 server_socket", "GW2114 log_file",
                          "GW2114 tmp_path", run_as_user="nobody", ssl_certificate_file=closed / "cert.pem",
                          ssl_private_key_file=closed / "key.pem")
        self.assertIn('since "%s" is closed' % closed, text)

    def test_an_empty_log_file_is_no_place(self):
        text = json.dumps(self.findings(log_method="auto", log_file=""))
        self.assertNotIn("log_file", text)

    def test_a_system_log(self):
        found = self.findings(log_method="syslog")
        self.assertEqual([f["code"] for f in found], [] if os.path.exists("/dev/log") else ["GW2111"])

    def test_open_files(self):
        self.finds("GW2112 max_connections", max_connections="1000000", max_connections_per_user="10")
        self.finds(process_model="fork")


class Certificates(Machine):
    def test_files_that_are_not_there(self):
        nope = self.folder / "nope"
        self.finds("GW2101 ssl_certificate_file", "GW2101 ssl_private_key_file", ssl_certificate_file=nope, ssl_private_key_file=nope)
        self.finds("GW1104 ssl_certificate_file", "GW1104 ssl_private_key_file", imap_enable="no", pop3_enable="no")

    def test_more_pairs_are_looked_at_too(self):
        cert, key = self.certificate(stem="b-")
        self.finds(ssl_certificates="%s:%s" % (cert, key))
        self.finds("GW1104 ssl_certificates", ssl_certificates="%s:%s" % (self.folder / "nope", key))
        self.finds("GW1105 ssl_certificates", ssl_certificates="%s:%s" % (cert, self.folder / "key.pem"))

    def test_what_is_no_certificate_and_no_key(self):
        (self.folder / "cert.pem").write_text("-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n")
        self.finds("GW1104 ssl_certificate_file")
        (self.folder / "cert.pem").write_bytes(b"\0" * 100)
        self.finds("GW1104 ssl_certificate_file")
        self.certificate()
        (self.folder / "key.pem").write_text("")
        self.assertIn("no private key", self.finds("GW1105 ssl_private_key_file"))
        self.finds("GW1104 ssl_certificate_file", ssl_certificate_file=self.folder / "store")

    def test_keys_of_others_and_with_a_pass_phrase(self):
        other = self.certificate(stem="b-")[1]
        self.assertIn("another certificate", self.finds("GW1105 ssl_private_key_file", ssl_private_key_file=other))
        openssl("pkey", "-in", self.folder / "key.pem", "-out", other, "-aes256", "-passout", "pass:secret")
        self.assertIn("pass phrase", self.finds("GW1105 ssl_private_key_file"))

    def test_a_key_for_everybody(self):
        (self.folder / "key.pem").chmod(0o644)
        self.assertIn("may read", self.finds("GW2103 ssl_private_key_file"))
        (self.folder / "key.pem").chmod(0o602)
        self.assertIn("may write to", self.finds("GW2103 ssl_private_key_file"))

    def test_the_time_of_a_certificate(self):
        self.certificate(days=20)
        self.assertRegex(self.finds("GW2106 ssl_certificate_file"), "expires on .*, in (19|20) days")
        self.certificate(days=31)
        self.finds()
        self.dated("20200101000000Z", "20210101000000Z")
        self.assertIn("expired on 2021-01-01", self.finds("GW1106 ssl_certificate_file"))
        self.dated("20990101000000Z", "20991231000000Z")
        self.assertIn("not valid before 2099-01-01", self.finds("GW1106 ssl_certificate_file"))

    def dated(self, begin, end):
        """A certificate of another time: openssl ca takes dates."""
        ca = self.folder / "ca"
        ca.mkdir(exist_ok=True)
        (ca / "index").write_text("")
        (ca / "serial").write_text("01\n")
        (ca / "cnf").write_text("[ca]\ndefault_ca=d\n[d]\ndatabase=%s/index\nnew_certs_dir=%s\nserial=%s/serial\ndefault_md=sha256\n"
                                "policy=p\n[p]\ncommonName=supplied\n" % (ca, ca, ca))
        openssl("req", "-new", "-key", self.folder / "key.pem", "-subj", "/CN=test", "-out", ca / "csr")
        openssl("ca", "-batch", "-config", ca / "cnf", "-selfsign", "-keyfile", self.folder / "key.pem", "-in", ca / "csr",
                "-startdate", begin, "-enddate", end, "-out", self.folder / "cert.pem", "-notext")

    def test_weak_keys_and_signatures(self):
        self.certificate(key=("-newkey", "rsa:1024"))
        self.assertIn("1024 bits", self.finds("GW2107 ssl_certificate_file", "GW1104 ssl_certificate_file"))
        self.certificate(key=("-newkey", "rsa:2048"))
        self.finds()
        self.signed(digest="-sha1")
        self.assertIn("SHA-1", self.finds("GW2107 ssl_certificate_file", "GW1104 ssl_certificate_file"))
        self.finds("GW2107 ssl_certificate_file", ssl_ciphers="ALL:!aNULL:@SECLEVEL=0")

    def signed(self, digest="-sha256", order=("leaf", "mid"), authority="root"):
        """root signs mid signs leaf; cert.pem holds them in that order."""
        f = self.folder
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", 90, "-subj", "/CN=root",
                "-keyout", f / "root.key", "-out", f / "root.crt")
        for name, issuer in (("mid", "root"), ("leaf", "mid")):
            key = f / "key.pem" if name == "leaf" else f / "mid.key"
            openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=" + name, "-keyout",
                    key, "-out", f / "csr")
            (f / "ext").write_text("basicConstraints=CA:%s\n" % ("FALSE" if name == "leaf" else "TRUE"))
            openssl("x509", "-req", "-in", f / "csr", "-CA", f / (issuer + ".crt"), "-CAkey", f / (issuer + ".key"), "-days", 90,
                    "-extfile", f / "ext", digest if name == "leaf" else "-sha256", "-CAcreateserial", "-out", f / (name + ".crt"))
        (f / "cert.pem").write_text("".join((f / (n + ".crt")).read_text() for n in order))
        (f / "key.pem").chmod(0o600)

    def test_the_order_of_a_chain(self):
        self.signed()
        self.finds()
        self.signed(order=("leaf", "mid", "root"))
        self.finds()
        self.signed(order=("leaf", "root", "mid"))
        self.assertIn("certificate 2 of the file (root) did not sign certificate 1 (leaf)", self.finds("GW2109 ssl_certificate_file"))

    def test_authorities_that_are_not_known_are_a_note(self):
        self.signed(order=("leaf",))
        self.options["log_level"] = "4"
        p = subprocess.run([GWCFG, "check", "--live", "-", *("-o%s=%s" % kv for kv in self.options.items())], input="",
                           capture_output=True, text=True)
        self.assertIn("signed by mid, whom this machine does not know [GW3102]", p.stdout)
        self.assertEqual(p.returncode, 0, p.stdout)

    def test_the_name_of_the_server(self):
        self.certificate(name="*.example.org")
        self.finds(server_hostname="mail.example.org")
        self.finds("GW2108 server_hostname", server_hostname="mail.example.net")
        cert, key = self.certificate(stem="b-", name="mail.example.net")
        self.finds(ssl_certificates="%s:%s" % (cert, key))

    def test_authorities_of_clients(self):
        verify = {"ssl_verify_client": "yes"}
        self.finds(ssl_verify_file=self.folder / "cert.pem", **verify)
        self.finds("GW1107 ssl_verify_file", ssl_verify_file=self.folder / "key.pem", **verify)
        self.finds("GW1107 ssl_verify_file", ssl_verify_file=self.folder / "nope", **verify)
        self.finds("GW1107 ssl_verify_path", ssl_verify_file=None, ssl_verify_path=self.folder, **verify)
        (self.folder / "0a1b2c3d.0").write_text("")
        self.finds()


class Addresses(Machine):
    def taken(self, address=("127.0.0.1", 0)):
        s = socket.socket()
        self.addCleanup(s.close)
        s.bind(address)
        s.listen()
        return s.getsockname()[1]

    def test_ports_of_others(self):
        self.finds("GW1109 imap_port", imap_port=self.taken())
        self.finds("GW1109 imap_listen", imap_listen="*:%d" % self.taken(("0.0.0.0", 0)), imap_port=None, imap_enable=None)

    def test_addresses_and_interfaces_that_are_not_here(self):
        listen = {"imap_port": None}
        self.finds("GW1110 imap_listen", imap_listen="192.0.2.1:%d" % free_port(), **listen)
        self.finds("GW1110 imap_listen", imap_listen="*%%nope0:%d" % free_port(), **listen)
        self.finds(imap_listen="127.0.0.1%%lo:%d [::1]:%d" % tuple(free_ports(2)), **listen)

    def test_socket_files(self):
        path = self.folder / "imap.sock"
        self.finds(imap_listen="unix:%s" % path, imap_port=None)
        s = socket.socket(socket.AF_UNIX)
        self.addCleanup(s.close)
        s.bind(str(path))
        self.finds()  # nobody listens
        s.listen()
        self.finds("GW1109 imap_listen")
        self.finds("GW1109 imap_listen", imap_listen="unix:%s" % (self.folder / "cert.pem"))
        self.finds("GW1110 imap_listen", imap_listen="unix:%s" % (self.folder / "nope/sock"))

    @unittest.skipIf(os.geteuid() == 0, "root may have every port")
    def test_ports_of_root_cannot_be_tried(self):
        self.finds("GW3101 imap_port", imap_port=143)

    def test_what_the_running_daemon_has_is_ours(self):
        with Gateway(folder=self.folder) as gw:
            own = {"ssl_certificate_file": Path(self.made.name) / "cert.pem", "ssl_private_key_file": Path(self.made.name) / "key.pem",
                   "max_connections": "10", "disable_plaintext_auth": "yes"}
            self.options = dict(gw.options, **own)
            self.finds()
            self.finds("GW1109 imap_port", imap_port=self.taken())
            self.options = dict(gw.options, **own)
            self.finds(control_socket="")  # then the pid file says that it runs
            self.finds(*("GW1109 %s_port" % s for s in ("imap", "imaps", "pop3", "pop3s")), pid_file="")

    def test_who_listens_and_says_nothing_does_not_stop_us(self):
        s = socket.socket(socket.AF_UNIX)
        self.addCleanup(s.close)
        s.bind(str(self.folder / "control.sock"))
        s.listen()
        self.finds()


class Answering(socketserver.BaseRequestHandler):
    """A JMAP server that does not know who asks."""

    def handle(self):
        found = self.request.recv(1000).startswith(b"GET /.well-known/jmap ")
        self.request.sendall(b"HTTP/1.1 401 Unauthorized\r\n\r\n" if found else b"HTTP/1.1 405 Method Not Allowed\r\n\r\n")


class Server(socketserver.TCPServer):
    def handle_error(self, request, client):
        pass


class Once:
    """A server that says these to those who connect, one after the other; None: nothing."""

    def __init__(self, answers):
        self.socket, self.kept = socket.socket(), []
        self.socket.bind(("127.0.0.1", 0))
        self.socket.listen()
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.run, args=(answers,), daemon=True).start()

    def run(self, answers):
        for text in answers:
            try:
                c = self.socket.accept()[0]
            except OSError:
                return
            c.recv(4000)
            if text is None:
                self.kept.append(c)
                continue
            c.sendall(text)
            c.close()

    def close(self):
        self.socket.close()
        for c in self.kept:
            c.close()


class StorageServers(Machine):
    def serve(self, tls=False):
        server = Server(("127.0.0.1", 0), Answering)
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.folder / "cert.pem", self.folder / "key.pem")
            server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return server.server_address[1]

    def answers(self, url, *expected, **more):
        """For those of Kopano this version has no driver; that is told in any case."""
        none = () if url.startswith(("http", "jmap+")) else ("GW1016 server_socket",)
        return self.finds(*none, *expected, server_socket=url, mirror_path=self.folder / "mirror", tmp_path="/var/tmp", **more)

    def test_a_session_resource_that_asks_who_one_is(self):
        untried = "GW3103 server_socket"
        self.assertIn("no backend_user", self.answers("http://127.0.0.1:%d/" % self.serve(), untried))
        self.answers("jmap+http://127.0.0.1:%d" % self.serve(), untried)
        self.answers("https://localhost:%d/" % self.serve(tls=True), untried, backend_ca_file=self.folder / "cert.pem")

    def test_a_certificate_that_is_not_the_servers(self):
        port = self.serve(tls=True)
        self.assertIn("certificate", self.answers("https://localhost:%d/" % port, "GW1113 server_socket"))
        ca = {"backend_ca_file": self.folder / "cert.pem"}
        self.assertIn("127.0.0.1", self.answers("https://127.0.0.1:%d/" % port, "GW1113 server_socket", **ca))

    def test_a_web_server_that_knows_no_jmap(self):
        said = self.answers("http://127.0.0.1:%d/mail" % self.serve(), "GW1114 server_socket")
        self.assertIn("/mail: HTTP status 405: no JMAP session resource is there", said)
        self.assertIn("405", said)

    def test_no_server(self):
        self.assertIn("connect to server", self.answers("http://127.0.0.1:%d/" % free_port(), "GW2110 server_socket"))
        self.answers("file://%s" % (self.folder / "nope"), "GW2110 server_socket")
        self.answers("https://127.0.0.1:%d/" % self.serve(), "GW1113 server_socket")

    def speak(self, text):
        """The port of a server that says this to who connects; None: nothing, as long as the test runs."""
        s, over = socket.socket(), threading.Event()
        s.bind(("127.0.0.1", 0))
        s.listen()

        def run():
            c = s.accept()[0]
            c.recv(1000)
            if text is not None:
                c.sendall(text)
                c.close()
            else:
                over.wait()
        threading.Thread(target=run, daemon=True).start()
        self.addCleanup(s.close)
        self.addCleanup(over.set)
        return s.getsockname()[1]

    def test_servers_that_speak_something_else_or_nothing(self):
        self.assertIn("HTTP/0.9", self.answers("http://127.0.0.1:%d/" % self.speak(b"* OK IMAP4rev1\r\n"), "GW2110 server_socket"))
        self.assertIn("Empty reply", self.answers("http://127.0.0.1:%d/" % self.speak(b""), "GW2110 server_socket"))
        self.assertRegex(self.answers("http://127.0.0.1:%d/" % self.speak(None), "GW2110 server_socket"),
                         "nothing in 3 seconds|timed out")

    def test_a_kopano_server_on_a_socket_file(self):
        path = self.folder / "server.sock"
        s = socket.socket(socket.AF_UNIX)
        self.addCleanup(s.close)
        s.bind(str(path))
        s.listen()

        def run():
            c = s.accept()[0]
            c.recv(1000)
            c.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            c.close()
        threading.Thread(target=run, daemon=True).start()
        self.answers("file://%s" % path)


class WithServer(Machine):
    """A JMAP server with a service account."""

    def setUp(self):
        super().setUp()
        self.server = JmapServer()
        self.addCleanup(self.server.stop)
        self.server.start()
        self.server.add_user("gateway", "secret")
        self.password = self.folder / "password"
        self.password.write_text("secret\n")
        self.password.chmod(0o600)
        self.options.update(server_socket=self.server.url, mirror_path=self.folder / "mirror", tmp_path="/var/tmp",
                            backend_user="gateway", backend_password_file=self.password, backend_impersonate="authorize-as")


class JmapServers(WithServer):
    """A service account signs on, and its session object is looked at (RFC 8620 section 2)."""

    def test_what_was_found_is_told(self):
        said = self.finds("GW3104 backend_user")
        self.assertIn("gateway is signed on: 1 account with mail, changes are pushed; limits: 4096 objects in a get, 1000 in a set", said)

    def test_accounts_that_are_not_let_in(self):
        self.password.write_text("wrong\n")
        self.assertIn("not with this password", self.finds("GW1115 backend_user"))
        self.password.write_text("secret\n")
        self.server.user(name="gateway", locked=True)
        self.assertIn("locked", self.finds("GW1115 backend_user"))

    def test_session_objects_that_are_none(self):
        def answers(text, *expected):
            s = Once([b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", b"HTTP/1.1 200 OK\r\n"
                      b"Content-Type: application/json\r\nConnection: close\r\n\r\n" + text])
            self.addCleanup(s.close)
            return self.finds(*expected, server_socket="http://127.0.0.1:%d/" % s.port)
        self.assertIn("is not JSON", answers(b"<html>", "GW1114 server_socket"))
        self.assertIn("not for mail", answers(b'{"capabilities":{"urn:ietf:params:jmap:core":{}}}', "GW1114 server_socket"))
        mail = {"capabilities": {"urn:ietf:params:jmap:core": {}, "urn:ietf:params:jmap:mail": {}}, "accounts": {}}
        self.assertIn("no account for mail", answers(json.dumps(mail).encode(), "GW2115 backend_user"))
        mail.update(username="gateway", state="1", apiUrl="/api", downloadUrl="/d/{accountId}/{blobId}", uploadUrl="/u/{accountId}",
                    primaryAccounts={}, accounts={"a": {"name": "gateway", "isPersonal": True, "isReadOnly": False,
                                                        "accountCapabilities": {"urn:ietf:params:jmap:mail": {}}}})
        self.assertIn("maxSizeUpload is missing or 0", answers(json.dumps(mail).encode(), "GW2115 backend_user"))
        core = {n: 10 for n in ("maxSizeUpload", "maxConcurrentUpload", "maxSizeRequest", "maxConcurrentRequests", "maxCallsInRequest",
                                "maxObjectsInSet")}
        mail["capabilities"]["urn:ietf:params:jmap:core"] = dict(core, maxObjectsInGet=0)
        self.assertIn("maxObjectsInGet is missing or 0", answers(json.dumps(mail).encode(), "GW2115 backend_user"))
        mail["capabilities"]["urn:ietf:params:jmap:core"] = dict(core, maxObjectsInGet=1)
        self.assertIn("changes are not pushed", answers(json.dumps(mail).encode(), "GW3104 backend_user"))

    def test_a_server_that_is_elsewhere(self):
        s = Once([b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.2/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"])
        self.addCleanup(s.close)
        self.assertIn("redirects to another server", self.finds("GW1114 server_socket", server_socket="http://127.0.0.1:%d/" % s.port))

    def test_a_page_for_people(self):
        s = Once([b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<html>"])
        self.addCleanup(s.close)
        self.assertIn("is not JSON", self.finds("GW1114 server_socket", server_socket="http://127.0.0.1:%d/" % s.port))

    def test_a_server_that_never_answers_a_sign_on(self):
        s = Once([b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", None])
        self.addCleanup(s.close)
        self.assertIn("does not answer a sign-on", self.finds("GW2110 backend_user", server_socket="http://127.0.0.1:%d/" % s.port))

    def test_the_file_of_the_password(self):
        untried = "GW3103 backend_user"
        self.password.write_text("")
        self.assertIn("is empty", self.finds("GW1117 backend_password_file", untried))
        self.password.write_text("\nsecret\n")
        self.finds("GW1117 backend_password_file", untried)
        self.password.write_text("x" * 1023)
        self.assertIn("longer", self.finds("GW1117 backend_password_file", untried))
        self.password.write_text("secret\r\n\n")
        self.finds("GW3104 backend_user")
        self.password.write_text("secret\nother\n")
        self.assertIn("more than one line", self.finds("GW2117 backend_password_file", "GW3104 backend_user"))
        self.password.write_text("secret")
        self.password.chmod(0o644)
        self.assertIn("may read", self.finds("GW2117 backend_password_file", "GW3104 backend_user"))
        self.finds("GW1117 backend_password_file", untried, backend_password_file=self.folder / "nope")
        self.assertIn("not a regular file", self.finds("GW1117 backend_password_file", untried, backend_password_file=self.folder))

    @unittest.skipIf(os.geteuid() != 0, "only root sees what others may do")
    def test_files_of_a_user_who_may_not(self):
        self.options.update(log_file="-", ssl_certificate_file="", ssl_private_key_file="", imaps_enable="no", pop3s_enable="no",
                            disable_plaintext_auth="no")
        said = self.finds("GW1108 backend_password_file", "GW1112 mirror_path", "GW3104 backend_user", run_as_user="nobody")
        self.assertIn("may not make it", said)

    def test_the_place_of_the_mirrors(self):
        (self.folder / "file").write_text("")
        seen = "GW3104 backend_user"
        self.assertIn("not a directory", self.finds("GW1112 mirror_path", seen, mirror_path=self.folder / "file"))
        self.finds("GW1112 mirror_path", seen, mirror_path=self.folder / "a/b")
        (self.folder / "store/accounts.db").write_text("")
        self.assertIn("an embedded store", self.finds("GW1112 mirror_path", seen, mirror_path=self.folder / "store"))
        (self.folder / "mirror").mkdir(mode=0o700)
        self.assertIn("are free", self.finds("GW2119 mirror_path", seen, mirror_path=self.folder / "mirror", mirror_cache_size="1024G"))
        self.finds(seen, mirror_cache_size="1M")
        if os.path.ismount("/dev/shm"):
            self.assertIn("in memory", self.finds("GW2118 mirror_path", seen, mirror_path="/dev/shm/gateway-mirror"))


class Databases(WithServer):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.postgres = Postgres()
        cls.addClassCleanup(cls.postgres.close)

    def check(self, *expected, url=None):
        path = self.folder / "gateway.cfg"
        path.write_text("")
        path.chmod(0o600)
        return self.finds("GW3104 backend_user", *expected, state_database=url or self.postgres.url)

    def test_what_was_found_is_told(self):
        known = "GW2150 state_database"
        self.assertIn("its tables are made when a gateway comes first", self.check(known, "GW3104 state_database"))
        self.assertEqual(self.postgres.sql("SELECT to_regnamespace('gateway') IS NULL"), [["t"]])
        self.postgres.sql("CREATE SCHEMA gateway AUTHORIZATION gateway")
        self.postgres.sql("SET ROLE gateway; CREATE TABLE gateway.meta(one int, version int); INSERT INTO gateway.meta VALUES(1, 99);"
                          "CREATE TABLE gateway.account(); CREATE TABLE gateway.log(); CREATE TABLE gateway.snapshot()")
        self.assertIn("version 99", self.check(known, "GW1116 state_database"))
        self.postgres.sql("UPDATE gateway.meta SET version=1")
        self.assertRegex(self.check(known, "GW3104 state_database"), r"PostgreSQL \d+\.\d+ can be written to; its tables are of version 1")
        self.postgres.sql("REVOKE INSERT ON gateway.log FROM gateway")
        self.assertIn("may not use the tables", self.check(known, "GW1116 state_database"))
        self.postgres.sql("DROP SCHEMA gateway CASCADE; REVOKE CREATE ON DATABASE gateway FROM PUBLIC; ALTER DATABASE gateway OWNER TO postgres")
        self.assertIn("may not make them", self.check(known, "GW1116 state_database"))
        self.postgres.sql("ALTER DATABASE gateway OWNER TO gateway")

    def test_databases_that_cannot_be_reached(self):
        wrong = self.postgres.url.replace("se%3Acret", "hunter2")
        said = self.check("GW2150 state_database", "GW2116 state_database", url=wrong)
        self.assertIn("authentication failed", said)
        self.assertNotIn("hunter2", said)
        self.check("GW2116 state_database", url="postgresql://gateway@127.0.0.1:%d/gateway" % free_port())

    def test_a_password_in_a_file_for_everybody(self):
        (self.folder / "gateway.cfg").write_text("")
        (self.folder / "gateway.cfg").chmod(0o644)
        self.finds("GW3104 backend_user", "GW2150 state_database", "GW1151 state_database", "GW3104 state_database",
                  state_database=self.postgres.url)


if __name__ == "__main__":
    unittest.main()
