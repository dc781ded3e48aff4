"""What the claims' pages say again and again: states, steps, names that may be shown, amounts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiujin.claims.models import ClaimLine
from jiujin.claims.queries import age_of
from jiujin.claims.states import ENDED, LineState
from jiujin.core.listing import Words
from jiujin.plan import Plan, Scheme
from jiujin.values import mask_credit_code, mask_id_number, mask_name

VERDICTS: Mapping[str, Words] = {
    "met": gettext_lazy("符合"),
    "unmet": gettext_lazy("不符合"),
    "unknown": gettext_lazy("待补充"),
}
STEPS: Mapping[str, Words] = {
    "acceptance": gettext_lazy("受理"),
    "first_review": gettext_lazy("初审"),
    "second_review": gettext_lazy("复审"),
    "public_notice": gettext_lazy("公示"),
    "approval": gettext_lazy("批准"),
    "scheduling": gettext_lazy("排入拨付"),
    "payment": gettext_lazy("拨付"),
    "reconciliation": gettext_lazy("对账"),
}
EVENTS: Mapping[str, Words] = {
    "line_submitted": gettext_lazy("提交申报"),
    "line_withdrawn": gettext_lazy("撤回"),
    "line_accepted": gettext_lazy("受理"),
    "line_first_passed": gettext_lazy("初审通过"),
    "line_second_passed": gettext_lazy("复审通过"),
    "line_put_to_notice": gettext_lazy("开始公示"),
    "line_noticed": gettext_lazy("公示期满"),
    "line_approved": gettext_lazy("批准"),
    "line_scheduled": gettext_lazy("排入拨付"),
    "line_unscheduled": gettext_lazy("移出拨付"),
    "line_paid": gettext_lazy("拨付"),
    "line_paid_by_city": gettext_lazy("市级拨付"),
    "line_payment_returned": gettext_lazy("银行退回"),
    "line_reconciled": gettext_lazy("对账"),
    "line_recovered": gettext_lazy("追回"),
    "line_returned": gettext_lazy("退回补正"),
    "line_mended": gettext_lazy("补正"),
    "line_rejected": gettext_lazy("不予批准"),
    "line_reopened": gettext_lazy("申诉成立，重新受理"),
    "line_revoked": gettext_lazy("撤销批准"),
    "line_taken_out": gettext_lazy("撤销期初结转"),
}
GOOD = {LineState.APPROVED, LineState.SCHEDULED, LineState.PAID, LineState.RECONCILED}


def state_tone(state: str) -> str:
    """The colour of a state: done well, refused, waiting for the payee, or nothing in particular."""
    if state in GOOD:
        return "met"
    if state == LineState.REJECTED:
        return "unmet"
    return "late" if state == LineState.RETURNED else "plain"


def event_words(event: str) -> Words:
    """What happened, in words."""
    return EVENTS.get(event, event)


def scheme_name(plan: Plan, scheme: str) -> str:
    """A scheme's name; its id where the plan has lost it."""
    return plan.schemes[scheme].name if scheme in plan.schemes else scheme


def clause_order(plan: Plan) -> list[Scheme]:
    """The plan's schemes in the order of their clauses."""
    order = list(plan.clauses)
    return sorted(plan.schemes.values(), key=lambda scheme: order.index(scheme.clause))


def subject_name(line: ClaimLine) -> str:
    """Whom or what a line is about, as it may be shown: a masked name, or what an event or network is called."""
    if line.person is not None:
        return mask_name(line.person.name)
    name = line.declared.get("name")
    if name:
        return mask_name(str(name))
    for key in ("event_name", "event", "organisation", "title"):
        if line.declared.get(key):
            return str(line.declared[key])
    return _("第 %(n)s 行") % {"n": line.position}


def subject_number(line: ClaimLine) -> str:
    """The subject's number as it may be shown; nothing where it has none."""
    if line.person is not None and line.person.id_number:
        return mask_id_number(line.person.id_number)
    declared = str(line.declared.get("id_number") or line.declared.get("credit_code") or "")
    if not declared:
        return ""
    return mask_id_number(declared) if "id_number" in line.declared else mask_credit_code(declared)


def amount_words(line: ClaimLine) -> str:
    """Yuan; *to be set* where a met line waits for a parameter; a dash where it is not known."""
    if line.amount_fen is not None:
        return f"{line.amount_fen / 100:,.2f}"
    return _("待定") if line.verdict == "met" else "–"


def due_words(line: ClaimLine, today: date) -> str:
    """Until when the step is to be taken, in words."""
    if line.due_on is None or line.state in ENDED:
        return ""
    days = (line.due_on - today).days
    if days < 0:
        return _("超期 %(n)s 天") % {"n": -days}
    return _("还有 %(n)s 天") % {"n": days} if days else _("今天到期")


def age_words(line: ClaimLine, today: date) -> str:
    """For how many working days the line has stood in its state."""
    return _("%(n)s 个工作日") % {"n": age_of(line, today)}


def reason_lines(given: Iterable[Any]) -> list[str]:
    """Sentences, each once, in their order."""
    return list(dict.fromkeys(str(text) for text in given if str(text).strip()))
