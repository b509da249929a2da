"""transfer.py - the stream of import and export (gateway-ctl(7)), spoken from Python.

    with Giver(gw, "anna", "test:one") as g:
        g.folder("INBOX", uidvalidity=7)
        g.messages([Message("key1", body, uid=1)])
    print(g.answer)
"""
import array
import json
import os
import signal
import socket
import struct
from pathlib import Path

BATCH = 256
SEEN, ANSWERED, FLAGGED, DELETED, DRAFT = 1, 2, 4, 8, 16


def children_of(pid):
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(stat.read_text().rsplit(")", 1)[1].split()[1]) == pid:
                found.append(int(stat.parent.name))
        except OSError:
            pass
    return found


def kill_9(gw):
    """The whole process tree: fork children are not told by the death of their parent."""
    for pid in [gw.pid] + children_of(gw.pid):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    gw.stop()


class Ended(Exception):
    """The daemon has hung up the stream."""


class Message:
    def __init__(self, key, body, uid=0, uidl="", flags=0, keywords=(), date=1600000000):
        self.key, self.body, self.uid, self.uidl = key, body, uid, uidl
        self.flags, self.keywords, self.date = flags, keywords, date


def string(s):
    s = s if isinstance(s, bytes) else s.encode()
    return struct.pack(">H", len(s)) + s


def frame(kind, payload=b""):
    return kind + struct.pack(">I", len(payload)) + payload


def offer(m):
    return frame(b"O", struct.pack(">IBqQ", m.uid, m.flags, m.date, len(m.body)) + string(m.key) + string(m.uidl) +
                 bytes([len(m.keywords)]) + b"".join(string(k) for k in m.keywords))


class Stream:
    """A request on the control socket with one end of a socket pair; the other end is ours."""

    def __init__(self, gw, request):
        self.control = socket.socket(socket.AF_UNIX)
        self.control.settimeout(60)
        self.control.connect(gw.options["control_socket"])
        self.stream, theirs = socket.socketpair()
        self.stream.settimeout(60)
        self.control.sendmsg([request.encode() + b"\n"],
                             [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [theirs.fileno()]))])
        theirs.close()
        self.buffer = b""
        self.rows, self.answer, self.error = [], None, None

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if kind is None and self.answer is None and self.error is None:
            self.finish()
        self.close()

    def close(self):
        self.stream.close()
        self.control.close()

    def send(self, data):
        try:
            self.stream.sendall(data)
        except OSError:
            raise Ended()

    def read(self, n):
        while len(self.buffer) < n:
            try:
                piece = self.stream.recv(1 << 16)
            except ConnectionResetError:
                piece = b""
            if not piece:
                raise Ended()
            self.buffer += piece
        data, self.buffer = self.buffer[:n], self.buffer[n:]
        return data

    def hear(self):
        """The next frame: kind and payload."""
        head = self.read(5)
        return head[:1], self.read(struct.unpack(">I", head[1:])[0])

    def finish(self):
        """Read the answer on the control connection to its end."""
        data = b""
        with self.control.makefile("rb") as f:
            f.readline()  # the greeting
            for line in f:
                data += line
                if line.startswith(b"D "):
                    self.rows.append(json.loads(line[2:]))
                elif line.startswith(b"OK"):
                    self.answer = json.loads(line[3:] or b"{}")
                    return self
                elif line.startswith(b"ERR"):
                    self.error = line.decode().strip()
                    return self
        self.error = "the connection ended"
        return self


class Giver(Stream):
    def __init__(self, gw, user, source, options=""):
        super().__init__(gw, "import user=%s source=%s %s" % (user, source, options))
        self.send(frame(b"H", struct.pack(">I", 1) + string(source)))

    def folder(self, name, uidvalidity=0, uidnext=0, messages=0, special=0, subscribed=False, selectable=True):
        self.send(frame(b"F", struct.pack(">IIIBB", uidvalidity, uidnext, messages, special,
                                          subscribed | selectable << 1) + string(name)))

    def ask(self, batch):
        """Offer; which are wanted."""
        self.send(b"".join(offer(m) for m in batch) + frame(b"Q"))
        kind, want = self.hear()
        assert kind == b"W" and len(want) == len(batch), (kind, want)
        return [w == 1 for w in want]

    def give(self, batch, want):
        out = []
        for i, m in enumerate(batch):
            if want[i]:
                out.append(frame(b"M", struct.pack(">H", i)))
                out += [frame(b"D", m.body[at:at + 65536]) for at in range(0, len(m.body), 65536)]
                out.append(frame(b"E"))
        self.send(b"".join(out))

    def commit(self):
        self.send(frame(b"C"))
        assert self.hear()[0] == b"A"

    def messages(self, all_of_them, complete=True):
        for at in range(0, len(all_of_them), BATCH):
            batch = all_of_them[at:at + BATCH]
            self.give(batch, self.ask(batch))
            self.commit()
        if complete:
            self.send(frame(b"K"))

    def finish(self):
        if self.answer is None and self.error is None:
            try:
                self.send(frame(b"Z"))
                self.hear()
            except Ended:
                pass
        return super().finish()


class Taker(Stream):
    """An export: everything that is not in `have` (folder, key), as folder -> [(fields of the offer, body)]."""

    def __init__(self, gw, user, options="", have=()):
        super().__init__(gw, "export user=%s target=test:there %s" % (user, options))
        self.have, self.folders, self.mail = set(have), {}, {}

    def keep(self, name, message):
        self.mail[name].append(message)
        self.have.add((name, message.key))

    def run(self):
        name, offers = None, []
        body = b""
        while True:
            kind, p = self.hear()
            if kind == b"F":
                v = struct.unpack(">IIIBB", p[:14])
                name = p[16:].decode()
                self.folders[name] = v
                self.mail.setdefault(name, [])
            elif kind == b"O":
                uid, flags, date, size = struct.unpack(">IBqQ", p[:21])
                rest = p[21:]
                fields = []
                for _ in range(2):
                    n = struct.unpack(">H", rest[:2])[0]
                    fields.append(rest[2:2 + n].decode())
                    rest = rest[2 + n:]
                keywords = []
                for _ in range(rest[0]):
                    n = struct.unpack(">H", rest[1:3])[0]
                    keywords.append(rest[3:3 + n].decode())
                    rest = rest[n + 2:]
                offers.append(Message(fields[0], b"", uid, fields[1], flags, tuple(keywords), date))
            elif kind == b"Q":
                self.send(frame(b"W", bytes((name, o.key) not in self.have for o in offers)))
            elif kind == b"M":
                number, body = struct.unpack(">H", p)[0], b""
            elif kind == b"D":
                body = body + p if body else p
            elif kind == b"E":
                offers[number].body = body
                self.keep(name, offers[number])
            elif kind == b"C":
                offers = []
                self.send(frame(b"A"))
            elif kind == b"Z":
                self.send(frame(b"A"))
                return self.finish()
