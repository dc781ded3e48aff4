"""The organisation's own entry and its places of work."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from jiujin.registry.models import Area, Workplace
from jiujin.work.services.post_vacancy import post_vacancy
from tests.registry.factories import make_area, make_organisation
from tests.web.hiring.worlds import COMMUNITY, HERE, a_place, an_employer, browser_of, open_vacancy
from tests.work.factories import make_vacancy

pytestmark = pytest.mark.django_db
ADDRESS = "/hiring/organisation/"


def test_firm_is_small_by_the_table_once_its_facts_are_known_and_by_its_word_until_then() -> None:
    user, organisation, place = an_employer()
    client = browser_of(user)
    client.post(ADDRESS, {"declared_small": "yes"})
    assert "按自己的申报" in client.get(ADDRESS).content.decode()
    given = {"industry": "F52", "headcount": "60人", "revenue": "80,000,000", "declared_small": "yes"}
    client.post(ADDRESS, given)
    page = client.get(ADDRESS).content.decode()
    assert "不是小微" in page and "按国家的划型标准算出" in page
    organisation.refresh_from_db()
    assert (organisation.headcount, organisation.revenue_fen) == (60, 8_000_000_000)
    vacancy = post_vacancy(
        employer=organisation,
        workplace=place,
        actor=user,
        title="收银员",
        form="labour_contract",
        open_until=timezone.localdate(),
    )
    assert vacancy.is_small_firm is False


@pytest.mark.parametrize(("state", "follows"), [("open", True), ("paused", True), ("closed", False)])
def test_standing_vacancies_follow_the_size_of_the_firm_and_ended_ones_do_not(state: str, follows: bool) -> None:
    user, _organisation, place = an_employer()
    vacancy = make_vacancy(state, place, is_small_firm=True)
    browser_of(user).post(ADDRESS, {"industry": "F52", "headcount": "60", "revenue": "80000000"})
    vacancy.refresh_from_db()
    assert vacancy.is_small_firm is (not follows)
    browser_of(user).post(ADDRESS, {"industry": "", "headcount": "", "revenue": ""})
    vacancy.refresh_from_db()
    assert vacancy.is_small_firm is (None if follows else True)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"headcount": "不少"}, "整数"),
        ({"headcount": "-1"}, "整数"),
        ({"revenue": "一百万"}, "不是金额"),
        ({"contact_phone": "123"}, "电话号码的写法不对"),
        ({"industry": "X99"}, "X99"),
    ],
)
def test_facts_that_cannot_be_are_told_and_nothing_is_kept(given: dict[str, str], said: str) -> None:
    user, organisation, _place = an_employer(contact_name="王经理")
    answer = browser_of(user).post(ADDRESS, {"contact_name": "李经理"} | given)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    organisation.refresh_from_db()
    assert organisation.contact_name == "王经理"


def new(client: Any, **given: Any) -> Any:
    make_area(COMMUNITY)
    Area.objects.filter(pk=COMMUNITY).update(lat=31.75, lon=116.5)
    usual = {"name": "新店", "area": COMMUNITY, "text": "解放路 1 号"}
    return client.post(f"{ADDRESS}workplaces/new/", usual | given)


def choice_of_areas(client: Any) -> str:
    """A community that the plan's form offers."""
    page = client.get(f"{ADDRESS}workplaces/new/")
    groups = page.context["form"].fields["area"].choices
    return next(code for _town, inside in list(groups)[1:] for code, _name in inside if len(code) == 12)


@pytest.fixture
def loaded_areas() -> None:
    from jiujin.core.current_plan import current_plan
    from jiujin.registry.services.load_areas import load_areas

    load_areas(plan=current_plan())


@pytest.mark.usefixtures("loaded_areas")
def test_place_is_put_where_it_was_picked_or_at_the_middle_of_its_community() -> None:
    user, organisation, _place = an_employer()
    client = browser_of(user)
    community = choice_of_areas(client)
    Area.objects.filter(pk=community).update(lat=31.75, lon=116.5)
    new(client, area=community, lat=str(HERE[0]), lon=str(HERE[1]))
    picked = Workplace.objects.get(name="新店")
    assert (picked.address.lat, picked.address.is_rough, picked.address.text) == (HERE[0], False, "解放路 1 号")
    new(client, name="旧店", area=community)
    rough = Workplace.objects.get(name="旧店")
    assert (rough.address.lat, rough.address.is_rough, rough.organisation) == (31.75, True, organisation)
    again = new(client, name="旧店", area=community)
    assert again.status_code == 422 and "已有名为" in again.content.decode()
    client.post(f"{ADDRESS}workplaces/{rough.pk}/", {"area": community, "text": "x", "lat": "31.76", "lon": "116.51"})
    rough.refresh_from_db()
    assert (rough.name, rough.address.lat, rough.address.is_rough) == ("旧店", 31.76, False)


@pytest.mark.usefixtures("loaded_areas")
@pytest.mark.parametrize(
    "point", [("0", "0"), ("116.5", "31.7"), ("nan", "116"), ("31.7", ""), ("91", "0"), ("40.7", "-74"), ("inf", "1")]
)
def test_point_that_is_none_here_is_told_and_nothing_is_kept(point: tuple[str, str]) -> None:
    user, _organisation, place = an_employer()
    client = browser_of(user)
    community = choice_of_areas(client)
    answer = new(client, area=community, lat=point[0], lon=point[1])
    if point[1]:
        assert answer.status_code == 422 and "没有提交成功" in answer.content.decode()
        assert list(Workplace.objects.all()) == [place]
    else:  # half a point is none: the community's middle stands in
        assert Workplace.objects.get(name="新店").address.point_source != "picked"


def test_place_with_standing_vacancies_is_not_closed() -> None:
    user, organisation, place = an_employer()
    client = browser_of(user)
    vacancy = open_vacancy(place)
    page = client.post(f"{ADDRESS}workplaces/{place.pk}/close/", follow=True).content.decode()
    assert "没有停用" in page
    vacancy.delete()
    client.post(f"{ADDRESS}workplaces/{place.pk}/close/")
    place.refresh_from_db()
    assert not place.is_open
    foreign = a_place(make_organisation())
    for tail in ("", "close/"):
        assert client.post(f"{ADDRESS}workplaces/{foreign.pk}/{tail}").status_code == 404
    assert client.get(f"{ADDRESS}workplaces/{foreign.pk}/").status_code == 404
    foreign.refresh_from_db()
    assert foreign.is_open and organisation.workplaces.count() == 1
