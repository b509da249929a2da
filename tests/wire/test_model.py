"""Random commands of several sessions at once, over two gateways on one store, against a model of what must be said (imap_model.py).

The steps of a run that found a mistake are kept in KEPT.
"""
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from imap_model import RandomRuns, TwoModels, World  # noqa: E402

KEPT = [
    # COPY by numbers of a message that somebody else had removed was OK without a copy
    [(2, "select", 3847980509), (1, "select", 1386459521), (1, "append", 1568482655), (2, "append", 3293467968),
     (1, "copy", 3677836127), (2, "copy", 1995339894)],
    # FETCH BODY[] did not set \\Seen where somebody else had taken it away
    [(2, "append", 2753434793), (0, "select", 281889746), (1, "select", 1605739504), (1, "fetch", 1929429708),
     (0, "store", 2487410036), (1, "fetch", 2823091442)],
]


class Model(TwoModels, RandomRuns, unittest.TestCase):
    def new_world(self):
        return World(self.ports, self.new_user(), "pw")

    def test_runs_that_failed_once(self):
        for run in KEPT:
            self.assertIsNone(self.run_steps(run), run)


if __name__ == "__main__":
    unittest.main()
