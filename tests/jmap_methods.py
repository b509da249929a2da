"""jmap_methods.py - the methods of the JMAP server double (RFC 8620 sections 3 to 6, RFC 8621, RFC 9425).

    responses, created = run_calls(world, user, request)

One function a method, found by its name in METHODS. What is wrong is raised: RequestError ends the whole request (HTTP 400),
MethodError one call, SetError one object.
"""
import re
import time

import jmap_text
from jmap_store import ID, KEYWORD, KEYWORD_NOT, RIGHTS, utc

CORE, MAIL = "urn:ietf:params:jmap:core", "urn:ietf:params:jmap:mail"
QUOTA, CYRUS_QUOTA = "urn:ietf:params:jmap:quota", "https://cyrusimap.org/ns/jmap/quota"
UTC_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z\Z")
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
        if not (isinstance(c, list) and len(c) == 3 and isinstance(c[0], str) and isinstance(c[1], dict) and isinstance(c[2], str)):
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
    return {"accountId": account.id, "oldState": since, "newState": "s%d" % new, "hasMoreChanges": more, "created": created,
            "updated": updated, "destroyed": destroyed}, counts


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


# ---- Mailbox ----

def mailbox_getters(call, account):
    def rights(m):
        if call.user.shared.get(account.id):
            return {r: r == "mayReadItems" for r in RIGHTS}
        fixed = ("mayDelete", "mayRename") if m.role == "inbox" else ()
        return {r: r not in fixed and account.may(call.user.name, m.id, r) for r in RIGHTS}

    def threads(m):
        return len({e.thread for e in m.emails.values()})

    def unread_threads(m):
        return len({e.thread for e in m.emails.values() if e.unread()})
    return {"id": lambda m: m.id, "name": lambda m: m.name, "parentId": lambda m: m.parent, "role": lambda m: m.role,
            "sortOrder": lambda m: m.sort, "totalEmails": lambda m: len(m.emails), "unreadEmails": lambda m: m.unread,
            "totalThreads": threads, "unreadThreads": unread_threads, "myRights": rights,
            "isSubscribed": lambda m: call.user.name in m.subscribed}


@method("Mailbox/get")
def mailbox_get(call, args):
    account = call.account(args)
    with account.lock:
        answer = get(call, args, "Mailbox", account.mailboxes, mailbox_getters(call, account))
        answer["state"] = state_of(account, "Mailbox")
    yield "Mailbox/get", answer


@method("Mailbox/changes")
def mailbox_changes(call, args):
    answer, counts = changes(call, args, "Mailbox")
    answer["updatedProperties"] = ["totalEmails", "unreadEmails", "totalThreads", "unreadThreads"] if counts else None
    yield "Mailbox/changes", answer


@method("Mailbox/query")
def mailbox_query(call, args):
    account = call.account(args)
    f = args.take("filter", dict, {})
    unknown = set(f) - {"name", "role", "parentId", "hasAnyRole", "isSubscribed"}
    args.left -= {"sort", "position", "limit", "calculateTotal"}
    args.end()
    if unknown:
        raise MethodError("unsupportedFilter")
    with account.lock:
        ids = [m.id for m in account.mailboxes.values()
               if f.get("name", m.name) in m.name and f.get("role", m.role) == m.role
               and f.get("parentId", m.parent) == m.parent and f.get("hasAnyRole", bool(m.role)) == bool(m.role)
               and f.get("isSubscribed", call.user.name in m.subscribed) == (call.user.name in m.subscribed)]
        state = state_of(account, "Mailbox")
    yield "Mailbox/query", {"accountId": account.id, "queryState": state, "canCalculateChanges": False, "position": 0, "ids": ids}


