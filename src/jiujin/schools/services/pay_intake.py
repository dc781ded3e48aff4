"""That the city paid for students: noted from the claim's payment, or entered from the city's letter; the book is the funds'."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from jiujin.accounts.models import User
from jiujin.core.services.record_event import record_event
from jiujin.registry.models import EvidenceFile
from jiujin.schools.errors import FieldInvalid
from jiujin.schools.models import Enrolment, Intake, IntakePayment, IntakeState
from jiujin.schools.services.steps import held, take_step


@dataclass(frozen=True)
class PaidStudent:
    """Whom a payment was for: by the record it was claimed from, else by the person and the school."""

    enrolment_id: int | None
    person_id: int | None
    school_id: int | None


@transaction.atomic
def note_students_paid(
    *, students: Iterable[PaidStudent], voucher: str, paid_on: date, actor: User, scan: EvidenceFile | None = None
) -> list[Intake]:
    """Note on the lists of some students that the city paid for them; who is noted already stays as noted.

    A list all of whose accepted students are paid for is paid. Gives the lists that were touched.
    """
    wanted = _wanted(students)
    ids = Enrolment.objects.filter(wanted, payment=None).order_by("intake").values_list("intake", flat=True).distinct()
    touched = [held(intake) for intake in Intake.objects.filter(pk__in=list(ids)).order_by("pk")]
    for intake in touched:
        unpaid = Enrolment.objects.filter(wanted, intake=intake, payment=None)
        _note(intake, unpaid, voucher, paid_on, actor, scan)
        close_if_paid(intake, actor)
    return touched


def _wanted(students: Iterable[PaidStudent]) -> Q:
    """The enrolments of students: those named, and of those who are not, the ones on lists that the city reviewed."""
    named: list[int] = []
    by_school: defaultdict[int | None, list[int]] = defaultdict(list)
    for student in students:
        if student.enrolment_id is not None:
            named.append(student.enrolment_id)
        elif student.person_id is not None:
            by_school[student.school_id].append(student.person_id)
    wanted = Q(pk__in=named)
    for school_id, people in by_school.items():
        wanted |= Q(person__in=people, school=school_id, intake__state=IntakeState.REVIEWED)
    return wanted


@transaction.atomic
def pay_intake(
    *, intake: Intake, voucher: str, paid_on: date, actor: User, today: date, scan: EvidenceFile | None = None
) -> Intake:
    """The city paid a list that was never claimed here, as its voucher says: for every accepted student.

    Raises FieldInvalid, StepImpossible.
    """
    own = held(intake)
    if not voucher.strip():
        raise FieldInvalid("voucher", _("没有写拨付凭证号"))
    last = own.replies.order_by("-replied_on", "-pk").first()
    if last is not None and paid_on < last.replied_on:
        raise FieldInvalid("paid_on", _("拨付日期早于市里的批复"))
    if paid_on > today:
        raise FieldInvalid("paid_on", _("拨付日期还没有到"))
    if own.state == IntakeState.REVIEWED:
        _note(own, unpaid_students(own), voucher, paid_on, actor, scan)
    take_step(own, "intake_paid", actor, {"voucher": voucher.strip(), "on": paid_on.isoformat()})
    return own


def unpaid_students(intake: Intake) -> QuerySet[Enrolment]:
    """The students whom the city accepted, who are entitled by the rules, and for whom nothing is noted as paid."""
    reply = intake.replies.order_by("-replied_on", "-pk").first()
    refused = [int(pk) for pk in reply.refused] if reply is not None else []
    return Enrolment.objects.filter(intake=intake, verdict="met", payment=None).exclude(pk__in=refused)


def _note(
    intake: Intake,
    students: QuerySet[Enrolment],
    voucher: str,
    paid_on: date,
    actor: User,
    scan: EvidenceFile | None,
) -> None:
    payment, _is_new = IntakePayment.objects.get_or_create(
        intake=intake, voucher=voucher.strip(), defaults={"paid_on": paid_on, "scan": scan, "entered_by": actor}
    )
    count = students.update(payment=payment)
    details = {"voucher": payment.voucher, "on": paid_on.isoformat(), "students": count}
    record_event(actor=actor, verb="students_paid", subject=intake, details=details)


def close_if_paid(intake: Intake, actor: User) -> None:
    """A list that the city reviewed is paid once nobody whom it accepted waits for money; a payment may come before the letter."""
    if intake.state == IntakeState.REVIEWED and intake.payments.exists() and not unpaid_students(intake).exists():
        take_step(intake, "intake_paid", actor, {})
