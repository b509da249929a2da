#!/usr/bin/env python3
"""bench.py - gatewayd beside Debian's Dovecot, in the same run, as ratios.

  bench.py --build DIR [--only RE] [--n 10000] [--rounds 3] [--no-dovecot] [--json FILE]

Both listen on 127.0.0.1 and keep their mail in throw-away folders. Each metric is run on both servers in turn, the best of
the rounds counts (a noisy machine only makes figures worse). Ratio: how many times better gatewayd is.
"""
import argparse
import json
import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import Gateway, free_port, make_certificate  # noqa: E402

USERS = 420


class GatewayServer:
    name = "gatewayd"

    def __init__(self, build):
        self.gw = Gateway(build=build, log_level=2)
        self.gw.start()
        script = "".join("u%04d\n" % i for i in range(1, USERS + 1))
        for user in script.split():
            self.gw.add_user(user, "pw")
        self.port = self.gw.port

    def pids(self):
        return [self.gw.pid]

    def stop(self):
        self.gw.stop()
        self.gw.remove()


class Dovecot:
    name = "dovecot"

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="bench-dovecot-", dir="/var/tmp"))
        self.port = {s: free_port() for s in ("imap", "imaps", "pop3", "pop3s")}
        cert, key = make_certificate(self.folder)
        mail = self.folder / "mail"
        mail.mkdir()
        user = pwd.getpwnam("mail")
        os.chown(mail, user.pw_uid, user.pw_gid)
        self.folder.chmod(0o755)
        listeners = "\n".join(
            "service %s-login {\n  service_count = 0\n  process_min_avail = 1\n"
            "  inet_listener %s {\n    address = 127.0.0.1\n    port = %d\n  }\n"
            "  inet_listener %ss {\n    address = 127.0.0.1\n    port = %d\n    ssl = yes\n  }\n}" %
            (p, p, self.port[p], p, self.port[p + "s"]) for p in ("imap", "pop3"))
        (self.folder / "dovecot.conf").write_text("""
base_dir = %(d)s/run
state_dir = %(d)s/state
log_path = %(d)s/log
protocols = imap pop3
ssl = yes
ssl_cert = <%(c)s
ssl_key = <%(k)s
disable_plaintext_auth = no
mail_location = mdbox:%(d)s/mail/%%u
mail_uid = %(uid)d
mail_gid = %(gid)d
first_valid_uid = 1
first_valid_gid = 1
auth_cache_size = 10M
mail_max_userip_connections = 0
passdb {
  driver = static
  args = password=pw
}
userdb {
  driver = static
  args = uid=%(uid)d gid=%(gid)d home=%(d)s/mail/%%u
}
protocol imap {
  mail_plugins = imap_zlib
}
service imap {
  service_count = 1000
  client_limit = 1
  process_limit = 2000
}
service anvil {
  client_limit = 8000
}
service auth {
  client_limit = 8000
}
%(l)s
""" % dict(d=self.folder, c=cert, k=key, uid=user.pw_uid, gid=user.pw_gid, l=listeners))
        self.process = subprocess.Popen(["dovecot", "-F", "-c", str(self.folder / "dovecot.conf")])
        time.sleep(2)
        if self.process.poll() is not None:
            raise RuntimeError("dovecot did not start")

    def pids(self):
        out, todo = [], [self.process.pid]
        children = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                children.setdefault(int(stat.read_text().rsplit(")", 1)[1].split()[1]), []).append(int(stat.parent.name))
            except OSError:
                pass
        while todo:
            pid = todo.pop()
            out.append(pid)
            todo += children.get(pid, [])
        return out

    def stop(self):
        self.process.terminate()
        self.process.wait(30)
        shutil.rmtree(self.folder, ignore_errors=True)


def pss_kib(pids):
    total = 0
    for pid in pids:
        try:
            text = Path("/proc/%d/smaps_rollup" % pid).read_text()
            total += int(re.search(r"^Pss:\s+(\d+)", text, re.M).group(1))
        except OSError:
            pass
    return total


META = "FETCH 1:* (FLAGS UID ENVELOPE BODYSTRUCTURE)"
HEADERS = ("FETCH 1:* (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS"
           " (From To Cc Subject Date Message-ID References)])")


