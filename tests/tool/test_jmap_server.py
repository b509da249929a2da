"""The JMAP server double does what RFC 8620 and RFC 8621 say, keeps what it answered, and lies only on demand."""
import base64
import gzip
import http.client
import json
import socket
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from jmap_server import JmapServer  # noqa: E402

USING = ["urn:ietf:params:jmap:core", "urn:ietf:params:jmap:mail", "urn:ietf:params:jmap:quota"]
MAIL = b"From: a@example.org\r\nSubject: =?utf-8?q?caf=C3=A9?= one\r\nMessage-ID: <%d@x>\r\n\r\nHello %d\r\n"


def mail(i):
    return MAIL % (i, i)


class Client:
    def __init__(self, js, user="anna", password="secret", authorization=None):
        self.js = js
        self.authorization = authorization or "Basic " + base64.b64encode((user + ":" + password).encode()).decode()
        self.account = "A1"

    def http(self, method, path, body=None, **headers):
        c = http.client.HTTPConnection("127.0.0.1", self.js.port, timeout=20)
        fields = {"Authorization": self.authorization}
        fields.update({k.replace("_", "-"): v for k, v in headers.items()})
        try:
            c.request(method, path, body, fields)
            r = c.getresponse()
            return r, r.read()
        finally:
            c.close()

    def session(self):
        return json.loads(self.http("GET", "/jmap/session")[1])

    def request(self, body, **headers):
        headers.setdefault("Content_Type", "application/json")
        r, data = self.http("POST", "/jmap/api", body if isinstance(body, bytes) else json.dumps(body), **headers)
        return r.status, json.loads(data)

    def calls(self, *calls, **more):
        v = [[name, args if name == "Core/echo" else dict({"accountId": self.account}, **args), str(i)]
             for i, (name, args) in enumerate(calls)]
        status, out = self.request(dict(more, using=USING, methodCalls=v))
        assert status == 200, out
        return out["methodResponses"]

    def call(self, name, **args):
        """The arguments of the one answer, or "error" and its type."""
        answer = self.calls((name, args))[0]
        return answer[1] if answer[0] == name else (answer[0], answer[1]["type"])

    def upload(self, data):
        r, out = self.http("POST", "/jmap/upload/%s/" % self.account, data, Content_Type="message/rfc822")
        return (r.status, json.loads(out))

    def add(self, data, *mailboxes, **more):
        """Upload and import; the answer about the one message."""
        blob = self.upload(data)[1]["blobId"]
        v = dict({"blobId": blob, "mailboxIds": {m: True for m in mailboxes}}, **more)
        out = self.call("Email/import", emails={"k": v})
        return out["created"]["k"] if out.get("created") else out["notCreated"]["k"]

    def inbox(self):
        return self.mailboxes()["Inbox"]["id"]

    def mailboxes(self):
        return {m["name"]: m for m in self.call("Mailbox/get", ids=None)["list"]}


class Base(unittest.TestCase):
    OPTIONS = {}

    def setUp(self):
        self.js = JmapServer(**self.OPTIONS).start()
        self.js.add_user("anna")
        self.c = Client(self.js)

    def tearDown(self):
        self.js.stop()
        self.js.remove()


