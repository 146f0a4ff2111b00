"""Checked tables in, result objects out; no formula lives here."""
