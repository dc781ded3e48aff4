"""Makes the plan of help of a person in difficulty, and asks after a placement so many months later."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from jiujin.accounts.models import User
from jiujin.circles.certified import was_certified
from jiujin.circles.models import Circle, FollowUp, HelpPlan
from jiujin.circles.refusals import AlreadyRecorded, FieldWrong, NotCertified
from jiujin.core.services.record_event import record_event
from jiujin.registry.models import Person
from jiujin.values import add_months
from jiujin.work.follow_up import follow_up_months, months_in_words
from jiujin.work.models import Placement


@transaction.atomic
def make_help_plan(
    *,
    person: Person,
    made_on: date,
    situation: str,
    steps: str,
    actor: User,
    today: date,
    circle: Circle | None = None,
    until_on: date | None = None,
) -> HelpPlan:
    """Make a person's plan; the one before ends. Raises NotCertified, FieldWrong."""
    if not situation.strip() or not steps.strip():
        raise FieldWrong("steps", "请写明本人的情况和准备怎么帮")
    if made_on > today or (until_on is not None and until_on < made_on):
        raise FieldWrong("made_on", "制定日期不晚于今天，截止日期不早于制定日期")
    if not was_certified(person, made_on):
        raise NotCertified(made_on)
    Person.objects.select_for_update().get(pk=person.pk)
    before = HelpPlan.objects.filter(person=person, ended_on=None).first()
    if before is not None:
        if before.made_on > made_on:
            raise FieldWrong("made_on", "已经有一份更晚的计划")
        before.ended_on = made_on
        before.save(update_fields=["ended_on"])
    plan = HelpPlan.objects.create(
        person=person, circle=circle, made_on=made_on, situation=situation.strip(), steps=steps.strip(),
        until_on=until_on, made_by=actor,
    )  # fmt: skip
    details = {"person": person.pk, "before": before.pk if before else None}
    record_event(actor=actor, verb="help_plan_made", subject=plan, details=details)
    return plan


@transaction.atomic
def record_follow_up(
    *,
    placement: Placement,
    after_months: int,
    asked_on: date,
    still_employed: bool | None,
    actor: User,
    today: date,
    words: str = "",
) -> FollowUp:
    """Record what a placed person does so many months later; not before they are over. Raises FieldWrong, AlreadyRecorded."""
    months = follow_up_months(today)
    if after_months not in months:
        raise FieldWrong("after_months", f"回访在 {months_in_words(months)} 个月时做")
    if not add_months(placement.start_on, after_months) <= asked_on <= today:
        raise FieldWrong("asked_on", f"满 {after_months} 个月以后才回访，日期不晚于今天")
    follow_up, is_new = FollowUp.objects.get_or_create(
        placement=placement,
        after_months=after_months,
        defaults={
            "asked_on": asked_on, "still_employed": still_employed, "words": words.strip()[:300], "asked_by": actor,
        },
    )  # fmt: skip
    if not is_new:
        raise AlreadyRecorded(f"{after_months} 个月时的回访")
    details = {"placement": placement.pk, "after_months": after_months, "still_employed": still_employed}
    record_event(actor=actor, verb="follow_up_recorded", subject=follow_up, details=details)
    return follow_up
