"""Jiujin 就近: runs a district's employment-promotion plan."""
