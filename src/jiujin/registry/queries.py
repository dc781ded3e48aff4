"""Reads of the registry; the viewer comes first and bounds what is seen. A record merged into another is nobody's."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from jiujin.accounts.models import Role, User
from jiujin.registry.models import (
    Consent,
    CorrectionState,
    IdentityCorrection,
    MergeProposal,
    MergeSearch,
    MergeState,
    Organisation,
    Person,
)
from jiujin.registry.residents import person_behind

# Who sees the people of their area. Specialists, operators and schools see those whom they serve, through the records of that
# work (`circles.queries.people_served_by`); the leaders see figures, and the three administrators keep the system without
# seeing anyone's records.
SEE_PEOPLE_OF_THEIR_AREA = frozenset({Role.CLERK, Role.REVIEWER, Role.FINANCE, Role.TOWNSHIP, Role.SUPERVISOR})


def people_seen_by(viewer: User) -> QuerySet[Person]:
    """The people whose home lies in the viewer's area; without an area, everyone, also who has no known home."""
    if viewer.role not in SEE_PEOPLE_OF_THEIR_AREA:
        return Person.objects.none()
    return Person.objects.filter(home_lies_in(viewer.area_code), merged_into=None)


def person_with_id_number(viewer: User, id_number: str) -> Person | None:
    """The person with this identity number (18 characters, as checked), if the viewer may see them."""
    return people_seen_by(viewer).filter(id_number_index=id_number).first()


def person_of(user: User) -> Person | None:
    """The person whose own sign-in this is; where their record went up in another one's, that one."""
    own = Person.objects.filter(user=user).select_related("home", "home_area__parent").first()
    if own is not None and own.merged_into_id is not None:
        return person_behind(own.pk)
    return own


def organisation_of(user: User) -> Organisation | None:
    """The organisation for which the user acts."""
    return Organisation.objects.filter(memberships__user=user).first()


def open_consents(person: Person) -> QuerySet[Consent]:
    """What the person agrees to now."""
    return Consent.objects.filter(person=person, withdrawn_at=None).order_by("given_at", "pk")


def home_lies_in(area_code: str, *, of: str = "") -> Q:
    """The condition that a person lives in an area (blank: anywhere); `of` is the path to the person, as `person__`."""
    return Q(**{f"{of}home_area__code__startswith": area_code}) if area_code else Q()


# --- likely-same people --------------------------------------------------------------------------------------------------


def proposals_seen_by(viewer: User, state: str = MergeState.PROPOSED) -> QuerySet[MergeProposal]:
    """The proposals in a state whose two records both lie in the viewer's area, likeliest first."""
    proposals = MergeProposal.objects.filter(state=state).select_related(
        "kept__home_area__parent", "other__home_area__parent", "kept__home", "other__home", "decided_by"
    )
    if viewer.role not in SEE_PEOPLE_OF_THEIR_AREA:
        return proposals.none()
    both = home_lies_in(viewer.area_code, of="kept__") & home_lies_in(viewer.area_code, of="other__")
    order = ("-probability", "pk") if state == MergeState.PROPOSED else ("-decided_at", "pk")
    return proposals.filter(both).order_by(*order)


def corrections_seen_by(viewer: User) -> QuerySet[IdentityCorrection]:
    """The corrections of identity numbers that wait for a second person, of the viewer's area, the oldest first."""
    waiting = IdentityCorrection.objects.filter(state=CorrectionState.ASKED)
    if viewer.role not in SEE_PEOPLE_OF_THEIR_AREA:
        return waiting.none()
    mine = waiting.filter(home_lies_in(viewer.area_code, of="person__"))
    return mine.select_related("person__home_area__parent", "asked_by").order_by("asked_at", "pk")


def last_search() -> MergeSearch | None:
    """The search that was asked for last."""
    return MergeSearch.objects.order_by("-asked_at", "-pk").first()
