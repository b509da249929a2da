"""jmap_methods.py - requests of the JMAP server double, and what all types have in common (RFC 8620 sections 3 and 5).

    responses, created = run_calls(world, user, request, capabilities)

One function a method, found by its name in METHODS; jmap_mailboxes.py and jmap_emails.py put theirs there. What is
wrong is raised: RequestError ends the whole request (HTTP 400), MethodError one call, SetError one object.
"""
import re

from jmap_store import ID

CORE, MAIL = "urn:ietf:params:jmap:core", "urn:ietf:params:jmap:mail"
QUOTA, CYRUS_QUOTA = "urn:ietf:params:jmap:quota", "https://cyrusimap.org/ns/jmap/quota"
METHODS = {}


class RequestError(Exception):
    def __init__(self, kind, detail, **more):
        super().__init__(detail)
        self.problem = dict(more, type="urn:ietf:params:jmap:error:" + kind, status=400, detail=detail)


class JmapError(Exception):
    def __init__(self, kind, description="", **more):
        super().__init__(kind + ": " + description)
        self.kind = kind
        self.answer = dict(more, type=kind, **({"description": description} if description else {}))


class MethodError(JmapError):
    pass


class SetError(JmapError):
    pass


def bad(name, what):
    return MethodError("invalidArguments", "%s %s" % (name, what), arguments=[name])


class Args:
    """The arguments of a call; each is taken once with its type, and none may be left."""

    def __init__(self, args):
        self.args, self.left = args, set(args)

    def take(self, name, kind, default=None, required=False):
        self.left.discard(name)
        value = self.args.get(name)
        if value is None:
            if required:
                raise bad(name, "is required")
            return default
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise bad(name, "is not %s" % kind.__name__)
        return value

    def ids(self, name, required=False):
        v = self.take(name, list, None, required)
        for i in v or ():
            if not isinstance(i, str) or not (ID.match(i.removeprefix("#"))):
                raise bad(name, "holds what is no id: %.40r" % (i,))
        return v

    def number(self, name, default=None, least=0):
        v = self.take(name, int, default)
        if v is not None and v < least:
            raise bad(name, "is less than %d" % least)
        return v

    def end(self):
        if self.left:
            raise bad(sorted(self.left)[0], "is not known")


class Call:
    """Who asks, and what the calls before in this request made."""

    def __init__(self, world, user, using, created):
        self.world, self.user, self.using, self.created = world, user, using, created
        self.responses, self.options = [], world.options

    def account(self, args, name="accountId", write=False):
        id = args.take(name, str, required=True)
        account = visible(self.world, self.user).get(id)
        if account is None:
            raise MethodError("accountNotFound" if name == "accountId" else "fromAccountNotFound")
        if write and self.user.shared.get(id):
            raise MethodError("accountReadOnly")
        return account

    def id(self, id):
        """The id that "#k" stands for."""
        return self.created.get(id[1:], id) if isinstance(id, str) and id.startswith("#") else id


def visible(world, user):
    """id -> Account of all that a user may see, the own one first."""
    ids = [user.account] + list(user.shared)
    return {i: world.accounts[i] for i in ids if i in world.accounts}


def method(name, capability=MAIL):
    def register(f):
        METHODS[name] = (f, capability)
        return f
    return register


# ---- one request ----

def follow(value, path):
    """A JSON pointer with `*` over arrays (RFC 8620 3.7)."""
    if path == "":
        return value
    step, _, rest = path[1:].partition("/")
    rest = "/" + rest if rest else ""
    if step == "*" and isinstance(value, list):
        out = []
        for v in value:
            v = follow(v, rest)
            out += v if isinstance(v, list) else [v]
        return out
    step = step.replace("~1", "/").replace("~0", "~")
    if isinstance(value, list) and step.isdigit() and int(step) < len(value):
        return follow(value[int(step)], rest)
    if isinstance(value, dict) and step in value:
        return follow(value[step], rest)
    raise MethodError("invalidResultReference", "there is no " + path)


def resolve(args, responses):
    out = {}
    for k, v in args.items():
        if not k.startswith("#"):
            out[k] = v
            continue
        if k[1:] in args:
            raise MethodError("invalidArguments", "both %s and %s" % (k[1:], k))
        if not isinstance(v, dict) or not all(isinstance(v.get(p), str) for p in ("resultOf", "name", "path")):
            raise MethodError("invalidResultReference", "what %s is" % k)
        hit = next((r for r in responses if r[2] == v["resultOf"]), None)
        if hit is None or hit[0] != v["name"] or not v["path"].startswith("/"):
            raise MethodError("invalidResultReference", "no answer %s of %s" % (v["name"], v["resultOf"]))
        out[k[1:]] = follow(hit[1], v["path"])
    return out


