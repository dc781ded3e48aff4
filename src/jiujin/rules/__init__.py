"""Conditions to SQL to verdicts with reasons."""
