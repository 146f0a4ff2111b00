"""What ``sxsh-audit programme benchmark`` and ``programme candidates`` understand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sxsh_audit.cli.arguments import Making

__all__ = ["add"]


def add(below: Any, making: Making) -> None:
    """Add both commands below ``programme``.

    Parameters
    ----------
    below : subparsers
        The commands below ``programme``.
    making : Making
        How parts of the parser are made.
    """
    say, name = making.say, making.name

    def compared(word: str) -> Any:
        found = making.command(below, word, making.options(data=False))
        found.add_argument("source", metavar=name("register"), help=say("yearly_source"))
        found.add_argument("--by", metavar=name("list"), default="", help=say("choose_by"))
        found.add_argument("--minimum", metavar=name("number"), default="5",
                           help=say("choose_minimum"))  # fmt: skip
        found.add_argument("--scale", metavar=name("numbers"), default="",
                           help=say("choose_scale"))  # fmt: skip
        return found

    benchmark = compared("benchmark")
    benchmark.add_argument("--resource", metavar=name("key"), required=True,
                           help=say("choose_resource"))  # fmt: skip
    candidates = compared("candidates")
    candidates.add_argument("--weight", metavar=name("weight"), action="append", default=[],
                            help=say("choose_weight"))  # fmt: skip
    candidates.add_argument("--kind", metavar=name("kind"), default="rapid",
                            help=say("choose_kind"))  # fmt: skip
    candidates.add_argument("--resource", metavar=name("key"), default="energy",
                            help=say("choose_resource"))  # fmt: skip
    candidates.add_argument("--quantile", metavar=name("share"), default="25%",
                            help=say("choose_quantile"))  # fmt: skip
    candidates.add_argument("--size", metavar=name("key"), default="energy",
                            help=say("choose_size"))  # fmt: skip
    candidates.add_argument("--programme", metavar=name("id_file"), help=say("choose_programme"))
    candidates.add_argument("--again", action="store_true", help=say("choose_again"))
    candidates.add_argument("--explain", metavar=name("id"), help=say("choose_explain"))
