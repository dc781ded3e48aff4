"""Parts two records again that were made one."""

from __future__ import annotations

from django.db import transaction

from jiujin.accounts.models import User
from jiujin.core.services.record_event import record_event
from jiujin.registry.errors import MergedAlready
from jiujin.registry.models import MergeProposal
from jiujin.registry.moving import move_back
from jiujin.registry.services.merge_people import decide, locked_proposal
from jiujin.registry.states import target_of


@transaction.atomic
def undo_merge(*, proposal: MergeProposal, actor: User) -> MergeProposal:
    """Give the other record back what was its own; what was entered since the merge stays with the record that was kept.

    Raises ProposalDecided, and MergedAlready where the kept record itself went up in another since.
    """
    held = locked_proposal(proposal)
    state = target_of(held, "merge_undone")
    if held.kept.merged_into_id is not None or held.other.merged_into_id != held.kept_id:
        raise MergedAlready
    held.other.merged_into = None
    move_back(held.moved, source=held.other, target=held.kept)
    decide(held, state, actor)
    details = {"other": held.other_id, "proposal": held.pk}
    record_event(actor=actor, verb="merge_undone", subject=held.kept, details=details)
    return held
