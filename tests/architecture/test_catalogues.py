"""The two languages say the same things, and every code in the source has its sentence."""

from __future__ import annotations

import ast
import re
import string
import tomllib
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest
from sources import MODULES, PACKAGE, label, tree

MESSAGES = PACKAGE / "data" / "messages"
LANGUAGES = ("vi", "en")
TOPICS = sorted(path.stem for path in MESSAGES.glob("*/*.toml"))
CODE = re.compile(r"[a-z_]+\.[a-z0-9_]+")
FILE_ENDINGS = ("csv", "toml", "json", "txt", "md", "py", "xlsx", "html", "svg", "png")


def sentences(language: str) -> dict[str, str]:
    """Return every sentence of `language` by ``topic.name`` or ``topic.name.part``."""

    def walk(prefix: str, table: dict[str, Any]) -> Iterator[tuple[str, str]]:
        for key, value in table.items():
            if isinstance(value, dict):
                yield from walk(f"{prefix}.{key}", value)
            else:
                yield f"{prefix}.{key}", value

    found: dict[str, str] = {}
    for path in sorted((MESSAGES / language).glob("*.toml")):
        found |= dict(walk(path.stem, tomllib.loads(path.read_text(encoding="utf-8"))))
    return found


def placeholders(text: str, language: str) -> set[tuple[str, str]]:
    """Return the placeholders of a sentence with their formats.

    A finding may carry one name in both languages, as ``vi`` and ``en``: each sentence shows
    its own.
    """
    return {
        ("own language" if name == language else name, spec or "")
        for _, name, spec, _ in string.Formatter().parse(text)
        if name
    }


SENTENCES = {language: sentences(language) for language in LANGUAGES}
CODES = sorted({code for language in LANGUAGES for code in SENTENCES[language]})


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated(language: str) -> None:
    assert [code for code in CODES if code not in SENTENCES[language]] == []


@pytest.mark.parametrize("code", CODES)
def test_both_languages_show_the_same_numbers(code: str) -> None:
    vi, en = (placeholders(SENTENCES[key].get(code, ""), key) for key in LANGUAGES)
    assert vi == en


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_composed_unicode_with_no_stray_space(language: str) -> None:
    wrong = [
        code
        for code, text in SENTENCES[language].items()
        if not text.strip()
        or text != unicodedata.normalize("NFC", text)
        or text != text.strip(" ")  # a line break at the end is meant: an underline stands above
    ]
    assert wrong == []


def test_vietnamese_sentences_carry_their_marks() -> None:
    bare = [
        code
        for code, text in SENTENCES["vi"].items()
        if len(re.findall(r"[^\W\d_]+", re.sub(r"\{.*?\}", "", text))) > 4 and text.isascii()
    ]
    assert bare == []


def codes_in_source() -> list[tuple[str, str]]:
    """Return each text in the source that reads as a code of a known topic, with its place."""
    found = []
    for path in MODULES:
        if path.parent == PACKAGE:  # the door names modules the same way
            continue
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
                continue
            topic, _, name = node.value.partition(".")
            if CODE.fullmatch(node.value) and topic in TOPICS and name not in FILE_ENDINGS:
                found.append((f"{label(path)}:{node.lineno}", node.value))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_in_the_source_has_a_sentence(language: str) -> None:
    known = {".".join(code.split(".")[:2]) for code in SENTENCES[language]}

    def spoken(code: str) -> bool:
        if code.endswith("_"):  # the fixed beginning of f"topic.name_{kind}"
            return any(name.startswith(code) for name in known)
        return code in known

    assert [place for place in codes_in_source() if not spoken(place[1])] == []
