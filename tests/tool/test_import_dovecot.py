"""Mail of a real Dovecot comes in, from its Maildir and over IMAP, and is the same: folders, UIDs, flags, dates, octets."""
import calendar
import imaplib
import re
import socket
import sys
import threading
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from dovecot import Dovecot  # noqa: E402
from gateway import Gateway  # noqa: E402

FOLDERS = ["Sent", "Sent/2024", "Entw&APw-rfe", "work"]
OWN = {b"INBOX", b"Archive", b"Drafts", b"Junk", b"Sent", b"Trash"}  # every account has them
DATE = '"%02d-Jul-2020 02:44:%02d +0200"'
BODIES = [b"Subject: plain\r\n\r\nbody\r\n", b"Subject: quoted\r\n\r\nFrom here on\r\n>From there\r\n", b"\r\nno header\r\n",
          b"Subject: long\r\n\r\n" + b"x" * 70000 + b"\r\n" + b"y\r\n" * 30000, b"Subject: cr\r\n\r\na\rb\r\n\r\n\r\n"]


def fill(imap):
    for folder in FOLDERS:
        imap.create('"%s"' % folder)
    for folder in ("Sent/2024", "Entw&APw-rfe"):
        imap.subscribe('"%s"' % folder)
    for i in range(23):
        flags = "(%s)" % " ".join(f for n, f in enumerate(("\\Seen", "\\Flagged", "\\Answered", "Work", "$Forwarded")) if i >> n & 1)
        imap.append("INBOX", flags, DATE % (i + 1, i), BODIES[i % len(BODIES)] + b"%d\r\n" % i)
    for folder in FOLDERS:
        imap.append('"%s"' % folder, "(\\Seen)", DATE % (7, 7), b"Subject: %s\r\n\r\n" % folder.encode())
    imap.select("INBOX")
    imap.store("3,7:8", "+FLAGS.SILENT", "(\\Deleted)")
    imap.expunge()
    imap.unselect()


def names(lines):
    return sorted(re.search(rb'\) (?:"[^"]*"|NIL) "?(.*?)"?$', line).group(1) for line in lines if line and b"\\NonExistent" not in line)


def flags_of(head):
    words = re.search(rb"FLAGS \(([^)]*)\)", head).group(1).split()
    return sorted(w for w in words if w != b"\\Recent")


def content(imap, uids=True):
    """{folder: (UIDVALIDITY, UIDNEXT, {uid: (flags, date, octets)})}"""
    all_of_it = {}
    for folder in names(imap.list()[1]):
        imap.select(b'"%s"' % folder, readonly=True)
        validity, uidnext = (imap.response(k)[1][0] for k in ("UIDVALIDITY", "UIDNEXT"))
        messages = {}
        typ, data = imap.uid("FETCH", "1:*", "(UID FLAGS INTERNALDATE BODY.PEEK[])")
        for row in data:
            if not isinstance(row, tuple):
                continue
            head = row[0]
            date = calendar.timegm(imaplib.Internaldate2tuple(head))
            messages[int(re.search(rb"UID (\d+)", head).group(1))] = (flags_of(head), date, row[1])
        all_of_it[folder] = (validity, uidnext, messages) if uids else sorted(messages.values())
    return all_of_it


def uidls(pop3):
    return [line.split()[1] for line in pop3.uidl()[1]]


class Cutter:
    """Passes octets between a client and a server, and cuts each of the first connections after so many of the server's."""

    def __init__(self, port, cuts):
        self.to, self.cuts = port, list(cuts)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                client = self.socket.accept()[0]
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self.to))
            left = self.cuts.pop(0) if self.cuts else 1 << 60
            threading.Thread(target=self.pair, args=(client, server, left), daemon=True).start()

    def pair(self, client, server, left):
        with client, server:
            up = threading.Thread(target=self.copy, args=(client, server, 1 << 60), daemon=True)
            up.start()
            self.copy(server, client, left)
            up.join()

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()

    @staticmethod
    def copy(a, b, left):
        try:
            while left > 0:
                data = a.recv(min(left, 4096))
                if not data:
                    break
                b.sendall(data)
                left -= len(data)
        except OSError:
            pass
        for s in (a, b):
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


