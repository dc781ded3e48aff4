"""Finds the heading of a sheet: one row, or group headings over sub-headings, below titles and before the data."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jiujin.sheets.cells import is_blank, seen
from jiujin.sheets.columns import Column
from jiujin.sheets.folding import fold_heading, without_blanks
from jiujin.sheets.problems import SheetUnreadable
from jiujin.sheets.roster import column_letters

Merge = tuple[tuple[int, int], tuple[int, int]]
LABEL, KEY, SYNONYM = range(3)


@dataclass(frozen=True)
class Vocabulary:
    """What a heading may be called: folded writing → (rank, column key), lower rank wins."""

    words: Mapping[str, tuple[int, str]]

    @classmethod
    def of(cls, columns: Sequence[Column]) -> Vocabulary:
        """The vocabulary of these columns; a synonym of two columns names neither."""
        words: dict[str, tuple[int, str]] = {}
        disputed: set[str] = set()
        for rank, column, writing in _writings(columns):
            word = fold_heading(writing)
            if word in words and words[word][0] == rank and words[word][1] != column.key:
                disputed.add(word)
            words.setdefault(word, (rank, column.key))
        return cls({word: found for word, found in words.items() if word not in disputed})

    def look_up(self, *writings: str) -> tuple[int, str] | None:
        """What the first writing that is known names."""
        for writing in writings:
            found = self.words.get(fold_heading(writing)) if writing else None
            if found:
                return found
        return None


def _writings(columns: Sequence[Column]) -> list[tuple[int, Column, str]]:
    """Every writing of every column with its rank, best rank first."""
    return [
        *((LABEL, column, column.label) for column in columns),
        *((KEY, column, column.key) for column in columns),
        *((SYNONYM, column, word) for column in columns for word in column.synonyms),
    ]


@dataclass(frozen=True)
class Heading:
    """A heading found: rows `first` to `last` (from 0 within the rows searched), each column's place, and the places
    of headings that name a column already placed."""

    first: int
    last: int
    places: Mapping[str, int]
    spare: Mapping[str, tuple[int, ...]]
    writings: Mapping[int, str]


@dataclass
class _Row:
    """A row (or pair of rows) read as a heading: key → [(rank, column place)]."""

    first: int
    last: int
    named: dict[str, list[tuple[int, int]]]
    writings: dict[int, str]


def find_heading(
    rows: Sequence[Sequence[object]], vocabulary: Vocabulary, merges: Sequence[Merge], first_line: int = 0
) -> Heading | None:
    """The row, or the pair of rows, that names most columns; None where no row names any.

    `first_line` is the sheet's line (from 0) of the first of `rows`, `merges` are in sheet coordinates.
    Raises SheetUnreadable where a column is named twice.
    """
    texts = [_heading_texts(row) for row in rows]
    groups = [_spread(row, line + first_line, merges) for line, row in enumerate(texts)]
    best: _Row | None = None
    for line, row in enumerate(texts):
        tries = [_one_row(line, row, vocabulary)]
        if line + 1 < len(texts):
            tries.append(_two_rows(line, row, groups[line], texts[line + 1], vocabulary))
        for candidate in tries:
            if len(candidate.named) > (len(best.named) if best else 0):
                best = candidate
    return _settled(best) if best else None


def _heading_texts(row: Sequence[object]) -> list[str]:
    """A row's cells as heading texts, one line each; long ones cannot be headings."""
    texts = ("" if is_blank(cell) else seen(cell) for cell in row)
    return [without_blanks(text) if len(text) <= 100 else "" for text in texts]


def _spread(row: list[str], line: int, merges: Sequence[Merge]) -> list[str]:
    """A group row with each heading over every column it stands for: its merged cells, or up to the next heading."""
    spread = list(row)
    if merges:
        for (top, left), (bottom, right) in merges:
            if top <= line <= bottom and left < len(row) and row[left]:
                spread[left : right + 1] = [row[left]] * (min(right + 1, len(row)) - left)
        return spread
    for place in range(1, len(spread)):
        spread[place] = spread[place] or spread[place - 1]
    return spread


def _one_row(line: int, row: list[str], vocabulary: Vocabulary) -> _Row:
    found = _Row(line, line, defaultdict(list), {})
    for place, text in enumerate(row):
        _name(found, place, vocabulary.look_up(text), text)
    return found


def _two_rows(line: int, upper: list[str], group: list[str], lower: list[str], vocabulary: Vocabulary) -> _Row:
    """Sub-headings under their groups; where there is none below, the upper heading stands alone."""
    found = _Row(line, line + 1, defaultdict(list), {})
    for place in range(max(len(upper), len(lower))):
        above = group[place] if place < len(group) else ""
        below = lower[place] if place < len(lower) else ""
        if below:
            _name(found, place, vocabulary.look_up(above + below, below) if above else vocabulary.look_up(below), below)
        elif place < len(upper):
            _name(found, place, vocabulary.look_up(upper[place]), upper[place])
    return found


def _name(row: _Row, place: int, named: tuple[int, str] | None, writing: str) -> None:
    if named:
        rank, key = named
        row.named[key].append((rank, place))
    if writing:
        row.writings[place] = writing


def _settled(row: _Row) -> Heading:
    """Each column at the place that names it best. Raises SheetUnreadable for two equally good places."""
    places: dict[str, int] = {}
    spare: dict[str, tuple[int, ...]] = {}
    for key, found in row.named.items():
        found.sort()
        best = [place for rank, place in found if rank == found[0][0]]
        if len(best) > 1:
            where = "、".join(f"{column_letters(place)} 列“{row.writings[place]}”" for place in best)
            raise SheetUnreadable(f"同一列出现了 {len(best)} 次（{where}），没有判断：请只留一列，或改掉多余的列名")
        places[key] = best[0]
        if len(found) > 1:
            spare[key] = tuple(place for _, place in found[1:])
    return Heading(row.first, row.last, places, spare, row.writings)
