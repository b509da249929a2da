"""jmap_text.py - the inside of messages for the JMAP server double, and its search (RFC 8621 sections 4.1 and 4.4)."""
import email.header
import email.utils
import re

ADDRESSES = {"from": "from", "to": "to", "cc": "cc", "bcc": "bcc", "sender": "sender", "replyTo": "reply-to"}
IDS = {"messageId": "message-id", "inReplyTo": "in-reply-to", "references": "references"}


def decoded(value):
    try:
        return str(email.header.make_header(email.header.decode_header(str(value))))
    except (LookupError, ValueError):
        return str(value)


def addresses(message, name):
    fields = [str(v) for v in message.get_all(name, [])]
    return [{"name": decoded(n) or None, "email": a} for n, a in email.utils.getaddresses(fields)] if fields else None


def sent_at(message):
    try:
        return email.utils.parsedate_to_datetime(str(message["date"])).isoformat()
    except (TypeError, ValueError):
        return None


def body_text(message):
    out = []
    for part in message.walk():
        if part.get_content_maintype() == "text":
            data = part.get_payload(decode=True) or b""
            out.append(data.decode("utf-8", "replace"))
    return "\n".join(out)


def getters(account, wanted):
    """property -> function for what needs the message's octets."""
    def of(f):
        return lambda e: f(account.message(e))
    out = {p: of(lambda m, n=n: addresses(m, n)) for p, n in ADDRESSES.items()}
    out.update({p: of(lambda m, n=n: re.findall(r"<([^>\s]+)>", str(m.get(n, ""))) or None) for p, n in IDS.items()})
    out["subject"] = of(lambda m: decoded(m["subject"]) if m["subject"] is not None else None)
    out["sentAt"] = of(sent_at)
    out["hasAttachment"] = of(lambda m: any(p.get_filename() for p in m.walk()))
    out["preview"] = of(lambda m: " ".join(body_text(m).split())[:256])
    if isinstance(wanted, list):
        out["headers"] = of(lambda m: [{"name": k, "value": " " + str(v)} for k, v in m.items()])
        for p in wanted:
            if isinstance(p, str) and re.match(r"header:[!-9;-~]+(:asRaw)?(:all)?\Z", p):
                name = p.split(":")[1]
                out[p] = of(lambda m, name=name: " " + str(m[name]) if m[name] is not None else None)
    return out


# ---- search: whole words, without regard to case; RFC 8621 leaves it to the server ----

def words(text):
    return set(re.findall(r"\w+", text.lower()))


def text_of(account, e, field):
    m = account.message(e)
    if field == "body":
        return body_text(m)
    if field == "text":
        return "\n".join([decoded(v) for v in m.values()] + [body_text(m)])
    return "\n".join(decoded(v) for v in m.get_all(field, []))


def has_words(account, e, field, want):
    return words(want) <= words(text_of(account, e, field))


def has_header(account, e, want):
    values = [decoded(v) for v in account.message(e).get_all(want[0], [])]
    return bool(values) if len(want) == 1 else any(want[1].lower() in v.lower() for v in values)


CONDITIONS = {
    "inMailbox": lambda a, e, v: v in e.mailboxes,
    "inMailboxOtherThan": lambda a, e, v: any(m not in v for m in e.mailboxes),
    "before": lambda a, e, v: e.received < v, "after": lambda a, e, v: e.received >= v,
    "minSize": lambda a, e, v: e.size >= v, "maxSize": lambda a, e, v: e.size < v,
    "hasKeyword": lambda a, e, v: v.lower() in e.keywords, "notKeyword": lambda a, e, v: v.lower() not in e.keywords,
    "header": has_header,
}
WORD_FIELDS = ("text", "from", "to", "cc", "bcc", "subject", "body")
CONDITIONS.update({f: (lambda a, e, v, f=f: has_words(a, e, f, v)) for f in WORD_FIELDS})


def condition(account, f, error):
    """A filter as a function of an Email. error: the class to raise."""
    if f is None:
        return lambda e: True
    if "operator" in f:
        parts = [condition(account, c, error) for c in f.get("conditions", [])]
        if f["operator"] == "AND":
            return lambda e: all(p(e) for p in parts)
        if f["operator"] == "OR":
            return lambda e: any(p(e) for p in parts)
        return lambda e: not any(p(e) for p in parts)
    for k in f:
        if k not in CONDITIONS:
            raise error("unsupportedFilter", k)
    return lambda e: all(CONDITIONS[k](account, e, v) for k, v in f.items())
