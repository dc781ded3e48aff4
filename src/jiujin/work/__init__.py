"""Vacancies and how people come to them; placements, contracts, insurance and income months."""
