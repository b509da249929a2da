"""IMAP and POP3 with a JMAP server as the store: what clients do arrives there, what others do there arrives here."""
import base64
import poplib
import re
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import until  # noqa: E402
from jmap_case import PASSWORD, Imap, JmapCase, expand  # noqa: E402
from jmap_server import JmapServer  # noqa: E402

HEAD = b"From: Ann <ann@example.org>\r\nTo: ben@example.net\r\nSubject: %s\r\nMessage-ID: <%s@test>\r\n\r\n"
AWKWARD = [
    b"Subject: no final newline\r\n\r\nend",
    b"Subject: \xe4\xf6\xfc eight bits\r\n\r\n\xff\xfe\x80\r\n",
    b"Subject: only a header\r\nX: y\r\n",
    b"\r\nonly a body\r\n",
    b"no header at all\r\n\r\nand a body\r\n",
    b"Subject: long line\r\n\r\n" + b"x" * 100000 + b"\r\n",
    b"Subject: folded\r\n\tand folded\r\n again\r\nEmpty:\r\n\r\n.\r\n..\r\n)\r\n* OK\r\n{5}\r\nabcde",
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\none\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
    b"Subject: in\r\n\r\ninner\r\n--b--",
    b"Subject: \xe2\x80\xa8 and =?utf-8?q?caf=C3=A9?=\r\n\r\n" + "naïve café ".encode() * 500 + b"\r\n",
]


def mail(subject, body=b"Hello\r\n"):
    subject = subject.encode() if isinstance(subject, str) else subject
    return HEAD % (subject, subject.replace(b" ", b".")) + body


