#!/usr/bin/env python3
"""postgres.py - start and stop a throw-away PostgreSQL for tests of the shared map.

    with Postgres() as pg:
        gw = Gateway(options={"state_database": pg.url})

    python3 tests/postgres.py run COMMAND ...   with GW_TEST_POSTGRES (its URL) and GW_TEST_POSTGRES_DIR set
    python3 tests/postgres.py start|stop DIR    what runs there, for tests that take it away for a while

It runs as nobody when the test is root, listens on 127.0.0.1 and on a socket in its folder, which is removed afterwards.
The user "gateway" signs on with the password "se:cret" and owns the database "gateway". Nothing waits for the disk, unless
durable is set.
"""
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from gateway import free_port

PASSWORD = "se:cret"
SETTINGS = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = '{folder}'
fsync = {durable}
full_page_writes = {durable}
max_connections = 40
shared_buffers = 16MB
log_min_messages = warning
"""
RULES = """
local all postgres trust
host all gateway 127.0.0.1/32 scram-sha-256
"""


def programs():
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))
    return found[-1] if found else Path("/usr/bin")


def as_nobody(command):
    """Without rights: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return command
    return ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", *command]


def run(*command, **more):
    done = subprocess.run(as_nobody([str(c) for c in command]), capture_output=True, text=True, cwd="/", **more)
    if done.returncode:
        raise RuntimeError(f"{command[0]}: {done.stdout}{done.stderr}")
    return done.stdout


def control(folder, *what):
    run(programs() / "pg_ctl", "-D", Path(folder) / "data", "-l", Path(folder) / "log", "-w", "-s", *what,
        stdin=subprocess.DEVNULL)


class Postgres:
    def __init__(self, durable=False):
        self.folder = Path(tempfile.mkdtemp(prefix="gw-postgres-"))
        self.port = free_port()
        self.url = f"postgresql://gateway:{PASSWORD.replace(':', '%3A')}@127.0.0.1:{self.port}/gateway"
        if os.geteuid() == 0:
            shutil.chown(self.folder, "nobody", "nogroup")
        try:
            self.make(durable)
            self.start()
            self.sql(f"CREATE ROLE gateway LOGIN PASSWORD '{PASSWORD}'", "postgres")
            self.sql("CREATE DATABASE gateway OWNER gateway", "postgres")
        except Exception:
            self.close()
            raise

    def make(self, durable):
        data = self.folder / "data"
        run(programs() / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        settings = SETTINGS.format(port=self.port, folder=self.folder, durable="on" if durable else "off")
        with open(data / "postgresql.conf", "a") as f:
            f.write(settings)
        (data / "pg_hba.conf").write_text(RULES)

    def start(self):
        control(self.folder, "start")

    def stop(self, mode="immediate"):
        control(self.folder, "stop", "-m", mode)

    def sql(self, text, database="gateway"):
        """Rows of text, as the administrator."""
        out = run(programs() / "psql", "-h", self.folder, "-p", self.port, "-U", "postgres", "-d", database, "-XAtq",
                  "-c", text)
        return [line.split("|") for line in out.splitlines()]

    def close(self):
        if (self.folder / "data" / "postmaster.pid").exists():
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def main(argv):
    if len(argv) > 2 and argv[1] == "run":
        with Postgres(durable="GW_TEST_POSTGRES_DURABLE" in os.environ) as pg:
            env = dict(os.environ, GW_TEST_POSTGRES=pg.url, GW_TEST_POSTGRES_DIR=str(pg.folder))
            return subprocess.run(argv[2:], env=env).returncode
    if len(argv) == 3 and argv[1] in ("start", "stop"):
        control(argv[2], argv[1], *(["-m", "immediate"] if argv[1] == "stop" else []))
        return 0
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv))
