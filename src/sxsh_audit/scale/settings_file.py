"""Settings written as ``study.toml``: what is read from it is what was written."""

from __future__ import annotations

import datetime as dt
import json
import math
import shutil
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import numpy as np

from sxsh_audit.language.numbers import Locale
from sxsh_audit.language.periods import Period
from sxsh_audit.tables.settings import StudySettings
from sxsh_audit.tables.settings_baseline import BaseLoad, StandardConditions, StatedAmount

__all__ = ["settings_as_typed", "write_settings"]

FILES = ("programme", "factor_set", "emission_factors")
_NOT_KEPT = ("files", "columns", "spellings")
"""How the cells were typed; a dataset has the tables as they were read."""


def settings_as_typed(settings: StudySettings) -> dict[str, Any]:
    """Return the settings of a study as keys of ``study.toml``, those at their default left out.

    Parameters
    ----------
    settings : StudySettings
        As read.

    Returns
    -------
    dict
        What :func:`~sxsh_audit.tables.settings.read_settings` reads as the same settings.

    Examples
    --------
    >>> load = {"electricity": BaseLoad(float("nan"), 5000.5, "kWh")}
    >>> settings_as_typed(StudySettings(locale="vi", confidence=0.9, base_load=load))
    {'locale': 'vi', 'confidence': 0.9, 'base_load': {'electricity': '5000,5 kWh/month'}}
    """
    default = StudySettings()
    stated = {name: getattr(settings, name) for name in StudySettings.__dataclass_fields__
              if name not in _NOT_KEPT
              and getattr(settings, name) != getattr(default, name)}  # fmt: skip
    locale = cast("Locale", settings.locale)
    if settings.base_load:
        stated["base_load"] = {name: _load(load, locale)
                               for name, load in settings.base_load.items()}  # fmt: skip
    if settings.standard_conditions is not None:
        stated["standard_conditions"] = _conditions(settings.standard_conditions, locale)
    return stated


def _load(load: BaseLoad, locale: Locale) -> float | str:
    if not math.isnan(load.share):
        return load.share
    return f"{_number(load.amount, locale)} {load.unit}/month"


def _conditions(stated: StandardConditions, locale: Locale) -> dict[str, Any]:
    output = {name: f"{_number(amount.value, locale)} {amount.unit}/month"
              for name, amount in stated.output.items()}  # fmt: skip
    found: dict[str, Any] = {}
    if output:
        found["output"] = output.get("", output)
    return found | {name: _amount(one, locale) for name, one in stated.drivers.items()}


def _amount(stated: StatedAmount, locale: Locale) -> float | str:
    return f"{_number(stated.value, locale)} {stated.unit}" if stated.unit else stated.value


def _number(value: float, locale: Locale) -> str:
    """Write every digit of a number so that it has one reading only."""
    text = format(Decimal(repr(float(value))), "f")
    if locale == "vi":
        return text.replace(".", ",")
    _, point, digits = text.partition(".")
    return f"{text}0" if point and len(digits) == 3 else text  # 1.234 may be 1234


def write_settings(settings: Mapping[str, Any], draft: Path) -> None:
    """Write ``study.toml``; files that stand beside it are copied."""
    keys = dict(settings)
    for name in FILES:
        path = Path(str(keys.get(name) or ""))
        if path.name and path.suffix and path.is_file():
            shutil.copyfile(path, draft / path.name)
            keys[name] = path.name
    lines = [f"{_key(name)} = {_toml(value)}" for name, value in keys.items() if value is not None]
    (draft / "study.toml").write_text("\n".join([*lines, ""]), encoding="utf-8")


def _key(name: object) -> str:
    return json.dumps(str(name), ensure_ascii=False)


def _toml(value: Any) -> str:
    """Write a value as TOML does: tables within a line, periods as their days."""
    if isinstance(value, Period):
        value = {"start": value.start, "end": value.end}
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(key)} = {_toml(one)}" for key, one in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, (int, float, np.integer, np.floating)):
        return repr(value.item() if isinstance(value, np.generic) else value)
    return json.dumps(str(value), ensure_ascii=False)
