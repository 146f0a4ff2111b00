"""The register comes back as it was put in, at every time, with who changed what and why."""

from __future__ import annotations

import datetime as dt
import math

import pandas as pd
import pytest

from sxsh_audit.errors import StoreError
from sxsh_audit.store.store import Store
from sxsh_audit.tables.register import REGISTER_COLUMNS, Register

DAY = dt.date(2015, 6, 1)


def plants(**columns: list[object]) -> Register:
    return Register.from_frames(establishments=pd.DataFrame(columns))


def full() -> Register:
    """Return a register with a row in every table that people type, and unknown cells."""
    return Register.from_frames(
        settings={"programme": "vn-qb-2384", "province": "Quảng Bình"},
        establishments=pd.DataFrame({
            "establishment": ["B", "A"], "name": ["Xưởng «B»\n'; DROP TABLE changes; --", "A"],
            "revenue": [1_234_567_890_123.0, math.nan], "employees": [12.0, math.nan],
            "output": [0.1 + 0.2, 5e-324], "opened": [dt.date(1999, 12, 31), None],
            "pollution": ["yes", ""]}),
        statuses=pd.DataFrame({"establishment": ["A", "A"], "indicator": ["reached", "aware"],
                               "value": ["yes", "no"], "date": [DAY, None]}),
        events=pd.DataFrame({"event": ["T1"], "kind": ["training"], "date": [DAY],
                             "people": [30.0]}),
        participants=pd.DataFrame({"event": ["T1", "T1"], "establishment": ["A", ""],
                                   "agency": ["", "Phòng Công Thương"]}),
        tasks=pd.DataFrame({"task": ["1.1"], "year": [2015.0], "progress": [0.5]}),
        budget=pd.DataFrame({"item": ["b1"], "year": [2015.0], "planned": [50_000_000.0],
                             "spent": [math.nan]}),
        reports=pd.DataFrame({"agency": ["Sở"], "year": [2015.0], "received": [DAY]}),
    )  # fmt: skip


def same(found: Register, wanted: Register) -> None:
    for name in REGISTER_COLUMNS:
        by = list(REGISTER_COLUMNS[name])[:3]
        one = found.tables[name].sort_values(by).reset_index(drop=True)
        two = wanted.tables[name].sort_values(by).reset_index(drop=True)
        pd.testing.assert_frame_equal(one, two, check_exact=True)


def test_every_table_comes_back_cell_by_cell(store: Store) -> None:
    change = store.put_register(full())
    found = store.register()
    same(found, full())
    assert found.settings == {"programme": "vn-qb-2384", "province": "Quảng Bình", "change": "1"}
    assert change.records == {"establishments": 2, "statuses": 2, "events": 1, "participants": 2,
                              "tasks": 1, "budget": 1, "reports": 1, "settings": 2}  # fmt: skip


def test_the_same_register_again_writes_nothing(store: Store) -> None:
    assert store.put_register(full()).number == 1
    again = store.put_register(full())
    assert not again
    assert (again.number, again.records) == (0, {})
    assert not store.put_register(store.register())  # nor does what was read


def test_a_correction_is_a_new_version_and_the_old_one_can_be_read(store: Store) -> None:
    store.put_register(plants(establishment=["A", "B"], name=["Xưởng A", "B"]))
    change = store.put_register(plants(establishment=["A"], name=["Nhà máy A"]), why="new name")
    assert change.records == {"establishments": 1}
    assert store.register().establishments["name"].tolist() == ["Nhà máy A", "B"]
    assert store.register(as_of=1).establishments["name"].tolist() == ["Xưởng A", "B"]
    assert len(store.register(as_of=0).establishments) == 0


def test_what_is_not_in_a_register_stays_as_it_is(store: Store) -> None:
    store.put_register(plants(establishment=["A", "B"]))
    store.put_register(plants(establishment=["C"]))
    assert store.register().establishments["establishment"].tolist() == ["A", "B", "C"]


