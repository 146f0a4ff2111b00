"""What the files of the open data hold, for people and for programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from sxsh_audit import __version__
from sxsh_audit.data import load_toml
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import sentence

if TYPE_CHECKING:
    import pandas as pd

    from sxsh_audit.reports.open_data.tables import Amounts, OpenTables

__all__ = ["Terms", "data_package", "read_me"]

PROFILE = "tabular-data-package"


class Terms(NamedTuple):
    """How the open data were made.

    Parameters
    ----------
    minimum : int
        Least number of plants that look alike. [1]
    amounts : {"scaled", "exact"}
        Whether amounts are per 1000 units of output.
    agreed_only : bool
        Whether only establishments that agreed are in.
    left_out : mapping of str to int
        Plants that are not in the data, by the reason.
    """

    minimum: int
    amounts: Amounts
    agreed_only: bool
    left_out: Mapping[str, int]


def data_package(tables: OpenTables, terms: Terms) -> dict[str, Any]:
    """Return the description of the files as a Frictionless Data Package.

    Parameters
    ----------
    tables : OpenTables
        What is written.
    terms : Terms
        How it was made.

    Returns
    -------
    dict
        JSON types; titles of both languages stand beside each other (``title`` is English, as
        programs expect, ``title_vi`` Vietnamese).

    References
    ----------
    Frictionless Data Package and Table Schema, version 1, https://specs.frictionlessdata.io.
    """
    return {
        "profile": PROFILE,
        "name": "sxsh-open-data",
        "title": sentence("open_data.readme_title", "en"),
        "title_vi": sentence("open_data.readme_title", "vi"),
        "description": "\n".join(_notes(tables, terms, "en")),
        "description_vi": "\n".join(_notes(tables, terms, "vi")),
        "version": __version__,
        "minimum_alike": terms.minimum,
        "amounts": terms.amounts,
        "agreed_only": terms.agreed_only,
        "left_out": dict(terms.left_out),
        "resources": [_resource(name, frame) for name, frame in tables.found.items()],
    }


def _resource(name: str, frame: pd.DataFrame) -> dict[str, Any]:
    spec = load_toml("open_data.toml")[name]
    schema: dict[str, Any] = {
        "fields": [_field(column, spec["fields"][column]) for column in frame.columns],
        "missingValues": [""],
        "primaryKey": spec["key"],
    }
    if name != "plants":
        schema["foreignKeys"] = [{"fields": ["plant"], "reference": {
            "resource": "plants", "fields": ["plant"]}}]  # fmt: skip
    return {
        "name": name, "path": f"{name}.csv", "profile": "tabular-data-resource",
        "format": "csv", "mediatype": "text/csv", "encoding": "utf-8",
        "title": spec["en"], "title_vi": spec["vi"], "rows": len(frame), "schema": schema,
    }  # fmt: skip


def _field(column: str, spec: Mapping[str, Any]) -> dict[str, Any]:
    field = {"name": column, "type": spec["type"], "description": spec["en"],
             "description_vi": spec["vi"]}  # fmt: skip
    if "unit" in spec:
        field["unit"] = spec["unit"]
    if "codes" in spec:
        codes = load_toml("open_data.toml")["codes"][spec["codes"]]
        field["constraints"] = {"enum": list(codes)}
        field["codes"] = {code: dict(words) for code, words in codes.items()}
    return field


def read_me(tables: OpenTables, terms: Terms, folder: str, language: Language) -> str:
    """Return the description of the files as Markdown.

    Parameters
    ----------
    tables : OpenTables
        What is written.
    terms : Terms
        How it was made.
    folder : str
        Name of the folder of the study, as a reader types it.
    language : {"vi", "en"}
        Language of the text.

    Returns
    -------
    str
    """

    def say(code: str, **numbers: Any) -> str:
        return sentence(f"open_data.{code}", language, **numbers)

    named = sorted(set(tables.found["results"]["programme"]) - {""})
    lines = [
        f"# {say('readme_title')}", "",
        say("readme_about", plants=len(tables.found["plants"]), version=__version__,
            programme=", ".join(named) or say("readme_any_programme")), "",
        *(f"- {note}" for note in _notes(tables, terms, language)), "",
        f"## {say('readme_files')}", "",
        f"| {say('readme_file')} | {say('readme_content')} | {say('readme_rows')} |",
        "|---|---|---:|",
    ]  # fmt: skip
    specs = load_toml("open_data.toml")
    lines += [f"| `{name}.csv` | {specs[name][language]} | {len(frame)} |"
              for name, frame in tables.found.items()]  # fmt: skip
    lines += ["", say("readme_schema"), "", say("readme_study", folder=folder)]
    if not tables.currency:
        lines += ["", say("readme_no_money")]
    lines += ["", f"## {say('readme_columns')}"]
    for name, frame in tables.found.items():
        lines += ["", f"### {name}.csv", "",
                  f"| {say('readme_column')} | {say('readme_meaning')} | {say('readme_unit')} |",
                  "|---|---|---|"]  # fmt: skip
        for column in frame.columns:
            spec = specs[name]["fields"][column]
            codes = specs["codes"].get(spec.get("codes", ""), {})
            words = "; ".join(f"`{code}` {told[language]}" for code, told in codes.items())
            meaning = f"{spec[language]}: {words}" if words else spec[language]
            unit = f"`{spec['unit']}`" if "unit" in spec else ""
            lines.append(f"| `{column}` | {meaning} | {unit} |")
    return "\n".join(lines) + "\n"


def _notes(tables: OpenTables, terms: Terms, language: Language) -> list[str]:
    left_out = terms.left_out

    def say(code: str, **numbers: Any) -> str:
        return sentence(f"open_data.{code}", language, **numbers)

    return [
        say("readme_no_names"),
        say("readme_alike", minimum=terms.minimum, rare=left_out["rare"]),
        say("readme_agreed", count=left_out["no_consent"]) if terms.agreed_only
        else say("readme_not_asked"),
        say("readme_latest", count=left_out["earlier_study"]),
        say("readme_scaled") if terms.amounts == "scaled" else say("readme_exact"),
        say("readme_limits"),
        say("readme_sampling"),
        say("readme_missing"),
    ]  # fmt: skip
