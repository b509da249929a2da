#!/usr/bin/env python3
"""demo.py - a throw-away gateway on 127.0.0.1 with two accounts and a few hundred messages.

  demo.py --build DIR [--once]     --once: stop when everything is up (for tests)

Ctrl-C stops it and removes everything.
"""
import argparse
import os
import shutil
import signal
import socket
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))
from gateway import Gateway, free_port  # noqa: E402
from sample_mail import messages  # noqa: E402

WISHED = {"imap": 1143, "imaps": 1993, "pop3": 1110, "pop3s": 1995}
BOLD, PLAIN = ("\033[1m", "\033[0m") if sys.stdout.isatty() else ("", "")


def choose_ports():
    """The wished ports, or free ones where somebody else listens."""
    ports = {}
    for service, port in WISHED.items():
        try:
            with socket.socket() as s:
                s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                s.bind(("127.0.0.1", port))
            ports[service] = port
        except OSError:
            ports[service] = free_port()
            print("port %d (%s) is taken, using %d" % (port, service, ports[service]))
    return ports


LETTERS = {"\\Seen": "S", "\\Flagged": "F", "\\Draft": "D"}


def write_maildir(path):
    """The sample mail as a Maildir: how many messages, and the names of its folders."""
    made, count = {}, 0
    for folder, raw, flags, sent in messages():
        if folder not in made:
            made[folder] = path if folder == "INBOX" else path / ("." + folder.replace("/", "."))
            for part in ("cur", "new", "tmp"):
                (made[folder] / part).mkdir(parents=True)
        count += 1
        letters = "".join(sorted(LETTERS[flag] for flag in flags.split()))
        file = made[folder] / "cur" / ("%d.M%d.demo:2,%s" % (sent.timestamp(), count, letters))
        file.write_bytes(raw.replace(b"\r\n", b"\n"))
        os.utime(file, (sent.timestamp(), sent.timestamp()))
    (path / "subscriptions").write_text("".join(f.replace("/", ".") + "\n" for f in made))
    return count, sorted(made)


def fill(gw):
    """Import is quick: it brings many messages to the disk at once."""
    path = gw.folder / "sample"
    count, folders = write_maildir(path)
    gw.gwctl("import", "demo", "maildir:%s" % path)
    shutil.rmtree(path)
    print("%d messages in %d folders" % (count, len(folders)))


MBSYNCRC = """IMAPAccount demo
Host localhost
Port {port}
User demo
Pass demo
SSLType IMAPS
CertificateFile {cert}

IMAPStore demo-remote
Account demo

MaildirStore demo-local
Path {mail}/
Inbox {mail}/INBOX
SubFolders Verbatim

Channel demo
Far :demo-remote:
Near :demo-local:
Patterns *
Create Near
SyncState *
"""


def write_mbsyncrc(gw):
    """What mbsync needs to copy the mail of demo; its path."""
    mail = gw.folder / "maildir"
    mail.mkdir(exist_ok=True)
    path = gw.folder / "mbsyncrc"
    path.write_text(MBSYNCRC.format(port=gw.port["imaps"], cert=gw.cert, mail=mail))
    return path


def tell(gw):
    p = gw.port
    print("""
{b}Gateway is running.{n}  Accounts: demo / demo and demo2 / demo, on 127.0.0.1
  IMAP  {imap}    IMAPS {imaps}    POP3  {pop3}    POP3S {pop3s}    (certificate: {cert})

{b}curl{n}
  curl --user demo:demo imap://127.0.0.1:{imap}/
  curl --user demo:demo 'imap://127.0.0.1:{imap}/INBOX;MAILINDEX=1'
  curl --cacert {cert} --user demo:demo imaps://localhost:{imaps}/INBOX -X 'SEARCH TEXT backup'
  curl --user demo:demo pop3://127.0.0.1:{pop3}/1
{b}mutt{n}
  mutt -f imap://demo:demo@localhost:{imap}/INBOX         (it asks about the certificate: o)
{b}Thunderbird{n}
  Account Settings > Add Mail Account > Configure manually: IMAP, server 127.0.0.1, port {imap},
  connection security STARTTLS (accept the certificate) or port {imaps} with SSL/TLS, user name demo
{b}mbsync{n}
  mbsync -c {mbsync} demo        (into {folder}/maildir)
{b}gwctl{n}
  {gwctl} -s {control} status
  {gwctl} -s {control} user list

Ctrl-C stops the gateway and removes its mail ({folder}).""".format(
        b=BOLD, n=PLAIN, cert=gw.cert, mbsync=write_mbsyncrc(gw), gwctl=gw.build / "gwctl", control=gw.options["control_socket"],
        folder=gw.folder, **p), flush=True)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--build", default="build")
    ap.add_argument("--once", action="store_true")
    opt = ap.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    gw = Gateway(build=opt.build, ports=choose_ports())
    try:
        gw.start()
        for user in ("demo", "demo2"):
            gw.add_user(user, "demo")
        fill(gw)
        tell(gw)
        while not opt.once:
            if gw.process.poll() is not None:
                print("gatewayd ended by itself:\n" + gw.output())
                return 1
            time.sleep(0.5)
    except KeyboardInterrupt:
        print("\nstopping ...", flush=True)
    finally:
        gw.stop()
        gw.remove()
    return 0


if __name__ == "__main__":
    sys.exit(main())
