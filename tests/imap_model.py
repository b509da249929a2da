"""imap_model.py - what an IMAP server must say, worked out by a small model of mailboxes, for random tests.

A run is a list of steps (session, kind, seed). Each step is one command of one session; what exactly it asks follows from its seed
and from the state at that moment, so a run with steps left out is still a run: that is how shrink() finds the shortest
one that fails. The model holds the truth about mailboxes; each session holds what its client believes. Checked are the
numbers, UIDs, flags, contents and MODSEQs in every response, and that behind a command the client knows everything
that may be told (RFC 3501 5.2, 5.5, 7.4.1; RFC 7162).
"""
import itertools
import os
import random
import re

from gateway import TwoGateways
from jmap_case import Imap

FLAGS = ["\\Seen", "\\Answered", "\\Flagged", "\\Deleted", "\\Draft", "$Note", "$Work", "other"]
NAMES = ["one", "two", "three/four"]
BY_NUMBER = {"FETCH", "STORE", "SEARCH"}  # no EXPUNGE while these run (RFC 3501 7.4.1)


def expand(text):
    out = []
    for part in text.split(","):
        lo, _, hi = part.partition(":")
        out.extend(range(int(lo), int(hi or lo) + 1))
    return out


def pack(numbers):
    return ",".join(str(n) for n in numbers)


class Message:
    def __init__(self, uid, number, flags):
        self.uid, self.flags = uid, set(flags)
        self.body = b"Subject: m%d\r\nX-Size: %s\r\n\r\n%s\r\n" % (number, b"x" * (number % 50), b"line\r\n" * (number % 7))
        self.modseq = None  # unknown, or as it was told since its last change

    def clone(self, uid, flags=None):
        other = Message.__new__(Message)
        other.uid, other.flags, other.body, other.modseq = uid, set(self.flags if flags is None else flags), self.body, None
        return other


class Box:
    def __init__(self):
        self.messages = {}  # uid -> Message, ascending
        self.uidnext, self.uidvalidity = 1, None
        self.high, self.changed = 0, True  # HIGHESTMODSEQ last told, and whether it must have grown since

    def add(self, message):
        message.uid = self.uidnext
        self.messages[self.uidnext] = message
        self.uidnext += 1
        self.changed = True

    def remove(self, uids):
        for uid in uids:
            del self.messages[uid]
            self.changed = True

    def told_high(self, high):
        assert high > self.high if self.changed else high == self.high, "HIGHESTMODSEQ %d after %d" % (high, self.high)
        self.high, self.changed = high, False


