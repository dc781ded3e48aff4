"""Likely-same people: search, look at two records side by side, merge, part, undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.models import User
from jiujin.accounts.permissions import Room
from jiujin.registry.errors import MergeRefused, RegistryError
from jiujin.registry.models import IdentityCorrection, MergeProposal, MergeState
from jiujin.registry.queries import corrections_seen_by, last_search, proposals_seen_by
from jiujin.registry.services.ask_for_merges import ask_for_merges
from jiujin.registry.services.correct_identity import confirm_identity, refuse_identity
from jiujin.registry.services.dismiss_merge import dismiss_merge
from jiujin.values.masks import mask_id_number, mask_name
from jiujin.web.merging.pairs import pair_of
from jiujin.work.services.merge_records import merge_records, part_records

PAGE_PAIRS: Final = 10
CORRECTIONS_SHOWN: Final = 50
NUMBER_CHARACTERS: Final = 40
TABS: Final = (MergeState.PROPOSED, MergeState.MERGED, MergeState.DISMISSED, MergeState.UNDONE)


@in_room(Room.MERGING)
@require_safe
def proposals(request: SignedInRequest) -> HttpResponse:
    """The pairs of one state, a few a page."""
    state = request.GET.get("state", "")
    state = state if state in MergeState.values else MergeState.PROPOSED
    pages = Paginator(proposals_seen_by(request.user, state), PAGE_PAIRS)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "corrections": _waiting_corrections(request.user),
        "state": state,
        "tabs": [(tab.value, tab.label, proposals_seen_by(request.user, tab).count()) for tab in TABS],
        "page": page,
        "pairs": [pair_of(proposal) for proposal in page],
        "search": last_search(),
    }
    return render(request, "merging/list.html", context)


@in_room(Room.MERGING)
@require_POST
def search(request: SignedInRequest) -> HttpResponse:
    """Ask for a search of the whole registry."""
    ask_for_merges(actor=request.user)
    return redirect("merging:list")


@in_room(Room.MERGING)
@require_safe
def progress(request: SignedInRequest) -> HttpResponse:
    """The moving part of the page; once the search has ended, the whole page is asked for again."""
    under_way = last_search()
    if under_way is None or not under_way.is_open:
        return HttpResponseClientRefresh()
    return render(request, "merging/progress.html", {"search": under_way})


@in_room(Room.MERGING)
@require_POST
def merge(request: SignedInRequest, proposal_id: int) -> HttpResponse:
    """Make the two records one."""
    return _decide(request, proposal_id, merge_records, _("已合并。合错了可以在“已合并”里撤销。"))


@in_room(Room.MERGING)
@require_POST
def dismiss(request: SignedInRequest, proposal_id: int) -> HttpResponse:
    """Leave the two records apart for good."""
    return _decide(request, proposal_id, dismiss_merge, _("已记下：不是同一人，不会再提示这一对。"))


@in_room(Room.MERGING)
@require_POST
def undo(request: SignedInRequest, proposal_id: int) -> HttpResponse:
    """Part two records that were made one."""
    return _decide(request, proposal_id, part_records, _("已撤销，两份登记都恢复了原样。"))


@in_room(Room.MERGING)
@require_POST
def correct(request: SignedInRequest, correction_id: int) -> HttpResponse:
    """Confirm the correction of an identity number that somebody else asked for, or leave the number as it is."""
    correction = corrections_seen_by(request.user).filter(pk=correction_id).first()
    if correction is None:
        raise Http404
    try:
        if request.POST.get("step") == "refuse":
            refuse_identity(correction=correction, actor=request.user)
            messages.success(request, _("没有改正，号码照旧。"))
        elif _confirmed(correction, request).proposal_id is None:
            messages.success(request, _("身份证号已改正，出生日期和性别跟着号码改了。"))
        else:
            messages.success(request, _("正确的号码另有一份登记，是同一个人：错的号码已去掉，请在下面合并这一对。"))
    except RegistryError as error:
        messages.warning(request, str(error))
    return redirect("merging:list")


def _confirmed(correction: IdentityCorrection, request: SignedInRequest) -> IdentityCorrection:
    number = request.POST.get("id_number", "")[:NUMBER_CHARACTERS]
    return confirm_identity(correction=correction, id_number=number, actor=request.user)


def _waiting_corrections(viewer: User) -> list[tuple[IdentityCorrection, str, str]]:
    """Each with the masked name and number of the person."""
    return [
        (each, mask_name(each.person.name), mask_id_number(each.person.id_number or ""))
        for each in corrections_seen_by(viewer)[:CORRECTIONS_SHOWN]
    ]


def _decide(request: SignedInRequest, proposal_id: int, step: Callable[..., Any], done: str) -> HttpResponse:
    proposal = _own_proposal(request, proposal_id)
    state = proposal.state
    try:
        step(proposal=proposal, actor=request.user)
        messages.success(request, done)
    except MergeRefused as error:
        messages.warning(request, str(error))
    answer = redirect("merging:list")
    if state != MergeState.PROPOSED:
        answer["Location"] += f"?state={state}"
    return answer


def _own_proposal(request: SignedInRequest, proposal_id: int) -> MergeProposal:
    """The proposal, if both its records are the asker's. Raises Http404."""
    for state in MergeState.values:
        found = proposals_seen_by(request.user, state).filter(pk=proposal_id).first()
        if found is not None:
            return found
    raise Http404
