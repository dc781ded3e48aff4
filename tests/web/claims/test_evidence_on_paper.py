"""Evidence is printed with its claim, in order, with contents and page numbers; what cannot be a page is listed with the reason."""

from __future__ import annotations

import io
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.actions import JavaScript
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

from jiujin.accounts.models import Role, User
from jiujin.claims.models import Claim
from jiujin.registry.services.keep_evidence import keep_evidence
from jiujin.registry.storage import evidence_path
from jiujin.web.claims.paper import evidence_pages
from jiujin.work.models import Placement
from tests.accounts.people import someone
from tests.web.claims.test_papers import texts
from tests.web.claims.worlds import a_claim, a_payee, browser_of, line_of

pytestmark = pytest.mark.django_db


def a_pdf(*words: str, size: tuple[float, float] = A4, rotate: int = 0, script: bool = False) -> bytes:
    """A PDF with a page for each word."""
    drawn = io.BytesIO()
    canvas = Canvas(drawn, pagesize=size)
    for word in words:
        canvas.drawString(72, 72, word)
        canvas.showPage()
    canvas.save()
    writer = PdfWriter(clone_from=PdfReader(drawn))
    for page in writer.pages:
        page.rotate(rotate)
    if script:
        writer.add_open_action(JavaScript("app.alert(1)"))
        writer.add_uri(0, "https://example.org", (0, 0, 100, 100))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def a_picture(size: tuple[int, int] = (40, 60), kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "green").save(out, kind)
    return out.getvalue()


def filed() -> tuple[User, Claim]:
    user, organisation = a_payee()
    return user, a_claim(user, organisation, people=2)


def kept(subject: Any, name: str, content: bytes, by: User) -> Any:
    return keep_evidence(subject=subject, upload=SimpleUploadedFile(name, content), kind="", actor=by)


def printed(user: User, claim: Claim) -> bytes:
    return bytes(browser_of(user).get(f"/claims/{claim.pk}/claim.pdf").content)


def where(pages: list[str], words: str) -> int:
    """The number of the page on which these words stand, after the contents."""
    return next(at for at, page in enumerate(pages[1:], start=2) if words in page)


def test_pictures_and_pdf_pages_follow_the_list_in_the_lines_order_with_contents_and_numbers() -> None:
    user, claim = filed()
    kept(line_of(claim, 2), "second.pdf", a_pdf("PAGE-C"), user)
    kept(line_of(claim, 1), "first.pdf", a_pdf("PAGE-A", "PAGE-B"), user)
    kept(claim, "photo.png", a_picture(), user)
    kept(Placement.objects.get(pk=line_of(claim, 1).record_id), "contract.pdf", a_pdf("PAGE-R"), user)
    content = printed(user, claim)
    pages = texts(content)
    order = [where(pages, words) for words in ("四、佐证清单", "PAGE-A", "PAGE-B", "PAGE-R", "PAGE-C")]
    assert order == sorted(order) and order[1] == order[0] + 2, "the picture comes between the list and the first PDF"
    assert "photo.png" in pages[order[0]] and len(PdfReader(BytesIO(content)).pages[order[0]].images) == 1
    for name in ("photo.png", "first.pdf", "contract.pdf", "second.pdf"):
        assert name in pages[0], "the contents name it"
    assert str(order[4]) in pages[0]
    assert f"第 {order[4]} 页 共 {len(pages)} 页" in pages[order[4] - 1]
    assert "佐证 2" in pages[order[1] - 1] and "第 2 页，共 2 页" in pages[order[2] - 1]


def test_a_wide_page_lies_across_and_a_turned_one_stands_upright() -> None:
    user, claim = filed()
    kept(claim, "wide.pdf", a_pdf("WIDE", size=landscape(A4)), user)
    kept(claim, "turned.pdf", a_pdf("TURNED", rotate=90), user)
    content = printed(user, claim)
    pages, read = texts(content), PdfReader(BytesIO(content))
    for word in ("WIDE", "TURNED"):
        box = read.pages[where(pages, word) - 1].mediabox
        assert box.width > box.height


def test_nothing_that_acts_comes_along() -> None:
    user, claim = filed()
    kept(claim, "acts.pdf", a_pdf("ACTS", script=True), user)
    content = printed(user, claim)
    assert "ACTS" in "".join(texts(content))
    assert b"/JavaScript" not in content and b"/URI" not in content


def test_what_cannot_be_a_page_is_listed_with_the_reason() -> None:
    user, claim = filed()
    sealed = PdfWriter(clone_from=PdfReader(BytesIO(a_pdf("SECRET"))))
    sealed.encrypt("x")
    out = io.BytesIO()
    sealed.write(out)
    kept(claim, "sealed.pdf", out.getvalue(), user)
    kept(claim, "broken.pdf", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n", user)
    gone = kept(claim, "gone.png", a_picture((41, 60)), user)
    evidence_path(gone.pk).unlink()
    whole = "".join(texts(printed(user, claim))).replace("\n", "")
    assert "加了密码" in whole and "PDF 打不开" in whole and "文件读不出来" in whole and "SECRET" not in whole


def test_the_claims_own_stamped_paper_is_not_printed_into_it() -> None:
    user, claim = filed()
    claim.stamped_scan = kept(claim, "stamped.pdf", a_pdf("STAMPED"), user)
    claim.save(update_fields=["stamped_scan"])
    whole = "".join(texts(printed(user, claim)))
    assert "stamped.pdf" in whole and "STAMPED" not in whole


def test_a_print_stays_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence_pages, "PAGES_MAX", 4)
    monkeypatch.setattr(evidence_pages, "FILE_PAGES_MAX", 3)
    monkeypatch.setattr(evidence_pages, "FILE_BYTES_MAX", 20_000)
    user, claim = filed()
    kept(claim, "long.pdf", a_pdf(*(f"L-{at}" for at in range(6))), user)
    kept(claim, "heavy.pdf", a_pdf(*("x" * 90 for _ in range(120))), user)
    kept(claim, "next.pdf", a_pdf("N-0", "N-1"), user)
    kept(claim, "last.png", a_picture(), user)
    whole = "".join(texts(printed(user, claim))).replace("\n", "")
    assert "L-2" in whole and "L-3" not in whole and "共 6 页，只附前 3 页" in whole
    assert "太大，另附电子件" in whole
    assert "N-0" in whole and "N-1" not in whole and "整份太长，另附电子件" in whole


def test_a_large_picture_is_made_as_small_as_a_page_needs() -> None:
    opened = evidence_pages._picture(a_picture((4000, 3000), "JPEG"))
    [page] = opened.pages
    assert isinstance(page, evidence_pages.PicturePage)
    assert (page.width, page.height) == (1600, 1200) and opened.bytes == len(page.jpeg) < 200_000
    with pytest.raises(evidence_pages.NotPrintable):
        evidence_pages._picture(b"no picture")


def test_the_office_prints_the_same_evidence() -> None:
    user, claim = filed()
    kept(line_of(claim, 1), "first.pdf", a_pdf("PAGE-A"), user)
    answer = browser_of(someone(Role.CLERK)).get(f"/claims/queue/claims/{claim.pk}/claim.pdf")
    assert "PAGE-A" in "".join(texts(answer.content))