class Session:
    """One client: what it believes."""

    def __init__(self, world, port, user, password):
        self.world = world
        self.c = Imap(port)
        assert self.c.do("LOGIN %s %s" % (user, password)).startswith("OK")
        self.box = self.name = None
        self.readonly = self.qresync = False
        self.view, self.flags, self.modseqs, self.told, self.top = [], {}, {}, {}, 0
        self.left = {}  # name -> what was known when it was left

    # ---- hearing ----
    def heard_fetch(self, number, rest, by_uid=False):
        uid = number if by_uid else self.view[number - 1] if number <= len(self.view) else None
        assert uid is not None, "FETCH of number %d of %d" % (number, len(self.view))
        if m := re.search(rb"\bUID (\d+)", rest.split(b"{")[0]):
            assert int(m[1]) == uid, "number %d is UID %d, not %s" % (number, uid, m[1])
        now = self.box.messages.get(uid)
        if m := re.search(rb"\bFLAGS \(([^)]*)\)", rest):  # perhaps as they were; then news follow, see check()
            self.flags[uid] = {f for f in m[1].decode().split() if f != "\\Recent"}
        if now and (m := re.search(rb"\bMODSEQ \((\d+)\)", rest)):
            self.modseqs[uid] = int(m[1])
        return uid

    def heard_gone(self, uid):
        assert uid not in self.box.messages, "UID %d is said to be gone" % uid
        self.view.remove(uid)
        self.flags.pop(uid, None)

    def hear(self, responses, command):
        """Untagged responses, the model being up to date already; a command's own data are returned."""
        data = []
        for r in responses:
            if m := re.match(rb"(\d+) EXPUNGE\Z", r):
                assert command not in BY_NUMBER, "EXPUNGE in " + command
                assert not self.qresync, "EXPUNGE after ENABLE QRESYNC"
                self.heard_gone(self.view[int(m[1]) - 1])
            elif m := re.match(rb"VANISHED ([\d:,]+)\Z", r):
                assert self.qresync and command not in BY_NUMBER, "VANISHED in " + command
                for uid in expand(m[1].decode()):
                    self.heard_gone(uid)
            elif m := re.match(rb"(\d+) EXISTS\Z", r):
                new = [u for u in self.box.messages if u > self.top]
                assert int(m[1]) == len(self.view) + len(new), "EXISTS %s with %d known and %d new" % (
                    m[1], len(self.view), len(new))
                self.view += new
                self.top = max([self.top] + new)
            elif m := re.match(rb"(\d+) RECENT\Z", r):
                assert int(m[1]) <= len(self.view)
            elif m := re.match(rb"(\d+) FETCH (.*)\Z", r, re.S):
                data.append((self.heard_fetch(int(m[1]), m[2]), m[2]))
            elif not re.match(rb"(FLAGS|OK|LIST|STATUS) ", r):
                data.append((None, r))
        return data

    def check(self, command):
        """Nothing that may be told is kept back."""
        if not self.box:
            return
        live = list(self.box.messages)
        if command in BY_NUMBER:
            assert [u for u in self.view if u in self.box.messages] == live, "%s, not %s" % (self.view, live)
        else:
            assert self.view == live, "known are %s, there are %s" % (self.view, live)
        self.told = {uid: set(m.flags) for uid, m in self.box.messages.items()}
        for uid in live:
            m = self.box.messages[uid]
            assert self.flags.get(uid, m.flags) == m.flags, "UID %d has %s, told were %s" % (
                uid, sorted(m.flags), sorted(self.flags[uid]))
            if told := self.modseqs.pop(uid, None):
                assert m.modseq in (None, told), "MODSEQ of UID %d was %s, now %s" % (uid, m.modseq, told)
                m.modseq = told

    def do(self, text, literal=None):
        answer = self.c.do(text, literal)
        self.world.log.append("%d: %s => %s %s" % (self.world.sessions.index(self), text, answer, self.c.untagged))
        return answer

    def ok(self, text, literal=None):
        answer = self.do(text, literal)
        assert answer.startswith("OK"), "%s: %s" % (text, answer)
        return answer

    def forget(self):
        self.box = self.name = None
        self.view, self.flags, self.modseqs, self.told, self.top = [], {}, {}, {}, 0


