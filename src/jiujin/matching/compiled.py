"""How this engine's inner loops are compiled: once a machine, without the interpreter lock, and never the reason an import fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numba

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """The function as machine code, kept for the next process.

    It is kept where `NUMBA_CACHE_DIR` says, else beside the module, else in the user's cache folder; where none of them can be
    written it is compiled again in each process.
    """
    options: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
    try:
        return numba.njit(cache=True, **options)(function)  # type: ignore[no-any-return]
    except RuntimeError:  # numba found nowhere to keep it
        return numba.njit(**options)(function)  # type: ignore[no-any-return]
