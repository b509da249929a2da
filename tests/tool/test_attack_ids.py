"""Every ID of the attack checklist has a test: it stands in the test's name."""
import re
import unittest
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
# A lines and tokens, B literals, E names, F messages, G searches, H content, I POP3, J resources.
COUNT = {"A": 13, "B": 13, "E": 10, "F": 12, "G": 12, "H": 15, "I": 12, "J": 10}


class AttackIds(unittest.TestCase):
    def test_each_has_a_test_that_is_named_after_it(self):
        named = set()
        for path in sorted(TESTS.glob("wire/test_*.py")):
            for name in re.findall(r"def (test_\w+)\(", path.read_text()):
                named.update(re.findall(r"(?<=_)[A-J][01]\d(?=_)", name))
        wanted = {"%s%02d" % (letter, i) for letter, n in COUNT.items() for i in range(1, n + 1)}
        self.assertEqual(wanted - named, set(), "no test is named after these")
        self.assertEqual({n for n in named if n[0] in COUNT} - wanted, set(), "there are no such IDs")


if __name__ == "__main__":
    unittest.main()
