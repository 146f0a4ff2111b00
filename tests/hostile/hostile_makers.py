"""Files that a careless program, an accident or an attacker may hand over, each by one maker."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
MEGABYTE = 1 << 20
SHEETS = ("settings", "Sản lượng", "Tiêu thụ")


def text_cell(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def row(number: int, *cells: object) -> str:
    """XML of a row whose cells are texts and numbers."""
    xml = [
        text_cell(f"{chr(65 + i)}{number}", cell) if isinstance(cell, str)
        else f'<c r="{chr(65 + i)}{number}"><v>{cell}</v></c>'
        for i, cell in enumerate(cells)
    ]  # fmt: skip
    return f'<row r="{number}">{"".join(xml)}</row>'


SETTINGS = (row(1, "locale", "vi") + row(2, "baseline", "2013") + row(3, "reporting", "2014"))
OUTPUT = row(1, "Kỳ", "Sản lượng (tấn)") + row(2, "2013", 1) + row(3, "2014", 1)
USE = (row(1, "Tài nguyên", "Kỳ", "Lượng mua", "Đơn vị") + row(2, "Điện", "2013", 1200, "kWh")
       + row(3, "Điện", "2014", 1100, "kWh"))  # fmt: skip


def sheet(rows: str, *, before: str = "", after: str = "", prolog: str = "") -> str:
    return (f'{prolog}<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}'
            "</worksheet>")  # fmt: skip


def parts(use: str | None = None, **more: str) -> dict[str, str]:
    """Parts of a workbook with three sheets; `use` is the XML of the third."""
    listed = "".join(f'<sheet name="{name}" sheetId="{i}" r:id="r{i}"/>'
                     for i, name in enumerate(SHEETS, 1))  # fmt: skip
    links = "".join(f'<Relationship Id="r{i}" Type="{OFFICE}/worksheet" '
                    f'Target="worksheets/sheet{i}.xml"/>' for i in range(1, 4))  # fmt: skip
    for name in ("sharedStrings", "styles"):
        links += f'<Relationship Id="{name}" Type="{OFFICE}/{name}" Target="{name}.xml"/>'
    return {
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="a" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}'
        "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{links}</Relationships>',
        "xl/worksheets/sheet1.xml": sheet(SETTINGS),
        "xl/worksheets/sheet2.xml": sheet(OUTPUT),
        "xl/worksheets/sheet3.xml": sheet(USE) if use is None else use,
        **{f"xl/{name.replace('_', '/')}.xml": text for name, text in more.items()},
    }


def write(path: Path, contents: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED,
          ) -> Path:  # fmt: skip
    with zipfile.ZipFile(path, "w", method, compresslevel=1) as archive:
        for name, text in contents.items():
            archive.writestr(name, text)
    return path


def _stream(path: Path, pieces: Callable[[], Iterable[bytes]], lie: int | None = None) -> Path:
    """Write a workbook whose third sheet is made of pieces, and may lie about its size."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, text in parts().items():
            if not name.endswith("sheet3.xml"):
                archive.writestr(name, text)
        with archive.open("xl/worksheets/sheet3.xml", "w", force_zip64=True) as part:
            for piece in pieces():
                part.write(piece)
        if lie is not None:
            archive.infolist()[-1].file_size = lie
    return path


