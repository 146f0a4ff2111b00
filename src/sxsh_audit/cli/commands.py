"""The commands: read, call the one public function, show."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sxsh_audit import __version__
from sxsh_audit.cli.main import BLOCKED, DONE, print_json, told, write
from sxsh_audit.cli.progress import waiting
from sxsh_audit.data import load_rows
from sxsh_audit.display.table import Column, Table
from sxsh_audit.display.terminal import print_table
from sxsh_audit.display.wording import band_text
from sxsh_audit.errors import NumberError, Refusal, StudyError, UnitError
from sxsh_audit.language.formatting import Language, format_number
from sxsh_audit.language.messages import (
    finding_sentences,
    has_message,
    refusal_sentence,
    sentence,
)
from sxsh_audit.language.text import shown

if TYPE_CHECKING:
    from sxsh_audit.assessment.programmes import Programme
    from sxsh_audit.findings import Finding

__all__ = ["assess", "check", "finding_table", "programme", "template", "units"]

SCHEMA = {"schema_version": "1", "version": __version__}


def assess(options: argparse.Namespace, language: Language) -> int:
    """``sxsh-audit assess PATH``: :func:`sxsh_audit.assess` of :func:`sxsh_audit.read_study`."""
    from sxsh_audit.assessment.assess import assess as run
    from sxsh_audit.assessment.views import tables_of
    from sxsh_audit.tables.reading import read_study

    if options.out and Path(options.out).exists() and not Path(options.out).is_dir():
        numbers = {"path": options.out}
        raise Refusal(refusal_sentence("cli.out_is_file", numbers, language),
                      code="cli.out_is_file", **numbers)  # fmt: skip
    with waiting(sentence("cli.reading", language)):
        try:
            study = read_study(options.path, language=language)
        except StudyError as error:
            _refuse_what_is_no_study(error.findings, language)
            raise
    with waiting(sentence("cli.assessing", language)):
        result = run(study, programme=options.programme, phase=options.phase,
                     sector=options.sector, overall=options.overall,
                     factor_set=options.factor_set, baseline=options.baseline,
                     confidence=options.confidence, discount_rate=options.discount_rate,
                     inflation=options.inflation, horizon=options.horizon,
                     budget=options.budget, reach=options.reach, best_by=options.best_by,
                     seed=options.seed, language=language)  # fmt: skip
    written: Sequence[Path] = ()
    if options.out:
        from sxsh_audit.cli.output import chart_note, write_results

        with waiting(sentence("cli.writing", language)):
            written = write_results(result, Path(options.out), language,
                                    overwrite=options.overwrite)  # fmt: skip
    if options.json:
        print_json(result.to_dict())
        return DONE
    for table in tables_of(result, language):
        print_table(table)
    if written:
        columns = (Column("file", sentence("cli.written", language)),)
        note = chart_note(result, language)
        print_table(Table("", columns, tuple((str(path),) for path in written),
                          (note,) if note else ()))  # fmt: skip
    return DONE


def _refuse_what_is_no_study(findings: Sequence[Finding], language: Language) -> None:
    """Refuse a path to a file that is no study: that is wrong use, not a fault in records."""
    for item in findings:
        if item.code == "file.not_a_study":
            text = refusal_sentence(item.code, item.numbers, language)
            raise Refusal(text, code=item.code, **item.numbers)


def check(options: argparse.Namespace, language: Language) -> int:
    """``sxsh-audit check PATH``: all that :func:`sxsh_audit.assess` would find or refuse."""
    marking = options.mark is not None
    if marking:
        from sxsh_audit.forms.marking import check_target
        from sxsh_audit.tables.folding import fold_alike

        copy = check_target(options.path, options.mark or None, language,
                            overwrite=options.overwrite)  # fmt: skip
    findings = _all_findings(Path(options.path), language, fold=not marking)
    marked: Path | None = None
    if marking:
        marked = _mark(options, copy, findings, language)
        findings = fold_alike(findings)
    blocked = any(item.severity == "error" for item in findings)
    if options.json:
        print_json({
            **SCHEMA, "kind": "check", "blocked": blocked,
            "findings": [told(item, language) for item in findings],
            **({"marked": None if marked is None else str(marked)} if marking else {}),
        })  # fmt: skip
    else:
        errors = sum(item.severity == "error" for item in findings)
        others = len(findings) - errors
        write(sentence("cli.checked", language, errors=errors, others=others))
        if findings:
            print_table(finding_table(findings, language))
        if marking:
            write(sentence("mark.written", language, path=str(marked)) if marked
                  else sentence("mark.not_written", language))  # fmt: skip
    return BLOCKED if blocked else DONE


def _mark(
    options: argparse.Namespace, copy: Path, findings: Sequence[Finding], language: Language
) -> Path | None:
    """Write the marked copy; nothing where the workbook cannot be opened, as a finding says."""
    from sxsh_audit.forms.marking import cannot_be_opened, mark_findings

    source = Path(options.path)
    if source.is_file() and cannot_be_opened(source, findings) is not None:
        return None
    with waiting(sentence("mark.writing", language)):
        return mark_findings(source, copy, findings=findings, language=language,
                             overwrite=options.overwrite)  # fmt: skip


def _all_findings(
    path: Path, language: Language, *, fold: bool = True
) -> Sequence[Finding]:
    """Return everything that is found in a study; a path to no study is refused."""
    from sxsh_audit.assessment.checking import all_findings

    with waiting(sentence("cli.reading", language)):
        findings = all_findings(path, language, fold=fold)
    _refuse_what_is_no_study(findings, language)
    return findings


def finding_table(findings: Sequence[Finding], language: Language) -> Table:
    """Return findings as a table, the gravest first."""
    def say(code: str) -> str:
        return sentence(f"result.{code}", language)

    columns = (
        Column("severity", say("severity")), Column("place", say("place")),
        Column("value", sentence("cli.value", language)), Column("rule", say("finding")),
        Column("fix", say("fix")),
    )  # fmt: skip
    rows = []
    for item in sorted(findings, key=lambda f: ("error", "warning", "note").index(f.severity)):
        rule, fix = finding_sentences(item, language)
        place = item.place
        named = (place.file, place.sheet, place.facility, place.cell)
        where = [shown(text) for text in named if text]
        if place.resource:
            where.append(sentence("cli.resource", language, resource=shown(place.resource)))
        if place.row and not place.cell:
            where.append(sentence("words.row", language, row=place.row))
        if place.column:
            where.append(sentence("words.column", language, column=shown(place.column)))
        rows.append((say(f"severity_{item.severity}"), ", ".join(where), shown(item.value), rule,
                     fix))  # fmt: skip
    return Table("", columns, tuple(rows))


def template(options: argparse.Namespace, language: Language) -> int:
    """``sxsh-audit template OUT``: :func:`sxsh_audit.write_template`."""
    from sxsh_audit.forms.template import write_template

    # «Than cám loại 5, 6» has a comma of its own, so a semicolon parts the names as well.
    resources = [word.strip() for word in re.split(r";|,(?! ?\d)", options.resources)]
    with waiting(sentence("cli.writing", language)):
        path = write_template(
            options.out, language=language, months=options.months, sector=options.sector,
            resources=[word for word in resources if word], baseline=options.baseline,
            reporting=options.reporting, tariff_periods=options.tariff_periods,
            overwrite=options.overwrite,
        )  # fmt: skip
    if options.json:
        print_json({**SCHEMA, "kind": "template", "file": str(path)})
    else:
        write(sentence("cli.template_written", language, file=str(path)))
    return DONE


def programme(options: argparse.Namespace, language: Language) -> int:
    """``sxsh-audit programme list`` and ``show``."""
    from sxsh_audit.assessment.programmes import programme as find
    from sxsh_audit.assessment.programmes import programmes

    if options.action == "show":
        found = find(options.id, language=language)
        if options.json:
            print_json({**SCHEMA, "kind": "programme", "programme": _programme_record(found)})
        else:
            for table in _programme_tables(found, language):
                print_table(table)
        return DONE
    listed = programmes()
    if options.json:
        print_json({**SCHEMA, "kind": "programmes",
                    "programmes": [_programme_record(item) for item in listed]})  # fmt: skip
        return DONE
    columns = (
        Column("id", "ID"), Column("title", sentence("result.programme", language)),
        Column("phases", sentence("result.target", language)),
    )  # fmt: skip
    rows = tuple(
        (item.id, getattr(item, f"title_{language}"), "\n".join(_phase_lines(item, language)))
        for item in listed
    )
    print_table(Table(sentence("cli.list", language), columns, rows))
    return DONE


def _phase_lines(item: Programme, language: Language) -> list[str]:
    lines = []
    for phase in item.phases:
        label = phase.label(language)
        if phase.low is not None:
            lines.append(f"{label}: {band_text(phase.low, phase.high, language)}")
        lines += [
            f"{label}, {entry.sector}: {band_text(entry.low, entry.high, language)}"
            for entry in phase.sectors
        ]
    return lines


def _programme_record(item: Programme) -> dict[str, Any]:
    def date(day: Any) -> str | None:
        return None if day is None else day.isoformat()

    return {
        "id": item.id, "title_vi": item.title_vi, "title_en": item.title_en,
        "legal_ref": item.legal_ref, "authority": item.authority,
        "counted": list(item.counted), "basis": item.basis, "overall_rule": item.overall_rule,
        "anchor": item.anchor, "edges": item.edges, "source": item.source,
        "confidence": item.confidence,
        "supports": [
            {"of": cap.of, "share": cap.share, "most": cap.most, "currency": cap.currency,
             "legal_ref": cap.legal_ref, "source": cap.source, "wording": cap.wording}
            for cap in item.supports
        ],
        "phases": [
            {
                "id": phase.id, "start": date(phase.start), "end": date(phase.end),
                "low": phase.low, "high": phase.high,
                "sectors": [
                    {"sector": entry.sector, "low": entry.low, "high": entry.high}
                    for entry in phase.sectors
                ],
            }
            for phase in item.phases
        ],
    }  # fmt: skip


def _programme_tables(item: Programme, language: Language) -> list[Table]:
    def say(code: str) -> str:
        return sentence(f"cli.{code}", language)

    groups = ", ".join(sentence(f"result.group_{name}", language) for name in item.counted)
    rows = [
        ("ID", item.id), (say("legal_ref"), item.legal_ref), (say("authority"), item.authority),
        (sentence("result.target", language), "\n".join(_phase_lines(item, language))),
        (say("counted"), groups),
        (sentence("result.rule", language),
         sentence(f"programme.rule_{item.overall_rule}", language)),
        (say("source"), f"{item.source} [{item.confidence}]"),
    ]  # fmt: skip
    rows += [(say("support"), f"{cap.wording} ({cap.legal_ref})") for cap in item.supports]
    rows += [(say("note") if i == 0 else "", text)
             for i, text in enumerate(getattr(item, f"notes_{language}"))]  # fmt: skip
    columns = (Column("what", ""), Column("value", ""))
    return [Table(getattr(item, f"title_{language}"), columns, tuple(rows))]


def _list_units(options: argparse.Namespace, language: Language) -> int:
    """List every unit with its spellings."""
    spellings: dict[str, list[str]] = {}
    for row in load_rows("spellings.csv"):
        if row["power"] in ("", "0"):
            spellings.setdefault(row["unit"], []).extend(row["spellings"].split(" | "))
    known = [
        {"unit": row["symbol"], "dimension": row["dimension"],
         "spellings": spellings.get(row["symbol"], [])}
        for row in load_rows("units.csv")
    ]  # fmt: skip
    if options.json:
        print_json({**SCHEMA, "kind": "units", "units": known})
        return DONE
    columns = (
        Column("unit", sentence("cli.unit_unit", language)),
        Column("dimension", sentence("cli.unit_dimension", language)),
        Column("spellings", sentence("cli.unit_spellings", language)),
    )
    rows = tuple(
        (str(item["unit"]), sentence("cli.dimension", language, dimension=item["dimension"]),
         " · ".join(item["spellings"]))
        for item in known
    )  # fmt: skip
    print_table(Table("", columns, rows))
    return DONE


def units(options: argparse.Namespace, language: Language) -> int:
    """``sxsh-audit units [TEXT]``: how a text is read; without one, the units that are known."""
    if options.text is None:
        return _list_units(options, language)
    try:
        return _tell_unit(options, language)
    except Refusal as error:
        # The library's fix is a word of Python; here it is an option of the command.
        fix = f"cli.fix_{error.code.replace('.', '_')}"
        if not has_message(fix, language):
            raise
        text = sentence(error.code, language, **error.numbers)
        told = f"{text} {sentence(fix, language)}"
        raise type(error)(told, code=error.code, **error.numbers) from None


def _tell_unit(options: argparse.Namespace, language: Language) -> int:
    from sxsh_audit.tables.schema import plain_word, resource_words
    from sxsh_audit.units import convert, parse_quantity, parse_unit

    resource = options.resource
    if resource:
        resource = resource_words().get(plain_word(resource), resource)
    value: float | None = None
    try:
        unit = parse_unit(options.text, language=language)
    except UnitError as first:
        if not any(letter.isdigit() for letter in options.text):
            raise
        try:
            value, unit = parse_quantity(options.text, options.locale, language=language)
        except (NumberError, UnitError) as second:
            raise (second if isinstance(second, NumberError) else first) from None
    record: dict[str, Any] = {
        "text": options.text, "value": value, "unit": unit.symbol, "canonical": unit.canonical,
        "factor": float(unit.factor), "dimension": unit.dimension,
        "qualifiers": list(unit.qualifiers),
    }  # fmt: skip
    if options.to:
        target = parse_unit(options.to, language=language)
        record["converted"] = float(convert(
            1.0 if value is None else value, unit.symbol, target.symbol, options.factor_set,
            resource=resource, language=language))  # fmt: skip
        record["converted_unit"] = target.symbol
    if options.json:
        print_json({**SCHEMA, "kind": "unit", **record})
        return DONE

    def say(code: str) -> str:
        return sentence(f"cli.{code}", language)

    def figure(number: float) -> str:
        return format_number(number, language, digits=12)

    rows = []
    if value is not None:
        rows.append((say("unit_value"), figure(value)))
    dimension = sentence("cli.dimension", language, dimension=unit.dimension)
    rows += [(say("unit_unit"), unit.symbol), (say("unit_dimension"), dimension)]
    if unit.symbol != unit.canonical:
        whole = f"1 {unit.symbol} = {figure(float(unit.factor))} {unit.canonical}"
        rows.append((say("unit_canonical"), whole))
    if unit.qualifiers:
        rows.append((say("unit_qualifiers"), ", ".join(unit.qualifiers)))
    if options.to:
        rows.append((say("unit_converted"),
                     f"{figure(record['converted'])} {record['converted_unit']}"))  # fmt: skip
    print_table(Table(options.text, (Column("what", ""), Column("value", "")), tuple(rows)))
    return DONE
