"""What the database keeps with each person of who serves them, against the records it is kept from."""

from __future__ import annotations

from datetime import date, timedelta
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiujin.accounts.models import Role, User
from jiujin.circles.models import Circle, CirclePerson
from jiujin.circles.queries import people_served_by
from jiujin.registry.models import Consent, Organisation, Person
from jiujin.work.acting_for import operator_of
from jiujin.work.models import Placement, ServiceRecord
from tests.accounts.people import someone
from tests.circles.factories import START, circle_seen_by, operator_user
from tests.registry.factories import make_person
from tests.work.factories import make_placement

PEOPLE, DAYS = 3, 5
CHANGES = ("serve", "correct", "move_service", "forget", "place", "replace", "enter", "leave", "agree", "take_back")


def serve(person: Person, user: User, day: date, operator: Organisation | None) -> ServiceRecord:
    return ServiceRecord.objects.create(
        id=uuid4(), person=person, kind="call", served_on=day, served_by=user, operator=operator
    )


def change(what: str, person: Person, other: Person, day: date, users: list[User], circles: list[Circle]) -> None:
    """One change of the records, made in many rows at once where there are many."""
    index = day.day % len(users)
    operator = operator_of(users[index])
    services = ServiceRecord.objects.filter(person=person)
    if what == "serve":
        serve(person, users[index], day, operator)
    elif what == "correct":
        services.filter(served_on__lte=day).update(stands=day.day % 2 == 0)
    elif what == "move_service":
        services.update(person=other)
    elif what == "forget":
        services.filter(served_on=day).delete()
    elif what == "place":
        make_placement(person=person, operator=operator)
    elif what == "replace":
        Placement.objects.filter(person=person).update(person=other, operator=operator)
    elif what == "enter":
        CirclePerson.objects.get_or_create(
            circle=circles[index], person=person, end_on=None, defaults={"start_on": START, "distance_m": 1}
        )
    elif what == "leave":
        CirclePerson.objects.filter(person=person, end_on=None).update(end_on=START)
    elif what == "agree":
        Consent.objects.get_or_create(
            person=person, purpose="shared_with_operator", withdrawn_at=None,
            defaults={"channel": "paper", "given_at": timezone.now(), "recorded_by": users[0]},
        )  # fmt: skip
    else:
        Consent.objects.filter(person=person, withdrawn_at=None).update(withdrawn_at=timezone.now())


def served(user: User) -> set[int]:
    """Whom the user serves by the records themselves, one person after another."""
    operator = operator_of(user)
    mine = Circle.objects.filter(operator=operator) if operator else Circle.objects.filter(specialists__user=user)
    return {person.pk for person in Person.objects.all() if is_served(person, user, operator, list(mine))}


def is_served(person: Person, user: User, operator: Organisation | None, mine: list[Circle]) -> bool:
    lives_there = CirclePerson.objects.filter(person=person, circle__in=mine, end_on=None).exists()
    standing = ServiceRecord.objects.filter(person=person, stands=True)
    if operator is None:
        return lives_there or standing.filter(served_by=user).exists()
    agreed = Consent.objects.filter(person=person, purpose="shared_with_operator", withdrawn_at=None).exists()
    placed = Placement.objects.filter(person=person, operator=operator).exists()
    return (lives_there and agreed) or placed or standing.filter(operator=operator).exists()


@pytest.mark.django_db
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(CHANGES), st.integers(0, PEOPLE - 1), st.integers(0, PEOPLE - 1), st.integers(0, DAYS - 1)
        ),
        max_size=12,
    )
)
def test_whom_a_user_serves_is_what_the_records_say(changes: list[tuple[str, int, int, int]]) -> None:
    with transaction.atomic():
        users = [someone(Role.SPECIALIST), operator_user(), someone(Role.SPECIALIST)]
        circles = [circle_seen_by(user) for user in users]
        people = [make_person() for _ in range(PEOPLE)]
        for what, one, other, days in changes:
            change(what, people[one], people[other], START + timedelta(days=days), users, circles)
        for user in users:
            assert set(people_served_by(user).values_list("pk", flat=True)) == served(user)
        for person in Person.objects.all():
            days_served = ServiceRecord.objects.filter(person=person, stands=True).values_list("served_on", flat=True)
            assert person.last_served_on == max(days_served, default=None)
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_two_services_at_once_do_not_overlook_each_other() -> None:
    person, users = make_person(), [someone(Role.SPECIALIST), someone(Role.SPECIALIST)]
    both_wrote = Barrier(2)

    def record(user: User, day: date) -> None:
        try:
            with transaction.atomic():
                if user == users[0]:
                    serve(person, user, day, None)
                    both_wrote.wait()
                    connection.cursor().execute("SELECT pg_sleep(0.2)")  # the other one waits for this commit
                else:
                    both_wrote.wait()
                    serve(person, user, day, None)
        finally:
            connection.close()

    days = [START + timedelta(days=1), START]
    threads = [Thread(target=record, args=pair) for pair in zip(users, days, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    person.refresh_from_db()
    assert person.last_served_on == days[0]
    assert person.server_ids == sorted(user.pk for user in users)
