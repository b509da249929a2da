"""Searches that wait for a slow JMAP server: the client hears how far they are (RFC 9585), others are served meanwhile."""
import re
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from jmap_case import JmapCase  # noqa: E402

MESSAGES = 160
MAIL = b"From: Ann <ann@example.org>\r\nSubject: number %d\r\nX-Odd: %d\r\n\r\nHello\r\n"


class Progress(JmapCase):
    def test_who_waits_hears_how_far_it_is(self):
        for i in range(MESSAGES):
            self.deliver("inbox", MAIL % (i, i))
        c = self.client(select="INBOX")
        self.js.fault("stall", on="download", seconds=2, times=0)
        tag = c.send("SEARCH HEADER X-Odd 7")
        first = c.until(rb"INPROGRESS|^%s " % tag)
        m = re.match(rb'\* OK \[INPROGRESS \("%s" (\d+) (\d+)\)\]' % tag, first)
        self.assertTrue(m, first)
        self.assertLess(int(m[1]), int(m[2]))
        other = self.client(select="INBOX")
        other.ok("NOOP")
        self.js.clear()
        self.assertTrue(c.wait(tag).startswith("OK"))
        found = [r for r in c.untagged if r.startswith(b"SEARCH")]
        self.assertEqual(len(found[0].split()) - 1, sum("7" in str(i) for i in range(MESSAGES)))


if __name__ == "__main__":
    unittest.main()