def mailbox_checked(call, account, mailbox, new):
    """The facts of a mailbox with the properties of `new` put in, or a SetError."""
    values = mailbox.facts() if mailbox else ["", None, None, 0, []]
    name, parent, role, sort, subscribed = values
    for key, value in new.items():
        kind = {"name": str, "parentId": (str, type(None)), "role": (str, type(None)), "sortOrder": int, "isSubscribed": bool}.get(key)
        if kind is None or not isinstance(value, kind):
            raise SetError("invalidProperties", "what %s is" % key, properties=[key])
    name, role, sort = new.get("name", name), new.get("role", role), new.get("sortOrder", sort)
    parent = call.id(new["parentId"]) if "parentId" in new else parent
    if not 1 <= len(name.encode("utf-8", "replace")) <= call.options["maxSizeMailboxName"] or re.search(r"[\0-\x1f\x7f]", name):
        raise SetError("invalidProperties", "no name of a mailbox", properties=["name"])
    if parent is not None and parent not in account.mailboxes:
        raise SetError("invalidProperties", "no such parent", properties=["parentId"])
    check_place(call, account, mailbox, name, parent, role)
    if "isSubscribed" in new:
        subscribed = [u for u in subscribed if u != call.user.name] + ([call.user.name] if new["isSubscribed"] else [])
    return [name, parent, role, sort, subscribed]


def check_place(call, account, mailbox, name, parent, role):
    id, depth, above = mailbox.id if mailbox else None, 1, parent
    while above is not None:
        if above == id:
            raise SetError("invalidProperties", "its own parent", properties=["parentId"])
        depth, above = depth + 1, account.mailboxes[above].parent
    if depth > (call.options["maxMailboxDepth"] or depth):
        raise SetError("invalidProperties", "too deep", properties=["parentId"])
    for m in account.mailboxes.values():
        if m.id != id and m.parent == parent and m.name == name:
            if call.options["fold"]:
                raise SetError("invalidProperties", "another one has this name", properties=["name"])
            raise SetError("alreadyExists", "another one has this name", existingId=m.id)
        if m.id != id and role and m.role == role:
            raise SetError("invalidProperties", "another one has this role", properties=["role"])


def mailbox_create(call, account, tx, cid, new):
    parent = call.id(new.get("parentId"))
    if parent in account.mailboxes and not account.may(call.user.name, parent, "mayCreateChild"):
        raise SetError("forbidden", "mayCreateChild")
    facts = mailbox_checked(call, account, None, new)
    id = account.new_id("mb")
    tx.do("next", account.next)
    tx.do("mailbox", id, *facts)
    call.created[cid] = id
    getters = mailbox_getters(call, account)
    return {p: f(account.mailboxes[id]) for p, f in getters.items() if p not in new}


def mailbox_update(call, account, tx, id, patch):
    m = account.mailboxes.get(call.id(id))
    if m is None:
        raise SetError("notFound")
    if ("name" in patch or "parentId" in patch) and not mailbox_getters(call, account)["myRights"](m)["mayRename"]:
        raise SetError("forbidden", "mayRename")
    facts = mailbox_checked(call, account, m, patch)
    if facts != m.facts():
        tx.do("mailbox", m.id, *facts)
    return None


def mailbox_destroy(call, account, tx, id, with_emails):
    m = account.mailboxes.get(call.id(id))
    if m is None:
        raise SetError("notFound")
    if not mailbox_getters(call, account)["myRights"](m)["mayDelete"]:
        raise SetError("forbidden", "mayDelete")
    if any(c.parent == m.id for c in account.mailboxes.values()):
        raise SetError("mailboxHasChild")
    if m.emails and not with_emails:
        raise SetError("mailboxHasEmail")
    for e in list(m.emails.values()):
        if len(e.mailboxes) == 1:
            tx.do("email_gone", e.id)
        else:
            tx.do("change", e.id, {k: True for k in e.mailboxes if k != m.id}, None)
    tx.do("mailbox_gone", m.id)


