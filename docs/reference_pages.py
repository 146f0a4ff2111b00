"""Write the parts of the reference that repeat data files, so that they cannot disagree with them.

``conf.py`` calls :func:`write_pages` before each build. Every part goes to
``docs/reference/generated`` (not kept in the repository); a page of the reference includes it.
"""

from __future__ import annotations

import inspect
import json
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from unittest import mock

from sxsh_audit.assessment.programmes import Programme, programmes
from sxsh_audit.cli.arguments import build_parser
from sxsh_audit.data import load_rows, load_toml, open_fact
from sxsh_audit.display.wording import band_text
from sxsh_audit.language.messages import sentence
from sxsh_audit.tables.schema import TABLES, Field, table_spec
from sxsh_audit.tables.settings import StudySettings
from sxsh_audit.units import Factor, factor_sets

DOCS = Path(__file__).resolve().parent
FOLDER = DOCS / "reference" / "generated"
CHARTS = DOCS / "tutorial" / "generated"
EXAMPLES = DOCS.parent / "examples"
TUTORIALS = {"first-assessment": "roasting", "paper-mill": "giay-bao-goi"}
"""The example of each tutorial, which has a page in English and one in Vietnamese."""
EXPLAINED = DOCS / "explanation" / "generated"
FLOWS = DOCS / "how-to" / "generated"
MISLED = {"fit": "coal_cam_5_6", "expected": "electricity", "residuals": "electricity",
          "cusum": "electricity", "waterfall": "electricity"}  # fmt: skip
"""Charts of the page on ratios that mislead, with the resource that each one is drawn of."""

SCHEMA = "schema/assessment-1.schema.json"
CODE_TOPICS = (
    "number", "period", "unit", "convert", "factors", "file", "settings", "table", "study",
    "assess", "plausible", "calc", "programme", "ranges", "option_risk", "emission",
    "baseline", "bills", "uncertainty", "flow_tables", "flow", "balance", "mfca", "fuel",
    "emissions",
)  # fmt: skip

KINDS = {
    "text": "text",
    "key": "a key of your own",
    "resource": "key or name of a resource",
    "resource_factor": "key of the resource whose factor applies",
    "option": "key of an option",
    "product": "key of a product",
    "facility": "key of a plant",
    "step": "step of the plant, or the outside",
    "flow": "id or name of a flow",
    "number": "number, with or without its unit",
    "percent": "fraction or percentage, such as `60 %` or `0.6`",
    "years": "years, such as `7.5`, or an amount of time such as `90 tháng`",
    "money": "amount of money, with or without its unit",
    "period": "period such as `03/2014`, `Quý I/2014`, `2014`",
    "date": "date such as `31/12/2014`",
    "phase": "baseline or reporting",
    "unit": "unit",
    "price_unit": "money per unit, such as `đồng/kWh`",
    "money_unit": "currency, also scaled, such as `triệu đồng`",
    "choice": "one of a list",
}


def cell(text: object) -> str:
    """Return a text that does not break a Markdown table."""
    return " ".join(str(text).split()).replace("|", "\\|")


def code(text: object) -> str:
    """Return a text in code letters that does not break a Markdown table."""
    return f"`{cell(text)}`" if str(text) else ""


