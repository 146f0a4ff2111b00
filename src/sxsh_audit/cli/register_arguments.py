"""What ``sxsh-audit register`` understands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sxsh_audit.cli.arguments import Making

__all__ = ["add"]


def add(commands: Any, making: Making) -> None:
    """Add ``register template|check|merge`` to the commands.

    Parameters
    ----------
    commands : subparsers
        The commands.
    making : Making
        How parts of the parser are made.
    """
    say, name, command = making.say, making.name, making.command
    below = making.actions(command(commands, "register"))
    form = command(below, "register_template", making.options(data=False), word="template")
    form.add_argument("out", metavar=name("out"), help=say("register_out"))
    form.add_argument("--programme", metavar=name("id"), default="", help=say("register_programme"))
    form.add_argument("--agency", metavar=name("text"), default="", help=say("register_agency"))
    form.add_argument("--year", metavar=name("year"), help=say("yearly_year"))
    form.add_argument("--register", metavar=name("register"), help=say("register_laid_out"))
    form.add_argument("--overwrite", action="store_true", help=say("overwrite"))
    check = command(below, "register_check", making.options(data=False), word="check")
    check.add_argument("source", metavar=name("register"), help=say("yearly_source"))
    merge = command(below, "register_merge", making.options(data=False), word="merge")
    merge.add_argument("source", metavar=name("register"), help=say("yearly_source"))
    merge.add_argument("reports", metavar=name("path"), nargs="+", help=say("register_reports"))
    merge.add_argument("--year", metavar=name("year"), help=say("yearly_year"))
    merge.add_argument("--out", metavar=name("out"), help=say("register_out"))
    merge.add_argument("--overwrite", action="store_true", help=say("overwrite"))
