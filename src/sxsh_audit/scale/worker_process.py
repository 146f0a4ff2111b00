"""A process that does the parts which it is handed on its standard input.

Started by :mod:`sxsh_audit.scale.processes` as a fresh interpreter: nothing of the main program
is run again, as it would be by ``multiprocessing``, so that a script needs no guard on Windows.
When the input ends, because the main process is gone, it stops at once.
"""

from __future__ import annotations

import os
import pickle
import queue
import sys
import threading
import traceback
from typing import Any, BinaryIO

__all__ = ["END", "receive", "send", "serve"]

END = None


def send(stream: BinaryIO, message: Any) -> None:
    """Write a message: its length in 8 bytes, then itself."""
    body = pickle.dumps(message)
    stream.write(len(body).to_bytes(8, "big") + body)
    stream.flush()


def receive(stream: BinaryIO) -> Any:
    """Read a message.

    Raises
    ------
    EOFError
        If the other side is gone.
    """
    head = stream.read(8)
    length = int.from_bytes(head, "big")
    body = stream.read(length) if len(head) == 8 else b""
    if len(head) < 8 or len(body) < length:
        raise EOFError
    return pickle.loads(body)


def serve() -> None:
    """Take the work, then part after part, and answer each."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what anything prints must not come among the answers
    tasks: queue.SimpleQueue[Any] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(tasks,), daemon=True).start()
    work = tasks.get()
    send(answers, ("ready", None))
    while (part := tasks.get()) is not END:
        try:
            answer: tuple[str, Any] = ("done", work(part))
        except Exception as error:
            answer = ("failed", _sendable(error))
        send(answers, answer)
    # Python's own way out would wait for the thread that still listens, and abort.
    os._exit(0)


def _listen(tasks: queue.SimpleQueue[Any]) -> None:
    try:
        while True:
            tasks.put(receive(sys.stdin.buffer))
    except EOFError:
        os._exit(0)
    except BaseException:  # a message that cannot be read here: the reason goes to the console
        traceback.print_exc()
        os._exit(1)


def _sendable(error: Exception) -> Exception:
    """Return the error with its trace, or what is left of it where it cannot be sent."""
    error.add_note("".join(traceback.format_exception(error)))
    try:
        found = pickle.loads(pickle.dumps(error))
    except Exception:
        found = RuntimeError(f"{type(error).__name__}: {error}")
    found.__notes__ = error.__notes__
    return found if isinstance(found, Exception) else RuntimeError(repr(found))
