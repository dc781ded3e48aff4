"""The reviewers' queue: what waits, where its words stand, and the decision."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from jiujin.accounts.models import Role
from jiujin.work.models import Vacancy
from jiujin.work.states import VacancyState
from tests.accounts.people import someone
from tests.registry.factories import make_area
from tests.web.hiring.worlds import COMMUNITY, an_employer, browser_of, open_vacancy
from tests.work.factories import make_vacancy, make_workplace

pytestmark = pytest.mark.django_db
FINDING = {
    "code": "wording_x",
    "severity": "review",
    "text": "写有“形象好”：请核对。",
    "clause": "《就业促进法》",
    "words": ["形象好"],
}


def waiting(**given: Any) -> Vacancy:
    _user, _organisation, place = an_employer()
    usual = {
        "title": "前台",
        "description": "形 象 好，会电脑",
        "findings": [FINDING],
        "open_until": timezone.localdate() + timedelta(days=30),
    }
    return make_vacancy("in_review", place, **{**usual, **given})


def test_queue_shows_the_oldest_first_with_its_words_marked_beside_it() -> None:
    first = waiting()
    Vacancy.objects.filter(pk=first.pk).update(changed_at=timezone.now() - timedelta(days=2))
    waiting(title="文员")
    page = browser_of(someone(Role.REVIEWER)).get("/hiring/review/").content.decode()
    assert page.index("前台") < page.index("文员")
    assert "<mark>形 象 好</mark>" in page
    assert "《就业促进法》" in page and f"/hiring/review/{first.pk}/decide/" in page


def test_reviewer_accepts_and_the_vacancy_is_public() -> None:
    vacancy, clerk = waiting(), someone(Role.CLERK)
    answer = browser_of(clerk).post(f"/hiring/review/{vacancy.pk}/decide/", {"decision": "accept"})
    vacancy.refresh_from_db()
    assert answer.headers["location"] == "/hiring/review/"
    assert vacancy.state == VacancyState.OPEN


def test_refusal_wants_a_reason_that_the_employer_reads() -> None:
    user, _organisation, place = an_employer()
    vacancy = make_vacancy("in_review", place, open_until=timezone.localdate(), findings=[FINDING])
    client = browser_of(someone(Role.CLERK))
    empty = client.post(f"/hiring/review/{vacancy.pk}/decide/", {"decision": "refuse", "because": " "})
    assert empty.status_code == 422 and "不通过要写明原因" in empty.content.decode()
    client.post(f"/hiring/review/{vacancy.pk}/decide/", {"decision": "refuse", "because": "请删去“形象好”"})
    vacancy.refresh_from_db()
    assert vacancy.state == VacancyState.REFUSED
    assert "请删去“形象好”" in browser_of(user).get(f"/hiring/vacancies/{vacancy.pk}/").content.decode()
    assert "请删去“形象好”" in browser_of(user).get("/").content.decode()


def test_what_was_decided_or_changed_meanwhile_is_left_alone() -> None:
    vacancy = waiting()
    Vacancy.objects.filter(pk=vacancy.pk).update(state="open", published_at=timezone.now())
    client = browser_of(someone(Role.CLERK))
    page = client.post(f"/hiring/review/{vacancy.pk}/decide/", {"decision": "refuse", "because": "x"}, follow=True)
    assert "不用再审，没有改动" in page.content.decode()
    stale = waiting(open_until=timezone.localdate() - timedelta(days=1))
    page = client.post(f"/hiring/review/{stale.pk}/decide/", {"decision": "accept"}, follow=True)
    assert "已经过去，没有发布" in page.content.decode()
    own = waiting(created_by=(mine := someone(Role.CLERK)))
    page = browser_of(mine).post(f"/hiring/review/{own.pk}/decide/", {"decision": "accept"}, follow=True)
    assert "不能审核自己发布的岗位" in page.content.decode()


def test_reviewer_of_another_area_sees_and_decides_nothing() -> None:
    vacancy = waiting()
    client = browser_of(someone(Role.CLERK, area_code="341502999"))
    assert "前台" not in client.get("/hiring/review/").content.decode()
    assert client.get(f"/hiring/review/{vacancy.pk}/").status_code == 404
    assert client.get(f"/hiring/review/{vacancy.pk}/panel/").status_code == 404
    assert client.post(f"/hiring/review/{vacancy.pk}/decide/", {"decision": "accept"}).status_code == 404
    assert client.get(f"/hiring/review/{vacancy.pk}/").status_code == 404
    vacancy.refresh_from_db()
    assert vacancy.state == VacancyState.IN_REVIEW


def test_list_of_all_vacancies_filters_by_state_firm_and_words() -> None:
    waiting()
    place = make_workplace(area=make_area(COMMUNITY))
    open_vacancy(place, title="小店收银", is_small_firm=True)
    client = browser_of(someone(Role.CLERK))
    assert "前台" in client.get("/hiring/review/all/").content.decode()
    only_open = client.get("/hiring/review/all/?state=open").content.decode()
    assert "小店收银" in only_open and "前台" not in only_open
    small = client.get("/hiring/review/all/?firm=small").content.decode()
    assert "小店收银" in small and "前台" not in small
    assert "前台" in client.get("/hiring/review/all/?q=前台").content.decode()
    assert "小店收银" in client.get("/hiring/review/all.csv?state=open").content.decode()


def test_employer_does_not_get_into_the_review() -> None:
    user, _organisation, _place = an_employer()
    assert browser_of(user).get("/hiring/review/").status_code == 403