class Basics(JmapCase):
    def test_signing_on_has_three_different_failures(self):
        c = self.client(login=False)
        self.assertIn("[AUTHENTICATIONFAILED]", c.do("LOGIN %s wrong" % self.user))
        self.assertIn("[AUTHENTICATIONFAILED]", c.do("LOGIN nobody-at-all %s" % PASSWORD))
        self.js.user(name=self.user, locked=True)
        locked = c.do("LOGIN %s %s" % (self.user, PASSWORD))
        self.assertTrue(locked.startswith("NO"), locked)
        self.assertNotIn("AUTHENTICATIONFAILED", locked)
        self.assertNotIn("UNAVAILABLE", locked)
        self.js.user(name=self.user, locked=False)
        self.js.fault("close", times=0)
        self.assertIn("[UNAVAILABLE]", c.do("LOGIN %s %s" % (self.user, PASSWORD)))

    def test_mailboxes_are_listed_with_their_roles(self):
        self.js.create_mailbox(account=self.user, path="Projects")
        self.js.create_mailbox(account=self.user, path="Projects/2026")
        self.js.create_mailbox(account=self.user, path="Inbox/Lists")
        c = self.client()
        boxes = c.list()
        for name, attribute in [("Drafts", "\\Drafts"), ("Sent", "\\Sent"), ("Trash", "\\Trash"), ("Junk", "\\Junk"),
                                ("Archive", "\\Archive")]:
            self.assertIn(attribute, boxes[name])
        self.assertEqual(set(boxes), {"INBOX", "INBOX/Lists", "Drafts", "Sent", "Trash", "Junk", "Archive", "Projects",
                                      "Projects/2026"})
        self.assertIn("\\HasChildren", boxes["Projects"])
        self.assertEqual(set(c.list('"" "%"')), set(boxes) - {"Projects/2026", "INBOX/Lists"})

    def test_names_with_a_slash_come_back_as_they_were(self):
        name = "AC/DC"
        id = self.js.create_mailbox(account=self.user, path="x")
        self.js.change_mailbox(account=self.user, mailbox=id, name=name)
        c = self.client()
        shown = [n for n in c.list() if "DC" in n]
        self.assertEqual(shown, ["AC%2FDC"])
        c.ok('SELECT "AC%2FDC"')
        c.ok('RENAME "AC%2FDC" "B%2FC"')
        self.assertIn("B/C", self.dump()["mailboxes"])

    def test_every_octet_of_every_message(self):
        want = {}
        for i, data in enumerate(AWKWARD):
            want[i + 1] = data
            self.deliver("inbox", data, received=1_700_000_000 + i)
        c = self.client(select="INBOX")
        self.assertEqual(c.bodies(), want)
        for uid, r in c.fetch("RFC822.SIZE").items():
            self.assertIn(b"RFC822.SIZE %d" % len(want[uid]), r)
        again = self.client(select="INBOX")
        self.assertEqual(again.bodies(), want)

    def test_flags_and_keywords_as_clients_spell_them(self):
        id = self.deliver("inbox", mail("one"), ["$seen", "mywork"])
        c = self.client(select="INBOX")
        self.assertEqual(c.flags(), {1: {"\\Seen", "mywork"}})
        c.ok("UID STORE 1 +FLAGS (\\Flagged CamelCase $Forwarded)")
        self.assertEqual(c.flags()[1], {"\\Seen", "\\Flagged", "mywork", "CamelCase", "$Forwarded"})
        self.assertEqual(self.emails()[id]["keywords"], ["$flagged", "$forwarded", "$seen", "camelcase", "mywork"])
        c.ok("UID STORE 1 -FLAGS.SILENT (\\Seen mywork)")
        c.ok("UID STORE 1 +FLAGS (\\Deleted)")
        self.assertEqual(self.emails()[id]["keywords"], ["$flagged", "$forwarded", "camelcase"])
        self.assertIn("\\Deleted", self.client(select="INBOX").flags()[1])
        c.ok("UID STORE 1 FLAGS (\\Answered)")
        self.assertEqual((c.flags()[1], self.emails()[id]["keywords"]), ({"\\Answered"}, ["$answered"]))

    def test_reading_a_body_sets_seen_there(self):
        id = self.deliver("inbox", mail("one"))
        c = self.client(select="INBOX")
        c.ok("FETCH 1 BODY[TEXT]")
        self.assertEqual(self.emails()[id]["keywords"], ["$seen"])

    def test_flags_set_by_others_are_heard_of(self):
        id = self.deliver("inbox", mail("one"))
        c = self.client(select="INBOX")
        self.js.change(account=self.user, id=id, keywords=["$flagged"])
        tag = c.idle()
        self.assertIn(b"\\Flagged", c.until(rb"FETCH \(.*Flagged"))
        self.js.destroy(account=self.user, id=id)
        c.until(rb"\* 1 EXPUNGE")
        c.done(tag)

    def test_idle_hears_of_new_mail(self):
        c = self.client(select="INBOX")
        tag = c.idle()
        self.deliver("inbox", mail("new"))
        c.until(rb"\* 1 EXISTS")
        self.assertTrue(c.done(tag).startswith("OK"))
        self.assertEqual(c.bodies(), {1: mail("new")})

    def test_copy_shares_the_message(self):
        id = self.deliver("inbox", mail("one"), ["$seen"])
        c = self.client(select="INBOX")
        c.ok("UID COPY 1 Archive")
        self.assertRegex(c.answer, r"\[COPYUID \d+ 1 1\]")
        self.assertEqual(self.emails()[id]["mailboxes"], ["Archive", "Inbox"])
        c.ok("UID STORE 1 +FLAGS (\\Flagged)")
        c.ok("SELECT Archive")
        self.assertEqual(c.flags(), {1: {"\\Seen", "\\Flagged"}})
        self.assertEqual(c.bodies(), {1: mail("one")})

    def test_copies_that_the_server_does_not_have(self):
        """COPY to the same mailbox, and to one where the message is: another UID for the one message."""
        self.deliver("inbox", mail("one"))
        c = self.client(select="INBOX")
        c.ok("UID COPY 1 INBOX")
        self.assertRegex(c.answer, r"\[COPYUID \d+ 1 2\]")
        c.ok("UID COPY 1 Archive")
        c.ok("UID COPY 1 Archive")
        self.assertRegex(c.answer, r"\[COPYUID \d+ 1 2\]")
        c.ok("NOOP")
        self.assertEqual(c.bodies(), {1: mail("one"), 2: mail("one")})
        c.ok("UID STORE 1 +FLAGS (\\Deleted)")
        c.ok("EXPUNGE")
        self.assertEqual(c.bodies(), {2: mail("one")})
        c.ok("SELECT Archive")
        self.assertEqual(sorted(c.bodies()), [1, 2])
        self.assertEqual(len(self.emails()), 1)

    def test_move(self):
        ids = [self.deliver("inbox", mail("m%d" % i), received=1_700_000_000 + i) for i in range(3)]
        c = self.client(select="INBOX")
        c.ok("UID MOVE 1:2 Archive")
        self.assertTrue(any(b"COPYUID" in r for r in c.untagged) or "COPYUID" in c.answer)
        self.assertEqual([self.emails()[i]["mailboxes"] for i in ids], [["Archive"], ["Archive"], ["Inbox"]])
        self.assertEqual(sorted(c.bodies()), [3])
        c.ok("SELECT Archive")
        self.assertEqual(c.bodies(), {1: mail("m0"), 2: mail("m1")})
        c.ok("UID COPY 1 INBOX")
        c.ok("UID MOVE 1 INBOX")
        self.assertEqual(self.emails()[ids[0]]["mailboxes"], ["Inbox"])
        c.ok("SELECT INBOX")
        self.assertEqual(len(c.bodies()), 3)

    def test_append(self):
        c = self.client(select="INBOX")
        answer = c.append("INBOX", mail("one"), "\\Seen Odd", " 5-Jan-2024 10:00:00 +0200")
        self.assertRegex(answer, r"OK \[APPENDUID \d+ 1\]")
        e = list(self.emails().values())
        self.assertEqual([(x["keywords"], x["received"], x["mailboxes"]) for x in e],
                         [(["$seen", "odd"], "2024-01-05T08:00:00Z", ["Inbox"])])
        self.assertEqual((c.bodies(), c.flags()), ({1: mail("one")}, {1: {"\\Seen", "Odd"}}))
        self.assertIn(b" 5-Jan-2024 08:00:00 +0000", c.fetch("INTERNALDATE")[1])
        for i, data in enumerate(AWKWARD):
            self.assertRegex(c.append("Archive", data), r"OK \[APPENDUID \d+ %d\]" % (i + 1))
        c.ok("SELECT Archive")
        self.assertEqual(c.bodies(), {i + 1: d for i, d in enumerate(AWKWARD)})
        self.assertIn("[TRYCREATE]", c.append("Nowhere", mail("x")))

    def test_append_of_a_message_that_is_there(self):
        c = self.client(select="INBOX")
        for n in (1, 2):
            self.assertRegex(c.append("INBOX", mail("same")), r"OK \[APPENDUID \d+ %d\]" % n)
        self.assertRegex(c.append("Archive", mail("same"), "\\Flagged"), r"OK \[APPENDUID \d+ 1\]")
        self.assertEqual(c.bodies(), {1: mail("same"), 2: mail("same")})
        c.ok("UID STORE 2 +FLAGS (\\Deleted)")
        c.ok("UID EXPUNGE 2")
        self.assertEqual(c.bodies(), {1: mail("same")})
        c.ok("SELECT Archive")
        self.assertEqual((c.bodies(), c.flags()), ({1: mail("same")}, {1: {"\\Flagged"}}))

    def test_append_of_messages_that_are_elsewhere(self):
        """In a mailbox that nobody looked at yet; together with new ones, and the same one twice (RFC 3502: in this order)."""
        self.deliver("sent", mail("same"), ["$seen", "word"])
        c = self.client(select="INBOX")
        data = [mail("new"), mail("same"), mail("other"), mail("same")]
        literals = b"".join(b" (Odd) {%d+}\r\n%s" % (len(d), d) for d in data)
        self.assertRegex(c.do(b"APPEND INBOX" + literals), r"OK \[APPENDUID \d+ 1:4\]")
        self.assertEqual(c.bodies(), dict(enumerate(data, 1)))
        self.assertTrue(all("Odd" in f for f in c.flags().values()))
        c.ok("SELECT Sent")
        self.assertEqual(c.bodies(), {1: mail("same")})
        self.assertLessEqual({"\\Seen", "word"}, c.flags()[1])
        other = self.client()
        self.assertIn(b"STATUS INBOX (MESSAGES 4)", other.ok("STATUS INBOX (MESSAGES)"))
        self.assertIn(b"STATUS Sent (MESSAGES 1)", other.ok("STATUS Sent (MESSAGES)"))

    def test_append_of_a_message_that_is_there_while_others_deliver(self):
        c = self.client(select="INBOX")
        c.ok("SELECT Archive")
        self.assertRegex(c.append("INBOX", mail("same")), r"OK \[APPENDUID \d+ 1\]")
        self.js.fault("act", method="Email/import", times=1,
                      control={"do": "deliver", "account": self.user, "mailbox": "inbox",
                               "data": base64.b64encode(mail("between")).decode()})
        self.assertRegex(c.append("Archive", mail("same")), r"OK \[APPENDUID \d+ 1\]")
        self.assertEqual(c.bodies(), {1: mail("same")})
        self.assertIn(b"STATUS INBOX (MESSAGES 2)", c.ok("STATUS INBOX (MESSAGES)"))

    def test_expunge_in_one_of_two_mailboxes(self):
        id = self.deliver("inbox", mail("one"))
        c = self.client(select="INBOX")
        c.ok("UID COPY 1 Archive")
        c.ok("UID STORE 1 +FLAGS (\\Deleted)")
        c.ok("EXPUNGE")
        self.assertEqual((c.bodies(), self.emails()[id]["mailboxes"]), ({}, ["Archive"]))
        c.ok("SELECT Archive")
        self.assertEqual(c.flags(), {1: set()})
        c.ok("UID STORE 1 +FLAGS (\\Deleted)")
        c.ok("EXPUNGE")
        self.assertEqual(self.emails(), {})

    def test_folders_are_made_renamed_and_removed(self):
        c = self.client()
        c.ok("CREATE a/b/c")
        self.assertIn("a/b/c", self.dump()["mailboxes"])
        self.assertIn("[ALREADYEXISTS]", c.do("CREATE a/b"))
        c.append("a/b/c", mail("inside"))
        c.ok("SELECT a/b/c")
        validity = [r for r in c.untagged if b"UIDVALIDITY" in r]
        c.ok("RENAME a/b other")
        self.assertIn("other/c", self.dump()["mailboxes"])
        c.ok("SELECT other/c")
        self.assertEqual([r for r in c.untagged if b"UIDVALIDITY" in r], validity)
        self.assertEqual(c.bodies(), {1: mail("inside")})
        c.ok("UNSELECT")
        self.assertTrue(c.do("DELETE INBOX").startswith("NO"))
        c.ok("DELETE other/c")
        c.ok("DELETE other")
        self.assertEqual([m for m in self.dump()["mailboxes"] if m.startswith("other")], [])
        self.assertEqual(self.emails(), {})
        c.ok("CREATE Gesendet")
        c.ok("UNSUBSCRIBE Gesendet")
        self.assertEqual(self.dump()["mailboxes"]["Gesendet"]["subscribed"], [])
        c.ok("SUBSCRIBE Gesendet")
        self.assertEqual(self.dump()["mailboxes"]["Gesendet"]["subscribed"], [self.user])

    def test_special_uses_are_given_once(self):
        """RFC 6154 3: the mailbox is not made when it cannot have its use."""
        c = self.client()
        self.assertIn("[USEATTR]", c.do("CREATE other (USE (\\Sent))"))
        c.ok("CREATE deep/one (USE (\\Important))")
        self.assertEqual(self.dump()["mailboxes"]["deep/one"]["role"], "important")
        self.assertIn("[USEATTR]", c.do("CREATE two (USE (\\Important))"))
        self.assertEqual({n for n in self.dump()["mailboxes"] if n in ("other", "two")}, set())

    def test_rename_of_inbox_moves_its_messages(self):
        id = self.deliver("inbox", mail("one"))
        c = self.client()
        c.ok("RENAME INBOX Old")
        self.assertEqual(self.emails()[id]["mailboxes"], ["Old"])
        self.assertIn("INBOX", c.list())

    def test_folders_changed_by_others(self):
        c = self.client()
        c.list()
        id = self.js.create_mailbox(account=self.user, path="New")
        self.deliver("New", mail("one"))
        self.soon(lambda: "New" in c.list(), True)
        self.assertEqual(self.client(select="New").bodies(), {1: mail("one")})
        self.js.change_mailbox(account=self.user, mailbox=id, name="Newer")
        self.soon(lambda: [n for n in c.list() if "New" in n], ["Newer"])
        self.js.remove_mailbox(account=self.user, mailbox=id)
        self.soon(lambda: "Newer" in c.list(), False)

    def test_uids_stay_when_the_server_cannot_tell_changes(self):
        for i in range(5):
            self.deliver("inbox", mail("m%d" % i), received=1_700_000_000 + i)
        c = self.client(select="INBOX")
        before = c.bodies()
        gone = sorted(self.emails(), key=lambda k: self.emails()[k]["received"])[1]
        self.js.destroy(account=self.user, id=gone)
        self.deliver("inbox", mail("m9"), received=1)
        self.js.forget(account=self.user)
        self.js.forget(account=self.user, kind="Mailbox")
        self.soon(lambda: self.client(select="INBOX").bodies(), {**{u: before[u] for u in (1, 3, 4, 5)}, 6: mail("m9")})

    def test_search_is_exact(self):
        self.deliver("inbox", mail("Topic of the day", b"An unusual word: supercalifragilistic\r\n"), ["$seen"],
                     received=1_700_000_000)
        self.deliver("inbox", mail("other", "Grüße, naïve café\r\n".encode()), ["work"], received=1_700_000_001)
        c = self.client(select="INBOX")
        for keys, want in [("ALL", [1, 2]), ("SUBJECT opic", [1]), ("BODY califrag", [1]), ("SEEN", [1]), ("UNSEEN", [2]),
                           ("KEYWORD work", [2]), ("TEXT ben@example.net", [1, 2]), ("HEADER Message-ID other", [2]),
                           ("FROM ann NOT BODY word", [2]), ("LARGER 100000", []), ("BODY nothing", [])]:
            self.assertEqual(c.search(keys), want, keys)

    def test_status(self):
        for i in range(3):
            self.deliver("inbox", mail("s%d" % (9 - i)), ["$seen"] if i else [], received=1_700_000_000 + i)
        c = self.client()
        status = c.ok("STATUS INBOX (MESSAGES UNSEEN UIDNEXT)")[0]
        self.assertIn(b"MESSAGES 3", status)
        self.assertIn(b"UNSEEN 1", status)
        self.assertIn(b"UIDNEXT 4", status)

    def test_quota(self):
        if not self.js.settings["quota"]:
            self.skipTest("this server has none")
        self.js.quota(account=self.user, octets=100000)
        c = self.client()
        self.assertIn("[OVERQUOTA]", c.append("INBOX", mail("big", b"x" * 120000)))
        c.append("INBOX", mail("small", b"x" * 2048))
        self.assertTrue(any(b"STORAGE" in r for r in c.ok("GETQUOTAROOT INBOX")))

    def test_an_upload_that_finds_no_place_yet_is_sent_again(self):
        c = self.client(select="INBOX")
        self.js.fault("status", on="upload", status=404, times=2)
        self.assertTrue(c.append("INBOX", mail("one")).startswith("NO [UNAVAILABLE]"))
        self.js.fault("status", on="upload", status=404)
        self.assertIn("APPENDUID", c.append("INBOX", mail("two")))
        self.assertEqual(c.bodies(), {1: mail("two")})

    def test_rights(self):
        self.deliver("inbox", mail("one"))
        self.js.rights(account=self.user, missing=["mayAddItems"], mailbox="Junk")
        self.js.rights(account=self.user, missing=["maySetKeywords"], mailbox="Inbox")
        c = self.client(select="INBOX")
        self.assertIn("[NOPERM]", c.do("UID STORE 1 +FLAGS (\\Flagged)"))
        self.assertIn("[NOPERM]", c.append("Junk", mail("x")))
        self.assertIn("[NOPERM]", c.do("UID COPY 1 Junk"))
        self.assertEqual(c.ok("MYRIGHTS Junk"), [b"MYRIGHTS Junk lrswkxtecda"])  # RFC 8621 2, RFC 4314 3.5
        self.assertNotIn(b"w", c.ok("GETACL INBOX")[0].split()[-1])

    def test_pop3(self):
        want = []
        for i in range(3):
            want.append(mail("p%d" % i))
            self.deliver("inbox", want[-1], received=1_700_000_000 + i)
        p = poplib.POP3("127.0.0.1", self.gw.port["pop3"], timeout=30)
        p.user(self.user)
        p.pass_(PASSWORD)
        self.assertEqual(p.stat(), (3, sum(map(len, want))))
        self.assertEqual([b"\r\n".join(p.retr(i + 1)[1]) + b"\r\n" for i in range(3)], want)
        uidls = p.uidl()[1]
        p.dele(2)
        p.quit()
        self.assertEqual(len(self.emails()), 2)
        p = poplib.POP3("127.0.0.1", self.gw.port["pop3"], timeout=30)
        p.user(self.user)
        p.pass_(PASSWORD)
        self.assertEqual([u.split()[1] for u in p.uidl()[1]], [uidls[0].split()[1], uidls[2].split()[1]])
        p.quit()

    def pop3(self):
        p = poplib.POP3("127.0.0.1", self.gw.port["pop3"], timeout=60)
        p.user(self.user)
        p.pass_(PASSWORD)
        return p

    def test_pop3_when_the_server_fails(self):
        """RFC 1939 6(d), 6(b), RFC 3206 4(a): what is not removed is told, and stays, and the maildrop is free again"""
        for i in range(2):
            self.deliver("inbox", mail("p%d" % i))
        p = self.pop3()
        p.dele(1)
        p.dele(2)
        self.js.fault("error", method="Email/set", type="forbidden", times=0)
        with self.assertRaisesRegex(poplib.error_proto, r"-ERR \[SYS/TEMP\] 2 deleted messages were not removed"):
            p.quit()
        p.close()
        self.js.clear()
        self.assertEqual(len(self.emails()), 2)
        p = self.pop3()
        self.assertEqual(p.stat()[0], 2)
        self.js.fault("status", on="download", status=503, times=0)
        try:  # an answer that has begun cannot be taken back: then the connection ends without the last dot
            with self.assertRaisesRegex((poplib.error_proto, ConnectionError), r"-ERR (\[SYS/TEMP\]|EOF)|reset"):
                p.retr(1)
        finally:
            self.js.clear()
            p.close()
        self.assertTrue(until(lambda: self.retrieved(1) == mail("p0")))  # the server is left alone for a moment

    def retrieved(self, number):
        """None: the server is left alone yet."""
        try:
            p = self.pop3()
        except poplib.error_proto:
            return None
        try:
            return b"\r\n".join(p.retr(number)[1]) + b"\r\n"
        except poplib.error_proto:
            return None
        finally:
            p.quit()

    def test_uids_after_a_restart_of_the_gateway(self):
        for i in range(3):
            self.deliver("inbox", mail("r%d" % i))
        c = self.client(select="INBOX")
        before, validity = c.bodies(), [r for r in c.ok("STATUS INBOX (UIDVALIDITY)")]
        self.gw.stop()
        self.deliver("inbox", mail("late"))
        self.gw.start()
        c = self.client(select="INBOX")
        self.assertEqual(c.ok("STATUS INBOX (UIDVALIDITY)"), validity)
        self.assertEqual(c.bodies(), {**before, 4: mail("late")})

    def test_many_messages(self):
        self.js.bulk(account=self.user, mailbox="inbox", n=2500, seed=7)
        c = self.client(select="INBOX")
        self.assertEqual(len(c.flags()), 2500)
        self.assertEqual(sum("\\Seen" in f for f in c.flags().values()), 1666)
        c.ok("UID STORE 1:* +FLAGS.SILENT (\\Flagged)")
        self.assertTrue(all("$flagged" in e["keywords"] for e in self.emails().values()))
        c.ok("UID MOVE 1:2000 Archive")
        self.assertEqual(len(self.dump()["mailboxes"]["Archive"]["emails"]), 2000)


