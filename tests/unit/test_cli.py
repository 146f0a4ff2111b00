"""The command: exit codes, one JSON document, both languages, nothing half written."""

from __future__ import annotations

import io
import json
import math
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sxsh_audit.cli import main as cli
from sxsh_audit.cli import output
from sxsh_audit.cli.arguments import choose_language
from sxsh_audit.cli.main import main

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SAO_XANH = str(EXAMPLES / "sao-xanh")


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """Write a study with a negative output and an unknown unit."""
    (tmp_path / "study.toml").write_text('locale = "vi"\n', encoding="utf-8")
    (tmp_path / "san_luong.csv").write_text(
        "Giai đoạn;Sản lượng;Đơn vị\nnền;-120;tấn\nbáo cáo;100;tấn\n", encoding="utf-8")
    (tmp_path / "tieu_thu.csv").write_text(
        "Tài nguyên;Giai đoạn;Lượng mua;Đơn vị\nĐiện;nền;1200;kWk\nĐiện;báo cáo;1100;kWh\n",
        encoding="utf-8")
    return tmp_path


def test_assess_prints_tables_and_is_done(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["assess", SAO_XANH, "--language", "vi"]) == 0
    printed = capsys.readouterr().out
    for part in ("Xưởng đúc Sao Xanh", "8,3 %", "3,7 ngày", "5–8 %"):
        assert part in printed


def test_json_is_one_document_and_does_not_depend_on_the_language(
    capsys: pytest.CaptureFixture[str],
) -> None:
    documents = []
    for language in ("vi", "en"):
        assert main(["assess", SAO_XANH, "--json", "--language", language]) == 0
        printed = capsys.readouterr().out
        assert printed.isascii()
        documents.append(json.loads(printed))
    assert documents[0] == documents[1]
    assert documents[0]["kind"] == "assessment"


def test_faults_block_with_exit_code_1_and_all_of_them_are_told(
    faulty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["assess", str(faulty), "--language", "en"]) == 1
    told = capsys.readouterr().err
    assert "-120" in told
    assert "kWk" in told
    assert "row 2" in told
    assert "Traceback" not in told


