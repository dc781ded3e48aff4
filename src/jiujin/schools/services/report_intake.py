"""An intake's way: stamped and sent to the city with a copy to the district; the city's reply, or its return."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiujin.accounts.models import User
from jiujin.core.proof import Proof
from jiujin.core.services.record_event import Actor, record_event
from jiujin.core.services.record_events import record_events
from jiujin.registry.models import EvidenceFile
from jiujin.schools.errors import FieldInvalid, ListEmpty, StepImpossible
from jiujin.schools.models import CityReply, Enrolment, Intake, IntakeState
from jiujin.schools.services.check_intake import check_intake
from jiujin.schools.services.pay_intake import close_if_paid
from jiujin.schools.services.steps import held, take_step
from jiujin.schools.states import CHANGEABLE


@transaction.atomic
def stamp_intake(*, intake: Intake, scan: EvidenceFile, now: datetime, actor: Actor) -> Intake:
    """Send the stamped list to the city, a copy to the district: the scan is kept by its hash, and its rows are documented.

    Raises ListEmpty, FieldInvalid, StepImpossible.
    """
    own = held(intake)
    if (scan.subject_kind, scan.subject_id) != (own._meta.label_lower, str(own.pk)):
        raise FieldInvalid("scan", _("扫描件不是这份名单的"))
    check_intake(intake=own)
    students = Enrolment.objects.filter(intake=own)
    count = students.count()
    if not count:
        raise ListEmpty
    details = {"students": count, "sm3": scan.sm3}
    take_step(
        own, "intake_stamped", actor, details, stamped_list=scan, stamped_at=now, copied_at=now, return_reasons=""
    )
    students.filter(proof__lt=Proof.DOCUMENTED).update(proof=Proof.DOCUMENTED)
    return own


@transaction.atomic
def return_intake(
    *,
    intake: Intake,
    reasons: str,
    number: str,
    replied_on: date,
    actor: User,
    today: date,
    scan: EvidenceFile | None = None,
) -> Intake:
    """The city sends the list back for correction: its letter, and why. Raises FieldInvalid, StepImpossible."""
    own = held(intake)
    if not reasons.strip():
        raise FieldInvalid("reasons", _("要写明退回的原因"))
    letter = {"number": number, "replied_on": replied_on, "scan": scan, "actor": actor, "today": today}
    _reply(own, accepted_count=0, refused={}, **letter)
    details = {"number": number, "reasons": reasons.strip()}
    take_step(own, "intake_returned", actor, details, return_reasons=reasons.strip()[:300])
    return own


@transaction.atomic
def record_city_reply(
    *,
    intake: Intake,
    number: str,
    replied_on: date,
    refused: Mapping[int, str],
    actor: User,
    today: date,
    scan: EvidenceFile | None = None,
) -> CityReply:
    """What the city found, as its letter says: the students not accepted (enrolment → why), all others accepted.

    The same number again is the reply that stands. Raises FieldInvalid, StepImpossible.
    """
    own = held(intake)
    standing = own.replies.filter(number=number.strip()).first()
    if standing is not None and own.state != IntakeState.STAMPED:
        return standing
    students = Enrolment.objects.filter(intake=own)
    if students.filter(pk__in=list(refused)).count() != len(refused):
        raise FieldInvalid("refused", _("有不在这份名单里的学生"))
    if not all(reason.strip() for reason in refused.values()):
        raise FieldInvalid("refused", _("不核准的每一个学生都要写原因"))
    accepted_count = students.count() - len(refused)
    reply = _reply(
        own,
        number=number,
        replied_on=replied_on,
        accepted_count=accepted_count,
        refused={str(pk): reason.strip() for pk, reason in refused.items()},
        scan=scan,
        actor=actor,
        today=today,
    )
    details = {"number": reply.number, "accepted": accepted_count, "refused": len(refused)}
    take_step(own, "intake_reviewed", actor, details)
    students.exclude(pk__in=list(refused)).filter(proof__lt=Proof.VERIFIED).update(proof=Proof.VERIFIED)
    close_if_paid(own, actor)
    return reply


@transaction.atomic
def remove_students(*, intake: Intake, ids: Sequence[int], actor: Actor) -> int:
    """Take students off a list that is not with the city; gives how many. Raises StepImpossible."""
    own = held(intake)
    _require_changeable(own)
    gone = list(Enrolment.objects.filter(intake=own, pk__in=ids).order_by("pk"))
    record_events(actor=actor, verb="student_removed", subjects=gone)
    Enrolment.objects.filter(pk__in=[each.pk for each in gone]).delete()
    check_intake(intake=own)
    return len(gone)


@transaction.atomic
def record_leaving(*, enrolment: Enrolment, left_on: date, actor: Actor, today: date) -> Enrolment:
    """That a student left the school, and when; the reading says whether it matters. Raises FieldInvalid."""
    own = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    if own.enrolled_on is not None and left_on < own.enrolled_on:
        raise FieldInvalid("left_on", _("离校日期早于入学日期"))
    if left_on > today:
        raise FieldInvalid("left_on", _("离校日期还没有到"))
    own.left_on = left_on
    own.save(update_fields=["left_on"])
    record_event(actor=actor, verb="student_left", subject=own, details={"on": left_on.isoformat()})
    return own


@transaction.atomic
def record_finishing(
    *, enrolment: Enrolment, finished_on: date, actor: Actor, today: date, certificate_number: str = ""
) -> Enrolment:
    """That a student finished, with the number of the skill certificate. Raises FieldInvalid."""
    own = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    if own.left_on is not None:
        raise FieldInvalid("finished_on", _("这个学生已经离校"))
    if own.enrolled_on is not None and finished_on <= own.enrolled_on:
        raise FieldInvalid("finished_on", _("结业日期要晚于入学日期"))
    if finished_on > today:
        raise FieldInvalid("finished_on", _("结业日期还没有到"))
    own.finished_on, own.certificate_number = finished_on, certificate_number.strip()
    own.save(update_fields=["finished_on", "certificate_number"])
    details = {"on": finished_on.isoformat(), "certificate": own.certificate_number}
    record_event(actor=actor, verb="student_finished", subject=own, details=details)
    return own


def _require_changeable(intake: Intake) -> None:
    if intake.state not in CHANGEABLE:
        raise StepImpossible(str(intake.get_state_display()), "intake_changed")


def _reply(
    intake: Intake,
    *,
    number: str,
    replied_on: date,
    accepted_count: int,
    refused: Mapping[str, str],
    scan: EvidenceFile | None,
    actor: User,
    today: date,
) -> CityReply:
    if not number.strip():
        raise FieldInvalid("number", _("没有写市里的文号"))
    if intake.stamped_at is not None and replied_on < timezone.localdate(intake.stamped_at):
        raise FieldInvalid("replied_on", _("批复日期早于上报日期"))
    if replied_on > today:
        raise FieldInvalid("replied_on", _("批复日期还没有到"))
    if intake.replies.filter(number=number.strip()).exists():
        raise FieldInvalid("number", _("这个文号已经登记过"))
    return CityReply.objects.create(
        intake=intake,
        number=number.strip(),
        replied_on=replied_on,
        accepted_count=accepted_count,
        refused=dict(refused),
        scan=scan,
        entered_by=actor,
    )
