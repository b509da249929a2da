#!/usr/bin/env python3
"""Who guesses passwords waits or is shut out; limits, auth test and auth explain say why.

Nothing here measures time: a delay is what the daemon says of it, or so long that what must not wait for it is answered
before."""
import json
import select
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import Gateway, Wire

HERE = "address=127.0.0.1"


def answer(gw, *words, text="", check=True):
    """All lines of an answer, the object behind OK last."""
    return [json.loads(line) for line in gw.gwctl("--json", *words, text=text, check=check).stdout.splitlines()]


def limits(gw, user):
    return answer(gw, "limits", user, HERE)[-1]


def silent(wire):
    return not select.select([wire.s], [], [], 0)[0]


class Guessing(unittest.TestCase):
    def setUp(self):
        self.gw = Gateway(trusted_networks="", auth_delay_after=3, auth_delay_max=60, max_auth_failures=100, login_timeout=300)
        self.gw.start()
        self.addCleanup(self.gw.remove)
        self.addCleanup(self.gw.stop)
        for name in ("anna", "berta"):
            self.gw.add_user(name, "right")

    def guess(self, user, times):
        w = Wire(self.gw)
        for _ in range(times):
            w.send(b"a LOGIN %s wrong\r\n" % user.encode())
            self.assertTrue(w.until(b"a ")[-1].startswith(b"a NO [AUTHENTICATIONFAILED]"))
        return w

    def test_failures_are_counted_and_a_success_takes_back_ones_own(self):
        self.guess("anna", 3)
        now = limits(self.gw, "anna")
        self.assertEqual((now["address_failures"], now["pair_failures"], now["failures"], now["delay_s"], now["known_there"]),
                         (3, 3, 3, 1, False))
        other = limits(self.gw, "berta")
        self.assertEqual((other["address_failures"], other["pair_failures"], other["delay_s"]), (3, 0, 1))
        self.gw.imap("berta", "right").shutdown()
        other = limits(self.gw, "berta")
        self.assertEqual((other["address_failures"], other["known_there"], other["delay_s"]), (3, True, 0))
        self.assertEqual(limits(self.gw, "anna")["delay_s"], 1)
        self.gw.imap("ANNA", "right").shutdown()
        now = limits(self.gw, "anna")
        self.assertEqual((now["pair_failures"], now["delay_s"], now["address_failures"]), (0, 0, 3))
        self.assertEqual(answer(self.gw, "penalty", "list")[0]["failures"], 3)
        self.assertEqual(answer(self.gw, "penalty", "clear", HERE)[-1], {"addresses": 1})
        self.assertEqual(answer(self.gw, "penalty", "list")[-1], {"addresses": 0})

    def hold_one(self):
        """A connection whose answer is kept back for longer than the test takes."""
        for _ in range(10):
            answer(self.gw, "auth", "test", "carl", HERE, "count=yes", text="wrong\n", check=False)
        self.assertEqual(limits(self.gw, "nobody")["delay_s"], 60)
        w = Wire(self.gw)
        w.send(b"a LOGIN berta right\r\n")
        while not answer(self.gw, "session", "list", "user=berta")[:-1]:
            time.sleep(0.01)
        return w

    def test_nobody_but_the_guesser_waits(self):
        known = self.gw.imap("anna", "right")
        held = [self.hold_one()]
        for _ in range(8):  # more than there are workers
            w = Wire(self.gw)
            w.send(b"a LOGIN carl wrong\r\n")
            held.append(w)
        again = self.gw.imap("anna", "right")  # who is known here is not held up
        self.assertEqual(again.noop()[0], "OK")
        self.assertEqual(known.noop()[0], "OK")
        self.assertTrue(all(silent(w) for w in held))
        self.assertEqual(answer(self.gw, "session", "kick", "user=berta")[-1]["sessions"], 1)
        said = held[0].until(b"* BYE")  # an order ends the waiting
        self.assertTrue(said[-1].startswith(b"* BYE"))
        known.shutdown()
        again.shutdown()
        for w in held:
            w.s.close()

    def test_the_end_of_the_service_waits_for_no_guesser(self):
        held = self.hold_one()
        self.assertEqual(self.gw.stop(), 0)
        held.s.close()

    def test_pop3_counts_too(self):
        w = Wire(self.gw, "pop3")
        for _ in range(2):
            w.send(b"USER anna\r\nPASS wrong\r\n")
            w.until(b"+OK")
            self.assertTrue(w.line().startswith(b"-ERR [AUTH]"))
        self.assertEqual(limits(self.gw, "anna")["pair_failures"], 2)


