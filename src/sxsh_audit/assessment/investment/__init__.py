"""Options as investments: economics, interactions, the best set, risk, carbon, the plan."""
