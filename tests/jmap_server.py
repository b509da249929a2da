#!/usr/bin/env python3
"""jmap_server.py - a JMAP server double (RFC 8620, 8621, 9425) for tests: exact, quick, and hostile on demand.

    with JmapServer() as js:             # in this process; JmapServer(process=True): one of its own, for js.kill()
        js.add_user("anna", "secret")
        js.deliver("anna", "inbox", b"Subject: x\r\n\r\nHello\r\n", ["$seen"])
        js.fault("status", on="api", status=503, times=2)     # jmap_faults.py lists them
        ... server_socket = js.url
        js.dump("anna")["emails"]

Everything that was answered is in the folder (jmap_store.py): kill() it at any moment, start() it again. OPTIONS says
what kind of server it is; cyrus=True makes it like Cyrus 3.6. Both forms take their commands through control(do, ...),
which is the method do_X of Control below; over the network it is POST /__control with {"do": X, ...}.

  jmap_server.py --port N --folder DIR [--options JSON]
"""
import argparse
import base64
import contextlib
import http.client
import json
import os
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from jmap_faults import Faults, Reply  # noqa: E402
from jmap_http import Listener  # noqa: E402
from jmap_service import Service, pure  # noqa: E402
from jmap_store import RIGHTS, ROLES, World, utc  # noqa: E402

OPTIONS = {
    "fold": False,              # equal octets are one message: alreadyExists
    "push": True,               # False: the event source answers 204
    "relative_urls": False, "redirect": True,  # /.well-known/jmap answers 301
    "import_states": True,      # False: Email/import without oldState and newState
    "gzip": True, "gzip_blobs": False, "keep_alive": True, "fsync": True, "delay_ms": 0,
    "quota": "rfc",             # or "cyrus", None
    "future_state": "error",    # or "empty": no changes and an older newState
    "forget_with_mailbox": False, "last_out_destroys": False, "strict": False, "session_state": True,
    "limit_by_request": False,  # too many objects: HTTP 400 instead of requestTooLarge
    "upload_moves_states": False, "drop_taken_roles": False,
    "roles": None,              # those that it takes; None: all
    "lost_blob": "invalidProperties", "max_changes": None, "query_limit": None, "max_keywords": None,
    "maxSizeUpload": 256 << 20, "maxConcurrentUpload": 16, "maxSizeRequest": 10_000_000, "maxConcurrentRequests": 32,
    "maxCallsInRequest": 16, "maxObjectsInGet": 4096, "maxObjectsInSet": 1000,
    "maxMailboxesPerEmail": None, "maxMailboxDepth": None, "maxSizeMailboxName": 200,
    "tls": None,                # [certificate, key]
}
CYRUS = {"fold": True, "push": False, "relative_urls": True, "import_states": False, "quota": None, "strict": True,
         "future_state": "empty", "forget_with_mailbox": True, "last_out_destroys": True, "limit_by_request": True,
         "session_state": False, "upload_moves_states": True, "drop_taken_roles": True,
         "roles": [role for _, role in ROLES] + ["important"], "lost_blob": "blobNotFound", "maxMailboxesPerEmail": 20,
         "max_keywords": 100,
         "maxCallsInRequest": 50, "maxObjectsInSet": 4096}


