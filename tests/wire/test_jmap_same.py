#!/usr/bin/env python3
"""Awkward mail on Cyrus is the same over the gateway, which has it by JMAP, and over Cyrus' own IMAP."""
import re
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from cyrus import Cyrus  # noqa: E402
from gateway import ROOT, Gateway  # noqa: E402

# A string as a literal (its octets follow), quoted, or a word; parentheses.
TOKEN = re.compile(rb'[()]|"(?:[^"\\]|\\.)*"|\{\d+\}|[^\s()"]+')
# Where nothing says what is right, Cyrus and the gateway read mail differently.
OWN_WAY = {
    ("injection.eml", "ENVELOPE"): "an address without a domain: each names it in its own way",
    ("multipart.eml", "BODY.PEEK[1]"): "Cyrus adds the line end that is the next boundary's (RFC 2046 5.1.1)",
}
MAIL = sorted((ROOT / "tests/fixtures/mail").glob("*.eml"))


def octets(path):
    """As kept, with CRLF: lines of Unix are only this folder's."""
    data = path.read_bytes()
    return data if b"\r\n" in data else data.replace(b"\n", b"\r\n")


def tokens(answer, fold):
    """An answer of FETCH as its tokens: strings are equal however they are sent, and in any case if fold."""
    out = []
    for part in answer:
        head, literal = part if isinstance(part, tuple) else (part, None)
        words = TOKEN.findall(head)
        if literal is not None:
            words[-1] = literal
        out += [re.sub(rb"\\(.)", rb"\1", w[1:-1]) if w[:1] == b'"' and w is not literal else w for w in words]
    return [w.upper() for w in out] if fold else out


class Same(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cyrus = Cyrus(users=["anna"])
        cls.addClassCleanup(cls.cyrus.__exit__, None, None, None)
        cls.cyrus.start()
        own = cls.cyrus.imap("anna")
        cls.kept = [p for p in MAIL if cls.append(own, p)]
        own.logout()
        cls.gw = Gateway(server_socket=cls.cyrus.jmap_url, mirror_path=cls.cyrus.folder / "mirror").start()
        cls.addClassCleanup(cls.gw.remove)
        cls.addClassCleanup(cls.gw.stop)
        cls.own, cls.ours = cls.cyrus.imap("anna"), cls.gw.imap("anna", "pw")
        for imap in (cls.own, cls.ours):
            imap.select("INBOX", readonly=True)

    @staticmethod
    def append(imap, path):
        n = int(imap.select("INBOX")[1][0])
        imap.append("INBOX", None, '"%02d-Jan-2026 08:00:00 +0000"' % (n + 1), octets(path))
        return int(imap.select("INBOX")[1][0]) > n

    def both(self, n, items):
        return [imap.fetch(str(n), items)[1] for imap in (self.own, self.ours)]

    def test_cyrus_took_most_of_the_corpus(self):
        self.assertGreaterEqual(len(self.kept), len(MAIL) - 2)

    def test_items_are_the_same(self):
        for n, path in enumerate(self.kept, 1):
            for item in ("RFC822.SIZE", "BODY.PEEK[]", "BODY.PEEK[HEADER]", "BODY.PEEK[TEXT]", "BODY.PEEK[1]",
                         "BODY.PEEK[1.MIME]", "BODY.PEEK[]<3.20>", "BODY.PEEK[HEADER.FIELDS (SUBJECT FROM)]"):
                if (path.name, item) in OWN_WAY:
                    continue
                with self.subTest(path.name, item=item):
                    self.assertEqual(*self.both(n, "(%s)" % item))

    def test_envelopes_and_structures_are_the_same(self):
        for n, path in enumerate(self.kept, 1):
            for item in ("ENVELOPE", "BODY", "BODYSTRUCTURE"):
                if (path.name, item) in OWN_WAY:
                    continue
                with self.subTest(path.name, item=item):
                    own, ours = self.both(n, "(%s)" % item)
                    self.assertEqual(tokens(own, item != "ENVELOPE"), tokens(ours, item != "ENVELOPE"))


if __name__ == "__main__":
    unittest.main()
