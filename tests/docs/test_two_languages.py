"""The English and the Vietnamese version of a page show the same commands and figures.

``page.vi.md`` stands beside ``page.md``. Commands and code are the same but for the language asked
for; figures are the same but for the way in which they are written.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from sxsh_audit import parse_number
from sxsh_audit.errors import NumberError

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted((DOCS / "tutorial").glob("*.md")),
         *sorted((DOCS / "how-to").glob("*.md"))]  # fmt: skip
ENGLISH = [page for page in PAGES if not page.name.endswith(".vi.md")]
PAIRS = [(page, page.with_name(f"{page.stem}.vi.md")) for page in ENGLISH]
NAMES = [page.relative_to(ROOT).as_posix() for page in ENGLISH]
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
BLOCK = re.compile(r"^```(\{?\w*\}?)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def any_language(line: str) -> str:
    """Return a line of code or a command without the language that it asks for."""
    line = re.sub(r"--language (vi|en)", "--language …", line)
    line = re.sub(r"--(out|salt-file) [\w.-]+", r"--\1 …", line)
    line = re.sub(r'--(why|evidence) "[^"]*"', r"--\1 …", line)
    line = re.sub(r"template-filled/(vi|en)/", "template-filled/…/", line)
    line = re.sub(r'(, |\b)language="(vi|en)"', "", line)
    return re.sub(r'(?<=\()"(vi|en)"|(?<=, )"(vi|en)"(?=[,)])', '"…"', line)


def commands(page: Path) -> list[str]:
    """Return the commands and the lines of Python of a page, and the files that it includes."""
    found = []
    for kind, block in BLOCK.findall(text_of(page)):
        lines = block.splitlines()
        if kind == "console":
            found += [any_language(line) for line in lines if line.startswith("$ ")]
        elif kind == "python":
            prompts = [line for line in lines if line.startswith((">>> ", "... "))]
            # Where the explanation of a figure is cut, it is cut at a heading of the language.
            code = prompts if any(line.startswith(">>>") for line in lines) else lines
            found += [re.sub(r'partition\("\w+"\)', "partition(…)", any_language(line))
                      for line in code]  # fmt: skip
    found += re.findall(r"^```\{literalinclude\} (\S+)$", text_of(page), re.MULTILINE)
    return found


def figures(page: Path) -> Counter[float]:
    """Return how often each number stands on a page, however it is written."""
    language = "vi" if page.name.endswith(".vi.md") else "en"
    text = re.sub(r"https?://\S+|\]\([^)]*\)|\{doc\}`[^`]*`|\[\^.*", "", text_of(page))
    # Code, commands and typed values are the same in both; they were compared already.
    text = re.sub(r"^```python\n(?!>>>).*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"^(\$|>>>|\.\.\.) .*$|`[^`\n]+`", "", text, flags=re.MULTILINE)
    for number, month in enumerate(MONTHS, start=1):
        text = re.sub(rf"\b(\d{{1,2}}) {month}[a-z]* (\d{{4}})\b", rf"\1/{number}/\2", text)
        text = re.sub(rf"\b(\d{{1,2}}) {month}[a-z]*\b", rf"\1/{number}", text)
        text = re.sub(rf"\b{month}(?:uary|ch|il|e|y|ust|tember|ober|ember)\b", f"{number}", text)
    found: Counter[float] = Counter()
    for token in re.findall(r"(?<![\w.,])\d[\d.,]*(?<![.,])", text):
        try:
            found[parse_number(token, language)] += 1
        except NumberError:
            found[parse_number(token.replace(",", "."), "en")] += 1
    return found


def test_every_page_has_its_vietnamese_twin_and_no_twin_is_alone() -> None:
    assert len(ENGLISH) > 10
    twins = {page for page in PAGES if page.name.endswith(".vi.md")} | {ROOT / "README.vi.md"}
    assert twins == {twin for _, twin in PAIRS}


@pytest.mark.parametrize("pair", PAIRS, ids=NAMES)
def test_the_two_versions_run_the_same_commands(pair: tuple[Path, Path]) -> None:
    english, vietnamese = pair
    assert commands(vietnamese) == commands(english)


@pytest.mark.parametrize("pair", PAIRS, ids=NAMES)
def test_the_two_versions_show_the_same_figures(pair: tuple[Path, Path]) -> None:
    english, vietnamese = map(figures, pair)
    assert vietnamese - english == Counter()
    assert english - vietnamese == Counter()


@pytest.mark.parametrize("pair", PAIRS, ids=NAMES)
def test_the_two_versions_have_the_same_sections(pair: tuple[Path, Path]) -> None:
    levels = [re.findall(r"^(#+) ", BLOCK.sub("", text_of(page)), re.MULTILINE) for page in pair]
    assert levels[0] == levels[1]


@pytest.mark.parametrize("folder", ["tutorial", "how-to"])
def test_the_lists_of_pages_are_the_same(folder: str) -> None:
    listed = []
    for index in ("index.md", "index.vi.md"):
        tree = text_of(DOCS / folder / index).partition("```{toctree}")[2].partition("```")[0]
        listed.append([name.removesuffix(".vi") for name in tree.split()[2:]])
    assert listed[0] == listed[1] != []


@pytest.mark.parametrize("page", [twin for _, twin in PAIRS], ids=NAMES)
def test_a_vietnamese_page_shows_vietnamese_output(page: Path) -> None:
    told = [line for line in text_of(page).splitlines() if line.startswith("$ ")]
    assert not any("--language en" in line for line in told)
