"""The figures of the solution, plant by plant; with a folder, slides for the trainer as well.

    python workshop.py [WHERE TO WRITE SLIDES] [vi|en]
"""

import sys
from pathlib import Path

import sxsh_audit as sx
from sxsh_audit.reports.slides import build_slides, to_pptx

here = Path(__file__).resolve().parent
out = Path(sys.argv[1]) if len(sys.argv) > 1 else None
language = "en" if sys.argv[2:] == ["en"] else "vi"

for folder in sorted(here.glob("co-so-*")):
    result = sx.assess(sx.read_study(folder, language=language), language=language)
    deck = build_slides(result, language)
    print(deck.title)
    for slide in deck.slides[1:]:  # behind the summary, which says them again
        print("  ", slide.title)
    if out:
        out.mkdir(parents=True, exist_ok=True)
        print("  ", to_pptx(deck, out / f"{folder.name}.{language}.pptx").name)