class Session(Base):
    def test_discovery_and_session_object_8620_2(self):
        r, _ = self.c.http("GET", "/.well-known/jmap")
        self.assertEqual((r.status, r.headers["Location"]), (301, self.js.url + "jmap/session"))
        s = self.c.session()
        self.assertEqual(s["primaryAccounts"][USING[1]], "A1")
        self.assertEqual(s["capabilities"][USING[0]]["maxCallsInRequest"], 16)
        self.assertTrue(s["accounts"]["A1"]["isPersonal"])
        self.assertIn("{blobId}", s["downloadUrl"])
        self.js.options(relative_urls=True)
        self.assertEqual(self.c.session()["apiUrl"], "/jmap/api")
        self.assertEqual(self.c.http("GET", "/.well-known/jmap")[0].headers["Location"], "/jmap/session")

    def test_who_may_sign_on(self):
        r, _ = Client(self.js, password="wrong").http("GET", "/jmap/session")
        self.assertEqual(r.status, 401)
        self.assertIn("Basic", r.headers["WWW-Authenticate"])
        self.assertEqual(Client(self.js, authorization="Bearer t").http("GET", "/jmap/session")[0].status, 401)
        self.js.user(name="anna", tokens=["t"])
        self.assertEqual(Client(self.js, authorization="Bearer t").session()["username"], "anna")
        self.js.user(name="anna", locked=True)
        self.assertEqual(self.c.http("GET", "/jmap/session")[0].status, 403)

    def test_an_administrator_acts_for_others(self):
        self.js.add_user("root")
        root = Client(self.js, "root")
        self.assertEqual(root.http("GET", "/jmap/session", Authorize_As="anna")[0].status, 403)
        self.js.user(name="root", admin=True)
        self.assertEqual(json.loads(root.http("GET", "/jmap/session", Authorize_As="anna")[1])["username"], "anna")
        self.assertEqual(Client(self.js, "anna%root").session()["username"], "anna")

    def test_shared_accounts(self):
        other = self.js.add_user("ben")
        self.js.deliver("ben", "inbox", mail(1))
        self.c.account = other
        self.assertEqual(self.c.call("Mailbox/get", ids=None), ("error", "accountNotFound"))
        before = self.c.session()["state"]
        self.js.share(account="ben", user="anna", readonly=True)
        self.assertNotEqual(self.c.session()["state"], before)
        self.assertFalse(self.c.session()["accounts"][other]["isPersonal"])
        box = self.c.mailboxes()["Inbox"]
        self.assertEqual((box["totalEmails"], box["myRights"]["mayAddItems"]), (1, False))
        self.assertEqual(self.c.call("Email/set", destroy=["e1"]), ("error", "accountReadOnly"))


class Requests(Base):
    def test_errors_of_a_request_8620_3_6_1(self):
        kinds = [(b"{", "notJSON"), (b'{"using":[],"using":[],"methodCalls":[]}', "notJSON"), (b"[]", "notRequest"),
                 (b'{"using":["x"],"methodCalls":[]}', "unknownCapability"),
                 (json.dumps({"using": USING, "methodCalls": [["Core/echo", {}, "0"]] * 17}).encode(), "limit")]
        for body, kind in kinds:
            status, out = self.c.request(body)
            self.assertEqual((status, out["type"].rsplit(":", 1)[1]), (400, kind), body[:60])
        self.assertEqual(out["limit"], "maxCallsInRequest")
        self.assertEqual(self.c.request(b"{}", Content_Type="text/plain")[1]["type"].rsplit(":", 1)[1], "notJSON")
        self.js.options(maxSizeRequest=100)
        self.assertEqual(self.c.request(b" " * 101)[1]["limit"], "maxSizeRequest")

    def test_errors_of_a_method_8620_3_6_2(self):
        for name, args, kind in [("Foo/get", {}, "unknownMethod"), ("Email/get", {"ids": 5}, "invalidArguments"),
                                 ("Email/get", {"ids": [], "what": 1}, "invalidArguments"),
                                 ("Email/get", {"ids": [], "properties": ["colour"]}, "invalidArguments"),
                                 ("Email/get", {"ids": ["a b"]}, "invalidArguments"),
                                 ("Email/get", {"ids": [], "accountId": "A7"}, "accountNotFound"),
                                 ("Email/query", {"filter": {"colour": 1}}, "unsupportedFilter"),
                                 ("Email/query", {"sort": [{"property": "x"}]}, "unsupportedSort"),
                                 ("Email/query", {"anchor": "e9"}, "anchorNotFound"),
                                 ("Email/changes", {"sinceState": "blue"}, "cannotCalculateChanges"),
                                 ("Email/set", {"ifInState": "x"}, "stateMismatch")]:
            self.assertEqual(self.c.call(name, **args), ("error", kind), (name, args))
        call = ["Email/get", {"accountId": "A1", "ids": []}, "0"]
        out = self.c.request({"using": USING[:1], "methodCalls": [call]})[1]
        self.assertEqual(out["methodResponses"][0][1]["type"], "unknownMethod")

    def test_back_references_8620_3_7(self):
        for i in range(3):
            self.js.deliver("anna", "inbox", mail(i), received=1000 + i)

        def ref(call, name, path):
            return {"resultOf": call, "name": name, "path": path}
        out = self.c.calls(
            ("Email/query", {"filter": {"inMailbox": self.c.inbox()}, "sort": [{"property": "receivedAt"}]}),
            ("Email/get", {"#ids": ref("0", "Email/query", "/ids"), "properties": ["threadId"]}),
            ("Thread/get", {"#ids": ref("1", "Email/get", "/list/*/threadId")}),
            ("Email/get", {"#ids": ref("2", "Thread/get", "/list/*/emailIds"), "properties": ["id"]}),
            ("Email/get", {"#ids": ref("0", "Email/query", "/nothing")}),
            ("Email/get", {"#ids": ref("7", "Email/query", "/ids")}),
        )
        self.assertEqual([e["id"] for e in out[3][1]["list"]], out[0][1]["ids"])
        self.assertEqual([o[1]["type"] for o in out[4:]], ["invalidResultReference"] * 2)

    def test_creation_ids_8620_5_3(self):
        blob = self.c.upload(mail(1))[1]["blobId"]
        out = self.c.calls(("Mailbox/set", {"create": {"m": {"name": "New"}}}),
                           ("Email/import", {"emails": {"e": {"blobId": blob, "mailboxIds": {"#m": True}}}}),
                           ("Email/set", {"update": {"#e": {"mailboxIds/" + self.c.inbox(): True}}}))
        self.assertEqual(out[2][1]["updated"], {"#e": None})
        made = self.js.dump("anna")["emails"][out[1][1]["created"]["e"]["id"]]
        self.assertEqual(made["mailboxes"], ["Inbox", "New"])

    def test_limits_of_objects(self):
        self.js.options(maxObjectsInGet=2, maxObjectsInSet=2)
        self.assertEqual(self.c.call("Email/get", ids=["a", "b", "c"]), ("error", "requestTooLarge"))
        self.assertEqual(self.c.call("Email/set", destroy=["a", "b"], update={"c": {}}), ("error", "requestTooLarge"))
        self.assertEqual(self.c.call("Email/get", ids=["a", "b"])["notFound"], ["a", "b"])
        self.js.options(limit_by_request=True)
        call = ["Email/get", {"accountId": "A1", "ids": ["a"] * 3}, "0"]
        status, out = self.c.request({"using": USING, "methodCalls": [call]})
        self.assertEqual((status, out["limit"]), (400, "maxObjectsInGet"))


