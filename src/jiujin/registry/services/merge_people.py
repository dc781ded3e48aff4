"""Makes one of two records of a person."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from jiujin.accounts.models import User
from jiujin.core.services.record_event import record_event
from jiujin.registry.errors import BothIdentified, MergedAlready
from jiujin.registry.models import MergeProposal, MergeState, Person
from jiujin.registry.moving import move_over
from jiujin.registry.states import target_of


@transaction.atomic
def merge_people(*, proposal: MergeProposal, actor: User) -> MergeProposal:
    """Move everything of the proposal's other record to the one that is kept; the one with an identity number is kept.

    A row that the kept record has already stays with the other: nothing is lost, and `undo_merge` parts them again.

    Raises ProposalDecided, BothIdentified, MergedAlready.
    """
    held = locked_proposal(proposal)
    state = target_of(held, "people_merged")
    kept, other = held.kept, held.other
    if kept.merged_into_id or other.merged_into_id:
        raise MergedAlready
    if kept.id_number is not None and other.id_number is not None:
        raise BothIdentified
    if other.id_number is not None:
        kept, other = other, kept
        held.kept, held.other = kept, other
    held.moved = move_over(source=other, target=kept)
    other.merged_into = kept
    other.save(update_fields=["merged_into"])
    decide(held, state, actor)
    details = {"other": other.pk, "proposal": held.pk, "moved": _count(held, "rows"), "left": _count(held, "left")}
    record_event(actor=actor, verb="people_merged", subject=kept, details=details)
    return held


def locked_proposal(proposal: MergeProposal) -> MergeProposal:
    """The proposal and its two people as they are now, held; the people in the order of their ids."""
    held = MergeProposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    people = Person.objects.select_for_update(of=("self",)).filter(pk__in=[held.kept_id, held.other_id]).order_by("pk")
    by_key = {person.pk: person for person in people}
    held.kept, held.other = by_key[held.kept_id], by_key[held.other_id]
    return held


def decide(held: MergeProposal, state: MergeState, actor: User) -> None:
    """Note who decided, and when."""
    held.state, held.decided_by, held.decided_at = state, actor, timezone.now()
    held.save()


def _count(held: MergeProposal, part: str) -> int:
    return sum(len(keys) for keys in held.moved[part].values())
