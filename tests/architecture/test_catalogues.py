"""The two languages say the same things, and every code in the source has its sentence."""

from __future__ import annotations

import ast
import json
import re
import string
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sources import MODULES, PACKAGE, label, tree
from spoken import Follower, handed_to, parents, places

from sxsh_audit.assessment import programme_files
from sxsh_audit.assessment.baselines.candidates import REASONS
from sxsh_audit.assessment.baselines.comparing import SOURCES
from sxsh_audit.assessment.flows.inventory import GROUPS
from sxsh_audit.assessment.flows.layers import NAMED
from sxsh_audit.assessment.fuel_factors import MISSING
from sxsh_audit.assessment.investment.sifting import CRITERIA
from sxsh_audit.assessment.programme_files import ANCHORS, BASES, CATEGORIES, OVERALL_RULES
from sxsh_audit.assessment.programmes import programmes
from sxsh_audit.assessment.province import candidate_criteria as choosing
from sxsh_audit.assessment.province import comparable
from sxsh_audit.assessment.province.candidates import KINDS as CHOICES
from sxsh_audit.assessment.province.candidates import LEFT
from sxsh_audit.assessment.province.counting import GROUPINGS
from sxsh_audit.assessment.province.saved import SCOPES
from sxsh_audit.assessment.province.tasks import PERIODS
from sxsh_audit.calc.abatement import AbatementClass
from sxsh_audit.calc.adjusted_savings import VARIANTS
from sxsh_audit.calc.balance import ClosureStatus
from sxsh_audit.calc.bands import Status
from sxsh_audit.calc.baseline import KINDS
from sxsh_audit.calc.claims import ClaimAgreement
from sxsh_audit.calc.emissions import RECP_INDICATORS, LimitStatus
from sxsh_audit.calc.observability import FlowKind
from sxsh_audit.calc.payback import PaybackClass
from sxsh_audit.calc.screening import Decision
from sxsh_audit.calc.target_probability import TargetDecision
from sxsh_audit.data import load_rows, load_toml
from sxsh_audit.findings import SEVERITIES
from sxsh_audit.forms.workbook import GUIDE_LINES
from sxsh_audit.tables.register import REGISTER_COLUMNS
from sxsh_audit.tables.schema import TABLES, choice_keys
from sxsh_audit.tables.study import PHASES
from sxsh_audit.units.factors import WITHHELD

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
WITH_FIX = {code[:-4] for code in CODES if code.endswith(".fix") and code.count(".") == 2}


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


def test_percentages_in_sentences_are_written_as_in_figures() -> None:
    """A space before % in Vietnamese, none in English, as format_percent writes."""
    wrong = {"vi": r"[0-9}]%", "en": r"[0-9}] %"}
    found = [(code, text) for language, pattern in wrong.items()
             for code, text in SENTENCES[language].items() if re.search(pattern, text)]  # fmt: skip
    assert found == []


def is_code(text: str, handed_to: str) -> bool:
    """Whether a text reads as a code of a known topic and not as the name of a file."""
    topic, _, name = text.partition(".")
    if not CODE.fullmatch(text) or topic not in TOPICS:
        return False
    return name not in FILE_ENDINGS or handed_to in {"Finding", "report"}


def constants(beginning: str) -> tuple[str, ...]:
    """Return the texts in the source that begin so and are no names of functions."""
    texts = {node.value for path in MODULES for node in ast.walk(tree(path))
             if isinstance(node, ast.Constant) and isinstance(node.value, str)}  # fmt: skip
    functions = {node.name for path in MODULES for node in ast.walk(tree(path))
                 if isinstance(node, ast.FunctionDef)}  # fmt: skip
    found = {text for text in texts - functions if re.fullmatch(rf"{beginning}[a-z_]+", text)}
    return tuple(sorted(found))


def test_no_number_of_a_sentence_is_named_as_an_argument_of_the_speaker() -> None:
    """`sentence(code, language, part, **numbers)` could not be called with such a number."""
    taken = {"code", "language", "part"}
    found = {(code, name) for language in LANGUAGES for code, text in SENTENCES[language].items()
             for _, name, _, _ in string.Formatter().parse(text) if name in taken}  # fmt: skip
    assert found == set()