def sparse_sheet(path: Path) -> Path:
    """A sheet of one gigabyte in which nearly nothing stands."""

    def pieces() -> Iterable[bytes]:
        yield sheet("").partition("</sheetData>")[0].encode()
        empty = b'<row r="1"><c r="A1" s="1"/></row>'.ljust(64) * (MEGABYTE // 64)
        for _ in range(1024):
            yield empty
        yield b"</sheetData></worksheet>"

    return _stream(path, pieces)


def bomb_that_lies(path: Path) -> Path:
    """A part of a gigabyte that says it is a thousand bytes long."""

    def pieces() -> Iterable[bytes]:
        zeros = bytes(MEGABYTE)
        for _ in range(1024):
            yield zeros

    return _stream(path, pieces, lie=1000)


def overlapping_parts(path: Path) -> Path:
    """Two thousand sheets that all are the same ten megabytes of the archive."""
    data = sheet(USE + " " * (10 * MEGABYTE)).encode()
    packer = zlib.compressobj(1, zlib.DEFLATED, -15)
    packed = packer.compress(data) + packer.flush()
    head = (20, 0, 8, 0, 0, zlib.crc32(data), len(packed), len(data))
    stream = io.BytesIO()
    name = b"xl/worksheets/sheet3.xml"
    stream.write(struct.pack("<4sHHHHHIIIHH", b"PK\3\4", *head, len(name), 0) + name + packed)
    small = {key: text.encode() for key, text in parts().items() if not key.endswith("sheet3.xml")}
    listed = "".join(f'<sheet name="s{i}" sheetId="{i}" r:id="r{i}"/>' for i in range(400))
    links = "".join(f'<Relationship Id="r{i}" Type="{OFFICE}/worksheet" Target="s{i}.xml"/>'
                    for i in range(400))  # fmt: skip
    small["xl/workbook.xml"] = (f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}'
                                "</sheets></workbook>").encode()  # fmt: skip
    small["xl/_rels/workbook.xml.rels"] = (
        f'<Relationships xmlns="{PACKAGE}">{links}</Relationships>').encode()
    entries = [(f"xl/s{i}.xml".encode(), head, 0) for i in range(400)]
    for key, text in small.items():
        place = stream.tell()
        plain = (20, 0, 0, 0, 0, zlib.crc32(text), len(text), len(text))
        stream.write(struct.pack("<4sHHHHHIIIHH", b"PK\3\4", *plain, len(key), 0))
        stream.write(key.encode() + text)
        entries.append((key.encode(), plain, place))
    start = stream.tell()
    for key_bytes, numbers, place in entries:
        stream.write(struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, *numbers, len(key_bytes),
                                 0, 0, 0, 0, 0, place) + key_bytes)  # fmt: skip
    size = stream.tell() - start
    stream.write(struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, len(entries), len(entries), size,
                             start, 0))  # fmt: skip
    path.write_bytes(stream.getvalue())
    return path


def nested_archive(path: Path) -> Path:
    """A workbook in place of a sheet, ten deep."""
    data = b"0" * MEGABYTE
    for _ in range(10):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for i in range(10):
                archive.writestr(f"{i}.zip", data)
        data = stream.getvalue()
    return write(path, parts() | {"xl/worksheets/sheet3.xml": data})  # type: ignore[dict-item]


