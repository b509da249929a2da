"""SIGKILL of the JMAP server in the middle of everything: no acknowledged change is lost or doubled, no wrong bytes, no folder
vanishes, and service is back when the server is.

Workers with IMAP sessions do what they like to messages of their own, and keep for each message the set of states it may be in: one
after an OK, two after anything else. The server is killed and started again and again meanwhile (GW_KILLS: how often). At the end
the server's own view and that of a new client must be among those states.
"""
import os
import random
import re
import sys
import threading
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import until  # noqa: E402
from jmap_case import PASSWORD, Gone, Imap, JmapCase  # noqa: E402
from jmap_server import JmapServer  # noqa: E402

KILLS = int(os.environ.get("GW_KILLS", "30"))
SEED = int(os.environ.get("GW_SEED", "1"))
USERS, SESSIONS = 2, 3
FOLDERS = {"INBOX", "Drafts", "Sent", "Trash", "Junk", "Archive"}
PLACES = ("INBOX", "Archive", "Sent", "Junk")
WORDS = ("\\Seen", "\\Flagged", "\\Answered", "work", "home")
MOST = 25  # messages of a worker


def message(word):
    return b"Subject: %s\r\nMessage-ID: <%s@kill>\r\n\r\n%s\r\n" % ((word.encode(),) * 2 + (word.encode() * (len(word) % 7 + 1),))


def word_of(data):
    m = re.search(rb"^Subject: (\S+)", data)
    return m[1].decode() if m else "?"


class State:
    """Where a message is (names, one for each copy, sorted) and which flags it has."""

    def __init__(self, places, flags):
        self.places, self.flags = tuple(sorted(places)), frozenset(flags)

    def __eq__(self, o):
        return (self.places, self.flags) == (o.places, o.flags)

    def __hash__(self):
        return hash((self.places, self.flags))

    def __repr__(self):
        return "%s %s" % ("+".join(self.places) or "nowhere", " ".join(sorted(self.flags)))

    def with_place(self, place, without=None):
        places = list(self.places)
        if without in places:
            places.remove(without)
        return State(places + ([place] if place else []), self.flags if places or place else ())

    def with_flags(self, add=(), take=()):
        return State(self.places, (self.flags | set(add)) - set(take)) if self.places else self


