"""Sending lines: limits, what excludes each other, windows, the payee's confirmation."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from jiujin.accounts.models import Role, User
from jiujin.claims.errors import LineExcluded, NotAllowed, NotConfirmed, NothingToSend, OutsideWindow, StepDone
from jiujin.claims.models import Claim, ClaimLine
from jiujin.claims.queries import explained
from jiujin.claims.services.accept_lines import accept_lines
from jiujin.claims.services.confirm_screened import confirm_screened
from jiujin.claims.services.file_claim import NewLine, file_claim
from jiujin.claims.services.pass_lines import pass_lines
from jiujin.claims.services.screen_entitled import screen_entitled
from jiujin.claims.services.submit_claim import submit_claim
from jiujin.claims.services.withdraw_lines import withdraw_lines
from jiujin.core.proof import Proof
from jiujin.registry.models import OrganisationKind, Person
from jiujin.work.models import InsuranceKind
from tests.claims.factories import NOW, filed, ids_of, payee_user, set_rates, stable_placement
from tests.claims.test_filing import INTERN
from tests.registry.factories import make_organisation, make_person, make_user
from tests.work.factories import add_insurance, make_placement

pytestmark = pytest.mark.django_db
POST: dict[str, Any] = {"start_on": "2022-03-01", "end_on": "2022-08-31", "months_on_post": 6}


def declared_claim(scheme: str, kind: OrganisationKind, person: Person, declared: dict[str, Any]) -> tuple[Claim, User]:
    payee = make_organisation(kind)
    actor = payee_user(payee, Role.EMPLOYER)
    line = NewLine(key=uuid4(), person=person, declared=declared)
    return file_claim(
        claim_id=uuid4(), scheme=scheme, payee=payee, lines=[line], actor=actor, source="roster", now=NOW
    ), actor


def internship(person: Person, **given: Any) -> tuple[Claim, User]:
    return declared_claim("internship-living-allowance", OrganisationKind.INTERNSHIP_BASE, person, INTERN | given)


def test_sending_takes_the_place_and_a_second_claim_of_the_year_finds_none() -> None:
    set_rates()
    first, actor = filed()
    person = first.lines.get().person
    operator = make_organisation(OrganisationKind.OPERATOR)
    stable_placement(operator, person=person, start_on=date(2022, 2, 1))
    second, other = filed(lines=0, payee=operator)
    assert second.lines.get().verdict == "met", "a draft takes no place"
    [line] = submit_claim(claim=first, actor=actor, now=NOW).lines
    assert (line.limit_ordinal, first.lines.get().state) == (1, "submitted")
    with pytest.raises(NothingToSend, match="不符合"):
        submit_claim(claim=second, actor=other, now=NOW)
    [insisted] = submit_claim(claim=second, actor=other, now=NOW, ids=ids_of(second)).lines
    assert (insisted.verdict, insisted.unmet, insisted.limit_ordinal) == ("unmet", ["limit"], None)
    assert any(first.number in reason for reason in explained(insisted))


def test_sending_twice_is_once_and_the_second_is_told() -> None:
    claim, actor = filed(lines=2)
    submit_claim(claim=claim, actor=actor, now=NOW)
    with pytest.raises(StepDone, match="已经办过"):
        submit_claim(claim=claim, actor=actor, now=NOW, ids=ids_of(claim))
    with pytest.raises(NothingToSend):
        submit_claim(claim=claim, actor=actor, now=NOW)
    assert set(claim.lines.values_list("version", flat=True)) == {2}


def test_only_the_payee_or_the_counter_sends() -> None:
    claim, _ = filed()
    with pytest.raises(NotAllowed):
        submit_claim(claim=claim, actor=payee_user(make_organisation()), now=NOW)
    assert len(submit_claim(claim=claim, actor=make_user(Role.CLERK), now=NOW).lines) == 1


def test_two_internships_at_once_are_refused_at_the_claim_naming_the_other() -> None:
    person = make_person()
    first, actor = internship(person)
    second, other = internship(person, internship_start_on="2022-06-30", internship_end_on="2022-12-31")
    apart, third = internship(person, internship_start_on="2023-01-01", internship_end_on="2023-06-30")
    [line] = submit_claim(claim=first, actor=actor, now=NOW).lines
    with pytest.raises(NothingToSend, match=f"与第 {line.pk} 号明细的见习时间重叠"):
        submit_claim(claim=second, actor=other, now=NOW)
    assert submit_claim(claim=apart, actor=third, now=NOW, ids=ids_of(apart)).kept == {}
    withdraw_lines(ids=[line.pk], actor=actor, now=NOW)
    assert len(submit_claim(claim=second, actor=other, now=NOW).lines) == 1


def test_an_excluded_line_stays_and_the_rest_goes() -> None:
    set_rates()
    claim, actor = filed(lines=2)
    blocked = claim.lines.order_by("position").first()
    assert blocked is not None and blocked.person is not None
    sent, intern = internship(blocked.person, internship_start_on="2022-05-01", internship_end_on="2022-10-31")
    submit_claim(claim=sent, actor=intern, now=NOW, ids=ids_of(sent))
    result = submit_claim(claim=claim, actor=actor, now=NOW)
    assert [line.pk for line in result.lines] == ids_of(claim)[1:]
    assert list(result.kept) == [blocked.pk]
    assert sent.number in result.kept[blocked.pk]
    blocked.refresh_from_db()
    assert blocked.state == "draft"


def test_a_public_post_and_an_internship_at_once_stop_each_other_but_only_on_common_days() -> None:
    person = make_person()
    intern, actor = internship(person)
    submit_claim(claim=intern, actor=actor, now=NOW)
    post, entity = declared_claim("post-allowance", OrganisationKind.EMPLOYER, person, POST)
    with pytest.raises(NothingToSend, match="公益性岗位"):
        submit_claim(claim=post, actor=entity, now=NOW)
    after = POST | {"start_on": "2022-07-01"}
    later, entity = declared_claim("post-allowance", OrganisationKind.EMPLOYER, person, after)
    assert submit_claim(claim=later, actor=entity, now=NOW).lines


def test_what_only_needs_a_look_is_marked_and_not_stopped() -> None:
    claim, actor = filed()
    person = claim.lines.get().person
    assert person is not None
    school = {"enrolled_on": "2021-09-01", "study_mode": "full_time"}
    enrolled, teacher = declared_claim("technical-school-training", OrganisationKind.TECHNICAL_SCHOOL, person, school)
    submit_claim(claim=enrolled, actor=teacher, now=NOW, ids=ids_of(enrolled))
    [line] = submit_claim(claim=claim, actor=actor, now=NOW).lines
    assert line.risk == "marked"
    assert {mark["rule"] for mark in line.marks} >= {"student-or-stable"}
    assert all(mark["effect"] == "mark" for mark in line.marks)


def test_insured_by_another_employer_in_the_same_months_is_marked() -> None:
    claim, _ = filed()
    line = claim.lines.get()
    assert line.marks == []
    elsewhere = make_placement(date(2021, 6, 1), person=line.person)
    add_insurance(elsewhere, InsuranceKind.SOCIAL, [Proof.VERIFIED] * 8)
    [line] = submit_claim(claim=claim, actor=make_user(Role.CLERK), now=NOW).lines
    assert [(mark["rule"], mark["record"]) for mark in line.marks] == [("insured_elsewhere", elsewhere.pk)]


def test_the_same_work_registered_by_another_operator_is_marked() -> None:
    claim, _ = filed()
    line = claim.lines.get()
    own = line.person.placements.get()
    other = make_placement(own.start_on, person=line.person, employer=own.employer)
    [line] = submit_claim(claim=claim, actor=make_user(Role.CLERK), now=NOW).lines
    assert [(mark["rule"], mark["record"]) for mark in line.marks] == [("same_work", other.pk)]


def test_an_internship_beside_a_recorded_job_is_marked() -> None:
    person = make_person()
    claim, actor = internship(person)
    make_placement(date(2022, 5, 1), person=person)
    [line] = submit_claim(claim=claim, actor=actor, now=NOW).lines
    assert "intern-or-stable" in {mark["rule"] for mark in line.marks}


def test_a_stopping_mark_that_comes_later_holds_the_line_up_in_review() -> None:
    set_rates()
    claim, actor = filed()
    [line] = submit_claim(claim=claim, actor=actor, now=NOW).lines
    accept_lines(ids=[line.pk], actor=make_user(Role.CLERK), now=NOW)
    stop = {"rule": "overlap", "effect": "stop", "line": None, "message": "测试"}
    from jiujin.claims.services import compare_lines

    compare_lines.more_marks.append(lambda lines: {each.pk: [stop] for each in lines})
    try:
        with pytest.raises(LineExcluded, match="测试"):
            pass_lines(ids=[line.pk], stage="first", actor=make_user(Role.CLERK), now=NOW)
    finally:
        compare_lines.more_marks.pop()


@pytest.mark.parametrize(
    ("day", "is_open"),
    [((4, 30), False), ((5, 1), True), ((5, 31), True), ((6, 1), False), ((11, 30), True), ((12, 1), False)],
)
def test_schools_send_in_may_and_november_by_the_days_of_shanghai(day: tuple[int, int], is_open: bool) -> None:
    claim, actor = declared_claim(
        "technical-school-training", OrganisationKind.TECHNICAL_SCHOOL, make_person(), {"enrolled_on": "2022-09-01"}
    )
    at = datetime(2022, *day, 0, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    if is_open:
        assert submit_claim(claim=claim, actor=actor, now=at, ids=ids_of(claim)).lines
        return
    with pytest.raises(OutsideWindow, match="05-01 至 05-31、11-01 至 11-30"):
        submit_claim(claim=claim, actor=actor, now=at, ids=ids_of(claim))
    assert claim.lines.get().state == "draft"


def test_what_a_screening_found_is_sent_by_nothing_but_the_payees_confirmation() -> None:
    set_rates()
    placement = stable_placement()
    [claim] = screen_entitled(scheme="stable-employment", actor="system:test", now=NOW)
    payee = payee_user(placement.operator)
    with pytest.raises(NotConfirmed):
        submit_claim(claim=claim, actor=payee, now=NOW)
    with pytest.raises(NotAllowed):
        confirm_screened(claim=claim, actor=payee_user(make_organisation()), now=NOW)
    [line] = confirm_screened(claim=claim, actor=payee, now=NOW).lines
    assert (line.state, line.record_id) == ("submitted", placement.pk)
    with pytest.raises(StepDone):
        confirm_screened(claim=claim, actor=payee, now=NOW)


def test_a_withdrawn_claim_gives_its_places_back_and_ends_with_its_last_line() -> None:
    set_rates()
    claim, actor = filed(lines=2)
    submit_claim(claim=claim, actor=actor, now=NOW)
    first, last = ids_of(claim)
    withdraw_lines(ids=[first], actor=actor, now=NOW)
    claim.refresh_from_db()
    assert claim.state == "submitted"
    withdraw_lines(ids=[last], actor=actor, now=NOW + timedelta(days=1))
    claim.refresh_from_db()
    assert claim.state == "withdrawn"
    assert set(ClaimLine.objects.values_list("state", "limit_ordinal")) == {("withdrawn", None)}
