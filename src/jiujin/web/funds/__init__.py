"""Pages of money: budgets, batches, returns, the base ledger, reports, and what a change would cost."""
