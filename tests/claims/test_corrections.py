"""What was wrong after approval becomes a line of its own: the difference claimed, or asked back; a new notice where one is due."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from jiujin.accounts.models import Role, User
from jiujin.claims.errors import CorrectionImpossible, NotAllowed, ReasonMissing
from jiujin.claims.models import ClaimLine, NoticeLine
from jiujin.claims.queries import queue
from jiujin.claims.services.accept_lines import accept_lines
from jiujin.claims.services.carry_in import PaidLine, carry_in
from jiujin.claims.services.close_notices import close_notices
from jiujin.claims.services.correct_line import correct_line
from jiujin.claims.services.pass_lines import pass_lines
from jiujin.claims.services.publish_notice import publish_notice
from jiujin.core.models import Event
from tests.claims.factories import DAYS, NOW, filed, passed, reviewers, set_rates, stable_placement
from tests.registry.factories import make_user

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=30)


def paid_line(amount_fen: int = 100_000) -> ClaimLine:
    """A line on a record that is met for 1,000 yuan, of which so much was paid."""
    set_rates(**DAYS)
    placement = stable_placement()
    assert placement.operator is not None
    paid = PaidLine(uuid4(), amount_fen, date(2022, 3, 1), placement.person, placement.pk)
    found = carry_in(
        claim_id=uuid4(), scheme="stable-employment", payee=placement.operator, lines=[paid], total_fen=amount_fen,
        actor=make_user(Role.FINANCE), now=NOW,
    )  # fmt: skip
    return found.claim.lines.get()


def correct(line: ClaimLine, **given: Any) -> ClaimLine:
    usual: dict[str, Any] = {"line_id": line.pk, "changes": {}, "reasons": "核对后更正", "now": NOW}
    return correct_line(**usual | {"actor": given.pop("actor", None) or make_user(Role.CLERK)} | given)


def reviewed(line: ClaimLine, people: dict[str, User] | None = None) -> ClaimLine:
    people = people or reviewers()
    accept_lines(ids=[line.pk], actor=people["first"], now=NOW)
    pass_lines(ids=[line.pk], stage="first", actor=people["first"], now=NOW)
    pass_lines(ids=[line.pk], stage="second", actor=people["second"], now=NOW)
    return ClaimLine.objects.get(pk=line.pk)


def test_what_was_paid_too_little_is_claimed_as_the_difference() -> None:
    line = paid_line(60_000)
    correcting = correct(line)
    assert (correcting.corrects_id, correcting.claim_id, correcting.state) == (line.pk, line.claim_id, "submitted")
    assert (correcting.verdict, correcting.amount_fen, correcting.limit_ordinal) == ("met", 40_000, None)
    assert correcting in queue(make_user(Role.CLERK), "acceptance")
    correcting = reviewed(correcting)
    assert correcting.state == "second_passed"
    notice = publish_notice(ids=[correcting.pk], actor=make_user(Role.CLERK), now=NOW)
    assert notice.lines.get().amount_fen == 100_000, "the notice shows what it all comes to"
    close_notices(now=LATER)
    assert ClaimLine.objects.get(pk=correcting.pk).state == "noticed", "money is claimed: it goes on to approval"
    line.refresh_from_db()
    assert (line.state, line.amount_fen) == ("reconciled", 60_000), "what was paid does not change"
    connection.check_constraints()


def test_what_was_paid_too_much_is_asked_back_by_an_event_for_the_funds() -> None:
    line = paid_line()
    correcting = correct(line, changes={"social_insurance_months": 3})
    assert (correcting.verdict, correcting.amount_fen) == ("unmet", -100_000)
    correcting = reviewed(correcting)
    assert correcting.state == "corrected"
    event = Event.objects.get(verb="recovery_asked")
    assert (event.subject_id, event.details) == (str(correcting.pk), {"line": line.pk, "amount_fen": 100_000})
    connection.check_constraints()


def test_nothing_is_asked_back_where_the_amount_was_right() -> None:
    correcting = reviewed(correct(paid_line()))
    assert (correcting.state, correcting.amount_fen) == ("corrected", 0)
    assert not Event.objects.filter(verb="recovery_asked").exists()


def test_what_was_published_wrongly_is_published_again() -> None:
    set_rates(**DAYS)
    claim, payee = filed()
    passed(claim, payee, until="in_notice")
    shown = NoticeLine.objects.get()
    line = paid_line()
    NoticeLine.objects.create(
        notice=shown.notice, line=line, name="错*名", number=shown.number, payee=shown.payee, amount_fen=line.amount_fen
    )
    correcting = reviewed(correct(line))
    assert (correcting.state, correcting.amount_fen) == ("second_passed", 0)
    again = publish_notice(ids=[correcting.pk], actor=make_user(Role.CLERK), now=NOW, corrects=shown.notice)
    assert again.corrects == shown.notice
    close_notices(now=LATER)
    assert ClaimLine.objects.get(pk=correcting.pk).state == "corrected"


def test_a_second_correction_counts_the_first() -> None:
    line = paid_line()
    reviewed(correct(line, changes={"social_insurance_months": 3}))
    again = correct(line)
    assert (again.verdict, again.amount_fen) == ("met", 100_000)


def test_who_began_the_correction_does_not_decide_on_it() -> None:
    from jiujin.claims.errors import OwnWork

    both = make_user(Role.CLERK)
    correcting = correct(paid_line(60_000), actor=both)
    accept_lines(ids=[correcting.pk], actor=both, now=NOW)
    with pytest.raises(OwnWork):
        pass_lines(ids=[correcting.pk], stage="first", actor=both, now=NOW)


def test_only_a_decided_line_is_corrected_once_at_a_time_by_the_office_with_reasons() -> None:
    line = paid_line(60_000)
    with pytest.raises(ReasonMissing):
        correct(line, reasons=" ")
    with pytest.raises(NotAllowed):
        correct(line, actor=make_user(Role.OPERATOR))
    correcting = correct(line)
    with pytest.raises(CorrectionImpossible, match="正在更正"):
        correct(line)
    with pytest.raises(CorrectionImpossible, match="还没有批准"):
        correct(correcting)
    other = make_user(Role.CLERK)
    from tests.registry.factories import make_person

    apart = paid_line()
    with pytest.raises(CorrectionImpossible, match="先把记录里的人改对"):
        correct(apart, person=make_person(), actor=other)
