"""Budgets: granted, taken back and moved once a request, never below nothing, and closed at the year's end."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection

from jiujin.accounts.models import Role
from jiujin.claims.errors import LineStopped, NotAllowed, StepDone, VerdictNotMet
from jiujin.claims.models import ClaimLine
from jiujin.core.models import Event
from jiujin.funds.errors import (
    AmountUnknown,
    AmountWrong,
    BudgetShort,
    LineNotPayable,
    PurseMissing,
    ReasonMissing,
    RequestReused,
    YearClosed,
)
from jiujin.funds.invariants import breaches
from jiujin.funds.models import Purse
from jiujin.funds.services.book_carried_in import book_carried_in
from jiujin.funds.services.close_year import close_year
from jiujin.funds.services.grant_budget import grant_budget
from jiujin.funds.services.move_budget import move_budget
from jiujin.funds.services.revoke_line import revoke_line
from jiujin.funds.services.schedule_lines import schedule_lines, unschedule_lines
from jiujin.funds.services.withdraw_budget import withdraw_budget
from tests.claims.factories import make_claim, make_line, stable_placement, step
from tests.funds.factories import (
    FUND,
    LINE_FEN,
    NOW,
    SCHEME,
    WAY_TO_NOTICED,
    approved,
    balances,
    granted,
    noticed,
    operator,
    scheduled,
)
from tests.registry.factories import make_user

pytestmark = pytest.mark.django_db
ASKED = {"fund_class": FUND, "scheme": SCHEME, "year": 2022, "reason": "年初预算", "actor": "system:test"}


def test_a_grant_asked_twice_is_once_and_its_id_serves_nothing_else() -> None:
    request = uuid.uuid4()
    purse = grant_budget(request_id=request, amount_fen=500, **ASKED)
    assert grant_budget(request_id=request, amount_fen=500, **ASKED) == purse
    assert balances(purse) == {"budget": 500, "funding": -500}
    assert Event.objects.filter(verb="budget_granted").count() == 1
    with pytest.raises(RequestReused):
        grant_budget(request_id=request, amount_fen=501, **ASKED)
    connection.check_constraints()


def test_a_grant_says_how_much_and_why() -> None:
    with pytest.raises(AmountWrong):
        grant_budget(request_id=uuid.uuid4(), amount_fen=0, **ASKED)
    with pytest.raises(ReasonMissing):
        grant_budget(request_id=uuid.uuid4(), amount_fen=5, **{**ASKED, "reason": " "})
    assert not Purse.objects.exists()


def test_the_districts_own_code_is_the_whole_district() -> None:
    assert granted(5, area_code="341502") == granted(5)


def test_budget_is_taken_back_and_moved_within_what_there_is() -> None:
    first, second = granted(500), granted(100, area_code="341502100")
    withdraw_budget(request_id=uuid.uuid4(), purse=first, amount_fen=100, reason="调减", actor="system:test")
    move_budget(
        request_id=uuid.uuid4(), source=first, target=second, amount_fen=150, reason="调剂", actor="system:test"
    )
    assert (balances(first)["budget"], balances(second)["budget"]) == (250, 250)
    with pytest.raises(BudgetShort):
        withdraw_budget(request_id=uuid.uuid4(), purse=first, amount_fen=251, reason="调减", actor="system:test")
    connection.check_constraints()


def test_a_line_is_committed_from_the_narrowest_purse_and_never_beyond_it() -> None:
    district, township = granted(10 * LINE_FEN), granted(LINE_FEN, area_code="341502100")
    approved(noticed(1, area_code="341502100"))
    approved(noticed(1, area_code="341502101"))
    assert (balances(district)["committed"], balances(township)["committed"]) == (LINE_FEN, LINE_FEN)
    line = noticed(1, area_code="341502100")
    with pytest.raises(BudgetShort):
        approved(line)
    line[0].refresh_from_db()
    assert line[0].state == "noticed"
    connection.check_constraints()


def test_without_a_budget_nothing_is_approved() -> None:
    granted(LINE_FEN, area_code="341502100")
    with pytest.raises(PurseMissing):
        approved(noticed(1))


def test_what_is_approved_is_judged_in_that_moment() -> None:
    granted(10 * LINE_FEN)
    lines = noticed(1)
    lines[0].person.priority_statuses.all().delete()
    with pytest.raises(VerdictNotMet):
        approved(lines)
    other = noticed(1)
    ClaimLine.objects.filter(pk=other[0].pk).update(is_stopped=True, version=50)
    with pytest.raises(LineStopped):
        approved(other)
    third = noticed(1)
    with pytest.raises(NotAllowed):
        approved(third, make_user(Role.FINANCE))
    approved(third)
    with pytest.raises(StepDone):
        approved(third)
    connection.check_constraints()


def test_a_line_without_a_rate_is_not_approved() -> None:
    claim = make_claim(payee=operator())
    lines = [make_line(claim, stable_placement(claim.payee))]
    for event, role in WAY_TO_NOTICED:
        lines = step(lines, event, make_user(role) if role else "system:test")
    with pytest.raises(AmountUnknown) as refused:
        approved(lines)
    assert refused.value.missing == ["param:stable_grant"]


def test_a_revoked_approval_gives_the_budget_back() -> None:
    purse = granted(LINE_FEN)
    [line] = approved(noticed(1))
    revoke_line(line_id=line.pk, reasons="重复享受", actor=make_user(Role.LEADER), now=NOW)
    connection.check_constraints()
    assert balances(purse) == {"budget": LINE_FEN, "funding": -LINE_FEN}


def test_a_scheduled_line_can_be_taken_back_and_scheduled_again() -> None:
    purse = granted(LINE_FEN)
    [line] = scheduled(1)
    finance = make_user(Role.FINANCE)
    unschedule_lines(ids=[line.pk], actor=finance, now=NOW)
    assert balances(purse)["committed"] == LINE_FEN
    schedule_lines(ids=[line.pk], actor=finance, now=NOW)
    assert balances(purse)["payable"] == LINE_FEN
    connection.check_constraints()


def test_a_closed_year_carries_over_or_gives_back_and_takes_no_more() -> None:
    first, second = granted(5 * LINE_FEN), granted(300, area_code="341502100")
    late = noticed(1)
    approved(noticed(1))
    finance = make_user(Role.FINANCE)
    closings = close_year(year=2022, carry_over=[first.pk], actor=finance, now=NOW)
    assert [(each.carried_fen, each.given_back_fen) for each in closings] == [(4 * LINE_FEN, 0), (0, 300)]
    assert close_year(year=2022, carry_over=[first.pk], actor=finance, now=NOW) == []
    following = Purse.objects.get(year=2023)
    assert balances(following) == {"budget": 4 * LINE_FEN}
    assert (balances(first)["committed"], balances(second)) == (LINE_FEN, {})
    with pytest.raises(YearClosed):
        granted(5)
    approved(late)
    assert balances(following) == {"budget": 3 * LINE_FEN, "committed": LINE_FEN}
    connection.check_constraints()


def test_lines_paid_before_the_program_came_count_against_the_budget_once() -> None:
    purse = granted(5 * LINE_FEN)
    claim = make_claim(payee=operator(), source="carried_in")
    line = make_line(
        claim, stable_placement(claim.payee), is_carried_in=True, state="paid", verdict="met", amount_fen=LINE_FEN
    )
    finance = make_user(Role.FINANCE)
    assert book_carried_in(line_ids=[line.pk], actor=finance, now=NOW) == LINE_FEN
    assert book_carried_in(line_ids=[line.pk], actor=finance, now=NOW) == 0
    assert balances(purse) == {"budget": 4 * LINE_FEN, "paid": LINE_FEN, "funding": -5 * LINE_FEN}
    with pytest.raises(LineNotPayable):
        book_carried_in(line_ids=[approved(noticed(1))[0].pk], actor=finance, now=NOW)
    connection.check_constraints()
    assert breaches() == []
