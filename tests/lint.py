#!/usr/bin/env python3
"""lint.py - the checks of `make lint` that no ready-made tool has.

  lint.py layers lib        a module of lib/ includes only what lib/LAYERS allows, and no socket, thread or event header
  lint.py tidy FILE...      clang-tidy with the checks of .clang-tidy, on all processors
  lint.py cppcheck FILE...  cppcheck, the same way
  lint.py abi LIB FILE      the library exports just the symbols that FILE lists (write it again with --update)
"""
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed
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


TIDY = ["clang-tidy-14", "--quiet", "--warnings-as-errors=*"]
TIDY_FLAGS = ["--", "-std=gnu11", "-D_GNU_SOURCE", "-Ilib", "-I.", '-DGW_VERSION="0"', '-DGW_SYSCONFDIR="/etc"']
CPPCHECK = ["cppcheck", "--quiet", "--std=c11", "--language=c", "--enable=warning,portability,performance",
            "--inline-suppr", "--error-exitcode=1", "--suppress=missingIncludeSystem", "-D_GNU_SOURCE", "-Ilib", "-I."]


def each(name, files, command):
    """Run command(file) for every file, as many at once as there are processors; print what they find."""
    bad = done = 0
    live = sys.stderr.isatty()
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        jobs = {pool.submit(subprocess.run, command(f), capture_output=True, text=True): f for f in files}
        for job in as_completed(jobs):
            p = job.result()
            done += 1
            if live:
                sys.stderr.write("\r\033[K  %s %d/%d %s" % (name, done, len(files), jobs[job]))
            if p.returncode:
                bad += 1
                out = p.stdout + (p.stderr if name == "cppcheck" else "")
                print(("\r\033[K" if live else "") + (out.strip() or "%s: %s" % (jobs[job], p.stderr.strip())), flush=True)
    sys.stderr.write("%s  %s: %d files, %d with findings\n" % ("\r\033[K" if live else "", name, len(files), bad))
    return 1 if bad else 0


def tidy(files):
    return each("clang-tidy", files, lambda f: TIDY + [f] + TIDY_FLAGS)


def cppcheck(files):
    return each("cppcheck", files, lambda f: CPPCHECK + [f])


ABI_HEAD = "# What libgateway.so.0 exports, a name a line; written by `make gen', compared by `make lint'.\n"


def abi(lib, listing, update):
    out = subprocess.run(["nm", "-D", "--defined-only", lib], capture_output=True, text=True, check=True).stdout
    have = sorted({line.split()[2].split("@")[0] for line in out.splitlines() if len(line.split()) == 3
                   and not line.split()[2].startswith("GATEWAY_")})
    if update:
        Path(listing).write_text(ABI_HEAD + "\n".join(have) + "\n")
        return 0
    want = [line for line in Path(listing).read_text().splitlines() if line and line[0] != "#"]
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
    if argv[:1] == ["cppcheck"] and len(argv) > 1:
        return cppcheck(argv[1:])
    if argv[:1] == ["abi"] and len(argv) >= 3:
        return abi(argv[1], argv[2], "--update" in argv)
    print(__doc__)
    return 64


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
