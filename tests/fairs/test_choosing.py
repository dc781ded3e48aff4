"""Invitations within capacities, and matching between townships without a radius."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from jiujin.accounts.models import Role
from jiujin.fairs.errors import NothingToInvite, StepImpossible
from jiujin.fairs.models import Fair, FairVacancy, Invitation
from jiujin.fairs.queries import township_matrix
from jiujin.fairs.services.invite import introduce_group, invitations_chosen, invite
from jiujin.registry.models import Person
from jiujin.work.models import Introduction, JobWish, Vacancy
from tests.accounts.people import someone
from tests.fairs.factories import DAY, NOON, make_fair, make_part
from tests.registry.factories import make_area, make_person
from tests.work.factories import make_vacancy, make_workplace
from tests.work.nearby.places import make_address, north_of

pytestmark = pytest.mark.django_db
HOME, WORK = "341502001001", "341502002001"
FAR_M = 60_000.0


def seeker(*, metres: float = 0.0, area: str = HOME, **wish: Any) -> Person:
    person = make_person(home=make_address(north_of(metres)), home_area=make_area(area))
    JobWish.objects.create(person=person, **wish)
    return person


def vacancy_at(metres: float = 0.0, *, area: str = WORK, **given: Any) -> Vacancy:
    place = make_workplace(address=make_address(north_of(metres)), area=make_area(area))
    return make_vacancy(workplace=place, open_until=DAY + timedelta(days=60), **given)


def fair_with(*vacancies: Vacancy) -> Fair:
    fair = make_fair()
    for vacancy in vacancies:
        part = make_part(fair, at=None, employer=vacancy.employer)
        FairVacancy.objects.create(fair_employer=part, vacancy=vacancy)
    return fair


@pytest.mark.clause("3.3.1-seekers", "3.3.1-purpose")
def test_invitations_respect_the_places_of_each_vacancy() -> None:
    near, far = vacancy_at(100.0, headcount=1), vacancy_at(FAR_M, headcount=2)
    vacancy_at(0.0, headcount=9)  # not at the fair
    fair, people = fair_with(near, far), [seeker(metres=float(n)) for n in range(5)]
    preview = invitations_chosen(fair=fair, people=people, a_place=1, day=DAY)
    assert sorted(each.vacancy_id for each in preview) == sorted([near.pk, far.pk, far.pk])
    assert not Invitation.objects.exists(), "a look keeps nothing"
    assert invite(fair=fair, people=people, a_place=1, day=DAY, actor=someone(), now=NOON) == 3
    assert invite(fair=fair, people=people, a_place=1, day=DAY, actor=someone(), now=NOON) == 2, "the other two"
    assert Invitation.objects.count() == len({i.person_id for i in Invitation.objects.order_by("pk")}) == 5
    with pytest.raises(NothingToInvite):
        invite(fair=fair, people=people, a_place=1, day=DAY, actor=someone(), now=NOON)


def test_fair_without_vacancies_invites_nobody_and_a_held_one_neither() -> None:
    with pytest.raises(NothingToInvite, match="还没有带来在招的岗位"):
        invite(fair=make_fair(), people=[seeker()], a_place=1, day=DAY, actor=someone(), now=NOON)
    with pytest.raises(StepImpossible):
        invite(fair=make_fair("held"), people=[seeker()], a_place=1, day=DAY, actor=someone(), now=NOON)


@pytest.mark.clause("2.3-matching", "3.3.1-purpose")
def test_matrix_counts_the_willing_by_home_and_work_without_a_radius() -> None:
    packer, welder = "6310101", "6180204"
    from jiujin.work.models import Occupation

    for code in (packer, welder):
        Occupation.objects.create(code=code, name=code)
    vacancy_at(FAR_M, headcount=3, filled_count=1, occupation_id=packer)
    vacancy_at(FAR_M, area=HOME, occupation_id=welder)
    seeker()  # any work, anywhere
    seeker(occupations=[packer])
    seeker(occupations=[welder], radius_m=3000)  # stays in the own township
    seeker(occupations=[packer], is_looking=False)
    seeker(occupations=["2020101"])  # nothing fits
    matrix = township_matrix(someone(Role.CLERK), DAY)
    assert matrix.places == {WORK[:9]: 2, HOME[:9]: 1}
    assert matrix.fitting == {(HOME[:9], WORK[:9]): 2, (HOME[:9], HOME[:9]): 2}


def test_group_is_introduced_across_townships_once_within_the_places() -> None:
    vacancy, me = vacancy_at(FAR_M, headcount=2), someone()
    people, key = [seeker(metres=float(n)) for n in range(3)], UUID(int=7)
    made = introduce_group(id=key, people=people, vacancies=[vacancy], day=DAY, actor=me)
    assert len(made) == 2 and {each.vacancy_id for each in made} == {vacancy.pk}
    assert all("成组推荐" in each.reasons[0] for each in made)
    again = introduce_group(id=key, people=people, vacancies=[vacancy], day=DAY, actor=me)
    assert {each.pk for each in again} == {each.pk for each in made}
    assert Introduction.objects.count() == 2
