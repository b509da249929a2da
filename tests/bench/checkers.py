#!/usr/bin/env python3
"""checkers.py - gwcfg check beside the checkers of other servers, and with very large configurations.

  checkers.py --build DIR [--runs 200] [--only RE] [--json FILE]

Whole processes, from exec to exit, one of each in turn so that a busy machine is busy for all; the median counts. Ratio:
how many times longer than gwcfg. "default" is the configuration that Debian's package ships (for us etc/gateway.cfg, for
named a file of the same kind), "minimal" a few lines. Memory is the peak of resident pages.
"""
import argparse
import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
MINIMAL = {
    "gateway.cfg": "server_socket = local:/var/lib/gateway\ndisable_plaintext_auth = yes\nlog_file = -\n",
    "ciphers.cfg": "server_socket = local:/var/lib/gateway\nlog_file = -\nssl_ciphers = HIGH:!aNULL\n",
    "dovecot.conf": "protocols =\nssl = no\nlog_path = /dev/stderr\n",
    "haproxy.cfg": "defaults\n  mode tcp\n  timeout connect 5s\n  timeout client 30s\n  timeout server 30s\n"
                   "listen imap\n  bind 127.0.0.1:1143\n  server a 127.0.0.1:143\n",
    "named.conf": 'options {\n  directory "%(folder)s";\n  recursion no;\n  listen-on { 127.0.0.1; };\n};\n',
    "nginx.conf": "pid %(folder)s/nginx.pid;\nerror_log stderr;\nevents { }\nhttp {\n  access_log off;\n"
                  "  server { listen 127.0.0.1:8080; return 204; }\n}\n",
}
NAMED = """acl inside { 127.0.0.0/8; 10.0.0.0/8; };
options { directory "%(folder)s"; dnssec-validation auto; listen-on-v6 { any; }; allow-query { inside; }; };
logging { channel all { file "named.log" versions 3 size 5m; severity info; print-time yes; }; category default { all; }; };
zone "example.org" { type primary; file "db.example.org"; allow-transfer { none; }; };
zone "127.in-addr.arpa" { type primary; file "db.127"; };
"""


def checkers(gwcfg, folder):
    """(set of configurations, name, argv) of every checker."""
    for name, text in MINIMAL.items():
        (folder / name).write_text(text % {"folder": folder})
    (folder / "named.default").write_text(NAMED % {"folder": folder})
    f = {name: str(folder / name) for name in MINIMAL}
    return [
        ("default", "gwcfg check", [gwcfg, "check", str(ROOT / "etc/gateway.cfg")]),
        ("default", "doveconf -n", ["doveconf", "-n"]),
        ("default", "haproxy -c", ["haproxy", "-c", "-q", "-f", "/etc/haproxy/haproxy.cfg"]),
        ("default", "named-checkconf", ["named-checkconf", str(folder / "named.default")]),
        ("default", "nginx -t", ["nginx", "-t", "-q"]),
        ("minimal", "gwcfg check", [gwcfg, "check", f["gateway.cfg"]]),
        ("minimal", "gwcfg, ciphers", [gwcfg, "check", f["ciphers.cfg"]]),  # has to ask libssl
        ("minimal", "doveconf -n", ["doveconf", "-n", "-c", f["dovecot.conf"]]),
        ("minimal", "haproxy -c", ["haproxy", "-c", "-q", "-f", f["haproxy.cfg"]]),
        ("minimal", "named-checkconf", ["named-checkconf", f["named.conf"]]),
        ("minimal", "nginx -t", ["nginx", "-t", "-q", "-p", str(folder), "-c", f["nginx.conf"]]),
        ("minimal", "true", ["/bin/true"]),
    ]


def run(spawn, argv):
    """(wall ms, CPU ms, peak MiB) of one run; it must succeed."""
    done = subprocess.run([spawn, *argv], capture_output=True, text=True, check=True)
    wall, cpu, rss, code = map(int, done.stdout.split())
    if code != 0:
        again = subprocess.run(argv, capture_output=True, text=True)
        raise RuntimeError("%s ended with %d\n%s%s" % (" ".join(argv), code, again.stdout[-2000:], again.stderr[-2000:]))
    return wall / 1000, cpu / 1000, rss / 1024


