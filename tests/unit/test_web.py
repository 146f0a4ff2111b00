"""The HTML page: well-formed, accessible, the same every time, and hostile texts are harmless."""

from __future__ import annotations

import html
import itertools
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from sample_document import HOSTILE, hostile_document, sample_document

from sxsh_audit.language.formatting import LANGUAGES, Language
from sxsh_audit.language.text import visible
from sxsh_audit.reports import document as d
from sxsh_audit.reports.web import to_html

VOID = {"meta", "br", "link", "img", "hr", "input"}


class Tree(HTMLParser):
    """Every element with its attributes, and the texts; an element closed wrongly fails."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.said: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: Any) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    def of(self, *tags: str) -> list[dict[str, str | None]]:
        return [attrs for tag, attrs in self.elements if tag in tags]


@pytest.fixture(scope="module", params=[*LANGUAGES, "hostile"])
def page(request: pytest.FixtureRequest) -> str:
    language = request.param
    return to_html(hostile_document() if language == "hostile" else sample_document(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_document_gives_the_same_page(language: Language) -> None:
    assert to_html(sample_document(language)) == to_html(sample_document(language))


def test_elements_are_closed_and_names_stand_once(page: str) -> None:
    tree = Tree(page)
    names = [attrs["id"] for _, attrs in tree.elements if "id" in attrs]
    assert len(names) == len(set(names))
    for _, attrs in tree.elements:
        for name in (attrs.get("aria-labelledby") or "").split():
            assert name in names
        if (link := attrs.get("href") or "").startswith("#"):
            assert link[1:] in names
    assert all(url in names for url in re.findall(r"url\(#([^)]*)\)", page))


def test_nothing_is_loaded_and_nothing_runs(page: str) -> None:
    tree = Tree(page)
    assert not tree.of("script", "link", "img", "iframe", "object", "form", "base")
    for _, attrs in tree.elements:
        assert not any(name.startswith("on") or name == "src" for name in attrs)
        assert (attrs.get("href") or "#").startswith("#")
    assert "default-src 'none'" in page
    assert "@import" not in page


def test_headings_leave_no_level_out(page: str) -> None:
    levels = [int(tag[1]) for tag, _ in Tree(page).elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b <= a + 1 for a, b in itertools.pairwise(levels))


def test_a_person_who_does_not_see_is_told_what_is_where() -> None:
    page = to_html(sample_document())
    tree = Tree(page)
    assert tree.of("html") == [{"lang": "vi"}]
    assert [len(tree.of(tag)) for tag in ("header", "nav", "main", "footer")] == [1, 1, 1, 1]
    assert tree.of("a")[0] == {"class": "skip", "href": "#content"}
    assert len(tree.of("caption")) == len(tree.of("table")) == 3
    assert {attrs.get("scope") for attrs in tree.of("th")} == {"col", "row"}
    assert all(attrs["role"] == "img" for attrs in tree.of("svg"))
    assert "<title id=\"figure-1-title\">Mức tiết kiệm theo tài nguyên</title>" in page
    assert "<desc id=\"figure-1-desc\">Điện giảm 8,3 %, than giảm 4,1 %" in page


def test_numbers_and_captions_are_those_of_the_document() -> None:
    words = " ".join("".join(Tree(to_html(sample_document())).said).split())
    for said in ("3.1. Việc nên làm trước", "Phụ lục A. Số liệu gốc", "A.1. Tài nguyên",
                 "Bảng 3. Số liệu gốc", "Hình 2. Sơ đồ dòng vật chất", "Mục lục",
                 "Nguồn gốc tài liệu", "(ký, ghi rõ họ tên)", "31/12/2014"):
        assert said in words


def test_the_national_line_stands_over_minutes_only() -> None:
    assert "Độc lập - Tự do - Hạnh phúc" in to_html(sample_document("vi", "minutes"))
    assert "Độc lập" not in to_html(sample_document("vi", "report"))


def test_hostile_texts_are_read_and_do_nothing() -> None:
    page = to_html(hostile_document())
    words = "".join(Tree(page).said)
    for text in HOSTILE:
        assert visible(text) in words
    assert not re.search("[\u202a-\u202e\x00-\x09\x0b-\x1f\ud800-\udfff]", page)
    page.encode("utf-8")


def test_empty_blocks_leave_no_empty_element() -> None:
    empty = d.Document("report", "T", "", "en", (d.Bullets(()), d.Facts(()), d.Signatures(())))
    tree = Tree(to_html(empty))
    assert not tree.of("ul", "ol", "dl", "nav", "footer")


def test_a_name_used_twice_or_by_the_page_itself_is_changed() -> None:
    blocks = tuple(d.Heading(1, "A", key) for key in ("content", "a", "a", "table-1", '"><b>', ""))
    tree = Tree(to_html(d.Document("report", "T", "", "en", (d.Contents(), *blocks))))
    assert [attrs["id"] for attrs in tree.of("h2")][1:] == [
        "content-x", "a", "a-x", "table-1", "-b-", "section-6"]


# --- in a browser ------------------------------------------------------------------------------

CASES = {
    "vi": (lambda: sample_document("vi"), ()),
    "en, dark": (lambda: sample_document("en"), ("--blink-settings=preferredColorScheme=0",)),
    "minutes, narrow": (lambda: sample_document("vi", "minutes"), ("--window-size=400,800",)),
    "hostile": (hostile_document, ()),
}


def _axe() -> str:
    pytest.importorskip("axe_core_python", reason="needs axe-core-python, which holds axe-core")
    return resources.files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def check_with_axe(page: str, folder: Path, axe: str, *words: str) -> list[dict[str, Any]]:
    """Return what axe-core finds on a page in headless Chromium."""
    run = (
        "axe.run({runOnly: {type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', "
        "'wcag22aa', 'best-practice']}}).then(found => { const told = document.createElement("
        "'pre'); told.id = 'told'; told.textContent = JSON.stringify({passes: found.passes."
        "length, violations: found.violations.map(one => ({id: one.id, nodes: one.nodes.map("
        "node => node.html.slice(0, 200))}))}); document.body.replaceChildren(told); });"
    )
    free = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
    assert free != page
    path = folder / "page.html"
    script = f"<script>{axe}</script><script>{run}</script></body>"
    path.write_text(free.replace("</body>", script), encoding="utf-8")
    done = subprocess.run(
        [str(shutil.which("chromium")), "--headless", "--no-sandbox", "--disable-gpu",
         f"--user-data-dir={folder / 'profile'}", "--virtual-time-budget=60000", *words,
         "--dump-dom", path.as_uri()],
        capture_output=True, check=True, timeout=240,
    )  # fmt: skip
    told = re.search(r'<pre id="told">(.*?)</pre>', done.stdout.decode("utf-8"), re.S)
    assert told, "axe-core did not answer"
    answer = json.loads(html.unescape(told[1]))
    assert answer["passes"] > 15
    return list(answer["violations"])


@pytest.mark.outside("chromium")
@pytest.mark.parametrize("case", CASES)
def test_axe_core_finds_no_fault(case: str, tmp_path: Path) -> None:
    make, words = CASES[case]
    assert check_with_axe(to_html(make()), tmp_path, _axe(), *words) == []


@pytest.mark.outside("chromium")
def test_axe_core_would_find_a_fault(tmp_path: Path) -> None:
    page = to_html(sample_document()).replace('<html lang="vi">', "<html>")
    page = page.replace("--quiet:#4d4d4d", "--quiet:#c4c4c4")
    faults = {fault["id"] for fault in check_with_axe(page, tmp_path, _axe())}
    assert faults == {"html-has-lang", "color-contrast"}
