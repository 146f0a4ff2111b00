"""A document of every kind of block, made by hand: renderers are tested without a study."""

from __future__ import annotations

from typing import Any

from sxsh_audit import charts
from sxsh_audit.display.flow_records import FlowBand
from sxsh_audit.display.records import PaybackStep, SavingBar
from sxsh_audit.display.table import Column, Table
from sxsh_audit.language.formatting import Language
from sxsh_audit.reports import document as d

HOSTILE = (
    "<script>alert(1)</script>",
    "{{ 7*7 }} {% for x in y %}",
    "=cmd|' /C calc'!A0",
    "#panic(\"no\") #read(\"/etc/passwd\") *b* _i_ $x$ @x <x> `r` \\ // /* = - + [",
    "]] */ -->",
    "đảo \u202eyàgn\u202c chiều",
    "chuông \x07 và \x00 hết",
    "N" * 300,
    "\ud800 nửa chữ \ufffe\uffff",
    "dài " * 100,
)

_TEXTS: dict[Language, dict[str, str]] = {
    "vi": {
        "title": "Báo cáo đánh giá sản xuất sạch hơn", "subtitle": "Công ty CP Giấy Sông Gianh",
        "summary": "Tóm tắt",
        "lead": "Nhà máy tiết kiệm 8,3 % điện trên mỗi tấn giấy so với năm 2012, nằm trong mục "
                "tiêu 5–8 % của giai đoạn 2016–2020.",
        "body": "Điện tiêu thụ giảm từ 1.250 kWh/t xuống 1.146 kWh/t. Phần lớn mức giảm đến từ "
                "máy nghiền lắp biến tần; sản lượng tăng 12 % nên tổng điện năng vẫn tăng.",
        "missing": "Chưa có số liệu nước thải của quý III nên chưa tính được tổn thất theo nước.",
        "note": "Sai số của hóa đơn điện lấy theo cấp chính xác của công tơ (±1 %).",
        "plant": "Doanh nghiệp", "name": "Tên doanh nghiệp", "address": "Địa chỉ",
        "where": "Phường Ba Đồn, tỉnh Quảng Trị", "product": "Sản phẩm", "paper": "giấy bao gói",
        "use": "Tiêu thụ theo nguyên, nhiên liệu", "resource": "Tài nguyên", "unit": "Đơn vị",
        "before": "Trước", "after": "Sau", "saving": "Tiết kiệm", "verdict": "So với mục tiêu",
        "power": "Điện", "coal": "Than cám", "water": "Nước", "within": "đạt", "below": "chưa đạt",
        "above": "vượt", "options": "Cơ hội và giải pháp", "first": "Việc nên làm trước",
        "a": "Lắp biến tần cho quạt hút lò hơi", "b": "Sửa các điểm rò rỉ khí nén",
        "c": "Thu hồi nước ngưng về bồn cấp", "savings": "Mức tiết kiệm theo tài nguyên",
        "ladder": "Thời gian hoàn vốn của các giải pháp", "flow": "Sơ đồ dòng vật chất",
        "alt": "Điện giảm 8,3 %, than giảm 4,1 %, nước giảm 15 %.", "data": "Số liệu gốc",
        "plan": "Kế hoạch thực hiện", "wide": "Kế hoạch thực hiện theo giải pháp",
        "director": "Giám đốc", "leader": "Trưởng nhóm tư vấn", "version": "Phiên bản",
        "hash": "Mã băm của tệp số liệu", "day": "Ngày báo cáo", "tonne": "tấn",
    },
    "en": {
        "title": "Cleaner production assessment", "subtitle": "Song Gianh Paper JSC",
        "summary": "Summary",
        "lead": "The plant saves 8.3% of its electricity per tonne of paper against 2012, within "
                "the target of 5–8% for 2016–2020.",
        "body": "Electricity fell from 1,250 kWh/t to 1,146 kWh/t. Most of it comes from the "
                "refiner's variable-speed drive; output grew by 12%, so the total still rose.",
        "missing": "Waste water of the third quarter is not known, so losses by water are not "
                   "worked out.",
        "note": "The error of the bills is taken from the class of the meter (±1%).",
        "plant": "The company", "name": "Name", "address": "Address",
        "where": "Ba Don ward, Quang Tri province", "product": "Product",
        "paper": "packaging paper", "use": "Use of materials and energy",
        "resource": "Resource", "unit": "Unit", "before": "Before", "after": "After",
        "saving": "Saving", "verdict": "Against the target", "power": "Electricity",
        "coal": "Coal", "water": "Water", "within": "within", "below": "below", "above": "above",
        "options": "Opportunities and options", "first": "What to do first",
        "a": "Variable-speed drive for the boiler's fan", "b": "Mend the compressed-air leaks",
        "c": "Return condensate to the feed tank", "savings": "Saving by resource",
        "ladder": "Payback of the options", "flow": "Flow of materials",
        "alt": "Electricity fell by 8.3%, coal by 4.1%, water by 15%.", "data": "Data",
        "plan": "Plan", "wide": "Plan by option", "director": "Director",
        "leader": "Lead consultant", "version": "Version", "hash": "Hash of the data file",
        "day": "Date of the report", "tonne": "t",
    },
}


