"""Who I am: a short list, one thing a page; what I agreed to; and a copy of all of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.permissions import Room
from jiujin.core.listing import Words
from jiujin.core.services.record_event import record_event
from jiujin.registry.errors import AlreadyRegistered, RegistryError
from jiujin.registry.models import ConsentChannel, Person, Purpose
from jiujin.registry.queries import open_consents
from jiujin.registry.services.change_person import change_person
from jiujin.registry.services.give_consent import give_consent
from jiujin.registry.services.withdraw_consent import withdraw_consent
from jiujin.values.masks import mask_id_number, mask_phone
from jiujin.web.resident.errors import IdNumberHeld
from jiujin.web.resident.forms import BasicsForm, HomeForm, WishForm, posted
from jiujin.web.resident.join import set_home
from jiujin.web.resident.map_content import here_entry, map_content
from jiujin.web.resident.my_copy import copy_of
from jiujin.web.resident.standing import home_standing, resident_of
from jiujin.web.resident.words import distance_words
from jiujin.work.errors import WorkError
from jiujin.work.models import JobWish, Occupation
from jiujin.work.services.save_wish import save_wish

UNPROCESSABLE = 422
EXPLAINED: dict[str, tuple[Words, Words]] = {
    Purpose.FOUND_BY_EMPLOYERS: (
        gettext_lazy("附近的单位能看到有人在找这类工作：离多远、想做什么、会什么。看不到姓名、电话和住址。"),
        gettext_lazy("不同意：单位找不到您，您照样可以自己投。"),
    ),
    Purpose.CONTACTED: (
        gettext_lazy("有合适的岗位、政策时发短信或打电话告诉您。"),
        gettext_lazy("不同意：不会主动打扰，您自己来看。"),
    ),
    Purpose.SHARED_WITH_OPERATOR: (
        gettext_lazy("就业圈的运营机构能看到您的资料，帮您推荐岗位、跟进就业。"),
        gettext_lazy("不同意：只有社区和人社的工作人员帮您。"),
    ),
}


@dataclass(frozen=True)
class Agreement:
    """One purpose: what it means either way, and since when it is agreed to."""

    purpose: str
    label: str
    if_given: Words
    if_not: Words
    given_at: datetime | None


@in_room(Room.NEAR)
@require_safe
def me(request: SignedInRequest) -> HttpResponse:
    """The list of what is known of me, each line leading to where it is changed."""
    person = resident_of(request.user)
    if person is None:
        return render(request, "resident/nobody.html")
    context = {
        "person": person,
        "phone": mask_phone(person.phone) if person.phone else _("没有"),
        "id_number": mask_id_number(person.id_number) if person.id_number else _("没有填"),
        "home": _home_words(person),
        "wish": _wish_words(person),
        "agreed": open_consents(person).count(),
        "agreements": len(Purpose),
    }
    return render(request, "resident/me.html", context)


@in_room(Room.NEAR)
@require_http_methods(["GET", "HEAD", "POST"])
def basics(request: SignedInRequest) -> HttpResponse:
    """Name and identity number."""
    person = resident_of(request.user)
    if person is None:
        return render(request, "resident/nobody.html")
    form = BasicsForm(posted(request), initial={"name": person.name}, has_id_number=person.id_number is not None)
    if request.method == "POST" and form.is_valid():
        given = {name: value for name, value in form.cleaned_data.items() if value}
        try:
            change_person(person=person, actor=request.user, **given)
        except AlreadyRegistered:
            form.add_error("id_number", str(IdNumberHeld()))
        except RegistryError as error:
            form.add_error(None, str(error))
        else:
            return _saved(request)
    shown_id = mask_id_number(person.id_number) if person.id_number else ""
    return _page(request, "resident/basics.html", form, person=person, id_number=shown_id)


@in_room(Room.NEAR)
@require_http_methods(["GET", "HEAD", "POST"])
def home(request: SignedInRequest) -> HttpResponse:
    """Where I live: community, where I stand now, or a point on the map."""
    person = resident_of(request.user)
    if person is None:
        return render(request, "resident/nobody.html")
    form = HomeForm(posted(request), initial={"area": person.home_area_id})
    if request.method == "POST" and form.is_valid():
        try:
            _move_home(person, form, request)
        except RegistryError as error:
            form.add_error(None, str(error))
        else:
            return _saved(request)
    content = map_content([], here=here_entry(home_standing(person)))
    return _page(request, "resident/home.html", form, is_map=request.GET.get("view") == "map", map=content)


@in_room(Room.NEAR)
@require_http_methods(["GET", "HEAD", "POST"])
def wish(request: SignedInRequest) -> HttpResponse:
    """What I look for."""
    person = resident_of(request.user)
    if person is None:
        return render(request, "resident/nobody.html")
    form = WishForm(posted(request), initial=_wish_initial(person))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            save_wish(
                person=person,
                actor=request.user,
                is_looking=given["is_looking"],
                occupations=given["occupations"],
                shifts=given["shifts"],
                wage_min_fen=given["wage"] * 100 if given["wage"] else None,
                radius_m=given["radius"],
                schooling=given["schooling"],
            )
        except WorkError as error:
            form.add_error(None, str(error))
        else:
            return _saved(request)
    return _page(request, "resident/wish.html", form)


@in_room(Room.NEAR)
@require_http_methods(["GET", "HEAD", "POST"])
def consents(request: SignedInRequest) -> HttpResponse:
    """What I agree to, each by itself, each to be taken back."""
    person = resident_of(request.user)
    if person is None:
        return render(request, "resident/nobody.html")
    if request.method == "POST" and request.POST.get("purpose") in Purpose.values:
        change = give_consent if request.POST.get("agree") == "yes" else withdraw_consent
        purpose = Purpose(request.POST["purpose"])
        change(person=person, purpose=purpose, channel=ConsentChannel.ONLINE, actor=request.user)
        messages.success(request, _("已保存，马上生效。"))
        return redirect("near:me-consents")
    given = {consent.purpose: consent.given_at for consent in open_consents(person)}
    agreements = [
        Agreement(purpose, str(Purpose(purpose).label), *EXPLAINED[purpose], given.get(purpose))
        for purpose in Purpose.values
    ]
    return render(request, "resident/consents.html", {"agreements": agreements})


@in_room(Room.NEAR)
@require_POST
def my_copy(request: SignedInRequest) -> HttpResponse:
    """Everything that is kept of me, whole, as a file; by POST, because showing it leaves an event."""
    person = resident_of(request.user)
    if person is None:
        return render(request, "resident/nobody.html")
    with transaction.atomic():
        record_event(actor=request.user, verb="person_exported", subject=person)
        content = copy_of(person)
    answer = JsonResponse(content, json_dumps_params={"ensure_ascii": False, "indent": 2})
    answer.headers["Content-Disposition"] = f'attachment; filename="jiujin-{timezone.localdate():%Y%m%d}.json"'
    return answer


@transaction.atomic
def _move_home(person: Person, form: HomeForm, request: SignedInRequest) -> None:
    """Change the community and the point together."""
    area = form.cleaned_data["area"]
    if area and area != person.home_area_id:
        change_person(person=person, actor=request.user, home_area_code=area)
        person.refresh_from_db()
    set_home(person=person, form=form, actor=request.user)


def _home_words(person: Person) -> str:
    area = person.home_area.name if person.home_area else ""
    standing = home_standing(person)
    if standing is None:
        return area or _("没有填")
    return _("%(area)s（大概位置）") % {"area": area} if standing.is_rough else area or _("已在地图上选好")


def _wish_words(person: Person) -> str:
    held = JobWish.objects.filter(person=person).first()
    if held is None:
        return _("没有填")
    if not held.is_looking:
        return _("现在不找")
    codes = list(Occupation.objects.filter(code__in=held.occupations).order_by("code").values_list("name", flat=True))
    parts = ["、".join(codes[:2]) or _("什么都可以")]
    if held.radius_m:
        parts.append(_("离家 %(distance)s内") % {"distance": distance_words(held.radius_m)})
    return "，".join(parts)


def _wish_initial(person: Person) -> dict[str, Any]:
    held = JobWish.objects.filter(person=person).first()
    if held is None:
        return {"is_looking": True}
    return {
        "is_looking": held.is_looking,
        "occupations": held.occupations,
        "shifts": held.shifts,
        "wage": held.wage_min_fen // 100 if held.wage_min_fen else None,
        "radius": held.radius_m,
        "schooling": held.schooling,
    }


def _saved(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("已保存。"))
    return redirect("near:me")


def _page(request: HttpRequest, name: str, form: Any, **context: Any) -> HttpResponse:
    return render(request, name, {"form": form, **context}, status=UNPROCESSABLE if form.errors else 200)