@method("Mailbox/set")
def mailbox_set(call, args):
    account = call.account(args, write=True)
    with account.change() as tx:
        account, create, update, destroy = set_arguments(call, args, "Mailbox")
        with_emails = args.take("onDestroyRemoveEmails", bool, False)
        args.end()
        answer = SetAnswer(account, "Mailbox")
        waiting = dict(create)
        while waiting:  # a parent may be made by the same call, in any order
            ready = [k for k, v in waiting.items() if not (isinstance(v, dict) and isinstance(v.get("parentId"), str)
                                                           and v["parentId"][1:] in waiting and v["parentId"][:1] == "#")]
            for k in ready or list(waiting):
                v = waiting.pop(k)
                answer.attempt("created", "notCreated", k, lambda: mailbox_create(call, account, tx, k, v))
        for k, v in update.items():
            answer.attempt("updated", "notUpdated", k, lambda: mailbox_update(call, account, tx, k, v))
        depths = {k: account.path(account.mailboxes[call.id(k)]).count("/") for k in destroy if call.id(k) in account.mailboxes}
        for k in sorted(destroy, key=lambda i: -depths.get(i, 0)):
            answer.attempt("destroyed", "notDestroyed", k, lambda: mailbox_destroy(call, account, tx, k, with_emails))
        account.end()
    yield "Mailbox/set", answer.end("created", "updated", "destroyed")


# ---- Email ----

EMAIL_GETTERS = {
    "id": lambda e: e.id, "blobId": lambda e: e.blob, "threadId": lambda e: e.thread, "mailboxIds": lambda e: e.mailboxes,
    "keywords": lambda e: e.keywords, "size": lambda e: e.size, "receivedAt": lambda e: e.received,
}


@method("Email/get")
def email_get(call, args):
    account = call.account(args)
    wanted = args.args.get("properties")
    args.left -= {"bodyProperties", "fetchTextBodyValues", "fetchHTMLBodyValues", "fetchAllBodyValues", "maxBodyValueBytes"}
    getters = EMAIL_GETTERS
    if not isinstance(wanted, list) or not all(isinstance(p, str) and p in EMAIL_GETTERS for p in wanted):
        getters = dict(EMAIL_GETTERS, **jmap_text.getters(account, wanted))
    if args.args.get("ids", "") is None:
        raise MethodError("requestTooLarge", "all messages")
    with account.lock:
        answer = get(call, args, "Email", account.emails, getters)
        answer["state"] = state_of(account, "Email")
    yield "Email/get", answer


@method("Email/changes")
def email_changes(call, args):
    yield "Email/changes", changes(call, args, "Email")[0]


@method("Thread/changes")
def thread_changes(call, args):
    yield "Thread/changes", changes(call, args, "Thread")[0]


@method("Thread/get")
def thread_get(call, args):
    account = call.account(args)
    with account.lock:
        objects = {k: (k, v) for k, v in account.threads.items()}
        answer = get(call, args, "Thread", objects, {
            "id": lambda t: t[0],
            "emailIds": lambda t: sorted(t[1], key=lambda i: (account.emails[i].received, account.emails[i].order))})
        answer["state"] = state_of(account, "Thread")
    yield "Thread/get", answer


SORTS = {"receivedAt": lambda e: (e.received, e.order), "size": lambda e: e.size, "id": lambda e: e.id}


@method("Email/query")
def email_query(call, args):
    account = call.account(args)
    f, sort = args.take("filter", dict), args.take("sort", list, [])
    position, anchor = args.take("position", int, 0), args.take("anchor", str)
    offset, limit = args.take("anchorOffset", int, 0), args.number("limit")
    total, _ = args.take("calculateTotal", bool, False), args.take("collapseThreads", bool, False)
    args.end()
    with account.lock:
        found = email_found(account, f, sort)
        state = state_of(account, "Email")
    if anchor is not None:
        at = next((i for i, e in enumerate(found) if e.id == anchor), None)
        if at is None:
            raise MethodError("anchorNotFound")
        position = max(0, at + offset)
    elif position < 0:
        position = max(0, len(found) + position)
    applied = min(filter(lambda n: n is not None, (limit, call.options["query_limit"])), default=None)
    page = found[position:] if applied is None else found[position:position + applied]
    answer = {"accountId": account.id, "queryState": state, "canCalculateChanges": False, "position": position,
              "ids": [e.id for e in page]}
    if applied is not None and applied != limit:
        answer["limit"] = applied
    if total:
        answer["total"] = len(found)
    yield "Email/query", answer


