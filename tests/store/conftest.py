"""Each test of the store gets an empty database, once of SQLite and once of PostgreSQL."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

import sxsh_audit as sx
from sxsh_audit.store.store import Store


def _postgres() -> ModuleType:
    path = Path(__file__).with_name("throwaway_postgres.py")
    spec = importlib.util.spec_from_file_location("throwaway_postgres", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def cluster() -> Iterator[object]:
    """Yield a PostgreSQL of our own; without the program its tests are skipped."""
    module = _postgres()
    if module.programs() is None or os.name == "nt":
        pytest.skip("needs the program initdb of PostgreSQL")
    with module.running() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'sxsh.db'}"
    return str(request.getfixturevalue("cluster").new_database())


@pytest.fixture
def opened() -> Iterator[Callable[..., Store]]:
    """Return what opens stores that are closed after the test."""
    stores: list[Store] = []

    def opening(url: str, **settings: object) -> Store:
        stores.append(Store(url, **{"who": "Lan", "language": "en", **settings}))  # type: ignore[arg-type]
        return stores[-1]

    yield opening
    for one in stores:
        one.close()


@pytest.fixture
def store(url: str, opened: Callable[..., Store]) -> Store:
    """Return a store without records."""
    return opened(url)


@pytest.fixture(scope="session")
def roasting(root: Path) -> tuple[sx.Study, sx.Assessment]:
    """Return a study of 24 months with ten options, and its assessment."""
    study = sx.read_study(root / "examples" / "roasting")
    return study, sx.assess(study)
