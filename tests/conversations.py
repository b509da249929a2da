"""conversations.py - the files of tests/conv held with a running gateway."""
import subprocess

from gateway import ROOT

NEEDS_HOST = ("CONFIG:", "PEER:", "T:", "H: shutdown", "H: drain", "H: kick", "H: starttls")


def playable():
    """(file, text) of the conversations that can be held over a socket."""
    for path in sorted((ROOT / "tests/conv").glob("*.conv")):
        text = path.read_text()
        if not any(line.startswith(NEEDS_HOST) for line in text.splitlines()):
            yield path, text


def play(case, gw, add_user, ports=None, options=(), without=(), prefix="c", leave_out=None):
    """Hold them all with gw, each with users of its own, whose names have the prefix. ports: instead of those of gw. without: words
    of IF: that do not hold. leave_out: a word; files with it are not played."""
    ports, played = ports or gw.port, 0
    for n, (path, text) in enumerate(playable()):
        if leave_out and leave_out in text:
            continue
        names = ["%s%dx" % (prefix, n), "%s%dy" % (prefix, n)]
        for name in names if "%{other}" in text else names[:1]:
            add_user(name)
        service = "pop3" if "PROTO: pop3" in text else "imap"
        p = subprocess.run([str(gw.build / "tests/conv/conv"), *options, "--connect", "127.0.0.1:%d" % ports[service],
                            "--imap", "127.0.0.1:%d" % ports["imap"], "--user", names[0], "--other", names[1],
                            *(a for word in without for a in ("--without", word)), str(path)],
                           capture_output=True, timeout=300, cwd=ROOT)
        with case.subTest(path.name):
            case.assertEqual((p.returncode, b"1 passed" in p.stdout), (0, True),
                             p.stdout.decode("utf-8", "replace")[-2000:])
        played += p.returncode == 0
    case.assertGreater(played, 25)
