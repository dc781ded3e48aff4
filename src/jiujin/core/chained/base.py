"""The connection that Django opens (`ENGINE = "jiujin.core.chained"`)."""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import base

from jiujin.core.linking import link_events


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that links its events last, so that the head of the chain is locked for no longer than a commit takes.

    Locking the head where an event is recorded would hold up everybody behind a long transaction, and two that touch the
    same records in another order would wait for each other.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unlinked_events: list[int] = []

    def commit(self) -> None:
        """Link, then commit."""
        self.link_now()
        super().commit()

    def check_constraints(self, table_names: Any = None) -> None:
        """Link, then hold the transaction to all that a commit would."""
        self.link_now()
        super().check_constraints(table_names)

    def link_now(self) -> None:
        """Give what was recorded so far its places; the head stays locked until the transaction ends."""
        if self.unlinked_events:
            unlinked, self.unlinked_events = self.unlinked_events, []
            link_events(self, unlinked)

    def rollback(self) -> None:
        """What is rolled back needs no place in the chain."""
        self.unlinked_events = []
        super().rollback()

    def close(self) -> None:
        """A connection that is closed takes its transaction with it."""
        self.unlinked_events = []
        super().close()
