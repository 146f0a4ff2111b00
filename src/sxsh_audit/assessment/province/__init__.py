"""A programme over many plants: what its register and their assessments add up to."""
