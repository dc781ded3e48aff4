"""The residents' way in: telephones, families, slips of paper; and what a stranger can find out (nothing)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from jiujin.accounts.models import Role, User
from jiujin.accounts.services.hand_code import hand_code
from jiujin.core.models import Event, OutboundMessage
from jiujin.registry.models import Person
from tests.accounts.people import someone
from tests.registry.factories import make_area, make_person
from tests.web.resident.worlds import COMMUNITY, PHONE, a_resident, ask_for_code, browser_of, enter, said
from tests.work.nearby.places import HERE

pytestmark = pytest.mark.django_db


def who_is_in(client: Client) -> Person | None:
    """The person whose session the browser holds."""
    user_id = client.session.get("_auth_user_id")
    return Person.objects.filter(user=user_id).first() if user_id else None


def test_new_telephone_leads_to_two_questions_and_then_in() -> None:
    make_area(COMMUNITY)
    client = Client()
    assert enter(client).headers["location"] == "/near/enter/new/"
    answer = client.post("/near/enter/new/", {"name": "林小禾", "area": COMMUNITY})
    assert answer.headers["location"] == "/near/"
    person = who_is_in(client)
    assert person is not None
    assert (person.name, person.phone, person.home_area_id) == ("林小禾", PHONE, COMMUNITY)
    assert person.user is not None and person.user.role == Role.RESIDENT
    assert not person.user.has_usable_password()
    assert person.wish.is_looking
    assert not person.consents.exists(), "nothing is agreed to before it is asked"


def test_home_may_be_where_i_stand() -> None:
    client = Client()
    enter(client)
    client.post("/near/enter/new/", {"name": "林小禾", "lat": HERE[0], "lon": HERE[1]})
    person = who_is_in(client)
    assert person is not None and person.home is not None
    assert (person.home.lat, person.home.lon, person.home.is_rough) == (*HERE, False)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"name": "林小禾"}, "请选社区或村，或者用现在的位置"),
        ({"name": " ", "lat": "31.75", "lon": "116.52"}, "没有提交成功"),
        ({"name": "林小禾", "lat": "116.52", "lon": "31.75"}, "像是写反了"),
        ({"name": "林小禾", "lat": "0", "lon": "0"}, "多半是没有取到位置"),
        ({"name": "林小禾", "lat": "nan", "lon": "nan"}, "没有提交成功"),
        ({"name": "林小禾", "area": "999999999999"}, "没有提交成功"),
        ({"name": "林小禾", "lat": "31.75", "lon": "116.52", "id_number": "341502199001011234"}, "校验码不对"),
    ],
)
def test_what_will_not_do_is_told_and_nothing_is_kept(given: dict[str, str], words: str) -> None:
    client = Client()
    enter(client)
    answer = client.post("/near/enter/new/", given)
    assert answer.status_code == 422
    assert words in said(answer)
    assert not Person.objects.exists() and not User.objects.exists()


def test_identity_number_that_somebody_has_opens_nothing_and_names_nobody() -> None:
    other = make_person()
    client = Client()
    enter(client)
    form = {"name": "林小禾", "lat": HERE[0], "lon": HERE[1], "id_number": other.id_number}
    page = said(client.post("/near/enter/new/", form))
    assert "要请工作人员核对后才能用" in page and other.name not in page
    assert who_is_in(client) is None and Person.objects.count() == 1 and not User.objects.exists()


def test_whoever_is_alone_on_a_telephone_is_in_at_once() -> None:
    person = make_person(phone=PHONE)
    client = Client()
    assert enter(client).headers["location"] == "/near/"
    assert who_is_in(client) == person
    assert Event.objects.filter(verb="sign_in_given", subject_id=str(person.pk)).count() == 1


def test_family_shares_a_telephone_and_each_says_who_they_are() -> None:
    mother, son = make_person(phone=PHONE, name="林秀兰"), make_person(phone=PHONE, name="周小川")
    stranger = make_person(phone="10990000002")
    client = Client()
    assert enter(client).headers["location"] == "/near/enter/who/"
    page = said(client.get("/near/enter/who/"))
    assert "林*兰" in page and "周*川" in page and "林秀兰" not in page
    refused = client.post("/near/enter/who/", {"person": stranger.pk})
    assert refused.status_code == 422 and who_is_in(client) is None
    client.post("/near/enter/who/", {"person": son.pk})
    assert who_is_in(client) == son
    assert client.post("/near/enter/other/").headers["location"] == "/near/enter/who/"
    assert who_is_in(client) is None
    client.post("/near/enter/who/", {"person": mother.pk})
    assert who_is_in(client) == mother


def test_somebody_new_in_a_family_gets_a_record_of_their_own() -> None:
    make_person(phone=PHONE)
    client = Client()
    enter(client)
    client.post("/near/enter/other/")
    client.post("/near/enter/new/", {"name": "林小禾", "lat": HERE[0], "lon": HERE[1]})
    person = who_is_in(client)
    assert person is not None and person.name == "林小禾" and Person.objects.filter(phone_index=PHONE).count() == 2


def test_record_that_was_merged_away_leads_to_the_one_that_stayed() -> None:
    kept = make_person()
    gone = make_person(merged_into=kept)
    code = hand_code(handed_for=gone.pk, actor=someone(), now=timezone.now())
    client = Client()
    client.post("/near/enter/handed/", {"digits": code})
    assert who_is_in(client) == kept


def test_code_on_a_slip_of_paper_opens_once() -> None:
    person = make_person()
    code = hand_code(handed_for=person.pk, actor=someone(), now=timezone.now())
    client, other = Client(), Client()
    assert client.post("/near/enter/handed/", {"digits": code}).headers["location"] == "/near/"
    assert who_is_in(client) == person
    assert other.post("/near/enter/handed/", {"digits": code}).status_code == 422
    assert who_is_in(other) is None


def test_code_opens_no_disabled_sign_in_and_no_office() -> None:
    for user in (someone(Role.CLERK), someone(Role.RESIDENT, is_active=False)):  # type: ignore[arg-type]
        person = make_person(user=user)
        client = Client()
        code = hand_code(handed_for=person.pk, actor=someone(), now=timezone.now())
        answer = client.post("/near/enter/handed/", {"digits": code})
        assert answer.status_code == 422 and "不能用验证码登录" in said(answer)
        assert client.session.get("_auth_user_id") is None


def test_pages_say_the_same_whether_a_telephone_is_known_or_not() -> None:
    make_person(phone=PHONE)
    pages = []
    for phone in (PHONE, "10990000002"):
        client = Client(REMOTE_ADDR=f"10.0.0.{phone[-1]}")
        ask_for_code(client, phone)
        asked = client.get("/near/enter/code/")
        wrong = client.post("/near/enter/code/", {"digits": "not it"})
        shown = [(page.status_code, _without_what_differs(said(page), phone)) for page in (asked, wrong)]
        pages.append(shown)
    assert pages[0] == pages[1]


def _without_what_differs(page: str, phone: str) -> str:
    hidden = page.replace(phone, "PHONE").replace(f"{phone[:3]}****{phone[-4:]}", "MASK")
    return re.sub(r"验证码是 \d{6}|value=\"\w{64}\"", "", hidden)


def test_wrong_code_lets_nobody_in() -> None:
    make_person(phone=PHONE)
    client = Client()
    digits = ask_for_code(client)
    answer = client.post("/near/enter/code/", {"digits": f"{(int(digits) + 1) % 10**6:06d}"})
    assert answer.status_code == 422 and "验证码不对" in said(answer)
    assert who_is_in(client) is None
    assert client.get("/near/enter/who/").status_code == 302, "a wrong code proves no telephone"
    assert client.get("/near/enter/new/").status_code == 302


def test_another_code_within_a_minute_is_refused_and_the_first_still_opens() -> None:
    make_person(phone=PHONE)
    client = Client()
    digits = ask_for_code(client)
    again = client.post("/near/enter/", {"phone": PHONE})
    assert again.status_code == 422 and "要得太频繁" in said(again)
    client.post("/near/enter/code/", {"digits": digits})
    assert who_is_in(client) is not None


def test_proven_telephone_does_not_stay_proven(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    enter(client)
    assert client.get("/near/enter/new/").status_code == 200
    later = timezone.now() + timedelta(minutes=21)
    monkeypatch.setattr("jiujin.web.resident.entry.timezone.now", lambda: later)
    assert client.get("/near/enter/new/").headers["location"] == "/near/enter/"


def test_session_cookie_holds_no_telephone_in_the_open() -> None:
    from django.core import signing

    client = Client()
    ask_for_code(client)
    kept = signing.loads(client.cookies["sessionid"].value, salt="django.contrib.sessions.backends.signed_cookies")
    assert PHONE not in str(kept)


def test_without_a_carrier_the_page_says_so_and_sends_nothing(settings: Settings) -> None:
    settings.DEMO, settings.MESSAGE_CARRIER = False, ""
    answer = Client().post("/near/enter/", {"phone": PHONE})
    assert "还没有开通短信" in said(answer)
    assert not OutboundMessage.objects.exists()


def test_message_is_shown_in_a_demonstration_only(settings: Settings) -> None:
    client = Client()
    digits = ask_for_code(client)
    assert digits in said(client.get("/near/enter/code/"))
    settings.DEMO = False
    assert digits not in said(client.get("/near/enter/code/"))


@pytest.mark.parametrize(
    ("wanted", "goes_to"),
    [
        ("/near/vacancies/7/", "/near/vacancies/7/"),
        ("https://elsewhere.example/", "/near/"),
        ("//elsewhere.example/", "/near/"),
        ("javascript:alert(1)", "/near/"),
    ],
)
def test_sign_in_goes_on_to_the_page_that_was_wanted_on_this_site_alone(wanted: str, goes_to: str) -> None:
    make_person(phone=PHONE)
    client = Client()
    client.get("/near/enter/", {"next": wanted})
    assert enter(client).headers["location"] == goes_to


def test_sign_in_without_a_person_is_asked_who_they_are() -> None:
    user = someone(Role.RESIDENT)
    client = browser_of(user)
    assert "还差两项" in said(client.get("/near/me/"))
    client.post("/near/enter/new/", {"name": "林小禾", "lat": HERE[0], "lon": HERE[1]})
    assert Person.objects.get(user=user).name == "林小禾"
    assert client.get("/near/enter/new/").status_code == 302, "asked once"


def test_staff_are_not_made_residents() -> None:
    clerk = browser_of(someone(Role.CLERK))
    assert clerk.get("/near/enter/new/").headers["location"] == "/near/enter/"
    assert clerk.post("/near/enter/new/", {"name": "林小禾", "lat": HERE[0], "lon": HERE[1]}).status_code == 302
    assert not Person.objects.exists()


def test_first_page_leads_both_ways() -> None:
    page = said(Client().get("/account/sign-in/", {"next": "/near/applications/"}))
    assert 'href="/near/enter/?next=/near/applications/"' in page and 'id="id_username"' in page
    user, _person = a_resident()
    assert 'class="phone"' in said(browser_of(user).get("/"))


def test_large_letters_stay_until_switched_back() -> None:
    client = Client()
    assert "phone-large.css" not in said(client.get("/near/"))
    answer = client.post("/near/type-size/", {"large": "1", "next": "/near/policies/"})
    assert answer.headers["location"] == "/near/policies/"
    assert "phone-large.css" in said(client.get("/near/"))
    client.post("/near/type-size/", {"large": "", "next": "//elsewhere.example/"})
    assert "phone-large.css" not in said(client.get("/near/"))
