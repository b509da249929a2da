"""The list of a large mailbox is brought for the first time: who waits for it holds up nobody else, and what others do meanwhile is there."""
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import until  # noqa: E402
from jmap_case import JmapCase  # noqa: E402

MESSAGES = 100


def mail(word):
    return b"Subject: %s\r\nMessage-ID: <%s@filling>\r\n\r\n%s\r\n" % ((word.encode(),) * 3)


class Filling(JmapCase):
    SERVER = {"push": False, "maxObjectsInGet": 20}
    GATEWAY = {"jmap_poll_interval": 3600, "jmap_poll_interval_quiet": 3600}

    def setUp(self):
        super().setUp()
        self.ids = [self.deliver("Archive", mail("m%d" % i), received=1_700_000_000 + i) for i in range(MESSAGES)]

    def change(self, id, **what):
        self.js.change(account=self.user, id=id, **what)

    def held(self, fault, at):
        """A client that selects Archive, while the server holds back the page with one of the messages."""
        self.js.fault(fault, method="Email/get", asks=self.ids[at])
        c = self.client()
        tag = c.send("SELECT Archive")
        self.assertTrue(until(lambda: sum(self.js.faults().values())), "nobody asked for the page")
        return c, tag

    def whole(self, c, tag):
        """What the server has is what the client sees, in the order of the messages."""
        answer = c.wait(tag)
        self.assertTrue(answer.startswith("OK"), answer)
        self.soon(lambda: self.seen(c), self.there())

    def seen(self, c):
        c.ok("NOOP")
        flags = c.flags()
        return sorted((body, sorted(flags[uid])) for uid, body in c.bodies().items())

    def there(self):
        names = {"$seen": "\\Seen", "$flagged": "\\Flagged"}
        return sorted((self.js.blob(self.user, e["blob"]), sorted(names.get(k, k) for k in e["keywords"]))
                      for e in self.emails().values() if "Archive" in e["mailboxes"])

    def others_write(self, fault):
        c, tag = self.held(fault, 50)
        other = self.client(select="INBOX")
        self.assertRegex(other.append("INBOX", mail(fault)), "^OK")
        other.ok("NOOP")
        uid = max(other.search("ALL"))
        other.ok("UID STORE %d +FLAGS (\\Flagged)" % uid)
        other.ok("UID COPY %d Drafts" % uid)
        self.js.clear()
        self.whole(c, tag)

    def test_others_write_while_a_page_is_held_back(self):
        self.others_write("stall")

    def test_others_write_while_the_answer_is_held_back(self):
        self.others_write("late_stall")

    def much_changes(self, fault):
        c, tag = self.held(fault, 50)
        other = self.client(select="INBOX")
        for at in 0, 45, 50, 55, 99:
            self.change(self.ids[at], keywords=["$seen", "$flagged"])
        for at in 1, 46, 51, 56, 98:
            self.js.destroy(account=self.user, id=self.ids[at])
        for at in 2, 47, 52, 57, 97:
            self.change(self.ids[at], mailboxes=["INBOX"])
        self.deliver("Archive", mail("late"))
        self.soon(lambda: len(self.bodies(other)), 5)
        self.js.clear()
        self.whole(c, tag)

    def test_what_changes_while_a_page_is_held_back_is_there(self):
        self.much_changes("stall")

    def test_what_changes_while_the_answer_is_held_back_is_there(self):
        self.much_changes("late_stall")

    def test_a_list_that_was_brought_in_part_is_compared_when_the_server_cannot_tell_what_changed(self):
        self.js.fault("error", method="Email/get", asks=self.ids[70], times=0)
        c = self.client()
        self.assertRegex(c.do("SELECT Archive"), "^NO")
        self.change(self.ids[0], keywords=["$seen", "$flagged"])
        self.js.forget(account=self.user)
        self.js.clear()
        other = self.client(select="INBOX")
        other.append("INBOX", mail("other"))
        self.whole(c, c.send("SELECT Archive"))

    def bodies(self, c):
        c.ok("NOOP")
        return c.bodies()

    def test_who_writes_into_it_waits_and_holds_up_nobody(self):
        c, tag = self.held("stall", 50)
        into = self.client(select="INBOX")
        tag_into = into.send("APPEND Archive", mail("into"))
        other = self.client(select="INBOX")
        self.assertRegex(other.append("INBOX", mail("other")), "^OK")
        self.js.clear()
        self.assertRegex(into.wait(tag_into), r"^OK \[APPENDUID \d+ %d\]" % (MESSAGES + 1))
        self.whole(c, tag)

    def test_several_who_select_it_see_the_same(self):
        c, tag = self.held("stall", 50)
        others = [self.client() for _ in range(3)]
        tags = [o.send("SELECT Archive") for o in others]
        self.js.clear()
        self.whole(c, tag)
        for o, t in zip(others, tags):
            self.whole(o, t)
            self.assertEqual(o.search("ALL"), c.search("ALL"))


if __name__ == "__main__":
    unittest.main()
