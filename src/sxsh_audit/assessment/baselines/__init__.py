"""Adjusted baselines of a study: which the data allow, what they show, and how sure that is."""
