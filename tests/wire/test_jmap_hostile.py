"""A JMAP server that lies, breaks and stalls (section K of the attack list): clients get NO, never wrong bytes, never an empty
account, and are served again once the server is well.

Each test makes the server misbehave, lets a client ask, and then asks again with the faults gone.
"""
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import make_certificate, until  # noqa: E402
from jmap_case import PASSWORD, Gone, JmapCase  # noqa: E402
from jmap_server import JmapServer  # noqa: E402

MAIL = b"Subject: %s\r\nMessage-ID: <%s@x>\r\n\r\nHello %s\r\n"
MEMORY_MIB = 150
FOLDERS = {"INBOX", "Drafts", "Sent", "Trash", "Junk", "Archive"}
# What a field may be instead of what it should be.
WRONG = [None, 5, -1, 1 << 60, 1.5, True, "", "x y", "a\r\nb", "\x00", "\u202e", [], [None], [[]], {}, {"": {}}, "i" * 70000]
ODD_IDS = ["a\r\n* BYE x", 'a"b', "a/../b", "", " ", "i" * 65536, "\u00e4", "a\x00b", "%s%n", "'; DROP TABLE place; --"]


def mail(word):
    return MAIL % ((word.encode(),) * 3)


class Hostile(JmapCase):
    GATEWAY = {"backend_timeout": 2, "jmap_poll_interval": 1}

    def setUp(self):
        super().setUp()
        self.ids = [self.deliver("inbox", mail("m%d" % i), received=1_700_000_000 + i) for i in range(3)]
        self.want = {i + 1: mail("m%d" % i) for i in range(3)}

    def memory_mib(self):
        """Resident memory of the gateway's processes."""
        total = 0
        for pid in [self.gw.pid] + self.children():
            try:
                status = Path("/proc/%d/status" % pid).read_text()
                total += int(status.split("RssAnon:")[1].split()[0]) if "RssAnon:" in status else 0
            except OSError:
                pass
        return total // 1024

    def children(self):
        out = []
        for task in Path("/proc/%d/task" % self.gw.pid).glob("*/children"):
            try:
                out += map(int, task.read_text().split())
            except OSError:  # a thread that has ended
                pass
        return out

    def well(self):
        """With the faults gone, a client sees all there is."""
        self.js.clear()
        bodies = []

        def whole():
            try:
                bodies[:] = [self.client(select="INBOX").bodies()]
            except AssertionError:
                return False  # the server is not trusted again yet
            return bodies[0] == self.want
        self.assertTrue(until(whole), bodies)
        self.assertLessEqual(FOLDERS, set(self.client().list()))

    def refused_or_right(self, c, command):
        """A command while the server lies: its answer, which is no BAD; what is told is not wrong."""
        answer = c.do(command)
        self.assertRegex(answer, r"^(OK|NO)", command)
        return answer

    # ---- K01 ----
    def test_K01_bodies_that_are_no_answer(self):
        before = self.memory_mib()
        for what, n in [("deep", 1_000_000), ("deep_objects", 300_000), ("deep_closed", 1_000_000), ("html", 1), ("nothing", 1),
                        ("bom", 1), ("null", 1), ("list", 1), ("object", 1), ("utf8", 1), ("nul", 1), ("half", 1),
                        ("digits", 2_000_000), ("spaces", 2_000_000), ("huge_string", 300_000_000)]:
            with self.subTest(what=what):
                self.js.fault("body", on="api", user=self.user, what=what, n=n, times=0)
                c = self.client(login=False)
                answer = c.do("LOGIN %s %s" % (self.user, PASSWORD))
                if answer.startswith("OK"):
                    answer = c.do("SELECT INBOX")
                self.assertRegex(answer, r"^NO \[(SERVERBUG|UNAVAILABLE|LIMIT|CORRUPTION|INUSE)\]")
                self.js.clear()
        self.assertLess(self.memory_mib() - before, MEMORY_MIB * self.gw.memory_factor)
        self.well()

    def test_K01_a_session_that_is_none(self):
        for what in ("deep", "html", "nothing", "null", "list", "object", "huge_string"):
            with self.subTest(what=what):
                self.js.fault("body", on="session", what=what, n=10_000_000, times=0)
                answer = self.client(login=False).do("LOGIN %s %s" % (self.user, PASSWORD))
                self.assertRegex(answer, r"^NO \[(SERVERBUG|UNAVAILABLE|LIMIT|CORRUPTION)\]")
                self.js.clear()
        self.well()

    def test_K01_session_fields_of_wrong_types(self):
        for path in ("capabilities", "accounts", "accounts/" + self.account, "apiUrl", "uploadUrl", "downloadUrl",
                     "eventSourceUrl", "primaryAccounts", "username", "state", "capabilities/urn:ietf:params:jmap:core/maxObjectsInGet"):
            for value in WRONG:
                self.js.fault("json", on="session", path=path, value=value)
                answer = self.client(login=False).do("LOGIN %s %s" % (self.user, PASSWORD))
                self.assertRegex(answer, r"^(OK|NO)", (path, value))
                self.js.clear()
        self.well()

    def test_K01_words_that_are_no_json(self):
        for find, put in [('"size":\\d+', '"size":NaN'), ('"size":\\d+', '"size":1e999'), ('"size":', '"size":7,"size":'),
                          ('"name":"', '"name":"\\ud800'), ('"name":"', '"name":"\xff'), ('"id":"', '"id":"\\u0000'),
                          ('"totalEmails":\\d+', '"totalEmails":-9223372036854775809'), ("true", "TRUE"), ("\\]\\}$", "")]:
            with self.subTest(put=put):
                self.js.fault("sub", on="api", user=self.user, find=find, put=put, times=0)
                c = self.client(login=False)
                answer = c.do("LOGIN %s %s" % (self.user, PASSWORD))
                if answer.startswith("OK"):
                    answer = c.do("SELECT INBOX")
                self.assertRegex(answer, r"^(OK|NO)")
                self.js.clear()
        self.well()

    def changing(self, value, method, path):
        """Lie about one field while a client looks."""
        self.js.fault("edit", method=method, path=path, value=value, times=0)
        self.js.change(account=self.user, id=self.ids[0], keywords=["x%d" % self.turn])
        self.turn += 1

    def test_K01_fields_of_wrong_types(self):
        self.turn = 0
        c = self.client(select="INBOX")
        for method, paths in [
                ("Email/get", ("list", "list/*", "list/*/id", "list/*/blobId", "list/*/size", "list/*/receivedAt",
                               "list/*/mailboxIds", "list/*/keywords", "list/*/threadId", "notFound", "state", "accountId")),
                ("Email/changes", ("created", "updated", "destroyed", "hasMoreChanges", "newState", "oldState")),
                ("Mailbox/changes", ("created", "updated", "destroyed", "newState", "updatedProperties"))]:
            for path in paths:
                for value in WRONG:
                    if path == "list/*/mailboxIds" and value == {}:
                        continue  # it is in no mailbox: that is believed
                    self.changing(value, method, path)
                    answer = self.refused_or_right(c, "NOOP")
                    self.assertNotIn("BYE", answer)
                    self.js.clear()
        self.assertEqual(c.bodies(), self.want)
        self.well()

    def test_K01_mailboxes_of_wrong_types(self):
        for path in ("list", "list/*", "list/*/id", "list/*/name", "list/*/parentId", "list/*/role", "list/*/myRights",
                     "list/*/totalEmails", "list/*/sortOrder", "list/*/isSubscribed", "state"):
            for value in WRONG:
                self.js.fault("edit", method="Mailbox/get", path=path, value=value, times=0)
                self.js.change_mailbox(account=self.user, mailbox="Archive", sort=self.ids.index(self.ids[0]) + len(path))
                c = self.client(user="nobody-yet", login=False)
                if c.do("LOGIN %s %s" % (self.user, PASSWORD)).startswith("OK"):
                    answer = c.do('LIST "" "*"')
                    if answer.startswith("OK"):
                        self.assertTrue(any(b"INBOX" in r for r in c.untagged), (path, value, c.untagged))
                self.js.clear()
                c.close()
        self.well()

    # ---- K02 ----
    def test_K02_xml_is_not_read(self):
        bomb = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd"><!ENTITY c "&b;&b;">]><a>&c;</a>'
        self.js.fault("body", on="api", user=self.user, text=bomb, type="application/xml", times=0)
        c = self.client(login=False)
        self.assertRegex(c.do("LOGIN %s %s" % (self.user, PASSWORD)), "^NO")
        self.well()

    # ---- K03 ----
    def test_K03_redirects_lead_nowhere_else(self):
        with JmapServer() as other:
            for to in (other.url + "jmap/session", "file:///etc/passwd", "ftp://127.0.0.1/", "//127.0.0.1:%d/x" % other.port,
                       "gopher://127.0.0.1/", "/jmap/session\r\nX: y", "http://127.0.0.1:%d@127.0.0.1:%d/" % (self.js.port, other.port)):
                for on in ("session", "api", "download"):
                    self.js.fault("redirect", on=on, to=to.replace("\r\n", "%0d%0a"), times=0)
                    c = self.client(login=False)
                    answer = c.do("LOGIN %s %s" % (self.user, PASSWORD))
                    if answer.startswith("OK") and c.do("SELECT INBOX").startswith("OK"):
                        c.do("FETCH 1 BODY.PEEK[]")
                        self.assertNotIn(b"root:", b"".join(c.untagged))
                    self.js.clear()
            self.assertEqual(other.counters()["requests"], {})
        self.well()

    def test_K03_a_redirect_to_itself_ends(self):
        self.js.fault("redirect", on="session", to="/.well-known/jmap", times=0)
        self.assertRegex(self.client(login=False).do("LOGIN %s %s" % (self.user, PASSWORD)), "^NO")
        self.well()

    def test_K03_addresses_of_other_hosts_in_the_session(self):
        with JmapServer() as other:
            for path, url in [("apiUrl", other.url + "jmap/api"), ("downloadUrl", "file:///etc/passwd"),
                              ("uploadUrl", other.url + "jmap/upload/{accountId}/"), ("apiUrl", "http://"), ("apiUrl", "javascript:x")]:
                self.js.fault("json", on="session", path=path, value=url, times=0)
                c = self.client(login=False)
                if c.do("LOGIN %s %s" % (self.user, PASSWORD)).startswith("OK"):
                    c.do("SELECT INBOX")
                    c.do("FETCH 1 BODY.PEEK[]")
                    c.append("INBOX", mail("refused")) if path == "uploadUrl" else None
                self.js.clear()
            self.assertEqual(other.counters()["requests"], {})
        self.well()

    def test_K03_headers_chunks_and_lengths(self):
        for fault in ({"name": "huge_header", "size": 50_000_000}, {"name": "many_headers"}, {"name": "bad_chunk"},
                      {"name": "bad_chunk", "how": "huge"}, {"name": "bad_chunk", "how": "data"}, {"name": "bad_chunk", "how": "end"},
                      {"name": "wrong_length", "add": 10}, {"name": "wrong_length", "add": -10},
                      {"name": "cut", "at": 0.5}, {"name": "cut", "at": 0}, {"name": "lose"}, {"name": "lose", "reset": True}):
            with self.subTest(fault=fault):
                self.js.fault(on="api", user=self.user, times=0, **fault)
                c = self.client(login=False)
                answer = c.do("LOGIN %s %s" % (self.user, PASSWORD))
                if answer.startswith("OK"):
                    answer = c.do("SELECT INBOX")
                self.assertRegex(answer, r"^(OK|NO)")
                self.js.clear()
        self.well()

    def test_K03_slow_drips_and_stalls_end_and_hold_up_nobody_else(self):
        self.js.add_user("calm", PASSWORD) if "calm" not in self.js.dump() else None
        for fault in ({"name": "drip", "octets": 1, "seconds": 0.5}, {"name": "stall"}, {"name": "late_stall"}):
            self.js.fault(on="api", user=self.user, times=0, **fault)
            c = self.client(login=False)
            tag = c.send("LOGIN %s %s" % (self.user, PASSWORD))
            self.client("calm", select="INBOX").bodies()
            answer = c.wait(tag)
            if answer.startswith("OK"):
                answer = c.do("SELECT INBOX")
            self.assertRegex(answer, "^NO")
            self.js.clear()
        self.well()

    def test_K03_certificates_are_verified(self):
        folder = self.gw.folder
        good = make_certificate(folder, ("localhost",), "good")
        bad = make_certificate(folder, ("other.example",), "bad")
        for pair, ca, works in ((good, good[0], True), (bad, good[0], False), (good, bad[0], False)):
            with JmapServer(tls=[str(p) for p in pair]) as js:
                js.add_user("anna", PASSWORD)
                gw = self.gateway(js, backend_ca_file=str(ca)).start()
                try:
                    c = self.client(login=False, gw=gw)
                    answer = c.do("LOGIN anna " + PASSWORD)
                    self.assertEqual(answer.startswith("OK"), works, answer)
                    if not works:
                        self.assertIn("[UNAVAILABLE]", answer)
                        self.assertEqual(js.counters()["requests"], {})
                finally:
                    gw.stop()
                    gw.remove()

    # ---- K04 ----
    def test_K04_ids_and_names_are_data(self):
        self.turn = 0
        c = self.client(select="INBOX")
        for odd in ODD_IDS:
            for method, path in [("Email/get", "list/*/id"), ("Email/get", "list/*/blobId"), ("Email/get", "list/*/threadId"),
                                 ("Email/changes", "updated"), ("Email/changes", "newState")]:
                self.changing([odd] if path == "updated" else odd, method, path)
                self.refused_or_right(c, "NOOP")
                self.js.clear()
            for path in ("list/*/id", "list/*/name", "list/*/parentId"):
                self.js.fault("edit", method="Mailbox/get", path=path, value=odd, times=0)
                self.js.change_mailbox(account=self.user, mailbox="Archive", sort=100 + self.turn)
                self.turn += 1
                self.refused_or_right(c, 'LIST "" "*"')
                for r in c.untagged:  # in a name it may stand, encoded
                    self.assertFalse(r.startswith(b"BYE"), r)
                self.js.clear()
        self.assertEqual(c.bodies(), self.want)
        self.well()

    def test_K04_keywords_that_cannot_be_flags(self):
        for word in ODD_IDS + ["\\Deleted", "(", "a]b", "$seen ", "{5}"]:
            self.js.fault("edit", method="Email/get", path="list/*/keywords", value={word: True}, times=0)
            self.js.change(account=self.user, id=self.ids[0], keywords=["k%d" % len(word)])
            c = self.client()
            if c.do("SELECT INBOX").startswith("OK") and c.do("UID FETCH 1:* (FLAGS)").startswith("OK"):
                for r in c.untagged:
                    self.assertNotRegex(r, rb"BYE|\\Deleted|\]|\{5\}")
            self.js.clear()
        self.well()

    # ---- K05 ----
    def test_K05_a_server_restored_from_its_backup(self):
        c = self.client(select="INBOX")
        mark = self.js.mark()
        self.deliver("inbox", mail("later"), received=1_700_000_100)
        self.soon(lambda: c.ok("NOOP") and c.bodies().get(4), mail("later"))
        for future in ("error", "empty"):
            self.js.options(future_state=future)
            self.js.rollback(mark=mark)
            self.soon(lambda: self.client(select="INBOX").bodies(), self.want)
            # ids are given again, to other messages
            self.deliver("inbox", mail("other " + future), received=1_700_000_200)
            self.deliver("inbox", mail("second " + future), received=1_700_000_300)

            def seen():
                # never one message's octets under another's number: what was there before the roll-back goes
                return sorted(self.client(select="INBOX").bodies().values())
            self.soon(seen, sorted(list(self.want.values()) + [mail(w + future) for w in ("other ", "second ")]))
            self.js.rollback(mark=mark)
            self.soon(lambda: self.client(select="INBOX").bodies(), self.want)
        self.js.options(future_state="error")

    def test_K05_states_go_backwards(self):
        c = self.client(select="INBOX")
        for method in ("Email/changes", "Email/get", "Email/set", "Mailbox/get"):
            self.js.fault("state_back", method=method, times=3)
            self.js.change(account=self.user, id=self.ids[1], keywords=["b" + method[:5].lower().replace("/", "")])
            self.refused_or_right(c, "NOOP")
            self.refused_or_right(c, "UID STORE 1 +FLAGS (w%d)" % len(method))
            self.js.clear()
        self.assertEqual(c.bodies(), self.want)
        self.well()

    def test_K05_changes_without_end(self):
        c = self.client(select="INBOX")
        self.js.fault("endless_changes", method="Email/changes", times=0)
        self.js.change(account=self.user, id=self.ids[1], keywords=["y"])
        self.refused_or_right(c, "NOOP")
        self.assertLess(self.js.counters()["calls"]["Email/changes"], 1000)
        self.well()

    def test_K05_messages_that_vanish_between_list_and_get(self):
        self.js.fault("vanish", method="Email/get", n=1)
        c = self.client()
        answer = c.do("SELECT INBOX")
        self.assertRegex(answer, "^(OK|NO)")
        left = {mail("m%d" % i) for i, id in enumerate(self.ids) if id in self.emails()}
        self.assertTrue(until(lambda: set(self.client(select="INBOX").bodies().values()) == left))

    def test_K05_octets_that_are_not_the_message(self):
        """The size that was told is what tells."""
        n = 0
        for fault in ({"name": "short"}, {"name": "short", "by": 10}, {"name": "long"}, {"name": "long", "by": 100_000},
                      {"name": "cut", "at": 0.5}, {"name": "status", "status": 404}, {"name": "status", "status": 500},
                      {"name": "wrong_length", "add": 5}):
            with self.subTest(fault=fault):
                self.js.fault(on="download", times=0, **fault)
                n += 1
                id = self.deliver("Junk", mail("junk%d" % n))
                c = self.client()
                self.soon(lambda: c.do("SELECT Junk")[:2] == "OK" and max(c.flags(), default=0), n)
                uid = n
                try:
                    answer = c.do("UID FETCH %d (BODY.PEEK[])" % uid)
                    for r in c.untagged:
                        self.assertNotIn(b"Hello", r)
                    self.assertRegex(answer, "^(OK|NO)")
                except Gone:
                    pass
                self.js.clear()
                good = self.js.blob(self.user, self.emails()[id]["blob"])
                self.assertTrue(until(lambda: self.client(select="Junk").bodies(str(uid)) == {uid: good}))
        self.well()

    def test_K05_sizes_that_change(self):
        self.js.fault("edit", method="Email/get", path="list/*/size", add=7, times=0)
        c = self.client()
        c.do("SELECT INBOX")
        try:
            c.do("FETCH 1:* (BODY.PEEK[])")
            self.assertNotIn(b"Hello", b"".join(c.untagged))
        except Gone:
            pass
        self.js.clear()
        self.assertLessEqual(FOLDERS, set(self.client().list()))

    # ---- K06 ----
    def test_K06_answers_of_another_account(self):
        with_secret = self.js.add_user("secret%s" % self.user, PASSWORD)
        self.js.deliver("secret%s" % self.user, "inbox", mail("secret"))
        c = self.client(select="INBOX")
        for method in ("Email/get", "Email/changes", "Mailbox/changes", "Email/set", "Email/import"):
            self.js.fault("wrong_account", method=method, value=with_secret, times=0)
            self.js.change(account=self.user, id=self.ids[1], keywords=["z" + method[-3:]])
            answer = c.do("UID STORE 1 +FLAGS (q)") if method == "Email/set" else \
                c.append("INBOX", mail("m0")) if method == "Email/import" else c.do("NOOP")
            self.assertRegex(answer, "^(NO|OK)")
            self.js.clear()
        self.js.fault("wrong_account", method="Mailbox/get", value=with_secret, times=0)
        fresh = self.client(login=False)
        self.js.change_mailbox(account=self.user, mailbox="Archive", sort=77)
        if fresh.do("LOGIN %s %s" % (self.user, PASSWORD)).startswith("OK"):
            self.assertRegex(fresh.do('LIST "" "*"'), "^(NO|OK)")
        self.js.clear()
        self.assertEqual([b for b in self.client(select="INBOX").bodies().values() if b"secret" in b], [])

    # ---- K07, K08 ----
    def test_K07_a_mirror_that_is_broken(self):
        js = JmapServer().start()
        js.add_user("anna", PASSWORD)
        js.deliver("anna", "inbox", mail("one"))
        gw = self.gateway(js).start()
        try:
            self.assertEqual(self.client("anna", select="INBOX", gw=gw).bodies(), {1: mail("one")})
            for harm in (lambda p: p.write_bytes(b"no database" * 1000), lambda p: p.write_bytes(b""),
                         lambda p: p.write_bytes(p.read_bytes()[:5000]), lambda p: p.unlink()):
                gw.stop()
                for path in (gw.folder / "mirror").glob("**/mail.db"):
                    for side in ("-wal", "-shm"):
                        path.with_name(path.name + side).unlink(missing_ok=True)
                    harm(path)
                gw.start()
                c = self.client(login=False, gw=gw)
                answer = c.do("LOGIN anna " + PASSWORD)
                if answer.startswith("OK") and c.do("SELECT INBOX").startswith("OK"):
                    self.assertEqual(list(c.bodies().values()), [mail("one")])
                self.assertIsNone(gw.process.poll())
        finally:
            gw.stop()
            js.stop()
            js.remove()
            gw.remove()

    # ---- K09 ----
    def test_K09_no_mailboxes_at_all_is_an_outage(self):
        c = self.client(select="INBOX")
        before = c.list()
        for fault in ({"name": "edit", "path": "list", "value": []}, {"name": "error", "type": "serverFail"},
                      {"name": "error", "type": "accountNotFound"}, {"name": "error", "type": "forbidden"},
                      {"name": "edit", "path": "list/0", "delete": True}):
            self.js.fault(method="Mailbox/get", times=0, **fault)
            self.js.change_mailbox(account=self.user, mailbox="Archive", sort=60 + len(str(fault)))
            self.js.forget(account=self.user, kind="Mailbox")
            for name in ("old", "new"):
                who = c if name == "old" else self.client(login=False)
                if name == "new" and not who.do("LOGIN %s %s" % (self.user, PASSWORD)).startswith("OK"):
                    continue
                answer = who.do('LIST "" "*"')
                if answer.startswith("OK"):
                    self.assertEqual(len(who.untagged), len(before), (fault, who.untagged))
            self.js.clear()
        self.assertEqual(self.client().list(), before)
        self.assertEqual(c.bodies(), self.want)
        self.well()

    # ---- statuses ----
    def test_statuses_of_a_server_in_trouble(self):
        c = self.client(select="INBOX")
        for status, more in [(500, {}), (502, {}), (503, {"retry_after": 1}), (503, {}), (429, {"retry_after": 1}), (429, {}), (403, {}),
                             (404, {}), (418, {}), (200, {"body": "fine"})]:
            with self.subTest(status=status, more=more):
                self.js.fault("status", on="api", user=self.user, status=status, times=0, **more)
                answer = c.do("UID STORE 1 +FLAGS (s%d)" % status)
                self.assertRegex(answer, r"^NO \[")
                self.assertNotIn("AUTHENTICATIONFAILED", answer)
                self.js.clear()
                self.assertTrue(until(lambda: self.lets_store("UID STORE 1 -FLAGS (s%d)" % status)))
        self.well()

    def lets_store(self, command):
        """Does a new session get in, and does it again what it did before the trouble?"""
        try:
            return self.client(select="INBOX").do(command).startswith("OK")
        except AssertionError:  # no login yet
            return False

    def test_a_password_that_stops_being_right(self):
        c = self.client(select="INBOX")
        self.js.user(name=self.user, password="other")
        try:
            answer = c.do("UID STORE 1 +FLAGS (x)")
            self.assertRegex(answer, "^NO")
        except Gone:
            pass
        self.assertIn("[AUTHENTICATIONFAILED]", self.client(login=False).do("LOGIN %s wrong" % self.user))
        self.js.user(name=self.user, password=PASSWORD)
        self.well()

    def test_limits_that_are_smaller_than_the_session_says(self):
        self.js.fault("error", method="Email/get", type="requestTooLarge", times=2)
        self.js.fault("error", method="Email/set", type="requestTooLarge", times=1)
        c = self.client(select="INBOX")
        self.refused_or_right(c, "UID STORE 1:3 +FLAGS (many)")
        self.well()

    # ---- writes whose answer is lost ----
    def lost(self, method, command, literal=None, select="INBOX", **fault):
        c = self.client(select=select)
        self.js.fault(fault.pop("name", "lose"), **dict({"method": method} if method else {}, **fault))
        answer = c.do(command, literal)
        self.assertEqual(sum(self.js.clear().values()), 1, "the fault was not met")
        return answer

    def test_a_lost_answer_neither_loses_nor_doubles(self):
        for name in ("lose", "close", "late_status"):
            with self.subTest(name=name):
                word = "lost " + name
                answer = self.lost("Email/import", "APPEND Archive", mail(word), name=name)
                there = [e["mailboxes"] for e in self.emails().values()].count(["Archive"])
                self.assertEqual(there, 1 if answer.startswith("OK") else 0, answer)
                c = self.client(select="Archive")
                if not there:  # it never came to the server, and the client was told so
                    self.assertIn("[UNAVAILABLE]", answer)
                    c.append("Archive", mail(word))
                    c.ok("NOOP")
                self.assertEqual(list(c.bodies().values()), [mail(word)])
                self.lost(None, "APPEND Archive", mail("up " + word), name=name, on="upload")
                self.assertEqual(len(self.client(select="Archive").bodies()), 2)
                self.assertTrue(self.lost("Email/set", "UID STORE 1 +FLAGS (k%s)" % name, name=name).startswith("OK"))
                self.assertIn("k" + name.lower(), self.emails()[self.ids[0]]["keywords"])
                self.assertTrue(self.lost("Email/set", "UID COPY 2 Sent", name=name).startswith("OK"))
                self.assertEqual(len(self.client(select="Sent").bodies()), 1)
                self.assertTrue(self.lost("Email/set", "UID MOVE 1:* Trash", select="Sent", name=name).startswith("OK"))
                c = self.client(select="Trash")
                self.assertEqual(list(c.bodies().values()), [self.want[2]])
                self.assertEqual(self.client(select="Sent").bodies(), {})
                c.ok("UID STORE 1:* +FLAGS.SILENT (\\Deleted)")
                self.assertTrue(self.lost("Email/set", "EXPUNGE", select="Trash", name=name).startswith("OK"))
                self.assertEqual(self.emails()[self.ids[1]]["mailboxes"], ["Inbox"])
                c = self.client(select="Archive")
                c.ok("UID STORE 1:* +FLAGS.SILENT (\\Deleted)")
                c.ok("EXPUNGE")
        self.well()

    def test_a_lost_answer_about_folders(self):
        for name in ("lose", "close", "late_status"):
            with self.subTest(name=name):
                for command, has, has_not in [("CREATE a/b", "a/b", None), ("RENAME a/b c", "c", "a/b"), ("DELETE c", "a", "c"),
                                              ("DELETE a", None, "a")]:
                    answer = self.lost("Mailbox/set", command, name=name)
                    if not answer.startswith("OK"):
                        again = self.client().do(command)
                        self.assertRegex(again, r"^(OK|NO \[(ALREADYEXISTS|NONEXISTENT)\])", (command, answer))
                    boxes = self.dump()["mailboxes"]
                    self.assertTrue((has is None or has in boxes) and has_not not in boxes, (command, answer, list(boxes)))
        self.well()

    # ---- event streams ----
    def hears(self):
        c = self.client(select="Drafts")
        tag = c.idle()
        self.deliver("Drafts", mail("event"))
        c.until(rb"EXISTS")
        c.done(tag)

    def test_event_streams_of_nonsense(self):
        before = self.memory_mib()
        for fault in ({"name": "garbage"}, {"name": "garbage", "then": "end"}, {"name": "silence"}, {"name": "endless_line"},
                      {"name": "endless_data"}, {"name": "flood", "account": self.account}, {"name": "status", "status": 204},
                      {"name": "status", "status": 500}, {"name": "status", "status": 200}, {"name": "close"}):
            with self.subTest(fault=fault):
                self.js.fault(on="events", user=self.user, times=0, **fault)
                c = self.client(select="INBOX")
                c.do("NOOP")
                self.js.clear()
                self.js.drop()
                c.close()
        self.assertLess(self.memory_mib() - before, MEMORY_MIB * self.gw.memory_factor)
        self.hears()
        self.well()


if __name__ == "__main__":
    unittest.main()
