"""Random commands of several sessions at once, over two gateways on one store, against a model of what must be said (imap_model.py).

GW_MODEL_RUNS and GW_MODEL_STEPS make it longer, GW_MODEL_SEED begins elsewhere. A run that fails is shortened, and told with
everything that was said; the steps of one that found a mistake are kept in KEPT.
"""
import itertools
import os
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import Gateway  # noqa: E402
from imap_model import World, shrink, steps  # noqa: E402

RUNS = int(os.environ.get("GW_MODEL_RUNS", "25"))
STEPS = int(os.environ.get("GW_MODEL_STEPS", "120"))
SEED = int(os.environ.get("GW_MODEL_SEED", "1"))

KEPT = [
    # COPY by numbers of a message that somebody else had removed was OK without a copy
    [(2, "select", 3847980509), (1, "select", 1386459521), (1, "append", 1568482655), (2, "append", 3293467968),
     (1, "copy", 3677836127), (2, "copy", 1995339894)],
    # FETCH BODY[] did not set \\Seen where somebody else had taken it away
    [(2, "append", 2753434793), (0, "select", 281889746), (1, "select", 1605739504), (1, "fetch", 1929429708),
     (0, "store", 2487410036), (1, "fetch", 2823091442)],
]


class Model(unittest.TestCase):
    """The second gateway runs with the other process model."""

    @classmethod
    def setUpClass(cls):
        cls.gw = Gateway().start()
        other = "fork" if cls.gw.model == "thread" else "thread"
        cls.gw2 = Gateway(model=other, server_socket=cls.gw.options["server_socket"]).start()
        cls.users = ("model%d" % i for i in itertools.count())

    @classmethod
    def tearDownClass(cls):
        cls.gw2.stop()
        cls.gw.stop()
        cls.gw2.remove()
        cls.gw.remove()

    def run_steps(self, run):
        """What was wrong, and what was said up to there; None: nothing."""
        user = next(self.users)
        self.gw.add_user(user, "pw")
        world = World([self.gw.port["imap"], self.gw2.port["imap"]], user, "pw")
        try:
            world.run(run)
        except (AssertionError, LookupError, ValueError, TypeError, StopIteration) as e:
            return "%s: %s" % (type(e).__name__, e), world.log
        finally:
            world.close()
        return None

    def test_what_is_said_is_what_is(self):
        for seed in range(SEED, SEED + RUNS):
            run = steps(seed, STEPS)
            if not self.run_steps(run):
                continue
            run = shrink(run, lambda r: self.run_steps(r) is not None)
            wrong, log = self.run_steps(run) or ("it does not fail every time", [])
            self.fail("seed %d: %s\nsteps: %r\n%s" % (seed, wrong, run, "\n".join(log)))

    def test_runs_that_failed_once(self):
        for run in KEPT:
            self.assertIsNone(self.run_steps(run), run)


if __name__ == "__main__":
    unittest.main()
