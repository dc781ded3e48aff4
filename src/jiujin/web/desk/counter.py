"""The counter: a card, a few taps, saved; and what comes right after."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.permissions import Room
from jiujin.core.plan_codes import CodeNotInPlan
from jiujin.registry.errors import AlreadyRegistered, RegistryError
from jiujin.registry.models import ConsentChannel, Person, Purpose
from jiujin.values import mask_name
from jiujin.web.desk import queries
from jiujin.web.desk.counter_form import CounterForm
from jiujin.web.desk.evidence_kinds import kind_choices
from jiujin.web.desk.scope import own_person, people_of
from jiujin.web.desk.services.register_at_counter import Identity, register_at_counter
from jiujin.web.desk.words import about_person, masked_number
from jiujin.work.errors import WorkError

UNPROCESSABLE = 422
ALIKE_SHOWN = 5


@in_room(Room.PEOPLE)
@require_safe
def counter(request: SignedInRequest) -> HttpResponse:
    """Wait for a card; without one, the form is a key away."""
    return counter_page(request, {})


def counter_page(request: SignedInRequest, known: dict[str, str]) -> HttpResponse:
    """The form with what the card said."""
    form = CounterForm(request.user, initial={**known, "category": ""})
    return render(request, "desk/counter.html", {"form": form, "card_read": bool(known)})


@in_room(Room.PEOPLE)
@require_POST
def register(request: SignedInRequest) -> HttpResponse:
    """Save; but first show whoever is likely the same person."""
    form = CounterForm(request.user, request.POST)
    if not form.is_valid():
        return render(request, "desk/counter.html", {"form": form, "card_read": True}, status=UNPROCESSABLE)
    given = form.cleaned_data
    alike = _alike(request, given)
    if alike and not given["not_the_same"]:
        context = {"form": form, "card_read": True, "alike": alike}
        return render(request, "desk/counter.html", context, status=UNPROCESSABLE)
    try:
        person = register_at_counter(**_told(form), actor=request.user, today=timezone.localdate())
    except AlreadyRegistered as error:
        return _open_existing(request, error)
    except (RegistryError, WorkError, CodeNotInPlan) as error:
        form.add_error(None, str(error))
        return render(request, "desk/counter.html", {"form": form, "card_read": True}, status=UNPROCESSABLE)
    return redirect("desk:registered", person.pk)


def _told(form: CounterForm) -> dict[str, Any]:
    """What the form says, as the service takes it."""
    given = form.cleaned_data
    return {
        "identity": Identity(
            name=given["name"],
            id_number=given["id_number"],
            born_on=given["born_on"],
            sex=given["sex"] or None,
            phone=given["phone"] or None,
        ),
        "area_code": given["area"] or None,
        "category": given["category"],
        "wish": form.told_wish(),
        "purposes": [Purpose(purpose) for purpose in given["consents"]],
        "channel": ConsentChannel(given["channel"]),
    }


def _alike(request: SignedInRequest, given: dict[str, Any]) -> list[dict[str, Any]]:
    """Records of the same name and birth: whose file may be opened with a link, the others only as being there."""
    today, mine = timezone.localdate(), people_of(request.user)
    found = queries.likely_same(name=given["name"], born_on=given["born_on"]).order_by("pk")
    if given["id_number"]:
        found = found.filter(id_number__isnull=True)  # another number is another person
    found = found.select_related("home_area__parent")[:ALIKE_SHOWN]
    own = set(mine.filter(pk__in=[p.pk for p in found]).values_list("pk", flat=True).order_by("pk"))
    return [
        {
            "person": p if p.pk in own else None,
            "name": mask_name(p.name),
            "number": masked_number(p),
            "about": about_person(p, today),
        }
        for p in found
    ]


def _open_existing(request: SignedInRequest, error: AlreadyRegistered) -> HttpResponse:
    person = people_of(request.user).filter(pk=error.pk).first()
    messages.warning(
        request, str(error) if person else _("这个人已经登记过，但不在您的服务范围内，没有再登记一次。请联系区里经办。")
    )
    return redirect("desk:person", person.pk) if person else redirect("desk:counter")


@in_room(Room.PEOPLE)
@require_safe
def registered(request: SignedInRequest, person_id: int) -> HttpResponse:
    """What comes right after: a code for who has no telephone, a photo or signature, work near home, the next card."""
    person = own_person(request, person_id)
    sharing = _sharing(person)
    context = {
        "person": person,
        "about": about_person(person, timezone.localdate()),
        "number": masked_number(person),
        "sharing": sharing,
        "evidence_kinds": kind_choices(),
    }
    return render(request, "desk/registered.html", context)


def _sharing(person: Person) -> int:
    """How many others use the same telephone."""
    if not person.phone:
        return 0
    return Person.objects.filter(phone_index=person.phone, merged_into=None).exclude(pk=person.pk).count()
