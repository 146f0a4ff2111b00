"""Workbooks as offices make them, to be marked: with all that a copy must not lose."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

import xlsxwriter


def picture() -> bytes:
    """Return a small PNG picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        whole = kind + data
        return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))

    head = struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\x00" + b"\xff\x00\x00" * 2 + b"\x00" + b"\x00\x00\xff" * 2)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows)
            + chunk(b"IEND", b""))  # fmt: skip


def office_workbook(path: Path) -> Path:
    """Write a study as an office keeps it: styles, a chart, a picture, lists, protection …

    Its faults: ``Sản lượng!C7`` (negative), ``Tiêu thụ!A9`` (unknown resource, in a cell with a
    comment), ``Tiêu thụ!D6`` (a letter in a number), ``Giá!D2`` on a hidden sheet.
    """
    book = xlsxwriter.Workbook(path)
    head = book.add_format({"bold": True, "bg_color": "#1F3864", "font_color": "white",
                            "border": 1, "text_wrap": True})  # fmt: skip
    title = book.add_format({"bold": True, "font_size": 14})
    money = book.add_format({"num_format": "#,##0", "border": 1})
    settings = book.add_worksheet("Thông tin chung")
    settings.set_column(0, 0, 22)
    for row, pair in enumerate([("Kỳ nền", "2013"), ("Kỳ báo cáo", "2014"), ("Kiểu số", "vi")]):
        settings.write_row(row, 0, pair)

    made = book.add_worksheet("Sản lượng")
    made.merge_range("A1:D1", "CÔNG TY TNHH SAO XANH", title)
    made.write_row("A3", ["Kỳ", "Sản phẩm", "Sản lượng (tấn)", "Ghi chú"], head)
    figures = [1000, 1010, 990, -5, 1020, 1030]
    for i, figure in enumerate(figures):
        made.write_string(3 + i, 0, f"T{i % 3 + 1}/{2013 + i // 3}")
        made.write(3 + i, 1, "Tinh bột")
        made.write_number(3 + i, 2, figure, money)
    made.write_formula("C10", "=SUM(C4:C9)", money, sum(figures))
    made.write("A10", "Tổng cộng")
    made.set_column("A:A", 12)
    made.set_column("B:D", 20)
    made.freeze_panes(3, 0)
    made.conditional_format("C4:C9", {"type": "data_bar", "data_bar_2010": True})
    made.data_validation("B4:B9", {"validate": "list", "source": ["Tinh bột", "Bã"]})
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "='Sản lượng'!$C$4:$C$9"})
    made.insert_chart("F3", chart)
    made.insert_image("F20", "logo.png", {"image_data": _stream(picture())})
    made.set_landscape()
    made.repeat_rows(2)

    used = book.add_worksheet("Tiêu thụ")
    used.write_row("A1", ["Tài nguyên", "Kỳ", "Đơn vị", "Lượng mua", "Ghi chú"], head)
    rows = [("Điện", f"T{m}/{y}", "kWh", 1_000_000 + 500 * m) for y in (2013, 2014)
            for m in (1, 2, 3)]  # fmt: skip
    rows += [("Nước", "T1/2013", "m3", 9000), ("Điệm", "T1/2014", "m3", 9100)]
    for i, row in enumerate(rows, start=1):
        used.write_row(i, 0, row)
    used.write_string("D6", "1O00500")
    used.write_comment("A9", "Chị Hoa: hỏi lại kế toán", {"author": "Hoa"})
    used.insert_button("G2", {"caption": "Tính lại", "macro": "recalculate"})
    used.autofilter("A1:E9")
    used.protect("secret", {"format_cells": True})

    prices = book.add_worksheet("Giá")
    prices.write_row("A1", ["Tài nguyên", "Kỳ", "Đơn giá", "Đơn vị giá"], head)
    prices.write_row("A2", ["Điện", "2013", 1500, "đồng/con gà"])
    prices.hide()
    book.define_name("Tong", "='Sản lượng'!$C$10")
    book.close()
    return path


def _stream(data: bytes) -> object:
    import io

    return io.BytesIO(data)


def parts(path: Path) -> dict[str, bytes]:
    """Return every part of a package."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rewritten(source: Path, target: Path, change: Mapping[str, Callable[[bytes], bytes]]) -> Path:
    """Write a package with some of its parts changed, as other programs would store them."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts(source).items():
            archive.writestr(name, change[name](data) if name in change else data)
    return target
