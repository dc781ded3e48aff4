"""Money that pages can show."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.test import Client

from jiujin.accounts.models import Role, User
from jiujin.claims.models import Claim
from jiujin.claims.services.carry_in import PaidLine, carry_in
from jiujin.funds.services.demand_recovery import demand_recovery
from tests.accounts.people import someone
from tests.funds.factories import LINE_FEN, NOW, SCHEME, answered, granted, operator, scheduled, sent
from tests.registry.factories import make_person


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def finance() -> Client:
    return signed_in(someone(Role.FINANCE))


def a_carried_in_claim() -> Claim:
    """One line, paid before this program came."""
    paid = PaidLine(uuid.uuid4(), LINE_FEN, date(2022, 3, 1), make_person(), None, {"start_on": "2022-01-01"})
    carried = carry_in(
        claim_id=uuid.uuid4(),
        scheme=SCHEME,
        payee=operator(),
        lines=[paid],
        total_fen=LINE_FEN,
        actor=someone(Role.FINANCE),
        now=NOW,
    )
    return carried.claim


def money_of() -> dict[str, Any]:
    """Something for each part of the addresses of money: a purse, a closed batch, its line, its return, a recovery, a claim that
    was carried in."""
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
        "carried_id": a_carried_in_claim().pk,
        "trial_id": uuid.uuid4(),
    }
