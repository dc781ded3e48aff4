"""What a payee does: make a claim, look at each line, send, take back, mend, appeal, account, scan."""

from __future__ import annotations

from io import BytesIO
from uuid import uuid4

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from jiujin.accounts.models import Role
from jiujin.claims.models import Appeal, Claim
from jiujin.claims.services.accept_lines import accept_lines
from jiujin.claims.services.reject_lines import reject_lines
from jiujin.claims.services.return_lines import return_lines
from jiujin.claims.services.screen_entitled import screen_entitled
from jiujin.funds.models import PayeeAccount
from jiujin.registry.models import EvidenceFile, OrganisationKind
from tests.accounts.people import someone
from tests.claims.factories import set_rates
from tests.exchange.uploads import workbook_bytes
from tests.rosters.workbooks import stable
from tests.web.claims.worlds import a_claim, a_payee, a_placement, browser_of, ids_of, line_of, sent, statements_of
from tests.web.desk.worlds import PIXEL

pytestmark = pytest.mark.django_db


def test_page_without_claims_says_what_to_do() -> None:
    user, _organisation = a_payee()
    page = browser_of(user).get("/claims/").content.decode()
    assert "还没有申报" in page and 'href="/claims/new/"' in page


def test_account_without_organisation_is_told_what_to_do() -> None:
    page = browser_of(someone(Role.OPERATOR)).get("/claims/").content.decode()
    assert "账号还没有挂到单位名下" in page


def test_organisation_sees_the_schemes_that_pay_it_and_no_others() -> None:
    user, _organisation = a_payee(Role.EMPLOYER, OrganisationKind.INTERNSHIP_BASE)
    page = browser_of(user).get("/claims/new/").content.decode()
    assert "就业见习生活补贴" in page or "internship-living-allowance" in page
    assert "scheme=stable-employment" not in page


def test_one_press_makes_a_claim_of_the_records_and_shows_each_verdict() -> None:
    user, organisation = a_payee()
    set_rates()
    a_placement(organisation)
    client = browser_of(user)
    assert "一键生成" in client.get("/claims/new/?scheme=stable-employment").content.decode()
    answer = client.post("/claims/new/", {"scheme": "stable-employment", "way": "records"}, follow=True)
    shown = answer.content.decode()
    assert "已由记录生成 1 行，还没有提交" in shown
    assert "提交符合的 1 行" in shown and "1,000.00" in shown
    assert Claim.objects.get().lines.get().state == "draft"


def test_pressed_twice_makes_one_claim() -> None:
    user, organisation = a_payee()
    a_placement(organisation)
    client, form = browser_of(user), {"scheme": "stable-employment", "way": "records", "claim_id": str(uuid4())}
    client.post("/claims/new/", form)
    client.post("/claims/new/", form)
    assert Claim.objects.count() == 1


def test_nothing_to_claim_is_said_on_the_page() -> None:
    user, _organisation = a_payee()
    answer = browser_of(user).post("/claims/new/", {"scheme": "stable-employment", "way": "records"})
    assert answer.status_code == 422
    assert "没有生成申报" in answer.content.decode()


def test_roster_becomes_lines_and_its_wrong_cells_are_listed() -> None:
    user, organisation = a_payee()
    rows = [stable(1, 运营机构=organisation.name), stable(2, 运营机构=organisation.name, 社会保险缴纳月数="很多")]
    upload = SimpleUploadedFile("名单.xlsx", workbook_bytes(rows))
    form = {"scheme": "stable-employment", "way": "roster", "file": upload}
    answer = browser_of(user).post("/claims/new/", form)
    assert "名单里要改的格" in answer.content.decode()
    assert Claim.objects.get().lines.count() == 2


@pytest.mark.parametrize("upload", [None, SimpleUploadedFile("a.txt", b"x"), SimpleUploadedFile("a.xlsx", b"")])
def test_file_that_is_no_roster_makes_nothing(upload: SimpleUploadedFile | None) -> None:
    user, _organisation = a_payee()
    form = {"scheme": "stable-employment", "way": "roster"} | ({"file": upload} if upload else {})
    answer = browser_of(user).post("/claims/new/", form)
    assert answer.status_code == 422 and "没有改动" in answer.content.decode()
    assert not Claim.objects.exists()


def test_met_lines_go_and_unmet_ones_stay() -> None:
    user, organisation = a_payee()
    set_rates()
    person = a_placement(organisation).person
    a_placement(organisation, person=person)
    client = browser_of(user)
    client.post("/claims/new/", {"scheme": "stable-employment", "way": "records", "with_unmet": "1"})
    claim = Claim.objects.get()
    page = client.post(f"/claims/{claim.pk}/send/", {"which": "met"}, follow=True).content.decode()
    assert "已提交" in page
    assert sorted(line.state for line in claim.lines.all()) == ["draft", "submitted"]


def test_ticked_lines_are_taken_back() -> None:
    user, organisation = a_payee()
    claim = sent(user, organisation, people=2)
    first, second = ids_of(claim)
    browser_of(user).post(f"/claims/{claim.pk}/withdraw/", {"line": [first]})
    assert [line_of(claim).state, line_of(claim, 2).state] == ["withdrawn", "submitted"]
    assert second


def test_returned_line_shows_the_officers_words_and_is_judged_again_after_mending() -> None:
    user, organisation = a_payee()
    claim = sent(user, organisation)
    return_lines(ids=ids_of(claim), reasons="缺合同复印件", actor=someone(Role.CLERK), now=timezone.now())
    client = browser_of(user)
    assert "缺合同复印件" in client.get(f"/claims/{claim.pk}/").content.decode()
    line = line_of(claim)
    assert "缺合同复印件" in client.get(f"/claims/lines/{line.pk}/").content.decode()
    client.post(f"/claims/lines/{line.pk}/mend/")
    assert line_of(claim).state == "draft"


