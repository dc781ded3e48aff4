"""The target of interns is counted from records, by the pack's own SQL."""

from __future__ import annotations

from datetime import date

import pytest

from jiujin.core.current_plan import current_plan
from jiujin.core.target_figures import figure_of
from jiujin.internships.services.hold_internship import interrupt_internship, move_internship
from tests.internships.factories import ACTOR, accepted, agree, make_post, running
from tests.registry.factories import make_area, make_person

pytestmark = pytest.mark.django_db
YEAR_END = date(2022, 12, 31)


def counted(day: date = YEAR_END, area: str = "") -> int | None:
    return figure_of(current_plan(), "interns", day, area).counted


@pytest.mark.clause("2.2-interns")
def test_intern_counts_once_from_the_first_day_on_and_stays_counted_when_interrupted() -> None:
    home = make_area("341502001001")
    first = running(application=accepted(person=make_person(home_area=home)))
    agree()  # not begun: does not count
    assert (counted(), counted(date(2022, 6, 30)), counted(area="341502001")) == (1, 0, 1)
    moved = move_internship(
        internship=first, post=make_post(), ended_on=date(2022, 9, 14), start_on=date(2022, 9, 15),
        end_on=date(2022, 12, 31), reasons="单位迁走", actor=ACTOR,
    )  # fmt: skip
    assert counted() == 1, "at another unit it is the same person"
    other = running()
    interrupt_internship(internship=other, ended_on=date(2022, 8, 1), reasons="离开", actor=ACTOR)
    assert counted() == 2
    assert moved.state == "agreed"


def test_two_records_of_one_person_are_one_intern() -> None:
    first = running()
    running(application=accepted(person=make_person(merged_into=None)))
    twin = running().person
    type(twin).objects.filter(pk=twin.pk).update(merged_into=first.person)
    assert counted() == 2
