"""Codes of the national classification of occupations (职业分类大典): 大类, 中类, 小类, 细类, two digits each.

Written `4-02-01-03`, held as the number 4020103. A code of a higher level ends in zeros: 中类 4-02 is 4020000. Inside the kernel a
code is packed one level a byte, so that the levels two codes share are the leading bytes they share.
"""

from __future__ import annotations

import re
from typing import Final

import numpy as np
from numpy.typing import NDArray

from jiujin.matching.errors import OccupationInvalid

LEVELS: Final = 4
CODE_MAX: Final = 99_999_999
_STEPS: Final = (1_000_000, 10_000, 100, 1)
_WRITTEN = re.compile(r"(\d{1,2})(?:-(\d{2}))?(?:-(\d{2}))?(?:-(\d{2}))?")


def parse_occupation(text: object) -> int:
    """The number of a code written `4-02-01-03`, `4-02`, `4020103` or held as a whole number. Raises OccupationInvalid."""
    written = str(text).strip()
    if written.isascii() and written.isdigit() and len(written) in (7, 8):
        return int(written)
    match = _WRITTEN.fullmatch(written) if written.isascii() else None
    if match is None or int(match[1]) == 0:
        raise OccupationInvalid(f"“{written}”不是职业编码：请按职业分类大典填写，如 4-02-01-03。")
    parts = [int(part) for part in match.groups("0")]
    return sum(part * step for part, step in zip(parts, _STEPS, strict=True))


def write_occupation(code: int) -> str:
    """`4-02-01-03` of 4020103, `4-02` of 4020000."""
    parts = [code // step % 100 for step in _STEPS[: levels_of(code) or 1]]
    return "-".join([str(parts[0]), *(f"{part:02d}" for part in parts[1:])])


def levels_of(code: int) -> int:
    """How many levels a code states: 4 for a 细类, 1 for a 大类, 0 for none."""
    for level, step in zip(range(LEVELS, 0, -1), reversed(_STEPS), strict=True):
        if code // step % 100:
            return level
    return 0


def widened(code: int) -> int:
    """The code one level higher, 0 above a 大类."""
    step: int = 100 ** (LEVELS - levels_of(code) + 1)
    return code // step * step


def pack(codes: NDArray[np.int64]) -> NDArray[np.uint32]:
    """One level a byte, the 大类 first; order is kept. 0 stays 0."""
    packed = np.zeros(codes.shape, np.uint32)
    for step in _STEPS:
        packed = packed << np.uint32(8) | (codes // step % 100).astype(np.uint32)
    return packed
