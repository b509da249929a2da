#!/usr/bin/env python3
"""large.py - a mailbox of 100,000 messages: gatewayd beside Debian's Dovecot and Cyrus, in the same run, as ratios.

  large.py --build DIR [--n 100000] [--ears 1000] [--rounds 3] [--only RE] [--without dovecot,cyrus]

All listen on 127.0.0.1 and keep their mail in throw-away folders. What is measured: SEARCH, SORT and THREAD, coming back to
the mailbox with QRESYNC after 100 changes, telling a change to 1,000 sessions in IDLE or with NOTIFY, and FETCH inside
COMPRESS=DEFLATE. "cold" is the first such command ever, the others are the best of the rounds, each in a session of its own.
Ratio: how many times better than the better of the others gatewayd is.
"""
import argparse
import re
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import cyrus  # noqa: E402
from bench import Dovecot, GatewayServer, loadgen  # noqa: E402

READER, EARS = 31, 21  # numbers of the users whose mailboxes are used


class Cyrus:
    name = "cyrus"

    def __init__(self, ears):
        self.server = cyrus.Cyrus(users=["u%04d" % i for i in (READER, EARS)], on_disk=True, children=ears + 20)
        self.server.start()
        self.port = {"imap": self.server.imap_port}

    def stop(self):
        self.server.stop()
        shutil.rmtree(self.server.folder, ignore_errors=True)


def command(text, unit, **more):
    return ["command", "command=" + text, "unit=" + unit, "repeat=1"] + ["%s=%s" % item for item in more.items()]


def steps(n, ears):
    """(label, arguments of loadgen, kind): "once" changes the mailbox, "cold" is measured the first time, too."""
    yield "fill", ["fill", "n=%d" % n, "size=3000", "together=250"], "once"
    for name, key in (("flag", "FLAGGED"), ("unseen", "UNSEEN"), ("uid", "UID %d:*" % (n - 100)), ("size", "LARGER 20000"),
                      ("since", "SINCE 1-Jan-2020"), ("subject", "SUBJECT zanzibar"), ("from", "FROM sender7@example.org"),
                      ("header", "HEADER Message-ID %d.bench" % (n // 2)), ("other_header", "HEADER Received %d.bench" % n),
                      ("body", "BODY quokka"), ("text", "TEXT zanzibar"), ("nothing", "BODY xylograph")):
        yield "search_" + name, command("SEARCH " + key, "ms"), "cold"
    for name, text in (("sort_arrival", "SORT (ARRIVAL)"), ("sort_date", "SORT (REVERSE DATE)"), ("sort_subject", "SORT (SUBJECT)"),
                       ("sort_from", "SORT (FROM)"), ("thread_references", "THREAD REFERENCES"),
                       ("thread_subject", "THREAD ORDEREDSUBJECT")):
        yield name, command(text + " UTF-8 ALL", "ms"), "cold"
    yield "compress_bodies", command("FETCH 1:%d (BODY.PEEK[])" % min(n, 10000), "msg/s", compress=1), "warm"
    yield "compress_envelopes", command("FETCH 1:%d (UID FLAGS ENVELOPE)" % n, "msg/s", compress=1), "warm"
    yield "qresync_100_changes", ["qresync", "n=%d" % n, "changes=100"], "once"
    yield "idle_fanout", ["fanout", "conns=%d" % ears], "once"
    yield "notify_fanout", ["fanout", "conns=%d" % ears, "notify=1", "patience=20"], "once"


def measure(build, server, label, args):
    """(figure, unit), or why there is none."""
    rows = loadgen(build, server, "imap", label, args)
    row = rows[0] if rows else {"error": "no answer"}
    return (None, row["error"]) if "error" in row else (row["value"], row["unit"])


def show(label, servers, figures, unit):
    ours, others = figures[0], [f for f in figures[1:] if f]
    line = "%-26s" % label + "".join("%12s" % ("%.2f" % f if f else "-") for f in figures) + "  %-6s" % unit
    if ours and others:
        line += "%9.2f" % (min(others) / ours if unit == "ms" else ours / max(others))
    print(line, flush=True)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--build", default="build/bench")
    ap.add_argument("--n", type=int, default=100000)
    ap.add_argument("--ears", type=int, default=1000)
    ap.add_argument("--rounds", type=int, default=3)
    ap.add_argument("--only", default="")
    ap.add_argument("--without", default="")
    opt = ap.parse_args()
    servers = []
    try:
        servers.append(GatewayServer(opt.build))
        if "dovecot" not in opt.without:
            servers.append(Dovecot())
        if "cyrus" not in opt.without:
            servers.append(Cyrus(opt.ears))
        print("%-26s" % "" + "".join("%12s" % s.name for s in servers) + "            ratio", flush=True)
        for label, args, kind in steps(opt.n, opt.ears):
            if label != "fill" and not re.search(opt.only, label):
                continue
            rounds = [[measure(opt.build, s, label, args) for s in servers] for _ in range(1 if kind == "once" else 1 + opt.rounds)]
            unit = next((u for f, u in rounds[0] if f), "")
            for s, (figure, why) in zip(servers, rounds[0]):
                if not figure:
                    print("%-26s %s: %s" % (label, s.name, why), flush=True)
            if kind == "cold":
                show(label + ", cold", servers, [f for f, _ in rounds[0]], unit)
            warm = rounds[1:] or rounds
            best = min if unit == "ms" else max
            show(label, servers, [best((r[i][0] for r in warm if r[i][0]), default=None) for i in range(len(servers))], unit)
    finally:
        for s in servers:
            s.stop()


if __name__ == "__main__":
    main()
