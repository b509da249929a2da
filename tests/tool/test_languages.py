"""Texts of answers: each that the source has is in the table of languages (lib/util/lang_texts.c, lang_texts_imap.c)."""
import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
LITERAL = r'"((?:[^"\\]|\\.)*)"'
# Sent before a client can have asked for a language.
ASCII = {"POP3 gateway ready%s%s"}


def texts_of_pop3():
    """What pop3_ok(), pop3_err() and their kin are given, without response code and BYE."""
    for path in sorted((ROOT / "lib/pop3").glob("*.c")):
        source = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
        calls = re.findall(r"\b(?:pop3_ok|pop3_err|pop3_err_text|pop3_fail|bye|count_failure)\(s, out, " + LITERAL, source)
        calls += re.findall(r"\bpop3_text\(s, " + LITERAL, source)
        for statement in re.findall(r"\b(?:ret->text =|return)\b[^;]*;", source) if path.name == "verbs.c" else []:
            calls += re.findall(LITERAL, statement)
        for text in calls:
            yield path.name, re.sub(r"^(\[[^]]*\] )?(BYE )?", "", text)


def texts_of_imap():
    """What commands end with, but for BAD; "X completed" has one row for all."""
    for path in sorted((ROOT / "lib/imap").glob("*.c")):
        source = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
        calls = re.findall(r"\bimap_(?:ok|ok_code|no|text|bye)\((?:[^;\"]|\"[A-Z][A-Z -]*\")*" + LITERAL, source)
        calls += re.findall(r"\bfarewell = " + LITERAL, source)
        calls += re.findall(r"^\t\{ GW_E\w+, \"[A-Z]+\", " + LITERAL, source, re.M)
        for text in calls:
            if not re.match(r"[A-Z]+ [A-Z(%]", text):  # a response code
                yield path.name, re.sub(r"^\[[^]]*\] ", "", text)


def rows(*names):
    return {row for name in names for row in re.findall(r"^\tROW\(" + LITERAL + ",$", (ROOT / "lib/util" / name).read_text(), re.M)}


class Languages(unittest.TestCase):
    def test_every_answer_of_pop3_has_its_row(self):
        texts = [(name, text) for name, text in texts_of_pop3() if re.search(r"[a-z]{2}", re.sub(r"%[a-z]+", "", text))]
        self.assertGreater(len(texts), 40)
        self.assertEqual([t for t in texts if t[1] not in rows("lang_texts.c") | ASCII and t[1] not in {"RETR", "UIDL", "QUIT"}], [])

    def test_every_answer_of_imap_has_its_row(self):
        known = rows("lang_texts.c", "lang_texts_imap.c")
        texts = [t for t in texts_of_imap() if re.search(r"[a-z]{2}", t[1]) and not re.fullmatch(r"[A-Z2]+ completed", t[1])]
        self.assertGreater(len(texts), 60)
        self.assertEqual([t for t in texts if t[1] not in known], [])


if __name__ == "__main__":
    unittest.main()
