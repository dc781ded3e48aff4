"""What the accounts say of lines: a payee whose account is another payee's too is for the reviewer to look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from jiujin.claims.marks import Mark
from jiujin.claims.models import ClaimLine
from jiujin.funds.payment_checks import shared_accounts
from jiujin.plan import Plan

RULE = "same_account"


def account_marks(lines: Sequence[ClaimLine]) -> Mapping[int, Sequence[Mark]]:
    """The marks of lines, as `claims.marks` has them, by line id."""
    shared = shared_accounts(line.payee_id for line in lines)
    return {line.pk: [_mark(shared[line.payee_id])] for line in lines if line.payee_id in shared}


def _mark(other: str) -> Mark:
    return {"rule": RULE, "effect": "mark", "line": None, "of": {"payee": other}}


def account_words(mark: Mapping[str, Any], plan: Plan) -> str:
    """The mark as a sentence."""
    return _("收款账号和“%(other)s”的相同") % {"other": mark["of"]["payee"]}
