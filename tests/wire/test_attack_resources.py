"""Attack checklist J: COMPRESS, IDLE, time and resources, in small. What is longer or needs more of a machine is elsewhere:
J07 in test_trouble.py, J10 in test_crash.py and test_kill.py."""
import os
import socket
import subprocess
import sys
import unittest
import zlib
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from attack import Attack  # noqa: E402
from gateway import Gateway, Wire, until  # noqa: E402

# What the daemon believes the wall clock says: so many seconds more as a file says.
CLOCK = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
static long shift(void)
{
	char text[32] = "";
	int fd = open(getenv("GW_TEST_CLOCK"), O_RDONLY);
	if (fd >= 0 && read(fd, text, sizeof text - 1) < 0)
		text[0] = 0;
	if (fd >= 0)
		close(fd);
	return atol(text);
}
int clock_gettime(clockid_t id, struct timespec *t)
{
	static int (*real)(clockid_t, struct timespec *);
	if (!real)
		real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
	int rc = real(id, t);
	if (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)
		t->tv_sec += shift();
	return rc;
}
time_t time(time_t *ret)
{
	struct timespec t;
	clock_gettime(CLOCK_REALTIME, &t);
	if (ret)
		*ret = t.tv_sec;
	return t.tv_sec;
}
int gettimeofday(struct timeval *tv, void *tz)
{
	struct timespec t;
	(void)tz;
	clock_gettime(CLOCK_REALTIME, &t);
	tv->tv_sec = t.tv_sec;
	tv->tv_usec = t.tv_nsec / 1000;
	return 0;
}
"""


class Resources(Attack):
    users = ("anna", "bert", "idle")

    def compressed(self, user="anna", mailbox=None):
        w = self.login(user, mailbox)
        self.accepted(w, b"COMPRESS DEFLATE")
        return w, zlib.compressobj(6, zlib.DEFLATED, -15), zlib.decompressobj(-15)

    def inflated(self, w, d, end):
        got = b""
        while end not in got:
            piece = w.s.recv(65536)
            if not piece:
                break
            got += d.decompress(piece)
        return got

    def wire(self, gw):
        w = Wire(gw)
        self.addCleanup(w.close)
        return w

    def test_J01_a_deflate_bomb(self):
        """RFC 4978: what comes out of it counts against the limits of lines, literals and failures."""
        for text in (b"x" * (64 << 20), b"a NOOP " + b"(" * (24 << 20), b"a APPEND INBOX {4294967295+}\r\n" + b"y" * (24 << 20)):
            w, c, d = self.compressed()
            before = self.rss_kib()
            bomb = c.compress(text) + c.flush(zlib.Z_SYNC_FLUSH)
            self.assertLess(len(bomb), 1 << 20)
            try:
                w.send(bomb)
                w.send(c.compress(b"\r\nz LOGOUT\r\n") + c.flush(zlib.Z_SYNC_FLUSH))
                self.assertNotIn(b"OK NOOP", self.inflated(w, d, b"z OK"))
            except OSError:
                pass
            self.grown(before, 8192)
            w.close()

    def test_J02_compress_when_it_may_not_be(self):
        """RFC 4978 3: before login, twice, and with the next command in the same packet."""
        self.refused(self.connect(), b"COMPRESS DEFLATE")
        w = self.login()
        self.refused(w, b"COMPRESS GZIP")
        self.refused(w, b"COMPRESS")
        c, d = zlib.compressobj(9, zlib.DEFLATED, -15), zlib.decompressobj(-15)
        w.send(b"a COMPRESS DEFLATE\r\n" + c.compress(b"b NOOP\r\n") + c.flush(zlib.Z_SYNC_FLUSH))
        self.assertRegex(w.line(), b"^a OK")
        got = d.decompress(w.buffer)
        w.buffer = b""
        got += self.inflated(w, d, b"b OK") if b"b OK" not in got else b""
        self.assertIn(b"b OK", got)
        w.send(c.compress(b"c COMPRESS DEFLATE\r\n") + c.flush(zlib.Z_SYNC_FLUSH))
        self.assertIn(b"c BAD [COMPRESSIONACTIVE]", self.inflated(w, d, b"c "))

    def test_J03_pieces_of_deflate(self):
        """A command is answered when it is there, whatever kind of flush it came with and however it is cut."""
        for flush in (zlib.Z_SYNC_FLUSH, zlib.Z_PARTIAL_FLUSH, zlib.Z_FULL_FLUSH):
            w, c, d = self.compressed()
            for i in range(3):
                data = b"".join(c.compress(bytes([octet])) + c.flush(flush) for octet in b"t%d NOOP\r\n" % i)
                for octet in data if i == 0 else [data]:
                    w.send(bytes([octet]) if i == 0 else octet)
                self.assertIn(b"t%d OK" % i, self.inflated(w, d, b"t%d OK" % i))

    def test_J04_idle_and_then_something_else(self):
        """RFC 2177 3: only DONE ends it; nothing else is executed."""
        for text in (b"garbage\r\n", b"x CREATE evil\r\n", b"\r\n", b"DONE x\r\n", b" DONE\r\n", b"y" * 65536 + b"\r\n",
                     b"DON\0E\r\n"):
            w = self.login(mailbox=b"INBOX")
            w.send(b"i IDLE\r\n")
            self.assertRegex(w.line(), rb"^\+")
            w.send(text)
            try:
                w.send(b"DONE\r\nafter LOGOUT\r\n")
                self.assertRegex(w.closed(), rb"i (BAD|NO|OK)|\* BYE")
            except OSError:
                pass
        w = self.login(mailbox=b"INBOX")
        self.assertNotIn(b"evil", b"".join(w.command(b"l", b'LIST "" *')))
        for pieces in ((b"DO", b"NE\r", b"\n"), (b"done\r\n",), (b"D", b"O", b"N", b"E", b"\r\n"), (b"DONE\n",)):
            w.send(b"i IDLE\r\n")
            self.assertRegex(w.line(), rb"^\+")
            for p in pieces:
                w.send(p)
            self.assertRegex(w.until(b"i ")[-1], b"^i OK")
        w.send(b"i IDLE\r\nDONE\r\nn NOOP\r\n")
        self.assertRegex(w.until(b"n ")[-1], b"^n OK")

    def test_J05_many_who_wait_and_one_message(self):
        """Each is told, and none holds much."""
        n = 150 if self.gw.model == "thread" else 25
        waiting = [self.login("idle", b"INBOX") for _ in range(n)]
        before = self.rss_kib()
        for w in waiting:
            w.send(b"i IDLE\r\n")
            self.assertRegex(w.line(), rb"^\+")
        if self.gw.model == "thread":
            self.grown(before, n * 64)
        sender = self.login("idle")
        self.append(sender, b"INBOX", b"Subject: news\r\n\r\nx\r\n")
        for w in waiting:
            self.assertIn(b"* 1 EXISTS\r\n", w.until(b"* 1 EXISTS"))

    def test_J06_slow_clients(self):
        """Who does not read is closed after write_timeout, who does not write after the timeout of his state; nothing spins."""
        with Gateway(write_timeout=1, imap_timeout=2, login_timeout=2, imap_max_fail_commands=0) as gw:
            gw.add_user("anna", "pw")
            big = b"Subject: big\r\n\r\n" + b"x" * 998 * 4000 + b"\r\n"
            w = self.wire(gw)
            w.command(b"a", b"LOGIN anna pw")
            w.send(b"b APPEND INBOX {%d+}\r\n%s\r\n" % (len(big), big))
            w.until(b"b ")
            slow = self.wire(gw)
            slow.s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            slow.command(b"a", b"LOGIN anna pw")
            slow.command(b"s", b"SELECT INBOX")
            slow.send(b"f FETCH 1 BODY[]\r\n" * 20)
            half = self.wire(gw)
            half.send(b"a LOG")
            silent = self.wire(gw)
            silent.command(b"a", b"LOGIN anna pw")
            self.assertIn(b"BYE", half.closed())
            # RFC 9051 5.4: 30 minutes are for clients that said so; the operator has chosen less here
            self.assertIn(b"BYE", silent.closed())
            self.assertTrue(until(lambda: gw.gwctl("--json", "session", "list").stdout.count('"id"') == 0))
            ticks = sum(int(x) for x in Path("/proc/%d/stat" % gw.pid).read_text().rpartition(")")[2].split()[11:13])
            self.assertLess(ticks / os.sysconf("SC_CLK_TCK"), 20 * gw.memory_factor)

    def test_J07_no_descriptors_left(self):
        """New ones are kept waiting, those that are there go on, and afterwards everybody is served; see test_trouble.py."""
        w = self.login()
        soft, hard = (int(x) for x in next(line for line in Path("/proc/%d/limits" % self.gw.pid).read_text().splitlines()
                                           if line.startswith("Max open files")).split()[3:5])
        used = len(os.listdir("/proc/%d/fd" % self.gw.pid))
        subprocess.run(["prlimit", "--pid", str(self.gw.pid), "--nofile=%d:%d" % (used + 2, hard)], check=True)
        held = []
        try:
            for _ in range(8):
                held.append(socket.create_connection(("127.0.0.1", self.gw.port["imap"]), 5))
            self.alive(w)
        finally:
            subprocess.run(["prlimit", "--pid", str(self.gw.pid), "--nofile=%d:%d" % (soft, hard)], check=True)
            for s in held:
                s.close()
        self.login()

    def test_J08_a_clock_that_jumps(self):
        """A day forth and two days back: timers do not notice, and mail is still stored."""
        if self.gw.memory_factor > 1:
            self.skipTest("a sanitizer's library has to be the first")
        gw = Gateway(login_timeout=2, imap_max_fail_commands=0)
        try:
            source, library, clock = (gw.folder / n for n in ("clock.c", "clock.so", "clock"))
            source.write_text(CLOCK)
            subprocess.run(["cc", "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"], check=True)
            clock.write_text("0")
            os.environ.update(LD_PRELOAD=str(library), GW_TEST_CLOCK=str(clock))
            try:
                gw.start()
            finally:
                del os.environ["LD_PRELOAD"], os.environ["GW_TEST_CLOCK"]
            gw.add_user("anna", "pw")
            idle = self.wire(gw)
            idle.command(b"a", b"LOGIN anna pw")
            idle.command(b"s", b"SELECT INBOX")
            idle.send(b"i IDLE\r\n")
            self.assertRegex(idle.line(), rb"^\+")
            for n, day in enumerate(("86400", "-86400")):
                late = self.wire(gw)
                clock.write_text(day)
                w = self.wire(gw)
                self.assertIn(b" OK ", w.command(b"a", b"LOGIN anna pw")[-1])
                self.assertIn(b" OK ", w.command(b"b", b"APPEND INBOX {3+}\r\nabc")[-1])
                self.assertIn(b"* %d EXISTS\r\n" % (n + 1), idle.until(b"* %d EXISTS" % (n + 1)))
                w.close()
                self.assertIn(b"BYE", late.closed())  # the login timer goes on as it did
            idle.send(b"DONE\r\n")
            self.assertRegex(idle.until(b"i ")[-1], b"^i OK")
            dates = b"".join(idle.command(b"f", b"FETCH 1:2 INTERNALDATE"))
            self.assertEqual(len(set(dates.split(b'"')[1::2])), 2)  # that clock was the daemon's
            idle.close()
        finally:
            gw.stop()
            gw.remove()

    def test_J09_reloads_and_kicks_under_load(self):
        """Nobody is ended but who was meant, and nothing is left behind."""
        busy = self.login("anna", b"nine")
        files = len(os.listdir("/proc/%d/fd" % self.gw.pid))
        for i in range(8):
            victim = self.login("bert", b"INBOX")
            busy.send(b"".join(b"c%d STATUS INBOX (MESSAGES)\r\n" % j for j in range(50)))
            self.gw.gwctl("reload")
            self.gw.gwctl("user", "kick", "bert")
            self.assertRegex(busy.until(b"c49 ")[-1], b"^c49 OK")
            self.assertIn(b"BYE", victim.closed())
            victim.close()
        self.assertTrue(until(lambda: len(os.listdir("/proc/%d/fd" % self.gw.pid)) <= files + 1))
        self.alive(busy)

    def test_J10_killed_in_the_middle(self):
        """What was acknowledged is there afterwards, and the check finds nothing; in long runs: test_crash.py, test_kill.py."""
        with Gateway(imap_max_fail_commands=0) as gw:
            gw.add_user("anna", "pw")
            sure = 0
            for _ in range(2):
                w = Wire(gw)
                w.command(b"a", b"LOGIN anna pw")
                w.send(b"".join(b"m%d APPEND INBOX {5+}\r\nx: y\n\r\n" % i for i in range(200)))
                acknowledged = 0
                while acknowledged < 20:
                    acknowledged += w.line().split()[1:2] == [b"OK"]
                gw.stop(9)
                rest = w.closed() if not w.buffer else w.buffer + w.closed()
                acknowledged += sum(line.split()[1:2] == [b"OK"] for line in rest.split(b"\r\n") if line.startswith(b"m"))
                w.close()
                sure += acknowledged
                gw.start()
                w = Wire(gw)
                w.command(b"a", b"LOGIN anna pw")
                n = int(b"".join(w.command(b"s", b"STATUS INBOX (MESSAGES)")).split(b"MESSAGES ")[1].split(b")")[0])
                w.close()
                self.assertGreaterEqual(n, sure)
                sure = n
            self.assertIn("0", gw.gwctl("store", "check").stdout)


if __name__ == "__main__":
    unittest.main()
