"""Django's PostgreSQL backend, with one thing more: what a transaction recorded is linked into the chain before it commits."""
