"""Recommending: what is near with its reasons, then introduced, or applied for at the counter, once."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse

from jiujin.registry.models import Address, Person
from jiujin.web.desk import recommend
from jiujin.work.models import Vacancy
from jiujin.work.nearby.index import IndexNotReady
from jiujin.work.nearby.search import NearLine
from tests.web.desk.worlds import desk_of, officer, open_vacancy, resident

pytestmark = pytest.mark.django_db
REASONS = ["离家直线 800 米", "工资比期望高"]


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> Vacancy:
    """A vacancy that the search finds for anybody (the search has its own tests)."""
    vacancy = open_vacancy(title="缝纫工")

    def near(person: Person, top: int) -> list[NearLine]:
        return [NearLine(vacancy, 800.0, 0.9, {"distance": 0.9}, REASONS, False)]

    monkeypatch.setattr(recommend, "vacancies_for", near)
    return vacancy


def with_home() -> Person:
    home = Address.objects.create(lat=31.75, lon=116.5, point_source="picked")
    return resident(home=home)


@pytest.mark.clause("2.3-matching", "3.1.1-model")
def test_vacancies_stand_side_by_side_with_their_reasons(found: Vacancy) -> None:
    page = desk_of(officer()).get(reverse("desk:recommend", args=[with_home().pk])).content.decode()
    for words in ("缝纫工", "直线 800 米", *REASONS, "推荐给本人", "代为投递"):
        assert words in page


@pytest.mark.clause("3.3.2-recommend", "2.3-matching")
def test_introduced_once_with_the_reasons_found_again_and_then_waits(found: Vacancy) -> None:
    person, desk, id = with_home(), desk_of(officer()), str(uuid4())
    address = reverse("desk:put-forward", args=[person.pk])
    for _ in range(2):
        desk.post(address, {"id": id, "vacancy": found.pk, "step": "introduce", "reasons": "编的"})
    made = person.introductions.get()
    assert (str(made.pk), made.vacancy, made.reasons) == (id, found, REASONS)
    page = desk.post(address, {"id": str(uuid4()), "vacancy": found.pk, "step": "introduce"}, follow=True)
    assert "已推荐，等答复" in page.content.decode() and person.introductions.count() == 1


def test_applied_for_at_the_counter(found: Vacancy) -> None:
    person, desk = with_home(), desk_of(officer())
    address = reverse("desk:put-forward", args=[person.pk])
    page = desk.post(address, {"id": str(uuid4()), "vacancy": found.pk, "step": "apply"}, follow=True).content.decode()
    assert (person.applications.get().channel, person.applications.get().state) == ("counter", "sent")
    assert "已投递" in page and "代为投递</button>" not in page.split("<article")[1]


def test_vacancy_that_is_not_open_or_an_id_that_is_none_is_not_found(found: Vacancy) -> None:
    person, desk = with_home(), desk_of(officer())
    draft = open_vacancy(state="draft", published_at=None)
    address = reverse("desk:put-forward", args=[person.pk])
    assert desk.post(address, {"id": str(uuid4()), "vacancy": draft.pk}).status_code == 404
    assert desk.post(address, {"id": "x", "vacancy": found.pk}).status_code == 404
    assert desk.get(reverse("desk:vacancy", args=[found.pk])).status_code == 200
    assert desk.get(reverse("desk:vacancy", args=[draft.pk])).status_code == 404


def test_without_a_point_it_says_so_and_with_a_search_not_ready_too(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = desk_of(officer())
    assert "还没有位置" in desk.get(reverse("desk:recommend", args=[resident().pk])).content.decode()

    def not_ready(person: Person, top: int) -> list[NearLine]:
        raise IndexNotReady

    monkeypatch.setattr(recommend, "vacancies_for", not_ready)
    page = desk.get(reverse("desk:recommend", args=[with_home().pk]))
    assert page.status_code == 200 and "正在准备" in page.content.decode()