class Control:
    """What a test may ask of the server; do_X is control(X)."""

    def __init__(self, world, service, options):
        self.world, self.service, self.options = world, service, options
        self.faults = Faults(lambda c: self.run(**c))
        self.listener = None

    def run(self, do, **args):
        return getattr(self, "do_" + do)(**args)

    # -- users --
    def do_add_user(self, name, password, mailboxes=ROLES):
        return self.world.add_user(name, password, mailboxes).id

    def do_add_account(self, name, mailboxes=ROLES):
        return self.world.add_account(name, mailboxes).id

    def do_share(self, account, user, readonly=False):
        shared = dict(self.world.users[user].shared)
        shared[self.account(account).id] = readonly
        self.world.do("user_set", user, "shared", shared)

    def do_unshare(self, account, user):
        shared = dict(self.world.users[user].shared)
        del shared[self.account(account).id]
        self.world.do("user_set", user, "shared", shared)

    def do_user(self, name, **values):
        """password, tokens (list), locked, admin (may act for others)."""
        for k, v in values.items():
            self.world.do("user_set", name, k, v)

    # -- mail --
    def account(self, name):
        return self.world.account_of(name)

    def do_deliver(self, account, mailbox, data, keywords=(), received=None):
        """data: base64. received: seconds or UTCDate. The Email's id; a known one when equal messages are folded."""
        a = self.account(account)
        blob, _ = a.put_blob(base64.b64decode(data))
        received = utc(time.time() if received is None else received) if not isinstance(received, str) else received
        with a.change() as tx:
            box = a.find_mailbox(mailbox).id
            if self.options["fold"] and blob in a.by_blob:
                e = a.emails[a.by_blob[blob]]
                tx.do("change", e.id, dict(e.mailboxes, **{box: True}), None)
                return e.id
            return a.add_email(tx, blob, {box: True}, {k.lower(): True for k in keywords}, received).id

    def do_bulk(self, account, mailbox, n, seed=1, first=1_700_000_000):
        a = self.account(account)
        with a.change() as tx:
            tx.do("bulk", a.find_mailbox(mailbox).id, n, seed, first)

    def do_change(self, account, id, keywords=None, mailboxes=None):
        a = self.account(account)
        with a.change() as tx:
            boxes = None if mailboxes is None else {a.find_mailbox(m).id: True for m in mailboxes}
            tx.do("change", id, boxes, None if keywords is None else {k: True for k in keywords})

    def do_destroy(self, account, id):
        with self.account(account).change() as tx:
            tx.do("email_gone", id)

    def do_create_mailbox(self, account, path, role=None):
        a = self.account(account)
        above, _, name = path.rpartition("/")
        with a.change() as tx:
            id = a.new_id("mb")
            tx.do("next", a.next)
            tx.do("mailbox", id, name, a.find_mailbox(above).id if above else None, role, 10, [account])
        return id

    def do_change_mailbox(self, account, mailbox, **facts):
        """name, parent (id or None), role, sort, subscribed (list of users)."""
        a = self.account(account)
        with a.change() as tx:
            m = a.find_mailbox(mailbox)
            tx.do("mailbox", m.id, *m.facts(**facts))

    def do_remove_mailbox(self, account, mailbox):
        a = self.account(account)
        with a.change() as tx:
            m = a.find_mailbox(mailbox)
            for e in list(m.emails.values()):
                rest = {k: True for k in e.mailboxes if k != m.id}
                tx.do("change", e.id, rest, None) if rest else tx.do("email_gone", e.id)
            tx.do("mailbox_gone", m.id)

    def do_quota(self, account, octets=None, count=None):
        with self.account(account).change() as tx:
            tx.do("quota", octets, count)

    def do_rights(self, account, missing, user="", mailbox=""):
        """Take rights away, in one mailbox or all, from one user or all."""
        unknown = set(missing) - set(RIGHTS) - {"mayCreateTopLevel"}
        if unknown:
            raise ValueError("no such right: %s" % unknown)
        a = self.account(account)
        with a.change() as tx:
            tx.do("rights", user, a.find_mailbox(mailbox).id if mailbox else "", list(missing))

    # -- time and states --
    def do_forget(self, account, kind="Email"):
        """Older states of a type cannot be compared any more."""
        with self.account(account).change() as tx:
            tx.do("forget", kind)

    def do_mark(self):
        """For rollback()."""
        return self.world.journal.size()

    def do_rollback(self, mark):
        """Restore the server from the backup of then: what came later never was, and ids and states are used again."""
        self.world.replay(mark)
        self.world.ring()

    def do_options(self, **options):
        unknown = set(options) - set(OPTIONS)
        if unknown:
            raise KeyError("no such option: %s" % unknown)
        self.options.update(options)

    # -- faults --
    def do_fault(self, name, **rule):
        return self.faults.add(dict(rule, do=name))

    def do_clear(self, number=None):
        return self.faults.clear(number)

    def do_faults(self):
        return self.faults.done()

    def do_drop(self):
        """End all connections, event streams too."""
        self.listener.drop()

    # -- looking --
    def do_counters(self):
        s = self.service
        return {"requests": dict(s.count), "calls": dict(s.calls), "streams": s.streams,
                "connections": self.listener.accepted}

    def do_dump(self, account=None):
        if account is not None:
            return self.account(account).dump()
        return {a.name: a.dump() for a in list(self.world.accounts.values())}

    def do_blob(self, account, blob):
        return base64.b64encode(self.account(account).read_blob(blob)).decode()


