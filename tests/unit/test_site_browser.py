"""The site in headless Chromium: what a reader does, by mouse, keyboard and ear, and no request."""

from __future__ import annotations

import functools
import http.server
import shutil
import threading
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from small_province import PROGRAMME, province, studies

from sxsh_audit.reports.site import cases
from sxsh_audit.reports.site.publishing import publish

playwright = pytest.importorskip("playwright.sync_api", reason="needs Playwright")
pytest.importorskip("axe_core_python", reason="needs axe-core-python, which holds axe-core")
pytest.importorskip("jinja2", reason="needs Jinja2, the extra «web»")

pytestmark = pytest.mark.outside("chromium")

CASE = "case-xuong-duc-sao-xanh.html"
KINDS = ("index.html", "cases.html", CASE, "options.html", "sectors.html", "sector-paper.html",
         "downloads.html", "search.html", "about.html")  # fmt: skip
AXE = resources.files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8")
RUN = """() => axe.run({runOnly: {type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa',
'wcag22aa', 'best-practice']}}).then(found => [found.passes.length, found.violations.map(
one => [one.id, one.nodes.map(node => node.html.slice(0, 200))])])"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cases, "CASE_CHARTS", ("savings", "payback_ladder"))
        folder = tmp_path_factory.mktemp("browser") / "web"
        codes = folder.parent / "codes.csv"
        codes.write_text("code,name,status,cost,saving\n" + "2.7142,Light,I,10,20\n" * 12)
        return publish(province(), folder, programme=PROGRAMME, year=2014, options=codes,
                       assessments=studies())  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as running:
        found = running.chromium.launch(executable_path=shutil.which("chromium"),
                                        args=["--no-sandbox"])  # fmt: skip
        yield found
        found.close()


class Reader:
    """A page with what the console said and what was asked of the network."""

    def __init__(self, browser: Any, root: str, **settings: Any) -> None:
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 800},
                                              **settings})  # fmt: skip
        self.page = self.context.new_page()
        self.root, self.told, self.asked = root, [], []  # type: ignore[var-annotated]
        self.page.on("console", lambda message: self.told.append(message.text))
        self.page.on("pageerror", lambda error: self.told.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))

    def go(self, name: str) -> Any:
        self.page.goto(f"{self.root}/{name}")
        return self.page

    def close(self) -> None:
        self.context.close()
        assert self.told == []
        assert [url for url in self.asked if not url.startswith(self.root)] == []


@pytest.fixture
def reader(browser: Any, site: Path) -> Iterator[Reader]:
    found = Reader(browser, site.as_uri())
    yield found
    found.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_axe_core_finds_no_fault_and_no_page_is_too_wide(
    browser: Any, site: Path, language: str, scheme: str
) -> None:
    reader = Reader(browser, site.as_uri(), color_scheme=scheme)
    for name in ("index.html", *(f"{language}/{kind}" for kind in KINDS)):
        page = reader.go(name)
        page.evaluate(AXE)
        passes, faults = page.evaluate(RUN)
        assert faults == [], name
        assert passes > 10
        page.set_viewport_size({"width": 320, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth") == 320, name
        page.set_viewport_size({"width": 1280, "height": 800})
    reader.close()


def test_axe_core_would_find_a_fault(reader: Reader) -> None:
    page = reader.go("vi/cases.html")
    page.evaluate("document.querySelector('label').remove()")
    page.evaluate(AXE)
    assert [one for one, _ in page.evaluate(RUN)[1]] == ["label"]


def test_the_policy_is_obeyed_and_would_stop_what_is_foreign(reader: Reader) -> None:
    page, refused = reader.go("vi/index.html"), []
    page.on("requestfailed", lambda request: refused.append(request.failure))
    page.evaluate("""() => { const one = document.createElement('script');
        one.textContent = 'window.broken = 1'; document.body.append(one);
        const two = document.createElement('img'); two.src = 'https://example.org/x.png';
        document.body.append(two); }""")
    page.wait_for_timeout(100)
    assert page.evaluate("window.broken") is None
    assert len(reader.told) == 2  # both refused
    assert all("Content Security Policy" in text for text in reader.told)
    assert refused == ["csp"]  # before anything was sent
    reader.told.clear()
    reader.asked.clear()


def test_a_chart_keeps_its_colours_without_style_attributes(reader: Reader) -> None:
    page = reader.go(f"vi/{CASE}")
    fills = page.evaluate("""() => [...new Set([...document.querySelectorAll('figure svg path')]
        .map(one => getComputedStyle(one).fill))]""")
    assert len(fills) > 2


def shown(page: Any) -> list[str]:
    return list(page.locator("[data-item]:visible h3").all_inner_texts())


def test_the_list_of_cases_is_filtered_by_words_without_marks(reader: Reader) -> None:
    page = reader.go("vi/cases.html")
    assert len(shown(page)) == 2
    page.get_by_label("Có các từ").fill("xuong DUC")
    assert shown(page) == ["Xưởng đúc Sao Xanh"]
    assert page.locator("[data-count]").inner_text() == "Đang hiện 1 trong 2"
    page.get_by_label("Có các từ").fill("không có cơ sở này")
    assert shown(page) == []
    assert page.locator("[data-count]").inner_text() == "Không có mục nào phù hợp."
    page.get_by_role("button", name="Xóa lọc").click()
    # Not wait_for_function: where it has to wait it evaluates a text, which the policy forbids.
    playwright.expect(page.locator("[data-item]:not([hidden])")).to_have_count(2)


def test_the_other_language_opens_with_the_same_choice(reader: Reader) -> None:
    page = reader.go("vi/cases.html")
    page.get_by_label("Ngành").select_option("foundry")
    page.get_by_role("link", name="English").click()
    page.wait_for_url("**/en/cases.html**")  # with its script, which makes the choice
    assert page.get_by_label("Sector").input_value() == "foundry"
    assert shown(page) == ["Xưởng đúc Sao Xanh"]
    assert page.evaluate("document.documentElement.lang") == "en"


def test_options_are_filtered_by_payback_and_resource(reader: Reader) -> None:
    page = reader.go("en/options.html")
    everything = len(shown(page))
    page.get_by_label("Payback", exact=True).select_option("under_1")
    some = shown(page)
    assert 0 < len(some) < everything
    for text in page.locator("[data-item]:visible").all_inner_texts():
        assert "months" in text or "days" in text
    page.get_by_label("Payback", exact=True).select_option("")
    page.get_by_label("Resource", exact=True).select_option(label="Electricity")
    assert 0 < len(shown(page)) < everything
    for text in page.locator("[data-item]:visible").all_inner_texts():
        assert "Electricity" in text


def test_search_finds_pages_by_words_without_marks(reader: Reader) -> None:
    page = reader.go("vi/search.html")
    page.get_by_label("Từ cần tìm").fill("sao xanh")
    first = page.locator("[data-found] a").first
    assert first.inner_text() == "Xưởng đúc Sao Xanh"
    page.get_by_label("Từ cần tìm").fill("xyz không có")
    assert page.locator("[data-found] a").count() == 0
    assert "Không tìm thấy" in page.locator("[data-told]").inner_text()
    page.get_by_label("Từ cần tìm").fill("giấy")
    titles = page.locator("[data-found] a").all_inner_texts()
    assert "Giấy" in titles[:2]


def test_a_search_can_be_sent_as_an_address(reader: Reader) -> None:
    page = reader.go("en/search.html#q=foundry")
    assert page.get_by_label("Words to look for").input_value() == "foundry"
    assert "Foundry" in page.locator("[data-found] a").all_inner_texts()


def test_everything_is_reached_by_the_keyboard_alone(reader: Reader) -> None:
    page = reader.go("vi/index.html")

    def focused() -> str:
        return str(page.evaluate("document.activeElement.textContent.trim()"))

    page.keyboard.press("Tab")
    assert focused() == "Đến nội dung chính"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page = reader.go("vi/about.html")  # a reload would begin below the menu, at #content
    for _ in range(12):
        page.keyboard.press("Tab")
        if focused() == "Tìm kiếm":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "q":
            break
    page.keyboard.type("sao xanh")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{CASE}")
    assert page.locator("h1").inner_text() == "Xưởng đúc Sao Xanh"


def test_without_javascript_every_case_can_be_read(browser: Any, site: Path) -> None:
    reader = Reader(browser, site.as_uri(), java_script_enabled=False)
    page = reader.go("vi/cases.html")
    assert page.locator("[data-item]").count() == 2
    assert not page.locator("form.filter").is_visible()
    page.get_by_role("link", name="Xưởng đúc Sao Xanh").click()
    assert page.locator("h1").inner_text() == "Xưởng đúc Sao Xanh"
    reader.close()


def test_the_same_from_a_web_server(browser: Any, site: Path) -> None:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

    handler = functools.partial(Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        reader = Reader(browser, f"http://127.0.0.1:{server.server_port}")
        page = reader.go("index.html")
        page.get_by_role("link", name="Tiếng Việt").click()
        page.get_by_role("link", name="Tìm kiếm").click()
        page.get_by_label("Từ cần tìm").fill("sao xanh")
        page.get_by_role("link", name="Xưởng đúc Sao Xanh").click()
        page.wait_for_url(f"**/{CASE}")
        reader.close()
        server.shutdown()


def test_on_paper_there_is_no_menu_and_every_table_is_whole(reader: Reader) -> None:
    page = reader.go("vi/cases.html")
    page.emulate_media(media="print")
    assert not page.locator("nav.main").is_visible()
    assert not page.locator("form.filter").is_visible()
    assert page.locator("[data-item]").first.is_visible()
