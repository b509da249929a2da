#!/usr/bin/env python3
"""control.py - what it costs to look at a service with many sessions, and what clients notice of it.

  control.py --build DIR [--sessions 2000] [--noops 4000] [--models thread,fork] [--malformed 1000000] [--json FILE]

For each process model: that many idle IMAP sessions; how long `gwctl session list` takes, from start to end of the
program, as a table and as JSON (best and median of 15); a client's NOOP, p50 and p99, while nobody looks, and while one
program asks for the list over and over; and what a million malformed requests change, which must be nothing.
Figures of a quiet machine only: on a loaded one the quiet p99 is noise.
"""
import argparse
import json
import multiprocessing
import resource
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import Gateway, Wire  # noqa: E402
from malformed import Control, flood, state  # noqa: E402

RUNS = 15
USERS = ("anna", "berta", "carl")


def connect(gw, n):
    """n sessions that are signed on and idle."""
    idle = []
    for i in range(n):
        s = socket.create_connection(("127.0.0.1", gw.port["imap"]))
        s.recv(4096)
        s.sendall(b"a LOGIN %s x\r\n" % USERS[i % len(USERS)].encode())
        idle.append(s)
        if len(idle) % 50 == 0:  # a batch at a time is under way
            for late in idle[-50:]:
                late.recv(4096)
    for late in idle[n - n % 50:]:
        late.recv(4096)
    return idle


def run(gw, *words):
    argv = [str(gw.build / "gwctl"), "-s", gw.options["control_socket"], *words]
    times = []
    for _ in range(RUNS):
        t = time.perf_counter()
        out = subprocess.run(argv, capture_output=True, check=True).stdout
        times.append((time.perf_counter() - t) * 1000)
    return {"best_ms": round(min(times), 1), "median_ms": round(statistics.median(times), 1), "lines": out.count(b"\n")}


def noops(gw, n):
    """Microseconds of NOOP, one after the other, with the client's own pause between them."""
    w = Wire(gw)
    w.send(b"a LOGIN anna x\r\n")
    w.until(b"a ")
    times = []
    for i in range(n):
        t = time.perf_counter()
        w.send(b"b NOOP\r\n")
        w.until(b"b ")
        times.append((time.perf_counter() - t) * 1e6)
        time.sleep(0.0005)
    w.s.close()
    times.sort()
    return {"p50_us": round(times[n // 2]), "p99_us": round(times[n * 99 // 100])}


def look(path, stop, lists):
    """A program that asks for the list of all sessions, reads it, and asks again, ten times a second."""
    c = Control(path)
    while not stop.is_set():
        c.send(b"session list\n")
        c.answer()
        lists.value += 1
        stop.wait(0.1)


def noticed(gw, n):
    stop, lists = multiprocessing.Event(), multiprocessing.Value("Q", 0)
    quiet = noops(gw, n)
    p = multiprocessing.Process(target=look, args=(gw.options["control_socket"], stop, lists))
    p.start()
    busy = noops(gw, n)
    stop.set()
    p.join()
    again = noops(gw, n)
    base = max(quiet["p99_us"], again["p99_us"])
    return {"quiet": quiet, "while_listing": busy, "quiet_again": again, "lists": lists.value,
            "p99_ratio": round(busy["p99_us"] / base, 2)}


def measure(opt, model):
    with Gateway(build=opt.build, model=model, log_level=2, max_connections=opt.sessions + 100) as gw:
        for name in USERS:
            gw.add_user(name, "x")
        idle = connect(gw, opt.sessions)
        result = {"sessions": opt.sessions, "table": run(gw, "session", "list"), "json": run(gw, "--json", "session", "list"),
                  "full": run(gw, "--json", "session", "list", "full=yes"), "who": run(gw, "who"), "noop": noticed(gw, opt.noops)}
        if opt.malformed:
            before, t = state(gw), time.perf_counter()
            flood(gw.options["control_socket"], opt.malformed)
            result["malformed"] = {"requests": opt.malformed, "seconds": round(time.perf_counter() - t, 1),
                                   "before": before, "after": state(gw)}
        for s in idle:
            s.close()
    return result


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--build", type=Path, default=Path("build"))
    ap.add_argument("--sessions", type=int, default=2000)
    ap.add_argument("--noops", type=int, default=4000)
    ap.add_argument("--models", default="thread,fork")
    ap.add_argument("--malformed", type=int, default=1000000)
    ap.add_argument("--json", type=Path)
    opt = ap.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 2 * opt.sessions + 1000), hard))
    results = {}
    for model in opt.models.split(","):
        results[model] = measure(opt, model)
        print(model, json.dumps(results[model], indent=1), flush=True)
    if opt.json:
        opt.json.write_text(json.dumps(results, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
