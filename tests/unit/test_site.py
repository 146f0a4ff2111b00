"""The site as files: consent, escaping, links, data, what is replaced and what is not."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from small_province import HOSTILE, PROGRAMME, SECRET, province, studies

from sxsh_audit.data import load_rows
from sxsh_audit.errors import OutputError, Refusal
from sxsh_audit.files.replacing_folder import replacing_folder
from sxsh_audit.language.text import visible
from sxsh_audit.reports.site import cases, publishing
from sxsh_audit.reports.site.options import payback_band, read_coded_results
from sxsh_audit.reports.site.publishing import publish
from sxsh_audit.reports.site.rendering import POLICY, shipped
from sxsh_audit.reports.site.words import WORDS

pytest.importorskip("jinja2", reason="needs Jinja2, the extra «web»")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a site in both languages."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cases, "CASE_CHARTS", ("savings",))  # charts have tests of their own
        folder = tmp_path_factory.mktemp("site") / "web"
        return publish(province(), folder, programme=PROGRAMME, year=2014, assessments=studies())


@pytest.fixture
def no_charts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cases, "CASE_CHARTS", ())


def pages(site: Path) -> list[Path]:
    return sorted(site.rglob("*.html"))


def rows(site: Path, name: str) -> list[dict[str, str]]:
    text = (site / "data" / f"{name}.csv").read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


class Read(HTMLParser):
    """Elements with their attributes, the texts, and the cells of the tables."""

    VOID = frozenset({"meta", "link", "input", "br", "img", "hr"})

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.tables: dict[str, list[list[str]]] = {}
        self._in = ""
        self.feed(path.read_text(encoding="utf-8"))
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        found = dict(attrs)
        self.elements.append((tag, found))
        if tag not in self.VOID:
            self.open.append(tag)
        if "sheet" in str(found.get("class")).split():
            self._in = str(found["id"])
            self.tables[self._in] = []
        if tag == "tr":
            self.tables[self._in].append([])
        if tag in ("td", "th"):
            self.tables[self._in][-1].append("")

    def handle_startendtag(self, tag: str, attrs: Any) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if {"td", "th"} & set(self.open):
            self.tables[self._in][-1][-1] += data


# -- consent ------------------------------------------------------------------------------------


def test_who_did_not_agree_is_nowhere(site: Path) -> None:
    for path in site.rglob("*"):
        if path.is_file():
            found = path.read_bytes()
            assert SECRET.encode() not in found, path
    for name in ("cases", "options"):
        assert "thuy-san" not in {row["establishment"] for row in rows(site, name)}


def test_who_agreed_has_a_page_in_each_language(site: Path) -> None:
    for language in ("vi", "en"):
        assert (site / language / "case-xuong-duc-sao-xanh.html").is_file()
        assert len(list((site / language).glob("case-*.html"))) == 2


def test_a_withdrawn_consent_takes_the_page_away(tmp_path: Path, no_charts: None) -> None:
    def again(said: str) -> set[str]:
        records = province(**{"sao-xanh": {"publish": said}})
        publish(records, tmp_path / "web", programme=PROGRAMME, year=2014, languages=["vi"],
                assessments=studies()[1:2], overwrite=True)  # fmt: skip
        return {path.name for path in (tmp_path / "web" / "vi").glob("case-*.html")}

    assert again("yes") == {"case-xuong-duc-sao-xanh.html"}
    assert again("no") == again("") == set()


def test_a_register_alone_publishes_no_study(tmp_path: Path) -> None:
    publish(province(), tmp_path / "web", programme=PROGRAMME, year=2014, languages=["vi"])
    assert rows(tmp_path / "web", "cases") == []


# -- pages --------------------------------------------------------------------------------------


def test_every_page_has_the_policy_and_nothing_that_it_forbids(site: Path) -> None:
    for path in pages(site):
        found = Read(path)
        policies = [attrs["content"] for tag, attrs in found.elements
                    if attrs.get("http-equiv") == "Content-Security-Policy"]  # fmt: skip
        assert policies == [POLICY], path
        for tag, attrs in found.elements:
            assert tag not in ("style", "iframe", "object", "base"), path
            assert not any(name == "style" or name.startswith("on") for name in attrs), path
            if tag == "script":
                assert str(attrs["src"]) in ("../assets/script.js", "search.js"), path


def test_every_link_leads_somewhere(site: Path) -> None:
    for path in pages(site):
        found = Read(path)
        names = [attrs["id"] for _, attrs in found.elements if "id" in attrs]
        assert len(names) == len(set(names)), path
        for tag, attrs in found.elements:
            link = attrs.get("href") or attrs.get("src") or ""
            if link.startswith("#"):
                assert link[1:] in names, (path, link)
            elif link.startswith("http"):
                assert (tag, attrs.get("rel")) == ("a", "noreferrer"), (path, link)
            elif link:
                assert (path.parent / link.split("#")[0]).is_file(), (path, link)


def test_a_hostile_name_is_read_and_does_nothing(site: Path) -> None:
    (path,) = set((site / "vi").glob("case-*.html")) - {site / "vi/case-xuong-duc-sao-xanh.html"}
    text = path.read_text(encoding="utf-8")
    assert html.escape(visible(HOSTILE)) in text
    assert len(path.name) < 70
    for one in site.rglob("*.*"):
        if one.suffix in (".html", ".js"):
            content = one.read_text(encoding="utf-8")
            assert "<script>" not in content
            assert "\u202e" not in content


def test_search_knows_every_page_but_itself(site: Path) -> None:
    text = (site / "en" / "search.js").read_text(encoding="utf-8")
    known = json.loads(text.removeprefix("window.sxshPages = ").rstrip().rstrip(";"))
    there = {path.name for path in (site / "en").glob("*.html")} - {"search.html"}
    assert {page["url"] for page in known} == there
    assert "<" not in text


def test_every_word_is_used_by_a_template() -> None:
    folder = Path(publishing.__file__).parent / "templates"
    used = set(re.findall(r"\bw\.(\w+)", "".join(path.read_text(encoding="utf-8")
                                                 for path in folder.glob("*.html"))))  # fmt: skip
    assert set(WORDS) <= used
    assert used - set(WORDS) == {"site", "count_shown", "search_found", "search_more"}


def test_the_script_asks_nobody_and_writes_no_markup() -> None:
    script = shipped("script.js")
    for word in ("innerHTML", "outerHTML", "fetch(", "XMLHttp", "eval", "localStorage",
                 "document.write", "cookie"):  # fmt: skip
        assert word not in script


# -- data ---------------------------------------------------------------------------------------


def test_groups_on_the_page_are_those_of_the_file_and_of_the_register(site: Path) -> None:
    found = {row["group"]: row for row in rows(site, "groups") if row["grouping"] == "sector"}
    # counted from how the province was made: 34 + 1 in paper, every second of 34 applies …
    assert (found["paper"]["total"], found["paper"]["applying"]) == ("35", "17")
    # … 17 + 1 in seafood, of 35–51 those divisible by three: 36, 39, 42, 45, 48, 51
    assert (found["seafood"]["total"], found["seafood"]["applying"]) == ("18", "6")
    table = Read(site / "en" / "index.html").tables["group-1"]
    shown = {line[0]: (line[1], line[2]) for line in table[1:]}
    assert shown["paper"] == ("35", "17")
    assert shown["seafood processing"] == ("18", "6")


def test_targets_on_the_page_are_those_of_the_file(site: Path) -> None:
    listed = rows(site, "targets")
    table = Read(site / "en" / "index.html").tables["target-table"][1:]
    assert len(listed) == len(table)
    for row, line in zip(listed, table, strict=True):
        if row["share"]:
            assert float(row["share"]) == pytest.approx(int(row["yes"]) / int(row["base"]))
        for name, cell in zip(("yes", "no", "unknown", "base"), line[5:], strict=True):
            assert cell == row[name] or (cell in ("withheld", "–") and not row[name])
    reached = listed[0]
    # 40 stated, 2 by their studies of 2014
    assert (reached["yes"], reached["base"]) == ("42", "60")


def test_cases_of_the_file_are_those_of_the_studies(site: Path) -> None:
    found = Counter(row["establishment"] for row in rows(site, "cases"))
    assert found == {"giay-bao-goi": len(studies()[0].savings),
                     "sao-xanh": len(studies()[1].savings)}  # fmt: skip
    for row in rows(site, "cases"):
        if row["saving"]:
            baseline, reporting = float(row["baseline"]), float(row["reporting"])
            assert float(row["saving"]) == pytest.approx((baseline - reporting) / baseline)


def test_every_row_fits_its_schema_and_parquet_holds_the_same(site: Path) -> None:
    duckdb = pytest.importorskip("duckdb", reason="needs DuckDB, the extra «parquet»")
    for path in sorted((site / "data").glob("*.schema.json")):
        schema = json.loads(path.read_text(encoding="utf-8"))
        Draft202012Validator.check_schema(schema)
        name = path.name.removesuffix(".schema.json")
        table = duckdb.connect(":memory:").execute(
            f"SELECT * FROM '{site / 'data' / name}.parquet'")
        columns = [one[0] for one in table.description]
        records = [dict(zip(columns, row, strict=True)) for row in table.fetchall()]
        Draft202012Validator(schema).validate(records)
        read = rows(site, name)
        assert len(read) == len(records)
        for text, record in zip(read, records, strict=True):
            for column, value in record.items():
                if isinstance(value, float):
                    assert float(text[column]) == pytest.approx(value, rel=1e-14)
                elif value is None:
                    assert text[column] == ""


def test_the_same_records_give_the_same_files(
    tmp_path: Path, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cases, "CASE_CHARTS", ("savings",))
    again = publish(province(), tmp_path / "web", programme=PROGRAMME, year=2014,
                    assessments=studies())  # fmt: skip
    for path in sorted(site.rglob("*")):
        if path.is_file() and path.suffix != ".parquet":
            assert path.read_bytes() == (again / path.relative_to(site)).read_bytes(), path


# -- results of others --------------------------------------------------------------------------


def test_iac_streams_add_up() -> None:
    listed = load_rows("iac_streams.csv")
    for row in listed:
        parts = sum(int(row[name]) for name in ("implemented", "not_implemented", "other"))
        assert int(row["recommended"]) == parts
        quartiles = [float(row[f"years_{name}"]) for name in ("q25", "median", "q75")
                     if row["years_median"]]  # fmt: skip
        assert quartiles == sorted(quartiles)
    # 8,000 rows of the sample without the 63 of R6 and W0 and the one that names no resource
    assert sum(int(row["recommended"]) for row in listed) == 7936
    # by the statistics module of Python from the 18 rows of R5 (method="inclusive")
    water = next(row for row in listed if row["stream"] == "water")
    assert [water[f"years_{name}"] for name in ("q25", "median", "q75")] == [
        "0.202", "0.647", "2.05"]  # fmt: skip


def coded(tmp_path: Path, lines: list[str], head: str = "arc2,impstatus,impcost,psaved") -> Path:
    path = tmp_path / "codes.csv"
    path.write_text("\n".join([head, *lines]), encoding="utf-8")
    return path


def test_results_by_code_are_counted_by_hand(tmp_path: Path) -> None:
    lines = [f"2.7142,{'I' if years < 7 else 'N'},{years}00,100" for years in range(1, 12)]
    lines += ["2.7142,P,,100", "2.4111,I,50,100"]
    found = read_coded_results(coded(tmp_path, lines))
    by_code = {row["code"]: row for row in found.rows}
    row = by_code["2.7142"]
    assert (row["recommended"], row["implemented"], row["not_implemented"]) == (12, 6, 5)
    # paybacks 1 … 11 years: quartiles 3.5, 6, 8.5 by linear interpolation
    assert (row["q25"], row["median"], row["q75"]) == (3.5, 6.0, 8.5)
    assert by_code["2.4111"]["median"] != by_code["2.4111"]["median"]  # one result is none
    assert (found.read, found.without_payback) == (13, 1)


@pytest.mark.parametrize(("lines", "head", "code"), [
    (["2,I,1,1", "7,N,1,1", "2.0,N,1,1"], "arc2,impstatus,impcost,psaved", "site.options_rounded"),
    (["2.7142,I"], "arc2,impstatus", "site.options_columns"),
])  # fmt: skip
def test_results_without_full_codes_are_refused(
    tmp_path: Path, lines: list[str], head: str, code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        read_coded_results(coded(tmp_path, lines, head))
    assert refused.value.code == code


@pytest.mark.parametrize(("years", "kind", "band"), [
    (0.0, "years", "under_1"), (0.999, "years", "under_1"), (1.0, "years", "under_3"),
    (3.0, "years", "longer"), (float("inf"), "never", "longer"), (float("nan"), "worse", "longer"),
    (float("nan"), "unknown", "unknown"), (0.0, "immediate", "at_once"),
])  # fmt: skip
def test_bands_of_payback(years: float, kind: str, band: str) -> None:
    assert payback_band(years, kind) == band


# -- the folder ---------------------------------------------------------------------------------


def test_an_earlier_site_is_replaced_only_when_asked(tmp_path: Path) -> None:
    folder = tmp_path / "web"
    records = province()
    made = {"programme": PROGRAMME, "year": 2014, "languages": ["vi"]}
    publish(records, folder, **made)  # type: ignore[arg-type]
    with pytest.raises(OutputError) as refused:
        publish(records, folder, **made)  # type: ignore[arg-type]
    assert refused.value.code == "output.exists"
    publish(records, folder, overwrite=True, **made)  # type: ignore[arg-type]
    assert [path.name for path in tmp_path.iterdir()] == ["web"]


def test_files_of_others_are_never_deleted(tmp_path: Path) -> None:
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "luan-van.docx").write_text("x")
    with pytest.raises(OutputError) as refused, replacing_folder(
        tmp_path / "web", "site.json", overwrite=True
    ):
        pass
    assert refused.value.code == "output.others_inside"
    assert (tmp_path / "web" / "luan-van.docx").read_text() == "x"


def test_a_failure_leaves_the_old_folder(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "web"
    def fill(name: str, error: type[BaseException] | None = None) -> None:
        with replacing_folder(folder, "site.json", overwrite=True) as draft:
            (draft / name).write_text("1")
            if error:
                raise error

    with pytest.raises(RuntimeError):
        fill("a", RuntimeError)
    assert list(tmp_path.iterdir()) == []
    fill("a")
    with pytest.raises(KeyboardInterrupt):
        fill("b", KeyboardInterrupt)
    assert sorted(path.name for path in folder.iterdir()) == ["a", "site.json"]
    assert [path.name for path in folder.parent.iterdir()] == ["web"]
