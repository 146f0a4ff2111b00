"""Arithmetic on float arrays in canonical units: one module per topic, no table, no text."""
