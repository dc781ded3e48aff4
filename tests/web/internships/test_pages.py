"""Pages of the internships: what each may do there, from the application to the certificate."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from jiujin.accounts.models import Role, User
from jiujin.core.proof import Proof
from jiujin.internships.models import Base, InternApplication, Internship
from tests.accounts.people import someone
from tests.internships.factories import accepted, agree, apply, make_base, make_post, running, unit_user
from tests.internships.test_import import book, line
from tests.registry.factories import make_organisation, make_person
from tests.web.scans import broken_scan, scan

pytestmark = pytest.mark.django_db
FEW_STATEMENTS = 10


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(name: str, *parts: Any) -> str:
    return reverse(f"internships:{name}", args=parts)


def do(user: User, name: str, pk: int, act: str, **given: Any) -> Any:
    return of(user).post(address(name, pk), {"act": act, **given})


@pytest.mark.clause("2.2-interns", "3.2.2-collect", "3.2.2-apply", "3.2.2-meetings")
def test_way_from_a_units_application_to_a_running_internship() -> None:
    unit, clerk = make_organisation(), someone(Role.CLERK)
    employer = unit_user(unit)
    resident = someone(Role.RESIDENT)
    make_person(user=resident)
    of(employer).post(address("my-base"), {"mentor": "测试导师"})
    base = Base.objects.get(unit=unit)
    assert do(employer, "base", base.pk, "recognise", document="甲", recognised_on="2026-01-01").status_code == 404
    do(clerk, "base", base.pk, "recognise", document="测试认字1号", recognised_on="2030-01-01")
    base.refresh_from_db()
    assert base.state == "recognised"
    Base.objects.filter(pk=base.pk).update(recognised_on=date(2022, 1, 1))
    post = {"title": "测试岗", "headcount": 1, "months": 6, "open_from": "2022-01-01", "open_until": "2030-12-31"}
    low = do(employer, "base", base.pk, "offer", stipend_fen="1999.99", **post)
    assert low.status_code == 422 and "不低于" in low.content.decode()
    do(employer, "base", base.pk, "offer", stipend_fen="2000", **post)
    offered = base.posts.get()
    do(
        clerk,
        "post",
        offered.pk,
        "publish",
        channel="区政府网站",
        published_on="2022-06-01",
        address="https://example.invalid/1",
    )
    wish = {
        "group": "graduate",
        "graduated_on": "2022-06-30",
        "start_on": "2022-07-01",
        "months": 6,
        "wants": offered.pk,
    }
    of(resident).post(address("near-apply"), wish)
    application = InternApplication.objects.get()
    assert application.state == "eligible"
    assert "符合条件" in of(resident).get(address("near")).content.decode()
    do(clerk, "application", application.pk, "recommend", post=offered.pk)
    do(employer, "application", application.pk, "accept")
    term = {"start_on": "2022-07-01", "end_on": "2022-12-31", "agreement_on": "2022-07-01"}
    do(employer, "application", application.pk, "agree", **term)
    internship = Internship.objects.get()
    do(employer, "internship", internship.pk, "begin")
    internship.refresh_from_db()
    assert internship.state == "running"
    said = do(employer, "internship", internship.pk, "month", month="2022-07-05", attended_days=21, stipend_fen="1500")
    page = of(employer).get(said.headers["location"]).content.decode()
    assert "低于方案的 2,000.00 元" in page
    certificate = address("certificate", internship.pk)
    assert of(employer).get(certificate).status_code == 404, "nothing is certified before the term is full"
    do(employer, "internship", internship.pk, "complete", certificate_number="Z1")
    internship.refresh_from_db()
    assert (internship.state, internship.certificate_number) == ("completed", "Z1")
    assert certificate in of(employer).get(address("internship", internship.pk)).content.decode()
    paper = of(employer).get(certificate)
    assert (paper.status_code, paper.content[:2]) == (200, b"PK")
    do(
        clerk,
        "internship",
        internship.pk,
        "follow",
        after_months=1,
        asked_on="2023-02-01",
        is_employed="yes",
        is_at_the_unit="yes",
    )
    assert internship.follow_ups.get().is_at_the_unit is True


def test_papers_document_the_agreement_and_the_labour_contract_and_the_unit_s_own_are_its_own() -> None:
    internship = running()
    employer, stranger = unit_user(internship.unit), unit_user(make_organisation())
    do(employer, "internship", internship.pk, "agreement", agreement=scan("协议.png"))
    do(
        employer,
        "internship",
        internship.pk,
        "insure",
        insured_on="2022-07-01",
        insurance_number="B1",
        scan=scan("保单.png"),
    )
    do(employer, "internship", internship.pk, "complete", certificate_number="Z1", scan=scan("鉴定.png"))
    contract = {"contract_start_on": "2023-01-01", "contract_end_on": "2023-12-31"}
    do(employer, "internship", internship.pk, "absorb", **contract)
    internship.refresh_from_db()
    assert (internship.proof, internship.contract_proof) == (Proof.DOCUMENTED, Proof.DECLARED)
    do(employer, "internship", internship.pk, "absorb", **contract, scan=scan("合同.png"))
    internship.refresh_from_db()
    assert internship.contract_proof == Proof.DOCUMENTED
    assert do(employer, "internship", internship.pk, "agreement", agreement=scan()).status_code == 404, "it is there"
    page = of(employer).get(address("internship", internship.pk)).content.decode()
    assert all(name in page for name in ("协议.png", "保单.png", "鉴定.png", "合同.png"))
    assert internship.agreement is not None
    paper = address("paper", internship.agreement.pk)
    assert of(employer).get(paper).status_code == 200
    assert of(stranger).get(paper).status_code == 404
    about = {"about": f"internships.internship:{internship.pk}", "file": scan()}
    assert of(stranger).post(address("attach"), about).status_code == 404


def test_base_is_applied_for_and_recognised_with_papers() -> None:
    unit, clerk = make_organisation(), someone(Role.CLERK)
    employer = unit_user(unit)
    assert of(employer).post(address("my-base"), {"mentor": "师傅", "scan": broken_scan()}).status_code == 422
    assert not Base.objects.exists(), "a paper that cannot be read refuses all of it"
    of(employer).post(address("my-base"), {"mentor": "师傅", "scan": scan("申请.png")})
    base = Base.objects.get(unit=unit)
    today = timezone.localdate().isoformat()
    do(clerk, "base", base.pk, "recognise", document="认字1号", recognised_on=today, scan=scan("认定.png"))
    page = of(employer).get(address("base", base.pk)).content.decode()
    assert "申请.png" in page and "认定.png" in page


def test_another_units_interns_look_like_none() -> None:
    internship = running()
    stranger = unit_user(make_base().unit)
    for name, pk in (("internship", internship.pk), ("base", internship.post.base_id), ("post", internship.post_id)):
        assert of(stranger).get(address(name, pk)).status_code == 404
    assert do(stranger, "internship", internship.pk, "interrupt", ended_on="2022-08-01", reasons="x").status_code == 404


def test_supervisor_reads_and_can_do_nothing() -> None:
    internship = running()
    supervisor = someone(Role.SUPERVISOR)
    page = of(supervisor).get(address("internship", internship.pk))
    assert page.status_code == 200 and "可以办的事" not in page.content.decode()
    assert do(supervisor, "internship", internship.pk, "complete").status_code == 404


def test_refused_form_comes_back_with_its_sentence_and_keeps_what_was_written() -> None:
    internship = running()
    clerk = someone(Role.CLERK)
    answer = do(clerk, "internship", internship.pk, "interrupt", ended_on="2023-02-01", reasons="测试原因")
    page = answer.content.decode()
    assert answer.status_code == 422 and "做满的请办期满" in page and "测试原因" in page


def test_person_of_fifteen_is_told_why_on_the_phone() -> None:
    user = someone(Role.RESIDENT)
    make_person(id_number=None, born_on=date(2006, 7, 2), sex="male", user=user)
    of(user).post(address("near-apply"), {"group": "youth", "start_on": "2022-07-01", "months": 3})
    page = of(user).get(address("near")).content.decode()
    assert "不符合条件" in page and "15 岁" in page


def test_counter_registers_an_application_for_a_known_person_only() -> None:
    clerk, person = someone(Role.CLERK), make_person()
    wish = {"group": "graduate", "graduated_on": "2022-06-30", "start_on": "2022-07-01", "months": 6}
    unknown = of(clerk).post(address("new-application"), {**wish, "id_number": "123"})
    assert unknown.status_code == 422
    of(clerk).post(address("new-application"), {**wish, "id_number": person.id_number})
    assert InternApplication.objects.get().person_id == person.pk


def test_meeting_recommends_those_who_are_ticked() -> None:
    clerk, post = someone(Role.CLERK), make_post(headcount=2)
    first, second = apply(), apply()
    page = of(clerk).get(address("meeting")).content.decode()
    assert f"{first.pk}-{post.pk}" in page and f"{second.pk}-{post.pk}" in page
    of(clerk).post(address("meeting"), {"pair": [f"{first.pk}-{post.pk}"]})
    states = dict(InternApplication.objects.order_by("pk").values_list("pk", "state"))
    assert states == {first.pk: "recommended", second.pk: "eligible"}


def test_roster_is_imported_on_its_page_and_a_units_account_takes_its_own_rows_only(tmp_path: Path) -> None:
    unit, other = make_base().unit, make_base().unit
    path = book(tmp_path / "a.xlsx", [line(1, unit.name), line(2, other.name)])
    upload = SimpleUploadedFile("a.xlsx", path.read_bytes())
    page = of(unit_user(unit)).post(address("import"), {"file": upload}).content.decode()
    assert "别的单位的" in page and Internship.objects.count() == 1
    assert of(someone(Role.CLERK)).post(address("import"), {}).status_code == 422


def test_agreement_is_downloaded_as_a_document() -> None:
    answer = of(someone(Role.CLERK)).get(address("agreement", agree().pk))
    assert answer.content[:2] == b"PK" and "docx" in answer.headers["content-disposition"]


def test_lists_take_few_statements_however_long(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    post = make_post(headcount=60)
    for _ in range(12):
        running(application=accepted(post))
    client = of(someone(Role.CLERK))
    for name in ("list", "bases", "applications", "follow-ups"):
        with django_assert_max_num_queries(FEW_STATEMENTS):
            assert client.get(address(name)).status_code == 200
