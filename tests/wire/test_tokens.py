#!/usr/bin/env python3
"""Signing on with an access token that a JMAP server knows: OAUTHBEARER (RFC 7628), XOAUTH2, and curl."""
import base64
import contextlib
import json
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import Gateway, Wire, until  # noqa: E402
from jmap_server import JmapServer  # noqa: E402

MAIL = b"Subject: hers\r\n\r\nx\r\n"
ERROR = {"OAUTHBEARER": {"status": "invalid_token"}, "XOAUTH2": {"status": "401", "schemes": "Bearer", "scope": ""}}
TOKEN = "ya29.annas-Token_1~+/=="


def message(mechanism, user, token):
    """The client's message, in base64."""
    if mechanism == "OAUTHBEARER":
        text = "n,%s,\1host=localhost\1port=143\1auth=Bearer %s\1\1" % ("a=" + user if user else "", token)
    else:
        text = "user=%s\1auth=Bearer %s\1\1" % (user, token)
    return base64.b64encode(text.encode())


class Imap:
    service, failed = "imap", (b"a NO [AUTHENTICATIONFAILED]", b"a NO [AUTHORIZATIONFAILED]", b"a NO [UNAVAILABLE]")
    ok, cancelled = b"a OK", b"a BAD"

    def __init__(self, gateway):
        self.w = Wire(gateway)

    def begin(self, mechanism, message, initial):
        """Up to the answer to the message: the last line of it."""
        self.w.send(b"a AUTHENTICATE %s%s\r\n" % (mechanism.encode(), b" " + message if initial else b""))
        if not initial:
            assert self.w.line() == b"+ \r\n"
            self.w.send(message + b"\r\n")
        return self.answer()

    def answer(self):
        line = self.w.line()
        while line.startswith(b"*"):
            line = self.w.line()
        return line

    def leave(self):
        """After sign-on: end, and wait for it, since a maildrop is for one."""
        self.w.send(b"QUIT\r\n" if self.service == "pop3" else b"z LOGOUT\r\n")
        self.w.closed()

    def mail(self):
        assert b"a OK" in self.w.command(b"a", b"SELECT INBOX")[-1]
        return b"".join(self.w.command(b"a", b"FETCH 1 BODY.PEEK[]"))


class Pop3(Imap):
    service, failed = "pop3", (b"-ERR [AUTH]", b"-ERR [AUTH]", b"-ERR [SYS/TEMP]")
    ok, cancelled = b"+OK", b"-ERR"

    def __init__(self, gateway):
        self.w = Wire(gateway, "pop3")

    def begin(self, mechanism, message, initial):
        self.w.send(b"AUTH %s%s\r\n" % (mechanism.encode(), b" " + message if initial else b""))
        if not initial:
            assert self.w.line() == b"+ \r\n"
            self.w.send(message + b"\r\n")
        return self.answer()

    def mail(self):
        self.w.send(b"RETR 1\r\n")
        return b"".join(self.w.until(b".\r\n"))


class OnServer(unittest.TestCase):
    """A JMAP server with anna, who has a token, and bert, who has none; a gateway before it."""
    OPTIONS = {"auth_mechanisms": "PLAIN OAUTHBEARER XOAUTH2"}

    def setUp(self):
        self.js = JmapServer(fsync=False)
        self.js.__enter__()
        self.addCleanup(self.js.__exit__, None, None, None)
        for name in ("anna", "bert"):
            self.js.add_user(name, name + "'s")
        self.tokens(TOKEN)
        self.js.deliver("anna", "inbox", MAIL, [])
        options = dict({"max_auth_failures": "100", "auth_delay_after": "1000", "log_level": 6}, **self.OPTIONS)
        self.gw = Gateway(server_socket=self.js.url, mirror_path=self.js.folder / "mirror", **options)
        self.addCleanup(self.gw.remove)
        self.addCleanup(self.gw.stop)
        self.gw.start()

    def tokens(self, *tokens):
        self.js.control("user", name="anna", tokens=list(tokens))

    def asked(self):
        """Requests that the server has had, by kind."""
        return dict(self.js.control("counters")["requests"], denied=0)


