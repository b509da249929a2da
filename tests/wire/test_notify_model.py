"""Random commands of three sessions in one mailbox, with NOTIFY (RFC 5465) and results that stay up to date (RFC 5267): what each
client makes of the responses that it hears, in their order, is what it finds when it asks again.

A client knows of a message what it was told, so its number (EXISTS, EXPUNGE, VANISHED), and its UID from when FETCH tells it.
"""
import random
import re
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from imap_model import RandomRuns, TwoModels, expand  # noqa: E402
from jmap_case import Imap  # noqa: E402

BOX, ELSEWHERE = "crowd", "elsewhere"
MOST_RESULTS = 12  # a client has at a time; the server keeps more
EXTENSIONS = ["", "", "CONDSTORE", "IMAP4rev2", "QRESYNC", "QRESYNC"]
FLAGS = ["\\Deleted", "\\Seen", "\\Answered", "kw"]
ALL_NEWS = "NOTIFY SET (SELECTED (MessageNew MessageExpunge FlagChange))"
NOTIFY = [
    "NOTIFY NONE",
    ALL_NEWS,
    "NOTIFY SET (SELECTED (MessageNew MessageExpunge))",
    "NOTIFY SET (SELECTED (MessageNew (UID FLAGS) MessageExpunge FlagChange))",
    "NOTIFY SET (SELECTED-DELAYED (MessageNew MessageExpunge FlagChange))",
    "NOTIFY SET (PERSONAL (MessageNew MessageExpunge))",
]
# What a client that asked for nothing of the mailbox selected is told: what it did itself, or asks for, in these commands.
REMOVE = {"EXPUNGE", "MOVE", "REPLACE", "SET"}
OWN = {
    "EXISTS": {"APPEND", "COPY", "MOVE", "REPLACE", "SET", "SELECT"},
    "FETCH": {"FETCH", "STORE", "SET"},
    "EXPUNGE": REMOVE,
    "VANISHED": REMOVE,
}
KEYS = ["ALL", "UID *", "UID 3:*", "NOT SEEN", "SEEN", "UNDELETED", "KEYWORD kw", "SUBJECT m", "OR SEEN SUBJECT m1", "LARGER 40", "MODSEQ 3"]
ORDERS = ["SUBJECT", "REVERSE SIZE", "ARRIVAL", "REVERSE SUBJECT ARRIVAL"]
KINDS = ["append"] * 6 + ["copy"] * 3 + ["replace"] * 2 + ["away"] + ["store"] * 7 + ["expunge"] * 3 + ["notify"] * 3 + ["result"] * 3 + ["fetch"] * 12 + [
    "search", "cancel", "noop", "select"]


class Message:
    """A message as one client knows it."""

    def __init__(self):
        self.uid = None

    def __repr__(self):
        return str(self.uid)


class Result:
    """What a client makes of a result that the server keeps up to date (RFC 5267 4.3)."""

    def __init__(self, by_uid, order, key):
        """order: of SORT; None: of SEARCH, whose result has no order."""
        self.by_uid, self.order, self.key = by_uid, order, key
        self.messages = []  # UIDs where it is by UID, else of Message

    def command(self, options):
        what = "SORT RETURN (%s) (%s) UTF-8" % (options, self.order) if self.order else "SEARCH RETURN (%s)" % options
        return "%s %s" % (what, self.key)

    def add(self, place, messages):
        """RFC 5267 4.3.3: each is at the place behind that of the one in front of it; 0 is anywhere."""
        at = place - 1 if place else len(self.messages)
        assert 0 <= at <= len(self.messages), "ADDTO at %d of %d" % (place, len(self.messages))
        self.messages[at:at] = messages

    def remove(self, place, messages):
        """RFC 5267 4.3.4: each is at the place when those in front of it are gone."""
        for m in messages:
            assert m in self.messages, "REMOVEFROM of %s, which is not in %s" % (m, self.messages)
            assert not place or self.messages[place - 1] is m or self.messages[place - 1] == m, "REMOVEFROM at %d of %s in %s" % (
                place, m, self.messages)
            self.messages.remove(m)

    def uids(self):
        uids = [m if self.by_uid else m.uid for m in self.messages]
        return uids if self.order else sorted(uids)


