"""Public-welfare posts: developed and filed by an entity, held for a term, attended month by month, left."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q

from jiujin.accounts.models import User
from jiujin.circles.certified import was_certified
from jiujin.circles.models import Circle, PostHolding, PostMonth, WelfarePost
from jiujin.circles.refusals import (
    AlreadyRecorded,
    FieldWrong,
    MonthOutside,
    NotCertified,
    PostFull,
    TermsOverlap,
    TermTooLong,
)
from jiujin.core.plan_in_force import plan_in_force
from jiujin.core.proof import Proof
from jiujin.core.services.record_event import record_event
from jiujin.plan.parameters import value_on
from jiujin.registry.models import Organisation, OrganisationKind, Person
from jiujin.values import add_months

TERM_PARAMETER = "post_term_months_max"


@transaction.atomic
def develop_post(
    *,
    entity: Organisation,
    title: str,
    headcount: int,
    developed_on: date,
    actor: User,
    today: date,
    operator: Organisation | None = None,
    circle: Circle | None = None,
    filing_number: str = "",
) -> WelfarePost:
    """Record a post that an entity developed, led to it by an operator. Raises FieldWrong."""
    if not title.strip():
        raise FieldWrong("title", "岗位名称没有填")
    if not 1 <= headcount <= 999:
        raise FieldWrong("headcount", "人数要在 1 到 999 之间")
    if developed_on > today:
        raise FieldWrong("developed_on", "开发日期还没有到")
    if operator is not None and OrganisationKind.OPERATOR not in operator.kinds:
        raise FieldWrong("operator", f"“{operator.name}”没有登记为运营机构")
    post = WelfarePost.objects.create(
        entity=entity, operator=operator, circle=circle, title=title.strip()[:80], headcount=headcount,
        developed_on=developed_on, filing_number=filing_number.strip()[:60],
    )  # fmt: skip
    details = {"entity": entity.pk, "headcount": headcount, "filed": bool(post.filing_number)}
    record_event(actor=actor, verb="post_developed", subject=post, details=details)
    return post


@transaction.atomic
def file_post(*, post: WelfarePost, filing_number: str, actor: User, proof: Proof = Proof.DOCUMENTED) -> WelfarePost:
    """Record the post's filing on the province's platform. Raises FieldWrong."""
    if not filing_number.strip():
        raise FieldWrong("filing_number", "要写省平台的岗位开发编号")
    held = WelfarePost.objects.select_for_update().get(pk=post.pk)
    held.filing_number, held.proof = filing_number.strip()[:60], proof
    held.save(update_fields=["filing_number", "proof"])
    record_event(actor=actor, verb="post_filed", subject=held, details={"proof": int(proof)})
    return held


@transaction.atomic
def close_post(*, post: WelfarePost, closed_on: date, actor: User) -> WelfarePost:
    """Close a post that nobody holds beyond that day. Raises FieldWrong."""
    held = WelfarePost.objects.select_for_update().get(pk=post.pk)
    if held.closed_on is not None or closed_on < held.developed_on:
        raise FieldWrong("closed_on", "岗位已经撤销，或撤销日期早于开发日期")
    if held.holdings.filter(_runs_beyond(closed_on)).exists():
        raise FieldWrong("closed_on", "那天以后还有人在岗，请先登记离岗")
    held.closed_on = closed_on
    held.save(update_fields=["closed_on"])
    record_event(actor=actor, verb="post_closed", subject=held, details={"closed_on": closed_on.isoformat()})
    return held


def _runs_beyond(day: date) -> Q:
    return (Q(left_on=None) | Q(left_on__gt=day)) & (Q(end_on=None) | Q(end_on__gt=day))


@transaction.atomic
def hold_post(
    *,
    post: WelfarePost,
    person: Person,
    start_on: date,
    actor: User,
    end_on: date | None = None,
    open_ended: bool = False,
    registration_number: str = "",
    labour_filing_number: str = "",
    service_number: str = "",
    proof: Proof = Proof.DECLARED,
) -> PostHolding:
    """Let a person in difficulty hold a post for a term, as long as a place is left.

    Raises NotCertified, TermTooLong, TermsOverlap, PostFull, FieldWrong.
    """
    held = WelfarePost.objects.select_for_update().get(pk=post.pk)
    if end_on is not None and (open_ended or end_on < start_on):
        raise FieldWrong("end_on", "到期日不早于上岗日；无固定期限的不写到期日")
    if start_on < held.developed_on or (held.closed_on is not None and start_on > held.closed_on):
        raise FieldWrong("start_on", "上岗日期不在岗位开发之后、撤销之前")
    if not was_certified(person, start_on):
        raise NotCertified(start_on)
    _require_term(start_on, end_on)
    Person.objects.select_for_update().get(pk=person.pk)
    overlapping = Q(start_on__lte=end_on or date.max) & _runs_beyond(start_on - timedelta(days=1))
    mine = PostHolding.objects.filter(overlapping, person=person).order_by("start_on").first()
    if mine is not None:
        raise TermsOverlap("这个人的公益性岗位", mine.start_on, mine.left_on or mine.end_on)
    if held.holdings.filter(overlapping).count() >= held.headcount:
        raise PostFull(held.headcount)
    holding = PostHolding.objects.create(
        post=held, person=person, start_on=start_on, end_on=end_on, open_ended=open_ended,
        registration_number=registration_number.strip(), labour_filing_number=labour_filing_number.strip(),
        service_number=service_number.strip(), proof=proof,
    )  # fmt: skip
    details = {"post": held.pk, "person": person.pk, "start_on": start_on.isoformat()}
    record_event(actor=actor, verb="post_taken", subject=holding, details=details)
    return holding


def _require_term(start_on: date, end_on: date | None) -> None:
    """The longest term is the district's to set; unset, there is none."""
    plan = plan_in_force()
    months = value_on(plan, TERM_PARAMETER, start_on) if TERM_PARAMETER in plan.parameters else None
    if not isinstance(months, int):
        return
    if end_on is None or end_on >= add_months(start_on, months):
        raise TermTooLong(months)


