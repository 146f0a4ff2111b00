"""Search for faults of the readers by coverage, with atheris; run by hand (see CONTRIBUTING.md).

    python tests/fuzz/atheris_readers.py KIND [libFuzzer options]

KIND is ``text`` (numbers, periods, units, quantities), ``csv`` or ``workbook``. What it finds is
kept in ``tests/fuzz/corpus`` as a small file, and mended.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "hostile"), str(HERE.parent / "property")]

with atheris.instrument_imports(include=["sxsh_audit"]):
    import reader_laws

    from sxsh_audit.tables import reading  # noqa: F401

import hostile_makers  # noqa: E402
import study_folders  # noqa: E402

# Words that a random search would hardly find.
WORDS = [
    "Điện", "tấn", "kWh", "kWh/tấn", "1.234,5", "1,234.5", "10^3", "×10⁻⁵", "triệu đồng",
    "nghìn tỷ",
    "T3/2014", "tháng 3 năm 2014", "Quý I/2015", "6 tháng đầu năm 2018", "05/03/2014", " - ", "đến",
    "≥ 5", "khoảng", "±", "%", "m3 nước/tấn sản phẩm", "tr.m3", "sep=;\n", ";", "\t", '"', "\r\n",
    "Tài nguyên", "Kỳ", "Lượng mua", "Đơn vị", "Tổng cộng", "\u202e", "\x00", "﻿", "¼", "²", "１",
    '<c r="B2" t="s"><v>0</v></c>', '<c t="inlineStr"><is><t>', "</t></is></c>", '<row r="2">',
    "</row>", "<f>", "</f>", "<v>", "</v>", ' s="1"', ' t="d"', ' t="e"', ' t="b"', ' t="shared"',
    ' si="0"', '<mergeCell ref="A1:A3"/>', "<![CDATA[", "]]>", "<!DOCTYPE a>", "&amp;", "&#0;",
    "xl/worksheets/sheet1.xml", "../", '<xf numFmtId="14"/>', "_x000D_", "#REF!", "[1]A!B1",
    "2014-02-30", "1e999", "41760.5", "-1", "NaN", "locale", "baseline", "columns.Tiêu thụ.x",
]  # fmt: skip

FOLDER = Path(tempfile.mkdtemp(dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
FILES = {"study.toml": study_folders.SETTINGS, "san_luong.csv": study_folders.OUTPUT,
         "tieu_thu.csv": study_folders.USE}  # fmt: skip
PARTS = hostile_makers.parts(
    sharedStrings=f'<sst xmlns="{hostile_makers.MAIN}"><si><t>Điện</t></si></sst>',
    styles=f'<styleSheet xmlns="{hostile_makers.MAIN}"><numFmts><numFmt numFmtId="164" '
    'formatCode="dd/mm/yyyy"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs>'
    "</styleSheet>",
)


def _edited(data: atheris.FuzzedDataProvider, text: str) -> bytes:
    """Return `text` with some places overwritten, doubled or cut out."""
    raw = text.encode()
    for _ in range(data.ConsumeIntInRange(0, 6)):
        place = data.ConsumeIntInRange(0, len(raw))
        length = data.ConsumeIntInRange(0, 12)
        kind = data.ConsumeIntInRange(0, 3)
        if kind == 0:
            new = data.ConsumeBytes(length)
        elif kind == 1:
            new = WORDS[data.ConsumeIntInRange(0, len(WORDS) - 1)].encode()
        elif kind == 2:
            new = raw[place : place + length] * 2
        else:
            new = b""
        raw = raw[:place] + new + raw[place + length :]
    return raw


def text(data: atheris.FuzzedDataProvider) -> None:
    laws = list(reader_laws.TEXT_LAWS.values())
    law = laws[data.ConsumeIntInRange(0, len(laws) - 1)]
    pieces = []
    for _ in range(data.ConsumeIntInRange(1, 5)):
        if data.ConsumeBool():
            pieces.append(WORDS[data.ConsumeIntInRange(0, len(WORDS) - 1)])
        else:
            pieces.append(data.ConsumeUnicode(data.ConsumeIntInRange(0, 12)))
    law("".join(pieces))


def csv(data: atheris.FuzzedDataProvider) -> None:
    files = {name: _edited(data, text) for name, text in FILES.items()}
    if data.ConsumeBool():
        files["tieu_thu.csv"] = data.ConsumeBytes(400)
    reader_laws.folder_law(FOLDER / "study", files)


def workbook(data: atheris.FuzzedDataProvider) -> None:
    parts = {name: _edited(data, text) if data.ConsumeBool() else text.encode()
             for name, text in PARTS.items()}  # fmt: skip
    path = FOLDER / "a.xlsx"
    reader_laws.workbook_law(path, parts)
    if data.ConsumeBool():  # the archive itself is damaged
        raw = bytearray(path.read_bytes())
        for _ in range(data.ConsumeIntInRange(1, 5)):
            raw[data.ConsumeIntInRange(0, len(raw) - 1)] = data.ConsumeIntInRange(0, 255)
        path.write_bytes(raw)
        reader_laws.study_law(path)


def main() -> None:
    kind = {"text": text, "csv": csv, "workbook": workbook}[sys.argv.pop(1)]

    def one(raw: bytes) -> None:
        kind(atheris.FuzzedDataProvider(raw))

    atheris.Setup(sys.argv, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
