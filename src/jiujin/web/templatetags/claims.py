"""What pages of claims say of a line."""

from __future__ import annotations

from django import template

from jiujin.claims.marks import mark_words

register = template.Library()
register.filter("mark_words", mark_words)
