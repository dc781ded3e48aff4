"""What changes accounts: one module a verb and noun."""
