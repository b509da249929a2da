"""What the RFCs demand (tests/clauses) and the tests that hold it: nothing is without a test, and the check sees it."""
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import clauses  # noqa: E402


class Clauses(unittest.TestCase):
    def test_every_clause_has_a_test(self):
        self.assertEqual(clauses.check(clauses.TESTS), [])

    def tree(self, listing, **tests):
        """A tree of tests with one file of clauses; tests are texts of files, with __ for a slash and _dot_ for a dot."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        root = Path(folder.name)
        for name, text in {"clauses__rfc1": listing, **tests}.items():
            path = root / name.replace("__", "/").replace("_dot_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return root

    def wrong(self, listing, **tests):
        root = self.tree(listing, **tests)
        clauses.check(root, update=True)
        return clauses.check(root)

    def test_a_clause_without_a_test_is_found(self):
        cited = "# RFC 1234 2(a)\n"
        listing = "# RFC 1: x\n2(a) MUST  do it\n2(b) SHOULD  be kind  ! it cannot\n"
        self.assertEqual(self.wrong(listing), ["RFC 1 2(a) has no test: MUST do it"])
        self.assertEqual(len(self.wrong(listing, conv__x_dot_conv=cited)), 2)

    def test_what_names_no_clause_is_found(self):
        listing = "# RFC 1234: x\n2(a) MUST  do it\n"
        root = self.tree("", clauses__rfc1234=listing, unit__t_dot_c="/* RFC 1234 2(a), 2(b) */\nSTART_TEST(it_does)\n")
        (root / "clauses/rfc1").unlink()
        self.assertIn("unit/t.c: it_does names RFC 1234 2(b), which tests/clauses does not have", clauses.check(root, update=True))
        self.assertIn("| 2(a) | MUST | do it | unit/t.c: it_does |", (root / "rfc-clauses.md").read_text())

    def test_a_must_is_not_left_out(self):
        self.assertEqual(self.wrong("# RFC 1: x\n2(a) MUST  do it  ! no\n"), ["rfc1:2: a MUST is not left out"])


if __name__ == "__main__":
    unittest.main()
