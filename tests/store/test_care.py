"""Withdrawal, consent, integrity, backup from one engine into the other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import sxsh_audit as sx
from sxsh_audit.errors import OutputError, StoreError
from sxsh_audit.store.store import Store
from sxsh_audit.tables.register import REGISTER_COLUMNS, Register

Opening = Callable[..., Store]


@pytest.fixture(scope="module")
def pair() -> tuple[sx.Study, sx.Assessment]:
    study = sx.Study.from_totals("x", output=(1.0, 1.1, "t"), electricity=("5 kWh", "5 kWh"))
    return study, sx.assess(study)


@pytest.fixture
def kept(store: Store, pair: Any) -> Store:
    """Return a store with two plants, a task, an event and a study."""
    store.put_register(Register.from_frames(
        establishments=pd.DataFrame({"establishment": ["A", "B"]}),
        tasks=pd.DataFrame({"task": ["1.1"], "year": [2015.0]}),
        events=pd.DataFrame({"event": ["T1"], "kind": ["training"]})))  # fmt: skip
    store.put_study(*pair, establishments={"x": "A"})
    return store


def test_a_withdrawn_record_is_gone_from_now_and_there_before(kept: Store) -> None:
    kept.withdraw("establishments", "B", why="listed twice")
    kept.withdraw("tasks", ("1.1", 2015, ""), why="not of this year")
    kept.withdraw("studies", "x", why="wrong plant")
    now, then = kept.register(), kept.register(as_of=2)
    for name, count in (("establishments", 2), ("tasks", 1), ("results", 1), ("verdicts", 1)):
        assert len(then.tables[name]) == count
        assert len(now.tables[name]) == count - 1
    with pytest.raises(StoreError) as refusal:
        kept.assessment("x")
    assert refusal.value.code == "store.withdrawn_study"
    assert kept.assessment("x", 1).study["study"] == "x"
    versions = kept.history("establishments", "B")
    assert versions["withdrawn"].tolist() == [False, True]
    assert versions["why"].tolist() == ["", "listed twice"]
    assert kept.check() == ()


def test_what_was_withdrawn_comes_back_as_a_new_version(kept: Store, pair: Any) -> None:
    kept.withdraw("studies", "x", why="wrong plant")
    kept.put_study(*pair, establishments={"x": "B"}, why="of B")
    assert kept.register().results["establishment"].tolist() == ["B"]
    assert kept.history("studies", "x")["version"].tolist() == [1, 2, 3]
    assert kept.check() == ()


@pytest.mark.parametrize(
    ("kind", "key", "why", "code"),
    [
        ("plants", "A", "x", "store.kind"), ("events", "T2", "x", "store.no_record"),
        ("studies", "y", "x", "store.no_record"), ("events", "T1", " ", "store.why"),
        ("events", "", "x", "store.no_key"),
    ],
)  # fmt: skip
def test_a_withdrawal_of_nothing_or_without_reason_is_refused(
    kept: Store, kind: str, key: str, why: str, code: str
) -> None:
    with pytest.raises(StoreError) as refusal:
        kept.withdraw(kind, key, why=why)
    assert refusal.value.code == code
    assert len(kept.history()) == 2


def test_consent_is_kept_with_its_paper_and_can_be_taken_back(kept: Store) -> None:
    kept.consent("A", True, evidence="letter 12")
    kept.consent("A", True, study="x", evidence="letter 13")
    assert kept.register().establishments["publish"].tolist() == ["yes", ""]
    assert kept.consents().to_dict("records") == [
        {"establishment": "A", "study": "", "publish": "yes", "evidence": "letter 12"},
        {"establishment": "A", "study": "x", "publish": "yes", "evidence": "letter 13"},
    ]
    kept.consent("A", None, evidence="letter 14")
    assert kept.register().establishments["publish"].tolist() == ["", ""]
    assert kept.consents()["publish"].tolist() == ["", "yes"]
    with pytest.raises(StoreError) as refusal:
        kept.consent("Z", True, evidence="letter 15")
    assert refusal.value.code == "store.no_record"


# -- integrity ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("DELETE FROM establishments WHERE key = 'B'", "store.check_count"),
        ("UPDATE changes SET number = 7 WHERE number = 2", "store.check_order"),
        ("UPDATE establishments SET version = 2 WHERE key = 'A'", "store.check_versions"),
        ("UPDATE studies SET inputs_hash = 'x'", "store.check_study"),
        ("UPDATE studies SET inputs = assessment", "store.check_study"),
        ("DELETE FROM results", "store.check_study"),
        ("DELETE FROM factors", "store.check_copies"),
    ],
)
def test_what_was_changed_behind_the_back_of_the_library_is_found(
    kept: Store, line: str, code: str, tmp_path: Path
) -> None:
    with kept.database.engine.connect() as connection:
        if kept.database.sqlite:
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            connection.rollback()
            raw: Any = connection.connection.driver_connection
            raw.execute("PRAGMA foreign_keys = OFF")
            names = [row[0] for row in raw.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()]
            for name in names:
                raw.execute(f"DROP TRIGGER {name}")
            raw.execute(line)
            raw.execute("PRAGMA foreign_keys = ON")
        else:
            connection.exec_driver_sql("SET session_replication_role = replica")
            connection.exec_driver_sql(line)
            connection.exec_driver_sql("SET session_replication_role = DEFAULT")
            connection.commit()
    assert code in {item.code for item in kept.check()}
    with pytest.raises(StoreError):
        kept.backup(tmp_path / "backup.db")
    assert not (tmp_path / "backup.db").exists()


# -- backup -------------------------------------------------------------------------------------


@pytest.mark.parametrize("to", ["sqlite", "postgresql"])
def test_a_backup_comes_back_into_either_engine(
    kept: Store, to: str, tmp_path: Path, request: pytest.FixtureRequest, pair: Any
) -> None:
    kept.withdraw("events", "T1", why="not held")
    file = kept.backup(tmp_path / "backup.db")
    was = file.read_bytes()
    target = (str(tmp_path / "other.db") if to == "sqlite"
              else str(request.getfixturevalue("cluster").new_database()))  # fmt: skip
    with Store.restore(file, target, who="Minh", language="en") as other:
        assert other.check() == ()
        pd.testing.assert_frame_equal(other.history(), kept.history())
        for as_of in (1, 2, 3):
            one, two = kept.register(as_of), other.register(as_of)
            for name in REGISTER_COLUMNS:
                pd.testing.assert_frame_equal(one.tables[name], two.tables[name],
                                              check_exact=True)  # fmt: skip
        assert other.assessment("x").to_dict() == pair[1].to_dict()
        assert other.withdraw("studies", "x", why="goes on").number == 4
    assert file.read_bytes() == was
    assert sorted(path.name for path in tmp_path.iterdir() if "backup" in path.name) == [
        "backup.db"]  # fmt: skip
    with pytest.raises(StoreError) as refusal:
        Store.restore(file, target, language="en")
    assert refusal.value.code == "store.not_empty"


def test_a_backup_replaces_no_file_unasked(kept: Store, tmp_path: Path) -> None:
    file = tmp_path / "backup.db"
    file.write_text("mine")
    with pytest.raises(OutputError):
        kept.backup(file)
    assert file.read_text() == "mine"
    kept.backup(file, overwrite=True)
    assert file.read_bytes().startswith(b"SQLite format 3\0")


def test_what_is_no_backup_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "a.txt"
    text.write_text("no backup " * 100)
    for path, code in ((text, "store.not_database"), (tmp_path / "none", "store.missing")):
        with pytest.raises(StoreError) as refusal:
            Store.restore(path, str(tmp_path / "x.db"), language="en")
        assert refusal.value.code == code
    assert not (tmp_path / "x.db").exists()
