"""Attack checklist H: what a message may bring. Anyone can send it; nothing of it may break a session or come to the wire as
anything but what it is."""
import re
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from attack import Attack  # noqa: E402

ITEMS = b"ENVELOPE BODYSTRUCTURE BODY RFC822.SIZE INTERNALDATE PREVIEW BODY.PEEK[HEADER.FIELDS (SUBJECT)] BODY.PEEK[1]"


def parsed(data, i=0):
    """A value of RFC 9051's grammar at data[i]: an atom, a string or a list of them. The value and where it ends; an error for
    what is none of these."""
    if data[i:i + 1] == b"(":
        out, i, stack = [], i + 1, []
        while True:
            c = data[i:i + 1]
            if c == b"":
                raise ValueError("unclosed")
            if c == b")":
                if not stack:
                    return out, i + 1
                inner, out = out, stack.pop()
                out.append(inner)
                i += 1
            elif c == b"(":
                stack.append(out)
                out, i = [], i + 1
            elif c == b" ":
                i += 1
            else:
                value, i = parsed(data, i)
                out.append(value)
    if data[i:i + 1] == b'"':
        m = re.compile(rb'"((?:[^"\\\r\n\0\x80-\xff]|\\["\\])*)"').match(data, i)
        if not m:
            raise ValueError("a quoted string that is none: %r" % data[i:i + 60])
        return m.group(1), m.end()
    m = re.compile(rb"~?\{(\d+)\}\r\n").match(data, i)
    if m:
        n = int(m.group(1))
        if len(data) < m.end() + n:
            raise EOFError
        return data[m.end():m.end() + n], m.end() + n
    m = re.compile(rb'[^ (){"\r\n\0]+').match(data, i)
    if not m:
        raise ValueError("no atom: %r" % data[i:i + 60])
    return m.group(0), m.end()


def shown(message):
    """A literal of IMAP has no NUL (RFC 9051 4.3): another octet stands for it, so that lengths stay."""
    return message.replace(b"\0", b"\x80")