def email_found(account, f, sort):
    """The messages that a filter lets through, in the order of sort."""
    for s in sort:
        if not isinstance(s, dict) or s.get("property") not in SORTS:
            raise MethodError("unsupportedSort")
    first = sort[0] if sort else {"property": "receivedAt", "isAscending": False}
    if set(f or ()) == {"inMailbox"} and first["property"] == "receivedAt":
        box = account.mailboxes.get(f["inMailbox"])
        if box is None:
            raise bad("filter", "names no mailbox")
        found = account.in_order(box)
    else:
        found = sorted(filter(jmap_text.condition(account, f, MethodError), account.emails.values()), key=SORTS[first["property"]])
    return found if first.get("isAscending", True) else found[::-1]


@method("Email/queryChanges")
def email_query_changes(call, args):
    call.account(args)
    raise MethodError("cannotCalculateChanges")


def check_keywords(v):
    if not isinstance(v, dict):
        raise SetError("invalidProperties", "keywords are no object", properties=["keywords"])
    for k, on in v.items():
        if on is not True or not KEYWORD.match(k) or KEYWORD_NOT.search(k):
            raise SetError("invalidProperties", "no keyword: %.60s" % k, properties=["keywords"])
    return {k.lower(): True for k in v}


def check_mailboxes(call, account, v):
    if not isinstance(v, dict) or not v or not all(on is True for on in v.values()):
        raise SetError("invalidProperties", "no mailboxes", properties=["mailboxIds"])
    ids = {call.id(k): True for k in v}
    if not all(k in account.mailboxes for k in ids):
        raise SetError("invalidProperties", "no such mailbox", properties=["mailboxIds"])
    if len(ids) > (call.options["maxMailboxesPerEmail"] or len(ids)):
        raise SetError("tooManyMailboxes")
    return ids


def check_rights(call, account, before, now, keywords_before, keywords_now):
    def need(right, boxes):
        for m in boxes:
            if not account.may(call.user.name, m, right):
                raise SetError("forbidden", right)
    need("mayAddItems", set(now) - set(before))
    need("mayRemoveItems", set(before) - set(now))
    moved = set(keywords_before) ^ set(keywords_now)
    if "$seen" in moved:
        need("maySetSeen", before)
    if moved - {"$seen"}:
        need("maySetKeywords", before)


def patched(patch, prop, before, checked):
    """A set of names after a patch: the whole set, or single members."""
    single = {k[len(prop) + 1:].replace("~1", "/").replace("~0", "~"): v for k, v in patch.items() if k.startswith(prop + "/")}
    if prop in patch:
        if single:
            raise SetError("invalidPatch", "%s and a part of it" % prop)
        return checked(patch[prop])
    if not single:
        return before
    if not all(v is True or v is None for v in single.values()):
        raise SetError("invalidPatch" if False in single.values() else "invalidProperties", "only true and null", properties=[prop])
    now = {k: True for k in before if k not in single}
    now.update({k: True for k, v in single.items() if v})
    return now


