"""What changes roster checks: one module a verb and noun."""
