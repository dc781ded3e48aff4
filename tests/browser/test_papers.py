"""Papers in a real browser: attached with what they prove, or later, and opened again; on a wide screen and a narrow one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from jiujin.accounts.models import Role
from jiujin.circles.models import PostHolding
from jiujin.fairs.models import FairCost, TripartiteSignature
from jiujin.registry.models import OrganisationKind
from tests.accounts.people import someone
from tests.browser.money import looks_right
from tests.browser.visitor import NARROW, WIDE, Visitor
from tests.circles.factories import make_circle
from tests.fairs.factories import make_fair
from tests.internships.factories import running
from tests.registry.factories import make_organisation, make_person
from tests.schools.factories import make_intake
from tests.web.circles.worlds import post_parts
from tests.web.scans import paper_about, scan

pytestmark = pytest.mark.django_db(transaction=True)
Visit = Callable[..., Visitor]


def a_file(folder: Path, name: str) -> Path:
    path = folder / name
    path.write_bytes(scan().read())
    return path


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_streets_decision_comes_with_its_paper_and_another_is_added_later(
    visit: Visit, tmp_path: Path, size: tuple[int, int]
) -> None:
    circle, today = make_circle(), timezone.localdate().isoformat()
    clerk = visit(size)
    clerk.sign_in(someone(Role.CLERK))
    page = clerk.go(f"/circles/{circle.pk}/contracts/")
    fold = page.locator("details:has-text('登记街道的决定')")
    fold.locator("summary").click()
    for field, value in (("mode", "委托第三方"), ("decided_on", today), ("officer", "张主任"), ("document", "街办1号")):
        fold.locator(f"[name='{field}']").fill(value)
    fold.locator("[name='scan']").set_input_files(a_file(tmp_path, "决定.png"))
    looks_right(clerk)
    fold.locator("button").click()
    expect(page.locator("main")).to_contain_text("决定.png")
    form = page.locator("form.paper").first
    form.locator("input[type='file']").set_input_files(a_file(tmp_path, "附件.png"))
    form.locator("button").click()
    expect(page.locator("main")).to_contain_text("附件.png")
    looks_right(clerk)
    address = page.locator("a:has-text('决定.png')").get_attribute("href")
    assert page.context.request.get(clerk.base + str(address)).headers["content-type"] == "image/png"


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_pages_with_papers_look_right(visit: Visit, size: tuple[int, int]) -> None:
    clerk, today = someone(Role.CLERK), timezone.localdate()
    university = make_organisation(OrganisationKind.UNIVERSITY)
    fair = make_fair("held", kind="campus", host=university, held_on=today - timedelta(days=3))
    cost = FairCost.objects.create(
        fair=fair, kind="venue", amount_fen=80_000, voucher_number="V1", paid_on=today, entered_by=clerk
    )
    signed = TripartiteSignature.objects.create(fair=fair, person=make_person(), university=university)
    internship, intake, parts = running(), make_intake(), post_parts(clerk)
    for record in (cost, signed, internship, intake, PostHolding.objects.get(pk=parts["holding_id"])):
        paper_about(record, clerk)
    desk = visit(size)
    desk.sign_in(clerk)
    for address in (
        f"/fairs/{fair.pk}/",
        f"/internships/{internship.pk}/",
        f"/schools/{intake.pk}/",
        f"/circles/posts/{parts['post_id']}/holdings/{parts['holding_id']}/",
    ):
        page = desk.go(address)
        expect(page.locator("main")).to_contain_text("扫描.png")
        looks_right(desk)
