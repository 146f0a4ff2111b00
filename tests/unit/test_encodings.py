"""Bytes of old files: read where one encoding makes sense, else one finding."""

from __future__ import annotations

import subprocess
import unicodedata
from pathlib import Path

import pytest
from study_folders import OUTPUT, USE, codes, found, tcvn3, vni, windows_1258, write_study

from sxsh_audit import read_study
from sxsh_audit.language.messages import describe
from sxsh_audit.tables import encodings

# Every Vietnamese letter with a mark, from the Unicode database: base, shape, tone.
SHAPES = {
    "a": ("", "\u0306", "\u0302"),
    "e": ("", "\u0302"),
    "i": ("",),
    "o": ("", "\u0302", "\u031b"),
    "u": ("", "\u031b"),
    "y": ("",),
}
LETTERS = {
    unicodedata.normalize("NFC", base + shape + tone)
    for base, shapes in SHAPES.items()
    for shape in shapes
    for tone in ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
}
MARKED = {letter for letter in LETTERS if not letter.isascii()} | {"đ"}


def test_tcvn3_has_every_vietnamese_letter() -> None:
    assert len(MARKED) == 67
    assert set(encodings._TCVN3.values()) >= MARKED


@pytest.mark.outside("iconv")
def test_tcvn3_agrees_with_the_c_library() -> None:
    # glibc's TCVN5712-1 contains VN3 at the same codes.
    for letter, meaning in encodings._TCVN3.items():
        done = subprocess.run(
            ["iconv", "-f", "TCVN5712-1", "-t", "UTF-8"],
            check=True,
            input=letter.encode("latin-1") + b"x",
            capture_output=True,
        )
        assert unicodedata.normalize("NFC", done.stdout.decode())[:-1] == meaning


def test_vni_writes_every_vietnamese_letter() -> None:
    # Independently of the order of the table: decode every pair a VNI font can show.
    singles = [bytes([code]) for code in range(0x80, 0x100)]
    pairs = [
        base + mark for base in (b"a", b"e", b"o", b"u", b"y", b"\xf4", b"\xf6") for mark in singles
    ]
    shown = {unicodedata.normalize("NFC", encodings._vni(data)) for data in (*singles, *pairs)}
    assert MARKED - shown == set()


@pytest.mark.parametrize(
    ("typed", "letters"),
    [
        (b"Ti\xd5ng Vi\xd6t", "Tiếng Việt"),
        (b"S\xb6n l\xad\xeeng", "Sản lượng"),
        (b"\xa7i\xd6n n\xa8ng", "Điện năng"),
        (b"N\xad\xedc", "Nước"),
    ],
)
def test_tcvn3_words(typed: bytes, letters: str) -> None:
    assert encodings._tcvn3(typed) == letters


@pytest.mark.parametrize(
    ("typed", "letters"),
    [
        ("Tieáng Vieät", "Tiếng Việt"),
        ("Saûn löôïng", "Sản lượng"),
        ("Ñieän naêng", "Điện năng"),
        ("NÖÔÙC", "NƯỚC"),
        ("Tyû leä", "Tỷ lệ"),
        ("Kyø", "Kỳ"),
    ],
)
def test_vni_words(typed: str, letters: str) -> None:
    assert unicodedata.normalize("NFC", encodings._vni(typed.encode("cp1252"))) == letters


@pytest.mark.parametrize(
    ("name", "encode"),
    [
        ("Windows-1258", windows_1258),
        ("TCVN3 (ABC)", tcvn3),
        ("VNI", vni),
    ],
)
def test_old_encodings_are_read_and_named(tmp_path: Path, name: str, encode) -> None:
    path = write_study(tmp_path, san_luong=encode(OUTPUT), tieu_thu=encode(USE))
    notes = [item for item in found(path) if item.code == "file.old_encoding"]
    assert [item.numbers["encoding"] for item in notes] == [name, name]
    study = read_study(path)
    assert study.consumption["use"].tolist() == [1_200_000.0, 1_210_000.0]
    assert study.production["product"].tolist() == ["Vật đúc", "Vật đúc"]


@pytest.mark.parametrize(
    "data",
    [
        USE.encode("utf-8-sig"),
        USE.encode("utf-16"),
        USE.encode("utf-16-le"),
        USE.encode("utf-16-be"),
        b"\xfe\xff" + USE.encode("utf-16-be"),
    ],
)
def test_unicode_files_are_read_without_a_word(tmp_path: Path, data: bytes) -> None:
    path = write_study(tmp_path, tieu_thu=data)
    assert found(path) == []


@pytest.mark.parametrize(
    "data",
    [
        USE.encode() + tcvn3("Nuớc;2013;5;m3\n".replace("ớ", "ơ")),  # two encodings in one file
        USE.encode("utf-16")[:-1],  # cut off
        b"a;b\n\xe1\xe2\xe3;5\n",  # letters of which no word is known
    ],
)
def test_an_undecidable_file_is_one_finding(tmp_path: Path, data: bytes) -> None:
    path = write_study(tmp_path, tieu_thu=data)
    (item,) = found(path)
    assert item.code == "file.encoding"
    assert item.numbers["tried"] == ["UTF-8", "UTF-16", "Windows-1258", "TCVN3 (ABC)", "VNI"]


def test_a_sign_that_all_encodings_share_decides_nothing(tmp_path: Path) -> None:
    data = "resource;period;quantity;unit\nwater;2013;10;m³\nwater;2014;9;m³\n".encode("cp1252")
    path = write_study(tmp_path, tieu_thu=data)
    assert codes(path) == []
    assert read_study(path).consumption["unit"].tolist() == ["m3", "m3"]


@pytest.mark.parametrize("codec", ["ascii", "cp1252"])
def test_letters_lost_in_saving_are_one_fault(tmp_path: Path, codec: str) -> None:
    rows = "Mã giải pháp;Giải pháp;Chi phí đầu tư\n1;Thay đèn;5\n"
    path = write_study(tmp_path, giai_phap=rows.encode(codec, errors="replace"),
                       loi_ich="Mã giải pháp;Tiền tiết kiệm\n1;5 triệu đồng\n")  # fmt: skip
    (item,) = found(path)
    assert (item.code, item.place.file) == ("file.marks_lost", "giai_phap.csv")
    assert "CSV UTF-8" in describe(item, "vi")


def test_a_question_is_no_lost_letter(tmp_path: Path) -> None:
    use = "Tài nguyên;Kỳ;Lượng mua;Đơn vị;Ghi chú\nĐiện;2013;1;kWh;ai ghi?\nĐiện;2014;1;kWh;?a\n"
    assert found(write_study(tmp_path, tieu_thu=use)) == []
