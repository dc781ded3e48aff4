"""What is a resident's own: applications, recommendations, profile; and that nobody else's can be touched."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from jiujin.accounts.models import Role
from jiujin.core.models import Event
from jiujin.registry.models import Address, Consent, Person, Purpose
from jiujin.work.models import Application, JobWish
from jiujin.work.services.introduce import introduce
from jiujin.work.states import ApplicationState, IntroductionState
from tests.accounts.people import someone
from tests.registry.factories import make_person
from tests.web.resident.worlds import COMMUNITY, PHONE, a_resident, browser_of, said, work_at
from tests.work.factories import make_application
from tests.work.nearby.places import HERE, make_occupation

pytestmark = pytest.mark.django_db


def apply_at(client: Client, vacancy_id: int, **given: str) -> str:
    """Tap apply; where it leads."""
    answer = client.post(f"/near/vacancies/{vacancy_id}/apply/", {"id": str(uuid4()), **given})
    assert answer.status_code == 302
    return answer.headers["location"]


def test_applying_takes_one_tap_and_a_second_tap_is_the_same_application() -> None:
    vacancy = work_at(300)
    user, person = a_resident()
    client, made = browser_of(user), str(uuid4())
    assert apply_at(client, vacancy.pk, id=made) == "/near/applications/"
    assert apply_at(client, vacancy.pk, id=made) == "/near/applications/"
    assert apply_at(client, vacancy.pk) == "/near/applications/"
    application = Application.objects.get()
    assert (application.person, application.channel, application.distance_m) == (person, "online", 300)
    assert Event.objects.filter(verb="application_sent", actor=f"user:{user.pk}").count() == 1
    assert "已投递" in said(client.get("/near/applications/"))
    assert "您的申请：已投递" in said(client.get(f"/near/vacancies/{vacancy.pk}/"))


@pytest.mark.parametrize("made", ["", "not-an-id", "' OR 1=1"])
def test_application_without_an_id_is_not_sent(made: str) -> None:
    vacancy = work_at(300)
    user, _person = a_resident()
    assert apply_at(browser_of(user), vacancy.pk, id=made) == f"/near/vacancies/{vacancy.pk}/"
    assert not Application.objects.exists()


def test_vacancy_filled_meanwhile_says_so_and_takes_nobody() -> None:
    vacancy = work_at(300)
    user, _person = a_resident()
    client = browser_of(user)
    make_application(vacancy, ApplicationState.WITHDRAWN, person=Person.objects.get(user=user))
    type(vacancy).objects.filter(pk=vacancy.pk).update(state="filled")
    answer = client.post(f"/near/vacancies/{vacancy.pk}/apply/", {"id": str(uuid4())}, follow=True)
    assert "已招满" in said(answer) and Application.objects.count() == 1


def test_withdrawing_leaves_the_way_open_to_apply_again() -> None:
    vacancy = work_at(300)
    user, _person = a_resident()
    client = browser_of(user)
    apply_at(client, vacancy.pk)
    first = Application.objects.get()
    assert "已撤回" in said(client.post(f"/near/applications/{first.pk}/withdraw/", follow=True))
    first.refresh_from_db()
    assert first.state == ApplicationState.WITHDRAWN
    assert "现在是“已撤回”，不能这样做" in said(client.post(f"/near/applications/{first.pk}/withdraw/", follow=True))
    apply_at(client, vacancy.pk)
    assert Application.objects.count() == 2


def test_employer_s_number_is_shown_once_they_want_to_meet() -> None:
    vacancy = work_at(300, contact_phone="0564-3312345", contact_name="孙师傅")
    user, person = a_resident()
    client = browser_of(user)
    application = make_application(vacancy, person=person)
    for address in ("/near/applications/", f"/near/vacancies/{vacancy.pk}/"):
        assert "3312345" not in said(client.get(address))
    Application.objects.filter(pk=application.pk).update(state=ApplicationState.ACCEPTED)
    for address in ("/near/applications/", f"/near/vacancies/{vacancy.pk}/"):
        assert 'href="tel:0564-3312345"' in said(client.get(address))


def test_recommendation_is_taken_up_or_not() -> None:
    user, person = a_resident()
    specialist, client = someone(Role.SPECIALIST), browser_of(user)
    made = [
        introduce(id=uuid4(), person=person, vacancy=work_at(m), actor=specialist, reasons=["离家近"])
        for m in (200, 400)
    ]
    page = said(client.get("/near/applications/"))
    assert page.count("离家近") == 2
    client.post(f"/near/introductions/{made[0].pk}/take-up/")
    client.post(f"/near/introductions/{made[1].pk}/decline/")
    for introduction, state in zip(made, (IntroductionState.TAKEN_UP, IntroductionState.DECLINED), strict=True):
        introduction.refresh_from_db()
        assert introduction.state == state
    assert Application.objects.get().vacancy == made[0].vacancy
    assert "离家近" not in said(client.get("/near/applications/"))


@pytest.mark.parametrize(("role", "words"), [(Role.EMPLOYER, "单位邀请"), (Role.SPECIALIST, "专员推荐")])
def test_whoever_asked_is_named_the_employer_or_a_specialist(role: Role, words: str) -> None:
    user, person = a_resident()
    vacancy, client = work_at(300), browser_of(user)
    introduce(id=uuid4(), person=person, vacancy=vacancy, actor=someone(role), reasons=["离家近"])
    other = ({"单位邀请", "专员推荐"} - {words}).pop()
    for address in ("/near/applications/", f"/near/vacancies/{vacancy.pk}/"):
        page = said(client.get(address))
        assert words in page and other not in page


def test_ids_of_others_are_no_page_and_change_nothing() -> None:
    _other_user, other = a_resident()
    vacancy = work_at(300)
    application = make_application(vacancy, person=other)
    introduction = introduce(
        id=uuid4(), person=other, vacancy=work_at(500), actor=someone(Role.SPECIALIST), reasons=["离家近"]
    )
    user, _person = a_resident()
    for client in (browser_of(user), browser_of(someone(Role.RESIDENT))):
        for address in (
            f"/near/applications/{application.pk}/withdraw/",
            f"/near/introductions/{introduction.pk}/take-up/",
            f"/near/introductions/{introduction.pk}/decline/",
        ):
            assert client.post(address).status_code == 404
        page = said(client.get("/near/applications/"))
        assert vacancy.title not in page and "离家近" not in page
    application.refresh_from_db()
    introduction.refresh_from_db()
    assert (application.state, introduction.state) == (ApplicationState.SENT, IntroductionState.MADE)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.RESIDENT])
def test_no_other_role_applies_or_sees_what_is_a_resident_s(role: Role) -> None:
    vacancy, client = work_at(300), browser_of(someone(role))
    for address in ("applications/", "me/", "me/basics/", "me/home/", "me/wish/", "me/consents/"):
        assert client.get(f"/near/{address}").status_code == 403
    for address in (f"vacancies/{vacancy.pk}/apply/", "me/copy/", f"applications/{uuid4()}/withdraw/"):
        assert client.post(f"/near/{address}").status_code == 403
    assert client.get(f"/near/vacancies/{vacancy.pk}/").status_code == 200


def test_applications_come_a_page_at_a_time() -> None:
    user, person = a_resident()
    for _ in range(21):
        make_application(work_at(300), person=person)
    client = browser_of(user)
    first, second = (said(client.get("/near/applications/", {"page": number})) for number in ("1", "2"))
    assert first.count('class="head"') == 20 and second.count('class="head"') == 1
    assert client.get("/near/applications/", {"page": "nonsense"}).status_code == 200


# --- profile -------------------------------------------------------------------------------------------------------------


def test_profile_masks_what_must_not_leak() -> None:
    user, person = a_resident(phone=PHONE)
    assert person.id_number is not None
    pages = [said(browser_of(user).get(f"/near/{path}")) for path in ("me/", "me/basics/")]
    for page in pages:
        assert person.id_number not in page and PHONE not in page
    assert f"{person.id_number[:6]}********" in pages[0]


def test_name_and_identity_number_are_kept_and_a_known_number_stays() -> None:
    user, person = a_resident(id_number=None, born_on=None, sex=None)
    number = make_person().id_number
    assert number is not None
    client = browser_of(user)
    taken = client.post("/near/me/basics/", {"name": "林小禾", "id_number": number})
    assert taken.status_code == 422 and "要请工作人员核对" in said(taken)
    Person.objects.filter(id_number_index=number).delete()
    client.post("/near/me/basics/", {"name": "林小禾", "id_number": number})
    person.refresh_from_db()
    assert (person.name, person.id_number) == ("林小禾", number)
    client.post("/near/me/basics/", {"name": "林小禾", "id_number": ""})
    person.refresh_from_db()
    assert person.id_number == number


def test_home_moves_with_the_community_or_to_the_point() -> None:
    user, person = a_resident(None, home_area=None)
    client = browser_of(user)
    assert client.post("/near/me/home/", {}).status_code == 422
    client.post("/near/me/home/", {"lat": HERE[0], "lon": HERE[1]})
    person.refresh_from_db()
    assert person.home is not None and (person.home.lat, person.home.lon) == HERE
    swapped = client.post("/near/me/home/", {"lat": HERE[1], "lon": HERE[0]})
    assert swapped.status_code == 422 and "像是写反了" in said(swapped)
    assert Address.objects.count() == 1
    assert not Event.objects.filter(details__contains=str(HERE[0])).exists(), "no event says where somebody lives"


def test_wish_is_kept_and_shown_again() -> None:
    make_occupation("6040303", "缝纫工")
    user, person = a_resident()
    client = browser_of(user)
    given = {"is_looking": "on", "occupations": ["604"], "shifts": ["day"], "wage": "3500", "radius": "5000"}
    client.post("/near/me/wish/", {**given, "schooling": "2"})
    wish = JobWish.objects.get(person=person)
    assert (wish.occupations, wish.shifts, wish.wage_min_fen, wish.radius_m, wish.schooling) == (
        ["604"],
        ["day"],
        350_000,
        5000,
        2,
    )
    page = said(client.get("/near/me/wish/"))
    assert 'value="604" id="id_occupations_0" checked' in page.replace("\n", "") or "checked" in page
    client.post("/near/me/wish/", {})
    wish.refresh_from_db()
    assert (wish.is_looking, wish.occupations, wish.wage_min_fen) == (False, [], None)
    assert client.post("/near/me/wish/", {"wage": "很多"}).status_code == 422


def test_each_consent_is_given_and_taken_back_by_itself() -> None:
    user, person = a_resident()
    client = browser_of(user)
    for purpose in Purpose.values:
        client.post("/near/me/consents/", {"purpose": purpose, "agree": "yes"})
    client.post("/near/me/consents/", {"purpose": Purpose.CONTACTED, "agree": "no"})
    client.post("/near/me/consents/", {"purpose": "everything", "agree": "yes"})
    held = set(Consent.objects.filter(person=person, withdrawn_at=None).values_list("purpose", flat=True))
    assert held == set(Purpose.values) - {Purpose.CONTACTED}
    page = said(client.get("/near/me/consents/"))
    assert page.count("已同意") == 2 and page.count("没有同意") == 1


def test_copy_holds_everything_of_mine_nothing_of_others_and_leaves_an_event() -> None:
    user, person = a_resident(phone=PHONE)
    other = make_application(work_at(700), person=a_resident()[1])
    mine = make_application(work_at(300), person=person)
    client = browser_of(user)
    assert client.get("/near/me/copy/").status_code == 405, "showing the whole takes a POST"
    answer = client.post("/near/me/copy/")
    copy = answer.json()
    assert (copy["姓名"], copy["身份证号"], copy["手机号"]) == (person.name, person.id_number, PHONE)
    assert copy["居住地"]["纬度"] == HERE[0]
    assert [line["岗位"] for line in copy["申请"]] == [mine.vacancy.title] and other.vacancy.title not in said(answer)
    assert "attachment" in answer.headers["Content-Disposition"]
    assert Event.objects.filter(verb="person_exported", subject_id=str(person.pk)).count() == 1


def test_policies_name_the_groups_i_am_registered_in() -> None:
    from tests.registry.factories import make_status

    user, person = a_resident()
    assert "还没有登记人员类别" in said(browser_of(user).get("/near/policies/"))
    make_status(person, "migrant", timezone.localdate())
    assert "您登记的人员类别：农民工" in said(browser_of(user).get("/near/policies/"))
    assert COMMUNITY not in said(browser_of(user).get("/near/policies/"))
