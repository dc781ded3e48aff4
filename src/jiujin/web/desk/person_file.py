"""A person's whole file on one page, and what is done from it in one step."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.permissions import Room
from jiujin.accounts.services.hand_code import hand_code
from jiujin.core.plan_codes import CodeNotInPlan
from jiujin.registry.errors import RegistryError
from jiujin.registry.models import ConsentChannel, Person, Purpose
from jiujin.registry.services.give_consent import give_consent
from jiujin.registry.services.show_whole import show_whole
from jiujin.registry.services.withdraw_consent import withdraw_consent
from jiujin.web.desk import queries
from jiujin.web.desk.evidence_kinds import kind_choices, kind_words
from jiujin.web.desk.scope import own_person
from jiujin.web.desk.services.change_situation import change_situation
from jiujin.web.desk.situation_form import SituationForm, situation_of
from jiujin.web.desk.timeline import timeline_of
from jiujin.web.desk.words import (
    about_person,
    area_words,
    category_words,
    form_words,
    masked_number,
    masked_phone,
    wish_words,
)
from jiujin.work.errors import WorkError
from jiujin.work.models import Placement, ServiceKind

UNPROCESSABLE = 422
SHOWABLE = ("id_number", "phone", "home")
QUICK_KINDS = (ServiceKind.CALL, ServiceKind.VISIT, ServiceKind.MEETING, ServiceKind.COUNTER)


@in_room(Room.PEOPLE)
@require_safe
def person(request: SignedInRequest, person_id: int) -> HttpResponse:
    """The whole file."""
    return render(request, "desk/person.html", file_context(request, own_person(request, person_id)))


@in_room(Room.PEOPLE)
@require_POST
def show(request: SignedInRequest, person_id: int) -> HttpResponse:
    """Show one masked value whole; a POST, because it leaves an event."""
    shown_of, field = own_person(request, person_id), request.POST.get("field", "")
    if field not in SHOWABLE:
        raise Http404
    context = file_context(request, shown_of)
    context["whole"] = {field: show_whole(person=shown_of, field=field, actor=request.user)}
    return render(request, "desk/person.html", context)


@in_room(Room.PEOPLE)
@require_POST
def consent(request: SignedInRequest, person_id: int) -> HttpResponse:
    """Record that the person agreed to a purpose, or took it back."""
    its, purpose = own_person(request, person_id), request.POST.get("purpose", "")
    channel = request.POST.get("channel", ConsentChannel.COUNTER)
    if purpose not in Purpose.values or channel not in ConsentChannel.values:
        raise Http404
    told = {"person": its, "purpose": Purpose(purpose), "channel": ConsentChannel(channel), "actor": request.user}
    try:
        if request.POST.get("step") == "withdraw":
            withdraw_consent(**told)
            messages.success(request, _("已记下：撤回“%(purpose)s”。") % {"purpose": Purpose(purpose).label})
        else:
            give_consent(**told)
            messages.success(request, _("已记下：同意“%(purpose)s”。") % {"purpose": Purpose(purpose).label})
    except RegistryError as error:
        messages.warning(request, str(error))
    return redirect("desk:person", its.pk)


@in_room(Room.PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def situation(request: SignedInRequest, person_id: int) -> HttpResponse:
    """Change telephone, community and wish. The telephone starts empty: it is shown whole only by `show`."""
    its = own_person(request, person_id)
    known = situation_of(its)
    wished = known.get("occupations", [])
    if request.method != "POST":
        form = SituationForm(request.user, initial=known | {"phone": ""}, wished=wished)
        return render(request, "desk/situation.html", {"form": form, "person": its, "phone": masked_phone(its)})
    form = SituationForm(request.user, request.POST, wished=wished)
    if form.is_valid():
        phone = None if "no_phone" in request.POST else form.cleaned_data["phone"] or its.phone
        area_code = form.cleaned_data["area"] or its.home_area_id
        try:
            change_situation(
                person=its,
                phone=phone,
                area_code=area_code,
                wish=form.told_wish(),
                actor=request.user,
                today=timezone.localdate(),
            )
        except (RegistryError, WorkError, CodeNotInPlan) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("已保存电话、住处和意向。"))
            return redirect("desk:person", its.pk)
    context = {"form": form, "person": its, "phone": masked_phone(its)}
    return render(request, "desk/situation.html", context, status=UNPROCESSABLE)


@in_room(Room.PEOPLE)
@require_POST
def code(request: SignedInRequest, person_id: int) -> HttpResponse:
    """Make a sign-in code to hand over to someone without a telephone; it is shown once."""
    its = own_person(request, person_id)
    made = hand_code(handed_for=its.pk, actor=request.user, now=timezone.now())
    return render(request, "desk/code.html", {"person": its, "code": made})


def file_context(request: SignedInRequest, its: Person) -> dict[str, Any]:
    """Everything the file shows; values are masked."""
    today = timezone.localdate()
    wish = getattr(its, "wish", None)
    return {
        "person": its,
        "about": about_person(its, today),
        "number": masked_number(its),
        "phone": masked_phone(its),
        "family": _family(request, its),
        "area": area_words(its.home_area),
        "wish": wish,
        "wish_text": wish_words(wish, queries.wished_occupations([its])),
        "statuses": [(category_words(s.category), s) for s in its.priority_statuses.order_by("-start_on", "pk")],
        "consents": _consents(its),
        "channels": [(c.value, c.label) for c in ConsentChannel if c != ConsentChannel.ONLINE],
        "steps": timeline_of(its),
        "placements": [
            _placement_line(p, today)
            for p in its.placements.select_related("employer").order_by("-start_on", "pk")[:20]
        ],
        "evidence": [
            (kept, kind_words(kept.kind)) for kept in queries.evidence_of(request.user, its)[: queries.FILE_ROWS_MAX]
        ],
        "evidence_kinds": kind_choices(),
        "kinds": [(kind.value, kind.label) for kind in QUICK_KINDS],
        "service_id": uuid4(),
        "today": today,
        "whole": {},
    }


def _family(request: SignedInRequest, its: Person) -> list[Person]:
    """Who of the viewer's people uses the same telephone."""
    if not its.phone:
        return []
    return list(queries.people_with_phone(request.user, its.phone).exclude(pk=its.pk).order_by("pk")[:5])


def _consents(its: Person) -> list[dict[str, Any]]:
    """Each purpose, and the consent that stands where one does."""
    standing = {c.purpose: c for c in its.consents.filter(withdrawn_at=None).order_by("given_at", "pk")}
    return [{"purpose": p.value, "label": p.label, "given": standing.get(p.value)} for p in Purpose]


def _placement_line(placement: Placement, today: Any) -> dict[str, Any]:
    left = placement.left_on is not None and placement.left_on < today
    over = placement.end_on is not None and placement.end_on < today
    word = _("已离岗") if left else _("已到期") if over else _("在岗")
    return {
        "placement": placement,
        "form": form_words(placement.form),
        "tone": "plain" if left or over else "met",
        "word": word,
        "months": placement.insurance_months.values("month").distinct().count(),
        "incomes": placement.income_months.count(),
    }
