"""jmap_service.py - what the addresses of the JMAP server double answer (RFC 8620 sections 2, 3, 6 and 7).

    reply = Service(world, faults, options).handle(request)
"""
import base64
import contextlib
import gzip
import hashlib
import hmac
import json
import os
import threading
import time
import urllib.parse

import jmap_emails  # noqa: F401  (its methods)
import jmap_mailboxes  # noqa: F401
import jmap_methods
from jmap_faults import Reply
from jmap_http import PIECE, TooLong
from jmap_methods import CORE, CYRUS_QUOTA, MAIL, QUOTA, RequestError

LIMITS = ("maxSizeUpload", "maxConcurrentUpload", "maxSizeRequest", "maxConcurrentRequests", "maxCallsInRequest",
          "maxObjectsInGet", "maxObjectsInSet")


def pure(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")


def problem(status, kind, detail, **more):
    kind = "urn:ietf:params:jmap:error:" + kind if kind else "about:blank"
    return Reply(status, pure(dict(more, type=kind, status=status, detail=detail)), "application/problem+json")


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
        right = user and owner and hmac.compare_digest(owner.password.encode(), password.encode())
        return user if right and (not admin or owner.admin) else None

    # ---- one request ----
    KINDS = (("/.well-known/jmap", "session"), ("/jmap/session", "session"), ("/jmap/api", "api"),
             ("/jmap/upload/", "upload"), ("/jmap/download/", "download"), ("/jmap/events", "events"))

    def handle(self, request):
        request.world = self.world
        request.kind = next((k for prefix, k in self.KINDS if request.path.startswith(prefix)), "other")
        self.add(self.count, request.kind)
        if self.options["delay_ms"]:
            time.sleep(self.options["delay_ms"] / 1000)
        try:
            if request.kind == "api":
                self.read_api(request)
            with contextlib.suppress(Denied):  # faults may be for one user
                request.user = self.user(request)
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
        fit = request.kind in ("api", "session") or self.options["gzip_blobs"]
        if (wanted and fit and isinstance(reply.body, bytes) and len(reply.body) > 500 and reply.told_length is None
                and reply.cut is None):
            reply.body = gzip.compress(reply.body, 1)
            reply.headers["Content-Encoding"] = "gzip"
        return reply

    def base(self, request):
        return ("https://" if self.options["tls"] else "http://") + request.headers.get("host", "localhost")

    # ---- session ----
    def capabilities(self):
        out = {CORE: dict({k: self.options[k] for k in LIMITS}, collationAlgorithms=[]), MAIL: {}}
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
        if self.options["upload_moves_states"]:
            with account.change() as tx:
                tx.do("moved")
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
