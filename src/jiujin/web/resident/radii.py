"""The distances that the pages offer; which comes first is the plan's."""

from __future__ import annotations

from typing import Final

RADII_M: Final = (1000, 3000, 5000, 10000, 25000)


def radii_m(*also: int | None) -> list[int]:
    """The radii to choose from, with the plan's own and the one asked for."""
    return sorted({*RADII_M, *(radius_m for radius_m in also if radius_m)})