class Mailboxes(Base):
    def test_parents_made_by_the_same_call_in_any_order(self):
        out = self.c.call("Mailbox/set", create={"c": {"name": "C", "parentId": "#b"},
                                                 "a": {"name": "A", "isSubscribed": True},
                                                 "b": {"name": "B", "parentId": "#a"}})
        self.assertEqual(sorted(out["created"]), ["a", "b", "c"])
        self.assertIn("A/B/C", self.js.dump("anna")["mailboxes"])
        self.assertTrue(self.c.mailboxes()["A"]["isSubscribed"])
        self.assertNotEqual(out["oldState"], out["newState"])

    def test_what_cannot_be_made(self):
        out = self.c.call("Mailbox/set", create={"a": {"name": "Inbox"}, "b": {"name": ""},
                                                 "c": {"name": "x", "parentId": "mb99"},
                                                 "d": {"name": "y", "role": "inbox"},
                                                 "e": {"name": "z", "colour": 1},
                                                 "f": {"name": "n" * 201}, "g": {"name": "ok"}})
        self.assertEqual(list(out["created"]), ["g"])
        self.assertEqual({k: v["type"] for k, v in out["notCreated"].items()},
                         {"a": "alreadyExists", **{k: "invalidProperties" for k in "bcdef"}})

    def test_rename_and_circles(self):
        b = self.c.mailboxes()
        out = self.c.call("Mailbox/set", update={b["Junk"]["id"]: {"name": "Spam", "parentId": b["Archive"]["id"]},
                                                 b["Archive"]["id"]: {"parentId": b["Junk"]["id"]},
                                                 b["Inbox"]["id"]: {"name": "x"}})
        self.assertEqual(list(out["updated"]), [b["Junk"]["id"]])
        self.assertEqual([v["type"] for v in out["notUpdated"].values()], ["invalidProperties", "forbidden"])
        self.assertIn("Archive/Spam", self.js.dump("anna")["mailboxes"])

    def test_destroy(self):
        e = self.js.deliver("anna", "Junk", mail(1))
        b = self.c.mailboxes()
        both = self.js.deliver("anna", "Junk", mail(2))
        self.js.change(account="anna", id=both, mailboxes=["Junk", "Inbox"])
        junk = b["Junk"]["id"]
        self.c.call("Mailbox/set", create={"k": {"name": "child", "parentId": b["Sent"]["id"]}})
        out = self.c.call("Mailbox/set", destroy=[junk, b["Sent"]["id"], b["Inbox"]["id"], "mb99"])
        self.assertEqual([v["type"] for v in out["notDestroyed"].values()],
                         ["mailboxHasEmail", "mailboxHasChild", "forbidden", "notFound"])
        self.assertEqual(self.c.call("Mailbox/set", destroy=[junk], onDestroyRemoveEmails=True)["destroyed"], [junk])
        left = self.js.dump("anna")["emails"]
        self.assertNotIn(e, left)
        self.assertEqual(left[both]["mailboxes"], ["Inbox"])

    def test_changes_tell_when_only_counts_moved_8621_2_2(self):
        state = self.c.call("Mailbox/get", ids=[])["state"]
        self.js.deliver("anna", "inbox", mail(1))
        out = self.c.call("Mailbox/changes", sinceState=state)
        self.assertEqual(out["updated"], [self.c.inbox()])
        self.assertEqual(out["updatedProperties"][:2], ["totalEmails", "unreadEmails"])
        self.js.create_mailbox(account="anna", path="Inbox/More")
        out = self.c.call("Mailbox/changes", sinceState=state)
        self.assertEqual((len(out["created"]), out["updatedProperties"]), (1, None))
        self.js.remove_mailbox(account="anna", mailbox="Inbox/More")
        self.assertEqual(self.c.call("Mailbox/changes", sinceState=out["newState"])["destroyed"], out["created"])

    def test_rights(self):
        id = self.js.deliver("anna", "inbox", mail(1))
        self.js.rights(account="anna", mailbox="inbox", missing=["mayRemoveItems", "maySetSeen"])
        out = self.c.call("Email/set", update={id: {"keywords/$seen": True}}, destroy=[])
        self.assertEqual(out["notUpdated"][id]["type"], "forbidden")
        self.assertEqual(self.c.call("Email/set", destroy=[id])["notDestroyed"][id]["type"], "forbidden")
        self.assertEqual(self.c.call("Email/set", update={id: {"keywords/$flagged": True}})["updated"], {id: None})
        self.assertFalse(self.c.mailboxes()["Inbox"]["myRights"]["maySetSeen"])


