"""What the accounts say of lines: a payee whose account is another payee's too is for the reviewer to look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from jiujin.claims.models import ClaimLine
from jiujin.funds.payment_checks import shared_accounts


def account_marks(lines: Sequence[ClaimLine]) -> Mapping[int, Sequence[dict[str, Any]]]:
    """The marks of lines, as `claims.services.compare_lines` has them, by line id."""
    shared = shared_accounts(line.payee_id for line in lines)
    return {line.pk: [_mark(shared[line.payee_id])] for line in lines if line.payee_id in shared}


def _mark(other: str) -> dict[str, Any]:
    return {
        "rule": "same_account",
        "effect": "mark",
        "line": None,
        "message": _("收款账号和“%(other)s”的相同") % {"other": other},
    }
