"""cyrus.py - start, kill and stop a throw-away Cyrus of Debian: JMAP and IMAP on the same mail, on 127.0.0.1 alone.

    with Cyrus(users=["anna"]) as cyrus:
        gw = Gateway(server_socket=cyrus.jmap_url, mirror_path=cyrus.folder / "mirror")
        imap = cyrus.imap("anna")

Everything lives in a new folder, which is removed afterwards; the packaged services and /etc/imapd.conf are not used.
As root it runs as the user cyrus of the package, else as who runs the test. Every user's password is "pw".
"""
import getpass
import grp
import imaplib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from gateway import ROOT, free_ports, make_certificate, until

BIN = Path("/usr/lib/cyrus/bin")
# What the package cyrus-imapd has: Debian lets it not be installed beside Dovecot, so `make deps' unpacks it.
UNPACKED = ROOT / "tests/clients/cyrus" / BIN.relative_to("/")
PASSWORD = "pw"
FOLDERS = ("Drafts", "Sent", "Trash", "Junk", "Archive")
IMAPD = """
configdirectory: {folder}/conf
defaultpartition: default
partition-default: {folder}/spool
proc_path: {folder}/run/proc
mboxname_lockpath: {folder}/run/lock
lmtpsocket: {folder}/run/lmtp
idlesocket: {folder}/run/idle
notifysocket: {folder}/run/notify
sievedir: {folder}/sieve
cyrus_user: {user}
cyrus_group: {group}
servername: localhost
umask: 077
sasl_pwcheck_method: auxprop
sasl_auxprop_plugin: sasldb
sasl_sasldb_path: {folder}/sasldb2
sasl_mech_list: PLAIN LOGIN
allowplaintext: yes
admins: cyrus
virtdomains: off
unixhierarchysep: yes
altnamespace: yes
autocreate_quota: {quota}
autocreate_inbox_folders: {folders}
autocreate_subscribe_folders: {folders}
xlist-drafts: Drafts
xlist-sent: Sent
xlist-trash: Trash
xlist-junk: Junk
xlist-archive: Archive
httpmodules: jmap
conversations: yes
conversations_db: twoskip
statuscache: yes
httpallowcompress: yes
munge8bit: no
smtp_backend: sendmail
sendmail: {folder}/sendmail
tls_server_cert: {folder}/tls.pem
tls_server_key: {folder}/tls.pem
tls_session_timeout: 0
"""
MASTER = """
START {{
  recover cmd="{bin}/ctl_cyrusdb -C {folder}/imapd.conf -r"
}}
SERVICES {{
  http  cmd="{bin}/httpd -C {folder}/imapd.conf -U 200" listen="127.0.0.1:{http}" prefork=1 maxchild=100
  https cmd="{bin}/httpd -C {folder}/imapd.conf -s -U 200" listen="127.0.0.1:{https}" prefork=0 maxchild=100
  imap  cmd="{own}/imapd -C {folder}/imapd.conf -U 200" listen="127.0.0.1:{imap}" prefork=1 maxchild={children}
}}
DAEMON {{
  idled cmd="{own}/idled -C {folder}/imapd.conf"
}}
EVENTS {{
  checkpoint cmd="{bin}/ctl_cyrusdb -C {folder}/imapd.conf -c" period=30
}}
"""
# Cyrus asks its "sendmail -bs" at every JMAP call until one answers.
SENDMAIL = """#!/bin/sh
printf '220 localhost ESMTP\\r\\n'
while read -r line; do
	case $line in
	[Ee][Hh][Ll][Oo]*) printf '250-localhost\\r\\n250 8BITMIME\\r\\n' ;;
	[Qq][Uu][Ii][Tt]*) printf '221 bye\\r\\n'; exit 0 ;;
	*) printf '250 ok\\r\\n' ;;
	esac
done
"""


def in_memory():
    """A folder in memory that can hold a Cyrus, or None. A new user is ten times as quick there, and what was written is
    not lost by kill -9."""
    try:
        v = os.statvfs("/dev/shm")
    except OSError:
        return None
    return "/dev/shm" if v.f_bavail * v.f_frsize > 512 << 20 and not v.f_flag & os.ST_NOEXEC else None


