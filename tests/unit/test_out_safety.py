"""``assess --out``: the whole set of files or none of it, and an old one is never lost."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from study_folders import write_study

from sxsh_audit import charts
from sxsh_audit.cli import output
from sxsh_audit.cli.main import main
from sxsh_audit.errors import OutputError
from sxsh_audit.files.replacing import replacing_all

SAO_XANH = str(Path(__file__).resolve().parents[2] / "examples" / "sao-xanh")
no_posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals and limits")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def out(folder: Path, *more: str) -> int:
    return main(["assess", SAO_XANH, "--out", str(folder), "--language", "en", *more])


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Return a folder with two of the files, of somebody else's, and a third one."""
    folder = tmp_path / "out"
    folder.mkdir()
    for name in ("assessment.json", "savings.png", "mine.txt"):
        (folder / name).write_text(f"old {name}", encoding="utf-8")
    return folder


def test_nothing_is_overwritten_unasked(
    old: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(old)
    monkeypatch.setattr(charts, "save", lambda *_: pytest.fail("refused before it is drawn"))
    assert out(old) == 2
    told = capsys.readouterr()
    assert "assessment.json, savings.png" in told.err
    assert "--overwrite" in told.err
    assert told.out == ""  # the assessment is not shown as done
    assert contents(old) == before


def test_what_is_there_is_replaced_when_asked(old: Path) -> None:
    assert out(old, "--overwrite") == 0
    after = contents(old)
    assert json.loads(after["assessment.json"])["kind"] == "assessment"
    assert after["savings.png"].startswith(b"\x89PNG")
    assert after["mine.txt"] == b"old mine.txt"
    assert not [name for name in after if name.startswith(".")]
    assert out(old) == 2
    assert contents(old) == after


@pytest.mark.parametrize("fault", [OSError(errno.ENOSPC, "No space left"), KeyboardInterrupt(),
                                   RuntimeError("boom")], ids=lambda fault: type(fault).__name__)
@pytest.mark.parametrize("there", [True, False])
def test_a_failure_in_the_middle_leaves_what_was_there(
    tmp_path: Path, old: Path, there: bool, fault: BaseException,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:
    folder = old if there else tmp_path / "new" / "deep"
    before = contents(old)
    drawn = []

    def save(chart: object, path: Path) -> Path:
        drawn.append(path)
        if len(drawn) == 3:
            raise fault
        return path

    monkeypatch.setattr(charts, "save", save)
    monkeypatch.setattr(Path, "read_text", lambda *_, **__: "<svg></svg>")
    code = out(folder, "--overwrite")
    assert code == {OSError: 2, KeyboardInterrupt: 130, RuntimeError: 3}[type(fault)]
    if code == 2:
        assert "the disk is full" in capsys.readouterr().err
    assert len(drawn) == 3
    assert contents(old) == before
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("fault", [PermissionError(errno.EACCES, "denied"), KeyboardInterrupt()],
                         ids=lambda fault: type(fault).__name__)  # fmt: skip
@pytest.mark.parametrize("step", range(5))
def test_a_failure_at_any_move_puts_all_files_back(
    tmp_path: Path, step: int, fault: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three files, two of them there: two moves aside and three into place."""
    for name in "ab":
        (tmp_path / name).write_text(f"old {name}")
    real, moves = os.replace, []

    def move(source: Path, target: Path) -> None:
        moves.append(source)
        if len(moves) == step + 1:
            raise fault
        real(source, target)

    def write() -> None:
        with replacing_all(tmp_path, overwrite=True, language="en") as draft:
            for name in "abc":
                (draft / name).write_text(f"new {name}")
            monkeypatch.setattr(os, "replace", move)

    expected = OutputError if isinstance(fault, OSError) else type(fault)
    with pytest.raises(expected) as refused:
        write()
    if isinstance(refused.value, OutputError):
        # only the last move makes a new file; the others fail on one that somebody holds
        code = "output.not_writable" if step == 4 else "output.open_elsewhere"
        assert refused.value.code == code
    assert contents(tmp_path) == {"a": b"old a", "b": b"old b"}


def test_a_file_that_appears_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    def write() -> None:
        with replacing_all(tmp_path) as draft:
            (draft / "a").write_text("new")
            (tmp_path / "a").write_text("of somebody else")

    with pytest.raises(OutputError) as refused:
        write()
    assert refused.value.code == "output.exists"
    assert contents(tmp_path) == {"a": b"of somebody else"}


def test_a_folder_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    assert out(tmp_path / "a" / "b") == 2
    assert contents(tmp_path) == {"a": b"x"}


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_told(old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = contents(old)
    old.chmod(0o555)
    try:
        assert out(old, "--overwrite") == 2
    finally:
        old.chmod(0o755)
    assert "read-only" in capsys.readouterr().err
    assert contents(old) == before


def test_a_folder_that_refuses_new_files_is_told(
    old: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a read-only folder does, for root too."""
    before = contents(old)

    def refuse(path: Path, *_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "mkdir", refuse)
    assert out(old, "--overwrite") == 2
    assert "read-only" in capsys.readouterr().err
    assert contents(old) == before


LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))  # no file may grow further
from sxsh_audit.cli.main import main
sys.exit(main(sys.argv[1:]))
"""
INTERRUPTED = """
import os, signal, sys
from sxsh_audit import charts
from sxsh_audit.cli.main import main
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may ignore it for its jobs
save = charts.save
def interrupted(*given, **named):
    os.kill(os.getpid(), signal.SIGINT)
    return save(*given, **named)
charts.save = interrupted
sys.exit(main(sys.argv[1:]))
"""


@no_posix
@pytest.mark.parametrize(("script", "code"), [(LIMITED, 2), (INTERRUPTED, 130)])
def test_a_real_process_that_fails_in_the_middle(old: Path, script: str, code: int) -> None:
    before = contents(old)
    command = [sys.executable, "-c", script, "assess", SAO_XANH, "--out", str(old), "--overwrite",
               "--language", "en"]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()
    assert contents(old) == before


@no_posix
def test_ctrl_c_at_any_time_leaves_the_whole_set_or_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    command = [sys.executable, "-m", "sxsh_audit", "assess", SAO_XANH, "--out", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while not folder.exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert "Traceback" not in told
    if process.returncode == 130:
        assert not folder.exists()
    else:  # it was done before the signal came
        assert process.returncode == 0
        assert {"assessment.json", "assessment.html", "savings.svg"} <= set(contents(folder))


NAMES = ["CON", "../../x", "C:\\x", "a" * 5000, "a" * 5000 + "b", "Đúc", "Duc", "ĐÚC 2", "nul.txt",
         "工厂"]  # fmt: skip


def test_no_plant_decides_where_its_files_go(tmp_path: Path) -> None:
    production = "facility;Kỳ;Sản lượng;Đơn vị\n" + "".join(
        f"{name};{year};1000;tấn\n" for name in NAMES for year in (2013, 2014))
    use = "facility;Tài nguyên;Kỳ;Lượng mua;Đơn vị\n" + "".join(
        f"{name};Điện;{year};1000;kWh\n" for name in NAMES for year in (2013, 2014))
    folder = write_study(tmp_path / "study", san_luong=production, tieu_thu=use)
    target = tmp_path / "a" / "b"
    assert main(["assess", str(folder), "--out", str(target), "--language", "vi"]) == 0
    names = [path.name for path in target.iterdir()]
    drawn = [name for name in names if name.startswith("savings-")]
    assert len(drawn) == 2 * len(NAMES)
    assert all(len(name) < 100 and name.isascii() for name in names)
    assert {path.name for path in tmp_path.iterdir()} == {"study", "a"}
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b"]


def test_the_files_that_are_told_are_those_that_are_there(tmp_path: Path) -> None:
    from sxsh_audit import assess, read_study

    written = output.write_results(assess(read_study(SAO_XANH)), tmp_path, "en")
    assert sorted(written) == sorted(tmp_path.iterdir())
