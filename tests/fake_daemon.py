"""fake_daemon.py - what answers on a control socket in the place of gatewayd, to let gwctl meet what a real one seldom does.

    with FakeDaemon({"ping": ["OK {}"], "tail": FakeDaemon.until_cancelled}) as fake:
        subprocess.run([gwctl, "-s", fake.path, "ping"])

An answer is a list of lines, or a function of the connection and the request. A request without an answer gets OK {}.
"""
import os
import shutil
import socket
import tempfile
import threading


class Connection:
    def __init__(self, s, on_line):
        self.s, self.on_line = s, on_line
        self.lines = s.makefile("r", encoding="utf-8", newline="\n")

    def say(self, *lines):
        self.s.sendall("".join(line + "\n" for line in lines).encode())

    def hear(self):
        """The next line without its end; "" when the other side is gone."""
        line = self.lines.readline().rstrip("\n")
        self.on_line(line)
        return line


class FakeDaemon:
    def __init__(self, answers, greeting="GATEWAY 1 version=0 level=admin"):
        self.answers, self.greeting = answers, greeting
        self.folder = tempfile.mkdtemp(prefix="gateway-")
        self.path = os.path.join(self.folder, "control.sock")
        self.heard = []
        self.news = threading.Condition()
        self.listener = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, kind, value, trace):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self):
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(self.path)
        self.listener.listen(50)
        threading.Thread(target=self.accept, args=(self.listener,), daemon=True).start()

    def stop(self):
        self.listener.close()
        os.unlink(self.path)

    def accept(self, listener):
        while True:
            try:
                s, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(s,), daemon=True).start()

    def serve(self, s):
        c = Connection(s, self.on_line)
        try:
            if self.greeting:
                c.say(self.greeting)
            while line := c.hear():
                self.answer(c, line)
        except OSError:
            pass
        s.close()

    def answer(self, c, line):
        for verb, answer in self.answers.items():
            if line == verb or line.startswith(verb + " "):
                if callable(answer):
                    answer(c, line)
                else:
                    c.say(*answer)
                return
        c.say("OK {}")

    def on_line(self, line):
        with self.news:
            self.heard += [line] if line else []
            self.news.notify_all()

    def wait_for(self, line):
        """Until somebody has said this."""
        with self.news:
            if not self.news.wait_for(lambda: line in self.heard, 30):
                raise AssertionError("nobody says %r, only %r" % (line, self.heard))

    @staticmethod
    def until_cancelled(c, line):
        c.say('D {"event":"login","user":"anna"}')
        while (heard := c.hear()) and heard != "cancel":
            pass
        c.say("ERR interrupted cancelled")

    @staticmethod
    def never(c, line):
        while c.hear():
            pass
