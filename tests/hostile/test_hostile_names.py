"""Names of plants, products, resources, options, sheets and files stay text wherever they go."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path

import pytest
from study_folders import write_book, write_study

from sxsh_audit import Assessment, assess, charts, check_study, read_study
from sxsh_audit.cli.main import main
from sxsh_audit.display.markdown import to_markdown
from sxsh_audit.display.table import Column, Table
from sxsh_audit.errors import StudyError
from sxsh_audit.language.text import shown, tidy, visible

NAMES = [
    '=HYPERLINK("http://x","y")', "+1+cmd|' /C calc'!A0", "@SUM(1)", "-2+3", "＝1+1",
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "<!-- --> ]]>", "&lt;b&gt;",
    "../../x", "C:\\x", "CON", "\u202egnp.exe", "a\u2066b\u2069", "\x1b[31mđỏ\x1b[0m", "[red]x[/]",
    "$\\frac{1}{0$", "$x^{2}$ và $y$", "`code` | *bold*", ":smile:", "%s {0} {x}", "x\u200by",
    "工厂 ☃",
]  # fmt: skip
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


def quoted(*cells: str) -> str:
    return ";".join('"' + cell.replace('"', '""') + '"' for cell in cells)


def study(folder: Path, names: list[str]) -> Path:
    """Write a study whose resources and options have these names, all else the first of them."""
    name = names[0]
    lines = {
        "facility": [("facility", "name"), (name, name)],
        "san_luong": [("facility", "product", "period", "output", "unit")]
        + [(name, name, year, "1000", "tấn") for year in ("2013", "2014")],
        "resources": [("resource", "name", "category", "unit")]
        + [(one, one, "fuel", "kg") for one in names],
        "tieu_thu": [("facility", "resource", "period", "quantity", "unit", "cost")]
        + [(name, one, year, use, "kg", "5000000") for one in names
           for year, use in (("2013", "900"), ("2014", "800"))],
        "options": [("facility", "option", "name", "cost", "annual_saving")]
        + [(name, one, one, "1000000", "500000") for one in names],
    }  # fmt: skip
    files = {key: "\n".join(quoted(*row) for row in rows) for key, rows in lines.items()}
    title = json.dumps(name, ensure_ascii=False)
    toml = f'locale = "vi"\nbaseline = "2013"\nreporting = "2014"\ntitle = {title}\n'
    return write_study(folder, toml, **files)


class Page(HTMLParser):
    """What a browser would make of the page: its tags, attributes, words."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.words = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attributes}

    def handle_data(self, data: str) -> None:
        self.words += data


def together(text: str) -> str:
    """Return a text without spaces and line ends: a table and a chart break long words."""
    return "".join(text.split())


def check_page(text: str, names: list[str]) -> None:
    page = Page()
    page.feed(text)
    assert not page.tags & {"script", "img", "iframe", "object", "b"}
    assert not [word for word in page.attributes if word.startswith("on")]
    for name in names:
        assert visible(name) in page.words
    assert not UNSEEN.search(text)


@pytest.fixture(params=range(4), ids=lambda place: f"names{place}")
def names(request: pytest.FixtureRequest) -> list[str]:
    return NAMES[request.param :: 4]


def test_every_exit_of_an_assessment(
    names: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out = study(tmp_path / "study", names), tmp_path / "out"
    assert main(["assess", str(folder), "--language", "vi", "--out", str(out)]) == 0
    printed = capsys.readouterr()
    assert not UNSEEN.search(printed.out + printed.err)
    assert together(visible(names[0])) in together(printed.out)  # the title: broken, not changed
    check_page((out / "assessment.html").read_text(encoding="utf-8"), [*map(tidy, names)])

    document = json.loads((out / "assessment.json").read_text(encoding="utf-8"))
    # as they were typed, but for what takes no room
    assert {row["option"] for row in document["options"]} == set(map(tidy, names))
    assert Assessment.from_dict(document).to_dict() == document

    for path in out.glob("*.csv"):
        text = path.read_text(encoding="utf-8-sig")
        assert not UNSEEN.search(text)
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=";"):
            for cell in row:  # no spreadsheet runs it
                assert not cell.startswith(("=", "+", "@", "＝", "-2+"))
    options = csv.DictReader(
        io.StringIO((out / "options.csv").read_text(encoding="utf-8-sig"), newline=""),
        delimiter=";")  # fmt: skip
    assert {row["option"].removeprefix("'") for row in options} == {
        visible(tidy(name)) for name in names}  # fmt: skip

    for path in out.glob("*.svg"):
        text = path.read_text(encoding="utf-8")
        root = ET.fromstring(text)  # well-formed
        assert not UNSEEN.search(text)
        assert not [node for node in root.iter() if node.tag.endswith(("script", "image"))]
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in out.glob("*.png"))
    assert {path.parent for path in tmp_path.rglob("savings.*")} == {out}


