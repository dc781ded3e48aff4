"""Two people at the same moment: the database lets one go first, and the other is told."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from jiujin.work.errors import AlreadyApplied, NoPlaceLeft, WorkError
from jiujin.work.models import Application, Placement
from jiujin.work.services.apply_for import apply_for
from jiujin.work.services.hire_applicant import hire_applicant
from tests.registry.factories import make_person
from tests.work.factories import TODAY, make_application, make_vacancy

pytestmark = pytest.mark.django_db(transaction=True)
ACTOR = "system:tests"


def at_once(*does: Callable[[], Any]) -> list[type[BaseException] | None]:
    """Run each on a connection of its own, all starting together; gives how each ended."""
    ready = Barrier(len(does))
    ended: list[type[BaseException] | None] = [RuntimeError] * len(does)

    def run(place: int, do: Callable[[], Any]) -> None:
        try:
            ready.wait()
            do()
            ended[place] = None
        except WorkError as error:
            ended[place] = type(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(does)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ended


def test_last_place_is_taken_once() -> None:
    vacancy = make_vacancy()
    waiting = [make_application(vacancy), make_application(vacancy)]
    ended = at_once(
        *[lambda each=each: hire_applicant(application=each, start_on=TODAY, actor=ACTOR) for each in waiting]
    )
    assert sorted(map(str, ended)) == sorted(map(str, [None, NoPlaceLeft]))
    vacancy.refresh_from_db()
    assert (vacancy.filled_count, vacancy.state, Placement.objects.count()) == (1, "filled", 1)
    assert sorted(Application.objects.values_list("state", flat=True)) == ["declined", "hired"]


def test_person_who_taps_twice_applies_once() -> None:
    vacancy, person, key = make_vacancy(), make_person(), uuid4()

    def tap(id: Any) -> Callable[[], Any]:
        return lambda: apply_for(id=id, person=person, vacancy=vacancy, actor=ACTOR, today=TODAY)

    assert at_once(tap(key), tap(key)) == [None, None]
    assert Application.objects.count() == 1
    assert at_once(tap(uuid4()), tap(uuid4())) == [AlreadyApplied, AlreadyApplied]
