"""Cleaner-production audits of industrial plants (sản xuất sạch hơn, SXSH).

From a plant's records to specific consumption, savings per unit of product, the check against
a programme's target and ranked options. Every figure can be explained down to its inputs.

Importing the package does no work: each name below is loaded from its module when it is first
used, so that ``import sxsh_audit`` loads neither numpy nor pandas, scipy, matplotlib or pint.

Examples
--------
>>> import sxsh_audit as sx
>>> print(sx.__version__.count("."))
2
"""

from __future__ import annotations

TYPE_CHECKING = False  # importing typing for its own TYPE_CHECKING would triple our import time
if TYPE_CHECKING:
    from typing import Any

    from sxsh_audit import charts
    from sxsh_audit.assessment.assess import assess
    from sxsh_audit.assessment.baselines.tables import applicable_baselines
    from sxsh_audit.assessment.checking import check_study
    from sxsh_audit.assessment.flows.balances import balance
    from sxsh_audit.assessment.flows.emitting import emission_inventory
    from sxsh_audit.assessment.flows.flow_sheet import FlowSheet
    from sxsh_audit.assessment.flows.losses import loss_costs
    from sxsh_audit.assessment.flows.reconciling import reconcile
    from sxsh_audit.assessment.programmes import programme, programmes
    from sxsh_audit.assessment.province.benchmark import benchmark
    from sxsh_audit.assessment.province.candidates import rank_candidates
    from sxsh_audit.assessment.province.progress import programme_progress
    from sxsh_audit.assessment.results import Assessment
    from sxsh_audit.calc.abatement import abatement_cost
    from sxsh_audit.calc.adjusted_savings import adjusted_savings
    from sxsh_audit.calc.baseline import Baseline, fit_baseline
    from sxsh_audit.calc.bills import calendarise
    from sxsh_audit.calc.claims import reconcile_claims
    from sxsh_audit.calc.decomposition import decompose_change
    from sxsh_audit.calc.finance import annuity_factor, discounted_payback, irr, mirr, npv
    from sxsh_audit.calc.intensity import specific_consumption
    from sxsh_audit.calc.interactions import combine_savings
    from sxsh_audit.calc.option_risk import simulate_options
    from sxsh_audit.calc.periods import BaselinePeriod, ReportingPeriod
    from sxsh_audit.calc.portfolio import select_options
    from sxsh_audit.calc.ranking import rank_options, simple_payback
    from sxsh_audit.calc.savings import saving_fraction
    from sxsh_audit.calc.screening import screen_options
    from sxsh_audit.calc.uncertainty import minimum_detectable_saving, target_probability
    from sxsh_audit.errors import (
        ConversionError,
        DataError,
        NumberError,
        OutputError,
        PeriodError,
        ProgrammeError,
        Refusal,
        StoreError,
        StudyError,
        UnitError,
    )
    from sxsh_audit.forms.marking import mark_findings
    from sxsh_audit.forms.register_form import write_register_template
    from sxsh_audit.forms.template import write_template
    from sxsh_audit.language.numbers import parse_number
    from sxsh_audit.language.periods import parse_period
    from sxsh_audit.reports.chart_folder import write_charts
    from sxsh_audit.reports.open_data.folder import write_open_data
    from sxsh_audit.reports.province.yearly import programme_report
    from sxsh_audit.reports.site.publishing import publish
    from sxsh_audit.reports.writing import write_report, write_slides
    from sxsh_audit.scale.dataset import Dataset, open_dataset, write_dataset
    from sxsh_audit.scale.result import ManyAssessments, open_results
    from sxsh_audit.scale.running import assess_many
    from sxsh_audit.store.store import Store
    from sxsh_audit.tables.reading import read_study
    from sxsh_audit.tables.register import Register
    from sxsh_audit.tables.register_merging import merge_reports
    from sxsh_audit.tables.register_reading import read_register
    from sxsh_audit.tables.study import Study
    from sxsh_audit.units import convert, parse_quantity, parse_unit, to_canonical

__version__ = "0.1.0"

