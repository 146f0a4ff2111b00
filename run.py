"""Set up what the project needs on first use, then run a task of it.

    python3 run.py                 assess the shipped example and print the result
    python3 run.py test [...]      run the tests (further words go to pytest)
    python3 run.py assess FOLDER   any command of sxsh-audit: assess, check, template …
    python3 run.py python [...]    Python in which `import sxsh_audit` works

For people who work on the project:

    python3 run.py lint | types | floors | engines | docs | bench [...]

On Windows write `py` for `python3`. Needs Python 3.11 or newer and pip, nothing else: the first
use makes the folder .venv beside this file and installs the packages named in pyproject.toml at
the versions of uv.lock; later uses start at once. This file uses the standard library only.
"""

import hashlib
import importlib.util
import json
import locale
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

HELP_VI = """Chuẩn bị những gì dự án cần trong lần dùng đầu, rồi chạy một việc.

    python3 run.py                 đánh giá ví dụ kèm theo và in kết quả
    python3 run.py test [...]      chạy các bài kiểm thử (các từ sau đó chuyển cho pytest)
    python3 run.py assess THƯ_MỤC  lệnh bất kỳ của sxsh-audit: assess, check, template …
    python3 run.py python [...]    Python có sẵn `import sxsh_audit`

Cho người phát triển dự án:

    python3 run.py lint | types | floors | engines | docs | bench [...]

Trên Windows hãy gõ `py` thay cho `python3`. Cần Python 3.11 trở lên và pip, không cần gì khác:
lần đầu sẽ lập thư mục .venv cạnh tệp này và cài các gói nêu trong pyproject.toml theo phiên bản
của uv.lock; các lần sau chạy ngay. Tệp này chỉ dùng thư viện chuẩn.
"""

NEEDED = (3, 11)
ROOT = Path(__file__).resolve().parent
EXAMPLE = "examples/roasting"

# task: (extras of pyproject.toml that it needs, words after `python`)
TASKS = {
    "python": ((), []),
    "test": (("test",), ["-m", "pytest", "-n", "2"]),
    "lint": (("dev",), ["-m", "ruff", "check", "."]),
    "types": (("dev",), ["-m", "mypy"]),
    "floors": (("test",), ["-m", "pytest", "tests/architecture"]),
    "engines": (("test", "dataframe", "spark"), ["-m", "pytest", "tests/engines"]),
    "docs": (
        ("docs",),
        ["-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", "docs", "docs/_build/html"],
    ),
    "bench": (("bench",), ["benchmarks/run.py"]),
}

# command of sxsh-audit: extras without which it could not do what the README shows
COMMANDS = {
    "report": ("report", "pdf"),
    "slides": ("report",),
    "store": ("store",),
    "programme": ("store", "report"),
    "publish": ("store", "report", "web"),
    "open-data": ("store", "parquet"),
    "assess-many": ("parquet",),
}

NO_WHEEL = ("pyspark",)  # published as source only, but nothing in it is compiled

BEGUN = "made-by-run.txt"  # ours, perhaps unfinished
READY = "ready.json"  # finished: written last, says for what


class SetupError(Exception):
    """The set-up cannot go on; the text says why and what to do."""


