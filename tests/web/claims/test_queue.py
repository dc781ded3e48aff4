"""What officers do: the queue by step, one line decided or a selection, reasons, facts verified, who came second."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jiujin.accounts.models import Role, User
from jiujin.claims.models import ClaimLine, Decision, Notice, VerifiedFact
from jiujin.claims.services.accept_lines import accept_lines
from jiujin.claims.services.claim_from_records import claim_from_records
from jiujin.claims.services.close_notices import close_notices
from jiujin.claims.services.publish_notice import publish_notice
from jiujin.claims.services.reject_lines import reject_lines
from jiujin.claims.services.screen_entitled import screen_entitled
from jiujin.claims.services.submit_claim import submit_claim
from jiujin.registry.models import OrganisationKind
from jiujin.registry.services.keep_evidence import keep_evidence
from tests.accounts.people import someone
from tests.claims.factories import NOW, act_as, payee_user, set_rates
from tests.claims.records import enrolment, internship
from tests.funds.factories import granted
from tests.registry.factories import make_organisation
from tests.web.claims.worlds import (
    a_claim,
    a_payee,
    a_placement,
    bring_to,
    browser_of,
    ids_of,
    in_notice,
    line_of,
    sent,
    statements_of,
)
from tests.web.desk.worlds import PIXEL

pytestmark = pytest.mark.django_db


def a_queue(step: str = "acceptance", people: int = 1) -> tuple[ClaimLine, User, User]:
    """A line that waits for a step, with the clerk and the reviewer who brought it there."""
    user, organisation = a_payee()
    claim = sent(user, organisation, people=people)
    clerk, reviewer = someone(Role.CLERK), someone(Role.REVIEWER)
    bring_to(claim, step, clerk=clerk, reviewer=reviewer)
    return line_of(claim), clerk, reviewer


def decide(client: Client, line: ClaimLine, event: str, **given: object) -> str:
    """Press a button of the line's form."""
    form = {"line": f"{line.pk}:{line.version}", "event": event, "back": "/claims/queue/", **given}
    return client.post("/claims/queue/decide/", form, follow=True).content.decode()


def test_office_names_who_is_paid_where_no_record_does() -> None:
    page = "/claims/queue/entitled/"
    clerk, reviewer = browser_of(someone(Role.CLERK)), browser_of(someone(Role.REVIEWER))
    assert "现在没有找到" in clerk.get(page).content.decode()
    internship()
    [claim] = screen_entitled(scheme="internship-accident-insurance", actor="system:screening", now=timezone.now())
    assert "还没有登记过能收这笔钱的单位" in clerk.get(page).content.decode()
    insurer = make_organisation(OrganisationKind.INSURER)
    assert insurer.name in clerk.get(page).content.decode()
    assert "由区县经办确认" in reviewer.get(page).content.decode()
    address = f"{page}{claim.pk}/confirm/"
    assert reviewer.post(address, {"payee": insurer.pk}).status_code == 404
    assert "没有写明付给哪个单位" in clerk.post(address, {"payee": ""}, follow=True).content.decode()
    assert "已确认并提交" in clerk.post(address, {"payee": insurer.pk}, follow=True).content.decode()
    assert line_of(claim).state == "submitted" and line_of(claim).payee == insurer


def test_office_sees_what_waits_for_payees_and_what_records_lack() -> None:
    user, organisation = a_payee()
    set_rates()
    a_placement(organisation)
    a_placement(organisation).registrations.all().delete()
    screen_entitled(scheme="stable-employment", actor="system:screening", now=timezone.now())
    page = browser_of(someone(Role.LEADER)).get("/claims/queue/entitled/").content.decode()
    assert organisation.name in page and "1 人，共 1,000.00 元" in page and "1 条缺：" in page
    assert user


def test_empty_queue_says_where_to_look() -> None:
    page = browser_of(someone(Role.CLERK)).get("/claims/queue/").content.decode()
    assert "这一步没有等着办的" in page and 'href="/claims/queue/matters/"' in page


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.TOWNSHIP, Role.RESIDENT, Role.SPECIALIST])
def test_wrong_role_is_refused(role: Role) -> None:
    assert browser_of(someone(role)).get("/claims/queue/").status_code == 403


