#!/usr/bin/env python3
"""jmap_server.py - a JMAP server double (RFC 8620, 8621, 9425) for tests: exact, quick, and hostile on demand.

    with JmapServer() as js:                      # in this process; JmapServer(process=True): one of its own, for js.kill()
        js.add_user("anna", "secret")
        js.deliver("anna", "inbox", b"Subject: x\r\n\r\nHello\r\n", ["$seen"])
        js.fault("status", on="api", status=503, times=2)     # jmap_faults.py lists them
        ... server_socket = js.url
        js.dump("anna")["emails"]

Everything that was answered is in the folder (jmap_store.py): kill() it at any moment, start() it again. OPTIONS says what kind of
server it is; cyrus=True makes it like Cyrus 3.6. Both forms take their commands through control(do, ...), which is the
method do_X of Control below; over the network it is POST /__control with {"do": X, ...}.

  jmap_server.py --port N --folder DIR [--options JSON]
"""
import argparse
import base64
import contextlib
import gzip
import hashlib
import hmac
import json
import os
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import jmap_methods  # noqa: E402
from jmap_faults import Faults, Hangup, Reply  # noqa: E402
from jmap_http import PIECE, Listener, TooLong  # noqa: E402
from jmap_methods import CORE, CYRUS_QUOTA, MAIL, QUOTA, RequestError  # noqa: E402
from jmap_store import RIGHTS, ROLES, World, utc  # noqa: E402

OPTIONS = {
    "fold": False,              # equal octets are one message: alreadyExists
    "push": True,               # False: the event source answers 204
    "relative_urls": False, "redirect": True,  # /.well-known/jmap answers 301
    "import_states": True,      # False: Email/import without oldState and newState
    "gzip": True, "gzip_blobs": False, "keep_alive": True, "fsync": True, "delay_ms": 0,
    "quota": "rfc",             # or "cyrus", None
    "future_state": "error",    # or "empty": no changes and an older newState
    "forget_with_mailbox": False, "last_out_destroys": False, "strict": False, "session_state": True,
    "limit_by_request": False,  # too many objects: HTTP 400 instead of requestTooLarge
    "lost_blob": "invalidProperties", "max_changes": None, "query_limit": None, "max_keywords": None,
    "maxSizeUpload": 256 << 20, "maxConcurrentUpload": 16, "maxSizeRequest": 10_000_000, "maxConcurrentRequests": 32,
    "maxCallsInRequest": 16, "maxObjectsInGet": 4096, "maxObjectsInSet": 1000,
    "maxMailboxesPerEmail": None, "maxMailboxDepth": None, "maxSizeMailboxName": 200,
    "tls": None,                # [certificate, key]
}
CYRUS = {"fold": True, "push": False, "relative_urls": True, "import_states": False, "quota": None, "future_state": "empty",
         "forget_with_mailbox": True, "last_out_destroys": True, "strict": True, "limit_by_request": True, "session_state": False,
         "maxMailboxesPerEmail": 20, "max_keywords": 100, "maxCallsInRequest": 50, "maxObjectsInSet": 4096,
         "lost_blob": "blobNotFound"}


