"""jmap_faults.py - what the JMAP server double does wrong on demand.

A fault is {"do": NAME, ...}. Which requests it meets:
  on      "session", "api", "upload", "download", "events"; default: all
  method  a request that holds a call of this JMAP method, and in it those calls
  url     a regular expression; user: a name
  asks    an id: a request that asks for it in "ids"
  skip    so many hits are let pass first; times: how often then (0: for ever; default 1)
  chance  of each hit, drawn from seed
What it does is in the tables below, with its own settings: BEFORE (instead of the work or ahead of it), CALL (one
method call, not executed), ANSWER (one method's answer, after the work was done), REPLY (the HTTP answer, after the
work was done), EVENTS (the event stream). Waits end when the faults are cleared.
"""
import itertools
import json
import random
import re
import threading

MIB = 1 << 20


class Hangup(Exception):
    """Close the connection now. reset: with RST."""

    def __init__(self, reset=False):
        super().__init__("hang up")
        self.reset = reset


class Reply:
    """An HTTP answer. body: bytes, or an iterator of pieces (length None: chunked)."""

    def __init__(self, status, body=b"", kind="application/json", length=None, **headers):
        self.status, self.body, self.length = status, body, length
        self.headers = {"Content-Type": kind} if kind else {}
        self.headers.update({k.replace("_", "-"): v for k, v in headers.items()})
        self.cut = None           # hang up behind so many octets of the body
        self.drip = None          # (octets, seconds between)
        self.chunk_fault = None   # "size", "huge", "end", "data"
        self.until_close = False  # no length at all
        self.last = False         # of its connection
        self.told_length = None   # Content-Length that is told instead
        self.raw_head = b""       # more header lines

    def bytes(self):
        if not isinstance(self.body, bytes):
            self.body = b"".join(self.body)
            self.length = None
        return self.body


# ---- BEFORE(fault, faults, request): a Reply to send, or None to go on ----

def status(f, faults, request):
    r = Reply(f.get("status", 503), f.get("body", "").encode(), f.get("type", "text/plain"))
    r.headers.update(f.get("headers", {}))
    if f.get("retry_after") is not None:
        r.headers["Retry-After"] = str(f["retry_after"])
    if r.status == 401 and not f.get("headers"):
        r.headers["WWW-Authenticate"] = 'Basic realm="mail"'
    if r.status == 204:
        r.headers.pop("Content-Type")
    return r


def close(f, faults, request):
    raise Hangup(f.get("reset", False))


def stall(f, faults, request):
    faults.wait(f.get("seconds"))


def redirect(f, faults, request):
    return Reply(f.get("status", 302), b"", None, Location=f["to"])


def act(f, faults, request):
    faults.control(dict(f["control"]))


BEFORE = {"status": status, "close": close, "stall": stall, "redirect": redirect, "act": act}


# ---- CALL(fault, faults, request, name, args): ahead of one method call; may raise ----

def error(f, faults, request, name, args):
    from jmap_methods import MethodError
    raise MethodError(f.get("type", "serverFail"), f.get("description", ""))


def vanish(f, faults, request, name, args):
    """Messages go between the list and their get; "at": which of the ids."""
    account = request.world.accounts[args["accountId"]]
    with account.change() as tx:
        for id in list(args.get("ids") or ())[f.get("at", 0):][:f.get("n", 1)]:
            if id in account.emails:
                tx.do("email_gone", id)


CALL = {"error": error, "vanish": vanish}


# ---- ANSWER(fault, answer): answer is [name, args, tag], changed in place ----

def places(value, steps):
    """(container, key) of all places that a path with `*` names."""
    if not steps:
        return
    keys = range(len(value)) if isinstance(value, list) else list(value) if isinstance(value, dict) else ()
    for k in keys:
        if steps[0] in ("*", str(k)):
            if len(steps) == 1:
                yield value, k
            else:
                yield from places(value[k], steps[1:])


def edit(f, answer):
    """value, add (to a number), delete, or rename (of a key) at "path"."""
    steps = f["path"].strip("/").split("/")
    if "value" in f and "*" not in steps and len(steps) == 1:
        answer[1][steps[0]] = f["value"]
        return
    for container, k in reversed(list(places(answer[1], steps))):
        if f.get("delete"):
            del container[k]
        elif "rename" in f:
            container[f["rename"]] = container.pop(k)
        elif "add" in f:
            container[k] = container[k] + f["add"]
        elif "repeat" in f:
            container[k] = container[k] * f["repeat"]
        else:
            container[k] = f["value"]


def wrong_account(f, answer):
    answer[1]["accountId"] = f.get("value", "A999")


def late_error(f, answer):
    """It was done, but the server says that it failed."""
    answer[0], answer[1] = "error", {"type": f.get("type", "serverPartialFail")}