def test_faults_as_json_name_file_row_column_and_value(
    faulty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["assess", str(faulty), "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert (document["kind"], document["exit_code"]) == ("error", 1)
    (negative,) = [f for f in document["findings"] if f["code"] == "table.negative"]
    assert negative["place"]["file"] == "san_luong.csv"
    assert negative["place"]["row"] == 2
    assert negative["place"]["column"] == "Sản lượng"
    assert negative["value"] == "-120"


def test_check_tells_and_exits_1_with_faults_and_0_without(
    faulty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(faulty), "--language", "vi"]) == 1
    assert "2 lỗi" in capsys.readouterr().out
    assert main(["check", SAO_XANH, "--json", "--language", "vi"]) == 0
    assert json.loads(capsys.readouterr().out)["blocked"] is False


@pytest.mark.parametrize(
    "arguments",
    [
        ["assess"],
        ["assess", "nowhere-at-all"],
        ["assess", SAO_XANH, "--programme", "vn-xx"],
        ["assess", SAO_XANH, "--phase", "1999"],
        ["assess", SAO_XANH, "--overall", "mean"],
        ["assess", SAO_XANH, "--factor-set", "none-such"],
        ["assess", SAO_XANH, "--nonsense"],
        ["programme", "show", "vn-xx"],
        ["units", "kWk"],
        ["frobnicate"],
        [],
    ],
)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_wrong_use_is_exit_code_2_in_words(
    arguments: list[str], language: str, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SXSH_LANGUAGE", language)
    assert main(arguments) == 2
    captured = capsys.readouterr()
    told = captured.out + captured.err
    assert told.strip()
    assert "Traceback" not in told


def test_wrong_use_with_json_is_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["assess", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["exit_code"] == 2


def test_our_fault_is_exit_code_3_without_a_traceback(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> int:
        raise RuntimeError("boom")

    monkeypatch.setattr(cli, "_run", broken)
    assert main(["assess", SAO_XANH, "--language", "en"]) == 3
    told = capsys.readouterr().err
    assert "RuntimeError: boom" in told
    assert "Traceback" not in told
    assert main(["assess", SAO_XANH, "--json"]) == 3
    assert json.loads(capsys.readouterr().out)["code"] == "internal"


def test_interrupted_is_exit_code_130(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "_run", stopped)
    assert main(["assess", SAO_XANH, "--language", "en"]) == 130
    assert "Interrupted" in capsys.readouterr().err


def test_out_writes_json_page_tables_and_three_charts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["assess", str(EXAMPLES / "roasting"), "--out", str(tmp_path), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert json.loads((tmp_path / "assessment.json").read_text(encoding="utf-8")) == printed
    names = {path.name for path in tmp_path.iterdir()}
    charts = {f"{name}.{ending}" for ending in ("png", "svg")
              for name in ("savings", "specific_consumption", "payback_ladder")}
    assert charts <= names
    assert {"assessment.html", "savings.csv", "options.csv", "verdict.csv"} <= names
    page = (tmp_path / "assessment.html").read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert "http://" not in page.split("<body>")[0]  # nothing is fetched


def test_out_holds_the_tables_and_charts_of_adjusted_savings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["assess", str(EXAMPLES / "det-nhuom"), "--out", str(tmp_path)]) == 0
    names = {path.name for path in tmp_path.iterdir()}
    assert {f"{name}.svg" for name in ("fit", "expected", "residuals", "cusum", "target_interval",
                                       "waterfall")} <= names  # fmt: skip
    assert {f"{name}.csv" for name in ("baselines", "adjusted", "adjusted_overall", "uncertainty",
                                       "change_split", "reconciliation", "expected")} <= names
    text = (tmp_path / "baselines.csv").read_text(encoding="utf-8-sig")
    # Reasons with their numbers stand in one cell, as JSON that a program reads back.
    assert '"[{""code"": ""few_points"", ""n"": 1, ""least"": 12}]"' in text


def test_two_totals_draw_no_chart_over_time(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["assess", SAO_XANH, "--out", str(tmp_path)]) == 0
    names = {path.name for path in tmp_path.iterdir()}
    assert not names & {"fit.svg", "expected.svg", "residuals.svg", "cusum.svg"}


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "1", tmp_path / "2"
    for folder in (first, second):
        assert main(["assess", SAO_XANH, "--out", str(folder)]) == 0
    for path in first.iterdir():
        assert path.read_bytes() == (second / path.name).read_bytes(), path.name


@pytest.mark.parametrize("encoding", ["cp1252", "cp1258", "ascii", "cp437"])
def test_no_console_can_stop_the_printing(
    encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", stream)
    assert main(["assess", SAO_XANH, "--language", "vi"]) == 0
    stream.flush()
    assert stream.buffer.getvalue()  # type: ignore[attr-defined]


def test_a_reader_that_leaves_is_no_fault() -> None:
    if os.name == "nt":
        pytest.skip("Windows has no SIGPIPE")
    command = f'"{sys.executable}" -m sxsh_audit programme list --language vi | head -n 1'
    done = subprocess.run(["bash", "-c", f"set -o pipefail; {command}"], capture_output=True,
                          text=True, check=False)
    assert done.returncode == 0
    assert "Traceback" not in done.stderr


def test_programme_list_and_show(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["programme", "list", "--json"]) == 0
    listed = [item["id"] for item in json.loads(capsys.readouterr().out)["programmes"]]
    assert listed == ["vn-1419", "vn-889", "vn-hn-2024", "vn-na", "vn-pt-4282", "vn-qb-2384",
                      "vn-th-160"]
    for language in ("vi", "en"):
        for name in listed:
            assert main(["programme", "show", name, "--language", language]) == 0
    assert "2384/QĐ-UBND" in capsys.readouterr().out


def test_units_tells_how_a_text_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["units", "kWh/tấn xi măng", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["unit"], found["qualifiers"]) == ("kWh/t", ["xi măng"])
    assert main(["units", "26.087,5 kWh", "--to", "MWh", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["converted"] == pytest.approx(26.0875, rel=1e-15)
    arguments = ["units", "1000 kWh", "--to", "TOE", "--factor-set", "vn-3505", "--json"]
    assert main(arguments) == 0
    assert json.loads(capsys.readouterr().out)["converted"] == pytest.approx(0.1543)
    assert main(["units", "1.234 kWh", "--language", "vi"]) == 2
    assert "1.234" in capsys.readouterr().err


def test_help_and_version_are_done(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help", "--language", "vi"]) == 0
    assert "cách dùng" in capsys.readouterr().out
    for name in ("assess", "check", "programme", "units"):
        assert main([name, "--help", "--language=en"]) == 0
        assert "usage" in capsys.readouterr().out
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("sxsh-audit ")


def test_the_language_is_the_option_then_the_environment_then_the_locale() -> None:
    assert choose_language(["assess", "--language=vi"], {"SXSH_LANGUAGE": "en"}) == "vi"
    assert choose_language([], {"SXSH_LANGUAGE": "vi", "LC_ALL": "en_US.UTF-8"}) == "vi"
    assert choose_language([], {"LANG": "vi_VN"}) == "vi"
    assert choose_language([], {}) == "en"


def copied(tmp_path: Path, name: str, *changes: tuple[str, str, str]) -> Path:
    """Copy an example and change texts in its files: (file, old, new)."""
    folder = tmp_path / name
    shutil.copytree(EXAMPLES / name, folder)
    for file, old, new in changes:
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    return folder


def checked(capsys: pytest.CaptureFixture[str], folder: Path, exit_code: int) -> Any:
    assert main(["check", str(folder), "--json", "--language", "vi"]) == exit_code
    return json.loads(capsys.readouterr().out)


def test_check_tells_all_that_assess_tells(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("sao-xanh", "roasting", "giay-bao-goi"):
        assert main(["assess", str(EXAMPLES / name), "--json"]) == 0
        assessed = json.loads(capsys.readouterr().out)["findings"]
        found = checked(capsys, EXAMPLES / name, 0)["findings"]
        assert [item["code"] for item in found] == [item["code"] for item in assessed]
        assert all(item["rule"] for item in found)


@pytest.mark.parametrize(
    ("key", "old", "new", "code", "row"),
    [
        ("programme", 'programme = "vn-1419"', 'programme = "vn-1491"', "programme.unknown", 11),
        ("phase", 'phase = "2009-2015"', 'phase = "2009"', "programme.phase_unknown", 12),
        ("factor_set", 'currency = "VND"', 'factor_set = "vn-3550"', "convert.no_such_set", 10),
    ],
)
def test_check_tells_a_setting_that_does_not_exist(
    key: str, old: str, new: str, code: str, row: int, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = copied(tmp_path, "sao-xanh", ("study.toml", old, new))
    document = checked(capsys, folder, 1)
    assert document["blocked"]
    (found,) = [item for item in document["findings"] if item["severity"] == "error"]
    assert (found["code"], found["place"]["file"], found["place"]["row"]) == (
        code, "study.toml", row)
    assert found["value"] in new
    assert main(["check", str(folder), "--language", "vi"]) == 1
    assert "1 lỗi" in capsys.readouterr().out


def test_check_tells_every_fault_of_an_own_programme(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = copied(tmp_path, "sao-xanh", ("study.toml", '"vn-1419"', '"mine.toml"'))
    text = (EXAMPLES / "chuong-trinh-cua-toi.toml").read_text(encoding="utf-8")
    text = text.replace("low = 0.05", 'low = "sáu"').replace("low = 0.07", "low = 7")
    (folder / "mine.toml").write_text(text, encoding="utf-8")
    (found,) = [f for f in checked(capsys, folder, 1)["findings"] if f["severity"] == "error"]
    assert found["code"] == "programme.faulty"
    assert "giai đoạn 1 (2021-2025), low" in found["rule"]
    assert "giai đoạn 2 (2026-2030), low" in found["rule"]


@pytest.mark.parametrize("command", ["check", "assess"])
def test_a_path_to_no_study_is_wrong_use(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    letter = tmp_path / "README.md"
    letter.write_text("hello", encoding="utf-8")
    for path in (letter, tmp_path / "nope"):
        assert main([command, str(path), "--language", "en"]) == 2
        assert path.name in capsys.readouterr().err


def test_out_that_is_a_file_is_refused_before_anything_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "kết quả.txt"
    file.write_text("mine", encoding="utf-8")
    assert main(["assess", SAO_XANH, "--out", str(file), "--language", "vi"]) == 2
    assert "đã có một tệp mang tên này" in capsys.readouterr().err
    assert file.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("words", "own"),
    [
        (["assess", SAO_XANH], "assess"), (["check", SAO_XANH], "check"),
        (["units", "kWh"], "units"), (["programme", "list"], "programme list"),
    ],
)
def test_an_unknown_option_shows_the_usage_of_its_command(
    words: list[str], own: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words, "--nonsense", "--language", "en"]) == 2
    told = capsys.readouterr().err
    assert "--nonsense" in told
    assert f"usage: sxsh-audit {own} " in told


def test_the_help_is_in_one_language(capsys: pytest.CaptureFixture[str]) -> None:
    for words in ([], ["assess"], ["check"], ["programme"], ["programme", "show"], ["units"]):
        assert main([*words, "--help", "--language", "vi"]) == 0
        told = capsys.readouterr().out
        for word in ("PATH", "COMMAND", "ACTION", "FILE", "DIR", "TEXT", "UNIT", "KEY", "usage"):
            assert word not in told


def test_help_reaches_a_console_without_vietnamese(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="cp1252")
    monkeypatch.setattr(sys, "stdout", stream)
    assert main(["--help", "--language", "vi"]) == 0


def test_units_says_dimensions_in_words_and_nothing_twice(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["units", "kWh/tấn xi măng", "--language", "vi"]) == 0
    told = capsys.readouterr().out
    assert "năng lượng/khối lượng" in told
    assert "energy" not in told
    assert "1 kWh/t =" not in told
    assert main(["units", "MWh", "--language", "vi"]) == 0
    assert "1 MWh = 1.000 kWh" in capsys.readouterr().out


def test_units_takes_the_names_of_a_study_and_hints_in_options(
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ["units", "1000 lít", "--to", "TOE", "--factor-set", "vn-3505", "--json"]
    found = []
    for name in ("diesel", "Dầu diesel", "dầu DO"):
        assert main([*words, "--resource", name]) == 0
        found.append(json.loads(capsys.readouterr().out)["converted"])
    assert found[0] == found[1] == found[2]
    assert main(["units", "1.234 kWh", "--language", "vi"]) == 2
    told = capsys.readouterr().err
    assert "--locale vi" in told
    assert 'locale="' not in told
    assert main(["units", "1 kWh", "--to", "TOE", "--language", "en"]) == 2
    assert "--factor-set vn-3505" in capsys.readouterr().err


def test_the_page_holds_the_charts_and_fetches_nothing(tmp_path: Path) -> None:
    assert main(["assess", str(EXAMPLES / "roasting"), "--out", str(tmp_path),
                 "--language", "vi"]) == 0
    page = (tmp_path / "assessment.html").read_text(encoding="utf-8")
    assert page.count("<svg") == 8  # three, and five of the adjusted savings
    assert page.count('role="img"') == 8
    names = re.findall(r'aria-labelledby="([^"]+)"', page)
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert set(names) <= set(ids)
    assert len(ids) == len(set(ids))
    targets = re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', page)
    assert {first or second for first, second in targets} <= set(ids)
    assert not re.search(r'(src|href)="https?:', page)
    for part in ("@media print", "prefers-color-scheme:dark", "@page{size:A4", "max-width"):
        assert part in page


def many_plants(folder: Path, count: int) -> Path:
    """Write a study of `count` plants."""
    folder.mkdir()
    (folder / "study.toml").write_text('locale = "en"\n', encoding="utf-8")
    names = [f"Xưởng {number}" for number in range(1, count + 1)]
    production = [f"{name},{phase},100,t" for name in names for phase in ("baseline", "reporting")]
    use = [f"{name},Electricity,{phase},{amount},kWh" for name in names
           for phase, amount in (("baseline", 1200), ("reporting", 1100))]  # fmt: skip
    (folder / "production.csv").write_text(
        "\n".join(["Plant,Phase,Output,Unit", *production]), encoding="utf-8")
    (folder / "consumption.csv").write_text(
        "\n".join(["Plant,Resource,Phase,Quantity,Unit", *use]), encoding="utf-8")
    return folder


def test_several_plants_have_charts_of_their_own_up_to_a_limit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    few = many_plants(tmp_path / "few", 2)
    assert main(["assess", str(few), "--out", str(out), "--language", "vi"]) == 0
    names = {path.name for path in out.iterdir()}
    assert {"savings-xuong-1.png", "savings-xuong-2.svg"} <= names
    assert "savings.png" not in names
    assert (out / "assessment.html").read_text(encoding="utf-8").count("<svg") == 2
    assert "riêng cho từng cơ sở" in capsys.readouterr().out
    many = many_plants(tmp_path / "many", output.PLANTS_DRAWN + 1)
    assert main(["assess", str(many), "--out", str(tmp_path / "out2"), "--language", "vi"]) == 0
    assert not list((tmp_path / "out2").glob("*.png"))
    assert "Không vẽ biểu đồ: có 13 cơ sở" in " ".join(capsys.readouterr().out.split())


def test_no_cell_of_a_csv_file_is_a_formula_and_no_figure_carries_noise() -> None:
    frame = pd.DataFrame({
        "name": ['=HYPERLINK("x")', "+84", "@sum", "\tx", "-2+3", "-120", "Điện", "–"],
        "value": [11999999.999999996, 0.1, -5.0, 1e-7, math.nan, 2.5e17, 1 / 3, 26087.5],
        "count": range(8),
    })  # fmt: skip
    rows = [line.split(";") for line in output.csv_text(frame, "vi").splitlines()]
    names = [row[0].strip('"').replace('""', '"') for row in rows[1:]]
    assert names == ["'=HYPERLINK(\"x\")", "'+84", "'@sum", "\\tx", "'-2+3", "-120", "Điện", "–"]
    values = [row[1] for row in rows[1:]]
    assert values[:3] == ["12000000", "0,1", "-5"]
    assert values[6] == "0,333333333333333"
    assert [row[2] for row in rows[1:]] == [str(number) for number in range(8)]
    assert "12000000," in output.csv_text(frame, "en")


def wrong_uses() -> list[list[str]]:
    """Return one use of every kind that argparse refuses, for each command."""
    return [
        ["assess"],
        ["assess", "--phase"],
        ["assess", "x", "--json=1"],
        ["assess", "x", "--overall", "best"],
        ["assess", "x", "y"],
        ["nothing"],
        ["programme"],
        ["programme", "forget"],
        ["check", "x", "--nonsense"],
        ["units", "kWh", "--locale", "fr"],
    ]


@pytest.mark.parametrize("words", wrong_uses(), ids=" ".join)
def test_a_wrong_use_is_told_without_a_word_of_argparse(
    words: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {}
    for language in ("vi", "en"):
        monkeypatch.setenv("SXSH_LANGUAGE", language)
        assert main(words) == 2
        told[language] = capsys.readouterr().err
    first = told["vi"].splitlines()[0]
    assert not re.search(r"argument|expected|invalid|unrecognized|required|usage", first)
    assert "cách dùng: sxsh-audit" in told["vi"]
    assert "usage: sxsh-audit" in told["en"]


@pytest.mark.parametrize(
    "words", [[], ["assess"], ["check"], ["programme"], ["programme", "list"],
              ["programme", "show"], ["units"]], ids=" ".join,
)  # fmt: skip
def test_help_is_vietnamese_throughout(
    words: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SXSH_LANGUAGE", "vi")
    monkeypatch.setenv("COLUMNS", "80")
    assert main([*words, "--help"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("cách dùng: sxsh-audit")
    assert not re.search(r"usage:|positional|options:|commands:|show (this|program)|default", told)
    # the lines of a long usage stand below its first word, not below an English «usage: »
    usage = told.split("\n\n")[0].splitlines()
    indent = len(" ".join(["cách dùng: sxsh-audit", *words])) + 1
    assert all(line.startswith(" " * indent) for line in usage[1:])


@pytest.mark.parametrize(
    ("option", "value", "code"),
    [
        ("--discount-rate", "-5%", "settings.fraction_range"),
        ("--discount-rate", "-5,5%", "settings.fraction_range"),
        ("--reach", "-,5%", "settings.fraction_range"),
        ("--budget", "-500tr", "settings.negative"),
        ("--inflation", "-100%", "settings.fraction_range"),
    ],
)
def test_a_value_with_a_minus_sign_is_a_value(
    capsys: pytest.CaptureFixture[str], option: str, value: str, code: str
) -> None:
    assert main(["assess", SAO_XANH, option, value, "--json", "--language", "en"]) == 2
    assert json.loads(capsys.readouterr().out)["code"] == code


def test_an_inflation_below_zero_is_taken(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["assess", SAO_XANH, "--discount-rate", "10%", "--inflation", "-1%", "--json"]
    assert main(words) == 0
    assert json.loads(capsys.readouterr().out)["settings"]["terms"]["inflation"] == -0.01


def test_an_option_is_no_value_of_the_one_before(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["assess", SAO_XANH, "--budget", "--json", "--language", "en"]) == 2
    assert "value is missing" in json.loads(capsys.readouterr().out)["message"]