class Emails(Base):
    def test_upload_import_download_are_byte_exact(self):
        data = b"Subject: \xff\xfe odd\r\n\r\nno final newline, NUL \0, bare \n" + bytes(range(256)) * 1000
        status, blob = self.c.upload(data)
        self.assertEqual((status, blob["size"]), (201, len(data)))
        made = self.c.add(data, self.c.inbox(), keywords={"$Seen": True}, receivedAt="2020-01-02T03:04:05Z")
        properties = ["keywords", "receivedAt", "size", "blobId"]
        e = self.c.call("Email/get", ids=[made["id"]], properties=properties)["list"][0]
        self.assertEqual(e, {"id": made["id"], "keywords": {"$seen": True}, "receivedAt": "2020-01-02T03:04:05Z",
                             "size": len(data), "blobId": blob["blobId"]})
        r, got = self.c.http("GET", "/jmap/download/A1/%s/x?type=message/rfc822" % e["blobId"])
        self.assertEqual((got == data, r.headers["Content-Type"]), (True, "message/rfc822"))
        self.assertEqual(self.c.http("GET", "/jmap/download/A1/Gnone/x")[0].status, 404)
        self.assertEqual(self.c.http("GET", "/jmap/download/A9/%s/x" % e["blobId"])[0].status, 404)

    def test_chunked_upload_and_its_limit(self):
        self.js.options(maxSizeUpload=1000)
        out = self.c.http("POST", "/jmap/upload/A1/", b"2\r\nab\r\n2;x\r\ncd\r\n0\r\n\r\n", Transfer_Encoding="chunked")
        self.assertEqual(json.loads(out[1])["size"], 4)
        self.assertEqual(self.c.upload(b"x" * 1000)[0], 201)
        self.assertEqual(self.c.upload(b"x" * 1001)[0], 413)

    def test_what_cannot_be_imported(self):
        box = self.c.inbox()
        self.assertEqual(self.c.add(mail(1), "mb99")["type"], "invalidProperties")
        self.assertEqual(self.c.add(mail(1), box, keywords={"a b": True})["type"], "invalidProperties")
        self.assertEqual(self.c.add(mail(1), box, receivedAt="today")["type"], "invalidProperties")
        out = self.c.call("Email/import", emails={"k": {"blobId": "Gx", "mailboxIds": {box: True}}})
        self.assertEqual(out["notCreated"]["k"]["properties"], ["blobId"])
        self.js.quota(account="anna", octets=10)
        self.assertEqual(self.c.add(mail(1), box)["type"], "overQuota")
        self.js.options(strict=True)
        self.assertEqual(self.c.add(b"a: b\n\nx", box)["type"], "invalidEmail")

    def test_equal_messages(self):
        box = self.c.inbox()
        self.assertNotEqual(self.c.add(mail(1), box)["id"], self.c.add(mail(1), box)["id"])
        self.js.options(fold=True)
        first = self.c.add(mail(2), box)
        again = self.c.add(mail(2), box)
        self.assertEqual((again["type"], again["existingId"]), ("alreadyExists", first["id"]))

    def test_keywords_and_mailboxes_by_patch(self):
        b = self.c.mailboxes()
        inbox, sent = b["Inbox"]["id"], b["Sent"]["id"]
        id = self.js.deliver("anna", "inbox", mail(1), ["$flagged"])
        out = self.c.call("Email/set", update={id: {"keywords/CamelCase": True, "keywords/a~1b": True,
                                                    "keywords/$flagged": None, "mailboxIds/" + sent: True}})
        self.assertEqual(out["updated"], {id: None})
        e = self.js.dump("anna")["emails"][id]
        self.assertEqual((e["keywords"], e["mailboxes"]), (["a/b", "camelcase"], ["Inbox", "Sent"]))
        for patch, kind in [({"keywords/x": False}, "invalidPatch"),
                            ({"keywords": {}, "keywords/x": True}, "invalidPatch"),
                            ({"mailboxIds": {}}, "invalidProperties"), ({"mailboxIds/mb99": True}, "invalidProperties"),
                            ({"size": 5}, "invalidProperties"),
                            ({"mailboxIds/" + inbox: None, "mailboxIds/" + sent: None}, "invalidProperties")]:
            self.assertEqual(self.c.call("Email/set", update={id: patch})["notUpdated"][id]["type"], kind, patch)
        out = self.c.call("Email/set", update={id: {"keywords/x": True}, "e99": {}}, destroy=[id, "e98"])
        self.assertEqual(out["notUpdated"][id]["type"], "willDestroy")
        self.assertEqual((out["destroyed"], out["notDestroyed"]["e98"]["type"]), ([id], "notFound"))

    def test_a_set_in_an_old_state_does_nothing(self):
        id = self.js.deliver("anna", "inbox", mail(1))
        state = self.c.call("Email/get", ids=[])["state"]
        out = self.c.call("Email/set", ifInState=state, update={id: {"keywords/x": True}})
        self.assertEqual((out["oldState"], out["newState"] != state), (state, True))
        self.assertEqual(self.c.call("Email/set", ifInState=state, destroy=[id]), ("error", "stateMismatch"))
        self.assertIn(id, self.js.dump("anna")["emails"])

    def test_query_pages_by_anchor(self):
        ids = [self.js.deliver("anna", "inbox", mail(i), received=1000 - i) for i in range(10)][::-1]

        def query(**args):
            return self.c.call("Email/query", filter={"inMailbox": self.c.inbox()}, sort=[{"property": "receivedAt"}],
                               **args)
        self.assertEqual(query()["ids"], ids)
        self.assertEqual(query(anchor=ids[3], anchorOffset=1, limit=2)["ids"], ids[4:6])
        self.assertEqual(query(position=-2, calculateTotal=True)["total"], 10)
        self.js.options(query_limit=4)
        out = query(limit=6)
        self.assertEqual((out["ids"], out["limit"]), (ids[:4], 4))
        self.js.options(query_limit=None)
        self.js.change(account="anna", id=ids[0], keywords=["$seen"])
        self.assertEqual(self.c.call("Email/query", filter={"operator": "NOT", "conditions": [{"hasKeyword": "$seen"}]},
                                     sort=[{"property": "receivedAt"}])["ids"], ids[1:])
        self.assertEqual(self.c.call("Email/query", filter={"body": "hello 7"})["ids"], [ids[2]])
        self.assertEqual(len(self.c.call("Email/query", filter={"subject": "caf\u00e9"})["ids"]), 10)

    def test_changes_by_pages_8620_5_2(self):
        gone = self.js.deliver("anna", "inbox", mail(0))
        state = self.c.call("Email/get", ids=[])["state"]
        self.js.destroy(account="anna", id=gone)
        ids = [self.js.deliver("anna", "inbox", mail(i)) for i in range(1, 6)]
        brief = self.js.deliver("anna", "inbox", mail(9))
        self.js.destroy(account="anna", id=brief)
        self.js.change(account="anna", id=ids[0], keywords=["x"])
        out = self.c.call("Email/changes", sinceState=state)
        self.assertEqual((out["created"], out["updated"], out["destroyed"]), (ids, [], [gone]))
        self.assertFalse(out["hasMoreChanges"])
        seen, more = set(), True
        while more:
            out = self.c.call("Email/changes", sinceState=state, maxChanges=2)
            self.assertLessEqual(len(out["created"] + out["updated"] + out["destroyed"]), 2)
            seen.update(out["created"] + out["updated"])
            state, more = out["newState"], out["hasMoreChanges"]
        self.assertLessEqual(set(ids), seen)
        self.assertEqual(state, self.c.call("Email/get", ids=[])["state"])
        self.js.forget(account="anna")
        self.assertEqual(self.c.call("Email/changes", sinceState=state), ("error", "cannotCalculateChanges"))

    def test_copy_to_another_account_8621_4_7(self):
        other = self.js.add_user("ben")
        self.js.share(account="ben", user="anna")
        id = self.js.deliver("anna", "inbox", mail(1), ["x"])
        box = self.js.dump("ben")["mailboxes"]["Inbox"]["id"]
        out = self.c.calls(("Email/copy", {"fromAccountId": "A1", "accountId": other, "onSuccessDestroyOriginal": True,
                                           "create": {"k": {"id": id, "mailboxIds": {box: True}}}}))
        self.assertEqual([o[0] for o in out], ["Email/copy", "Email/set"])
        made = out[0][1]["created"]["k"]
        self.assertEqual(self.js.blob("ben", made["blobId"]), mail(1))
        self.assertEqual(self.js.dump("anna")["emails"], {})
        self.assertEqual(self.js.dump("ben")["emails"][made["id"]]["keywords"], ["x"])

    def test_threads_and_facts_of_the_header(self):
        first = self.js.deliver("anna", "inbox", mail(1))
        reply = self.js.deliver("anna", "sent", b"References: <1@x>\r\nMessage-ID: <r@x>\r\n\r\nyes\r\n")
        properties = ["threadId", "subject", "from", "preview", "headers"]
        e = self.c.call("Email/get", ids=[first, reply], properties=properties)["list"]
        self.assertEqual(e[0]["threadId"], e[1]["threadId"])
        self.assertEqual((e[0]["subject"], e[0]["preview"]), ("caf\u00e9 one", "Hello 1"))
        self.assertEqual(e[0]["from"][0]["email"], "a@example.org")
        self.assertEqual(self.c.call("Thread/get", ids=[e[0]["threadId"]])["list"][0]["emailIds"], [first, reply])

    def test_quota_9425(self):
        self.js.quota(account="anna", octets=5000)
        self.js.deliver("anna", "inbox", mail(1))
        q = self.c.call("Quota/get", ids=None)["list"]
        self.assertEqual([(x["resourceType"], x["used"], x["hardLimit"]) for x in q], [("octets", len(mail(1)), 5000)])

    def test_gzip(self):
        self.js.bulk(account="anna", mailbox="inbox", n=20)
        body = {"using": USING, "methodCalls": [["Email/query", {"accountId": "A1"}, "0"]]}
        r, data = self.c.http("POST", "/jmap/api", json.dumps(body), Content_Type="application/json",
                              Accept_Encoding="gzip")
        if r.headers["Content-Encoding"] == "gzip":
            data = gzip.decompress(data)
        self.assertEqual(len(json.loads(data)["methodResponses"][0][1]["ids"]), 20)

    def test_bulk_messages_have_their_size(self):
        self.js.bulk(account="anna", mailbox="inbox", n=50)
        for e in self.c.call("Email/get", ids=["B1-%d" % i for i in range(50)], properties=["size", "blobId"])["list"]:
            self.assertEqual(len(self.js.blob("anna", e["blobId"])), e["size"])


