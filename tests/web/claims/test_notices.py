"""What anybody sees without signing in: notices, masked lines, and the form to object."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.test import Client
from docx import Document

from jiujin.accounts.models import Role
from jiujin.claims.models import Objection
from jiujin.web.claims.notices import OPEN_OBJECTIONS_MAX
from tests.accounts.people import someone
from tests.web.claims.worlds import browser_of, in_notice

pytestmark = pytest.mark.django_db


def test_without_notices_the_page_says_what_comes_here() -> None:
    assert "现在没有公示" in Client().get("/claims/notices/").content.decode()


def test_notice_shows_masked_people_to_anybody() -> None:
    notice = in_notice(people=2)
    assert notice.number in Client().get("/claims/notices/").content.decode()
    page = Client().get(f"/claims/notices/{notice.pk}/").content.decode()
    person = notice.lines.first().line.person  # type: ignore[union-attr]
    assert person is not None and person.name not in page and person.id_number not in page
    assert "测*" in page and "2,000.00" in page


def test_objection_needs_no_sign_in_and_says_so_in_words_when_empty() -> None:
    notice = in_notice()
    address = f"/claims/notices/{notice.pk}/lines/{notice.lines.get().pk}/"
    assert "不用登录" in Client().get(address).content.decode()
    assert Client().post(address, {"text": " "}).status_code == 422
    Client().post(address, {"text": "不实", "contact": "13800000000"})
    assert Objection.objects.get().contact == "13800000000"
    assert notice.lines.get().line.is_stopped


def test_too_many_open_objections_to_one_line_are_not_taken() -> None:
    notice = in_notice()
    line = notice.lines.get()
    Objection.objects.bulk_create(
        Objection(line=line.line, notice=notice, text=f"{number}") for number in range(OPEN_OBJECTIONS_MAX)
    )
    answer = Client().post(f"/claims/notices/{notice.pk}/lines/{line.pk}/", {"text": "再一条"})
    assert answer.status_code == 429
    assert Objection.objects.count() == OPEN_OBJECTIONS_MAX


def test_line_of_another_notice_is_nowhere() -> None:
    first, second = in_notice(), in_notice()
    assert Client().get(f"/claims/notices/{first.pk}/lines/{second.lines.get().pk}/").status_code == 404


def test_printed_notice_has_the_days_and_every_line() -> None:
    notice = in_notice(people=2)
    document = Document(BytesIO(Client().get(f"/claims/notices/{notice.pk}/notice.docx").content))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert (
        notice.number in text
        and f"{notice.closes_on.month}月{notice.closes_on.day}日" in text
        and "2,000.00 元" in text
    )
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert rows[0] == ["序号", "姓名（名称）", "证件号码", "申报单位", "金额（元）"]
    assert [row[4] for row in rows[1:]] == ["1,000.00", "1,000.00"]


def test_resident_sees_what_was_claimed_in_their_name() -> None:
    notice = in_notice()
    line = notice.lines.get().line
    user = someone(Role.RESIDENT)
    assert line.person is not None
    line.person.user = user
    line.person.save(update_fields=["user"])
    page = browser_of(user).get("/near/me/claims/").content.decode()
    assert "稳定就业服务补助" in page and "开始公示" in page
    assert line.payee is not None and line.payee.name in page


def test_resident_in_whose_name_nothing_was_claimed_is_led_on() -> None:
    from tests.registry.factories import make_person

    user = someone(Role.RESIDENT)
    make_person(user=user)
    page = browser_of(user).get("/near/me/claims/").content.decode()
    assert "没有人用您的资料申报过" in page
