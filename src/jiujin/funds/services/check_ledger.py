"""Checks the whole book and the chain, and leaves an event of what was found."""

from __future__ import annotations

import logging

from django.db import connection, transaction

from jiujin.audit import ChainBroken, verify_lines, write_lines
from jiujin.core.linking import chain_entries
from jiujin.core.services.record_event import record_event
from jiujin.funds.invariants import breaches
from jiujin.funds.models import LedgerEntry
from jiujin.ledger import Breach

log = logging.getLogger(__name__)
ACTOR = "system:ledger_check"


def check_ledger() -> list[Breach]:
    """What does not hold of the book and the chain; each is logged, and the latest entry gets an event that says how many."""
    found = breaches()
    try:
        verify_lines(write_lines(chain_entries(connection)))
    except ChainBroken as error:
        found.append(Breach("chain_holds", str(error.line), error.reason))
    for breach in found:
        log.error("the book does not hold: %s, %s: %s", breach.check, breach.entry_id, breach.facts)
    with transaction.atomic():
        last = LedgerEntry.objects.order_by("-place").first()
        if last is not None:
            record_event(actor=ACTOR, verb="ledger_checked", subject=last, details={"breaches": len(found)})
    return found
