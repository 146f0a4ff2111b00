"""Parts done by the workers of a dask cluster; what came of them is written by this process.

The workers read and assess, so that they must reach the dataset under the path that it has here.
The folder of the results is touched by this process alone: it need not be shared, and a worker
that is killed leaves nothing half written.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from sxsh_audit import __version__
from sxsh_audit.errors import Refusal
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import refusal_sentence
from sxsh_audit.scale.plants import Part
from sxsh_audit.scale.work import Outcome, Work

if TYPE_CHECKING:
    import pandas as pd
    from distributed import Client, Future

__all__ = ["on_cluster"]

AHEAD = 2
"""Parts that are handed out for each thread of the cluster: one is worked on, one waits, so that
results do not pile up on the workers while this process writes."""

Tables = dict[str, "pd.DataFrame"]


def on_cluster(
    client: Client, work: Work, parts: Iterable[Part], language: Language
) -> Iterator[tuple[Part, Outcome]]:
    """Do the parts on a dask cluster, and yield each as it is done and kept.

    Parameters
    ----------
    client : distributed.Client
        Of the cluster; its workers have this version of the library.
    work : Work
        What is done with a part.
    parts : iterable of Part
        The parts.
    language : {"vi", "en"}
        Language of a refusal.

    Yields
    ------
    tuple of Part and Outcome
        What came of a part: what is known of it, or the error. The parts of a worker that dies
        are done again by others; a part is given up once it was there when as many workers died
        as the scheduler allows (``distributed.scheduler.allowed-failures``) and again when it
        ran alone.

    Raises
    ------
    Refusal
        If distributed is not installed, or the cluster went away; what is finished is kept.
    TypeError
        If `client` is no client, or an asynchronous one.
    """
    try:
        from distributed import Client, KilledWorker
    except ImportError as error:
        raise _refusal("engine.no_distributed", language) from error
    if not isinstance(client, Client) or client.asynchronous:
        raise TypeError("client: give a distributed.Client that is not asynchronous")
    # As the result of a task it goes to a worker once, not with each part, and unlike data that
    # are scattered it is made again where its worker dies.
    sent = client.submit(_as_it_is, work, pure=False)
    suspects: list[Part] = []
    for part, future in _in_turn(client, sent, parts, AHEAD, language):
        try:
            outcome = _outcome(work, part, future, language)
        except KilledWorker:
            suspects.append(part)  # or one of those that were beside it on the worker
        else:
            yield part, outcome
    for suspect in suspects:
        for part, future in _in_turn(client, sent, [suspect], 1, language):
            try:
                yield part, _outcome(work, part, future, language)
            except KilledWorker as killed:
                yield part, _refusal(
                    "many.part_kills", language, number=part.number, first=part.first,
                    last=part.last, times=killed.allowed_failures + 1,
                )  # fmt: skip


def _in_turn(
    client: Any, sent: Future[Any], parts: Iterable[Part], ahead: int, language: Language
) -> Iterator[tuple[Part, Future[Any]]]:
    """Hand out parts, some ahead for each thread of the cluster, and yield each that is done."""
    import distributed

    waiting = deque(parts)
    running: dict[Any, Part] = {}
    done: Any = distributed.as_completed(loop=client.loop)  # type: ignore[no-untyped-call]

    def threads() -> int:
        """Ask each time: workers come and go."""
        try:
            return sum(client.nthreads().values())
        except Exception as error:  # of many kinds, by the moment at which the connection ended
            if client.status == "running":
                raise
            raise _refusal("engine.cluster_gone", language) from error

    def hand_out() -> None:
        most = max(1, ahead * threads())
        while waiting and len(running) < most:
            part = waiting.popleft()
            future = client.submit(_tables, sent, part, __version__, pure=False)
            running[future] = part
            done.add(future)

    try:
        hand_out()
        for future in done:
            yield running.pop(future), future
            future.release()
            if waiting:
                hand_out()
    finally:
        with suppress(Exception):  # the cluster may be gone, which is told elsewhere
            client.cancel(list(running), force=True)


def _outcome(work: Work, part: Part, future: Future[Any], language: Language) -> Outcome:
    """Keep what came of a part."""
    from distributed import CancelledError, KilledWorker

    try:
        return work.keep(part, future.result())
    except KilledWorker:
        raise
    except CancelledError as error:
        raise _refusal("engine.cluster_gone", language) from error
    except Exception as error:
        return error


def _as_it_is(work: Work) -> Work:
    return work


def _tables(work: Work, part: Part, version: str) -> Tables:
    """Read and assess a part, on a worker."""
    if version != __version__:  # else some parts would follow other rules than the rest
        raise _refusal("engine.other_version", work.plan.language, here=version,
                       worker=__version__)  # fmt: skip
    return work.tables(part)


def _refusal(code: str, language: Language, **numbers: Any) -> Refusal:
    return Refusal(refusal_sentence(code, numbers, language), code=code, **numbers)
