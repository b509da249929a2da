"""What others do, and what goes wrong, between two looks at a JMAP server: no acknowledged change is lost or doubled.

The gateway hears of nothing by itself here: the server has no event source and is asked once an hour. What others do happens when
the gateway's request has come to the server, just ahead of it.
"""
import base64
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from jmap_case import JmapCase  # noqa: E402

QUIET = {"jmap_poll_interval": 3600, "jmap_poll_interval_quiet": 3600}


def mail(word):
    return b"Subject: %s\r\nMessage-ID: <%s@between>\r\n\r\n%s\r\n" % ((word.encode(),) * 3)


class Between(JmapCase):
    SERVER = {"push": False}
    GATEWAY = QUIET

    def places(self, id):
        """Names of the mailboxes in which the server has the message."""
        return self.emails().get(id, {}).get("mailboxes", [])

    def change(self, id, **what):
        self.js.change(account=self.user, id=id, **what)

    def ahead_of(self, method, do, **what):
        """Others do something just ahead of the next call of a method."""
        self.js.fault("act", method=method, control=dict(what, do=do, account=self.user))

    def delivered_ahead_of(self, method):
        self.ahead_of(method, "deliver", mailbox="Sent", data=base64.b64encode(mail("another")).decode())

    def met(self):
        self.assertEqual(sum(self.js.clear().values()), 1, "the server was not asked")

    def fails_after(self, method, name, **rule):
        """From the next call of a method on, looks at what has changed fail."""
        self.js.fault("act", method=method, control=dict(rule, do="fault", name=name, method="Email/changes"))

    # -- COPY, MOVE --

    def test_a_copy_to_where_another_client_has_just_taken_it_away_is_there(self):
        id = self.deliver("INBOX", mail("one"))
        self.change(id, mailboxes=["INBOX", "Archive"])
        c = self.client(select="Archive")
        c.ok("SELECT INBOX")
        self.ahead_of("Email/set", "change", id=id, mailboxes=["INBOX"])
        c.ok("UID COPY 1 Archive")
        self.met()
        self.assertEqual(self.places(id), ["Archive", "Inbox"])
        c.ok("SELECT Archive")
        self.assertIn(b"2 EXISTS", c.untagged)

    def test_a_move_to_where_another_client_has_just_taken_it_away_destroys_nothing(self):
        id = self.deliver("INBOX", mail("two"))
        self.change(id, mailboxes=["INBOX", "Archive"])
        c = self.client(select="Archive")
        c.ok("SELECT INBOX")
        self.ahead_of("Email/set", "change", id=id, mailboxes=["INBOX"])
        c.ok("UID MOVE 1 Archive")
        self.met()
        self.assertEqual(self.places(id), ["Archive"])
        self.assertEqual(c.search("ALL"), [])

    def test_a_copy_that_is_refused_takes_nothing_away_that_was_there_before(self):
        a, b = self.deliver("INBOX", mail("three")), self.deliver("INBOX", mail("four"))
        self.change(a, mailboxes=["INBOX", "Archive"])
        c = self.client(select="Archive")
        c.ok("SELECT INBOX")
        self.ahead_of("Email/set", "destroy", id=b)
        self.assertTrue(c.do("UID COPY 1:2 Archive").startswith("NO"))
        self.assertEqual(self.places(a), ["Archive", "Inbox"])
        c.ok("SELECT Archive")
        self.assertIn(b"1 EXISTS", c.untagged)

    def test_a_copy_that_cannot_be_taken_back_is_seen(self):
        a, b = self.deliver("INBOX", mail("five")), self.deliver("INBOX", mail("six"))
        c = self.client(select="Archive")
        c.ok("SELECT INBOX")
        self.ahead_of("Email/set", "destroy", id=b)
        self.js.rights(account=self.user, missing=["mayRemoveItems"], mailbox="Archive")
        self.assertTrue(c.do("UID COPY 1:2 Archive").startswith("NO"))
        self.assertEqual(self.places(a), ["Archive", "Inbox"])
        c.ok("SELECT Archive")
        self.assertIn(b"1 EXISTS", c.untagged)

    def test_a_change_that_was_made_is_acknowledged_though_the_look_after_it_fails(self):
        ids = [self.deliver("INBOX", mail("seven%d" % i)) for i in range(3)]
        c = self.client(select="Archive")
        c.ok("SELECT INBOX")
        self.delivered_ahead_of("Email/set")  # so that the state is another one: the gateway must look
        self.fails_after("Email/set", "error")
        c.ok("UID COPY 1:3 Archive")
        self.js.clear()
        self.assertEqual([self.places(i) for i in ids], [["Archive", "Inbox"]] * 3)
        c.ok("SELECT Archive")
        self.assertIn(b"3 EXISTS", c.untagged)

    # -- STORE --

    def test_a_flag_that_another_client_has_just_taken_away_is_set_again(self):
        id = self.deliver("INBOX", mail("flag"), ["$seen", "$answered"])
        c = self.client(select="INBOX")
        self.ahead_of("Email/changes", "change", id=id, keywords=["$flagged"])
        c.ok("UID STORE 1 +FLAGS (\\Seen)")
        self.met()
        self.assertEqual(self.emails()[id]["keywords"], ["$flagged", "$seen"])
        self.ahead_of("Email/changes", "change", id=id, keywords=["$answered"])
        c.ok("UID STORE 1 -FLAGS (\\Answered)")
        self.met()
        self.assertEqual(self.emails()[id]["keywords"], [])

    def test_a_keyword_for_which_one_folder_has_no_room_stays_in_the_others(self):
        words = ["w%02d" % i for i in range(60)]
        id = self.deliver("INBOX", mail("words"))
        for i in range(0, 60, 10):
            self.deliver("INBOX", mail("words%d" % i), words[i:i + 10])
        c = self.client(select="Archive")
        c.ok("SELECT INBOX")
        self.change(id, mailboxes=["INBOX", "Archive"], keywords=["last"])
        c.ok("NOOP")
        c.ok("UID STORE 1 +FLAGS (\\Seen)")
        c.ok("SELECT Archive")
        self.assertEqual(c.flags(), {1: {"\\Seen", "last"}})

    # -- APPEND --

    def test_an_append_that_was_made_is_acknowledged_though_the_look_after_it_fails(self):
        c = self.client(select="INBOX")
        self.delivered_ahead_of("Email/import")
        self.fails_after("Email/import", "error")
        self.assertTrue(c.append("INBOX", mail("eight")).startswith("OK"))
        self.js.clear()
        c.ok("NOOP")
        c.ok("SELECT INBOX")
        self.assertIn(b"1 EXISTS", c.untagged)
        self.assertEqual(len(self.emails()), 2)

    def test_uploads_that_were_forgotten_double_nothing(self):
        self.js.options(lost_blob="blobNotFound")
        c = self.client(select="INBOX")
        self.js.fault("sub", on="upload", skip=1, find='"blobId":"', put='"blobId":"G0')
        c.ok(b"APPEND INBOX {%d+}\r\n%s" % (len(mail("nine")), mail("nine")), mail("ten"))
        self.met()
        c.ok("SELECT INBOX")
        self.assertEqual(sorted(c.bodies().values()), sorted([mail("nine"), mail("ten")]))

    def test_an_answer_to_an_import_that_cannot_be_read_doubles_nothing(self):
        c = self.client(select="INBOX")
        self.js.fault("body", method="Email/import", what="half")
        self.assertTrue(c.append("INBOX", mail("eleven")).startswith("OK"))
        c.ok("SELECT INBOX")
        self.assertIn(b"1 EXISTS", c.untagged)
        self.assertEqual(len(self.emails()), 1)

    # -- REPLACE (RFC 8508) --

    def replace(self, c, word):
        return c.do(b"UID REPLACE 1 INBOX {%d+}\r\n%s" % (len(mail(word)), mail(word)))

    def test_what_cannot_be_replaced_leaves_one_message(self):
        old = self.deliver("INBOX", mail("old"))
        c = self.client(select="INBOX")
        self.js.fault("error", method="Email/set", type="forbidden")
        self.assertTrue(self.replace(c, "new").startswith("NO"))
        self.met()
        self.assertEqual(list(self.emails()), [old])
        self.assertEqual(c.bodies(), {1: mail("old")})

    def test_a_removal_of_which_nothing_is_known_loses_no_message(self):
        self.deliver("INBOX", mail("old"))
        c = self.client(select="INBOX")
        self.js.fault("lose", method="Email/set", times=0)
        self.replace(c, "new")
        self.js.clear()
        c.ok("NOOP")
        self.assertIn(mail("new"), self.client(select="INBOX").bodies().values())

    # -- refusals --

    def test_the_reason_of_a_refusal_is_told(self):
        id = self.deliver("INBOX", mail("twelve"))
        c = self.client(select="INBOX")
        self.js.fault("edit", method="Email/set", path="/updated", delete=True)
        self.js.fault("edit", method="Email/set", path="/notUpdated",
                      value={id: {"type": "tooManyKeywords", "description": "there are " + "x" * 150}})
        self.assertTrue(c.do("UID STORE 1 +FLAGS (\\Seen)").startswith("NO"))

    # -- lists --

    def test_a_list_without_end_is_not_believed(self):
        for i in range(3):
            self.deliver("INBOX", mail("more%d" % i))
        c = self.client()
        self.js.fault("edit", method="Email/query", path="/limit", value=3, times=0)
        ids = sorted(self.emails())
        self.js.fault("edit", method="Email/query", path="/ids", value=ids, times=0)
        self.assertTrue(c.do("SELECT INBOX").startswith("NO"))
        self.js.clear()
        c.ok("SELECT INBOX")
        self.assertIn(b"3 EXISTS", c.untagged)


