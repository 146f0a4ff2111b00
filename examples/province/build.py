"""An example province: 400 US plants stand in for it; what the source does not say is drawn.

True of the source: sector, employees, product, one year's output, energy and its cost, and the
recommendations to it with cost and saving (``us_plants.csv``, ``us_recommendations.csv``).
Made up, by the seed below: districts, zones, second year, answers to the survey, events, money,
and the rate of 20,000 đồng to the dollar. Nothing here is true of any plant in Việt Nam.

    python3 examples/province/build.py [FOLDER]

writes ``so-theo-doi.xlsx`` (the register) and ``danh-gia/`` (one study of 120 plants).
"""

import csv
import datetime as dt
import random
import sys
from pathlib import Path

import xlsxwriter

HERE = Path(__file__).parent
SEED = 2384
DONG = 20_000  # per dollar, made up
TONNES = {"lb": 0.00045359237, "ton": 0.90718474, "kgal": 3.785411784}  # t, t (short ton), m³
# Division of VSIC by the first three digits of NAICS: ours, roughly, after ISIC revision 4.
DIVISIONS = {
    "311": "10", "312": "11", "313": "13", "314": "13", "315": "14", "316": "15", "321": "16",
    "322": "17", "323": "18", "324": "19", "325": "20", "326": "22", "327": "23", "331": "24",
    "332": "25", "333": "28", "334": "26", "335": "27", "336": "29", "337": "31", "339": "32",
}  # fmt: skip
DISTRICTS = ["Đồng Hới", "Ba Đồn", "Lệ Thủy", "Quảng Ninh", "Bố Trạch", "Quảng Trạch",
             "Tuyên Hóa", "Minh Hóa"]  # fmt: skip
ZONES = ["khu kinh tế", "khu công nghiệp", "cụm công nghiệp", "khu dân cư", "ngoài khu, cụm"]
DIRTY = {"15", "17", "19", "20", "23", "24"}  # of the example only
REGISTER = "Cơ sở minh họa: số liệu của một nhà máy ở Hoa Kỳ, địa bàn tự đặt"


def rows_of(name):
    with (HERE / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(line for line in stream if not line.startswith("#")))


def write(folder, name, heading, rows):
    with (folder / name).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=";", lineterminator="\n")
        writer.writerows([heading, *rows])


def study(plants, advice, chance, folder):
    """Write the study: the year of the source as baseline, a drawn one after it."""
    made, used, options, savings = [], [], [], []
    for row in plants:
        code = row["id"]
        unit = "m³" if row["unit"] == "kgal" else "tấn"
        output = round(float(row["production"]) * TONNES[row["unit"]], 1) or 0.1
        growth = chance.gauss(1.03, 0.08)
        made += [[code, "nền", output, unit], [code, "báo cáo", round(output * growth, 1), unit]]
        energies = (("Điện", "kwh", "kWh"), ("Khí thiên nhiên", "gas_mmbtu", "MMBtu"),
                    ("Dầu DO", "oil_mmbtu", "MMBtu"))  # fmt: skip
        for name, column, energy_unit in energies:
            if not row[column]:
                continue
            use, cost = float(row[column]), float(row[column.split("_")[0] + "_usd"]) * DONG
            later = use * growth * (1 - chance.gauss(0.07, 0.06))
            used.append([code, name, "nền", round(use), energy_unit, round(cost)])
            used.append([code, name, "báo cáo", round(later), energy_unit, ""])
        for item in (one for one in advice if one["id"] == code):
            number, saved = item["superid"], round(float(item["psaved_usd"]) * DONG)
            done = {"I": "đã thực hiện", "P": "đã duyệt"}.get(item["impstatus"], "đề xuất")
            energy = {"EC": ("Điện", "kWh"), "E2": ("Khí thiên nhiên", "MMBtu"),
                      "E5": ("Dầu DO", "MMBtu")}.get(item["psourccode"])  # fmt: skip
            known = energy and any(one[:2] == [code, energy[0]] for one in used)
            title = f"Khuyến nghị {number} của IAC (nguồn không nêu tên)"
            options.append([code, number, title, round(float(item["impcost_usd"]) * DONG), done,
                            "" if known else saved])  # fmt: skip
            if known:
                amount = item["pconserved"].removesuffix(".0")
                savings.append([code, number, energy[0], amount, energy[1], saved])
    folder.mkdir(parents=True, exist_ok=True)
    write(folder, "san_luong.csv", ["Mã cơ sở", "Giai đoạn", "Sản lượng", "Đơn vị"], made)
    write(folder, "tieu_thu.csv", ["Mã cơ sở", "Tài nguyên", "Giai đoạn", "Lượng mua", "Đơn vị",
                                   "Thành tiền (đồng)"], used)  # fmt: skip
    write(folder, "giai_phap.csv", [
        "Mã cơ sở", "Mã giải pháp", "Giải pháp", "Chi phí đầu tư (đồng)", "Tình trạng",
        "Lợi ích khác hằng năm (đồng)"], options)  # fmt: skip
    write(folder, "loi_ich_giai_phap.csv", ["Mã cơ sở", "Mã giải pháp", "Tài nguyên",
          "Lượng tiết kiệm", "Đơn vị", "Tiền tiết kiệm (đồng)"], savings)  # fmt: skip
    settings = f"""# {REGISTER}; năm sau và tỷ giá tự đặt (xem build.py).
study = "danh-gia-2017"
"tiêu đề" = "Đánh giá nhanh {len(plants)} cơ sở (số liệu minh họa từ Hoa Kỳ)"
"kiểu số" = "en"
"tiền tệ" = "VND"
"kỳ nền" = "2016"
"kỳ báo cáo" = "2017"
"chất lượng số liệu" = "theo hóa đơn"
"chương trình" = "vn-qb-2384"
"bộ hệ số" = "vn-3505"
"""
    (folder / "study.toml").write_text(settings, encoding="utf-8")


