"""Shows lines to everybody for some working days, names and numbers masked, as they stand now and no other way afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from jiujin.claims.errors import AmountUnknown, NothingToClaim, NoticeDaysUnset, NoticeMixed, StepImpossible
from jiujin.claims.models import ClaimLine, Notice, NoticeLine
from jiujin.claims.services.keep_judgement import decided_before, keep_judgement
from jiujin.claims.services.lock import locked_lines
from jiujin.claims.services.pass_lines import require_met
from jiujin.claims.services.take_step import take_step
from jiujin.claims.steps import require_step, working_days_of
from jiujin.claims.working_days import add_working_days
from jiujin.core.plan_in_force import plan_in_force
from jiujin.core.services.record_event import Actor, record_event
from jiujin.values.masks import mask_credit_code, mask_id_number, mask_name


@transaction.atomic
def publish_notice(*, ids: Iterable[int], actor: Actor, now: datetime, corrects: Notice | None = None) -> Notice:
    """Publish lines of one scheme that passed their reviews; the day of publishing does not count into the notice's days.

    Raises NotAllowed, NoticeDaysUnset, NoticeMixed, VerdictNotMet, AmountUnknown, LineStopped, StepImpossible.
    """
    plan = plan_in_force()
    lines = locked_lines(ids, named=True)
    if not lines:
        raise NothingToClaim
    if len({(line.plan_id, line.scheme) for line in lines}) > 1:
        raise NoticeMixed
    step = plan.workflow_of(lines[0].scheme).step("public_notice")
    if step is None:
        raise StepImpossible(lines[0].pk, lines[0].state, "line_put_to_notice")
    require_step(actor, lines, "public_notice", plan)
    today = timezone.localdate(now)
    days = working_days_of(plan, step.days, today)
    if days is None:
        parameter = step.days or "notice_days"
        raise NoticeDaysUnset(plan.parameters[parameter].name if parameter in plan.parameters else "", parameter)
    keep_judgement(lines, now=now, take_places=True, plan=plan)
    require_met(lines)
    for line in lines:
        if line.amount_fen is None:
            raise AmountUnknown(line.pk, [plan.parameters[name.removeprefix("param:")].name for name in line.missing])
    closes_on = add_working_days(today, days)
    notice = Notice.objects.create(
        number=_next_number(),
        plan_id=lines[0].plan_id,
        scheme=lines[0].scheme,
        opens_on=today,
        closes_on=closes_on,
        corrects=corrects,
        published_by=actor,
    )
    before = decided_before([line for line in lines if line.corrects_id is not None])
    NoticeLine.objects.bulk_create([shown(notice, line, before.get(line.pk, 0)) for line in lines], batch_size=1000)
    take_step(lines, "line_put_to_notice", actor=actor, now=now, due_on=closes_on)
    record_event(
        actor=actor,
        verb="notice_published",
        subject=notice,
        details={
            "lines": len(lines),
            "closes_on": closes_on.isoformat(),
            "corrects": corrects.pk if corrects else None,
        },
    )
    return notice


def shown(notice: Notice | None, line: ClaimLine, before_fen: int = 0) -> NoticeLine:
    """A line as everybody sees it: the person masked; an organisation that claims for itself by its name.

    A correction shows what it all comes to: what was decided before, and the difference.
    """
    person, payee = line.person, line.payee
    number = (
        mask_id_number(person.id_number or "") if person else mask_credit_code(payee.credit_code or "") if payee else ""
    )
    return NoticeLine(
        notice=notice,
        line=line,
        name=mask_name(person.name) if person else payee.name if payee else "",
        number=number,
        payee=payee.name if payee else "",
        amount_fen=before_fen + (line.amount_fen or 0),
    )


def _next_number() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('claims_notice_number')")
        return f"GS{cursor.fetchone()[0]:08d}"
