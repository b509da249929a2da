#!/usr/bin/env python3
"""jmap.py - the gateway with mail on a JMAP server (Cyrus), beside that Cyrus' own IMAP on the same mail.

  jmap.py --build DIR [--n 100000] [--bodies 2000] [--sessions 40] [--model thread]

Everything listens on 127.0.0.1. "cold" is the first time that the gateway sees those messages, "warm" a later one; the
best of three warm rounds counts for both, of latencies the one in the middle.
Ratio: how many times better than Cyrus the gateway is.
"""
import argparse
import os
import socket
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from cyrus import Cyrus  # noqa: E402
from gateway import Gateway  # noqa: E402

BODY = b"a line of ordinary text in a message\r\n" * 50


def message(i):
    return (b"From: Ann <ann%d@example.org>\r\nTo: Bob <bob@example.org>\r\nSubject: message %d\r\n"
            b"Date: Mon, 05 Jan 2026 08:00:00 +0000\r\nMessage-ID: <%d@bench>\r\n\r\n%d\r\n" % (i % 97, i, i, i)) + BODY


class Imap:
    """Sends commands and counts what comes, without looking at it: the client must not be what is measured."""

    def __init__(self, port):
        self.s = socket.create_connection(("127.0.0.1", port), 600)
        self.s.recv(4096)
        self.say(b"LOGIN anna pw")

    def receive(self):
        """What came. Acknowledged at once: Cyrus writes small pieces, and each would wait 40 ms for that otherwise."""
        self.s.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        return self.s.recv(1 << 18)

    def say(self, command):
        """Send it; the octets up to its tagged OK."""
        self.s.sendall(b"t1 " + command + b"\r\n")
        size, tail, first = 0, b"", b""
        while True:
            piece = self.receive()
            if not piece:
                raise RuntimeError("closed at %r" % command)
            size += len(piece)
            if len(first) < 4096:
                first += piece
            tail = (tail + piece)[-8192:]
            at = max(tail.rfind(b"\r\nt1 "), 0 if tail.startswith(b"t1 ") and size < 8192 else -1)
            if at >= 0 and tail.endswith(b"\r\n"):
                if b"t1 OK" not in tail[at:]:
                    raise RuntimeError("%r: %r" % (command, tail[at:]))
                self.first = first
                return size

    def timed(self, command):
        start = time.perf_counter()
        self.say(command)
        return time.perf_counter() - start

    def idle_latency(self, other):
        """Seconds from another client's change to this one's hearing of it in IDLE."""
        self.s.sendall(b"t2 IDLE\r\n")
        while b"+" not in self.receive():
            pass
        start = time.perf_counter()
        other.say(b"STORE 1 +FLAGS (stamp%d)" % int(start * 1e6))
        while b"FETCH" not in self.receive():
            pass
        took = time.perf_counter() - start
        self.s.sendall(b"DONE\r\n")
        while b"t2 OK" not in self.receive():
            pass
        return took


def pss(pids):
    """Their memory in KB, shared pages by their share."""
    total = 0
    for pid in pids:
        try:
            lines = Path("/proc/%d/smaps_rollup" % pid).read_text().splitlines()
            total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        except OSError:
            pass
    return total


def family(pid):
    """A process and all below it."""
    below = Path("/proc/%d/task/%d/children" % (pid, pid)).read_text().split()
    return [pid] + [p for child in below for p in family(int(child))]


def per_session(port, pids, n):
    before, held = pss(pids()), []
    for _ in range(n):
        held.append(Imap(port))
        held[-1].say(b"SELECT INBOX")
    after = pss(pids())
    for imap in held:
        imap.s.close()
    return (after - before) / n


class Table:
    def __init__(self):
        print("%-34s %12s %12s %8s" % ("", "gateway", "Cyrus", "ratio"))

    def rate(self, name, ours, own, more_is_better=True):
        ratio = (ours / own if more_is_better else own / ours) if own and ours > 0 else None
        print("%-34s %12.1f %12s %8s" % (name, ours, "%.1f" % own if own else "-", "%.2f" % ratio if ratio else "-"),
              flush=True)


def measure(args, cyrus, gw):
    table, n, some = Table(), args.n, args.bodies
    start = time.perf_counter()
    ours = Imap(gw.port["imap"])
    ours.say(b"SELECT INBOX")
    while b"* %d EXISTS" % n not in ours.first:
        time.sleep(0.05)
        ours.say(b"SELECT INBOX")
    table.rate("initial synchronisation, messages/s", n / (time.perf_counter() - start), None)
    own = Imap(cyrus.imap_port)
    own.say(b"SELECT INBOX")
    for name, items, count in (("flags", b"FLAGS", n),
                               ("flags, size, date", b"(UID FLAGS RFC822.SIZE INTERNALDATE)", n),
                               ("envelopes", b"(UID ENVELOPE)", some), ("structures", b"(UID BODYSTRUCTURE)", some),
                               ("bodies", b"(UID BODY.PEEK[])", some)):
        command = b"FETCH 1:%d %s" % (count, items)
        cold = name in ("envelopes", "bodies")
        if cold:  # of messages that nobody asked for yet
            last = n if name == "envelopes" else n - some
            fresh = b"FETCH %d:%d %s" % (last - some + 1, last, items)
            table.rate(name + ", cold, messages/s", some / ours.timed(fresh), some / own.timed(fresh))
        ours.say(command)
        own.say(command)
        table.rate(name + (", warm" if cold else "") + ", messages/s",
                   count / min(ours.timed(command) for _ in range(3)),
                   count / min(own.timed(command) for _ in range(3)))
    other = Imap(cyrus.imap_port)
    other.say(b"SELECT INBOX")
    table.rate("change heard in IDLE, ms", statistics.median(1000 * ours.idle_latency(other) for _ in range(9)),
               statistics.median(1000 * own.idle_latency(other) for _ in range(9)), more_is_better=False)
    table.rate("memory a session, KB", per_session(gw.port["imap"], lambda: family(gw.pid), args.sessions),
               per_session(cyrus.imap_port, lambda: family(cyrus.process.pid), args.sessions), more_is_better=False)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--n", type=int, default=100000)
    parser.add_argument("--bodies", type=int, default=2000)
    parser.add_argument("--sessions", type=int, default=40)
    parser.add_argument("--model", default=os.environ.get("GW_MODEL", "thread"))
    args = parser.parse_args()
    if args.n < 3 * args.bodies:
        parser.error("--n must be at least three times --bodies, for messages that nobody asked for yet")
    with Cyrus(users=["anna"], on_disk=True) as cyrus:
        cyrus.load("anna", (message(i) for i in range(args.n)))
        with Gateway(build=args.build, model=args.model, log_level=2, server_socket=cyrus.jmap_url,
                     mirror_path=cyrus.folder / "mirror") as gw:
            measure(args, cyrus, gw)


if __name__ == "__main__":
    main()
