"""Funds: budgets, the double-entry ledger in fen, payment batches, returns and recovery, over the ledger engine."""