class Client:
    """A session and its picture of the mailbox."""

    def __init__(self, port, user, name, log, gone):
        """log: a list to which is added what is said; gone: a set to which are added the UIDs that clients hear the end of."""
        self.name, self.log, self.gone = name, log, gone
        self.c = Imap(port)
        self.selected = False
        self.messages = []
        self.results = {}  # tag -> Result
        self.opened = None  # (tag, Result) whose first answer comes
        self.at_once = False  # NOTIFY with SELECTED is in force
        self.deaf = False  # NOTIFY with neither SELECTED nor SELECTED-DELAYED is
        self.command, self.by_number, self.adds = None, False, False  # that runs; it may put messages into the mailbox
        self.qresync = False
        self.do("LOGIN %s pw" % user)

    # ---- saying ----
    def do(self, text, literal=None, by_number=False, result=None):
        """The tagged response of a command; by_number: removals must wait (RFC 3501 7.4.1)."""
        self.command = re.match(r"(?:UID |NOTIFY )?(\w+)", text)[1]
        self.by_number, self.adds = by_number, ELSEWHERE not in text
        tag = self.c.send(text, literal)
        self.opened = (tag.decode(), result) if result else None
        answer = self.c.wait(tag)
        self.log.append("%s: %s %s => %s %s" % (self.name, tag.decode(), text, answer, self.c.untagged))
        for response in self.c.untagged:
            self.hear(response.decode("latin-1"))
        self.opened = None
        assert not answer.startswith("BAD") or self.at_once, answer  # a number may be gone when the server reads it (RFC 5465 6)
        return answer

    def ok(self, text, literal=None, **how):
        answer = self.do(text, literal, **how)
        assert answer.startswith("OK"), "%s: %s" % (text, answer)
        return answer

    def act(self, text, literal=None, **how):
        """A command of a run. With VANISHED the client must know all UIDs."""
        self.do(text, literal, **how)
        if self.qresync and any(m.uid is None for m in self.messages):
            self.do("UID FETCH 1:* (UID)")

    def select(self, extension):
        """Anew, perhaps with an extension from now on; what there was of the mailbox before is nobody's (RFC 5267 4.3)."""
        if self.selected:
            self.ok("UNSELECT")
        if extension:
            self.ok("ENABLE " + extension)
            self.qresync |= extension == "QRESYNC"
        self.messages, self.results = [], {}
        self.act("SELECT " + BOX)
        self.selected = True

    def notify(self, text):
        self.do(text)
        self.at_once = "(SELECTED (" in text
        self.deaf = "(SELECTED" not in text

    # ---- hearing ----
    def hear(self, response):
        if m := re.match(r"(\d+) EXISTS\Z", response):
            self.may_hear("EXISTS")
            self.heard_exists(int(m[1]))
        elif m := re.match(r"(\d+) FETCH \((.*)", response, re.S):
            self.may_hear("FETCH")
            self.heard_fetch(int(m[1]), re.search(r"\bUID (\d+)", m[2]))
        elif m := re.match(r"(\d+) EXPUNGE\Z", response):
            self.may_hear("EXPUNGE")
            self.lose(self.messages[self.index(int(m[1]))])
        elif m := re.match(r"VANISHED ([\d:,]+)\Z", response):
            self.may_hear("VANISHED")
            self.heard_vanished(expand(m[1]))
        elif m := re.match(r'ESEARCH \(TAG "(\w+)"\)(.*)\Z', response):
            self.heard_esearch(m[1], m[2])
        elif m := re.match(r'NO \[NOUPDATE "(\w+)"\]', response):
            self.heard_noupdate(m[1])

    def may_hear(self, what):
        """RFC 5465 3.1 (nothing of the mailbox without SELECTED) and 6 (removals at once with it), RFC 3501 7.4.1, RFC 7162 3.2.10."""
        own = self.command in OWN[what] and (what != "EXISTS" or self.adds)
        assert own or not self.deaf, "%s in %s without SELECTED" % (what, self.command)
        if what in ("EXPUNGE", "VANISHED"):
            assert self.at_once or not self.by_number, "%s in %s" % (what, self.command)
            assert self.qresync == (what == "VANISHED"), what

    def index(self, number):
        assert 1 <= number <= len(self.messages), "number %d of %d" % (number, len(self.messages))
        return number - 1

    def lose(self, message):
        """RFC 5465 3.1: what others removed is not told without SELECTED. Who removes a message hears of it first."""
        assert not self.deaf or self.command == "SET" or message.uid not in self.gone, "UID %d is not gone by this client" % message.uid
        self.gone |= {message.uid} - {None}
        self.messages.remove(message)

    def heard_exists(self, n):
        assert n >= len(self.messages), "%d EXISTS, %d are known" % (n, len(self.messages))
        self.messages += [Message() for _ in range(n - len(self.messages))]

    def heard_fetch(self, number, uid):
        message = self.messages[self.index(number)]
        if uid:
            assert message.uid in (None, int(uid[1])), "number %d is UID %s, not %s" % (number, uid[1], message)
            message.uid = int(uid[1])

    def heard_vanished(self, uids):
        """RFC 7162 3.2.10. Which of several is meant whose UIDs were not told yet cannot be known: then numbers in results are not, either."""
        for uid in uids:
            may_be = [m for m in self.messages if m.uid == uid] or self.untold_between(uid)
            assert may_be, "VANISHED of UID %d, which nothing can have of %s" % (uid, self.messages)
            if len(may_be) > 1:
                self.results = {tag: r for tag, r in self.results.items() if r.by_uid}
            may_be[0].uid = uid
            self.lose(may_be[0])

    def untold_between(self, uid):
        """Messages that may have a UID, which ascend."""
        before = max((i + 1 for i, m in enumerate(self.messages) if m.uid and m.uid < uid), default=0)
        behind = min((i for i, m in enumerate(self.messages) if m.uid and m.uid > uid), default=len(self.messages))
        return self.messages[before:behind]

    def heard_noupdate(self, tag):
        self.results.pop(tag, None)
        if self.opened and self.opened[0] == tag:
            self.opened = None

    def heard_esearch(self, tag, rest):
        """The first answer, or what has changed since, in the order in which it is told (RFC 5267 4.3.2)."""
        changes = re.findall(r"(ADDTO|REMOVEFROM) \(([^)]*)\)", rest)
        if not changes and self.opened and self.opened[0] == tag:
            result = self.results[tag] = self.opened[1]
            m = re.search(r" ALL ([\d:,]+)", rest)
            result.messages = self.named(result, m[1]) if m else []
        elif changes and tag in self.results:
            result = self.results[tag]
            assert result.by_uid == rest.startswith(" UID"), rest
            for what, text in changes:
                words = text.split()
                for place, numbers in zip(words[::2], words[1::2]):
                    change = result.add if what == "ADDTO" else result.remove
                    change(int(place), self.named(result, numbers))

    def named(self, result, numbers):
        return expand(numbers) if result.by_uid else [self.messages[self.index(n)] for n in expand(numbers)]

    # ---- the end ----
    def catch_up(self):
        """Nothing is kept back from who wants all news, and asks (RFC 5465 3.1)."""
        self.notify(ALL_NEWS)
        self.ok("NOOP")
        self.ok("UID FETCH 1:* (UID)")

    def found(self, command):
        """The UIDs that a search of now tells."""
        self.ok("UID " + command)
        m = re.search(rb"ESEARCH \(TAG [^)]*\) UID ALL ([\d:,]+)", b"\n".join(self.c.untagged))
        return expand(m[1].decode()) if m else []

    def check(self):
        uids, there = [m.uid for m in self.messages], self.found("SEARCH RETURN (ALL) ALL")
        assert uids == there, "known are UIDs %s, there are %s" % (uids, there)
        for tag, result in self.results.items():
            now = self.found(result.command("ALL"))
            assert result.uids() == now, "%s: %s is %s, not %s" % (tag, result.command("UPDATE"), result.uids(), now)


