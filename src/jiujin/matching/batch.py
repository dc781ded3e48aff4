"""All people against all vacancies: in the order of where they live, a chunk at a time, on every core."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Final

import numpy as np
from numpy.typing import NDArray

from jiujin.matching.answers import BatchResult, empty_answers
from jiujin.matching.kernel import rank_people
from jiujin.matching.question import Posed
from jiujin.matching.state import FrozenState

CHUNK_PEOPLE: Final = 4096
NEIGHBOURHOOD_DEGREES: Final = 0.01
Progress = Callable[[int, int], None]


def rank_in_chunks(
    state: FrozenState,
    people: NDArray[np.void],
    question: Posed,
    *,
    barred: NDArray[np.intp],
    progress: Progress | None,
    threads: int | None,
) -> BatchResult:
    """Answer all of the people but those barred by law. Neighbours are answered together: what one needs is then in the cache."""
    count, top = len(people), question.top
    result = BatchResult(
        np.zeros(count, np.int64),
        np.full((count, top), -1, np.int64),
        np.zeros((count, top)),
        np.zeros((count, top)),
        np.zeros((count, top, 5), np.float32),
        np.zeros(count, np.int64) if question.counting else None,
    )
    order = np.setdiff1d(_neighbours_together(people), barred, assume_unique=True)
    ties = state.ties(question.day)

    def answer(chosen: NDArray[np.intp]) -> int:
        out = empty_answers(len(chosen), top)
        rank_people(state.grid, state.ends, ties, people[chosen], question.record, out.found, out.within, out.best)
        result.found[chosen] = out.found
        result.distances_m[chosen], result.scores[chosen] = out.best["distance_m"], out.best["score"]
        result.ids[chosen] = np.where(np.arange(top) < out.found[:, None], out.best["id"], -1)
        result.parts[chosen] = out.best["parts"]
        if result.within is not None:
            result.within[chosen] = out.within
        return len(chosen)

    chunks = [order[start : start + CHUNK_PEOPLE] for start in range(0, len(order), CHUNK_PEOPLE)]
    done = 0
    with ThreadPoolExecutor(threads or os.cpu_count()) as pool:
        for future in as_completed([pool.submit(answer, chunk) for chunk in chunks]):
            done += future.result()
            if progress:
                progress(done, len(order))
    return result


def _neighbours_together(records: NDArray[np.void]) -> NDArray[np.intp]:
    return np.lexsort((records["lon"] // NEIGHBOURHOOD_DEGREES, records["lat"] // NEIGHBOURHOOD_DEGREES))
