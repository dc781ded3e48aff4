"""How far a trial has come, told by the request that runs it to the one that asks: a small file, since neither may write records."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings


@dataclass(frozen=True)
class Told:
    """What is being done, and how much of it is done; `total` is 0 where nobody can say."""

    stage: str = ""
    done: int = 0
    total: int = 0


class TrialProgress:
    """The progress of one trial; it is gone once the trial has ended."""

    def __init__(self, trial_id: UUID) -> None:
        self.file = Path(settings.VAR_DIR) / "simulation" / f"{trial_id.hex}.progress"

    def tell(self, stage: str, done: int, total: int) -> None:
        """Put down how far it is; whoever reads meanwhile sees what was told before."""
        self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        making = self.file.with_suffix(".telling")
        making.write_text(json.dumps([stage, done, total]), encoding="utf-8")
        making.replace(self.file)

    def read(self) -> Told:
        """What was told last; nothing before the beginning and after the end."""
        try:
            return Told(*json.loads(self.file.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return Told()

    def end(self) -> None:
        """Take it away."""
        self.file.unlink(missing_ok=True)
