"""Import and export as the daemon does them: complete and without doubles whatever is killed when; hostile streams."""
import random
import socket
import struct
import sys
import threading
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import Gateway, Wire  # noqa: E402
from transfer import ANSWERED, SEEN, Ended, Giver, Message, Stream, Taker, frame, kill_9, offer, string  # noqa: E402

KILLS = 12


def body(i):
    size = (i * 7919) % 9000
    text = ("line %d\r\n" % i) * (size // 9)
    return ("From: a@example.org\r\nSubject: number %d\r\nMessage-ID: <%d@elsewhere>\r\n\r\n%s" % (i, i, text)).encode()


def messages(n, first=1):
    return [Message("key.%d" % i, body(i), uid=i * 3, uidl="UIDL-%d" % i, flags=SEEN if i % 2 else 0,
                    keywords=("$Label%d" % (i % 3),), date=1500000000 + i) for i in range(first, first + n)]


class Transfers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.gw = Gateway().start()
        cls.users = 0

    @classmethod
    def tearDownClass(cls):
        cls.gw.stop()
        cls.gw.remove()

    def user(self):
        Transfers.users += 1
        name = "user%d" % Transfers.users
        self.gw.gwctl("user", "add", name, text="pw\n")
        return name

    def fetch(self, user, mailbox="INBOX"):
        """UID -> (flags, body) over IMAP, and UIDVALIDITY."""
        c = self.gw.imap(user, "pw")
        c.select('"%s"' % mailbox, readonly=True)
        validity = int(c.response("UIDVALIDITY")[1][0])
        found = {}
        _, data = c.uid("FETCH", "1:*", "(FLAGS INTERNALDATE BODY.PEEK[])")
        for d in data:
            if isinstance(d, tuple):
                uid = int(d[0].split(b"UID ")[1].split()[0])
                found[uid] = (d[0], d[1])
        c.logout()
        return found, validity

    def same(self, user, mail, mailbox="INBOX"):
        found, _ = self.fetch(user, mailbox)
        self.assertEqual(len(found), len(mail))
        for m in mail:
            self.assertEqual(found[m.uid][1], m.body, m.key)

    # ---- what is kept ----
    def test_all_that_can_be_kept_is_kept(self):
        user, mail = self.user(), messages(300)
        with Giver(self.gw, user, "test:1") as g:
            g.folder("INBOX", uidvalidity=77, uidnext=5000, messages=300)
            g.messages(mail)
            g.folder("Work/K\u00f6ln", uidvalidity=78, special=32, subscribed=True)
            g.messages(mail[:2])
        self.assertEqual((g.answer["imported"], g.answer["skipped"], g.answer["exit"]), (302, 0, 0))
        self.same(user, mail)
        found, validity = self.fetch(user)
        self.assertEqual(validity, 77)
        self.assertIn(b"$Label1", found[3][0])
        self.assertIn(b"\\Seen", found[3][0])
        self.assertIn(b"2017", found[3][0])
        c = self.gw.imap(user, "pw")
        self.assertIn(b"5000", c.status("INBOX", "(UIDNEXT)")[1][0])
        listed = b"".join(c.list()[1])
        self.assertIn(b"Work/K&APY-ln", listed)
        c.logout()
        p = self.gw.pop3(user, "pw")
        self.assertEqual(p.uidl()[1][:2], [b"1 UIDL-1", b"2 UIDL-2"])
        p.quit()

    def test_a_second_run_brings_only_what_is_new(self):
        user, mail = self.user(), messages(20)
        with Giver(self.gw, user, "test:2") as g:
            g.folder("INBOX", uidvalidity=77)
            g.messages(mail[:15])
        c = self.gw.imap(user, "pw")
        c.select("INBOX")
        c.uid("STORE", "3", "+FLAGS", "\\Deleted")
        c.expunge()
        c.logout()
        with Giver(self.gw, user, "test:2") as g:
            g.folder("INBOX", uidvalidity=77)
            self.assertEqual(g.ask(mail), [False] * 15 + [True] * 5)
            g.give(mail, [False] * 15 + [True] * 5)
            g.commit()
        self.assertEqual((g.answer["imported"], g.answer["already"]), (5, 15))
        self.same(user, mail[1:])

    def test_a_dry_run_changes_nothing(self):
        user, mail = self.user(), messages(3)
        with Giver(self.gw, user, "test:3", "dry-run=yes into=Old") as g:
            g.folder("INBOX", uidvalidity=77)
            g.messages(mail)
        self.assertEqual((g.answer["would_import"], g.answer["folders_would_be_made"]), (3, 1))
        c = self.gw.imap(user, "pw")
        self.assertNotIn(b"Old", b"".join(c.list()[1]))
        c.logout()

    def test_flags_that_changed_elsewhere_are_brought_over_on_request(self):
        user, mail = self.user(), messages(4)
        for options in ("", "flags=yes"):
            with Giver(self.gw, user, "test:4", options) as g:
                g.folder("INBOX", uidvalidity=77)
                g.messages(mail)
            mail[0].flags, mail[0].keywords = ANSWERED, ("Late",)
        self.assertEqual(g.answer["flags_changed"], 1)
        self.assertIn(b"FLAGS (\\Answered Late)", self.fetch(user)[0][3][0])

    def test_what_is_left_out_is_told_and_the_rest_comes(self):
        user, mail = self.user(), messages(6)
        mail[4].body = b"Subject: large\r\n\r\n" + b"x" * 70 + b"\r\n" * 40000
        self.gw.gwctl("user", "quota", user, "0", "3")
        with Giver(self.gw, user, "test:5", "max-size=50000") as g:
            g.folder("INBOX", uidvalidity=77, messages=6)
            want = g.ask(mail)
            self.assertEqual(want, [True] * 3 + [False] * 3)
            g.give(mail[:2], want)
            g.send(frame(b"M", b"\0\2") + frame(b"D", b"half of it") + frame(b"X", b"\0\2" + string("disk trouble")))
            g.commit()
            g.folder("bad\x01name")
            g.messages(mail[:1])
        self.assertEqual(g.answer["imported"], 2)
        self.assertEqual((g.answer["over_quota"], g.answer["too_large"], g.answer["unreadable"], g.answer["no_place"]),
                         (2, 1, 1, 1))
        self.assertEqual(g.answer["exit"], 1)
        problems = [r for r in g.rows if r["event"] == "problem"]
        self.assertEqual(sorted(p.get("message", "") for p in problems), ["", "key.3", "key.4", "key.5", "key.6"])
        self.same(user, mail[:2])

    def test_a_message_that_turns_out_too_large_is_left_out(self):
        user = self.user()
        m = Message("k", b"", uid=1)  # says nothing of its size
        with Giver(self.gw, user, "test:6", "max-size=1000") as g:
            g.folder("INBOX")
            g.ask([m])
            m.body = b"x" * 1001
            g.give([m], [True])
            g.commit()
        self.assertEqual((g.answer["imported"], g.answer["too_large"]), (0, 1))

    # ---- export ----
    def test_an_export_gives_back_what_was_imported(self):
        user, mail = self.user(), messages(520)
        with Giver(self.gw, user, "test:7") as g:
            g.folder("INBOX", uidvalidity=77)
            g.messages(mail)
        t = Taker(self.gw, user)
        t.run()
        t.close()
        self.assertEqual((t.answer["exported"], t.answer["already"]), (520, 0))
        self.assertEqual(t.folders["INBOX"][0], 77)
        for a, b in zip(t.mail["INBOX"], mail):
            self.assertEqual((a.body, a.uid, a.uidl, a.flags, a.keywords, a.date),
                             (b.body, b.uid, b.uidl, b.flags, b.keywords, b.date))
        again = Taker(self.gw, user, options="folder=IN*", have=t.have)
        again.run()
        again.close()
        self.assertEqual((again.answer["exported"], again.answer["already"]), (0, 520))
        self.assertEqual(list(again.folders), ["INBOX"])

    # ---- other ends that behave badly ----
    def test_hostile_streams_end_with_a_sentence_and_harm_nothing(self):
        user = self.user()
        hello = frame(b"H", struct.pack(">I", 1) + string("test:8"))
        folder = frame(b"F", struct.pack(">IIIBB", 1, 1, 1, 0, 2) + string("INBOX"))
        one = offer(Message("k", b"x"))
        streams = [b"GET / HTTP/1.0\r\n\r\n", frame(b"H", struct.pack(">I", 9) + string("x")), hello + frame(b"Q"),
                   hello + frame(b"F", b"\0"), hello + folder + one * 257, b"D\xff\xff\xff\xff" + b"x" * 100,
                   hello + folder + offer(Message("k" * 1001, b"x")), hello + folder + offer(Message("", b"x")),
                   frame(b"H", struct.pack(">I", 1) + string("")),
                   bytes(random.Random(1).randrange(256) for _ in range(5000))]
        for data in streams:
            s = Stream(self.gw, "import user=%s source=test:8" % user)
            try:
                s.send(data)
            except Ended:
                pass
            s.finish()
            s.close()
            self.assertIsNotNone(s.error, data[:40])
            self.assertTrue(s.error.startswith("ERR "), s.error)
        self.assertEqual(self.fetch(user)[0], {})

    def test_what_is_no_socket_or_not_passed_is_refused(self):
        with socket.socket(socket.AF_UNIX) as c:
            c.connect(self.gw.options["control_socket"])
            f = c.makefile("rb")
            f.readline()
            c.sendall(b"import user=nobody source=test:9\n")
            self.assertIn(b"passed", f.readline())
            with open("/dev/null", "rb") as null:
                socket.send_fds(c, [b"import user=%s source=test:9\n" % self.user().encode()], [null.fileno()])
            self.assertIn(b"not a connected stream socket", f.readline())
            f.close()

    def test_a_silent_other_end_holds_up_nobody_and_can_be_cancelled(self):
        s = Stream(self.gw, "import user=%s source=test:10" % self.user())
        self.assertIn("running", self.gw.gwctl("status").stdout)
        s.control.sendall(b"cancel\n")
        s.finish()
        s.close()
        self.assertIn("ERR interrupted", s.error)

    def test_unknown_users_are_told(self):
        s = Stream(self.gw, "import user=nobody source=test:11")
        s.finish()
        s.close()
        self.assertIn("ERR not-found", s.error)


class Killed(unittest.TestCase):
    """Whoever dies when: the same import again and again until it ends."""

    def setUp(self):
        self.gw = Gateway().start()
        self.gw.add_user("anna", "pw")
        self.mail = messages(400)
        self.random = random.Random(7)

    def tearDown(self):
        self.gw.stop()
        self.gw.remove()

    def run_once(self, break_after):
        """One run; the giver hangs up after about so many octets."""
        left = [break_after]
        g = Giver(self.gw, "anna", "test:kill")
        send = g.stream.sendall

        def sendall(data):
            if len(data) > left[0]:
                send(data[:left[0]])
                raise OSError("killed")
            left[0] -= len(data)
            send(data)

        class Cut:
            def __getattr__(self, name):
                return sendall if name == "sendall" else getattr(g_stream, name)
        g_stream, g.stream = g.stream, Cut()
        try:
            g.folder("INBOX", uidvalidity=77, uidnext=2000)
            for at in range(0, len(self.mail), 40):  # small batches: more moments to die at
                batch = self.mail[at:at + 40]
                g.give(batch, g.ask(batch))
                g.commit()
            g.send(frame(b"K"))
            g.finish()
            return g.answer
        except (Ended, OSError):
            return None
        finally:
            g_stream.close()
            g.control.close()

    def whole(self):
        w = Wire(self.gw)
        w.command(b"a", b"LOGIN anna pw")
        self.assertIn(b"UIDVALIDITY 77", b"".join(w.command(b"b", b"EXAMINE INBOX")))
        w.close()
        c = self.gw.imap("anna", "pw")
        c.select("INBOX", readonly=True)
        _, data = c.uid("FETCH", "1:*", "(UID BODY.PEEK[])")
        found = [(int(d[0].split(b"UID ")[1].split()[0]), d[1]) for d in data if isinstance(d, tuple)]
        c.logout()
        self.assertEqual(found, [(m.uid, m.body) for m in self.mail])
        self.assertEqual(self.gw.gwctl("store", "check", "anna").returncode, 0)

    def test_the_giver_dies_at_any_octet(self):
        total = sum(len(m.body) for m in self.mail)
        for _ in range(KILLS):
            self.run_once(self.random.randrange(total))
        answer = self.run_once(1 << 40)
        self.assertEqual(answer["imported"] + answer["already"], len(self.mail))
        self.whole()

    def test_the_daemon_dies_at_any_moment(self):
        rounds = 0
        answer = None
        while answer is None or rounds < 5:
            rounds += 1
            self.assertLess(rounds, 60)
            if rounds <= KILLS:
                timer = threading.Timer(self.random.random() * 0.25, kill_9, [self.gw])
                timer.start()
            try:
                answer = self.run_once(1 << 40)
            except OSError:  # died before it was asked
                answer = None
            if rounds <= KILLS:
                timer.join()
                answer = None
                self.gw.start()
        self.assertEqual(answer["imported"] + answer["already"], len(self.mail))
        self.whole()


if __name__ == "__main__":
    unittest.main()
