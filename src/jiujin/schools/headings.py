"""What the headings of a school's own export mean: suggested from the plan's words, mapped once, saved for the school.

The layout of the national system's export is not known here: any file with one row of headings can be mapped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final

from rapidfuzz import fuzz, process

from jiujin.registry.models import Organisation
from jiujin.schools.models import HeadingMap
from jiujin.schools.pack import list_columns
from jiujin.sheets import Column
from jiujin.sheets.cells import is_blank, seen
from jiujin.sheets.folding import fold_heading
from jiujin.sheets.grids import open_source
from jiujin.sheets.headings import Vocabulary

ROWS_LOOKED_AT: Final = 20
HEADING_CHARACTERS_MAX: Final = 40
ALIKE_PERCENT: Final = 75


@dataclass(frozen=True)
class Suggestion:
    """A heading of a file, the fact it is taken for (blank: passed over), and whether that was saved or only guessed."""

    heading: str
    fact: str
    is_saved: bool


def headings_in(path: Path) -> list[str]:
    """The headings of a file: of its first rows the one with most texts, each once. Raises SheetUnreadable."""
    with closing(open_source(path)) as source:
        best: list[str] = []
        for name in source.sheet_names:
            rows = islice((row for block in source.grid(name).blocks() for row in block), ROWS_LOOKED_AT)
            for row in rows:
                texts = [seen(cell) for cell in row if isinstance(cell, str) and not is_blank(cell)]
                words = [
                    text for text in texts if len(text) <= HEADING_CHARACTERS_MAX and not any(map(str.isdigit, text))
                ]
                best = words if len(words) > len(best) else best
    return list(dict.fromkeys(best))


def saved_headings(school: Organisation) -> dict[str, str]:
    """Heading → fact as the school saved it; blank means passed over."""
    held = HeadingMap.objects.filter(school=school).first()
    return dict(held.headings) if held else {}


def suggest(headings: Sequence[str], saved: Mapping[str, str]) -> list[Suggestion]:
    """What each heading is taken for: as saved, else by the plan's own words, else by the likest of them."""
    columns = list_columns()
    vocabulary = Vocabulary.of(columns)
    words = {fold_heading(word): column.key for column in columns for word in (column.label, *column.synonyms)}
    found: list[Suggestion] = []
    taken = {fact for fact in saved.values() if fact}
    for heading in headings:
        if heading in saved:
            found.append(Suggestion(heading, saved[heading], True))
            continue
        known = vocabulary.look_up(heading)
        fact = known[1] if known else _likest(heading, words)
        fact = "" if fact in taken else fact
        taken.add(fact)
        found.append(Suggestion(heading, fact, False))
    return found


def columns_for(school: Organisation) -> list[Column]:
    """The columns of a list, each with the headings by which this school calls it; those it passes over name nothing."""
    saved = saved_headings(school)
    mapped = {fold_heading(heading): fact for heading, fact in saved.items()}
    return [
        replace(
            column,
            synonyms=(
                *(heading for heading, fact in saved.items() if fact == column.key),
                *(word for word in column.synonyms if mapped.get(fold_heading(word), column.key) == column.key),
            ),
        )
        for column in list_columns()
    ]


def unread_headings(writings: Sequence[str], columns: Sequence[Column], saved: Mapping[str, str]) -> list[str]:
    """Headings of a file that name no fact and that nobody has passed over on purpose."""
    vocabulary = Vocabulary.of(columns)
    return [each for each in writings if each not in saved and vocabulary.look_up(each) is None]


def _likest(heading: str, words: Mapping[str, str]) -> str:
    best = process.extractOne(fold_heading(heading), list(words), scorer=fuzz.ratio, score_cutoff=ALIKE_PERCENT)
    return words[best[0]] if best else ""
