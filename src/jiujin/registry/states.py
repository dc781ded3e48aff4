"""The states of a proposal to merge and of a correction of an identity number, and every way from one to another."""

from __future__ import annotations

from jiujin.core import transitions
from jiujin.core.transitions import Transition
from jiujin.registry.errors import CorrectionDecided, ProposalDecided
from jiujin.registry.models import CorrectionState, IdentityCorrection, MergeProposal, MergeState

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
    try:
        return CorrectionState(transitions.target_of(CORRECTION, correction.state, event))
    except KeyError as error:
        raise CorrectionDecided(str(correction.get_state_display())) from error


def target_of(proposal: MergeProposal, event: str) -> MergeState:
    """The state that an event leads to. Raises ProposalDecided where it cannot happen."""
    try:
        return MergeState(transitions.target_of(TRANSITIONS, proposal.state, event))
    except KeyError as error:
        raise ProposalDecided(str(proposal.get_state_display())) from error