def pure(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")


def problem(status, kind, detail, **more):
    body = dict(more, type="urn:ietf:params:jmap:error:" + kind if kind else "about:blank", status=status, detail=detail)
    return Reply(status, pure(body), "application/problem+json")


def pairs_once(pairs):
    """I-JSON has every name once (RFC 7493 2.3)."""
    out = dict(pairs)
    if len(out) != len(pairs):
        raise ValueError("a name twice in one object")
    return out


class Denied(Exception):
    def __init__(self, reply):
        super().__init__(reply.status)
        self.reply = reply


class Service:
    """What an address answers."""

    def __init__(self, world, faults, options):
        self.world, self.faults, self.options = world, faults, options
        self.count, self.calls, self.lock = {}, {}, threading.Lock()
        self.busy, self.streams = {"api": 0, "upload": 0}, 0
        self.stopping = False

    def add(self, table, key, n=1):
        with self.lock:
            table[key] = table.get(key, 0) + n

    # ---- who asks ----
    def user(self, request):
        scheme, _, value = request.headers.get("authorization", "").partition(" ")
        user = None
        if scheme.lower() == "basic":
            with contextlib.suppress(ValueError):
                name, _, password = base64.b64decode(value, validate=True).decode("utf-8", "replace").partition(":")
                user = self.by_password(name, password)
        elif scheme.lower() == "bearer":
            user = next((u for u in self.world.users.values() if value in u.tokens), None)
        if user is None:
            self.add(self.count, "denied")
            r = problem(401, "", "sign on")
            r.headers["WWW-Authenticate"] = 'Bearer realm="mail", Basic realm="mail"'
            raise Denied(r)
        other = request.headers.get("authorize-as")
        if other is not None:
            if not user.admin or other not in self.world.users:
                raise Denied(problem(403, "", "may not act for %s" % other))
            user = self.world.users[other]
        if user.locked:
            raise Denied(problem(403, "", "the account is locked"))
        return user

    def by_password(self, name, password):
        """USER, or USER%ADMIN with the administrator's password."""
        name, _, admin = name.partition("%")
        user, owner = self.world.users.get(name), self.world.users.get(admin or name)
        if user and owner and hmac.compare_digest(owner.password.encode(), password.encode()) and (not admin or owner.admin):
            return user
        return None

    # ---- one request ----
    KINDS = (("/.well-known/jmap", "session"), ("/jmap/session", "session"), ("/jmap/api", "api"), ("/jmap/upload/", "upload"),
             ("/jmap/download/", "download"), ("/jmap/events", "events"))

    def handle(self, request):
        request.world = self.world
        request.kind = next((k for prefix, k in self.KINDS if request.path.startswith(prefix)), "other")
        self.add(self.count, request.kind)
        if self.options["delay_ms"]:
            time.sleep(self.options["delay_ms"] / 1000)
        try:
            if request.kind == "api":
                self.read_api(request)
            reply = self.faults.before(request)
            if reply is None:
                reply = self.answer(request)
        except Denied as e:
            reply = e.reply
        except RequestError as e:
            reply = Reply(400, pure(e.problem), "application/problem+json")
        except TooLong:
            reply = problem(400, "limit", "the request is too large", limit="maxSizeRequest")
        reply = self.faults.after(request, reply)
        return self.packed(request, reply)

    def answer(self, request):
        if request.kind == "other":
            return problem(404, "", "nothing is here")
        if request.path == "/.well-known/jmap" and self.options["redirect"]:
            return Reply(301, b"", None, Location="/jmap/session" if self.options["relative_urls"] else
                         self.base(request) + "/jmap/session")
        request.user = request.user or self.user(request)
        return getattr(self, request.kind)(request)

    def packed(self, request, reply):
        wanted = "gzip" in request.headers.get("accept-encoding", "") and self.options["gzip"]
        if (wanted and (request.kind in ("api", "session") or self.options["gzip_blobs"]) and isinstance(reply.body, bytes)
                and len(reply.body) > 500 and reply.told_length is None and reply.cut is None):
            reply.body = gzip.compress(reply.body, 1)
            reply.headers["Content-Encoding"] = "gzip"
        return reply

    def base(self, request):
        return ("https://" if self.options["tls"] else "http://") + request.headers.get("host", "localhost")

    # ---- session ----
    def capabilities(self):
        limits = {k: self.options[k] for k in ("maxSizeUpload", "maxConcurrentUpload", "maxSizeRequest", "maxConcurrentRequests",
                                               "maxCallsInRequest", "maxObjectsInGet", "maxObjectsInSet")}
        out = {CORE: dict(limits, collationAlgorithms=[]), MAIL: {}}
        if self.options["quota"]:
            out[QUOTA if self.options["quota"] == "rfc" else CYRUS_QUOTA] = {}
        return out

    def account_object(self, request, account):
        mine = account.id == request.user.account
        mail = {k: self.options[k] for k in ("maxMailboxesPerEmail", "maxMailboxDepth", "maxSizeMailboxName")}
        mail.update(maxSizeAttachmentsPerEmail=50 << 20, emailQuerySortOptions=["receivedAt", "size", "id"],
                    mayCreateTopLevelMailbox=account.may(request.user.name, "", "mayCreateTopLevel"))
        kinds = {c: {} for c in self.capabilities()}
        return {"name": account.name, "isPersonal": mine, "isReadOnly": bool(request.user.shared.get(account.id)),
                "accountCapabilities": dict(kinds, **{MAIL: mail})}

    def session(self, request):
        base = "" if self.options["relative_urls"] else self.base(request)
        accounts = jmap_methods.visible(self.world, request.user)
        out = {
            "capabilities": self.capabilities(), "username": request.user.name,
            "accounts": {a.id: self.account_object(request, a) for a in accounts.values()},
            "primaryAccounts": {c: request.user.account for c in self.capabilities()},
            "apiUrl": base + "/jmap/api", "uploadUrl": base + "/jmap/upload/{accountId}/",
            "downloadUrl": base + "/jmap/download/{accountId}/{blobId}/{name}?type={type}",
            "eventSourceUrl": base + "/jmap/events?types={types}&closeafter={closeafter}&ping={ping}",
            "state": self.session_state(request.user),
        }
        return Reply(200, pure(out), Cache_Control="no-cache, no-store, must-revalidate")

    def session_state(self, user):
        if not self.options["session_state"]:
            return "0"
        return hashlib.sha1(repr((user.account, sorted(user.shared.items()))).encode()).hexdigest()[:12]

    # ---- api ----
    def read_api(self, request):
        if request.method != "POST":
            raise Denied(problem(405, "", "POST"))
        body = request.body(self.options["maxSizeRequest"])
        try:
            if request.headers.get("content-type", "").split(";")[0].strip() != "application/json":
                raise ValueError("the content type is not application/json")
            request.json = json.loads(body, object_pairs_hook=pairs_once)
        except (ValueError, RecursionError) as e:
            raise RequestError("notJSON", str(e)) from None
        if isinstance(request.json, dict) and isinstance(request.json.get("methodCalls"), list):
            request.methods = [c[0] for c in request.json["methodCalls"] if isinstance(c, list) and c]

    @contextlib.contextmanager
    def one_of(self, kind, limit):
        with self.lock:
            if self.busy[kind] >= self.options[limit]:
                raise RequestError("limit", "too many at once", limit=limit)
            self.busy[kind] += 1
        try:
            yield
        finally:
            self.add(self.busy, kind, -1)

    def api(self, request):
        for m in request.methods:
            self.add(self.calls, m)
        with self.one_of("api", "maxConcurrentRequests"):
            responses, created = jmap_methods.run_calls(self.world, request.user, request.json, self.capabilities(),
                                                        lambda name, args: self.faults.call(request, name, args))
        if self.options["limit_by_request"] and any(r[1].get("type") == "requestTooLarge" for r in responses):
            raise RequestError("limit", "too many objects", limit="maxObjectsInGet")
        self.faults.answers(request, responses)
        out = {"methodResponses": responses, "sessionState": self.session_state(request.user)}
        if created is not None:
            out["createdIds"] = created
        return Reply(200, pure(out))

    # ---- blobs ----
    def account_in(self, request, id):
        account = jmap_methods.visible(self.world, request.user).get(urllib.parse.unquote(id))
        if account is None:
            raise Denied(problem(404, "", "no such account"))
        return account

    def upload(self, request):
        account = self.account_in(request, request.path.split("/")[3])
        with self.one_of("upload", "maxConcurrentUpload"):
            if request.left > self.options["maxSizeUpload"]:
                return problem(413, "limit", "too large", limit="maxSizeUpload")
            part = account.blobs / ("part.%d" % threading.get_ident())
            digest, size = hashlib.sha1(), 0
            with open(part, "wb") as f:
                for data in request.pieces():
                    size += len(data)
                    if size > self.options["maxSizeUpload"]:
                        return problem(413, "limit", "too large", limit="maxSizeUpload")
                    digest.update(data)
                    f.write(data)
                if self.options["fsync"]:
                    f.flush()
                    os.fdatasync(f.fileno())
            id = account.keep_file(part, digest.hexdigest())
        return Reply(201, pure({"accountId": account.id, "blobId": id, "size": size,
                                "type": request.headers.get("content-type", "application/octet-stream")}))

    def download(self, request):
        parts = request.path.split("/")
        account = self.account_in(request, parts[3])
        blob = urllib.parse.unquote(parts[4]) if len(parts) > 4 else ""
        size = account.blob_size(blob)
        if size is None:
            return problem(404, "", "no such blob")
        kind = request.query.get("type", "application/octet-stream")
        if account.bulk_of(blob):
            return Reply(200, account.read_blob(blob), kind)
        return Reply(200, self.file(account.blobs / blob), kind, size)

    @staticmethod
    def file(path):
        with open(path, "rb") as f:
            while data := f.read(PIECE):
                yield data

    # ---- events ----
    def events(self, request):
        stream = self.faults.events(request)
        if stream is None:
            if not self.options["push"]:
                return Reply(204, b"", None)
            stream = self.states(request)
        reply = Reply(200, stream, "text/event-stream", Cache_Control="no-store")
        reply.last = True
        return reply

    def seen(self, request, types):
        out = {}
        for a in jmap_methods.visible(self.world, request.user).values():
            out[a.id] = {k: jmap_methods.state_of(a, k) for k in a.logs if types == ["*"] or k in types}
        return out

    def states(self, request):
        """The event stream (RFC 8620 7.3)."""
        types, ping = request.query.get("types", "*").split(","), float(request.query.get("ping") or 0)
        told = self.seen(request, types)
        last = request.headers.get("last-event-id")
        self.add(self.__dict__, "streams")
        try:
            if last is not None and last != self.event_id(told):
                yield self.event(told, told)
            yield b": open\n\n"
            while not self.stopping:
                with self.world.bell:
                    rung = self.world.rung
                now = self.seen(request, types)
                changed = {a: {k: s for k, s in v.items() if told.get(a, {}).get(k) != s} for a, v in now.items()}
                changed = {a: v for a, v in changed.items() if v}
                told = now
                if changed:
                    yield self.event(changed, now)
                    if request.query.get("closeafter") == "state":
                        return
                    continue
                with self.world.bell:
                    woken = self.world.bell.wait_for(lambda: self.world.rung != rung or self.stopping, ping or None)
                if not woken:
                    yield b'event: ping\ndata: {"interval":%d}\n\n' % ping
        finally:
            self.add(self.__dict__, "streams", -1)

    @staticmethod
    def event_id(states):
        return hashlib.sha1(repr(states).encode()).hexdigest()[:16]

    def event(self, changed, now):
        return b"event: state\nid: %s\ndata: %s\n\n" % (self.event_id(now).encode(),
                                                        pure({"@type": "StateChange", "changed": changed}))


class Control:
    """What a test may ask of the server; do_X is control(X)."""

    def __init__(self, world, service, options):
        self.world, self.service, self.options = world, service, options
        self.faults = Faults(lambda c: self.run(**c))
        self.listener = None

    def run(self, do, **args):
        return getattr(self, "do_" + do)(**args)

    # -- users --
    def do_add_user(self, name, password, mailboxes=ROLES):
        return self.world.add_user(name, password, mailboxes).id

    def do_add_account(self, name, mailboxes=ROLES):
        return self.world.add_account(name, mailboxes).id

    def do_share(self, account, user, readonly=False):
        self.world.do("user_set", user, "shared", dict(self.world.users[user].shared, **{self.account(account).id: readonly}))

    def do_unshare(self, account, user):
        self.world.do("user_set", user, "shared", {k: v for k, v in self.world.users[user].shared.items()
                                                   if k != self.account(account).id})

    def do_user(self, name, **values):
        """password, tokens (list), locked, admin (may act for others)."""
        for k, v in values.items():
            self.world.do("user_set", name, k, v)

    # -- mail --
    def account(self, name):
        return self.world.account_of(name)

    def do_deliver(self, account, mailbox, data, keywords=(), received=None):
        """data: base64. received: seconds or UTCDate. The Email's id; a known one when equal messages are folded."""
        a = self.account(account)
        blob, _ = a.put_blob(base64.b64decode(data))
        received = utc(time.time() if received is None else received) if not isinstance(received, str) else received
        with a.change() as tx:
            box = a.find_mailbox(mailbox).id
            if self.options["fold"] and blob in a.by_blob:
                e = a.emails[a.by_blob[blob]]
                tx.do("change", e.id, dict(e.mailboxes, **{box: True}), None)
                return e.id
            return a.add_email(tx, blob, {box: True}, {k.lower(): True for k in keywords}, received).id

    def do_bulk(self, account, mailbox, n, seed=1, first=1_700_000_000):
        a = self.account(account)
        with a.change() as tx:
            tx.do("bulk", a.find_mailbox(mailbox).id, n, seed, first)

    def do_change(self, account, id, keywords=None, mailboxes=None):
        a = self.account(account)
        with a.change() as tx:
            boxes = None if mailboxes is None else {a.find_mailbox(m).id: True for m in mailboxes}
            tx.do("change", id, boxes, None if keywords is None else {k: True for k in keywords})

    def do_destroy(self, account, id):
        with self.account(account).change() as tx:
            tx.do("email_gone", id)

    def do_create_mailbox(self, account, path, role=None):
        a = self.account(account)
        above, _, name = path.rpartition("/")
        with a.change() as tx:
            id = a.new_id("mb")
            tx.do("next", a.next)
            tx.do("mailbox", id, name, a.find_mailbox(above).id if above else None, role, 10, [account])
        return id

    def do_change_mailbox(self, account, mailbox, **facts):
        """name, parent (id or None), role, sort, subscribed (list of users)."""
        a = self.account(account)
        with a.change() as tx:
            m = a.find_mailbox(mailbox)
            tx.do("mailbox", m.id, *m.facts(**facts))

    def do_remove_mailbox(self, account, mailbox):
        a = self.account(account)
        with a.change() as tx:
            m = a.find_mailbox(mailbox)
            for e in list(m.emails.values()):
                rest = {k: True for k in e.mailboxes if k != m.id}
                tx.do("change", e.id, rest, None) if rest else tx.do("email_gone", e.id)
            tx.do("mailbox_gone", m.id)

    def do_quota(self, account, octets=None, count=None):
        with self.account(account).change() as tx:
            tx.do("quota", octets, count)

    def do_rights(self, account, missing, user="", mailbox=""):
        """Take rights away, in one mailbox or all, from one user or all."""
        unknown = set(missing) - set(RIGHTS) - {"mayCreateTopLevel"}
        if unknown:
            raise ValueError("no such right: %s" % unknown)
        a = self.account(account)
        with a.change() as tx:
            tx.do("rights", user, a.find_mailbox(mailbox).id if mailbox else "", list(missing))

    # -- time and states --
    def do_forget(self, account, kind="Email"):
        """Older states of a type cannot be compared any more."""
        with self.account(account).change() as tx:
            tx.do("forget", kind)

    def do_mark(self):
        """For rollback()."""
        return self.world.journal.size()

    def do_rollback(self, mark):
        """Restore the server from the backup of then: what came later never was, and ids and states are used again."""
        self.world.replay(mark)
        self.world.ring()

    def do_options(self, **options):
        unknown = set(options) - set(OPTIONS)
        if unknown:
            raise KeyError("no such option: %s" % unknown)
        self.options.update(options)

    # -- faults --
    def do_fault(self, name, **rule):
        return self.faults.add(dict(rule, do=name))

    def do_clear(self, number=None):
        return self.faults.clear(number)

    def do_faults(self):
        return self.faults.done()

    def do_drop(self):
        """End all connections, event streams too."""
        self.listener.drop()

    # -- looking --
    def do_counters(self):
        s = self.service
        return {"requests": dict(s.count), "calls": dict(s.calls), "streams": s.streams, "connections": self.listener.accepted}

    def do_dump(self, account=None):
        if account is not None:
            return self.account(account).dump()
        return {a.name: a.dump() for a in list(self.world.accounts.values())}

    def do_blob(self, account, blob):
        return base64.b64encode(self.account(account).read_blob(blob)).decode()


class Running:
    """A server in this process."""

    def __init__(self, folder, port, options):
        self.world = World(folder, options)
        self.service = Service(self.world, None, options)
        self.control = Control(self.world, self.service, options)
        self.service.faults = self.control.faults
        self.listener = Listener(port, options["tls"], self.handle, lambda: options["keep_alive"], self.control.faults.wait)
        self.control.listener = self.listener

    def handle(self, request):
        if request.path != "/__control":
            return self.service.handle(request)
        try:
            return Reply(200, pure({"result": self.control.run(**json.loads(request.body(1 << 30)))}))
        except Exception as e:  # whatever it is, the test shall see it
            return Reply(400, pure({"error": "%s: %s" % (type(e).__name__, e)}))

    def stop(self):
        self.service.stopping = True
        self.control.faults.clear()
        self.world.ring()
        self.listener.stop()
        self.world.journal.close()


class JmapServer:
    """A server with its folder. process: in a process of its own."""

    def __init__(self, folder=None, port=0, process=False, cyrus=False, **options):
        unknown = set(options) - set(OPTIONS)
        if unknown:
            raise KeyError("no such option: %s" % unknown)
        self.own_folder = folder is None
        self.folder = Path(folder or tempfile.mkdtemp(prefix="jmap-"))
        self.settings = dict(OPTIONS, **(CYRUS if cyrus else {}), fsync=process or folder is not None)
        self.settings.update(options)
        self.port, self.process, self.running, self.child = port, process, None, None

    def start(self):
        if not self.process:
            self.running = Running(self.folder, self.port, self.settings)
            self.port = self.running.listener.port
            return self
        self.child = subprocess.Popen([sys.executable, str(Path(__file__).resolve()), "--port", str(self.port), "--folder",
                                       str(self.folder), "--options", json.dumps(self.settings)],
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        line = self.child.stdout.readline()
        if not line.startswith(b"ready "):
            raise RuntimeError("the JMAP server did not start")
        self.port = int(line.split()[1])
        return self

    @property
    def url(self):
        return ("https://localhost:%d/" if self.settings["tls"] else "http://127.0.0.1:%d/") % self.port

    def kill(self):
        """SIGKILL (a server of its own process)."""
        self.child.send_signal(signal.SIGKILL)
        self.ended()

    def ended(self):
        self.child.stdin.close()
        self.child.wait()
        self.child.stdout.close()
        self.child = None

    def stop(self):
        if self.running:
            self.running.stop()
            self.running = None
        if self.child:
            self.child.terminate()
            self.ended()

    def __enter__(self):
        return self.start()

    def __exit__(self, *exc):
        self.stop()
        self.remove()

    def remove(self):
        if self.own_folder:
            shutil.rmtree(self.folder, ignore_errors=True)

    def control(self, do, **args):
        if self.running:
            return self.running.control.run(do, **args)
        context = ssl._create_unverified_context() if self.settings["tls"] else None
        request = urllib.request.Request(self.url + "__control", pure(dict(args, do=do)), {"Content-Type": "application/json"})
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)) \
                    .open(request, timeout=60) as r:
                return json.load(r)["result"]
        except urllib.error.HTTPError as e:
            raise RuntimeError(json.load(e)["error"]) from None

    def add_user(self, name, password="secret", **more):
        return self.control("add_user", name=name, password=password, **more)

    def deliver(self, account, mailbox, data, keywords=(), received=None):
        return self.control("deliver", account=account, mailbox=mailbox, data=base64.b64encode(data).decode(),
                            keywords=list(keywords), received=received)

    def fault(self, name, **rule):
        return self.control("fault", name=name, **rule)

    def blob(self, account, id):
        return base64.b64decode(self.control("blob", account=account, blob=id))

    def options(self, **options):
        """Be another kind of server from now on."""
        self.settings.update(options)
        return self.control("options", **options)

    def dump(self, account=None):
        return self.control("dump", account=account)

    def __getattr__(self, name):
        """js.clear(), js.share(account=..., user=...) and so on: the methods of Control by their names."""
        if not hasattr(Control, "do_" + name):
            raise AttributeError(name)
        return lambda **args: self.control(name, **args)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--port", type=int, default=0)
    ap.add_argument("--folder", required=True)
    ap.add_argument("--options", default="{}")
    opt = ap.parse_args()
    running = Running(opt.folder, opt.port, dict(OPTIONS, **json.loads(opt.options)))
    print("ready %d" % running.listener.port, flush=True)
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    sys.stdin.read()  # who started it has gone
    running.stop()


if __name__ == "__main__":
    main()
