"""pty_shell.py - a program at a pseudo-terminal, driven as a person would: wait for what it shows, then type.

    with PtyShell([gwctl, "-s", socket]) as sh:
        sh.expect("running> ")
        sh.send("session list\\r")
        sh.expect("ADDRESS")

Nothing waits for time to pass: expect() reads until the text is there, and fails when the program ends or says nothing for
long.
"""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

PATIENCE_S = 30
CODES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\x1b\][^\x07]*\x07")


def plain(text):
    """Without the codes that steer a terminal."""
    return CODES.sub("", text)


class PtyShell:
    def __init__(self, argv, env=None, rows=40, columns=120, cwd=None):
        self.seen = ""  # all that is not expected yet
        self.log = ""   # all
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            try:
                if cwd:
                    os.chdir(cwd)
                # the size is there before the program looks
                fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
                base = {"PATH": os.environ["PATH"], "TERM": "xterm", "INPUTRC": "/dev/null", "LC_ALL": "C.UTF-8"}
                os.execvpe(str(argv[0]), [str(a) for a in argv], {**base, **(env or {})})
            finally:
                os._exit(127)
        self.status = None

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        self.close()

    # ---- typing ----
    def send(self, text):
        os.write(self.fd, text.encode())

    def line(self, text):
        self.send(text + "\r")

    def resize(self, rows, columns):
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def kill(self, sig=signal.SIGKILL):
        os.kill(self.pid, sig)

    # ---- reading ----
    def read(self, end):
        """One piece; "" when the program has ended."""
        if not select.select([self.fd], [], [], max(0, end - time.monotonic()))[0]:
            raise AssertionError("nothing more comes; it has shown:\n" + self.log[-4000:])
        try:
            piece = os.read(self.fd, 65536).decode("utf-8", "replace")
        except OSError:  # the other side is closed
            piece = ""
        self.seen += piece
        self.log += piece
        return piece

    def expect(self, *patterns):
        """Wait for each regular expression in turn, without the codes of the terminal. What stands before the last and
        the last itself."""
        text = ""
        for pattern in patterns:
            end = time.monotonic() + PATIENCE_S
            while not (m := re.search(pattern, plain(self.seen))):
                if not self.read(end):
                    raise AssertionError("it has ended without %r; it has shown:\n%s" % (pattern, self.log[-4000:]))
            text = plain(self.seen)[:m.end()]
            self.seen = plain(self.seen)[m.end():]
        return text

    def end(self):
        """Read to its end; the exit code, negative for a signal."""
        limit = time.monotonic() + PATIENCE_S
        while self.read(limit):
            pass
        if self.status is None:
            self.status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.status

    def close(self):
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            self.status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        os.close(self.fd)

    def modes(self):
        """How the terminal is set."""
        return termios.tcgetattr(self.fd)
