"""Codes to sign in with: sent to a telephone, or handed over; once, in time, with few tries."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from jiujin.accounts.errors import CodesTooMany, CodeWrong, PhoneNotMobile, SignInLocked
from jiujin.accounts.models import SignInCode
from jiujin.accounts.services.hand_code import HANDED_DIGITS, HANDED_LIFE, hand_code
from jiujin.accounts.services.send_code import (
    ADDRESS_CODES_MAX,
    LIFE,
    PAUSE,
    PHONE_CODES_MAX,
    WINDOW,
    mobile_number,
    send_code,
)
from jiujin.accounts.services.use_code import TRIES_MAX, use_code, use_handed_code
from jiujin.core.models import Event, OutboundMessage
from tests.accounts.people import someone

NOW = datetime(2022, 3, 1, 9, tzinfo=UTC)
PHONE, HERE = "10990000001", "10.0.0.1"

pytestmark = pytest.mark.django_db


def sent(phone: str = PHONE, at: datetime = NOW, address: str = HERE) -> str:
    """The digits in the message that went out."""
    message = send_code(phone=phone, address=address, now=at)
    found = re.search(r"\d{6}", message.text or "")
    assert found is not None
    return found.group()


def other_than(digits: str) -> str:
    return f"{(int(digits) + 1) % 10 ** len(digits):0{len(digits)}d}"


def test_sent_code_opens_once() -> None:
    digits = sent()
    use_code(phone=PHONE, digits=digits, now=NOW + timedelta(minutes=1))
    with pytest.raises(CodeWrong):
        use_code(phone=PHONE, digits=digits, now=NOW + timedelta(minutes=1))


def test_code_may_be_typed_with_spaces_or_in_full_width() -> None:
    digits = sent()
    full_width = "".join(chr(ord(digit) + 0xFEE0) for digit in digits)
    use_code(phone=PHONE, digits=f" {full_width[:3]} {full_width[3:]}", now=NOW)


def test_code_opens_until_its_life_is_over_and_not_after() -> None:
    digits = sent()
    with pytest.raises(CodeWrong):
        use_code(phone=PHONE, digits=digits, now=NOW + LIFE)
    use_code(phone=PHONE, digits=digits, now=NOW + LIFE - timedelta(seconds=1))


def test_code_of_another_telephone_does_not_open() -> None:
    digits = sent()
    with pytest.raises(CodeWrong):
        use_code(phone="10990000002", digits=digits, now=NOW)


def test_right_code_after_too_many_wrong_tries_does_not_open() -> None:
    digits = sent()
    for _ in range(TRIES_MAX):
        with pytest.raises(CodeWrong):
            use_code(phone=PHONE, digits=other_than(digits), now=NOW)
    with pytest.raises(CodeWrong):
        use_code(phone=PHONE, digits=digits, now=NOW)


def test_last_try_still_opens() -> None:
    digits = sent()
    for _ in range(TRIES_MAX - 1):
        with pytest.raises(CodeWrong):
            use_code(phone=PHONE, digits=other_than(digits), now=NOW)
    use_code(phone=PHONE, digits=digits, now=NOW)


def test_new_code_ends_the_one_before() -> None:
    first = sent()
    second = sent(at=NOW + PAUSE)
    if first != second:
        with pytest.raises(CodeWrong):
            use_code(phone=PHONE, digits=first, now=NOW + PAUSE)
    use_code(phone=PHONE, digits=second, now=NOW + PAUSE)


def test_codes_for_a_telephone_wait_a_pause_and_are_few_in_a_window() -> None:
    sent()
    with pytest.raises(CodesTooMany) as refused:
        sent(at=NOW + PAUSE - timedelta(seconds=1))
    assert refused.value.seconds_left == 1
    for number in range(1, PHONE_CODES_MAX):
        sent(at=NOW + PAUSE * number)
    with pytest.raises(CodesTooMany) as refused:
        sent(at=NOW + PAUSE * PHONE_CODES_MAX)
    assert refused.value.seconds_left == (WINDOW - PAUSE * PHONE_CODES_MAX).seconds
    sent(at=NOW + WINDOW)


def test_refused_code_leaves_the_one_before_alone() -> None:
    digits = sent()
    with pytest.raises(CodesTooMany):
        sent(at=NOW + timedelta(seconds=5))
    assert OutboundMessage.objects.count() == 1
    use_code(phone=PHONE, digits=digits, now=NOW + timedelta(seconds=6))


def test_one_address_cannot_have_many_telephones_ring() -> None:
    for number in range(ADDRESS_CODES_MAX):
        sent(phone=f"1099{number:07d}")
    with pytest.raises(CodesTooMany):
        sent(phone="13900000000")
    sent(phone="13900000000", address="10.0.0.2")


def test_code_and_number_are_kept_nowhere_in_the_open() -> None:
    digits = sent()
    row = SignInCode.objects.values_list().get()
    assert all(digits not in str(value) and PHONE not in str(value) for value in row[1:4])
    assert [event.details for event in Event.objects.all()] == [{}]


@pytest.mark.parametrize(
    "written", ["10990000001", " 109 9000 0001", "+8610990000001", "0086-10990000001", "１０９９００００００１"]
)
def test_mobile_number_however_written(written: str) -> None:
    assert mobile_number(written) == PHONE


@pytest.mark.parametrize("written", ["", "1099000000", "109900000011", "0564-3312345", "abcdefghijk", "20990000001"])
def test_number_that_takes_no_message_is_refused(written: str) -> None:
    with pytest.raises(PhoneNotMobile):
        mobile_number(written)


def test_handed_code_opens_for_its_person_once() -> None:
    code = hand_code(handed_for=7, actor=someone(), now=NOW)
    assert re.fullmatch(r"\d{3} \d{3} \d{3}", code)
    assert use_handed_code(digits=code, address=HERE, now=NOW + HANDED_LIFE - timedelta(seconds=1)) == 7
    with pytest.raises(CodeWrong):
        use_handed_code(digits=code, address=HERE, now=NOW)


def test_handed_code_ends_with_its_life_and_with_the_next() -> None:
    actor = someone()
    first = hand_code(handed_for=7, actor=actor, now=NOW)
    second = hand_code(handed_for=7, actor=actor, now=NOW)
    with pytest.raises(CodeWrong):
        use_handed_code(digits=first, address=HERE, now=NOW)
    with pytest.raises(CodeWrong):
        use_handed_code(digits=second, address=HERE, now=NOW + HANDED_LIFE)
    assert use_handed_code(digits=second, address=HERE, now=NOW) == 7
    assert {event.actor for event in Event.objects.filter(verb="sign_in_code_handed")} == {f"user:{actor.pk}"}


def test_guessing_handed_codes_locks_the_guesser_and_nobody_else() -> None:
    code = hand_code(handed_for=7, actor=someone(), now=NOW)
    wrong = other_than(code.replace(" ", ""))
    assert len(wrong) == HANDED_DIGITS
    with pytest.raises(SignInLocked):
        for _ in range(100):
            with pytest.raises(CodeWrong):
                use_handed_code(digits=wrong, address=HERE, now=NOW)
    with pytest.raises(SignInLocked):
        use_handed_code(digits=code, address=HERE, now=NOW)
    assert use_handed_code(digits=code, address="10.0.0.2", now=NOW) == 7


def test_sent_code_is_no_handed_code() -> None:
    with pytest.raises(CodeWrong):
        use_handed_code(digits=sent(), address=HERE, now=NOW)


def test_database_refuses_a_code_that_is_both_sent_and_handed() -> None:
    fields = {"code_hash": "x", "made_at": NOW, "expires_at": NOW}
    for phone_index, handed_for in ((None, None), (b"x", 7)):
        with pytest.raises(IntegrityError), transaction.atomic():
            SignInCode.objects.create(phone_index=phone_index, handed_for=handed_for, **fields)
