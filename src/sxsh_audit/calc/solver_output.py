"""Keep what HiGHS prints by itself out of the standard output.

The solver that scipy ships writes a line past all its options and past Python when it repairs a
solution; a command that answers in JSON on its standard output cannot have that.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
import tempfile
import threading
from collections.abc import Iterator

__all__ = ["solver_silenced"]

_ONE_AT_A_TIME = threading.Lock()  # there is one standard output
_OF_THE_SOLVER = b"HighsMipSolverData"


def _flush() -> None:
    """Have the C library write what it still holds."""
    with contextlib.suppress(OSError, AttributeError):
        library = ctypes.CDLL("ucrtbase" if sys.platform == "win32" else None)
        library.fflush(None)


@contextlib.contextmanager
def solver_silenced() -> Iterator[None]:
    """Hold back the standard output and write it afterwards without the lines of the solver.

    What other threads write meanwhile comes later, and is not lost.

    Examples
    --------
    >>> with solver_silenced():
    ...     print("written")
    written
    """
    with _ONE_AT_A_TIME, contextlib.ExitStack() as opened:
        try:
            _flush()
            real = os.dup(1)
        except OSError:  # no standard output at all: nothing to keep clean
            yield
            return
        opened.callback(os.close, real)
        held = opened.enter_context(tempfile.TemporaryFile())
        os.dup2(held.fileno(), 1)
        try:
            yield
        finally:
            _flush()
            os.dup2(real, 1)
            held.seek(0)
            lines = [line for line in held if not line.startswith(_OF_THE_SOLVER)]
            rest = b"".join(lines)
            while rest:
                rest = rest[os.write(1, rest) :]
