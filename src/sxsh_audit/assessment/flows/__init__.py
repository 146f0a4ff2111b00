"""Flow sheets: balances, reconciliation, what losses cost, emissions, and the options against them."""
