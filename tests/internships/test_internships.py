"""An internship from its agreement to what became of the intern."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from docx import Document

from jiujin.accounts.models import Role
from jiujin.internships.documents import agreement_docx, certificate_docx
from jiujin.internships.errors import (
    FieldInvalid,
    InternshipRefused,
    MonthOutsideTerm,
    MonthTaken,
    NotEligible,
    NumberTaken,
    OwnStaff,
    ReasonMissing,
    StepImpossible,
    TermOutsidePlan,
    TermTaken,
)
from jiujin.internships.figures import base_figures
from jiujin.internships.models import InternMonth
from jiujin.internships.queries import follow_ups_due, interns_to_ask
from jiujin.internships.services.follow_intern import record_absorption, record_absorption_month, record_follow_up
from jiujin.internships.services.hold_internship import (
    agree_internship,
    begin_internship,
    complete_internship,
    hire_early,
    insure_intern,
    interrupt_internship,
    move_internship,
    resume_internship,
)
from jiujin.internships.services.record_intern_month import record_intern_month
from tests.accounts.people import someone
from tests.claims.factories import act_as
from tests.internships.factories import ACTOR, START, accepted, agree, make_post, running
from tests.registry.factories import make_person
from tests.work.factories import make_placement

pytestmark = pytest.mark.django_db
LATER = date(2024, 1, 1)  # when all of it is over


def agree_for(end_on: date, start_on: date = START, **given: Any) -> Any:
    return agree_internship(
        application=accepted(**given), start_on=start_on, end_on=end_on, agreement_on=start_on, actor=ACTOR
    )


@pytest.mark.clause("3.2.1-term")
@pytest.mark.parametrize(
    ("end_on", "stands"),
    [
        (date(2022, 9, 29), False),
        (date(2022, 9, 30), True),  # three whole months
        (date(2023, 6, 30), True),  # twelve
        (date(2023, 7, 1), False),  # a day more
        (date(2022, 6, 30), False),
    ],
)
def test_term_is_of_three_to_twelve_months_to_the_day(end_on: date, stands: bool) -> None:
    if stands:
        assert agree_for(end_on).end_on == end_on
    else:
        with pytest.raises(InternshipRefused):
            agree_for(end_on)


def test_group_is_judged_again_on_the_real_first_day() -> None:
    application = accepted(graduated_on=date(2020, 7, 1))
    with pytest.raises(NotEligible):
        agree(application, start_on=date(2022, 7, 2))
    assert agree(application, start_on=date(2022, 7, 1)).state == "agreed"


def test_only_an_accepted_person_gets_an_agreement_and_only_once() -> None:
    application = accepted()
    agree(application)
    with pytest.raises(StepImpossible):
        agree(application)


def test_days_of_another_internship_are_refused_and_the_day_after_stands() -> None:
    person = make_person()
    first = agree(accepted(person=person))
    with pytest.raises(TermTaken) as told:
        agree(accepted(person=person), start_on=first.end_on, months=3)
    assert first.unit.name in str(told.value)
    from jiujin.internships.services.apply_for_internship import withdraw_application

    waiting = person.intern_applications.get(state="accepted")
    withdraw_application(application=waiting, actor=ACTOR)
    assert agree(accepted(person=person), start_on=date(2023, 1, 1), months=3).pk


def test_work_elsewhere_at_that_time_is_refused() -> None:
    person = make_person()
    make_placement(date(2022, 1, 1), date(2022, 7, 1), person=person)
    with pytest.raises(TermTaken):
        agree(accepted(person=person))


def test_work_that_was_left_the_day_before_stands() -> None:
    person = make_person()
    make_placement(date(2022, 1, 1), None, person=person, left_on=date(2022, 6, 30))
    assert agree(accepted(person=person)).state == "agreed"


@pytest.mark.parametrize("left_on", [None, date(2022, 6, 30)])
def test_unit_cannot_make_its_own_staff_its_interns_nor_let_them_go_the_day_before(left_on: date | None) -> None:
    person, post = make_person(), make_post()
    make_placement(date(2022, 1, 1), None, person=person, employer=post.base.unit, left_on=left_on)
    with pytest.raises(OwnStaff):
        agree(accepted(post, person=person))


def test_agreement_is_a_word_document_with_masked_number_and_stipend() -> None:
    internship = agree()
    text = "\n".join(each.text for each in Document(BytesIO(agreement_docx(internship))).paragraphs)
    assert internship.person.name in text and internship.unit.name in text
    assert "2,000.00 元" in text and "2022-07-01 至 2022-12-31" in text and "共 6 个整月" in text
    assert internship.person.id_number not in text


def test_certificate_tells_the_term_and_what_was_attended_and_paid_with_the_number_masked() -> None:
    internship = running()
    for month in (7, 8):
        InternMonth.objects.create(
            internship=internship,
            person=internship.person,
            month=date(2022, month, 1),
            attended_days=20,
            stipend_fen=200_000,
        )
    done = complete_internship(internship=internship, today=date(2023, 1, 1), actor=ACTOR, certificate_number="Z1")
    text = "\n".join(each.text for each in Document(BytesIO(certificate_docx(done))).paragraphs)
    assert "证明编号：Z1" in text and done.person.name in text and done.unit.name in text
    assert "2022-07-01 至 2022-12-31，共 6 个整月" in text
    assert "有出勤记录 2 个月，共 40 天；有发放记录 2 个月，生活补助共 4,000.00 元" in text
    assert done.person.id_number not in text


def test_intern_begins_on_the_agreed_day_and_not_before() -> None:
    internship = agree()
    with pytest.raises(FieldInvalid):
        begin_internship(internship=internship, today=date(2022, 6, 30), actor=ACTOR)
    assert begin_internship(internship=internship, today=START, actor=ACTOR).state == "running"


@pytest.mark.clause("3.2.3-insurance")
def test_insurance_has_a_number_and_a_day_within_the_term() -> None:
    internship = running()
    for day, number in ((START, " "), (date(2023, 1, 1), "P1")):
        with pytest.raises(FieldInvalid):
            insure_intern(internship=internship, insured_on=day, number=number, actor=ACTOR)
    assert insure_intern(internship=internship, insured_on=START, number="P1", actor=ACTOR).insurance_number == "P1"


def pay(internship: Any, month: date, stipend_fen: int | None = 200_000, **given: Any) -> Any:
    return record_intern_month(
        internship=internship, month=month, attended_days=given.pop("attended_days", 14), stipend_fen=stipend_fen,
        actor=ACTOR, today=given.pop("today", LATER), **given,
    )  # fmt: skip


@pytest.mark.clause("3.2.3-allowance")
def test_month_with_less_than_the_plans_stipend_is_kept_and_told() -> None:
    internship = running()
    short = pay(internship, date(2022, 7, 15), 199_999)
    assert [word for word in short.warnings if "1,999.99" in word]
    assert not [word for word in pay(internship, date(2022, 7, 1)).warnings if "低于" in word]
    assert internship.months.count() == 1, "the month was corrected, not doubled"


@pytest.mark.parametrize("month", [date(2022, 6, 30), date(2023, 1, 1)])
def test_month_outside_the_term_is_refused(month: date) -> None:
    with pytest.raises(MonthOutsideTerm):
        pay(running(), month)


@pytest.mark.parametrize(
    "given",
    [{"attended_days": 32}, {"attended_days": -1}, {"stipend_fen": -1}, {"paid_on": date(2022, 6, 30)},
     {"paid_on": date(2024, 1, 2)}, {"today": date(2022, 6, 30)}],
)  # fmt: skip
def test_impossible_month_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(FieldInvalid):
        pay(running(), START, **given)


def test_month_that_is_not_whole_has_only_its_days() -> None:
    internship = agree(start_on=date(2022, 7, 20))
    with pytest.raises(FieldInvalid, match="有 12 天"):
        pay(internship, date(2022, 7, 20), attended_days=13)
    assert pay(internship, date(2022, 7, 20), attended_days=12).month.attended_days == 12


def test_no_month_is_paid_twice_when_the_unit_changes_in_the_middle_of_it() -> None:
    first = running()
    pay(first, date(2022, 9, 1))
    second = move_internship(
        internship=first, post=make_post(), ended_on=date(2022, 9, 14), start_on=date(2022, 9, 15),
        end_on=date(2022, 12, 31), reasons="单位迁走", actor=ACTOR,
    )  # fmt: skip
    first.refresh_from_db()
    assert (first.state, first.ended_on, second.follows_id) == ("interrupted", date(2022, 9, 14), first.pk)
    with pytest.raises(MonthTaken) as told:
        pay(second, date(2022, 9, 1))
    assert first.unit.name in str(told.value)
    assert pay(second, date(2022, 10, 1)).month.pk
    act_as()
    with pytest.raises(IntegrityError), transaction.atomic():
        InternMonth.objects.create(internship=second, person=second.person, month=date(2022, 9, 1), stipend_fen=1)


def test_refused_change_of_unit_changes_neither() -> None:
    first = running()
    with pytest.raises(TermOutsidePlan):
        move_internship(
            internship=first, post=make_post(), ended_on=date(2022, 9, 14), start_on=date(2022, 9, 15),
            end_on=date(2022, 11, 30), reasons="单位迁走", actor=ACTOR,
        )  # fmt: skip
    first.refresh_from_db()
    assert (first.state, first.ended_on) == ("running", None)


def test_interruption_says_why_and_can_be_taken_back_while_the_days_are_free() -> None:
    internship = running()
    with pytest.raises(ReasonMissing):
        interrupt_internship(internship=internship, ended_on=date(2022, 8, 1), reasons="", actor=ACTOR)
    for day in (date(2022, 6, 30), internship.end_on):
        with pytest.raises(InternshipRefused):
            interrupt_internship(internship=internship, ended_on=day, reasons="离开", actor=ACTOR)
    interrupt_internship(internship=internship, ended_on=date(2022, 8, 1), reasons="生病", actor=ACTOR)
    assert resume_internship(internship=internship, actor=ACTOR).ended_on is None
    interrupt_internship(internship=internship, ended_on=date(2022, 8, 1), reasons="离开", actor=ACTOR)
    agree(accepted(person=internship.person), start_on=date(2022, 8, 2), months=3)
    with pytest.raises(TermTaken):
        resume_internship(internship=internship, actor=ACTOR)


def test_full_term_has_a_certificate_with_a_number_of_its_own() -> None:
    internship, other = running(), running()
    with pytest.raises(FieldInvalid):
        complete_internship(internship=internship, today=date(2022, 12, 30), actor=ACTOR)
    done = complete_internship(internship=internship, today=date(2022, 12, 31), certificate_number="Z1", actor=ACTOR)
    assert (done.state, done.ended_on, done.certificate_number) == ("completed", date(2022, 12, 31), "Z1")
    with pytest.raises(NumberTaken):
        complete_internship(internship=other, today=date(2022, 12, 31), certificate_number="Z1", actor=ACTOR)


def finished() -> Any:
    return complete_internship(internship=running(), today=date(2022, 12, 31), actor=ACTOR)


def test_follow_ups_come_due_at_one_three_and_six_months_and_give_the_retention() -> None:
    internship, clerk = finished(), someone(Role.CLERK)
    assert follow_ups_due(clerk, date(2023, 1, 30)) == []
    (due,) = follow_ups_due(clerk, date(2023, 1, 31))
    assert (due.internship.pk, due.after_months, due.due_on) == (internship.pk, 1, date(2023, 1, 31))

    def ask(months: int, day: date, **told: Any) -> Any:
        told = {"is_employed": True, "is_at_the_unit": True} | told
        return record_follow_up(
            internship=internship, after_months=months, asked_on=day, actor=clerk, today=LATER, **told
        )

    ask(1, date(2023, 2, 1))
    assert follow_ups_due(clerk, date(2023, 3, 30)) == []
    assert [each.after_months for each in follow_ups_due(clerk, date(2023, 7, 1))] == [6]
    with pytest.raises(FieldInvalid):
        ask(6, date(2023, 6, 29))
    with pytest.raises(FieldInvalid):
        ask(2, date(2023, 6, 30))
    with pytest.raises(FieldInvalid):
        ask(6, date(2023, 6, 30), is_employed=False)
    with pytest.raises(FieldInvalid, match="还没有到"):
        ask(6, LATER + timedelta(days=1))
    assert interns_to_ask(clerk, date(2023, 7, 1), since=date(2023, 6, 30)).get().due_months == 6
    assert not interns_to_ask(clerk, date(2023, 9, 1), since=date(2023, 7, 1)).exists(), "late, not today's"
    ask(6, date(2023, 6, 30))
    assert not interns_to_ask(clerk, date(2023, 9, 1)).exists()
    assert base_figures(internship.unit_id).retention_percent == 100
    ask(6, date(2023, 7, 2), is_at_the_unit=False)
    assert base_figures(internship.unit_id).retention_percent == 0


@pytest.mark.clause("3.2.3-absorption")
def test_absorption_has_a_contract_after_the_term_and_insured_months_within_it() -> None:
    internship = finished()
    fields: dict[str, Any] = {"internship": internship, "open_ended": False, "actor": ACTOR}
    for first, last in ((date(2022, 12, 31), date(2023, 12, 30)), (date(2023, 1, 1), date(2022, 12, 31))):
        with pytest.raises(FieldInvalid):
            record_absorption(contract_start_on=first, contract_end_on=last, **fields)
    with pytest.raises(FieldInvalid):
        record_absorption_month(internship=internship, month=date(2023, 1, 1), actor=ACTOR, today=LATER)
    record_absorption(contract_start_on=date(2023, 1, 1), contract_end_on=date(2023, 12, 31), **fields)
    for month in (date(2023, 1, 20), date(2023, 1, 1), date(2023, 2, 1)):
        record_absorption_month(internship=internship, month=month, actor=ACTOR, today=LATER)
    assert internship.absorption_months.count() == 2
    with pytest.raises(FieldInvalid):
        record_absorption_month(internship=internship, month=date(2022, 12, 1), actor=ACTOR, today=LATER)
    with pytest.raises(FieldInvalid, match="还没有到"):
        record_absorption_month(internship=internship, month=date(2023, 4, 1), actor=ACTOR, today=date(2023, 3, 31))


def test_intern_hired_early_did_not_fill_the_term() -> None:
    done = hire_early(internship=running(), ended_on=date(2022, 10, 31), actor=ACTOR)
    assert (done.state, done.ended_on) == ("hired_early", date(2022, 10, 31))
    with pytest.raises(StepImpossible):
        complete_internship(internship=done, today=date(2023, 1, 1), actor=ACTOR)
