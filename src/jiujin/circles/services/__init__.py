"""What changes circles: one module a verb and noun."""
