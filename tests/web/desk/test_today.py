"""Today's lists: each figure counts what its list shows, of the viewer's own."""

from __future__ import annotations

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from jiujin.accounts.models import Role, User
from jiujin.core.bounded_counts import COUNTED_MAX
from jiujin.core.current_plan import current_plan
from jiujin.fairs.models import EnterpriseVisit
from jiujin.fairs.services.record_intent import follow_intent
from jiujin.fairs.services.record_visit import keep_promise
from jiujin.internships.models import Internship
from jiujin.internships.queries import serves_interns
from jiujin.internships.services.follow_intern import record_follow_up
from jiujin.registry.models import Person
from jiujin.values import add_months, whole_months
from jiujin.web.desk.nearly_full import nearly_full_placements, terms_of
from jiujin.web.desk.scope import people_of
from jiujin.web.desk.today import figures_of
from jiujin.web.desk.today_lists import DAYS_AHEAD, DAYS_SILENT, LISTS
from jiujin.work.acting_for import operator_of
from jiujin.work.models import Application, Introduction, JobWish, ServiceRecord
from jiujin.work.services.correct_service import correct_service, void_service
from tests.fairs.factories import make_fair, make_intent, make_part
from tests.internships.factories import running
from tests.registry.factories import make_organisation, make_status
from tests.web.desk.worlds import EAST, WEST, desk_of, file_of, officer, open_vacancy, resident, today
from tests.web.statements import statements_of
from tests.work.factories import make_placement

pytestmark = pytest.mark.django_db
TODAY_STATEMENTS_MAX = 13  # over the nine of a list page: this one counts nine lists, of three rooms


def listed(page: str) -> list[int]:
    return [int(key) for key in re.findall(r'data-row="(\d+)"', page)]


def figures(viewer: User) -> dict[str, int]:
    return {figure["key"]: figure["number"] for figure in figures_of(viewer, people_of(viewer), today())}


def test_newly_registered_without_a_match_leave_the_list_by_each_way_there_is() -> None:
    me = officer()
    waiting, applied, introduced, placed, idle = (resident() for _ in range(5))
    resident(WEST)
    Application.objects.create(person=applied, vacancy=open_vacancy())
    Introduction.objects.create(person=introduced, vacancy=open_vacancy(), made_by=me)
    make_placement(today() - timedelta(days=3), person=placed)
    JobWish.objects.create(person=idle, is_looking=False)
    page = desk_of(me).get("/desk/?list=unmatched").content.decode()
    assert f'data-row="{waiting.pk}"' in page
    for person in (applied, introduced, placed, idle):
        assert f'data-row="{person.pk}"' not in page
    assert figures(me)["unmatched"] == 1


def test_who_was_turned_down_or_left_is_back_on_the_list() -> None:
    me, person = officer(), resident()
    Application.objects.create(person=person, vacancy=open_vacancy(), state="declined")
    make_placement(today() - timedelta(days=90), today() - timedelta(days=9), person=person)
    assert figures(me)["unmatched"] == 1


def test_vacancies_about_to_lapse_are_those_of_the_area() -> None:
    me = officer()
    near, later = open_vacancy(days=3, title="快到期的"), open_vacancy(days=DAYS_AHEAD + 5)
    open_vacancy(WEST, days=3)
    page = desk_of(me).get("/desk/?list=lapsing").content.decode()
    assert "快到期的" in page and f'data-row="v{near.pk}"' in page and f'data-row="v{later.pk}"' not in page
    assert figures(me)["lapsing"] == 1


def test_months_come_from_the_plan_and_a_placement_is_listed_before_they_are_full() -> None:
    me, terms = officer(), terms_of(current_plan(), today())
    assert {form for term in terms for form in term.forms} == set(current_plan().facts["employment_form"].choices)
    for term in terms:
        for form in term.forms:
            full_on = today() + timedelta(days=5)
            start_on = add_months(full_on + timedelta(days=1), -term.months)
            make_placement(start_on, form=form, person=resident())
            make_placement(add_months(start_on, 1), form=form, person=resident())
            make_placement(start_on, form=form, person=resident(WEST))
            make_placement(start_on, today() - timedelta(days=1), form=form, person=resident())
    found = list(nearly_full_placements(people_of(me), current_plan(), today(), days_ahead=DAYS_AHEAD).order_by("pk"))
    assert len(found) == sum(len(term.forms) for term in terms)
    for placement in found:
        full_on, months = placement.full_on, placement.full_months  # type: ignore[attr-defined]
        assert (
            whole_months(placement.start_on, full_on)
            >= months
            > whole_months(placement.start_on, full_on - timedelta(days=1))
        )
    assert figures(me)["months"] == len(found)
    assert desk_of(me).get("/desk/?list=months&sort=-full").status_code == 200


