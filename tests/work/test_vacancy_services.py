"""A vacancy from its draft to its end, and what becomes of those who applied."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from jiujin.accounts.models import Role
from jiujin.core.models import Event
from jiujin.registry.models import Organisation, OrganisationKind
from jiujin.work import errors
from jiujin.work.models import Application, Introduction, Placement, ServiceRecord, Vacancy
from jiujin.work.services.answer_application import answer_application, withdraw_application
from jiujin.work.services.apply_for import apply_for
from jiujin.work.services.close_vacancy import (
    close_vacancy,
    fill_vacancy,
    lapse_vacancies,
    pause_vacancy,
    resume_vacancy,
)
from jiujin.work.services.edit_vacancy import edit_vacancy
from jiujin.work.services.hire_applicant import hire_applicant
from jiujin.work.services.introduce import answer_introduction, introduce
from jiujin.work.services.post_vacancy import copy_vacancy, post_vacancy
from jiujin.work.services.record_service import hold_session, record_service
from jiujin.work.services.review_vacancy import review_vacancy
from jiujin.work.services.save_wish import save_wish
from jiujin.work.states import ApplicationState, IntroductionState, VacancyState
from tests.registry.factories import make_organisation, make_person, make_user
from tests.work.factories import LAST_DAY, TODAY, make_application, make_vacancy, make_workplace

pytestmark = pytest.mark.django_db
ACTOR = "system:tests"


def post(**given: Any) -> Vacancy:
    workplace = given.pop("workplace", None) or make_workplace()
    usual = {"title": "收银员", "form": "labour_contract", "wage_min_fen": 300_000, "open_until": LAST_DAY}
    employer: Organisation = given.pop("employer", workplace.organisation)
    return post_vacancy(employer=employer, workplace=workplace, actor=ACTOR, **{**usual, **given})


def apply(vacancy: Vacancy, **given: Any) -> Application:
    return apply_for(
        **{"id": uuid4(), "person": make_person(), "actor": ACTOR, "today": TODAY, **given}, vacancy=vacancy
    )


def events_of(subject: Any) -> list[str]:
    kept = Event.objects.filter(subject_kind=subject._meta.label_lower, subject_id=str(subject.pk))
    return list(kept.order_by("id").values_list("verb", flat=True))


# --- writing it down -----------------------------------------------------------------------------------------------------


def test_posted_vacancy_is_a_draft_with_its_event() -> None:
    vacancy = post(description="白班\r\n管\u202e午饭\x00", skills=["收银", " 收银 ", ""])
    assert (vacancy.state, vacancy.description, vacancy.skills) == (VacancyState.DRAFT, "白班\n管午饭", ["收银"])
    assert events_of(vacancy) == ["vacancy_posted"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"title": "  "}, "岗位名称没有填"),
        ({"title": "长" * 81}, "最多 80 个字"),
        ({"open_until": None}, "截止日期没有填"),
        ({"form": ""}, "用工形式没有填"),
        ({"headcount": 0}, "招聘人数"),
        ({"headcount": True}, "招聘人数"),
        ({"wage_min_fen": "3000"}, "工资"),
        ({"wage_min_fen": 2, "wage_max_fen": 1}, "上限"),
        ({"wage_min_fen": None, "wage_max_fen": 1}, "上限"),
        ({"hours_a_week": "NaN"}, "每周工时"),
        ({"hours_a_week": 169}, "每周工时"),
        ({"shift": "evening"}, "evening"),
        ({"occupation": "9999999"}, "9999999"),
        ({"contact_phone": "1 2"}, "联系电话"),
        ({"skills": ["技"] * 1 + [f"技能{n}" for n in range(20)]}, "技能最多"),
    ],
)
def test_field_that_cannot_be_is_refused_in_a_sentence(given: dict[str, Any], said: str) -> None:
    with pytest.raises(errors.FieldInvalid, match=said):
        post(**given)
    assert not Vacancy.objects.exists()


def test_vacancy_stands_at_an_open_place_of_an_employer() -> None:
    with pytest.raises(errors.WorkplaceUnusable):
        post(employer=make_organisation())
    with pytest.raises(errors.WorkplaceUnusable):
        post(workplace=make_workplace(is_open=False))
    with pytest.raises(errors.WrongOrganisation):
        post(workplace=make_workplace(make_organisation(OrganisationKind.UNIVERSITY)))
    with pytest.raises(TypeError, match="state"):
        post(state="open")


def test_copy_is_open_for_as_many_days_and_keeps_the_number_sealed() -> None:
    vacancy = post(contact_phone="05641234567", source_key="A1")
    copy = copy_vacancy(vacancy=vacancy, actor=ACTOR, open_until=LAST_DAY)
    assert (copy.title, copy.contact_phone, copy.source_key, copy.copied_from) == (
        "收银员",
        "05641234567",
        None,
        vacancy,
    )
    Vacancy.objects.filter(pk=vacancy.pk).update(created_at="2022-03-01T00:00Z", open_until=date(2022, 3, 31))
    vacancy.refresh_from_db()
    assert copy_vacancy(vacancy=vacancy, actor=ACTOR, today=TODAY).open_until == TODAY + timedelta(days=30)


def test_edited_vacancy_is_a_draft_again_and_keeps_its_applications() -> None:
    vacancy = make_vacancy(headcount=2, filled_count=1)
    sent = make_application(vacancy)
    edited = edit_vacancy(vacancy=vacancy, actor=ACTOR, title="理货员", headcount=1)
    assert (edited.state, edited.title) == (VacancyState.DRAFT, "理货员")
    sent.refresh_from_db()
    assert sent.state == ApplicationState.SENT
    Vacancy.objects.filter(pk=vacancy.pk).update(headcount=3, filled_count=2)
    with pytest.raises(errors.FieldInvalid, match="已经录用 2 人"):
        edit_vacancy(vacancy=vacancy, actor=ACTOR, headcount=1)


# --- review --------------------------------------------------------------------------------------------------------------


def test_reviewer_publishes_or_refuses_with_a_reason() -> None:
    reviewer = make_user(Role.REVIEWER)
    accepted = review_vacancy(vacancy=make_vacancy("in_review"), accept=True, because="", actor=reviewer, today=TODAY)
    assert accepted.state == VacancyState.OPEN and accepted.published_at is not None
    refused = make_vacancy("in_review")
    with pytest.raises(errors.ReasonMissing):
        review_vacancy(vacancy=refused, accept=False, because=" ", actor=reviewer)
    refused = review_vacancy(vacancy=refused, accept=False, because="工资写错了", actor=reviewer)
    assert (refused.state, refused.refused_because) == (VacancyState.REFUSED, "工资写错了")


def test_nobody_reviews_what_they_posted() -> None:
    reviewer = make_user(Role.CLERK)
    with pytest.raises(errors.OwnVacancy):
        review_vacancy(vacancy=make_vacancy("in_review", created_by=reviewer), accept=True, because="", actor=reviewer)


def test_vacancy_past_its_last_day_is_not_published() -> None:
    stale = make_vacancy("in_review", open_until=TODAY - timedelta(days=1))
    with pytest.raises(errors.OpenUntilPast, match="2022-03-14"):
        review_vacancy(vacancy=stale, accept=True, because="", actor=make_user(Role.REVIEWER), today=TODAY)
    with pytest.raises(errors.OpenUntilPast):
        resume_vacancy(vacancy=make_vacancy("paused", open_until=TODAY - timedelta(days=1)), actor=ACTOR, today=TODAY)


# --- applying ------------------------------------------------------------------------------------------------------------


def test_application_sent_twice_is_once() -> None:
    vacancy, person, key = make_vacancy(), make_person(), uuid4()
    first = apply(vacancy, id=key, person=person)
    assert apply(vacancy, id=key, person=person) == first
    assert events_of(first) == ["application_sent"]
    with pytest.raises(errors.IdTaken):
        apply(vacancy, id=key)
    with pytest.raises(errors.AlreadyApplied):
        apply(vacancy, person=person)
    assert Application.objects.count() == 1


@pytest.mark.parametrize("state", sorted(set(VacancyState) - {VacancyState.OPEN}))
def test_vacancy_that_is_not_open_takes_no_application(state: str) -> None:
    with pytest.raises(errors.NotTakingApplications, match=str(VacancyState(state).label)):
        apply(make_vacancy(state))


def test_last_day_still_takes_applications_and_the_next_does_not() -> None:
    vacancy = make_vacancy(open_until=TODAY)
    apply(vacancy)
    with pytest.raises(errors.NotTakingApplications, match="2022-03-15"):
        apply(vacancy, today=TODAY + timedelta(days=1))


def test_withdrawn_application_may_be_sent_again() -> None:
    vacancy, person = make_vacancy(), make_person()
    withdraw_application(application=apply(vacancy, person=person), actor=ACTOR)
    assert apply(vacancy, person=person).state == ApplicationState.SENT


def test_answer_follows_the_table() -> None:
    sent = apply(make_vacancy())
    assert answer_application(application=sent, event="application_seen", actor=ACTOR).state == ApplicationState.SEEN
    accepted = answer_application(application=sent, event="application_accepted", actor=ACTOR)
    declined = answer_application(application=accepted, event="application_declined", because="已招到", actor=ACTOR)
    assert (declined.state, declined.declined_because) == (ApplicationState.DECLINED, "已招到")
    with pytest.raises(errors.StepImpossible, match="未录用"):
        withdraw_application(application=sent, actor=ACTOR)
    assert events_of(sent) == ["application_sent", "application_seen", "application_accepted", "application_declined"]


def test_last_place_fills_the_vacancy_and_declines_the_others() -> None:
    vacancy = make_vacancy(headcount=2)
    first, second, third = (apply(vacancy) for _ in range(3))
    introduction = introduce(
        id=uuid4(), person=make_person(), vacancy=vacancy, actor=make_user(Role.SPECIALIST), reasons=[], today=TODAY
    )
    placement = hire_applicant(application=first, start_on=TODAY, actor=ACTOR)
    assert (placement.person, placement.vacancy, placement.workplace) == (first.person, vacancy, vacancy.workplace)
    hire_applicant(application=second, start_on=TODAY, actor=ACTOR)
    for record in (vacancy, third, introduction):
        record.refresh_from_db()
    assert (vacancy.state, vacancy.filled_count) == (VacancyState.FILLED, 2)
    assert (third.state, third.declined_because) == (ApplicationState.DECLINED, "岗位已招满")
    assert introduction.state == IntroductionState.LAPSED
    with pytest.raises(errors.NoPlaceLeft):
        hire_applicant(application=third, start_on=TODAY, actor=ACTOR)
    with pytest.raises(errors.NoPlaceLeft):
        resume_vacancy(vacancy=vacancy, actor=ACTOR, today=TODAY)
    assert Placement.objects.count() == 2


def test_refused_hire_leaves_everything_as_it_was() -> None:
    vacancy = make_vacancy()
    sent = apply(vacancy)
    with pytest.raises(errors.TermImpossible):
        hire_applicant(application=sent, start_on=TODAY, end_on=TODAY - timedelta(days=1), actor=ACTOR)
    vacancy.refresh_from_db()
    assert vacancy.filled_count == 0
    assert events_of(sent) == ["application_sent"]
    Vacancy.objects.filter(pk=vacancy.pk).update(state=VacancyState.DRAFT)
    with pytest.raises(errors.VacancyUnpublished):
        hire_applicant(application=sent, start_on=TODAY, actor=ACTOR)


def test_database_refuses_an_open_vacancy_without_a_place() -> None:
    vacancy = make_vacancy()
    with pytest.raises(IntegrityError, match="open_vacancy_has_a_place"), transaction.atomic():
        Vacancy.objects.filter(pk=vacancy.pk).update(filled_count=1)


# --- the end of a vacancy ------------------------------------------------------------------------------------------------


def ending() -> tuple[Vacancy, Application, Introduction]:
    vacancy = make_vacancy(headcount=2)
    introduction = introduce(
        id=uuid4(), person=make_person(), vacancy=vacancy, actor=make_user(Role.SPECIALIST), reasons=[], today=TODAY
    )
    return vacancy, apply(vacancy), introduction


@pytest.mark.parametrize(
    ("end", "vacancy_state", "application_state", "introduction_state"),
    [
        (lambda v: pause_vacancy(vacancy=v, actor=ACTOR), "paused", "sent", "made"),
        (lambda v: fill_vacancy(vacancy=v, actor=ACTOR), "filled", "declined", "lapsed"),
        (lambda v: close_vacancy(vacancy=v, actor=ACTOR), "closed", "declined", "lapsed"),
        (lambda v: lapse_vacancies(today=LAST_DAY + timedelta(days=1)), "closed", "sent", "lapsed"),
        (lambda v: lapse_vacancies(today=LAST_DAY), "open", "sent", "made"),
    ],
    ids=["paused", "filled", "closed", "lapsed", "last day"],
)
def test_what_becomes_of_applications_and_introductions(
    end: Any, vacancy_state: str, application_state: str, introduction_state: str
) -> None:
    records = ending()
    end(records[0])
    for record in records:
        record.refresh_from_db()
    assert [record.state for record in records] == [vacancy_state, application_state, introduction_state]


def test_lapsed_vacancy_can_still_hire_who_applied_in_time() -> None:
    vacancy, sent, _ = ending()
    assert lapse_vacancies(today=LAST_DAY + timedelta(days=1)) == 1
    assert lapse_vacancies(today=LAST_DAY + timedelta(days=1)) == 0
    hire_applicant(application=sent, start_on=LAST_DAY, actor=ACTOR)
    vacancy.refresh_from_db()
    assert (vacancy.state, vacancy.filled_count) == (VacancyState.CLOSED, 1)
    assert events_of(vacancy) == ["vacancy_lapsed"]


def test_paused_vacancy_comes_back_as_it_was() -> None:
    vacancy = make_vacancy()
    pause_vacancy(vacancy=vacancy, actor=ACTOR)
    assert resume_vacancy(vacancy=vacancy, actor=ACTOR, today=TODAY).state == VacancyState.OPEN
    with pytest.raises(errors.StepImpossible, match="招聘中"):
        resume_vacancy(vacancy=vacancy, actor=ACTOR, today=TODAY)


# --- introductions, services, wishes -------------------------------------------------------------------------------------


def test_introduction_is_once_and_taken_up_by_applying() -> None:
    vacancy, person, specialist = make_vacancy(), make_person(), make_user(Role.SPECIALIST)
    whole = {"person": person, "vacancy": vacancy, "actor": specialist, "reasons": ["离家近"], "today": TODAY}
    key = uuid4()
    introduction = introduce(id=key, **whole)
    assert introduce(id=key, **whole) == introduction
    with pytest.raises(errors.AlreadyIntroduced):
        introduce(id=uuid4(), **whole)
    for _ in range(2):
        answered = answer_introduction(
            introduction=introduction, event="introduction_taken_up", actor=ACTOR, today=TODAY
        )
        assert answered.state == IntroductionState.TAKEN_UP
    assert Application.objects.filter(person=person, vacancy=vacancy).count() == 1
    with pytest.raises(errors.AlreadyApplied):
        introduce(id=uuid4(), **whole)


def test_operator_whose_introduction_was_taken_up_organised_the_placement() -> None:
    operator = make_organisation(OrganisationKind.OPERATOR)
    user = make_user(Role.OPERATOR, organisation_name=operator.name)
    vacancy, person = make_vacancy(), make_person()
    introduce(id=uuid4(), person=person, vacancy=vacancy, actor=user, reasons=[], today=TODAY)
    assert hire_applicant(application=apply(vacancy, person=person), start_on=TODAY, actor=ACTOR).operator == operator


def test_declined_introduction_can_be_made_again() -> None:
    whole = {"person": make_person(), "vacancy": make_vacancy(), "actor": make_user(Role.SPECIALIST), "today": TODAY}
    first = introduce(id=uuid4(), reasons=[], **whole)
    assert answer_introduction(introduction=first, event="introduction_declined", actor=ACTOR).state == "declined"
    assert introduce(id=uuid4(), reasons=[], **whole).state == IntroductionState.MADE


def test_service_recorded_twice_is_once() -> None:
    user, person, key = make_user(Role.SPECIALIST), make_person(), uuid4()
    whole: dict[str, Any] = {"id": key, "kind": "call", "served_on": TODAY, "actor": user, "today": TODAY}
    record = record_service(person=person, note="问了\x07意向", **whole)
    assert record_service(person=person, **whole) == record and record.note == "问了意向"
    assert events_of(record) == ["service_recorded"]
    with pytest.raises(errors.IdTaken):
        record_service(person=make_person(), **whole)
    with pytest.raises(errors.DayInFuture):
        record_service(person=person, **{**whole, "id": uuid4(), "served_on": TODAY + timedelta(days=1)})


def test_session_serves_each_person_once_and_takes_late_comers() -> None:
    user, people = make_user(Role.OPERATOR), [make_person() for _ in range(3)]
    whole: dict[str, Any] = {"id": uuid4(), "title": "求职讲座", "held_on": TODAY, "actor": user, "today": TODAY}
    hold_session(people=people[:2], **whole)
    session = hold_session(people=people, **whole)
    assert set(ServiceRecord.objects.values_list("person", flat=True)) == {person.pk for person in people}
    assert events_of(session) == ["session_held"]
    with pytest.raises(errors.NobodyNamed):
        hold_session(people=[], **{**whole, "id": uuid4()})
    with pytest.raises(errors.IdTaken):
        hold_session(people=people, **{**whole, "actor": make_user(Role.OPERATOR)})


def test_wish_keeps_what_is_not_given() -> None:
    person = make_person()
    save_wish(person=person, actor=ACTOR, forms=["part_time"], wage_min_fen=200_000)
    wish = save_wish(person=person, actor=ACTOR, radius_m=3000)
    assert (wish.forms, wish.wage_min_fen, wish.radius_m) == (["part_time"], 200_000, 3000)
    for given in ({"shifts": ["dawn"]}, {"radius_m": -1}, {"schooling": 9}, {"occupations": ["4020103"]}):
        with pytest.raises(errors.FieldInvalid):
            save_wish(person=person, actor=ACTOR, **given)
    assert events_of(wish) == ["wish_saved"] * 2
