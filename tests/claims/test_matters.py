"""Objections to a notice, and appeals against a rejection."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from jiujin.accounts.models import Role, User
from jiujin.claims.errors import (
    AppealImpossible,
    LineStopped,
    MatterAnswered,
    NotAllowed,
    NoticeClosed,
    OwnWork,
    TextMissing,
    TextTooLong,
)
from jiujin.claims.models import ClaimLine, NoticeLine, Objection
from jiujin.claims.queries import notices_open, open_appeals, open_objections
from jiujin.claims.services.answer_appeal import answer_appeal
from jiujin.claims.services.answer_objection import answer_objection
from jiujin.claims.services.close_notices import close_notices
from jiujin.claims.services.lock import locked_lines
from jiujin.claims.services.pass_lines import pass_lines
from jiujin.claims.services.raise_appeal import raise_appeal
from jiujin.claims.services.raise_objection import raise_objection
from jiujin.claims.services.reject_lines import reject_lines
from jiujin.claims.services.take_step import take_step
from tests.claims.factories import DAYS, NOW, filed, passed, reviewers, set_rates
from tests.registry.factories import make_user

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=30)


def in_notice(lines: int = 1) -> tuple[list[NoticeLine], User, dict[str, User]]:
    set_rates(**DAYS)
    claim, payee = filed(lines=lines)
    people = reviewers()
    passed(claim, payee, people, until="in_notice")
    return list(NoticeLine.objects.order_by("line")), payee, people


def objected() -> tuple[Objection, dict[str, User]]:
    [shown], _, people = in_notice()
    return raise_objection(
        notice_line_id=shown.pk, text="此人未上岗", raised_by="群众", contact="13800000000", now=NOW
    ), people


def test_what_is_published_is_masked_and_does_not_change() -> None:
    [shown], _, _ = in_notice()
    person = shown.line.person
    assert person is not None and person.id_number is not None
    assert shown.name != person.name and "*" in shown.name
    assert "*" in shown.number and person.id_number not in shown.number
    assert (shown.amount_fen, shown.payee) == (100_000, shown.line.claim.payee.name)  # type: ignore[union-attr]
    assert list(notices_open(NOW.date())) == [shown.notice]
    assert not notices_open(LATER.date()).exists()


def test_an_objection_stops_its_line_and_no_other() -> None:
    shown, _, _ = in_notice(lines=2)
    objection = raise_objection(notice_line_id=shown[0].pk, text="此人未上岗", raised_by="", contact="", now=NOW)
    assert objection.contact is None
    assert close_notices(now=LATER) == 1
    states = dict(ClaimLine.objects.values_list("pk", "state"))
    assert (states[shown[0].line_id], states[shown[1].line_id]) == ("in_notice", "noticed")
    with pytest.raises(LineStopped):
        take_step(locked_lines([shown[0].line_id]), "line_noticed", actor="system:test", now=LATER)
    assert list(open_objections(make_user(Role.REVIEWER))) == [objection]


def test_who_decided_does_not_answer() -> None:
    objection, people = objected()
    for name in ("first", "second"):
        with pytest.raises(OwnWork):
            answer_objection(objection_id=objection.pk, upheld=False, answer="查过", actor=people[name], now=NOW)
    with pytest.raises(NotAllowed):
        answer_objection(objection_id=objection.pk, upheld=False, answer="查过", actor="system:x", now=NOW)


def test_dismissed_the_line_goes_on_when_none_is_open() -> None:
    objection, people = objected()
    [shown] = NoticeLine.objects.all()
    second = raise_objection(notice_line_id=shown.pk, text="另一条", raised_by="", contact="", now=NOW)
    answer = {"upheld": False, "answer": "查过，属实", "actor": people["approval"], "now": NOW}
    answer_objection(objection_id=objection.pk, **answer)
    assert close_notices(now=LATER) == 0
    answer_objection(objection_id=second.pk, **answer)
    assert close_notices(now=LATER) == 1
    with pytest.raises(MatterAnswered):
        answer_objection(objection_id=second.pk, **answer)
    connection.check_constraints()


@pytest.mark.parametrize("then", ["returned", "rejected"])
def test_upheld_the_line_is_returned_or_rejected(then: str) -> None:
    objection, people = objected()
    answer_objection(
        objection_id=objection.pk, upheld=True, answer="确实", actor=people["approval"], now=NOW, then=then
    )  # type: ignore[arg-type]
    line = ClaimLine.objects.get()
    assert (line.state, line.is_stopped, line.limit_ordinal) == (then, False, None)


def test_an_objection_says_something_while_the_notice_stands() -> None:
    [shown], _, _ = in_notice()
    with pytest.raises(TextMissing):
        raise_objection(notice_line_id=shown.pk, text=" \x00", raised_by="", contact="", now=NOW)
    with pytest.raises(TextTooLong):
        raise_objection(notice_line_id=shown.pk, text="长" * 2001, raised_by="", contact="", now=NOW)
    with pytest.raises(NoticeClosed):
        raise_objection(notice_line_id=shown.pk, text="迟了", raised_by="", contact="", now=LATER)


def rejected() -> tuple[ClaimLine, User, dict[str, User]]:
    set_rates(**DAYS, appeal_days=10)
    claim, payee = filed()
    people = reviewers()
    ids = passed(claim, payee, people, until="accepted")
    [line] = reject_lines(ids=ids, reasons="不符合", actor=people["first"], now=NOW)
    return line, payee, people


def test_an_appeal_upheld_opens_the_line_again_for_others() -> None:
    line, payee, people = rejected()
    appeal = raise_appeal(line_id=line.pk, text="请复核", actor=payee, now=NOW)
    assert list(open_appeals(people["second"])) == [appeal]
    with pytest.raises(AppealImpossible, match="正在处理"):
        raise_appeal(line_id=line.pk, text="再来", actor=payee, now=NOW)
    with pytest.raises(OwnWork):
        answer_appeal(appeal_id=appeal.pk, upheld=True, answer="同意", actor=people["first"], now=NOW)
    answer_appeal(appeal_id=appeal.pk, upheld=True, answer="同意", actor=people["approval"], now=NOW)
    line.refresh_from_db()
    assert (line.state, line.limit_ordinal) == ("accepted", 1)
    with pytest.raises(OwnWork):
        pass_lines(ids=[line.pk], stage="first", actor=people["first"], now=NOW)
    assert pass_lines(ids=[line.pk], stage="first", actor=make_user(Role.CLERK), now=NOW)


def test_an_appeal_dismissed_leaves_the_rejection() -> None:
    line, payee, people = rejected()
    appeal = raise_appeal(line_id=line.pk, text="请复核", actor=payee, now=NOW)
    answer_appeal(appeal_id=appeal.pk, upheld=False, answer="维持", actor=people["approval"], now=NOW)
    line.refresh_from_db()
    assert line.state == "rejected"
    with pytest.raises(MatterAnswered):
        answer_appeal(appeal_id=appeal.pk, upheld=True, answer="改口", actor=people["second"], now=NOW)


def test_an_appeal_is_the_payees_against_a_rejection_and_in_time() -> None:
    line, payee, people = rejected()
    with pytest.raises(NotAllowed):
        raise_appeal(line_id=line.pk, text="请复核", actor=people["approval"], now=NOW)
    with pytest.raises(AppealImpossible, match="2022-11-29"):
        raise_appeal(line_id=line.pk, text="请复核", actor=payee, now=LATER)
    other, its_payee = filed()
    [pk] = passed(other, its_payee, until="submitted")
    with pytest.raises(AppealImpossible, match="没有被驳回"):
        raise_appeal(line_id=pk, text="请复核", actor=its_payee, now=NOW)


def test_an_appeal_cannot_bring_back_what_was_claimed_again() -> None:
    line, payee, people = rejected()
    appeal = raise_appeal(line_id=line.pk, text="请复核", actor=payee, now=NOW)
    filed(lines=0, payee=line.payee)
    with pytest.raises(AppealImpossible, match="另外申报"):
        answer_appeal(appeal_id=appeal.pk, upheld=True, answer="同意", actor=people["approval"], now=NOW)