def test_officer_lands_on_their_own_step_with_counts_for_each() -> None:
    line, _clerk, reviewer = a_queue("second_review")
    page = browser_of(reviewer).get("/claims/queue/").content.decode()
    assert '复审 <span class="count">1</span>' in page and '受理 <span class="count">0</span>' in page
    assert line.payee.name in page and "1,000.00" in page and "通过勾选的" in page


def test_line_shows_conditions_facts_and_due_day_beside_the_queue() -> None:
    line, clerk, _reviewer = a_queue()
    page = browser_of(clerk).get("/claims/queue/").content.decode()
    assert "社会保险" in page and "6 个月以上" in page and "条款" in page
    assert line.due_on is not None and line.due_on.isoformat() in page


def test_accepting_one_leads_on_and_is_written_down() -> None:
    line, clerk, _reviewer = a_queue()
    assert "已受理 1 行" in decide(browser_of(clerk), line, "accept")
    assert line_of(line.claim).state == "accepted"
    assert Decision.objects.filter(line=line, event="line_accepted", by=clerk).exists()


def test_selection_goes_together_where_all_are_met_and_clear() -> None:
    line, clerk, _reviewer = a_queue("first_review", people=3)
    ticks = [f"{each.pk}:{each.version}" for each in line.claim.lines.all()]
    browser_of(clerk).post("/claims/queue/decide/", {"line": ticks, "event": "pass", "many": "1"})
    assert {each.state for each in line.claim.lines.all()} == {"first_passed"}


def test_selection_with_a_doubtful_line_goes_nowhere() -> None:
    line, clerk, _reviewer = a_queue("first_review", people=2)
    act_as()
    ClaimLine.objects.filter(pk=line.pk).update(
        version=F("version") + 1,
        risk="marked",
        marks=[{"rule": "x", "effect": "mark", "line": None, "message": "请核实"}],
    )
    ticks = [f"{each.pk}:{each.version}" for each in line.claim.lines.all()]
    form = {"line": ticks, "event": "pass", "many": "1"}
    page = browser_of(clerk).post("/claims/queue/decide/", form, follow=True).content.decode()
    assert "不能批量办，没有改动" in page
    assert {each.state for each in line.claim.lines.all()} == {"accepted"}


def test_return_needs_reasons_and_the_payee_reads_them() -> None:
    line, clerk, _reviewer = a_queue()
    client = browser_of(clerk)
    assert "请写明理由" in decide(client, line, "return")
    assert line_of(line.claim).state == "submitted"
    decide(client, line, "return", reason="社会保险 5 个月，要求 6 个月以上", reasons="请补缴费证明")
    told = Decision.objects.get(line=line, event="line_returned").reasons
    assert told == "社会保险 5 个月，要求 6 个月以上；请补缴费证明"


def test_unmet_conditions_are_suggested_as_reasons() -> None:
    user, organisation = a_payee()
    claim = a_claim(user, organisation)
    placement_id = claim.lines.get().record_id
    from jiujin.claims.services.submit_claim import submit_claim
    from jiujin.work.models import InsuranceMonth

    InsuranceMonth.objects.filter(placement=placement_id).order_by("-month")[:1].get().delete()
    submit_claim(claim=claim, actor=user, now=timezone.now(), ids=ids_of(claim))
    page = browser_of(someone(Role.CLERK)).get("/claims/queue/").content.decode()
    assert 'name="reason" value="社会保险 5 个月，要求 6 个月以上" checked' in page


def test_who_comes_second_sees_what_the_first_changed_and_keeps_what_they_wrote() -> None:
    line, clerk, _reviewer = a_queue()
    second = someone(Role.CLERK, display_name="李二")
    accept_lines(ids=[line.pk], actor=clerk, now=timezone.now())
    form = {"line": f"{line.pk}:{line.version}", "event": "return", "reasons": "缺合同"}
    answer = browser_of(second).post("/claims/queue/decide/", form)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "刚才被别人处理过" in page and clerk.display_name in page and "缺合同" in page
    assert line_of(line.claim).state == "accepted"


def test_reviewer_cannot_decide_a_clerks_step() -> None:
    line, _clerk, reviewer = a_queue("first_review")
    client = browser_of(reviewer)
    assert "不由您的角色来办" in client.get(f"/claims/queue/lines/{line.pk}/").content.decode()
    assert "这一步不由您的角色来办" in decide(client, line, "pass")
    assert line_of(line.claim).state == "accepted"


