"""One state of the index: the sorted grid, what changed behind it, and where each id is."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from jiujin.matching.columns import Records
from jiujin.matching.earth import locate
from jiujin.matching.grid import SPARE_KINDS, Sorted, alike_order, build_grid
from jiujin.matching.layout import Ends, Grid

ABSENT: Final = -1
SORT_AT: Final = 4096
_NO_TIES: Final = np.empty(0, np.int32)


class State:
    """A grid with its changes. Slots are written once and never used again, so a reader sees a vacancy whole or not at all."""

    def __init__(self, built: Sorted) -> None:
        grid = built.grid
        self.grid = grid
        self.slots_end = grid.sorted_rows
        self.count = grid.sorted_rows
        self._headcounts = built.headcounts
        self._unit_of = built.unit_of
        self._ask_of = {ask.tobytes(): nth for nth, ask in enumerate(grid.asks[: built.asks_end])}
        self._code_of = {int(code): nth for nth, code in enumerate(grid.codes[: built.codes_end])}
        assert len(self._ask_of) == built.asks_end and len(self._code_of) == built.codes_end
        self._present = np.zeros(len(grid.ids), bool)
        self._present[: grid.sorted_rows] = True
        self._order = np.argsort(grid.ids[: grid.sorted_rows], kind="stable").astype(np.int32)
        self._sorted_ids = grid.ids[self._order]
        self._moved: dict[int, int] = {}
        self._has_alike = bool(grid.shapes["alike"].any())
        self._ties: tuple[int, NDArray[np.int32]] = (-1, _NO_TIES)

    @property
    def ends(self) -> Ends:
        """What of the grid is in use."""
        return Ends(self.slots_end, len(self._ask_of), len(self._code_of))

    @property
    def room(self) -> int:
        """How many more changes there is certainly room for."""
        grid = self.grid
        kinds = min(len(grid.asks) - len(self._ask_of), len(grid.codes) - len(self._code_of))
        return min(kinds, len(grid.ids) - self.slots_end)

    @property
    def wants_sorting(self) -> bool:
        """Whether so much stands behind the sorted part that searches begin to feel it, or the room becomes small."""
        return self.slots_end - self.grid.sorted_rows >= SORT_AT or self.room < SPARE_KINDS // 2

    def slot_of(self, vacancy_id: int) -> int:
        """Where a vacancy is, or ABSENT."""
        if vacancy_id in self._moved:
            return self._moved[vacancy_id]
        place = int(np.searchsorted(self._sorted_ids, vacancy_id))
        if place < len(self._sorted_ids) and self._sorted_ids[place] == vacancy_id:
            return int(self._order[place])
        return ABSENT

    def headcount_left(self, vacancy_id: int) -> int:
        """The places a vacancy has left."""
        slot = self.slot_of(vacancy_id)
        return 0 if slot == ABSENT else int(self._headcounts[slot])

    def slots_of(self, ids: NDArray[np.int64]) -> NDArray[np.int32]:
        """Where those of the ids are that the state holds."""
        places = np.searchsorted(self._sorted_ids, ids)
        places[places == len(self._sorted_ids)] = 0
        slots = np.full(len(ids), ABSENT, np.int32)
        if len(self._sorted_ids):
            known = self._sorted_ids[places] == ids
            slots[known] = self._order[places[known]]
        moved = dict(self._moved)
        if moved:
            for nth in np.flatnonzero(np.isin(ids, np.fromiter(moved, np.int64, len(moved)))):
                slots[nth] = moved[int(ids[nth])]
        found: NDArray[np.int32] = slots[slots != ABSENT]
        return found

    def put(self, vacancy_id: int, spot: NDArray[np.void], records: Records) -> None:
        """Write one checked vacancy behind the sorted part, in place of what had its id."""
        self.drop(vacancy_id)
        grid, slot = self.grid, self.slots_end
        here = slice(slot, slot + 1)
        grid.ids[slot], self._headcounts[slot] = vacancy_id, records.headcounts[0]
        grid.spots[here], grid.terms[here], grid.offers[here] = spot, records.terms, records.offers
        grid.terms["ask"][slot] = self._number_of(self._ask_of, records.asks[0].tobytes(), grid.asks, records.asks[0])
        code = records.offers["occupation"][0]
        grid.offers["code"][slot] = self._number_of(self._code_of, int(code), grid.codes, code)
        locate(grid.spots[here], grid.points[here], np.empty(1, np.int64))
        grid.alive[slot] = records.headcounts[0] > 0
        self._present[slot] = True
        self._moved[vacancy_id] = slot
        self.slots_end = slot + 1
        self.count += 1

    def put_from(self, other: State, slot: int) -> None:
        """Write the vacancy of another state's slot."""
        slots = np.array([slot])
        self.put(int(other.grid.ids[slot]), other.grid.spots[slots], other.records_of(slots))

    def records_of(self, slots: NDArray[np.intp]) -> Records:
        """The records of these slots."""
        terms, offers = self.grid.terms[slots], self.grid.offers[slots]
        return Records(self.grid.asks[terms["ask"]], terms, offers, self._headcounts[slots])

    @staticmethod
    def _number_of(known: dict[Any, int], key: Any, table: NDArray[Any], entry: Any) -> int:
        """The place of an ask or code in its table; a new one is put in before anything points at it."""
        if key not in known:
            table[len(known)] = entry
            known[key] = len(known)
        return known[key]

    def drop(self, vacancy_id: int) -> None:
        """Take a vacancy out, if it is in."""
        slot = self.slot_of(vacancy_id)
        if slot == ABSENT:
            return
        if self.grid.alive[slot] and slot < self.grid.sorted_rows:
            self.grid.shapes["alive"][self._unit_of[slot]] -= 1
        self.grid.alive[slot] = 0
        self._present[slot] = False
        self._moved[vacancy_id] = ABSENT
        self.count -= 1

    def ties(self, day: int) -> NDArray[np.int32]:
        """The day's order of the alike; made once a day, empty where no unit needs it."""
        if not self._has_alike:
            return _NO_TIES
        known, order = self._ties
        if known != day:
            order = alike_order(self.grid, day)
            self._ties = (day, order)
        return order

    def present_slots(self) -> NDArray[np.intp]:
        """The slots that hold a vacancy."""
        return np.flatnonzero(self._present[: self.slots_end])

    def sorted_again(self, slots: NDArray[np.intp], spare: int) -> Sorted:
        """A grid of these slots, all sorted."""
        return build_grid(self.grid.ids[slots], self.grid.spots[slots], self.records_of(slots), spare=spare)

    def only(self, slots: NDArray[np.int32]) -> Grid:
        """The grid in which nothing but these slots is alive; the counts of its units do not hold."""
        alive = np.zeros_like(self.grid.alive)
        alive[slots] = self.grid.alive[slots]
        return self.grid._replace(alive=alive)

    def frozen(self) -> FrozenState:
        """The state of this moment, for a long reading."""
        grid = self.grid._replace(alive=self.grid.alive.copy(), shapes=self.grid.shapes.copy())
        return FrozenState(self, grid, self.ends)


class FrozenState:
    """What a long reading sees: marks and counts of its own, everything else shared, since slots are never written twice."""

    def __init__(self, state: State, grid: Grid, ends: Ends) -> None:
        self.grid = grid
        self.ends = ends
        self._state = state

    def ties(self, day: int) -> NDArray[np.int32]:
        """As State.ties."""
        return self._state.ties(day)
