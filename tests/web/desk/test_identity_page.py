"""A wrong identity number: asked at the desk, confirmed by a clerk who reads it again, masked on every page."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from jiujin.registry.models import IdentityCorrection
from jiujin.values import make_demo_id
from tests.accounts.people import someone
from tests.web.desk.worlds import desk_of, officer, resident

pytestmark = pytest.mark.django_db
RIGHT = make_demo_id(date(1981, 6, 6), 202)


def test_number_is_asked_for_at_the_desk_and_put_right_by_a_clerk_who_types_it_again() -> None:
    person, desk, clerk = resident(), desk_of(officer()), desk_of(someone())
    wrong = person.id_number or ""
    address = reverse("desk:identity", args=[person.pk])
    assert wrong not in desk.get(address).content.decode()
    assert desk.post(address, {"id_number": wrong, "reason": "看过原件"}).status_code == 422
    page = desk.post(address, {"id_number": RIGHT, "reason": "看过原件"}, follow=True).content.decode()
    assert "另一位经办核对证件后确认" in page
    waiting = clerk.get(reverse("merging:list")).content.decode()
    assert "看过原件" in waiting and RIGHT not in waiting and wrong not in waiting and person.name not in waiting
    to = reverse("merging:correct", args=[IdentityCorrection.objects.get().pk])
    assert "不一样，没有改正" in clerk.post(to, {"id_number": wrong}, follow=True).content.decode()
    assert "身份证号已改正" in clerk.post(to, {"id_number": RIGHT}, follow=True).content.decode()
    person.refresh_from_db()
    assert person.id_number == RIGHT
    assert clerk.post(to, {"id_number": RIGHT}).status_code == 404


def test_refusing_leaves_the_number() -> None:
    person, clerk = resident(), desk_of(someone())
    wrong = person.id_number
    desk_of(officer()).post(reverse("desk:identity", args=[person.pk]), {"id_number": RIGHT, "reason": "看过原件"})
    clerk.post(reverse("merging:correct", args=[IdentityCorrection.objects.get().pk]), {"step": "refuse"})
    person.refresh_from_db()
    assert person.id_number == wrong
