#!/usr/bin/env python3
"""run.py - run every test program, with progress, and end with counts.

  run.py [--build DIR] [--only RE] [--skip RE] [--lanes N] [--list]

A test is
  unit/MODULE/test_X   a libcheck program          conv/FILE.conv   a conversation with the session object
  fuzz/NAME            a parser over its corpus    wire/FILE.MODEL  a Python script against the real daemon, with
                                                                    process_model thread and fork
  tool/X               gwcfg or gwctl from Python, once
--only and --skip match these names ("slow" matches the ones that take long, "again" those with process_model fork that have
nothing to tell then but what they tell with threads). Most tests wait more than they compute, so three run at
a time unless --lanes says otherwise; each lane has TCP ports of its own. A line is printed when a test ends. The last line counts
tests: "N passed, N failed". Output of a test is shown when it fails.
"""
import argparse
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TIMEOUT_S = 1200
PORTS = range(12000, 32000)  # below those that the system gives to clients
SLOW = re.compile(r"wire/(crash|corpus|clients|install|secrets)|tool/(ansible|puppet)")
PROCESSES = "accounts|attack_resources|basics|control|crowd|drain|hostile|kill|model|reload|sessions|trouble"
AGAIN = re.compile(r"wire/(?!(%s)\.).*\.fork" % PROCESSES)
WORDS = {"slow": SLOW, "again": AGAIN}


def discover(build):
    """Yield (name, argv, env) of every test."""
    tests = build / "tests"
    for source in sorted(ROOT.glob("tests/unit/*/test_*.c")):
        rel = source.relative_to(ROOT / "tests").with_suffix("")
        yield str(rel), [str(tests / rel)], {}
    for conv in sorted(ROOT.glob("tests/conv/*.conv")):
        yield "conv/" + conv.name, [str(tests / "conv/conv"), str(conv)], {}
    for source in sorted(ROOT.glob("tests/fuzz/fuzz_*.c")):
        name = source.stem[len("fuzz_"):]
        corpus = ROOT / "tests/fuzz/corpus" / name
        yield "fuzz/" + name, [str(tests / "fuzz" / ("replay_" + name)), str(corpus)], {}
    for script in sorted(ROOT.glob("tests/tool/test_*.py")):
        yield ("tool/" + script.stem.removeprefix("test_"), [sys.executable, str(script)], {"GW_BUILD": str(build)})
    for script in sorted(ROOT.glob("tests/wire/test_*.py")):
        stem = script.stem[len("test_"):]
        for model in ("thread", "fork"):
            yield ("wire/%s.%s" % (stem, model), [sys.executable, str(script)],
                   {"GW_BUILD": str(build), "GW_MODEL": model})


def matches(pattern, name):
    """Does a test have the name, or what one of the words stands for?"""
    return re.search(pattern, name) or any(w in WORDS and WORDS[w].match(name) for w in pattern.split("|"))


def run_one(argv, env):
    """Run one test; (ok, output)."""
    full = dict(os.environ, PYTHONDONTWRITEBYTECODE="1", **env)
    full.setdefault("CK_DEFAULT_TIMEOUT", "30")  # libcheck has 4 s, little under a sanitizer
    full.setdefault("CK_TIMEOUT_MULTIPLIER", "4")  # of what cases say themselves, too: slow machines
    full.setdefault("ASAN_OPTIONS", "detect_leaks=1:abort_on_error=0")
    full.setdefault("UBSAN_OPTIONS", "print_stacktrace=1")
    full.setdefault("TSAN_OPTIONS", "halt_on_error=0:exitcode=66:suppressions=%s" % (ROOT / "tests/tsan.supp"))
    try:
        p = subprocess.Popen(argv, cwd=ROOT, env=full, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, start_new_session=True)
    except OSError as e:
        return False, str(e)
    try:
        out, _ = p.communicate(timeout=TIMEOUT_S)
    except subprocess.TimeoutExpired:
        os.killpg(p.pid, signal.SIGKILL)
        out, _ = p.communicate()
        return False, out.decode("utf-8", "replace") + "\nstopped after %d s" % TIMEOUT_S
    return p.returncode == 0, out.decode("utf-8", "replace")


def detail(out):
    """The one figure of a test's own summary that is worth a place in the progress line."""
    m = re.findall(r"Checks: (\d+)", out)
    if m:
        return "%s checks" % sum(map(int, m))
    m = re.findall(r"^Ran (\d+) tests?", out, re.M) or re.findall(r"^(\d+) inputs$", out, re.M)
    return "%s %s" % (m[-1], "inputs" if "inputs" in out else "cases") if m else ""


def run_all(chosen, lanes):
    """Run them in so many lanes; (how many passed, names of those that failed)."""
    left, lock, ended, failed = iter(chosen), threading.Lock(), [], []

    def report(name, ok, out, seconds):
        ended.append(name)
        print("[%3d/%d] %-40s %s %6.1f s  %s" % (len(ended), len(chosen), name, "ok    " if ok else "FAILED", seconds, detail(out)),
              flush=True)
        if not ok:
            failed.append(name)
            print("\n".join("    | " + line for line in out.splitlines()[-60:]), flush=True)

    def lane(number):
        share = len(PORTS) // lanes
        ports = {"GW_PORTS": "%d-%d" % (PORTS[number * share], PORTS[(number + 1) * share - 1])}
        while True:
            with lock:
                name, argv, env = next(left, (None, None, None))
            if not name:
                return
            t0 = time.monotonic()
            ok, out = run_one(argv, dict(env, **ports))
            with lock:
                report(name, ok, out, time.monotonic() - t0)

    threads = [threading.Thread(target=lane, args=(i,), daemon=True) for i in range(lanes)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return len(ended) - len(failed), failed


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--build", default="build")
    ap.add_argument("--only", default="")
    ap.add_argument("--skip", default="")
    ap.add_argument("--lanes", type=int, default=3)
    ap.add_argument("--list", action="store_true")
    opt = ap.parse_args()
    chosen = [t for t in discover(Path(opt.build).resolve())
              if (not opt.only or matches(opt.only, t[0])) and not (opt.skip and matches(opt.skip, t[0]))]
    if opt.list:
        print("\n".join(t[0] for t in chosen))
        return 0
    began = time.monotonic()
    passed, failed = run_all(chosen, max(1, opt.lanes))
    for name in failed:
        print("failed: " + name)
    print("%.0f s" % (time.monotonic() - began))
    print("%d passed, %d failed" % (passed, len(failed)))
    return 1 if failed or not chosen else 0


if __name__ == "__main__":
    sys.exit(main())
