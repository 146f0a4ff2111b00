"""The example province: what it ships is what its script makes, and the whole path runs."""

from __future__ import annotations

import csv
import datetime as dt
import importlib.util
import random
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import sxsh_audit
from sxsh_audit.reports.open_data import write_open_data
from sxsh_audit.tables.register import Register
from sxsh_audit.tables.register_reading import read_register

ROOT = Path(__file__).resolve().parents[2]
PROVINCE = ROOT / "examples" / "province"


@pytest.fixture(scope="module")
def build() -> Any:
    """Return the script as a module."""
    spec = importlib.util.spec_from_file_location("province_build", PROVINCE / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def register() -> Register:
    return read_register(PROVINCE / "so-theo-doi.xlsx")


def test_what_is_shipped_is_what_the_script_makes(
    build: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["build.py", str(tmp_path)])
    build.main()
    made = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file())
    assert len(made) == 6
    for name in made:
        if name.suffix == ".xlsx":  # how it is packed differs from one zlib to another
            one, other = read_register(tmp_path / name), read_register(PROVINCE / name)
            for table, frame in one.tables.items():
                assert frame.equals(other.tables[table]), table
        else:
            assert (tmp_path / name).read_bytes() == (PROVINCE / name).read_bytes(), name


def test_figures_of_the_first_year_are_those_of_the_source(register: Register) -> None:
    lines = (PROVINCE / "us_plants.csv").read_text(encoding="utf-8").splitlines()
    assert "public domain" in lines[0]
    source = {row["id"]: row for row in csv.DictReader(lines[1:])}
    assert len(source) == len(register.establishments) == 400
    study = sxsh_audit.read_study(PROVINCE / "danh-gia")
    used = study.consumption
    first = used[(used["phase"] == "baseline") & (used["resource"] == "electricity")]
    assert len(first) == 120
    for row in first.to_dict("records"):
        assert row["use"] == float(source[row["facility"]]["kwh"])
        assert row["cost"] == float(source[row["facility"]]["kwh_usd"]) * 20_000
    made = study.production
    tonnes = made[made["phase"] == "baseline"].set_index("facility")["quantity"]
    # AM0593 in the source: 750,000 short tons of cement; 0.90718474 t each
    assert source["AM0593"]["production"] == "750000"
    assert tonnes["AM0593"] == pytest.approx(680_388.6)


def test_nobody_can_take_the_plants_for_plants_of_the_province(register: Register) -> None:
    assert register.establishments["name"].str.contains("Hoa Kỳ").all()
    assert register.establishments["note"].str.contains("tự đặt").all()
    assert register.findings == ()
    assert "Hoa Kỳ" in (PROVINCE / "danh-gia" / "study.toml").read_text(encoding="utf-8")


def test_the_example_stays_small() -> None:
    files = [path for path in PROVINCE.rglob("*")
             if path.is_file() and "__pycache__" not in path.parts]  # fmt: skip
    assert sum(path.stat().st_size for path in files) < 400_000


def part_of(folder: Path, place: Path, plants: int) -> Path:
    """Return a copy of the study with some of its plants."""
    place.mkdir()
    (place / "study.toml").write_bytes((folder / "study.toml").read_bytes())
    chosen: set[str] = set()
    for name in ("san_luong", "tieu_thu", "giai_phap", "loi_ich_giai_phap"):
        head, *rows = (folder / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        if not chosen:
            codes = sorted({row.partition(";")[0] for row in rows})
            chosen = set(random.Random(1).sample(codes, plants))
        kept = [row for row in rows if row.partition(";")[0] in chosen]
        (place / f"{name}.csv").write_text("\n".join([head, *kept, ""]), encoding="utf-8")
    return place


def test_from_the_register_to_database_report_site_and_open_data(
    register: Register, tmp_path: Path
) -> None:
    """The whole path on twenty plants; what comes out at its end is what went in."""
    pytest.importorskip("sqlalchemy")
    from sxsh_audit.assessment.province.progress import programme_progress
    from sxsh_audit.reports.province.yearly import programme_report
    from sxsh_audit.reports.site.publishing import publish
    from sxsh_audit.store import Store

    study = sxsh_audit.read_study(part_of(PROVINCE / "danh-gia", tmp_path / "study", 20))
    found = sxsh_audit.assess(study)
    cutoff = dt.date(2018, 11, 15)
    with Store(f"sqlite:///{tmp_path / 'province.db'}") as store:
        store.put_register(register, who="test", why="first list")
        store.put_study(study, found, who="test", why="assessed")
        progress = programme_progress(store, "vn-qb-2384", 2018, cutoff=cutoff)
        report = programme_report(store, "vn-qb-2384", 2018, tmp_path / "report.html",
                                  cutoff=cutoff)  # fmt: skip
        site = publish(store, tmp_path / "web", programme="vn-qb-2384", year=2018, cutoff=cutoff)
        done = write_open_data(store, tmp_path / "open", salt=bytes(32), minimum=2,
                               agreed_only=False, parquet=False)  # fmt: skip
    # Σ (b − c) Q₁ ÷ Σ b Q₁ of the electricity, worked out from the typed figures
    saved = expected = 0.0
    totals = {
        (row["facility"], row["phase"]): row["quantity"] for row in
        study.production.to_dict("records")
    }  # fmt: skip
    uses = {(row["facility"], row["phase"]): row["use"] for row in
            study.consumption.to_dict("records") if row["resource"] == "electricity"}  # fmt: skip
    for plant in {plant for plant, _ in uses}:
        base = uses[plant, "baseline"] / totals[plant, "baseline"] * totals[plant, "reporting"]
        expected += base
        saved += base - uses[plant, "reporting"]
    row = next(row for row in progress.savings.rows
               if row["resource"] == "electricity" and row["scope"] == "latest")  # fmt: skip
    assert row["plants"] == 20
    assert row["saving"] == pytest.approx(saved / expected, rel=1e-12)
    reached = {one["indicator"]: one for one in progress.counts.rows}["reached"]
    told = Path(report or tmp_path / "report.html").read_text(encoding="utf-8")
    assert re.search(rf"{reached['yes']}/400", told)
    assert (Path(site) / "index.html").exists()
    assert done.plants + done.left_out["rare"] == 20
    again = sxsh_audit.assess(sxsh_audit.read_study(done.study))
    first = Counter((one["resource"], round(one["saving"], 9)) for one in found.savings.rows)
    second = Counter((one["resource"], round(one["saving"], 9)) for one in again.savings.rows)
    assert second <= first
    assert len(again.verdict.rows) == done.plants
