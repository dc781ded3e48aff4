"""The pages of fairs: planning, the steps, who takes part, costs, what is told where something is wrong."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from jiujin.accounts.models import Role, User
from jiujin.core.proof import Proof
from jiujin.fairs.models import (
    EnterpriseVisit,
    Fair,
    FairIntent,
    FairVacancy,
    Invitation,
    MatchingService,
    NetworkProject,
    PublicEvent,
)
from jiujin.registry.models import EvidenceFile, OrganisationKind
from jiujin.work.models import Introduction, JobWish
from tests.accounts.people import someone
from tests.fairs.factories import make_fair, make_intent, make_part
from tests.registry.factories import make_area, make_organisation, make_person
from tests.web.fairs.worlds import fair_parts, fair_today
from tests.web.scans import broken_scan, scan
from tests.work.factories import make_placement, make_vacancy, make_workplace
from tests.work.nearby.places import make_address, north_of

pytestmark = pytest.mark.django_db


def pages_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer
    return answer.content.decode()


def told(**given: Any) -> dict[str, Any]:
    agency = make_organisation(OrganisationKind.HR_AGENCY)
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    return {"name": "春风行动", "kind": "on_site", "held_on": tomorrow, "place": "广场", "host": agency.name, **given}


# --- planning --------------------------------------------------------------------------------------------------------


def test_fair_is_planned_by_one_and_approved_by_another() -> None:
    me, other = pages_of(someone(Role.CLERK)), pages_of(someone(Role.REVIEWER))
    answer = me.post("/fairs/new/", told())
    fair = Fair.objects.get()
    assert answer.headers["location"] == f"/fairs/{fair.pk}/"
    page = me.post(f"/fairs/{fair.pk}/decide/", {"approve": "1"}, follow=True).content.decode()
    assert "不能批准自己计划的" in page
    other.post(f"/fairs/{fair.pk}/decide/", {"approve": "1"})
    fair.refresh_from_db()
    assert fair.state == "approved"


def test_fair_in_the_past_and_the_same_fair_twice_are_told_at_the_form() -> None:
    client, given = pages_of(someone(Role.CLERK)), told()
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    answer = client.post("/fairs/new/", given | {"held_on": yesterday})
    assert (answer.status_code, "已经过去" in answer.content.decode()) == (422, True)
    client.post("/fairs/new/", given)
    answer = client.post("/fairs/new/", given)
    assert (answer.status_code, "已经登记过" in answer.content.decode()) == (422, True)
    assert Fair.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"held_on": "31/12"}, "不是日期"),
        ({"host": "没有这家"}, "没有找到"),
        ({"booths": "很多"}, "整数"),
        ({"name": ""}, "必填"),
        ({"place": ""}, "要写地点"),
        ({"host": ""}, "主办单位"),
        ({"kind": "party"}, "party"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_kept(given: dict[str, Any], words: str) -> None:
    answer = pages_of(someone(Role.CLERK)).post("/fairs/new/", told(**given))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Fair.objects.exists()


def test_joint_fair_is_credited_where_the_form_says() -> None:
    township = make_area("341502001")
    pages_of(someone(Role.CLERK)).post("/fairs/new/", told(host_township=township.pk, township_first="on"))
    hosts = {bool(host.township_id): host.is_credited for host in Fair.objects.get().hosts.all()}
    assert hosts == {True: True, False: False}


def test_planned_fair_is_changed_and_an_approved_one_says_that_it_is_too_late() -> None:
    me = someone(Role.CLERK)
    client, given = pages_of(me), told()
    client.post("/fairs/new/", given)
    fair = Fair.objects.get()
    assert "春风行动" in page_of(client, f"/fairs/{fair.pk}/change/")
    client.post(f"/fairs/{fair.pk}/change/", given | {"name": "夏季专场"})
    fair.refresh_from_db()
    assert fair.name == "夏季专场"
    approved = fair_today(me)
    assert "不能再改计划" in page_of(client, f"/fairs/{approved.pk}/change/")


def test_township_changes_its_own_fairs_only() -> None:
    officer = someone(Role.TOWNSHIP, area_code="341502001")
    mine, other = fair_today(officer), fair_today()
    client = pages_of(officer)
    assert "打印海报" in page_of(client, f"/fairs/{other.pk}/")
    assert client.post(f"/fairs/{other.pk}/costs/", {}).status_code == 404
    assert client.post(f"/fairs/{mine.pk}/costs/", {}).status_code == 422


# --- one fair --------------------------------------------------------------------------------------------------------


def test_employer_is_added_signed_in_and_the_fair_closed() -> None:
    client, fair, vacancy = pages_of(someone(Role.CLERK)), fair_today(), None
    vacancy = make_vacancy(open_until=timezone.localdate() + timedelta(days=30))
    employer, page = vacancy.employer, f"/fairs/{fair.pk}/"
    client.post(f"{page}employers/", {"employer": employer.credit_code, "booth": "A1", "brings_all": "on"})
    assert FairVacancy.objects.get().vacancy == vacancy
    assert "还没有一家单位签到" in client.post(f"{page}decide/", {"held": "1"}, follow=True).content.decode()
    client.post(f"{page}employers/", {"here": employer.pk})
    assert "计入目标" in client.post(f"{page}decide/", {"held": "1"}, follow=True).content.decode()
    fair.refresh_from_db()
    assert (fair.state, fair.employers.get().signed_in_at is None) == ("held", False)


def test_absent_employer_is_taken_out_and_a_stranger_is_told() -> None:
    client, fair = pages_of(someone(Role.CLERK)), fair_today()
    absent, page = make_part(fair, at=None).employer, f"/fairs/{fair.pk}/employers/"
    assert "没有找到这家单位" in client.post(page, {"out": "0"}, follow=True).content.decode()
    client.post(page, {"out": absent.pk})
    assert not fair.employers.exists()


def test_costs_are_kept_by_voucher_and_forbidden_ones_refused_with_the_reason() -> None:
    client, fair = pages_of(someone(Role.CLERK)), fair_today()
    today, page = timezone.localdate().isoformat(), f"/fairs/{fair.pk}/costs/"
    given = {"kind": "venue", "amount": "5,000元", "voucher_number": "V1", "paid_on": today}
    assert client.post(page, given).status_code == 302
    assert fair.costs.get().amount_fen == 500_000
    for change, words in (({}, "V1"), ({"kind": "meals", "voucher_number": "V2"}, "不能列入活动成本")):
        answer = client.post(page, given | change)
        assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert fair.costs.count() == 1


def test_tripartite_agreements_and_the_event_are_recorded_on_the_page_of_the_fair() -> None:
    university, person = make_organisation(OrganisationKind.UNIVERSITY), make_person()
    fair = make_fair("held", kind="campus", host=university, held_on=timezone.localdate() - timedelta(days=3))
    client = pages_of(someone(Role.CLERK))
    given = {"person": person.id_number, "university": university.name, "agreement_number": "T1"}
    assert client.post(f"/fairs/{fair.pk}/signatures/", given).status_code == 302
    assert client.post(f"/fairs/{fair.pk}/signatures/", given).status_code == 422
    event = {"organisation": university.name, "is_public_service": "true"}
    assert client.post(f"/fairs/{fair.pk}/event/", event).status_code == 302
    assert fair.public_event.is_public_service
    page = page_of(client, f"/fairs/{fair.pk}/")
    assert "T1" in page and "已由" in page and person.name not in page


def test_vouchers_and_agreements_come_with_their_scan_and_document_what_they_show(
    settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    university, person = make_organisation(OrganisationKind.UNIVERSITY), make_person()
    fair = make_fair("held", kind="campus", host=university, held_on=timezone.localdate() - timedelta(days=3))
    client, today = pages_of(someone(Role.CLERK)), timezone.localdate().isoformat()
    cost = {"kind": "venue", "amount": "80", "voucher_number": "V1", "paid_on": today}
    assert client.post(f"/fairs/{fair.pk}/costs/", cost | {"scan": broken_scan()}).status_code == 422
    assert not fair.costs.exists(), "a paper that cannot be read refuses all of it"
    client.post(f"/fairs/{fair.pk}/costs/", cost | {"scan": scan("发票.png")})
    assert fair.costs.get().scan.kind == "cost_vouchers"
    agreement = {"person": person.id_number, "university": university.name, "agreement_number": "T1"}
    client.post(f"/fairs/{fair.pk}/signatures/", agreement)
    signed = fair.signatures.get()
    assert signed.proof == Proof.DECLARED
    about = {"about": f"fairs.tripartitesignature:{signed.pk}", "file": scan("协议.png"), "back": f"/fairs/{fair.pk}/"}
    assert client.post("/fairs/papers/", about).headers["location"] == f"/fairs/{fair.pk}/"
    signed.refresh_from_db()
    assert signed.proof == Proof.DOCUMENTED
    event = {"organisation": university.name, "is_public_service": "true", "scan": scan("方案.png")}
    client.post(f"/fairs/{fair.pk}/event/", event)
    assert PublicEvent.objects.get().proof == Proof.DOCUMENTED
    page = page_of(client, f"/fairs/{fair.pk}/")
    assert all(name in page for name in ("发票.png", "协议.png", "方案.png"))
    paper = signed_paper(signed)
    assert client.get(f"/fairs/papers/{paper.pk}/").status_code == 200
    assert pages_of(someone(Role.SPECIALIST)).get(f"/fairs/papers/{paper.pk}/").status_code == 404, "not its host"
    assert pages_of(someone(Role.SPECIALIST)).post("/fairs/papers/", about).status_code == 403


def signed_paper(record: Any) -> EvidenceFile:
    return EvidenceFile.objects.get(subject_kind=record._meta.label_lower, subject_id=str(record.pk))


def test_poster_has_the_code_of_the_fair_s_own_address() -> None:
    fair = fair_today()
    page = page_of(pages_of(someone(Role.SPECIALIST)), f"/fairs/{fair.pk}/poster/")
    assert f"/fairs/in/{fair.sign_in_code}/" in page
    assert "<svg" in page and "style=" not in page.split("<svg")[1].split("</svg>")[0]


def test_live_screen_comes_anew_with_the_figures_and_masked_names() -> None:
    fair, client = fair_today(), pages_of(someone(Role.SPECIALIST))
    intent = make_intent(fair)
    assert 'hx-trigger="every 5s"' in page_of(client, f"/fairs/{fair.pk}/live/")
    piece = page_of(client, f"/fairs/{fair.pk}/live/figures/")
    assert "<html" not in piece and intent.employer.name in piece and intent.person.name not in piece


# --- lists -----------------------------------------------------------------------------------------------------------


def test_list_of_fairs_costs_the_same_however_many(django_assert_max_num_queries: Any) -> None:
    for _ in range(12):
        make_intent(make_fair("held"))
    client = pages_of(someone(Role.CLERK))
    with django_assert_max_num_queries(14):  # savepoint, read-only, user and release stand around the page's own ten
        page = page_of(client, "/fairs/?state=held")
    assert page.count("data-row=") == 12
    assert "没有符合条件的行" in page_of(client, "/fairs/?q=没有这场")


def test_employer_finds_the_approved_fairs_and_no_planned_one() -> None:
    make_fair("planned", name="还没批准")
    make_fair(name="已经批准")
    page = page_of(pages_of(someone(Role.EMPLOYER)), "/fairs/")
    assert "已经批准" in page and "还没批准" not in page


# --- intents ---------------------------------------------------------------------------------------------------------


def test_intent_is_followed_to_a_placement_or_a_word_or_taken_back() -> None:
    me = someone(Role.CLERK)
    client, today = pages_of(me), timezone.localdate()
    fair = make_fair("held", held_on=today - timedelta(days=9))
    placed, over, wrong = (make_intent(fair) for _ in range(3))
    placement = make_placement(today - timedelta(days=2), person=placed.person, employer=placed.employer)
    given = {"followed_on": today.isoformat()}
    assert client.post(f"/fairs/intents/{placed.pk}/", given).status_code == 422, "neither placement nor word"
    client.post(f"/fairs/intents/{placed.pk}/", given | {"placement": placement.pk})
    client.post(f"/fairs/intents/{over.pk}/", given | {"outcome": "嫌远"})
    client.post(f"/fairs/intents/{wrong.pk}/", {"take_back": "1"})
    held = {i.pk: (i.placement_id, i.outcome, i.taken_back_at is None) for i in FairIntent.objects.order_by("pk")}
    assert held == {
        placed.pk: (placement.pk, "", True),
        over.pk: (None, "嫌远", True),
        wrong.pk: (None, "", False),
    }
    assert "嫌远" in page_of(client, "/fairs/intents/?state=over")
    assert "没有意向在等跟进" in page_of(client, "/fairs/intents/")


# --- visits ----------------------------------------------------------------------------------------------------------


def test_visit_is_recorded_once_and_its_promise_closed() -> None:
    me, employer, today = someone(Role.SPECIALIST), make_organisation(), timezone.localdate()
    client = pages_of(me)
    given = {
        "key": str(uuid4()), "employer": employer.name, "visited_on": today.isoformat(), "findings": "缺普工",
        "needs_people": "20", "promised": "送人面试", "promised_until": (today + timedelta(days=7)).isoformat(),
    }  # fmt: skip
    for _again in range(2):
        client.post("/fairs/visits/new/", given)
    visit = EnterpriseVisit.objects.get()
    assert "还有 1 件" in page_of(client, "/fairs/visits/?kind=open")
    assert client.post(f"/fairs/visits/{visit.pk}/", {"done_on": today.isoformat(), "words": ""}).status_code == 422
    client.post(f"/fairs/visits/{visit.pk}/", {"done_on": today.isoformat(), "words": "送了 22 人"})
    assert "送了 22 人" in page_of(client, f"/fairs/visits/{visit.pk}/")
    future = given | {"key": str(uuid4()), "visited_on": (today + timedelta(days=1)).isoformat()}
    assert client.post("/fairs/visits/new/", future).status_code == 422


# --- matching without a radius ---------------------------------------------------------------------------------------


def seekers(count: int) -> None:
    home = make_area("341502001001")
    for number in range(count):
        person = make_person(home=make_address(north_of(float(number))), home_area=home)
        JobWish.objects.create(person=person)


def vacancy_far(**given: Any) -> Any:
    place = make_workplace(address=make_address(north_of(60_000.0)), area=make_area("341502002001"))
    return make_vacancy(workplace=place, open_until=timezone.localdate() + timedelta(days=30), **given)


def test_matrix_leads_to_a_group_that_is_looked_at_and_introduced_once() -> None:
    seekers(3)
    vacancy_far(headcount=2)
    client = pages_of(someone(Role.CLERK))
    assert 'href="/fairs/townships/341502001/341502002/">3<' in page_of(client, "/fairs/townships/")
    address = "/fairs/townships/341502001/341502002/"
    page = page_of(client, address)
    assert "推荐这 2 人" in page
    key = {"key": page.split('name="key" value="')[1].split('"')[0]}
    for _again in range(2):
        client.post(address, key)
    assert Introduction.objects.count() == 2
    assert "页面不完整" in client.post(address, {"key": "x"}, follow=True).content.decode()
    assert page_of(client, "/fairs/townships/341502001/000000000/", 404)


def test_invitations_are_looked_at_before_they_go_out() -> None:
    seekers(3)
    fair, vacancy, client = fair_today(), vacancy_far(headcount=2), pages_of(someone(Role.CLERK))
    FairVacancy.objects.create(fair_employer=make_part(fair, at=None, employer=vacancy.employer), vacancy=vacancy)
    address = f"/fairs/{fair.pk}/invitations/"
    assert "邀请 2 人" in client.post(address, {"a_place": "1", "look": "1"}).content.decode()
    assert not Invitation.objects.exists()
    assert client.post(address, {"a_place": "0", "send": "1"}).status_code == 422
    client.post(address, {"a_place": "1", "send": "1"})
    assert Invitation.objects.count() == 2


# --- grants ----------------------------------------------------------------------------------------------------------


def test_projects_and_services_are_recorded_on_one_page() -> None:
    agency, today = make_organisation(OrganisationKind.HR_AGENCY), timezone.localdate()
    client, page = pages_of(someone(Role.CLERK)), "/fairs/supported/"
    given = {"project": "1", "agency": agency.name, "name": "市场网络", "done_on": today.isoformat()}
    assert client.post(page, given).status_code == 302
    assert client.post(page, given).status_code == 422
    assert NetworkProject.objects.get().name == "市场网络"
    month = (today - timedelta(days=30)).isoformat()
    given = {"service": "1", "agency": agency.name, "start_on": month, "end_on": today.isoformat(), "declared": "40"}
    assert client.post(page, given).status_code == 302
    assert client.post(page, given).status_code == 422, "periods overlap"
    assert MatchingService.objects.get().services_given == 40
    assert "市场网络" in page_of(client, page)


def test_project_and_service_come_with_their_papers(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    agency, today = make_organisation(OrganisationKind.HR_AGENCY), timezone.localdate()
    client, page = pages_of(someone(Role.CLERK)), "/fairs/supported/"
    project = {"project": "1", "agency": agency.name, "name": "市场网络", "done_on": today.isoformat()}
    client.post(page, project | {"scan": scan("验收.png")})
    month = (today - timedelta(days=30)).isoformat()
    service = {"service": "1", "agency": agency.name, "start_on": month, "end_on": today.isoformat(), "declared": "40"}
    client.post(page, service | {"scan": scan("台账.png")})
    assert (NetworkProject.objects.get().proof, MatchingService.objects.get().proof) == (Proof.DOCUMENTED,) * 2
    shown = page_of(client, page)
    assert "验收.png" in shown and "台账.png" in shown


def test_something_of_one_s_own_is_there_for_every_part() -> None:
    me = someone(Role.TOWNSHIP)
    parts = fair_parts(me)
    client = pages_of(me)
    for address in (
        f"/fairs/{parts['fair_id']}/",
        f"/fairs/intents/{parts['intent_id']}/",
        f"/fairs/visits/{parts['visit_id']}/",
    ):
        assert page_of(client, address)
