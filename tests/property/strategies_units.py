"""Numbers and units as people type them, in every spelling."""

from __future__ import annotations

import unicodedata

from hypothesis import strategies as st

from sxsh_audit.units import parse_unit
from sxsh_audit.units.definitions import dimensions, spellings, units

finite = st.floats(allow_nan=False, allow_infinity=False)
#: Amounts over the range that plants report.
amount = st.floats(-1e12, 1e12, allow_subnormal=False).filter(lambda x: x == 0 or abs(x) > 1e-12)
locale = st.sampled_from(["vi", "en"])
minus = st.sampled_from(["-", "−", "–", "‐"])
space = st.sampled_from([" ", "\u00a0", "\u2009", "\u202f", "\u2007"])

symbol = st.sampled_from(sorted(units()))
plain = st.sampled_from(sorted(s for s in units() if units()[s].dimension != "dimensionless"))
spelling = st.sampled_from(sorted(spellings().exact))
qualifier = st.sampled_from(["", " xi măng", " sản phẩm", " nước sạch", " bao bì"])
#: Powers of ten in the forms that people use.
scale = st.sampled_from(["", "1000 ", "1.000 ", "10^3 ", "nghìn ", "triệu ", "tr. ", "thousand "])
BY_DIMENSION = {
    name: sorted(s for s, unit in units().items() if unit.dimension == name)
    for name in dimensions()
}


@st.composite
def alike(draw: st.DrawFn) -> tuple[str, str]:
    """Two units of one dimension, any dimension."""
    known = BY_DIMENSION[draw(st.sampled_from(sorted(BY_DIMENSION)))]
    return draw(st.sampled_from(known)), draw(st.sampled_from(known))


@st.composite
def same_dimension(draw: st.DrawFn, count: int) -> list[str]:
    """Some units of one dimension, some of them over a second one."""
    over = BY_DIMENSION[draw(st.sampled_from(["energy", "mass", "volume", "power", "time"]))]
    under = BY_DIMENSION[draw(st.sampled_from(["mass", "volume", "count", "area"]))]
    ratio = draw(st.booleans())
    return [
        draw(st.sampled_from(over)) + (f"/{draw(st.sampled_from(under))}" if ratio else "")
        for _ in range(count)
    ]


@st.composite
def unit_text(draw: st.DrawFn) -> str:
    """A unit as somebody might type it: scale, spelling, product name, one division."""
    text = draw(scale) + draw(spelling) + draw(qualifier)
    if draw(st.booleans()):
        text += "/" + draw(scale) + draw(spelling) + draw(qualifier)
    return text


@st.composite
def other_spellings(draw: st.DrawFn) -> tuple[str, str]:
    """Two texts of one unit: any two spellings, Unicode forms and spacings."""
    texts = []
    chosen = draw(plain), draw(plain)
    divided = draw(st.booleans())
    for _ in range(2):
        sides = []
        for one in chosen[: 2 if divided else 1]:
            known = [s for s, m in spellings().exact.items() if m == (one, 0)]
            form = draw(st.sampled_from(["NFC", "NFD"]))
            sides.append(unicodedata.normalize(form, draw(st.sampled_from(known))))
        slash = draw(st.sampled_from(["/", " / ", " /", "/\u00a0"]))
        texts.append(draw(st.sampled_from(["{}", "({})", " {} "])).format(slash.join(sides)))
    return texts[0], texts[1]


def readable(text: str) -> bool:
    """Whether `text` is read as a unit at all."""
    try:
        parse_unit(text)
    except ValueError:
        return False
    return True
