"""The distances that the pages offer; which comes first is the plan's."""

from __future__ import annotations

from typing import Final

RADII_M: Final = (1000, 3000, 5000, 10000, 25000)


def radii_m(radius_m: int) -> list[int]:
    """The radii to choose from, the plan's own among them."""
    return sorted({*RADII_M, radius_m})
