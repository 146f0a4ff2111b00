"""Pages from templates: every text is escaped, and nothing in it is unseen."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from sxsh_audit.errors import Refusal
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import refusal_sentence
from sxsh_audit.language.text import composed, fold, strip_marks, visible

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["POLICY", "Html", "Page", "folded", "needs_jinja", "render", "script_of", "shipped"]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'"
)
"""Even if a text got past the escaping, the browser would run, load and send nothing."""


class Html(str):
    """A piece of a page that is HTML already, every text in it escaped."""

    __slots__ = ()

    def __html__(self) -> str:
        """Tell the templates that it is to stand as it is."""
        return str(self)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the site in one language.

    Parameters
    ----------
    name : str
        Name of its file, the same in every language.
    template : str
        Template that makes it.
    title : str
        Its heading.
    under : str
        Page of the menu that it belongs to.
    kind : str
        What the search calls it; a page without is not found by it.
    told : str
        What the search tells of it.
    words : str
        More words by which it is found.
    context : mapping
        What its template shows.
    """

    name: str
    template: str
    title: str
    under: str = ""
    kind: str = ""
    told: str = ""
    words: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)


def needs_jinja(language: Language) -> None:
    """Refuse to go on without Jinja2, and say which extra brings it.

    Raises
    ------
    Refusal
        If the package is not installed.
    """
    try:
        import jinja2  # noqa: F401
    except ImportError as error:
        numbers = {"package": "jinja2", "extra": "web"}
        raise Refusal(refusal_sentence("site.package", numbers, language),
                      code="site.package", **numbers) from error  # fmt: skip


def shipped(name: str) -> str:
    """Return a file of this folder."""
    return files("sxsh_audit.reports.site").joinpath(*name.split("/")).read_text(encoding="utf-8")


def render(template: str, context: Mapping[str, Any]) -> str:
    """Return the page that a template makes.

    Parameters
    ----------
    template : str
        Name of the template.
    context : mapping
        What it shows; a name that it asks for and that is not there is our fault and raises.
    """
    return str(_environment().get_template(template).render(context))


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    def finalized(value: Any) -> Any:
        if isinstance(value, str) and not hasattr(value, "__html__"):
            return visible(composed(value), lines=True)
        return value

    return Environment(
        loader=FunctionLoader(lambda name: shipped(f"templates/{name}")), autoescape=True,
        undefined=StrictUndefined, finalize=finalized, trim_blocks=True, lstrip_blocks=True,
        keep_trailing_newline=True,
    )  # fmt: skip


def script_of(name: str, value: Any) -> str:
    r"""Return a script that sets one name to a JSON value; pages opened from a disk can load it.

    Examples
    --------
    >>> script_of("sxshPages", [{"title": "</script>"}])
    'window.sxshPages = [{"title": "\\u003c/script>"}];\n'
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    for sign in ("<", "\u2028", "\u2029"):  # that end a script, or a line of old ones
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return f"window.{name} = {text};\n"


def folded(*texts: str) -> str:
    """Return texts as the search compares them: no case, no marks.

    Examples
    --------
    >>> folded("Công ty Đúc", " GANG ")
    'cong ty duc gang'
    """
    joined = visible(composed(" ".join(filter(None, texts))))
    return " ".join(strip_marks(fold(joined)).split())