def test_verified_facts_stand_beside_the_declared_and_the_line_is_judged_by_them() -> None:
    line, clerk, _reviewer = a_queue("first_review")
    client, address = browser_of(clerk), f"/claims/queue/lines/{line.pk}/"
    form = {"fact_social_insurance_months": "4", "proof": "3", "basis": "社保系统查询"}
    page = client.post(f"{address}verify/", form, follow=True).content.decode()
    assert "已记下核实的 1 项事实，并重新判断" in page and "社保系统查询" in page and "4 个月" in page
    assert VerifiedFact.objects.get().value == 4
    assert line_of(line.claim).verdict == "unmet"


def test_verifying_nothing_or_without_basis_is_refused() -> None:
    line, clerk, _reviewer = a_queue("first_review")
    client = browser_of(clerk)
    for form in ({"proof": "3", "basis": "查询"}, {"fact_social_insurance_months": "4", "proof": "3", "basis": ""}):
        assert client.post(f"/claims/queue/lines/{line.pk}/verify/", form).status_code == 422
    assert not VerifiedFact.objects.exists()


def test_evidence_of_the_line_is_shown_and_no_other() -> None:
    line, clerk, _reviewer = a_queue()
    kept = keep_evidence(subject=line, upload=SimpleUploadedFile("合同.png", PIXEL), kind="", actor=clerk)
    other = keep_evidence(subject=clerk, upload=SimpleUploadedFile("别的.png", PIXEL), kind="", actor=clerk)
    client = browser_of(clerk)
    assert client.get(f"/claims/queue/lines/{line.pk}/evidence/{kept.pk}/").content == PIXEL
    assert client.get(f"/claims/queue/lines/{line.pk}/evidence/{other.pk}/").status_code == 404


def test_line_of_another_area_is_nowhere() -> None:
    line, _clerk, _reviewer = a_queue()
    stranger = browser_of(someone(Role.CLERK, area_code="341599"))
    assert stranger.get(f"/claims/queue/lines/{line.pk}/").status_code == 404
    assert line.payee.name not in stranger.get("/claims/queue/").content.decode()


def test_passed_lines_are_put_to_notice_by_the_clerk() -> None:
    line, clerk, _reviewer = a_queue("public_notice")
    assert "已公示 1 行" in decide(browser_of(clerk), line, "notice")
    assert Notice.objects.get().lines.get().line_id == line.pk


def test_filters_narrow_the_queue() -> None:
    line, clerk, _reviewer = a_queue()
    client, payee = browser_of(clerk), line.payee.name
    for query, seen in (
        ("scheme=stable-employment", True),
        ("scheme=flexible-employment", False),
        ("risk=marked", False),
        ("verdict=met", True),
        (f"town={line.area_code[:9]}", True),
        (f"q={payee}", True),
        ("q=没有", False),
    ):
        page = client.get(f"/claims/queue/?stage=acceptance&{query}").content.decode()
        assert (line.claim.number in page) == seen, query


def test_queue_leaves_as_a_workbook_with_reasons() -> None:
    line, clerk, _reviewer = a_queue()
    sheet = openpyxl.load_workbook(
        BytesIO(browser_of(clerk).get("/claims/queue/lines.xlsx?stage=acceptance").content)
    ).active
    assert sheet["A2"].value == line.claim.number
    assert "社会保险 6 个月" in sheet["I2"].value


def test_queue_takes_few_statements_however_long() -> None:
    _line, clerk, _reviewer = a_queue(people=12)
    client = browser_of(clerk)
    client.get("/claims/queue/")
    assert len(statements_of(lambda: client.get("/claims/queue/"))) <= 12


def test_objection_stops_the_line_until_it_is_answered() -> None:
    notice = in_notice()
    shown = notice.lines.get()
    Client().post(f"/claims/notices/{notice.pk}/lines/{shown.pk}/", {"text": "这个人已经不在这里上班"})
    other = browser_of(someone(Role.REVIEWER))
    page = other.get("/claims/queue/matters/").content.decode()
    assert "这个人已经不在这里上班" in page
    objection = shown.line.objections.get()
    assert (
        "没有写答复"
        in other.post(f"/claims/queue/objections/{objection.pk}/", {"upheld": "no"}, follow=True).content.decode()
    )
    other.post(f"/claims/queue/objections/{objection.pk}/", {"upheld": "no", "answer": "已核实在岗"})
    objection.refresh_from_db()
    assert (objection.state, objection.answer) == ("dismissed", "已核实在岗")
    assert "已核实在岗" in other.get("/claims/queue/matters/?state=answered").content.decode()


