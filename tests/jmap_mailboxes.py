"""jmap_mailboxes.py - the mailboxes of the JMAP server double (RFC 8621 section 2)."""
import re

from jmap_methods import MethodError, SetAnswer, SetError, changes, get, method, set_arguments, state_of
from jmap_store import RIGHTS


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
    yield "Mailbox/query", {"accountId": account.id, "queryState": state, "canCalculateChanges": False, "position": 0,
                            "ids": ids}


KINDS = {"name": str, "parentId": (str, type(None)), "role": (str, type(None)), "sortOrder": int, "isSubscribed": bool}


def mailbox_checked(call, account, mailbox, new):
    """The facts of a mailbox with the properties of `new` put in, or a SetError."""
    values = mailbox.facts() if mailbox else ["", None, None, 0, []]
    name, parent, role, sort, subscribed = values
    for key, value in new.items():
        if key not in KINDS or not isinstance(value, KINDS[key]):
            raise SetError("invalidProperties", "what %s is" % key, properties=[key])
    name, role, sort = new.get("name", name), new.get("role", role), new.get("sortOrder", sort)
    parent = call.id(new["parentId"]) if "parentId" in new else parent
    size = len(name.encode("utf-8", "replace"))
    if not 1 <= size <= call.options["maxSizeMailboxName"] or re.search(r"[\0-\x1f\x7f]", name):
        raise SetError("invalidProperties", "no name of a mailbox", properties=["name"])
    if parent is not None and parent not in account.mailboxes:
        raise SetError("invalidProperties", "no such parent", properties=["parentId"])
    if role and role not in (call.options["roles"] or [role]):
        raise SetError("invalidProperties", "no such role", properties=["role"])
    if call.options["drop_taken_roles"] and any(m.role == role and m is not mailbox for m in account.mailboxes.values()):
        role = None
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


def waits_for_another(v, waiting):
    parent = v.get("parentId") if isinstance(v, dict) else None
    return isinstance(parent, str) and parent.startswith("#") and parent[1:] in waiting


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
            ready = [k for k, v in waiting.items() if not waits_for_another(v, waiting)]
            for k in ready or list(waiting):
                v = waiting.pop(k)
                answer.attempt("created", "notCreated", k, lambda: mailbox_create(call, account, tx, k, v))
        for k, v in update.items():
            answer.attempt("updated", "notUpdated", k, lambda: mailbox_update(call, account, tx, k, v))
        known = [account.mailboxes[call.id(k)] for k in destroy if call.id(k) in account.mailboxes]
        depths = {m.id: account.depth(m) for m in known}
        for k in sorted(destroy, key=lambda i: -depths.get(call.id(i), 0)):
            answer.attempt("destroyed", "notDestroyed", k, lambda: mailbox_destroy(call, account, tx, k, with_emails))
        account.end()
    yield "Mailbox/set", answer.end("created", "updated", "destroyed")