def replace(f, answer):
    answer[:] = [f.get("name", answer[0]), f.get("args", answer[1]), f.get("tag", answer[2])]


def endless_changes(f, answer):
    """More changes for ever, and the state stays where it was."""
    answer[1].update(hasMoreChanges=True, newState=answer[1].get("oldState"))


def state_back(f, answer):
    for k in ("state", "newState", "oldState", "queryState"):
        if k in answer[1]:
            answer[1][k] = f.get("value", "s0")


ANSWER = {"edit": edit, "wrong_account": wrong_account, "late_error": late_error, "replace": replace,
          "endless_changes": endless_changes, "state_back": state_back}


# ---- REPLY(fault, faults, request, reply): the work is done; a Reply ----

def lose(f, faults, request, r):
    raise Hangup(f.get("reset", False))


def late_status(f, faults, request, r):
    return status(f, faults, request)


def late_stall(f, faults, request, r):
    faults.wait(f.get("seconds"))
    return r


def cut(f, faults, request, r):
    """at: octets, or a part of the body below 1."""
    at = f.get("at", 0.5)
    total = r.length if r.length is not None else len(r.bytes())
    r.cut = int(at * total) if isinstance(at, float) else at
    return r


def drip(f, faults, request, r):
    r.drip = (f.get("octets", 16), f.get("seconds", 0.05))
    return r


def huge_header(f, faults, request, r):
    r.raw_head = b"X-Long: " + b"h" * f.get("size", MIB) + b"\r\n"
    return r


def many_headers(f, faults, request, r):
    r.raw_head = b"".join(b"X-%d: y\r\n" % i for i in range(f.get("n", 100000)))
    return r


def bad_chunk(f, faults, request, r):
    """how: "size" (no number), "huge" (beyond 64 bits), "data" (no line end behind it), "end" (no last chunk)."""
    r.bytes()
    r.chunk_fault = f.get("how", "size")
    return r


def wrong_length(f, faults, request, r):
    """Content-Length says other than what is sent: by "add" octets."""
    r.told_length = (r.length if r.length is not None else len(r.bytes())) + f.get("add", 10)
    return r


def short(f, faults, request, r):
    """A body that is consistent, but too short."""
    r.body = r.bytes()[:-f.get("by", 1) or None]
    r.length = None
    return r


def long(f, faults, request, r):
    r.body = r.bytes() + b"x" * f.get("by", 1)
    return r


def other_bytes(f, faults, request, r):
    r.body = bytes(c ^ 1 if c > 32 else c for c in r.bytes())
    return r


def sub(f, faults, request, r):
    """Replace in the body what a regular expression finds (latin-1)."""
    put = f["put"].encode("latin-1")
    r.body = re.sub(f["find"].encode("latin-1"), lambda m: put, r.bytes(), count=f.get("count", 0))
    return r