class FromDovecot(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.dovecot = Dovecot().start()
        cls.addClassCleanup(cls.dovecot.__exit__, None, None, None)
        imap = cls.dovecot.imap("anna")
        fill(imap)
        cls.there = content(imap)
        cls.subscribed = names(imap.lsub()[1])
        imap.logout()
        pop3 = cls.dovecot.pop3("anna")
        cls.uidls = uidls(pop3)
        pop3.quit()
        cls.gw = Gateway().start()
        cls.addClassCleanup(cls.gw.__exit__, None, None, None)
        cls.password = cls.gw.folder / "password"
        cls.password.write_text("pw\nnot this line\n")

    def bring(self, user, source, *more, check=True):
        return self.gw.gwctl("import", user, source, *more, check=check)

    def over_imap(self, port=None, scheme="imap", host="127.0.0.1"):
        return "%s://anna@%s:%d" % (scheme, host, port or self.dovecot.port["imap"])

    def compare(self, user):
        imap = self.gw.imap(user, "secret")
        here = content(imap)
        self.assertEqual(sorted(set(here) - OWN), sorted(set(self.there) - OWN))
        for folder, (validity, uidnext, messages) in self.there.items():
            self.assertEqual(here[folder][0], validity, folder)
            self.assertEqual(here[folder][1], uidnext, folder)
            self.assertEqual(sorted(here[folder][2]), sorted(messages), folder)
            for uid, message in messages.items():
                self.assertEqual(here[folder][2][uid], message, (folder, uid))
        self.assertEqual(set(names(imap.lsub()[1])) - OWN, set(self.subscribed) - OWN)
        imap.logout()
        pop3 = self.gw.pop3(user, "secret")
        self.assertEqual(uidls(pop3), self.uidls)
        pop3.quit()

    def test_a_maildir_comes_as_it_was(self):
        self.gw.add_user("one", "secret")
        self.bring("one", "maildir:%s" % self.dovecot.maildir("anna"))
        self.compare("one")
        again = self.bring("one", str(self.dovecot.maildir("anna")))  # its kind is guessed; nothing comes twice
        self.compare("one")
        self.assertEqual(again.returncode, 0)

    def test_over_imap_all_comes_as_it_was(self):
        self.gw.add_user("two", "secret")
        self.bring("two", self.over_imap(), "--password-file", str(self.password))
        self.compare("two")

    def test_over_tls_with_the_certificate_of_the_server(self):
        self.gw.add_user("three", "secret")
        source = self.over_imap(self.dovecot.port["imaps"], "imaps", "localhost")
        refused = self.bring("three", source, "--password-file", str(self.password), check=False)
        self.assertIn("certificate", refused.stderr)
        self.assertNotEqual(refused.returncode, 0)
        self.bring("three", source, "--password-file", str(self.password), "--ca-file", str(self.dovecot.cert))
        self.compare("three")

    def test_more_messages_than_are_asked_for_at_a_time(self):
        imap = self.dovecot.imap("many")
        for i in range(530):
            imap.append("INBOX", None, None, b"Subject: %d\r\n\r\nbody\r\n" % i)
        imap.logout()
        self.gw.add_user("many", "secret")
        source = "imap://many@127.0.0.1:%d" % self.dovecot.port["imap"]
        self.assertIn("skipped       0", self.bring("many", source, "--password-file", str(self.password)).stdout)
        imap = self.gw.imap("many", "secret")
        imap.select("INBOX")
        data = imap.fetch("1:*", "(BODY.PEEK[])")[1]
        self.assertEqual([row[1] for row in data if isinstance(row, tuple)],
                         [b"Subject: %d\r\n\r\nbody\r\n" % i for i in range(530)])
        imap.logout()

    def test_a_connection_that_is_cut_is_made_again(self):
        self.gw.add_user("four", "secret")
        cutter = Cutter(self.dovecot.port["imap"], [9000, 150000, 900, 60000, 3000])
        self.bring("four", self.over_imap(cutter.port), "--password-file", str(self.password))
        self.compare("four")
        self.assertEqual(cutter.cuts, [])
        cutter.close()

    def test_a_master_user_signs_on_for_another(self):
        self.gw.add_user("five", "secret")
        master = self.gw.folder / "master"
        master.write_text("master\n")
        self.bring("five", "imap://127.0.0.1:%d" % self.dovecot.port["imap"], "--as", "anna*admin", "--password-file", str(master))
        self.compare("five")

    def test_a_folder_that_cannot_be_opened_is_told_and_the_others_come(self):
        dotted = self.dovecot.maildir("bert")  # Dovecot lists it, and opens it not
        for sub in ("cur", "new", "tmp", ".v1&AC4-2/cur", ".v1&AC4-2/new", ".v1&AC4-2/tmp", ".z/cur", ".z/new", ".z/tmp"):
            (dotted / sub).mkdir(parents=True)
        (dotted / ".z/cur/1.x:2,S").write_bytes(b"A: 1\n\nx\n")
        self.dovecot.own()
        self.gw.add_user("seven", "secret")
        p = self.bring("seven", self.over_imap().replace("anna", "bert"), "--password-file", str(self.password), check=False)
        self.assertIn("does not open the folder", p.stderr)
        self.assertEqual(p.returncode, 1)
        imap = self.gw.imap("seven", "secret")
        self.assertEqual(imap.select("z")[1], [b"1"])
        imap.logout()

    def test_what_cannot_be_is_said(self):
        wrong = self.gw.folder / "wrong"
        wrong.write_text("wrong\n")
        self.gw.add_user("six", "secret")
        for source, args, words in (
                (self.over_imap(), ["--password-file", str(wrong)], "does not let anna sign on"),
                ("imap://anna:pw@127.0.0.1", ["--password-file", str(wrong)], "is seen by everybody"),
                ("imap://127.0.0.1:1", ["--as", "anna", "--password-file", str(self.password)], "cannot reach"),
                ("maildir:/nowhere", [], "/nowhere"), ("mbox:%s" % self.gw.folder, [], "no mbox")):
            p = self.bring("six", source, *args, check=False)
            self.assertIn(words, p.stderr)
            self.assertNotEqual(p.returncode, 0)


if __name__ == "__main__":
    unittest.main()
