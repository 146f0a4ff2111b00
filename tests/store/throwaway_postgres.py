"""A PostgreSQL of the tests' own: made, started on a socket in a folder, and gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

NUMBERS = count(1)


def programs() -> Path | None:
    """Return the folder of the newest PostgreSQL of Debian; None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"),
                   key=lambda path: int(path.parts[-3]))  # fmt: skip
    if found:
        return found[-1].parent
    other = shutil.which("initdb")
    return Path(other).parent if other else None


class Cluster:
    """A running PostgreSQL."""

    def __init__(self, folder: Path, bin_folder: Path) -> None:
        self.folder, self.bin = folder, bin_folder
        root = os.geteuid() == 0  # the server refuses to run as root
        self.user = "postgres" if root else None
        if root:
            person = pwd.getpwnam("postgres")
            os.chown(folder, person.pw_uid, person.pw_gid)

    def run(self, program: str, *words: str) -> None:
        done = subprocess.run([str(self.bin / program), *words], user=self.user, cwd=self.folder,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=120)  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr

    def start(self) -> None:
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-w", "-l", str(self.folder / "log"),
                 # Only the server is cut off, not the machine: its writes are there without fsync.
                 "-o", f"-k {self.folder} -c listen_addresses= -c shared_buffers=16MB "
                 "-c fsync=off", "start")

    def stop(self, mode: str = "fast") -> None:
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-w", "-m", mode, "stop")

    def url(self, name: str) -> str:
        return f"postgresql://postgres@/{name}?host={self.folder}"

    def sql(self, text: str, name: str = "postgres") -> list[tuple[object, ...]]:
        import psycopg

        with psycopg.connect(host=str(self.folder), user="postgres", dbname=name,
                             autocommit=True) as connection:  # fmt: skip
            cursor = connection.execute(text)
            return list(cursor.fetchall()) if cursor.description else []

    def new_database(self) -> str:
        name = f"sxsh_{next(NUMBERS)}"
        self.sql(f"CREATE DATABASE {name}")
        return self.url(name)


@contextmanager
def running() -> Iterator[Cluster]:
    """Yield a running PostgreSQL."""
    bin_folder = programs()
    assert bin_folder is not None
    folder = Path(tempfile.mkdtemp(prefix="sxsh-pg-"))
    cluster = Cluster(folder, bin_folder)
    try:
        cluster.run("initdb", "-D", str(folder / "data"), "-U", "postgres", "-A", "trust",
                    "-E", "UTF8", "--locale=C", "--no-sync")
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop("immediate")  # nothing of it is kept
    finally:
        shutil.rmtree(folder, ignore_errors=True)
