"""The command that writes open data."""

from __future__ import annotations

import argparse
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from sxsh_audit.cli.commands import SCHEMA
from sxsh_audit.cli.document_commands import output_folder
from sxsh_audit.cli.main import DONE, print_json, write
from sxsh_audit.cli.progress import waiting
from sxsh_audit.cli.register_source import register_from
from sxsh_audit.errors import Refusal
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import refusal_sentence, sentence

if TYPE_CHECKING:
    from sxsh_audit.assessment.results import Assessment

__all__ = ["open_data"]

SALT_BYTES = 32


def open_data(options: argparse.Namespace, language: Language) -> int:
    """``sxsh-audit open-data REGISTER --out DIR``: :func:`sxsh_audit.write_open_data`."""
    from sxsh_audit.reports.open_data import write_open_data

    if not (options.minimum.isascii() and options.minimum.isdigit()):
        raise _refused("open_data_cli.minimum", language, name=options.minimum)
    folder = output_folder(options.out, language)
    secret = Path(options.salt_file)
    if folder.resolve() in secret.resolve().parents:
        raise _refused("open_data_cli.salt_inside", language, name=str(secret))
    with waiting(sentence("cli.reading", language)):
        register = register_from(options.source, language)
    assessments = tuple(_assessed(options, language))
    salt, made = _salt(secret, language)
    with waiting(sentence("cli.writing", language)):
        done = write_open_data(
            register, folder, salt=salt, assessments=assessments, minimum=int(options.minimum),
            amounts="exact" if options.exact else "scaled", agreed_only=not options.all,
            overwrite=options.overwrite, language=language,
        )  # fmt: skip
    if options.json:
        print_json({**SCHEMA, "kind": "open_data", "folder": str(done.folder),
                    "plants": done.plants, "left_out": dict(done.left_out),
                    "smallest_class": done.smallest_class, "salt_made": made})  # fmt: skip
        return DONE
    left_out = sum(done.left_out.values())
    lines = [sentence("open_data_cli.written", language, folder=str(done.folder),
                      plants=done.plants, alike=done.smallest_class, others=left_out)]  # fmt: skip
    if made:
        lines.append(sentence("open_data_cli.salt_made", language, name=str(secret)))
    write("\n".join(lines))
    return DONE


def _assessed(options: argparse.Namespace, language: Language) -> Iterator[Assessment]:
    from sxsh_audit.assessment.assess import assess
    from sxsh_audit.tables.reading import read_study

    for path in options.study:
        with waiting(sentence("cli.assessing", language)):
            yield assess(read_study(path, language=language), language=language)


def _salt(path: Path, language: Language) -> tuple[bytes, bool]:
    """Return the secret of a file, and whether it was made just now."""
    try:
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        text = path.read_text(encoding="ascii", errors="replace").strip()
        try:
            return bytes.fromhex(text), False
        except ValueError:
            raise _refused("open_data_cli.salt_unread", language, name=str(path)) from None
    salt = secrets.token_bytes(SALT_BYTES)
    with os.fdopen(opened, "w", encoding="ascii") as stream:
        stream.write(salt.hex() + "\n")
    return salt, True


def _refused(code: str, language: Language, **numbers: object) -> Refusal:
    return Refusal(refusal_sentence(code, numbers, language), code=code, **numbers)
