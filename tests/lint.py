#!/usr/bin/env python3
"""lint.py - the checks of `make lint` that no ready-made tool has.

  lint.py layers lib        a module of lib/ includes only what lib/LAYERS allows, and no socket, thread or event header
  lint.py tidy FILE...      clang-tidy with the checks of .clang-tidy, quiet when clean
  lint.py abi LIB FILE      the library exports just the symbols that FILE lists (write it again with --update)
"""
import re
import subprocess
import sys
from pathlib import Path

SYSTEM_FORBIDDEN = re.compile(r"#include <(sys/socket|netinet/|arpa/|event2/|openssl/ssl|pthread|signal|sys/epoll|poll)")


def layers(root):
    allowed = {}
    for line in (root / "LAYERS").read_text().splitlines():
        name, _, rest = line.partition(":")
        allowed[name.strip()] = set(rest.split()) | {name.strip()}
    bad = 0
    for module, may in allowed.items():
        for path in sorted((root / module).glob("*.[ch]")):
            for n, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
                m = re.match(r'#include "([a-z0-9]+)/', line)
                if (m and m.group(1) not in may) or SYSTEM_FORBIDDEN.match(line):
                    print("%s:%d: %s is not for this layer" % (path, n, line.strip()))
                    bad = 1
    return bad


def tidy(files):
    args = ["clang-tidy-14", "--quiet", "--warnings-as-errors=*"] + files
    args += ["--", "-std=gnu11", "-D_GNU_SOURCE", "-Ilib", "-I.", '-DGW_VERSION="0"', '-DGW_SYSCONFDIR="/etc"']
    p = subprocess.run(args, capture_output=True, text=True)
    if p.returncode:
        print(p.stdout)
    return p.returncode


def abi(lib, listing, update):
    out = subprocess.run(["nm", "-D", "--defined-only", lib], capture_output=True, text=True, check=True).stdout
    have = sorted({line.split()[2].split("@")[0] for line in out.splitlines() if len(line.split()) == 3
                   and not line.split()[2].startswith("GATEWAY_")})
    if update:
        Path(listing).write_text("\n".join(have) + "\n")
        return 0
    want = Path(listing).read_text().split()
    for name in sorted(set(want) - set(have)):
        print("%s: %s is gone from %s" % (listing, name, lib))
    for name in sorted(set(have) - set(want)):
        print("%s: %s is new in %s" % (listing, name, lib))
    return 0 if want == have else 1


def main(argv):
    if argv[:1] == ["layers"] and len(argv) == 2:
        return layers(Path(argv[1]))
    if argv[:1] == ["tidy"] and len(argv) > 1:
        return tidy(argv[1:])
    if argv[:1] == ["abi"] and len(argv) >= 3:
        return abi(argv[1], argv[2], "--update" in argv)
    print(__doc__)
    return 64


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
