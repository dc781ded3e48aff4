"""Marks a pilot, records the street's own decision, and engages an operator for a circle."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from jiujin.accounts.models import User
from jiujin.circles.measures import MEASURES
from jiujin.circles.models import (
    Circle,
    Engagement,
    EngagementIndicator,
    PilotCommunity,
    Procurement,
    StreetDecision,
    SystemUsed,
)
from jiujin.circles.refusals import AlreadyRecorded, CountsGranted, FieldWrong, ModeUndecided, TermsOverlap
from jiujin.core.plan_in_force import plan_in_force
from jiujin.core.services.record_event import record_event
from jiujin.plan.parameters import value_on
from jiujin.registry.models import Area, AreaLevel, Organisation, OrganisationKind

EXCLUDED_PARAMETER = "fee_excluded_measures"


@transaction.atomic
def mark_pilot(*, community: Area, source: str, chosen_on: date, actor: User) -> PilotCommunity:
    """Mark an urban community as a pilot, with the document that chose it. Raises FieldWrong, AlreadyRecorded."""
    if community.level != AreaLevel.COMMUNITY:
        raise FieldWrong("community", "试点要选一个社区")
    if not source.strip():
        raise FieldWrong("source", "请写明凭哪份文件选为试点")
    pilot, is_new = PilotCommunity.objects.get_or_create(
        community=community,
        defaults={"source": source.strip()[:200], "chosen_on": chosen_on, "recorded_by": actor},
    )
    if not is_new:
        raise AlreadyRecorded(f"“{community.name}”的试点")
    record_event(actor=actor, verb="pilot_marked", subject=pilot, details={"community": community.pk})
    return pilot


@transaction.atomic
def decide_mode(
    *,
    circle: Circle,
    mode: str,
    decided_on: date,
    officer: str,
    document: str,
    actor: User,
    today: date,
) -> StreetDecision:
    """Record how the street decided to run its circle, by whom and in which document. Raises FieldWrong, AlreadyRecorded."""
    for field, text, what in (("mode", mode, "模式"), ("officer", officer, "谁定的"), ("document", document, "文件")):
        if not text.strip():
            raise FieldWrong(field, f"请写明{what}")
    if decided_on > today:
        raise FieldWrong("decided_on", "决定的日期还没有到")
    street = circle.community.parent
    if street is None:
        raise FieldWrong("circle", "这个社区没有所属街道")
    decision, is_new = StreetDecision.objects.get_or_create(
        circle=circle,
        decided_on=decided_on,
        defaults={
            "street": street, "mode": mode.strip(), "officer": officer.strip()[:60], "document": document.strip()[:120],
            "recorded_by": actor,
        },
    )  # fmt: skip
    if not is_new:
        raise AlreadyRecorded(f"{decided_on:%Y-%m-%d} 的决定")
    record_event(actor=actor, verb="street_decided", subject=decision, details={"circle": circle.pk})
    return decision


@transaction.atomic
def engage_operator(
    *,
    circle: Circle,
    operator: Organisation,
    procurement: str,
    contract_number: str,
    signed_on: date,
    start_on: date,
    end_on: date,
    system_used: str,
    actor: User,
    notice: str = "",
    fee_fen: int | None = None,
    indicators: Mapping[str, int] | None = None,
) -> Engagement:
    """Engage an operator for a circle for a term; it runs the circle from then on. `indicators`: measure → figure.

    Raises ModeUndecided, TermsOverlap, CountsGranted, AlreadyRecorded, FieldWrong.
    """
    held = Circle.objects.select_for_update().get(pk=circle.pk)
    _require_terms(operator, procurement, system_used, contract_number, notice, signed_on, start_on, end_on, fee_fen)
    if not held.decisions.filter(decided_on__lte=start_on).exists():
        raise ModeUndecided(start_on)
    running = Q(ended_on=None) | Q(ended_on__gte=start_on)
    clash = held.engagements.filter(running, start_on__lte=end_on, end_on__gte=start_on).order_by("start_on").first()
    if clash is not None:
        raise TermsOverlap("这个就业圈的运营合同", clash.start_on, clash.ended_on or clash.end_on)
    _require_indicators(indicators or {}, fee_fen, start_on)
    try:
        with transaction.atomic():
            engagement = Engagement.objects.create(
                circle=held, operator=operator, procurement=procurement, notice=notice.strip(), signed_on=signed_on,
                contract_number=contract_number.strip(), start_on=start_on, end_on=end_on, fee_fen=fee_fen,
                system_used=system_used,
            )  # fmt: skip
    except IntegrityError as error:
        raise AlreadyRecorded(f"合同 {contract_number.strip()} ") from error
    EngagementIndicator.objects.bulk_create(
        EngagementIndicator(engagement=engagement, name=str(MEASURES[name].label)[:80], measure=name, figure=figure)
        for name, figure in (indicators or {}).items()
    )
    held.operator = operator
    held.save(update_fields=["operator"])
    details = {"circle": held.pk, "operator": operator.pk, "start_on": start_on.isoformat(), "fee_fen": fee_fen}
    record_event(actor=actor, verb="operator_engaged", subject=engagement, details=details)
    return engagement


def _require_terms(
    operator: Organisation,
    procurement: str,
    system_used: str,
    contract_number: str,
    notice: str,
    signed_on: date,
    start_on: date,
    end_on: date,
    fee_fen: int | None,
) -> None:
    if OrganisationKind.OPERATOR not in operator.kinds:
        raise FieldWrong("operator", f"“{operator.name}”没有登记为运营机构")
    if procurement not in Procurement.values or system_used not in SystemUsed.values:
        raise FieldWrong("procurement", "选定方式和所用系统要从名单里选")
    if not contract_number.strip():
        raise FieldWrong("contract_number", "要写合同编号")
    if procurement == Procurement.OPEN_TENDER and not notice.strip():
        raise FieldWrong("notice", "公开招标的，要写招标公告或中标通知")
    if end_on < start_on or signed_on > start_on:
        raise FieldWrong("start_on", "合同要先签后开始，结束不早于开始")
    if fee_fen is not None and fee_fen <= 0:
        raise FieldWrong("fee", "服务费要大于 0，没有服务费的请留空")


def _require_indicators(indicators: Mapping[str, int], fee_fen: int | None, day: date) -> None:
    """A fee is not paid for people whom a grant pays for already."""
    for name, figure in indicators.items():
        if name not in MEASURES or figure < 1:
            raise FieldWrong("indicators", "指标要从名单里选，数要大于 0")
    if fee_fen is None:
        return
    for name in indicators:
        if name in _granted_measures(day):
            raise CountsGranted(str(MEASURES[name].label))


def _granted_measures(day: date) -> tuple[Any, ...]:
    plan = plan_in_force()
    named = value_on(plan, EXCLUDED_PARAMETER, day) if EXCLUDED_PARAMETER in plan.parameters else None
    return named if isinstance(named, tuple) else ()


@transaction.atomic
def accept_engagement(*, engagement: Engagement, accepted_on: date, words: str, actor: User, today: date) -> Engagement:
    """Record that the district accepted the work of a contract. Raises FieldWrong."""
    held = Engagement.objects.select_for_update().get(pk=engagement.pk)
    if held.accepted_on is not None:
        raise FieldWrong("accepted_on", "这份合同已经验收过")
    if not held.start_on <= accepted_on <= today:
        raise FieldWrong("accepted_on", "验收日期要在合同开始之后、今天之前")
    if not words.strip():
        raise FieldWrong("words", "请写明验收意见")
    held.accepted_on, held.acceptance = accepted_on, words.strip()
    held.save(update_fields=["accepted_on", "acceptance"])
    record_event(actor=actor, verb="engagement_accepted", subject=held, details={"on": accepted_on.isoformat()})
    return held


@transaction.atomic
def end_engagement(*, engagement: Engagement, ended_on: date, actor: User) -> Engagement:
    """End a contract before its term; another may follow from the next day on. Raises FieldWrong."""
    held = Engagement.objects.select_for_update().get(pk=engagement.pk)
    if held.ended_on is not None or not held.start_on - timedelta(days=1) < ended_on <= held.end_on:
        raise FieldWrong("ended_on", "提前结束的日期要在合同期内，且只能结束一次")
    held.ended_on = ended_on
    held.save(update_fields=["ended_on"])
    record_event(actor=actor, verb="engagement_ended", subject=held, details={"on": ended_on.isoformat()})
    return held
