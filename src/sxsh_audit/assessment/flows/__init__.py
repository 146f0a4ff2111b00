"""Flow sheets: balances, reconciliation, cost of losses, emissions, options against them."""
