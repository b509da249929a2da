"""gateway.py - start and stop a throw-away gatewayd for tests, the demo and the bench.

    with Gateway() as gw:
        gw.add_user("anna", "secret")
        imap = gw.imap("anna", "secret")

Everything lives in a new folder below the system's temporary folder and is removed afterwards; listeners are on
127.0.0.1. Environment: GW_BUILD (folder of the programs), GW_MODEL (process_model), GW_KEEP=1 (keep the folder).
"""
import imaplib
import itertools
import os
import poplib
import random
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SERVICES = ("imap", "imaps", "pop3", "pop3s")


def _ports():
    """Port after port of the range that tests/run.py gives a lane (GW_PORTS), so that no two tests take the same; 0 for any.
    It begins anywhere: another run may be at it, too."""
    first, last = map(int, os.environ.get("GW_PORTS", "0-0").split("-"))
    n = last - first + 1
    begin = random.SystemRandom().randrange(n)
    return itertools.cycle(first + (begin + i) % n for i in range(n))


_PORTS = _ports()


def free_ports(n):
    """n different ones."""
    held, tries = [], 0
    try:
        while len(held) < n:
            s = socket.socket()
            try:
                s.bind(("127.0.0.1", next(_PORTS)))
                held.append(s)
            except OSError:
                s.close()
                tries += 1
                if tries > 1000:
                    raise
        return [s.getsockname()[1] for s in held]
    finally:
        for s in held:
            s.close()


def free_port():
    return free_ports(1)[0]


