"""Figures that are not plausible: findings with the numbers and a suggested reading."""
