"""Real and torture mail comes back octet for octet, and every derived answer is valid IMAP.

Reads the mail below $GW_CORPUS (or ../shared/corpus beside the repository) when it is there, and always the small
messages of tests/fixtures/mail."""
import contextlib
import lzma
import os
import re
import sys
import tarfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from gateway import Gateway, ROOT  # noqa: E402

BATCH = 100


def corpus():
    for path in sorted((ROOT / "tests/fixtures/mail").glob("*.eml")):
        yield str(path), path.read_bytes()
    base = Path(os.environ.get("GW_CORPUS", ROOT.parent / "shared/corpus"))
    for path in sorted(base.glob("torture/*/*")):
        if path.is_file():
            yield str(path), path.read_bytes()
    for archive in sorted(base.glob("*.tar.xz")) + sorted(base.glob("bulk/*hard-ham*.tar.xz")):
        with lzma.open(archive) as f, tarfile.open(fileobj=f) as tar:
            for member in tar:
                if member.isfile() and member.size < 20 << 20 and member.name.endswith((".eml", ".mbox")):
                    yield member.name, tar.extractfile(member).read()


def to_crlf(raw):
    return re.sub(rb"(?<!\r)\n", b"\r\n", raw)


class Parser:
    """Just enough of the IMAP grammar to see that parentheses, quotes and literals are right."""

    def __init__(self, data):
        self.d, self.i = data, 0

    def value(self, depth=0):
        c = self.d[self.i:self.i + 1]
        if depth > 250:
            raise ValueError("deep")
        if c == b"(":
            self.i += 1
            out = []
            while self.d[self.i:self.i + 1] != b")":
                if self.d[self.i:self.i + 1] == b" ":
                    self.i += 1
                    continue
                out.append(self.value(depth + 1))
            self.i += 1
            return out
        if c == b'"':
            m = re.compile(rb'"((?:[^"\\\r\n\0]|\\["\\])*)"').match(self.d, self.i)
            if not m:
                raise ValueError("bad quoted string")
            self.i = m.end()
            return m.group(1)
        m = re.compile(rb"\{(\d+)\}\r\n").match(self.d, self.i)
        if m:
            end = m.end() + int(m.group(1))
            v, self.i = self.d[m.end():end], end
            return v
        m = re.compile(rb"[^\s()\"{}\0]+").match(self.d, self.i)
        if not m:
            raise ValueError("bad token at %r" % self.d[self.i:self.i + 30])
        self.i = m.end()
        return m.group(0)


def raw_fetch(imap, what):
    """The bytes of one FETCH answer's parenthesis."""
    tag = imap._new_tag()
    imap.send(tag + b" FETCH " + what + b"\r\n")
    data = b""
    while True:
        line = imap.readline()
        if line.startswith(tag):
            return data, line
        data += line
        m = re.search(rb"\{(\d+)\}\r\n$", line)
        while m:
            data += imap.read(int(m.group(1)))
            line = imap.readline()
            data += line
            m = re.search(rb"\{(\d+)\}\r\n$", line)


def internationalized(raw):
    """Has a header, also of a part, with UTF-8 in it? Then a client that did not ask for UTF8 gets another one (RFC 6856 2)."""
    for block in raw.split(b"\r\n\r\n"):
        if re.search(rb"^(?:[!-9;-~]+[ \t]*:|[ \t])[^\r\n]*[\x80-\xff]", block, re.M):
            with contextlib.suppress(UnicodeDecodeError):
                block.decode()
                return True
    return False


class Corpus(unittest.TestCase):
    def test_octet_for_octet_and_valid(self):
        with Gateway() as gw:
            gw.add_user("anna", "pw")
            imap = gw.imap("anna", "pw")
            pop_done, total, pending = 0, 0, []

            def verify():
                nonlocal pop_done
                imap.select("INBOX")
                for n, (name, raw) in enumerate(pending, 1):
                    typ, data = imap.fetch(str(n), "(RFC822.SIZE BODY.PEEK[])")
                    self.assertEqual(data[0][1], raw, name)
                    self.assertIn(b"RFC822.SIZE %d" % len(raw), data[0][0] + data[1], name)
                    answer, done = raw_fetch(imap, b"%d (ENVELOPE BODYSTRUCTURE BODY BODY.PEEK[HEADER])" % n)
                    self.assertIn(b" OK", done, name)
                    self.assertTrue(answer.startswith(b"* %d FETCH (" % n), name)
                    p = Parser(answer[answer.index(b"("):])
                    fields = p.value()
                    self.assertEqual(p.d[p.i:], b"\r\n", name)
                    self.assertEqual(fields[0::2], [b"ENVELOPE", b"BODYSTRUCTURE", b"BODY", b"BODY[HEADER]"], name)
                    self.assertEqual(len(fields[1]), 10, name)
                    self.assertTrue(raw.startswith(fields[7].rstrip(b"\r\n")) or fields[7] in (b"\r\n", b""), name)
                if gw.model == "thread":
                    pop = gw.pop3("anna", "pw")
                    for n, (name, raw) in enumerate(pending, 1):
                        want = raw if raw.endswith(b"\r\n") else raw + b"\r\n"
                        got = b"".join(line + b"\n" for line in self.retr(pop, n))
                        if not internationalized(want):
                            self.assertEqual(got, want, name)
                        pop_done += 1
                    pop.quit()
                imap.store("1:*", "+FLAGS.SILENT", "\\Deleted")
                imap.close()
                pending.clear()

            for name, raw in corpus():
                raw = to_crlf(raw).replace(b"\0", b"?")
                if not raw:
                    continue
                # not through imaplib's append(), which would mend bare CRs
                tag = imap._new_tag()
                imap.send(b"%s APPEND INBOX {%d+}\r\n%s\r\n" % (tag, len(raw), raw))
                answer = imap.readline()
                while not answer.startswith(tag):
                    answer = imap.readline()
                self.assertIn(b" OK", answer, name)
                pending.append((name, raw))
                total += 1
                if len(pending) >= BATCH:
                    verify()
            if pending:
                verify()
            imap.logout()
            self.assertGreater(total, 3)
            print("%d messages" % total)

    @staticmethod
    def retr(pop, n):
        """RETR without poplib's line limit and line-end guessing: lines without their LF."""
        pop._putcmd("RETR %d" % n)
        pop._getresp()
        while True:
            line = pop.file.readline()
            if line == b".\r\n":
                return
            yield (line[1:] if line.startswith(b"..") else line)[:-1]


if __name__ == "__main__":
    unittest.main()
