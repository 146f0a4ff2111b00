"""The commands below ``store``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sxsh_audit.cli.arguments import Making

__all__ = ["DEFAULT", "add"]

DEFAULT = "sqlite:///sxsh.db"


def add(commands: Any, making: Making) -> None:
    """Add ``store`` to the commands.

    Parameters
    ----------
    commands : group of argparse
        Where to.
    making : Making
        What the parser of the language is made with.
    """
    say, name = making.say, making.name
    below = making.actions(making.command(commands, "store"))

    def one(word: str) -> Any:
        found = making.command(below, f"store_{word}", making.options(data=False), word=word)
        found.add_argument("--store", metavar=name("url"), default=DEFAULT, help=say("store_url"))
        return found

    def signed(word: str) -> Any:
        found = one(word)
        found.add_argument("--who", metavar=name("text"), default="", help=say("store_who"))
        found.add_argument("--why", metavar=name("text"), default="", help=say("store_why"))
        return found

    one("init")
    reading = signed("import")
    reading.add_argument("path", metavar=name("path"), help=say("store_import_path"))
    reading.add_argument("--study", metavar=name("path"), action="append", default=[],
                         help=say("store_import_study"))  # fmt: skip
    adding = signed("add")
    adding.add_argument("path", metavar=name("path"), nargs="+", help=say("path"))
    adding.add_argument("--establishment", metavar=name("plant_code"), action="append",
                        default=[], help=say("store_establishment"))  # fmt: skip
    adding.add_argument("--programme", metavar=name("id_file"), help=say("programme_option"))
    adding.add_argument("--phase", metavar=name("id"), help=say("phase"))
    consent = signed("consent")
    consent.add_argument("establishment", metavar=name("code"), help=say("store_plant"))
    consent.add_argument("publish", choices=("yes", "no", "unknown"), help=say("store_publish"))
    consent.add_argument("--study", metavar=name("text"), default="", help=say("store_of_study"))
    consent.add_argument("--evidence", metavar=name("text"), default="",
                         help=say("store_evidence"))  # fmt: skip
    withdraw = signed("withdraw")
    withdraw.add_argument("kind", metavar=name("kind"), help=say("store_kind"))
    withdraw.add_argument("key", metavar=name("key"), nargs="+", help=say("store_key"))
    one("list")
    show = one("show")
    show.add_argument("study", metavar=name("text"), help=say("store_study"))
    show.add_argument("--version", metavar=name("number"), type=int, help=say("store_version"))
    history = one("history")
    history.add_argument("kind", metavar=name("kind"), nargs="?", default="",
                         help=say("store_kind"))  # fmt: skip
    history.add_argument("key", metavar=name("key"), nargs="*", help=say("store_key"))
    one("check")
    backup = one("backup")
    backup.add_argument("file", metavar=name("file"), help=say("store_backup_file"))
    backup.add_argument("--overwrite", action="store_true", help=say("overwrite"))
    restore = one("restore")
    restore.add_argument("file", metavar=name("file"), help=say("store_restore_file"))
    one("migrate")
