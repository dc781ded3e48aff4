"""What the score is made of, and how much each part counts. This is the one place.

    part        1 when                                     0 when                                  neutral when
    distance    at the seeker's door                       at the edge of the radius               never
    occupation  the wished code, or any code under it      another 大类                             no wish, or no code
    wage        both ends of the range reach the wish      nothing is paid                         no wish, or no wage stated
    skills      every skill named is the seeker's          none of them is                         none named, or not known
    hours       the hours wished                           none, or twice as many                  no wish, or no hours stated

Sex, ethnicity, marital status and age are not among them: no column, argument or record of this engine can carry one into the score.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from typing import Final

from jiujin.matching.errors import WeightsInvalid

PARTS: Final = ("distance", "occupation", "wage", "skills", "hours")
NEUTRAL: Final = 0.5  # what is not known neither helps nor harms


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each part counts; they add up to 1, so that the score lies in [0, 1]. Raises WeightsInvalid."""

    distance: float = 0.40
    occupation: float = 0.25
    wage: float = 0.15
    skills: float = 0.10
    hours: float = 0.10

    def __post_init__(self) -> None:
        numbers = astuple(self)
        if not all(math.isfinite(number) and number >= 0 for number in numbers) or abs(sum(numbers) - 1) > 1e-9:
            raise WeightsInvalid(f"各项权重都应不小于 0，加起来等于 1；现在是 {'、'.join(f'{n:g}' for n in numbers)}。")


def named_parts(rows: Iterable[Sequence[float]]) -> list[dict[str, float]]:
    """Each row of parts, in the order of PARTS, by name. Written out: of a search's time, `dict(zip(…))` would take a sixth."""
    return [
        {"distance": distance, "occupation": occupation, "wage": wage, "skills": skills, "hours": hours}
        for distance, occupation, wage, skills, hours in rows
    ]
