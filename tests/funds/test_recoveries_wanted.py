"""What corrections find overpaid is wanted back once, until as much was asked back, and leaves the list when it is done."""

from __future__ import annotations

import uuid
from collections import Counter
from typing import Any

import pytest
from django.db import connection

from jiujin.accounts.models import Role
from jiujin.claims.models import ClaimLine
from jiujin.claims.services.accept_lines import accept_lines
from jiujin.claims.services.correct_line import correct_line
from jiujin.claims.services.pass_lines import pass_lines
from jiujin.core.models import Event
from jiujin.funds.models import Recovery
from jiujin.funds.queries import recoveries_wanted, room_to_demand
from jiujin.funds.services.demand_recovery import demand_recovery
from jiujin.funds.services.drop_recovery import drop_recovery
from jiujin.funds.services.receive_recovery import receive_recovery
from tests.claims.factories import reviewers, set_rates
from tests.claims.test_corrections import paid_line
from tests.funds.factories import LINE_FEN, NOW, batch_of, granted, noticed, paid, scheduled
from tests.registry.factories import make_user

pytestmark = pytest.mark.django_db
TOO_SHORT = {"social_insurance_months": 3}


def corrected(line: ClaimLine, **changes: Any) -> ClaimLine:
    """A correction of the line, reviewed by others."""
    people = reviewers()
    made = correct_line(line_id=line.pk, changes=changes, reasons="核对后更正", actor=make_user(Role.CLERK), now=NOW)
    accept_lines(ids=[made.pk], actor=people["first"], now=NOW)
    pass_lines(ids=[made.pk], stage="first", actor=people["first"], now=NOW)
    pass_lines(ids=[made.pk], stage="second", actor=people["second"], now=NOW)
    return ClaimLine.objects.get(pk=made.pk)


def wanted() -> dict[int, tuple[int, int]]:
    """By line: what was found and what was asked back, each line once."""
    found = list(recoveries_wanted(make_user(Role.FINANCE)))
    assert len({line.pk for line in found}) == len(found)
    return {line.pk: (line.found_fen, line.asked_fen) for line in found}


def demanded(line: ClaimLine, fen: int) -> Recovery:
    finance = make_user(Role.FINANCE)
    return demand_recovery(
        recovery_id=uuid.uuid4(), line_id=line.pk, amount_fen=fen, reason="多付", actor=finance, now=NOW
    )


def received(recovery: Recovery) -> None:
    receive_recovery(recovery=recovery, voucher="SK", actor=make_user(Role.FINANCE), now=NOW)


def test_the_list_is_what_the_events_of_corrections_asked_for() -> None:
    granted(9 * LINE_FEN)
    lines = paid(3)
    for line in lines[:2]:
        corrected(line, **TOO_SHORT)
    corrected(lines[2])
    asked: Counter[int] = Counter()
    for event in Event.objects.filter(verb="recovery_asked").order_by("pk"):
        asked[event.details["line"]] += event.details["amount_fen"]
    assert {pk: found for pk, (found, _asked) in wanted().items()} == dict(asked) != {}
    assert set(asked) == {line.pk for line in lines[:2]}


def test_it_stays_until_all_of_it_was_asked_back_and_is_gone_when_done() -> None:
    granted(9 * LINE_FEN)
    [line] = paid(1)
    corrected(line, **TOO_SHORT)
    first = demanded(line, 30_000)
    assert wanted() == {line.pk: (LINE_FEN, 30_000)}
    assert room_to_demand(line) is None, "one demand is open at a time"
    received(first)
    assert room_to_demand(line) == (line, LINE_FEN - 30_000)
    received(demanded(line, LINE_FEN - 30_000))
    assert wanted() == {}
    connection.check_constraints()


def test_what_a_later_correction_finds_is_wanted_though_an_earlier_demand_is_done() -> None:
    granted(9 * LINE_FEN)
    [line] = paid(1)
    set_rates(stable_grant=900)
    corrected(line)
    received(demanded(line, 10_000))
    assert wanted() == {}
    set_rates(stable_grant=700)
    corrected(line)
    assert wanted() == {line.pk: (30_000, 10_000)}
    assert Event.objects.filter(verb="recovery_asked").count() == 2


def test_what_two_people_gave_up_is_not_wanted_again() -> None:
    granted(9 * LINE_FEN)
    [line] = paid(1)
    corrected(line, **TOO_SHORT)
    drop_recovery(recovery=demanded(line, LINE_FEN), reason="查无此事", actor=make_user(Role.FINANCE), now=NOW)
    assert wanted() == {}


def test_what_is_corrected_before_it_is_paid_is_blocked_in_a_batch() -> None:
    granted(9 * LINE_FEN)
    [line] = scheduled(1)
    corrected(line, **TOO_SHORT)
    assert list(wanted()) == [line.pk] and room_to_demand(ClaimLine.objects.get(pk=line.pk)) is None
    item = batch_of([line]).items.get()
    assert item.state == "blocked" and "更正后不该付这么多" in item.reason


def test_what_is_in_no_book_of_the_district_is_told_apart() -> None:
    corrected(paid_line(), **TOO_SHORT)
    [line] = recoveries_wanted(make_user(Role.FINANCE))
    assert line.is_booked is False
    assert not recoveries_wanted(make_user(Role.OPERATOR)).exists()
    assert not recoveries_wanted(make_user(Role.TOWNSHIP, area_code="341502999")).exists()


def test_a_line_without_a_correction_is_not_wanted() -> None:
    granted(9 * LINE_FEN)
    paid(1)
    noticed(1)
    assert wanted() == {}
