"""The random commands of test_model.py with a JMAP server as the store (imap_model.py)."""
import itertools
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from imap_model import RandomRuns, World  # noqa: E402
from jmap_case import PASSWORD, JmapCase  # noqa: E402


class Model(RandomRuns, JmapCase):
    """All sessions have one gateway: what another does is heard a moment later (test_two_gateways.py)."""
    RUNS, STEPS = 6, 100

    numbers = itertools.count()

    def new_world(self):
        user = "model%d" % next(self.numbers)
        self.js.add_user(user, PASSWORD)
        return World([self.gw.port["imap"]], user, PASSWORD, one_of_each=True)


if __name__ == "__main__":
    unittest.main()
