"""Reads, checks, compares and cites plan packs."""
