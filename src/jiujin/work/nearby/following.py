"""Keeps the index of this process in line with PostgreSQL: a thread listens, reads what changed, and puts it in.

It listens before it reads, so nothing falls between; whatever happens while it reads is told to it afterwards. After a lost
connection it listens again and reads everything again, since what was told meanwhile is gone.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from time import monotonic
from typing import Any, Final

import psycopg
from django.db import connections

from jiujin.work.nearby.columns import VacancyIndex, bring_up_to_date, build_index

CHANNEL: Final = "jiujin_vacancies"
EVERYTHING: Final = "all"
BEAT_SECONDS: Final = 30.0  # how soon a connection that died without a word is noticed
LOOK_SECONDS: Final = 0.1  # how soon a thread that waits sees that it is to stop
RETRY_SECONDS: Final = (0.2, 1.0, 5.0)
log = logging.getLogger(__name__)
Forms = Callable[[], Sequence[str]]


class Follower:
    """One index and the thread that keeps it; `near` is None until the first reading is done."""

    def __init__(self, forms: Forms) -> None:
        self._forms = forms
        self._changed = threading.Condition()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self.near: VacancyIndex | None = None
        self.rounds = 0  # how often something was read

    def forget(self) -> None:
        """Begin anew: a process that was forked off has neither the thread nor the connection, and locks of no use."""
        self._changed = threading.Condition()
        self._thread = self.near = None

    def start(self) -> None:
        """Start the thread, once a process."""
        if self._thread is not None:
            return
        with self._changed:
            if self._thread is not None:
                return
            self._stopped = threading.Event()
            self._thread = threading.Thread(target=self._follow, name="near-index", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End the thread, which closes its connection itself: a cursor it reads with is then never cut off."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()
        self._thread = None

    def wait(self, seconds_max: float) -> VacancyIndex | None:
        """The index, waited for so long; None where it is not ready yet."""
        return self.near if self.wait_until(lambda: self.near is not None, seconds_max) else None

    def wait_until(self, holds: Callable[[], bool], seconds_max: float) -> bool:
        """Wait until something holds, looking again after each reading; whether it does."""
        with self._changed:
            return self._changed.wait_for(holds, seconds_max)

    def _follow(self) -> None:
        failures = 0
        while not self._stopped.is_set():
            try:
                with closing(self._connect()) as connection:
                    failures = 0
                    self._listen(connection)
            except (psycopg.Error, OSError) as error:
                log.warning("near index lost its connection, tries again: %s", type(error).__name__)
                self._stopped.wait(RETRY_SECONDS[min(failures, len(RETRY_SECONDS) - 1)])
                failures += 1
            except Exception:
                log.exception("near index failed, tries again")
                self._stopped.wait(RETRY_SECONDS[-1])

    def _connect(self) -> psycopg.Connection[Any]:
        """A connection of the thread's own, beside those that Django hands out and closes."""
        fresh = connections.create_connection("default")
        fresh.inc_thread_sharing()
        fresh.connect()
        raw = fresh.connection
        raw.autocommit = True
        return raw  # type: ignore[no-any-return]

    def _listen(self, connection: psycopg.Connection[Any]) -> None:
        connection.execute(f"LISTEN {CHANNEL}")
        self._read_everything(connection)
        beat_at = monotonic() + BEAT_SECONDS
        while not self._stopped.is_set():
            told = [note.payload for note in connection.notifies(timeout=LOOK_SECONDS, stop_after=1)]
            if told:
                self._read(connection, told)
            elif monotonic() >= beat_at:
                connection.execute("SELECT 1")
                beat_at = monotonic() + BEAT_SECONDS

    def _read(self, connection: psycopg.Connection[Any], told: Iterable[str]) -> None:
        payloads = set(told)
        assert self.near is not None
        if EVERYTHING in payloads:
            self._read_everything(connection)
            return
        bring_up_to_date(connection, self.near, sorted(int(payload) for payload in payloads))
        self._say_changed(self.near)

    def _read_everything(self, connection: psycopg.Connection[Any]) -> None:
        self._say_changed(build_index(connection, self._forms()))

    def _say_changed(self, near: VacancyIndex) -> None:
        with self._changed:
            self.near = near
            self.rounds += 1
            self._changed.notify_all()
