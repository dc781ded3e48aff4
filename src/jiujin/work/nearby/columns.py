"""Open vacancies as the columns of the index: read from PostgreSQL, words turned into bits.

A wage for an hour or a day becomes a month's by the hours a week; without hours it is not known. A place of work without a
point of its own stands at the middle of its community.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from psycopg import Connection

from jiujin.matching import Index
from jiujin.work.models import Shift, WagePeriod
from jiujin.work.states import VacancyState

BITS: Final = 64
FORMS_MAX: Final = 31
SMALL: Final = 32  # added to a form's code where the firm is small, so that the filter on forms can ask for it
CHUNK_ROWS: Final = 20_000
WAGE_FEN_MAX: Final = 2**31 - 1
HOURS_A_DAY: Final = 8
WEEKS_A_MONTH: Final = 52 / 12
OCCUPATION_DIGITS: Final = 7
SHIFT_BITS: Final = {Shift.DAY: 1, Shift.NIGHT: 2, Shift.ROTATING: 4, Shift.FLEXIBLE: 8}
ANY_SHIFT: Final = 15  # flexible hours suit whoever asks for a shift
COLUMNS: Final = (
    "id", "lat", "lon", "occupation", "wage_fen_min", "wage_fen_max", "schooling_min", "shifts", "form",
    "hours_per_week", "headcount_left", "licences", "skills", "welcomes_priority", "open_until",
)  # fmt: skip


def _monthly(wage: str) -> str:
    a_week = f"CASE v.wage_period WHEN '{WagePeriod.HOUR}' THEN v.hours_a_week WHEN '{WagePeriod.DAY}' THEN v.hours_a_week / {HOURS_A_DAY} END"
    a_month = f"CASE v.wage_period WHEN '{WagePeriod.MONTH}' THEN {wage} ELSE round({wage} * {a_week} * 52 / 12) END"
    return f"least(coalesce({a_month}, 0), {WAGE_FEN_MAX})::bigint"  # least() skips nulls, so they go first


SELECT: Final = f"""
    SELECT v.id, coalesce(a.lat, area.lat), coalesce(a.lon, area.lon),
        coalesce(rpad(v.occupation_id, {OCCUPATION_DIGITS}, '0')::int, 0),
        {_monthly("v.wage_min_fen")}, {_monthly("coalesce(v.wage_max_fen, v.wage_min_fen)")},
        v.schooling_min,
        CASE v.shift WHEN '{Shift.DAY}' THEN 1 WHEN '{Shift.NIGHT}' THEN 2 WHEN '{Shift.ROTATING}' THEN 4
            WHEN '{Shift.FLEXIBLE}' THEN {ANY_SHIFT} ELSE 0 END,
        coalesce(array_position(%(forms)s::varchar[], v.form), 0) + CASE WHEN v.is_small_firm THEN {SMALL} ELSE 0 END,
        coalesce(v.hours_a_week, 0)::float, v.headcount - v.filled_count,
        v.licences::text, v.skills::text, v.welcomes_priority_groups::int, v.open_until - DATE '0001-01-01' + 1
    FROM work_vacancy v
    JOIN registry_workplace w ON w.id = v.workplace_id
    LEFT JOIN registry_address a ON a.id = w.address_id AND a.lat IS NOT NULL
    LEFT JOIN registry_area area ON area.code = w.area_id
    WHERE v.state = '{VacancyState.OPEN}' AND v.filled_count < v.headcount
        AND coalesce(a.lat, area.lat) IS NOT NULL
