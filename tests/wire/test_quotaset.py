"""QUOTASET (RFC 9208) with the real daemon: what an administrator or operator sets counts at once, also for other gateways
that serve the same store."""
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import Gateway, Wire  # noqa: E402

MESSAGE = b"Subject: x\r\n\r\n"


class Quotaset(unittest.TestCase):
    def gateway(self, **options):
        gw = Gateway(imap_admins="boss", **options).start()
        self.addCleanup(gw.remove)
        self.addCleanup(gw.stop)
        return gw

    def session(self, gw, user):
        w = Wire(gw)
        self.addCleanup(w.close)
        self.assertIn(b"OK", w.command(b"a", b"LOGIN %s pw" % user)[-1])
        return w

    def append(self, w):
        w.send(b"p APPEND INBOX {%d+}\r\n%s\r\n" % (len(MESSAGE), MESSAGE))
        return w.until(b"p ")[-1]

    def test_limits_count_at_once_in_all_sessions_and_gateways(self):
        """RFC 9208 1(b), 4.1.3(a), 4.1.3(b), 4.3.1(a)"""
        gw = self.gateway()
        gw.add_user("boss", "pw")
        gw.add_user("anna", "pw")
        other = self.gateway(server_socket="local:" + str(gw.folder / "store"))
        boss, here, there = self.session(gw, b"boss"), self.session(gw, b"anna"), self.session(other, b"anna")
        self.assertIn(b" OK ", self.append(here))
        self.assertIn(b"QUOTASET", b"".join(boss.command(b"c", b"CAPABILITY")))
        self.assertNotIn(b"QUOTASET", b"".join(here.command(b"c", b"CAPABILITY")))
        self.assertIn(b"NO [NOPERM]", here.command(b"s", b'SETQUOTA "" (STORAGE 100)')[-1])
        reply = boss.command(b"s", b'SETQUOTA user/anna (MESSAGE 2)')
        self.assertTrue(reply[0].startswith(b"* QUOTA user/anna (MESSAGE 1 2 "), reply)
        for w in (here, there):
            self.assertIn(b" MESSAGE 1 2 ", b" ".join(w.command(b"g", b'GETQUOTA ""')).replace(b"(", b" "))
        self.assertIn(b" OK ", self.append(there))
        self.assertIn(b"NO [OVERQUOTA]", self.append(here))
        self.assertIn(b"NO [OVERQUOTA]", self.append(there))
        # the same numbers for operators, and theirs for administrators
        self.assertIn('"messages_limit":2', gw.gwctl("--json", "quota", "show", "anna").stdout.replace(" ", ""))
        gw.gwctl("quota", "set", "anna", "messages=3", "annotations=4K")
        self.assertIn(b" MESSAGE 2 3 ", b" ".join(boss.command(b"g", b"GETQUOTA user/anna")).replace(b"(", b" "))
        self.assertIn(b"ANNOTATION-STORAGE 0 4)", b"".join(there.command(b"g", b'GETQUOTA ""')))
        self.assertIn(b" OK ", self.append(there))
        # durable
        gw.stop()
        gw.start()
        self.assertIn(b"MESSAGE 3 3 ", b"".join(self.session(gw, b"boss").command(b"g", b"GETQUOTA user/anna")))


if __name__ == "__main__":
    unittest.main()
