"""A vacancy that an employer posts is in the search of a resident in reach, in every process, without a restart."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django import Settings

from jiujin.accounts.models import Role
from jiujin.work.models import Vacancy
from jiujin.work.nearby import index
from jiujin.work.nearby.following import Follower
from jiujin.work.states import VacancyState
from tests.accounts.people import someone
from tests.web.hiring.worlds import a_seeker, an_employer, browser_of, filled_in

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE_SECONDS = 60.0


@pytest.fixture
def followers(transactional_db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Follower]]:
    """The indexes of two processes that serve pages."""
    index.read_now()  # what is compiled once a process is not waited for in a thread
    settings.NEAR_FOLLOWS = True
    both = [Follower(index.forms_of_the_plan) for _ in range(2)]
    monkeypatch.setattr(index, "FOLLOWER", both[0])
    try:
        for follower in both:
            follower.start()
            assert follower.wait(PATIENCE_SECONDS) is not None
        yield both
    finally:
        for follower in both:
            follower.stop()


@pytest.mark.clause("3.3.2-publish", "3.1.1-online")
def test_posted_vacancy_is_found_near_by_every_process(followers: list[Follower]) -> None:
    employer, _organisation, place = an_employer()
    resident = someone(Role.RESIDENT)
    a_seeker(user=resident)
    searching: Client = browser_of(resident)
    assert "附近新来的岗位" not in searching.get("/near/").content.decode()

    browser_of(employer).post("/hiring/vacancies/new/", filled_in(place, title="附近新来的岗位", then="send"))
    vacancy = Vacancy.objects.get()
    if vacancy.state == VacancyState.IN_REVIEW:  # the plan leaves something to a person
        browser_of(someone(Role.CLERK)).post(f"/hiring/review/{vacancy.pk}/decide/", {"decision": "accept"})
    for follower in followers:

        def holds(follower: Follower = follower) -> bool:
            return follower.near is not None and len(follower.near.index) == 1

        assert follower.wait_until(holds, PATIENCE_SECONDS)
    assert "附近新来的岗位" in searching.get("/near/").content.decode()

    browser_of(employer).post(f"/hiring/vacancies/{vacancy.pk}/step/", {"step": "pause"})
    assert followers[0].wait_until(lambda: len(followers[0].near.index) == 0, PATIENCE_SECONDS)  # type: ignore[union-attr]
    assert "附近新来的岗位" not in searching.get("/near/").content.decode()