class World:
    """Sessions of one user and the mailboxes they share."""

    def __init__(self, ports, user, password, sessions=3, one_of_each=False):
        """one_of_each: the store keeps a message once, with flags for all its copies: no copies are made."""
        self.one_of_each = one_of_each
        self.boxes = {"INBOX": Box()}
        self.log, self.sessions, self.count = [], [], 0
        for i in range(sessions):
            self.sessions.append(Session(self, ports[i % len(ports)], user, password))
        self.sessions[-1].ok("ENABLE QRESYNC")
        self.sessions[-1].qresync = True

    def close(self):
        for s in self.sessions:
            s.c.close()

    def run(self, steps):
        """Raises AssertionError where the server is wrong."""
        for who, kind, seed in steps:
            s = self.sessions[who]
            command = getattr(self, "do_" + kind)(s, random.Random(seed))
            if command:
                s.check(command)

    # ---- choosing ----
    def some(self, s, r, by_uid):
        """Messages of a session by UID or number: (set, UIDs that it names and the client knows)."""
        known = [(i + 1, u) for i, u in enumerate(s.view)]
        picked = sorted(r.sample(known, r.randint(1, min(4, len(known)))))
        if r.random() < 0.2:
            picked = known
        return pack([u if by_uid else n for n, u in picked]), [u for _, u in picked]

    def new_message(self, r):
        self.count += 1
        return Message(0, self.count, r.sample(FLAGS, r.randint(0, 3)))

    @staticmethod
    def wants(s):
        return s.box is not None and s.view

    # ---- steps ----
    def do_select(self, s, r):
        name = r.choice(sorted(self.boxes))
        s.readonly = r.random() < 0.2
        known = s.left.get(name) if s.qresync and r.random() < 0.7 else None
        box = self.boxes[name]
        if known and known[0] is not box:
            known = None
        extra = " (QRESYNC (%d %d))" % known[1:3] if known else ""
        s.forget()
        answer = s.ok("%s %s%s" % ("EXAMINE" if s.readonly else "SELECT", name, extra))
        assert ("READ-ONLY" if s.readonly else "READ-WRITE") in answer
        told = s.c.untagged
        for what, value in ((rb"(\d+) EXISTS", len(box.messages)), (rb"OK \[UIDNEXT (\d+)", box.uidnext),
                            (rb"OK \[UIDVALIDITY (\d+)", box.uidvalidity), (rb"OK \[HIGHESTMODSEQ (\d+)", None)):
            got = [int(m[1]) for m in (re.match(what, t) for t in told) if m]
            assert len(got) == 1, "%s in the answer to SELECT: %s" % (what, got)
            assert value is None or got[0] == value, "%s is %s" % (what, value)
            if b"UIDVALIDITY" in what:
                box.uidvalidity = got[0]
            if b"HIGHESTMODSEQ" in what:
                box.told_high(got[0])
        s.box, s.name, s.view = box, name, list(box.messages)
        s.top = box.uidnext - 1
        if known:
            self.caught_up(s, known, told)
        return "SELECT"

    @staticmethod
    def caught_up(s, known, told):
        """RFC 7162 3.2.5: what was known before, VANISHED (EARLIER) and FETCH give what is."""
        flags, gone = dict(known[3]), set()
        for t in told:
            if m := re.match(rb"VANISHED \(EARLIER\) ([\d:,]+)", t):
                gone |= set(expand(m[1].decode()))
        assert not gone & set(s.box.messages), "VANISHED tells of messages that are there"
        for uid in gone:
            flags.pop(uid, None)
        assert set(flags) <= set(s.box.messages), "VANISHED leaves out %s" % sorted(set(flags) - set(s.box.messages))
        s.flags = flags
        for t in told:
            if m := re.match(rb"(\d+) FETCH (.*)\Z", t, re.S):
                s.heard_fetch(int(m[1]), m[2])
        assert {u for u in s.box.messages if u not in s.flags} == set(), "a new message was not told with its flags"

    def do_leave(self, s, r):
        if not s.box:
            return None
        s.ok("NOOP")
        s.hear(s.c.untagged, "NOOP")
        if s.qresync and s.view:
            s.ok("UID FETCH 1:* (FLAGS)")
            s.hear(s.c.untagged, "NOOP")
            s.ok("STATUS %s (HIGHESTMODSEQ)" % s.name)
            high = int(re.search(rb"HIGHESTMODSEQ (\d+)", b" ".join(s.c.untagged))[1])
            s.box.told_high(high)
            s.left[s.name] = (s.box, s.box.uidvalidity, high, dict(s.flags))
        if r.random() < 0.5 and not s.readonly:
            s.ok("CLOSE")
            s.box.remove([u for u, m in list(s.box.messages.items()) if "\\Deleted" in m.flags])
        else:
            s.ok("UNSELECT")
        s.forget()
        return None

    def do_noop(self, s, r):
        s.ok(r.choice(["NOOP", "CHECK"]) if s.box else "NOOP")
        assert not s.hear(s.c.untagged, "NOOP") or s.box
        return "NOOP"

    def do_idle(self, s, r):
        tag = s.c.send("IDLE")
        while not s.c.response().startswith(b"+"):
            pass
        s.c.s.sendall(b"DONE\r\n")
        assert s.c.wait(tag).startswith("OK")
        s.hear(s.c.untagged, "IDLE")
        return "NOOP" if s.box and not s.c.untagged and self.nothing_missing(s) else None

    @staticmethod
    def nothing_missing(s):
        return s.view == list(s.box.messages)

    def do_append(self, s, r):
        name = s.name if s.name and r.random() < 0.5 else r.choice(sorted(self.boxes))
        messages = [self.new_message(r) for _ in range(r.choice([1, 1, 1, 2, 3]))]
        box = self.boxes[name]
        text, data = "APPEND " + name, None
        pieces = [b"(%s) {%d+}\r\n%s" % (" ".join(sorted(m.flags)).encode(), len(m.body), m.body) for m in messages]
        first = box.uidnext
        for m in messages:
            box.add(m)
        answer = s.ok(text.encode() + b" " + b" ".join(pieces), data)
        code = re.search(r"APPENDUID (\d+) ([\d:]+)\]", answer)
        assert expand(code[2]) == list(range(first, first + len(messages))), answer
        assert box.uidvalidity in (None, int(code[1]))
        box.uidvalidity = int(code[1])
        s.hear(s.c.untagged, "APPEND")
        return "APPEND"

    def do_store(self, s, r):
        if not self.wants(s):
            return None
        by_uid, silent, how = r.random() < 0.5, r.random() < 0.5, r.choice(["+", "-", ""])
        text, uids = self.some(s, r, by_uid)
        flags = set(r.sample(FLAGS, r.randint(1, 3)))
        line = "%sSTORE %s %sFLAGS%s (%s)" % ("UID " if by_uid else "", text, how, ".SILENT" if silent else "",
                                            " ".join(sorted(flags)))
        if s.readonly:
            assert s.do(line).startswith("NO")
            s.hear(s.c.untagged, "NOOP" if by_uid else "STORE")
            return None
        for uid in uids:
            if m := s.box.messages.get(uid):
                after = m.flags | flags if how == "+" else m.flags - flags if how == "-" else set(flags)
                if after != m.flags:
                    m.flags, m.modseq, s.box.changed = after, None, True
                if silent:
                    s.flags[uid] = set(after)
        answer = s.do(line)
        missing = [u for u in uids if u not in s.box.messages]
        assert answer.startswith("OK") or (missing and not by_uid and "EXPUNGEISSUED" in answer), answer
        told = {u for u, _ in s.hear(s.c.untagged, "NOOP" if by_uid else "STORE") if u}
        if not silent:
            assert {u for u in uids if u in s.box.messages} <= told, "the flags of %s were not told" % uids
        return "NOOP" if by_uid else "STORE"

    def do_fetch(self, s, r):
        if not self.wants(s):
            return None
        by_uid = r.random() < 0.5
        text, uids = self.some(s, r, by_uid)
        item = r.choice(["FLAGS", "(FLAGS UID)", "(UID FLAGS MODSEQ)", "(UID BODY.PEEK[])", "(UID BODY[])", "(UID RFC822.SIZE)"])
        if "MODSEQ" in item and not s.qresync:
            item = "(UID FLAGS)"
        if "BODY[" in item and not s.readonly:
            for uid in uids:
                m = s.box.messages.get(uid)
                if m and "\\Seen" not in m.flags:
                    m.flags.add("\\Seen")
                    m.modseq, s.box.changed = None, True
        answer = s.do("%sFETCH %s %s" % ("UID " if by_uid else "", text, item))
        there = [u for u in uids if u in s.box.messages]
        assert answer.startswith("OK") or (len(there) < len(uids) and not by_uid and "EXPUNGEISSUED" in answer), answer
        got = {}
        for uid, rest in s.hear(s.c.untagged, "NOOP" if by_uid else "FETCH"):
            got.setdefault(uid, []).append(rest)
        assert set(there) <= set(got), "FETCH left out %s" % sorted(set(there) - set(got))
        for uid in there:
            everything = b" ".join(got[uid])
            if "BODY" in item:
                assert s.box.messages[uid].body in everything, "wrong octets of UID %d" % uid
            if "SIZE" in item:
                assert b"RFC822.SIZE %d" % len(s.box.messages[uid].body) in everything
        return "NOOP" if by_uid else "FETCH"

    def do_search(self, s, r):
        if s.box is None:
            return None
        by_uid = r.random() < 0.5
        key, test = self.criterion(s, r, 2)
        s.ok("%sSEARCH %s" % ("UID " if by_uid else "", key))
        numbers = list(s.view)  # SEARCH tells no removals; UID SEARCH may, behind its result
        data = s.hear(s.c.untagged, "NOOP" if by_uid else "SEARCH")
        found = [[int(n) for n in d.split()[1:]] for u, d in data if u is None and d.startswith(b"SEARCH")]
        assert len(found) == 1, found
        hits = found[0] if by_uid else [numbers[n - 1] for n in found[0]]
        for uid in numbers:
            if m := s.box.messages.get(uid):  # as it is, or as it was when the client was told last
                ways = {test(m), test(m.clone(uid, s.told.get(uid)))}
                assert (uid in hits) in ways, "SEARCH %s: %s, UID %d has %s" % (key, hits, uid, sorted(m.flags))
        assert set(hits) <= set(numbers) and hits == sorted(hits), "SEARCH %s: %s" % (key, hits)
        return "NOOP" if by_uid else "SEARCH"

    def do_esearch(self, s, r):
        """RFC 7377: of the selected mailbox as the client knows it, of others as they are."""
        key, test = self.criterion(s, r, 2)
        s.ok("ESEARCH IN (mailboxes (%s)) RETURN (ALL COUNT) %s" % (" ".join(sorted(self.boxes)), key))
        known, got = list(s.view), {}
        for u, d in s.hear(s.c.untagged, "NOOP"):
            m = re.match(rb'ESEARCH \(TAG "[^"]+" MAILBOX (\S+) UIDVALIDITY (\d+)\) UID COUNT (\d+) ALL ([\d:,]+)\Z', d) if u is None else None
            if m:
                assert m[1].decode() not in got, "a mailbox was told twice"
                got[m[1].decode()] = expand(m[4].decode())
                assert len(got[m[1].decode()]) == int(m[3])
                assert self.boxes[m[1].decode()].uidvalidity in (None, int(m[2]))
        for name, box in self.boxes.items():
            hits = got.get(name, [])
            if name != s.name:
                assert hits == [u for u, m in box.messages.items() if test(m)], "ESEARCH %s: %s has %s" % (key, name, hits)
                continue
            assert set(hits) <= set(known), "ESEARCH %s: %s" % (key, hits)
            for uid in known:
                if m := box.messages.get(uid):
                    assert (uid in hits) in {test(m), test(m.clone(uid, s.told.get(uid)))}, "ESEARCH %s: %s" % (key, hits)
        return "NOOP"

    def criterion(self, s, r, depth):
        if depth and r.random() < 0.4:
            a, ta = self.criterion(s, r, depth - 1)
            b, tb = self.criterion(s, r, depth - 1)
            return r.choice([("OR (%s) (%s)" % (a, b), lambda m: ta(m) or tb(m)), ("NOT (%s)" % a, lambda m: not ta(m)),
                             ("(%s) %s" % (a, b), lambda m: ta(m) and tb(m))])
        flag = r.choice(FLAGS)
        name = "KEYWORD " + flag if flag[0] != "\\" else flag[1:].upper()
        off = "UNKEYWORD " + flag if flag[0] != "\\" else "UN" + flag[1:].upper()
        n = r.randint(1, 60)
        subject = b"Subject: m%d" % n
        return r.choice([
            (name, lambda m: flag in m.flags), (off, lambda m: flag not in m.flags), ("ALL", lambda m: True),
            ("LARGER %d" % (n * 2), lambda m: len(m.body) > n * 2), ("SMALLER %d" % (n * 2), lambda m: len(m.body) < n * 2),
            ("UID 1:%d" % n, lambda m: m.uid <= n), ("SUBJECT m%d" % n, lambda m: subject in m.body),
            ("BODY line", lambda m: b"\r\n\r\nline" in m.body), ("TEXT xxxx", lambda m: b"xxxx" in m.body)])

    def do_copy(self, s, r):
        if not self.wants(s):
            return None
        by_uid, move = r.random() < 0.6, r.random() < 0.4 or self.one_of_each
        text, uids = self.some(s, r, by_uid)
        name = r.choice(sorted(self.boxes))
        if self.one_of_each and name == s.name:
            return None
        target = self.boxes[name]
        line = "%s%s %s %s" % ("UID " if by_uid else "", "MOVE" if move else "COPY", text, name)
        there = [u for u in uids if u in s.box.messages]
        if move and s.readonly or (len(there) < len(uids) and not by_uid):
            assert s.do(line).startswith("NO"), "messages that are gone were copied"
            s.hear(s.c.untagged, "COPY")
            return "COPY" if by_uid or move else "STORE"
        first, old = target.uidnext, s.box
        for uid in there:
            target.add(old.messages[uid].clone(0))
        if move:
            old.remove(there)
        answer = s.ok(line)
        code = re.search(r"COPYUID (\d+) ([\d:,]+) ([\d:,]+)\]", answer + " " + " ".join(u.decode() for u in s.c.untagged if b"COPYUID" in u))
        if there:
            assert code, "no COPYUID: " + answer
            assert expand(code[2]) == there and expand(code[3]) == list(range(first, first + len(there))), answer
        s.hear(s.c.untagged, "COPY")
        return "COPY" if by_uid or move else "STORE"  # COPY by numbers may keep removals back

    def do_expunge(self, s, r):
        if s.box is None:
            return None
        by_uid = bool(s.view) and r.random() < 0.4
        text, uids = self.some(s, r, True) if by_uid else ("", list(s.box.messages))
        line = "UID EXPUNGE " + text if by_uid else "EXPUNGE"
        if s.readonly:
            assert s.do(line).startswith("NO")
        else:
            s.box.remove([u for u in uids if u in s.box.messages and "\\Deleted" in s.box.messages[u].flags])
            s.ok(line)
        s.hear(s.c.untagged, "EXPUNGE")
        return "EXPUNGE"

    def do_status(self, s, r):
        name = r.choice(sorted(self.boxes))
        box = self.boxes[name]
        s.ok("STATUS %s (MESSAGES UIDNEXT UNSEEN SIZE DELETED HIGHESTMODSEQ)" % name)
        line = next(u for u in s.c.untagged if u.startswith(b"STATUS"))
        got = {k.decode(): int(v) for k, v in re.findall(rb"([A-Z]+) (\d+)", line)}
        flags = [m.flags for m in box.messages.values()]
        want = {"MESSAGES": len(flags), "UIDNEXT": box.uidnext, "UNSEEN": sum("\\Seen" not in f for f in flags),
                "DELETED": sum("\\Deleted" in f for f in flags), "SIZE": sum(len(m.body) for m in box.messages.values())}
        box.told_high(got.pop("HIGHESTMODSEQ"))
        assert got == want, "STATUS %s is %s" % (got, want)
        s.hear(s.c.untagged, "STATUS")
        return "NOOP"

    def do_names(self, s, r):
        """CREATE, RENAME, LIST; DELETE of one that nobody has selected."""
        what, name = r.choice(["create", "delete", "rename", "list"]), r.choice(NAMES)
        other = r.choice(NAMES)
        used = any(o.name == name for o in self.sessions)
        if what == "create":
            answer = s.do("CREATE " + name)
            assert answer.startswith("NO") if name in self.boxes else answer.startswith("OK"), answer
            self.boxes.setdefault(name, Box())
        elif what == "delete" and not used:
            answer = s.do("DELETE " + name)
            assert answer.startswith("OK") if name in self.boxes else answer.startswith("NO"), answer
            self.boxes.pop(name, None)
        elif what == "rename" and name != other and name in self.boxes:
            answer = s.do("RENAME %s %s" % (name, other))
            if other in self.boxes:
                assert answer.startswith("NO"), answer
            else:
                assert answer.startswith("OK"), answer
                self.boxes[other] = self.boxes.pop(name)
                for o in self.sessions:
                    o.name = other if o.name == name else o.name
                    o.left.pop(name, None)
                    o.left.pop(other, None)
        else:
            s.ok('LIST "" *')
            got = {re.search(rb' "?([^" ]+)"?\Z', u)[1].decode() for u in s.c.untagged if u.startswith(b"LIST") and b"\\Noselect" not in u}
            assert got == set(self.boxes) | (got - set(NAMES) - {"INBOX"}), "LIST has %s, not %s" % (got, set(self.boxes))
        s.hear(s.c.untagged, "NAMES")
        return "NOOP"


