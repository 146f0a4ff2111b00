"""Kill writers with signal 9 at every statement, and see that each change is whole or not there.

Run as ``python killed_writers.py at-every-statement|at-random|together URL``; prints JSON. One
process that forks: the children need not import anything, so that hundreds of them are quick.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import event

import sxsh_audit as sx
from sxsh_audit.errors import StoreError
from sxsh_audit.store.store import Store
from sxsh_audit.tables.register import REGISTER_COLUMNS, Register

STUDY = sx.Study.from_totals("x", output=("1.000 tấn", "1.050 tấn"),
                             electricity=("1.200.000 kWh", "1.155.000 kWh"),
                             settings={"locale": "vi"})  # fmt: skip
FOUND = sx.assess(STUDY)


def plants(*codes: str, **columns: Any) -> Register:
    return Register.from_frames(
        establishments=pd.DataFrame({"establishment": list(codes), **columns}))


def two_tables() -> Register:
    return plants("A", "B").with_tables(
        events=pd.DataFrame({"event": ["T1"], "kind": ["training"]}))


PATHS: dict[str, Callable[[Store], Any]] = {
    "register": lambda store: store.put_register(two_tables()),
    "correction": lambda store: store.put_register(plants("A", name=["new"]), why="corrected"),
    "study": lambda store: store.put_study(STUDY, FOUND, establishments={"x": "A"}),
    "consent": lambda store: store.consent("A", True, evidence="paper 12"),
    "study consent": lambda store: store.consent("A", True, study="x", evidence="paper 12"),
    "withdrawal": lambda store: store.withdraw("studies", "x", why="wrong plant"),
}


def die_at(store: Store, wanted: int) -> None:
    """Kill this process at its `wanted`-th point: before and after each statement, at commit."""
    points = 0

    def point(*_: Any) -> None:
        nonlocal points
        points += 1
        if points == wanted:
            os.kill(os.getpid(), signal.SIGKILL)

    engine = store.database.engine
    for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(engine, name, point)
    committing = engine.dialect.do_commit

    def commit(connection: Any) -> None:
        committing(connection)
        point()

    engine.dialect.do_commit = commit  # type: ignore[method-assign]


def in_child(work: Callable[[], None]) -> bool:
    """Run `work` in a process of its own; return whether it came to its end."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status):
        assert os.WEXITSTATUS(status) == 0, "the child failed by itself"
        return True
    assert os.WTERMSIG(status) == signal.SIGKILL
    return False


def state(url: str) -> tuple[list[Any], int]:
    """Return what is kept, all of it, after seeing that it is whole."""
    with Store(url, create=False) as store:
        faults = store.check()
        assert faults == (), faults
        register = store.register()
        history = store.history()
    tables = [register.tables[name].to_csv() for name in REGISTER_COLUMNS]
    return tables, len(history)


def at_every_statement(url: str) -> dict[str, Any]:
    told: dict[str, Any] = {}
    Store(url).close()
    for name, path in PATHS.items():
        before, points, late = state(url), 0, 0
        while True:
            points += 3 if url.startswith("postgresql") else 1  # a server takes longer to ask

            def work(at: int = points, path: Callable[[Store], Any] = path) -> None:
                with Store(url, who="Lan") as store:
                    die_at(store, at)
                    path(store)

            finished = in_child(work)
            after = state(url)
            if after[1] == before[1] + 1:  # whole, with or without word of it
                late += not finished
                break
            assert not finished
            assert after == before, f"{name}: killed at point {points}, something was left"
        told[name] = {"points": points, "killed_after_commit": late}
    return told


def at_random(url: str, rounds: int = 6) -> dict[str, Any]:
    draw = random.Random(2384)
    Store(url).close()
    said, kills = 0, 0
    for _ in range(rounds):
        reading, writing = os.pipe()

        def work(pipe: int = writing) -> None:
            with Store(url, who="Lan") as store:
                for i in range(10_000):
                    change = store.put_register(plants(*(f"{os.getpid()}-{i}-{k}"
                                                         for k in range(20))))  # fmt: skip
                    os.write(pipe, f"{change.number}\n".encode())

        child = os.fork()
        if child == 0:
            try:
                work()
            finally:
                os._exit(1)
        os.close(writing)
        first = os.read(reading, 100)  # it writes: let it go on for a while
        time.sleep(draw.uniform(0, 0.3))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        rest = first
        while part := os.read(reading, 65536):
            rest += part
        os.close(reading)
        kills += 1
        said = int(rest.split(b"\n")[-2])
        _, changes = state(url)
        assert said <= changes <= said + 1, (said, changes)  # the last word may not have come
        with Store(url, create=False) as store:
            assert len(store.register().establishments) == 20 * changes
    return {"kills": kills, "acknowledged": said}


def together(url: str, writers: int = 4, each: int = 6) -> dict[str, Any]:
    """Let several processes write the same and different records at the same time."""
    Store(url).close()
    children = []
    for writer in range(writers):
        child = os.fork()
        if child == 0:
            code = 1
            try:
                with Store(url, who=f"writer {writer}") as store:
                    for i in range(each):
                        store.put_register(plants(f"{writer}-{i}", "shared",
                                                  name=["", f"{writer}-{i}"]), why="told")
                code = 0
            finally:
                os._exit(code)
        children.append(child)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    _, changes = state(url)
    with Store(url, create=False) as store:
        return {"codes": codes, "changes": changes,
                "shared": len(store.history("establishments", "shared")),
                "records": len(store.register().establishments),
                "writers": store.history()["who"].nunique()}  # fmt: skip


def care(url: str) -> dict[str, Any]:
    """Kill a backup and a restoring at many points; a second try must do."""
    with Store(url, who="Lan") as store:
        store.put_register(two_tables())
        store.put_study(STUDY, FOUND, establishments={"x": "A"})
    before = state(url)
    told = {}
    with tempfile.TemporaryDirectory() as folder:
        file, target = Path(folder) / "backup.db", str(Path(folder) / "target.db")
        for at in (0.0, 0.02, 0.1, 0.3):
            child = os.fork()
            if child == 0:
                with Store(url) as store:
                    store.backup(file, overwrite=True)
                os._exit(0)
            time.sleep(at)
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            assert state(url) == before
            if file.exists():
                assert state(str(file)) == before
        with Store(url) as store:
            store.backup(file, overwrite=True)
        assert state(str(file)) == before
        tries = 0
        for at in (0.0, 0.05, 0.2, 0.4, None):
            child = os.fork()
            if child == 0:
                try:
                    Store.restore(file, target).close()
                except StoreError as error:  # the one before was killed once all was there
                    os._exit(0 if error.code == "store.not_empty" else 1)
                os._exit(0)
            tries += 1
            if at is not None:
                time.sleep(at)
                os.kill(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
            if os.WIFEXITED(status):
                assert os.WEXITSTATUS(status) == 0
                break
        assert state(target) == before
        told["tries"] = tries
    return told


if __name__ == "__main__":
    runs = {"at-every-statement": at_every_statement, "at-random": at_random,
            "together": together, "care": care}  # fmt: skip
    print(json.dumps(runs[sys.argv[1]](sys.argv[2])))
