"""The random commands of test_model.py with a JMAP server as the store (imap_model.py)."""
import itertools
import os
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from imap_model import World, shrink, steps  # noqa: E402
from jmap_case import PASSWORD, JmapCase  # noqa: E402

RUNS = int(os.environ.get("GW_MODEL_RUNS", "6"))
STEPS = int(os.environ.get("GW_MODEL_STEPS", "100"))
SEED = int(os.environ.get("GW_MODEL_SEED", "1"))


class Model(JmapCase):
    """All sessions have one gateway: what another does is heard a moment later (test_two_gateways.py)."""

    numbers = itertools.count()

    def run_steps(self, run):
        user = "model%d" % next(self.numbers)
        self.js.add_user(user, PASSWORD)
        world = World([self.gw.port["imap"]], user, PASSWORD, one_of_each=True)
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


if __name__ == "__main__":
    unittest.main()