class LastOutDestroys(Between):
    """A message that is taken out of its last mailbox is destroyed, as with Cyrus."""
    SERVER = {"push": False, "last_out_destroys": True}


class Folding(Between):
    """Equal messages are one to the server, as with Cyrus."""
    SERVER = {"push": False, "fold": True}

    def test_an_append_of_a_known_message_while_others_change_something(self):
        self.deliver("Archive", mail("known"))
        c = self.client(select="Archive")
        c.ok("SELECT INBOX")
        self.delivered_ahead_of("Email/set")
        self.assertRegex(c.append("INBOX", mail("known"), "\\Flagged"), r"^OK \[APPENDUID \d+ 1\]")
        c.ok("NOOP")
        self.assertEqual(c.flags(), {1: {"\\Flagged"}})

    def test_an_append_of_a_known_message_is_acknowledged_though_the_look_after_it_fails(self):
        self.deliver("Archive", mail("known"))
        c = self.client(select="Archive")
        c.ok("SELECT INBOX")
        self.fails_after("Email/set", "status", times=0)
        answer = c.append("INBOX", mail("known"))
        self.js.clear()
        self.assertRegex(answer, r"^OK \[APPENDUID \d+ 1\]")
        c.ok("NOOP")
        self.assertEqual(list(c.flags()), [1])