class NotifyWorld:
    """Three clients of one mailbox. A step is a command of one of them: what exactly it asks follows from its seed and the picture."""

    def __init__(self, ports, user):
        self.log = []
        gone = set()
        self.clients = [Client(ports[i % len(ports)], user, name, self.log, gone) for i, name in enumerate("abc")]
        for box in (BOX, ELSEWHERE):
            self.clients[0].ok("CREATE " + box)

    def close(self):
        for client in self.clients:
            client.c.close()

    def run(self, steps):
        """Raises AssertionError where the server is wrong."""
        for who, kind, seed in steps:
            client, r = self.clients[who], random.Random(seed)
            if not client.selected:
                self.do_select(client, r)
            getattr(self, "do_" + kind)(client, r)
        for client in self.clients:
            if client.selected:
                client.catch_up()
                client.check()

    # ---- steps ----
    @staticmethod
    def some(client, r):
        """A message number; None: there is no message."""
        return r.randint(1, len(client.messages)) if client.messages else None

    def do_select(self, client, r):
        client.select(r.choice(EXTENSIONS))

    def do_append(self, client, r):
        client.act("APPEND " + BOX, b"Subject: m%d\r\n\r\n%s\r\n" % (r.randrange(5), b"x" * r.randrange(30)))

    def do_copy(self, client, r):
        """To the mailbox itself: new messages of the client's own, and with MOVE removals (RFC 6851)."""
        what, number = r.choice(["COPY", "MOVE"]), self.some(client, r)
        if r.random() < 0.5:
            client.act("UID %s %s %s" % (what, r.choice(["1:3", "*", "1:*" if len(client.messages) < 20 else "1"]), BOX))
        elif number:
            client.act("%s %d %s" % (what, number, BOX))

    def do_replace(self, client, r):
        """RFC 8508."""
        number, box = self.some(client, r), r.choice([BOX, ELSEWHERE])
        if number:
            what = "UID REPLACE * " if r.random() < 0.3 else "REPLACE %d " % number
            client.act(what + box, b"Subject: m%d\r\n\r\n" % r.randrange(5))

    def do_away(self, client, r):
        client.act("UID MOVE %s %s" % (r.choice(["1:3", "*"]), ELSEWHERE))

    def do_store(self, client, r):
        number, flag = self.some(client, r), r.choice(FLAGS)
        if r.random() < 0.25:
            client.act("UID STORE 1:* +FLAGS (%s)" % flag)
        elif number:
            how = r.choice("+-") + "FLAGS" + r.choice(["", ".SILENT"])
            client.act("STORE %d %s (%s)" % (number, how, flag), by_number=True)

    def do_expunge(self, client, r):
        client.act("EXPUNGE")

    def do_notify(self, client, r):
        client.notify(r.choice(NOTIFY))

    def do_result(self, client, r):
        """RFC 5267 4.3: SEARCH or SORT with RETURN (UPDATE)."""
        by_uid = r.random() < 0.5
        result = Result(by_uid, r.choice(ORDERS) if r.random() < 0.5 else None, r.choice(KEYS))
        if len(client.results) < MOST_RESULTS:
            client.act(("UID " if by_uid else "") + result.command("UPDATE ALL"), by_number=not by_uid, result=result)

    def do_fetch(self, client, r):
        number, what = self.some(client, r), r.random()
        if what < 0.2:
            client.act("UID FETCH * (FLAGS BODY[])")
        elif number and what < 0.4:
            client.act("FETCH %d (BODY[TEXT] FLAGS)" % number, by_number=True)
        elif number:
            client.act("FETCH 1:* (UID)", by_number=True)

    def do_search(self, client, r):
        client.act("SEARCH " + r.choice(KEYS), by_number=True)

    def do_cancel(self, client, r):
        """RFC 5267 4.3.5."""
        if client.results:
            tag = r.choice(sorted(client.results))
            client.act('CANCELUPDATE "%s"' % tag)
            client.results.pop(tag, None)

    def do_noop(self, client, r):
        client.act("NOOP")


class NotifyModel(TwoModels, RandomRuns, unittest.TestCase):
    RUNS, STEPS, KINDS = 50, 100, KINDS

    def new_world(self):
        return NotifyWorld(self.ports, self.new_user())


if __name__ == "__main__":
    unittest.main()
