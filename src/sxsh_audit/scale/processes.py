"""Parts done by processes of this machine; one that dies is replaced, its part done again."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from sxsh_audit.errors import Refusal
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import refusal_sentence
from sxsh_audit.scale.plants import Part
from sxsh_audit.scale.work import Outcome, Work
from sxsh_audit.scale.worker_process import END, receive, send

__all__ = ["TRIES", "in_processes"]

TRIES = 2
"""How often a part may take its process with it until it is given up."""
_GLANCE = 0.5
"""How long Ctrl-C may wait on Windows, where a lock cannot be interrupted. [s]"""
_COMMAND = "from sxsh_audit.scale.worker_process import serve; serve()"


class _Gone(Exception):
    """The process died before it answered."""


class _Worker:
    """A process of its own; asked from one thread, stopped from any."""

    def __init__(self, work: Work) -> None:
        apart: dict[str, Any] = {}
        if os.name == "nt":
            apart["creationflags"] = 0x08000000  # no window
        else:
            apart["process_group"] = 0  # Ctrl-C in a terminal goes to the main process alone
        paths = os.pathsep.join(path or os.getcwd() for path in sys.path)
        self._process = subprocess.Popen(
            [sys.executable, "-c", _COMMAND], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": paths}, **apart,
        )  # fmt: skip
        self._ask(work)

    def _ask(self, message: Any) -> tuple[str, Any]:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        try:
            send(stdin, message)  # type: ignore[arg-type]
            answer: tuple[str, Any] = receive(stdout)  # type: ignore[arg-type]
        except (EOFError, OSError, ValueError) as error:
            raise _Gone from error
        return answer

    def do(self, part: Part) -> Outcome:
        """Have a part done."""
        found: Outcome = self._ask(part)[1]
        return found

    def end(self) -> None:
        """Let it go once it has nothing to do."""
        with suppress(OSError, ValueError):
            send(self._process.stdin, END)  # type: ignore[arg-type]
            self._process.wait(timeout=10)
        self.stop()

    def stop(self) -> None:
        """End it at once, whatever it does."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                if stream is not None:
                    stream.close()


class _Crew:
    """Threads of this process, each with a worker of its own."""

    def __init__(self, work: Work, parts: Iterable[Part], language: Language) -> None:
        self.work, self.language = work, language
        self.parts = deque(parts)
        self.outcomes: queue.SimpleQueue[tuple[Part, Outcome] | None] = queue.SimpleQueue()
        self.stopping = False
        self._lock = threading.Lock()
        self._workers: list[_Worker] = []

    def hire(self) -> _Worker:
        with self._lock:  # a crew that is stopping must not leave a process behind
            if self.stopping:
                raise _Gone
            worker = _Worker(self.work)
            self._workers.append(worker)
            return worker

    def stop(self) -> None:
        with self._lock:
            self.stopping = True
            workers = list(self._workers)
        for worker in workers:
            worker.stop()

    def run(self) -> None:
        worker: _Worker | None = None
        try:
            while not self.stopping and (part := self._next()) is not None:
                outcome: Outcome | None = None
                for _ in range(TRIES):
                    try:
                        worker = worker or self.hire()
                        outcome = worker.do(part)
                        break
                    except _Gone:
                        self._bury(worker)
                        worker = None
                    except Exception as error:  # such as: no further process can be started
                        self._bury(worker)
                        worker, outcome = None, error
                        break
                if not self.stopping:
                    self.outcomes.put((part, outcome or self._given_up(part)))
            if worker is not None and not self.stopping:
                worker.end()
        finally:
            self.outcomes.put(None)

    def _next(self) -> Part | None:
        try:
            return self.parts.popleft()
        except IndexError:
            return None

    def _bury(self, worker: _Worker | None) -> None:
        if worker is not None:
            worker.stop()
            with self._lock:
                self._workers.remove(worker)

    def _given_up(self, part: Part) -> Refusal:
        code = "many.part_kills"
        numbers = {"number": part.number, "first": part.first, "last": part.last, "times": TRIES}
        return Refusal(refusal_sentence(code, numbers, self.language), code=code, **numbers)


def in_processes(
    work: Work, parts: Iterable[Part], workers: int, language: Language
) -> Iterator[tuple[Part, Outcome]]:
    """Do the parts in `workers` processes, and yield each as it is done.

    Parameters
    ----------
    work : Work
        What is done with a part.
    parts : iterable of Part
        The parts.
    workers : int
        How many processes. [count]
    language : {"vi", "en"}
        Language of a refusal.

    Yields
    ------
    tuple of Part and Outcome
        What came of a part: what is known of it, or the error. A process that dies is replaced
        and its part done again; after ``TRIES`` times the part is given up with a refusal.

    Notes
    -----
    When the caller stops asking, or is interrupted, the processes are ended; when this process
    is killed, they end by themselves.
    """
    crew = _Crew(work, parts, language)
    threads = [threading.Thread(target=crew.run, daemon=True) for _ in range(workers)]
    for thread in threads:
        thread.start()
    try:
        running = len(threads)
        while running:
            try:
                found = crew.outcomes.get(timeout=_GLANCE)
            except queue.Empty:
                continue
            if found is None:
                running -= 1
            else:
                yield found
    finally:
        crew.stop()
        for thread in threads:
            thread.join()