def email_update(call, account, tx, id, patch):
    e = account.emails.get(call.id(id))
    if e is None:
        raise SetError("notFound")
    if not isinstance(patch, dict):
        raise SetError("invalidPatch")
    for k in patch:
        if k.split("/", 1)[0] not in ("keywords", "mailboxIds"):
            raise SetError("invalidProperties", "cannot be changed", properties=[k])
    patch = {re.sub(r"^mailboxIds/(.*)", lambda m: "mailboxIds/" + call.id(m[1]), k) if k.startswith("mailboxIds/") else
             (k.lower() if k.startswith("keywords/") else k): v for k, v in patch.items()}
    keywords = check_keywords(patched(patch, "keywords", e.keywords, check_keywords))
    boxes = patched(patch, "mailboxIds", e.mailboxes, lambda v: v)
    if not boxes and "mailboxIds" not in patch and call.options["last_out_destroys"]:
        tx.do("email_gone", e.id)
        return None
    boxes = check_mailboxes(call, account, boxes)
    if len(keywords) > (call.options["max_keywords"] or len(keywords)):
        raise SetError("tooManyKeywords")
    check_rights(call, account, e.mailboxes, boxes, e.keywords, keywords)
    if boxes != e.mailboxes or keywords != e.keywords:
        tx.do("change", e.id, boxes if boxes != e.mailboxes else None, keywords if keywords != e.keywords else None)
    return None


def email_destroy(call, account, tx, id):
    e = account.emails.get(call.id(id))
    if e is None:
        raise SetError("notFound")
    check_rights(call, account, e.mailboxes, {}, {}, {})
    tx.do("email_gone", e.id)


def not_made(e):
    raise e


@method("Email/set")
def email_set(call, args):
    account = call.account(args, write=True)
    with account.change() as tx:
        account, create, update, destroy = set_arguments(call, args, "Email")
        args.end()
        answer = SetAnswer(account, "Email")
        for k in create:
            answer.attempt("created", "notCreated", k, lambda: not_made(SetError("forbidden", "this server only imports")))
        for k, v in update.items():
            if call.id(k) in map(call.id, destroy):
                answer.attempt("updated", "notUpdated", k, lambda: not_made(SetError("willDestroy")))
            else:
                answer.attempt("updated", "notUpdated", k, lambda: email_update(call, account, tx, k, v))
        for k in dict.fromkeys(destroy):
            answer.attempt("destroyed", "notDestroyed", k, lambda: email_destroy(call, account, tx, k))
    yield "Email/set", answer.end("created", "updated", "destroyed")


def file_email(call, account, tx, blob, v, keywords, source=None):
    """Make an Email of a blob in this account; what /import and /copy say of it."""
    boxes = check_mailboxes(call, account, v.get("mailboxIds"))
    keywords = check_keywords(keywords)
    received = v.get("receivedAt") or (source.received if source else utc(time.time()))
    if not isinstance(received, str) or not UTC_DATE.match(received):
        raise SetError("invalidProperties", "no UTCDate", properties=["receivedAt"])
    check_rights(call, account, {}, boxes, {}, {})
    if call.options["fold"] and blob in account.by_blob:
        raise SetError("alreadyExists", existingId=account.by_blob[blob])
    if account.over_quota(account.blob_size(blob)):
        raise SetError("overQuota")
    e = account.add_email(tx, blob, boxes, keywords, received)
    return {"id": e.id, "blobId": e.blob, "threadId": e.thread, "size": e.size}


def email_import_one(call, account, tx, v):
    if not isinstance(v, dict) or set(v) - {"blobId", "mailboxIds", "keywords", "receivedAt"}:
        raise SetError("invalidProperties", "what an import has")
    blob = call.id(v.get("blobId"))
    if not isinstance(blob, str) or account.blob_size(blob) is None:
        raise SetError(call.options["lost_blob"], "no such blob", properties=["blobId"])
    if call.options["strict"] and re.search(rb"\0|(?<!\r)\n", account.read_blob(blob)) or account.blob_size(blob) == 0:
        raise SetError("invalidEmail")
    return file_email(call, account, tx, blob, v, v.get("keywords") or {})


