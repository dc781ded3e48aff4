"""The pages on which two records become one: masked, scoped, and each step by POST."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from jiujin.accounts.models import Role
from jiujin.registry.models import MergeProposal, MergeSearch, MergeState, Person
from jiujin.registry.services.merge_people import merge_people
from tests.registry.factories import make_area, make_person, make_user

pytestmark = pytest.mark.django_db
PHONE = "10990001234"


def pair(area: str = "341502001001") -> MergeProposal:
    told = {"name": "欧阳小明", "phone": PHONE, "home_area": make_area(area)}
    kept = make_person(**told)
    other = make_person(**told, id_number=None, born_on=date(1990, 2, 28), sex="male")
    return MergeProposal.objects.create(
        kept=kept, other=other, probability=0.987, reasons=["same_name", "same_phone", "other_sex", "unknown_code"]
    )


def page_of(role: Role = Role.CLERK, address: str = "/merging/", **user: str) -> tuple[Client, str]:
    client = Client()
    client.force_login(make_user(role, **user))
    return client, client.get(address).content.decode()


def test_pair_is_shown_side_by_side_with_reasons_and_masks() -> None:
    proposal = pair()
    _, page = page_of()
    assert "把握 98%" in page and "姓名相同" in page and "性别不同" in page
    assert "欧**明" in page and "109****1234" in page
    for whole in ("欧阳小明", PHONE, proposal.kept.id_number):
        assert str(whole) not in page


def test_merge_dismiss_and_undo_are_one_click_each_and_said() -> None:
    first, second = pair(), pair()
    client, _ = page_of()
    told = client.post(f"/merging/{first.pk}/merge/", follow=True).content.decode()
    assert "已合并" in told
    client.post(f"/merging/{second.pk}/dismiss/")
    states = list(MergeProposal.objects.order_by("pk").values_list("state", flat=True))
    assert states == [MergeState.MERGED, MergeState.DISMISSED]
    assert Person.objects.get(pk=first.other_id).merged_into_id == first.kept_id
    assert "撤销合并" in client.get("/merging/?state=merged").content.decode()
    told = client.post(f"/merging/{first.pk}/undo/", follow=True).content.decode()
    assert "恢复了原样" in told
    assert Person.objects.get(pk=first.other_id).merged_into_id is None


def test_pair_decided_by_somebody_else_meanwhile_is_told() -> None:
    proposal = pair()
    client, _ = page_of()
    merge_people(proposal=proposal, actor=make_user(Role.CLERK))
    told = client.post(f"/merging/{proposal.pk}/dismiss/", follow=True).content.decode()
    assert "可能别人刚刚处理过" in told
    assert MergeProposal.objects.get().state == MergeState.MERGED


def test_pair_of_another_area_is_not_there() -> None:
    proposal = pair("341502002001")
    client, page = page_of(area_code="341502001")
    assert "没有待确认的重复" in page
    assert client.post(f"/merging/{proposal.pk}/merge/").status_code == 404
    assert MergeProposal.objects.get().state == MergeState.PROPOSED


def test_search_is_asked_for_once_and_shows_how_far_it_is() -> None:
    client, _ = page_of()
    for _ in range(2):
        client.post("/merging/search/")
    search = MergeSearch.objects.get()
    assert "排队等待" in client.get("/merging/progress/").content.decode()
    MergeSearch.objects.update(state="running", stage="比对", done_count=1500, total_count=2000)
    page = client.get("/merging/").content.decode()
    assert "1,500 / 2,000" in page and "search-merges" not in page
    MergeSearch.objects.filter(pk=search.pk).update(state="failed", finished_at=search.asked_at)
    assert client.get("/merging/progress/").headers["HX-Refresh"] == "true"
    assert "上次查找没有做完" in client.get("/merging/").content.decode()


def test_many_pairs_are_paged_and_a_page_asks_the_database_no_more_often(
    django_assert_max_num_queries: object,
) -> None:
    for _ in range(12):
        pair()
    client, page = page_of()
    assert page.count('class="card pair"') == 10
    assert client.get("/merging/?page=2").content.decode().count('class="card pair"') == 2
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        client.get("/merging/")