def test_upheld_appeal_brings_the_line_back() -> None:
    from jiujin.claims.services.raise_appeal import raise_appeal

    user, organisation = a_payee()
    claim, clerk = sent(user, organisation), someone(Role.CLERK)
    accept_lines(ids=ids_of(claim), actor=clerk, now=timezone.now())
    reject_lines(ids=ids_of(claim), reasons="合同不实", actor=clerk, now=timezone.now())
    appeal = raise_appeal(line_id=line_of(claim).pk, text="合同是真的", actor=user, now=timezone.now())
    reviewer = browser_of(someone(Role.REVIEWER))
    reviewer.post(f"/claims/queue/appeals/{appeal.pk}/", {"upheld": "yes", "answer": "核实为真"})
    assert line_of(claim).state == "accepted"


def test_upheld_objection_rejects_the_line_where_the_officer_says_so() -> None:
    notice = in_notice()
    shown = notice.lines.get()
    Client().post(f"/claims/notices/{notice.pk}/lines/{shown.pk}/", {"text": "合同是假的"})
    objection = shown.line.objections.get()
    form = {"upheld": "reject", "answer": "核实是假的"}
    browser_of(someone(Role.REVIEWER)).post(f"/claims/queue/objections/{objection.pk}/", form)
    shown.line.refresh_from_db()
    assert shown.line.state == "rejected"


def test_approval_names_its_meeting() -> None:
    notice = in_notice()
    close_notices(now=timezone.now() + timedelta(days=60))
    line = notice.lines.get().line
    line.refresh_from_db()
    page = decide(browser_of(someone(Role.LEADER)), line, "approve", meeting=" ")
    assert "批准要写会议名称、编号和日期" in page


def test_approval_commits_the_budget_and_keeps_the_meeting() -> None:
    notice = in_notice()
    close_notices(now=timezone.now() + timedelta(days=60))
    line = notice.lines.get().line
    granted(10_000_000)
    line.refresh_from_db()
    leader = browser_of(someone(Role.LEADER))
    assert "已批准 1 行" in decide(leader, line, "approve", meeting="党组会〔2022〕7 号 2022-07-01")
    assert Decision.objects.get(line=line, event="line_approved").meeting == "党组会〔2022〕7 号 2022-07-01"


def test_approval_without_budget_is_a_sentence_and_changes_nothing() -> None:
    notice = in_notice()
    close_notices(now=timezone.now() + timedelta(days=60))
    line = notice.lines.get().line
    line.refresh_from_db()
    page = decide(browser_of(someone(Role.LEADER)), line, "approve", meeting="党组会 7 号")
    assert "预算" in page
    line.refresh_from_db()
    assert line.state == "noticed"


def test_each_ticks_what_their_role_decides_where_a_step_has_lines_of_two_ways() -> None:
    a_queue("public_notice")
    published_and_over()
    students = enrolment()
    given = {"claim_id": uuid4(), "scheme": "technical-school-training", "payee": students.school, "now": NOW}
    claim = claim_from_records(actor=payee_user(students.school, Role.SCHOOL), **given)
    submit_claim(claim=claim, actor="system:test", now=NOW)
    bring_to(claim, "second_review", clerk=someone(Role.CLERK), reviewer=someone(Role.REVIEWER))
    for role, scheme in ((Role.LEADER, "stable-employment"), (Role.REVIEWER, "technical-school-training")):
        page = browser_of(someone(role)).get(reverse("claims:queue"), {"stage": "approval"}).content.decode()
        assert page.count("data-row=") == 2
        [ticked] = re.findall(r'class="tick" type="checkbox" name="line" value="(\d+):', page)
        assert ClaimLine.objects.get(pk=ticked).scheme == scheme


def published_and_over() -> None:
    """Everything that waits to be published, with its notice over."""
    ids = list(ClaimLine.objects.filter(state="second_passed").order_by("pk").values_list("pk", flat=True))
    publish_notice(ids=ids, actor=someone(Role.CLERK), now=timezone.now())
    close_notices(now=timezone.now() + timedelta(days=30))
