"""Workbooks in and out: templates, row errors, safe export."""
