"""Answering applications: who sees them, what is shown of a person, and what each answer does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from jiujin.core.models import Event
from jiujin.registry.models import Person
from jiujin.work.models import Application, JobWish, Placement, Vacancy
from jiujin.work.states import ApplicationState, VacancyState
from tests.registry.factories import make_organisation, make_person
from tests.web.hiring.worlds import a_place, an_employer, browser_of, open_vacancy
from tests.work.factories import make_application

pytestmark = pytest.mark.django_db
PHONE = "13800001234"


def applied(vacancy: Vacancy, state: str = "sent", **given: Any) -> Application:
    person = make_person(name="张小兰", phone=PHONE)
    JobWish.objects.create(person=person, schooling=3, skills=["收银"], licences=["健康证"])
    return make_application(vacancy, state, person=person, distance_m=820, **given)


def post(client: Any, application: Application, tail: str, **given: str) -> Any:
    return client.post(f"/hiring/applications/{application.pk}/{tail}/", given)


def test_list_sorts_filters_and_exports_without_telephone_numbers() -> None:
    user, _organisation, place = an_employer()
    client, vacancy = browser_of(user), open_vacancy(place, schooling_min=2, licences=["健康证", "电工证"])
    applied(vacancy, note="=1+1")
    make_application(vacancy, "declined", person=make_person(name="李四"))
    page = client.get("/hiring/applications/?sort=distance").content.decode()
    assert page.index("张小兰") < page.index("李四")
    assert "820 米" in page and "没有写的证书：电工证" in page and "学历：高中" in page
    assert "李四" not in client.get("/hiring/applications/?state=waiting").content.decode()
    export = client.get("/hiring/applications.csv").content.decode()
    assert "张小兰" in export and PHONE not in export and "'=1+1" in export


def test_sex_and_age_are_nowhere_on_the_page() -> None:
    user, _organisation, place = an_employer()
    application = applied(open_vacancy(place))
    Person.objects.filter(pk=application.person_id).update(born_on="1966-06-06", sex="female")
    client = browser_of(user)
    page = client.get(f"/hiring/applications/{application.pk}/").content.decode()
    listed = client.get("/hiring/applications/").content.decode()
    for shown in (page, listed):
        assert "1966" not in shown and "岁" not in shown and ">女<" not in shown


def test_telephone_is_shown_only_after_the_two_are_to_meet_and_each_time_is_written_down() -> None:
    user, _organisation, place = an_employer()
    client, application = browser_of(user), applied(open_vacancy(place))
    address = f"/hiring/applications/{application.pk}/"
    assert "1234" not in client.get(address).content.decode()
    assert post(client, application, "phone").status_code == 404
    post(client, application, "answer", answer="accepted")
    page = client.get(address).content.decode()
    assert "138****1234" in page and PHONE not in page
    assert PHONE in post(client, application, "phone").content.decode()
    assert Event.objects.filter(verb="person_field_shown", actor=f"user:{user.pk}").count() == 1


def test_decline_wants_a_reason_that_the_applicant_reads() -> None:
    user, _organisation, place = an_employer()
    client, application = browser_of(user), applied(open_vacancy(place))
    empty = post(client, application, "answer", answer="declined", because=" ")
    assert empty.status_code == 422 and "请写一句原因" in empty.content.decode()
    post(client, application, "answer", answer="declined", because="<b>要电工证</b>")
    application.refresh_from_db()
    assert (application.state, application.declined_because) == (ApplicationState.DECLINED, "<b>要电工证</b>")
    assert "<b>要电工证" not in client.get(f"/hiring/applications/{application.pk}/").content.decode()


def test_hire_makes_the_placement_and_the_last_place_fills_the_vacancy() -> None:
    user, organisation, place = an_employer()
    client, vacancy = browser_of(user), open_vacancy(place, headcount=1)
    application, other = applied(vacancy, "accepted"), make_application(vacancy)
    start = timezone.localdate()
    post(client, application, "hire", start_on=start.isoformat(), form="labour_contract", open_ended="on")
    placement = Placement.objects.get()
    assert (placement.employer, placement.start_on, placement.open_ended) == (organisation, start, True)
    vacancy.refresh_from_db()
    other.refresh_from_db()
    assert (vacancy.state, other.state) == (VacancyState.FILLED, ApplicationState.DECLINED)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"start_on": ""}, "哪天上班没有填"),
        ({"start_on": "明天"}, "不是日期"),
        ({"end_on": "2020-01-01"}, "结束的日子早于上班的日子"),
        ({"open_ended": "on", "end_on": "2999-01-01"}, "不用填到哪天"),
        ({"form": "nothing"}, "nothing"),
    ],
)
def test_hire_that_cannot_be_is_told_and_nothing_is_written(given: dict[str, str], said: str) -> None:
    user, _organisation, place = an_employer()
    application = applied(open_vacancy(place), "accepted")
    usual = {"start_on": timezone.localdate().isoformat(), "form": "labour_contract", "end_on": ""}
    answer = post(browser_of(user), application, "hire", **(usual | given))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Placement.objects.exists()


def test_vacancy_that_is_full_hires_nobody() -> None:
    user, _organisation, place = an_employer()
    vacancy = open_vacancy(place, headcount=2)
    application = applied(vacancy, "accepted")
    Vacancy.objects.filter(pk=vacancy.pk).update(state="closed", filled_count=2)
    client = browser_of(user)
    assert "已经招满" in client.get(f"/hiring/applications/{application.pk}/").content.decode()
    post(client, application, "hire", start_on=timezone.localdate().isoformat(), form="labour_contract")
    assert not Placement.objects.exists()


def test_answer_that_came_too_late_changes_nothing() -> None:
    user, _organisation, place = an_employer()
    client, application = browser_of(user), applied(open_vacancy(place))
    Application.objects.filter(pk=application.pk).update(state="declined")
    page = client.post(f"/hiring/applications/{application.pk}/answer/", {"answer": "accepted"}, follow=True)
    assert "不能这样做，没有改动" in page.content.decode()
    assert post(client, application, "answer", answer="hired").status_code == 404


def test_applications_of_another_employer_and_those_taken_back_are_no_page_at_all() -> None:
    user, _organisation, place = an_employer()
    client = browser_of(user)
    foreign = applied(open_vacancy(a_place(make_organisation())), "accepted")
    withdrawn = applied(open_vacancy(place), "withdrawn")
    for application in (foreign, withdrawn):
        assert client.get(f"/hiring/applications/{application.pk}/").status_code == 404
        for tail, given in (("answer", {"answer": "seen"}), ("hire", {}), ("phone", {})):
            assert post(client, application, tail, **given).status_code == 404
    listed = client.get("/hiring/applications/").content.decode()
    assert "张小兰" not in listed
    assert "张小兰" not in client.get("/hiring/applications.csv").content.decode()
    foreign.refresh_from_db()
    assert foreign.state == "accepted"


def test_first_page_shows_what_waits() -> None:
    user, _organisation, place = an_employer()
    client = browser_of(user)
    lapsing = open_vacancy(place, title="快到期的", open_until=timezone.localdate() + timedelta(days=3))
    applied(lapsing)
    Vacancy.objects.create(
        employer=place.organisation,
        workplace=place,
        title="没通过的",
        form="labour_contract",
        state="refused",
        refused_because="写有“限女性”",
        open_until=timezone.localdate(),
    )
    page = client.get("/").content.decode()
    for words in ("张小兰", "快到期的", "还有 3 天", "没通过的", "写有“限女性”"):
        assert words in page
