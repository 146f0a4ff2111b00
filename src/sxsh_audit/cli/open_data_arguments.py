"""What ``sxsh-audit open-data`` understands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sxsh_audit.cli.arguments import Making

__all__ = ["add"]


def add(commands: Any, making: Making) -> None:
    """Add ``open-data`` to the commands.

    Parameters
    ----------
    commands : subparsers
        The commands.
    making : Making
        How parts of the parser are made.
    """
    say, name = making.say, making.name
    found = making.command(commands, "open_data", making.options(data=False), word="open-data")
    found.add_argument("source", metavar=name("register"), help=say("open_data_source"))
    found.add_argument("--out", metavar=name("dir"), required=True, help=say("open_data_out"))
    found.add_argument("--salt-file", metavar=name("file"), required=True,
                       help=say("open_data_salt"))  # fmt: skip
    found.add_argument("--study", metavar=name("path"), action="append", default=[],
                       help=say("open_data_study"))  # fmt: skip
    found.add_argument("--minimum", metavar=name("number"), default="5",
                       help=say("open_data_minimum"))  # fmt: skip
    found.add_argument("--exact", action="store_true", help=say("open_data_exact"))
    found.add_argument("--all", action="store_true", help=say("open_data_all"))
    found.add_argument("--overwrite", action="store_true", help=say("open_data_overwrite"))
