"""Papers of internships: what a base is recognised by, agreements, policies, vouchers, appraisals, labour contracts."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_POST, require_safe

from jiujin.accounts.access import SignedInRequest
from jiujin.accounts.models import Role, User
from jiujin.accounts.permissions import Room
from jiujin.internships.models import Base, Internship
from jiujin.internships.queries import bases_seen_by, internships_seen_by, serves_interns
from jiujin.web.internships.scope import in_internships
from jiujin.web.papers import Held, Papers, Table, attach_paper, show_paper

AGREEMENT, POLICY, VOUCHER, APPRAISAL, CONTRACT = (
    "internship_agreement",
    "accident_policy",
    "stipend_voucher",
    "internship_appraisal",
    "absorption_contract",
)


def works_on(viewer: User, record: object) -> bool:
    """The unit (whose queries give it its own only) and the public employment service."""
    return viewer.role == Role.EMPLOYER or serves_interns(viewer)


TABLE: Final[Table] = {Base: Held(bases_seen_by, works_on), Internship: Held(internships_seen_by, works_on)}


def papers_for(viewer: User) -> Papers:
    """The papers of a page of internships, still to be read."""
    return Papers(viewer, TABLE, "internships")


@in_internships(Room.INTERNSHIPS)
@require_safe
def paper(request: SignedInRequest, intern_paper_id: UUID) -> HttpResponse:
    """One paper as it came."""
    return show_paper(request, intern_paper_id, TABLE)


@in_internships(Room.INTERNSHIPS)
@require_POST
def attach(request: SignedInRequest) -> HttpResponse:
    """Attach one to a base or an internship."""
    return attach_paper(request, TABLE)
