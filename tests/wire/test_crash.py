"""kill -9 in the middle of writing: what was acknowledged is there afterwards, whole, and the store checks clean."""
import signal
import sys
import threading
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import Gateway, Wire  # noqa: E402

ROUNDS = 3
MESSAGES = 1000


def message(i):
    body = ("line %d of the message\r\n" % i) * (1 + i % 40)
    return ("From: a@example.org\r\nSubject: number %d\r\nMessage-ID: <%d@crash>\r\n\r\n%s" % (i, i, body)).encode()


class Crash(unittest.TestCase):
    def setUp(self):
        self.gw = Gateway().start()
        self.gw.add_user("anna", "pw")

    def tearDown(self):
        self.gw.stop()
        self.gw.remove()

    def login(self):
        w = Wire(self.gw)
        self.assertIn(b"OK", w.command(b"a", b"LOGIN anna pw")[-1])
        return w

    def kill_9(self):
        """The whole process tree: fork children are not told by the death of their parent."""
        children = []
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if int(fields[1]) == self.gw.pid:
                children.append(int(stat.parent.name))
        import os
        for pid in [self.gw.pid] + children:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.gw.stop()

    def append_until_killed(self, base, after_s):
        """Pipelined APPENDs; the daemon dies after after_s seconds. The numbers that were acknowledged."""
        w = self.login()
        acked = set()

        def write():
            try:
                for i in range(base, base + MESSAGES):
                    m = message(i)
                    w.send(b"m%d APPEND INBOX {%d+}\r\n%s\r\n" % (i, len(m), m))
            except OSError:
                pass

        writer = threading.Thread(target=write)
        killer = threading.Timer(after_s, self.kill_9)
        writer.start()
        killer.start()
        try:
            while len(acked) < MESSAGES:
                line = w.line()
                if not line.endswith(b"\n"):
                    break
                if line.startswith(b"m") and b" OK" in line:
                    acked.add(int(line[1:].split()[0]))
        except OSError:
            pass
        killer.join()
        writer.join()
        w.close()
        return acked

    def test_no_acknowledged_append_is_lost(self):
        acked = set()
        for r in range(ROUNDS):
            acked |= self.append_until_killed(r * MESSAGES, 0.08 + 0.06 * r)
            self.gw.start()
            imap = self.gw.imap("anna", "pw")
            imap.select("INBOX")
            typ, data = imap.fetch("1:*", "(UID BODY.PEEK[])")
            have = {}
            for item in data:
                if isinstance(item, tuple):
                    number = int(item[1].split(b"Subject: number ")[1].split(b"\r\n")[0])
                    self.assertNotIn(number, have, "doubled")
                    have[number] = item[1]
            for number, bytes_ in have.items():
                self.assertEqual(bytes_, message(number))
            self.assertEqual(acked - set(have), set(), "acknowledged and lost")
            imap.logout()
            self.gw.gwctl("store", "check")
        self.assertGreater(len(acked), 0)

    def test_flags_moves_and_expunges_survive(self):
        imap = self.gw.imap("anna", "pw")
        imap.create("Other")
        for i in range(60):
            imap.append("INBOX", None, None, message(i))
        imap.select("INBOX")
        imap.store("1:20", "+FLAGS", "(\\Flagged $Label1)")
        imap.store("21:30", "+FLAGS", "\\Deleted")
        imap.expunge()
        typ, data = imap._simple_command("MOVE", "21:30", "Other")
        self.assertEqual(typ, "OK")
        self.kill_9()
        self.gw.start()
        imap = self.gw.imap("anna", "pw")
        self.assertEqual(imap.select("INBOX")[1], [b"40"])
        self.assertEqual(len(imap.search(None, "FLAGGED KEYWORD $Label1")[1][0].split()), 20)
        self.assertEqual(imap.select("Other")[1], [b"10"])
        imap.logout()
        self.gw.gwctl("store", "check")

    def test_a_message_that_moves_is_in_one_mailbox_whenever_the_server_dies(self):
        """RFC 6851 3.3(c), 3.3(d), 3.3(e); RFC 9051 6.4.8(c)"""
        imap = self.gw.imap("anna", "pw")
        imap.create("Other")
        for i in range(120):
            imap.append("INBOX", None, None, message(i))
        imap.logout()
        for round in range(ROUNDS):
            w = self.login()
            w.send(b"".join(b"s SELECT %s\r\nm MOVE 1:* %s\r\n" % way
                            for way in [(b"INBOX", b"Other"), (b"Other", b"INBOX")] * 60))
            for _ in range(60 + 50 * round):
                w.line()
            self.kill_9()
            w.close()
            self.gw.start()
            imap = self.gw.imap("anna", "pw")
            subjects = []
            for box in ("INBOX", "Other"):
                if imap.select(box)[1] != [b"0"]:
                    subjects += [part[1] for part in imap.fetch("1:*", "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])")[1] if len(part) == 2]
            self.assertEqual(sorted(subjects), sorted(b"Subject: number %d\r\n\r\n" % i for i in range(120)))
            imap.logout()
            self.gw.gwctl("store", "check")

    def test_a_cut_append_leaves_nothing(self):
        m = message(7) * 20
        w = self.login()
        head = b"b APPEND INBOX {%d+}\r\n" % len(m)
        w.close()
        for cut in range(0, len(m), max(1, len(m) // 12)):
            w = self.login()
            w.send(head + m[:cut])
            w.close()
        time.sleep(0.3)
        imap = self.gw.imap("anna", "pw")
        self.assertEqual(imap.select("INBOX")[1], [b"0"])
        imap.logout()


if __name__ == "__main__":
    unittest.main()
