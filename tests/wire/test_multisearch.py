"""ESEARCH of many mailboxes (RFC 7377) with the real daemon: long answers, public folders, a client that does not wait."""
import re
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import Gateway, Wire, until  # noqa: E402

MANY = 250
LONG = 20000  # messages whose UIDs are told one by one
MESSAGE = b"From: a@example.org\r\nSubject: m%d\r\n\r\nbody\r\n"


class Multisearch(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.gw = Gateway(imap_public_folders="yes").start()
        for user in ("anna", "ben", "carl"):
            cls.gw.add_user(user, "pw")
        for name in ("News", "Secret"):
            cls.gw.gwctl("public", "create", name)
        cls.gw.gwctl("public", "grant", "News", "anyone", "read write delete")
        cls.gw.gwctl("public", "grant", "Secret", "ben", "read write delete")

    @classmethod
    def tearDownClass(cls):
        cls.gw.stop()
        cls.gw.remove()

    def session(self, user=b"anna"):
        w = Wire(self.gw)
        self.addCleanup(w.close)
        self.assertIn(b"OK", w.command(b"a", b"LOGIN %s pw" % user)[-1])
        return w

    def ok(self, w, text):
        lines = w.command(b"t", text)
        self.assertIn(b"t OK", lines[-1], lines)
        return lines[:-1]

    def append(self, w, name, *numbers):
        texts = [b"{%d+}\r\n%s" % (len(MESSAGE % n), MESSAGE % n) for n in numbers]
        self.ok(w, b'APPEND "%s" %s' % (name, b" ".join(texts)))

    def found(self, w, where, keys):
        """Name -> UIDs."""
        ret = {}
        for line in self.ok(w, b"ESEARCH IN (%s) %s" % (where, keys)):
            m = re.match(rb'\* ESEARCH \(TAG "t" MAILBOX ("[^"]*"|\S+) UIDVALIDITY \d+\) UID ALL ([\d:,]+)\r\n\Z', line)
            self.assertTrue(m, line[:200])
            name = m[1].strip(b'"')
            self.assertNotIn(name, ret)
            ret[name] = m[2]
        return ret

    def test_each_mailbox_is_told_once(self):
        w = self.session()
        for i in range(MANY):
            self.ok(w, b"CREATE many/%d/deep" % i)
            self.append(w, b"many/%d/deep" % i, i)
        every = {b"many/%d/deep" % i: b"1" for i in range(MANY)}
        self.assertEqual(self.found(w, b"subtree many", b"ALL"), every)
        self.assertEqual(self.found(w, b"personal subtree many mailboxes many/1/deep", b"BODY body"), every)
        self.assertEqual(self.found(w, b"subtree-one many", b"ALL"), {})
        self.assertEqual(self.found(w, b"subtree (many/7 many/8)", b"OR SUBJECT m7 SUBJECT m9"), {b"many/7/deep": b"1"})

    def test_answers_may_be_long(self):
        w = self.session(b"carl")
        self.ok(w, b"CREATE long")
        self.append(w, b"long", 1, 2)
        self.ok(w, b"SELECT long")
        n = 2
        while n < LONG:
            self.ok(w, b"UID COPY 1:%d long" % min(n, LONG - n))
            n += min(n, LONG - n)
        self.ok(w, b"CREATE longer")
        self.ok(w, b"UID COPY 1:* longer")
        odd = b",".join(b"%d" % (2 * i + 1) for i in range(LONG // 2))
        self.assertEqual(self.found(w, b"mailboxes (longer long)", b"SUBJECT m1"), {b"long": odd, b"longer": odd})

    def test_public_folders_count_when_they_may_be_read(self):
        ben = self.session(b"ben")
        self.append(ben, b"Public folders/News", 1)
        self.append(ben, b"Public folders/Secret", 1)
        where = b'subtree "Public folders" mailboxes ("Public folders/Secret" "Public folders/Nowhere")'
        self.assertEqual(set(self.found(ben, where, b"ALL")), {b"Public folders/News", b"Public folders/Secret"})
        self.assertEqual(set(self.found(self.session(), where, b"ALL")), {b"Public folders/News"})
        self.assertEqual(self.found(ben, b"personal", b"ALL"), {})

    def test_who_leaves_in_the_middle_leaves_nothing_behind(self):
        before = self.session(b"ben")
        for _ in range(5):
            w = Wire(self.gw)
            w.command(b"a", b"LOGIN anna pw")
            w.s.sendall(b"t ESEARCH IN (personal) OR BODY nothing TEXT nowhere\r\n" * 3)
            w.close()
        self.ok(before, b"NOOP")
        self.assertTrue(until(lambda: self.ok(self.session(), b"ESEARCH IN (personal) BODY nothing") == []))


if __name__ == "__main__":
    unittest.main()
