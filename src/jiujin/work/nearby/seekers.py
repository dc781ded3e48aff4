"""Many people as the columns of a batch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import numpy as np

from jiujin.matching.layout import WISHES_MAX
from jiujin.registry.models import Person
from jiujin.values import years_old
from jiujin.work.models import JobWish
from jiujin.work.nearby.columns import VacancyIndex
from jiujin.work.nearby.search import NearFilters, seeker_of

NOT_TOLD: Final = np.nan


def seeker_columns(near: VacancyIndex, people: Sequence[tuple[Person, JobWish | None]], day: date) -> dict[str, Any]:
    """What people wish and can do, by the columns of `matching`."""
    seekers = [
        seeker_of(near, wish, NearFilters(), years_old(person.born_on, day) if person.born_on else None)
        for person, wish in people
    ]
    wishes = np.zeros((len(seekers), WISHES_MAX), np.int64)
    for row, seeker in enumerate(seekers):
        wishes[row, : len(seeker.occupations)] = seeker.occupations[:WISHES_MAX]
    columns: dict[str, Any] = {
        name: np.array([NOT_TOLD if (value := getattr(seeker, name)) is None else value for seeker in seekers], float)
        for name in ("wage_fen", "schooling", "hours", "age")
    }
    for name in ("shifts", "forms", "licences", "skills"):
        columns[name] = np.array([getattr(seeker, name) or 0 for seeker in seekers], np.uint64)
    for name in ("licences", "skills"):
        columns[f"{name}_known"] = np.array([getattr(seeker, name) is not None for seeker in seekers], bool)
    return columns | {"occupations": wishes}