def pieces(head, middle, n, tail):
    yield head
    block = middle * max(1, MIB // len(middle))
    for _ in range(n * len(middle) // len(block)):
        yield block
    yield middle * (n % (len(block) // len(middle))) + tail


BODIES = {
    "deep": lambda n: pieces(b"", b"[", n, b""), "deep_objects": lambda n: pieces(b"", b'{"a":', n, b""),
    "deep_closed": lambda n: itertools.chain(pieces(b"", b"[", n, b""), pieces(b"", b"]", n, b"")),
    "huge_string": lambda n: pieces(b'{"methodResponses":[["', b"a", n, b'",{},"0"]],"sessionState":"0"}'),
    "spaces": lambda n: pieces(b"", b" ", n, b"{}"), "digits": lambda n: pieces(b'{"a":1', b"0", n, b"}"),
    "html": lambda n: [b"<html><body>It works!</body></html>"], "nothing": lambda n: [b""],
    "bom": lambda n: [b"\xef\xbb\xbf{}"], "null": lambda n: [b"null"], "list": lambda n: [b"[]"],
    "object": lambda n: [b"{}"], "utf8": lambda n: [b'{"a":"\xff\xfe"}'], "nul": lambda n: [b'{"a":"b\0c"}'],
    "half": lambda n: [b'{"methodResponses":[["Email/get"'],
}


def body(f, faults, request, r):
    """what: one of BODIES, of n parts; or text."""
    parts = [f["text"].encode("utf-8", "surrogatepass")] if "text" in f else BODIES[f["what"]](f.get("n", MIB))
    return Reply(f.get("status", 200), iter(parts), f.get("type", "application/json"))


def change_json(f, faults, request, r):
    """edit() on an object that is no method's answer (the session)."""
    o = ["", json.loads(r.bytes()), ""]
    edit(f, o)
    r.body = json.dumps(o[1]).encode()
    return r


REPLY = {"lose": lose, "late_status": late_status, "late_stall": late_stall, "cut": cut, "drip": drip,
         "huge_header": huge_header, "many_headers": many_headers, "bad_chunk": bad_chunk, "wrong_length": wrong_length,
         "short": short, "long": long, "other_bytes": other_bytes, "sub": sub, "body": body, "json": change_json}


# ---- EVENTS(fault, faults): the pieces of an event stream ----

def silence(f, faults):
    yield b": here\n\n"
    faults.wait(f.get("seconds"))


def garbage(f, faults):
    rng = random.Random(f.get("seed", 1))
    yield b"event: state\ndata: {\"@type\":\"StateChange\",\"changed\":[[[\n\n"
    yield b"event: state\ndata: " + b'{"@type":"StateChange","changed":{"A1":{"Email":7}}}\n\n'
    yield b"event: \xff\xfe\ndata\ndata:\n\n:\r\r\n\nid: \0\nretry: -1\nretry: 99999999999999999999\n\n"
    for _ in range(f.get("n", 50)):
        yield rng.randbytes(200) + b"\n"
    if f.get("then", "stay") == "stay":
        faults.wait(f.get("seconds"))


def endless_line(f, faults):
    yield b"data: "
    for _ in range(f.get("mib", 64)):
        yield b"x" * MIB
    faults.wait(f.get("seconds"))


def endless_data(f, faults):
    for _ in range(f.get("mib", 64)):
        yield (b"data: " + b"y" * 1017 + b"\n") * 1024
    faults.wait(f.get("seconds"))


def flood(f, faults):
    """State events without end, for changes that never happened."""
    for i in range(f.get("n", 1000)):
        yield b'event: state\nid: %d\ndata: {"@type":"StateChange","changed":{"%s":{"Email":"x%d"}}}\n\n' % (
            i, f.get("account", "A1").encode(), i)
    faults.wait(f.get("seconds"))


EVENTS = {"silence": silence, "garbage": garbage, "endless_line": endless_line, "endless_data": endless_data,
          "flood": flood}
ALL = {**BEFORE, **CALL, **ANSWER, **REPLY, **EVENTS}


class Faults:
    def __init__(self, control):
        self.control = control
        self.rules, self.lock, self.released = [], threading.Lock(), threading.Event()
        self.next = 1

    def add(self, rule):
        if rule.get("do") not in ALL:
            raise KeyError("no fault %s; there are %s" % (rule.get("do"), ", ".join(sorted(ALL))))
        with self.lock:
            rule = dict(rule, number=self.next, hits=0, done=0, rng=random.Random(rule.get("seed", 0)))
            self.next += 1
            self.rules.append(rule)
            return rule["number"]

    def clear(self, number=None):
        """Take all rules away, or one; who waits goes on. What each of them did: number -> times."""
        with self.lock:
            done = {r["number"]: r["done"] for r in self.rules}
            self.rules = [r for r in self.rules if number is not None and r["number"] != number]
            old, self.released = self.released, threading.Event()
        old.set()
        return done

    def done(self):
        with self.lock:
            return {r["number"]: r["done"] for r in self.rules}

    def wait(self, seconds):
        self.released.wait(seconds if seconds is not None else 3600)

    def meets(self, rule, request, method):
        if rule.get("on") not in (None, request.kind) or not re.search(rule.get("url", ""), request.target):
            return False
        if rule.get("user") is not None and rule["user"] != (request.user and request.user.name):
            return False
        if rule.get("asks") is not None and not any(
                rule["asks"] in (c[1].get("ids") or ()) for c in (request.json or {}).get("methodCalls", ())):
            return False
        if rule.get("method") is None:
            return True
        return rule["method"] == method if method else rule["method"] in request.methods

    def hits(self, table, request, method=None):
        """The rules of a table that meet a request now, counted."""
        out = []
        with self.lock:
            for r in self.rules:
                if r["do"] not in table or not self.meets(r, request, method):
                    continue
                if r.get("times", 1) and r["done"] >= r.get("times", 1):
                    continue
                r["hits"] += 1
                if r["hits"] <= r.get("skip", 0) or r["rng"].random() >= r.get("chance", 1):
                    continue
                r["done"] += 1
                out.append(r)
        return out

    def before(self, request):
        for f in self.hits(BEFORE, request):
            reply = BEFORE[f["do"]](f, self, request)
            if reply:
                return reply
        return None

    def call(self, request, name, args):
        for f in self.hits(CALL, request, name):
            CALL[f["do"]](f, self, request, name, args)

    def answers(self, request, responses):
        for answer in list(responses):
            for f in self.hits(ANSWER, request, answer[0]):
                ANSWER[f["do"]](f, answer)

    def after(self, request, reply):
        for f in self.hits(REPLY, request):
            reply = REPLY[f["do"]](f, self, request, reply)
        return reply

    def events(self, request):
        """The stream that is sent instead, or None."""
        for f in self.hits(EVENTS, request):
            return EVENTS[f["do"]](f, self)
        return None
