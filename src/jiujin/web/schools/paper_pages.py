"""Papers of the schools' lists: the stamped list, and what the city wrote."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_POST, require_safe

from jiujin.accounts.access import SignedInRequest
from jiujin.accounts.models import User
from jiujin.accounts.permissions import Room
from jiujin.schools.models import Intake
from jiujin.schools.queries import enters_replies, intakes_seen_by
from jiujin.web.papers import Held, Papers, Table, attach_paper, show_paper
from jiujin.web.schools.scope import in_schools


def _attaches(viewer: User, record: object) -> bool:
    return enters_replies(viewer)


TABLE: Final[Table] = {Intake: Held(intakes_seen_by, _attaches)}


def papers_for(viewer: User) -> Papers:
    """The papers of a list, still to be read."""
    return Papers(viewer, TABLE, "schools")


@in_schools(Room.SCHOOLS)
@require_safe
def paper(request: SignedInRequest, intake_paper_id: UUID) -> HttpResponse:
    """One paper as it came."""
    return show_paper(request, intake_paper_id, TABLE)


@in_schools(Room.SCHOOLS)
@require_POST
def attach(request: SignedInRequest) -> HttpResponse:
    """Attach one that the city sent."""
    return attach_paper(request, TABLE)