class Worker(threading.Thread):
    def __init__(self, test, user, n):
        super().__init__()
        self.test, self.user, self.name = test, user, "%s.%d" % (user, n)
        self.rng = random.Random("%d %s" % (SEED, self.name))
        self.states, self.folders = {}, {}  # word -> set of State; folder -> set of True, False
        self.client, self.selected, self.uids = None, None, {}
        self.made, self.done, self.failed, self.wrong = 0, 0, 0, []

    def run(self):
        while not self.test.stop.is_set():
            try:
                self.connect()
                self.step()
            except (Gone, OSError):
                self.forget()
            except Exception as e:  # the test shall see it
                self.wrong.append("%s: %r" % (type(e).__name__, e))
                self.forget()
        self.forget()

    def forget(self):
        if self.client:
            self.client.close()
        self.client = self.selected = None

    def connect(self):
        if self.client:
            return
        self.client = Imap(self.test.gw.port["imap"], timeout=60)
        answer = self.client.do("LOGIN %s %s" % (self.user, PASSWORD))
        if answer.startswith("OK"):
            return
        if "[UNAVAILABLE]" not in answer:
            self.wrong.append("LOGIN: " + answer)
        self.forget()
        time.sleep(0.02)
        raise Gone("no sign-on")

    def ran(self, text, literal=None):
        """Run a command; whether it said OK. What else it says must be what an outage may say."""
        answer = self.client.do(text, literal)
        if answer.startswith("OK"):
            self.done += 1
            return answer
        self.failed += 1
        may = "ALREADYEXISTS|NONEXISTENT" if text.startswith(("CREATE", "DELETE")) else "INUSE|EXPUNGEISSUED"
        if not re.match(r"NO \[(UNAVAILABLE|%s)\]" % may, answer):
            self.wrong.append("%s: %s" % (text, answer))
        return None

    def select(self, place):
        """The selected mailbox's UIDs of own messages: word -> list."""
        if self.selected != place:
            self.selected = place if self.ran("SELECT " + place) else None
        if self.selected is None or not self.ran("UID FETCH 1:* (UID BODY.PEEK[])"):
            return None
        uids = {}
        for r in self.client.untagged:
            m = re.match(rb"\d+ FETCH \(.*?UID (\d+).*?BODY\[\] \{(\d+)\}\r\n", r, re.S)
            if not m:
                continue
            data = r[m.end():m.end() + int(m[2])]
            word = word_of(data)
            if data != message(word):
                self.wrong.append("wrong bytes in %s, UID %s: %r" % (place, m[1], data[:80]))
            self.test.same_bytes(self, place, int(m[1]), word)
            if word.startswith(self.name + "."):
                uids.setdefault(word, []).append(int(m[1]))
        return uids

    # ---- what it does ----
    def step(self):
        actions = [self.append] * 3 + [self.store] * 3 + [self.copy, self.move, self.expunge, self.listing, self.folder, self.noop]
        self.rng.choice(actions)()

    def append(self):
        if sum(any(s.places for s in v) for v in self.states.values()) >= MOST:
            return self.expunge()
        self.made += 1
        word, place = "%s.%d" % (self.name, self.made), self.rng.choice(PLACES)
        flags = {w for w in WORDS if self.rng.random() < 0.3}
        self.states[word] = {State((), ()), State((place,), flags)}
        if self.ran("APPEND %s (%s)" % (place, " ".join(flags)), message(word)):
            self.states[word] = {State((place,), flags)}
        return None

    def some(self):
        """An own message in some mailbox: (word, uid)."""
        uids = self.select(self.rng.choice(PLACES))
        if not uids:
            return None, None
        word = self.rng.choice(sorted(uids))
        return word, self.rng.choice(uids[word])

    def change(self, word, f, command):
        """A command that makes f(state) of each state."""
        before = self.states[word]
        after = {f(s) for s in before}
        self.states[word] = before | after
        if self.ran(command):
            self.states[word] = after

    def store(self):
        word, uid = self.some()
        if not word:
            return
        words = {w for w in WORDS if self.rng.random() < 0.4} or {"work"}
        if self.rng.random() < 0.5:
            self.change(word, lambda s: s.with_flags(add=words), "UID STORE %d +FLAGS (%s)" % (uid, " ".join(words)))
        else:
            self.change(word, lambda s: s.with_flags(take=words), "UID STORE %d -FLAGS (%s)" % (uid, " ".join(words)))

    def copy(self):
        word, uid = self.some()
        here, to = self.selected, self.rng.choice(PLACES)
        if word and all(len(s.places) < 4 for s in self.states[word]):
            self.change(word, lambda s: s.with_place(to) if here in s.places else s, "UID COPY %d %s" % (uid, to))

    def move(self):
        word, uid = self.some()
        here, to = self.selected, self.rng.choice(PLACES)
        if word and to != here:
            self.change(word, lambda s: s.with_place(to, here) if here in s.places else s, "UID MOVE %d %s" % (uid, to))

    def expunge(self):
        word, uid = self.some()
        here = self.selected
        if word and self.ran("UID STORE %d +FLAGS.SILENT (\\Deleted)" % uid):
            self.change(word, lambda s: s.with_place(None, here) if here in s.places else s, "UID EXPUNGE %d" % uid)
            if self.selected and self.rng.random() < 0.5:
                self.ran("UID STORE %d -FLAGS.SILENT (\\Deleted)" % uid)

    def listing(self):
        if self.ran('LIST "" "*"'):
            names = {m[1].decode() for m in (re.search(rb'"?/"? "?([^" ]+)"?\Z', r) for r in self.client.untagged) if m}
            missing = FOLDERS - names
            missing |= {f for f, v in self.folders.items() if v == {True} and f not in names}
            if missing:
                self.wrong.append("LIST does not have %s" % missing)

    def folder(self):
        name = "%s-%d" % (self.name.replace(".", "-"), self.rng.randrange(4))
        before = self.folders.get(name, {False})
        if before == {False} or (len(before) == 2 and self.rng.random() < 0.5):
            self.folders[name] = before | {True}
            self.folders[name] = {True} if self.ran("CREATE " + name) else self.folders[name]
        else:
            self.folders[name] = before | {False}
            self.folders[name] = {False} if self.ran("DELETE " + name) else self.folders[name]

    def noop(self):
        self.ran("NOOP")