class Stopping(JmapCase):
    SERVER = {"push": False}

    def test_nobody_waits_for_one_who_waits_for_the_server(self):
        """A list is filled in the background and the server does not answer; a client wants to write meanwhile; the gateway is to end."""
        gw = self.gateway(self.js, shutdown_timeout=1, mirror_path=self.js.folder / "stopping").start()
        try:
            self.js.fault("late_stall", method="Email/query", skip=1, times=0)
            c = self.client(select="INBOX", gw=gw)
            self.soon(lambda: self.js.counters()["calls"]["Email/query"] > 1, True)
            c.send("CREATE work")
            self.assertEqual(gw.stop(), 0)
        finally:
            self.js.clear()
            gw.stop()
            gw.remove()


class ToTrash(JmapCase):
    """jmap_expunge = trash."""
    SERVER = {"push": False}
    GATEWAY = dict(QUIET, jmap_expunge="trash")

    def test_what_is_expunged_is_in_the_trash(self):
        for i in range(3):
            self.deliver("INBOX", mail("t%d" % i), ["$flagged"] if i else [])
        c = self.client(select="Trash")
        c.ok("SELECT INBOX")
        c.ok("UID STORE 2:3 +FLAGS (\\Deleted)")
        c.ok("EXPUNGE")
        c.ok("SELECT Trash")
        self.assertIn(b"2 EXISTS", c.untagged)
        self.assertEqual(c.flags(), {1: {"\\Flagged"}, 2: {"\\Flagged"}})
        self.assertEqual(sorted(c.bodies().values()), [mail("t1"), mail("t2")])
        c.ok("UID STORE 1 +FLAGS (\\Deleted)")
        c.ok("EXPUNGE")
        self.assertEqual(list(c.flags()), [2])
        self.assertEqual(len(self.emails()), 2)


if __name__ == "__main__":
    unittest.main()
