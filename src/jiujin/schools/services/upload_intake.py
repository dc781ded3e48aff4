"""Takes a school's list of new students: set by set, so that twenty thousand rows are a matter of seconds.

The same list again changes nothing. A row that cannot be taken says why and leaves the others alone; a column that nobody knows
is passed over and told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from jiujin.core.bulk import copy_rows, reserve_ids
from jiujin.core.proof import Proof
from jiujin.core.services.record_event import Actor, record_event
from jiujin.registry.models import Organisation, OrganisationKind, Person
from jiujin.schools.errors import HeadingsUnknown, NotASchool, StepImpossible
from jiujin.schools.headings import columns_for, headings_in, saved_headings, unread_headings
from jiujin.schools.models import Enrolment, Intake, Season
from jiujin.schools.pack import IDENTITY, SCHOOL, list_columns
from jiujin.schools.services.check_intake import check_intake
from jiujin.schools.states import CHANGEABLE
from jiujin.sheets import Roster, SheetUnreadable, read_roster
from jiujin.sheets.folding import fold
from jiujin.sheets.headings import Vocabulary
from jiujin.values import DEMO_AREA, IdNumberError, check_id_number

FIELDS = ("enrolled_on", "study_mode", "entry_level", "class_type", "schooling_years", "upgraded_from")
TEXTS = ("study_mode", "entry_level", "class_type", "upgraded_from")
BATCH = 5000


@dataclass(frozen=True)
class Refused:
    """A row that was not taken: its place, and why."""

    sheet: str
    row: int
    reason: str


@dataclass
class Upload:
    """What a list did: students new, changed, as they were, no longer on it; rows refused, cells unread, headings unknown."""

    made: int = 0
    changed: int = 0
    same: int = 0
    gone: int = 0
    refused: list[Refused] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


@transaction.atomic
def open_intake(*, school: Organisation, year: int, season: str, actor: Actor) -> Intake:
    """The intake of a school, year and season; opened where it is not there yet. Raises NotASchool."""
    if OrganisationKind.TECHNICAL_SCHOOL not in school.kinds:
        raise NotASchool(school.name)
    intake, is_new = Intake.objects.get_or_create(
        school=school, year=year, season=Season(season), defaults={"is_synthetic": school.is_synthetic}
    )
    if is_new:
        details = {"school": school.pk, "year": year, "season": season}
        record_event(actor=actor, verb="intake_opened", subject=intake, details=details)
    return intake


@transaction.atomic
def upload_intake(*, intake: Intake, path: Path, actor: Actor) -> Upload:
    """Take a list into an intake that is not with the city, and check every student of it.

    Raises HeadingsUnknown (and says which headings stand there), SheetUnreadable, StepImpossible.
    """
    own = Intake.objects.select_for_update(of=("self",)).select_related("school").get(pk=intake.pk)
    if own.state not in CHANGEABLE:
        raise StepImpossible(str(own.get_state_display()), "intake_uploaded")
    roster = _read(path, own.school)
    done = Upload(cells=[f"{each.cell or each.row} {each.column}：{each.message}" for each in roster.errors])
    columns, saved = columns_for(own.school), saved_headings(own.school)
    writings = [word for layout in roster.layouts.values() for word in layout.writings.values()]
    done.unread = unread_headings(list(dict.fromkeys(writings)), columns, saved)
    rows = _standing(roster, own.school, done)
    people = _people(rows, done, actor)
    _keep(own, rows, people, done)
    own.unread = done.unread
    own.save(update_fields=["unread"])
    check_intake(intake=own)
    counts = {"made": done.made, "changed": done.changed, "same": done.same, "gone": done.gone}
    record_event(actor=actor, verb="intake_uploaded", subject=own, details={**counts, "refused": len(done.refused)})
    return done


def _read(path: Path, school: Organisation) -> Roster:
    """The list as the school's own headings have it. Raises HeadingsUnknown, SheetUnreadable."""
    columns = columns_for(school)
    headings = headings_in(path)
    named = Vocabulary.of(columns)
    facts = {found[1] for heading in headings if (found := named.look_up(heading))}
    if IDENTITY not in facts:
        label = next(column.label for column in list_columns() if column.key == IDENTITY)
        if not headings:
            raise SheetUnreadable(_("没有找到表头，没有读入。请用全国系统导出的名单。"))
        raise HeadingsUnknown(headings, label)
    return read_roster(path, columns, demo_ids=settings.DEMO)


