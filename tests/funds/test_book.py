"""The book in the database: balanced, covered, append-only, whoever writes; and the same asked twice is once."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from jiujin.funds.errors import BudgetShort
from jiujin.funds.models import Balance, LedgerEntry, Purse
from jiujin.funds.services.post_entries import Move, entry_id, post_entries
from tests.claims.factories import act_as

pytestmark = pytest.mark.django_db


def purse(**given: object) -> Purse:
    act_as()
    fields = {"fund_class": "就业创业服务补助", "scheme": "stable-employment", "year": 2022}
    return Purse.objects.create(**fields | given)


def post(movement: str, held: Purse, amount_fen: int, key: str = "") -> list[object]:
    move = Move(entry_id(movement, held.pk, key), movement, held.pk, amount_fen)
    with transaction.atomic():
        return list(post_entries([move], actor="system:test"))


def stands(held: Purse) -> dict[str, int]:
    return dict(Balance.objects.filter(purse=held).order_by("stage").values_list("stage", "amount_fen"))


def test_money_moves_and_the_same_asked_twice_moves_once() -> None:
    held = purse()
    assert len(post("budget_granted", held, 500)) == 1
    assert post("budget_granted", held, 500) == []
    post("commitment_made", held, 200)
    assert stands(held) == {"budget": 300, "committed": 200, "funding": -500}
    connection.check_constraints()


def test_a_budget_is_never_overdrawn() -> None:
    held = purse()
    post("budget_granted", held, 500)
    with pytest.raises(BudgetShort):
        post("commitment_made", held, 501)
    assert stands(held) == {"budget": 500, "funding": -500}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE funds_posting SET amount_fen = amount_fen * 2",
        "DELETE FROM funds_posting",
        "UPDATE funds_ledgerentry SET movement = 'budget_withdrawn'",
        "UPDATE funds_balance SET amount_fen = 9999",
        "INSERT INTO funds_posting (entry_id, purse_id, stage, amount_fen) SELECT entry_id, purse_id, 'paid', 5 FROM"
        " funds_posting LIMIT 1",
        "INSERT INTO funds_ledgerentry (id, movement, actor) VALUES (gen_random_uuid(), 'budget_granted', 'system:raw')",
        "WITH made AS (INSERT INTO funds_ledgerentry (id, movement, actor) VALUES (gen_random_uuid(), 'payment_settled',"
        " 'system:raw') RETURNING id) INSERT INTO funds_posting (entry_id, purse_id, stage, amount_fen)"
        " SELECT made.id, (SELECT min(id) FROM funds_purse), stage, amount FROM made, (VALUES ('budget', -5), ('paid', 5))"
        " AS moved (stage, amount)",
        "WITH made AS (INSERT INTO funds_ledgerentry (id, movement, actor) VALUES (gen_random_uuid(), 'commitment_made',"
        " 'system:raw') RETURNING id) INSERT INTO funds_posting (entry_id, purse_id, stage, amount_fen)"
        " SELECT made.id, (SELECT min(id) FROM funds_purse), stage, amount FROM made, (VALUES ('budget', -900), ('committed', 900))"
        " AS moved (stage, amount)",
    ],
)
def test_database_refuses(statement: str) -> None:
    held = purse()
    post("budget_granted", held, 500)
    connection.check_constraints()
    with pytest.raises(DatabaseError), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(statement)
        connection.check_constraints()
    assert stands(held) == {"budget": 500, "funding": -500}
    assert LedgerEntry.objects.count() == 1
