"""Placements, contracts, insurance and income months."""
