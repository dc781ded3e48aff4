"""A command's refusal: one Chinese sentence and an exit status."""

from __future__ import annotations


class Refused(Exception):
    """What happened, what was kept, what to do; `status` is the exit status."""

    def __init__(self, message: str, status: int = 1) -> None:
        self.message = message
        self.status = status
        super().__init__(message)
