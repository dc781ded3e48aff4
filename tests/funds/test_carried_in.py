"""What was paid before comes in with its money: all of it booked or none brought in, told before, and taken out again."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from jiujin.accounts.models import Role
from jiujin.claims.errors import NotAllowed, NotCarriedIn, YearsMixed
from jiujin.claims.models import Claim, ClaimLine
from jiujin.claims.services.correct_line import correct_line
from jiujin.funds.errors import BroughtInBefore, PurseMissing, RecoveryImpossible, YearClosed
from jiujin.funds.invariants import breaches
from jiujin.funds.models import LedgerEntry
from jiujin.funds.queries import carried_in_seen_by, carried_in_standing
from jiujin.funds.services.bring_in_paid import bring_in_paid, preview_paid
from jiujin.funds.services.close_year import close_year
from jiujin.funds.services.demand_recovery import demand_recovery
from jiujin.funds.services.take_out_paid import take_out_paid
from jiujin.registry.models import Organisation, OrganisationKind, Person
from jiujin.registry.storage import evidence_path, read_evidence
from tests.claims.factories import NOW, act_as
from tests.claims.test_rosters_of_lines import HEADING, NEW, OTHER, SCHEME, row, workbook
from tests.funds.factories import balances, granted
from tests.registry.factories import make_organisation, make_user

pytestmark = pytest.mark.django_db
EACH_FEN = 600_000


def book_of(folder: Path, *paid: tuple[str, str, Any, Any]) -> Path:
    """A workbook of paid lines: name, number, yuan, day."""
    rows = [[*row(name, number), yuan, day] for name, number, yuan, day in paid]
    return workbook(folder, rows, [*HEADING, "已付金额", "拨付日期"])


def two(folder: Path, year: int = 2022) -> Path:
    return book_of(folder, ("甲", NEW, 6000, date(year, 8, 1)), ("乙", OTHER, 6000, date(year, 9, 1)))


def base() -> Organisation:
    return make_organisation(OrganisationKind.INTERNSHIP_BASE)


def purse(amount_fen: int = 10 * EACH_FEN) -> Any:
    return granted(amount_fen, scheme=SCHEME, fund_class="就业见习补贴")


def asked(path: Path, **given: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {"claim_id": uuid4(), "scheme": SCHEME, "payee": None, "path": path, "now": NOW}
    usual |= {"total_fen": 2 * EACH_FEN, "actor": make_user(Role.FINANCE)} | given
    return usual | {"payee": usual["payee"] or base()}


def brought_in(path: Path, **given: Any) -> Claim:
    return bring_in_paid(name="已付.xlsx", **asked(path, **given)).claim


def test_a_look_says_what_would_come_in_and_keeps_nothing(tmp_path: Path) -> None:
    held, people = purse(), Person.objects.count()
    path = book_of(tmp_path, ("甲", NEW, 6000, date(2022, 8, 1)), ("乙", OTHER, None, date(2022, 8, 1)))
    preview = preview_paid(**asked(path))
    assert (preview.lines, preview.people, preview.new_people, preview.booked_fen) == (1, 1, 1, EACH_FEN)
    assert (preview.carried.amount_fen, preview.carried.difference_fen) == (EACH_FEN, -EACH_FEN)
    assert [error.code for error in preview.carried.errors] == ["paid_missing"]
    [effect] = preview.effects
    assert (effect.free_before_fen, effect.free_after_fen) == (10 * EACH_FEN, 9 * EACH_FEN)
    assert (effect.paid_before_fen, effect.paid_after_fen) == (0, EACH_FEN)
    assert (Claim.objects.count(), Person.objects.count(), balances(held)["budget"]) == (0, people, 10 * EACH_FEN)


def test_lines_come_in_reconciled_and_booked_and_the_workbook_stays(tmp_path: Path) -> None:
    held, path = purse(), two(tmp_path)
    claim = brought_in(path)
    standing = carried_in_standing(claim)
    assert (standing.lines, standing.people, standing.difference_fen) == (2, 2, 0)
    assert standing.amount_fen == standing.booked_fen == standing.total_fen == 2 * EACH_FEN
    assert balances(held) == {"budget": 8 * EACH_FEN, "paid": 2 * EACH_FEN, "funding": -10 * EACH_FEN}
    assert {line.state for line in claim.lines.all()} == {"reconciled"}
    assert claim.roster is not None and read_evidence(claim.roster) == path.read_bytes()
    connection.check_constraints()
    assert breaches() == []


def test_without_a_budget_nothing_comes_in_and_the_look_says_so(tmp_path: Path) -> None:
    path = two(tmp_path)
    assert "没有预算" in preview_paid(**asked(path)).trouble
    with pytest.raises(PurseMissing):
        brought_in(path)
    assert not Claim.objects.exists() and not list(evidence_path(uuid4()).parent.parent.glob("*/*.part"))
    purse(EACH_FEN)
    assert "预算余额不够" in preview_paid(**asked(path)).trouble


def test_the_same_request_or_the_same_workbook_twice_is_once(tmp_path: Path) -> None:
    held, path = purse(), two(tmp_path)
    given = asked(path)
    first = bring_in_paid(name="a.xlsx", **given).claim
    assert bring_in_paid(name="a.xlsx", **given).claim == first
    for again in (lambda: brought_in(path), lambda: preview_paid(**asked(path))):
        with pytest.raises(BroughtInBefore) as refused:
            again()
        assert refused.value.number == first.number
    assert (Claim.objects.count(), balances(held)["paid"]) == (1, 2 * EACH_FEN)


def test_money_of_years_before_counts_for_limits_and_not_against_this_years_budget(tmp_path: Path) -> None:
    held = purse()
    claim = brought_in(two(tmp_path, 2021))
    assert (claim.year, claim.lines.count(), carried_in_standing(claim).booked_fen) == (2021, 2, 0)
    assert balances(held)["budget"] == 10 * EACH_FEN
    mixed = book_of(tmp_path, ("甲", NEW, 1, date(2021, 8, 1)), ("乙", OTHER, 1, date(2022, 8, 1)))
    with pytest.raises(YearsMixed, match="2021、2022"):
        brought_in(mixed)


def test_what_was_brought_in_by_mistake_is_taken_out_and_comes_in_again(tmp_path: Path) -> None:
    held, path, finance = purse(), two(tmp_path), make_user(Role.FINANCE)
    claim = brought_in(path)
    assert take_out_paid(claim=claim, reasons="名单拿错了", actor=finance, now=NOW) == 2
    assert take_out_paid(claim=claim, reasons="名单拿错了", actor=finance, now=NOW) == 0
    claim.refresh_from_db()
    assert (claim.state, {line.state for line in claim.lines.all()}) == ("withdrawn", {"withdrawn"})
    assert balances(held) == {"budget": 10 * EACH_FEN, "funding": -10 * EACH_FEN}
    assert LedgerEntry.objects.filter(line__claim=claim).count() == 2 * 7
    brought_in(path)
    assert balances(held)["paid"] == 2 * EACH_FEN
    connection.check_constraints()
    assert breaches() == []


def test_it_is_not_taken_out_once_something_rests_on_it(tmp_path: Path) -> None:
    purse()
    finance, claim = make_user(Role.FINANCE), brought_in(two(tmp_path))
    line = claim.lines.order_by("position").first()
    assert line is not None
    with pytest.raises(NotAllowed):
        take_out_paid(claim=claim, reasons="错了", actor=make_user(Role.REVIEWER), now=NOW)
    with transaction.atomic():
        demand_recovery(recovery_id=uuid4(), line_id=line.pk, amount_fen=1, reason="多付", actor=finance, now=NOW)
        with pytest.raises(RecoveryImpossible):
            take_out_paid(claim=claim, reasons="错了", actor=finance, now=NOW)
        transaction.set_rollback(True)


def test_it_is_not_taken_out_while_a_line_is_corrected(tmp_path: Path) -> None:
    purse()
    claim = brought_in(two(tmp_path))
    line = claim.lines.order_by("position").first()
    assert line is not None
    correct_line(line_id=line.pk, changes={}, reasons="补助写错", actor=make_user(Role.CLERK), now=NOW)
    with pytest.raises(NotCarriedIn):
        take_out_paid(claim=claim, reasons="错了", actor=make_user(Role.FINANCE), now=NOW)


def test_a_closed_years_money_stays(tmp_path: Path) -> None:
    held, finance = purse(), make_user(Role.FINANCE)
    claim = brought_in(two(tmp_path))
    close_year(year=2022, carry_over=[held.pk], actor=finance, now=NOW)
    with pytest.raises(YearClosed):
        take_out_paid(claim=claim, reasons="错了", actor=finance, now=NOW)
    assert {line.state for line in claim.lines.all()} == {"reconciled"}


def test_the_database_takes_no_other_paid_line_out(tmp_path: Path) -> None:
    purse()
    claim = brought_in(two(tmp_path))
    connection.check_constraints()
    act_as()
    with pytest.raises(DatabaseError), transaction.atomic():
        ClaimLine.objects.filter(claim=claim).update(state="withdrawn", version=9)
        connection.check_constraints()
    with pytest.raises(DatabaseError, match="what a line is does not change"), transaction.atomic():
        ClaimLine.objects.filter(claim=claim).update(is_carried_in=False, version=9)


def test_whoever_has_an_area_sees_none_of_it(tmp_path: Path) -> None:
    purse()
    claim = brought_in(two(tmp_path))
    assert list(carried_in_seen_by(make_user(Role.SUPERVISOR))) == [claim]
    assert not carried_in_seen_by(make_user(Role.TOWNSHIP, area_code="341502001")).exists()
    assert not carried_in_seen_by(make_user(Role.OPERATOR)).exists()
