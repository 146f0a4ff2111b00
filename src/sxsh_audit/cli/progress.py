"""A sign of life for whatever takes longer than two seconds."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["waiting"]

PATIENCE = 2.0
"""Seconds after which a person wonders. [s]"""


@contextmanager
def waiting(text: str) -> Iterator[None]:
    """Show `text` with a moving sign once the work inside has taken two seconds.

    It goes to the error stream, and only where a person is watching it, so that output that is
    piped stays clean.
    """
    if not sys.stderr.isatty():
        yield
        return
    done = threading.Event()

    def show() -> None:
        if done.wait(PATIENCE):
            return
        from rich.console import Console

        with Console(stderr=True).status(text):
            done.wait()

    thread = threading.Thread(target=show, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
