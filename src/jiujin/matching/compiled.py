"""How this engine's inner loops are compiled: once a machine, without the interpreter lock, and never the reason an import fails."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import numba

from jiujin.values import datum

Function = TypeVar("Function", bound=Callable[..., Any])

FOLDER: Final = Path(__file__).resolve().parent
COMPILED: Final = ("compiled", "earth", "fit", "grid", "kernel", "layout", "order", "prefetch", "reach", "weights")


def _digest() -> str:
    """Names the sources as they are. numba looks at one module's age only, but a loop here is made of several modules."""
    whole = hashlib.sha256()
    for source in [*(FOLDER / f"{module}.py" for module in COMPILED), Path(datum.__file__)]:
        whole.update(source.read_bytes())
    return whole.hexdigest()[:16]


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def kept_in() -> Path | None:
    """Where machine code is kept: under `NUMBA_CACHE_DIR`, else beside the modules, else in the user's cache folder; None where
    none of them can be written, and each process compiles for itself.
    """
    user = Path(os.environ.get("XDG_CACHE_HOME") or Path(os.environ.get("HOME") or os.sep) / ".cache")
    given = os.environ.get("NUMBA_CACHE_DIR")
    bases = [Path(given)] if given else [FOLDER / "__pycache__", user / "jiujin"]
    name = f"matching-{_digest()}"
    return next((base / name for base in bases if _writable(base / name)), None)


KEPT_IN: Final = kept_in()


def compiled(function: Function) -> Function:
    """A part of a loop, as machine code that becomes part of the loop: called, it would be handed a dozen arrays field by field.

    It may not make an array. What makes nothing has nothing to free, and goes without numba's counting of references.
    """
    return _made(function, _nrt=False, forceinline=True)


def compiled_loop(function: Function) -> Function:
    """A loop that Python calls."""
    return _made(function)


def _made(function: Function, **options: Any) -> Function:
    """The function compiled, and kept for the next process where it can be."""
    settings: Any = numba.config
    before, settings.CACHE_DIR = settings.CACHE_DIR, str(KEPT_IN or "")
    try:
        made: Any = numba.njit(cache=KEPT_IN is not None, nogil=True, error_model="numpy", **options)(function)
    finally:
        settings.CACHE_DIR = before
    return made  # type: ignore[no-any-return]
