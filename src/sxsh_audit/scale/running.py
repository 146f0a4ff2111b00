"""Plants by the hundred thousand, assessed part by part: in this process, in others, on dask."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from sxsh_audit import __version__
from sxsh_audit.assessment.many.plan import Plan
from sxsh_audit.assessment.many.rolling import Tally
from sxsh_audit.errors import Refusal
from sxsh_audit.language.formatting import Language
from sxsh_audit.scale.kept_parts import begun, finished, parts_folder
from sxsh_audit.scale.needed import needed_duckdb
from sxsh_audit.scale.plants import Part, Plants
from sxsh_audit.scale.processes import in_processes
from sxsh_audit.scale.result import ManyAssessments, open_results
from sxsh_audit.scale.work import Outcome, Work, in_this_process

__all__ = ["Executor", "Progress", "assess_many"]

FEW_PLANTS = 4_000
"""Plants that are assessed in this process where nobody says how many processes are wanted."""

Progress = Callable[[int, int], object]
Executor = Callable[[Work, Sequence[Part]], Iterator[tuple[Part, Outcome]]]
"""What does parts wherever it likes, and yields each with what came of it."""


def assess_many(
    dataset: Any,
    folder: str | os.PathLike[str],
    *,
    programme: str = "",
    phase: str = "",
    sector: str = "",
    overall: str = "",
    factor_set: str = "",
    workers: int | None = None,
    client: Any = None,
    overwrite: bool = False,
    progress: Progress | None = None,
    language: Language = "vi",
) -> ManyAssessments:
    """Assess every plant of a dataset, each as a study of its own.

    Parameters
    ----------
    dataset : Dataset or path
        The plants, or the folder that :func:`sxsh_audit.open_dataset` reads.
    folder : path
        Where the results are kept; made where it does not exist. A run that was stopped, by
        Ctrl-C, a kill or a full disk, goes on where it stopped when it is called again.
    programme, phase, sector, overall, factor_set : str
        As in :func:`sxsh_audit.assess`; by default what the settings of the dataset say.
    workers : int, optional
        Processes that work at the same time; by default one for each processor, or none beside
        this one for less than 4,000 plants. With 1 all is done in this process. [count]
    client : distributed.Client, optional
        A dask cluster that does the parts in place of processes of this machine.
    overwrite : bool
        Whether the results of another run in `folder` may be replaced. The same run is always
        taken up where it stopped.
    progress : callable, optional
        Called with the plants that are done and all plants, whenever a part is done.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    ManyAssessments
        Counts and roll-up of all plants; the rows of each are read from `folder` when asked for.

    Raises
    ------
    OutputError
        If `folder` holds other things or another run, another run is at work in it, it cannot be
        written to, or the disk is full.
    ProgrammeError
        If programme, phase, sector or rule is not known.
    Refusal
        If the settings are faulty, duckdb is missing, or a part ended its process twice: it is
        named, and all others are done.

    Notes
    -----
    The results are the same to the last bit for any number of processes, any order of the parts
    and any number of stops in between. A plant whose records have faults is refused with all of
    them; the others go on. No baselines are fitted and no options looked at: for those give
    ``dataset.study(facility)`` to :func:`sxsh_audit.assess`.

    Examples
    --------
    A saves 10 of 100 MWh, B none of 300: together 2.5 %, not the mean of 10 % and 0 %.

    >>> import tempfile
    >>> from pathlib import Path
    >>> import pandas as pd
    >>> import sxsh_audit as sx
    >>> years = {"facility": ["A", "A", "B", "B"], "period": ["2013", "2014"] * 2}
    >>> used = {**years, "resource": "electricity", "quantity": [100, 90, 300, 300], "unit": "MWh"}
    >>> made = {**years, "quantity": [10, 10, 20, 20], "unit": "t"}
    >>> folder = Path(tempfile.mkdtemp())
    >>> plants = sx.write_dataset({
    ...     "consumption": pd.DataFrame(used), "production": pd.DataFrame(made),
    ...     "settings": {"baseline": "2013", "reporting": "2014"}}, folder / "plants")
    >>> found = sx.assess_many(plants, folder / "results", workers=1)
    >>> found.savings()["saving"].round(6).tolist()
    [0.1, 0.0]
    >>> round(found.rollup["electricity", "purchased_energy", True, "amount", "kWh"].saving, 6)
    0.025
    """
    needed_duckdb(language)
    if workers is not None and workers < 1:
        raise ValueError(f"workers: give 1 or more, not {workers}")
    if isinstance(dataset, (str, os.PathLike)):
        from sxsh_audit.scale.dataset import open_dataset

        dataset = open_dataset(dataset, language=language)
    plan: Plan = dataset.plan(programme=programme, phase=phase, sector=sector, overall=overall,
                              factor_set=factor_set, language=language)  # fmt: skip
    target = Path(os.path.abspath(folder))
    run = _run_record(dataset, plan)
    with begun(target, run, overwrite=overwrite, language=language):
        work = Work(dataset, plan, str(target), run["key"], run["currency"])
        executor = _executor(client, workers, dataset.plants, language)
        _do_what_is_left(work, executor, progress)
        return open_results(target, language=language)


def _do_what_is_left(work: Work, executor: Executor, progress: Progress | None) -> None:
    """Do the parts that are not finished; what went wrong with one is raised after all others."""
    dataset: Plants = work.dataset
    kept = finished(parts_folder(Path(work.folder), work.key),
                    [part.number for part in dataset.parts])  # fmt: skip
    left = [part for part in dataset.parts if part.number not in kept]
    done = sum(record["tally"]["plants"] for record in kept.values())
    if progress is not None:
        progress(done, dataset.plants)
    failed: list[Exception] = []
    if left:
        for _, outcome in executor(work, left):
            if isinstance(outcome, Refusal) and outcome.code.startswith("output."):
                raise outcome  # a full disk, or a folder that went away: no part can be kept
            if isinstance(outcome, Exception):
                failed.append(outcome)
                continue
            done += Tally.from_dict(outcome["tally"]).plants
            if progress is not None:
                progress(done, dataset.plants)
    if failed:
        raise failed[0]


def _executor(
    client: Any, workers: int | None, plants: int, language: Language
) -> Executor:
    if client is not None:
        from sxsh_audit.scale.dask_engine import on_cluster

        return lambda work, parts: on_cluster(client, work, parts, language)

    def here(work: Work, parts: Sequence[Part]) -> Iterator[tuple[Part, Outcome]]:
        processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (
            os.cpu_count() or 1)
        count = min(workers or processors, len(parts))
        # Below that, starting processes takes longer than what they do.
        if count == 1 or (workers is None and plants < FEW_PLANTS):
            return in_this_process(work, parts)
        return in_processes(work, parts, count, language)

    return here


def _run_record(dataset: Plants, plan: Plan) -> dict[str, Any]:
    """Say what is asked for; its key comes from everything that decides the numbers."""
    target, settings = plan.target(), plan.study_settings()
    asked = {
        "dataset": dataset.fingerprint(), "version": __version__,
        "settings": {str(name): value for name, value in plan.settings.items()},
        "target": target.record(), "sector": target.sector,
        "factor_set": _named(plan.factor_set or settings.factor_set),
        "parts": [[part.number, part.first, part.last] for part in dataset.parts],
    }  # fmt: skip
    asked = json.loads(json.dumps(asked, ensure_ascii=False, sort_keys=True, default=str))
    text = json.dumps(asked, ensure_ascii=False, sort_keys=True)
    asked["parts"] = len(dataset.parts)
    return {
        "kind": "many_run", "schema_version": "1", "version": __version__,
        "key": hashlib.sha256(text.encode()).hexdigest()[:16], "asked": asked,
        "plants": dataset.plants, "parts": [part.number for part in dataset.parts],
        "currency": settings.currency,
        "settings": {"programme": plan.programme or settings.programme,
                     **target.record(), "factor_set": plan.factor_set or settings.factor_set,
                     "currency": settings.currency,
                     "baseline": _days(settings.baseline), "reporting": _days(settings.reporting)},
    }  # fmt: skip


def _days(period: Any) -> dict[str, str] | None:
    if period is None:
        return None
    return {"start": period.start.isoformat(), "end": period.end.isoformat()}


def _named(factor_set: str) -> list[str]:
    """Name of a factor set, with what is in it where it is a file."""
    path = Path(factor_set)
    inside = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    return [factor_set, inside]
