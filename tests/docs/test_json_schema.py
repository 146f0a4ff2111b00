"""Everything that the command prints with --json follows the published schema, and fills it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

import sxsh_audit as sx
from sxsh_audit.assessment.baselines.candidates import REASONS
from sxsh_audit.cli.main import main
from sxsh_audit.data import open_fact

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
SCHEMA: dict[str, Any] = json.loads(
    open_fact("schema/assessment-1.schema.json").read_text(encoding="utf-8")
)


def closed(schema: Any) -> Any:
    """Return the schema with no field allowed beside those that it describes.

    The published schema leaves room for fields of later versions; this one finds a field of today
    that nobody described.
    """
    if isinstance(schema, dict):
        inner = {key: closed(value) for key, value in schema.items()}
        if "properties" in inner and "oneOf" not in inner:
            inner.setdefault("additionalProperties", False)
        return inner
    return [closed(entry) for entry in schema] if isinstance(schema, list) else schema


STRICT = closed(SCHEMA)


def validate(document: Any) -> None:
    kind = document["kind"]
    # Against its own kind, for a message that says more than "not valid under any".
    own = {**STRICT, "$ref": f"#/$defs/{kind}"}
    del own["oneOf"]
    Draft202012Validator(own).validate(document)
    Draft202012Validator(SCHEMA).validate(document)


def printed(capsys: pytest.CaptureFixture[str], *words: str, exit_code: int = 0) -> Any:
    assert main([*words, "--json"]) == exit_code
    document = json.loads(capsys.readouterr().out)
    validate(document)
    return document


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", ["sao-xanh", "roasting", "det-nhuom", "tinh-bot-san"])
@pytest.mark.parametrize("command", ["assess", "check"])
def test_examples(name: str, command: str, capsys: pytest.CaptureFixture[str]) -> None:
    document = printed(capsys, command, str(EXAMPLES / name))
    assert document["kind"] == {"assess": "assessment", "check": "check"}[command]


def test_without_a_programme_and_with_an_energy_total() -> None:
    study = sx.Study.from_totals(
        "P", output=("100 t", "110 t"), electricity=("5000 kWh", "5100 kWh"),
        water=("70 m3", "90 m3"), prices={"electricity": "2000 VND/kWh"},
    )  # fmt: skip
    validate(sx.assess(study, factor_set="vn-3505").to_dict())


def test_a_resource_that_is_new() -> None:
    study = sx.Study.from_totals(
        "P", output=("100 t", "110 t"), electricity=("5000 kWh", "5100 kWh"),
        coal=("0 t", "3 t"), prices={"electricity": "2000 VND/kWh", "coal": "3000000 VND/t"},
        settings={"baseline": "2013", "reporting": "2014"},
    )  # fmt: skip
    validate(sx.assess(study, programme="vn-qb-2384").to_dict())


MONTHS = [f"{month:02d}/{year}" for year in (2013, 2014) for month in range(1, 13)]


@pytest.mark.parametrize("adjust_to", ["forecast", "backcast", "standard"])
@pytest.mark.parametrize("kind", ["auto", "ratio", "base_load_ratio", "regression"])
def test_adjusted_savings(kind: str, adjust_to: str) -> None:
    output = [80 + (7 * k) % 31 + k % 5 for k in range(24)]
    use = [1000 + 20 * q + (5 * k) % 7 for k, q in enumerate(output)]
    made = pd.DataFrame({"Kỳ": MONTHS, "Sản lượng": output, "Đơn vị": "t"})
    used = pd.DataFrame({"Tài nguyên": "Điện", "Kỳ": MONTHS, "Lượng mua": use, "Đơn vị": "kWh"})
    study = sx.Study(production=made, consumption=used, baseline="2013", reporting="2014",
                     quality="billed", base_load={"electricity": "20 %"}, adjust_to=adjust_to,
                     standard_conditions={"output": "90 t"},
                     earlier_saving={"electricity": "4 %"})  # fmt: skip
    found = sx.assess(study, programme="vn-qb-2384", baseline=kind)
    assert len(found.expected) == 24
    validate(found.to_dict())


def test_every_reason_of_a_baseline_is_described() -> None:
    told = SCHEMA["$defs"]["baseline_candidate"]["properties"]["reasons"]["items"]["properties"]
    assert tuple(told["code"]["enum"]) == REASONS


def test_programmes(capsys: pytest.CaptureFixture[str]) -> None:
    listed = printed(capsys, "programme", "list")
    assert len(listed["programmes"]) == len(sx.programmes())
    for entry in sx.programmes():
        printed(capsys, "programme", "show", entry.id)


@pytest.mark.parametrize(
    "words", [("kWh/tấn xi măng",), ("26.087,5 kWh",), ("12 MWh", "--to", "GJ")]
)
def test_units(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys, "units", *words)["kind"] == "unit"


def test_the_list_of_units(capsys: pytest.CaptureFixture[str]) -> None:
    document = printed(capsys, "units")
    assert document["kind"] == "units"
    assert {"kWh", "t", "TOE"} <= {entry["unit"] for entry in document["units"]}


def test_template(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.xlsx"
    document = printed(capsys, "template", str(path), "--months", "totals")
    assert (document["kind"], document["file"]) == ("template", str(path))
    again = printed(capsys, "template", str(path), exit_code=2)
    assert (again["kind"], again["code"]) == ("error", "output.exists")


FAILURES = {
    "no such folder": ("assess", "nowhere"),
    "no such programme": ("programme", "show", "nowhere"),
    "not a unit": ("units", "qwerty"),
    "no such option": ("assess", "--nonsense"),
    "no argument": ("check",),
}


@pytest.mark.parametrize("words", FAILURES.values(), ids=list(FAILURES))
def test_wrong_use(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    document = printed(capsys, *words, exit_code=2)
    assert (document["kind"], document["exit_code"]) == ("error", 2)


def test_faults_in_the_records(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "plant"
    shutil.copytree(EXAMPLES / "sao-xanh", folder)
    file = folder / "san_luong.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("1.000", "-1.000"), encoding="utf-8")
    refused = printed(capsys, "assess", str(folder), exit_code=1)
    assert (refused["exit_code"], len(refused["findings"])) == (1, 2)
    checked = printed(capsys, "check", str(folder), exit_code=1)
    assert checked["blocked"]
    assert all(item["rule"] for item in checked["findings"])


def test_our_fault(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def broken(*given: object, **more: object) -> None:
        raise RuntimeError("broken on purpose")

    monkeypatch.delenv("SXSH_DEBUG", raising=False)
    monkeypatch.setattr("sxsh_audit.cli.commands.programme", broken)
    assert printed(capsys, "programme", "list", exit_code=3)["exit_code"] == 3


PROVINCE, LIST = str(EXAMPLES / "province" / "so-theo-doi.xlsx"), str(EXAMPLES / "chon-co-so")
WEIGHTS = [f"--weight={name}=20" for name in ("saving", "size", "pollution", "data", "cost")]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("programme_progress", ("programme", "progress", PROVINCE, "--programme", "vn-qb-2384",
                                "--year", "2018", "--cutoff", "2018-11-15")),
        ("candidates", ("programme", "candidates", LIST, *WEIGHTS)),
        ("benchmark", ("programme", "benchmark", LIST, "--resource", "energy")),
        ("register_check", ("register", "check", LIST)),
    ],
)  # fmt: skip
def test_the_province(
    kind: str, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert printed(capsys, *words)["kind"] == kind


def test_a_report_that_is_merged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "register.toml").write_text(
        'programme = "vn-qb-2384"\nagency = "UBND huyện Lệ Thủy"\nyear = "2018"\n',
        encoding="utf-8")  # fmt: skip
    (tmp_path / "statuses.csv").write_text(
        "Mã cơ sở;Chỉ tiêu;Kết quả;Ngày\nG02;áp dụng;có;31/10/2018\n", encoding="utf-8")
    document = printed(capsys, "register", "merge", LIST, str(tmp_path))
    assert document["kind"] == "register_merge"
    assert document["records"]["statuses"] == 1


def test_savings_of_a_province(capsys: pytest.CaptureFixture[str]) -> None:
    from sxsh_audit.assessment.province.assessed import with_assessments

    found = sx.assess(sx.read_study(EXAMPLES / "tinh-bot-san"))
    register = sx.Register.from_frames(establishments=pd.DataFrame(
        {"establishment": ["tinh-bot-san", "B"], "name": ["A", "B"]}))  # fmt: skip
    register = with_assessments(register, [found])
    document = sx.programme_progress(register, "vn-qb-2384", 2019).to_dict()
    assert document["savings"]
    assert document["studies"]
    validate(document)


def test_forms_of_a_programme(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    form = tmp_path / "register.xlsx"
    assert printed(capsys, "register", "template", str(form))["kind"] == "register_template"


def test_many_plants(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from made_up_plants import records

    from sxsh_audit.scale.dataset import write_dataset

    used, made = records(3, faulty=(2,))
    settings = {"baseline": "2013", "reporting": "2014", "quality": "billed"}
    write_dataset({"consumption": used.drop(columns="price"), "production": made,
                   "settings": settings}, tmp_path / "plants")  # fmt: skip
    for words in ((), ("--programme", "vn-qb-2384", "--factor-set", "vn-3505", "--overwrite")):
        document = printed(capsys, "assess-many", str(tmp_path / "plants"), str(tmp_path / "r"),
                           "--workers", "1", *words)  # fmt: skip
        assert document["kind"] == "many_assessments"