class Kill(JmapCase):
    SERVER = {"process": True}
    GATEWAY = {"jmap_poll_interval": 1, "backend_timeout": 10}

    def same_bytes(self, worker, place, uid, word):
        """A number names one message for ever."""
        key = (worker.user, place, uid)
        if self.names.setdefault(key, word) != word:
            worker.wrong.append("UID %s was %s and is %s" % (key, self.names[key], word))

    def kill_often(self):
        rng = random.Random(SEED)
        longest = 0.0
        for _ in range(KILLS):
            time.sleep(rng.random() * 0.08)
            self.js.kill()
            time.sleep(rng.random() * 0.03)
            self.js.start()
            back = time.monotonic()
            self.assertTrue(until(self.served), "no service after a start")
            longest = max(longest, time.monotonic() - back)
        print("back after at most %.2f s" % longest)

    def served(self):
        """A change goes through."""
        c = Imap(self.gw.port["imap"])
        try:
            return c.do("LOGIN %s %s" % (self.user, PASSWORD)).startswith("OK") and c.do("CREATE x").startswith("OK") \
                and c.do("DELETE x").startswith("OK")
        finally:
            c.close()

    def test_workers_and_kills(self):
        self.stop, self.names = threading.Event(), {}
        users = ["w%d" % i for i in range(USERS)]
        for u in users:
            self.js.add_user(u, PASSWORD)
        workers = [Worker(self, u, i) for u in users for i in range(SESSIONS)]
        for w in workers:
            w.start()
        try:
            self.kill_often()
        finally:
            self.stop.set()
            for w in workers:
                w.join()
        print("%d commands done, %d refused" % (sum(w.done for w in workers), sum(w.failed for w in workers)))
        self.assertEqual([x for w in workers for x in w.wrong], [])
        for u in users:
            self.compare(u, [w for w in workers if w.user == u])

    def compare(self, user, workers):
        c = self.client(user)
        places, flags = {}, {}
        for place in PLACES:
            c.ok("SELECT " + place)
            marks = c.flags() if c.ok("STATUS %s (MESSAGES)" % place) and b"MESSAGES 0" not in c.untagged[0] else {}
            for uid, data in (c.bodies() if marks else {}).items():
                word = word_of(data)
                self.assertEqual(data, message(word))
                places.setdefault(word, []).append(place)
                flags.setdefault(word, set()).update(marks[uid] - {"\\Deleted"})
        names = c.list()
        server = {}
        for e in self.js.dump(user)["emails"].values():
            word = word_of(self.js.blob(user, e["blob"]))
            self.assertNotIn(word, server, "twice on the server")
            server[word] = {"INBOX" if m == "Inbox" else m for m in e["mailboxes"]}
        for w in workers:
            for word, states in w.states.items():
                self.assertIn(State(places.get(word, ()), flags.get(word, ())), states, word)
                self.assertEqual(set(places.get(word, ())), server.get(word, set()), word)
            for name, may in w.folders.items():
                self.assertIn(name in names, may, name)


class KillCyrus(Kill):
    """The same on a server with the habits of Cyrus."""

    @classmethod
    def setUpClass(cls):
        cls.js = JmapServer(process=True, cyrus=True, strict=False).start()
        cls.gw = cls.gateway(cls.js).start()


if __name__ == "__main__":
    unittest.main()
