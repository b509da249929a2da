#!/usr/bin/env python3
"""The conversations of tests/conv with mail on a JMAP server: everything must be as with the embedded store.

What a server cannot do is said by words (WITHOUT): a conversation has other lines for it there (IF: in tests/conv/conv.c)."""
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from conversations import play  # noqa: E402
from gateway import Gateway  # noqa: E402
from jmap_server import JmapServer  # noqa: E402

WITHOUT = ["noselect", "mailbox-limit", "annotations"]  # JMAP has no name without a mailbox, tells no limit of them, keeps no annotations
PEOPLE = ("anna", "bert", "carl")


class Conversations(unittest.TestCase):
    OPTIONS = {}

    def test_as_with_the_embedded_store(self):
        with JmapServer(fsync=False, **self.OPTIONS) as js:
            for name in PEOPLE:
                js.add_user(name, name)
            with Gateway(server_socket="jmap+" + js.url, mirror_path=js.folder / "mirror") as gw:
                play(self, gw, lambda name: js.add_user(name, name), without=WITHOUT)


class AsCyrus(Conversations):
    """With the habits of Cyrus 3.6."""
    OPTIONS = {"cyrus": True}


if __name__ == "__main__":
    unittest.main()
