"""The one index of open vacancies of this process."""

from __future__ import annotations

import os
from typing import Final

from django.conf import settings
from django.db import connection

from jiujin.core.current_plan import current_plan
from jiujin.work.errors import WorkError
from jiujin.work.nearby.columns import VacancyIndex, build_index
from jiujin.work.nearby.following import Follower
from jiujin.work.services.record_placement import FORM_FACT

WAIT_SECONDS_MAX: Final = 20.0


class IndexNotReady(WorkError):
    """A search before this process has read the vacancies."""

    def __init__(self) -> None:
        super().__init__("正在准备附近岗位，请过几秒再试。")


def forms_of_the_plan() -> tuple[str, ...]:
    """The forms of employment, in the plan's order."""
    return tuple(current_plan().facts[FORM_FACT].choices)


FOLLOWER: Final = Follower(forms_of_the_plan)
os.register_at_fork(after_in_child=FOLLOWER.forget)


def follow_in_background() -> None:
    """Start reading the vacancies; a process that serves pages does so when it starts."""
    FOLLOWER.start()


def live_index() -> VacancyIndex:
    """The index, ready to be searched; started at the first use. Raises IndexNotReady after a bounded wait."""
    if not settings.NEAR_FOLLOWS:
        return read_now()
    FOLLOWER.start()
    near = FOLLOWER.near or FOLLOWER.wait(WAIT_SECONDS_MAX)
    if near is None:
        raise IndexNotReady
    return near


def read_now(*, only: int | None = None) -> VacancyIndex:
    """An index of what this thread's connection sees, of everything or of one vacancy; for tests and commands, which have no
    time to follow, and to set many people against one vacancy.
    """
    connection.ensure_connection()
    return build_index(connection.connection, forms_of_the_plan(), only=only)
