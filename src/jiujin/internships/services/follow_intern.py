"""After the end: follow-ups at one, three and six months, and the contract by which a unit keeps its intern."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from jiujin.accounts.models import User
from jiujin.core.proof import Proof
from jiujin.core.services.record_event import Actor, record_event
from jiujin.internships.errors import FieldInvalid
from jiujin.internships.models import AbsorptionMonth, InternFollowUp, Internship
from jiujin.internships.services.steps import held
from jiujin.values import add_months
from jiujin.work.follow_up import follow_up_months, months_in_words


@transaction.atomic
def record_follow_up(
    *,
    internship: Internship,
    after_months: int,
    asked_on: date,
    is_employed: bool | None,
    is_at_the_unit: bool | None,
    actor: User,
    today: date,
    words: str = "",
) -> InternFollowUp:
    """What the person says so many months after the end; asked again, it is corrected. Raises FieldInvalid."""
    own = held(internship)
    months = follow_up_months(today)
    if after_months not in months:
        text = _("只在结束后 %(months)s 个月跟踪")
        raise FieldInvalid("after_months", text % {"months": months_in_words(months)})
    if own.ended_on is None:
        raise FieldInvalid("after_months", _("见习还没有结束"))
    if asked_on < add_months(own.ended_on, after_months):
        raise FieldInvalid("asked_on", _("还没有到该跟踪的日子"))
    if asked_on > today:
        raise FieldInvalid("asked_on", _("跟踪的日期还没有到"))
    if is_at_the_unit and is_employed is False:
        raise FieldInvalid("is_employed", _("留在见习单位的，就是在就业"))
    fields = {
        "asked_on": asked_on,
        "is_employed": True if is_at_the_unit else is_employed,
        "is_at_the_unit": is_at_the_unit,
        "words": words.strip()[:300],
        "asked_by": actor,
    }
    kept, _is_new = InternFollowUp.objects.update_or_create(internship=own, after_months=after_months, defaults=fields)
    details = {"after_months": after_months, "is_employed": kept.is_employed, "is_at_the_unit": is_at_the_unit}
    record_event(actor=actor, verb="intern_followed_up", subject=own, details=details)
    return kept


@transaction.atomic
def record_absorption(
    *,
    internship: Internship,
    contract_start_on: date,
    contract_end_on: date | None,
    open_ended: bool,
    actor: Actor,
    proof: Proof = Proof.DECLARED,
) -> Internship:
    """The labour contract of an intern whom the unit keeps. Raises FieldInvalid."""
    own = held(internship)
    if own.ended_on is None:
        raise FieldInvalid("contract_start_on", _("见习还没有结束"))
    if contract_start_on <= own.ended_on:
        raise FieldInvalid("contract_start_on", _("合同要在见习结束之后开始"))
    if open_ended and contract_end_on is not None:
        raise FieldInvalid("contract_end_on", _("无固定期限的合同不写结束日期"))
    if contract_end_on is not None and contract_end_on < contract_start_on:
        raise FieldInvalid("contract_end_on", _("合同结束日期早于开始日期"))
    own.contract_start_on, own.contract_end_on = contract_start_on, contract_end_on
    own.contract_open_ended, own.contract_proof = open_ended, proof
    own.save(update_fields=["contract_start_on", "contract_end_on", "contract_open_ended", "contract_proof"])
    details = {"start_on": contract_start_on.isoformat(), "open_ended": open_ended, "proof": int(proof)}
    record_event(actor=actor, verb="intern_absorbed", subject=own, details=details)
    return own


@transaction.atomic
def record_absorption_month(
    *, internship: Internship, month: date, actor: Actor, today: date, proof: Proof = Proof.DECLARED
) -> AbsorptionMonth:
    """A month for which the unit paid social insurance under the contract; again, its proof is corrected. Raises FieldInvalid."""
    own = held(internship)
    first = month.replace(day=1)
    if own.contract_start_on is None:
        raise FieldInvalid("month", _("还没有登记劳动合同"))
    if first < own.contract_start_on.replace(day=1) or (own.contract_end_on and first > own.contract_end_on):
        raise FieldInvalid("month", _("这个月不在合同期内"))
    if first > today:
        raise FieldInvalid("month", _("这个月还没有到"))
    kept, _is_new = AbsorptionMonth.objects.update_or_create(internship=own, month=first, defaults={"proof": proof})
    details = {"month": f"{first:%Y-%m}", "proof": int(proof)}
    record_event(actor=actor, verb="absorption_month_recorded", subject=own, details=details)
    return kept