def test_every_exit_of_a_result_in_python(names: list[str], tmp_path: Path) -> None:
    result = assess(read_study(study(tmp_path, names)))
    assert {step.name for step in result.payback_steps("vi") if not step.total} == set(
        map(tidy, names))  # fmt: skip
    told = [result.explain(f"option.{tidy(name)}.payback") for name in names]
    for text in (str(result), repr(result), result.to_text("en"), *map(str, told)):
        assert not UNSEEN.search(text)
    check_page(result.to_html(), [*map(tidy, names)])
    check_page(result.options._repr_html_(), [*map(tidy, names)])
    for name, one in zip(names, told, strict=True):
        check_page(one._repr_html_(), [tidy(name)])
    axes = charts.payback_ladder(result)
    drawn = together(" ".join(label.get_text() for label in axes.get_yticklabels()))
    for name in names:  # no formula, no mark, and a box for a letter that the font lacks
        wanted = re.sub("[工厂＝]", "□", visible(tidy(name)))
        assert together(wanted) in drawn
    markdown = to_markdown(Table("", (Column("a", "x"),), tuple((name,) for name in names)))
    assert "<" not in markdown
    assert not UNSEEN.search(markdown)


def test_every_exit_of_a_refusal(
    names: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The names stand where numbers, units, periods and headings should be."""
    rows = [("resource", "period", "quantity", "unit", *names)]
    rows += [(name, name, name, name, "1") for name in names]
    rows += [("Điện", "2014", "5", name, "1") for name in names]
    folder = write_study(tmp_path / "s", tieu_thu="\n".join(quoted(*row) for row in rows))
    for language in ("vi", "en"):
        assert main(["check", str(folder), "--language", language]) == 1
        assert main(["assess", str(folder), "--language", language]) == 1
        for name in names:  # words beside a unit are a product's name
            assert main(["units", f"1 {name}", "--language", language]) in (0, 2)
            assert main(["programme", "show", f"x{name}", "--language", language]) == 2
            assert main(["frobnicate", name, "--language", language]) == 2
    told = capsys.readouterr()
    assert not UNSEEN.search(told.out + told.err)
    assert "Traceback" not in told.err
    with pytest.raises(StudyError) as refused:
        read_study(folder)
    assert not UNSEEN.search(str(refused.value))
    assert main(["check", str(folder), "--json"]) == 1
    values = {item["value"] for item in json.loads(capsys.readouterr().out)["findings"]}
    assert {" ".join(name.split()) for name in names} <= values
    assert not check_study(folder)["rule"].str.contains(UNSEEN).any()


@pytest.mark.skipif(os.name == "nt", reason="Windows refuses such names itself")
def test_names_of_files_folders_and_sheets(
    names: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    safe = [name.replace("/", "∕") for name in names]
    folder = write_study(tmp_path / safe[0])
    for name in safe:
        (folder / f"{name}.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    out = tmp_path / f"{safe[1]} out"
    assert main(["check", str(folder), "--language", "vi"]) == 0
    assert main(["assess", str(folder), "--out", str(out), "--language", "vi"]) == 0
    assert main(["assess", str(folder), "--out", str(out), "--language", "vi"]) == 2
    assert main(["assess", str(folder / "x.xlsx"), "--language", "vi"]) == 2
    told_files = [f"{name}.csv" for name in safe]
    check_page((out / "assessment.html").read_text(encoding="utf-8"), told_files)
    titles = [re.sub(r"[\\/*?:\[\]\x00-\x1f]", "_", name)[:31] for name in names]
    book = write_book(tmp_path / f"{safe[0]}.xlsx", {title: [["a", "b"]] for title in titles})
    assert main(["check", str(book), "--language", "vi"]) == 1
    told = capsys.readouterr()
    assert not UNSEEN.search(told.out + told.err)
    assert "Traceback" not in told.err
    for title in titles:
        assert together(visible(title)) in together(told.out) or len(title) > 20


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_a_file_name_that_is_no_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A name in an old encoding, or with a line end, that no screen can show."""
    folder = write_study(tmp_path / os.fsdecode(b"nh\xe0 m\xe1y\n"))
    (folder / os.fsdecode(b"gi\xe1\n.csv")).write_text("a;b\n1;2\n")
    out = tmp_path / "out"
    assert main(["assess", str(folder), "--out", str(out), "--language", "vi"]) == 0
    assert main(["check", str(folder), "--json"]) == 0
    told = capsys.readouterr().out
    assert "gi\\udce1\\n.csv" in told
    assert json.loads((out / "assessment.json").read_text(encoding="utf-8"))["study"]["study"]


def test_a_long_name_is_cut_where_it_is_shown_and_kept_where_it_is_data(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "Lò " + "a" * 30_000
    folder, out = study(tmp_path / "s", [name]), tmp_path / "out"
    assert main(["assess", str(folder), "--out", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["options"][0]["option"] == name
    assert all(path.stat().st_size < 2_000_000 for path in out.glob("*.png"))


def test_a_long_value_is_cut_in_every_message(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    value = "x1," * 10_000
    use = f'resource;period;quantity;unit\nĐiện;2013;"{value}";kWh\nĐiện;"{value}";5;"{value}"\n'
    folder = write_study(tmp_path, tieu_thu=use)
    assert main(["check", str(folder), "--language", "vi"]) == 1
    assert main(["assess", str(folder), "--language", "en"]) == 1
    told = capsys.readouterr()
    assert len(told.out) + len(told.err) < 12_000
    assert shown(value) in "".join(told.err.split("\n"))
    assert main(["check", str(folder), "--json"]) == 1
    assert value in {item["value"] for item in json.loads(capsys.readouterr().out)["findings"]}
    assert check_study(folder)["value"].str.len().max() <= 80