# What a placeholder such as ``{phase:w}`` can hold, by its name.
WORDS = {
    "phase": PHASES, "name": PHASES, "rule": OVERALL_RULES, "table": ("production", "consumption"),
    "kind": (*constants("content_"), *KINDS), "reasons": REASONS,
    "what": [word for word in constants("limit_") if word != "limit_source"],  # a column
    "layer": [f"layer_{name}" for name in (*NAMED, "other")], "when": PHASES,
    "why": [f"fuel_{word}" for word in MISSING],
}  # fmt: skip


def placeholders_with(sign: str) -> list[str]:
    """Return the names of all placeholders of the sentences with this format."""
    every = (text for language in LANGUAGES for text in SENTENCES[language].values())
    return sorted({
        str(name)
        for text in every
        for _, name, spec, _ in string.Formatter().parse(text)
        if spec == sign
    })  # fmt: skip


def schema_words(field: str) -> frozenset[str]:
    """Return the words that the published JSON schema allows in a field."""
    found: set[str] = set()

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if "enum" in node.get(field, {}):
                found.update(word for word in node[field]["enum"] if isinstance(word, str))
            for inner in node.values():
                walk(inner)
        elif isinstance(node, list):
            for inner in node:
                walk(inner)

    walk(json.loads((PACKAGE / "data/schema/assessment-1.schema.json").read_text("utf-8")))
    return frozenset(found)


def column(file: str, name: str) -> frozenset[str]:
    """Return the texts of a column of a file of facts."""
    return frozenset(row[name] for row in load_rows(file) if row[name])


def each(head: str, words: Iterable[str]) -> frozenset[str]:
    return frozenset(head + word for word in words)


SHAPES = [value for name, value in vars(programme_files).items()
          if re.fullmatch(r"_[A-Z_]+", name) and isinstance(value, dict)]  # fmt: skip
UNITS = column("units.csv", "symbol") | column("dimensions.csv", "canonical")
SETTINGS: tuple[str, ...] = tuple(load_toml("template.toml")["settings"]["keys"])
# Fields of a table in a template, months and totals; a field of one table may have its own help.
FIELDS = {
    table: {field for fields in load_toml("template.toml")[table].values()
            if isinstance(fields, list) for field in fields}
    for table in TABLES
}  # fmt: skip
OWN_HELP = frozenset(
    f"template.help_{table}_{field}" for table in TABLES for field in FIELDS[table]
    if f"template.help_{table}_{field}" in CODES
)
BY_CODE = "cli.fix_"  # cli.fix_number_two_readings is the command's fix of number.two_readings