@transaction.atomic
def register_holding(
    *,
    holding: PostHolding,
    actor: User,
    registration_number: str = "",
    labour_filing_number: str = "",
    service_number: str = "",
    proof: Proof = Proof.DOCUMENTED,
) -> PostHolding:
    """Record the numbers of the platform's records of a holding; a blank one stays not known."""
    held = PostHolding.objects.select_for_update().get(pk=holding.pk)
    held.registration_number = registration_number.strip()[:60] or held.registration_number
    held.labour_filing_number = labour_filing_number.strip()[:60] or held.labour_filing_number
    held.service_number = service_number.strip()[:60] or held.service_number
    held.proof = proof
    held.save(update_fields=["registration_number", "labour_filing_number", "service_number", "proof"])
    record_event(actor=actor, verb="post_registered", subject=held, details={"proof": int(proof)})
    return held


@transaction.atomic
def record_post_month(
    *,
    holding: PostHolding,
    month: date,
    attended_days: int | None,
    is_insured: bool | None,
    actor: User,
    today: date,
    wage_fen: int | None = None,
    premium_fen: int | None = None,
    proof: Proof = Proof.DECLARED,
) -> PostMonth:
    """Record a month on a post, once; again, it is what is given now. Raises MonthOutside, FieldWrong."""
    first = month.replace(day=1)
    days = monthrange(first.year, first.month)[1]
    last = first.replace(day=days)
    ends = min(filter(None, (holding.left_on, holding.end_on)), default=date.max)
    if first > today or last < holding.start_on or first > ends:
        raise MonthOutside(first)
    within = (min(last, ends) - max(first, holding.start_on)).days + 1
    if attended_days is not None and not 0 <= attended_days <= within:
        raise FieldWrong("attended_days", f"这个月在岗期内有 {within} 天，出勤天数不能更多")
    if wage_fen is not None and wage_fen < 0:
        raise FieldWrong("wage_fen", "工资不能是负数")
    if premium_fen is not None and (premium_fen < 0 or (premium_fen > 0 and is_insured is False)):
        raise FieldWrong("premium_fen", "没有缴社会保险的不填缴费金额，金额不能是负数")
    kept, _is_new = PostMonth.objects.update_or_create(
        holding=holding,
        month=first,
        defaults={
            "attended_days": attended_days,
            "is_insured": True if premium_fen else is_insured,
            "premium_fen": premium_fen,
            "wage_fen": wage_fen,
            "proof": proof,
        },
    )
    details = {"month": first.isoformat(), "attended_days": attended_days, "is_insured": is_insured}
    record_event(actor=actor, verb="post_month_recorded", subject=holding, details=details)
    return kept


@transaction.atomic
def leave_post(*, holding: PostHolding, left_on: date, because: str, actor: User, today: date) -> PostHolding:
    """Record the last day on a post; months after it must not be there. Raises FieldWrong, AlreadyRecorded."""
    held = PostHolding.objects.select_for_update().get(pk=holding.pk)
    if held.left_on is not None:
        raise AlreadyRecorded("离岗")
    if not held.start_on <= left_on <= min(today, held.end_on or today):
        raise FieldWrong("left_on", "离岗日期要在上岗之后、到期和今天之前")
    if not because.strip():
        raise FieldWrong("because", "请写明离岗原因")
    if held.months.filter(month__gt=left_on).exists():
        raise FieldWrong("left_on", "那天以后还记着出勤月份，请先核对")
    held.left_on, held.left_because = left_on, because.strip()[:200]
    held.save(update_fields=["left_on", "left_because"])
    record_event(actor=actor, verb="post_left", subject=held, details={"left_on": left_on.isoformat()})
    return held