def register(plants, assessed, chance):
    """Return the tables of the register by the names of their sheets."""
    establishments, statuses, told_of = [], [], {}
    for row in plants:
        code, division = row["id"], DIVISIONS[row["naics"][:3]]
        district, zone = chance.choice(DISTRICTS), chance.choice(ZONES)
        agreed = chance.choices(["có", "không", ""], [6, 1, 3])[0] if code in assessed else ""
        establishments.append([
            code, f"Cơ sở {code} (Hoa Kỳ): {row['products']}", "doanh nghiệp", division, "2007",
            row["products"], district, zone, "có" if division in DIRTY else "không",
            float(row["employees"]), float(row["sales"]) * DONG if row["sales"] else "",
            dt.date(2018, 1, 15), agreed, REGISTER,
        ])  # fmt: skip
        office = f"UBND {district}"
        day = dt.date(2018, chance.randint(2, 10), chance.randint(1, 28))

        def told(indicator, value, day=day, code=code, office=office):
            statuses.append([code, indicator, value, day, "Phiếu khảo sát", office])

        told_of[code] = reached = chance.choices(["có", "không", ""], [70, 15, 15])[0]
        if reached:
            told("được phổ biến", reached)
        if reached == "có" and chance.random() < 0.9:
            told("nhận thức được lợi ích", "có" if chance.random() < 0.8 else "không")
        if code in assessed or chance.random() < 0.55:
            capable = code in assessed or chance.random() < 0.6
            told("có khả năng áp dụng", "có" if capable else "không")
            applies = capable and chance.random() < (0.8 if code in assessed else 0.2)
            told("áp dụng", "có" if applies else "không")
        if chance.random() < 0.4:
            told("có bộ phận chuyên trách", "có" if chance.random() < 0.2 else "không")
    return {
        "Cơ sở sản xuất": [
            ["Mã cơ sở", "Tên cơ sở", "Loại hình", "Mã ngành (VSIC)", "Phiên bản VSIC",
             "Sản phẩm chính", "Huyện, thành phố", "Loại khu vực", "Ô nhiễm cao", "Số lao động",
             "Doanh thu năm (đồng)", "Ngày của danh sách", "Đồng ý công bố", "Ghi chú"],
            *establishments],
        "Tình trạng cơ sở": [
            ["Mã cơ sở", "Chỉ tiêu", "Kết quả", "Ngày", "Bằng chứng", "Cơ quan báo cáo"],
            *statuses],
        **programme_work([code for code, said in told_of.items() if said != "không"], assessed,
                         chance),
    }  # fmt: skip


