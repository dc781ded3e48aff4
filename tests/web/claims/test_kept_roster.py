"""The roster that a claim was filed from: whoever may see the claim gets it back as it came, and that is written down."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from jiujin.accounts.models import Role, User
from jiujin.claims.models import Claim, ClaimLine
from jiujin.core.models import Event
from tests.accounts.people import someone
from tests.claims.factories import act_as
from tests.exchange.uploads import content_of, workbook_bytes
from tests.rosters.workbooks import stable
from tests.web.claims.worlds import a_payee, browser_of, line_of

pytestmark = pytest.mark.django_db


def filed_from(book: bytes) -> tuple[User, Claim]:
    """A claim filed through the page from a workbook."""
    user, _organisation = a_payee()
    upload = SimpleUploadedFile("某单位 名单.xlsx", book)
    browser_of(user).post("/claims/new/", {"scheme": "stable-employment", "way": "roster", "file": upload})
    return user, Claim.objects.get()


def book() -> bytes:
    return workbook_bytes([stable(1, 运营机构=""), stable(2, 运营机构="")])


def readings_of(claim: Claim) -> int:
    return Event.objects.filter(verb="roster_handed_out", subject_id=str(claim.pk)).count()


def test_payee_gets_the_roster_back_as_it_came() -> None:
    content = book()
    user, claim = filed_from(content)
    client = browser_of(user)
    assert "某单位 名单.xlsx" in client.get(f"/claims/{claim.pk}/").content.decode()
    answer = client.post(f"/claims/{claim.pk}/roster/")
    assert content_of(answer) == content
    assert answer["Content-Disposition"].startswith("attachment")
    assert readings_of(claim) == 1


def test_officer_gets_it_from_the_lines_page_and_it_is_no_evidence_of_one_line() -> None:
    content = book()
    _user, claim = filed_from(content)
    line, client = line_of(claim), browser_of(someone(Role.REVIEWER))
    page = client.get(f"/claims/queue/lines/{line.pk}/").content.decode()
    assert "下载原名单" in page and "某单位 名单.xlsx" not in page
    assert content_of(client.post(f"/claims/queue/lines/{line.pk}/roster/")) == content
    evidence = claim.roster
    assert evidence is not None
    assert client.get(f"/claims/queue/lines/{line.pk}/evidence/{evidence.pk}/").status_code == 404
    assert readings_of(claim) == 1


def test_officer_of_one_area_does_not_get_a_roster_that_names_people_of_others() -> None:
    _user, claim = filed_from(book())
    line, other = line_of(claim), line_of(claim, 2)
    client = browser_of(someone(Role.CLERK, area_code="341502001"))
    assert "下载原名单" in client.get(f"/claims/queue/lines/{line.pk}/").content.decode()
    act_as()
    ClaimLine.objects.filter(pk=other.pk).update(area_code="341502002001", version=other.version + 1)
    assert "下载原名单" not in client.get(f"/claims/queue/lines/{line.pk}/").content.decode()
    assert client.post(f"/claims/queue/lines/{line.pk}/roster/").status_code == 404


def test_another_payee_and_a_claim_without_a_roster_get_nothing() -> None:
    _user, claim = filed_from(book())
    other, _organisation = a_payee()
    assert browser_of(other).post(f"/claims/{claim.pk}/roster/").status_code == 404
    assert readings_of(claim) == 0