def sample_document(language: Language = "vi", kind: str = "report") -> d.Document:
    """Return a document with every block, in sentences as a report has them."""
    say = _TEXTS[language]
    comma = str if language == "vi" else (lambda text: text.translate(_SWAP))
    rows = (
        (say["power"], "kWh/t", comma("1.250"), comma("1.146"), comma("8,3 %"), say["within"]),
        (say["coal"], "kg/t", comma("512,4"), comma("491,4"), comma("4,1 %"), say["below"]),
        (say["water"], "m³/t", comma("38,5"), comma("32,7"), comma("15 %"), say["above"]),
    )
    columns = (
        Column("resource", say["resource"]), Column("unit", say["unit"]),
        Column("before", say["before"], "right", "number"),
        Column("after", say["after"], "right", "number"),
        Column("saving", say["saving"], "right", "number"),
        Column("verdict", say["verdict"], "left", "status"),
    )
    plan = Table(
        say["wide"],
        (*(Column(f"c{place}", f"{say['plan']} {place}") for place in range(1, 10)),),
        tuple(tuple(say["abc"[(row + place) % 3]] for place in range(9)) for row in range(6)),
    )
    long = Table(
        say["data"],
        (Column("month", say["day"]), *columns[2:5]),
        tuple((f"{month:02d}/{year}", comma("1.234,5"), comma("1.146,2"), comma("7,2 %"))
              for year in range(2010, 2015) for month in range(1, 13)),
        (say["note"],),
    )
    return d.Document(
        kind, say["title"], say["subtitle"], language,
        (
            d.Contents(),
            d.PageBreak(),
            d.Heading(1, say["summary"], "tom-tat"),
            d.Paragraph(say["lead"], "lead"),
            d.Paragraph(say["body"]),
            d.Paragraph(say["missing"], "missing"),
            d.Heading(1, say["plant"]),
            d.Facts(((say["name"], say["subtitle"]), (say["address"], say["where"]),
                     (say["product"], say["paper"]))),
            d.Heading(2, say["use"]),
            d.TableBlock(Table(say["use"], columns, rows, (say["note"],))),
            d.Figure("savings", say["savings"], lambda: _savings(language), say["alt"]),
            d.Heading(2, say["flow"]),
            d.Figure("flow", say["flow"], lambda: _flow(language)),
            d.Heading(1, say["options"]),
            d.Heading(2, say["first"]),
            d.Bullets((say["a"], say["b"], say["c"]), ordered=True),
            d.Bullets((say["a"], say["b"])),
            d.Heading(3, say["ladder"]),
            d.Figure("ladder", say["ladder"], lambda: _ladder(language), say["alt"]),
            d.TableBlock(plan, wide=True),
            d.Paragraph(say["note"], "note"),
            d.Signatures((say["director"], say["leader"])),
            d.PageBreak(),
            d.Heading(1, say["data"], appendix=True),
            d.Heading(2, say["resource"], appendix=True),
            d.TableBlock(long),
        ),
        {say["version"]: "sxsh-audit 0.7", say["hash"]: "3f5a" * 16, say["day"]: "31/12/2014"},
    )  # fmt: skip


def hostile_document(language: Language = "vi") -> d.Document:
    """Return a document whose every text is meant to harm."""
    blocks: list[Any] = [d.Contents()]
    for place, text in enumerate(HOSTILE):
        columns = (Column("a", text), Column("b", text, "right", "number"))
        blocks += [
            d.Heading(1, text, appendix=place > 5),
            d.Heading(3, text),
            d.Paragraph(text, ("body", "lead", "note", "missing")[place % 4]),
            d.Bullets((text, text), ordered=place % 2 == 0),
            d.Facts(((text, text),)),
            d.TableBlock(Table(text, columns, ((text, text),), (text,)), wide=place == 3),
            d.Signatures((text, text, text)),
        ]
    text = " ".join(HOSTILE[:7])
    blocks.append(d.Figure("x", text, lambda: charts.savings(
        (SavingBar(text, 0.1), SavingBar(HOSTILE[7], 0.2)), language=language), text))
    return d.Document("minutes", HOSTILE[0], HOSTILE[3], language, tuple(blocks),
                      dict(zip(HOSTILE, HOSTILE, strict=True)))


_SWAP = str.maketrans({",": ".", ".": ",", " ": None})


def _savings(language: Language) -> Any:
    say = _TEXTS[language]
    return charts.savings(
        (SavingBar(say["power"], 0.083, "within", low=0.05, high=0.08),
         SavingBar(say["coal"], 0.041, "below", low=0.05, high=0.08),
         SavingBar(say["water"], 0.15, "above", low=0.05, high=0.08)),
        language=language,
    )


def _ladder(language: Language) -> Any:
    say = _TEXTS[language]
    return charts.payback_ladder(
        (PaybackStep("GP1", say["a"], 1.8, "years", 180e6, 100e6),
         PaybackStep("GP2", say["b"], 0.0, "immediate", 0.0, 40e6),
         PaybackStep("GP3", say["c"], 0.9, "years", 60e6, 67e6)),
        language=language,
    )


def _flow(language: Language) -> Any:
    say = _TEXTS[language]
    return charts.sankey(
        (FlowBand(say["coal"], "", say["a"], 100, "t", "input"),
         FlowBand(say["paper"], say["a"], say["b"], 88, "t", "internal"),
         FlowBand(say["water"], say["a"], "", 12, "t", "solid_waste"),
         FlowBand(say["paper"], say["b"], "", 88, "t", "product")),
        language=language,
    )
