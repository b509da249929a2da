"""jmap_store.py - the mail of the JMAP server double: users, accounts, mailboxes, messages, blobs, and their journal.

Everything that changes is an operation: a list whose first word names a method op_X of Account or World. Operations are
applied in memory and written as one line of the journal before anybody is answered; a start applies the lines again,
so that a server that was killed has every state string and id it ever told. A last line that is torn was never
acknowledged.
Blobs are files, named by their content; those of bulk() are made from a seed when somebody asks.
"""
import bisect
import email
import email.policy
import hashlib
import json
import os
import re
import threading
import time
import zlib
from pathlib import Path

ROLES = (("Inbox", "inbox"), ("Drafts", "drafts"), ("Sent", "sent"), ("Trash", "trash"), ("Junk", "junk"),
         ("Archive", "archive"))
RIGHTS = ("mayReadItems", "mayAddItems", "mayRemoveItems", "maySetSeen", "maySetKeywords", "mayCreateChild",
          "mayRename", "mayDelete", "maySubmit")
ID = re.compile(r"[A-Za-z0-9_-]{1,255}\Z")
KEYWORD = re.compile(r"[!-~]{1,255}\Z")
KEYWORD_NOT = re.compile(r'[(){\]%*"\\]')
WORDS = "the quick brown fox jumps over a lazy dog while seven wizards box with jolly zebras ".split()


