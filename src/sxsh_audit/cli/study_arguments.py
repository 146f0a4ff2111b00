"""What the commands on one study take: assess, report, slides, charts, check, template."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sxsh_audit.cli.arguments import Making

__all__ = ["add_assess", "add_charts", "add_check", "add_report", "add_slides", "add_template"]

RULES = ("cost_weighted", "each", "energy_total")
BEST_BY = ("npv", "money", "energy", "carbon")
BASELINES = ("auto", "ratio", "base_load_ratio", "regression", "change_point")


def add_assess(commands: Any, making: Making) -> None:
    """Add ``assess`` to the commands."""
    say, name = making.say, making.name
    found = making.command(commands, "assess", making.options())
    found.add_argument("--programme", metavar=name("id_file"), help=say("programme_option"))
    found.add_argument("--phase", metavar=name("id"), help=say("phase"))
    found.add_argument("--sector", metavar=name("id"), help=say("sector"))
    found.add_argument("--overall", choices=RULES, help=say("overall"))
    found.add_argument("--factor-set", metavar=name("id_file"), help=say("factor_set"))
    found.add_argument("--baseline", choices=BASELINES, help=say("baseline"))
    found.add_argument("--confidence", metavar=name("confidence"), help=say("confidence"))
    found.add_argument("--discount-rate", metavar=name("rate"), help=say("discount_rate"))
    found.add_argument("--inflation", metavar=name("rate"), help=say("inflation"))
    found.add_argument("--horizon", metavar=name("years"), help=say("horizon"))
    found.add_argument("--budget", metavar=name("money"), help=say("budget"))
    found.add_argument("--reach", metavar=name("reach"), help=say("reach"))
    found.add_argument("--best-by", choices=BEST_BY, help=say("best_by"))
    found.add_argument("--seed", metavar=name("number"), help=say("seed"))
    found.add_argument("--out", metavar=name("dir"), help=say("out"))
    found.add_argument("--overwrite", action="store_true", help=say("out_overwrite"))


def add_report(commands: Any, making: Making) -> None:
    """Add ``report`` to the commands."""
    say, name = making.say, making.name
    found = _document(commands, making, "report")
    found.add_argument("--format", metavar=name("list"), default="", help=say("report_format"))
    found.add_argument("--document", metavar=name("list"), default="",
                       help=say("report_document"))  # fmt: skip
    found.add_argument("--template", metavar=name("file"), help=say("report_template"))
    found.add_argument("--slides", action="store_true", help=say("report_slides"))


def add_slides(commands: Any, making: Making) -> None:
    """Add ``slides`` to the commands."""
    _document(commands, making, "slides")


def add_charts(commands: Any, making: Making) -> None:
    """Add ``charts`` to the commands."""
    _document(commands, making, "charts")


def _document(commands: Any, making: Making, word: str) -> Any:
    say, name = making.say, making.name
    found = making.command(commands, word, making.options())
    found.add_argument("--out", metavar=name("dir"), required=True, help=say("out_documents"))
    found.add_argument("--programme", metavar=name("id_file"), help=say("programme_option"))
    found.add_argument("--phase", metavar=name("id"), help=say("phase"))
    found.add_argument("--overwrite", action="store_true", help=say("overwrite"))
    return found


def add_check(commands: Any, making: Making) -> None:
    """Add ``check`` to the commands."""
    say, name = making.say, making.name
    found = making.command(commands, "check", making.options())
    found.add_argument("--mark", metavar=name("file"), nargs="?", const="", help=say("mark"))
    found.add_argument("--overwrite", action="store_true", help=say("overwrite"))


def add_template(commands: Any, making: Making) -> None:
    """Add ``template`` to the commands."""
    say, name = making.say, making.name
    found = making.command(commands, "template", making.options(data=False))
    found.add_argument("out", metavar=name("out"), help=say("template_out"))
    found.add_argument("--months", choices=("12", "totals"), default="12",
                       help=say("template_months"))  # fmt: skip
    found.add_argument("--sector", metavar=name("text"), default="", help=say("template_sector"))
    found.add_argument("--resources", metavar=name("list"), default="",
                       help=say("template_resources"))  # fmt: skip
    found.add_argument("--baseline", metavar=name("period"), help=say("template_baseline"))
    found.add_argument("--reporting", metavar=name("period"), help=say("template_reporting"))
    found.add_argument("--tariff-periods", action="store_true", help=say("template_tariffs"))
    found.add_argument("--overwrite", action="store_true", help=say("overwrite"))
