"""Paper is read back: the claim's PDF in order, the letters of an approval with the meeting's number and date."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from docx import Document
from pypdf import PdfReader

from jiujin.accounts.models import Role
from jiujin.claims.models import Decision
from jiujin.claims.services.close_notices import close_notices
from tests.accounts.people import someone
from tests.claims.factories import act_as
from tests.web.claims.worlds import a_claim, a_payee, browser_of, in_notice, line_of

pytestmark = pytest.mark.django_db
MEETING = "局党组会议〔2022〕第 7 号，2022年7月1日"


def texts(pdf: bytes) -> list[str]:
    """The text of each page."""
    return [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]


def test_claim_prints_in_order_with_contents_and_page_numbers() -> None:
    user, organisation = a_payee()
    claim = a_claim(user, organisation, people=40)
    pages = texts(browser_of(user).get(f"/claims/{claim.pk}/claim.pdf").content)
    whole = "\n".join(pages)
    order = (
        [whole.index(title) for title in ("一、申请\n根", "二、汇总\n", "三、名单\n序", "四、佐证清单\n")]
        if "一、申请\n根" in whole
        else []
    )
    starts = {
        title: next(at for at, page in enumerate(pages[1:], start=2) if title in page)
        for title in ("一、申请", "二、汇总", "三、名单", "四、佐证清单")
    }
    assert list(starts.values()) == sorted(starts.values()) and order == sorted(order)
    for title, page in starts.items():
        assert title in pages[0] and str(page) in pages[0]
    assert f"第 1 页 共 {len(pages)} 页" in pages[0]
    assert "本人签字" in whole and "盖章" in whole and organisation.name in pages[0]


def test_names_and_numbers_on_paper_are_masked() -> None:
    user, organisation = a_payee()
    claim = a_claim(user, organisation)
    whole = "\n".join(texts(browser_of(user).get(f"/claims/{claim.pk}/claim.pdf").content))
    person = line_of(claim).person
    assert person is not None and person.id_number not in whole and person.name not in whole


def test_roster_lies_across_on_a4_and_on_a3_with_every_fact() -> None:
    user, organisation = a_payee()
    claim = a_claim(user, organisation)
    client = browser_of(user)
    small = PdfReader(BytesIO(client.get(f"/claims/{claim.pk}/claim.pdf").content))
    large = PdfReader(BytesIO(client.get(f"/claims/{claim.pk}/claim.pdf?size=a3").content))
    assert {round(float(page.mediabox.width)) for page in small.pages} == {595, 842}
    assert {round(float(page.mediabox.width)) for page in large.pages} == {595, 1191}
    assert "运营机构" in "\n".join(page.extract_text() for page in large.pages)


def test_office_prints_the_claim_too() -> None:
    user, organisation = a_payee()
    claim = a_claim(user, organisation)
    answer = browser_of(someone(Role.CLERK)).get(f"/claims/queue/claims/{claim.pk}/claim.pdf")
    assert answer.content.startswith(b"%PDF")


def read_back(content: bytes) -> tuple[str, list[list[str]]]:
    """A document's text, and the cells of all its tables."""
    document = Document(BytesIO(content))
    cells = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    return "\n".join(paragraph.text for paragraph in document.paragraphs), cells


def test_request_is_written_of_what_waits_for_approval() -> None:
    notice = in_notice(people=2)
    close_notices(now=timezone.now() + timedelta(days=60))
    client = browser_of(someone(Role.LEADER))
    assert "2 行，2,000.00 元" in client.get("/claims/queue/papers/").content.decode()
    text, cells = read_back(
        client.get("/claims/queue/papers/letter.docx?kind=request&scheme=stable-employment").content
    )
    assert "请示" in text and notice.number in text and "2,000.00 元" in text
    assert ["", "合计", "", "2", "2,000.00"] in cells


@pytest.mark.parametrize(("kind", "word"), [("form", "呈批表"), ("payment", "的函")])
def test_papers_of_an_approval_name_the_meeting(kind: str, word: str) -> None:
    line = in_notice().lines.get().line
    act_as()
    fields = {"source": "noticed", "target": "approved", "verdict": "met", "amount_fen": 100_000, "line_version": 9}
    Decision.objects.create(line=line, event="line_approved", meeting=MEETING, **fields)
    client = browser_of(someone(Role.LEADER))
    assert MEETING in client.get("/claims/queue/papers/").content.decode()
    answer = client.get("/claims/queue/papers/letter.docx", {"kind": kind, "meeting": MEETING})
    text, cells = read_back(answer.content)
    assert word in text
    assert MEETING in text + str(cells) and line.payee.name in str(cells)


def test_letter_of_nothing_is_a_sentence() -> None:
    page = browser_of(someone(Role.CLERK)).get("/claims/queue/papers/letter.docx?kind=request").content.decode()
    assert "没有可以写进文书的明细" in page


def test_pages_without_papers_say_what_comes() -> None:
    page = browser_of(someone(Role.LEADER)).get("/claims/queue/papers/").content.decode()
    assert "没有等着批准的" in page and "还没有批准过" in page
