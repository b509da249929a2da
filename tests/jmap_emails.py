"""jmap_emails.py - messages, threads, blobs and quotas of the JMAP server double (RFC 8621 sections 3, 4, RFC 9425)."""
import re
import time

import jmap_text
from jmap_methods import (CORE, QUOTA, Args, MethodError, SetAnswer, SetError, bad, changes, check_state, get, method,
                          set_arguments, state_of)
from jmap_store import KEYWORD, KEYWORD_NOT, utc

UTC_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z\Z")


EMAIL_GETTERS = {
    "id": lambda e: e.id, "blobId": lambda e: e.blob, "threadId": lambda e: e.thread, "size": lambda e: e.size,
    "mailboxIds": lambda e: e.mailboxes, "keywords": lambda e: e.keywords, "receivedAt": lambda e: e.received,
}


@method("Email/get")
def email_get(call, args):
    account = call.account(args)
    wanted = args.args.get("properties")
    args.left -= {"bodyProperties", "fetchTextBodyValues", "fetchHTMLBodyValues", "fetchAllBodyValues",
                  "maxBodyValueBytes"}
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
        wanted = jmap_text.condition(account, f, MethodError)
        found = sorted(filter(wanted, account.emails.values()), key=SORTS[first["property"]])
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
    single = {k[len(prop) + 1:].replace("~1", "/").replace("~0", "~"): v for k, v in patch.items()
              if k.startswith(prop + "/")}
    if prop in patch:
        if single:
            raise SetError("invalidPatch", "%s and a part of it" % prop)
        return checked(patch[prop])
    if not single:
        return before
    if not all(v is True or v is None for v in single.values()):
        raise SetError("invalidPatch", "only true and null", properties=[prop])
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
            answer.attempt("created", "notCreated", k, lambda: not_made(SetError("forbidden", "only imports")))
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
    broken = rb"\0|(?<!\r)\n|\A[^\n]*\Z"  # NUL, bare LF, no line
    if call.options["strict"] and re.search(broken, account.read_blob(blob)) or account.blob_size(blob) == 0:
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
    for kind, used, limit in (("octets", account.used, account.limit_bytes),
                              ("count", len(account.emails), account.limit_count)):
        if limit is not None:
            yield {"id": "q-" + kind, "resourceType": kind, "used": used, "hardLimit": limit, "scope": "account",
                   "name": kind, "types": ["Mail"], "description": None, "softLimit": None, "warnLimit": None}


@method("Quota/get", QUOTA)
def quota_get(call, args):
    account = call.account(args)
    if call.options["quota"] == "cyrus":
        yield cyrus_quota(account)
        return
    with account.lock:
        objects = {q["id"]: q for q in quotas(account)}
        names = ("id", "resourceType", "used", "hardLimit", "scope", "name", "types", "description", "softLimit",
                 "warnLimit")
        answer = get(call, args, "Quota", objects, {p: (lambda q, p=p: q[p]) for p in names})
        answer["state"] = "u%d" % account.used
    yield "Quota/get", answer


def cyrus_quota(account):
    """Cyrus' own shape of a quota."""
    return "Quota/get", {"accountId": account.id, "state": "u%d" % account.used, "notFound": [],
                         "list": [{"id": "mail", "used": account.used, "total": account.limit_bytes}]}
