"""Ends corrections that ask for no money: what was paid too much is asked back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from jiujin.claims.models import ClaimLine, NoticeLine
from jiujin.claims.services.keep_judgement import decided_before
from jiujin.claims.services.take_step import take_step
from jiujin.core.services.record_event import Actor
from jiujin.core.services.record_events import record_events

RECOVERY = "recovery_asked"  # the event that the funds room reads


def takes_nothing(line: ClaimLine) -> bool:
    """Whether a line corrects another one without adding to its amount."""
    return line.corrects_id is not None and line.amount_fen is not None and line.amount_fen <= 0


def is_shown_otherwise(line: ClaimLine) -> bool:
    """Whether a correction changes what was published of the line that it corrects: that needs a new notice."""
    from jiujin.claims.services.publish_notice import shown

    last = NoticeLine.objects.filter(line=line.corrects_id).order_by("-pk").first() if line.corrects_id else None
    if last is None:
        return False
    new = shown(None, line, decided_before([line])[line.pk])
    return (new.name, new.number, new.payee, new.amount_fen) != (last.name, last.number, last.payee, last.amount_fen)


def settle_corrections(lines: Sequence[ClaimLine], *, actor: Actor, now: datetime) -> None:
    """End those of the lines (locked by the caller) that are corrections without a claim; of what was paid too much, an event
    `recovery_asked` tells the line corrected and the fen, in the same transaction."""
    ended = [line for line in lines if takes_nothing(line)]
    if not ended:
        return
    take_step(ended, "line_corrected", actor=actor, now=now)
    over = [line for line in ended if line.amount_fen]
    record_events(
        actor=actor,
        verb=RECOVERY,
        subjects=over,
        details=[{"line": line.corrects_id, "amount_fen": -(line.amount_fen or 0)} for line in over],
    )