def steps(n):
    """(group, port, arguments of loadgen, once)."""
    yield "login_plain_20", "imap", ["login", "conns=20"], False
    yield "login_tls_20", "imaps", ["login", "conns=20"], False
    yield "login_tls_resume_20", "imaps", ["login", "conns=20", "resume=1"], False
    yield "fill", "imap", ["fill", "n=%d" % n], True
    yield "meta", "imap", ["command", "command=" + META], False
    yield "flags", "imap", ["command", "command=FETCH 1:* (UID FLAGS)"], False
    yield "headers", "imap", ["command", "command=" + HEADERS], False
    yield "body_plain", "imap", ["command", "command=FETCH 1:* (BODY.PEEK[])"], False
    yield "body_tls", "imaps", ["command", "command=FETCH 1:* (BODY.PEEK[])"], False
    yield "select", "imap", ["command", "command=SELECT INBOX", "unit=ms", "repeat=20"], False
    for name, text in (("unseen", "UNSEEN"), ("subject", "SUBJECT zanzibar"), ("from", "FROM sender7@example.org"),
                       ("text", "TEXT zanzibar"), ("body", "BODY quokka")):
        yield "search_" + name, "imap", ["command", "command=SEARCH " + text, "unit=ms"], False
    for name, text in (("sort_date", "SORT (REVERSE DATE)"), ("sort_subject", "SORT (SUBJECT)"), ("sort_from", "SORT (FROM)"),
                       ("thread_references", "THREAD REFERENCES"), ("thread_subject", "THREAD ORDEREDSUBJECT")):
        yield name, "imap", ["command", "command=%s UTF-8 ALL" % text, "unit=ms"], False
    yield "pop3_plain", "pop3", ["pop3"], False
    yield "pop3_pipelined", "pop3", ["pop3", "pipeline=32"], False
    yield "pop3_tls", "pop3s", ["pop3"], False
    yield "store", "imap", ["store", "n=%d" % n], True
    yield "append_1", "imap", ["append", "conns=1"], False
    yield "append_8", "imap", ["append", "conns=8"], False
    yield "noop_roundtrip", "imap", ["noop"], False
    yield "noop_tls", "imaps", ["noop"], False
    yield "noop_pipelined", "imap", ["noop", "n=200000", "pipeline=100"], False
    yield "idle_fanout", "imap", ["fanout"], True


def loadgen(build, server, port, label, args):
    argv = [str(Path(build) / "tests/bench/loadgen"), args[0], "port=%d" % server.port[port],
            "tls=%d" % port.endswith("s"), "label=" + label] + args[1:]
    p = subprocess.run(argv, capture_output=True, text=True, timeout=1800)
    return [json.loads(line) for line in p.stdout.splitlines() if line.startswith("{")]


def memory(build, server, port, conns):
    """KiB of PSS that one more selected, silent session costs."""
    before = pss_kib(server.pids())
    p = subprocess.Popen([str(Path(build) / "tests/bench/loadgen"), "hold", "port=%d" % server.port[port],
                          "tls=%d" % (port == "imaps"), "conns=%d" % conns], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    p.stdout.readline()
    time.sleep(3)
    value = (pss_kib(server.pids()) - before) / conns
    p.communicate("\n", timeout=60)
    return value


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--build", default="build/bench")
    ap.add_argument("--only", default="")
    ap.add_argument("--n", type=int, default=10000)
    ap.add_argument("--rounds", type=int, default=3)
    ap.add_argument("--no-dovecot", action="store_true")
    ap.add_argument("--json")
    opt = ap.parse_args()
    servers = [GatewayServer(opt.build)]
    if not opt.no_dovecot:
        if not shutil.which("dovecot"):
            print("dovecot is not installed: run `make deps-bench', or BENCH_ARGS=--no-dovecot for our own figures")
            servers[0].stop()
            return 1
        servers.append(Dovecot())
    best, units = {}, {}
    try:
        for label, port, args, once in steps(opt.n):
            if not re.search(opt.only, label) and label != "fill":
                continue
            for _ in range(1 if once else opt.rounds):
                for s in servers:
                    for row in loadgen(opt.build, s, port, label, args):
                        if "error" in row:
                            print("%-20s %-9s %s" % (label, s.name, row["error"]), flush=True)
                            continue
                        key = (row["metric"], s.name)
                        units[row["metric"]] = row["unit"]
                        better = min if row["unit"] == "ms" else max
                        best[key] = better(best.get(key, row["value"]), row["value"])
            for metric in [m for m in units if m == label or label == "store"]:
                show(metric, best, units, servers)
        for port, label in (("imap", "memory_plain"), ("imaps", "memory_tls")):
            if re.search(opt.only, label):
                units[label] = "KiB"
                for s in servers:
                    best[label, s.name] = memory(opt.build, s, port, 200)
                show(label, best, units, servers)
    finally:
        for s in servers:
            s.stop()
    if opt.json:
        Path(opt.json).write_text(json.dumps([{"metric": m, "server": s, "value": v, "unit": units[m]}
                                              for (m, s), v in best.items()], indent=1))
    return 0


def show(metric, best, units, servers):
    values = [best.get((metric, s.name)) for s in servers]
    if None in values or (metric, "shown") in best:
        return
    line = "%-20s" % metric + "".join("  %s %12.2f" % (s.name, v) for s, v in zip(servers, values)) + " " + units[metric]
    if len(values) == 2 and min(values) > 0:
        ratio = values[1] / values[0] if units[metric] in ("ms", "KiB") else values[0] / values[1]
        line += "   ratio %.2f" % ratio
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
