#!/usr/bin/env python3
"""Malformed requests on the control socket, tens of thousands of them, change nothing: GW_MALFORMED=1000000 for more."""
import os
import sys
import threading
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import Gateway, until
from malformed import Control, flood, state

MANY = int(os.environ.get("GW_MALFORMED", "40000"))


class Malformed(unittest.TestCase):
    def test_they_change_nothing(self):
        with Gateway() as gw:
            gw.add_user("anna", "x")
            client = gw.imap("anna", "x")
            path = gw.options["control_socket"]
            flood(path, 4000, seed=2)  # what is allocated once
            before = state(gw)
            beside = threading.Thread(target=flood, args=(path, MANY // 2, 3))
            beside.start()
            flood(path, MANY // 2)
            beside.join()
            after = state(gw)
            self.assertLess(after.pop("rss_kib") - before.pop("rss_kib"), 4096 * gw.memory_factor)
            files = before.pop("files"), after.pop("files")  # those of connections and children that are just ending go
            self.assertTrue(files[1] <= files[0] or until(lambda: state(gw)["files"] <= files[0]), files)
            self.assertEqual(after, before)
            self.assertEqual(client.noop()[0], "OK")
            client.shutdown()
            self.assertEqual(gw.stop(), 0)

    def test_each_is_answered_in_its_turn(self):
        with Gateway() as gw:
            c = Control(gw.options["control_socket"])
            c.send(b"version\nno such\nping\nuser add\nping\n")
            said = [c.line().split(b" ")[:2] for _ in range(5)]
            self.assertEqual([w[0] for w in said], [b"OK", b"ERR", b"OK", b"ERR", b"OK"])
            c.s.close()


if __name__ == "__main__":
    unittest.main()
