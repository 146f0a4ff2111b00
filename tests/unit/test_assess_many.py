"""Many plants: the same bits for any cut, any number of processes, any stop in between."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pandas as pd
import pytest
from made_up_plants import cut, records

import sxsh_audit as sx
from sxsh_audit.errors import OutputError, Refusal
from sxsh_audit.scale.result import ManyAssessments, open_results
from sxsh_audit.scale.running import assess_many

CHOSEN = {"programme": "vn-qb-2384", "factor_set": "vn-3505"}
FRAMES = records(12, faulty=(5,))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> ManyAssessments:
    return assess_many(cut(FRAMES, 1), tmp_path_factory.mktemp("whole") / "r", workers=1, **CHOSEN)


def same(one: ManyAssessments, other: ManyAssessments) -> None:
    assert one.to_dict() == other.to_dict()
    for name in ("savings", "groups", "verdicts", "findings", "refused"):
        pd.testing.assert_frame_equal(getattr(one, name)(), getattr(other, name)(),
                                      check_exact=True)  # fmt: skip


@pytest.mark.parametrize(("parts", "workers"), [(12, 1), (5, 2), (3, 1)])
def test_cut_and_processes_leave_every_bit(
    parts: int, workers: int, whole: ManyAssessments, tmp_path: Path
) -> None:
    same(assess_many(cut(FRAMES, parts), tmp_path / "r", workers=workers, **CHOSEN), whole)


def test_the_same_run_makes_the_same_files(tmp_path: Path) -> None:
    def written(name: str, workers: int) -> dict[str, str]:
        assess_many(cut(FRAMES, 4), tmp_path / name, workers=workers, **CHOSEN)
        return {str(path.relative_to(tmp_path / name)): hashlib.sha256(path.read_bytes()).hexdigest()
                for path in (tmp_path / name).rglob("*") if path.is_file()}  # fmt: skip

    assert written("a", 1) == written("b", 2)


def test_a_plant_has_the_figures_of_a_study_of_its_own(whole: ManyAssessments) -> None:
    plant = "P0007"
    used, made = (frame[frame["facility"] == plant] for frame in FRAMES)
    study = sx.Study(consumption=used, production=made, baseline="2013", reporting="2014",
                     locale="vi", quality="billed")  # fmt: skip
    alone = sx.assess(study, **CHOSEN)
    found = whole.savings(facilities=[plant])
    for name in ("baseline", "reporting", "saving", "absolute_saving", "price", "money_saving"):
        assert found[name].tolist() == [row[name] for row in alone.savings.rows], name
    verdict, = alone.verdict.rows
    row = whole.verdicts([plant]).iloc[0]
    assert (row["saving"], row["status"], row["known_share"]) == (
        verdict["saving"], verdict["status"], verdict["known_share"])  # fmt: skip
    groups = whole.groups([plant])
    assert groups["saving"].tolist() == [one["saving"] for one in alone.groups.rows]
    assert groups["resources"].tolist() == [one["resources"] for one in alone.groups.rows]
    assert set(whole.findings("en", [plant])["code"]) >= set(alone.findings.codes())
