"""The commands report, slides and charts: what they write, say and refuse; all or nothing."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from sample_document import sample_document
from study_folders import write_study

import sxsh_audit as sx
from sxsh_audit.cli import document_commands
from sxsh_audit.cli.main import main
from sxsh_audit.data import open_fact
from sxsh_audit.reports import chart_plan, pdf, powerpoint, web, writing

SCHEMA: dict[str, Any] = json.loads(
    open_fact("schema/assessment-1.schema.json").read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the folder of a small study."""
    return str(write_study(tmp_path_factory.mktemp("study") / "plant"))


@pytest.fixture(scope="module")
def result(plant: str) -> sx.Assessment:
    return sx.assess(sx.read_study(plant))


@pytest.fixture
def quick(result: sx.Assessment, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Write a small document for whatever is asked, and return what was asked for."""
    monkeypatch.setattr(document_commands, "_assessed", lambda *_: result)
    asked: list[tuple[str, str]] = []

    def built(assessment: Any, document: str, language: Any) -> Any:
        asked.append((document, language))
        return sample_document(language)

    monkeypatch.setattr(writing, "_built", built)
    monkeypatch.setattr(web, "to_html", lambda document: f"<h1>{document.title}</h1>")
    return asked


def report(plant: str, out: Path, *more: str) -> int:
    return main(["report", plant, "--out", str(out), "--language", "en", *more])


def printed(capsys: pytest.CaptureFixture[str]) -> Any:
    document = json.loads(capsys.readouterr().out)
    Draft202012Validator(SCHEMA).validate(document)
    return document


# -- what is written ----------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "name"), [("vi", "bao-cao"), ("en", "report")])
def test_the_whole_way_from_a_study_to_a_word_report_and_a_page(
    plant: str, tmp_path: Path, language: str, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    import docx

    out = tmp_path / "new" / "deep"
    words = ["report", plant, "--out", str(out), "--language", language]
    assert main([*words, "--format", "docx,html"]) == 0
    told = capsys.readouterr().out
    for ending in ("docx", "html"):
        assert f"{name}.{ending}" in told.replace("\n", "")
    assert sorted(path.name for path in out.iterdir()) == [f"{name}.docx", f"{name}.html"]
    assert len(docx.Document(str(out / f"{name}.docx")).paragraphs) > 20
    assert f'lang="{language}"' in (out / f"{name}.html").read_text(encoding="utf-8")


def test_word_is_written_where_nothing_is_said(
    plant: str, tmp_path: Path, quick: list[tuple[str, str]]
) -> None:
    assert report(plant, tmp_path) == 0
    assert report(plant, tmp_path, "--format", " , ", "--overwrite") == 0
    assert [path.name for path in tmp_path.iterdir()] == ["report.docx"]
    assert quick == [("report", "en")] * 2


def test_every_document_in_every_format_and_one_workbook_of_results(
    plant: str, tmp_path: Path, quick: list[tuple[str, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    more = ("--format", "html, .XLSX,html", "--document", "minutes,report,acceptance", "--json")
    assert report(plant, tmp_path, *more) == 0
    document = printed(capsys)
    assert document["kind"] == "written"
    names = ["minutes.html", "minutes.xlsx", "report.html", "acceptance-record.html"]
    assert [Path(file).name for file in document["files"]] == names
    assert sorted(names) == sorted(path.name for path in tmp_path.iterdir())
    assert [one for one, _ in quick] == ["minutes", "report", "acceptance"]
    assert "Summary" in openpyxl.load_workbook(tmp_path / "minutes.xlsx").sheetnames


@pytest.mark.parametrize(("language", "name"), [("vi", "trinh-bay"), ("en", "slides")])
def test_slides(
    plant: str, tmp_path: Path, language: str, name: str, quick: list[tuple[str, str]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    import pptx

    words = ["slides", plant, "--out", str(tmp_path), "--language", language]
    assert main([*words, "--json"]) == 0
    assert printed(capsys)["files"] == [str(tmp_path / f"{name}.pptx")]
    assert len(pptx.Presentation(str(tmp_path / f"{name}.pptx")).slides) >= 4
    assert main(words) == 2  # it is there already
    assert main([*words, "--overwrite"]) == 0


def test_a_report_with_its_slides(
    plant: str, tmp_path: Path, quick: list[tuple[str, str]]
) -> None:
    assert report(plant, tmp_path, "--format", "html", "--slides") == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.html", "slides.pptx"]


def test_charts(
    plant: str, tmp_path: Path, quick: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(chart_plan, "CHARTS", {"savings": chart_plan.CHARTS["savings"]})
    out = tmp_path / "charts"
    words = ["charts", plant, "--out", str(out), "--language", "en"]
    assert main([*words, "--json"]) == 0
    files = printed(capsys)["files"]
    assert {Path(file).name for file in files} == {path.name for path in out.iterdir()}
    assert len(files) == 5
    assert main(words) == 2
    told = capsys.readouterr()
    assert "savings.svg" in told.err
    assert "--overwrite" in told.err


def test_charts_of_too_many_plants_say_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [(f"P{number}", year) for number in range(13) for year in ("2013", "2014")]
    folder = write_study(
        tmp_path / "study",
        san_luong="Mã cơ sở;Kỳ;Sản lượng;Đơn vị\n"
                  + "".join(f"{plant};{year};1000;tấn\n" for plant, year in rows),
        tieu_thu="Mã cơ sở;Tài nguyên;Kỳ;Lượng mua;Đơn vị\n"
                 + "".join(f"{plant};Điện;{year};900;kWh\n" for plant, year in rows),
    )  # fmt: skip
    out = tmp_path / "out"
    for language, word in (("vi", "13 cơ sở"), ("en", "13 plants")):
        assert main(["charts", str(folder), "--out", str(out), "--language", language]) == 0
        assert word in " ".join(capsys.readouterr().out.split())


# -- templates ----------------------------------------------------------------------------------


@pytest.fixture
def template(tmp_path: Path) -> str:
    """Return a template of one line."""
    import docx

    word = docx.Document()
    word.add_paragraph("Sở Công Thương: {{ title }}")
    word.save(str(tmp_path / "mau.docx"))
    return str(tmp_path / "mau.docx")


@pytest.mark.parametrize(
    ("kinds", "filled"), [("report,minutes", "report"), ("minutes", "minutes")]
)
def test_a_template_is_of_the_report_or_of_the_one_document(
    plant: str, tmp_path: Path, template: str, kinds: str, filled: str,
    quick: list[tuple[str, str]],
) -> None:
    import docx

    out = tmp_path / "out"
    assert report(plant, out, "--document", kinds, "--template", template) == 0
    for path in out.iterdir():
        first = docx.Document(str(path)).paragraphs[0].text
        assert first.startswith("Sở Công Thương") == (path.stem == filled)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_template_without_word_is_refused(
    plant: str, tmp_path: Path, template: str, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["report", plant, "--out", str(tmp_path / "out"), "--language", language]
    assert main([*words, "--format", "pdf", "--template", template]) == 2
    assert ".docx" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_template_that_is_not_there_or_no_template_leaves_nothing(
    plant: str, tmp_path: Path, quick: list[tuple[str, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "text.docx").write_text("no Word file")
    for name in ("nowhere.docx", "text.docx"):
        words = ("--format", "html,docx", "--template", str(tmp_path / name))
        assert report(plant, tmp_path / "out", *words) == 2
        assert name in capsys.readouterr().err
        assert not (tmp_path / "out").exists()


# -- refusals -----------------------------------------------------------------------------------

WRONG = {
    "format": (("--format", "docx,odt"), "odt"),
    "document": (("--document", "invoice"), "invoice"),
    "path in a format": (("--format", "../x"), "../x"),
    "option": (("--nonsense",), "--nonsense"),
    "programme": (("--programme", "vn-xx"), "vn-xx"),
}


@pytest.mark.parametrize(("words", "named"), WRONG.values(), ids=list(WRONG))
@pytest.mark.parametrize("language", ["vi", "en"])
def test_wrong_use_is_exit_code_2_and_writes_nothing(
    plant: str, tmp_path: Path, words: tuple[str, ...], named: str, language: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "out"
    given = ["report", plant, "--out", str(out), "--language", language, *words]
    assert main(given) == 2
    told = capsys.readouterr()
    assert named in told.err
    assert told.out == ""
    assert not out.exists()
    assert main([*given, "--json"]) == 2
    assert printed(capsys)["exit_code"] == 2


@pytest.mark.parametrize("command", ["report", "slides", "charts"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_folder_is_asked_for_and_a_file_is_none(
    plant: str, tmp_path: Path, command: str, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, plant, "--language", language]) == 2
    assert "--out" in capsys.readouterr().err
    (tmp_path / "file").write_text("mine")
    assert main([command, plant, "--out", str(tmp_path / "file"), "--language", language]) == 2
    assert "file" in capsys.readouterr().err
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize("command", ["report", "slides", "charts"])
def test_faults_of_the_records_block_with_exit_code_1(
    tmp_path: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    study = write_study(tmp_path / "study", san_luong="Kỳ;Sản lượng;Đơn vị\n2013;-5;tấn\n")
    out = tmp_path / "out"
    assert main([command, str(study), "--out", str(out), "--json"]) == 1
    document = printed(capsys)
    assert document["kind"] == "error"
    assert any(item["code"] == "table.negative" for item in document["findings"])
    assert not out.exists()
    assert main([command, str(tmp_path / "nowhere"), "--out", str(out), "--json"]) == 2


@pytest.mark.parametrize("package", ["docx", "typst", "pptx"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_missing_package_is_named_with_what_to_install(
    plant: str, tmp_path: Path, package: str, language: str, quick: list[tuple[str, str]],
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    more = {"docx": [], "typst": ["--format", "html,pdf"],
            "pptx": ["--format", "html", "--slides"]}[package]  # fmt: skip
    out = tmp_path / "out"
    assert main(["report", plant, "--out", str(out), "--language", language, *more]) == 2
    extra = "[pdf]" if package == "typst" else "[report]"
    assert extra in capsys.readouterr().err
    assert not out.exists()


# -- all or nothing -----------------------------------------------------------------------------


def test_nothing_is_overwritten_unasked_and_the_study_is_not_even_read(
    plant: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "report.html").write_text("mine")
    monkeypatch.setattr(document_commands, "_assessed", lambda *_: pytest.fail("read"))
    assert report(plant, tmp_path, "--format", "docx,html") == 2
    told = capsys.readouterr().err
    assert "report.html" in told
    assert "report.docx" not in told
    assert "--overwrite" in told
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


@pytest.mark.parametrize(
    ("fault", "code"),
    [(OSError(28, "No space left on device"), 2), (KeyboardInterrupt(), 130),
     (RuntimeError("boom"), 3)],
    ids=["disk full", "Ctrl-C", "our fault"],
)  # fmt: skip
@pytest.mark.parametrize("last", ["pdf", "slides"])
@pytest.mark.parametrize("there", [True, False], ids=["overwriting", "new"])
def test_when_one_document_fails_none_is_written(
    plant: str, tmp_path: Path, quick: list[tuple[str, str]], fault: BaseException, code: int,
    last: str, there: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "out"
    if there:
        out.mkdir()
        (out / "report.html").write_text("mine")

    def failing(*_: Any, **__: Any) -> None:
        raise fault

    monkeypatch.setattr(pdf, "to_pdf", failing)
    monkeypatch.setattr(powerpoint, "to_pptx", failing)
    more = ["--format", "html,pdf"] if last == "pdf" else ["--format", "html", "--slides"]
    assert report(plant, out, *more, "--overwrite") == code
    assert capsys.readouterr().out == ""
    if there:
        assert [path.name for path in out.iterdir()] == ["report.html"]
        assert (out / "report.html").read_text() == "mine"
    else:
        assert not out.exists()


def test_overwriting_leaves_what_is_somebody_elses(
    plant: str, tmp_path: Path, quick: list[tuple[str, str]]
) -> None:
    for name in ("report.html", "notes.txt"):
        (tmp_path / name).write_text("old")
    assert report(plant, tmp_path, "--format", "html", "--overwrite") == 0
    assert sorted(os.listdir(tmp_path)) == ["notes.txt", "report.html"]
    assert (tmp_path / "notes.txt").read_text() == "old"
    assert (tmp_path / "report.html").read_text(encoding="utf-8").startswith("<h1>")
