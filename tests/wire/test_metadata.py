"""METADATA (RFC 5464, RFC 9590) with the real daemon: much of it, and a client that reads slowly."""
import re
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import Gateway, Wire  # noqa: E402

BOXES, ENTRIES, SIZE = 2, 30, 60000


class Metadata(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.gw = Gateway().start()
        cls.gw.add_user("anna", "pw")

    @classmethod
    def tearDownClass(cls):
        cls.gw.stop()
        cls.gw.remove()

    def session(self):
        w = Wire(self.gw)
        self.addCleanup(w.close)
        self.assertIn(b"OK", w.command(b"a", b"LOGIN anna pw")[-1])
        return w

    def put(self, w, box, entry, value):
        w.send(b"p SETMETADATA %s (%s {%d+}\r\n%s)\r\n" % (box, entry, len(value), value))
        return w.until(b"p ")[-1]

    @staticmethod
    def value(box, i):
        return (b"%d/%d " % (box, i)).ljust(SIZE, b"v")

    def test_many_long_values_come_each_once(self):
        w = self.session()
        names = [b"/private/e%d" % i for i in range(ENTRIES)]
        for box in range(BOXES):
            w.command(b"b", b"CREATE many%d" % box)
            for i, name in enumerate(names):
                self.assertIn(b"p OK", self.put(w, b"many%d" % box, name, self.value(box, i)))
        want = {(b"many%d" % box, name): self.value(box, i) for box in range(BOXES) for i, name in enumerate(names)}
        asked = b" ".join(names)
        for command in (b'LIST "" many%% RETURN (METADATA (%s))' % asked,
                        b"GETMETADATA many0 (%s)\r\nz GETMETADATA many1 (%s)" % (asked, asked)):
            w.send(b"z %s\r\n" % command)
            told = b"".join(w.until(b"z ") + (w.until(b"z ") if command.startswith(b"GET") else []))
            self.assertNotIn(b"z NO", told)
            got = {}
            for box, text in re.findall(rb"\* METADATA (many\d) \((.*?)\)\r\n(?=\*|z )", told, re.S):
                for name, n, value in re.findall(rb"(/private/e\d+) \{(\d+)\}\r\n(\d+/\d+ v*)", text):
                    self.assertNotIn((box, name), got)
                    self.assertEqual(int(n), len(value))
                    got[box, name] = value
            self.assertEqual(got, want)

    def test_a_value_has_a_limit_and_is_told_it(self):
        """RFC 5464 4.3(c), 7(a)"""
        w = self.session()
        self.assertIn(b"p OK", self.put(w, b"INBOX", b"/private/long", b"x" * 65536))
        self.assertIn(b"p NO [METADATA MAXSIZE 65536]", self.put(w, b"INBOX", b"/private/long", b"x" * 65537))
        self.assertIn(b"p OK", self.put(w, b"INBOX", b"/private/long", b"x"))


if __name__ == "__main__":
    unittest.main()