class SignOn(OnServer):
    def every_way(self):
        for kind in (Imap, Pop3):
            for mechanism in ERROR:
                for initial in (True, False):
                    session = kind(self.gw)
                    self.addCleanup(session.w.close)
                    yield session, mechanism, initial

    def refused(self, session, mechanism, line, last=b"AQ=="):
        self.assertTrue(line.startswith(b"+ "), line)
        self.assertEqual(json.loads(base64.b64decode(line[2:], validate=False)), ERROR[mechanism])
        session.w.send(last + b"\r\n")
        answer = session.answer()
        self.assertTrue(answer.startswith(session.failed[0]), answer)

    def test_they_are_announced(self):
        w = Wire(self.gw)
        self.assertIn(b" AUTH=PLAIN AUTH=OAUTHBEARER AUTH=XOAUTH2 ", w.command(b"a", b"CAPABILITY")[0])
        w.close()
        p = Wire(self.gw, "pop3")
        p.send(b"CAPA\r\n")
        self.assertIn(b"SASL OAUTHBEARER XOAUTH2 PLAIN\r\n", p.until(b".\r\n"))
        p.close()

    def test_the_right_token(self):
        for user in ("anna", "ANNA", ""):
            for session, mechanism, initial in self.every_way():
                self.assertTrue(session.begin(mechanism, message(mechanism, user, TOKEN), initial).startswith(session.ok))
                self.assertIn(MAIL, session.mail())
                session.leave()

    def test_a_wrong_token(self):
        for session, mechanism, initial in self.every_way():
            line = session.begin(mechanism, message(mechanism, "anna", "wrong"), initial)
            self.refused(session, mechanism, line)
            # and the session lives: the same client has a new one
            line = session.begin(mechanism, message(mechanism, "anna", TOKEN), initial)
            self.assertTrue(line.startswith(session.ok), line)
            session.leave()

    def test_a_client_that_only_asks_what_is_wanted(self):
        """RFC 7628 4.3: no token at all."""
        before = self.asked()
        for session, _, initial in self.every_way():
            query = base64.b64encode(b"n,a=anna,\1auth=\1\1")
            self.refused(session, "OAUTHBEARER", session.begin("OAUTHBEARER", query, initial))
        self.assertEqual(self.asked(), before)

    def test_a_client_that_gives_up_after_the_refusal(self):
        for session, mechanism, initial in self.every_way():
            line = session.begin(mechanism, message(mechanism, "anna", "wrong"), initial)
            self.assertTrue(line.startswith(b"+ "), line)
            session.w.send(b"*\r\n")
            self.assertTrue(session.answer().startswith(session.cancelled))

    def test_a_token_that_has_expired(self):
        for session, mechanism, initial in self.every_way():
            self.tokens(TOKEN)
            self.assertTrue(session.begin(mechanism, message(mechanism, "", TOKEN), initial).startswith(session.ok))
            self.tokens()
            later = type(session)(self.gw)
            self.refused(later, mechanism, later.begin(mechanism, message(mechanism, "", TOKEN), initial), b"")
            later.w.close()
            session.leave()

    def test_another_users_token(self):
        for session, mechanism, initial in self.every_way():
            line = session.begin(mechanism, message(mechanism, "bert", TOKEN), initial)
            self.assertTrue(line.startswith(session.failed[1]), line)

    def test_a_user_the_server_has_locked(self):
        self.js.control("user", name="anna", locked=True)
        for session, mechanism, initial in self.every_way():
            line = session.begin(mechanism, message(mechanism, "", TOKEN), initial)
            self.assertTrue(line.startswith(session.failed[1]), line)

    def test_no_server(self):
        self.js.stop()
        for session, mechanism, initial in self.every_way():
            line = session.begin(mechanism, message(mechanism, "anna", TOKEN), initial)
            self.assertTrue(line.startswith(session.failed[2]), line)

    def test_a_long_token(self):
        long = "x" * 8192
        self.tokens(long)
        for session, mechanism, initial in self.every_way():
            if session.service == "pop3" and initial:
                continue  # RFC 5034 4: what does not fit the line comes without an initial response
            line = session.begin(mechanism, message(mechanism, "anna", long), initial)
            self.assertTrue(line.startswith(session.ok), line)
            session.leave()

    def test_refusals_are_counted_when_they_are_told(self):
        """A client need not answer the error: it is a failed login all the same."""
        w = Imap(self.gw)
        self.assertTrue(w.begin("XOAUTH2", message("XOAUTH2", "anna", "wrong"), True).startswith(b"+ "))
        failed = 'with invalid username "anna" or wrong password'
        self.assertEqual(self.gw.log().count(failed), 1)
        w.w.send(b"AQ==\r\n")
        w.answer()
        self.assertEqual(self.gw.log().count(failed), 1)
        w.w.close()

    def test_no_log_holds_a_token(self):
        secret = base64.b64encode(TOKEN.encode()).decode()[4:-8]
        for session, mechanism, initial in self.every_way():
            sent = message(mechanism, "anna", TOKEN)
            session.begin(mechanism, sent, initial)
            session.leave()
            wrong = type(session)(self.gw)
            wrong.begin(mechanism, message(mechanism, "anna", TOKEN[:-3] + "and-more"), initial)
            wrong.w.close()
            self.assertNotIn(sent.decode()[40:80], self.gw.log())
        self.assertIn(" C a AUTHENTICATE ***\n", self.gw.log())  # the dialogue is there
        self.assertIn(" C AUTH ***\n", self.gw.log())
        self.assertIn(" S + ***\n", self.gw.log())
        self.assertNotIn(TOKEN[:-3], self.gw.log())
        self.assertNotIn(secret, self.gw.log())


