"""Whether the book holds: what the last check found, and a check on the spot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.permissions import Room
from jiujin.core.listing import Words
from jiujin.core.models import Event
from jiujin.funds.services.check_ledger import ACTOR, check_ledger
from jiujin.ledger import Breach

SHOWN_BREACHES = 200
CHECKS: Mapping[str, Words] = {
    "entries_balance": gettext_lazy("每一笔分录借贷相等"),
    "entries_move_as_named": gettext_lazy("每一笔分录按它的名目走"),
    "entries_happen_once": gettext_lazy("同一笔不记两次"),
    "accounts_stay_covered": gettext_lazy("没有一个账户透支"),
    "balances_are_their_postings": gettext_lazy("余额等于分录之和"),
    "lines_stand_where_the_book_says": gettext_lazy("每笔明细的状态和账一致"),
    "city_lines_have_no_postings": gettext_lazy("市级拨付的不在区里记账"),
    "money_of_a_line_stays_in_one_purse": gettext_lazy("一笔明细的钱不换预算"),
    "payments_stand_where_the_book_says": gettext_lazy("每笔付款的状态和账一致"),
    "paid_lines_have_one_payment": gettext_lazy("一笔明细只付一次"),
    "batches_and_payments_agree": gettext_lazy("批次和其中的付款一致"),
    "batches_were_released_in_order": gettext_lazy("批次由三个人依次经手"),
    "totals_of_claims_book_and_batches_are_one": gettext_lazy("申报、账、批次的合计一分不差"),
    "returns_count_their_rows": gettext_lazy("回盘的笔数和行数一致"),
    "recoveries_stand_where_the_book_says": gettext_lazy("追回的状态和账一致"),
    "steps_follow_each_other": gettext_lazy("每一步都接着上一步"),
    "lines_stand_where_their_last_step_led": gettext_lazy("明细停在最后一步到的地方"),
    "steps_left_their_events": gettext_lazy("每一步都留了记录"),
    "nobody_decided_on_their_own": gettext_lazy("没有人审自己经手的"),
    "approvals_were_met_and_priced": gettext_lazy("批准时都符合条件、金额已定"),
    "limits_are_kept": gettext_lazy("没有超过次数上限"),
    "every_event_is_in_the_chain": gettext_lazy("每条记录都在链上"),
    "chain_holds": gettext_lazy("记录的链没有断"),
}


@in_room(Room.FUNDS)
@require_http_methods(["GET", "HEAD", "POST"])
def ledger_check(request: SignedInRequest) -> HttpResponse:
    """What the last check found; the button checks the whole book now."""
    context: dict[str, Any] = {"checks": list(CHECKS.values())}
    if request.method == "POST":
        breaches = check_ledger()
        context |= {"checked": True, "breaches": _worded(breaches), "count": len(breaches)}
    last = Event.objects.filter(actor=ACTOR, verb="ledger_checked").order_by("-id").first()
    context |= {"last": last, "last_count": last.details.get("breaches") if last else None}
    return render(request, "funds/ledger_check.html", context)


def _worded(breaches: Sequence[Breach]) -> list[tuple[Words, str, str]]:
    return [(CHECKS.get(one.check, one.check), one.entry_id, one.facts) for one in breaches[:SHOWN_BREACHES]]