# What the data can put into the braces of an f-string, where the source alone does not tell:
# (module, expression) → its values, from where they are defined.
FROM_DATA: dict[tuple[str, str], frozenset[str]] = {
    ("assessment/baselines/wording.py", "word"): frozenset(set(TargetDecision) - {"unknown"}),
    ("assessment/baselines/wording.py", "source"): frozenset(SOURCES),
    ("assessment/baselines/wording.py", "top['source']"): frozenset(SOURCES),
    ("assessment/baselines/wording.py", "kind"): frozenset(KINDS),
    ("assessment/baselines/wording.py", "entry['code']"): frozenset(REASONS),
    ("assessment/baselines/wording.py", "row['why']"): frozenset({"rule", "asked", "given"}),
    ("assessment/baselines/explained.py", "row['errors_from']"): frozenset({"stated", "quality"}),
    ("assessment/baselines/explained.py", "row['adjust_to']"): frozenset(VARIANTS),
    ("assessment/baselines/views.py", "f'changes_{method}'"): frozenset(
        {"changes_by_product", "changes_equivalence"}
    ),
    ("assessment/baselines/views.py", "f\"agreement_{row['agreement']}\""): each(
        "agreement_", ClaimAgreement
    ),
    ("assessment/explain.py", "row['price_source']"): schema_words("price_source"),
    ("assessment/explain.py", "f'result.rule_{rule}'"): each("result.rule_", OVERALL_RULES),
    ("assessment/explain.py", "f'formula_{rule}'"): each("formula_", OVERALL_RULES),
    ("assessment/flows/drawn.py", "phase"): frozenset(PHASES),
    ("assessment/flows/emission_views.py", "row['phase']"): frozenset(PHASES),
    ("assessment/flows/emission_views.py", "f\"group_{row['group']}\""): each("group_", GROUPS),
    ("assessment/flows/emission_views.py", "f'group_{group}'"): each("group_", GROUPS),
    ("assessment/flows/emission_views.py", "f\"limit_{row['status']}\""): each(
        "limit_", LimitStatus
    ),
    ("assessment/flows/emission_views.py", "f\"indicator_{row['indicator']}\""): each(
        "indicator_", RECP_INDICATORS
    ),
    ("assessment/flows/emission_views.py", "f\"need_{row['need']}\""): each(
        "need_", schema_words("need")
    ),
    ("assessment/flows/explained.py", "part['origin_kind']"): schema_words("origin_kind"),
    ("assessment/flows/flow_sheet.py", "self.phase"): frozenset(PHASES),
    ("assessment/flows/views.py", "row['phase']"): frozenset(PHASES),
    ("assessment/flows/views.py", "layer"): frozenset(NAMED),
    ("assessment/flows/views.py", "f\"status_{row['status']}\""): each(
        "status_", set(ClosureStatus) - {"one_sided", "empty"}  # of which nothing is told
    ),
    ("assessment/flows/views.py", "f\"cause_{row['cause']}\""): each(
        "cause_", choice_keys("cause")
    ),
    ("assessment/flows/views.py", "f\"known_{row['known_by']}\""): each("known_", FlowKind),
    ("assessment/flows/views.py", "f\"basis_{row['basis']}\""): each(
        "basis_", schema_words("basis")
    ),
    ("assessment/investment/drawn.py", "row['input']"): schema_words("input"),
    ("assessment/investment/views_sets.py", "row['rule']"): frozenset(OVERALL_RULES),
    ("assessment/investment/views_sets.py", "f\"by_{row['by']}\""): each("by_", schema_words("by")),
    ("assessment/investment/views_economics.py", "f\"method_{factor['method']}\""): each(
        "method_", column("emissions.csv", "method") | {"own"}
    ),
    ("assessment/investment/views_economics.py", "f'abatement_{kind}'"): each(
        "abatement_", set(AbatementClass) - {"costs"}
    ),
    ("assessment/investment/views_plan.py", "f'score_{name}'"): each("score_", CRITERIA),
    ("assessment/investment/views_plan.py", "f'score_{effect.criterion}'"): each(
        "score_", CRITERIA
    ),
    ("assessment/investment/views_plan.py", "f\"decision_{row['decision']}\""): each(
        "decision_", Decision
    ),
    ("assessment/investment/views_plan.py", "f\"status_{row['status'] or ''}\""): each(
        "status_", ["", *choice_keys("option_status")]
    ),
    ("assessment/programme_files.py", "kind.__name__"): frozenset(
        kind.__name__ for shape in SHAPES for kind in shape.values()
    ),
    ("cli/store_commands.py", "f'cli.store_label_{name}'"): each(
        "cli.store_label_", (*REGISTER_COLUMNS, "settings", "consents", "studies")
    ),
    ("assessment/province/activity_views.py", "f'by_{grouping}'"): each("by_", GROUPINGS),
    ("assessment/province/activity_views.py", "f\"cap_{row['status']}\""): each(
        "cap_", ("within", "over", "unknown")
    ),
    ("assessment/province/activity_views.py", "f'period_{scope}'"): each("period_", PERIODS),
    ("assessment/province/activity_views.py", "f\"period_{row['scope']}\""): each(
        "period_", PERIODS
    ),
    ("assessment/province/activity_views.py", "f\"paid_by_{row['paid_by']}\""): each(
        "paid_by_", ("state", "all")
    ),
    ("assessment/province/activity_views.py", "f\"estimate_{row['method']}\""): each(
        "estimate_", ("by_days", "stated")
    ),
    ("assessment/province/activity_views.py", "f'figure_{figure}'"): each(
        "figure_", ("events", "people", "officers", "spent")
    ),
    ("assessment/province/benchmark_views.py", "item.severity"): frozenset(SEVERITIES),
    ("assessment/province/benchmark_views.py", "row['source']"): frozenset(comparable.SOURCES),
    ("assessment/province/benchmark_views.py", "row['reason']"): frozenset(comparable.REASONS),
    ("assessment/province/candidate_views.py", "row['reason']"): frozenset(LEFT),
    ("assessment/province/candidate_views.py", "name"): frozenset(
        choosing.CRITERIA["demonstration"]
    ),
    ("assessment/province/candidate_views.py", "fact"): frozenset(choosing.PROVED),
    ("assessment/province/candidate_views.py", "settings['kind']"): frozenset(CHOICES),
    ("assessment/province/candidate_views.py", "row['criterion']"): frozenset(
        choosing.CRITERIA["demonstration"]
    ),
    ("assessment/province/candidate_views.py", "f'benchmark.out_{reason}'"): each(
        "benchmark.out_", comparable.REASONS
    ),
    ("assessment/province/candidate_views.py", "f'unknown_{reason}'"): each(
        "unknown_", choosing.UNKNOWN
    ),
    ("assessment/province/candidate_views.py", "kind"): frozenset(choosing.TOLD),
    ("assessment/province/candidates.py", "row['reason']"): frozenset(LEFT),
    ("assessment/province/candidates.py", "each.name"): frozenset(
        choosing.CRITERIA["demonstration"]
    ),
    ("assessment/province/progress_views.py", "f\"base_{row['denominator']}\""): each(
        "base_", {entry.denominator for item in programmes() for entry in item.indicators}
    ),
    ("assessment/province/progress_views.py", "f\"scope_{row['scope']}\""): each(
        "scope_", SCOPES
    ),
    ("assessment/shown.py", "row['cost_class']"): frozenset(choice_keys("cost_class")),
    ("assessment/views.py", "row['rule']"): frozenset(OVERALL_RULES),
    ("assessment/views.py", "row['group']"): frozenset(CATEGORIES),
    ("assessment/views.py", "f'group_{name}'"): each("group_", CATEGORIES),
    ("assessment/views.py", "item.severity"): frozenset(SEVERITIES),
    ("assessment/views.py", "f'programme.{key}_{settings[key]}'"): (
        each("programme.basis_", BASES) | each("programme.anchor_", ANCHORS)
        | {"programme.edges_closed"}
    ),
    ("cli/commands.py", "item.severity"): frozenset(SEVERITIES),
    ("cli/commands.py", "f'result.group_{name}'"): each("result.group_", CATEGORIES),
    ("cli/commands.py", "item.overall_rule"): frozenset(OVERALL_RULES),
    ("cli/commands.py", "f\"cli.fix_{error.code.replace('.', '_')}\""): each(
        BY_CODE, (code.replace(".", "_") for code in WITH_FIX)
    ),
    ("display/unit_text.py", "match.group()"): UNITS,
    ("display/wording.py", "currency"): frozenset({"VND"}),
    ("display/wording.py", "f'display.status_{name}'"): each(
        "display.status_", [*Status, "reached"]
    ),
    ("display/wording.py", "f'display.payback_{name}'"): each(
        "display.payback_", set(PaybackClass) - {"years"}
    ),
    ("display/wording.py", "quality"): frozenset(choice_keys("quality")),
    ("forms/layout.py", "f'template.help_{table}_{name}'"): OWN_HELP,
    ("forms/layout.py", "f'template.help_{name}'"): each("template.help_", (
        field for table in TABLES for field in FIELDS[table]
        if f"template.help_{table}_{field}" not in OWN_HELP
    )),
    ("forms/marking_places.py", "severity"): frozenset(SEVERITIES),
    ("forms/layout.py", "table"): frozenset(TABLES),
    ("forms/paper.py", "phase"): frozenset(PHASES),
    ("forms/workbook.py", "f'guide_{line}'"): each("guide_", map(str, range(1, GUIDE_LINES + 1))),
    ("forms/workbook.py", "f'setting_label_{key}'"): each("setting_label_", SETTINGS),
    ("forms/workbook.py", "f'setting_{key}'"): each("setting_", SETTINGS),
    ("language/messages.py", "dimension"): column("dimensions.csv", "dimension"),
    ("language/messages.py", "match.group()"): UNITS,
    ("scale/views.py", "row['name']"): frozenset(CATEGORIES),
    ("scale/views.py", "f\"all_{row['measure']}\""): each("all_", ("money", "energy")),
    ("language/messages.py", "place.cell"): frozenset(PHASES),
    ("language/messages.py", "value"): frozenset().union(
        *(WORDS.get(name, ()) for name in placeholders_with("w"))
    ),
    ("language/numbers.py", "f'not_{locale}'"): each("not_", LANGUAGES),
    ("reports/chapters/first_steps.py", "source"): frozenset(SOURCES),
    ("units/conversion.py", "row.withheld"): frozenset(WITHHELD),
}  # fmt: skip