class SmallLimits(Basics):
    """The same on a server that takes few things at a time, pages its lists, and cannot push."""
    SERVER = {"maxObjectsInGet": 10, "maxObjectsInSet": 7, "maxCallsInRequest": 4, "query_limit": 9, "max_changes": 5,
              "push": False, "relative_urls": True, "gzip": False, "lost_blob": "blobNotFound"}
    GATEWAY = {"jmap_poll_interval": 1}

    def test_many_messages(self):
        self.js.bulk(account=self.user, mailbox="inbox", n=60, seed=7)
        c = self.client(select="INBOX")
        c.ok("UID STORE 1:* +FLAGS.SILENT (\\Flagged)")
        c.ok("UID MOVE 1:50 Archive")
        self.assertEqual(len(self.dump()["mailboxes"]["Archive"]["emails"]), 50)


class SplitStore(JmapCase):
    """RFC 7162 3.1.3: a conditional STORE that takes several Email/set."""
    SERVER = {"maxObjectsInSet": 5, "push": False}

    def test_what_it_changed_itself_is_not_called_modified(self):
        self.js.bulk(account=self.user, mailbox="inbox", n=20, seed=3)
        c = self.client(select="INBOX")
        uids = sorted(c.flags())
        c.ok("STATUS INBOX (HIGHESTMODSEQ)")
        high = int(re.search(rb"HIGHESTMODSEQ (\d+)", b"".join(c.untagged))[1])
        other = sorted(self.emails())[-1]
        self.js.fault("act", method="Email/set", skip=2,
                      control={"do": "change", "account": self.user, "id": other, "keywords": ["$answered"]})
        c.ok("UID STORE 1:* (UNCHANGEDSINCE %d) +FLAGS.SILENT (\\Flagged \\Deleted)" % high)
        m = re.search(r"MODIFIED ([\d:,]+)\]", c.answer)
        self.assertEqual(len(expand(m[1])) if m else 0, 1, c.answer)
        flags = c.flags()
        left = [u for u in uids if "\\Flagged" not in flags[u]]
        self.assertEqual(left, expand(m[1]))
        self.assertEqual([u for u in uids if "\\Deleted" not in flags[u]], left)


