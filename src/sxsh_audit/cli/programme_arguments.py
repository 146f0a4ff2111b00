"""What ``sxsh-audit programme`` takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sxsh_audit.cli import choosing_arguments, progress_arguments, yearly_arguments

if TYPE_CHECKING:
    from sxsh_audit.cli.arguments import Making

__all__ = ["add"]


def add(commands: Any, making: Making) -> None:
    """Add ``programme`` and the commands below it."""
    below = making.actions(making.command(commands, "programme"))
    making.command(below, "list", making.options(data=False))
    show = making.command(below, "show", making.options(data=False))
    show.add_argument("id", metavar=making.name("id_file"), help=making.say("programme_id"))
    for module in (progress_arguments, yearly_arguments, choosing_arguments):
        module.add(below, making)
