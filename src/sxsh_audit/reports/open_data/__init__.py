"""Open data: assessments without the names behind them, as a study that can be read again."""

from sxsh_audit.reports.open_data.folder import OpenData, write_open_data

__all__ = ["OpenData", "write_open_data"]
