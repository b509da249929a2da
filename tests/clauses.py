#!/usr/bin/env python3
"""clauses.py - what the RFCs demand of a server, and the tests that hold it.

  clauses.py            every clause has a test, every test that names a clause names one that is there,
                        and tests/rfc-clauses.md says so
  clauses.py --update   write tests/rfc-clauses.md again

tests/clauses/rfcNNNN lists the clauses of an RFC that a server can break, one a line, in our words:

  # RFC 6851: MOVE
  3.3(a) MUST NOT  set \\Deleted on what it moves
  3.3(b) SHOULD    do something that we do not  ! and why not

A test holds a clause by naming it, in a comment or in a string: RFC 6851 3.3(a), 3.3(b). In C that is the test whose
START_TEST stands in the same line or next behind it, in Python the function likewise, else the file.
"""
import re
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent
PAGE = TESTS / "rfc-clauses.md"
LABEL = r"[A-Z]?[0-9.]*\([a-z]{1,2}\)"
CLAUSE = re.compile(r"(%s)\s+(MUST NOT|MUST|SHOULD NOT|SHOULD)\s+(.*?)(?:\s+! (.*))?$" % LABEL)
NAMED = re.compile(r"RFC (\d{4,5}) (%s(?:(?:, | and |; )%s)*)" % (LABEL, LABEL))
TEST = re.compile(r"START_TEST\((\w+)\)|^\s*def (test_\w+|\w+)\(")


class Problem(Exception):
    pass


def clauses(folder):
    """{rfc: (title, {label: (level, text, why not)})} in the order of the files."""
    found = {}
    for path in sorted(folder.glob("rfc*"), key=lambda p: int(p.name[3:])):
        rfc, title, rows = path.name[3:], None, {}
        for n, line in enumerate(path.read_text().splitlines(), 1):
            where = "%s:%d" % (path.name, n)
            if line.startswith("# RFC %s: " % rfc) and title is None:
                title = line[2:]
            elif line.strip() and not line.startswith("#"):
                m = CLAUSE.match(line)
                if not m:
                    raise Problem("%s: neither a title nor a clause: %s" % (where, line))
                label, level, text, why = m.groups()
                if label in rows:
                    raise Problem("%s: %s is there twice" % (where, label))
                if why and level.startswith("MUST"):
                    raise Problem("%s: a MUST is not left out" % where)
                rows[label] = level, text, why
        if title is None:
            raise Problem("%s: the first line is not \"# RFC %s: ...\"" % (path.name, rfc))
        found[rfc] = title, rows
    return found


def citations(root):
    """[(rfc, label, name of the test)]"""
    found = []
    for path in sorted(p for p in root.rglob("*") if p.suffix in (".c", ".py", ".conv")):
        if path.name == "test_clauses.py" or not {"unit", "conv", "wire", "tool", "fuzz"} & set(path.relative_to(root).parts):
            continue
        name, waiting, inside = str(path.relative_to(root)), [], None
        for line in path.read_text(errors="replace").splitlines():
            m = TEST.search(line) if path.suffix != ".conv" else None
            here = [(rfc, label) for rfc, labels in NAMED.findall(line) for label in re.findall(LABEL, labels)]
            if m:
                inside = m.group(1) or m.group(2)
                found += [(rfc, label, "%s: %s" % (name, inside)) for rfc, label in waiting + here]
                waiting = []
            elif path.suffix == ".c" and here and line.lstrip() == line:  # outside of functions: it is about the next test
                waiting += here
            else:
                found += [(rfc, label, name if inside is None else "%s: %s" % (name, inside)) for rfc, label in here]
        found += [(rfc, label, name) for rfc, label in waiting]
    return found


def page(known, held):
    out = ["# What the RFCs demand, and the tests that hold it", "",
           "Written by `python3 tests/clauses.py --update` from `tests/clauses/` and from the names in the tests.", ""]
    total = sum(len(rows) for _, rows in known.values())
    left = sum(1 for _, rows in known.values() for _, _, why in rows.values() if why)
    out += ["%d clauses of %d RFCs; %d SHOULDs are not followed, with the reason." % (total, len(known), left), ""]
    for rfc, (title, rows) in known.items():
        out += ["## " + title, "", "| section | | the server | held by |", "|---|---|---|---|"]
        for label, (level, text, why) in rows.items():
            tests = "<br>".join(sorted(set(held.get((rfc, label), [])))) if not why else "not followed: " + why
            out.append("| %s | %s | %s | %s |" % (label, level, text.replace("|", "\\|"), tests.replace("|", "\\|")))
        out.append("")
    return "\n".join(out)


def check(root, update=False):
    """What is wrong, line by line."""
    try:
        known = clauses(root / "clauses")
    except Problem as p:
        return [str(p)]
    held, wrong = {}, []
    for rfc, label, test in citations(root):
        if rfc not in known or label not in known[rfc][1]:
            wrong.append("%s names RFC %s %s, which tests/clauses does not have" % (test, rfc, label))
        else:
            held.setdefault((rfc, label), []).append(test)
    for rfc, (_, rows) in known.items():
        for label, (level, text, why) in rows.items():
            if not why and (rfc, label) not in held:
                wrong.append("RFC %s %s has no test: %s %s" % (rfc, label, level, text))
            if why and (rfc, label) in held:
                wrong.append("RFC %s %s is held by %s, yet said not to be followed" % (rfc, label, held[rfc, label][0]))
    text = page(known, held)
    target = root / PAGE.name
    if update:
        target.write_text(text)
    elif not target.exists() or target.read_text() != text:
        wrong.append("%s is not what the tests say: run `make gen'" % PAGE.name)
    return wrong


def main(argv):
    wrong = check(TESTS, "--update" in argv)
    print("\n".join(wrong) if wrong else "every clause has a test")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