@method("Email/import")
def email_import(call, args):
    account = call.account(args, write=True)
    with account.change() as tx:
        check_state(args, account, "Email")
        emails = args.take("emails", dict, required=True)
        args.end()
        if len(emails) > call.options["maxObjectsInSet"]:
            raise MethodError("requestTooLarge")
        answer = SetAnswer(account, "Email")
        for k, v in emails.items():
            answer.attempt("created", "notCreated", k, lambda: email_import_one(call, account, tx, v))
            if k in answer.answer.get("created", ()):
                call.created[k] = answer.answer["created"][k]["id"]
        out = answer.end("created", "notCreated")
    if not call.options["import_states"]:
        del out["oldState"], out["newState"]
    yield "Email/import", out


def email_copy_one(call, source, account, tx, v):
    e = source.emails.get(call.id(v.get("id"))) if isinstance(v, dict) else None
    if e is None:
        raise SetError("notFound")
    if account.bulk_of(e.blob) is None and account.blob_size(e.blob) is None:
        account.put_blob(source.read_blob(e.blob))
    return file_email(call, account, tx, e.blob, v, v.get("keywords", e.keywords), e)


@method("Email/copy")
def email_copy(call, args):
    source, account = call.account(args, "fromAccountId"), call.account(args, write=True)
    if source is account:
        raise bad("fromAccountId", "is accountId")
    check_state(args, source, "Email", "ifFromInState")
    create, then = args.take("create", dict, required=True), args.take("onSuccessDestroyOriginal", bool, False)
    if_state = args.take("destroyFromIfInState", str)
    with account.change() as tx:
        check_state(args, account, "Email")
        args.end()
        if len(create) > call.options["maxObjectsInSet"]:
            raise MethodError("requestTooLarge")
        answer = SetAnswer(account, "Email")
        for k, v in create.items():
            answer.attempt("created", "notCreated", k, lambda: email_copy_one(call, source, account, tx, v))
        out = dict(answer.end("created"), fromAccountId=source.id)
    yield "Email/copy", out
    if then:
        ids = [create[k]["id"] for k in out["created"] or ()]
        more = {"accountId": source.id, "destroy": ids}
        yield from email_set(call, Args(dict(more, ifInState=if_state) if if_state else more))


# ---- blobs and quotas ----

@method("Blob/copy", CORE)
def blob_copy(call, args):
    source, account = call.account(args, "fromAccountId"), call.account(args, write=True)
    out = {"fromAccountId": source.id, "accountId": account.id, "copied": {}, "notCopied": {}}
    for b in args.ids("blobIds", True):
        if source.blob_size(b) is None:
            out["notCopied"][b] = {"type": "notFound"}
        else:
            out["copied"][b] = account.put_blob(source.read_blob(b))[0]
    args.end()
    yield "Blob/copy", out


def quotas(account):
    for kind, used, limit in (("octets", account.used, account.limit_bytes), ("count", len(account.emails), account.limit_count)):
        if limit is not None:
            yield {"id": "q-" + kind, "resourceType": kind, "used": used, "hardLimit": limit, "scope": "account", "name": kind,
                   "types": ["Mail"], "description": None, "softLimit": None, "warnLimit": None}


@method("Quota/get", QUOTA)
def quota_get(call, args):
    account = call.account(args)
    if call.options["quota"] == "cyrus":
        yield cyrus_quota(account)
        return
    with account.lock:
        objects = {q["id"]: q for q in quotas(account)}
        names = ("id", "resourceType", "used", "hardLimit", "scope", "name", "types", "description", "softLimit", "warnLimit")
        answer = get(call, args, "Quota", objects, {p: (lambda q, p=p: q[p]) for p in names})
        answer["state"] = "u%d" % account.used
    yield "Quota/get", answer


def cyrus_quota(account):
    """Cyrus' own shape of a quota."""
    return "Quota/get", {"accountId": account.id, "state": "u%d" % account.used, "notFound": [],
                         "list": [{"id": "mail", "used": account.used, "total": account.limit_bytes}]}