def a_million_parts(path: Path) -> Path:
    """An archive that lists a million parts which are not there."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in parts().items():
            archive.writestr(name, text)
    data = path.read_bytes()
    tail = data.rindex(b"PK\5\6")
    size, start = struct.unpack("<II", data[tail + 12 : tail + 20])
    entry = struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0,
                        0, 0, 0) + b"a"  # fmt: skip
    more = entry * 1_000_000
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, size + len(more), start, 0)
    path.write_bytes(data[:tail] + more + end)
    return path


def entities(path: Path) -> Path:
    """The billion laughs: an entity of entities."""
    lines = ['<!ENTITY a0 "ha">']
    lines += [f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10)]
    prolog = f'<?xml version="1.0"?><!DOCTYPE w [{"".join(lines)}]>'
    return write(path, parts(sheet(row(1, "&a9;"), prolog=prolog)))


def entities_in_the_texts(path: Path) -> Path:
    prolog = '<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    texts = f'{prolog}<sst xmlns="{MAIN}"><si><t>&x;</t></si></sst>'
    return write(path, parts(sharedStrings=texts))


def other_workbook(path: Path) -> Path:
    """A figure that comes from another workbook, with its stored value."""
    cell = '<c r="C3"><f>[1]Sheet1!A1*2</f><v>1100</v></c>'
    use = USE.replace('<c r="C3"><v>1100</v></c>', cell)
    return write(path, parts(sheet(use)))


def long_cell(path: Path) -> Path:
    return write(path, parts(sheet(USE.replace("Điện", "Đ" * 100_000))))


def long_shared_text(path: Path) -> Path:
    use = USE.replace(text_cell("A2", "Điện"), '<c r="A2" t="s"><v>0</v></c>')
    texts = f'<sst xmlns="{MAIN}"><si><t>{"1.234" * 20_000}</t></si></sst>'
    return write(path, parts(sheet(use), sharedStrings=texts))


def long_number(path: Path) -> Path:
    return write(path, parts(sheet(USE.replace("1100", "1" * 100_000))))


def a_million_merged_blocks(path: Path) -> Path:
    blocks = "".join(f'<mergeCell ref="A{i}:A{i + 1}"/>' for i in range(1, 1_000_001, 2))
    blocks += "".join(f'<mergeCell ref="B{i}:B{i + 1}"/>' for i in range(1, 1_000_001, 2))
    return write(path, parts(sheet(USE, after=f"<mergeCells>{blocks}</mergeCells>")))


def overlapping_merged_blocks(path: Path) -> Path:
    blocks = '<mergeCell ref="A1:A1048576"/>' * 50_000
    return write(path, parts(sheet(USE, after=f"<mergeCells>{blocks}</mergeCells>")))


def coloured_empty_cells(path: Path) -> Path:
    """A million coloured cells with nothing in them."""
    rows = (f'<row r="{i}">' + "".join(f'<c r="{chr(64 + j)}{i}" s="1"/>' for j in range(1, 21))
            + "</row>" for i in range(4, 50_004))  # fmt: skip
    return write(path, parts(sheet(USE + "".join(rows))))


def coloured_far_right(path: Path) -> Path:
    """A coloured empty cell in the last column of a hundred thousand rows."""
    rows = (f'<row r="{i}"><c r="XFD{i}" s="1"/></row>' for i in range(4, 100_004))
    return write(path, parts(sheet(USE + "".join(rows))))


def filled_far_right(path: Path) -> Path:
    return write(path, parts(sheet(USE + '<row r="4"><c r="XFD4"><v>1</v></c></row>')))


def filled_far_down(path: Path) -> Path:
    """Something in the last row that Excel has."""
    return write(path, parts(sheet(USE + row(1_048_576, "Nước", "2014", -1, "m3"))))


def wrong_dimension(path: Path) -> Path:
    before = '<dimension ref="A1:XFD1000000000"/>'
    return write(path, parts(sheet(USE, before=before)))


def row_beyond_excel(path: Path) -> Path:
    return write(path, parts(sheet(USE + '<row r="1000000000"><c><v>1</v></c></row>')))


def deep_tags(path: Path) -> Path:
    deep = "<a>" * 1_000_000 + "</a>" * 1_000_000
    return write(path, parts(sheet(USE, after=deep)))


def long_tag(path: Path) -> Path:
    return write(path, parts(sheet(USE, after=f'<a b="{"x" * (50 * MEGABYTE)}"/>')))


def many_tags(path: Path) -> Path:
    return write(path, parts(sheet(USE, after="<a/>" * 14_000_000)))


def three_million_cells(path: Path) -> Path:
    rows = (f"<row r=\"{i}\">{'<c><v>1</v></c>' * 30}</row>" for i in range(4, 100_004))
    return write(path, parts(sheet(USE + "".join(rows))))


def three_million_texts(path: Path) -> Path:
    texts = "".join(f"<si><t>{i}</t></si>" for i in range(3_000_000))
    return write(path, parts(sharedStrings=f'<sst xmlns="{MAIN}">{texts}</sst>'))


def a_million_styles(path: Path) -> Path:
    styles = f'<styleSheet xmlns="{MAIN}"><cellXfs>{"<xf/>" * 1_000_000}</cellXfs></styleSheet>'
    return write(path, parts(styles=styles))


def ten_thousand_sheets(path: Path) -> Path:
    listed = '<sheet name="a" sheetId="1" r:id="r1"/>' * 10_000
    book = f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>'
    return write(path, parts() | {"xl/workbook.xml": book})


def rare_compression(path: Path) -> Path:
    return write(path, parts(), zipfile.ZIP_LZMA)


def cell_twice(path: Path) -> Path:
    return write(path, parts(sheet(USE.replace('r="C3"', 'r="B3"'))))


def csv_content(path: Path) -> Path:
    path.write_text("Kỳ;Sản lượng\n2013;5\n", encoding="utf-8")
    return path


def html_content(path: Path) -> Path:
    path.write_text("<!DOCTYPE html><html><table><tr><td>1</td></tr></table></html>")
    return path


def pdf_content(path: Path) -> Path:
    path.write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 100)
    return path


def picture_content(path: Path) -> Path:
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(5000))
    return path


def word_content(path: Path) -> Path:
    links = parts()["_rels/.rels"].replace("xl/workbook", "word/document")
    return write(path, {"_rels/.rels": links, "word/document.xml": "<document/>"})


def opendocument_content(path: Path) -> Path:
    return write(path, {"mimetype": "application/vnd.oasis.opendocument.spreadsheet",
                        "content.xml": "<x/>"})  # fmt: skip


def plain_archive(path: Path) -> Path:
    return write(path, {"a.txt": "x"})


def cut_short(path: Path) -> Path:
    data = write(path, parts()).read_bytes()
    path.write_bytes(data[: len(data) * 2 // 3])
    return path


def with_a_password(path: Path) -> Path:
    """An encrypted container of a gigabyte whose list of streams stands at its end."""
    with path.open("wb") as stream:
        stream.write(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
        stream.seek(1024 * MEGABYTE)
        stream.write("EncryptedPackage".encode("utf-16-le"))
    return path


def password_of_a_part(path: Path) -> Path:
    data = bytearray(write(path, parts()).read_bytes())
    place = data.find(b"PK\1\2")
    while place >= 0:
        data[place + 8] |= 1
        place = data.find(b"PK\1\2", place + 4)
    path.write_bytes(data)
    return path


# Maker → code of the one error; None where the file is odd and is read.
WORKBOOKS: dict[Callable[[Path], Path], str | None] = {
    sparse_sheet: "file.too_large",
    bomb_that_lies: "file.damaged",
    overlapping_parts: "file.too_large",
    nested_archive: "file.damaged",
    a_million_parts: "file.too_many",
    entities: "file.doctype",
    entities_in_the_texts: "file.doctype",
    other_workbook: None,
    long_cell: "file.long_cell",
    long_shared_text: "file.long_cell",
    long_number: "file.long_cell",
    a_million_merged_blocks: "file.too_many",
    overlapping_merged_blocks: "file.damaged",
    coloured_empty_cells: None,
    coloured_far_right: None,
    filled_far_right: "file.too_far",
    filled_far_down: "table.negative",
    wrong_dimension: None,
    row_beyond_excel: "file.damaged",
    deep_tags: None,
    long_tag: "file.too_many",
    many_tags: "file.too_many",
    three_million_cells: "file.too_many",
    three_million_texts: "file.too_many",
    a_million_styles: "file.too_many",
    ten_thousand_sheets: "file.too_many",
    rare_compression: "file.damaged",
    cell_twice: "file.damaged",
    csv_content: "file.not_excel",
    html_content: "file.not_excel",
    pdf_content: "file.not_excel",
    picture_content: "file.not_excel",
    word_content: "file.not_excel",
    opendocument_content: "file.not_excel",
    plain_archive: "file.not_excel",
    cut_short: "file.not_excel",
    with_a_password: "file.password",
    password_of_a_part: "file.password",
}


# -- CSV: each writes the file of consumption -----------------------------------------------------

USE_CSV = "Tài nguyên;Kỳ;Lượng mua;Đơn vị\nĐiện;2013;1200;kWh\nĐiện;2014;1100;kWh\n".encode()


def a_gigabyte(path: Path) -> Path:
    path.write_bytes(USE_CSV)
    with path.open("r+b") as stream:
        stream.truncate(1024 * MEGABYTE)
    return path


def long_csv_cell(path: Path) -> Path:
    path.write_bytes(USE_CSV + b"x" * 100_000 + b";2014;5;kWh\n")
    return path


def open_quote(path: Path) -> Path:
    path.write_bytes(USE_CSV + b'"' + USE_CSV * 2000)
    return path


def only_quotes(path: Path) -> Path:
    path.write_bytes(b'"' * (30 * MEGABYTE))
    return path


def only_separators(path: Path) -> Path:
    path.write_bytes(USE_CSV + b";" * (30 * MEGABYTE))
    return path


def only_short_rows(path: Path) -> Path:
    path.write_bytes(USE_CSV + b"a;b\n" * (7 * MEGABYTE))
    return path


def zeros_inside(path: Path) -> Path:
    path.write_bytes(USE_CSV.replace(b"1100", b"1\x00100"))
    return path


def zeros_behind(path: Path) -> Path:
    path.write_bytes(USE_CSV + bytes(100_000))
    return path


def no_text(path: Path) -> Path:
    """Noise: no encoding makes sense of it."""
    path.write_bytes(USE_CSV + bytes(range(128, 256)) * (20 * MEGABYTE // 128))
    return path


def small_noise(path: Path) -> Path:
    path.write_bytes(USE_CSV + bytes(range(128, 256)) * (3 * MEGABYTE // 128))
    return path


def far_right_csv(path: Path) -> Path:
    path.write_bytes(USE_CSV + b";" * 20_000 + b"1\n")
    return path


def workbook_named_csv(path: Path) -> Path:
    return write(path, parts())


CSV_FILES: dict[Callable[[Path], Path], str | None] = {
    a_gigabyte: "file.too_large_text",
    long_csv_cell: "file.long_cell",
    open_quote: "file.quotes",
    only_quotes: "file.long_cell",
    only_separators: "file.too_many",
    only_short_rows: "file.too_many",
    zeros_inside: "file.nul",
    zeros_behind: "file.nul",
    no_text: "file.encoding",
    small_noise: "file.encoding",
    far_right_csv: "file.too_far",
    workbook_named_csv: "file.excel_named_csv",
    pdf_content: "file.not_text",
    picture_content: "file.not_text",
    html_content: "file.not_text",
}
