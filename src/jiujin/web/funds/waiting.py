"""Files that were looked at and wait to be taken: under their digest, closed to other accounts, for a day."""

from __future__ import annotations

import re
import time
from pathlib import Path

from django.conf import settings

WAITING_SECONDS = 24 * 3600
NAME = re.compile(r"[0-9a-f]{64}(\.[a-z]{3,7})?")


def keep_waiting(folder: str, name: str, content: bytes) -> None:
    """Keep a file under its name (its digest, with an ending where its kind is told by that) until it is taken; those that
    nobody took for a day go away."""
    place = _place(folder)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    for old in place.iterdir():
        if time.time() - old.stat().st_mtime > WAITING_SECONDS:
            old.unlink(missing_ok=True)
    file = place / name
    file.touch(mode=0o600)
    file.write_bytes(content)


def waiting_file(folder: str, name: str) -> Path | None:
    """The file of this name, if it waits."""
    if not NAME.fullmatch(name):
        return None
    file = _place(folder) / name
    return file if file.is_file() else None


def _place(folder: str) -> Path:
    return Path(settings.VAR_DIR) / folder