def grid(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """Return the lines of a Markdown table."""
    lines = [f"| {' | '.join(headings)} |", f"|{'---|' * len(headings)}"]
    return [*lines, *(f"| {' | '.join(str(entry) for entry in row)} |" for row in rows), ""]


# -- tables and settings -----------------------------------------------------------------------


def tables() -> list[str]:
    """Return the tables of a study with their columns."""
    lines: list[str] = []
    for name in TABLES:
        spec = table_spec(name)
        other = cell(" · ".join(dict.fromkeys(spec.names)))
        lines += [f"({name}-table)=", f"### `{name}`: {spec.vi} · {spec.en}", "",
                  f"File or sheet names: {other}", ""]  # fmt: skip
        lines += grid(
            ("Column", "Tiếng Việt", "English", "Holds", "Also read"),
            ((code(field.name), cell(field.vi), cell(field.en), holds(field),
              cell(" · ".join(field.also))) for field in spec.fields.values()),
        )  # fmt: skip
    return lines


def holds(field: Field) -> str:
    """Say what the cells of a column hold and what is a fault."""
    text = KINDS[field.kind]
    if field.choices:
        text = f"one of [{field.choices}](#choice-{field.choices.replace('_', '-')})"
    rules = [
        "**required**" if field.required else "",
        "> 0" if field.positive else "≥ 0" if field.negative == "error" else "",
    ]
    return "; ".join([text, *filter(None, rules)])


LAYOUT = ("sheet", "setting", "column", "row")
"""Lists of words that are no choices of a column."""


def choices() -> list[str]:
    """Return the words of the choice columns."""
    lines: list[str] = []
    for name, words in load_toml("choices.toml").items():
        if name in LAYOUT:
            continue
        lines += [f"(choice-{name.replace('_', '-')})=", f"### {name}", ""]
        rows = ((code(key), cell(" · ".join(also))) for key, also in words.items())
        lines += grid(("Stored as", "Also read"), rows)
    return lines


def layout() -> list[str]:
    """Return the words by which a row or a column is known to hold no records."""
    words = load_toml("choices.toml")
    return [
        f"- A row is a **total** by: {cell(' · '.join(words['row']['total']))}.",
        f"- A column is a **running number** by: {cell(' · '.join(words['column']['counter']))}.",
        f"- A sheet holds the **settings** by: {cell(' · '.join(words['sheet']['settings']))}.",
        "",
    ]


def settings() -> list[str]:
    """Return the keys of study.toml with their meaning from the docstring."""
    rows = []
    vietnamese = load_toml("choices.toml")["setting"]
    for key, (kind, text) in parameters(inspect.getdoc(StudySettings) or "").items():
        usual = StudySettings.__dataclass_fields__[key].default
        default = code(usual) if isinstance(usual, str) and usual else "–"
        meaning = cell(re.sub(r"`+", "`", text))
        also = cell(" · ".join(vietnamese.get(key, ()))) or "–"
        rows.append((code(key), also, cell(kind), meaning, default))
    return grid(("Key", "Tiếng Việt", "Type", "Meaning", "Default"), rows)


def parameters(text: str) -> dict[str, tuple[str, str]]:
    """Return names → (type, description) of the Parameters section of a numpydoc docstring."""
    section = re.search(r"^Parameters\n-+\n(.*?)(?=^\S[^\n]*\n-{3,}$|\Z)", text, re.M | re.S)
    body = section[1] if section else ""
    entries = re.findall(r"^(\S[^\n]*?) : ([^\n]*)\n((?:[ ]+[^\n]*\n?|\n)*)", body, re.M)
    return {names: (kind, " ".join(told.split())) for names, kind, told in entries}


def resources() -> list[str]:
    """Return the shipped resources."""
    rows = (
        (code(row["resource"]), code(row["category"]), cell(row["label_vi"]),
         cell(row["label_en"]), " · ".join(filter(None, row["aliases"].split("|"))))
        for row in load_rows("resources.csv")
    )  # fmt: skip
    return grid(("Key", "Category", "Tiếng Việt", "English", "Also read"), rows)


def units() -> list[str]:
    """Return every unit with its size and the spellings that are read."""
    spelt: dict[str, list[str]] = {}
    for row in load_rows("spellings.csv"):
        power = f"10^{row['power']} " if row["power"] else ""
        words = [text.strip() for text in row["spellings"].split(" | ") if text.strip()]
        spelt.setdefault(row["unit"], []).extend(
            f"{cell(word)}{' = ' + power + row['unit'] if power else ''}" for word in words
        )
    rows = []
    for row in load_rows("units.csv"):
        size = f"{row['value']} {row['of']}".strip() if row["of"] else "–"
        named = cell(sentence(f"dimension.{row['dimension']}", "en"))
        rows.append((code(row["symbol"]), named, size, " · ".join(spelt.get(row["symbol"], []))))
    lines = grid(("Unit", "Measures", "1 unit =", "Read as"), rows)
    lines += ["(refused-spellings)=", "### Refused: more than one meaning in use", ""]
    refused = (
        (code(row["spelling"]), ", ".join(code(m.strip()) for m in row["meanings"].split(" | ")),
         cell(row["source"]))
        for row in load_rows("ambiguous_spellings.csv")
    )  # fmt: skip
    return lines + grid(("Spelling", "Meanings", "Seen"), refused)


# -- programmes and factors --------------------------------------------------------------------


def programme_pages() -> list[str]:
    """Return every programme: phases, bands, what counts, notes, source."""
    lines: list[str] = []
    for item in programmes():
        lines += [f"({item.id})=", f"## {code(item.id)}", "", f"**{item.title_vi}**  ",
                  item.title_en, ""]  # fmt: skip
        groups = ", ".join(sentence(f"result.group_{name}", "en") for name in item.counted)
        rows = [
            ("Document", cell(item.legal_ref)), ("Issued by", cell(item.authority)),
            ("Counted", groups), ("Basis", code(item.basis)),
            ("Overall rule (ours)", code(item.overall_rule)), ("Anchor", code(item.anchor)),
            ("Edges", code(item.edges)),
            ("Source", " · ".join(f"<{part.strip()}>" if part.strip().startswith("http")
                                  else cell(linked(part)) for part in item.source.split(" ; "))),
            ("Confidence", code(item.confidence)),
        ]  # fmt: skip
        lines += grid(("", ""), rows) + phase_lines(item)
        lines += [f"- {note}" for note in item.notes_en] + [""]
    return lines


def linked(text: str) -> str:
    """Return a text whose addresses are links."""
    return re.sub(r"(https?://\S+)", r"<\1>", text.strip())


def phase_lines(item: Programme) -> list[str]:
    """Return the bands and the other indicators of a programme."""
    bands = []
    for phase in item.phases:
        label = phase.label("en")
        if phase.low is not None:
            bands.append((label, "", band_text(phase.low, phase.high, "en"), cell(phase.wording)))
        bands += [(label, f"{s.title_vi} · {s.title_en} ({code(s.sector)})",
                   band_text(s.low, s.high, "en"), "") for s in phase.sectors]  # fmt: skip
    lines = grid(("Phase", "Sector", "Target", "Wording"), bands)
    if item.indicators:
        lines += grid(
            ("Phase", "Other indicator", "Target", "Of"),
            ((one.phase, code(one.kind), band_text(one.low, one.high, "en"),
              code(one.denominator)) for one in item.indicators),
        )  # fmt: skip
    return lines


def factor_pages() -> list[str]:
    """Return every factor set with its rows, withheld ones with their reason."""
    lines: list[str] = []
    for found in factor_sets():
        lines += [f"({found.id})=", f"## {code(found.id)}", "", f"**{found.title['vi']}**  ",
                  found.title["en"], "", f"Source: {found.source} ({found.year}).", ""]  # fmt: skip
        lines += grid(("Resource", "From", "To", "Value", "Used", "Note"),
                      (factor_row(row) for row in found.factors))  # fmt: skip
    return lines


def factor_row(row: Factor) -> tuple[str, ...]:
    """Return one factor as the cells of a table."""
    used = f"withheld: {code(row.withheld)}" if row.withheld else "yes"
    return (code(row.resource), code(row.from_unit.text), code(row.to_unit.text), row.text, used,
            cell(row.note.get("en", "")))  # fmt: skip


def emission_pages() -> list[str]:
    """Return the grid factors by year."""
    rows = (
        (row["year"], row["value"], code(row["unit"]), code(row["method"]),
         f"withheld: {code(row['withheld'])}" if row["withheld"] else "yes",
         row["confidence"], cell(linked(row["source"])))
        for row in load_rows("emissions.csv")
    )  # fmt: skip
    return grid(("Year", "Value", "Unit", "Method", "Used", "Confidence", "Source"), rows)


def fuel_pages() -> list[str]:
    """Return the shipped CO₂ factors of fuels."""
    rows = (
        (code(row["fuel"]), ", ".join(code(key) for key in row["resource"].split("|") if key),
         row["co2"], row["ncv"] or "–", row["biogenic"] or "–", row["confidence"],
         cell(linked(row["source"])))
        for row in load_rows("fuel_emissions.csv")
    )  # fmt: skip
    return grid(("Fuel", "Resources", "kg CO₂/TJ", "GJ/t", "Biogenic", "Confidence", "Source"),
                rows)  # fmt: skip


def warming_pages() -> list[str]:
    """Return the shipped global warming potentials, and what the blends are made of."""
    rows = (
        (code(row["gas"]), cell(" · ".join(row["aliases"].split("|"))), row["AR4"], row["AR5"],
         row["AR6"], row["confidence"], cell(linked(row["source"])))
        for row in load_rows("gwp.csv")
    )  # fmt: skip
    lines = grid(("Gas", "Also read", "AR4", "AR5", "AR6", "Confidence", "Source"), rows)
    blends: dict[str, list[str]] = {}
    for row in load_rows("refrigerant_blends.csv"):
        blends.setdefault(row["blend"], []).append(f"{row['gas']} {float(row['fraction']):.4g}")
    return lines + grid(("Blend", "Parts of its mass"),
                        ((code(name), cell(", ".join(parts))) for name, parts in blends.items()))


# -- command, messages, JSON -------------------------------------------------------------------


def command_line() -> list[str]:
    """Return the help of every command."""
    lines: list[str] = []

    def told(parser: Any, name: str) -> None:
        lines.extend([f"### `{name}`", "", "```text", parser.format_help().rstrip(), "```", ""])
        below = parser._subparsers._group_actions[0].choices if parser._subparsers else {}
        for word, one in below.items():
            told(one, f"{name} {word}")

    with mock.patch.dict(os.environ, {"COLUMNS": "88"}):
        told(build_parser("en"), "sxsh-audit")
    return lines


def messages() -> list[str]:
    """Return every code with its sentence in both languages."""
    lines: list[str] = []
    for topic in CODE_TOPICS:
        told = {lang: load_toml(f"messages/{lang}/{topic}.toml") for lang in ("vi", "en")}
        keys = [key for key, entry in told["en"].items() if isinstance(entry, Mapping)]
        if not keys:
            continue
        lines += [f"## {topic}", ""]
        rows = []
        for key in keys:
            vi, en = (" ".join(told[lang][key].get(part, "") for part in ("text", "fix"))
                      for lang in ("vi", "en"))  # fmt: skip
            rows.append((code(f"{topic}.{key}"), quoted(vi), quoted(en)))
        lines += grid(("Code", "Tiếng Việt", "English"), rows)
    return lines


def quoted(text: str) -> str:
    """Return a sentence as it stands, with nothing in it read as Markdown."""
    return re.sub(r"([`*_\[\]<>{}$\\])", r"\\\1", cell(text).replace("\\|", "|")).replace(
        "|", "\\|")  # fmt: skip


def json_records() -> list[str]:
    """Return the records of the published schema, field by field."""
    schema = json.loads(open_fact(SCHEMA).read_text(encoding="utf-8"))
    lines: list[str] = []
    for name, record in schema["$defs"].items():
        if "properties" not in record:
            continue
        lines += [f"({anchor(name)})=", f"## {name}", "", record.get("description", ""), ""]
        rows = ((code(key), json_type(entry, schema), cell(description(entry, schema)))
                for key, entry in record["properties"].items())  # fmt: skip
        lines += grid(("Field", "Type", "Meaning"), rows)
    return lines


def anchor(name: str) -> str:
    """Return the name of the place where a record of the schema is told."""
    return f"json-{name.replace('_', '-')}"


def description(entry: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """Return the description of a field, its own or that of its definition."""
    if "description" in entry:
        return str(entry["description"])
    name = entry.get("$ref", "").rpartition("/")[2]
    return str(schema["$defs"][name].get("description", "")) if name else ""


def json_type(entry: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """Return the type of a field in a few words."""
    if "$ref" in entry:
        name = entry["$ref"].rpartition("/")[2]
        found = schema["$defs"][name]
        if "properties" not in found:
            return json_type(found, schema)
        return f"[{name}](#{anchor(name)})"
    if "const" in entry:
        return code(json.dumps(entry["const"]))
    if "enum" in entry:
        return ", ".join(code(json.dumps(value)) for value in entry["enum"])
    if "anyOf" in entry:
        return " or ".join(json_type(one, schema) for one in entry["anyOf"])
    if entry.get("type") == "array":
        return f"list of {json_type(entry['items'], schema)}"
    if entry.get("type") == "object" and "properties" in entry:
        return f"object ({', '.join(map(code, entry['properties']))})"
    kind = entry.get("type", "any")
    return " or ".join(kind) if isinstance(kind, list) else str(kind)


PARTS: dict[str, Callable[[], list[str]]] = {
    "tables": tables,
    "choices": choices,
    "layout": layout,
    "settings": settings,
    "resources": resources,
    "units": units,
    "programmes": programme_pages,
    "factor-sets": factor_pages,
    "emissions": emission_pages,
    "fuel-emissions": fuel_pages,
    "warming-potentials": warming_pages,
    "command-line": command_line,
    "messages": messages,
    "json": json_records,
}


def write_charts(folder: Path = CHARTS) -> list[Path]:
    """Draw the charts of the tutorials: ``savings-paper-mill-vi.png`` and so on."""
    import sxsh_audit as sx

    draw: dict[str, Callable[..., Any]] = {
        "savings": sx.charts.savings,
        "specific_consumption": sx.charts.specific_consumption,
        "payback_ladder": sx.charts.payback_ladder,
    }
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for page, example in TUTORIALS.items():
        result = sx.assess(sx.read_study(EXAMPLES / example))
        for name, make in draw.items():
            for language in ("vi", "en"):
                chart = make(result, language=language)
                written.append(sx.charts.save(chart, folder / f"{name}-{page}-{language}.png"))
    return written


def write_explained(folder: Path = EXPLAINED) -> list[Path]:
    """Draw the charts of the page on ratios that mislead: ``fit-coal-en.png`` and so on."""
    import sxsh_audit as sx

    folder.mkdir(parents=True, exist_ok=True)
    result = sx.assess(sx.read_study(EXAMPLES / "det-nhuom"))
    written = []
    for name, resource in MISLED.items():
        chart = getattr(sx.charts, name)(result, language="en", resource=resource)
        short = resource.partition("_")[0]
        written.append(sx.charts.save(chart, folder / f"{name}-{short}-en.png"))
    return written


def write_flows(folder: Path = FLOWS) -> list[Path]:
    """Draw the charts of the page on losses: ``sankey-vi.png`` and so on."""
    import sxsh_audit as sx

    draw: dict[str, Callable[..., Any]] = {
        "sankey": sx.charts.sankey, "pareto": sx.charts.loss_pareto,
        "loss-waterfall": sx.charts.loss_waterfall,
    }  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    result = sx.assess(sx.read_study(EXAMPLES / "tinh-bot-san"))
    return [sx.charts.save(make(result, language=language), folder / f"{name}-{language}.png")
            for name, make in draw.items() for language in ("vi", "en")]  # fmt: skip


def write_pages(folder: Path = FOLDER) -> list[Path]:
    """Write every part into `folder`; a part that did not change keeps its time."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, part in PARTS.items():
        path, text = folder / f"{name}.md", "\n".join(part()) + "\n"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
        written.append(path)
    return written