"""


@dataclass
class WordBits:
    """Which bit stands for which word; the most frequent ones have one, the others are not looked at."""

    bits: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, counts: Counter[str]) -> WordBits:
        """Bits for the most frequent words."""
        chosen = sorted(counts, key=lambda word: (-counts[word], word))[:BITS]
        return cls({word: bit for bit, word in enumerate(chosen)})

    def mask(self, words: Iterable[str], *, learn: bool = False) -> int:
        """The bits of these words; a new word gets one while there are any."""
        mask = 0
        for word in words:
            if learn and word not in self.bits and len(self.bits) < BITS:
                self.bits[word] = len(self.bits)
            if word in self.bits:
                mask |= 1 << self.bits[word]
        return mask


@dataclass(frozen=True)
class VacancyIndex:
    """The index, and what its codes and bits mean."""

    index: Index
    forms: tuple[str, ...]
    licences: WordBits
    skills: WordBits

    def form_mask(self, forms: Iterable[str], *, small_firm: bool = False) -> int | None:
        """The bits of these forms (none named: all), of small firms alone or of any; None where nothing is asked."""
        named = [self.forms.index(form) + 1 for form in forms if form in self.forms]
        if not named and not small_firm:
            return None
        codes = named or range(len(self.forms) + 1)
        return sum((0 if small_firm else 1 << code) | 1 << (code + SMALL) for code in codes)


def build_index(connection: Connection[Any], forms: Sequence[str], *, only: int | None = None) -> VacancyIndex:
    """The index of every open vacancy with a point, or of the one with the id `only`, as of one moment."""
    columns: dict[str, list[Any]] = {name: [] for name in COLUMNS}
    query = SELECT if only is None else SELECT + " AND v.id = %(only)s"
    with connection.transaction(), connection.cursor(name="near_vacancies") as cursor:
        cursor.itersize = CHUNK_ROWS
        cursor.execute(query, {"forms": list(forms[:FORMS_MAX]), "only": only})
        while rows := cursor.fetchmany(CHUNK_ROWS):
            for name, values in zip(COLUMNS, zip(*rows, strict=True), strict=True):
                columns[name].extend(values)
    books = {name: _bits_of(columns, name) for name in ("licences", "skills")}
    index = Index.build(
        np.array(columns.pop("id"), np.int64),
        np.array(columns.pop("lat"), np.float64),
        np.array(columns.pop("lon"), np.float64),
        **{name: np.array(values, _kind(name)) for name, values in columns.items()},
    )
    return VacancyIndex(index, tuple(forms[:FORMS_MAX]), books["licences"], books["skills"])


def bring_up_to_date(connection: Connection[Any], near: VacancyIndex, ids: Sequence[int]) -> None:
    """Put in, change or take out these vacancies."""
    query = SELECT + " AND v.id = ANY(%(ids)s)"
    with connection.transaction(), connection.cursor() as cursor:
        rows = cursor.execute(query, {"forms": list(near.forms), "ids": list(ids)}).fetchall()
    found = set()
    for row in rows:
        values = dict(zip(COLUMNS, row, strict=True))
        values["licences"] = near.licences.mask(_words(values["licences"]), learn=True)
        values["skills"] = near.skills.mask(_words(values["skills"]), learn=True)
        vacancy_id, lat, lon = values.pop("id"), values.pop("lat"), values.pop("lon")
        near.index.upsert(vacancy_id, lat, lon, **{name: _kind(name)(value) for name, value in values.items()})
        found.add(vacancy_id)
    for vacancy_id in ids:
        if vacancy_id not in found:
            near.index.remove(vacancy_id)


def _kind(name: str) -> Any:
    if name == "hours_per_week":
        return np.float64
    return np.uint64 if name in ("licences", "skills") else np.int64


def _bits_of(columns: dict[str, list[Any]], name: str) -> WordBits:
    """Turn a column of lists of words into bits, in place."""
    texts = Counter(columns[name])
    words = {text: list(_words(text)) for text in texts}
    counts: Counter[str] = Counter()
    for text, many in texts.items():
        for word in words[text]:
            counts[word] += many
    book = WordBits.of(counts)
    masks = {text: book.mask(words[text]) for text in texts}
    columns[name] = [masks[text] for text in columns[name]]
    return book


def _words(array_text: str) -> Iterator[str]:
    """The words of a one-dimensional array as PostgreSQL writes it."""
    body, word, quoted, escaped = array_text[1:-1], "", False, False
    for character in body:
        if escaped:
            word, escaped = word + character, False
        elif character == "\\":
            escaped = True
        elif character == '"':
            quoted = not quoted
        elif character == "," and not quoted:
            yield word
            word = ""
        else:
            word += character
    if body:
        yield word
