"""malformed.py - requests that the control socket must refuse, by the million, and what must not change meanwhile."""
import json
import random
import socket
from pathlib import Path

POOL = 4000   # different lines; they are sent again and again
BATCH = 200   # lines under way: their answers have room in the sockets' buffers

VERBS = ["session list", "session kick", "user add", "user delete", "store backup", "ban add", "reload", "shutdown", "stop",
         "penalty clear", "config get", "log level", "auth test", "status", "ping", "quota set", "help"]


class Control:
    """A bare connection to the control socket."""

    def __init__(self, path, timeout=60):
        self.s = socket.socket(socket.AF_UNIX)
        self.s.settimeout(timeout)
        self.s.connect(str(path))
        self.buffer = b""
        self.greeting = self.line()

    def send(self, data):
        self.s.sendall(data)

    def line(self):
        while b"\n" not in self.buffer:
            piece = self.s.recv(262144)
            if not piece:
                raise EOFError("the daemon ended the connection")
            self.buffer += piece
        line, _, self.buffer = self.buffer.partition(b"\n")
        return line

    def answer(self):
        """The lines of one answer, OK or ERR last; nothing else may be under way."""
        pieces, tail = [self.buffer], self.buffer
        while not self.ends(tail):
            pieces.append(self.s.recv(262144))
            if not pieces[-1]:
                raise EOFError("the daemon ended the connection")
            tail = tail[-65536:] + pieces[-1]
        self.buffer = b""
        return b"".join(pieces).splitlines()

    @staticmethod
    def ends(tail):
        """Is the last line whole, and the last of an answer?"""
        start = tail.rfind(b"\n", 0, len(tail) - 1) + 1
        return tail.endswith(b"\n") and tail[start:start + 3] in (b"OK ", b"ERR")

    def refusals(self, n):
        """Read n answers of one line; how many of them begin with ERR."""
        lines = 0
        refused = 0
        while lines < n:
            piece = self.s.recv(262144)
            if not piece:
                raise EOFError("the daemon ended the connection after %d answers" % lines)
            whole = self.buffer + piece
            cut = whole.rfind(b"\n") + 1
            self.buffer = whole[cut:]
            got = whole[:cut].splitlines()
            lines += len(got)
            refused += sum(line.startswith(b"ERR ") for line in got)
        return refused


def garbage(rng):
    """Any octets but those that end a line, and none that make it empty or a comment."""
    text = bytes(rng.randrange(256) for _ in range(rng.randrange(1, 80))).replace(b"\n", b"x").replace(b"\r", b"y")
    return b"?" + text


def wrong_verb(rng):
    verb = rng.choice(VERBS)
    i = rng.randrange(len(verb))
    return (verb[:i] + rng.choice("xqz_0-") + verb[i:] + rng.choice(["", "q", " x=1"])).encode() + b" zz"


def wrong_argument(rng):
    verb = rng.choice(VERBS).encode()
    return verb + rng.choice([b" nonsense=1", b" =", b" user", b' name="open', b" name=a name=b none=1", b" max=\x01",
                              b" user=\xff\xfe bad=1", b' x="\\q"', b" id=99999999999999999999999 y", b" -", b" a=b=c d",
                              b' "quoted"', b" address=" + b"1" * rng.randrange(200) + b" q", b" older=1y z=", b" tls=perhaps ="])


def lines(seed=1):
    rng = random.Random(seed)
    return [rng.choice((garbage, wrong_verb, wrong_argument))(rng) for _ in range(POOL)]


def flood(path, n, seed=1):
    """Send n malformed requests; each must be refused with one line, and the connection must stay."""
    pool = [b"\n".join(part) + b"\n" for part in batches(lines(seed))]
    c = Control(path)
    sent = refused = 0
    while sent < n:
        batch = pool[sent // BATCH % len(pool)]
        c.send(batch)
        refused += c.refusals(BATCH)
        sent += BATCH
    assert refused == sent, "%d of %d were not refused" % (sent - refused, sent)
    c.send(b"ping\n")
    assert c.answer() == [b"OK {}"]
    c.s.close()
    return sent


def batches(pool):
    return [pool[i:i + BATCH] for i in range(0, len(pool), BATCH)]


def state(gw):
    """What malformed requests must not change, and the memory of the main process (KiB) and its open files."""
    def ask(*words):
        return [json.loads(line) for line in gw.gwctl("--json", *words).stdout.splitlines()]

    status = ask("status")[-1]
    rss = next(int(line.split()[1]) for line in Path("/proc/%d/status" % gw.pid).read_text().splitlines()
               if line.startswith("VmRSS"))
    return {"users": ask("user", "list")[-1]["users"], "bans": ask("ban", "list")[-1]["bans"], "state": status["state"],
            "connections": status["connections"], "listeners": len(status["listeners"]), "rss_kib": rss,
            "files": len(list(Path("/proc/%d/fd" % gw.pid).iterdir()))}