class Push(Base):
    def stream(self, **query):
        s = socket.create_connection(("127.0.0.1", self.js.port), 20)
        q = dict({"types": "*", "closeafter": "no", "ping": "0"}, **query)
        s.sendall(("GET /jmap/events?%s HTTP/1.1\r\nHost: x\r\nAuthorization: %s\r\n\r\n" % (
            "&".join("%s=%s" % kv for kv in q.items()), self.c.authorization)).encode())
        f = s.makefile("rb")
        head = []
        while (line := f.readline().strip()):
            head.append(line)
        s.close()
        self.addCleanup(f.close)
        return head, f

    def event(self, f):
        """The next event's data."""
        while not (line := f.readline()).startswith(b"data: "):
            self.assertTrue(line)
        return json.loads(line[6:])

    def test_a_change_is_told_at_once_8620_7_3(self):
        head, f = self.stream(types="Email,Mailbox")
        self.assertIn(b"Content-Type: text/event-stream", head)
        self.assertTrue(f.readline() and f.readline().startswith(b": open"))
        self.js.deliver("anna", "inbox", mail(1))
        changed = self.event(f)
        self.assertEqual(changed["@type"], "StateChange")
        self.assertEqual(changed["changed"]["A1"]["Email"], self.c.call("Email/get", ids=[])["state"])
        self.assertEqual(sorted(changed["changed"]["A1"]), ["Email", "Mailbox"])

    def test_closeafter_ping_and_no_push(self):
        _, f = self.stream(closeafter="state")
        f.readline(), f.readline()
        self.js.deliver("anna", "inbox", mail(1))
        self.event(f)
        self.assertTrue(f.read().endswith(b"0\r\n\r\n"))
        _, f = self.stream(ping="1")
        self.assertEqual(self.event(f), {"interval": 1})
        self.js.options(push=False)
        self.assertEqual(self.stream()[0][0], b"HTTP/1.1 204 No Content")


