"""import.py - a large import, interrupted many times: complete, without doubles, octet for octet?

  import.py --build DIR [--n 100000] [--mail FOLDER ...] [--from maildir,mbox,dovecot] [--kills 20] [--model thread]

Every file below a FOLDER is a message, or several when it begins with "From "; small generated ones make up the number. They
lie in a Maildir, an mbox, and a real Dovecot, which serves the same Maildir over IMAP. From each, gwctl imports once in peace,
for the rate, and once while gwctl and the daemon are killed with kill -9 in turn. What is exported afterwards is
compared with what was put there; for Dovecot, with what it says itself over IMAP, by UID.
"""
import argparse
import collections
import hashlib
import imaplib
import json
import os
import pwd
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import Gateway, free_port, make_certificate  # noqa: E402
from transfer import Taker, kill_9  # noqa: E402

# What mbox programs note in headers; readers take it away.
FACTS = re.compile(rb"(status|x-status|x-keywords|x-uid|x-imapbase|x-imap|x-mozilla-status2?|x-mozilla-keys):", re.I)
FETCH_AT_ONCE = 500


def digest(body):
    return hashlib.sha256(body).digest()


def crlf(body):
    return re.sub(rb"\r?\n", b"\r\n", body)


# ---- the mail ----
def split_mbox(data):
    for piece in re.split(rb"(?:\A|\n\r?\n)From [^\n]*\n", data)[1:]:
        yield piece + b"\n"


def generated():
    i = 0
    while True:
        i += 1
        yield ("From: a%d@example.org\nTo: b@example.org\nSubject: generated %d\nMessage-ID: <%d@generated>\n\n%s" %
               (i % 97, i, i, ("line %d\n" % i) * (i * 7919 % 400))).encode()


def messages(folders, n):
    count = 0
    for folder in folders:
        for path in sorted(p for p in Path(folder).rglob("*") if p.is_file()):
            data = path.read_bytes()
            for body in split_mbox(data) if data.startswith(b"From ") else [data]:
                if count == n:
                    return
                if body:
                    count += 1
                    yield body
    for body in generated():
        if count == n:
            return
        count += 1
        yield body


def as_in_mbox(body):
    """Without what mbox programs note, and with an end of line at its end."""
    head, gap, rest = body.partition(b"\n\n")
    kept, drop = [], False
    for line in head.split(b"\n"):
        if line[:1] not in b" \t" or not line:
            drop = FACTS.match(line) is not None
        if not drop:
            kept.append(line)
    body = b"\n".join(kept) + gap + rest
    return body if body.endswith(b"\n") else body + b"\n"


def build(folder, bodies):
    """Maildir and mbox; the digests that are to come of each."""
    maildir, mbox = folder / "Maildir", folder / "mbox"
    for sub in ("cur", "new", "tmp"):
        (maildir / sub).mkdir(parents=True)
    want = {"maildir": collections.Counter(), "mbox": collections.Counter()}
    size = 0
    with open(mbox, "wb") as f:
        for i, body in enumerate(bodies):
            size += len(body)
            (maildir / "cur" / ("%d.M%dP1.host:2,%s" % (1400000000 + i * 60, i, "S" if i % 3 else ""))).write_bytes(body)
            want["maildir"][digest(crlf(body))] += 1
            body = as_in_mbox(body.replace(b"\r\n", b"\n"))
            want["mbox"][digest(crlf(body))] += 1
            f.write(b"From a@example.org Thu Jan  1 00:00:00 2015\n")
            f.write(re.sub(rb"(?m)^(>*From )", rb">\1", body) + b"\n")
    return want, size


