"""Records that two records are two people."""

from __future__ import annotations

from django.db import transaction

from jiujin.accounts.models import User
from jiujin.core.services.record_event import record_event
from jiujin.registry.models import MergeProposal
from jiujin.registry.services.merge_people import decide, locked_proposal
from jiujin.registry.states import target_of


@transaction.atomic
def dismiss_merge(*, proposal: MergeProposal, actor: User) -> MergeProposal:
    """Leave both records as they are; the pair is not proposed again. Raises ProposalDecided."""
    held = locked_proposal(proposal)
    decide(held, target_of(held, "merge_dismissed"), actor)
    details = {"other": held.other_id, "proposal": held.pk}
    record_event(actor=actor, verb="merge_dismissed", subject=held.kept, details=details)
    return held
