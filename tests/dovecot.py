"""dovecot.py - start and stop a throw-away Dovecot for tests that copy mail from and to it.

    with Dovecot(options={...}) as dovecot:
        imap = dovecot.imap("anna")

It runs without rights (as nobody when the test is root), listens on 127.0.0.1 alone and keeps everything in a new folder,
which is removed afterwards. Every user has the password "pw" and a Maildir in folder/mail/USER.
"""
import getpass
import grp
import imaplib
import os
import poplib
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from gateway import free_ports, make_certificate

PROGRAM = shutil.which("dovecot") or "/usr/sbin/dovecot"
CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
protocols = imap pop3
listen = 127.0.0.1
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_master_user_separator = *
ssl = yes
ssl_cert = <{cert}
ssl_key = <{key}
mail_location = {location}
first_valid_uid = {uid}
mail_fsync = never
passdb {{
  driver = static
  args = password=pw
}}
passdb {{
  driver = static
  args = password=master
  master = yes
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u allow_all_users=yes
}}
namespace inbox {{
  inbox = yes
  separator = {separator}
  prefix = {prefix}
  mailbox Sent {{
    special_use = \\Sent
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service pop3-login {{
  chroot =
  inet_listener pop3 {{
    port = {pop3}
  }}
  inet_listener pop3s {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


class Dovecot:
    def __init__(self, location="maildir:~/Maildir", separator="/", prefix=""):
        self.folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
        self.port = dict(zip(("imap", "imaps", "pop3"), free_ports(3)))
        self.user = "nobody" if os.getuid() == 0 else getpass.getuser()
        who = pwd.getpwnam(self.user)
        self.uid, self.gid = who.pw_uid, who.pw_gid
        self.cert, key = make_certificate(self.folder)
        (self.folder / "mail").mkdir()
        self.config = self.folder / "dovecot.conf"
        self.config.write_text(CONFIG.format(folder=self.folder, user=self.user, group=grp.getgrgid(self.gid).gr_name,
                                             uid=self.uid, gid=self.gid, cert=self.cert, key=key, location=location,
                                             separator=separator, prefix=prefix, **self.port))
        self.process = None

    def maildir(self, user):
        return self.folder / "mail" / user / "Maildir"

    def own(self):
        """Everything in the folder belongs to the server."""
        if os.getuid() == 0:
            for top, folders, files in os.walk(self.folder):
                for name in [top] + [os.path.join(top, n) for n in folders + files]:
                    os.chown(name, self.uid, self.gid, follow_symlinks=False)

    def start(self):
        self.own()
        who = {"user": self.uid, "group": self.gid, "extra_groups": []} if os.getuid() == 0 else {}
        self.process = subprocess.Popen([PROGRAM, "-F", "-c", str(self.config)], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **who)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                imaplib.IMAP4("127.0.0.1", self.port["imap"], timeout=10).logout()
                return self
            except (OSError, imaplib.IMAP4.error):
                time.sleep(0.02)
        raise RuntimeError("Dovecot does not answer:\n" + self.log())

    def log(self):
        path = self.folder / "log"
        return path.read_text(errors="replace")[-4000:] if path.exists() else ""

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)
        self.process = None

    def __enter__(self):
        return self.start()

    def __exit__(self, kind, value, trace):
        if kind:
            print(self.log())
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def imap(self, user):
        c = imaplib.IMAP4("127.0.0.1", self.port["imap"], timeout=60)
        c.login(user, "pw")
        return c

    def pop3(self, user):
        c = poplib.POP3("127.0.0.1", self.port["pop3"], timeout=60)
        c.user(user)
        c.pass_("pw")
        return c
