"""The index of vacancies: built once, searched from memory, changed in place.

One writer and any number of readers. A reader takes no lock: it reads the change counter before and after, and asks again where
something changed in between.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from jiujin.matching.answers import Answers, BatchResult, Result, empty_answers, result_of
from jiujin.matching.batch import Progress, rank_in_chunks
from jiujin.matching.columns import checked_ids, checked_points, people_records, vacancy_records
from jiujin.matching.errors import ColumnInvalid
from jiujin.matching.grid import build_grid
from jiujin.matching.kernel import rank_people
from jiujin.matching.question import Filters, Limits, Posed, Seeker, one_person, pose
from jiujin.matching.state import State
from jiujin.matching.weights import Weights

SPARE_SLOTS: Final = 8192
READS_BEFORE_LOCK: Final = 4
ABSENT: Final = -1


class Index:
    """Vacancies with a point, ready to be searched; see `build`."""

    def __init__(self, state: State, weights: Weights) -> None:
        self._state = state
        self._weights = weights
        self._changes = 0  # odd while a change is under way
        self._writing = threading.RLock()
        self._compacting = threading.Lock()
        self._since: list[tuple[int, int]] | None = None  # (id, slot or ABSENT) of changes during a compaction

    @classmethod
    def build(
        cls, ids: ArrayLike, lat: ArrayLike, lon: ArrayLike, *, weights: Weights | None = None, **attributes: ArrayLike
    ) -> Index:
        """An index of vacancies given as columns; the columns and their units are in `matching.columns.VACANCY_COLUMNS`.

        Raises ColumnInvalid.
        """
        whole = checked_ids(ids)
        spots = checked_points(lat, lon, len(whole))
        built = build_grid(whole, spots, vacancy_records(len(whole), attributes), spare=SPARE_SLOTS)
        return cls(State(built), weights or Weights())

    def __len__(self) -> int:
        """How many vacancies the index holds, open or not."""
        return self._state.count

    def __contains__(self, vacancy_id: int) -> bool:
        return self._state.slot_of(vacancy_id) != ABSENT

    @property
    def ids(self) -> NDArray[np.int64]:
        """The vacancies the index holds, open or not."""
        state = self._state
        ids: NDArray[np.int64] = state.grid.ids[state.present_slots()]
        return ids

    def headcount_left(self, vacancy_id: int) -> int:
        """The places a vacancy has left, 0 where the index does not hold it."""
        return self._state.headcount_left(vacancy_id)

    def search(
        self,
        lat: float,
        lon: float,
        radius_m: float,
        top: int,
        *,
        seeker: Seeker | None = None,
        filters: Filters | None = None,
        limits: Limits | None = None,
        day: date | None = None,
        allowed: ArrayLike | None = None,
        person_key: int = 0,
        weights: Weights | None = None,
    ) -> Result:
        """The best `top` vacancies within `radius_m`, and exactly how many there are after the hard filters.

        `day` seeds the shuffle among equals and decides what is open; without it everything counts as open. `allowed` limits the
        search to these vacancy ids, such as the hits of a text search. `person_key` lets equals come in another order for another
        person. Raises RadiusInvalid, TopInvalid, ColumnInvalid.
        """
        question = pose(
            radius_m,
            top,
            counting=True,
            masked=allowed is not None,
            day=day,
            filters=filters,
            weights=weights or self._weights,
        )
        person = one_person(lat, lon, person_key, seeker)
        out = empty_answers(1, top)
        if limits and seeker and not limits.allow(seeker.age):
            return result_of(out, radius_m)
        self._answer(person, question, None if allowed is None else _checked_allowed(allowed), out)
        return result_of(out, radius_m)

    def count_within(
        self,
        lat: float,
        lon: float,
        radii_m: Sequence[float],
        *,
        seeker: Seeker | None = None,
        filters: Filters | None = None,
        limits: Limits | None = None,
        day: date | None = None,
        allowed: ArrayLike | None = None,
    ) -> list[int]:
        """How many vacancies pass the hard filters within each radius."""
        return [
            self.search(
                lat, lon, radius, 0, seeker=seeker, filters=filters, limits=limits, day=day, allowed=allowed
            ).total_within
            for radius in radii_m
        ]

    def batch(
        self,
        lat: ArrayLike,
        lon: ArrayLike,
        radius_m: float,
        top: int,
        *,
        keys: ArrayLike | None = None,
        filters: Filters | None = None,
        limits: Limits | None = None,
        day: date | None = None,
        weights: Weights | None = None,
        progress: Progress | None = None,
        threads: int | None = None,
        counting: bool = False,
        **attributes: ArrayLike,
    ) -> BatchResult:
        """The best `top` vacancies of each person, given as columns (`matching.columns.SEEKER_COLUMNS`, `occupations`, ...).

        `keys` are the people's own numbers for the shuffle, their places by default. With `counting`, `within` holds the exact
        count of each; it costs a look at everything in reach. The answers are those of one moment, whatever is written meanwhile.
        """
        rows = len(np.asarray(lat))
        people = people_records(lat, lon, np.arange(rows) if keys is None else keys, attributes)
        question = pose(
            radius_m,
            top,
            counting=counting,
            masked=False,
            day=day,
            filters=filters,
            weights=weights or self._weights,
        )
        barred = np.array([], np.intp)
        if limits:
            barred = np.flatnonzero([not limits.allow(int(age)) for age in people["age"]])
        with self._writing:
            state = self._state.frozen()
        return rank_in_chunks(state, people, question, barred=barred, progress=progress, threads=threads)

    def upsert(self, vacancy_id: int, lat: float, lon: float, **attributes: Any) -> None:
        """Put a vacancy in or change it, seen by the next search. Raises ColumnInvalid."""
        ids = checked_ids([vacancy_id])
        spots = checked_points([lat], [lon], 1)
        records = vacancy_records(1, {name: np.asarray([value]) for name, value in attributes.items()})
        while not self._state.room:
            self.compact()
        with self._writing:
            self._change(lambda state: state.put(int(ids[0]), spots, records))
            if self._since is not None:
                self._since.append((vacancy_id, self._state.slots_end - 1))
            wants_sorting = self._state.wants_sorting
        if wants_sorting and not self._compacting.locked():
            threading.Thread(target=self.compact, name="matching-compact", daemon=True).start()

    def remove(self, vacancy_id: int) -> bool:
        """Take a vacancy out; whether it was there."""
        with self._writing:
            if vacancy_id not in self:
                return False
            self._change(lambda state: state.drop(vacancy_id))
            if self._since is not None:
                self._since.append((vacancy_id, ABSENT))
            return True

    def compact(self) -> None:
        """Sort what changed into the grid. Searches and changes go on meanwhile; starts by itself after some thousands of changes."""
        with self._compacting:
            with self._writing:
                old, self._since = self._state, []
                slots = old.present_slots()
            fresh = State(old.sorted_again(slots, SPARE_SLOTS))
            with self._writing:
                for vacancy_id, slot in self._since:
                    if slot == ABSENT:
                        fresh.drop(vacancy_id)
                    else:
                        fresh.put_from(old, slot)
                self._since = None
                self._changes += 1
                self._state = fresh
                self._changes += 1

    def _change(self, change: Callable[[State], None]) -> None:
        self._changes += 1
        try:
            change(self._state)
        finally:
            self._changes += 1

    def _answer(
        self, person: NDArray[np.void], question: Posed, allowed: NDArray[np.int64] | None, out: Answers
    ) -> None:
        """Run the kernel on a state that nothing changes meanwhile."""
        for _ in range(READS_BEFORE_LOCK):
            before = self._changes
            if before % 2 == 0:
                _ask(self._state, person, question, allowed, out)
                if self._changes == before:
                    return
        with self._writing:
            _ask(self._state, person, question, allowed, out)


def _ask(
    state: State, person: NDArray[np.void], question: Posed, allowed: NDArray[np.int64] | None, out: Answers
) -> None:
    grid = state.grid if allowed is None else state.only(state.slots_of(allowed))
    ties = state.ties(question.day)
    rank_people(grid, state.ends, ties, person, question.record, out.found, out.within, out.best)


def _checked_allowed(allowed: ArrayLike) -> NDArray[np.int64]:
    given = np.asarray(allowed)
    if given.size and given.dtype.kind not in "iu":
        raise ColumnInvalid("allowed", "allowed 应是岗位 id 的一列整数。")
    return given.astype(np.int64)


def warm_up() -> None:
    """Compile, or load what is kept, before anybody waits for it: half a minute once a version, a fifth of a second after."""
    index = Index.build([1], [0.0], [0.0])
    index.search(0.0, 0.0, 0.0, 1, day=date.min)


def warm_up_in_background() -> threading.Thread:
    """`warm_up` beside whatever else a start does."""
    thread = threading.Thread(target=warm_up, name="matching-warm-up", daemon=True)
    thread.start()
    return thread
