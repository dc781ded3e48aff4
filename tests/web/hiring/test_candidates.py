"""People near a vacancy: only who agreed, only masked, and in touch only after they say yes."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import timezone

from jiujin.registry.models import Consent, Person
from jiujin.work.models import Application, Introduction, Vacancy
from jiujin.work.services.introduce import answer_introduction
from tests.registry.factories import make_organisation
from tests.web.hiring.worlds import HERE, a_place, a_seeker, an_employer, browser_of, open_vacancy
from tests.work.factories import make_workplace

pytestmark = pytest.mark.django_db


def world(**given: Any) -> tuple[Any, Vacancy]:
    user, _organisation, place = an_employer()
    return browser_of(user), open_vacancy(place, **given)


def page_of(client: Any, vacancy: Vacancy) -> str:
    return client.get(f"/hiring/vacancies/{vacancy.pk}/candidates/").content.decode()  # type: ignore[no-any-return]


def offers(page: str) -> list[dict[str, str]]:
    forms = re.findall(r'name="id" value="([^"]+)"><input type="hidden" name="ticket" value="([^"]+)"', page)
    return [{"id": one, "ticket": ticket} for one, ticket in forms]


def test_only_who_agreed_and_lives_near_is_shown_and_masked() -> None:
    client, vacancy = world(skills=["收银"])
    near = a_seeker(name="张小兰", phone="13800001234", wish={"skills": ["收银"]})
    a_seeker(name="没同意", agrees=False)
    a_seeker(name="太远了", at=(HERE[0] + 0.1, HERE[1]))
    a_seeker(name="不找了", wish={"is_looking": False})
    page = page_of(client, vacancy)
    assert "张*兰" in page and "会：收银" in page and "米以内" in page
    for hidden in ("张小兰", "没*意", "太*了", "不*了", "13800001234", near.id_number):
        assert hidden not in page
    assert len(offers(page)) == 1


@pytest.mark.clause("2.3-matching")
def test_invitation_is_answered_by_the_person_and_only_then_shows_who_they_are() -> None:
    client, vacancy = world()
    person = a_seeker(name="张小兰")
    offer = offers(page_of(client, vacancy))[0]
    for _ in range(2):  # a second press is the same invitation
        client.post(f"/hiring/vacancies/{vacancy.pk}/invite/", offer)
    made = Introduction.objects.get()
    assert (made.person, made.operator, str(made.pk)) == (person, None, offer["id"])
    assert any("邀请您应聘" in reason for reason in made.reasons)
    page = page_of(client, vacancy)
    assert offers(page) == [] and "张小兰" not in page
    assert "张小兰" not in client.get("/hiring/applications/").content.decode()
    answer_introduction(introduction=made, event="introduction_taken_up", actor="system:tests")
    assert Application.objects.get().person == person
    assert "张小兰" in client.get("/hiring/applications/").content.decode()


def test_who_took_consent_back_since_the_page_was_made_is_not_asked() -> None:
    client, vacancy = world()
    a_seeker()
    offer = offers(page_of(client, vacancy))[0]
    Consent.objects.update(withdrawn_at=timezone.now())
    page = client.post(f"/hiring/vacancies/{vacancy.pk}/invite/", offer, follow=True).content.decode()
    assert "没有邀请" in page
    assert not Introduction.objects.exists()


def test_ticket_of_another_page_or_made_up_asks_nobody() -> None:
    client, vacancy = world()
    a_seeker()
    other = open_vacancy(vacancy.workplace)
    offer = offers(page_of(client, other))[0]
    for ticket in (offer["ticket"], "made:up", "", str(Person.objects.get().pk)):
        answer = client.post(f"/hiring/vacancies/{vacancy.pk}/invite/", {"id": offer["id"], "ticket": ticket})
        assert answer.status_code == 404
    offer = offers(page_of(client, vacancy))[0]
    assert client.post(f"/hiring/vacancies/{vacancy.pk}/invite/", offer | {"id": "no"}).status_code == 404
    assert not Introduction.objects.exists()


def test_vacancy_that_is_not_open_or_has_no_point_says_what_to_do() -> None:
    client, vacancy = world()
    a_seeker()
    Vacancy.objects.filter(pk=vacancy.pk).update(state="paused")
    assert "招聘中才能看" in page_of(client, vacancy)
    nowhere = open_vacancy(make_workplace(vacancy.employer))
    assert f"/hiring/organisation/workplaces/{nowhere.workplace_id}/" in page_of(client, nowhere)
    alone = open_vacancy(a_place(vacancy.employer, "别处", at=(30.0, 110.0)))
    assert "还没有同意被找到的求职者" in page_of(client, alone)


def test_another_employers_candidates_are_no_page_at_all() -> None:
    client, _vacancy = world()
    foreign = open_vacancy(a_place(make_organisation()))
    assert client.get(f"/hiring/vacancies/{foreign.pk}/candidates/").status_code == 404
