"""Pages of the circles: what each role sees and may change, and that a look at the effect keeps nothing."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from jiujin.accounts.models import Role, User
from jiujin.circles.models import Circle, CirclePerson
from jiujin.circles.services.match_everyone import match_everyone
from jiujin.circles.services.refresh_circle_members import refresh_members_of
from jiujin.core.models import Event
from jiujin.registry.models import Membership, OrganisationKind
from tests.accounts.people import someone
from tests.circles.factories import START, circle_seen_by, make_circle, make_community, make_point
from tests.registry.factories import make_organisation
from tests.work.factories import make_workplace
from tests.work.nearby.places import make_address, north_of, person_at, vacancy_at

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(name: str, circle: Circle) -> str:
    return reverse(f"circles:{name}", args=[circle.pk])


@pytest.mark.clause("2.1-circle", "3.1.1-model", "3.1.1-goal")
def test_circle_page_shows_its_counts_points_firms_and_specialists() -> None:
    clerk, specialist = someone(), someone(Role.SPECIALIST)
    circle = make_circle(base_point=make_point(0, name="测试服务站"))
    firm = make_organisation(declared_small=True)
    make_workplace(firm, address=make_address(north_of(700)))
    person_at(100)
    refresh_members_of(circle, day=START)
    signed_in(clerk).post(address("specialists", circle), {"user": specialist.pk, "duty": "post_holder"})
    page = signed_in(clerk).get(address("circle", circle)).content.decode()
    for words in (
        circle.name,
        firm.name,
        "700 米",
        "测试服务站",
        specialist.display_name,
        "基层特定岗位人员 · ",
        "1 人在 3.0 公里内",
        "现在有 0 人在岗",
        "还待确认",
    ):
        assert words in page
    assert '"radius_m": 3000' in page
    assert circle.name in signed_in(specialist).get(reverse("circles:list")).content.decode()


def test_circle_of_others_looks_like_none() -> None:
    mine, other = someone(Role.SPECIALIST), someone(Role.SPECIALIST)
    circle = circle_seen_by(other)
    client = signed_in(mine)
    for name in ("circle", "without-service"):
        assert client.get(address(name, circle)).status_code == 404
    assert circle.name not in client.get(reverse("circles:list")).content.decode()


@pytest.mark.parametrize(
    "role", [Role.SPECIALIST, Role.OPERATOR, Role.TOWNSHIP, Role.SUPERVISOR, Role.LEADER, Role.REVIEWER]
)
def test_only_the_clerk_may_change_circles(role: Role) -> None:
    user = someone(role)
    if role == Role.OPERATOR:
        Membership.objects.create(user=user, organisation=make_organisation(OrganisationKind.OPERATOR))
    circle = circle_seen_by(user)
    client = signed_in(user)
    assert address("base", circle) not in client.get(address("circle", circle)).content.decode()
    for place in (reverse("circles:new"), address("base", circle), address("specialists", circle)):
        assert client.post(place, {"radius_m": 1, "user": user.pk}).status_code == 403


@pytest.mark.clause("3.1.2-mode", "3.1.2-engage", "3.1.2-purchase")
def test_clerk_opens_a_circle_with_its_base_and_operator() -> None:
    operator, point = make_organisation(OrganisationKind.OPERATOR), make_point(10)
    person_at(100)
    given = {
        "name": "新圈", "community": make_community().pk, "base_point": point.pk, "operator": operator.pk,
        "start_on": "2022-03-01",
    }  # fmt: skip
    client = signed_in(someone())
    answer = client.post(reverse("circles:new"), given)
    circle = Circle.objects.get()
    assert answer.headers["location"] == address("circle", circle)
    assert (circle.base_point, circle.operator, circle.people.count()) == (point, operator, 1)
    again = client.post(reverse("circles:new"), given)
    assert again.status_code == 422
    assert "已经用过" in again.content.decode()


def test_look_at_the_effect_keeps_nothing_and_saving_does() -> None:
    for metres in (0, 2000, 6000):
        person_at(metres)
    circle, point = make_circle(), make_point(4500)
    refresh_members_of(circle, day=START)
    client = signed_in(someone())
    given = {"base_point": point.pk, "radius_m": 3000, "operator": ""}
    page = client.post(address("base", circle), {**given, "look": "1"}).content.decode()
    assert "1 人进圈，1 人出圈，圈内 2 人" in page
    assert "现在还没有改" in page
    assert CirclePerson.objects.count() == 2
    assert not Event.objects.exists()
    answer = client.post(address("base", circle), {**given, "save": "1"}, follow=True)
    assert "已保存：1 人进圈，1 人出圈" in answer.content.decode()
    assert CirclePerson.objects.count() == 3
    assert Event.objects.get().verb == "circle_base_set"


@pytest.mark.parametrize("radius_m", ["0", "-5", "abc", "", "9999999999"])
def test_radius_that_is_none_is_told_and_nothing_changes(radius_m: str) -> None:
    circle = make_circle()
    answer = signed_in(someone()).post(address("base", circle), {"radius_m": radius_m, "save": "1"})
    assert answer.status_code == 422
    circle.refresh_from_db()
    assert circle.radius_m == 3000


def test_circle_without_a_base_says_what_to_do() -> None:
    circle = make_circle(community=make_community("341502001002", metres=None))
    assert "还没有基点" in signed_in(someone()).get(address("circle", circle)).content.decode()


def test_people_without_service_are_masked_and_only_those_one_serves() -> None:
    circle, person = make_circle(), person_at(100, name="张测试")
    refresh_members_of(circle, day=START)
    page = signed_in(someone()).get(address("without-service", circle)).content.decode()
    assert "张*试" in page
    assert person.name not in page
    leader = signed_in(someone(Role.LEADER)).get(address("without-service", circle)).content.decode()
    assert "张*试" not in leader


@pytest.mark.parametrize("key", ["", "x", "999999", "１"])
def test_unknown_specialist_is_not_found(key: str) -> None:
    assert signed_in(someone()).post(address("specialists", make_circle()), {"user": key}).status_code == 404


def test_what_the_nightly_lists_showed_is_told_by_group_and_exported() -> None:
    clerk = signed_in(someone())
    assert "还没有名单" in clerk.get(reverse("circles:exposure")).content.decode()
    make_circle()
    person_at(100, sex="female", born_on=date(1971, 3, 1))
    vacancy_at(200, is_small_firm=True)
    match_everyone(day=START)
    assert reverse("circles:exposure") in clerk.get(reverse("circles:list")).content.decode()
    seen = {
        "": ("按性别看人", "女", "100 米"),
        "age": ("50–59 岁",),
        "size": ("小微企业",),
        "township": ("按住的乡镇街道看人", "按上班的乡镇街道看岗位"),
    }
    for by, words in seen.items():
        page = clerk.get(reverse("circles:exposure"), {"by": by}).content.decode()
        assert [word for word in words if word not in page] == []
        assert "哪一晚" not in page  # there is only one
    match_everyone(day=START + timedelta(days=1))
    assert "哪一晚" in clerk.get(reverse("circles:exposure")).content.decode()
    earlier = {"day": START.isoformat()}
    assert f"{START.isoformat()} 的名单" in clerk.get(reverse("circles:exposure"), earlier).content.decode()
    for wrong in ("2022-13-40", "1999-01-01"):
        assert clerk.get(reverse("circles:exposure"), {"day": wrong}).status_code == 404
    book = load_workbook(BytesIO(clerk.get(reverse("circles:exposure-file", args=["xlsx"]), earlier).content))
    assert book.sheetnames[0] == "按性别看人"
    assert [cell.value for cell in book["按性别看人"][2]][:4] == ["女", 1, 1, "100%"]
    assert clerk.get(reverse("circles:exposure-file", args=["docx"])).status_code == 200
    assert clerk.get(reverse("circles:exposure-file", args=["pdf"])).status_code == 404
