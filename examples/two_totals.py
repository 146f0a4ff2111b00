"""Two totals per resource and two of output: a rapid assessment in three lines.

The figures are those of the Sao Xanh foundry (electricity 1200 to 1100 kWh/t,
http://scp.gov.vn/tin-tuc/t10050/sao-xanh-paste-technology-joint-stock-company) at an output of
1000 t, which the page does not state and is assumed.
"""

import sxsh_audit as sx

study = sx.Study.from_totals(
    "Sao Xanh", output=("1000 tấn", "1000 tấn"), electricity=("1200000 kWh", "1100000 kWh")
)
result = sx.assess(study, programme="vn-1419", phase="2009-2015")
print(result.explain("electricity.saving", language="en"))
