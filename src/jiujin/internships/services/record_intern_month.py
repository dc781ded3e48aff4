"""A month of an internship: days attended, stipend paid, with its proof. No month of a person is paid twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from jiujin.core.proof import Proof
from jiujin.core.services.record_event import Actor, record_event
from jiujin.internships import pack
from jiujin.internships.errors import FieldInvalid, MonthOutsideTerm, MonthTaken
from jiujin.internships.models import InternMonth, Internship
from jiujin.internships.services.steps import held
from jiujin.registry.models import EvidenceFile
from jiujin.registry.services.lock import locked_person
from jiujin.values import add_months, format_yuan


@dataclass(frozen=True)
class MonthKept:
    """A month as kept, and what is wrong with it though it is true: a stipend under the plan's, an unpaid month."""

    month: InternMonth
    warnings: list[str]


@transaction.atomic
def record_intern_month(
    *,
    internship: Internship,
    month: date,
    attended_days: int | None,
    stipend_fen: int | None,
    actor: Actor,
    today: date,
    paid_on: date | None = None,
    voucher: EvidenceFile | None = None,
) -> MonthKept:
    """Record the month of a day, or correct it; what was paid under the plan's stipend is kept and told.

    Raises MonthOutsideTerm, MonthTaken, FieldInvalid.
    """
    own = held(internship)
    person = locked_person(own.person)
    first, days = _month_of_term(own, month)
    if first > today:
        raise FieldInvalid("month", _("这个月还没有到"))
    if attended_days is not None and not 0 <= attended_days <= days:
        text = _("这个月在见习期内有 %(days)s 天，出勤天数不能更多")
        raise FieldInvalid("attended_days", text % {"days": days})
    if stipend_fen is not None and stipend_fen < 0:
        raise FieldInvalid("stipend_fen", _("生活补助不能是负数"))
    if paid_on is not None and paid_on < max(first, own.start_on):
        raise FieldInvalid("paid_on", _("发放日期早于这个月"))
    if paid_on is not None and paid_on > today:
        raise FieldInvalid("paid_on", _("发放日期还没有到"))
    if stipend_fen is not None:
        _require_unpaid_elsewhere(own, first)
    before = InternMonth.objects.filter(internship=own, month=first).first()
    kept_voucher = voucher or (before.voucher if before else None)
    fields = {
        "person": person,
        "attended_days": attended_days,
        "stipend_fen": stipend_fen,
        "paid_on": paid_on,
        "voucher": kept_voucher,
        "proof": Proof.DOCUMENTED if kept_voucher else Proof.DECLARED,
    }
    kept, _is_new = InternMonth.objects.update_or_create(internship=own, month=first, defaults=fields)
    details = {"month": f"{first:%Y-%m}", "days": attended_days, "stipend_fen": stipend_fen}
    details |= {"stipend_before_fen": before.stipend_fen} if before else {}
    record_event(actor=actor, verb="intern_month_recorded", subject=own, details=details)
    return MonthKept(kept, warnings_of(kept))


def warnings_of(month: InternMonth) -> list[str]:
    """What stands against a month: a sentence each."""
    found = []
    floor_fen = pack.stipend_floor_fen(month.month)
    if month.stipend_fen is not None and floor_fen is not None and month.stipend_fen < floor_fen:
        words = {"paid": format_yuan(month.stipend_fen), "floor": format_yuan(floor_fen)}
        found.append(_("发了 %(paid)s 元，低于方案的 %(floor)s 元，补助会判为不符合") % words)
    if month.stipend_fen is not None and month.voucher_id is None:
        found.append(_("还没有发放凭证"))
    return found


def _month_of_term(internship: Internship, day: date) -> tuple[date, int]:
    """The month, and how many of its days are within the term. Raises MonthOutsideTerm."""
    first, last = day.replace(day=1), internship.ended_on or internship.end_on
    if first < internship.start_on.replace(day=1) or first > last:
        raise MonthOutsideTerm(first)
    end_of_month = add_months(first, 1) - timedelta(days=1)
    return first, (min(last, end_of_month) - max(first, internship.start_on)).days + 1


def _require_unpaid_elsewhere(internship: Internship, first: date) -> None:
    paid = InternMonth.objects.filter(person=internship.person_id, month=first, stipend_fen__isnull=False)
    elsewhere = paid.exclude(internship=internship).select_related("internship__unit").first()
    if elsewhere is not None:
        raise MonthTaken(first, elsewhere.internship.unit.name)
