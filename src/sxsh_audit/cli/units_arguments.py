"""What ``sxsh-audit units`` takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sxsh_audit.cli.arguments import Making

__all__ = ["add"]


def add(commands: Any, making: Making) -> None:
    """Add ``units`` to the commands."""
    say, name = making.say, making.name
    found = making.command(commands, "units", making.options(data=False))
    found.add_argument("text", metavar=name("text"), nargs="?", help=say("units_text"))
    found.add_argument("--to", metavar=name("unit"), help=say("units_to"))
    found.add_argument("--locale", choices=("auto", "vi", "en"), default="auto",
                       help=say("units_locale"))  # fmt: skip
    found.add_argument("--factor-set", metavar=name("id_file"), help=say("factor_set"))
    found.add_argument("--resource", metavar=name("key"), help=say("units_resource"))
