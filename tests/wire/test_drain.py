"""Letting sessions go: drain, resume, shutdown. Who is in the middle of a command gets to its end."""
import json
import os
import socket
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import Gateway, Wire, until  # noqa: E402


class Drained(unittest.TestCase):
    options = {}

    def setUp(self):
        self.wires = []
        self.gw = Gateway(log_level=5, shutdown_timeout=20, **self.options).start()
        self.gw.add_user("anna", "x")
        self.gw.add_user("bert", "x")

    def tearDown(self):
        for w in self.wires:
            w.close()
        self.gw.stop()
        self.gw.remove()

    def rows(self, *args, code=0):
        p = self.gw.gwctl("--json", *args, check=False)
        self.assertEqual(p.returncode, code, p.stdout + p.stderr)
        return [json.loads(line) for line in p.stdout.splitlines()]

    def wire(self, service="imap"):
        w = Wire(self.gw, service)
        self.wires.append(w)
        return w

    def begin(self, *args):
        """gwctl, left running."""
        return subprocess.Popen([str(self.gw.build / "gwctl"), "-s", self.gw.options["control_socket"], "--json", *args],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def signed_on(self, user, service="imap"):
        w = self.wire(service)
        if service.startswith("imap"):
            self.assertIn(b" OK ", w.command(b"l", b"LOGIN %s x" % user.encode())[-1])
        else:
            w.send(b"USER %s\r\nPASS x\r\n" % user.encode())
            w.line()
            self.assertTrue(w.line().startswith(b"+OK"))
        return w

    def refused(self, service="imap"):
        try:
            Wire(self.gw, service).close()
        except ConnectionRefusedError:
            return True
        return False

    def state(self):
        status = self.rows("status")[0]
        return status["state"], status["ready"]


class Drains(Drained):
    def test_idle_sessions_go_and_the_others_when_they_are_done(self):
        idle, fresh, pop3 = self.signed_on("anna"), self.wire(), self.signed_on("bert", "pop3")
        idling = self.signed_on("anna")
        idling.command(b"a", b"SELECT INBOX")
        idling.send(b"i IDLE\r\n")
        self.assertTrue(idling.line().startswith(b"+"))
        busy = self.signed_on("anna")
        busy.send(b"b APPEND INBOX {10}\r\n")
        self.assertTrue(busy.line().startswith(b"+"))
        drain = self.begin("drain")
        for w in (idle, fresh, idling):
            self.assertTrue(w.line().startswith(b"* BYE [UNAVAILABLE]"))
            self.assertEqual(w.closed(), b"")
        self.assertTrue(pop3.line().startswith(b"-ERR [SYS/TEMP] BYE"))
        while True:
            row = json.loads(drain.stdout.readline())
            if row["left"] == 1:
                break
        self.assertEqual((row["state"], row["seconds_left"]), ("draining", None))
        self.assertEqual(self.state(), ("draining", False))
        self.assertTrue(self.refused() and self.refused("imaps") and self.refused("pop3"))
        busy.send(b"0123456789\r\n")
        self.assertTrue(busy.line().startswith(b"b OK"))
        self.assertTrue(busy.line().startswith(b"* BYE [UNAVAILABLE]"))
        out, err = drain.communicate(timeout=60)
        self.assertEqual((drain.returncode, err), (0, ""))
        self.assertEqual(json.loads(out.splitlines()[-1]), {"state": "draining", "left": 0})
        self.gw.gwctl("resume")
        self.assertEqual(self.state(), ("running", True))
        self.signed_on("anna").close()
        self.signed_on("bert", "pop3").close()
        self.gw.imap("anna", "x", tls=True).logout()

    def test_what_was_pipelined_is_answered_first(self):
        w = self.signed_on("anna")
        w.send(b"a APPEND INBOX {3}\r\n")
        w.line()
        self.rows("drain", "wait=no")
        w.send(b"xyz\r\n" + b"".join(b"n%d NOOP\r\n" % i for i in range(20)))
        lines = w.until(b"* BYE")
        self.assertEqual(sum(line.startswith(b"n") for line in lines), 20)

    def test_a_deadline_cuts_off_who_does_not_end(self):
        w = self.signed_on("anna")
        w.send(b"a APPEND INBOX {10}\r\n")
        w.line()
        rows = self.rows("drain", "deadline=3")
        self.assertEqual(rows[-1]["left"], 0)
        self.assertTrue({1, 2, 3} & {r.get("seconds_left") for r in rows}, rows)
        self.assertIn(b"* BYE", w.closed())
        self.assertIn("did not end in time", self.gw.log())
        self.gw.gwctl("resume")
        imap = self.gw.imap("anna", "x")
        self.assertEqual(imap.select()[1], [b"0"])  # half a message is none
        imap.logout()

    def test_a_drain_goes_on_without_who_asked_and_can_be_looked_at_again(self):
        w = self.signed_on("anna")
        w.send(b"a APPEND INBOX {10}\r\n")
        w.line()
        first = self.begin("drain")
        json.loads(first.stdout.readline())
        first.kill()
        first.communicate()
        self.assertEqual(self.state(), ("draining", False))
        again = self.begin("drain", "deadline=1h")
        self.assertGreater(json.loads(again.stdout.readline())["seconds_left"], 3000)
        self.gw.gwctl("resume")
        out, _ = again.communicate(timeout=60)
        self.assertEqual(again.returncode, 1)
        self.assertEqual(json.loads(out.splitlines()[-1])["state"], "running")
        self.signed_on("bert").close()

    def test_with_a_grace_only_readiness_is_gone_at_first(self):
        w = self.signed_on("anna")
        self.rows("drain", "grace=1h", "deadline=60", "wait=no")
        self.assertEqual(self.state(), ("draining", False))
        self.signed_on("bert").close()
        self.assertIn(b"OK", w.command(b"n", b"NOOP")[-1])
        self.gw.gwctl("resume")
        self.rows("drain", "grace=1")
        self.assertIn(b"* BYE", w.closed())
        self.assertTrue(self.refused())

    def test_doors_open_and_close_many_times(self):
        for _ in range(5):
            self.rows("drain")
            self.assertTrue(self.refused() and self.refused("pop3s"))
            self.gw.gwctl("resume")
            self.signed_on("anna").close()
        self.gw.gwctl("resume")
        self.assertEqual(self.rows("drain")[-1]["left"], 0)

    # ---- one user ----
    def test_one_user_is_let_go_and_kept_out(self):
        anna, pop3, bert = self.signed_on("anna"), self.signed_on("anna", "pop3"), self.signed_on("bert")
        self.assertEqual(self.rows("drain", "user=ANNA")[-1], {"state": "running", "left": 0})
        self.assertIn(b"* BYE", anna.closed())
        self.assertIn(b"-ERR [SYS/TEMP] BYE", pop3.closed())
        self.assertIn(b"OK", bert.command(b"n", b"NOOP")[-1])
        w = self.wire()
        self.assertIn(b"NO [UNAVAILABLE]", w.command(b"l", b"LOGIN anna x")[-1])
        self.assertIn(b"NO [AUTHENTICATIONFAILED]", w.command(b"l", b"LOGIN anna wrong")[-1])
        self.assertIn(b"NO [UNAVAILABLE]", w.command(b"l", b"AUTHENTICATE PLAIN AGFubmEAeA==")[-1])
        self.assertIn(b"OK", w.command(b"l", b"LOGIN bert x")[-1])
        p = self.wire("pop3")
        p.send(b"USER anna\r\nPASS x\r\n")
        p.line()
        self.assertTrue(p.line().startswith(b"-ERR [SYS/TEMP]"))
        self.rows("user", "show", "anna")  # administrators work on
        self.assertEqual(self.gw.gwctl("resume", "user=bert", check=False).returncode, 1)
        self.gw.gwctl("resume", "user=anna")
        self.signed_on("anna").close()

    def test_a_deadline_for_one_user_and_resume_for_all(self):
        w = self.signed_on("anna")
        w.send(b"a APPEND INBOX {10}\r\n")
        w.line()
        self.assertEqual(self.rows("drain", "anna", "deadline=1")[-1]["left"], 0)
        self.assertIn(b"* BYE", w.closed())
        self.gw.gwctl("resume")
        self.signed_on("anna").close()

    def test_more_users_than_there_is_room_for_are_refused(self):
        for i in range(64):
            self.rows("drain", "user=u%d" % i, "wait=no")
        self.assertIn("resume", self.gw.gwctl("drain", "user=one", check=False).stderr)
        self.rows("drain", "user=u7", "wait=no")
        self.gw.gwctl("resume", "user=u7")
        self.rows("drain", "user=one", "wait=no")


class Doors(Drained):
    """Sockets that cannot be closed: clients are told."""

    def setUp(self):
        self.wires = []
        self.path = "/tmp/gateway-%d.sock" % os.getpid()
        self.options = {"imap_listen": "127.0.0.1:0 unix:" + self.path}
        gw = Gateway(log_level=5, shutdown_timeout=20)
        gw.options["imap_listen"] = "127.0.0.1:%d unix:%s" % (gw.port["imap"], self.path)
        self.gw = gw.start()

    def test_at_a_socket_in_the_file_system_clients_are_told_and_let_in_again(self):
        def greeting():
            with socket.socket(socket.AF_UNIX) as s:
                s.settimeout(60)
                s.connect(self.path)
                return s.recv(200)
        self.assertTrue(greeting().startswith(b"* OK"))
        self.rows("drain")
        self.assertTrue(greeting().startswith(b"* BYE [UNAVAILABLE]"))
        self.gw.gwctl("resume")
        self.assertTrue(greeting().startswith(b"* OK"))


class Shutdowns(Drained):
    def test_shutdown_shows_what_is_left_until_the_end(self):
        w = self.signed_on("anna")
        w.send(b"a APPEND INBOX {10}\r\n")
        w.line()
        show = self.begin("shutdown", "deadline=1h")
        row = json.loads(show.stdout.readline())
        self.assertEqual((row["state"], row["left"]), ("stopping", 1))
        self.assertGreater(row["seconds_left"], 3000)
        self.assertEqual(self.gw.gwctl("resume", check=False).returncode, 1)
        self.assertEqual(self.state(), ("stopping", False))
        w.send(b"0123456789\r\n")
        self.assertTrue(w.line().startswith(b"a OK"))
        out, err = show.communicate(timeout=60)
        self.assertEqual((show.returncode, err), (0, ""))
        self.assertEqual(json.loads(out.splitlines()[-1]), {"state": "stopping", "left": 0})
        self.assertEqual(self.gw.process.wait(60), 0)

    def test_now_waits_for_nobody(self):
        w = self.signed_on("anna")
        w.send(b"a APPEND INBOX {10}\r\n")
        w.line()
        self.assertEqual(self.rows("shutdown", "now=yes")[-1]["left"], 0)
        self.assertEqual(self.gw.process.wait(60), 0)

    def test_a_drain_may_end_in_a_shutdown(self):
        w = self.signed_on("anna")
        w.send(b"a APPEND INBOX {10}\r\n")
        w.line()
        drain = self.begin("drain")
        drain.stdout.readline()
        self.gw.gwctl("stop", "deadline=1")
        out, _ = drain.communicate(timeout=60)
        self.assertEqual(json.loads(out.splitlines()[-1]), {"state": "stopping", "left": 0})
        self.assertEqual(self.gw.process.wait(60), 0)


if __name__ == "__main__":
    unittest.main()
