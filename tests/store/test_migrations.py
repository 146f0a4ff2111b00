"""Databases of every schema that was released open again, with all that was in them.

``schemas/schema-N.sql`` is a dump of a SQLite database of that schema, written when it was
current and never changed since: two versions of a plant, a study, a withdrawn event.
"""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, create_engine, inspect, select

import sxsh_audit as sx
from sxsh_audit.errors import StoreError
from sxsh_audit.store import migrating
from sxsh_audit.store.database import Database
from sxsh_audit.store.layout import layout
from sxsh_audit.store.migrating import LATEST, migrate
from sxsh_audit.store.store import Store

SCHEMAS = Path(__file__).with_name("schemas")
REVISIONS = [str(number) for number in range(1, int(LATEST) + 1)]
Opening = Callable[..., Store]


def database(url: str) -> Database:
    return Database(url, timeout=10, create=True, language="en")


def of_dump(path: Path, revision: str) -> Path:
    script = (SCHEMAS / f"schema-{revision}.sql").read_text(encoding="utf-8")
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script)
    return path


def filled(url: str, revision: str, folder: Path) -> str:
    """Make the database of a dump at `url`; on PostgreSQL its rows go into tables so made."""
    if url.startswith("sqlite"):
        of_dump(Path(url.removeprefix("sqlite:///")), revision)
        return url
    target = database(url)
    migrate(target, create=True, to=revision)
    source = create_engine(f"sqlite:///{of_dump(folder / 'dump.db', revision)}")
    old, new = MetaData(), MetaData()
    old.reflect(source)
    new.reflect(target.engine)
    with source.connect() as reading, target.engine.begin() as writing:
        for rows in new.sorted_tables:
            found = reading.execute(select(old.tables[rows.name])).all()
            if found and rows.name != "alembic_version":
                writing.execute(rows.insert(), [
                    {column.name: bool(cell) if column.type.python_type is bool else cell
                     for column, cell in zip(rows.columns, row, strict=True)} for row in found])
    source.dispose()
    target.close()
    return url