def test_introductions_wait_until_answered() -> None:
    me, person = officer(), resident(name="钱多多")
    made = Introduction.objects.create(person=person, vacancy=open_vacancy(title="面点师"), made_by=me)
    Introduction.objects.create(person=resident(WEST), vacancy=open_vacancy(WEST), made_by=me)
    desk = desk_of(me)
    assert "面点师" in desk.get("/desk/?list=introductions").content.decode()
    desk.post(reverse("desk:answer", args=[person.pk, made.pk]), {"step": "decline"})
    made.refresh_from_db()
    assert made.state == "declined" and figures(me)["introductions"] == 0


def test_introduction_taken_up_at_the_counter_is_an_application() -> None:
    me, person = officer(), resident()
    made = Introduction.objects.create(person=person, vacancy=open_vacancy(), made_by=me)
    desk_of(me).post(reverse("desk:answer", args=[person.pk, made.pk]), {"step": "take"})
    assert (person.applications.get().vacancy, person.applications.get().channel) == (made.vacancy, "counter")
    other = officer(area=WEST[:9])
    assert desk_of(other).post(reverse("desk:answer", args=[person.pk, made.pk]), {"step": "take"}).status_code == 404


def test_due_for_service_are_those_not_served_for_long_or_never() -> None:
    me, never, long_ago, lately = officer(), resident(), resident(), resident()
    for person, days in ((long_ago, DAYS_SILENT + 1), (lately, DAYS_SILENT)):
        on = today() - timedelta(days=days)
        ServiceRecord.objects.create(person=person, kind="call", served_on=on, served_by=me)
    page = desk_of(me).get("/desk/?list=due").content.decode()
    shown = [p for p in (never, long_ago, lately) if f'data-row="{p.pk}"' in page]
    assert shown == [never, long_ago]


def test_programmes_put_what_waits_on_today_s_lists_and_take_it_off_when_done() -> None:
    me, day = officer(), today()
    ended = add_months(day, -1)
    intern = running()
    Internship.objects.filter(pk=intern.pk).update(ended_on=ended, end_on=ended, start_on=add_months(ended, -6))
    Person.objects.filter(pk=intern.person_id).update(home_area=EAST)
    visit = EnterpriseVisit.objects.create(
        employer=make_organisation(), visited_on=day - timedelta(days=9), findings="缺人", promised="送二十人面试",
        promised_until=day - timedelta(days=1), key=uuid4(), made_by=me,
    )  # fmt: skip
    fair = make_fair("held", held_on=day - timedelta(days=5), until_on=day - timedelta(days=5))
    intent = make_intent(fair, person=resident(name="周小姐"), employer=make_part(fair).employer, recorded_by=me)
    shown = {key: figures(me)[key] for key in ("interns", "promises", "intents")}
    assert shown == {"interns": serves_interns(me), "promises": 1, "intents": 1}
    desk = desk_of(me)
    assert "送二十人面试" in desk.get("/desk/?list=promises").content.decode()
    page = desk.get("/desk/?list=intents").content.decode()
    assert "周*姐" in page and "周小姐" not in page and f"/fairs/intents/{intent.pk}/" in page
    clerk = officer(Role.CLERK, area="")
    assert figures(clerk)["interns"] == 1
    page = desk_of(clerk).get("/desk/?list=interns").content.decode()
    assert "结束满 1 个月" in page and f"/internships/{intern.pk}/" in page
    follow_intent(intent=intent, followed_on=day, outcome="本人不去", actor=me, today=day)
    keep_promise(visit=visit, done_on=day, words="送到", actor=me, today=day)
    told = {"is_employed": True, "is_at_the_unit": True, "actor": clerk, "today": day}
    record_follow_up(internship=Internship.objects.get(), after_months=1, asked_on=day, **told)
    assert [figures(clerk)[key] + figures(me)[key] for key in ("interns", "promises", "intents")] == [0, 0, 0]


@pytest.mark.parametrize("its", LISTS, ids=lambda its: its.key)
def test_every_list_sorts_by_each_of_its_columns_searches_and_exports_masked(its: object) -> None:
    me, person = officer(), resident(name="张小兰", phone="13800001234")
    Introduction.objects.create(person=person, vacancy=open_vacancy(days=2), made_by=me)
    desk, key = desk_of(me), its.key  # type: ignore[attr-defined]
    for column in its.columns:  # type: ignore[attr-defined]
        if column.sortable:
            for sort in (column.key, f"-{column.key}"):
                assert desk.get(f"/desk/?list={key}&sort={sort}").status_code == 200
    assert desk.get(f"/desk/?list={key}&q=张").status_code == 200
    exported = desk.get(f"/desk/today.csv?list={key}").content.decode()
    assert "张小兰" not in exported and "13800001234" not in exported


