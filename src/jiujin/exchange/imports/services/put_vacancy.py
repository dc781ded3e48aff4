"""Writes a vacancy of a source down, and has it checked like any other."""

from __future__ import annotations

from typing import Any

from jiujin.core.services.record_event import Actor
from jiujin.exchange.imports.errors import OccupationUnknown, WorkplaceUnknown
from jiujin.exchange.imports.records import VacancyRecord
from jiujin.exchange.imports.scope import Outcome, Scope, organisation_named
from jiujin.registry.models import Organisation, Workplace
from jiujin.work.models import Occupation, Vacancy
from jiujin.work.services.edit_vacancy import edit_vacancy
from jiujin.work.services.post_vacancy import post_vacancy
from jiujin.work.services.submit_vacancy import submit_vacancy
from jiujin.work.vacancy_fields import checked_fields

PLAIN = ("title", "form", "open_until", "headcount", "wage_period", "hours_a_week", "shift", "schooling_min", "licences",
         "skills", "description", "welcomes_priority_groups", "contact_name", "contact_phone")  # fmt: skip


def put_vacancy(
    *, record: VacancyRecord, known: int | None, key: str, scope: Scope, actor: Actor
) -> tuple[int, Outcome]:
    """Post the vacancy or change what is new of it, within the caller's transaction, and have it checked.

    Raises the errors of work, of the registry and of `imports.errors`.
    """
    employer = organisation_named(record.employer, field="employer")
    scope.check_organisation(employer, "employer")
    workplace = Workplace.objects.filter(organisation=employer, name=record.workplace, is_open=True).first()
    if workplace is None:
        raise WorkplaceUnknown
    scope.check_area(workplace.area_id)
    fields = _fields(record)
    vacancy = _known_vacancy(employer, known, key)
    if vacancy is None:
        vacancy = post_vacancy(employer=employer, workplace=workplace, actor=actor, source_key=key, **fields)
        submit_vacancy(vacancy=vacancy, actor=actor)
        return vacancy.pk, Outcome.NEW
    wanted = checked_fields(fields)
    if vacancy.workplace_id == workplace.pk and all(getattr(vacancy, name) == value for name, value in wanted.items()):
        return vacancy.pk, Outcome.UNCHANGED
    changed = edit_vacancy(vacancy=vacancy, actor=actor, workplace=workplace, **fields)
    submit_vacancy(vacancy=changed, actor=actor)
    return vacancy.pk, Outcome.CHANGED


def _known_vacancy(employer: Organisation, known: int | None, key: str) -> Vacancy | None:
    mine = Vacancy.objects.filter(employer=employer)
    return (mine.filter(pk=known) if known is not None else mine.filter(source_key=key)).first()


def _fields(record: VacancyRecord) -> dict[str, Any]:
    fields = {name: getattr(record, name) for name in PLAIN if getattr(record, name) is not None}
    for name in ("wage_min", "wage_max"):
        amount = getattr(record, f"{name}_yuan")
        if amount is not None:
            fields[f"{name}_fen"] = int(amount * 100)
    if record.occupation is not None:
        fields["occupation"] = _occupation(record.occupation)
    return fields


def _occupation(written: str) -> Occupation:
    code = written.replace("-", "")
    found = Occupation.objects.filter(pk=code) if code.isdigit() else Occupation.objects.filter(name=written)
    rows = list(found.order_by("pk")[:2])
    if len(rows) != 1:
        raise OccupationUnknown
    return rows[0]