class Durable(unittest.TestCase):
    def test_killed_and_started_again_it_is_as_before(self):
        with JmapServer(process=True) as js:
            js.add_user("anna")
            c = Client(js)
            ids = [c.add(mail(i), c.inbox())["id"] for i in range(5)]
            c.call("Email/set", update={ids[0]: {"keywords/x": True}}, destroy=[ids[1]])
            c.call("Mailbox/set", create={"a": {"name": "A"}})
            js.bulk(account="anna", mailbox="A", n=10)
            before, state = js.dump(), c.call("Email/get", ids=[])["state"]
            js.kill()
            with open(js.folder / "journal", "ab") as f:
                f.write(b'{"a":"A1","ops":[["email_gone",')  # the last write was torn
            js.start()
            self.assertEqual(js.dump(), before)
            self.assertEqual(c.call("Email/get", ids=[])["state"], state)
            blob = before["anna"]["emails"][ids[0]]["blob"]
            self.assertEqual(c.http("GET", "/jmap/download/A1/%s/x" % blob)[1], mail(0))
            self.assertNotIn(c.add(mail(7), c.inbox())["id"], ids)
            after = js.dump()
            js.kill()
            js.start()
            self.assertEqual(js.dump(), after)

    def test_a_backup_is_restored(self):
        with JmapServer() as js:
            js.add_user("anna")
            c = Client(js)
            first = js.deliver("anna", "inbox", mail(1))
            mark, before = js.mark(), js.dump()
            js.deliver("anna", "inbox", mail(2))
            future = c.call("Email/get", ids=[])["state"]
            js.rollback(mark=mark)
            self.assertEqual(js.dump(), before)
            self.assertEqual(c.call("Email/changes", sinceState=future), ("error", "cannotCalculateChanges"))
            js.options(future_state="empty")
            out = c.call("Email/changes", sinceState=future)
            self.assertEqual((out["updated"], out["newState"] != future), ([], True))
            js.change(account="anna", id=first, keywords=["x"])