class Cyrus:
    def __init__(self, users=(), quota=0, on_disk=False, children=100, **options):
        """options are lines of imapd.conf; quota is in KB, 0 for none; children: IMAP sessions at once."""
        for program in (BIN / "master", BIN / "httpd", UNPACKED / "imapd", UNPACKED / "idled"):
            if not program.exists():
                raise RuntimeError("Cyrus' %s is not there: `make deps' brings it" % program)
        root = os.geteuid() == 0
        self.user = "cyrus" if root else getpass.getuser()
        self.group = "mail" if root else grp.getgrgid(os.getgid()).gr_name
        self.folder = Path(tempfile.mkdtemp(prefix="cyrus-", dir=None if on_disk else in_memory()))
        self.http_port, self.tls_port, self.imap_port = free_ports(3)
        for name in ("bin", "conf/db", "conf/socket", "spool", "sieve", "run/proc", "run/lock"):
            (self.folder / name).mkdir(parents=True)
        for program in ("imapd", "idled"):  # the user cyrus may not reach the source tree
            shutil.copy2(UNPACKED / program, self.folder / "bin")
        self.ca, key = make_certificate(self.folder)
        self.fill(IMAPD, "imapd.conf", quota=quota, folders="|".join(FOLDERS))
        with open(self.folder / "imapd.conf", "a") as f:
            f.writelines("%s: %s\n" % option for option in options.items())
        self.fill(MASTER, "cyrus.conf", children=children)
        (self.folder / "tls.pem").write_bytes(key.read_bytes() + self.ca.read_bytes())
        (self.folder / "sendmail").write_text(SENDMAIL)
        (self.folder / "sendmail").chmod(0o755)
        self.process = None
        self.users = list(users)

    def fill(self, template, name, **more):
        (self.folder / name).write_text(template.format(
            folder=self.folder, bin=BIN, own=self.folder / "bin", user=self.user, group=self.group,
            http=self.http_port, https=self.tls_port, imap=self.imap_port, **more))

    @property
    def jmap_url(self):
        return "http://127.0.0.1:%d/" % self.http_port

    @property
    def tls_url(self):
        return "https://localhost:%d/" % self.tls_port

    def hand_over(self):
        """As root, all files belong to whom Cyrus runs as."""
        if os.geteuid() == 0:
            who = pwd.getpwnam(self.user)
            for path in [self.folder, *self.folder.rglob("*")]:
                os.chown(path, who.pw_uid, grp.getgrnam(self.group).gr_gid)

    # ---- the server ----
    def start(self):
        for name in self.users:
            self.set_password(name)
        self.hand_over()
        self.run()
        for name in self.users:
            self.imap(name).logout()
        return self

    def run(self):
        log = open(self.folder / "stderr", "ab")
        self.process = subprocess.Popen(
            [BIN / "master", "-C", self.folder / "imapd.conf", "-M", self.folder / "cyrus.conf",
             "-p", self.folder / "master.pid"], cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        log.close()
        if not until(lambda: self.listens(self.http_port) and self.listens(self.imap_port), 60):
            raise RuntimeError("Cyrus does not answer: " + (self.folder / "stderr").read_text(errors="replace"))

    @staticmethod
    def listens(port):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return True
        except OSError:
            return False

    def children(self):
        """Processes that were given this folder's configuration."""
        mark, pids = b"%s/imapd.conf" % str(self.folder).encode(), []
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                if mark in path.read_bytes().split(b"\0"):
                    pids.append(int(path.parent.name))
            except OSError:
                pass
        return pids

    def signal(self, sig):
        for pid in self.children():
            try:
                os.kill(pid, sig)
            except ProcessLookupError:
                pass

    def kill(self):
        """The whole server goes at once, as when its machine does."""
        while self.children():
            self.signal(signal.SIGKILL)
            if self.process:
                self.process.wait()
                self.process = None
            time.sleep(0.01)

    def stop(self):
        if self.process:
            self.process.terminate()
            until(lambda: not [p for p in self.children() if p != self.process.pid], 5)
        self.kill()

    def __enter__(self):
        return self.start()

    def __exit__(self, kind, value, trace):
        self.stop()
        if not os.environ.get("GW_KEEP"):
            shutil.rmtree(self.folder, ignore_errors=True)

    # ---- people and mail ----
    def set_password(self, name, password=PASSWORD):
        subprocess.run(["/usr/sbin/saslpasswd2", "-p", "-c", "-f", self.folder / "sasldb2", "-u", "localhost", name],
                       input=password.encode(), check=True, capture_output=True)
        if os.geteuid() == 0:
            shutil.chown(self.folder / "sasldb2", self.user, self.group)

    def add_user(self, name, password=PASSWORD):
        """While it runs; the first login makes the mailboxes."""
        self.set_password(name, password)
        self.imap(name, password).logout()

    def imap(self, name, password=PASSWORD):
        c = imaplib.IMAP4("127.0.0.1", self.imap_port, timeout=60)
        c.login(name, password)
        return c

    def load(self, name, messages, mailbox="INBOX", batch=250):
        """Many messages, several a command (RFC 3502)."""
        with socket.create_connection(("127.0.0.1", self.imap_port), 120) as s, s.makefile("rb") as lines:
            def say(data):
                s.sendall(data)
                line = lines.readline()
                while line and not line.startswith(b"a "):
                    line = lines.readline()
                if not line.startswith(b"a OK"):
                    raise RuntimeError("Cyrus said %r" % line)
            lines.readline()
            say(b"a LOGIN %s %s\r\n" % (name.encode(), PASSWORD.encode()))
            some = []
            for message in messages:
                some.append(b" {%d+}\r\n%s" % (len(message), message))
                if len(some) == batch:
                    say(b"a APPEND %s%s\r\n" % (mailbox.encode(), b"".join(some)))
                    some = []
            if some:
                say(b"a APPEND %s%s\r\n" % (mailbox.encode(), b"".join(some)))
