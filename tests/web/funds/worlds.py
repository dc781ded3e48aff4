"""Money that pages can show."""

from __future__ import annotations

import uuid
from typing import Any

from django.test import Client

from jiujin.accounts.models import Role, User
from jiujin.funds.services.demand_recovery import demand_recovery
from tests.accounts.people import someone
from tests.funds.factories import LINE_FEN, NOW, answered, granted, operator, scheduled, sent


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def finance() -> Client:
    return signed_in(someone(Role.FINANCE))


def money_of() -> dict[str, Any]:
    """Something for each part of the addresses of money: a purse, a closed batch, its line, its return, a recovery."""
    purse = granted(10 * LINE_FEN)
    lines = scheduled(1, payee=operator())
    batch = sent(lines)
    taken = answered(batch)
    recovery = demand_recovery(
        recovery_id=uuid.uuid4(),
        line_id=lines[0].pk,
        amount_fen=100,
        reason="测试",
        actor=someone(Role.FINANCE),
        now=NOW,
    )
    return {
        "purse_id": purse.pk,
        "batch_id": batch.pk,
        "money_line_id": lines[0].pk,
        "digest": taken.pk,
        "recovery_id": recovery.pk,
    }
