from typing import NamedTuple
class F(NamedTuple):
    size: float
    meaning: str
    kind: str
    source: str
def figure_errors():
    return {"measured": F(0.02,"limit","period",""), "billed": F(0.02,"limit","period",""), "estimated": F(0.1,"limit","period",""), "nameplate": F(0.3,"limit","period","")}
