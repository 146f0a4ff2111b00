"""What the command understands, told in the language of the person who types."""

from __future__ import annotations

import argparse
import locale
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, NoReturn

from sxsh_audit import __version__
from sxsh_audit.cli import (
    choosing_arguments,
    many_arguments,
    open_data_arguments,
    progress_arguments,
    site_arguments,
    store_arguments,
    yearly_arguments,
)
from sxsh_audit.language.formatting import LANGUAGES, Language, check_language
from sxsh_audit.language.messages import sentence

__all__ = [
    "Making", "Usage", "build_parser", "choose_language", "path_before_mark", "signed_values",
]  # fmt: skip

RULES = ("cost_weighted", "each", "energy_total")
SIGNED = ("--discount-rate", "--inflation", "--budget", "--reach")
"""Options whose value may start with a minus sign."""
BEST_BY = ("npv", "money", "energy", "carbon")
BASELINES = ("auto", "ratio", "base_load_ratio", "regression", "change_point")


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


def build_parser(language: Language) -> argparse.ArgumentParser:
    """Return the parser of the whole command in `language`."""

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

    assess = command(commands, "assess", options())
    assess.add_argument("--programme", metavar=name("id_file"), help=say("programme_option"))
    assess.add_argument("--phase", metavar=name("id"), help=say("phase"))
    assess.add_argument("--sector", metavar=name("id"), help=say("sector"))
    assess.add_argument("--overall", choices=RULES, help=say("overall"))
    assess.add_argument("--factor-set", metavar=name("id_file"), help=say("factor_set"))
    assess.add_argument("--baseline", choices=BASELINES, help=say("baseline"))
    assess.add_argument("--confidence", metavar=name("confidence"), help=say("confidence"))
    assess.add_argument("--discount-rate", metavar=name("rate"), help=say("discount_rate"))
    assess.add_argument("--inflation", metavar=name("rate"), help=say("inflation"))
    assess.add_argument("--horizon", metavar=name("years"), help=say("horizon"))
    assess.add_argument("--budget", metavar=name("money"), help=say("budget"))
    assess.add_argument("--reach", metavar=name("reach"), help=say("reach"))
    assess.add_argument("--best-by", choices=BEST_BY, help=say("best_by"))
    assess.add_argument("--seed", metavar=name("number"), help=say("seed"))
    assess.add_argument("--out", metavar=name("dir"), help=say("out"))
    assess.add_argument("--overwrite", action="store_true", help=say("out_overwrite"))

    def document(word: str) -> Any:
        found = command(commands, word, options())
        found.add_argument("--out", metavar=name("dir"), required=True, help=say("out_documents"))
        found.add_argument("--programme", metavar=name("id_file"), help=say("programme_option"))
        found.add_argument("--phase", metavar=name("id"), help=say("phase"))
        found.add_argument("--overwrite", action="store_true", help=say("overwrite"))
        return found

    report = document("report")
    report.add_argument("--format", metavar=name("list"), default="", help=say("report_format"))
    report.add_argument("--document", metavar=name("list"), default="",
                        help=say("report_document"))  # fmt: skip
    report.add_argument("--template", metavar=name("file"), help=say("report_template"))
    report.add_argument("--slides", action="store_true", help=say("report_slides"))
    document("slides")
    document("charts")

    check = command(commands, "check", options())
    check.add_argument("--mark", metavar=name("file"), nargs="?", const="", help=say("mark"))
    check.add_argument("--overwrite", action="store_true", help=say("overwrite"))

    template = command(commands, "template", options(data=False))
    template.add_argument("out", metavar=name("out"), help=say("template_out"))
    template.add_argument("--months", choices=("12", "totals"), default="12",
                          help=say("template_months"))  # fmt: skip
    template.add_argument("--sector", metavar=name("text"), default="", help=say("template_sector"))
    template.add_argument("--resources", metavar=name("list"), default="",
                          help=say("template_resources"))  # fmt: skip
    template.add_argument("--baseline", metavar=name("period"), help=say("template_baseline"))
    template.add_argument("--reporting", metavar=name("period"), help=say("template_reporting"))
    template.add_argument("--tariff-periods", action="store_true", help=say("template_tariffs"))
    template.add_argument("--overwrite", action="store_true", help=say("overwrite"))

    programme = command(commands, "programme")
    below = actions(programme)
    command(below, "list", options(data=False))
    show = command(below, "show", options(data=False))
    show.add_argument("id", metavar=name("id_file"), help=say("programme_id"))
    making = Making(say, name, options, command, actions)
    for module in (progress_arguments, yearly_arguments, choosing_arguments):
        module.add(below, making)
    for module in (many_arguments, store_arguments, open_data_arguments, site_arguments):
        module.add(commands, making)

    from sxsh_audit.cli.register_arguments import add as add_register

    add_register(commands, Making(say, name, options, command, actions))

    units = command(commands, "units", options(data=False))
    units.add_argument("text", metavar=name("text"), nargs="?", help=say("units_text"))
    units.add_argument("--to", metavar=name("unit"), help=say("units_to"))
    units.add_argument("--locale", choices=("auto", "vi", "en"), default="auto",
                       help=say("units_locale"))  # fmt: skip
    units.add_argument("--factor-set", metavar=name("id_file"), help=say("factor_set"))
    units.add_argument("--resource", metavar=name("key"), help=say("units_resource"))
    return parser