KINDS = ["select"] * 3 + ["append"] * 4 + ["store"] * 5 + ["fetch"] * 4 + ["search"] * 3 + ["esearch"] * 2 + ["copy"] * 3 + ["expunge"] * 2 + [
    "noop", "idle", "status", "names", "leave"]


def steps(seed, n, kinds, sessions=3):
    r = random.Random(seed)
    return [(r.randrange(sessions), r.choice(kinds), r.getrandbits(32)) for _ in range(n)]


def shrink(run, fails, most=150):
    """A shorter list of steps for which fails() is true, with at most so many trials."""
    size = max(1, len(run) // 2)
    while size and most > 0:
        at, shorter = 0, False
        while at < len(run) and most > 0:
            less = run[:at] + run[at + size:]
            most -= 1
            if fails(less):
                run, shorter = less, True
            else:
                at += size
        size = size if shorter and size == 1 else size // 2
    return run


class RandomRuns:
    """Part of a test case: runs from seeds, of which one that fails is shortened and told with everything that was said.

    GW_MODEL_RUNS and GW_MODEL_STEPS make it longer, GW_MODEL_SEED begins elsewhere. The case has new_world(), and KINDS of steps.
    """
    RUNS, STEPS, KINDS = 25, 120, KINDS

    def run_steps(self, run):
        """What was wrong, what was said up to there, and the steps; None: nothing was wrong."""
        world = self.new_world()
        try:
            world.run(run)
        except (AssertionError, LookupError, ValueError, TypeError, StopIteration) as e:
            return "%s: %s" % (type(e).__name__, e), world.log, run
        finally:
            world.close()
        return None

    def test_what_is_said_is_what_is(self):
        first = int(os.environ.get("GW_MODEL_SEED", "1"))
        n = int(os.environ.get("GW_MODEL_STEPS", self.STEPS))
        for seed in range(first, first + int(os.environ.get("GW_MODEL_RUNS", self.RUNS))):
            run = steps(seed, n, self.KINDS)
            failed = self.run_steps(run)
            if not failed:
                continue

            def fails(shorter):
                nonlocal failed
                failed = self.run_steps(shorter) or failed
                return failed[2] == shorter
            run = shrink(run, fails)
            wrong, log, run = failed
            self.fail("seed %d: %s\nsteps: %r\n%s" % (seed, wrong, run, "\n".join(log)))


class TwoModels(TwoGateways):
    """The same, with where commands go, and new users."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ports = [cls.gw.port["imap"], cls.gw2.port["imap"]]
        cls.numbers = itertools.count()

    def new_user(self):
        """One that has no mail; the password is pw."""
        name = "model%d" % next(self.numbers)
        self.gw.add_user(name, "pw")
        return name
