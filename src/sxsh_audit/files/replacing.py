"""A file, or a set of files, is written beside its place and moved there whole, or not at all."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn

from sxsh_audit.errors import OutputError
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import refusal_sentence

__all__ = ["refuse_existing", "refuse_output", "replacing", "replacing_all", "tell_failure"]

_FULL = (errno.ENOSPC, errno.EDQUOT)
_LOCKED = (5, 32, 33)
"""Windows: access denied, sharing violation, lock violation; a file that Excel holds open."""


@contextmanager
def replacing(
    path: str | os.PathLike[str], *, overwrite: bool = True, language: Language = "vi"
) -> Iterator[Path]:
    """Yield the path of a draft that takes the place of `path` once the block ends well.

    Parameters
    ----------
    path : path
        The file that is wanted. Its folder must exist.
    overwrite : bool
        Whether a file that is there already may be replaced.
    language : {"vi", "en"}
        Language of a refusal.

    Yields
    ------
    Path
        A file of the same ending beside `path`, to be written by the block.

    Raises
    ------
    OutputError
        If there is a file and `overwrite` is false, if there is no such folder, if the folder
        cannot be written to, the file is open in another program or the disk is full. Whatever
        happens, Ctrl-C included, an old file stays as it was and no draft is left behind.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> with replacing(folder / "bang.csv") as draft:
    ...     _ = draft.write_text("Kỳ;Sản lượng", encoding="utf-8")
    >>> (folder / "bang.csv").read_text(encoding="utf-8"), len(list(folder.iterdir()))
    ('Kỳ;Sản lượng', 1)
    """
    # Through a link its target is replaced, as a program that writes in place would do.
    target = Path(os.path.realpath(path))
    if target.is_dir():
        refuse_output("output.is_folder", target, language)
    if not overwrite:
        refuse_existing([target], language)
    if not target.parent.is_dir():
        refuse_output("output.no_folder", target, language, folder=str(target.parent))
    draft = target.with_name(f".{target.stem[:80]}-{secrets.token_hex(4)}{target.suffix}")
    try:
        try:
            yield draft
        except OSError as error:
            tell_failure(error, target, language, draft)
        try:
            if not overwrite:
                refuse_existing([target], language)
            _keep_mode(draft, target)
            os.replace(draft, target)
        except PermissionError as error:
            code = "output.open_elsewhere" if target.exists() else "output.not_writable"
            refuse_output(code, target, language, error, folder=str(target.parent))
        except OSError as error:
            tell_failure(error, target, language, draft)
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


@contextmanager
def replacing_all(
    folder: str | os.PathLike[str], *, overwrite: bool = False, language: Language = "vi"
) -> Iterator[Path]:
    """Yield a draft folder whose files move into `folder` together once the block ends well.

    Parameters
    ----------
    folder : path
        Where the files are wanted; made, with its parents, where it does not exist.
    overwrite : bool
        Whether files that are there already may be replaced.
    language : {"vi", "en"}
        Language of a refusal.

    Yields
    ------
    Path
        An empty folder on the same disk, to be filled by the block with files.

    Raises
    ------
    OutputError
        As :func:`replacing`. Whatever happens, Ctrl-C included, either the whole set is in
        `folder` or none of it: old files are back in their places, and nothing new is left.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp()) / "ket-qua"
    >>> with replacing_all(folder) as draft:
    ...     _ = (draft / "a.csv").write_text("1")
    ...     _ = (draft / "b.csv").write_text("2")
    >>> sorted(path.name for path in folder.iterdir())
    ['a.csv', 'b.csv']
    """
    target = Path(os.path.realpath(folder))
    missing = [path for path in (target, *target.parents) if not os.path.lexists(path)]
    draft = target / f".draft-{secrets.token_hex(4)}"
    done = False
    try:
        try:
            draft.mkdir(parents=True)
        except (FileExistsError, NotADirectoryError) as error:
            refuse_output("output.is_file", target, language, error)
        except OSError as error:
            tell_failure(error, target, language, draft)
        try:
            yield draft
        except OSError as error:
            named = error.filename and Path(os.fspath(error.filename))
            inside = named and draft in named.parents
            tell_failure(error, target / named.name if inside else target, language, named or draft)
        _move_all(draft, target, overwrite, language)
        done = True
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        if not done:
            for path in missing:
                with suppress(OSError):
                    path.rmdir()


def _move_all(draft: Path, folder: Path, overwrite: bool, language: Language) -> None:
    """Move the files of `draft` into `folder`; where one cannot be moved, all are put back."""
    names = sorted(path.name for path in draft.iterdir())
    if not overwrite:
        refuse_existing([folder / name for name in names], language)
    aside = draft / "old"
    aside.mkdir()
    target = folder
    begun: list[tuple[Path, Path, Path]] = []
    try:
        for name in names:
            source, target, old = draft / name, Path(os.path.realpath(folder / name)), aside / name
            if target.is_dir():
                refuse_output("output.is_folder", target, language)
            _keep_mode(source, target)
            begun.append((source, target, old))
            if target.exists():
                os.replace(target, old)
            os.replace(source, target)
    except BaseException as error:
        for source, wanted, old in reversed(begun):
            if not source.exists():
                wanted.unlink(missing_ok=True)
            if old.exists():
                os.replace(old, wanted)
        if isinstance(error, PermissionError):
            code = "output.open_elsewhere" if target.exists() else "output.not_writable"
            refuse_output(code, target, language, error, folder=str(folder))
        if isinstance(error, OSError):
            tell_failure(error, target, language, target)
        raise


def refuse_existing(paths: list[Path], language: Language = "vi") -> None:
    """Refuse to write where one of `paths` is there already; all of them are named."""
    there = [path.name for path in paths if os.path.lexists(path)]
    if there:
        refuse_output("output.exists", paths[0], language, names=there[:5], count=len(there))


def _keep_mode(draft: Path, target: Path) -> None:
    """Give the draft the rights of the file it replaces, else those of any new file."""
    if os.name == "nt":
        return
    try:
        mode = target.stat().st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        mode = 0o666 & ~mask
    os.chmod(draft, mode)


def tell_failure(error: OSError, target: Path, language: Language, draft: Path) -> NoReturn:
    """Say in the person's words why a file could not be written; faults of others pass."""
    named = error.filename
    ours = error.errno is not None and (
        named is None or Path(os.fspath(named)) in (draft, target))
    if error.errno in _FULL:
        refuse_output("output.disk_full", target, language, error)
    if not ours:
        raise error
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS) or _winerror(error) in _LOCKED:
        refuse_output("output.not_writable", target, language, error, folder=str(target.parent))
    reason = error.strerror or str(error)
    refuse_output("output.failed", target, language, error, reason=reason)


def _winerror(error: OSError) -> int:
    return getattr(error, "winerror", None) or 0


def refuse_output(
    code: str, target: Path, language: Language, cause: OSError | None = None, **numbers: Any
) -> NoReturn:
    """Refuse to write `target`, for the reason `code`."""
    numbers = {"name": target.name, **numbers}
    raise OutputError(refusal_sentence(code, numbers, language), code=code, **numbers) from cause