class Trusted(unittest.TestCase):
    def test_a_trusted_network_brings_no_penalty(self):
        with Gateway(auth_delay_after=1, ban_after=1, max_auth_failures=100) as gw:
            gw.add_user("anna", "right")
            w = Wire(gw)
            for _ in range(5):
                w.send(b"a LOGIN anna wrong\r\n")
                w.until(b"a NO")
            now = limits(gw, "anna")
            self.assertEqual((now["trusted"], now["address_failures"], now["delay_s"], now["banned"]), (True, 0, 0, False))
            gw.imap("anna", "right").shutdown()
            self.assertTrue(Wire(gw).greeting.startswith(b"* OK"))


class Bans(unittest.TestCase):
    def test_failures_shut_an_address_out(self):
        with Gateway(trusted_networks="", auth_delay_max=0, ban_after=3, ban_time=3600, max_auth_failures=100) as gw:
            gw.add_user("anna", "right")
            w = Wire(gw)
            for i in range(3):
                self.assertTrue(Wire(gw).greeting.startswith(b"* OK"), i)
                w.send(b"a LOGIN anna wrong\r\n")
                w.until(b"a NO")
            self.assertEqual(Wire(gw).greeting, b"* BYE [UNAVAILABLE] Your address is shut out, try again later\r\n")
            self.assertTrue(Wire(gw, "pop3").greeting.startswith(b"-ERR [SYS/TEMP] Your address is shut out"))
            ban, end = answer(gw, "ban", "list")
            self.assertEqual((ban["address"], ban["automatic"], ban["refused"], ban["reason"]),
                             ("127.0.0.1", True, 2, "3 failed logins"))
            self.assertTrue(3500 < ban["left_s"] <= 3600)
            now = limits(gw, "anna")
            self.assertEqual((now["banned"], now["ban_reason"], now["address_failures"]), (True, "3 failed logins", 0))
            w.send(b"b LOGIN anna right\r\n")  # who is inside stays
            self.assertTrue(w.until(b"b ")[-1].startswith(b"b OK"))
            answer(gw, "ban", "remove", "127.0.0.1")
            self.assertTrue(Wire(gw).greeting.startswith(b"* OK"))
            self.assertIn("Banned 127.0.0.1 for 3600 seconds: 3 failed logins", gw.log())

    def test_bans_by_hand(self):
        with Gateway() as gw:
            gw.add_user("anna", "x")
            c = gw.imap("anna", "x")
            self.assertEqual(answer(gw, "ban", "add", "127.0.0.77/8", "--for", "0", "--reason", "because")[-1], {"sessions": 0})
            self.assertTrue(Wire(gw).greeting.startswith(b"* BYE"))
            with self.assertRaises(OSError):
                Wire(gw, "imaps")
            self.assertEqual(c.noop()[0], "OK")
            ban, _ = answer(gw, "ban", "list", "127.0.0.1")
            self.assertEqual((ban["address"], ban["for_good"], ban["reason"], ban["automatic"], ban["refused"]),
                             ("127.0.0.0/8", True, "because", False, 2))
            self.assertEqual(answer(gw, "ban", "list", "192.0.2.1"), [{"bans": 0}])
            p = gw.gwctl("ban", "remove", "127.0.0.1", check=False)
            self.assertEqual(p.returncode, 1)
            self.assertIn("127.0.0.0/8", p.stderr)
            self.assertEqual(answer(gw, "ban", "add", "127.0.0.0/8", "kick=yes")[-1], {"sessions": 1})
            self.assertEqual(c.readline(), b"* BYE Ended by an administrator\r\n")
            self.assertTrue(800 < answer(gw, "ban", "list")[0]["left_s"] <= 900)  # ban_time
            self.assertEqual(answer(gw, "ban", "remove", "all=yes"), [{"bans": 1}])
            self.assertTrue(Wire(gw).greeting.startswith(b"* OK"))
            for words in (("add", "nonsense"), ("add", "127.0.0.1/33"), ("add",), ("remove",), ("remove", "127.0.0.1", "all=yes"),
                          ("add", "127.0.0.1", "for=99999999999")):
                self.assertNotEqual(gw.gwctl("ban", *words, check=False).returncode, 0, words)
            self.assertEqual(answer(gw, "ban", "list"), [{"bans": 0}])