def encoded_size(n):
    """Octets of n in lines of base64, each with CRLF."""
    chars = (n + 2) // 3 * 4
    return chars + (chars + 75) // 76 * 2


class SmallUploads(JmapCase):
    """RFC 7889 2 and 4: what the server takes is the limit that clients are told."""
    SERVER = {"maxSizeUpload": 2000}

    def test_the_limit_of_the_server_is_told_and_kept(self):
        c = self.client(select="INBOX")
        c.ok("CAPABILITY")
        self.assertIn(b" APPENDLIMIT=2000", b"".join(c.untagged))
        c.ok("STATUS INBOX (APPENDLIMIT)")
        self.assertIn(b"(APPENDLIMIT 2000)", b"".join(c.untagged))
        text = b"Subject: x\r\n\r\n"
        self.assertTrue(c.append("INBOX", text + b"x" * (2000 - len(text))).startswith("OK"))
        self.assertTrue(c.append("INBOX", text + b"x" * (2001 - len(text))).startswith("NO [TOOBIG]"))
        self.assertTrue(c.do("APPEND INBOX CATENATE (URL /INBOX/;UID=1 URL /INBOX/;UID=1)").startswith("NO [TOOBIG]"))
        self.assertEqual(len(self.emails()), 1)

    def test_what_base64_makes_too_big_is_not_taken(self):
        """RFC 3516 4.4(c), RFC 7889 4: a literal8 with NUL is within the limit, and would not be in base64."""
        c = self.client(select="INBOX")
        head = b"Subject: x\r\nContent-Transfer-Encoding: binary\r\n\r\n"
        fits = head.replace(b"binary", b"base64")
        most = next(n for n in range(2000, 0, -1) if len(fits) + encoded_size(n) <= 2000)
        self.assertLess(len(head) + most + 1, 2000)
        for octets, answer in ((most + 1, "NO [TOOBIG]"), (1999 - len(head), "NO [TOOBIG]"), (most, "OK")):
            data = b"\0" * octets
            c.s.sendall(b"b1 APPEND INBOX ~{%d+}\r\n" % len(head + data) + head + data + b"\r\n")
            self.assertTrue(c.wait(b"b1").startswith(answer), (octets, c.untagged))
        c.ok("NOOP")
        self.assertEqual(len(self.emails()), 1)
        self.assertEqual(c.fetch("BINARY.SIZE[1]")[1].split(b"BINARY.SIZE[1] ")[1], b"%d)" % most)


class AsCyrus(Basics):
    """The same on a server with the habits of Cyrus 3.6."""
    GATEWAY = {"jmap_poll_interval": 1}

    @classmethod
    def setUpClass(cls):
        cls.js = JmapServer(cyrus=True, strict=False).start()
        cls.gw = cls.gateway(cls.js).start()

    def test_names_with_a_slash_come_back_as_they_were(self):
        self.skipTest("Cyrus has no such names")


class Large(JmapCase):
    def test_big_messages_through_a_small_process(self):
        c = self.client(select="INBOX")
        data = mail("big", (b"0123456789" * 7 + b"\r\n") * 300000)
        self.assertRegex(c.append("INBOX", data), "OK")
        other = Imap(self.gw.port["imap"], timeout=120)
        self.clients.append(other)
        other.ok("LOGIN %s %s" % (self.user, PASSWORD))
        other.ok("SELECT INBOX")
        self.assertTrue(other.bodies()[1] == data)


if __name__ == "__main__":
    unittest.main()
