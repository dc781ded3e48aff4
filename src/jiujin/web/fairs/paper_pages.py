"""Papers of fairs: cost vouchers, tripartite agreements, what shows an event, a project's acceptance, a service's ledger."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpResponse
from django.views.decorators.http import require_POST, require_safe

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.models import User
from jiujin.accounts.permissions import Room, may_enter
from jiujin.core.current_plan import current_plan
from jiujin.fairs.models import Fair, FairCost, MatchingService, NetworkProject, PublicEvent, TripartiteSignature
from jiujin.fairs.queries import fairs_hosted_by
from jiujin.fairs.services import attach_paper as service
from jiujin.web.papers import Held, Papers, Table, attach_paper, keep_paper, show_paper


def keep_fair_paper(actor: User, record: Any, upload: UploadedFile | None, kind: str) -> None:
    """Keep what came with a form, if anything did; a kind that the plan does not know is left blank."""
    if upload is not None:
        known = kind if kind in current_plan().evidence else ""
        service.attach_paper(record=record, upload=upload, kind=known, actor=actor)


def _changes(viewer: User, record: Any) -> bool:
    return may_enter(viewer, Room.FAIR_CHANGES)


def _of_fair(model: Any) -> Any:
    return lambda viewer: model.objects.filter(fair__in=fairs_hosted_by(viewer).values("pk"))


def _supported(model: Any) -> Any:
    def seen(viewer: User) -> QuerySet[Any]:
        found: QuerySet[Any] = model.objects.all()
        return found if may_enter(viewer, Room.FAIR_CHANGES) else found.none()

    return seen


COST, AGREEMENT, EVENT, PROJECT, SERVICE = (
    "cost_vouchers",
    "tripartite_agreement",
    "event_file",
    "acceptance_report",
    "matching_ledger",
)
TABLE: Final[Table] = {
    Fair: Held(fairs_hosted_by, _changes, EVENT, keep_paper),
    FairCost: Held(_of_fair(FairCost), _changes, COST, keep_fair_paper),
    TripartiteSignature: Held(_of_fair(TripartiteSignature), _changes, AGREEMENT, keep_fair_paper),
    PublicEvent: Held(_of_fair(PublicEvent), _changes, EVENT, keep_fair_paper),
    NetworkProject: Held(_supported(NetworkProject), _changes, PROJECT, keep_fair_paper),
    MatchingService: Held(_supported(MatchingService), _changes, SERVICE, keep_fair_paper),
}


def papers_for(viewer: User) -> Papers:
    """The papers of a page of fairs, still to be read."""
    return Papers(viewer, TABLE, "fairs")


@in_room(Room.FAIRS)
@require_safe
def paper(request: SignedInRequest, fair_paper_id: UUID) -> HttpResponse:
    """One paper as it came."""
    return show_paper(request, fair_paper_id, TABLE)


@in_room(Room.FAIR_CHANGES)
@require_POST
def attach(request: SignedInRequest) -> HttpResponse:
    """Attach one to a record of a page."""
    return attach_paper(request, TABLE)
