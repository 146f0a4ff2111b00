"""Labels and names that are data, not sentences, are there in both languages and well written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest

from sxsh_audit.assessment.programmes import programmes
from sxsh_audit.data import load_rows, load_toml
from sxsh_audit.language.text import fold
from sxsh_audit.tables.schema import choice_lists, choice_words
from sxsh_audit.tables.sectors import sectors
from sxsh_audit.tables.settings import SETTING_KEYS
from sxsh_audit.units import factor_sets

# Vietnamese words that carry no mark. A label made of others without a mark has lost them.
UNMARKED = {"than", "cao"}
# Lists whose first word is shown to a Vietnamese reader, with the key behind it for an English one.
SHOWN_CHOICES = (
    "quality", "output_basis", "category", "phase", "price_kind", "tariff_period", "vat",
    "cost_class", "option_status", "must_have", "reading", "error_meaning", "error_kind",
    "yes_no", "ownership", "zone_kind", "size_class", "indicator", "event_kind", "task_status",
    "budget_source", "budget_purpose", "register_setting",
)  # fmt: skip


def labels() -> Iterator[tuple[str, str, str]]:
    """Yield every pair of a Vietnamese and an English label, with its place."""
    tables = {**load_toml("tables.toml"), **load_toml("register_tables.toml")}
    for table, record in tables.items():
        yield table, record.get("vi", ""), record.get("en", "")
        for field, entry in record["fields"].items():
            yield f"{table}.{field}", entry.get("vi", ""), entry.get("en", "")
    for row in load_rows("resources.csv"):
        yield row["resource"], row["label_vi"], row["label_en"]
    for entry in programmes():
        yield entry.id, entry.title("vi"), entry.title("en")
        for phase in entry.phases:
            for sector in phase.sectors:
                yield f"{entry.id}, {sector.sector}", sector.title("vi"), sector.title("en")
        notes = zip(entry.notes("vi"), entry.notes("en"), strict=True)
        yield from ((f"{entry.id}, note", vi, en) for vi, en in notes)
    for kind in sectors().values():
        yield f"sector {kind.id}", kind.label("vi"), kind.label("en")
    for factors in factor_sets():
        yield factors.id, factors.title["vi"], factors.title["en"]
    for words in SHOWN_CHOICES:
        for key, spellings in choice_lists()[words].items():
            yield f"{words}.{key}", spellings[0], key.replace("_", " ")


LABELS = sorted(set(labels()))


def texts(node: Any) -> Iterator[str]:
    """Yield every text of a file of facts, keys and values."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from (key, *texts(value))
    elif isinstance(node, list):
        for value in node:
            yield from texts(value)
    elif isinstance(node, str):
        yield node


def test_there_are_labels() -> None:
    assert len(LABELS) > 150


@pytest.mark.parametrize(("place", "vi", "en"), LABELS, ids=[place for place, _, _ in LABELS])
def test_a_label_is_there_in_both_languages(place: str, vi: str, en: str) -> None:
    for text in (vi, en):
        assert text
        assert text == text.strip()
        assert text == unicodedata.normalize("NFC", text)
    assert vi != en


@pytest.mark.parametrize(("place", "vi", "en"), LABELS, ids=[place for place, _, _ in LABELS])
def test_a_vietnamese_label_carries_its_marks(place: str, vi: str, en: str) -> None:
    words = set(re.findall(r"[a-z]+", vi.lower()))
    assert not vi.isascii() or words <= UNMARKED


@pytest.mark.parametrize("file", [
    "tables.toml", "choices.toml", "register_tables.toml", "register_choices.toml",
    "places/vn-quang-binh.toml", "agencies/vn-qb-2384.toml",
])
def test_headings_and_words_are_composed_unicode(file: str) -> None:
    wrong = [text for text in texts(load_toml(file)) if text != unicodedata.normalize("NFC", text)]
    assert wrong == []


def test_a_choice_is_understood_as_it_is_shown() -> None:
    """The key that an English reader is shown is a word that the column accepts."""
    for words in SHOWN_CHOICES:
        accepted = choice_words(words)
        for key, spellings in choice_lists()[words].items():
            assert accepted[fold(spellings[0])] == key
            assert accepted[key.replace("_", " ")] == key


def test_every_setting_has_a_vietnamese_key() -> None:
    own_tables = {"files", "columns", "spellings"}  # tables of study.toml, not keys with a value
    known = load_toml("choices.toml")["setting"]
    assert sorted(set(SETTING_KEYS) - set(known) - own_tables) == []
    assert all(not words[0].isascii() for words in known.values())
