"""The command that assesses many plants."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sxsh_audit.cli.main import DONE, print_json, write
from sxsh_audit.cli.many_output import check_place, write_tables
from sxsh_audit.display.terminal import print_table
from sxsh_audit.errors import Refusal
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import refusal_sentence, sentence

__all__ = ["assess_many"]


def assess_many(options: argparse.Namespace, language: Language) -> int:
    """``sxsh-audit assess-many DATASET FOLDER``: :func:`sxsh_audit.assess_many`."""
    from sxsh_audit.scale.running import assess_many as run

    out = Path(options.out) if options.out else None
    if out is not None:
        taken = Path(options.dataset), Path(options.folder)
        check_place(out, taken, options.overwrite, language)
    with _bar(sentence("cli.assessing", language)) as progress:
        found = run(
            options.dataset, options.folder, programme=options.programme, phase=options.phase,
            sector=options.sector, overall=options.overall, factor_set=options.factor_set,
            workers=_count(options.workers, language), overwrite=options.overwrite,
            progress=progress, language=language,
        )  # fmt: skip
    if out is not None:
        with _bar(sentence("cli.writing_tables", language)) as progress:
            write_tables(found, out, language, overwrite=options.overwrite, progress=progress)
    if options.json:
        print_json(found.to_dict())
        return DONE
    for table in found.tables(language):
        print_table(table)
    write(sentence("many.kept_in", language, path=str(options.folder)))
    if out is not None:
        write(sentence("many.written", language, path=str(out)))
    return DONE


def _count(typed: str | None, language: Language) -> int | None:
    if typed is None:
        return None
    if not (typed.isascii() and typed.isdigit() and int(typed)):
        numbers = {"name": typed}
        raise Refusal(refusal_sentence("many.workers", numbers, language), code="many.workers",
                      **numbers)  # fmt: skip
    return int(typed)


@contextmanager
def _bar(text: str) -> Iterator[Callable[[int, int], object] | None]:
    """Show how many plants are done, where a person is watching the error stream."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    shown = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        console=Console(stderr=True), transient=True,
    )  # fmt: skip
    with shown:
        task = shown.add_task(text, total=None)
        yield lambda done, plants: shown.update(task, completed=done, total=plants)
