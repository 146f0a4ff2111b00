"""The documents of an assessment: the report, the acceptance record, the minutes of a visit."""

from sxsh_audit.reports.chapters.acceptance import build_acceptance
from sxsh_audit.reports.chapters.minutes import build_minutes
from sxsh_audit.reports.chapters.report import build_report

__all__ = ["build_acceptance", "build_minutes", "build_report"]
