"""The commands below ``store``: open the database, call its one method, show."""

from __future__ import annotations

import argparse
import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sxsh_audit.cli.commands import SCHEMA
from sxsh_audit.cli.main import BLOCKED, DONE, print_json, told, write
from sxsh_audit.cli.progress import waiting
from sxsh_audit.display.table import Column, Table
from sxsh_audit.display.terminal import print_table
from sxsh_audit.errors import Refusal
from sxsh_audit.language.formatting import Language, format_number
from sxsh_audit.language.messages import describe, refusal_sentence, sentence
from sxsh_audit.store.changes import VIETNAM, Change
from sxsh_audit.store.store import Store

if TYPE_CHECKING:
    import pandas as pd

    from sxsh_audit.assessment.results import Assessment
    from sxsh_audit.tables.study import Study

__all__ = ["store"]


def store(options: argparse.Namespace, language: Language) -> int:
    """``sxsh-audit store ACTION``: the methods of :class:`sxsh_audit.Store`."""
    return _ACTIONS[options.action](options, language)


def _open(options: argparse.Namespace, language: Language, create: bool = False) -> Store:
    return Store(options.store, who=getattr(options, "who", ""), create=create, language=language)


# -- what writes --------------------------------------------------------------------------------


def _init(options: argparse.Namespace, language: Language) -> int:
    with _open(options, language, create=True) as kept:
        return _said(sentence("cli.store_made", language, name=kept.database.url), options)


def _import(options: argparse.Namespace, language: Language) -> int:
    from sxsh_audit.tables.register_reading import read_register

    with _open(options, language, create=True) as kept:
        with waiting(sentence("cli.reading", language)):
            register = read_register(options.path, known=kept.register(), language=language)
        studies = _assessed(options.study, language)  # a fault in one is told before any writing
        done = [kept.put_register(register, why=options.why)]
        if studies:
            done.append(kept.put_studies(studies, why=options.why))
        return _changed(done, options, language)


def _add(options: argparse.Namespace, language: Language) -> int:
    codes = _codes(options.establishment, language)
    studies = _assessed(options.path, language, programme=options.programme, phase=options.phase)
    with _open(options, language, create=True) as kept:
        done = kept.put_studies(studies, establishments=codes, why=options.why)
        return _changed([done], options, language)


def _assessed(
    paths: Sequence[str], language: Language, **settings: Any
) -> list[tuple[Study, Assessment]]:
    """Read and assess studies, before the database is locked."""
    from sxsh_audit.assessment.assess import assess
    from sxsh_audit.tables.reading import read_study

    if not paths:
        return []
    with waiting(sentence("cli.assessing", language)):
        studies = [read_study(path, language=language) for path in paths]
        return [(study, assess(study, language=language, **settings)) for study in studies]


def _codes(typed: list[str], language: Language) -> Mapping[str, str]:
    """Return establishment by plant from words such as ``plant=QB-7``."""
    codes = {}
    for word in typed:
        plant, sign, code = word.rpartition("=")
        if not (plant and sign and code):
            numbers = {"text": word}
            raise Refusal(refusal_sentence("cli.store_no_pair", numbers, language),
                          code="cli.store_no_pair", **numbers)  # fmt: skip
        codes[plant] = code
    return codes


def _consent(options: argparse.Namespace, language: Language) -> int:
    publish = {"yes": True, "no": False, "unknown": None}[options.publish]
    with _open(options, language) as kept:
        done = kept.consent(options.establishment, publish, study=options.study,
                            evidence=options.evidence, why=options.why)  # fmt: skip
        return _changed([done], options, language)


def _withdraw(options: argparse.Namespace, language: Language) -> int:
    with _open(options, language) as kept:
        done = kept.withdraw(options.kind, options.key, why=options.why)
        return _changed([done], options, language)


def _changed(
    changes: Sequence[Change], options: argparse.Namespace, language: Language
) -> int:
    """Tell what changes have written, and what should be known of them."""
    if options.json:
        records = [{
            "number": change.number, "at": change.at.isoformat(), "who": change.who,
            "why": change.why, "kind": change.kind, "records": dict(change.records),
        } for change in changes]  # fmt: skip
        findings = [told(item, language) for change in changes for item in change.findings]
        _print(options, records, findings)
        return DONE
    for change in changes:
        _tell(change, language)
    return DONE


def _tell(change: Change, language: Language) -> None:
    if change:
        counts = "; ".join(f"{_label(name, language)}: {format_number(count, language)}"
                           for name, count in change.records.items())  # fmt: skip
        write(sentence("cli.store_kept", language, number=change.number, who=change.who,
                       counts=counts))  # fmt: skip
    else:
        write(sentence("cli.store_same", language))
    for item in change.findings:
        write(describe(item, language))


def _label(name: str, language: Language) -> str:
    """Return what the records of a table are called."""
    return sentence(f"cli.store_label_{name}", language)


# -- what reads ---------------------------------------------------------------------------------


