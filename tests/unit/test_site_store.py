"""From a store the site has those studies of which the plant said yes, and no other."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from small_province import PROGRAMME, province, studies

from sxsh_audit.cli.main import main
from sxsh_audit.reports.site import cases
from sxsh_audit.reports.site.publishing import publish

pytest.importorskip("jinja2", reason="needs Jinja2, the extra «web»")
pytest.importorskip("sqlalchemy", reason="needs SQLAlchemy, the extra «store»")


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    from sxsh_audit.store.store import Store

    monkeypatch.setattr(cases, "CASE_CHARTS", ())
    url = f"sqlite:///{tmp_path / 'sxsh.db'}"
    with Store(url, who="test") as store:
        register = province()
        listed = register.establishments
        listed.loc[listed["establishment"] == "thuy-san", "publish"] = "no"
        store.put_register(register.with_tables(establishments=listed), why="test")
        for result in studies():
            name = str(result.study["study"])
            from sxsh_audit.tables.reading import read_study

            study = read_study(Path(__file__).parents[2] / "examples" / name)
            store.put_study(study, result, why="test")
        store.consent("sao-xanh", True, study="sao-xanh", evidence="letter 1")
        store.consent("giay-bao-goi", False, study="giay-bao-goi", evidence="letter 2")
        store.consent("thuy-san", True, study="thuy-san")  # but a no in general, which counts
    return url


def published(folder: Path) -> set[str]:
    return {path.name for path in (folder / "vi").glob("case-*.html")}


def test_yes_of_the_establishment_and_of_the_study(address: str, tmp_path: Path) -> None:
    from sxsh_audit.store.store import Store

    with Store(address, create=False) as store:
        publish(store, tmp_path / "web", programme=PROGRAMME, year=2014, languages=["vi"])
        assert published(tmp_path / "web") == {"case-xuong-duc-sao-xanh.html"}
        # a no counts also where the study is named
        publish(store, tmp_path / "web2", programme=PROGRAMME, year=2014, languages=["vi"],
                assessments=studies())  # fmt: skip
        assert published(tmp_path / "web2") == {"case-xuong-duc-sao-xanh.html"}


def test_the_command_publishes_a_store(
    address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["publish", str(tmp_path / "sxsh.db"), "--programme", PROGRAMME, "--year", "2014",
             "--out", str(tmp_path / "web"), "--only", "vi", "--language", "en"]  # fmt: skip
    assert main([*words, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["files"] == [str(tmp_path / "web" / "index.html")]
    assert published(tmp_path / "web") == {"case-xuong-duc-sao-xanh.html"}
    assert main(words) == 2  # it is there
    assert "overwrite" in capsys.readouterr().err
    assert main([*words, "--overwrite"]) == 0
    assert "index.html" in capsys.readouterr().out
    assert main([*words, "--overwrite", "--minimum", "0"]) == 2
    assert "least number" in capsys.readouterr().err
