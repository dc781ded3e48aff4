"""Records a visit to an enterprise, and that what was promised there is done."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction

from jiujin.accounts.models import User
from jiujin.core.services.record_event import record_event
from jiujin.fairs.errors import FieldWrong, KeyTaken
from jiujin.fairs.models import EnterpriseVisit
from jiujin.registry.models import Area, Organisation


@transaction.atomic
def record_visit(
    *,
    key: UUID,  # made by the page: sent twice, it is once
    employer: Organisation,
    visited_on: date,
    findings: str,
    actor: User,
    today: date,
    township: Area | None = None,
    needs_people: int | None = None,
    needs: str = "",
    promised: str = "",
    promised_until: date | None = None,
) -> EnterpriseVisit:
    """Record what a visit found, what is needed, and what was promised until when. Raises FieldWrong, KeyTaken."""
    known = EnterpriseVisit.objects.filter(key=key).first()
    if known is not None:
        if (known.employer_id, known.made_by_id) != (employer.pk, actor.pk):
            raise KeyTaken
        return known
    if not findings.strip():
        raise FieldWrong("findings", "请写一句看到了什么")
    if visited_on > today:
        raise FieldWrong("visited_on", "走访日期还没有到")
    if promised_until is not None and not promised.strip():
        raise FieldWrong("promised", "写了期限，就要写答应了什么")
    if promised.strip() and (promised_until is None or promised_until < visited_on):
        raise FieldWrong("promised_until", "答应的事要有期限，不早于走访那天")
    visit = EnterpriseVisit.objects.create(
        key=key,
        employer=employer,
        township=township,
        visited_on=visited_on,
        findings=findings.strip(),
        needs_people=needs_people,
        needs=needs.strip(),
        promised=promised.strip(),
        promised_until=promised_until,
        made_by=actor,
    )
    details = {"employer": employer.pk, "visited_on": visited_on.isoformat(), "promised": bool(visit.promised)}
    record_event(actor=actor, verb="enterprise_visited", subject=visit, details=details)
    return visit


@transaction.atomic
def keep_promise(*, visit: EnterpriseVisit, done_on: date, words: str, actor: User, today: date) -> EnterpriseVisit:
    """Say that what was promised is done, and how. Raises FieldWrong."""
    held = EnterpriseVisit.objects.select_for_update().get(pk=visit.pk)
    if not held.promised or held.done_on is not None:
        raise FieldWrong("done_on", "这次走访没有待办的事")
    if not held.visited_on <= done_on <= today:
        raise FieldWrong("done_on", "办结日期要在走访之后、今天之前")
    if not words.strip():
        raise FieldWrong("words", "请写一句办得怎样")
    held.done_on, held.done_words = done_on, words.strip()[:300]
    held.save(update_fields=["done_on", "done_words"])
    record_event(actor=actor, verb="visit_promise_kept", subject=held, details={"done_on": done_on.isoformat()})
    return held