class Heard(NamedTuple):
    """What following the source has found."""

    by_place: dict[str, frozenset[str]]
    lost: list[str]
    unasked: list[tuple[str, str]]


@pytest.fixture(scope="module")
def heard() -> Heard:
    """Follow every code of the source to the sentences that it can speak."""
    follower = Follower(FROM_DATA)
    by_place: dict[str, frozenset[str]] = {}
    lost = []
    for path, node in places(TOPICS, is_code):
        values = follower.values(path, node)
        place = f"{label(path)}:{node.lineno} {ast.unparse(node)}"
        if values is None:
            lost.append(place)
        else:
            by_place[place] = values
    return Heard(by_place, lost, sorted(set(FROM_DATA) - follower.asked))


def names(language: str) -> set[str]:
    """Return the codes of all sentences, without the parts of a finding."""
    return {".".join(code.split(".")[:2]) for code in SENTENCES[language]}


def test_what_a_word_in_a_sentence_can_be_is_known() -> None:
    assert placeholders_with("w") == sorted(set(placeholders_with("w")) & set(WORDS))


def test_every_code_in_the_source_can_be_followed(heard: Heard) -> None:
    """A code made of what nobody can follow: say in FROM_DATA where its values are defined."""
    assert heard.lost == []
    assert heard.unasked == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_in_the_source_has_a_sentence(language: str, heard: Heard) -> None:
    known = names(language)
    # The source asks first whether there is one: a unit that needs no word, a fix of Python
    # that is right for the command too, a currency written by its code.
    asked_first = ("unit_names.", BY_CODE)
    missing = {
        place: sorted(code for code in codes - known if not code.startswith(asked_first))
        for place, codes in heard.by_place.items()
    }
    assert {place: codes for place, codes in missing.items() if codes} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_there_that_no_code_speaks(language: str, heard: Heard) -> None:
    spoken = frozenset().union(*heard.by_place.values())
    assert sorted(names(language) - spoken) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_finding_has_text_fix_and_perhaps_one_and_nothing_else(language: str) -> None:
    parts = {code for code in SENTENCES[language] if code.count(".") > 1}
    assert {code.split(".", 2)[2] for code in parts} == {"text", "fix", "one"}
    for code in parts:
        if code.endswith(".one"):  # spoken where count is 1
            shown = placeholders(SENTENCES[language][code[:-3] + "text"], language)
            assert "count" in {name for name, _ in shown}


def text_only(path: Path, node: ast.AST) -> bool:
    """Whether a code is handed to a function that speaks its text and not its fix."""
    over = parents(path).get(node)
    return handed_to(over, node) in {"sentence", "say"} and not any(
        isinstance(over, ast.Call) and keyword.arg == "part" for keyword in over.keywords
    )  # fmt: skip


def test_no_fix_is_there_that_nobody_speaks() -> None:
    follower = Follower(FROM_DATA)
    with_fix: set[str] = set()
    for path, node in places(TOPICS, is_code):
        if not text_only(path, node):
            with_fix |= follower.values(path, node) or set()
    assert sorted(WITH_FIX - with_fix) == []
