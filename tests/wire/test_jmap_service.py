#!/usr/bin/env python3
"""A service account of a JMAP server that speaks for users who sign on with a client certificate (SASL EXTERNAL, RFC 4422)."""
import imaplib
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import Gateway, make_certificate  # noqa: E402
from jmap_server import JmapServer  # noqa: E402

MAIL = b"Subject: hers\r\n\r\nx\r\n"


class ServiceAccount(unittest.TestCase):
    def setUp(self):
        self.js = JmapServer(fsync=False)
        self.js.__enter__()
        self.addCleanup(self.js.__exit__, None, None, None)
        for name in ("anna", "bert", "gateway"):
            self.js.add_user(name, name + "'s")
        self.js.deliver("anna", "inbox", MAIL, [])

    def gateway(self, **options):
        gw = Gateway(server_socket=self.js.url, mirror_path=self.js.folder / "mirror", auth_mechanisms="EXTERNAL PLAIN",
                     ssl_verify_client="yes", **options)
        self.addCleanup(gw.remove)
        self.addCleanup(gw.stop)
        self.cert, self.key = make_certificate(gw.folder, ("anna",), "client")
        secret = gw.folder / "backend.password"
        secret.write_text("gateway's\n")
        secret.chmod(0o600)
        gw.options["ssl_verify_file"] = str(self.cert)
        if "backend_user" in options:
            gw.options["backend_password_file"] = str(secret)
        return gw.start()

    def sign_on(self, gw):
        context = gw.tls_context()
        context.load_cert_chain(str(self.cert), str(self.key))
        c = imaplib.IMAP4_SSL("localhost", gw.port["imaps"], ssl_context=context)
        self.addCleanup(c.shutdown)
        c.authenticate("EXTERNAL", lambda challenge: b"")
        return c

    def reads_her_mail(self, **options):
        c = self.sign_on(self.gateway(backend_user="gateway", **options))
        self.assertEqual(c.select()[1], [b"1"])
        self.assertEqual(c.fetch("1", "(BODY.PEEK[])")[1][0][1], MAIL)
        self.assertEqual(c.append("INBOX", None, None, MAIL + b"more\r\n")[0], "OK")

    def test_a_header_field_names_the_user(self):
        self.js.user(name="gateway", admin=True)
        self.reads_her_mail(backend_impersonate="authorize-as")

    def test_a_login_name_is_made_of_both(self):
        self.js.user(name="gateway", admin=True)
        self.reads_her_mail(backend_impersonate="login", backend_impersonate_login="%u%%%m")

    def test_a_service_account_that_may_not_speak_for_others(self):
        gw = self.gateway(backend_user="gateway", backend_impersonate="authorize-as")
        with self.assertRaises(imaplib.IMAP4.error):
            self.sign_on(gw)

    def test_a_server_that_does_not_heed_whom_it_speaks_for(self):
        """Else everybody would read the service's own mail."""
        self.js.user(name="gateway", admin=True)
        gw = self.gateway(backend_user="gateway", backend_impersonate="authorize-as")
        self.js.fault("json", url="^/jmap/session", path="/username", value="gateway")
        with self.assertRaises(imaplib.IMAP4.error):
            self.sign_on(gw)
        self.assertEqual(self.sign_on(gw).select()[1], [b"1"])

    def test_where_the_server_is_is_told_to_who_can_sign_on_there(self):
        """RFC 9698 1(a), 1(b), 1(c): a certificate counts here alone, a password there, too."""
        self.js.user(name="gateway", admin=True)
        where = "https://mail.example.org/.well-known/jmap"
        gw = self.gateway(backend_user="gateway", backend_impersonate="authorize-as", jmap_access_url=where)
        c = self.sign_on(gw)
        self.assertNotIn(b"JMAPACCESS", c.capability()[1][0])
        with self.assertRaises(imaplib.IMAP4.error):
            c.xatom("GETJMAPACCESS")
        c = imaplib.IMAP4("127.0.0.1", gw.port["imap"])
        self.addCleanup(c.shutdown)
        self.assertNotIn("JMAPACCESS", c.capabilities)
        c.login("anna", "anna's")
        self.assertRegex(c.capability()[1][0], rb" OBJECTID .* JMAPACCESS ")
        self.assertEqual(c.xatom("GETJMAPACCESS")[0], "OK")
        self.assertEqual(c.response("JMAPACCESS")[1], [b'"%s"' % where.encode()])

    def test_without_one_a_certificate_signs_nobody_on(self):
        gw = self.gateway()
        with self.assertRaises(imaplib.IMAP4.error):
            self.sign_on(gw)


if __name__ == "__main__":
    unittest.main()
