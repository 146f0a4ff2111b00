"""Many plants: the same bits for any cut, any number of processes, any stop in between."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from made_up_plants import SETTINGS, MadeUpPlants, cut, records

import sxsh_audit as sx
from sxsh_audit.assessment.many.plan import Plan
from sxsh_audit.assessment.result_tables import plain
from sxsh_audit.scale.result import ManyAssessments
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


def test_the_parts_put_together_are_the_whole(whole: ManyAssessments, tmp_path: Path) -> None:
    found = assess_many(cut(FRAMES, 5), tmp_path / "r", workers=1, **CHOSEN)
    assert found.parts == len(list(found.in_parts())) > 1
    for name in ("savings", "groups", "verdicts", "findings"):
        together = pd.concat(found.in_parts(name), ignore_index=True)
        pd.testing.assert_frame_equal(together, getattr(whole, name)(), check_exact=True)
    with pytest.raises(KeyError, match="options"):
        next(found.in_parts("options"))


def test_the_same_run_makes_the_same_files(tmp_path: Path) -> None:
    def written(name: str, workers: int) -> dict[str, str]:
        assess_many(cut(FRAMES, 4), tmp_path / name, workers=workers, **CHOSEN)
        folder = tmp_path / name
        return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
                for path in folder.rglob("*") if path.is_file()}  # fmt: skip

    assert written("a", 1) == written("b", 2)


class WholePlants(MadeUpPlants):
    """Plants that are assessed by the plan itself."""

    def plan(self, **chosen: Any) -> Plan:
        return Plan(self.settings, **chosen)


def test_a_plant_has_the_figures_of_a_study_of_its_own(tmp_path: Path) -> None:
    used, made = (frame.drop(columns="price", errors="ignore") for frame in records(2, faulty=(0,)))
    plants = cut((used, made), 1)
    found = assess_many(WholePlants(plants.frames, plants.parts), tmp_path / "r", workers=1,
                        **CHOSEN)  # fmt: skip
    used, made = (frame[frame["facility"] == "P0001"] for frame in (used, made))
    alone = sx.assess(sx.Study(consumption=used, production=made, **SETTINGS), **CHOSEN)
    savings = found.savings()
    for name in ("baseline", "reporting", "saving", "absolute_saving", "price", "money_saving"):
        assert savings[name].tolist() == [row[name] for row in alone.savings.rows], name
    verdict, = alone.verdict.rows
    row = {name: plain(cell) for name, cell in found.verdicts().iloc[0].items()}
    for name in ("facility", "saving", "status", "known_share", "energy_total_saving", "lowest"):
        assert row[name] == verdict[name], name
    assert row["reached"] == ("yes" if verdict["reached"] else "no")
    groups = found.groups()
    for name in ("group", "saving", "status", "resources"):
        assert groups[name].tolist() == [one[name] for one in alone.groups.rows], name
    assert set(found.findings("en", ["P0001"])["code"]) >= set(alone.findings.codes())
    faults = found.refused("en")
    assert set(faults["facility"]) == {"P0000"}
    assert "table.negative" in set(faults["code"])
