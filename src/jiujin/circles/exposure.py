"""Whether the nightly lists are fair: what each group of people was shown, and how often each group of vacancies was.

The groups are looked up afterwards: nothing of them is known to the ranking.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, Final

from jiujin.core.bulk import among
from jiujin.core.current_plan import current_plan
from jiujin.matching import BatchResult
from jiujin.matching.audit import UNTOLD, PeopleExposure, PeopleTally, VacancyExposure, VacancyTally
from jiujin.registry.models import Person
from jiujin.registry.services.record_priority_status import CATEGORY_FACT
from jiujin.values import years_old
from jiujin.work.models import Vacancy
from jiujin.work.nearby.columns import VacancyIndex
from jiujin.work.services.record_placement import FORM_FACT

PEOPLE_BY: Final = ("sex", "age", "category", "township")
VACANCIES_BY: Final = ("size", "form", "welcome", "township")
TOWNSHIP_DIGITS: Final = 9
DECADE: Final = 10


class Exposure:
    """Counts a nightly batch, a chunk at a time; `told` is what a run keeps."""

    def __init__(self, near: VacancyIndex, day: date) -> None:
        self._day = day
        self._ids = near.index.ids
        self._people = {by: PeopleTally() for by in PEOPLE_BY}
        self._vacancies = VacancyTally(self._ids)
        facts = current_plan().facts
        self._choices = [*facts[CATEGORY_FACT].choices, *facts[FORM_FACT].choices]

    def add(self, result: BatchResult, people: Sequence[Person]) -> None:
        """Count the answers to these people, a row each, whose `priority_statuses` are fetched."""
        groups = {
            "sex": [person.sex for person in people],
            "age": [self._decade(person.born_on) for person in people],
            "category": [self._category_of(person) for person in people],
            "township": [(person.home_area_id or "")[:TOWNSHIP_DIGITS] or None for person in people],
        }
        for by, tally in self._people.items():
            tally.add(result, groups[by])
        self._vacancies.add(result)

    def told(self) -> dict[str, dict[str, list[dict[str, Any]]]]:
        """The lines of people and of vacancies, by what they were grouped by; groups are codes."""
        fields = ("pk", "is_small_firm", "form", "welcomes_priority_groups", "workplace__area_id")
        rows = {
            row[0]: row[1:] for row in Vacancy.objects.filter(pk__in=among(self._ids.tolist())).values_list(*fields)
        }
        known = [rows.get(vacancy_id, (None, "", False, "")) for vacancy_id in self._ids.tolist()]
        groups: dict[str, list[str | None]] = {
            "size": [None if small is None else "small" if small else "other" for small, *_ in known],
            "form": [form or None for _, form, *_ in known],
            "welcome": ["welcome" if welcome else "other" for *_, welcome, _ in known],
            "township": [(area or "")[:TOWNSHIP_DIGITS] or None for *_, area in known],
        }
        return {
            "people": {by: self._in_order(self._people[by].lines()) for by in PEOPLE_BY},
            "vacancies": {by: self._in_order(self._vacancies.lines(groups[by])) for by in VACANCIES_BY},
        }

    def _in_order(self, lines: Sequence[PeopleExposure | VacancyExposure]) -> list[dict[str, Any]]:
        """As the plan orders its choices, else by code; who is in no group known comes last."""
        return [
            asdict(line) for line in sorted(lines, key=lambda line: (line.group == UNTOLD, self._place(line.group)))
        ]

    def _decade(self, born_on: date | None) -> str | None:
        return None if born_on is None else f"{years_old(born_on, self._day) // DECADE * DECADE:03d}"

    def _category_of(self, person: Person) -> str | None:
        """The group of the plan that a person belongs to on the day; of several, the one that the plan names first."""
        holding = [
            status.category
            for status in person.priority_statuses.all()
            if status.start_on <= self._day and (status.end_on is None or status.end_on >= self._day)
        ]
        return min(holding, key=self._place, default=None)

    def _place(self, code: str) -> int:
        return self._choices.index(code) if code in self._choices else len(self._choices)