class Content(Attack):
    count = 0

    def keep(self, *messages):
        """A session with a mailbox that has them."""
        Content.count += 1
        name = b"h%d" % Content.count
        w = self.login("anna", name, timeout=60)
        for m in messages:
            self.append(w, name, m)
        self.accepted(w, b"NOOP")
        return w

    def response(self, w, seq=1, items=ITEMS):
        """What FETCH answers, read as its grammar says: the values by name. Nothing else may come."""
        w.send(b"f FETCH %d (%s)\r\n" % (seq, items))
        data = b""
        while not re.search(rb"(^|\r\n)f (OK|NO|BAD)[^\r\n]*\r\n$", data[-4000:]):
            piece = w.s.recv(1 << 20) if not w.buffer else w.buffer
            w.buffer = b""
            self.assertTrue(piece)
            data += piece
        start = data.index(b"FETCH (") + 6
        self.assertRegex(data[:start], rb"^\* %d FETCH $" % seq)
        values, end = [], start + 1
        # sections have blanks and parentheses in their names
        while data[end:end + 1] != b")":
            m = re.compile(rb" ?([A-Z0-9.]+(?:\[[^\]]*\])?(?:<\d+>)?) ").match(data, end)
            self.assertTrue(m, data[end:end + 80])
            value, end = parsed(data, m.end())
            values.append((m.group(1), value))
        self.assertRegex(data[end:], rb"^\)\r\nf OK [^\r\n]*\r\n$")
        return dict(values)

    def sound(self, *messages):
        """Each can be fetched in every form and searched, and comes back as it was sent."""
        w = self.keep(*messages)
        got = []
        for i, m in enumerate(messages):
            got.append(self.response(w, i + 1))
            self.assertEqual(self.response(w, i + 1, b"BODY.PEEK[] RFC822.SIZE"), {b"BODY[]": shown(m),
                                                                                   b"RFC822.SIZE": b"%d" % len(m)})
            self.assertEqual(len(got[-1][b"ENVELOPE"]), 10)
        for text in (b"SEARCH TEXT zzzz", b"SEARCH SUBJECT zzzz", b"SEARCH FROM zzzz", b"SEARCH SENTBEFORE 1-Jan-1990",
                     b"SORT (DATE SUBJECT FROM TO CC SIZE) UTF-8 ALL", b"THREAD REFERENCES UTF-8 ALL"):
            self.accepted(w, text)
        return got

    @staticmethod
    def multipart(boundary, parts, kind=b"mixed"):
        return b"Content-Type: multipart/%s; boundary=\"%s\"\r\n\r\n" % (kind, boundary) + b"".join(
            b"--%s\r\n%s\r\n" % (boundary, p) for p in parts) + b"--%s--\r\n" % boundary

    def test_H01_multiparts_in_multiparts(self):
        """Deeper than anything means: the rest is one part; boundaries may be alike, prefixes, long or empty."""
        nested = b"MIME-Version: 1.0\r\n" + b"".join(
            b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (i, i) for i in range(20000)) + b"\r\nx\r\n"
        same = b"MIME-Version: 1.0\r\n" + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" * 20000 + b"\r\nx\r\n"
        self.sound(nested, same, self.multipart(b"a", [self.multipart(b"ab", [b"\r\nx"]), b"\r\ny"]),
                   self.multipart(b"", [b"\r\nx"]), self.multipart(b"q" * 10240, [b"\r\nx"]), self.multipart(b"-", [b"\r\nx"]))

    def test_H02_messages_in_messages_that_end_anywhere(self):
        inside = b"Content-Type: message/rfc822\r\n\r\n" * 10000 + b"Subject: x\r\n\r\ny\r\n"
        whole = self.multipart(b"b", [b"Content-Type: message/rfc822\r\n\r\nSubject: in\r\n\r\nx", b"\r\ny"])
        self.sound(inside, b"Content-Type: message/rfc822\r\n\r\n", b"Content-Type: message/rfc822", *[
            whole[:cut] for cut in range(5, len(whole), 11)])

    def test_H03_very_many_parts(self):
        """The structure has an end, the octets have not."""
        got = self.sound(self.multipart(b"b", [b"\r\nx"] * 50000))
        self.assertLess(len(got[0][b"BODYSTRUCTURE"]), 20000)

    def test_H04_very_many_addresses(self):
        many = b",\r\n ".join(b"u%d@example.org" % i for i in range(100000))
        self.sound(b"To: " + many + b"\r\n\r\nx\r\n", b"To: a@example.org\r\n" * 50000 + b"\r\nx\r\n",
                   b"To: " + b"g: " * 20000 + b"\r\n\r\nx\r\n", b"To: " + b"g: a@b, " * 5000 + b";" * 5000 + b"\r\n\r\nx\r\n",
                   b"Cc: " + b"<" * 50000 + b"\r\n\r\nx\r\n", b"From: " + b"@" * 50000 + b"\r\n\r\nx\r\n")

    def test_H05_headers_without_end(self):
        self.sound(b"Subject: " + b"x" * (4 << 20) + b"\r\n\r\nbody\r\n", b"X: y\r\n" * 200000 + b"\r\nbody\r\n",
                   b"Subject: x\r\nno body", b"Subject: a\r\n" + b" folded\r\n" * 100000 + b"\r\nbody\r\n", b":" * 100000,
                   b"\r\n")
        w = self.keep(b"Subject: " + b"x" * (2 << 20) + b"\r\n\r\nbody\r\n")
        self.assertEqual(self.fetched(w, b"BODY.PEEK[TEXT]"), b"body\r\n")

    def test_H06_parameters_in_pieces(self):
        """RFC 2231 3: many, with gaps, twice, and in a charset that is none."""
        def with_parameters(p):
            return b"MIME-Version: 1.0\r\nContent-Type: text/plain" + p + b"\r\nContent-Disposition: attachment" + p + b"\r\n\r\nx\r\n"
        self.sound(with_parameters(b"".join(b";\r\n name*%d=x%d" % (i, i) for i in range(20000))),
                   with_parameters(b"; name*0=a; name*2=c; name*1=b; name*1=B; name*9=z"),
                   with_parameters(b"; name*0*=x-none''%ff%00%0d%0a; name*1*=%22%zz%"),
                   with_parameters(b"; name*=''; name*4294967296=x"),
                   with_parameters(b"".join(b"; p%d=v" % i for i in range(20000))))

    def test_H07_encoded_words_that_are_no_words(self):
        """RFC 2047: what they decode to never comes to the wire unquoted."""
        words = (b"=?utf-8?q?=0D=0A*_BYE_x?=", b"=?utf-8?b?DQoqIEJZRQ0K?=", b"=?utf-8?q?=22=5C?=", b"=?x-none?q?a?=",
                 b"=?utf-8?q?" + b"=41" * 100000,
                 b"=?utf-8?q?=?utf-8?q?a?=?=", b"=?utf-8?b?" + b"QUFB" * 50000 + b"?=", b"=?iso-2022-jp?b?GyRC?=" * 500,
                 b"=?utf-8?q?=00?=",
                 b"=?utf-7?q?+AA0ACg-?=", b"=?" * 50000)
        got = self.sound(*[b"Subject: %s\r\nFrom: %s <a@b>\r\n\r\nx\r\n" % (x, x) for x in words])
        for g in got:
            self.assertNotIn(b"\n", g[b"PREVIEW"] if isinstance(g[b"PREVIEW"], bytes) else b"")

    def test_H08_comments_and_quotes_without_end(self):
        texts = (b"(" * 100000, b"(" * 100000 + b")" * 100000, b"a (b\\", b'"a', b'"a\\', b":;", b'""@example.org', b"<>", b"@",
                 b"<@a,@b:c@d>",
                 b"a b c", b"(\\", b'"\\"" <a@b', b"=?x?=" + b"(" * 50000)
        self.sound(*[b"From: %s\r\nTo: %s\r\nSubject: x\r\nContent-Type: text/plain; name=%s\r\nMessage-ID: %s\r\n\r\nx\r\n" % (t, t, t, t)
                     for t in texts])

    def test_H09_dates_that_are_none(self):
        dates = (b"1 Jan 99999999999 00:00:00 +0000", b"1 Jan 2000 00:00:00 -9999", b"1 Foo 2000 00:00:00 +0000",
                 b"32 Jan 2000 25:61:61 +0000",
                 b"0 Jan 0000 00:00:00 +0000", b"x" * 1024, b"", b"Mon, 1 Jan 2000 00:00:00 " + b"(" * 1000,
                 b"1 Jan -5 00:00:00 +0000",
                 b"29 Feb 1900 12:00:00 +9999", b"1 Jan 9999 23:59:59 -2359")
        w = self.keep(*[b"Date: %s\r\nSubject: x\r\n\r\nx\r\n" % d for d in dates])
        for text in (b"SORT (DATE) UTF-8 ALL", b"SORT (REVERSE DATE) UTF-8 ALL"):
            got = self.accepted(w, text)[0]
            self.assertEqual(sorted(int(n) for n in re.findall(rb"\d+", got)), list(range(1, len(dates) + 1)))
        for text in (b"SENTSINCE 1-Jan-1970", b"SENTBEFORE 1-Jan-2100", b"SENTON 1-Jan-2000"):
            self.accepted(w, b"SEARCH " + text)
        self.sound(*[b"Date: %s\r\n\r\nx\r\n" % d for d in dates])

    def test_H10_octets_of_all_kinds(self):
        """They come back as they were, over IMAP and, with dots stuffed, over POP3."""
        odd = (b"Subject: a\r\n\r\nnul \0 here\r\n", b"Subject: a\rb\r\n\r\nbare \r cr\r\n", b"Subject: a\n\nbare lf\n",
               b"\xff\xfe: x\r\n\xe4\r\n\r\n\x80\r\n",
               b"Subject: l\r\n\r\n" + b"y" * (1 << 20) + b"\r\n",
               b"Subject: d\r\n\r\n.\r\n..\r\n.x\r\n\r\n.\r\nMAIL FROM:<a>\r\n", b"Subject: n\r\n\r\nno end",
               b"Subject: e\r\n\r\nends in dot\r\n.", b"Subject: c\r\n\r\nends in cr\r")
        w = self.keep(*odd)
        for i, m in enumerate(odd):
            self.assertEqual(self.fetched(w, b"BODY.PEEK[]", b"%d" % (i + 1)), shown(m))
        self.gw.add_user("dots", "pw")
        box = self.login("dots")
        for m in odd[3:6]:
            self.append(box, b"INBOX", m)
        p = self.pop3("dots")
        for i, m in enumerate(odd[3:6]):
            p.send(b"RETR %d\r\n" % (i + 1))
            lines = p.until(b".\r\n")[1:-1]
            self.assertEqual(b"".join(line[1:] if line[:1] == b"." else line for line in lines), m)

    def test_H11_encodings_with_junk(self):
        """Decoded as they come: BINARY, SEARCH and PREVIEW of large parts."""
        body = b"".join(b"QUJD!@#$ \t=\r\nREVG\r\n" for _ in range(50000))
        uu = b"begin 644 x\r\n" + b"M" + b"#" * 60 + b"\r\n" + b"\xff" * 100 + b"\r\n" * 3 + b"`\r\nend\r\n"
        messages = [b"MIME-Version: 1.0\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: %s\r\n\r\n%s" % p for p in (
            (b"base64", body), (b"base64", b"="), (b"base64", b"QQ" * 3 + b"="), (b"quoted-printable", b"a=\r\n=\r\n=" * 5000),
            (b"quoted-printable", b"="),
            (b"quoted-printable", b" " * 500000), (b"x-uuencode", uu), (b"uuencode", b"begin 644 x\r\n" + b"~" * 500000))]
        self.sound(*messages)
        w = self.keep(*messages)
        for i in range(len(messages)):
            got = w.command(b"b", b"FETCH %d BINARY.SIZE[1]" % (i + 1))
            self.assertRegex(got[-1], rb"^b (OK|NO \[UNKNOWN-CTE\])")
        self.assertIn(b"SEARCH 1", b"".join(self.accepted(w, b"SEARCH BODY ABC")))

    def test_H12_previews_of_html(self):
        """RFC 8970 3.1: 256 characters of text at most."""
        html = (b"<p>" * 100000 + b"text", b"<table>" * 50000 + b"x" + b"</table>" * 50000,
                b"<style>" + b"a{b:c}" * 100000 + b"</style>shown",
                b"&amp;" * 50000, b"&#x110000;&#0;&#99999999999999;&" + b"a" * 5000 + b";", b"<!--" * 10000, b"<" * 100000,
                b"<a href='" + b"x" * 100000,
                b"<script>" + b"alert(1)" * 10000, b"\xf0\x9f\x98\x80" * 1000)
        got = self.sound(*[b"MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + h + b"\r\n" for h in html])
        for g in got:
            self.assertLessEqual(len(g[b"PREVIEW"].decode()), 256)

    def test_H13_attachments_are_not_opened(self):
        """There is no extractor: what is packed is neither unpacked nor searched, and a link in it is followed by nobody."""
        bomb = b"UEsDBBQAAAAIAA" + b"A" * 100000
        got = self.sound(*[self.multipart(b"b",
                                          [b"Content-Type: %s; name=\"%s\"\r\nContent-Transfer-Encoding: base64\r\n\r\n%s" % (t,
                                                                                                                              n, bomb)])
                           for t, n in ((b"application/zip", b"../../etc/passwd"), (b"application/vnd.ms-excel", b"/dev/zero"),
                                        (b"application/gzip", b"x.gz"), (b"image/svg+xml", b"http://localhost/"))])
        self.assertEqual(len(got), 4)

    def test_H14_types_that_are_none(self):
        """They are quoted or literals in BODYSTRUCTURE, never raw."""
        types = (b"t" * 8192 + b"/x", b'te"xt/pl)ain', b"text/plain\0x", b"text/", b"/", b"(((",
                 b"text/plain; a=\"b\\\"c)\"; (d)=e; =", b"text/plain; \xff=\xfe",
                 b"multipart", b"message/rfc822/x", b"text/plain; boundary", b"\\")
        got = self.sound(*[b"MIME-Version: 1.0\r\nContent-Type: %s\r\nContent-ID: %s\r\nContent-Description: %s\r\nContent-Language: %s\r\n"
                           b"Content-Location: %s\r\nContent-MD5: %s\r\nContent-Disposition: %s\r\n\r\nx\r\n" % ((t,
                                                                                                                  ) * 7) for t in types])
        self.assertEqual(len(got), len(types))

    def test_H15_headers_that_look_like_answers(self):
        """Nothing of a message is taken for an answer of ours."""
        texts = (b"x\r\n* BYE gone", b"x) FLAGS (\\Deleted", b'x" NIL NIL) UID (', b"x\rf OK done", b"x\n* 5 EXPUNGE",
                 b"{5}\r\n hello", b"{5+}", b"~{3}",
                 b"NIL", b"x\0\r\n* BAD")
        got = self.sound(*[b"Message-ID: <%s>\r\nSubject: %s\r\nFrom: %s\r\nIn-Reply-To: %s\r\n\r\n%s\r\n" % ((t,
                                                                                                               ) * 5) for t in texts])
        self.assertEqual(got[8][b"ENVELOPE"][1], b"NIL")


if __name__ == "__main__":
    unittest.main()
