"""People near a vacancy who agreed to be found: masked, how far at most, how they fit; and inviting one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jiujin.accounts.access import SignedInRequest
from jiujin.core.current_plan import current_plan
from jiujin.registry.models import Organisation, Person
from jiujin.values import mask_name
from jiujin.web.hiring.scope import for_employers, own_vacancy
from jiujin.web.hiring.words import Fit, fit_of, told_words
from jiujin.web.resident.words import distance_words
from jiujin.work.errors import WorkError
from jiujin.work.models import Introduction, Vacancy
from jiujin.work.nearby import candidates as near
from jiujin.work.nearby.radius import near_radius_m
from jiujin.work.services.introduce import introduce
from jiujin.work.states import IntroductionState, VacancyState

SALT: Final = "jiujin.hiring.invite"


@dataclass(frozen=True)
class Candidate:
    """One person as an employer may see them; `ticket` stands for them on the page, `asked` is what became of inviting them."""

    ticket: str
    invite_id: UUID
    name: str
    within: str
    told: str
    fit: Fit
    asked: str


@for_employers
@require_safe
def candidates(request: SignedInRequest, organisation: Organisation, vacancy_id: int) -> HttpResponse:
    """Who lives within the plan's radius of the place of work, who fits best first."""
    vacancy = own_vacancy(request.user, vacancy_id)
    found = candidates_of(vacancy)
    context = {
        "vacancy": vacancy,
        "has_point": any(
            place is not None and place.lat is not None for place in (vacancy.workplace.address, vacancy.workplace.area)
        ),
        "is_open": vacancy.state == VacancyState.OPEN and vacancy.open_until >= timezone.localdate(),
        "radius": distance_words(near_radius_m(current_plan(), timezone.localdate())),
        "candidates": found,
        "shown_max": near.TOP if len(found) == near.TOP else 0,
    }
    return render(request, "hiring/candidates.html", context)


def candidates_of(vacancy: Vacancy) -> list[Candidate]:
    """The best people near an open vacancy; who they are stays sealed in the ticket."""
    found = near.candidates_near(vacancy)
    ids = [one.person_id for one in found]
    people = Person.objects.select_related("wish").in_bulk(ids)
    invited = Introduction.objects.filter(vacancy=vacancy, person__in=ids).order_by("made_at", "pk")
    asked = dict(invited.values_list("person", "state"))
    return [
        Candidate(
            ticket=signing.dumps({"vacancy": vacancy.pk, "person": one.person_id}, salt=SALT),
            invite_id=uuid4(),
            name=mask_name(people[one.person_id].name),
            within=distance_words(one.within_m),
            told=told_words(one.occupations, one.skills, one.licences, one.schooling, one.shifts),
            fit=fit_of(vacancy, people[one.person_id].wish),
            asked=str(IntroductionState(asked[one.person_id]).label) if one.person_id in asked else "",
        )
        for one in found
    ]


@for_employers
@require_POST
def invite(request: SignedInRequest, organisation: Organisation, vacancy_id: int) -> HttpResponse:
    """Ask somebody nearby whether they would apply; who they are is told when they do."""
    vacancy = own_vacancy(request.user, vacancy_id)
    person_id = _person_behind(request.POST.get("ticket", ""), vacancy)
    found = {one.person_id: one for one in near.candidates_near(vacancy)}
    if person_id not in found:
        messages.warning(request, _("这个人现在不在附近的求职者里了，没有邀请。可能刚投递过，或不再愿意被找到。"))
        return redirect("hiring:candidates", vacancy_id)
    person = Person.objects.select_related("wish").get(pk=person_id)
    reasons = [
        _("“%(name)s”邀请您应聘") % {"name": organisation.name},
        _("直线 %(distance)s以内") % {"distance": distance_words(found[person_id].within_m)},
        *fit_of(vacancy, person.wish).met,
    ]
    try:
        introduce(id=_invite_id(request), person=person, vacancy=vacancy, actor=request.user, reasons=reasons)
    except WorkError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("已邀请。对方同意投递后，会出现在收到的申请里。"))
    return redirect("hiring:candidates", vacancy_id)


def _person_behind(ticket: str, vacancy: Vacancy) -> int:
    """Whom the ticket of this vacancy's page stands for."""
    try:
        held = signing.loads(ticket, salt=SALT)
    except signing.BadSignature as error:
        raise Http404 from error
    if held["vacancy"] != vacancy.pk:
        raise Http404
    return int(held["person"])


def _invite_id(request: SignedInRequest) -> UUID:
    """The id that the page made, so that a second press is the same invitation."""
    try:
        return UUID(request.POST.get("id", ""))
    except ValueError as error:
        raise Http404 from error
