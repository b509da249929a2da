"""Perl's Mail::IMAPClient, which imapsync and many scripts use (tests/clients/imapclient.pl)."""
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import Gateway, Wire  # noqa: E402
from mail_programs import CLIENTS, run  # noqa: E402


class MailImapClient(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.gw = Gateway().start()

    @classmethod
    def tearDownClass(cls):
        cls.gw.stop()
        cls.gw.remove()

    def check_that(self, what, gw=None):
        gw = gw or self.gw
        user = "perl-" + what
        for name in (user, user + ".peer"):
            if name != "perl-big":
                gw.add_user(name, "p w")
        run("perl", CLIENTS / "imapclient.pl", what, gw.port["imap"], gw.port["imaps"], user, "p w", gw.cert)

    def test_login_with_each_mechanism_tls_and_compression(self):
        self.check_that("login")

    def test_folders_with_names_of_all_kinds(self):
        self.check_that("folders")

    def test_messages(self):
        self.check_that("messages")

    def test_structure_of_messages(self):
        self.check_that("structure")

    def test_search_sort_and_thread(self):
        self.check_that("search")

    def test_migrate_to_another_account(self):
        self.check_that("migrate")

    def test_idle(self):
        self.check_that("idle")

    def test_quota(self):
        with Gateway(mail_quota="1M") as gw:
            self.check_that("quota", gw)

    def test_acl(self):
        self.check_that("acl")

    def test_metadata(self):
        self.check_that("metadata")

    def test_a_big_folder(self):
        self.gw.add_user("perl-big", "p w")
        wire = Wire(self.gw)
        wire.command(b"a", b'LOGIN perl-big "p w"')
        message = b"Subject: one of many\r\n\r\n".ljust(98, b"x") + b"\r\n"
        for _ in range(6):
            self.assertIn(b"m OK", wire.command(b"m", b"APPEND INBOX" + (b" {100+}\r\n" + message) * 500)[-1])
        wire.close()
        self.check_that("big")

    def test_a_cut_connection_is_made_again(self):
        self.check_that("reconnect")


if __name__ == "__main__":
    unittest.main()
