"""Vacancies near a point: the live index in memory, the search, and what the pages need of both."""