def side_by_side(spawn, rows, runs):
    """Median, tenth percentile and memory of every row, run in turn."""
    times = [[] for _ in rows]
    peak = [0.0] * len(rows)
    for i in range(runs + 2):
        for r, (_, _, argv) in enumerate(rows):
            wall, _, rss = run(spawn, argv)
            if i >= 2:  # the first ones fill the page cache
                times[r].append(wall)
            peak[r] = max(peak[r], rss)
    return [(kind, name, statistics.median(t), sorted(t)[len(t) // 10], rss) for (kind, name, _), t, rss in zip(rows, times, peak)]


def print_table(measured):
    ours = {kind: median for kind, name, median, _, _ in measured if name == "gwcfg check"}
    print("%-8s %-16s %10s %10s %10s %8s" % ("", "", "median ms", "p10 ms", "peak MiB", "ratio"))
    for kind, name, median, low, rss in measured:
        print("%-8s %-16s %10.2f %10.2f %10.1f %8.2f" % (kind, name, median, low, rss, median / ours[kind]))


# ---- very large ones ----

def flat(folder, n):
    for i in range(n):
        (folder / ("%d.cfg" % i)).write_text("imap_timeout = %d\n" % (1800 + i))
    (folder / "main").write_text(MINIMAL["gateway.cfg"] + "".join("!include %d.cfg\n" % i for i in range(n)))


def chain(folder, n):
    (folder / "main").write_text(MINIMAL["gateway.cfg"] + "!include 0.cfg\n")
    for i in range(n):
        (folder / ("%d.cfg" % i)).write_text("imap_timeout = %d\n" % (1800 + i) +
                                             ("!include %d.cfg\n" % (i + 1) if i + 1 < n else ""))


def directory(folder, n):
    (folder / "conf.d").mkdir()
    for i in range(n):
        (folder / ("conf.d/%05d.cfg" % i)).write_text("imap_timeout = %d\n" % (1800 + i))
    (folder / "main").write_text(MINIMAL["gateway.cfg"] + "!include conf.d\n")


def values(folder, mb):
    with open(folder / "main", "w") as f:
        f.write(MINIMAL["gateway.cfg"])
        block = "".join("imap_timeout = %d\nlog_level = %d\n# a remark of somebody about line %d\n\n" % (1800 + i, i % 6, i)
                        for i in range(10000))
        for _ in range(mb * 1000000 // len(block) + 1):
            f.write(block)


def comments(folder, mb):
    with open(folder / "main", "w") as f:
        f.write(MINIMAL["gateway.cfg"])
        block = "# %s\n" % ("x" * 97) * 10000
        for _ in range(mb):
            f.write(block)


LARGE = [("includes, flat", flat, (1000, 10000, 40000), ""), ("includes, a chain", chain, (1000, 10000, 40000), ""),
         ("includes, a directory", directory, (1000, 10000, 40000), ""), ("values", values, (10, 100, 200), "MB"),
         ("comments", comments, (10, 100, 200), "MB")]


def large(spawn, gwcfg, out):
    print("\n%-22s %10s %10s %10s %10s %12s" % ("", "size", "wall ms", "CPU ms", "peak MiB", "CPU us/unit"))
    for name, make, sizes, unit in LARGE:
        for n in sizes:
            folder = Path(tempfile.mkdtemp(prefix="gateway-"))
            try:
                make(folder, n)
                runs = [run(spawn, [gwcfg, "check", str(folder / "main")]) for _ in range(3)]
            finally:
                shutil.rmtree(folder)
            wall, cpu, rss = min(r[0] for r in runs), min(r[1] for r in runs), max(r[2] for r in runs)
            out.append((name, n, wall, cpu, rss))
            print("%-22s %10s %10.1f %10.1f %10.1f %12.1f" % (name, ("%d %s" % (n, unit)).strip(), wall, cpu, rss,
                                                            cpu * 1000 / n), flush=True)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--build", default="build")
    ap.add_argument("--runs", type=int, default=200)
    ap.add_argument("--only", default="")
    ap.add_argument("--json")
    opt = ap.parse_args()
    build = Path(opt.build).resolve()
    gwcfg, spawn = str(build / "gwcfg"), str(build / "tests/bench/spawn")
    result = {"checkers": [], "large": []}
    folder = Path(tempfile.mkdtemp(prefix="gateway-"))
    try:
        if re.search(opt.only, "checkers"):
            rows = checkers(gwcfg, folder)
            missing = sorted({argv[0] for _, _, argv in rows if not shutil.which(argv[0])})
            if missing:
                print("not there: %s (`make deps-bench' installs them)" % " ".join(missing))
            result["checkers"] = side_by_side(spawn, [r for r in rows if r[2][0] not in missing], opt.runs)
            print_table(result["checkers"])
    finally:
        shutil.rmtree(folder)
    if re.search(opt.only, "large"):
        large(spawn, gwcfg, result["large"])
    if opt.json:
        Path(opt.json).write_text(json.dumps(result, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
