"""The states of a proposal to merge and of a correction of an identity number, and every way from one to another."""

from __future__ import annotations

from dataclasses import dataclass

from jiujin.registry.errors import CorrectionDecided, ProposalDecided
from jiujin.registry.models import CorrectionState, IdentityCorrection, MergeProposal, MergeState


@dataclass(frozen=True)
class Transition:
    """One way between states: what happens, and who makes it happen."""

    source: MergeState | CorrectionState
    event: str
    target: MergeState | CorrectionState
    by: str


TRANSITIONS = (
    Transition(MergeState.PROPOSED, "people_merged", MergeState.MERGED, "clerk"),
    Transition(MergeState.PROPOSED, "merge_dismissed", MergeState.DISMISSED, "clerk"),
    Transition(MergeState.MERGED, "merge_undone", MergeState.UNDONE, "clerk"),
)


CORRECTION = (
    Transition(CorrectionState.ASKED, "identity_corrected", CorrectionState.CONFIRMED, "clerk"),
    Transition(CorrectionState.ASKED, "identity_correction_refused", CorrectionState.REFUSED, "clerk"),
)


def correction_target_of(correction: IdentityCorrection, event: str) -> CorrectionState:
    """The state that an event leads to. Raises CorrectionDecided where it cannot happen."""
    for transition in CORRECTION:
        if (transition.source, transition.event) == (correction.state, event):
            return CorrectionState(transition.target)
    raise CorrectionDecided(str(correction.get_state_display()))


def target_of(proposal: MergeProposal, event: str) -> MergeState:
    """The state that an event leads to. Raises ProposalDecided where it cannot happen."""
    for transition in TRANSITIONS:
        if (transition.source, transition.event) == (proposal.state, event):
            return MergeState(transition.target)
    raise ProposalDecided(str(proposal.get_state_display()))
