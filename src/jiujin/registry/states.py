"""The states of a proposal to merge, and every way from one to another."""

from __future__ import annotations

from dataclasses import dataclass

from jiujin.registry.errors import ProposalDecided
from jiujin.registry.models import MergeProposal, MergeState


@dataclass(frozen=True)
class Transition:
    """One way between states: what happens, and who makes it happen."""

    source: MergeState
    event: str
    target: MergeState
    by: str


TRANSITIONS = (
    Transition(MergeState.PROPOSED, "people_merged", MergeState.MERGED, "clerk"),
    Transition(MergeState.PROPOSED, "merge_dismissed", MergeState.DISMISSED, "clerk"),
    Transition(MergeState.MERGED, "merge_undone", MergeState.UNDONE, "clerk"),
)


def target_of(proposal: MergeProposal, event: str) -> MergeState:
    """The state that an event leads to. Raises ProposalDecided where it cannot happen."""
    for transition in TRANSITIONS:
        if (transition.source, transition.event) == (proposal.state, event):
            return transition.target
    raise ProposalDecided(str(proposal.get_state_display()))