def until(condition, seconds=60):
    """Wait for condition() to be true; whether it became so within the limit, which only a failure reaches."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= end:
            return False
        time.sleep(0.02)
    return True


def make_certificate(folder, names=("localhost",), stem="cert"):
    """A self-signed P-256 certificate for names and 127.0.0.1: (certificate, key)."""
    cert, key = folder / (stem + ".pem"), folder / (stem + ".key")
    san = ",".join("DNS:" + n for n in names) + ",IP:127.0.0.1"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-days", "30", "-subj", "/CN=" + names[0], "-addext", "subjectAltName=" + san,
                    "-keyout", str(key), "-out", str(cert)], check=True, capture_output=True)
    return cert, key


class Gateway:
    def __init__(self, build=None, model=None, folder=None, ports=None, start_timeout=60, log_level=4, **options):
        self.build = Path(build or os.environ.get("GW_BUILD", ROOT / "build")).resolve()
        self.model = model or os.environ.get("GW_MODEL", "thread")
        self.own_folder = folder is None
        self.folder = Path(folder or tempfile.mkdtemp(prefix="gateway-"))
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = ports or dict(zip(SERVICES, free_ports(len(SERVICES))))
        self.own_ports = ports is None
        self.start_timeout = start_timeout
        self.process = None
        # The sanitizers keep shadow for each word, and freed memory for a while.
        program = (self.build / "gatewayd").read_bytes()
        self.memory_factor = 8 if b"__tsan_init" in program or b"__asan_init" in program else 1
        self.cert, self.key = make_certificate(self.folder)
        self.options = {
            "server_bind": "127.0.0.1", "server_hostname": "localhost",
            "server_socket": "local:%s" % (self.folder / "store"),
            "process_model": self.model, "run_as_user": "", "run_as_group": "",
            "running_path": str(self.folder), "pid_file": str(self.folder / "gatewayd.pid"),
            "control_socket": str(self.folder / "control.sock"),
            "ssl_certificate_file": str(self.cert), "ssl_private_key_file": str(self.key),
            "log_method": "file", "log_file": str(self.folder / "gateway.log"), "log_level": str(log_level),
            "max_connections_per_address": "0", "max_connections_per_user": "0", "metrics_listen": "",
        }
        for s in SERVICES:
            self.options[s + "_enable"] = "yes"
            self.options[s + "_port"] = str(self.port[s])
        self.options.update({k: str(v) for k, v in options.items()})

    # ---- the daemon ----
    @property
    def config(self):
        return self.folder / "gateway.cfg"

    @property
    def pid(self):
        return self.process.pid

    def write_config(self, **options):
        self.options.update({k: str(v) for k, v in options.items()})
        self.config.write_text("".join("%s = %s\n" % kv for kv in self.options.items()))

    def start(self):
        for again in (True, True, False):
            try:
                return self.start_once()
            except RuntimeError as e:
                # between choosing a port and listening on it, somebody else may have got it
                if not (again and self.own_ports and "Address already in use" in str(e)):
                    raise
            self.stop()
            for s, port in zip(SERVICES, free_ports(len(SERVICES))):
                if self.options.get(s + "_port") == str(self.port[s]):
                    self.options[s + "_port"] = str(port)
                    self.port[s] = port

    def start_once(self):
        self.write_config()
        self.stderr = open(self.folder / "stderr", "ab")
        self.process = subprocess.Popen([str(self.build / "gatewayd"), "-F", "-c", str(self.config)],
                                        stdin=subprocess.DEVNULL, stdout=self.stderr, stderr=self.stderr)
        deadline = time.monotonic() + self.start_timeout
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError("gatewayd ended at once:\n" + self.output())
            try:
                socket.create_connection((self.options.get("server_bind", "127.0.0.1"), self.port["imap"]), 1).close()
                with socket.socket(socket.AF_UNIX) as control:  # it is there a moment before it listens
                    control.connect(str(self.options["control_socket"]))
                return self
            except OSError:
                pass
            time.sleep(0.01)
        raise RuntimeError("gatewayd does not answer:\n" + self.output())

    def output(self):
        text = ""
        for name in ("stderr", "gateway.log"):
            path = self.folder / name
            if path.exists():
                text += path.read_text(errors="replace")[-4000:]
        return text

    def stop(self, sig=signal.SIGTERM, timeout=60):
        """End the daemon; its exit status."""
        if not self.process:
            return None
        if self.process.poll() is None:
            self.process.send_signal(sig)
        try:
            status = self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = self.process.wait()
        self.process = None
        self.stderr.close()
        return status

    def __enter__(self):
        return self.start()

    def __exit__(self, kind, value, trace):
        if kind:
            print(self.output())
        self.stop()
        self.remove()

    def remove(self):
        if self.own_folder and not os.environ.get("GW_KEEP"):
            shutil.rmtree(self.folder, ignore_errors=True)

    def log(self):
        path = Path(self.options["log_file"])
        return path.read_text(errors="replace") if path.exists() else ""

    # ---- the admin shell ----
    def gwctl(self, *args, text="", check=True):
        p = subprocess.run([str(self.build / "gwctl"), "-s", self.options["control_socket"], *args], input=text,
                           capture_output=True, text=True, timeout=120)
        if check and p.returncode:
            raise RuntimeError("gwctl %s: %d %s%s" % (" ".join(args), p.returncode, p.stdout, p.stderr))
        return p

    def add_user(self, name, password):
        self.gwctl("user", "add", name, text=password + "\n")

    # ---- clients ----
    def tls_context(self):
        return ssl.create_default_context(cafile=str(self.cert))

    def imap(self, user=None, password=None, tls=False, starttls=False):
        if tls:
            c = imaplib.IMAP4_SSL("localhost", self.port["imaps"], ssl_context=self.tls_context(), timeout=60)
        else:
            c = imaplib.IMAP4("127.0.0.1", self.port["imap"], timeout=60)
            if starttls:
                c.host = "localhost"
                c.starttls(self.tls_context())
        if user:
            c.login(user, password)
        return c

    def pop3(self, user=None, password=None, tls=False, stls=False):
        if tls:
            c = poplib.POP3_SSL("localhost", self.port["pop3s"], context=self.tls_context(), timeout=60)
        else:
            c = poplib.POP3("localhost" if stls else "127.0.0.1", self.port["pop3"], timeout=60)
            if stls:
                c.stls(self.tls_context())
        if user:
            c.user(user)
            c.pass_(password)
        return c


class TwoGateways:
    """Part of a test case: two gateways on one store, the second with the other process model."""

    OPTIONS = {}

    @classmethod
    def setUpClass(cls):
        cls.gw = Gateway(**cls.OPTIONS).start()
        other = "fork" if cls.gw.model == "thread" else "thread"
        cls.gw2 = Gateway(model=other, server_socket=cls.gw.options["server_socket"], **cls.OPTIONS).start()

    @classmethod
    def tearDownClass(cls):
        cls.gw2.stop()
        cls.gw.stop()
        cls.gw2.remove()
        cls.gw.remove()


class Wire:
    """A bare connection that sends and reads lines, for what client libraries would not say."""

    def __init__(self, gateway, service="imap", timeout=60):
        self.s = socket.create_connection(("127.0.0.1", gateway.port[service]), timeout)
        if service.endswith("s") and service != "pop3" or service == "imaps":
            self.s = gateway.tls_context().wrap_socket(self.s, server_hostname="localhost")
        self.buffer = b""
        self.greeting = self.line()

    def send(self, data):
        self.s.sendall(data)

    def line(self):
        """One line with its CRLF; b"" at the end of the stream."""
        while b"\n" not in self.buffer:
            piece = self.s.recv(65536)
            if not piece:
                rest, self.buffer = self.buffer, b""
                return rest
            self.buffer += piece
        line, _, self.buffer = self.buffer.partition(b"\n")
        return line + b"\n"

    def until(self, prefix):
        """All lines up to and with the first that begins with prefix."""
        lines = []
        while True:
            lines.append(self.line())
            if lines[-1].startswith(prefix) or lines[-1] == b"":
                return lines

    def command(self, tag, text):
        self.send(b"%s %s\r\n" % (tag, text))
        return self.until(tag + b" ")

    def closed(self):
        """Read to the end of the stream; what came."""
        data, self.buffer = self.buffer, b""
        try:
            while True:
                piece = self.s.recv(65536)
                if not piece:
                    return data
                data += piece
        except ConnectionResetError:
            return data

    def close(self):
        self.s.close()
