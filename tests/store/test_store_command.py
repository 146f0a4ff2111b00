"""``sxsh-audit store``: each command calls its one method, and says what it did."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from sxsh_audit.cli.main import main
from sxsh_audit.data import open_fact
from sxsh_audit.store.store import Store
from sxsh_audit.tables.register import Register

SCHEMA: dict[str, Any] = json.loads(
    open_fact("schema/assessment-1.schema.json").read_text(encoding="utf-8")
)


class Command:
    """The command on one database."""

    def __init__(self, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.file, self.capsys = file, capsys

    def __call__(self, *words: str, code: int = 0) -> str:
        found = main(["store", *words, "--store", str(self.file), "--language", "en"])
        out, err = self.capsys.readouterr()
        assert found == code, out + err
        return out + err

    def json(self, *words: str, code: int = 0) -> Any:
        document = json.loads(self(*words, "--json", code=code))
        Draft202012Validator(SCHEMA).validate(document)
        return document


@pytest.fixture
def command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(tmp_path / "sxsh.db", capsys)


def test_from_an_empty_database_to_its_backup(command: Command, root: Path, tmp_path: Path) -> None:
    study = str(root / "examples" / "thuy-san")
    assert "ready" in command("init")
    added = command.json("add", study, "--establishment", "thuy-san=QB-1", "--who", "Lan")
    (change,) = added["rows"]
    assert (change["number"], change["who"], change["records"]) == (1, "Lan", {"studies": 1})
    assert [item["code"] for item in added["findings"]] == ["store.not_in_register"]
    assert "Nothing differs" in command("add", study, "--establishment", "thuy-san=QB-1")
    with Store(str(command.file), who="Lan") as store:
        store.put_register(Register.from_frames(
            establishments=pd.DataFrame({"establishment": ["QB-1"]})))  # fmt: skip
    assert "Change 3 by Minh" in command("consent", "QB-1", "yes", "--evidence", "letter 12",
                                         "--who", "Minh")  # fmt: skip
    assert command.json("list")["rows"][-1]["establishments"] == ["QB-1"]
    shown = command.json("show", "thuy-san")
    with Store(str(command.file)) as store:
        assert shown == store.assessment("thuy-san").to_dict()
    assert [row["kind"] for row in command.json("history")["rows"]] == [
        "study", "register", "consent"]  # fmt: skip
    versions = command.json("history", "establishments", "QB-1")["rows"]
    assert [(row["version"], row["who"], row["publish"]) for row in versions] == [
        (1, "Lan", ""), (2, "Minh", "yes")]  # fmt: skip
    assert "letter 12" in command("history", "establishments", "QB-1")
    assert "whole" in command("check")
    file = tmp_path / "backup.db"
    assert str(file.name) in command("backup", str(file)).replace("\n", "")
    assert "already" in command("backup", str(file), code=2)
    other = Command(tmp_path / "other.db", command.capsys)
    assert "is back" in other("restore", str(file))
    assert other.json("history") == command.json("history")
    assert "revision 3 already" in other("migrate")
    command("withdraw", "studies", "thuy-san", "--why", "wrong plant")
    assert "withdrawn" in command("show", "thuy-san", code=2)


def test_wrong_use_is_code_2_and_makes_no_database(command: Command) -> None:
    for words in (("list",), ("check",), ("show", "x"), ("history",), ("migrate",)):
        assert command.json(*words, code=2)["code"] == "store.missing"
    assert not command.file.exists()
    command("init")
    assert command.json("history", "plants", "A", code=2)["code"] == "store.kind"
    assert command.json("withdraw", "events", "T1", "--why", "x", code=2)["code"] == (
        "store.no_record")  # fmt: skip
    assert command.json("add", ".", "--establishment", "QB-1", code=2)["code"] == (
        "cli.store_no_pair")  # fmt: skip


def test_faults_of_the_database_are_code_1(command: Command) -> None:
    command("init")
    with Store(str(command.file), who="Lan") as store:
        store.put_register(Register.from_frames(
            establishments=pd.DataFrame({"establishment": ["A"]})))  # fmt: skip
        with store.database.engine.connect() as connection:
            connection.exec_driver_sql("DROP TRIGGER guard_establishments_delete")
            connection.exec_driver_sql("DELETE FROM establishments")
            connection.commit()
    document = command.json("check", code=1)
    assert [item["code"] for item in document["findings"]] == ["store.check_count"]
    assert "change 1" in command("check", code=1)


def test_vietnamese_and_a_register_from_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "so-theo-doi"
    folder.mkdir()
    (folder / "co_so.csv").write_text("Mã cơ sở,Tên cơ sở\nQB-1,Xưởng A\n", encoding="utf-8")
    words = ["--store", str(tmp_path / "x.db"), "--language", "vi", "--who", "Lan"]
    code = main(["store", "import", str(folder), *words])
    out, err = capsys.readouterr()
    assert code == 0, err
    assert "Đã lưu lần thay đổi 1 của Lan" in out
    code = main(["store", "import", str(folder), *words])
    assert code == 0
    assert "Không có gì khác" in capsys.readouterr().out
