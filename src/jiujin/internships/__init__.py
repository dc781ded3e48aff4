"""Internships: bases, posts, applications, the months of an internship, and what became of each intern."""