def utc(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def bulk_size(seed, i):
    return 900 + zlib.crc32(b"%d/%d" % (seed, i)) % 4000


def bulk_message(seed, i):
    """Message i of a seed: always the same octets, bulk_size() of them."""
    size, pick = bulk_size(seed, i), zlib.crc32(b"%d.%d" % (i, seed))
    head = ("From: Sender %d <s%d@example.org>\r\nTo: you@example.net\r\nSubject: %s number %d\r\n"
            "Message-ID: <%d.%d@bulk>\r\nDate: Mon, %d Jan 2024 10:%02d:00 +0000\r\nMIME-Version: 1.0\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n\r\n"
            % (pick % 97, pick % 97, WORDS[pick % len(WORDS)], i, i, seed, 1 + i % 28, i % 60)).encode()
    line = " ".join(WORDS[(pick + k) % len(WORDS)] for k in range(11)).encode() + b"\r\n"
    return (head + line * (size // len(line) + 1))[:size - 2] + b"\r\n"


def message_ids(head):
    """The message's own id first, then those it refers to."""
    own = re.findall(rb"(?im)^message-id:\s*(<[^>\s]+>)", head)
    fields = re.findall(rb"(?im)^(?:references|in-reply-to):(.*(?:\r?\n[ \t].*)*)", head)
    return [m.decode("latin-1") for m in own + re.findall(rb"<[^>\s]+>", b" ".join(fields))]


class Email:
    __slots__ = ("id", "blob", "thread", "size", "received", "order", "mailboxes", "keywords")

    def __init__(self, id, order, facts):
        self.id, self.order = id, order
        self.blob, self.thread, self.size, self.received, self.mailboxes, self.keywords = facts[:6]

    def unread(self):
        return "$seen" not in self.keywords and "$draft" not in self.keywords


class Mailbox:
    def __init__(self, id):
        self.id, self.emails, self.unread, self.sorted = id, {}, 0, None
        self.name, self.parent, self.role, self.sort, self.subscribed = "", None, None, 0, []

    def set(self, facts):
        self.name, self.parent, self.role, self.sort, self.subscribed = facts

    def facts(self, **new):
        """The facts in the order of set(), some of them new."""
        return [new.get(k, getattr(self, k)) for k in ("name", "parent", "role", "sort", "subscribed")]


class Log:
    """What happened to the objects of one type, in order; a state is a place in it."""

    def __init__(self):
        self.seq, self.entries, self.state, self.floor = [], [], 0, 0

    def add(self, seq, id, what):
        self.seq.append(seq)
        self.entries.append((id, what))
        self.state = seq

    def changes(self, since, most):
        """(created, updated, destroyed, only counts?, newState, more?) since a state; at most `most` ids."""
        first, last, quiet, new, more = {}, {}, True, since, False
        for i in range(bisect.bisect_right(self.seq, since), len(self.seq)):
            id, what = self.entries[i]
            if id not in first and most and len(first) >= most:
                more = True
                break
            first.setdefault(id, what)
            last[id] = what
            quiet = quiet and what in ("counts", "destroyed")
            new = self.seq[i]
        created = [i for i in last if last[i] != "destroyed" and first[i] == "created"]
        updated = [i for i in last if last[i] != "destroyed" and first[i] != "created"]
        destroyed = [i for i in last if last[i] == "destroyed" and first[i] != "created"]
        return created, updated, destroyed, quiet and bool(updated), new if more else self.state, more


class Account:
    def __init__(self, world, id, name):
        self.world, self.id, self.name = world, id, name
        self.lock = threading.RLock()
        self.mailboxes, self.emails, self.threads, self.by_blob, self.by_message_id = {}, {}, {}, {}, {}
        self.logs = {"Email": Log(), "Mailbox": Log(), "Thread": Log()}
        self.modseq, self.used, self.next, self.counted, self.order = 0, 0, 1, {}, 0
        self.limit_bytes = self.limit_count = None
        self.rights = {}  # (user or "", mailbox id or "") -> those that are missing
        self.bulks = set()
        self.blobs = world.folder / "blobs" / id
        self.blobs.mkdir(parents=True, exist_ok=True)
        self.parsed = {}

    # ---- changing ----
    def change(self):
        return Change(self)

    def new_id(self, prefix):
        self.next += 1
        return "%s%d" % (prefix, self.next - 1)

    def note(self, kind, id, what):
        self.modseq += 1
        self.logs[kind].add(self.modseq, id, what)

    def touch(self, mailboxes):
        for m in mailboxes:
            self.counted[m] = True
            if m in self.mailboxes:
                self.mailboxes[m].sorted = None

    def end(self):
        """After the operations of one line: mailboxes whose counts moved."""
        for m in self.counted:
            if m in self.mailboxes:
                self.note("Mailbox", m, "counts")
        self.counted = {}

    def op_next(self, n):
        self.next = max(self.next, n)

    def op_mailbox(self, id, *facts):
        new = id not in self.mailboxes
        if new:
            self.mailboxes[id] = Mailbox(id)
        self.mailboxes[id].set(facts)
        self.note("Mailbox", id, "created" if new else "updated")

    def op_mailbox_gone(self, id):
        del self.mailboxes[id]
        self.note("Mailbox", id, "destroyed")
        if self.world.options["forget_with_mailbox"]:
            self.op_forget("Email")

    def op_forget(self, kind):
        """Older states of this type cannot be compared any more."""
        self.modseq += 1
        self.logs[kind].floor = self.logs[kind].state = self.modseq

    def op_email(self, id, message_ids, *facts):
        self.order += 1
        e = self.emails[id] = Email(id, self.order, facts)
        self.by_blob.setdefault(e.blob, id)
        self.used += e.size
        for m in message_ids:
            self.by_message_id.setdefault(m, e.thread)
        self.note("Email", id, "created")
        self.note("Thread", e.thread, "updated" if e.thread in self.threads else "created")
        self.threads.setdefault(e.thread, []).append(id)
        self.place(e, e.mailboxes, {})

    def place(self, e, now, before):
        for m in now:
            if m not in before:
                self.mailboxes[m].emails[e.id] = e
                self.mailboxes[m].unread += e.unread()
        for m in before:
            if m not in now and m in self.mailboxes:
                self.mailboxes[m].emails.pop(e.id, None)
                self.mailboxes[m].unread -= e.unread()
        self.touch(now if not before else set(now) ^ set(before))

    def op_change(self, id, mailboxes, keywords):
        """The new sets; None: as before."""
        e = self.emails[id]
        if keywords is not None:
            before = e.unread()
            e.keywords = keywords
            if e.unread() != before:
                for m in e.mailboxes:
                    self.mailboxes[m].unread += e.unread() - before
                    self.counted[m] = True
        if mailboxes is not None:
            self.place(e, mailboxes, e.mailboxes)
            e.mailboxes = mailboxes
        self.note("Email", id, "updated")

    def op_email_gone(self, id):
        e = self.emails.pop(id)
        self.place(e, {}, e.mailboxes)
        self.used -= e.size
        if self.by_blob.get(e.blob) == id:
            del self.by_blob[e.blob]
        self.threads[e.thread].remove(id)
        self.note("Email", id, "destroyed")
        if self.threads[e.thread]:
            self.note("Thread", e.thread, "updated")
        else:
            del self.threads[e.thread]
            self.note("Thread", e.thread, "destroyed")

    def op_bulk(self, mailbox, n, seed, first):
        self.bulks.add(seed)
        for i in range(n):
            id = "B%d-%d" % (seed, i)
            keywords = {"$seen": True} if i % 3 else {}
            self.op_email(id, (), id, "T" + id, bulk_size(seed, i), utc(first + i // 2), {mailbox: True}, keywords)

    def op_moved(self):
        """Nothing that a client sees; but the states are others."""
        self.modseq += 1
        for log in self.logs.values():
            log.state = self.modseq

    def op_quota(self, size, count):
        self.limit_bytes, self.limit_count = size, count

    def op_rights(self, user, mailbox, missing):
        self.rights[user, mailbox] = missing

    # ---- asking ----
    def may(self, user, mailbox, right):
        return not any(right in self.rights.get(key, ()) for key in ((user, mailbox), (user, ""), ("", mailbox)))

    def find_mailbox(self, name):
        """By id, role or path of names."""
        for m in self.mailboxes.values():
            if name == m.id or (m.role and name.lower() == m.role) or name == self.path(m):
                return m
        raise KeyError("account %s has no mailbox %s" % (self.name, name))

    def path(self, m):
        parts = []
        while m and len(parts) < 100:
            parts.insert(0, m.name)
            m = self.mailboxes.get(m.parent)
        return "/".join(parts)

    def depth(self, m):
        n = 0
        while m.parent in self.mailboxes:
            n, m = n + 1, self.mailboxes[m.parent]
        return n

    def in_order(self, mailbox):
        """The messages of a mailbox by receivedAt, then as they came."""
        if mailbox.sorted is None:
            mailbox.sorted = sorted(mailbox.emails.values(), key=lambda e: (e.received, e.order))
        return mailbox.sorted

    def over_quota(self, size):
        return ((self.limit_bytes is not None and self.used + size > self.limit_bytes)
                or (self.limit_count is not None and len(self.emails) >= self.limit_count))

    # ---- blobs ----
    def put_blob(self, data):
        """Keep data; (id, size)."""
        id = "G" + hashlib.sha1(data).hexdigest()
        path = self.blobs / id
        if not path.exists():
            part = self.blobs / ("%s.%d" % (id, threading.get_ident()))
            part.write_bytes(data)
            os.rename(part, path)
        return id, len(data)

    def keep_file(self, part, digest):
        """Keep a file of this folder that was written; its id."""
        id = "G" + digest
        os.rename(part, self.blobs / id)
        return id

    def bulk_of(self, id):
        m = re.match(r"B(\d+)-(\d+)\Z", id)
        return (int(m[1]), int(m[2])) if m and int(m[1]) in self.bulks else None

    def blob_size(self, id):
        """None: there is no such blob."""
        bulk = self.bulk_of(id)
        if bulk:
            return bulk_size(*bulk)
        path = self.blobs / id
        return path.stat().st_size if ID.match(id) and path.exists() else None

    def read_blob(self, id):
        bulk = self.bulk_of(id)
        return bulk_message(*bulk) if bulk else (self.blobs / id).read_bytes()

    def message(self, e):
        """The message as the email package sees it; the last ones are kept."""
        if e.blob not in self.parsed:
            if len(self.parsed) > 2000:
                self.parsed.clear()
            self.parsed[e.blob] = email.message_from_bytes(self.read_blob(e.blob), policy=email.policy.compat32)
        return self.parsed[e.blob]

    def add_email(self, tx, blob, mailboxes, keywords, received):
        """File a blob as a new message; the Email."""
        names = message_ids(self.read_head(blob))
        thread = next((self.by_message_id[m] for m in names if m in self.by_message_id), None)
        if thread not in self.threads:
            thread = self.new_id("t")
        id = "M" + hashlib.sha1(blob.encode()).hexdigest()[:24] if self.world.options["fold"] else self.new_id("e")
        tx.do("next", self.next)
        tx.do("email", id, names[:1], blob, thread, self.blob_size(blob), received, mailboxes, keywords)
        return self.emails[id]

    def read_head(self, blob):
        if self.bulk_of(blob):
            data = self.read_blob(blob)
        else:
            with open(self.blobs / blob, "rb") as f:
                data = f.read(65536)
        return re.split(rb"\r?\n\r?\n", data, maxsplit=1)[0]

    def dump(self):
        """The whole account for comparisons: paths instead of ids, hashes instead of octets."""
        with self.lock:
            return {
                "mailboxes": {self.path(m): {"id": m.id, "role": m.role, "subscribed": m.subscribed,
                                             "emails": sorted(m.emails)} for m in self.mailboxes.values()},
                "emails": {e.id: {"blob": e.blob, "size": e.size, "received": e.received,
                                  "keywords": sorted(e.keywords),
                                  "mailboxes": sorted(self.path(self.mailboxes[m]) for m in e.mailboxes)}
                           for e in self.emails.values()},
                "used": self.used,
            }


class Change:
    """with account.change() as tx: tx.do(...): applied at once, in the journal when the block ends."""

    def __init__(self, account):
        self.account, self.ops = account, []

    def __enter__(self):
        self.account.lock.acquire()
        return self

    def do(self, op, *args):
        getattr(self.account, "op_" + op)(*args)
        self.ops.append([op, *args])

    def __exit__(self, *exc):
        try:
            if self.ops:
                self.account.end()
                self.account.world.journal.write({"a": self.account.id, "ops": self.ops})
        finally:
            self.account.lock.release()
        if self.ops:
            self.account.world.ring()


class User:
    def __init__(self, name, password, account):
        self.name, self.password, self.account = name, password, account
        self.tokens, self.locked, self.admin, self.shared = [], False, False, {}  # account id -> read-only?


class Journal:
    def __init__(self, path, sync):
        self.path, self.sync, self.lock = path, sync, threading.Lock()
        self.fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)

    def lines(self, end=None):
        """All whole lines; what is behind the last one, or behind offset `end`, is cut off."""
        good = 0
        with open(self.path, "rb") as f:
            for line in f:
                if not line.endswith(b"\n") or (end is not None and good >= end):
                    break
                yield json.loads(line)
                good += len(line)
        os.ftruncate(self.fd, good)

    def write(self, entry):
        data = json.dumps(entry, separators=(",", ":")).encode() + b"\n"
        with self.lock:
            while data:
                data = data[os.write(self.fd, data):]
        if self.sync:
            os.fdatasync(self.fd)

    def size(self):
        return os.fstat(self.fd).st_size

    def close(self):
        os.close(self.fd)


class World:
    """All of a server. folder: of the journal and the blobs."""

    def __init__(self, folder, options):
        self.folder, self.options = Path(folder), options
        self.folder.mkdir(parents=True, exist_ok=True)
        self.bell = threading.Condition()
        self.rung = 0
        self.journal = Journal(self.folder / "journal", options["fsync"])
        self.replay()

    def replay(self, end=None):
        self.users, self.accounts = {}, {}
        for entry in self.journal.lines(end):
            target = self.accounts[entry["a"]] if "a" in entry else self
            for op, *args in entry["ops"]:
                getattr(target, "op_" + op)(*args)
            if "a" in entry:
                target.end()

    def do(self, op, *args):
        getattr(self, "op_" + op)(*args)
        self.journal.write({"ops": [[op, *args]]})
        self.ring()

    def ring(self):
        with self.bell:
            self.rung += 1
            self.bell.notify_all()

    def op_user(self, name, password, account):
        self.users[name] = User(name, password, account)

    def op_user_set(self, name, key, value):
        setattr(self.users[name], key, value)

    def op_account(self, id, name):
        self.accounts[id] = Account(self, id, name)

    def account_of(self, name):
        """By user, name or id."""
        if name in self.users:
            return self.accounts[self.users[name].account]
        return next(a for a in self.accounts.values() if name in (a.id, a.name))

    def add_account(self, name, mailboxes=ROLES, subscriber=None):
        id = "A%d" % (len(self.accounts) + 1)
        self.do("account", id, name)
        account = self.accounts[id]
        with account.change() as tx:
            for sort, (box, role) in enumerate(mailboxes):
                m = account.new_id("mb")
                tx.do("next", account.next)
                tx.do("mailbox", m, box, None, role, sort, [subscriber] if subscriber else [])
        return account

    def add_user(self, name, password, mailboxes=ROLES):
        account = self.add_account(name, mailboxes, name)
        self.do("user", name, password, account.id)
        return account
