#!/usr/bin/env python3
"""The conversations of tests/conv with mail on a real JMAP server (Cyrus): everything must be as with the embedded store."""
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))
from conversations import play  # noqa: E402
from cyrus import Cyrus  # noqa: E402
from gateway import Gateway  # noqa: E402
from test_jmap_conversations import PEOPLE, WITHOUT  # noqa: E402


class OnCyrus(unittest.TestCase):
    def test_as_with_the_embedded_store(self):
        with Cyrus() as cyrus:
            for name in PEOPLE:
                cyrus.add_user(name, name)
            with Gateway(server_socket="jmap+" + cyrus.jmap_url, mirror_path=cyrus.folder / "mirror") as gw:
                play(self, gw, lambda name: cyrus.add_user(name, name), without=WITHOUT)


if __name__ == "__main__":
    unittest.main()