# -- the revisions ------------------------------------------------------------------------------


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_revision_makes_the_tables_that_it_made_when_it_was_released(
    revision: str, tmp_path: Path
) -> None:
    made = database(str(tmp_path / "new.db"))
    migrate(made, create=True, to=revision)
    made.close()
    dump = of_dump(tmp_path / "old.db", revision)
    said = []
    for path in (tmp_path / "new.db", dump):
        with closing(sqlite3.connect(path)) as connection:
            said.append(sorted(connection.execute(
                "SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall(), key=str))
    assert said[0] == said[1]


def test_the_last_revision_makes_the_tables_that_the_library_reads(store: Store) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with store.database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, layout()) == []


@pytest.mark.parametrize("revision", REVISIONS)
def test_all_that_was_kept_is_there_after_the_migration(
    url: str, revision: str, tmp_path: Path, opened: Opening
) -> None:
    filled(url, revision, tmp_path)
    if revision != LATEST:
        with pytest.raises(StoreError) as refusal:
            opened(url)
        assert refusal.value.code == "store.older"
    assert Store.migrate(url, language="en") == (revision, LATEST)
    store = opened(url)
    assert store.check() == ()
    register = store.register()
    plants = register.establishments
    assert plants["name"].tolist() == ["Nhà máy A", "Xưởng B"]
    assert plants["revenue"].tolist()[0] == 1_234_567_890_123.0
    assert plants["opened"].tolist() == [dt.date(1999, 12, 31), None]
    assert store.register(as_of=1).establishments["name"].tolist()[0] == "Xưởng A"
    assert (len(register.events), len(store.register(as_of=3).events)) == (0, 1)
    assert register.settings["province"] == "Quảng Bình"
    assert store.history()["why"].tolist() == ["", "tên mới", "", "hoãn"]
    study, found = store.inputs("thuy-san"), store.assessment("thuy-san")
    assert found.to_dict()["savings"] == sx.assess(study).to_dict()["savings"]
    with store.database.reading() as connection:
        tables = layout().tables
        files = dict(connection.execute(
            select(tables["study_files"].c.file, tables["study_files"].c.sha256)).all())  # type: ignore[arg-type]
        factors = connection.execute(select(tables["factors"].c.factor)).scalars().all()
    assert files == dict(study.hashes)
    assert "currency" in factors
    assert store.put_study(study, found, establishments={"thuy-san": "A"}).number == 0


# -- a migration that fails ----------------------------------------------------------------------


def test_a_migration_that_fails_halfway_leaves_the_database_as_it_was(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(url, "1", tmp_path)
    last = migrating._scripts().get_revision("3").module
    monkeypatch.setattr(last, "GUARDED", ("changes", "no_such_table"))
    with pytest.raises(StoreError) as refusal:
        Store.migrate(url, language="en")
    assert refusal.value.code == "store.failed"
    looked = database(url)
    names = set(inspect(looked.engine).get_table_names())
    looked.close()
    assert not names & {"factors", "study_files", "consents"}
    monkeypatch.undo()
    assert Store.migrate(url) == ("1", LATEST)


@pytest.mark.skipif(os.name == "nt", reason="needs signal 9")
def test_a_migration_that_is_killed_leaves_the_database_as_it_was(tmp_path: Path) -> None:
    """Killed at every fifth statement; each time the dump of schema 1 is still all there."""
    path = of_dump(tmp_path / "old.db", "1")
    script = (
        "import os, signal, sys\n"
        "from sqlalchemy import event\n"
        "from sxsh_audit.store.database import Database\n"
        "from sxsh_audit.store.migrating import migrate\n"
        "for at in range(1, 400, 5):\n"
        "    child = os.fork()\n"
        "    if not child:\n"
        "        base = Database(sys.argv[1], timeout=10, create=False, language='en')\n"
        "        left = [at]\n"
        "        def point(*_):\n"
        "            left[0] -= 1\n"
        "            if not left[0]: os.kill(os.getpid(), signal.SIGKILL)\n"
        "        for name in ('before_cursor_execute', 'after_cursor_execute', 'commit'):\n"
        "            event.listen(base.engine, name, point)\n"
        "        migrate(base)\n"
        "        os._exit(0)\n"
        "    _, status = os.waitpid(child, 0)\n"
        "    base = Database(sys.argv[1], timeout=10, create=False, language='en')\n"
        "    from sxsh_audit.store.migrating import revision_of\n"
        "    with base.reading() as connection: now = revision_of(connection, base)\n"
        "    base.close()\n"
        "    if status == 0: break\n"
        "    assert now == '1', (at, now)\n"
        "print(at, now)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True,
                          text=True, timeout=300)  # fmt: skip
    assert done.returncode == 0, done.stderr
    at, now = done.stdout.split()
    assert now == LATEST
    assert int(at) > 30
    with Store(str(path)) as store:
        assert store.check() == ()


def test_a_database_of_a_later_version_is_refused_and_left_alone(
    url: str, opened: Opening
) -> None:
    store = opened(url)
    with store.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '99'")
    for attempt in (lambda: opened(url), lambda: Store.migrate(url, language="en")):
        with pytest.raises(StoreError, match="later version") as refusal:
            attempt()
        assert (refusal.value.code, refusal.value.numbers["found"]) == ("store.newer", "99")


def test_several_that_make_the_same_database_at_once_make_it_once(
    url: str, opened: Opening
) -> None:
    faults: list[BaseException] = []

    def make() -> None:
        try:
            opened(url)
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=make) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert faults == []
    assert opened(url).check() == ()


# -- the guard ----------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["UPDATE", "DELETE"])
def test_no_table_lets_its_rows_be_changed_or_deleted(
    url: str, what: str, tmp_path: Path, opened: Opening
) -> None:
    filled(url, LATEST, tmp_path)
    store = opened(url)
    for name, rows in layout().tables.items():
        column = rows.columns.keys()[0]
        text = {"UPDATE": f"UPDATE {name} SET {column} = {column}", "DELETE": f"DELETE FROM {name}"}

        def change(connection: Any, _: str, line: str = text[what]) -> None:
            connection.exec_driver_sql(line)

        with store.database.reading() as connection:
            empty = not connection.execute(select(rows).limit(1)).first()
        if empty and store.database.sqlite:
            continue  # its guard looks at rows, and there is none
        with pytest.raises(StoreError) as refusal:
            store.database.write(change)
        assert refusal.value.code == "store.append_only", name
    assert store.check() == ()
