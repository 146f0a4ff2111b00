"""Where a batch of rice noodles loses rice and money: three steps, invented figures.

Writes nothing; ``sx.charts.save(chart, "so-do.png")`` would keep the picture.
"""

import io

import pandas as pd

import sxsh_audit as sx

FLOWS = """\
Mã dòng;Tên dòng;Từ;Đến;Loại dòng;Lượng (kg);Sai số;Ý nghĩa sai số;Chi phí (nghìn đồng);Đi theo thành phần
G;Gạo;;Vo gạo;đầu vào;1000;1 %;95 %;15000;Chất khô
N1;Nước vo;;Vo gạo;đầu vào;2000;2 %;95 %;20;
T1;Nước vo thải;Vo gạo;;nước thải;1750;4 %;95 %;25;
B1;Gạo ướt;Vo gạo;Xay;nội bộ;1240;2 %;95 %;;
N2;Nước xay;;Xay;đầu vào;900;2 %;95 %;9;
B2;Bột nước;Xay;Luộc;nội bộ;2450;2 %;95 %;;
N3;Nước luộc;;Luộc;đầu vào;3000;2 %;95 %;30;
P;Bún;Luộc;;sản phẩm;2360;1 %;95 %;;
V;Bún vụn;Luộc;;phế phẩm;60;10 %;95 %;;
T2;Nước luộc thải;Luộc;;nước thải;2720;4 %;95 %;40;
"""  # noqa: E501
DRY_MATTER = {"G": "86 %", "T1": "1 %", "P": "34 %", "V": "34 %", "T2": "0,8 %",
              "N1": "0", "N2": "0", "N3": "0"}  # fmt: skip

components = pd.DataFrame({
    "Mã dòng": list(DRY_MATTER), "Thành phần": "Chất khô",
    "Hàm lượng": list(DRY_MATTER.values()), "Chất lượng số liệu": "số đo",
})  # fmt: skip
sheet = sx.FlowSheet.from_tables(
    pd.read_csv(io.StringIO(FLOWS), sep=";", dtype=str), components=components, locale="vi"
)
for row in sx.balance(sheet):
    if row.layer == "mass":
        print(f"{row.name or 'whole batch'}: {row.unaccounted:+.3f} t ± {row.tolerance:.3f}, "
              f"{row.status}")  # fmt: skip
found = sx.reconcile(sheet)
for row in found.flows:
    if row.suspect:
        print(f"suspect: {row.name}, {row.measured} t, by the balances {row.amount:.2f} t")
costs = sx.loss_costs(found)
for row in costs.streams:
    print(f"{row.rank}. {row.name}: {row.total:,.0f} {sheet.currency} ({row.share:.0%})")
chart = sx.charts.sankey(costs, language="en")
