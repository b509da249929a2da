"""Searches that wait for a slow JMAP server: the client hears how far they are (RFC 9585), others are served meanwhile."""
import os
import re
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import until  # noqa: E402
from jmap_case import JmapCase  # noqa: E402

MESSAGES = 160
MAIL = b"From: Ann <ann@example.org>\r\nSubject: number %d\r\nX-Odd: %d\r\n\r\nHello\r\n"
HITS = sum("7" in str(i) for i in range(MESSAGES))


class Progress(JmapCase):
    GATEWAY = {"mirror_cache_size": "64k"}

    def downloads(self):
        return self.js.control("counters")["requests"].get("download", 0)

    def told(self, command, *mailboxes):
        """The untagged responses to a command that waits for many messages, and is told so; others are served meanwhile."""
        for i in range(MESSAGES):
            self.deliver(mailboxes[i % len(mailboxes)], MAIL % (i, i))
        c = self.client(select="INBOX")
        self.js.fault("stall", on="download", seconds=2, times=0)
        tag = c.send(command + " HEADER X-Odd 7")
        first = c.until(rb"INPROGRESS|^%s " % tag)
        m = re.match(rb'\* OK \[INPROGRESS \("%s" (\d+) (\d+)\)\]' % tag, first)
        self.assertTrue(m, first)
        self.assertLess(int(m[1]), int(m[2]))
        self.client(select="INBOX").ok("NOOP")
        self.js.clear()
        self.assertTrue(c.wait(tag).startswith("OK"))
        return [r for r in c.untagged if r.startswith(command.split()[0].encode())]

    def numbers(self, command):
        return re.findall(rb"\d+", self.told(command, "inbox")[0])

    def test_search_tells_how_far_it_is(self):
        self.assertEqual(len(self.numbers("SEARCH")), HITS)

    def test_sort_searches_in_steps(self):
        self.assertEqual(len(self.numbers("SORT (REVERSE SUBJECT) UTF-8")), HITS)

    def test_thread_searches_in_steps(self):
        self.assertEqual(len(self.numbers("THREAD ORDEREDSUBJECT UTF-8")), HITS)

    def test_a_search_of_many_mailboxes_tells_how_far_all_of_it_is(self):
        found = self.told("ESEARCH IN (personal) RETURN (COUNT)", "inbox", "archive")
        self.assertEqual(sum(int(re.search(rb"COUNT (\d+)", r)[1]) for r in found), HITS)

    def test_a_scan_leaves_in_the_cache_what_people_read(self):
        read = b"Subject: read\r\n\r\n" + b"a line that somebody reads\r\n" * 1500
        self.deliver("inbox", read)
        c = self.client(select="INBOX")
        self.assertEqual(c.bodies(), {1: read})
        for i in range(60):
            self.deliver("inbox", b"Subject: %d\r\n\r\n" % i + b"something else \r\n" * 200 + b"number %d.\r\n" % i)
        self.soon(lambda: len(c.flags()), 61)
        self.assertEqual(len(c.search('OR BODY "number 0." BODY "number 10."')), 2)
        before = self.downloads()
        self.assertEqual(c.bodies("1"), {1: read})
        self.assertEqual(len(c.search('BODY "number 59."')), 1)
        self.assertEqual(self.downloads(), before)

    @unittest.skipIf(os.environ.get("GW_MODEL") == "fork", "a process of its own hears nothing while it waits for the server")
    def test_who_leaves_ends_the_search(self):
        for i in range(40):
            self.deliver("inbox", MAIL % (i, i))
        c = self.client(select="INBOX")
        before = self.downloads()
        self.js.fault("stall", on="download", seconds=600, times=0)
        c.send("SEARCH TEXT nowhere")
        self.assertTrue(until(lambda: self.downloads() > before))
        self.assertIn(self.user, self.gw.gwctl("session", "list").stdout)
        c.close()
        self.assertTrue(until(lambda: self.user not in self.gw.gwctl("session", "list").stdout))


if __name__ == "__main__":
    unittest.main()
