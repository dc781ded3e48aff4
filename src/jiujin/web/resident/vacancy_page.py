"""One vacancy: how far, why it fits, what it pays and asks, how to go, and applying in one tap."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.models import User
from jiujin.accounts.permissions import Room
from jiujin.core.current_plan import current_plan
from jiujin.core.listing import Words
from jiujin.registry.models import Person
from jiujin.values.datum import distance_m
from jiujin.web.resident.asks import FORM_FACT
from jiujin.web.resident.forms import ApplyForm
from jiujin.web.resident.map_content import MapEntry, here_entry, map_content, mark
from jiujin.web.resident.standing import Standing, resident_of, standing_of
from jiujin.web.resident.words import direction_words, distance_words
from jiujin.work.errors import AlreadyApplied, WorkError
from jiujin.work.models import Schooling, Vacancy
from jiujin.work.nearby.index import IndexNotReady
from jiujin.work.nearby.search import NearLine, explain_fit
from jiujin.work.queries import applications_of, contact_phone_for, introductions_of, vacancy_seen_by
from jiujin.work.services.apply_for import apply_for
from jiujin.work.states import OPEN_APPLICATION, ApplicationState, IntroductionState, VacancyState

# Map programs that a tap opens; the page itself asks them for nothing. {lat}, {lon} are WGS84, {name} is the place.
WAYS: tuple[tuple[Words, str], ...] = (
    (gettext_lazy("高德地图"), "https://uri.amap.com/navigation?to={lon},{lat},{name}&mode=walk&coordinate=wgs84"),
    (gettext_lazy("百度地图"), "https://api.map.baidu.com/direction?destination=latlng:{lat},{lon}|name:{name}&mode=walking&coord_type=wgs84&output=html&src=jiujin"),
)  # fmt: skip

PARTS: dict[str, Words] = {
    "distance": gettext_lazy("距离"),
    "occupation": gettext_lazy("工种"),
    "wage": gettext_lazy("工资"),
    "skills": gettext_lazy("技能"),
    "hours": gettext_lazy("时间"),
}


@in_room(Room.PUBLIC)
@require_safe
def vacancy(request: HttpRequest, vacancy_id: int) -> HttpResponse:
    """The page of a vacancy that the viewer may see."""
    held = vacancy_seen_by(request.user, vacancy_id)  # type: ignore[arg-type]
    if held is None:
        raise Http404
    return render(request, "resident/vacancy.html", _context(request, held))


@in_room(Room.NEAR)
@require_POST
def apply(request: SignedInRequest, vacancy_id: int) -> HttpResponse:
    """Apply for it; the page made the id, so that a second tap is the same application."""
    held = vacancy_seen_by(request.user, vacancy_id)
    if held is None:
        raise Http404
    person = resident_of(request.user)
    if person is None:
        return redirect("near:join")
    form = ApplyForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("这次没有投出去，请再点一次。"))
        return redirect("near:vacancy", vacancy_id)
    try:
        apply_for(id=form.cleaned_data["id"], person=person, vacancy=held, actor=request.user)
    except AlreadyApplied:
        messages.success(request, _("已经申请过这个岗位，不用再投。"))
    except WorkError as error:
        messages.warning(request, str(error))
        return redirect("near:vacancy", vacancy_id)
    else:
        messages.success(request, _("已投给“%(name)s”，单位会在这里回复您。") % {"name": held.employer.name})
    return redirect("near:applications")


def _context(request: HttpRequest, held: Vacancy) -> dict[str, Any]:
    user = request.user
    person = resident_of(user)  # type: ignore[arg-type]
    standing = standing_of(request, person)
    fit = _fit(person, held, standing)
    context: dict[str, Any] = {
        "vacancy": held,
        "standing": standing,
        "form_words": current_plan().facts[FORM_FACT].choices.get(held.form, held.form),
        "is_open": held.state == VacancyState.OPEN,
        "fit": fit,
        "parts": part_lines(fit.parts) if fit and person else [],
        "schooling": str(Schooling(held.schooling_min).label),
        "apply_id": uuid4(),
        **_way(held, standing),
    }
    if isinstance(user, User) and person is not None:
        mine = applications_of(user).filter(vacancy=held)
        context |= {
            "application": mine.exclude(state=ApplicationState.WITHDRAWN).first(),
            "can_apply": not mine.filter(state__in=[*OPEN_APPLICATION, ApplicationState.HIRED]).exists(),
            "introduction": introductions_of(user).filter(vacancy=held, state=IntroductionState.MADE).first(),
            "phone": contact_phone_for(user, held),
        }
    return context


def _fit(person: Person | None, held: Vacancy, standing: Standing | None) -> NearLine | None:
    """How it fits from where one stands; nothing while the index is being read: the page is whole without it."""
    if standing is None:
        return None
    try:
        return explain_fit(person, held, standing.lat, standing.lon)
    except IndexNotReady:
        return None


def part_lines(parts: dict[str, float]) -> list[tuple[Words, str, str]]:
    """The parts of a score: name, value from 0 to 1, the same in hundredths."""
    return [(words, f"{parts[name]:.2f}", f"{parts[name]:.0%}") for name, words in PARTS.items() if name in parts]


def _way(held: Vacancy, standing: Standing | None) -> dict[str, Any]:
    """How far, in which direction, and the map programs that can lead there; nothing where the place has no point."""
    address = held.workplace.address
    if address is None or address.lat is None or address.lon is None:
        return {}
    name = f"{held.employer.name} {held.workplace.name}"
    ways = [(label, url.format(lat=address.lat, lon=address.lon, name=quote(name))) for label, url in WAYS]
    point = mark(address.lat, address.lon, [MapEntry(1, held.workplace.name, held.title)])
    found: dict[str, Any] = {
        "ways": ways,
        "geo": f"geo:{address.lat},{address.lon}?q={address.lat},{address.lon}({quote(name)})",
        "map": map_content([point], here=here_entry(standing)),
        "is_rough": address.is_rough,
    }
    if standing is not None:
        found["direction"] = direction_words(standing.lat, standing.lon, address.lat, address.lon)
        found["distance"] = distance_words(distance_m(standing.lat, standing.lon, address.lat, address.lon))
    return found
