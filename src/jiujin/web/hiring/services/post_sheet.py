"""Posts the rows of a workbook: each row once, however often the file comes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from jiujin.accounts.models import User
from jiujin.core.plan_codes import CodeNotInPlan
from jiujin.registry.models import Organisation
from jiujin.web.hiring.bulk_rows import BulkRow
from jiujin.work.errors import WorkError
from jiujin.work.models import Vacancy
from jiujin.work.services.post_vacancy import post_vacancy
from jiujin.work.services.submit_vacancy import submit_vacancy


@dataclass(frozen=True)
class Posted:
    """What became of the rows: vacancies by the state they are in, rows that were there before, rows that failed and why."""

    states: Counter[str] = field(default_factory=Counter)
    known: int = 0
    failures: list[tuple[int, str]] = field(default_factory=list)

    @property
    def created(self) -> int:
        """How many vacancies there are now that were not before."""
        return sum(self.states.values())


def post_sheet(*, organisation: Organisation, rows: Sequence[BulkRow], actor: User) -> Posted:
    """Write each row down and have it checked, one transaction each; a row whose key is there already is passed over."""
    posted, known = Posted(), 0
    for row in rows:
        try:
            state = _post_row(organisation, row, actor)
        except (WorkError, CodeNotInPlan) as error:
            posted.failures.append((row.row, str(error)))
            continue
        if state is None:
            known += 1
        else:
            posted.states[state] += 1
    return Posted(posted.states, known, posted.failures)


@transaction.atomic
def _post_row(organisation: Organisation, row: BulkRow, actor: User) -> str | None:
    """The state of the new vacancy, or None where the row was posted before."""
    held = Organisation.objects.select_for_update().get(pk=organisation.pk)  # one file at a time, so that a key is seen
    if Vacancy.objects.filter(employer=held, source_key=row.source_key).exists():
        return None
    workplace = held.workplaces.get(pk=row.workplace_id)
    fields = row.values | {"open_until": date.fromisoformat(row.values["open_until"]), "source_key": row.source_key}
    vacancy = post_vacancy(employer=held, workplace=workplace, actor=actor, **fields)
    return submit_vacancy(vacancy=vacancy, actor=actor).state