class Curl(OnServer):
    def curl(self, url, token, *more):
        return subprocess.run(["curl", "-sS", "--cacert", str(self.gw.cert), "--oauth2-bearer", token, "-u", "anna:", *more,
                               url], capture_output=True, timeout=60)

    def test_a_real_client(self):
        imap = "imaps://localhost:%d/INBOX;MAILINDEX=1" % self.gw.port["imaps"]
        pop3 = "pop3s://localhost:%d/1" % self.gw.port["pop3s"]
        for url in (imap, pop3):
            for more in ((), ("--login-options", "AUTH=XOAUTH2"), ("--sasl-ir",)):
                with self.subTest(url=url, more=more):
                    p = self.curl(url, TOKEN, *more)
                    self.assertEqual((p.returncode, p.stdout), (0, MAIL), p.stderr)
                    p = self.curl(url, "wrong", *more)
                    self.assertEqual((p.returncode, p.stdout), (67, b""), p.stderr)


class Expired(OnServer):
    """The storage server accepts a token or password no more that a session has signed on with."""

    def sign_on(self, kind, mechanism="OAUTHBEARER"):
        session = kind(self.gw)
        self.addCleanup(session.w.close)
        self.assertTrue(session.begin(mechanism, message(mechanism, "anna", TOKEN), True).startswith(session.ok))
        return session.w

    def ended(self, w, tag=b"a"):
        """RFC 5530 3(d): EXPIRED, and the session ends."""
        lines = w.until(tag + b" ") + w.closed().splitlines(True)
        self.assertRegex(lines[-2], b"^" + tag + rb" NO \[EXPIRED\] ")
        self.assertRegex(lines[-1], rb"^\* BYE \[EXPIRED\] ")

    def test_a_command_that_needs_the_server(self):
        w = self.sign_on(Imap)
        self.tokens()
        w.send(b"a APPEND INBOX {3+}\r\nx\r\n\r\n")
        self.ended(w)

    def test_a_message_that_must_be_brought(self):
        w = self.sign_on(Imap)
        w.command(b"a", b"SELECT INBOX")
        self.tokens()
        w.send(b"a FETCH 1 BODY.PEEK[]\r\n")
        self.ended(w)

    def test_other_sessions_end_too(self):
        """One hears of it; another ends with its next command, though the mirror could answer that."""
        first, second = self.sign_on(Imap), self.sign_on(Imap)
        second.command(b"a", b"SELECT INBOX")
        self.tokens()
        first.send(b"a APPEND INBOX {3+}\r\nx\r\n\r\n")
        self.ended(first)
        asked = self.asked()
        self.assertTrue(until(lambda: b" NO [EXPIRED] " in second.command(b"b", b"STATUS INBOX (MESSAGES)")[-1]))
        self.assertTrue(second.closed().startswith(b"* BYE [EXPIRED] "))
        if self.gw.model == "thread":  # the server has said it once, to this process
            self.assertEqual(self.asked(), asked)

    def test_while_a_client_idles(self):
        w = self.sign_on(Imap)
        w.command(b"a", b"SELECT INBOX")
        w.send(b"b IDLE\r\n")
        self.assertTrue(w.line().startswith(b"+ "))
        self.tokens()
        self.js.deliver("anna", "inbox", MAIL, [])  # the server tells of a change, which is asked for in vain
        self.ended(w, b"b")

    def test_while_a_client_idles_and_its_event_stream_ends(self):
        w = self.sign_on(Imap)
        w.command(b"a", b"SELECT INBOX")
        w.send(b"b IDLE\r\n")
        self.assertTrue(w.line().startswith(b"+ "))
        self.tokens()
        self.js.control("drop")
        self.ended(w, b"b")

    def test_a_password_that_was_changed(self):
        with contextlib.closing(Wire(self.gw)) as w, contextlib.closing(Wire(self.gw)) as other:
            self.assertTrue(w.command(b"a", b"LOGIN anna anna's")[-1].startswith(b"a OK"))
            self.js.control("user", name="anna", password="new")
            w.send(b"b APPEND INBOX {3+}\r\nx\r\n\r\n")
            self.ended(w, b"b")
            # and nobody signs on with it because it was right a moment ago
            self.assertTrue(other.command(b"a", b"LOGIN anna anna's")[-1].startswith(b"a NO [AUTHENTICATIONFAILED]"))
            self.assertTrue(other.command(b"b", b"LOGIN anna new")[-1].startswith(b"b OK"))
            self.assertTrue(other.command(b"c", b"SELECT INBOX")[-1].startswith(b"c OK"))

    def test_pop3(self):
        w = self.sign_on(Pop3)
        self.tokens()
        w.send(b"RETR 1\r\nNOOP\r\n")
        self.assertRegex(w.closed(), rb"^-ERR \[AUTH\] [^\n]*\n$")


if __name__ == "__main__":
    unittest.main()
