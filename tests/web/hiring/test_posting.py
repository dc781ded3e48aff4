"""Writing a vacancy: the form, what it forgives and what it does not, the preview, the check, and the steps after."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from jiujin.work.models import Occupation, Vacancy
from jiujin.work.services.submit_vacancy import submit_vacancy
from jiujin.work.states import VacancyState
from tests.accounts.people import someone
from tests.registry.factories import make_organisation
from tests.web.hiring.worlds import a_place, an_employer, an_occupation, browser_of, filled_in, open_vacancy
from tests.work.factories import make_application, make_vacancy

pytestmark = pytest.mark.django_db

NEW = "/hiring/vacancies/new/"


def only_vacancy() -> Vacancy:
    return Vacancy.objects.get()


# --- the form ------------------------------------------------------------------------------------------------------------


@pytest.mark.clause("3.3.2-collect", "3.3.2-publish")
def test_vacancy_is_written_previewed_and_published() -> None:
    user, organisation, place = an_employer()
    client = browser_of(user)
    an_occupation()
    answer = client.post(NEW, filled_in(place, occupation="4010205", wage_min="3,000元", headcount="２"))
    vacancy = only_vacancy()
    assert answer.headers["location"] == f"/hiring/vacancies/{vacancy.pk}/"
    assert (vacancy.state, vacancy.employer, vacancy.wage_min_fen) == (VacancyState.DRAFT, organisation, 300_000)
    assert (vacancy.headcount, vacancy.occupation_id, vacancy.created_by) == (2, "4010205", user)
    page = client.get(answer.headers["location"]).content.decode()
    assert "发布后，居民会看到" in page and "3000–4000 元/月" in page
    client.post(f"/hiring/vacancies/{vacancy.pk}/send/")
    vacancy.refresh_from_db()
    assert vacancy.state in (VacancyState.OPEN, VacancyState.IN_REVIEW)


def test_same_form_sent_twice_is_one_vacancy() -> None:
    user, _organisation, place = an_employer()
    client, given = browser_of(user), filled_in(place)
    first, second = client.post(NEW, given), client.post(NEW, given)
    assert first.headers["location"] == second.headers["location"]
    assert Vacancy.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"title": "   "}, "岗位名称没有填"),
        ({"title": "长" * 81}, "80"),
        ({"headcount": "0"}, "请填 1 到 10,000 的整数"),
        ({"headcount": "-3"}, "请填 1 到 10,000 的整数"),
        ({"headcount": "许多"}, "请填 1 到 10,000 的整数"),
        ({"headcount": "1.5"}, "请填 1 到 10,000 的整数"),
        ({"headcount": ""}, "招几个人没有填"),
        ({"wage_min": "面议"}, "不是金额"),
        ({"wage_min": "三千"}, "不是金额"),
        ({"wage_min": "-1"}, "不能是负数"),
        ({"wage_min": "9" * 18}, "大得不合常理"),
        ({"wage_min": "4000", "wage_max": "3000"}, "上限比下限低"),
        ({"wage_min": "", "wage_max": "3000"}, "也请写下限"),
        ({"wage_min": "nan"}, "不是金额"),
        ({"hours_a_week": "0"}, "请填 0 到 168 之间的小时数"),
        ({"hours_a_week": "1e3"}, "请填 0 到 168 之间的小时数"),
        ({"open_until": "2020-01-01"}, "已经过去"),
        ({"open_until": "2022-02-30"}, "不是日期"),
        ({"open_until": "明天"}, "不是日期"),
        ({"open_until": ""}, "招到哪天没有填"),
        ({"contact_phone": "12"}, "5 到 15 位数字"),
        ({"workplace": ""}, "工作地点没有选"),
        ({"form": "slavery"}, "slavery"),
        ({"shift": "always"}, "always"),
        ({"occupation": "9999999"}, "请从列出的职业里选一个"),
        ({"skills": "、".join(f"技{n}" for n in range(21))}, "技能最多 20 项"),
        ({"key": "no"}, "页面不完整"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field_and_nothing_is_kept_but_what_was_typed(
    given: dict[str, Any], said: str
) -> None:
    user, _organisation, place = an_employer()
    answer = browser_of(user).post(NEW, filled_in(place, description="留着的话", **given))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert "没有提交成功" in page and "留着的话" in page
    for name, value in given.items():
        if name not in ("workplace", "form", "shift", "occupation", "open_until", "key") and value.strip():
            assert value in page, f"{name} was not kept"
    assert not Vacancy.objects.exists()


def test_script_in_every_field_stays_text() -> None:
    user, _organisation, place = an_employer()
    script = "<script>alert(1)</script>"
    words = ("title", "licences", "skills", "description", "contact_name")
    client = browser_of(user)
    answer = client.post(NEW, filled_in(place, **dict.fromkeys(words, script)))
    vacancy = only_vacancy()
    pages = [
        client.get(address).content.decode()
        for address in (answer.headers["location"], f"{answer.headers['location']}edit/", "/hiring/vacancies/", "/")
    ]
    assert vacancy.title == script
    assert all(script not in page for page in pages)
    assert "&lt;script&gt;" in pages[0]
    wrong = client.post(NEW, filled_in(place, headcount="0", **dict.fromkeys(words, script)))
    assert script not in wrong.content.decode()


def test_form_begins_with_what_was_the_same_the_last_time() -> None:
    user, organisation, _place = an_employer(contact_name="王经理", contact_phone="05641234567")
    other = a_place(organisation, "城南门店")
    client = browser_of(user)
    first = client.get(NEW).context["form"]
    assert first["contact_name"].value() == "王经理"
    open_vacancy(other, shift="night", contact_name="李经理", contact_phone="05647654321", wage_period="hour")
    again = client.get(NEW).context["form"]
    assert [again[name].value() for name in ("shift", "wage_period", "contact_name", "workplace")] == [
        "night", "hour", "李经理", other.pk,
    ]  # fmt: skip
    assert again["open_until"].value() == timezone.localdate() + timedelta(days=30)
    assert not again["title"].value()


def test_employer_without_a_place_is_asked_for_one_first() -> None:
    user, _organisation, place = an_employer()
    place.delete()
    page = browser_of(user).get(NEW).content.decode()
    assert "/hiring/organisation/workplaces/new/?then=vacancy" in page


def test_another_employers_place_cannot_be_chosen() -> None:
    user, _organisation, _place = an_employer()
    foreign = a_place(make_organisation())
    answer = browser_of(user).post(NEW, filled_in(foreign))
    assert answer.status_code == 422
    assert "请从自己单位正在使用的地点里选一个" in answer.content.decode()


def test_copy_takes_everything_but_the_day() -> None:
    user, _organisation, place = an_employer()
    vacancy = open_vacancy(place, title="理货员", wage_min_fen=280_050, skills=["理货"], contact_phone="05641234567")
    client = browser_of(user)
    form = client.get(f"{NEW}?copy={vacancy.pk}").context["form"]
    assert [form[name].value() for name in ("title", "wage_min", "skills", "contact_phone")] == [
        "理货员", "2800.50", "理货", "05641234567",
    ]  # fmt: skip
    answer = client.post(f"{NEW}?copy={vacancy.pk}", filled_in(place, title="理货员二"))
    assert Vacancy.objects.get(title="理货员二").copied_from == vacancy
    assert answer.status_code == 302


# --- occupations ---------------------------------------------------------------------------------------------------------


def test_occupation_is_found_by_words_and_by_what_such_vacancies_have() -> None:
    user, _organisation, place = an_employer()
    Occupation.objects.all().delete()
    cashier, seller = an_occupation(), an_occupation("商品营业员", "4010202")
    open_vacancy(place, title="超市理货员", occupation=seller)
    client = browser_of(user)

    def found(words: str) -> list[str]:
        page = client.get("/hiring/vacancies/occupations/", {"occupation_words": words}).content.decode()
        return re.findall(r'value="(\d{7})"', page)

    assert found("收银") == [cashier.code]
    assert found("理货") == [seller.code]
    assert found("优秀营业员") == [seller.code]
    assert found("天文") == []
    assert found("") == []
    assert found("<b>") == []


def test_occupation_words_alone_choose_the_only_one_they_can_mean() -> None:
    user, _organisation, place = an_employer()
    Occupation.objects.all().delete()
    an_occupation()
    client = browser_of(user)
    client.post(NEW, filled_in(place, occupation_words="收银员"))
    assert only_vacancy().occupation_id == "4010205"
    an_occupation("收银主管", "4010206")
    page = client.post(NEW, filled_in(place, occupation_words="收银")).content.decode()
    assert "请从列出的职业里选一个" in page and 'value="4010206"' in page
    assert Vacancy.objects.count() == 1


# --- the check, and changing ----------------------------------------------------------------------------------------------


def test_draft_says_what_the_check_finds_before_it_is_sent_and_changes_nothing() -> None:
    user, _organisation, place = an_employer()
    client = browser_of(user)
    answer = client.post(NEW, filled_in(place, title="收银员 限女性", description="无"))
    page = client.get(answer.headers["location"]).content.decode()
    assert "处要改" in page and "<mark>限女性</mark>" in page
    vacancy = only_vacancy()
    assert (vacancy.state, vacancy.findings) == (VacancyState.DRAFT, [])
    sent = client.post(f"/hiring/vacancies/{vacancy.pk}/send/", follow=True).content.decode()
    vacancy.refresh_from_db()
    assert vacancy.state == VacancyState.REFUSED
    assert "没有发布，写的内容都在" in sent and "限女性" in sent
    changed = filled_in(place, title="收银员")
    client.post(f"/hiring/vacancies/{vacancy.pk}/edit/", changed)
    vacancy.refresh_from_db()
    assert (vacancy.state, vacancy.title) == (VacancyState.DRAFT, "收银员")


def test_edit_may_go_straight_through_the_check() -> None:
    user, _organisation, place = an_employer()
    vacancy = open_vacancy(place)
    answer = browser_of(user).post(f"/hiring/vacancies/{vacancy.pk}/edit/", filled_in(place, then="send"))
    vacancy.refresh_from_db()
    assert answer.status_code == 302
    assert vacancy.state in (VacancyState.OPEN, VacancyState.IN_REVIEW)


def test_edit_keeps_the_number_hired_in_mind() -> None:
    user, _organisation, place = an_employer()
    vacancy = open_vacancy(place, headcount=3, filled_count=2)
    answer = browser_of(user).post(f"/hiring/vacancies/{vacancy.pk}/edit/", filled_in(place, headcount="1"))
    assert answer.status_code == 422
    assert "已经录用 2 人" in answer.content.decode()


def test_steps_pause_resume_fill_and_close() -> None:
    user, _organisation, place = an_employer()
    client, vacancy = browser_of(user), open_vacancy(place)
    application = make_application(vacancy)
    for step, state in (("pause", "paused"), ("resume", "open"), ("fill", "filled"), ("close", "closed")):
        client.post(f"/hiring/vacancies/{vacancy.pk}/step/", {"step": step})
        vacancy.refresh_from_db()
        assert vacancy.state == state
    application.refresh_from_db()
    assert application.state == "declined"
    page = client.post(f"/hiring/vacancies/{vacancy.pk}/step/", {"step": "pause"}, follow=True).content.decode()
    assert "不能这样做，没有改动" in page
    assert client.post(f"/hiring/vacancies/{vacancy.pk}/step/", {"step": "explode"}).status_code == 404


def test_page_offers_only_what_the_state_allows() -> None:
    user, _organisation, place = an_employer()
    client = browser_of(user)
    offers = {
        "draft": {"发布", "不发了"},  # or 送审核, where a person has to look at it
        "in_review": {"不招了"},
        "refused": {"不招了"},
        "open": {"暂停", "已招满", "不招了"},
        "paused": {"恢复招聘", "已招满", "不招了"},
        "filled": {"恢复招聘", "不招了"},
        "closed": set(),
    }
    for state, expected in offers.items():
        until = timezone.localdate() + timedelta(days=9)
        vacancy = make_vacancy(state, place, open_until=until, wage_min_fen=9_000_00, published_at=timezone.now())
        page = client.get(f"/hiring/vacancies/{vacancy.pk}/").content.decode()
        buttons = set(re.findall(r"<button[^>]*>([^<]+)</button>", page.split("<main")[1].split("</main>")[0]))
        assert buttons - {"送审核"} == expected - ({"发布"} if "送审核" in buttons else set()), state


def test_list_shows_what_is_mine_by_what_has_to_be_done() -> None:
    user, _organisation, place = an_employer()
    client = browser_of(user)
    shown, waiting = open_vacancy(place, title="收银员"), make_vacancy("refused", place, title="理货员")
    make_application(shown)
    open_vacancy(a_place(make_organisation()), title="别家的岗位")
    everything = client.get("/hiring/vacancies/").content.decode()
    assert "收银员" in everything and "理货员" in everything and "别家的岗位" not in everything
    assert f"/hiring/applications/?vacancy={shown.pk}&amp;state=waiting" in everything
    mine = client.get("/hiring/vacancies/?state=mine").content.decode()
    assert waiting.title in mine and shown.title not in mine
    export = client.get("/hiring/vacancies.csv?state=open").content.decode()
    assert "收银员" in export and "理货员" not in export


def test_list_takes_as_many_statements_for_many_rows_as_for_few(django_assert_max_num_queries: Any) -> None:
    user, _organisation, place = an_employer()
    client = browser_of(user)
    for _ in range(30):
        make_application(open_vacancy(place))
    with django_assert_max_num_queries(12):
        client.get("/hiring/vacancies/")
    with django_assert_max_num_queries(12):
        client.get("/hiring/applications/")
    with django_assert_max_num_queries(25):
        client.get("/")


def test_vacancy_past_its_day_says_so_where_it_is_sent() -> None:
    user, _organisation, place = an_employer()
    vacancy = make_vacancy("draft", place, open_until=date(2020, 1, 1))
    page = browser_of(user).post(f"/hiring/vacancies/{vacancy.pk}/send/", follow=True).content.decode()
    assert "2020-01-01 已经过去，没有发布" in page


def test_submitted_vacancy_names_its_history() -> None:
    user, _organisation, place = an_employer()
    client = browser_of(user)
    client.post(NEW, filled_in(place, then="send"))
    page = client.get(f"/hiring/vacancies/{only_vacancy().pk}/").content.decode()
    assert "写好草稿" in page
    assert re.search("发布|送审核", page)


# --- whose it is ----------------------------------------------------------------------------------------------------------


def test_another_employers_vacancy_is_no_page_at_all() -> None:
    user, _organisation, _place = an_employer()
    foreign = open_vacancy(a_place(make_organisation()))
    client = browser_of(user)
    for tail in ("", "edit/", "candidates/"):
        assert client.get(f"/hiring/vacancies/{foreign.pk}/{tail}").status_code == 404
    for tail, given in (("edit/", {}), ("send/", {}), ("step/", {"step": "close"}), ("invite/", {})):
        assert client.post(f"/hiring/vacancies/{foreign.pk}/{tail}", given).status_code == 404
    assert client.get(f"{NEW}?copy={foreign.pk}").status_code == 404
    assert client.get(f"/hiring/applications/?vacancy={foreign.pk}").status_code == 404
    foreign.refresh_from_db()
    assert foreign.state == VacancyState.OPEN


def test_account_without_an_organisation_is_told_what_to_do() -> None:
    client = browser_of(someone("employer"))
    for address in ("/", "/hiring/", NEW, "/hiring/bulk/", "/hiring/organisation/"):
        assert "还没有对应的用人单位" in client.get(address).content.decode()
    assert client.post(NEW, {"title": "x"}).status_code == 200
    assert not Vacancy.objects.exists()


def test_draft_that_was_sent_meanwhile_is_not_sent_twice() -> None:
    user, _organisation, place = an_employer()
    client = browser_of(user)
    client.post(NEW, filled_in(place))
    vacancy = only_vacancy()
    submit_vacancy(vacancy=vacancy, actor=user)
    page = client.post(f"/hiring/vacancies/{vacancy.pk}/send/", follow=True).content.decode()
    assert "不能这样做，没有改动" in page
