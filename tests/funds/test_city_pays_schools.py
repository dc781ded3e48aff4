"""What the city pays for students' lines is paid on their schools' lists, without anybody entering it twice."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from jiujin.accounts.models import Role
from jiujin.claims.models import ClaimLine, Payer
from jiujin.core.models import Event
from jiujin.core.proof import Proof
from jiujin.funds.services.record_city_payment import record_city_payment
from jiujin.schools import pack
from jiujin.schools.models import Enrolment, Intake
from jiujin.schools.queries import payments_of, progress
from jiujin.schools.services.pay_intake import PaidStudent, note_students_paid
from jiujin.schools.services.report_intake import record_city_reply, stamp_intake
from tests.claims.factories import make_claim, make_line, set_rates, step
from tests.funds.factories import DAY, NOW, approved
from tests.registry.factories import make_person, make_user
from tests.schools.factories import make_intake, school_user, stamped_scan

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def reviewed(count: int) -> Intake:
    """A list that went stamped to the city, which accepted every student."""
    intake = make_intake()
    for row in range(2, count + 2):
        Enrolment.objects.create(
            intake=intake, school=intake.school, person=make_person(), enrolled_on=date(2022, 9, 1), row=row,
            study_mode="full_time", entry_level="junior", class_type="middle", schooling_years=3,
            upgraded_from="none", proof=Proof.VERIFIED,
        )  # fmt: skip
    user = school_user(intake.school)
    stamp_intake(intake=intake, scan=stamped_scan(intake, user), now=NOW, actor=user)
    record_city_reply(
        intake=intake,
        number="六人社1号",
        replied_on=timezone.localdate(NOW),
        refused={},
        actor=make_user(Role.CLERK),
        today=timezone.localdate(NOW),
    )
    return Intake.objects.get(pk=intake.pk)


def lines_of(intake: Intake, **given: Any) -> list[ClaimLine]:
    """An approved line of the city's for each student of a list."""
    set_rates()
    claim = make_claim(pack.scheme_id(), payee=intake.school)
    lines = [
        make_line(claim, SimpleNamespace(pk=student.pk, person=student.person), payer=Payer.CITY, **given)  # type: ignore[arg-type]
        for student in intake.enrolments.select_related("person").order_by("row")
    ]
    for event, by in (("line_submitted", "system:test"), ("line_accepted", None), ("line_first_passed", None)):
        lines = step(lines, event, by or make_user(Role.CLERK))
    return approved(lines, make_user(Role.REVIEWER))


def pay(lines: list[ClaimLine], voucher: str) -> None:
    record_city_payment(
        line_ids=[line.pk for line in lines], voucher=voucher, paid_on=DAY, actor=make_user(Role.FINANCE), now=NOW
    )
    connection.check_constraints()


@pytest.mark.clause("3.4.3-payment", "3.4.3")
def test_list_is_paid_once_the_city_paid_for_its_last_student() -> None:
    intake = reviewed(3)
    lines = lines_of(intake)
    pay(lines[:2], "SJ-1")
    half = progress(Intake.objects.filter(pk=intake.pk)).get()
    assert (half.paid, half.students, half.state) == (2, 3, "reviewed")
    pay(lines[:2], "SJ-1")
    pay(lines[2:], "SJ-2")
    whole = progress(Intake.objects.filter(pk=intake.pk)).get()
    assert (whole.paid, whole.state) == (3, "paid")
    paid = [(each.voucher, each.paid_on, each.paid_students) for each in payments_of(intake)]
    assert sorted(paid) == [("SJ-1", DAY, 2), ("SJ-2", DAY, 1)]
    assert Event.objects.filter(verb="students_paid").count() == 2, "noted once a payment"
    assert Event.objects.filter(verb="intake_paid").count() == 1


def test_payment_that_came_before_the_citys_letter_counts_once_the_letter_is_entered() -> None:
    intake = reviewed(1)
    Intake.objects.filter(pk=intake.pk).update(state="stamped")
    pay(lines_of(intake), "SJ-1")
    intake.refresh_from_db()
    assert (intake.state, intake.payments.count()) == ("stamped", 1)
    letter = {
        "number": "六人社2号",
        "replied_on": timezone.localdate(NOW),
        "refused": {},
        "actor": make_user(Role.CLERK),
        "today": timezone.localdate(NOW),
    }
    record_city_reply(intake=intake, **letter)
    intake.refresh_from_db()
    assert intake.state == "paid"


def test_student_of_a_roster_is_found_by_person_and_school() -> None:
    intake, stranger = reviewed(1), reviewed(1)
    student = intake.enrolments.get()
    paid = PaidStudent(None, student.person_id, intake.school_id)
    elsewhere = PaidStudent(None, student.person_id, stranger.school_id)
    asked = {"voucher": "SJ-1", "paid_on": DAY, "actor": make_user(Role.FINANCE)}
    assert note_students_paid(students=[elsewhere], **asked) == []
    assert [each.state for each in note_students_paid(students=[paid], **asked)] == ["paid"]


def test_payment_of_something_else_leaves_the_lists_alone() -> None:
    intake, other = reviewed(1), reviewed(1)
    pay(lines_of(other), "SJ-1")
    intake.refresh_from_db()
    assert (intake.state, intake.payments.count()) == ("reviewed", 0)