def vietnamese_wanted():
    """Return whether the person's language is Vietnamese, as the command itself decides it."""
    keys = ("SXSH_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
    tongue = next((os.environ[key] for key in keys if os.environ.get(key)), "")
    if os.name == "nt" and not tongue:
        tongue = locale.getlocale()[0] or ""
    return tongue.lower().startswith("vi")


def say(vietnamese, english):
    """Print one line in the person's language."""
    print(vietnamese if vietnamese_wanted() else english, file=sys.stderr, flush=True)


def requirements(extras):
    """Return the project's requirements with those of `extras`."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = list(project["dependencies"])
    for extra in extras:
        wanted += project["optional-dependencies"][extra]
    return sorted(set(wanted))


def locked_versions():
    """Return the versions of uv.lock as pip constraints; empty where there is no lock file."""
    import tomllib

    lock = ROOT / "uv.lock"
    if not lock.exists():
        return ""
    lines = []
    for package in tomllib.loads(lock.read_text(encoding="utf-8"))["package"]:
        if "registry" not in package["source"]:
            continue
        markers = " or ".join(f"({marker})" for marker in package.get("resolution-markers", ()))
        pin = f"{package['name']}=={package['version']}"
        lines.append(f"{pin} ; {markers}" if markers else pin)
    return "\n".join(lines) + "\n"


def child_environment(folder):
    """Return the environment for the processes that we start."""
    environment = {
        key: value
        for key, value in os.environ.items()
        # A person's own settings for other projects would send the packages elsewhere.
        if key not in ("PYTHONHOME", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV")
    }
    environment["PIP_USER"] = "0"
    environment["PYTHONUTF8"] = "1"  # else Vietnamese output breaks on a Windows console
    environment["PYTHONPATH"] = str(ROOT / "src")
    environment.setdefault("MPLCONFIGDIR", str(folder / "matplotlib"))
    return environment


def python_in(folder):
    """Return the Python of the virtual environment in `folder`."""
    if os.name == "nt":
        return folder / "Scripts" / "python.exe"
    return folder / "bin" / "python"


def last_change(folder):
    """Return when a package was last added or removed: uv or a person may share our folder."""
    below = "Lib" if os.name == "nt" else "lib/python{}.{}".format(*sys.version_info[:2])
    packages = folder / below / "site-packages"
    return packages.stat().st_mtime_ns if packages.exists() else 0


def own_folder():
    """Return the folder for our environment: never one that somebody else made."""
    folder = ROOT / ".venv"
    if not folder.exists() or (folder / BEGUN).exists():
        return folder
    return ROOT / ".venv-run"


def wait(process):
    """Wait for `process`; after Ctrl-C give it the time to end by itself."""
    try:
        return process.wait()
    except KeyboardInterrupt:
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        raise


def start_quietly(command, environment):
    """Run `command` and return its exit code and what it printed."""
    process = subprocess.Popen(
        [str(word) for word in command],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    lines = []
    try:
        for line in process.stdout:
            lines.append(line)
            show_progress(line)
    finally:
        code = wait(process)
    return code, "".join(lines)


def show_progress(line):
    """Show which package pip is at."""
    words = line.split()
    if words[:1] == ["Downloading"] or words[:2] == ["Using", "cached"]:
        file = words[-3] if words[-1].endswith(")") else words[-1]
        file = file.rsplit("/", 1)[-1]
        if not file.endswith(".metadata"):
            print("  " + " ".join(file.split("-")[:2]), file=sys.stderr, flush=True)
    elif words[:2] == ["Installing", "collected"]:
        print("  …", file=sys.stderr, flush=True)


def make_environment(folder):
    """Make an empty virtual environment in `folder`."""
    base = getattr(sys, "_base_executable", None) or sys.executable
    environment = child_environment(folder)
    # Debian has venv but may lack ensurepip: then pip is lent from outside, see `pip_for`.
    ways = [["--without-pip"]]
    if importlib.util.find_spec("ensurepip"):
        ways.insert(0, [])
    printed = ""
    for way in ways:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(exist_ok=True)
        (folder / BEGUN).write_text("run.py\n", encoding="utf-8")
        code, printed = start_quietly([base, "-m", "venv", *way, folder], environment)
        if code == 0:
            return
    shutil.rmtree(folder, ignore_errors=True)
    raise SetupError(f"python -m venv:\n{printed}")


def pip_for(folder, environment):
    """Return the words that start a pip which installs into `folder`."""
    inside = python_in(folder)
    if start_quietly([inside, "-m", "pip", "--version"], environment)[0] == 0:
        return [inside, "-m", "pip"]
    base = getattr(sys, "_base_executable", None) or sys.executable
    outside = {key: value for key, value in environment.items() if key != "PYTHONPATH"}
    for python in dict.fromkeys([sys.executable, base]):
        lent = [python, "-m", "pip", "--python", inside]
        if start_quietly([*lent, "--version"], outside)[0] == 0:
            return lent
    raise SetupError(
        "No pip 22.3 or newer. On Debian or Ubuntu: sudo apt install python3-pip\n"
        "Không có pip 22.3 trở lên. Trên Debian hoặc Ubuntu: sudo apt install python3-pip"
    )


def install(folder, wanted, locked):
    """Install `wanted`: at the locked versions where they fit this Python, else the newest."""
    environment = child_environment(folder)
    pip = [*pip_for(folder, environment), "install", "--no-input", "--progress-bar", "off"]
    pip += ["--disable-pip-version-check"]
    constraints = folder / "locked.txt"
    constraints.write_text(locked, encoding="utf-8")
    tries = [["--prefer-binary"]]
    if locked:
        # Without a ready-made wheel pip would start a compiler that few machines have.
        sources = [word for name in NO_WHEEL for word in ("--no-binary", name)]
        binary = ["--only-binary", ":all:", *sources]
        tries.insert(0, [*binary, "--constraint", constraints])
    printed = ""
    for options in tries:
        code, printed = start_quietly([*pip, *options, *wanted], environment)
        if code == 0:
            return
    tail = "\n".join(printed.strip().splitlines()[-12:])
    raise SetupError(
        f"{tail}\n\nThe packages could not be installed (network, proxy or disk?): run it again.\n"
        "Không cài được các gói (mạng, proxy hoặc ổ đĩa?): hãy chạy lại."
    )


def read_ready(folder):
    """Return what the environment in `folder` is ready for, or nothing."""
    try:
        ready = json.loads((folder / READY).read_text(encoding="utf-8"))
        return ready if python_in(folder).exists() else {}
    except (OSError, ValueError):
        return {}


def prepare(extras):
    """Return the Python of an environment that has what `extras` ask for."""
    folder = own_folder()
    wanted, locked = requirements(extras), locked_versions()
    python = sys.version
    lock = hashlib.sha256(locked.encode()).hexdigest()
    ready = read_ready(folder)
    state = {"python": python, "lock": lock, "changed": last_change(folder)}
    same = all(ready.get(key) == value for key, value in state.items())
    have = set(ready.get("requirements", ())) if same else set()
    if have.issuperset(wanted):
        return python_in(folder)
    began = time.monotonic()
    if ready.get("python") != python:
        say(
            f"Chuẩn bị lần đầu trong {folder.name} (khoảng nửa phút):",
            f"First-time set-up in {folder.name} (about half a minute):",
        )
        make_environment(folder)
    else:
        say("Bổ sung các gói còn thiếu:", "Adding the packages that are missing:")
        (folder / READY).unlink()
    wanted = sorted(have.union(wanted))
    install(folder, wanted, locked)
    state |= {"changed": last_change(folder), "requirements": wanted}
    (folder / READY).write_text(json.dumps(state, indent=1), encoding="utf-8")
    seconds = time.monotonic() - began
    say(f"Xong sau {seconds:.0f} giây.\n", f"Ready after {seconds:.0f} s.\n")
    return python_in(folder)


def run(words):
    """Run the task that `words` name and return its exit code."""
    place = ROOT
    if words and words[0] in TASKS:
        extras, command = TASKS[words[0]]
        command = command + words[1:]
        if words[0] == "python":
            place = Path.cwd()
    elif words and words[0] in ("-h", "--help"):
        print(HELP_VI if vietnamese_wanted() else __doc__)
        return 0
    elif words:
        extras, command = COMMANDS.get(words[0], ()), ["-m", "sxsh_audit", *words]
        place = Path.cwd()  # so that a person's own folder is found
    else:
        extras, command = (), ["-m", "sxsh_audit", "assess", EXAMPLE]
    python = prepare(extras)
    environment = child_environment(python.parent.parent)
    process = subprocess.Popen([str(python), *command], cwd=place, env=environment)
    try:
        code = wait(process)
    except KeyboardInterrupt:
        return 130  # the task has said so itself
    return code if code >= 0 else 128 - code


def main():
    """Run and turn what can go wrong into one clear message."""
    if sys.version_info < NEEDED:
        print(
            "Python {}.{} or newer is needed; this is Python {}.{} ({}).\n"
            "Cần Python {}.{} trở lên: https://www.python.org/downloads/".format(
                *NEEDED, *sys.version_info[:2], sys.executable, *NEEDED
            ),
            file=sys.stderr,
        )
        return 2
    try:
        return run(sys.argv[1:])
    except KeyboardInterrupt:
        say("\nĐã dừng.", "\nStopped.")
        return 130
    except (SetupError, OSError) as error:
        print(error, file=sys.stderr)
        return 3


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(main())
