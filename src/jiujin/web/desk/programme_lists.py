"""Today's records of the programmes: interns to be asked, promises of help that come due, intents of fairs to follow up."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiujin.accounts.models import User
from jiujin.core.listing import Cell, Row
from jiujin.fairs.models import EnterpriseVisit, FairIntent
from jiujin.fairs.queries import intents_to_follow, promises_due
from jiujin.internships.models import Internship
from jiujin.internships.queries import interns_to_ask, serves_interns
from jiujin.registry.models import Person
from jiujin.values import mask_name
from jiujin.web.desk.words import masked_phone

DAYS_LATE: Final = 45  # how long the desk goes on asking; not a rule of the plan
DAYS_AHEAD: Final = 14


def interns(viewer: User, people: QuerySet[Person], today: date) -> QuerySet[Any]:
    """The interns whose month after the end came lately, for who may record what became of them."""
    found = interns_to_ask(viewer, today, since=today - timedelta(days=DAYS_LATE))
    return found if serves_interns(viewer) else found.none()


def intern_row(intern: Internship, today: date, names: dict[str, str]) -> Row:
    """Whom to ask, and after how many months."""
    months: int = intern.due_months  # type: ignore[attr-defined]
    due_on: date = intern.due_on  # type: ignore[attr-defined]
    cells = {
        "name": Cell(mask_name(intern.person.name)),
        "unit": Cell(intern.unit.name),
        "due": Cell(_("结束满 %(n)s 个月，问去向") % {"n": months}, note=due_on.isoformat()),
        "phone": Cell(masked_phone(intern.person)),
    }
    return Row(f"i{intern.pk}", cells, href=reverse("internships:internship", args=[intern.pk]))


def promises(viewer: User, people: QuerySet[Person], today: date) -> QuerySet[Any]:
    """What was promised at visits and must be done soon, or should have been."""
    return promises_due(viewer, today + timedelta(days=DAYS_AHEAD))


def promise_row(visit: EnterpriseVisit, today: date, names: dict[str, str]) -> Row:
    """To whom, what, until when."""
    until = visit.promised_until
    late = until is not None and until < today
    cells = {
        "employer": Cell(visit.employer.name),
        "promised": Cell(visit.promised),
        "until": Cell(until.isoformat() if until else "", note=_("已过期") if late else ""),
        "by": Cell(visit.made_by.display_name),
    }
    return Row(f"p{visit.pk}", cells, href=reverse("fairs:visit", args=[visit.pk]))


def intents(viewer: User, people: QuerySet[Person], today: date) -> QuerySet[Any]:
    """The intents of fairs that nobody followed up yet."""
    return intents_to_follow(viewer)


def intent_row(intent: FairIntent, today: date, names: dict[str, str]) -> Row:
    """Who with whom, from which fair."""
    cells = {
        "name": Cell(mask_name(intent.person.name)),
        "employer": Cell(intent.employer.name, note=intent.vacancy.title if intent.vacancy else ""),
        "fair": Cell(intent.fair.name),
        "recorded": Cell(timezone.localdate(intent.recorded_at).isoformat()),
        "phone": Cell(masked_phone(intent.person)),
    }
    return Row(f"f{intent.pk}", cells, href=reverse("fairs:intent", args=[intent.pk]))