def test_a_day_ends_at_midnight_in_viet_nam(store: Store) -> None:
    """24 November 2015, 23:30 at Đồng Hới is 16:30 UTC; 00:30 of the 25th is 17:30 UTC."""
    first = dt.datetime(2015, 11, 24, 16, 30, tzinfo=dt.UTC)
    store.put_register(plants(establishment=["A"]), when=first)
    store.put_register(plants(establishment=["B"]), when=first + dt.timedelta(hours=1))
    assert len(store.register(as_of=dt.date(2015, 11, 23)).establishments) == 0
    assert len(store.register(as_of=dt.date(2015, 11, 24)).establishments) == 1
    assert len(store.register(as_of=dt.date(2015, 11, 25)).establishments) == 2
    assert len(store.register(as_of=first).establishments) == 1


@pytest.mark.parametrize(
    ("register", "code"),
    [
        (plants(establishment=[""], name=["?"]), "store.no_key"),
        (plants(establishment=["x" * 501]), "store.key_long"),
        (plants(establishment=["A"], revenue=[0.5]), "store.part_of_dong"),
        (plants(establishment=["A"], revenue=[1e30]), "store.part_of_dong"),
        (plants(establishment=["A"], name=["a\0b"]), "store.text"),
        (plants(establishment=["A"], name=["\ud800"]), "store.text"),
        (plants(establishment=["A"], publish=["maybe"]), "store.yes_no"),
        (plants(establishment=["A", "A"], name=["1", "2"]), "store.twice"),
        (Register.from_frames(verdicts=pd.DataFrame({"establishment": ["A"], "study": ["s"]})),
         "store.results"),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_and_nothing_of_it_is_kept(
    store: Store, register: Register, code: str
) -> None:
    good = plants(establishment=["G"]).establishments
    whole = register.with_tables(
        establishments=pd.concat([good, register.establishments], ignore_index=True))
    with pytest.raises(StoreError) as refusal:
        store.put_register(whole)
    assert refusal.value.code == code
    assert len(store.register().establishments) == 0
    assert store.put_register(plants(establishment=["G"])).number == 1


def test_a_correction_needs_a_reason_and_a_first_version_none(store: Store) -> None:
    store.put_register(plants(establishment=["A"], name=["1"]))
    with pytest.raises(StoreError, match="reason") as refusal:
        store.put_register(plants(establishment=["A"], name=["2"]))
    assert refusal.value.code == "store.why"
    assert store.register().establishments["name"].tolist() == ["1"]


def test_time_does_not_go_back(store: Store) -> None:
    noon = dt.datetime(2015, 11, 24, 12, tzinfo=dt.UTC)
    store.put_register(plants(establishment=["A"]), when=noon)
    for when, code in ((noon - dt.timedelta(seconds=1), "store.back_in_time"),
                       (noon.replace(tzinfo=None), "store.time_zone")):  # fmt: skip
        with pytest.raises(StoreError) as refusal:
            store.put_register(plants(establishment=["B"]), when=when)
        assert refusal.value.code == code


# -- two people with the same register ---------------------------------------------------------


def test_a_register_read_earlier_does_not_undo_what_others_changed(store: Store) -> None:
    store.put_register(plants(establishment=["A", "B"], name=["A", "B"]))
    mine = store.register()
    store.put_register(plants(establishment=["B"], name=["B of Minh"]), why="Minh")
    names = mine.establishments
    names.loc[names["establishment"] == "A", "name"] = "A of Lan"
    change = store.put_register(mine.with_tables(establishments=names), why="Lan")
    assert change.records == {"establishments": 1}
    assert store.register().establishments["name"].tolist() == ["A of Lan", "B of Minh"]


def test_the_same_record_changed_by_two_people_is_a_conflict(store: Store) -> None:
    store.put_register(plants(establishment=["A"], name=["A"]))
    mine = store.register()
    store.put_register(plants(establishment=["A"], name=["A of Minh"]), why="Minh")
    names = mine.establishments.assign(name="A of Lan")
    with pytest.raises(StoreError) as refusal:
        store.put_register(mine.with_tables(establishments=names), why="Lan")
    assert refusal.value.code == "store.conflict"
    assert refusal.value.numbers == {"kind": "establishments", "keys": ["A"], "count": 1,
                                     "since": 1}  # fmt: skip
    assert store.register().establishments["name"].tolist() == ["A of Minh"]
