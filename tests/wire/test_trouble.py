"""Things break: the disk is full, files are damaged or lost, processes are killed, the service is told to stop. What was
acknowledged stays, others go on, and the log says what it was."""
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import Gateway, Wire, until  # noqa: E402


def message(i, size=20000):
    return b"Subject: number %d\r\n\r\n" % i + b"%08d" % i * (size // 8) + b"\r\n"


class Trouble(unittest.TestCase):
    def start(self, **options):
        self.gw = Gateway(imap_max_fail_commands=0, **options)
        self.addCleanup(self.gw.remove)
        self.addCleanup(self.gw.stop)
        self.gw.start()
        for user in ("anna", "bert"):
            self.gw.add_user(user, "pw")

    def login(self, user=b"anna"):
        w = Wire(self.gw)
        self.addCleanup(w.close)
        self.assertIn(b"a OK", w.command(b"a", b"LOGIN %s pw" % user)[-1])
        return w

    def append(self, w, i, size=20000):
        m = message(i, size)
        w.send(b"m APPEND INBOX {%d+}\r\n%s\r\n" % (len(m), m))
        return w.until(b"m ")[-1]

    def log_until(self, pattern, timeout=60):
        deadline = time.monotonic() + timeout
        while not re.search(pattern, self.gw.log()):
            self.assertLess(time.monotonic(), deadline, "not in the log: %s" % pattern)
            time.sleep(0.05)

    def refused(self):
        try:
            socket.create_connection(("127.0.0.1", self.gw.port["imap"]), 60).close()
        except OSError:
            return True
        return False

    def mount(self):
        """A small disk; unmounted at the end."""
        folder = Path(tempfile.mkdtemp(prefix="gateway-disk-"))
        self.addCleanup(shutil.rmtree, folder, True)
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m,mode=700", "none", str(folder)], capture_output=True).returncode:
            self.skipTest("a file system cannot be mounted here")
        self.addCleanup(subprocess.run, ["umount", "-l", str(folder)])
        return folder

    def test_a_full_disk_is_told_and_nothing_acknowledged_is_lost(self):
        disk = self.mount()
        self.start(server_socket="local:%s" % disk)
        w, acked = self.login(), []
        while len(acked) < 1000:
            reply = self.append(w, len(acked))
            if b"m OK" not in reply:
                break
            acked.append(len(acked))
        self.assertRegex(reply, rb"^m NO \[UNAVAILABLE\]")
        self.log_until(r"mail\.db: cannot be written")
        self.assertIn(b"s OK", w.command(b"s", b"SELECT INBOX")[-1])
        self.assertIn(b"f OK", w.command(b"f", b"FETCH 1 (FLAGS ENVELOPE)")[-1])
        self.assertIn(b"m NO [UNAVAILABLE]", self.append(w, 5000, 4000000))
        self.assertRegex(self.login(b"bert").command(b"s", b"SELECT INBOX")[-1], rb"^s (OK|NO \[UNAVAILABLE\])")
        subprocess.run(["mount", "-o", "remount,size=30m", str(disk)], check=True)
        self.assertIn(b"m OK", self.append(w, 5001))
        self.assertIn(b"s OK", self.login(b"bert").command(b"s", b"SELECT INBOX")[-1])
        w = self.login()
        w.command(b"s", b"SELECT INBOX")
        data = b"".join(w.command(b"f", b"FETCH 1:* BODY.PEEK[]"))
        self.assertEqual([int(n) for n in re.findall(rb"Subject: number (\d+)", data)], acked + [5001])
        self.gw.gwctl("store", "check")

    def test_a_damaged_database_is_its_owners_trouble_alone(self):
        """RFC 5530 3(h)"""
        self.start()
        w = self.login()
        for i in range(10):
            self.append(w, i)
        w.command(b"s", b"SELECT INBOX")
        self.gw.stop()
        path = max(self.gw.folder.rglob("mail.db"), key=lambda p: p.stat().st_size)
        whole = path.read_bytes()
        self.gw.start()
        bert = self.login(b"bert")
        for damaged in (b"x" * 100 + whole[100:], whole[:50000], whole[:8192] + bytes(len(whole) - 8192), b""):
            path.write_bytes(damaged)
            w = self.login()
            self.assertIn(b"s NO [CORRUPTION]", w.command(b"s", b"SELECT INBOX")[-1])
            self.assertIn(b"m NO [CORRUPTION]", self.append(w, 1))
            self.assertIn(b"n OK", bert.command(b"n", b"SELECT INBOX")[-1])
            self.assertIsNone(self.gw.process.poll())
        self.log_until(r"\[error *\] .*" + re.escape(str(path)))

    def test_a_command_that_waits_long_for_the_store_is_told_as_slow(self):
        self.start(slow_command_time=1)
        w = self.login()
        self.append(w, 1)
        w.command(b"s", b"SELECT INBOX")
        path = max(self.gw.folder.rglob("mail.db"), key=lambda p: p.stat().st_size)
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")  # nobody else writes
        w.send(b"f STORE 1 +FLAGS (\\Flagged)\r\n")
        time.sleep(3)  # the command begins when it has its turn
        other.execute("ROLLBACK")
        other.close()
        self.assertIn(b"f OK", w.until(b"f ")[-1])
        self.log_until(r"Slow command of user anna .*: STORE took \d{4,} ms")

    def test_a_lost_account_database_is_not_replaced_by_an_empty_one(self):
        self.start()
        self.append(self.login(), 1)
        self.gw.stop()
        for p in self.gw.folder.rglob("accounts.db*"):
            p.unlink()
        try:
            self.gw.start()  # it may take a connection before the end
        except RuntimeError:
            pass
        self.assertEqual(self.gw.process.wait(60), 1)
        self.assertIn("accounts.db is missing", self.gw.output())

    def test_stopping_waits_for_a_transfer_and_no_longer(self):
        self.start(shutdown_timeout=300)
        w = self.login()
        for i in range(15):
            self.append(w, i, 1000000)
        w.command(b"s", b"SELECT INBOX")
        w.send(b"f FETCH 1:* BODY.PEEK[]\r\n")
        w.s.recv(1000)
        idle = self.login()
        self.gw.process.send_signal(signal.SIGTERM)
        self.assertIn(b"* BYE", idle.closed())
        self.assertTrue(until(self.refused))  # each loop ends in its own time
        data = w.closed()
        self.assertGreater(len(data), 14500000)
        self.assertIn(b"f OK", data[-200:])
        self.assertIn(b"* BYE", data[-200:])
        self.assertEqual(self.gw.process.wait(60), 0)  # and not at shutdown_timeout

    def test_too_few_descriptors_stop_nobody_for_good(self):
        if os.geteuid() == 0 and not shutil.which("setpriv"):
            self.skipTest("the limit cannot be kept low for root")
        self.gw = Gateway(login_timeout=100)
        self.addCleanup(self.gw.remove)
        self.addCleanup(self.gw.stop)
        wrapper = self.gw.folder / "build"
        wrapper.mkdir()
        for name in ("gwctl", "gatewayd"):
            begin = "ulimit -n 64; exec "
            if os.geteuid() == 0:
                begin += "setpriv --bounding-set=-sys_resource --inh-caps=-sys_resource --reuid=65534 --regid=65534 --clear-groups "
            script = "#!/bin/sh\n%s%s \"$@\"\n" % (begin if name == "gatewayd" else "exec ", self.gw.build / name)
            (wrapper / name).write_text(script)
            (wrapper / name).chmod(0o755)
        self.gw.write_config()
        if os.geteuid() == 0:
            for p in [self.gw.folder, *self.gw.folder.iterdir()]:
                os.chown(p, 65534, 65534)
        self.gw.build = wrapper
        self.gw.start()
        self.gw.add_user("anna", "pw")
        old = self.login()
        self.assertIn(b"n OK", old.command(b"n", b"SELECT INBOX")[-1])
        crowd = [socket.create_connection(("127.0.0.1", self.gw.port["imap"]), 5) for _ in range(100)]
        if self.gw.model == "thread":
            self.log_until("limit of open files is too low")
            self.log_until("Cannot accept connections for a moment: Too many open files")
            time.sleep(0.3)
            self.assertLess(self.cpu_s(1), 0.3, "it spins")
        self.assertIn(b"n OK", old.command(b"n", b"NOOP")[-1])
        for s in crowd:
            s.close()
        self.assertIn(b"m OK", self.append(self.login(), 1))

    def cpu_s(self, seconds):
        def used():
            fields = Path("/proc/%d/stat" % self.gw.pid).read_text().rsplit(")", 1)[1].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        before = used()
        time.sleep(seconds)
        return used() - before

    def test_a_reload_waits_for_no_fifo(self):
        self.start()
        fifo = self.gw.folder / "fifo"
        os.mkfifo(fifo)
        self.gw.write_config(ssl_certificate_file=fifo)
        self.gw.process.send_signal(signal.SIGHUP)
        self.log_until("fifo\" is not a regular file")
        self.gw.imap("anna", "pw", tls=True).logout()

    def test_a_killed_child_is_told_and_others_go_on(self):
        self.start()
        if self.gw.model != "fork":
            self.skipTest("there are no children")
        bert = self.login(b"bert")
        w = self.login()
        pid = self.gw.gwctl("session", "list", "user=anna", "--json").stdout
        os.kill(int(re.search(r'"pid": ?"?(\d+)', pid).group(1)), signal.SIGKILL)
        self.assertEqual(w.closed(), b"")
        self.log_until(r"imap of anna .* was ended by signal 9")
        self.assertIn(b"n OK", bert.command(b"n", b"SELECT INBOX")[-1])
        self.login()


if __name__ == "__main__":
    unittest.main()
