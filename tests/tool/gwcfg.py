"""gwcfg.py - run gwcfg in a throw-away folder.

    class Check(Folder):
        def test_x(self):
            self.write("a.cfg", "imap_port = 1143\\n")
            self.assertIn("1143", self.gwcfg("dump", "a.cfg").stdout)
"""
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BUILD = Path(os.environ.get("GW_BUILD", ROOT / "build")).resolve()
GOOD = "server_socket = local:/var/lib/gateway\nlog_file = -\n"  # nothing to say about it


class Folder(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="gateway-")).resolve()

    def tearDown(self):
        shutil.rmtree(self.folder)

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def read(self, name):
        return (self.folder / name).read_text()

    def gwcfg(self, *args, input=None, env=None, expect=0):
        """Run it in the folder; expect is the exit code, None for any."""
        env = {"PATH": os.environ["PATH"], "LC_ALL": "C", **(env or {})}
        done = subprocess.run([str(BUILD / "gwcfg"), *map(str, args)], cwd=self.folder, input=input, env=env,
                              capture_output=True, text=True, timeout=60)
        if expect is not None:
            self.assertEqual(done.returncode, expect, "%s\n%s%s" % (" ".join(map(str, args)), done.stdout, done.stderr))
        return done
