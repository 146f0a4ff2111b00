"""Every chart as files: the whole set or none of it, with the figures that it shows."""

from __future__ import annotations

import csv
import io
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import sxsh_audit as sx
from sxsh_audit import charts
from sxsh_audit.errors import OutputError
from sxsh_audit.reports import chart_plan
from sxsh_audit.reports.chart_folder import ENDINGS, write_charts

KINDS = ("savings", "specific_consumption")


def plants(*names: str) -> sx.Assessment:
    """Assess plants of two totals each."""
    rows = [(name, *both) for name in names for both in (("nền", 1200), ("báo cáo", 1100))]
    facility, phase, use = zip(*rows, strict=True)
    common = {"Mã cơ sở": facility, "Giai đoạn": phase}
    return sx.assess(sx.Study(
        production=pd.DataFrame({**common, "Sản lượng": 1000, "Đơn vị": "t"}),
        consumption=pd.DataFrame(
            {**common, "Tài nguyên": "Điện", "Lượng mua": use, "Đơn vị": "kWh"}),
    ))  # fmt: skip


@pytest.fixture(scope="module")
def one() -> sx.Assessment:
    return plants("A")


@pytest.fixture(scope="module")
def folder(one: sx.Assessment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the charts of one plant, in Vietnamese."""
    place: Path = tmp_path_factory.mktemp("charts") / "new" / "deep"
    written = write_charts(one, place)
    assert sorted(written) == sorted(place.iterdir())
    return place


def test_each_chart_has_every_form(folder: Path) -> None:
    names = {path.name for path in folder.iterdir()}
    for kind in KINDS:
        assert {f"{kind}{ending}" for ending in ENDINGS} <= names
        assert ET.parse(folder / f"{kind}.svg").getroot().tag.endswith("svg")
        assert (folder / f"{kind}.pdf").read_bytes().startswith(b"%PDF")


def test_pictures_have_the_width_of_a_page_and_of_a_projector(folder: Path) -> None:
    for kind in KINDS:
        for ending, width in (("-print.png", 3600), ("-slide.png", 1920)):
            data = (folder / f"{kind}{ending}").read_bytes()
            assert data.startswith(b"\x89PNG")
            assert int.from_bytes(data[16:20], "big") == width


def test_the_data_are_the_figures_of_the_chart(folder: Path, one: sx.Assessment) -> None:
    text = (folder / "savings.csv").read_text(encoding="utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text), delimiter=";")
    (bar,) = one.savings_bars("vi")
    assert float(row["saving"].replace(",", ".")) == pytest.approx(bar.saving)
    assert "," in row["saving"]  # as a Vietnamese spreadsheet reads it


def test_the_same_results_give_the_same_files(
    folder: Path, one: sx.Assessment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chart_plan, "CHARTS", {"savings": chart_plan.CHARTS["savings"]})
    for path in write_charts(one, tmp_path):
        assert path.read_bytes() == (folder / path.name).read_bytes(), path.name


def test_nothing_is_overwritten_unasked(
    one: sx.Assessment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "savings.csv").write_text("mine")
    monkeypatch.setattr(charts, "save", lambda *_, **__: pytest.fail("refused before drawing"))
    with pytest.raises(OutputError) as refused:
        write_charts(one, tmp_path, language="en")
    assert refused.value.code == "output.exists"
    assert "savings.csv" in str(refused.value)
    assert [path.name for path in tmp_path.iterdir()] == ["savings.csv"]
    assert (tmp_path / "savings.csv").read_text() == "mine"


@pytest.mark.parametrize("fault", [KeyboardInterrupt(), RuntimeError("boom")],
                         ids=lambda fault: type(fault).__name__)  # fmt: skip
def test_a_failure_in_the_middle_leaves_what_was_there(
    one: sx.Assessment, tmp_path: Path, fault: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "savings.csv").write_text("mine")
    done = []

    def save(axes: object, path: Path, **_: Any) -> None:
        done.append(path)
        if len(done) == 3:
            raise fault
        path.write_bytes(b"new")

    monkeypatch.setattr(charts, "save", save)
    with pytest.raises(type(fault)):
        write_charts(one, tmp_path, overwrite=True)
    assert [path.name for path in tmp_path.iterdir()] == ["savings.csv"]
    assert (tmp_path / "savings.csv").read_text() == "mine"


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write files without drawing them."""
    monkeypatch.setattr(charts, "save", lambda axes, path, **_: path.write_bytes(b"x"))
    monkeypatch.setattr(chart_plan.PlannedChart, "draw", lambda self, language: None)


@pytest.mark.usefixtures("undrawn")
def test_no_name_of_a_plant_leads_out_of_the_folder(tmp_path: Path) -> None:
    names = ["../../x", "C:\\x", "CON", "工厂", "☃", "đ" * 300, "Nhà máy A", "nha-may a", "<b>"]
    written = write_charts(plants(*names), tmp_path / "out")
    assert sorted(written) == sorted((tmp_path / "out").iterdir())
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    for path in written:
        assert re.fullmatch(r"[a-z_]+-[a-z0-9-]+\.(svg|pdf|png|csv)", path.name)
    assert len({path for path in written if path.name.startswith("savings-")}) == 5 * len(names)


@pytest.mark.usefixtures("undrawn")
def test_progress_is_told_chart_by_chart(one: sx.Assessment, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    written = write_charts(one, tmp_path, progress=lambda done, all_: told.append((done, all_)))
    count = len(written) // len(ENDINGS)
    assert told == [(number, count) for number in range(1, count + 1)]


@pytest.mark.usefixtures("undrawn")
def test_more_plants_than_anyone_looks_at_have_none(tmp_path: Path) -> None:
    names = [f"P{number}" for number in range(chart_plan.PLANTS_DRAWN + 1)]
    assert write_charts(plants(*names), tmp_path / "out") == []


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("language", ["vi", "en"])
def test_no_cell_of_the_data_is_run(tmp_path: Path, language: Any) -> None:
    result = plants("=1+1", "@SUM(1)")
    for path in write_charts(result, tmp_path, language=language):
        if path.suffix == ".csv":
            text = path.read_text(encoding="utf-8-sig")
            mark = ";" if language == "vi" else ","
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark):
                assert not [cell for cell in row if cell.startswith(("=", "+", "@"))]


def test_anything_else_is_refused_by_type(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="give an Assessment, not str"):
        write_charts("study", tmp_path)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="vi"):
        write_charts(plants("A"), tmp_path, language="fr")  # type: ignore[arg-type]
