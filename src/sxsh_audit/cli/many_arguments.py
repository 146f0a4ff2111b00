"""What ``sxsh-audit assess-many`` understands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sxsh_audit.cli.arguments import Making

__all__ = ["add"]

RULES = ("cost_weighted", "each", "energy_total")


def add(commands: Any, making: Making) -> None:
    """Add ``assess-many`` to the commands.

    Parameters
    ----------
    commands : subparsers
        The commands.
    making : Making
        How parts of the parser are made.
    """
    say, name = making.say, making.name
    found = making.command(commands, "assess_many", making.options(data=False),
                           word="assess-many")  # fmt: skip
    found.add_argument("dataset", metavar=name("dataset"), help=say("many_dataset"))
    found.add_argument("folder", metavar=name("dir"), help=say("many_folder"))
    found.add_argument("--programme", metavar=name("id_file"), default="",
                       help=say("programme_option"))  # fmt: skip
    found.add_argument("--phase", metavar=name("id"), default="", help=say("phase"))
    found.add_argument("--sector", metavar=name("id"), default="", help=say("sector"))
    found.add_argument("--overall", choices=RULES, default="", help=say("overall"))
    found.add_argument("--factor-set", metavar=name("id_file"), default="",
                       help=say("factor_set"))  # fmt: skip
    found.add_argument("--workers", metavar=name("number"), help=say("many_workers"))
    found.add_argument("--out", metavar=name("dir"), help=say("many_out"))
    found.add_argument("--overwrite", action="store_true", help=say("many_overwrite"))