class Verdicts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.gw = Gateway(disable_plaintext_auth="yes", server_bind="0.0.0.0", max_connections_per_user=1)
        cls.gw.start()
        for name in ("anna", "disabled", "no-imap"):
            cls.gw.add_user(name, "right-one")
        cls.gw.gwctl("user", "disable", "disabled")
        cls.gw.gwctl("user", "features", "no-imap", "imap")
        cls.gw.gwctl("user", "add", "nopass", "--no-password")

    @classmethod
    def tearDownClass(cls):
        log = cls.gw.log()
        assert cls.gw.stop() == 0
        cls.gw.remove()
        assert "right-one" not in log and "auth test user=anna password=***" in log, log[-3000:]

    def test_auth_test(self):
        for words, password, want in (
                (("anna",), "right-one", None), (("Anna",), "right-one", None), (("anna",), "wrong", "wrong user name"),
                (("nobody",), "right-one", "wrong user name"), (("nopass",), "x", "wrong user name"),
                (("disabled",), "right-one", "disabled"), (("disabled",), "wrong", "wrong user name"),
                (("no-imap", "service=imap"), "right-one", "imap is disabled"), (("no-imap", "service=pop3"), "right-one", None),
                (("anna", "mechanism=SCRAM-SHA-256"), "right-one", None),
                (("anna", "mechanism=SCRAM-SHA-256"), "wrong", "wrong user name"),
                (("anna", "mechanism=PLAIN", "service=imap", "address=192.0.2.1"), "right-one", "not offered"),
                (("anna", "mechanism=PLAIN", "service=imap", "address=192.0.2.1", "tls=yes"), "right-one", None),
                (("anna", "service=imap", "address=192.0.2.1"), "right-one", "disable_plaintext_auth"),
                (("anna", "service=imaps", "address=192.0.2.1"), "right-one", None)):
            with self.subTest(words=words, password=password):
                p = self.gw.gwctl("--json", "auth", "test", *words, text=password + "\n", check=False)
                got = json.loads(p.stdout)
                self.assertEqual((p.returncode, got["accepted"]), (1 if want else 0, not want))
                if want:
                    self.assertIn(want, got["reason"])

    def test_a_test_does_not_count_unless_it_is_asked_to(self):
        answer(self.gw, "auth", "test", "anna", "address=192.0.2.9", text="wrong\n", check=False)
        self.assertEqual(answer(self.gw, "limits", "anna", "address=192.0.2.9")[-1]["address_failures"], 0)
        answer(self.gw, "auth", "test", "anna", "address=192.0.2.9", "count=yes", text="wrong\n", check=False)
        self.assertEqual(answer(self.gw, "limits", "anna", "address=192.0.2.9")[-1]["address_failures"], 1)
        show = answer(self.gw, "user", "show", "anna")
        answer(self.gw, "auth", "test", "anna", text="right-one\n")
        self.assertEqual(answer(self.gw, "user", "show", "anna"), show)  # and is no login
        answer(self.gw, "penalty", "clear", "all=yes", "user=anna")
        self.assertEqual(answer(self.gw, "limits", "anna")[-1]["failures"], 0)

    def explain(self, *words, text=""):
        p = self.gw.gwctl("--json", "auth", "explain", *words, text=text, check=False)
        lines = [json.loads(line) for line in p.stdout.splitlines()]
        self.assertEqual(p.returncode, 0 if lines[-1]["accepted"] else 1)
        return {r["step"]: r["verdict"] for r in lines[:-1]}, lines[-1].get("step")

    def test_auth_explain(self):
        steps, failed = self.explain("anna", "service=imaps", "address=192.0.2.1")
        self.assertIsNone(failed)
        self.assertEqual(set(steps.values()), {"pass"})
        self.assertEqual(self.explain("nobody")[1], "account")
        self.assertEqual(self.explain("disabled")[1], "enabled")
        self.assertEqual(self.explain("nopass")[1], "password")
        self.assertEqual(self.explain("no-imap", "service=imap")[1], "feature")
        self.assertIsNone(self.explain("no-imap", "service=pop3")[1])
        self.assertEqual(self.explain("anna", "verify=yes", text="wrong\n")[1], "verify")
        self.assertIsNone(self.explain("anna", "verify=yes", text="right-one\n")[1])
        self.assertEqual(self.explain("anna", "service=imap", "address=192.0.2.1")[0]["plaintext"], "note")  # SCRAM is offered
        answer(self.gw, "ban", "add", "192.0.2.0/24")
        self.assertEqual(self.explain("anna", "address=192.0.2.1")[1], "ban")
        answer(self.gw, "ban", "remove", "192.0.2.0/24")
        c = self.gw.imap("anna", "right-one")
        self.assertEqual(self.explain("anna")[1], "user limit")
        c.shutdown()


if __name__ == "__main__":
    unittest.main()