__all__ = [
    "Assessment",
    "Baseline",
    "BaselinePeriod",
    "ConversionError",
    "DataError",
    "Dataset",
    "FlowSheet",
    "ManyAssessments",
    "NumberError",
    "OutputError",
    "PeriodError",
    "ProgrammeError",
    "Refusal",
    "Register",
    "ReportingPeriod",
    "Store",
    "StoreError",
    "Study",
    "StudyError",
    "UnitError",
    "__version__",
    "abatement_cost",
    "adjusted_savings",
    "annuity_factor",
    "applicable_baselines",
    "assess",
    "assess_many",
    "balance",
    "benchmark",
    "calendarise",
    "charts",
    "check_study",
    "combine_savings",
    "convert",
    "decompose_change",
    "discounted_payback",
    "emission_inventory",
    "fit_baseline",
    "irr",
    "loss_costs",
    "mark_findings",
    "merge_reports",
    "minimum_detectable_saving",
    "mirr",
    "npv",
    "open_dataset",
    "open_results",
    "parse_number",
    "parse_period",
    "parse_quantity",
    "parse_unit",
    "programme",
    "programme_progress",
    "programme_report",
    "programmes",
    "publish",
    "rank_candidates",
    "rank_options",
    "read_register",
    "read_study",
    "reconcile",
    "reconcile_claims",
    "saving_fraction",
    "screen_options",
    "select_options",
    "simple_payback",
    "simulate_options",
    "specific_consumption",
    "target_probability",
    "to_canonical",
    "write_charts",
    "write_dataset",
    "write_open_data",
    "write_register_template",
    "write_report",
    "write_slides",
    "write_template",
]

_HOMES = {
    "assessment.assess": ("assess",),
    "assessment.baselines.tables": ("applicable_baselines",),
    "assessment.checking": ("check_study",),
    "assessment.flows.balances": ("balance",),
    "assessment.flows.emitting": ("emission_inventory",),
    "assessment.flows.flow_sheet": ("FlowSheet",),
    "assessment.flows.losses": ("loss_costs",),
    "assessment.flows.reconciling": ("reconcile",),
    "assessment.programmes": ("programme", "programmes"),
    "assessment.province.benchmark": ("benchmark",),
    "assessment.province.candidates": ("rank_candidates",),
    "assessment.province.progress": ("programme_progress",),
    "assessment.results": ("Assessment",),
    "calc.abatement": ("abatement_cost",),
    "calc.adjusted_savings": ("adjusted_savings",),
    "calc.baseline": ("Baseline", "fit_baseline"),
    "calc.bills": ("calendarise",),
    "calc.claims": ("reconcile_claims",),
    "calc.decomposition": ("decompose_change",),
    "calc.finance": ("annuity_factor", "discounted_payback", "irr", "mirr", "npv"),
    "calc.intensity": ("specific_consumption",),
    "calc.interactions": ("combine_savings",),
    "calc.option_risk": ("simulate_options",),
    "calc.periods": ("BaselinePeriod", "ReportingPeriod"),
    "calc.portfolio": ("select_options",),
    "calc.ranking": ("rank_options", "simple_payback"),
    "calc.savings": ("saving_fraction",),
    "calc.screening": ("screen_options",),
    "calc.uncertainty": ("minimum_detectable_saving", "target_probability"),
    "errors": (
        "ConversionError",
        "DataError",
        "NumberError",
        "OutputError",
        "PeriodError",
        "ProgrammeError",
        "Refusal",
        "StoreError",
        "StudyError",
        "UnitError",
    ),
    "forms.marking": ("mark_findings",),
    "forms.register_form": ("write_register_template",),
    "forms.template": ("write_template",),
    "language.numbers": ("parse_number",),
    "language.periods": ("parse_period",),
    "reports.chart_folder": ("write_charts",),
    "reports.open_data.folder": ("write_open_data",),
    "reports.province.yearly": ("programme_report",),
    "reports.site.publishing": ("publish",),
    "reports.writing": ("write_report", "write_slides"),
    "scale.dataset": ("Dataset", "open_dataset", "write_dataset"),
    "scale.result": ("ManyAssessments", "open_results"),
    "scale.running": ("assess_many",),
    "store.store": ("Store",),
    "tables.reading": ("read_study",),
    "tables.register": ("Register",),
    "tables.register_merging": ("merge_reports",),
    "tables.register_reading": ("read_register",),
    "tables.study": ("Study",),
    "units": ("convert", "parse_quantity", "parse_unit", "to_canonical"),
}
_MODULE_OF = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name == "charts":
        return import_module("sxsh_audit.charts")
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'sxsh_audit' has no attribute {name!r}")
    value = getattr(import_module(f"sxsh_audit.{_MODULE_OF[name]}"), name)
    globals()[name] = value  # the next use does not come through here
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
