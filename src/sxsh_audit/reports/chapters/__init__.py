"""The report of an assessment: a summary, the ministry's outline, the six steps, appendices."""

from sxsh_audit.reports.chapters.report import build_report

__all__ = ["build_report"]
