"""The desk in a real browser: a phone without a network, a card reader, a signature, the keys, and how the pages look."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from jiujin.accounts.models import Role, User
from jiujin.registry.models import Area, EvidenceFile, Person
from jiujin.values import make_demo_id
from jiujin.work.models import GroupSession, Introduction, ServiceRecord
from jiujin.work.services.correct_service import void_service
from tests.accounts.people import someone
from tests.browser.visitor import NARROW, WIDE, Visitor
from tests.registry.factories import make_area, make_status
from tests.web.desk.days import BORN
from tests.web.desk.worlds import EAST, open_vacancy, resident, today
from tests.work.factories import add_income, make_placement

pytestmark = pytest.mark.django_db(transaction=True)
SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])


def township() -> User:
    make_area(EAST)
    Area.objects.filter(code=EAST).update(lat=31.75, lon=116.5)
    return someone(Role.TOWNSHIP, area_code=EAST[:9])


def note_one(visitor: Visitor, who: str, text: str, kind: str = "上门") -> None:
    page = visitor.page
    page.fill("#serve-find", who)
    page.click("#serve-people button")
    page.click(f".taps label:has-text('{kind}')")
    page.fill("#serve-note", text)
    page.click("[data-serve] button.primary")


def ready_to_go_out(visitor: Visitor) -> None:
    """The page open, the people and the page for bad times kept."""
    visitor.go("/desk/services/")
    visitor.page.wait_for_selector("[data-pick-said]:has-text('没有网络也能用')")
    visitor.page.evaluate("navigator.serviceWorker.ready.then(() => true)")


def test_three_services_noted_without_a_network_are_there_once_when_it_is_back(visit: Callable[..., Visitor]) -> None:
    me, people = township(), [resident(name=name) for name in ("张小兰", "李大强", "王一民")]
    visitor = visit(NARROW)
    page = visitor.page
    visitor.sign_in(me)
    ready_to_go_out(visitor)

    page.context.set_offline(True)
    for number, person in enumerate(people, 1):
        note_one(visitor, str(person.id_number)[-4:], f"第{number}户")
        expect(page.locator("[data-waiting-count]")).to_have_text(str(number))
    expect(page.locator("[data-queue-list] li")).to_have_count(3)
    assert page.locator("[data-queue-list] .chip").all_inner_texts() == ["待上传"] * 3
    assert visitor.violations() == []
    assert not ServiceRecord.objects.exists()

    page.context.set_offline(False)
    expect(page.locator("[data-waiting]")).to_be_hidden()
    held = {(s.person_id, s.note, s.kind, s.served_by_id) for s in ServiceRecord.objects.all()}
    assert held == {(p.pk, f"第{n}户", "visit", me.pk) for n, p in enumerate(people, 1)}
    assert ServiceRecord.objects.count() == 3
    visitor.go("/desk/services/")
    expect(page.locator("[data-pick-said]")).to_contain_text("没有网络也能用")
    assert ServiceRecord.objects.count() == 3, "opened again, nothing is sent again"


def test_page_opened_without_a_network_still_takes_a_service(visit: Callable[..., Visitor]) -> None:
    me, person = township(), resident(name="张小兰")
    visitor = visit(NARROW)
    page = visitor.page
    visitor.sign_in(me)
    ready_to_go_out(visitor)
    page.context.set_offline(True)
    visitor.go("/desk/")
    assert me.display_name not in page.inner_text("body"), "what the phone keeps names nobody"
    expect(page.locator("#serve-on")).to_have_value(str(today()))
    note_one(visitor, "张", "路上遇到", "电话")
    expect(page.locator("[data-waiting-count]")).to_have_text("1")
    page.context.set_offline(False)
    expect(page.locator("[data-waiting]")).to_be_hidden()
    assert (ServiceRecord.objects.get().person_id, ServiceRecord.objects.get().note) == (person.pk, "路上遇到")


def test_record_that_is_refused_stays_on_the_phone_with_the_reason(visit: Callable[..., Visitor]) -> None:
    me, person = township(), resident(name="张小兰")
    visitor = visit(NARROW)
    page = visitor.page
    visitor.sign_in(me)
    ready_to_go_out(visitor)
    page.context.set_offline(True)
    note_one(visitor, "张", "搬走了")
    Person.objects.filter(pk=person.pk).update(home_area=None)
    page.context.set_offline(False)
    expect(page.locator("[data-queue-list]")).to_contain_text("不在您的服务范围内")
    page.click("text=删掉这条")
    expect(page.locator("[data-waiting]")).to_be_hidden()
    assert not ServiceRecord.objects.exists()


def test_another_s_records_on_the_same_phone_wait_for_their_own_sign_in(visit: Callable[..., Visitor]) -> None:
    first, second = township(), someone(Role.TOWNSHIP, area_code=EAST[:9])
    resident(name="张小兰")
    visitor = visit(NARROW)
    page = visitor.page
    visitor.sign_in(first)
    ready_to_go_out(visitor)
    page.context.set_offline(True)
    note_one(visitor, "张", "甲记的")
    page.context.clear_cookies()
    page.context.set_offline(False)
    expect(page.locator("[data-waiting-note]")).to_contain_text("记录还在手机里")
    visitor.sign_in(second)
    visitor.go("/desk/services/")
    expect(page.locator("[data-pick-said]")).to_contain_text("没有网络也能用")
    expect(page.locator("[data-waiting]")).to_be_hidden()
    assert not ServiceRecord.objects.exists()
    page.context.clear_cookies()
    visitor.sign_in(first)
    visitor.go("/desk/")
    expect(page.locator("[data-waiting]")).to_be_hidden()
    assert ServiceRecord.objects.get().served_by == first


def test_card_opens_whom_it_knows_and_fills_in_whom_it_does_not(visit: Callable[..., Visitor]) -> None:
    visitor, known, number = visit(), resident(name="张小兰"), make_demo_id(BORN, 901)
    page = visitor.page
    visitor.sign_in(township())
    visitor.go("/desk/counter/")
    assert page.evaluate("document.activeElement.id") == "find-q"
    page.keyboard.type(f"张小兰 {known.id_number}")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/desk/people/{known.pk}/")

    visitor.go("/desk/counter/")
    page.keyboard.type(f"{number} 赵新来")
    page.keyboard.press("Enter")
    page.wait_for_selector("#id_name")
    assert (page.input_value("#id_id_number"), page.input_value("#id_name")) == (number, "赵新来")
    assert not page.locator("#id_born_on").is_visible(), "the number says the birth"
    page.select_option("#id_area", EAST)
    page.click("label:has-text('农民工')")
    page.click("label:has-text('白班')")
    page.click("label:has-text('接收岗位和政策通知')")
    page.click("text=保存登记")
    page.wait_for_selector("h1:has-text('赵新来 已登记')")
    person = Person.objects.get(id_number_index=number)
    assert (person.wish.shifts, person.consents.get().purpose) == (["day"], "contacted")
    page.click("button:has-text('给本人一个登录码')")
    assert page.inner_text(".big-code").replace(" ", "").isdigit()


def test_card_read_in_the_form_fills_it_and_its_enter_saves_nothing(visit: Callable[..., Visitor]) -> None:
    visitor, number = visit(), make_demo_id(BORN, 902)
    page = visitor.page
    visitor.sign_in(township())
    visitor.go("/desk/counter/")
    page.focus("#id_id_number")
    page.keyboard.insert_text(f"姓名：赵新来 公民身份号码：{number}")
    page.keyboard.press("Enter")
    assert (page.input_value("#id_id_number"), page.input_value("#id_name")) == (number, "赵新来")
    assert page.evaluate("document.activeElement.id") == "id_phone"
    assert not Person.objects.exists()


def test_signature_and_photo_are_kept_in_one_step(visit: Callable[..., Visitor]) -> None:
    visitor, person = visit(), resident()
    page = visitor.page
    visitor.sign_in(township())
    visitor.go(f"/desk/people/{person.pk}/")
    page.click("[data-sign]")
    box = page.locator("canvas").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 60, steps=5)
    page.mouse.up()
    assert visitor.violations() == []
    page.click("[data-sign-keep]")
    page.wait_for_selector(".notice:has-text('已附上')")
    kept = EvidenceFile.objects.get()
    assert (kept.kind, kept.media_type, kept.subject_id) == ("signature", "image/png", str(person.pk))
    assert "本人签名" in page.inner_text("[aria-labelledby=evidence-title] .plain-lines")
    page.set_input_files("[data-attach-file]", {"name": "照片.txt", "mimeType": "image/png", "buffer": b"no picture"})
    page.wait_for_selector(".notice.late")
    assert EvidenceFile.objects.count() == 1


def test_service_noted_on_the_file_is_on_its_line_of_time(visit: Callable[..., Visitor]) -> None:
    visitor, person = visit(), resident()
    page = visitor.page
    visitor.sign_in(township())
    visitor.go(f"/desk/people/{person.pk}/")
    page.fill("#serve-note", "约了周五面试")
    page.click("[data-serve] button.primary")
    page.wait_for_selector(".file-line li:has-text('约了周五面试')")
    assert person.services.count() == 1


def test_desk_by_keys_alone(visit: Callable[..., Visitor]) -> None:
    visitor, people = visit(), [resident(name=name) for name in ("甲甲", "乙乙", "丙丙")]
    page = visitor.page
    visitor.sign_in(township())
    visitor.go("/desk/people/?sort=created")
    page.keyboard.press("j")
    page.wait_for_selector("#panel h2:has-text('乙乙')")
    page.keyboard.press("k")
    page.wait_for_selector("#panel h2:has-text('甲甲')")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/desk/people/{people[0].pk}/")
    visitor.go("/desk/people/")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.hasAttribute('data-search')")
    page.keyboard.type("丙")
    page.keyboard.press("Enter")
    expect(page.locator("[data-row]")).to_have_count(1)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    page.wait_for_selector("#keys-help[open]")


@SIZES
def test_session_of_twenty_is_pasted_looked_at_and_saved(visit: Callable[..., Visitor], size: tuple[int, int]) -> None:
    visitor, people = visit(size), [resident() for _ in range(20)]
    page = visitor.page
    visitor.sign_in(township())
    visitor.go("/desk/sessions/new/")
    page.fill("#id_title", "家政培训宣讲")
    page.fill("#id_lines", "\n".join([*(str(p.id_number) for p in people), "没有号码"]))
    page.click("button[name=look]")
    page.wait_for_selector("h2:has-text('20 人到场')")
    assert visitor.violations() == [] and not visitor.is_wider_than_the_window()
    page.click("button[name=save]")
    page.wait_for_selector("h1:has-text('家政培训宣讲')")
    assert GroupSession.objects.get().services.count() == 20


@SIZES
def test_every_page_of_the_desk_looks_right(visit: Callable[..., Visitor], size: tuple[int, int]) -> None:
    me = township()
    person, vacancy = resident(name="张小兰", phone="13800001111"), open_vacancy(days=3)
    resident(name="张小军", phone="13800001111")
    make_status(person, "migrant", today() - timedelta(days=400))
    visited = ServiceRecord.objects.create(
        person=person, kind="visit", served_on=today(), served_by=me, note="家里走访，说了很多话" * 9
    )
    mistaken = ServiceRecord.objects.create(person=person, kind="call", served_on=today(), served_by=me)
    void_service(id=uuid4(), record=mistaken, reason="记错了人", actor=me)
    Introduction.objects.create(person=person, vacancy=vacancy, made_by=me, reasons=["离家直线 800 米"])
    placement = make_placement(today() - timedelta(days=100), person=person)
    add_income(placement, [180_000, None])
    session = GroupSession.objects.create(id=uuid4(), title="宣讲", held_on=today(), held_by=me)
    ServiceRecord.objects.create(person=person, kind="session", served_on=today(), served_by=me, session=session)
    visitor = visit(size)
    visitor.sign_in(me)
    file = f"/desk/people/{person.pk}/"
    pages = (
        *(f"/desk/?list={key}" for key in ("unmatched", "lapsing", "months", "introductions", "due")),
        "/desk/people/",
        "/desk/people/?q=没有这个人",
        file,
        *(f"{file}{page}/" for page in ("recommend", "registered", "situation", "placements/new")),
        *(f"{file}services/{each.pk}/" for each in (visited, mistaken)),
        f"/desk/placements/{placement.pk}/",
        f"/desk/vacancies/{vacancy.pk}/",
        "/desk/counter/",
        "/desk/services/",
        "/desk/services/offline/",
        "/desk/sessions/",
        "/desk/sessions/new/",
        f"/desk/sessions/{session.pk}/",
    )
    wrong = []
    for address in pages:
        visitor.go(address)
        wrong += [(address, violation) for violation in visitor.violations()]
        wrong += [(address, "wider than the window")] if visitor.is_wider_than_the_window() else []
    assert wrong == []


@SIZES
def test_pages_of_a_mended_service_and_of_a_corrected_number_look_right(
    visit: Callable[..., Visitor], size: tuple[int, int]
) -> None:
    me, person = township(), resident(name="张小兰")
    record = ServiceRecord.objects.create(person=person, kind="call", served_on=today(), served_by=me)
    visitor = visit(size)
    visitor.sign_in(me)
    page, file = visitor.page, f"/desk/people/{person.pk}/"
    looks_right(visitor, f"{file}services/{record.pk}/")
    page.fill("#id_reason", "日期记错了")
    page.fill("#id_note", "说好周五面试")
    page.click("form[action$='/correct/'] button")
    page.wait_for_selector(".notice:has-text('已更正')")
    looks_right(visitor)
    looks_right(visitor, f"{file}services/{record.pk}/")

    looks_right(visitor, f"{file}identity/")
    page.fill("#id_id_number", str(person.id_number))
    page.fill("#id_reason", "看过原件")
    page.click("main form button.primary")
    page.wait_for_selector(".error-summary, .field-error")
    looks_right(visitor)
    page.fill("#id_id_number", make_demo_id(BORN, 903))
    page.click("main form button.primary")
    page.wait_for_selector(".notice:has-text('另一位经办')")
    looks_right(visitor, f"{file}identity/")

    clerk = visit(size)
    clerk.sign_in(someone())
    looks_right(clerk, "/merging/")
    clerk.page.fill("form[action*='/identities/'] input[name=id_number]", make_demo_id(BORN, 904))
    clerk.page.click("form[action*='/identities/'] button.primary")
    clerk.page.wait_for_selector(".notice:has-text('不一样')")
    looks_right(clerk)


def looks_right(visitor: Visitor, address: str = "") -> None:
    """The page at an address, or the one that is open: axe has nothing to say, and nobody scrolls sideways."""
    if address:
        visitor.go(address)
    assert visitor.violations() == [], address
    assert not visitor.is_wider_than_the_window(), address
