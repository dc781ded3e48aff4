"""What the database keeps of a claim, tried with raw SQL and with the services' own hands."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from jiujin.accounts.models import Role
from jiujin.claims.errors import OwnWork
from jiujin.claims.models import ClaimLine, Decision
from jiujin.claims.services.keep_judgement import keep_judgement
from jiujin.claims.services.lock import locked_lines
from tests.claims.factories import act_as, make_claim, make_line, reviewers, set_rates, stable_placement, step
from tests.registry.factories import make_user

pytestmark = pytest.mark.django_db


def refused(statement: str) -> None:
    """The statement, or the commit after it, is refused."""
    with pytest.raises(DatabaseError), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(statement)
        connection.check_constraints()


def test_a_line_is_judged_from_records_and_takes_its_place() -> None:
    set_rates()
    [line] = step([make_line()], "line_submitted")
    line.refresh_from_db()
    assert (line.verdict, line.missing, line.unmet, line.amount_fen) == ("met", [], [], 100_000)
    assert (line.limit_ordinal, line.limit_max, line.state) == (1, 1, "submitted")
    decision = Decision.objects.get(line=line)
    assert (decision.facts["employment_form"], decision.verdict) == ("labour_contract", "met")


def test_second_line_of_the_year_finds_no_place() -> None:
    set_rates()
    first = make_line()
    again = make_line(make_claim(), stable_placement(person=first.person))
    step([first], "line_submitted")
    [second] = step([again], "line_submitted")
    assert (second.verdict, second.unmet, second.amount_fen, second.limit_ordinal) == ("unmet", ["limit"], 0, None)
    step([first], "line_withdrawn")
    with transaction.atomic():
        [second] = locked_lines([second.pk])
        keep_judgement([second], now=timezone.now(), take_places=True)
    assert (second.verdict, second.limit_ordinal) == ("met", 1)


def test_without_a_rate_the_line_is_met_and_its_amount_unknown() -> None:
    [line] = step([make_line()], "line_submitted")
    assert (line.verdict, line.missing, line.amount_fen) == ("met", ["param:stable_grant"], None)


def test_nobody_decides_on_what_they_made_or_decided_before() -> None:
    set_rates()
    people = reviewers()
    line = make_line(made_by=people["first"])
    step([line], "line_submitted")
    step([line], "line_accepted", make_user(Role.CLERK))
    with pytest.raises(OwnWork):
        step([line], "line_first_passed", people["first"])
    step([line], "line_first_passed", people["second"])
    with pytest.raises(OwnWork):
        step([line], "line_second_passed", people["second"])
    other = Decision.objects.filter(line=line).latest("pk")
    refused(
        "INSERT INTO claims_decision (line_id, event, source, target, decides, by_id, reasons, meeting, facts, proofs, verdict,"
        " unmet, missing, plan_digest, line_version) SELECT line_id, 'line_second_passed', 'first_passed', 'second_passed', true,"
        f" by_id, '', '', facts, proofs, verdict, unmet, missing, plan_digest, 99 FROM claims_decision WHERE id = {other.pk}"
    )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE claims_claimline SET state = 'approved', version = version + 1",
        "UPDATE claims_claimline SET state = 'accepted', version = version + 1",
        "UPDATE claims_claimline SET amount_fen = 5",
        "DELETE FROM claims_claimline",
        "UPDATE claims_claimline SET limit_ordinal = 2, version = version + 1",
        "UPDATE claims_decision SET verdict = 'met'",
        "DELETE FROM claims_decision",
    ],
)
def test_database_refuses(statement: str) -> None:
    set_rates()
    step([make_line()], "line_submitted")
    connection.check_constraints()
    refused(statement)
    assert ClaimLine.objects.get().state == "submitted"


def test_a_change_that_names_nobody_is_refused() -> None:
    line = make_line()
    with pytest.raises(DatabaseError, match="nobody named"), transaction.atomic():
        act_as("")
        ClaimLine.objects.filter(pk=line.pk).update(position=7, version=2)
        connection.check_constraints()
    act_as()
