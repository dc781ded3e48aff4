"""Reads an internship roster in the layout of the scheme's own sheet; the same file again changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from jiujin.core.plan_in_force import plan_in_force
from jiujin.core.services.record_event import Actor, record_event
from jiujin.internships.errors import InternshipRefused
from jiujin.internships.models import InternMonth, Internship
from jiujin.internships.pack import scheme_of_months
from jiujin.internships.services.hold_internship import require_recognised
from jiujin.internships.services.record_intern_month import record_intern_month
from jiujin.internships.states import InternshipState
from jiujin.internships.terms import require_eligible, require_free, require_term
from jiujin.registry.errors import RegistryError
from jiujin.registry.models import Organisation, Person
from jiujin.registry.services.register_person import register_person
from jiujin.rosters import check_roster
from jiujin.values import add_months, whole_months

NEEDED = ("id_number", "intern_unit", "intern_group", "internship_start_on", "internship_end_on")


@dataclass(frozen=True)
class Refused:
    """A row that was not taken: its place, and why."""

    sheet: str
    row: int
    reasons: list[str]


@dataclass
class InternImport:
    """What a roster did: rows that are new, changed, as they were, and refused; `cells` are cells nobody could read."""

    made: int = 0
    changed: int = 0
    same: int = 0
    refused: list[Refused] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)


def import_interns(*, path: Path, actor: Actor, today: date, only_unit: Organisation | None = None) -> InternImport:
    """Take every row that stands; a refused one leaves the others alone.

    A row is known by person, unit and first day. Its monthly stipend becomes the months that are over by `today`.
    Raises SheetUnreadable for what is no roster at all.
    """
    plan = plan_in_force()
    checked = check_roster(path, plan=plan, scheme=scheme_of_months(plan), demo_ids=settings.DEMO)
    done = InternImport(cells=[f"{each.sheet} {each.cell}：{each.message}" for each in checked.errors])
    for row in checked.lines.to_pylist():
        try:
            with transaction.atomic():
                _take(row, done, actor, today, only_unit)
        except (InternshipRefused, RegistryError) as error:
            done.refused.append(Refused(row["sheet"], row["row"], [str(error)]))
    return done


def _take(row: Mapping[str, Any], done: InternImport, actor: Actor, today: date, only: Organisation | None) -> None:
    facts = plan_in_force().facts
    lacking = [facts[name].label for name in NEEDED if row[name] is None]
    if lacking:
        raise InternshipRefused(_("缺：%(names)s") % {"names": "、".join(lacking)})
    unit = _unit(row["intern_unit"], only)
    start_on, end_on = row["internship_start_on"], row["internship_end_on"]
    require_recognised(unit, start_on)
    require_term(start_on, end_on)
    person = _person(row, actor)
    held = Internship.objects.select_for_update().filter(person=person, unit=unit, start_on=start_on).first()
    require_eligible(person, row["intern_group"], row["graduated_on"], start_on, end_on)
    require_free(person, unit, start_on, end_on, but=held.pk if held else None)
    wanted = {"group": row["intern_group"], "graduated_on": row["graduated_on"], "end_on": end_on}
    if held is None:
        made = _make(person, unit, start_on, wanted, today, actor)
        _keep_stipend(made, row["monthly_stipend"], today, actor)
        done.made += 1
        return
    changed = _change(held, wanted, actor)
    paid = _keep_stipend(held, row["monthly_stipend"], today, actor)
    done.changed += changed or paid
    done.same += not (changed or paid)


def _make(
    person: Person, unit: Organisation, start_on: date, wanted: Mapping[str, Any], today: date, actor: Actor
) -> Internship:
    """An internship as the roster has it: running, or full where its last day is over."""
    is_over = wanted["end_on"] < today
    state = InternshipState.COMPLETED if is_over else InternshipState.RUNNING
    state = InternshipState.AGREED if start_on > today else state
    made = Internship.objects.create(
        person=person,
        unit=unit,
        start_on=start_on,
        state=state,
        ended_on=wanted["end_on"] if is_over else None,
        is_synthetic=person.is_synthetic,
        **wanted,
    )
    details = {"person": person.pk, "unit": unit.pk, "start_on": start_on.isoformat(), "state": str(state)}
    record_event(actor=actor, verb="internship_imported", subject=made, details=details)
    return made


def _change(internship: Internship, wanted: Mapping[str, Any], actor: Actor) -> bool:
    """Correct what the roster says otherwise of an internship that is not over; gives whether anything did."""
    changed = [name for name, value in wanted.items() if getattr(internship, name) != value]
    if not changed:
        return False
    if internship.ended_on is not None and "end_on" in changed:
        raise InternshipRefused(_("这次见习已经结束，名册里的结束日期和记录不一样，没有改动。请核对。"))
    for name in changed:
        setattr(internship, name, wanted[name])
    internship.save(update_fields=changed)
    record_event(actor=actor, verb="internship_corrected", subject=internship, details={"fields": changed})
    return True


def _keep_stipend(internship: Internship, stipend_fen: int | None, today: date, actor: Actor) -> bool:
    """The whole months that are over, each with the stipend told; gives whether any was new or other."""
    if stipend_fen is None:
        return False
    over = min(today, internship.ended_on or internship.end_on)
    count = whole_months(internship.start_on, over) if over >= internship.start_on else 0
    first = internship.start_on.replace(day=1)
    months = [add_months(first, number) for number in range(count)]
    kept = {each.month: each for each in InternMonth.objects.filter(internship=internship, month__in=months)}
    told = [month for month in months if month not in kept or kept[month].stipend_fen != stipend_fen]
    for month in told:
        before = kept.get(month)
        record_intern_month(
            internship=internship,
            month=month,
            attended_days=before.attended_days if before else None,
            paid_on=before.paid_on if before else None,
            stipend_fen=stipend_fen,
            actor=actor,
            today=today,
        )
    return bool(told)


def _unit(name: str, only: Organisation | None) -> Organisation:
    found = list(Organisation.objects.filter(name=name.strip(), internship_base__isnull=False)[:2])
    if len(found) != 1:
        text = _("“%(name)s”不是登记的见习基地，没有导入这一行。请写基地的全称，或先办认定。")
        raise InternshipRefused(text % {"name": name})
    if only is not None and found[0].pk != only.pk:
        raise InternshipRefused(_("这一行是别的单位的，没有导入。"))
    return found[0]


def _person(row: Mapping[str, Any], actor: Actor) -> Person:
    person = Person.objects.select_for_update().filter(id_number_index=row["id_number"]).first()
    if person is None:
        return register_person(name=row["name"] or "", actor=actor, id_number=row["id_number"])
    merged = person.merged_into
    person = merged if merged is not None else person
    if row["name"] and person.name != row["name"].strip():
        raise InternshipRefused(_("姓名和登记的不一样，没有导入这一行。请核对姓名和身份证号。"))
    return person