def _list(options: argparse.Namespace, language: Language) -> int:
    with _open(options, language) as kept:
        register, studies = kept.register(), kept.studies()
    counts = {name: len(frame) for name, frame in register.tables.items() if len(frame)}
    if options.json:
        _print(options, [*({"kind": name, "count": count} for name, count in counts.items()),
                         *_rows(studies)])  # fmt: skip
        return DONE
    heading = (Column("kind", sentence("cli.store_head_kind", language)),
               Column("count", sentence("cli.store_head_count", language), "right", "number"))
    print_table(Table("", heading, tuple((_label(name, language), format_number(count, language))
                                         for name, count in counts.items())))  # fmt: skip
    _print_frame(studies[["study", "version", "establishments", "at", "who"]], language)
    return DONE


def _show(options: argparse.Namespace, language: Language) -> int:
    from sxsh_audit.assessment.views import tables_of

    with _open(options, language) as kept:
        found = kept.assessment(options.study, options.version)
    if options.json:
        print_json(found.to_dict())
        return DONE
    for table in tables_of(found, language):
        print_table(table)
    return DONE


def _history(options: argparse.Namespace, language: Language) -> int:
    with _open(options, language) as kept:
        found = kept.history(options.kind, options.key)
    if options.json:
        _print(options, _rows(found))
        return DONE
    filled = [name for name in found if name in ("why", "withdrawn")
              or any(_text(cell, language) for cell in found[name])]  # fmt: skip
    _print_frame(found[filled], language)
    return DONE


def _check(options: argparse.Namespace, language: Language) -> int:
    with _open(options, language) as kept, waiting(sentence("cli.reading", language)):
        found = kept.check()
    if options.json:
        _print(options, [], [told(item, language) for item in found])
    elif found:
        for item in found:
            write(describe(item, language))
    else:
        write(sentence("cli.store_whole", language))
    return BLOCKED if found else DONE


# -- care ---------------------------------------------------------------------------------------


def _backup(options: argparse.Namespace, language: Language) -> int:
    with _open(options, language) as kept, waiting(sentence("cli.writing", language)):
        path = kept.backup(options.file, overwrite=options.overwrite)
    return _said(sentence("cli.store_backed_up", language, file=str(path)), options)


def _restore(options: argparse.Namespace, language: Language) -> int:
    with waiting(sentence("cli.writing", language)):
        Store.restore(options.file, options.store, language=language).close()
    return _said(sentence("cli.store_restored", language, name=options.file), options)


def _migrate(options: argparse.Namespace, language: Language) -> int:
    before, after = Store.migrate(options.store, language=language)
    code = "cli.store_at_latest" if before == after else "cli.store_migrated"
    return _said(sentence(code, language, before=before, after=after), options)


_ACTIONS: dict[str, Callable[[argparse.Namespace, Language], int]] = {
    "init": _init, "import": _import, "add": _add, "consent": _consent, "withdraw": _withdraw,
    "list": _list, "show": _show, "history": _history, "check": _check, "backup": _backup,
    "restore": _restore, "migrate": _migrate,
}  # fmt: skip


# -- how it is told -----------------------------------------------------------------------------


def _said(text: str, options: argparse.Namespace) -> int:
    if options.json:
        _print(options, [])
    else:
        write(text)
    return DONE


def _print(
    options: argparse.Namespace, rows: list[dict[str, Any]], findings: list[Any] | None = None
) -> None:
    print_json({**SCHEMA, "kind": "store", "action": options.action, "rows": rows,
                "findings": findings or []})  # fmt: skip


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a table as JSON types; what is not known is null."""
    return [{str(name): _plain(cell) for name, cell in row.items()}
            for row in frame.to_dict("records")]  # fmt: skip


def _plain(cell: Any) -> Any:
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if isinstance(cell, (tuple, list)):
        return list(cell)
    return None if cell is None or cell != cell else cell


def _print_frame(frame: pd.DataFrame, language: Language) -> None:
    columns = tuple(Column(str(name), _heading(str(name), language)) for name in frame.columns)
    rows = tuple(tuple(_text(cell, language) for cell in row)
                 for row in frame.itertuples(index=False))  # fmt: skip
    print_table(Table("", columns, rows))


_HEADINGS = {
    "study": "cli.store_head_study", "version": "cli.store_head_version",
    "establishments": "cli.store_head_establishments", "at": "cli.store_head_at",
    "who": "cli.store_head_who", "why": "cli.store_head_why", "number": "cli.store_head_number",
    "change": "cli.store_head_number", "kind": "cli.store_head_kind",
    "records": "cli.store_head_count", "withdrawn": "cli.store_head_withdrawn",
}  # fmt: skip


def _heading(name: str, language: Language) -> str:
    code = _HEADINGS.get(name)
    return sentence(code, language) if code else name


def _text(cell: Any, language: Language) -> str:
    if isinstance(cell, bool):
        return sentence("cli.store_yes", language) if cell else ""
    if isinstance(cell, dt.datetime):
        return cell.astimezone(VIETNAM).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, (int, float)):
        return format_number(cell, language) if cell == cell else ""
    if isinstance(cell, (tuple, list)):
        return ", ".join(map(str, cell))
    text = "" if cell is None else str(cell)
    return ", ".join(json.loads(text).values()) if text.startswith("{") else text