class Faulty(Base):
    def test_statuses_skip_times_and_clear(self):
        n = self.js.fault("status", on="api", status=503, retry_after=1, skip=1, times=2)
        body = {"using": USING, "methodCalls": []}
        fields = {"Content_Type": "application/json"}
        got = [self.c.http("POST", "/jmap/api", json.dumps(body), **fields)[0].status for _ in range(4)]
        self.assertEqual(got, [200, 503, 503, 200])
        self.assertEqual(self.js.clear(), {n: 2})

    def test_the_write_was_done_but_the_answer_is_lost(self):
        id = self.js.deliver("anna", "inbox", mail(1))
        self.js.fault("lose", method="Email/set")
        with self.assertRaises((http.client.HTTPException, OSError)):
            self.c.call("Email/set", destroy=[id])
        self.assertEqual(self.js.dump("anna")["emails"], {})
        id = self.js.deliver("anna", "inbox", mail(1))
        self.js.fault("close", method="Email/set")
        with self.assertRaises((http.client.HTTPException, OSError)):
            self.c.call("Email/set", destroy=[id])
        self.assertEqual(list(self.js.dump("anna")["emails"]), [id])

    def test_answers_are_changed(self):
        id = self.js.deliver("anna", "inbox", mail(1))
        self.js.fault("edit", method="Email/get", path="/list/*/size", add=1)
        get = {"ids": [id], "properties": ["size"]}
        self.assertEqual(self.c.call("Email/get", **get)["list"][0]["size"], len(mail(1)) + 1)
        self.assertEqual(self.c.call("Email/get", **get)["list"][0]["size"], len(mail(1)))
        self.js.fault("wrong_account", method="Email/get", value="A2")
        self.assertEqual(self.c.call("Email/get", **get)["accountId"], "A2")
        self.js.fault("edit", method="Mailbox/get", path="/list", value=[])
        self.assertEqual(self.c.call("Mailbox/get", ids=None)["list"], [])
        self.js.fault("endless_changes", method="Email/changes", times=0)
        out = self.c.call("Email/changes", sinceState="s0")
        self.assertEqual((out["hasMoreChanges"], out["newState"]), (True, "s0"))
        self.js.fault("error", method="Email/set", type="serverUnavailable")
        self.assertEqual(self.c.call("Email/set", destroy=[id]), ("error", "serverUnavailable"))
        self.js.fault("vanish", method="Email/get")
        self.assertEqual(self.c.call("Email/get", **get)["notFound"], [id])

    def test_bodies_and_lengths(self):
        id = self.js.deliver("anna", "inbox", mail(1))
        path = "/jmap/download/A1/%s/x" % self.js.dump("anna")["emails"][id]["blob"]
        self.js.fault("short", on="download", by=3)
        self.assertEqual(self.c.http("GET", path)[1], mail(1)[:-3])
        self.js.fault("other_bytes", on="download")
        other = self.c.http("GET", path)[1]
        self.assertEqual((len(other), other == mail(1)), (len(mail(1)), False))
        for fault in ({"name": "cut"}, {"name": "wrong_length"}, {"name": "bad_chunk"},
                      {"name": "bad_chunk", "how": "end"}):
            self.js.fault(on="download", **fault)
            with self.assertRaises((http.client.HTTPException, OSError, ValueError), msg=fault):
                self.c.http("GET", path)
        self.assertEqual(self.c.http("GET", path)[1], mail(1))
        self.js.fault("body", on="session", what="deep", n=1000000)
        self.assertEqual(self.c.http("GET", "/jmap/session")[1], b"[" * 1000000)
        self.js.fault("sub", method="Mailbox/get", find='"name":"Inbox"', put='"name":"\\ud800"')
        self.assertIn("\ud800", self.c.mailboxes())

    def test_a_stall_ends_when_the_faults_are_cleared(self):
        self.js.fault("stall", on="session", times=0)
        s = socket.create_connection(("127.0.0.1", self.js.port), 20)
        s.sendall(b"GET /jmap/session HTTP/1.1\r\nHost: x\r\nAuthorization: %s\r\n\r\n" % self.c.authorization.encode())
        while not any(self.js.faults().values()):
            pass
        self.js.clear()
        self.assertTrue(s.recv(100).startswith(b"HTTP/1.1 200"))
        s.close()

    def test_event_streams(self):
        self.js.fault("garbage", on="events", then="end")
        self.assertIn(b"StateChange", self.c.http("GET", "/jmap/events?types=*")[1])
        self.js.fault("endless_line", on="events", mib=1, seconds=0)
        self.assertGreater(len(self.c.http("GET", "/jmap/events?types=*")[1]), 1 << 20)


if __name__ == "__main__":
    unittest.main()
