"""Run one command: exit codes, one JSON document, no traceback."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sxsh_audit import __version__
from sxsh_audit.cli.arguments import (
    Usage,
    build_parser,
    choose_language,
    path_before_mark,
    signed_values,
    wanted_command,
)
from sxsh_audit.errors import Refusal, StudyError
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import finding_sentences, sentence

if TYPE_CHECKING:
    from sxsh_audit.findings import Finding

__all__ = ["main"]

DONE, BLOCKED, WRONG_USE, OUR_FAULT, INTERRUPTED = 0, 1, 2, 3, 130

HOMES = {
    **dict.fromkeys(("report", "slides", "charts"), "document_commands"),
    "store": "store_commands",
    "programme report": "yearly_commands",
    **dict.fromkeys(("programme progress", "programme survey"), "progress_commands"),
    **dict.fromkeys(("programme benchmark", "programme candidates"), "choosing_commands"),
    "open-data": "open_data_commands",
    **dict.fromkeys(("register template", "register check", "register merge"),
                    "register_commands"),
    "publish": "site_commands",
    "assess-many": "many_commands",
}
"""Module of each command, or command and action, that does not stand in ``commands``."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``sxsh-audit``.

    Parameters
    ----------
    argv : sequence of str, optional
        Arguments; by default those of the process.

    Returns
    -------
    int
        0 done, 1 blocking findings, 2 wrong use, 3 our fault, 130 interrupted.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    language = choose_language(arguments)
    as_json = "--json" in arguments
    try:
        return _run(arguments, language)
    except Usage as error:
        return _fail(WRONG_USE, "usage", str(error), language, as_json)
    except StudyError as error:
        findings = [told(item, language) for item in error.findings]
        return _fail(BLOCKED, error.code, str(error), language, as_json, findings)
    except Refusal as error:
        return _fail(WRONG_USE, error.code, str(error), language, as_json)
    except FileNotFoundError as error:
        return _fail(WRONG_USE, "file_not_found", str(error), language, as_json)
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            # The reader has gone (``| head``): nothing is left to say to it.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return DONE
        text = sentence("cli.system", language, reason=str(error))
        return _fail(WRONG_USE, "system", text, language, as_json)
    except KeyboardInterrupt:
        text = sentence("cli.interrupted", language)
        return _fail(INTERRUPTED, "interrupted", text, language, as_json)
    except Exception as error:
        if os.environ.get("SXSH_DEBUG"):
            raise
        text = sentence(
            "cli.our_fault", language, version=__version__, kind=type(error).__name__,
            reason=str(error), where=_where(error),
        )  # fmt: skip
        return _fail(OUR_FAULT, "internal", text, language, as_json)


def _run(arguments: list[str], language: Language) -> int:
    parser = build_parser(language, wanted_command(arguments))
    try:
        options, rest = parser.parse_known_args(path_before_mark(signed_values(arguments)))
    except SystemExit as done:  # --help and --version
        return int(done.code or 0)
    if rest:
        getattr(options, "own", parser).error(f"unrecognized arguments: {' '.join(rest)}")
    if options.command is None:
        write(parser.format_help())
        return WRONG_USE
    from importlib import import_module

    word = f"{options.command} {getattr(options, 'action', '')}".strip()
    word = word if word in HOMES else options.command
    home = import_module(f"sxsh_audit.cli.{HOMES.get(word, 'commands')}")
    chosen: int = getattr(home, word.replace(" ", "_").replace("-", "_"))(options, language)
    sys.stdout.flush()
    return chosen


def _where(error: BaseException) -> str:
    """Return module and line in which it happened, without the traceback."""
    trace = error.__traceback__
    place = ""
    while trace is not None:
        module = trace.tb_frame.f_globals.get("__name__", "")
        if module.startswith("sxsh_audit"):
            place = f"{module}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


def told(item: Finding, language: Language) -> dict[str, Any]:
    """Return a finding as JSON types with its sentences in `language`."""
    rule, fix = finding_sentences(item, language)
    return {**item.to_dict(), "rule": rule, "fix": fix}


def write(text: str, *, error: bool = False) -> None:
    """Write a text so that no letter of it can stop the printing."""
    from sxsh_audit.display.terminal import encodable

    stream = sys.stderr if error else sys.stdout
    stream.write(encodable(text, stream.encoding or "ascii") + "\n")


def _fail(
    code: int,
    name: str,
    text: str,
    language: Language,
    as_json: bool,
    findings: Sequence[dict[str, Any]] = (),
) -> int:
    if as_json:
        print_json({
            "schema_version": "1", "kind": "error", "version": __version__, "exit_code": code,
            "code": name, "message": text, "findings": list(findings),
        })  # fmt: skip
    else:
        write(text, error=True)
    return code


def print_json(document: dict[str, Any]) -> None:
    """Print one JSON document; plain ASCII, so that no console or pipe can spoil it."""
    import json

    sys.stdout.write(json.dumps(document, ensure_ascii=True, allow_nan=False, indent=2) + "\n")