class Running:
    """A server in this process."""

    def __init__(self, folder, port, options):
        self.world = World(folder, options)
        self.service = Service(self.world, None, options)
        self.control = Control(self.world, self.service, options)
        self.service.faults = self.control.faults
        self.listener = Listener(port, options["tls"], self.handle, lambda: options["keep_alive"],
                                 self.control.faults.wait)
        self.control.listener = self.listener

    def handle(self, request):
        if request.path != "/__control":
            return self.service.handle(request)
        try:
            return Reply(200, pure({"result": self.control.run(**json.loads(request.body(1 << 30)))}))
        except Exception as e:  # whatever it is, the test shall see it
            return Reply(400, pure({"error": "%s: %s" % (type(e).__name__, e)}))

    def stop(self):
        self.service.stopping = True
        self.control.faults.clear()
        self.world.ring()
        self.listener.stop()
        self.world.journal.close()


class JmapServer:
    """A server with its folder. process: in a process of its own."""

    def __init__(self, folder=None, port=0, process=False, cyrus=False, **options):
        unknown = set(options) - set(OPTIONS)
        if unknown:
            raise KeyError("no such option: %s" % unknown)
        self.own_folder = folder is None
        self.folder = Path(folder or tempfile.mkdtemp(prefix="jmap-"))
        self.settings = dict(OPTIONS, **(CYRUS if cyrus else {}), fsync=process or folder is not None)
        self.settings.update(options)
        self.port, self.process, self.running, self.child = port, process, None, None

    def start(self):
        if not self.process:
            self.running = Running(self.folder, self.port, self.settings)
            self.port = self.running.listener.port
            return self
        argv = [sys.executable, str(Path(__file__).resolve()), "--port", str(self.port), "--folder", str(self.folder),
                "--options", json.dumps(self.settings)]
        self.child = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        line = self.child.stdout.readline()
        if not line.startswith(b"ready "):
            raise RuntimeError("the JMAP server did not start")
        self.port = int(line.split()[1])
        return self

    @property
    def url(self):
        return ("https://localhost:%d/" if self.settings["tls"] else "http://127.0.0.1:%d/") % self.port

    def kill(self):
        """SIGKILL (a server of its own process)."""
        self.child.send_signal(signal.SIGKILL)
        self.ended()

    def ended(self):
        self.child.stdin.close()
        self.child.wait()
        self.child.stdout.close()
        self.child = None

    def stop(self):
        if self.running:
            self.running.stop()
            self.running = None
        if self.child:
            self.child.terminate()
            self.ended()

    def __enter__(self):
        return self.start()

    def __exit__(self, *exc):
        self.stop()
        self.remove()

    def remove(self):
        if self.own_folder:
            shutil.rmtree(self.folder, ignore_errors=True)

    def control(self, do, **args):
        if self.running:
            return self.running.control.run(do, **args)
        if self.settings["tls"]:
            context = ssl.create_default_context(cafile=self.settings["tls"][0])
            c = http.client.HTTPSConnection("localhost", self.port, timeout=60, context=context)
        else:
            c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        with contextlib.closing(c):
            c.request("POST", "/__control", pure(dict(args, do=do)))
            answer = json.loads(c.getresponse().read())
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer["result"]

    def add_user(self, name, password="secret", **more):
        return self.control("add_user", name=name, password=password, **more)

    def deliver(self, account, mailbox, data, keywords=(), received=None):
        return self.control("deliver", account=account, mailbox=mailbox, data=base64.b64encode(data).decode(),
                            keywords=list(keywords), received=received)

    def fault(self, name, **rule):
        return self.control("fault", name=name, **rule)

    def blob(self, account, id):
        return base64.b64decode(self.control("blob", account=account, blob=id))

    def options(self, **options):
        """Be another kind of server from now on."""
        self.settings.update(options)
        return self.control("options", **options)

    def dump(self, account=None):
        return self.control("dump", account=account)

    def __getattr__(self, name):
        """js.clear(), js.share(account=..., user=...) and so on: the methods of Control by their names."""
        if not hasattr(Control, "do_" + name):
            raise AttributeError(name)
        return lambda **args: self.control(name, **args)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--port", type=int, default=0)
    ap.add_argument("--folder", required=True)
    ap.add_argument("--options", default="{}")
    opt = ap.parse_args()
    running = Running(opt.folder, opt.port, dict(OPTIONS, **json.loads(opt.options)))
    print("ready %d" % running.listener.port, flush=True)
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    sys.stdin.read()  # who started it has gone
    running.stop()


if __name__ == "__main__":
    main()
