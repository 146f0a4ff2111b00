"""A folder of our own, such as a web site, takes the place of an earlier one whole."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sxsh_audit.files.replacing import refuse_output, tell_failure
from sxsh_audit.language.formatting import Language

__all__ = ["replacing_folder"]


@contextmanager
def replacing_folder(
    folder: str | os.PathLike[str], mark: str, *, overwrite: bool = False,
    language: Language = "vi",
) -> Iterator[Path]:
    """Yield a draft folder that takes the place of `folder` once the block ends well.

    Parameters
    ----------
    folder : path
        The folder that is wanted; made, with its parents, where it does not exist.
    mark : str
        Name of a file that lists the files of the folder, written here: a folder that has it,
        and no file besides those of its list, is an earlier one of ours.
    overwrite : bool
        Whether an earlier folder of ours may be replaced. What was in it and is not in the new
        one is gone: a page that was withdrawn must not stay.
    language : {"vi", "en"}
        Language of a refusal.

    Yields
    ------
    Path
        An empty folder on the same disk, to be filled by the block.

    Raises
    ------
    OutputError
        If there is a folder with files and `overwrite` is false or some of the files are not
        ours, if it cannot be written to or the disk is full. Whatever happens, either the old
        folder or the new one is there.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp()) / "web"
    >>> for text in ("1", "2"):
    ...     with replacing_folder(folder, "site.json", overwrite=True) as draft:
    ...         _ = (draft / f"{text}.html").write_text(text)
    >>> sorted(path.name for path in folder.iterdir())
    ['2.html', 'site.json']
    """
    target = Path(os.path.realpath(folder))
    _refuse_others(target, mark, overwrite, language)
    missing = [path for path in target.parents if not os.path.lexists(path)]
    draft = target.with_name(f".{target.name[:80]}-{secrets.token_hex(4)}")
    old = draft.with_name(f"{draft.name}-old")
    done = False
    try:
        try:
            draft.mkdir(parents=True)
            yield draft
            files = sorted(_inside(draft))
            (draft / mark).write_text(json.dumps({"files": files}, indent=1), encoding="utf-8")
            _refuse_others(target, mark, overwrite, language)  # it may have changed meanwhile
            if target.is_dir():
                os.replace(target, old)
            os.replace(draft, target)
        except OSError as error:
            named = error.filename and Path(os.fspath(error.filename))
            tell_failure(error, target, language, named or draft)
        done = True
    finally:
        if not done and old.is_dir() and not target.exists():
            os.replace(old, target)
        for left in (draft, old):
            shutil.rmtree(left, ignore_errors=True)
        if not done:
            for path in missing:
                with suppress(OSError):
                    path.rmdir()


def _inside(folder: Path) -> Iterator[str]:
    """Yield the files below a folder by their path in it."""
    for path in folder.rglob("*"):
        if not path.is_dir() or path.is_symlink():
            yield path.relative_to(folder).as_posix()


def _refuse_others(target: Path, mark: str, overwrite: bool, language: Language) -> None:
    """Refuse a folder that may not be replaced; an empty one may."""
    if not os.path.lexists(target):
        return
    if not target.is_dir():
        refuse_output("output.is_file", target, language)
    there = sorted(_inside(target))
    if not there:
        return
    try:
        ours = {mark, *json.loads((target / mark).read_text(encoding="utf-8"))["files"]}
    except (OSError, ValueError, KeyError, TypeError):
        ours = set()
    others = [name for name in there if name not in ours]
    if others:
        refuse_output("output.others_inside", target, language, names=others[:5],
                      count=len(others))  # fmt: skip
    if not overwrite:
        refuse_output("output.exists", target, language, names=[target.name], count=1)
