"""Messages on their way out: shown in a demonstration, carried where a carrier is installed, kept where none is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from pytest_django import Settings

from jiujin.core.carriers import NotCarried, installed_carrier
from jiujin.core.models import Event, OutboundMessage
from jiujin.core.services.carry_messages import WAITS_MAX, carry_messages
from jiujin.core.services.empty_messages import empty_messages
from jiujin.core.services.post_message import post_message
from jiujin.core.tasks import empty_old

pytestmark = pytest.mark.django_db
carried: list[tuple[str, str]] = []


def keep(*, to: str, text: str) -> None:
    if text == "refuse":
        raise NotCarried("余额不足")
    carried.append((to, text))


@pytest.fixture
def carrier(settings: Settings) -> Iterator[list[tuple[str, str]]]:
    """A carrier that keeps what it is given."""
    settings.DEMO, settings.MESSAGE_CARRIER = False, f"{__name__}.keep"
    carried.clear()
    yield carried


def post(text: str = "words") -> OutboundMessage:
    with transaction.atomic():
        return post_message(to="10990000001", text=text)


def queued() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'messages.carry'")
        return int(cursor.fetchone()[0])


def test_demonstration_never_sends(settings: Settings) -> None:
    settings.MESSAGE_CARRIER = f"{__name__}.keep"
    message = post()
    assert installed_carrier() is None
    assert carry_messages(now=timezone.now()) == 0
    message.refresh_from_db()
    assert message.sent_at is None
    assert queued() == 0


def test_without_a_carrier_messages_stay(settings: Settings) -> None:
    settings.DEMO, settings.MESSAGE_CARRIER = False, ""
    post()
    assert carry_messages(now=timezone.now()) == 0


def test_carrier_gets_each_message_once(carrier: list[tuple[str, str]]) -> None:
    post("first")
    post("second")
    assert queued() == 2
    assert carry_messages(now=timezone.now()) == 2
    assert carry_messages(now=timezone.now()) == 0
    assert carrier == [("10990000001", "first"), ("10990000001", "second")]


def test_refused_message_is_noted_and_the_others_go(carrier: list[tuple[str, str]]) -> None:
    refused = post("refuse")
    post("second")
    assert carry_messages(now=timezone.now()) == 1
    refused.refresh_from_db()
    assert (refused.failure, refused.sent_at) == ("余额不足", None)


def test_old_message_is_not_carried_any_more(carrier: list[tuple[str, str]]) -> None:
    message = post()
    assert carry_messages(now=message.created_at + WAITS_MAX) == 0
    assert carrier == []


def test_old_messages_say_nothing_any_more_and_that_there_were_some_stays() -> None:
    old, new = post("123456"), post("654321")
    now = timezone.now()
    OutboundMessage.objects.filter(pk=old.pk).update(created_at=now - timedelta(days=31))
    assert empty_messages(now=now, days_kept=30) == 1
    assert empty_messages(now=now, days_kept=30) == 0
    for message in (old, new):
        message.refresh_from_db()
    assert (old.text, old.to, new.text) == (None, "10990000001", "654321")
    assert Event.objects.get(verb="messages_emptied").details == {"count": 1, "days_kept": 30}


def test_night_empties_by_the_setting(settings: Settings) -> None:
    settings.MESSAGE_DAYS_KEPT = 5
    message = post()
    OutboundMessage.objects.filter(pk=message.pk).update(created_at=timezone.now() - timedelta(days=6))
    empty_old(0)
    message.refresh_from_db()
    assert message.text is None