class Dovecot:
    """Serves the Maildir over IMAP."""

    def __init__(self, maildir):
        self.folder = Path(tempfile.mkdtemp(prefix="bench-dovecot-", dir="/var/tmp"))
        self.folder.chmod(0o755)
        self.port = free_port()
        user = pwd.getpwnam("mail")
        for sub in ("index", "control"):
            (self.folder / sub).mkdir()
            os.chown(self.folder / sub, user.pw_uid, user.pw_gid)
        subprocess.run(["chown", "-R", "mail:mail", str(maildir)], check=True)
        self.cert, key = make_certificate(self.folder)
        (self.folder / "dovecot.conf").write_text("""
base_dir = %(d)s/run
state_dir = %(d)s/state
log_path = %(d)s/log
protocols = imap
ssl = yes
ssl_cert = <%(c)s
ssl_key = <%(k)s
disable_plaintext_auth = no
mail_location = maildir:%(m)s:INDEX=%(d)s/index:CONTROL=%(d)s/control
mail_uid = %(uid)d
mail_gid = %(gid)d
first_valid_uid = 1
first_valid_gid = 1
passdb {
  driver = static
  args = password=pw
}
userdb {
  driver = static
  args = uid=%(uid)d gid=%(gid)d home=%(d)s
}
service imap-login {
  inet_listener imap {
    address = 127.0.0.1
    port = %(p)d
  }
  inet_listener imaps {
    port = 0
  }
}
""" % dict(d=self.folder, c=self.cert, k=key, m=maildir, uid=user.pw_uid, gid=user.pw_gid, p=self.port))
        self.process = subprocess.Popen(["dovecot", "-F", "-c", str(self.folder / "dovecot.conf")])
        for _ in range(100):
            try:
                imaplib.IMAP4("127.0.0.1", self.port).logout()
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("dovecot did not start: " + (self.folder / "log").read_text())

    def imap(self):
        c = imaplib.IMAP4("127.0.0.1", self.port)
        c.login("anna", "pw")
        return c

    def close(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def fetch(c, mailbox="INBOX"):
    """UIDVALIDITY, and a digest by UID."""
    imaplib._MAXLINE = 10 ** 9
    n = int(c.select(mailbox, readonly=True)[1][0])
    validity = c.response("UIDVALIDITY")[1][0]
    found = {}
    for first in range(1, n + 1, FETCH_AT_ONCE):
        _, data = c.fetch("%d:%d" % (first, min(n, first + FETCH_AT_ONCE - 1)), "(UID BODY.PEEK[])")
        for d in data:
            if isinstance(d, tuple):
                found[int(re.search(rb"UID (\d+)", d[0]).group(1))] = digest(d[1])
    return validity, found


# ---- imports ----
class Run:
    def __init__(self, gw, user, source, options):
        self.gw, self.words = gw, ["import", user, source, "--json"] + options

    def start(self):
        self.process = subprocess.Popen([str(self.gw.build / "gwctl"), "-s", self.gw.options["control_socket"], *self.words],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        return self

    def lines(self):
        for line in self.process.stdout:
            yield json.loads(line)

    def wait(self):
        """The counts, or None when it was cut short."""
        last = None
        for last in self.lines():
            pass
        err = self.process.stderr.read()
        return last if self.process.wait() in (0, 1) and last and "imported" in last else None, err


def in_peace(gw, source, options):
    gw.add_user("peace", "pw")
    t = time.monotonic()
    counts, err = Run(gw, "peace", source, options).start().wait()
    seconds = time.monotonic() - t
    if not counts:
        raise RuntimeError("import failed: " + err)
    t = time.monotonic()
    again, _ = Run(gw, "peace", source, options).start().wait()
    return counts, seconds, again, time.monotonic() - t


def interrupted(gw, source, options, kills, octets, rng):
    """Import while it is killed: each run may bring a random share. How often it was struck, and all seconds."""
    gw.add_user("anna", "pw")
    struck = collections.Counter()
    t = time.monotonic()
    for i in range(kills):
        run = Run(gw, "anna", source, options).start()
        share = rng.random() * 2 * octets / (kills + 3)
        ended = None
        for row in run.lines():
            if row.get("bytes", 0) >= share and row.get("event") == "step":
                break
            ended = row if "imported" in row else None
        if ended:
            run.process.wait()
            continue
        time.sleep(rng.random() * 0.1)
        if i % 2:
            kill_9(gw)
        else:
            run.process.kill()
        threading.Thread(target=run.process.stdout.read).start()
        run.process.wait()
        struck["daemon" if i % 2 else "gwctl"] += 1
        if i % 2:
            gw.start()
    counts, err = Run(gw, "anna", source, options).start().wait()
    if not counts:
        raise RuntimeError("import failed: " + err)
    return struck, counts, time.monotonic() - t


class Digests(Taker):
    """An export that keeps digests; it sees octets that IMAP does not let through."""

    def keep(self, name, m):
        if name == "INBOX":
            self.found[m.uid] = digest(m.body)
        m.body = b""


def compare(gw, want, by_uid):
    """What is wrong, as text; "" when nothing is."""
    taker = Digests(gw, "anna")
    taker.found = {}
    taker.run()
    taker.close()
    validity, found = str(taker.folders["INBOX"][0]).encode(), taker.found
    check = gw.gwctl("store", "check", "anna", check=False)
    wrong = []
    if check.returncode:
        wrong.append("store check: " + check.stdout)
    if by_uid:
        if by_uid != (validity, found):
            wrong.append("UIDs or octets differ")
        return "; ".join(wrong)
    have = collections.Counter(found.values())
    missing, more = want - have, have - want
    if missing or more:
        wrong.append("%d missing, %d that were not there or are there twice" % (sum(missing.values()), sum(more.values())))
    return "; ".join(wrong)


def measure(kind, opt, source, options, want, octets, by_uid=None):
    rng = random.Random(opt.seed)
    with Gateway(build=opt.build, model=opt.model) as gw:
        counts, seconds, again, again_s = in_peace(gw, source, options)
        print("%-8s in peace: %d messages, %.0f MB in %.1f s: %.0f messages/s, %.1f MB/s; again, with nothing new: %.1f s" %
              (kind, counts["imported"], counts["bytes"] / 1e6, seconds, counts["imported"] / seconds,
               counts["bytes"] / 1e6 / seconds, again_s), flush=True)
        struck, counts, seconds = interrupted(gw, source, options, opt.kills, octets, rng)
        wrong = compare(gw, want, by_uid)
        print("%-8s killed %d times (gwctl %d, daemon %d): all in %.1f s; the last run found %d and brought %d, left out %d: %s" %
              (kind, sum(struck.values()), struck["gwctl"], struck["daemon"], seconds, counts["already"], counts["imported"],
               counts["skipped"], wrong or "complete, no doubles, octet for octet"), flush=True)
        return not wrong and again["imported"] == 0 and counts["skipped"] == 0


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--build", default="build")
    ap.add_argument("--n", type=int, default=100000)
    ap.add_argument("--mail", action="append", default=[])
    ap.add_argument("--from", dest="kinds", default="maildir,mbox,dovecot")
    ap.add_argument("--kills", type=int, default=20)
    ap.add_argument("--model", default="thread")
    ap.add_argument("--seed", type=int, default=1)
    opt = ap.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="bench-import-", dir="/var/tmp"))
    folder.chmod(0o755)
    fine = True
    try:
        want, octets = build(folder, messages(opt.mail, opt.n))
        print("%d messages of %.0f MB" % (sum(want["maildir"].values()), octets / 1e6), flush=True)
        for kind in opt.kinds.split(","):
            if kind == "dovecot":
                d = Dovecot(folder / "Maildir")
                (folder / "password").write_text("pw\n")
                try:
                    by_uid = fetch(d.imap())
                    fine &= measure(kind, opt, "imap://anna@127.0.0.1:%d/" % d.port,
                                    ["--password-file", str(folder / "password"), "--insecure", "--all"], None, octets, by_uid)
                finally:
                    d.close()
            else:
                path = folder / ("Maildir" if kind == "maildir" else "mbox")
                fine &= measure(kind, opt, "%s:%s" % (kind, path), [], want[kind], octets)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