def _standing(roster: Roster, school: Organisation, done: Upload) -> dict[str, dict[str, Any]]:
    """The rows that can be taken, by identity number: one a person, of this school."""
    kept: dict[str, dict[str, Any]] = {}
    for row in roster.table.to_pylist():
        number, named = row[IDENTITY], row.get(SCHOOL)
        if number is None:
            done.refused.append(Refused(row["sheet"], row["row"], _("没有能读懂的身份证号")))
        elif named and fold(named) != fold(school.name):
            text = _("写的学校是“%(name)s”，不是本校")
            done.refused.append(Refused(row["sheet"], row["row"], text % {"name": named}))
        elif number in kept:
            text = _("和第 %(row)s 行是同一个人")
            done.refused.append(Refused(row["sheet"], row["row"], text % {"row": kept[number]["row"]}))
        else:
            kept[number] = row
    return kept


def _people(rows: dict[str, dict[str, Any]], done: Upload, actor: Actor) -> dict[str, int]:
    """The person of each number: found, or registered now; a row whose name is another's is taken out and told."""
    found: dict[str, int] = {}
    numbers = list(rows)
    for start in range(0, len(numbers), BATCH):
        part = numbers[start : start + BATCH]
        held = Person.objects.filter(id_number_index__in=part).select_related("merged_into").order_by("pk")
        for person in held:
            number = str(person.id_number)
            name = rows[number]["name"]
            if name and fold(name) != fold(person.name):
                text = _("姓名和登记的不一样，请核对姓名和身份证号")
                done.refused.append(Refused(rows[number]["sheet"], rows[number]["row"], text))
                del rows[number]
            else:
                found[number] = person.merged_into_id or person.pk
    return found | _register(
        [rows[number] for number in numbers if number in rows and number not in found], done, rows, actor
    )


def _register(
    strangers: Sequence[Mapping[str, Any]], done: Upload, rows: dict[str, dict[str, Any]], actor: Actor
) -> dict[str, int]:
    lines, numbers = [], []
    for row in strangers:
        number, name = row[IDENTITY], (row["name"] or "").strip()
        if not name:
            done.refused.append(Refused(row["sheet"], row["row"], _("没有写姓名")))
            del rows[number]
            continue
        try:
            identity = check_id_number(number, demo=settings.DEMO)
        except IdNumberError as error:
            done.refused.append(Refused(row["sheet"], row["row"], str(error)))
            del rows[number]
            continue
        numbers.append(number)
        is_synthetic = number.startswith(DEMO_AREA)
        lines.append((number, number, name[:60], identity.born_on, identity.sex, is_synthetic))
    ids = reserve_ids(Person, len(lines))
    names = ("id", "id_number", "id_number_index", "name", "born_on", "sex", "is_synthetic")
    copy_rows(Person, names, ((pk, *line) for pk, line in zip(ids, lines, strict=True)))
    if lines:
        subject = Person(pk=ids[0])
        details = {"count": len(ids), "first": ids[0], "last": ids[-1]}
        record_event(actor=actor, verb="people_registered_from_list", subject=subject, details=details)
    return dict(zip(numbers, ids, strict=True))


def _keep(intake: Intake, rows: Mapping[str, Mapping[str, Any]], people: Mapping[str, int], done: Upload) -> None:
    """Enrolments new and changed; those that an earlier list had and this one has not are counted, and stay."""
    held = {each.person_id: each for each in Enrolment.objects.filter(intake=intake).order_by("pk")}
    fresh: list[Enrolment] = []
    changed: list[Enrolment] = []
    listed: set[int] = set()
    for number, row in rows.items():
        person_id, told = people[number], _told(row)
        listed.add(person_id)
        enrolment = held.get(person_id)
        if enrolment is None:
            fresh.append(
                Enrolment(
                    intake=intake,
                    school_id=intake.school_id,
                    person_id=person_id,
                    proof=Proof.DECLARED,
                    row=row["row"],
                    **told,
                )
            )
        elif any(getattr(enrolment, name) != value for name, value in told.items() if not _found(enrolment, name)):
            for name, value in {**told, "row": row["row"]}.items():
                setattr(enrolment, name, value)
            changed.append(enrolment)
    Enrolment.objects.bulk_create(fresh, batch_size=BATCH)
    Enrolment.objects.bulk_update(changed, [*FIELDS, "row"], batch_size=500)
    done.made, done.changed = len(fresh), len(changed)
    done.same = len(listed) - len(fresh) - len(changed)
    done.gone = len(set(held) - listed)


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: (row.get(name) or "") if name in TEXTS else row.get(name) for name in FIELDS}


def _found(enrolment: Enrolment, name: str) -> bool:
    """Where the check found a history, the list's own word of it does not count."""
    return name == "upgraded_from" and "upgraded" in enrolment.marks
