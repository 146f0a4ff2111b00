"""What the command understands, told in the language of the person who types."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any, NamedTuple, NoReturn

from sxsh_audit import __version__
from sxsh_audit.language.formatting import LANGUAGES, Language, check_language
from sxsh_audit.language.messages import sentence

__all__ = [
    "Making", "Usage", "build_parser", "choose_language", "path_before_mark", "signed_values",
    "wanted_command",
]  # fmt: skip

SIGNED = ("--discount-rate", "--inflation", "--budget", "--reach")
"""Options whose value may start with a minus sign."""
COMMANDS = (
    "assess", "report", "slides", "charts", "check", "template", "programme", "assess_many",
    "store", "open_data", "publish", "register", "units",
)  # fmt: skip
"""The commands in their order, by the codes of their sentences."""

PLACES = {
    "assess": "study_arguments.add_assess",
    "report": "study_arguments.add_report",
    "slides": "study_arguments.add_slides",
    "charts": "study_arguments.add_charts",
    "check": "study_arguments.add_check",
    "template": "study_arguments.add_template",
    "programme": "programme_arguments.add",
    "assess_many": "many_arguments.add",
    "store": "store_arguments.add",
    "open_data": "open_data_arguments.add",
    "publish": "site_arguments.add",
    "register": "register_arguments.add",
    "units": "units_arguments.add",
}
"""The function that knows what a command takes."""


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


class _Formatter(argparse.HelpFormatter):
    """Help whose headings are in the language (argparse looks them up once, in English)."""

    language: Language = "en"

    def add_usage(
        self, usage: str | None, actions: Any, groups: Any, prefix: str | None = None
    ) -> None:
        if prefix is None:  # a given one, even an empty one, is argparse building a `prog`
            prefix = f"{sentence('cli.heading_usage', self.language)}: "
        super().add_usage(usage, actions, groups, prefix)

    def start_section(self, heading: str | None) -> None:
        code = _HEADINGS.get(heading or "")
        super().start_section(sentence(code, self.language) if code else heading)


_HEADINGS = {
    "positional arguments": "cli.heading_positional",
    "options": "cli.heading_options",
    "commands": "cli.heading_commands",
}
_FAULTS = (
    (r"the following arguments are required: (?P<names>.+)", "cli.missing_argument"),
    (r"unrecognized arguments: (?P<names>.+)", "cli.unknown_argument"),
    (r"argument (?P<names>.+?): expected one argument", "cli.no_value"),
    (r"argument (?P<names>.+?): invalid choice: (?P<value>.+?) \(choose from (?P<known>.+)\)",
     "cli.invalid_choice"),
    (r"argument (?P<names>.+?): ignored explicit argument (?P<value>.+)", "cli.unwanted_value"),
)  # fmt: skip


def _known_fault(message: str, language: Language) -> str:
    for pattern, code in _FAULTS:
        found = re.fullmatch(pattern, message)
        if found:
            return sentence(code, language, **found.groupdict())
    return message


def _whole(text: str) -> str:
    """Write the few words of a list of commands as the sentence that opens its help."""
    return f"{text[:1].upper()}{text[1:]}."


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
        import locale

        stated.append(locale.getlocale()[0] or "")
    for text in stated:
        if text:
            return "vi" if text.lower().startswith(("vi", "vietnamese")) else "en"
    return "en"


def path_before_mark(arguments: Sequence[str]) -> list[str]:
    """Return the words of ``check --mark PATH`` with the path first: it is no name of a copy.

    Examples
    --------
    >>> path_before_mark(["check", "--mark", "a.xlsx", "--json"])
    ['check', 'a.xlsx', '--mark', '--json']
    >>> path_before_mark(["check", "a.xlsx", "--mark", "b.xlsx"])
    ['check', 'a.xlsx', '--mark', 'b.xlsx']
    """
    words = list(arguments)
    if "check" not in words or "--mark" not in words[:-1]:
        return words
    at = words.index("--mark")
    others = [word for before, word in zip(["", *words], words, strict=False)
              if word[:1] != "-" and before not in ("--language", "--mark")]  # fmt: skip
    if others == ["check"] and words[at + 1][:1] != "-":
        words[at], words[at + 1] = words[at + 1], words[at]
    return words


def signed_values(arguments: Sequence[str]) -> list[str]:
    """Return the words with a value such as ``-5%`` joined to its option.

    argparse takes ``-5`` for a number but ``-5%`` for an option, and says that the value is
    missing.

    Examples
    --------
    >>> signed_values(["assess", "s", "--discount-rate", "-5%", "--json"])
    ['assess', 's', '--discount-rate=-5%', '--json']
    >>> signed_values(["assess", "s", "--budget", "--json"])
    ['assess', 's', '--budget', '--json']
    """
    words: list[str] = []
    for word in arguments:
        if words and words[-1] in SIGNED and re.match(r"-\s*[.,]?[0-9]", word):
            words[-1] = f"{words[-1]}={word}"
        else:
            words.append(word)
    return words


class Making(NamedTuple):
    """How parts of the parser are made in one language, for modules that add commands.

    ``say("store")`` is the sentence ``cli.store``; ``name("dir")`` the placeholder
    ``cli.metavar_dir``; ``options(data=False)`` the parent with ``--language`` and ``--json``;
    ``command(group, code, parent)`` a command of a group with the help ``cli.<code>``, typed as
    its code or as the ``word`` given; ``actions(parser)`` the group of the commands below one.
    """

    say: Callable[[str], str]
    name: Callable[[str], str]
    options: Callable[..., argparse.ArgumentParser]
    command: Callable[..., Any]
    actions: Callable[[Any], Any]


def wanted_command(arguments: Sequence[str]) -> str:
    """Return the command among the words that were typed; nothing where there is none.

    Examples
    --------
    >>> wanted_command(["--language", "vi", "store", "init"]), wanted_command(["--help"])
    ('store', '')
    """
    before = ["", *arguments]
    return next((word for word, last in zip(arguments, before, strict=False)
                 if word[:1] != "-" and last != "--language"), "")  # fmt: skip


def build_parser(language: Language, only: str | None = None) -> argparse.ArgumentParser:
    """Return the parser of the whole command in `language`.

    Parameters
    ----------
    language : {"vi", "en"}
        Language of the help.
    only : str, optional
        The command that is called, or nothing: of the others only the names are known then,
        which is soon done. By default all is known of all.
    """

    def say(code: str) -> str:
        return sentence(f"cli.{code}", language)

    def name(code: str) -> str:
        return say(f"metavar_{code}")

    class Formatter(_Formatter):
        pass

    class Parser(_Parser):
        def __init__(self, **settings: Any) -> None:
            super().__init__(formatter_class=Formatter, **settings)

    Parser.language = Formatter.language = language

    def options(*, data: bool = True) -> argparse.ArgumentParser:
        shared = Parser(add_help=False)
        shared.add_argument("--language", choices=LANGUAGES, default=None, help=say("language"))
        shared.add_argument("--json", action="store_true", help=say("json"))
        if data:
            shared.add_argument("path", metavar=name("path"), help=say("path"))
        return shared

    def command(
        group: Any, code: str, *parents: argparse.ArgumentParser, word: str = ""
    ) -> Any:
        # argparse would print «show this help message» in English
        parser = group.add_parser(
            word or code, help=say(code), description=_whole(say(code)), parents=list(parents),
            add_help=False, allow_abbrev=False,
        )  # fmt: skip
        parser.add_argument("-h", "--help", action="help", help=say("help"))
        parser.set_defaults(own=parser)  # whose usage belongs to a fault in the rest
        return parser

    def actions(parser: Any) -> Any:
        return parser.add_subparsers(dest="action", metavar=name("action"), title="commands",
                                     parser_class=Parser, required=True)  # fmt: skip

    parser = Parser(prog="sxsh-audit", description=say("about"), epilog=say("exit_codes"),
                    add_help=False, allow_abbrev=False)  # fmt: skip
    parser.add_argument("-h", "--help", action="help", help=say("help"))
    parser.add_argument("--version", action="version", version=f"sxsh-audit {__version__}",
                        help=say("version"))  # fmt: skip
    parser.add_argument("--language", choices=LANGUAGES, default=None, help=say("language"))
    commands = parser.add_subparsers(dest="command", metavar=name("command"),
                                     title="commands", parser_class=Parser)  # fmt: skip

    making = Making(say, name, options, command, actions)
    for code in COMMANDS:
        word = code.replace("_", "-")
        if only is None or word == only:
            module, function = PLACES[code].split(".")
            getattr(import_module(f"sxsh_audit.cli.{module}"), function)(commands, making)
        else:  # its line in the list, without what it takes
            commands.add_parser(word, help=say(code), add_help=False)
    return parser