@pytest.mark.parametrize("role", [Role.SPECIALIST, Role.OPERATOR])
@pytest.mark.clause("3.1.2-specialists", "3.1.1-offline")
def test_specialist_and_operator_begin_with_nobody_and_are_told_what_to_do(role: Role) -> None:
    resident()
    me = officer(role, area="")
    assert set(figures(me)) == {its.key for its in LISTS} and figures(me)["unmatched"] == 0
    assert "还没有服务对象" in desk_of(me).get("/desk/people/").content.decode()
    assert Person.objects.count() == 1 and EAST


@pytest.mark.parametrize("key", ["unmatched", "due"])
@pytest.mark.parametrize("counted_max", [COUNTED_MAX, 2], ids=["few", "more than are counted"])
def test_people_of_priority_groups_come_first_until_another_order_is_asked_for(
    key: str, counted_max: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("today", "today_lists"):
        monkeypatch.setattr(f"jiujin.web.desk.{module}.COUNTED_MAX", counted_max)
    me = officer()
    ended, nobody, migrant, none, veteran = (resident(name=f"{letter}某") for letter in "甲乙丙丁戊")
    make_status(ended, "migrant", today() - timedelta(days=90), end_on=today() - timedelta(days=1))
    make_status(migrant, "migrant", today())
    make_status(none, "none", today() - timedelta(days=9))
    make_status(veteran, "veteran", today() - timedelta(days=9))
    shown = listed(desk_of(me).get(f"/desk/?list={key}").content.decode())
    assert set(shown[:2]) == {migrant.pk, veteran.pk} and set(shown[2:]) == {ended.pk, nobody.pk, none.pk}
    by_name = listed(desk_of(me).get(f"/desk/?list={key}&sort=name").content.decode())
    assert by_name == [p.pk for p in sorted(Person.objects.all(), key=lambda person: person.name)]


def test_pages_go_through_everybody_once_where_there_are_more_than_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("today_lists.COUNTED_MAX", 4), ("today.COUNTED_MAX", 60)):
        monkeypatch.setattr(f"jiujin.web.desk.{name}", value)
    me, people = officer(), [resident() for _ in range(58)]
    for person in people[5:8]:
        make_status(person, "disabled", today())
    first, second = (listed(desk_of(me).get(f"/desk/?list=due&page={n}").content.decode()) for n in (1, 2))
    assert set(first[:3]) == {person.pk for person in people[5:8]}
    assert sorted(first + second) == sorted(person.pk for person in people) and len(first) == 50


def test_figures_say_that_there_are_more_than_were_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jiujin.web.desk.today.COUNTED_MAX", 2)
    monkeypatch.setattr("jiujin.core.bounded_counts.bounded_counts.__defaults__", (2,))
    me = officer()
    for _ in range(3):
        resident()
    page = desk_of(me).get("/desk/?list=due").content.decode()
    assert "共 2 行以上" in page and '<b>2<span aria-hidden="true">+</span>' in page


def test_person_keeps_when_they_were_served_last_through_corrections() -> None:
    me, person = officer(), resident()

    def last() -> date | None:
        person.refresh_from_db()
        return person.last_served_on

    days = [today() - timedelta(days=n) for n in (9, 3)]
    old, new = (ServiceRecord.objects.create(person=person, kind="call", served_on=day, served_by=me) for day in days)
    assert last() == days[1]
    void_service(id=uuid4(), record=new, reason="记错了人", actor=me)
    assert last() == days[0]
    correct_service(id=uuid4(), record=old, kind="visit", served_on=days[1], note="", reason="日期记错了", actor=me)
    assert last() == days[1]
    ServiceRecord.objects.filter(stands=True).update(person=resident())
    assert last() is None


@pytest.mark.parametrize("role", [Role.TOWNSHIP, Role.SPECIALIST, Role.OPERATOR, Role.CLERK])
def test_today_costs_the_same_however_many_wait(role: Role) -> None:
    me = officer(role, area="")
    file_of(me)
    counts = []
    for more in (2, 18):
        for _ in range(more):
            person = resident()
            make_status(person, "migrant", today())
            Introduction.objects.create(person=person, vacancy=open_vacancy(days=3), made_by=me)
            ServiceRecord.objects.create(
                person=person,
                kind="call",
                served_on=today() - timedelta(days=90),
                served_by=me,
                operator=operator_of(me),
            )
        counts.append({its.key: len(statements_of(desk_of(me), f"/desk/?list={its.key}")) for its in LISTS})
    assert counts[0] == counts[1] and max(counts[0].values()) <= TODAY_STATEMENTS_MAX
