"""A study comes back equal: its checked inputs, what was found, and the register's rows of it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd
import pytest

import sxsh_audit as sx
from sxsh_audit.assessment.province.assessed import assessed_rows
from sxsh_audit.errors import StoreError
from sxsh_audit.store.store import Store
from sxsh_audit.tables.register import RESULT_TABLES, Register
from sxsh_audit.tables.study_data import study_to_data

Pair = tuple[sx.Study, sx.Assessment]


@cache
def small(name: str, used: str = "1.155.000 kWh") -> Pair:
    study = sx.Study.from_totals(name, output=("1.000 tấn", "1.050 tấn"),
                                 electricity=("1.200.000 kWh", used),
                                 settings={"locale": "vi"})  # fmt: skip
    return study, sx.assess(study)


def test_inputs_and_findings_come_back_equal(store: Store, roasting: Pair) -> None:
    study, assessment = roasting
    change = store.put_study(study, assessment)
    assert change.records == {"studies": 1}
    kept = store.inputs("roasting")
    for name in study.tables.__dataclass_fields__:
        pd.testing.assert_frame_equal(getattr(kept.tables, name), getattr(study.tables, name))
    assert (kept.settings, kept.findings, kept.hashes) == (
        study.settings, study.findings, study.hashes)  # fmt: skip
    assert study_to_data(kept) == study_to_data(study)
    assert store.assessment("roasting").to_dict() == assessment.to_dict()
    assert sx.assess(kept).to_dict() == assessment.to_dict()


def test_the_register_shows_what_was_found(store: Store, roasting: Pair) -> None:
    store.put_register(Register.from_frames(
        establishments=pd.DataFrame({"establishment": ["QB-7"]})))  # fmt: skip
    change = store.put_study(*roasting, establishments={"roasting": "QB-7"})
    assert change.findings == ()
    wanted = assessed_rows(roasting[1], {"roasting": "QB-7"})
    register = store.register()
    for name in RESULT_TABLES:
        pd.testing.assert_frame_equal(register.tables[name], wanted[name], check_exact=True)
        assert len(wanted[name])
    assert not store.put_register(register)


def test_a_plant_that_is_not_in_the_register_is_told(store: Store, roasting: Pair) -> None:
    (item,) = store.put_study(*roasting).findings
    assert (item.code, item.numbers["names"]) == ("store.not_in_register", ["roasting"])


def test_the_same_study_again_writes_nothing(store: Store, roasting: Pair) -> None:
    assert store.put_study(*roasting).number == 1
    assert store.put_study(*roasting).number == 0


def test_a_corrected_study_is_a_new_version_counted_once(store: Store) -> None:
    first, second = small("x"), small("x", "1.100.000 kWh")
    store.put_study(*first)
    with pytest.raises(StoreError) as refusal:
        store.put_study(*second)
    assert refusal.value.code == "store.why"
    store.put_study(*second, why="meter read again")
    register = store.register()
    assert len(register.results) == 1
    # 1 − (1 100 000 ÷ 1 050) ÷ (1 200 000 ÷ 1 000) = 0.126984…
    assert register.results["saving"].tolist() == pytest.approx([1 - 1100 / 1050 / 1.2])
    # 1 − (1 155 000 ÷ 1 050) ÷ 1 200 = 0.083333…
    assert store.register(as_of=1).results["saving"].tolist() == pytest.approx([1 / 12])
    assert store.assessment("x", 1).to_dict() == first[1].to_dict()
    assert store.assessment("x").to_dict() == second[1].to_dict()


def test_an_assessment_of_other_inputs_is_refused(store: Store, roasting: Pair) -> None:
    with pytest.raises(StoreError) as refusal:
        store.put_study(roasting[0], small("x")[1])
    assert refusal.value.code == "store.other_study"


def test_a_name_is_not_taken_over_by_other_plants(store: Store) -> None:
    store.put_study(*small("x"), establishments={"x": "A"})
    with pytest.raises(StoreError) as refusal:
        store.put_study(*small("x"), establishments={"x": "B"}, why="?")
    assert refusal.value.code == "store.name_taken"
    store.put_study(*small("x"), establishments={"x": "B"}, name="x-2")
    assert store.studies()["study"].tolist() == ["x", "x-2"]


def test_a_plant_that_the_study_does_not_have_is_refused(store: Store) -> None:
    with pytest.raises(StoreError) as refusal:
        store.put_study(*small("x"), establishments={"y": "A"})
    assert refusal.value.code == "store.unknown_plant"


def test_many_studies_are_one_change_or_none(store: Store) -> None:
    pairs = [small(f"s{i}") for i in range(3)]
    assert store.put_studies(iter(pairs)).records == {"studies": 3}

    def broken() -> object:
        yield small("s3")
        raise RuntimeError("stopped")

    with pytest.raises(RuntimeError, match="stopped"):
        store.put_studies(broken())  # type: ignore[arg-type]
    assert store.studies()["study"].tolist() == ["s0", "s1", "s2"]


def test_an_option_that_never_pays_comes_back_so(store: Store, root: Path) -> None:
    study = sx.read_study(root / "examples" / "thuy-san")
    assessment = sx.assess(study)
    store.put_study(study, assessment)
    wanted = assessed_rows(assessment)["options"]
    pd.testing.assert_frame_equal(store.register().options, wanted, check_exact=True)


@pytest.mark.parametrize("batch", range(1, 9))
def test_a_change_of_many_studies_goes_in_part_by_part(
    store: Store, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    """Whichever table is full first, a row never comes before the one that it names."""
    from sxsh_audit.store import changes

    monkeypatch.setattr(changes, "BATCH", batch)
    pairs = [small(f"s{number}") for number in range(6)]
    assert store.put_studies(pairs).records == {"studies": 6}
    register = store.register()
    assert sorted(register.verdicts["study"]) == [f"s{number}" for number in range(6)]
    assert store.check() == ()
