"""What a resident finds near: from where, within what, by which words; and what an address never holds."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from jiujin.accounts.models import Role
from jiujin.circles.models import Circle, ServicePoint
from jiujin.core.current_plan import current_plan
from jiujin.registry.models import Area
from jiujin.web.resident.words import direction_words, distance_words, wage_words
from jiujin.work.forgiving import forget_vocabulary
from jiujin.work.models import JobWish
from jiujin.work.nearby.radius import near_radius_m
from tests.accounts.people import someone
from tests.registry.factories import make_area
from tests.web.resident.worlds import COMMUNITY, a_resident, browser_of, said, stand, work_at
from tests.work.nearby.places import HERE, make_address, make_occupation, north_of

pytestmark = pytest.mark.django_db


def titles(page: str) -> list[str]:
    """The titles in the list, in its order."""
    return re.findall(r'class="job-title"><span><span class="soft">\d+\.</span> ([^<]+)</span>', page)


def a_browser_here() -> Client:
    """Somebody not signed in who said where they stand."""
    client = Client()
    stand(client, HERE)
    return client


@pytest.mark.clause("2.1-nearby", "3.1.1-circle")
def test_whoever_says_where_they_stand_sees_what_is_within_the_plan_s_radius_nearest_first() -> None:
    radius_m = near_radius_m(current_plan(), timezone.localdate())
    assert radius_m is not None
    work_at(radius_m - 50, title="远处的活")
    work_at(300, title="近处的活")
    work_at(radius_m + 50, title="圈外的活")
    page = said(a_browser_here().get("/near/"))
    assert titles(page) == ["近处的活", "远处的活"]
    assert "内 2 个岗位" in page and "直线 300 米" in page
    assert "从我现在的位置算起" in page


def test_list_is_sorted_as_asked_and_stays_so_through_the_filters() -> None:
    work_at(1200, title="好工资", wage_min_fen=900_000)
    work_at(300, title="近的活", wage_min_fen=300_000)
    work_at(100, title="面谈", wage_min_fen=None)
    client = a_browser_here()
    assert titles(said(client.get("/near/?sort=near"))) == ["面谈", "近的活", "好工资"]
    page = said(client.get("/near/?sort=pay&q="))
    assert titles(page) == ["好工资", "近的活"] and "没有写工资的岗位不在这里" in page
    assert '<input type="hidden" name="sort" value="pay">' in page
    assert re.search(r'href="/near/[^"]*sort=pay" aria-current="true">工资高</a>', page)
    assert titles(said(client.get("/near/?sort=nonsense"))) == titles(said(client.get("/near/")))


def test_mended_words_are_said_and_so_are_those_left_out() -> None:
    forget_vocabulary()
    work_at(300, title="保洁员")
    client = a_browser_here()
    page = said(client.get("/near/", {"q": "保节"}))
    assert titles(page) == ["保洁员"] and "没有岗位写“保节”，按“保洁”找的。" in page
    page = said(client.get("/near/", {"q": "保洁员 宇航"}))
    assert titles(page) == ["保洁员"] and "没有岗位写“宇航”，先没有管它。" in page
    assert "没有岗位写" not in said(client.get("/near/", {"q": "保洁"}))


def test_whoever_has_not_said_where_is_asked_first() -> None:
    work_at(300, title="近处的活")
    page = said(Client().get("/near/"))
    assert "从哪里算起" in page and "近处的活" not in page


def test_resident_searches_from_home_until_they_choose_otherwise() -> None:
    work_at(300, title="家边的活")
    work_at(9000, title="别处的活")
    user, _person = a_resident()
    client = browser_of(user)
    assert titles(said(client.get("/near/"))) == ["家边的活"]
    stand(client, north_of(8800))
    assert titles(said(client.get("/near/"))) == ["别处的活"]
    client.post("/near/where/", {"kind": "home"})
    assert titles(said(client.get("/near/"))) == ["家边的活"]


def test_community_s_middle_will_do_and_is_called_so() -> None:
    area = make_area(COMMUNITY)
    Area.objects.filter(pk=area.pk).update(lat=HERE[0], lon=HERE[1])
    work_at(300, title="近处的活")
    client = Client()
    client.post("/near/where/", {"kind": "community", "area": COMMUNITY})
    page = said(client.get("/near/"))
    assert titles(page) == ["近处的活"] and f"从{area.name}（中心点）算起" in page


@pytest.mark.parametrize(
    "given",
    [
        {"kind": "here"},
        {"kind": "here", "lat": "116.5", "lon": "31.7"},
        {"kind": "here", "lat": "0", "lon": "0"},
        {"kind": "here", "lat": "nan", "lon": "inf"},
        {"kind": "here", "lat": "1e400", "lon": "31"},
        {"kind": "picked", "lat": "31.7", "lon": "<script>"},
        {"kind": "community", "area": "0"},
        {"kind": "community", "area": "9" * 50},
        {"kind": "nowhere"},
        {},
    ],
)
def test_place_that_is_none_is_refused_and_the_one_before_stays(given: dict[str, str]) -> None:
    client = a_browser_here()
    work_at(300, title="近处的活")
    answer = client.post("/near/where/", given)
    assert answer.status_code == 422 and "没有取到位置" in said(answer)
    assert titles(said(client.get("/near/"))) == ["近处的活"]


def test_no_address_on_a_page_holds_where_somebody_stands() -> None:
    client = a_browser_here()
    work_at(300)
    for address in ("/near/", "/near/?view=map", "/near/points/"):
        page = said(client.get(address))
        links = re.findall(r'(?:href|action)="([^"]+)"', page)
        assert links and not any(f"{HERE[0]:.2f}" in link or f"{HERE[1]:.2f}" in link for link in links), address


def test_position_may_be_asked_for_on_these_pages_alone() -> None:
    assert "geolocation=(self)" in Client().get("/near/").headers["Permissions-Policy"]
    assert "geolocation=()" in Client().get("/account/sign-in/").headers["Permissions-Policy"]


def filtered(client: Client, **query: Any) -> list[str]:
    return titles(said(client.get("/near/", query)))


def test_filters_hold_by_themselves_and_together() -> None:
    sewing = make_occupation("6040303", "缝纫工")
    work_at(100, title="缝纫工", occupation=sewing, wage_min_fen=400_000, shift="day", form="labour_contract")
    work_at(200, title="夜班保安", wage_min_fen=300_000, shift="night", form="part_time", schooling_min=4)
    work_at(300, title="优先岗", wage_min_fen=250_000, welcomes_priority_groups=True)
    client = a_browser_here()
    assert filtered(client) == ["缝纫工", "夜班保安", "优先岗"]
    assert filtered(client, radius="1000") == ["缝纫工", "夜班保安", "优先岗"]
    assert filtered(client, occupation="604") == ["缝纫工"]
    assert "夜班保安" not in filtered(client, wage="3500") and "缝纫工" in filtered(client, wage="3500")
    assert "夜班保安" not in filtered(client, shift="day")
    assert filtered(client, form="part_time") == ["夜班保安"]
    assert "夜班保安" not in filtered(client, schooling="2")
    assert filtered(client, priority="on") == ["优先岗"]
    assert filtered(client, priority="on", form="part_time") == []
    assert filtered(client, q="缝纫") == ["缝纫工"]


@pytest.mark.parametrize(
    "query",
    [
        {"radius": "0"},
        {"radius": "-3000"},
        {"radius": "999999999999"},
        {"radius": "三公里"},
        {"wage": "很多"},
        {"wage": "-1"},
        {"occupation": "'; DROP TABLE"},
        {"form": "<script>"},
        {"shift": "x" * 500},
        {"page": "-1"},
        {"page": "0"},
        {"page": "１"},
        {"in": "nowhere", "view": "nothing"},
    ],
)
def test_filter_that_cannot_be_read_is_left_out(query: dict[str, str]) -> None:
    work_at(300, title="近处的活")
    assert filtered(a_browser_here(), **query) == ["近处的活"]


def test_words_of_an_attacker_are_shown_as_words() -> None:
    answer = a_browser_here().get("/near/", {"q": '"><script>alert(1)</script>'})
    assert answer.status_code == 200 and "<script>alert" not in said(answer)


def test_thin_answer_offers_wider_circles_with_what_each_gives() -> None:
    for metres in (500, 4000, 5000):
        work_at(metres)
    page = said(a_browser_here().get("/near/"))
    assert "岗位少？可以这样找" in page
    offered = re.search(r'href="(/near/\?[^"]*radius=\d+[^"]*)"><span>放宽到', page)
    assert offered is not None
    wider = said(a_browser_here().get(offered[1].replace("&amp;", "&")))
    assert len(titles(wider)) == 3


def test_page_after_page_shows_each_once() -> None:
    for number in range(25):
        work_at(10 * number + 10, title=f"岗位甲{number}")
    client = a_browser_here()
    first, second = filtered(client), filtered(client, page="2")
    assert len(first) == 20 and len(second) == 5 and not set(first) & set(second)
    page = said(client.get("/near/", {"page": "2"}))
    assert "第 21–25 个，共 25 个" in page and 'rel="prev"' in page and 'rel="next"' not in page


def test_list_costs_the_same_however_long(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    work_at(100)
    client = a_browser_here()
    client.get("/near/")
    counts = []
    for _ in range(2):
        for number in range(5):
            work_at(100 + number)
        with django_assert_num_queries(5, exact=False) as asked:
            client.get("/near/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def map_of(client: Client, address: str) -> dict[str, Any]:
    """What the map on a page is told."""
    found = re.search(r'<script id="map-content" type="application/json">(.*?)</script>', said(client.get(address)))
    assert found is not None
    content: dict[str, Any] = json.loads(found[1])
    return content


def test_map_shows_the_same_as_the_list_and_asks_nobody_for_tiles() -> None:
    first = work_at(300, title="甲")
    work_at(300, title="乙", workplace=first.workplace)
    work_at(900, title="丙")
    client = a_browser_here()
    content = map_of(client, "/near/?view=map")
    assert [point["label"] for point in content["points"]] == ["1…", "3"]
    shown = [entry["title"] for point in content["points"] for entry in point["entries"]]
    listed = titles(said(client.get("/near/?view=map")))
    assert shown == [f"{number}. {title}" for number, title in enumerate(listed, 1)]
    assert "tiles" not in content and content["circle"]["radius_m"] == 3000
    outline = client.get(content["outline"]).json()
    assert outline["geometry"]["type"] == "MultiPolygon" and outline["properties"]["source"]


def test_tiles_are_told_where_the_district_set_them(settings: Settings) -> None:
    settings.MAP_TILES = "https://tiles.example.cn/{z}/{x}/{y}.png"
    client = a_browser_here()
    assert map_of(client, "/near/?view=map")["tiles"] == settings.MAP_TILES
    assert "https://tiles.example.cn" in client.get("/near/").headers["Content-Security-Policy"]


def make_circle(metres: float = 0.0, radius_m: int = 3000) -> Circle:
    point = ServicePoint.objects.create(
        name="测试服务站", kind="circle_station", address=make_address(north_of(metres)), opening_hours="周一至周五"
    )
    return Circle.objects.create(
        name="测试就业圈",
        community=make_area(COMMUNITY),
        base_point=point,
        radius_m=radius_m,
        start_on=timezone.localdate(),
    )


@pytest.mark.clause("3.1.1-circle")
def test_near_me_and_in_my_circle_are_two_searches() -> None:
    make_circle(metres=-2000)
    work_at(-4000, title="圈里，离家四公里")
    work_at(2000, title="圈外，离家两公里")
    user, _person = a_resident()
    client = browser_of(user)
    assert filtered(client) == ["圈外，离家两公里"]
    page = said(client.get("/near/", {"in": "circle"}))
    assert titles(page) == ["圈里，离家四公里"] and "我的就业圈里 1 个岗位" in page and "测试就业圈" in page


def test_circle_is_explained_to_whoever_is_in_none() -> None:
    user, _person = a_resident()
    assert "不在哪个就业圈里" in said(browser_of(user).get("/near/", {"in": "circle"}))
    assert "登录后才知道" in said(a_browser_here().get("/near/", {"in": "circle"}))


def test_points_of_service_come_nearest_first() -> None:
    make_circle(metres=800)
    page = said(a_browser_here().get("/near/points/"))
    assert "内 1 个服务点" in page and "1. 测试服务站" in page and "直线 800 米" in page
    assert "从哪里算起" in said(Client().get("/near/points/"))


def test_vacancy_says_how_far_why_and_how_to_go() -> None:
    sewing = make_occupation("6040303", "缝纫工")
    vacancy = work_at(1500, title="缝纫工", occupation=sewing, wage_min_fen=400_000, wage_max_fen=500_000)
    user, person = a_resident()
    JobWish.objects.create(person=person, occupations=["6040303"], wage_min_fen=350_000)
    page = said(browser_of(user).get(f"/near/vacancies/{vacancy.pk}/"))
    for words in ("4000–5000 元/月", "直线 1.5 公里", "正是想找的工种：缝纫工", "高于期望的 3,500 元", "北方向"):
        assert words in page
    assert f'href="geo:{vacancy.workplace.address.lat}' in page  # type: ignore[union-attr]
    assert vacancy.contact_phone is None or vacancy.contact_phone not in page


@pytest.mark.parametrize("state", ["draft", "in_review", "refused", "paused", "closed"])
def test_vacancy_that_is_not_public_is_no_page(state: str) -> None:
    vacancy = work_at(300, state=state)
    user, _person = a_resident()
    for client in (Client(), browser_of(user), browser_of(someone(Role.SCHOOL))):
        assert client.get(f"/near/vacancies/{vacancy.pk}/").status_code == 404


def test_policies_are_told_without_a_verdict_and_without_rates() -> None:
    page = said(Client().get("/near/policies/"))
    assert "灵活就业服务补助" in page and "不下结论" in page and "就业困难人员" in page
    assert not re.search(r"\d+(\.\d\d)? ?元", page)


@pytest.mark.parametrize(
    ("metres", "words"),
    [
        (0, "10 米"),
        (4, "10 米"),
        (126, "130 米"),
        (994, "990 米"),
        (996, "1 公里"),
        (1549, "1.5 公里"),
        (25000, "25 公里"),
    ],
)
def test_distance_in_words(metres: float, words: str) -> None:
    assert distance_words(metres) == words


@pytest.mark.parametrize(
    ("metres", "east", "words"),
    [(1000, 0, "北"), (1000, 1000, "东北"), (0, 1000, "东"), (-1000, 1000, "东南"), (-1000, 0, "南"), (0, -1000, "西")],
)
def test_direction_in_words(metres: float, east: float, words: str) -> None:
    assert direction_words(*HERE, *north_of(metres, east)) == words


def test_wage_in_words() -> None:
    assert wage_words(work_at(1, wage_min_fen=None)) == "工资面谈"
    assert wage_words(work_at(1, wage_min_fen=1550, wage_period="hour")) == "15.50 元/小时"
    assert wage_words(work_at(1, wage_min_fen=15000, wage_max_fen=15000, wage_period="day")) == "150 元/天"
