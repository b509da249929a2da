#!/usr/bin/env python3
"""The conversations of tests/conv with mail on a JMAP server: everything must be as with the embedded store.

What a server cannot do is said by words (WITHOUT): a conversation has other lines for it there (IF: in tests/conv/conv.c)."""
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import ROOT, Gateway  # noqa: E402
from jmap_server import JmapServer  # noqa: E402

FILES = sorted((ROOT / "tests/conv").glob("*.conv"))
WITHOUT = ["noselect", "mailbox-limit", "annotations"]  # JMAP has no name without a mailbox, tells no limit of them, keeps no annotations
NEEDS_HOST = ("CONFIG:", "PEER:", "T:", "H: shutdown", "H: drain", "H: kick", "H: starttls")
PEOPLE = ("anna", "bert", "carl")


def playable():
    """(file, text) of the conversations that can be held over a socket."""
    for path in FILES:
        text = path.read_text()
        if not any(line.startswith(NEEDS_HOST) for line in text.splitlines()):
            yield path, text


def play(case, gw, add_user):
    """Hold them all with the gateway, each with users of its own."""
    played = 0
    for n, (path, text) in enumerate(playable()):
        names = ["c%dx" % n, "c%dy" % n]
        for name in names if "%{other}" in text else names[:1]:
            add_user(name)
        service = "pop3" if "PROTO: pop3" in text else "imap"
        p = subprocess.run([str(gw.build / "tests/conv/conv"), "--connect", "127.0.0.1:%d" % gw.port[service],
                            "--imap", "127.0.0.1:%d" % gw.port["imap"], "--user", names[0], "--other", names[1],
                            *(a for word in WITHOUT for a in ("--without", word)), str(path)],
                           capture_output=True, timeout=300, cwd=ROOT)
        with case.subTest(path.name):
            case.assertEqual((p.returncode, b"1 passed" in p.stdout), (0, True),
                             p.stdout.decode("utf-8", "replace")[-2000:])
        played += p.returncode == 0
    case.assertGreater(played, 25)


class Conversations(unittest.TestCase):
    OPTIONS = {}

    def test_as_with_the_embedded_store(self):
        with JmapServer(fsync=False, **self.OPTIONS) as js:
            for name in PEOPLE:
                js.add_user(name, name)
            with Gateway(server_socket="jmap+" + js.url, mirror_path=js.folder / "mirror") as gw:
                play(self, gw, lambda name: js.add_user(name, name))


class AsCyrus(Conversations):
    """With the habits of Cyrus 3.6."""
    OPTIONS = {"cyrus": True}


if __name__ == "__main__":
    unittest.main()