def test_rejected_line_may_be_appealed_once_at_a_time() -> None:
    user, organisation = a_payee()
    claim, clerk = sent(user, organisation), someone(Role.CLERK)
    accept_lines(ids=ids_of(claim), actor=clerk, now=timezone.now())
    reject_lines(ids=ids_of(claim), reasons="合同不实", actor=clerk, now=timezone.now())
    client, line = browser_of(user), line_of(claim)
    assert "不服可以申诉" in client.get(f"/claims/lines/{line.pk}/").content.decode()
    assert client.post(f"/claims/lines/{line.pk}/appeal/", {"text": " "}).status_code == 422
    client.post(f"/claims/lines/{line.pk}/appeal/", {"text": "合同是真的"})
    assert Appeal.objects.get().text == "合同是真的"
    assert "不服可以申诉" not in client.get(f"/claims/lines/{line.pk}/").content.decode()


def test_what_a_screening_found_waits_for_one_confirmation() -> None:
    user, organisation = a_payee()
    set_rates()
    a_placement(organisation)
    client = browser_of(user)
    assert "现在没有找到" in client.get("/claims/entitled/").content.decode()
    (claim,) = screen_entitled(scheme="stable-employment", actor="system:screening", now=timezone.now())
    assert "找到了 1 份还没有申报的" in client.get("/claims/").content.decode()
    assert "1 人，共 1,000.00 元" in client.get("/claims/entitled/").content.decode()
    assert line_of(claim).state == "draft"
    client.post(f"/claims/{claim.pk}/confirm/")
    assert line_of(claim).state == "submitted"


def test_account_waits_for_confirmation_and_is_masked() -> None:
    user, organisation = a_payee()
    client = browser_of(user)
    assert "还没有收款账户" in client.get("/claims/account/").content.decode()
    given = {"holder": organisation.name, "bank": "某银行某支行", "number": "6222 0200 0000 1234"}
    page = client.post("/claims/account/", given, follow=True).content.decode()
    assert "等确认" in page and "************1234" in page and "6222" not in page
    assert PayeeAccount.objects.get().number == "6222020000001234"
    assert client.post("/claims/account/", given | {"number": "12"}).status_code == 422


def test_stamped_scan_is_kept_with_its_hash() -> None:
    user, organisation = a_payee()
    claim = a_claim(user, organisation)
    client = browser_of(user)
    client.post(f"/claims/{claim.pk}/scan/", {"file": SimpleUploadedFile("盖章.png", PIXEL)})
    claim.refresh_from_db()
    assert claim.stamped_scan is not None and len(claim.stamped_scan.sm3) == 64
    assert client.get(f"/claims/{claim.pk}/scan/file/").content == PIXEL


def test_evidence_is_attached_to_a_line() -> None:
    user, organisation = a_payee()
    line = line_of(a_claim(user, organisation))
    form = {"kind": "labour_contract", "file": SimpleUploadedFile("合同.png", PIXEL)}
    browser_of(user).post(f"/claims/lines/{line.pk}/attach/", form)
    assert EvidenceFile.objects.get(subject_kind="claims.claimline", subject_id=str(line.pk)).kind == "labour_contract"


def test_another_organisations_claim_and_line_are_nowhere() -> None:
    user, organisation = a_payee()
    claim = a_claim(user, organisation)
    stranger = browser_of(a_payee()[0])
    for address in (f"/claims/{claim.pk}/", f"/claims/{claim.pk}/claim.pdf", f"/claims/lines/{line_of(claim).pk}/"):
        assert stranger.get(address).status_code == 404
    assert stranger.post(f"/claims/{claim.pk}/send/", {"which": "met"}).status_code == 404
    assert line_of(claim).state == "draft"


@pytest.mark.parametrize("role", [Role.CLERK, Role.RESIDENT, Role.ADMINISTRATOR])
def test_wrong_role_is_refused(role: Role) -> None:
    assert browser_of(someone(role)).get("/claims/").status_code == 403


@pytest.mark.parametrize(("address", "most"), [("/claims/", 10), ("/claims/{claim}/", 17)], ids=["list", "with panel"])
def test_lists_take_few_statements_however_long(address: str, most: int) -> None:
    user, organisation = a_payee()
    claim = a_claim(user, organisation, people=12)
    client, address = browser_of(user), address.format(claim=claim.pk)
    client.get(address)
    assert len(statements_of(lambda: client.get(address))) <= most


def test_list_leaves_as_workbook_and_as_csv() -> None:
    user, organisation = a_payee()
    claim = a_claim(user, organisation)
    client = browser_of(user)
    sheet = openpyxl.load_workbook(BytesIO(client.get("/claims/claims.xlsx").content)).active
    assert sheet["A2"].value == claim.number
    assert claim.number in client.get("/claims/claims.csv").content.decode("utf-8-sig")
    lines = openpyxl.load_workbook(BytesIO(client.get(f"/claims/{claim.pk}/lines.xlsx").content)).active
    assert lines["C2"].value == "符合"


def test_list_is_narrowed_by_state_and_scheme() -> None:
    user, organisation = a_payee()
    claim = a_claim(user, organisation)
    client = browser_of(user)
    assert claim.number in client.get("/claims/?state=draft&scheme=stable-employment").content.decode()
    assert claim.number not in client.get("/claims/?scheme=flexible-employment").content.decode()
    assert claim.number not in client.get("/claims/?state=decided").content.decode()
