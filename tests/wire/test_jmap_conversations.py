#!/usr/bin/env python3
"""The conversations of tests/conv with mail on a JMAP server.

What such a server cannot do is listed with its reason in CANNOT; everything else must be as with the embedded store."""
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import ROOT, Gateway  # noqa: E402
from jmap_server import JmapServer  # noqa: E402

FILES = sorted((ROOT / "tests/conv").glob("*.conv"))
CANNOT = {
    "imap-mailboxes.conv": "a mailbox with others below it cannot be deleted alone: JMAP has no names without a mailbox",
}


class Conversations(unittest.TestCase):
    OPTIONS = {}

    @classmethod
    def setUpClass(cls):
        cls.server = JmapServer(fsync=False, **cls.OPTIONS)
        cls.server.__enter__()
        for name in ("anna", "bert", "carl"):
            cls.server.add_user(name, name)
        cls.gw = Gateway(server_socket="jmap+" + cls.server.url, mirror_path=cls.server.folder / "mirror")
        cls.gw.__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.gw.__exit__(None, None, None)
        cls.server.__exit__(None, None, None)

    def test_as_with_the_embedded_store(self):
        conv = self.gw.build / "tests/conv/conv"
        played = 0
        for n, path in enumerate(FILES):
            if path.name in CANNOT:
                continue
            names = ["c%dx" % n, "c%dy" % n]
            for name in names:
                self.server.add_user(name, name)
            service = "pop3" if "PROTO: pop3" in path.read_text() else "imap"
            p = subprocess.run([str(conv), "--connect", "127.0.0.1:%d" % self.gw.port[service], "--user", names[0],
                                "--other", names[1], str(path)], capture_output=True, timeout=120, cwd=ROOT)
            with self.subTest(path.name):
                self.assertEqual(p.returncode, 0, p.stdout.decode("utf-8", "replace")[-2000:])
            played += b"1 passed" in p.stdout
        self.assertGreater(played, 10)


if __name__ == "__main__":
    unittest.main()
