"""Accounts that others share (RFC 8620 1.6.2) as mailboxes of other users (RFC 2342 5): names, rights, changes, copies between accounts."""
import re
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import until  # noqa: E402
from jmap_case import PASSWORD, JmapCase  # noqa: E402
from test_jmap_basics import mail  # noqa: E402


class Shared(JmapCase):
    def setUp(self):
        super().setUp()
        self.other = "boss-of-" + self.user
        self.js.add_user(self.other, PASSWORD)
        self.js.create_mailbox(account=self.other, path="Plans")
        self.js.create_mailbox(account=self.other, path="Plans/2027")
        self.js.share(account=self.other, user=self.user)
        self.root = "Other Users/" + self.other

    def plans(self):
        return '"%s/Plans"' % self.root

    def test_they_are_a_namespace_of_their_own(self):
        """RFC 2342 5(a), 5(b), 5(c)"""
        c = self.client()
        self.assertIn(b'NAMESPACE (("" "/")) (("Other Users/" "/")) NIL', c.ok("NAMESPACE"))
        # RFC 5255 3.4(a)
        self.assertIn(b'NAMESPACE (("" "/")) (("Other Users/" "/" "TRANSLATION" ("Andere Benutzer/"))) NIL', c.ok("LANGUAGE de"))
        self.assertIn(b'NAMESPACE (("" "/")) (("Other Users/" "/")) NIL', c.ok("LANGUAGE i-default"))
        boxes = c.list()
        self.assertLessEqual({self.root + "/INBOX", self.root + "/Plans", self.root + "/Plans/2027", "INBOX"}, set(boxes))
        self.assertIn("\\Noselect", boxes["Other Users"])
        self.assertIn("\\Noselect", boxes[self.root])
        self.assertIn("\\HasChildren", boxes[self.root + "/Plans"])
        self.assertNotIn("\\Sent", boxes[self.root + "/Sent"])  # it is not this user's Sent (RFC 6154)
        self.assertIn("\\Sent", boxes["Sent"])
        self.assertEqual(set(c.list('"" "Other Users/%"')), {self.root})
        self.assertTrue(c.do('SELECT "Other Users"').startswith("NO"))
        self.assertTrue(c.do('SELECT "Other Users/somebody-else/INBOX"').startswith("NO"))
        self.assertTrue(c.do('CREATE "Other Users/somebody-else/New"').startswith("NO"))

    def test_nothing_of_it_without_shared_accounts(self):
        """RFC 9051 5.1.2(b), 11.5(a)"""
        owner = self.client(user=self.other)
        self.assertIn(b'NAMESPACE (("" "/")) NIL NIL', owner.ok("NAMESPACE"))
        self.assertNotIn("Other Users", owner.list())

    def test_messages_are_read_flagged_and_removed_there(self):
        for n in range(3):
            self.js.deliver(self.other, "Plans", mail("plan %d" % n))
        c, owner = self.client(), self.client(user=self.other)
        c.ok("SELECT " + self.plans())
        self.assertEqual(len(c.bodies()), 3)
        c.ok("UID STORE 2 +FLAGS (\\Flagged)")
        owner.ok("SELECT Plans")
        self.assertEqual([u for u, f in owner.flags().items() if "\\Flagged" in f], [2])
        self.assertNotIn("APPEND", c.append(self.plans(), mail("mine"))[:3])
        self.assertTrue(until(lambda: owner.ok("NOOP") is not None and len(owner.flags()) == 4))
        c.ok("UID STORE 1 +FLAGS (\\Deleted)")
        c.ok("EXPUNGE")
        self.assertTrue(until(lambda: owner.ok("NOOP") is not None and len(owner.flags()) == 3))
        self.assertEqual(c.search("SUBJECT plan"), [2, 3])

    def test_many_of_them_are_searched_at_once(self):
        """RFC 7377 2.2: personal is what is the user's own; what is not there is ignored."""
        self.js.deliver(self.other, "Plans", mail("plan"))
        self.js.deliver(self.other, "Plans/2027", mail("plan"))
        self.js.deliver(self.user, "INBOX", mail("plan"))
        c = self.client()

        def found(where):
            return sorted(re.search(rb'MAILBOX ("[^"]+"|\S+) ', r)[1].strip(b'"').decode()
                          for r in c.ok("ESEARCH IN (%s) RETURN (COUNT) SUBJECT plan" % where) if r.startswith(b"ESEARCH"))

        plans = [self.root + "/Plans", self.root + "/Plans/2027"]
        self.assertTrue(until(lambda: found("personal") == ["INBOX"]))
        self.assertTrue(until(lambda: found('subtree "%s"' % self.root) == plans))
        self.assertEqual(found('personal mailboxes %s' % self.plans()), ["INBOX", plans[0]])
        self.assertEqual(found('subtree-one "%s"' % self.root), plans[:1])
        self.assertEqual(found('mailboxes "Other Users" subtree "Other Users/somebody-else"'), [])

    def test_ids_of_two_accounts_are_never_the_same(self):
        self.js.deliver(self.other, "Inbox", mail("theirs"))
        self.js.deliver(self.user, "Inbox", mail("mine"))
        c = self.client()
        mine = c.ok("STATUS INBOX (MAILBOXID)")
        theirs = c.ok('STATUS "%s/INBOX" (MAILBOXID)' % self.root)
        self.assertNotEqual(mine[0].split(b"MAILBOXID")[1], theirs[0].split(b"MAILBOXID")[1])
        c.ok("SELECT INBOX")
        a = c.fetch("EMAILID THREADID")
        c.ok('SELECT "%s/INBOX"' % self.root)
        b = c.fetch("EMAILID THREADID")
        self.assertNotEqual(a[1].split(b"EMAILID")[1], b[1].split(b"EMAILID")[1])
        found = b[1].split(b"EMAILID (")[1].split(b")")[0].decode()
        self.assertEqual(c.search("EMAILID " + found), [1])

    def test_copies_between_accounts_keep_bytes_flags_and_order(self):
        bodies = [mail("copy %d" % n, b"text %d\r\n" % n) for n in range(5)]
        c = self.client()
        for n, b in enumerate(bodies):
            self.assertIn("APPENDUID", c.append("INBOX", b, "\\Seen $Label%d" % n))
        c.ok("SELECT INBOX")
        c.ok("UID COPY 2:4 " + self.plans())
        copied = c.answer.split("COPYUID ")[1].split("]")[0].split()
        self.assertEqual(copied[1], "2:4")
        self.assertEqual(len(c.flags()), 5)
        owner = self.client(user=self.other)
        owner.ok("SELECT Plans")
        got = owner.bodies()
        self.assertEqual([got[u] for u in sorted(got)], bodies[1:4])
        self.assertEqual([sorted(w.lower() for w in f) for _, f in sorted(owner.flags().items())],
                         [["$label%d" % n, "\\seen"] for n in (1, 2, 3)])
        # back again, and those that come back are new messages
        c.ok("SELECT " + self.plans())
        self.assertEqual(c.answer.count("READ-WRITE"), 1)
        self.assertEqual([c.bodies()[u] for u in sorted(c.bodies())], bodies[1:4])
        c.ok("UID MOVE 1:2 INBOX")
        self.assertEqual(len(c.flags()), 1)
        self.assertTrue(until(lambda: owner.ok("NOOP") is not None and len(owner.flags()) == 1))
        c.ok("SELECT INBOX")
        self.assertEqual([b for _, b in sorted(c.bodies().items())], bodies + bodies[1:3])

    def test_a_copy_that_fails_leaves_nothing(self):
        c = self.client()
        for n in range(4):
            c.append("INBOX", mail("all or nothing %d" % n))
        self.js.quota(account=self.other, count=2)
        c.ok("SELECT INBOX")
        self.assertIn("[OVERQUOTA]", c.do("UID MOVE 1:4 " + self.plans()))
        self.assertEqual(len(c.flags()), 4)
        self.assertIn(b"MESSAGES 0", c.ok("STATUS %s (MESSAGES)" % self.plans())[0])

    def test_names_are_made_renamed_and_removed_there(self):
        c, owner = self.client(), self.client(user=self.other)
        c.ok('CREATE "%s/Plans/2028"' % self.root)
        c.ok('RENAME "%s/Plans/2028" "%s/Plans/2029"' % (self.root, self.root))
        self.assertTrue(until(lambda: "Plans/2029" in owner.list()))
        self.assertIn(self.root + "/Plans/2029", c.list())
        c.ok('DELETE "%s/Plans/2029"' % self.root)
        self.assertTrue(until(lambda: "Plans/2029" not in owner.list()))
        self.assertTrue(c.do('RENAME %s "Mine now"' % self.plans()).startswith("NO"))
        self.assertTrue(c.do('RENAME "%s/INBOX" "%s/Old"' % (self.root, self.root)).startswith("NO"))
        self.assertTrue(c.do('DELETE "%s"' % self.root).startswith("NO"))

    def test_subscriptions_are_kept(self):
        c = self.client()
        c.ok("SUBSCRIBE " + self.plans())
        again = self.client()
        self.assertIn(self.root + "/Plans", again.list('(SUBSCRIBED) "" "*"').keys())
        c.ok("UNSUBSCRIBE " + self.plans())
        self.assertNotIn("\\Subscribed", again.list('(SUBSCRIBED) "" "*"').get(self.root + "/Plans", ()))

    def test_a_readonly_account_is_not_written(self):
        self.js.share(account=self.other, user=self.user, readonly=True)
        self.js.deliver(self.other, "Plans", mail("look only"))
        c = self.client()
        c.ok("SELECT " + self.plans())
        self.assertEqual(len(c.bodies()), 1)
        self.assertTrue(c.do("UID STORE 1 +FLAGS (\\Seen)").startswith("NO"))
        self.assertTrue(c.append(self.plans(), mail("no")).startswith("NO"))
        self.assertTrue(c.ok("MYRIGHTS " + self.plans())[0].endswith(b" lr"))
        self.assertIn("[NOPERM]", c.do("GETACL " + self.plans()))

    def test_one_that_is_not_shared_any_more_takes_nothing_else_away(self):
        c = self.client()
        self.assertIn(self.root + "/Plans", c.list())
        self.js.unshare(account=self.other, user=self.user)
        c.ok("SELECT INBOX")
        self.assertIn("INBOX", c.list())
        self.assertTrue(c.append(self.plans(), mail("no")).startswith("NO"))
        self.assertNotIn(self.root + "/Plans", self.client().list())


