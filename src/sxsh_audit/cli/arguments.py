"""What the command understands, told in the language of the person who types."""

from __future__ import annotations

import argparse
import locale
import os
import re
import sys
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from sxsh_audit import __version__
from sxsh_audit.language.formatting import LANGUAGES, Language, check_language
from sxsh_audit.language.messages import sentence

__all__ = ["Usage", "build_parser", "choose_language"]

RULES = ("cost_weighted", "each", "energy_total")


class Usage(Exception):
    """Wrong use of the command: exit code 2."""


class _Parser(argparse.ArgumentParser):
    """A parser that raises instead of leaving, and whose own words are ours."""

    language: Language = "en"

    def error(self, message: str) -> NoReturn:
        raise Usage(f"{_known_fault(message, self.language)}\n{self.format_usage().strip()}")

    def _print_message(self, message: str, file: Any = None) -> None:
        # The help, too, goes to consoles that lack letters of it.
        from sxsh_audit.display.terminal import encodable

        stream = sys.stderr if file is None else file
        stream.write(encodable(message, getattr(stream, "encoding", None) or "utf-8"))

    def format_help(self) -> str:
        return _titled(super().format_help(), self.language)

    def format_usage(self) -> str:
        return _titled(super().format_usage(), self.language)


def _titled(text: str, language: Language) -> str:
    """Give argparse's four headings in the language (it looks them up once, in English)."""
    for word in ("usage", "positional arguments", "options", "commands"):
        own = sentence(f"cli.heading_{word.split()[0]}", language)
        text = re.sub(rf"^{word}:", f"{own}:", text, flags=re.MULTILINE)
    return text


_FAULTS = (
    (r"the following arguments are required: (?P<names>.+)", "cli.missing_argument"),
    (r"unrecognized arguments: (?P<names>.+)", "cli.unknown_argument"),
    (r"argument (?P<names>.+?): expected one argument", "cli.no_value"),
    (r"argument (?P<names>.+?): invalid choice: (?P<value>.+?) \(choose from (?P<known>.+)\)",
     "cli.invalid_choice"),
)  # fmt: skip


def _known_fault(message: str, language: Language) -> str:
    for pattern, code in _FAULTS:
        found = re.fullmatch(pattern, message)
        if found:
            return sentence(code, language, **found.groupdict())
    return message


def choose_language(
    arguments: Sequence[str], environment: Mapping[str, str] | None = None
) -> Language:
    """Return the language of this call.

    Parameters
    ----------
    arguments : sequence of str
        What was typed; ``--language`` wins.
    environment : mapping, optional
        ``SXSH_LANGUAGE`` comes next, then the locale; else English.

    Examples
    --------
    >>> choose_language(["assess", ".", "--language", "vi"], {})
    'vi'
    >>> choose_language([], {"LC_ALL": "vi_VN.UTF-8"}), choose_language([], {"LANG": "C"})
    ('vi', 'en')
    """
    for position, argument in enumerate(arguments):
        name, _, value = argument.partition("=")
        if name == "--language":
            value = value or next(iter(arguments[position + 1 : position + 2]), "")
            if value in LANGUAGES:
                return check_language(value)
    names = os.environ if environment is None else environment
    stated = [names.get(key, "") for key in ("SXSH_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")]
    if environment is None and not any(stated):
        # Windows keeps its language in no environment variable.
        stated.append(locale.getlocale()[0] or "")
    for text in stated:
        if text:
            return "vi" if text.lower().startswith(("vi", "vietnamese")) else "en"
    return "en"


def build_parser(language: Language) -> argparse.ArgumentParser:
    """Return the parser of the whole command in `language`."""

    def say(code: str) -> str:
        return sentence(f"cli.{code}", language)

    def name(code: str) -> str:
        return say(f"metavar_{code}")

    class Parser(_Parser):
        pass

    Parser.language = language

    def options(*, data: bool = True) -> argparse.ArgumentParser:
        shared = Parser(add_help=False)
        shared.add_argument("--language", choices=LANGUAGES, default=None, help=say("language"))
        shared.add_argument("--json", action="store_true", help=say("json"))
        if data:
            shared.add_argument("path", metavar=name("path"), help=say("path"))
        return shared

    def command(group: Any, word: str, *parents: argparse.ArgumentParser) -> Any:
        # argparse would print «show this help message» in English
        parser = group.add_parser(
            word, help=say(word), description=say(word), parents=list(parents),
            add_help=False, allow_abbrev=False,
        )  # fmt: skip
        parser.add_argument("-h", "--help", action="help", help=say("help"))
        parser.set_defaults(own=parser)  # whose usage belongs to a fault in the rest
        return parser

    parser = Parser(prog="sxsh-audit", description=say("about"), epilog=say("exit_codes"),
                    add_help=False, allow_abbrev=False)  # fmt: skip
    parser.add_argument("-h", "--help", action="help", help=say("help"))
    parser.add_argument("--version", action="version", version=f"sxsh-audit {__version__}",
                        help=say("version"))  # fmt: skip
    parser.add_argument("--language", choices=LANGUAGES, default=None, help=say("language"))
    commands = parser.add_subparsers(dest="command", metavar=name("command"),
                                     title="commands", parser_class=Parser)  # fmt: skip

    assess = command(commands, "assess", options())
    assess.add_argument("--programme", metavar=name("id_file"), help=say("programme_option"))
    assess.add_argument("--phase", metavar=name("id"), help=say("phase"))
    assess.add_argument("--sector", metavar=name("id"), help=say("sector"))
    assess.add_argument("--overall", choices=RULES, help=say("overall"))
    assess.add_argument("--factor-set", metavar=name("id_file"), help=say("factor_set"))
    assess.add_argument("--out", metavar=name("dir"), help=say("out"))
    assess.add_argument("--overwrite", action="store_true", help=say("out_overwrite"))

    command(commands, "check", options())

    programme = command(commands, "programme")
    actions = programme.add_subparsers(dest="action", metavar=name("action"),
                                       title="commands", parser_class=Parser,
                                       required=True)  # fmt: skip
    command(actions, "list", options(data=False))
    show = command(actions, "show", options(data=False))
    show.add_argument("id", metavar=name("id_file"), help=say("programme_id"))

    units = command(commands, "units", options(data=False))
    units.add_argument("text", metavar=name("text"), nargs="?", help=say("units_text"))
    units.add_argument("--to", metavar=name("unit"), help=say("units_to"))
    units.add_argument("--locale", choices=("auto", "vi", "en"), default="auto",
                       help=say("units_locale"))  # fmt: skip
    units.add_argument("--factor-set", metavar=name("id_file"), help=say("factor_set"))
    units.add_argument("--resource", metavar=name("key"), help=say("units_resource"))
    return parser
