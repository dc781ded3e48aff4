"""Makes one of two records of a person, with what they both applied for; and parts them again as they were.

Where both have an application that stands at one vacancy, the one that came further stands for both (of equal ones, that of the
record that is kept): the other folds into it without a change of its state, so that parting them gives back exactly what was.
"""

from __future__ import annotations

from typing import Final

from django.db import transaction

from jiujin.accounts.models import User
from jiujin.core.services.record_event import record_event
from jiujin.registry.models import MergeProposal
from jiujin.registry.services.merge_people import locked_proposal, merge_people
from jiujin.registry.services.undo_merge import undo_merge
from jiujin.work.models import Application
from jiujin.work.states import ApplicationState

FURTHER: Final = (ApplicationState.SENT, ApplicationState.SEEN, ApplicationState.ACCEPTED, ApplicationState.HIRED)
FOLDED: Final = "folded"  # in what the proposal keeps of the move: application → the one it folded into


@transaction.atomic
def merge_records(*, proposal: MergeProposal, actor: User) -> MergeProposal:
    """Merge as `merge_people` does, applications folded first. Raises what it raises, and then nothing is folded."""
    held = locked_proposal(proposal)
    folded = _fold(held, actor)
    merged = merge_people(proposal=held, actor=actor)
    if folded:
        merged.moved[FOLDED] = folded
        merged.save(update_fields=["moved"])
    return merged


@transaction.atomic
def part_records(*, proposal: MergeProposal, actor: User) -> MergeProposal:
    """Undo as `undo_merge` does, and unfold what was folded. Raises what it raises."""
    parted = undo_merge(proposal=proposal, actor=actor)
    for key, into in parted.moved.get(FOLDED, {}).items():
        application = Application.objects.select_for_update().filter(pk=key, folded_into=into).first()
        if application is not None:
            application.folded_into = None
            application.save(update_fields=["folded_into"])
            record_event(actor=actor, verb="application_unfolded", subject=application, details={"from": into})
    return parted


def _fold(held: MergeProposal, actor: User) -> dict[str, str]:
    """Fold the lesser of each two; gives which into which."""
    standing = Application.objects.select_for_update().filter(state__in=FURTHER, folded_into=None)
    of_kept = {each.vacancy_id: each for each in standing.filter(person=held.kept).order_by("sent_at", "pk")}
    folded = {}
    for own in standing.filter(person=held.other, vacancy__in=of_kept).order_by("sent_at", "pk"):
        one, other = of_kept[own.vacancy_id], own
        if FURTHER.index(ApplicationState(own.state)) > FURTHER.index(ApplicationState(one.state)):
            one, other = own, one
        other.folded_into = one
        other.save(update_fields=["folded_into"])
        record_event(actor=actor, verb="application_folded", subject=other, details={"into": str(one.pk)})
        folded[str(other.pk)] = str(one.pk)
    return folded
