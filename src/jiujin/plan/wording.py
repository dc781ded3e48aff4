"""Searches a text for the wordings that a pack lists.

Before the search a text is made plain: half-width (NFKC), small letters, without blanks and invisible characters, so that
`限 女 性` and `限女性` are the same; line breaks stay, as ends of sentences.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from jiujin.plan.models.hiring import WordingRule

_DROPPED = re.compile(r"[^\S\n]|[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]")


@dataclass(frozen=True, slots=True)
class WordingFind:
    """What one rule found: the words as they stand in the plain text, and how grave it is here."""

    rule: WordingRule
    words: tuple[str, ...]
    severity: Literal["stop", "review"]


def plain(text: str) -> str:
    """The text as the patterns see it."""
    return _DROPPED.sub("", unicodedata.normalize("NFKC", text).lower())


def search_wording(rules: Iterable[WordingRule], text: str) -> Iterator[WordingFind]:
    """Every rule that finds something in the text, in the rules' order."""
    seen = plain(text)
    for rule in rules:
        words = tuple(dict.fromkeys(_words(rule, seen)))
        if words:
            softened = any(_compiled(pattern).search(seen) for pattern in rule.review_where)
            yield WordingFind(rule, words, "review" if softened else rule.severity)


def _words(rule: WordingRule, seen: str) -> Iterator[str]:
    allowed = [match.span() for pattern in rule.unless for match in _compiled(pattern).finditer(seen)]
    for match in _compiled(rule.pattern).finditer(seen):
        start, end = match.span()
        if start < end and not any(first <= start and end <= last for first, last in allowed):
            yield match[0]


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
