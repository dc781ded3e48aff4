"""Pages of the circles' programme: how a circle is run, posts and their months, plans of help and follow-up."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from jiujin.accounts.models import Role, User
from jiujin.circles.models import (
    Engagement,
    FollowUp,
    HelpPlan,
    OperatorReport,
    PilotCommunity,
    PostHolding,
    WelfarePost,
)
from jiujin.core.proof import Proof
from jiujin.registry.models import EvidenceFile, Membership, OrganisationKind
from jiujin.values import add_months
from tests.accounts.people import someone
from tests.circles.factories import circle_seen_by, make_circle
from tests.registry.factories import make_organisation, make_person, make_status
from tests.web.circles.worlds import post_parts
from tests.web.desk.worlds import EAST, resident
from tests.web.scans import broken_scan, scan
from tests.work.factories import make_placement

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def pages_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


# --- how a circle is run -----------------------------------------------------------------------------------------------


@pytest.mark.clause("2.1-circle", "3.1.2-mode", "3.1.2-purchase", "3.1.2-engage", "3.1.2-systems")
def test_circle_goes_from_the_street_s_decision_to_a_contract_and_its_monthly_report() -> None:
    circle, clerk = make_circle(), pages_of(someone(Role.CLERK))
    operator, today = make_organisation(OrganisationKind.OPERATOR), timezone.localdate()
    start = add_months(today.replace(day=1), -2)
    address = f"/circles/{circle.pk}/"
    contract = {
        "operator": operator.pk, "procurement": "entrusted", "contract_number": "H1", "signed_on": start.isoformat(),
        "start_on": start.isoformat(), "end_on": add_months(start, 12).isoformat(), "system_used": "ours",
        "indicator_people_served": "10", "indicator_placements": "5",
    }  # fmt: skip
    answer = clerk.post(f"{address}engage/", contract)
    assert (answer.status_code, "街道还没有确定" in answer.content.decode()) == (422, True)
    decision = {"mode": "委托运营", "officer": "王主任", "document": "街办8号", "decided_on": start.isoformat()}
    clerk.post(f"{address}decision/", decision)
    answer = clerk.post(f"{address}engage/", contract | {"fee_fen": "10000"})
    assert (answer.status_code, "已经按人数给补助" in answer.content.decode()) == (422, True)
    clerk.post(f"{address}engage/", contract)
    engagement = Engagement.objects.get()
    clerk.post(f"{address}pilot/", {"source": "区局文件", "chosen_on": start.isoformat()})
    assert PilotCommunity.objects.get().community == circle.community

    acting = someone(Role.OPERATOR)
    Membership.objects.create(user=acting, organisation=operator)
    theirs = pages_of(acting)
    month = {"engagement": engagement.pk, "month": start.strftime("%Y-%m")}
    theirs.post(f"{address}report/", month)
    assert OperatorReport.objects.get().month == start
    assert theirs.post(f"{address}report/", month).status_code == 422
    assert theirs.post(f"{address}report/", month | {"month": "2022-13"}).status_code == 422
    assert clerk.post(f"{address}report/", month).status_code == 403, "the operator's own to send"
    assert theirs.post(f"{address}pilot/", {}).status_code == 403

    clerk.post(
        f"{address}accept/", {"engagement": engagement.pk, "on": today.isoformat(), "words": "合格", "accept": "1"}
    )
    page = page_of(clerk, f"{address}contracts/")
    for words in ("王主任", "区局文件", "H1", "合格", acting.display_name, "没有，补助就是价钱"):
        assert words in page
    clerk.post(f"{address}accept/", {"engagement": engagement.pk, "on": today.isoformat(), "end": "1"})
    engagement.refresh_from_db()
    assert engagement.ended_on == today


def test_contract_of_another_circle_is_not_found() -> None:
    circle, clerk = make_circle(), pages_of(someone(Role.CLERK))
    answer = clerk.post(f"/circles/{circle.pk}/accept/", {"engagement": "0", "on": "2022-04-01"})
    assert answer.status_code == 404


def test_papers_of_decision_and_contract_are_attached_in_one_step_and_seen_by_the_operator() -> None:
    operator, today = make_organisation(OrganisationKind.OPERATOR), timezone.localdate()
    me, other = someone(Role.OPERATOR), someone(Role.OPERATOR)
    Membership.objects.create(user=me, organisation=operator)
    Membership.objects.create(user=other, organisation=make_organisation(OrganisationKind.OPERATOR))
    circle, clerk = make_circle(), pages_of(someone(Role.CLERK))
    address, start = f"/circles/{circle.pk}/", today - timedelta(days=40)
    decision = {"mode": "委托", "decided_on": start.isoformat(), "officer": "张主任", "document": "街办1号"}
    answer = clerk.post(f"{address}decision/", decision | {"scan": broken_scan()})
    assert (answer.status_code, circle.decisions.count()) == (422, 0), "a paper that cannot be read refuses all of it"
    clerk.post(f"{address}decision/", decision | {"scan": scan("决定.png")})
    contract = {
        "operator": operator.pk, "procurement": "entrusted", "contract_number": "H1", "signed_on": start.isoformat(),
        "start_on": start.isoformat(), "end_on": add_months(start, 12).isoformat(), "system_used": "ours",
    }  # fmt: skip
    clerk.post(f"{address}engage/", contract | {"scan": scan("合同.png")})
    engagement = Engagement.objects.get()
    given = {"engagement": engagement.pk, "on": today.isoformat(), "words": "合格"}
    clerk.post(f"{address}accept/", given | {"accept": "1", "scan": scan("验收.png")})
    shown = page_of(pages_of(me), f"{address}contracts/")
    assert all(name in shown for name in ("决定.png", "合同.png")) and 'name="file"' not in shown
    paper = EvidenceFile.objects.get(name="合同.png")
    assert (paper.subject_kind, paper.subject_id) == ("circles.engagement", str(engagement.pk))
    assert pages_of(me).get(f"/circles/papers/{paper.pk}/").headers["content-type"] == "image/png"
    assert pages_of(other).get(f"/circles/papers/{paper.pk}/").status_code == 404
    about = {"about": f"circles.engagement:{engagement.pk}", "back": f"{address}contracts/"}
    assert pages_of(me).post("/circles/papers/", about | {"file": scan()}).status_code == 403
    clerk.post(
        "/circles/papers/", {"about": f"circles.streetdecision:{circle.decisions.get().pk}", "file": scan("补.png")}
    )
    assert EvidenceFile.objects.get(name="补.png").subject_kind == "circles.streetdecision"
    assert clerk.post("/circles/papers/", about).headers["location"] == about["back"], "no file is told, not kept"
    elsewhere = about | {"back": "https://example.invalid/", "file": scan()}
    assert clerk.post("/circles/papers/", elsewhere).headers["location"] == "/"


def test_operator_does_not_see_what_another_was_paid() -> None:
    circle, clerk, today = make_circle(), someone(Role.CLERK), timezone.localdate()
    gone, now = make_organisation(OrganisationKind.OPERATOR), make_organisation(OrganisationKind.OPERATOR)
    for number, operator in enumerate((gone, now)):
        Engagement.objects.create(
            circle=circle, operator=operator, procurement="entrusted", contract_number=f"甲{number}", signed_on=today,
            start_on=today, end_on=today, fee_fen=100, system_used="ours",
        )  # fmt: skip
    circle.operator = now
    circle.save()
    me = someone(Role.OPERATOR)
    Membership.objects.create(user=me, organisation=now)
    shown = page_of(pages_of(me), f"/circles/{circle.pk}/contracts/")
    assert "甲1" in shown and "甲0" not in shown
    assert "甲0" in page_of(pages_of(clerk), f"/circles/{circle.pk}/contracts/")


# --- posts -----------------------------------------------------------------------------------------------------------


@pytest.mark.clause("3.1.3-post-organise", "3.1.3-post-records")
def test_post_is_developed_filed_held_attended_and_left_on_its_pages() -> None:
    client, entity, person = pages_of(someone(Role.CLERK)), make_organisation(), make_person()
    today = timezone.localdate()
    start = add_months(today.replace(day=1), -3)
    make_status(person, "difficulty", start)
    client.post(
        "/circles/posts/new/",
        {"entity": entity.name, "title": "保洁", "headcount": "1", "developed_on": start.isoformat()},
    )
    post = WelfarePost.objects.get()
    page = f"/circles/posts/{post.pk}/"
    client.post(page, {"filing": "1", "filing_number": "GY1"})
    hold = {"hold": "1", "person": person.id_number, "start_on": start.isoformat()}
    assert client.post(page, hold | {"person": make_person().id_number}).status_code == 422, "not certified"
    client.post(page, hold | {"end_on": add_months(start, 12).isoformat()})
    holding = PostHolding.objects.get()
    assert client.post(page, hold).status_code == 422, "the same person twice"
    own = f"{page}holdings/{holding.pk}/"
    month = {"attended": "1", "month": start.strftime("%Y-%m"), "attended_days": "20", "is_insured": "true"}
    client.post(own, month)
    for wrong in ("2019-01", "2022-13", add_months(today, 2).strftime("%Y-%m")):
        assert client.post(own, month | {"month": wrong}).status_code == 422
    client.post(own, {"numbers": "1", "registration_number": "JY1"})
    leave = {"leave": "1", "left_on": add_months(start, 1).isoformat(), "because": "搬家"}
    assert client.post(own, leave | {"because": ""}).status_code == 422
    client.post(own, leave)
    shown = page_of(client, own)
    assert all(words in shown for words in ("JY1", "搬家", start.strftime("%Y-%m")))
    assert person.name not in shown
    assert "GY1" in page_of(client, page) and "已备案" in page_of(client, "/circles/posts/")


def test_operator_sees_its_own_posts_and_records_them_in_its_own_name() -> None:
    me, operator = someone(Role.OPERATOR), make_organisation(OrganisationKind.OPERATOR)
    Membership.objects.create(user=me, organisation=operator)
    other, client = post_parts(someone(Role.CLERK)), pages_of(me)
    assert client.get(f"/circles/posts/{other['post_id']}/").status_code == 404
    given = {"entity": make_organisation().name, "title": "保安", "headcount": "2"}
    client.post("/circles/posts/new/", given | {"developed_on": timezone.localdate().isoformat()})
    assert WelfarePost.objects.get(title="保安").operator == operator
    leader = pages_of(someone(Role.LEADER))
    assert leader.post(f"/circles/posts/{other['post_id']}/", {"filing": "1", "filing_number": "X"}).status_code == 200
    assert WelfarePost.objects.get(pk=other["post_id"]).filing_number == "", "who may only look changes nothing"


@pytest.mark.clause("3.1.3-post-subsidy")
def test_entity_enters_the_months_of_its_own_posts_and_nothing_else() -> None:
    me, other = someone(Role.EMPLOYER), someone(Role.EMPLOYER)
    parts, foreign = post_parts(me), post_parts(other)
    client, held = pages_of(me), PostHolding.objects.get(pk=parts["holding_id"])
    own = f"/circles/posts/{parts['post_id']}/holdings/{held.pk}/"
    month = {"attended": "1", "month": held.start_on.strftime("%Y-%m"), "attended_days": "1"}
    client.post(own, month)
    assert held.months.get().proof == Proof.DECLARED
    client.post(own, month | {"scan": scan("考勤.png")})
    assert held.months.get().proof == Proof.DOCUMENTED
    assert EvidenceFile.objects.get().kind == "attendance_record"
    client.post(own, {"numbers": "1", "registration_number": "JY9"})
    held.refresh_from_db()
    assert held.registration_number == "", "the platform's numbers are not the entity's to enter"
    shown = page_of(client, own)
    assert "考勤.png" in shown and 'name="attended"' in shown and 'name="numbers"' not in shown
    strange = f"/circles/posts/{foreign['post_id']}/holdings/{foreign['holding_id']}/"
    assert client.post(strange, month).status_code == 404
    listed = page_of(client, "/circles/posts/")
    assert listed.count("data-row=") == 1
    assert pages_of(someone(Role.SUPERVISOR)).post(own, month | {"attended_days": "0"}).status_code == 200
    assert held.months.get().attended_days == 1, "who may only look changes nothing"


def test_list_of_posts_costs_the_same_however_many(django_assert_max_num_queries: Any) -> None:
    clerk = someone(Role.CLERK)
    for _ in range(12):
        post_parts(clerk)
    client = pages_of(clerk)
    with django_assert_max_num_queries(12):
        assert page_of(client, "/circles/posts/").count("data-row=") == 12


# --- help ------------------------------------------------------------------------------------------------------------


@pytest.mark.clause("2.1-nearby", "3.1.3-assistance")
def test_person_in_difficulty_gets_a_plan_and_is_asked_after_a_placement() -> None:
    officer, today = someone(Role.TOWNSHIP, area_code=EAST[:9]), timezone.localdate()
    client, person = pages_of(officer), resident(name="张小兰")
    make_status(person, "difficulty", date(2022, 1, 10))
    assert "订一份计划" in page_of(client, "/circles/help/?show=without")
    plan = {"made_on": today.isoformat(), "situation": "在家", "steps": "推荐岗位"}
    assert client.post(f"/circles/help/{person.pk}/", plan | {"steps": ""}).status_code == 422
    client.post(f"/circles/help/{person.pk}/", plan)
    assert HelpPlan.objects.get().person == person
    assert "帮扶中" in page_of(client, "/circles/help/?show=planned")
    placement = make_placement(add_months(today, -1) - timedelta(days=1), person=person)
    page = page_of(client, "/circles/help/")
    assert "满 1 个月，回访" in page and "小兰" not in page
    given = {"after_months": "1", "asked_on": today.isoformat(), "still_employed": "true"}
    assert client.post(f"/circles/follow-ups/{placement.pk}/", given | {"after_months": "3"}).status_code == 422
    client.post(f"/circles/follow-ups/{placement.pk}/", given)
    assert FollowUp.objects.get().still_employed
    assert "这里没有要做的" in page_of(client, "/circles/help/")


def test_another_township_s_people_are_not_found() -> None:
    person = resident()
    stranger = pages_of(someone(Role.TOWNSHIP, area_code="341502099"))
    assert stranger.get(f"/circles/help/{person.pk}/").status_code == 404
    assert stranger.get(f"/circles/follow-ups/{make_placement(person=person).pk}/").status_code == 404


def test_list_of_help_costs_the_same_however_many(django_assert_max_num_queries: Any) -> None:
    client = pages_of(someone(Role.TOWNSHIP, area_code=EAST[:9]))
    for _ in range(12):
        make_status(resident(), "difficulty", date(2022, 1, 10))
    for show in ("", "without", "planned"):
        with django_assert_max_num_queries(10):
            page_of(client, f"/circles/help/?show={show}")


def test_circle_that_a_specialist_looks_after_shows_how_it_is_run() -> None:
    specialist = someone(Role.SPECIALIST)
    circle = circle_seen_by(specialist)
    assert "还没有运营合同" in page_of(pages_of(specialist), f"/circles/{circle.pk}/contracts/")
