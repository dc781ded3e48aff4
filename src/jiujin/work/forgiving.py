"""What somebody meant who mistyped: words that no open vacancy has are mended by the nearest words that one has.

    mend("超市收银圆")   →   Mended("超市收银员", changed=(("收银圆", "收银员"),), ignored=())

Only a text that finds nothing is looked at. Of two characters one may be wrong where they sound the same (保节, 保洁): so short a
word has too many other neighbours. A word that nothing comes near is left out where others remain, and said.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Count
from rapidfuzz import process
from rapidfuzz.distance import OSA

from jiujin.work.models import Occupation, Vacancy
from jiujin.work.states import VacancyState
from jiujin.work.words import QUERY_CHARACTERS_MAX, cut, cut_apart, plain, query_of, sound

TITLES_MAX: Final = 20_000  # the most frequent ones
TERM_CHARACTERS_MAX: Final = 12
NEIGHBOURS_MAX: Final = 2
SOUNDED: Final = 2  # characters of a word that is mended by its sound
KEPT_SECONDS: Final = 600
MISTAKES: Final = ((3, 1), (6, 2))  # from so many characters on, so many may be wrong
_LATIN_AT_LEAST: Final = 4  # a short abbreviation has too many near neighbours


@dataclass(frozen=True)
class Mended:
    """The text to search for, which parts were changed into what, and which were left out."""

    text: str
    changed: tuple[tuple[str, str], ...] = ()
    ignored: tuple[str, ...] = ()


def mend(text: str) -> Mended:
    """The text as it is where it finds something, or nothing can be mended."""
    asked = plain(text).strip()[:QUERY_CHARACTERS_MAX]
    if _finds(cut(asked)):
        return Mended(asked)
    words = cut_apart(asked)
    known = [_finds(cut(word)) for word in words]
    parts: list[tuple[str, str | None]] = []  # what was written, what it becomes
    place = 0
    while place < len(words):
        if known[place]:
            parts.append((words[place], words[place]))
            place += 1
            continue
        nearest = _nearest(words, place)
        if nearest is None:
            parts.append((words[place], None))
            place += 1
        else:
            first, last, term = nearest
            del parts[len(parts) - (place - first) :]
            parts.append(("".join(words[first : last + 1]), term))
            place = last + 1
    kept = [becomes for _, becomes in parts if becomes is not None]
    if not kept:
        return Mended(asked)
    return Mended(
        " ".join(kept),
        tuple((was, becomes) for was, becomes in parts if becomes is not None and becomes != was),
        tuple(was for was, becomes in parts if becomes is None),
    )


def _finds(words: Sequence[str]) -> bool:
    """Whether an open vacancy has all of these words; nothing asked finds everything."""
    query = query_of(words)
    return query is None or Vacancy.objects.filter(state=VacancyState.OPEN, search=query).exists()


def _nearest(words: Sequence[str], place: int) -> tuple[int, int, str] | None:
    """First and last word of a window around an unknown word, and the term that comes nearest to it."""
    best: tuple[tuple[float, int, str], int, int] | None = None  # the nearest, and then of the same length, wins
    for first, last in _windows(len(words), place):
        written = "".join(words[first : last + 1])
        for term, wrong in _alike(written):
            rank = (wrong / len(written), abs(len(term) - len(written)), term)
            if wrong and (best is None or rank < best[0]):
                best = (rank, first, last)
    return (best[1], best[2], best[0][2]) if best else None


def _alike(written: str) -> Iterator[tuple[str, int]]:
    """The terms that this may have been meant for, and how many of its characters are then wrong."""
    known = vocabulary()
    allowed = _mistakes_allowed(written)
    if len(written) == SOUNDED and not written.isascii():
        said = sound(written)
        for term in known.of_two_characters:
            wrong = int(OSA.distance(written, term))
            if wrong <= 1 and sound(term) == said:
                yield term, wrong
    elif allowed:
        scored = process.extract(written, known.terms, scorer=OSA.distance, score_cutoff=allowed, limit=None)
        yield from ((term, int(wrong)) for term, wrong, _place in scored)


def _windows(count: int, place: int) -> Iterator[tuple[int, int]]:
    """Every stretch of words that holds this one and at most NEIGHBOURS_MAX on either side."""
    for first in range(max(0, place - NEIGHBOURS_MAX), place + 1):
        for last in range(place, min(count - 1, place + NEIGHBOURS_MAX) + 1):
            yield first, last


def _mistakes_allowed(written: str) -> int:
    """How many characters may be wrong in so long a text."""
    if written.isascii() and len(written) < _LATIN_AT_LEAST:
        return 0
    return max((mistakes for characters, mistakes in MISTAKES if len(written) >= characters), default=0)


# --- the vocabulary ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Vocabulary:
    """Every term that a search may be mended to; those of two characters once more."""

    terms: tuple[str, ...]
    of_two_characters: tuple[str, ...]


_held: tuple[float, Vocabulary] | None = None
_reading = threading.Lock()


def vocabulary() -> Vocabulary:
    """Titles of open vacancies, the words in them, and the occupations they are of; read again after KEPT_SECONDS."""
    global _held  # one for the process, as the dictionary is
    with _reading:
        now = time.monotonic()
        if _held is None or now - _held[0] > KEPT_SECONDS:
            terms = tuple(sorted(_read_terms()))
            _held = (now, Vocabulary(terms, tuple(term for term in terms if len(term) == SOUNDED)))
        return _held[1]


def forget_vocabulary() -> None:
    """Read it again when it is next asked for."""
    global _held
    with _reading:
        _held = None


def _read_terms() -> set[str]:
    is_open = Vacancy.objects.filter(state=VacancyState.OPEN)
    counted = is_open.values_list("title").annotate(count=Count("pk")).order_by("-count", "title")[:TITLES_MAX]
    texts = {plain(title) for title, _ in counted}
    occupations = Occupation.objects.filter(pk__in=is_open.order_by().values("occupation"))
    texts |= {plain(name) for name in occupations.order_by().values_list("name", flat=True)}
    terms = {word for text in texts for word in cut(text)} | texts
    return {term for term in terms if 2 <= len(term) <= TERM_CHARACTERS_MAX}
