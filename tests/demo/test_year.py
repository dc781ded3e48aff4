"""A year of claims is played through the services, and leaves a book, a chain and decisions that all hold."""

from __future__ import annotations

import pytest
from django.db import connection

from jiujin.audit import verify_lines, write_lines
from jiujin.claims.models import ClaimLine
from jiujin.cli.demo_district import load_demo
from jiujin.core.linking import chain_entries
from jiujin.funds.demo_year import YearRefused, play_year
from jiujin.funds.invariants import breaches
from jiujin.funds.models import PaymentItem
from jiujin.funds.replay import replayed

pytestmark = pytest.mark.django_db


def test_two_months_are_played_and_everything_adds_up() -> None:
    load_demo(people=150, seed=7)
    happened = play_year(days=60, seed=7)
    connection.check_constraints()
    assert happened["lines_paid"] > 0
    assert list(breaches()) == []
    assert verify_lines(write_lines(chain_entries(connection))).entries > 0
    paid = PaymentItem.objects.filter(state="settled").select_related("line").order_by("pk")[:20]
    assert [each for item in paid for each in replayed(item.line) if each.differences] == []
    assert ClaimLine.objects.filter(state="reconciled").count() == happened["lines_paid"] - happened["recoveries"]
    with pytest.raises(YearRefused, match="已经有申报"):
        play_year(days=60, seed=7)


def test_a_year_without_people_of_the_office_is_refused() -> None:
    with pytest.raises(YearRefused, match="演示账号"):
        play_year(days=30, seed=1)
