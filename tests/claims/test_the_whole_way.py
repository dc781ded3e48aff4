"""From records to the end of the public notice, as the people of the office and the payee take it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from jiujin.claims.errors import NoticeDaysUnset
from jiujin.claims.models import ClaimLine, Notice
from jiujin.claims.services.close_notices import close_notices
from jiujin.claims.services.publish_notice import publish_notice
from jiujin.claims.services.submit_claim import submit_claim
from tests.claims.factories import DAYS, NOW, filed, ids_of, passed, reviewers, set_rates

pytestmark = pytest.mark.django_db


def test_a_claim_of_records_goes_from_one_press_to_the_end_of_its_notice() -> None:
    set_rates(**DAYS)
    claim, payee = filed(lines=3)
    assert {(line.state, line.verdict, line.amount_fen, line.limit_ordinal) for line in claim.lines.all()} == {
        ("draft", "met", 100_000, None)
    }
    ids = passed(claim, payee, until="in_notice")
    notice = Notice.objects.get()
    assert (notice.opens_on.isoformat(), notice.closes_on.isoformat()) == ("2022-11-15", "2022-11-22")
    assert close_notices(now=NOW + timedelta(days=7)) == 0  # its last day
    assert close_notices(now=NOW + timedelta(days=8)) == 3
    assert set(ClaimLine.objects.filter(pk__in=ids).values_list("state", "limit_ordinal")) == {("noticed", 1)}
    connection.check_constraints()


def test_a_notice_cannot_begin_while_its_days_are_not_set() -> None:
    set_rates()
    claim, payee = filed()
    people = reviewers()
    ids = passed(claim, payee, people)
    with pytest.raises(NoticeDaysUnset, match="notice_days"):
        publish_notice(ids=ids, actor=people["first"], now=NOW)
    assert ClaimLine.objects.get().state == "second_passed"


def test_each_state_says_by_when_the_next_step_is_due() -> None:
    set_rates(acceptance_days=3)
    claim, payee = filed()
    [line] = submit_claim(claim=claim, actor=payee, now=NOW).lines
    assert line.due_on is not None and line.due_on.isoformat() == "2022-11-18"
    passed_on = ClaimLine.objects.get(pk__in=ids_of(claim))
    assert passed_on.due_on == line.due_on
