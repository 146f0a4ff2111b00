"""Names of the glossary are in the code, terms have a source, sentences use the terms."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from sxsh_audit.data import load_toml
from sxsh_audit.language.messages import sentence
from sxsh_audit.tables.schema import known_resources

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "sxsh_audit"
HEAD = ["Vietnamese", "English", "Symbol", "Unit", "Identifier", "Source"]
OURS = "ours"

# What a Vietnamese text may not say, and the term of the glossary that is meant.
WRONG_WORDS = {
    "giá trị hiện tại dòng": "giá trị hiện tại ròng",
    "suất tiêu thụ": "suất tiêu hao",
    "mức tiêu hao riêng": "suất tiêu hao",
    "cường độ năng lượng": "suất tiêu hao",
    "số liệu cơ sở": "số liệu nền",
    "số liệu gốc": "số liệu nền",
    "kỳ gốc": "kỳ nền",
    "kỳ cơ sở": "kỳ nền",
    "năm cơ sở": "kỳ nền",
    "kỳ so sánh": "kỳ báo cáo",
    "kỳ đánh giá": "kỳ báo cáo",
    "phương án": "giải pháp SXSH",
    "biện pháp": "giải pháp SXSH",
    "thu hồi vốn": "thời gian hoàn vốn giản đơn",
    "hoàn vốn đơn giản": "thời gian hoàn vốn giản đơn",
    "hệ số chuyển đổi": "hệ số quy đổi năng lượng ra TOE",
    "chưa đủ số liệu để đối chiếu": "chưa đủ dữ liệu",
    "không đạt mục tiêu": "chưa đạt",
    "vượt mục tiêu": "đạt, vượt khoảng",
    "ước lượng": "ước tính",
    "sản xuất sạch sẽ hơn": "sản xuất sạch hơn (SXSH)",
}
# Of an actual figure the word for a norm may not be used: only sentences about published norms do.
NORM = "định mức"
ABOUT_NORMS = ("plausible.", "candidates.", "site.sector", "site.norm", "site.no_norms")


class Term(NamedTuple):
    vietnamese: list[str]
    english: list[str]
    identifiers: list[str]
    source: str


def tables() -> Iterator[tuple[list[str], list[list[str]]]]:
    """Yield the head and the rows of every table of the glossary."""
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    for block in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        rows = [[cell.strip() for cell in line.strip("|").split("|")]
                for line in block.splitlines()]  # fmt: skip
        yield rows[0], rows[2:]


ROWS = [row for head, rows in tables() if head == HEAD for row in rows]
SOURCES = {row[0]: row[1] for head, rows in tables() if head == ["Key", "Source"] for row in rows}
TERMS = [
    Term(row[0].split(" · "), row[1].split(" · "), re.findall(r"`(\w+)`", row[4]), row[5])
    for row in ROWS
]


def names() -> dict[str, list[Term]]:
    found: dict[str, list[Term]] = {}
    for term in TERMS:
        for name in term.identifiers:
            found.setdefault(name, []).append(term)
    return found


def test_every_table_has_the_same_columns() -> None:
    assert [head for head, _ in tables() if head not in (HEAD, ["Key", "Source"])] == []
    assert len(TERMS) > 70
    assert all(len(row) == len(HEAD) and all(row) for row in ROWS)


def test_glossary_names_are_names_of_the_code() -> None:
    text = "\n".join(
        path.read_text(encoding="utf-8")
        for path in sorted(PACKAGE.rglob("*"))
        if path.suffix in {".py", ".toml", ".csv"}
    )
    words = set(re.findall(r"[A-Za-z_]+", text))
    assert len(names()) > 40
    assert [name for name in names() if name not in words] == []


def test_every_term_has_a_source_that_is_listed_and_every_listed_source_is_used() -> None:
    used = {term.source for term in TERMS}
    assert used <= set(SOURCES)
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    notes = set(re.findall(r"\(?(\[[^\]]+\])\)", text))
    assert set(SOURCES) <= used | notes
    for key, told in SOURCES.items():
        is_document = re.search(r"(Quyết định|Thông tư|Công văn|Nghị định) \d+", told)
        assert is_document or "](http" in told or key in {OURS, "[met]"}, key


# identifier → (what the library says in Vietnamese, in English): the glossary has the same words.
SAID: dict[str, tuple[str, str]] = {}
for _name in ("worse", "below", "within", "above", "unknown", "not_counted"):
    SAID[_name] = (sentence(f"display.status_{_name}", "vi"),
                   sentence(f"display.status_{_name}", "en"))  # fmt: skip
for _name in ("measured", "billed", "estimated", "nameplate"):
    SAID[_name] = (sentence(f"display.quality_{_name}", "vi"),
                   sentence(f"display.quality_{_name}", "en"))  # fmt: skip
for _name in ("immediate", "never"):
    SAID[_name] = (sentence(f"display.payback_{_name}", "vi"),
                   sentence(f"display.payback_{_name}", "en"))  # fmt: skip
for _name in ("none", "low", "medium", "high"):
    SAID[_name] = (sentence(f"result.cost_{_name}", "vi"), sentence(f"result.cost_{_name}", "en"))
for _name in ("purchased_energy", "fuel", "raw_material", "other_material", "water"):
    SAID[_name] = (sentence(f"result.group_{_name}", "vi"),
                   sentence(f"result.group_{_name}", "en"))  # fmt: skip
for _name in ("electricity", "coal", "diesel", "fuel_oil"):
    SAID[_name] = (known_resources()[_name].label("vi"), known_resources()[_name].label("en"))
for _list in ("output_basis", "tariff_period"):
    for _name, _words in load_toml("choices.toml")[_list].items():
        SAID[_name] = (_words[0], _name.replace("_", " "))
for _name in ("baseline", "reporting"):
    SAID[_name] = (sentence(f"words.{_name}", "vi"), sentence(f"words.{_name}", "en"))


@pytest.mark.parametrize("name", SAID)
def test_the_library_says_what_the_glossary_says(name: str) -> None:
    vietnamese, english = (text.lower() for text in SAID[name])
    terms = names()[name]
    assert any(vietnamese in [word.lower() for word in term.vietnamese] for term in terms)
    told = [re.sub(r" \(.*?\)| hours", "", word.lower()) for term in terms for word in term.english]
    assert english in [word.replace("off-peak", "off peak") for word in told]


def test_statuses_of_an_option_are_said_as_in_the_glossary() -> None:
    (term,) = (term for term in TERMS if "in_progress" in term.identifiers)
    words = load_toml("choices.toml")["option_status"]
    assert term.identifiers == list(words)
    assert term.vietnamese == [spellings[0] for spellings in words.values()]


def vietnamese_texts() -> Iterator[tuple[str, str]]:
    """Yield every Vietnamese text that a reader sees, with its place."""
    for path in sorted((PACKAGE / "data" / "messages" / "vi").glob("*.toml")):
        for key, entry in tomllib.loads(path.read_text(encoding="utf-8")).items():
            for part in entry.values() if isinstance(entry, dict) else [entry]:
                yield f"{path.stem}.{key}", part
    for table, record in load_toml("tables.toml").items():
        yield table, record["vi"]
        for field, entry in record["fields"].items():
            yield f"{table}.{field}", entry["vi"]
    pages = [ROOT / "README.vi.md", *(ROOT / "docs").rglob("*.vi.md")]
    for page in pages:
        if "_build" not in page.parts:
            yield page.name, page.read_text(encoding="utf-8")


@pytest.mark.parametrize(("wrong", "right"), WRONG_WORDS.items(), ids=list(WRONG_WORDS))
def test_vietnamese_texts_use_the_terms_of_the_glossary(wrong: str, right: str) -> None:
    assert right in {word for term in TERMS for word in term.vietnamese}
    pattern = re.compile(rf"(?<!\w){wrong}(?!\w)", re.IGNORECASE)
    assert [place for place, text in vietnamese_texts() if pattern.search(text)] == []


def test_no_sentence_calls_an_actual_figure_a_norm() -> None:
    texts = [(place, text) for place, text in vietnamese_texts() if not place.endswith(".md")]
    assert len(texts) > 500
    told = [(place, text) for place, text in texts if NORM in text.lower()]
    assert [place for place, _ in told if not place.startswith(ABOUT_NORMS)] == []
    actual = re.compile(f"{NORM} (thực tế|nền|trước|sau|kỳ|của cơ sở|của nhà máy)")
    assert [place for place, text in told if actual.search(text.lower())] == []