class Pushed(Shared):
    """The user's own event stream tells of what is shared, too."""
    GATEWAY = {"jmap_poll_interval": 3600, "jmap_poll_interval_quiet": 3600}

    def test_a_delivery_reaches_idle(self):
        c = self.client()
        c.ok("SELECT " + self.plans())
        tag = c.idle()
        end = time.monotonic() + 60
        while not self.js.counters()["streams"] and time.monotonic() < end:
            time.sleep(0.05)
        self.js.deliver(self.other, "Plans", mail("news"))
        c.until(rb"1 EXISTS")
        self.assertTrue(c.done(tag).startswith("OK"))

    def test_a_delivery_reaches_notify(self):
        """RFC 5465: of the user's own and of a shared account, with nothing selected."""
        c = self.client()
        c.ok('NOTIFY SET (PERSONAL (MessageNew MessageExpunge)) (SUBTREE "%s" (MessageNew MessageExpunge))' % self.root)
        until(lambda: self.js.counters()["streams"])
        self.js.deliver(self.other, "Plans", mail("news"))
        c.until(rb'STATUS "%s/Plans" \(MESSAGES 1 ' % self.root.encode())
        self.js.deliver(self.user, "INBOX", mail("more"))
        c.until(rb"STATUS INBOX \(MESSAGES 1 ")


if __name__ == "__main__":
    unittest.main()