def programme_work(codes, assessed, chance):
    """Return events, tasks, money and incoming reports: all of it made up."""
    events = [
        ["HD1", "tập huấn", "Tập huấn SXSH cho cơ sở", dt.date(2018, 4, 12), "1.1", 85, 12],
        ["HD2", "hội thảo", "Hội thảo chuyên đề", dt.date(2018, 6, 7), "1.1", 60, 20],
        ["HD3", "tập huấn", "Đào tạo cán bộ chuyên trách", dt.date(2018, 8, 21), "1.2", 25, 25],
        ["HD4", "truyền thông", "Phóng sự truyền hình", dt.date(2018, 9, 3), "1.1", "", ""],
    ]
    present = [["HD1", code] for code in sorted(chance.sample(codes, 60))]
    present += [["HD2", code] for code in sorted(chance.sample(codes, 35))]
    office = "Sở Công Thương"
    tasks = [
        ["1.1", 2018, "đang thực hiện", 0.7, "Hai lớp, một phóng sự", "Hai lớp ở huyện miền núi"],
        ["1.2", 2018, "đang thực hiện", 0.5, "25 cán bộ", "Cử 10 cán bộ đi học"],
        ["2.1", 2018, "đang thực hiện", 0.4, "Có đầu mối ở 6 huyện", "Lập đầu mối ở 2 huyện"],
        ["3.1", 2018, "chưa thực hiện", 0.0, "", "Trình cơ chế hỗ trợ"],
        ["4.1", 2018, "đang thực hiện", 0.6, f"{len(assessed)} cơ sở được đánh giá nhanh",
         "Đánh giá thêm 40 cơ sở"],
    ]  # fmt: skip
    helped = sorted(assessed)[:5]
    budget = [
        ["K1", 2018, "1.1", "ngân sách địa phương", "", "tập huấn, đào tạo", 120e6, 96e6, ""],
        ["K2", 2018, "1.2", "ngân sách trung ương", "", "tập huấn, đào tạo", 80e6, 80e6, ""],
        ["K3", 2018, "4.1", "viện trợ, tài trợ", "", "khác", 200e6, 150e6, ""],
        *(["K" + str(4 + i), 2018, "4.1", "ngân sách địa phương", code, "chi phí tư vấn", 40e6,
           spent, 90e6] for i, (code, spent) in
          enumerate(zip(helped, (40e6, 40e6, 35e6, 50e6, 45e6), strict=True))),
    ]  # fmt: skip
    reports = [
        *([f"UBND huyện {name}", 2018, dt.date(2018, 11, 20)] for name in DISTRICTS[2:7]),
        ["UBND thành phố Đồng Hới", 2018, dt.date(2018, 11, 23)],
        ["UBND thị xã Ba Đồn", 2018, dt.date(2018, 11, 29)],
        ["Sở Tài nguyên và Môi trường", 2018, dt.date(2018, 11, 22)],
    ]  # fmt: skip
    return {
        "Hoạt động": [["Mã hoạt động", "Loại hoạt động", "Tên hoạt động", "Ngày", "Nhiệm vụ",
                       "Số người tham dự", "Số cán bộ", "Cơ quan báo cáo"],
                      *([*row, office] for row in events)],
        "Cơ sở tham dự": [["Mã hoạt động", "Mã cơ sở"], *present],
        "Nhiệm vụ": [["Nhiệm vụ", "Năm", "Tình trạng", "Tiến độ", "Kết quả trong năm",
                      "Đề xuất năm sau", "Cơ quan báo cáo"], *([*row, office] for row in tasks)],
        "Kinh phí": [["Mã khoản", "Năm", "Nhiệm vụ", "Nguồn vốn", "Mã cơ sở được hỗ trợ",
                      "Nội dung chi", "Kế hoạch", "Đã chi", "Tổng chi phí được hỗ trợ"], *budget],
        "Báo cáo đã nhận": [["Cơ quan", "Năm", "Ngày nhận"], *reports],
    }  # fmt: skip


def workbook(path, sheets):
    """Write the register: the same tables give the same bytes."""
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"created": dt.datetime(2018, 11, 30), "comments": REGISTER})
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        about = book.add_worksheet("Thông tin chung")
        about.write_row(0, 0, ["Chương trình", "vn-qb-2384"])
        about.write_row(1, 0, ["Tỉnh", "Quảng Bình"])
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for i, row in enumerate(rows):
                for j, cell in enumerate(row):
                    if isinstance(cell, dt.date):
                        sheet.write_datetime(i, j, dt.datetime(*cell.timetuple()[:3]), day)
                    elif cell != "":
                        sheet.write(i, j, cell)


def main():
    place = Path(sys.argv[1] if len(sys.argv) > 1 else "province")
    chance = random.Random(SEED)
    plants, advice = rows_of("us_plants.csv"), rows_of("us_recommendations.csv")
    told = {row["id"] for row in advice}
    chosen = [row for row in plants if row["id"] in told]
    study(chosen, advice, chance, place / "danh-gia")
    sheets = register(plants, {row["id"] for row in chosen}, chance)
    workbook(place / "so-theo-doi.xlsx", sheets)
    print(f"{place}: {len(plants)} plants in so-theo-doi.xlsx, {len(chosen)} in danh-gia/")


if __name__ == "__main__":
    main()
