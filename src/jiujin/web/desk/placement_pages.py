"""A placement from the file: where and since when, its contracts, its months one by one, its end."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.permissions import Room
from jiujin.core.plan_codes import CodeNotInPlan
from jiujin.core.proof import Proof
from jiujin.values import mask_name
from jiujin.web.desk import queries
from jiujin.web.desk.evidence_kinds import kind_choices
from jiujin.web.desk.months_grid import changes_between, filled_grid, months_of, recorded_grid, seal_of
from jiujin.web.desk.placement_forms import ContractForm, LeavingForm, PlacementForm, employer_names
from jiujin.web.desk.scope import own_person, people_of
from jiujin.web.desk.services.save_months import save_months
from jiujin.web.desk.words import form_words
from jiujin.work.acting_for import operator_of
from jiujin.work.errors import WorkError
from jiujin.work.models import Placement
from jiujin.work.services.record_contract import end_placement, record_contract
from jiujin.work.services.record_placement import record_placement

UNPROCESSABLE = 422


def own_placement(request: SignedInRequest, placement_id: int) -> Placement:
    """The placement, if its person is the viewer's. Raises Http404."""
    try:
        return queries.placements_of_people(people_of(request.user)).get(pk=placement_id)
    except Placement.DoesNotExist as error:
        raise Http404 from error


@in_room(Room.PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def new_placement(request: SignedInRequest, person_id: int) -> HttpResponse:
    """Record that the person works somewhere."""
    person = own_person(request, person_id)
    form = PlacementForm(request.POST or None, initial={"start_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            made = record_placement(
                person=person, operator=operator_of(request.user), actor=request.user, **form.cleaned_data
            )
        except (WorkError, CodeNotInPlan) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("已登记就业。接着录合同和每个月的参保、收入。"))
            return redirect("desk:placement", made.pk)
    status = UNPROCESSABLE if form.errors else 200
    context = {"form": form, "person": person, "employers": employer_names()}
    return render(request, "desk/new_placement.html", context, status=status)


@in_room(Room.PEOPLE)
@require_safe
def placement(request: SignedInRequest, placement_id: int) -> HttpResponse:
    """One placement and its months."""
    return _page(request, own_placement(request, placement_id))


@in_room(Room.PEOPLE)
@require_POST
def contract(request: SignedInRequest, placement_id: int) -> HttpResponse:
    """Record a contract; one of the same first day is corrected."""
    its, form = own_placement(request, placement_id), ContractForm(request.POST)
    if form.is_valid():
        try:
            record_contract(placement=its, actor=request.user, **form.cleaned_data)
        except WorkError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("合同已记下，起止日期跟着合同走。"))
            return redirect("desk:placement", its.pk)
    return _page(request, its, contract_form=form, status=UNPROCESSABLE)


@in_room(Room.PEOPLE)
@require_POST
def leave(request: SignedInRequest, placement_id: int) -> HttpResponse:
    """Record the last day worked."""
    its, form = own_placement(request, placement_id), LeavingForm(request.POST)
    if form.is_valid():
        try:
            end_placement(placement=its, actor=request.user, **form.cleaned_data)
        except WorkError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("已记下离岗。"))
            return redirect("desk:placement", its.pk)
    return _page(request, its, leaving_form=form, status=UNPROCESSABLE)


@in_room(Room.PEOPLE)
@require_POST
def months(request: SignedInRequest, placement_id: int) -> HttpResponse:
    """Look at what would change; then save exactly that."""
    its = own_placement(request, placement_id)
    span = months_of(its, timezone.localdate())
    filled = filled_grid(request.POST, span)
    changes = changes_between(recorded_grid(its, span), filled)
    proof = Proof.DOCUMENTED if request.POST.get("proof") == str(Proof.DOCUMENTED.value) else Proof.DECLARED
    seal = seal_of(changes, proof)
    wrong = [month for month in filled if month.error]
    if wrong or "save" not in request.POST or request.POST.get("seal") != seal:
        shown: dict[str, Any] = {"grid": filled, "changes": changes, "seal": seal, "wrong": wrong, "proof": proof}
        return _page(request, its, **shown, previewed=True, status=UNPROCESSABLE if wrong else 200)
    try:
        count = save_months(placement=its, changes=changes, proof=proof, actor=request.user)
    except WorkError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("已保存 %(n)s 处改动。") % {"n": count})
    return redirect("desk:placement", its.pk)


def _page(request: SignedInRequest, its: Placement, status: int = 200, **shown: Any) -> HttpResponse:
    today = timezone.localdate()
    context: dict[str, Any] = {
        "placement": its,
        "person_name": mask_name(its.person.name),
        "form_name": form_words(its.form),
        "contracts": its.contracts.order_by("start_on", "pk"),
        "registrations": its.registrations.order_by("kind"),
        "grid": recorded_grid(its, months_of(its, today)),
        "contract_form": ContractForm(initial={"start_on": its.start_on, "end_on": its.end_on}),
        "leaving_form": LeavingForm(),
        "proof": Proof.DECLARED,
        "proofs": [(p.value, p.label) for p in (Proof.DECLARED, Proof.DOCUMENTED)],
        "evidence_kinds": kind_choices(),
        "about": f"placement:{its.pk}",
        **shown,
    }
    return render(request, "desk/placement.html", context, status=status)