def check_request(world, request, capabilities):
    if not isinstance(request, dict) or not isinstance(request.get("using"), list) \
            or not isinstance(request.get("methodCalls"), list):
        raise RequestError("notRequest", "no using or methodCalls")
    for c in request["methodCalls"]:
        if not (isinstance(c, list) and len(c) == 3 and all(map(isinstance, c, (str, dict, str)))):
            raise RequestError("notRequest", "a call is [name, arguments, tag]")
    for u in request["using"]:
        if u not in capabilities:
            raise RequestError("unknownCapability", "this server has no %.80s" % (u,))
    if len(request["methodCalls"]) > world.options["maxCallsInRequest"]:
        raise RequestError("limit", "too many calls", limit="maxCallsInRequest")


def run_calls(world, user, request, capabilities, before=None):
    """(methodResponses, createdIds or None). before(name, args): called with each call (the faults)."""
    check_request(world, request, capabilities)
    created = request.get("createdIds")
    call = Call(world, user, request["using"], dict(created or {}))
    for name, args, tag in request["methodCalls"]:
        try:
            function, capability = METHODS.get(name, (None, None))
            if capability == QUOTA and world.options["quota"] == "cyrus":
                capability = CYRUS_QUOTA
            if function is None or capability not in request["using"]:
                raise MethodError("unknownMethod")
            args = resolve(args, call.responses)
            if before:
                before(name, args)
            for answer in function(call, Args(args)):
                call.responses.append([answer[0], answer[1], tag])
        except MethodError as e:
            call.responses.append(["error", e.answer, tag])
    return call.responses, (call.created if created is not None else None)


# ---- what all types have in common ----

def state_of(account, kind):
    return "s%d" % account.logs[kind].state


def check_state(args, account, kind, name="ifInState"):
    want = args.take(name, str)
    if want is not None and want != state_of(account, kind):
        raise MethodError("stateMismatch")


def get(call, args, kind, objects, getters, always=("id",)):
    """Foo/get: objects: id -> object; getters: property -> function."""
    account_id = args.args.get("accountId")
    ids, props = args.ids("ids"), args.take("properties", list)
    args.end()
    for p in props or ():
        if p not in getters and not (isinstance(p, str) and p.startswith("header:") and kind == "Email"):
            raise bad("properties", "names %.60r, which %s has not" % (p, kind))
    if ids is None:
        ids = list(objects)
    if len(ids) > call.options["maxObjectsInGet"]:
        raise MethodError("requestTooLarge")
    names = [p for p in getters if (p in props or p in always)] if props is not None else list(getters)
    pairs = [(p, getters[p]) for p in names]
    found, missing = [], []
    for i in dict.fromkeys(map(call.id, ids)):
        o = objects.get(i)
        if o is None:
            missing.append(i)
        else:
            found.append({p: f(o) for p, f in pairs})
    return {"accountId": account_id, "list": found, "notFound": missing}


def changes(call, args, kind):
    account = call.account(args)
    since, most = args.take("sinceState", str, required=True), args.number("maxChanges", None, 1)
    args.end()
    with account.lock:
        log = account.logs[kind]
        if not re.match(r"s\d+\Z", since) or int(since[1:]) < log.floor:
            raise MethodError("cannotCalculateChanges")
        number = int(since[1:])
        if number > log.state and call.options["future_state"] == "error":
            raise MethodError("cannotCalculateChanges")
        most = min(filter(None, (most, call.options["max_changes"])), default=0)
        created, updated, destroyed, counts, new, more = log.changes(number, most)
    return {"accountId": account.id, "oldState": since, "newState": "s%d" % new, "hasMoreChanges": more,
            "created": created, "updated": updated, "destroyed": destroyed}, counts


class SetAnswer:
    """The answer of a Foo/set, /import or /copy as it grows."""

    def __init__(self, account, kind):
        self.account, self.kind = account, kind
        self.answer = {"accountId": account.id, "oldState": state_of(account, kind)}

    def attempt(self, done, failed, key, f):
        """Put what f() returns below done, or what it raises below failed."""
        try:
            value = f()
        except SetError as e:
            self.answer.setdefault(failed, {})[key] = e.answer
            return
        if done == "destroyed":
            self.answer.setdefault(done, []).append(key)
        else:
            self.answer.setdefault(done, {})[key] = value

    def end(self, *always):
        self.answer["newState"] = state_of(self.account, self.kind)
        for k in always:
            self.answer.setdefault(k, None)
        return self.answer


def set_arguments(call, args, kind):
    account = call.account(args, write=True)
    check_state(args, account, kind)
    create, update = args.take("create", dict, {}), args.take("update", dict, {})
    destroy = args.ids("destroy") or []
    if len(create) + len(update) + len(destroy) > call.options["maxObjectsInSet"]:
        raise MethodError("requestTooLarge")
    return account, create, update, destroy


@method("Core/echo", CORE)
def core_echo(call, args):
    yield "Core/echo", args.args
