"""One line as its payee sees it: the way it went, the officer's words, what is missing; mending it, and the appeal."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from jiujin.accounts.access import SignedInRequest
from jiujin.claims.declared import facts_to_declare
from jiujin.claims.errors import ClaimRefused
from jiujin.claims.models import Basis, ClaimLine
from jiujin.claims.services.mend_line import mend_line
from jiujin.claims.services.raise_appeal import raise_appeal
from jiujin.claims.states import LineState, MatterState
from jiujin.core.plan_in_force import plan_in_force
from jiujin.plan import Plan
from jiujin.plan.models import Fact
from jiujin.registry.errors import RegistryError
from jiujin.registry.models import Organisation
from jiujin.registry.services.keep_evidence import keep_evidence
from jiujin.web.claims.claim_page import panel_context
from jiujin.web.claims.fact_fields import FactsForm, sheet_facts
from jiujin.web.claims.opened_line import evidence_of, way_of
from jiujin.web.claims.scope import for_payees, own_line

UNPROCESSABLE = 422
APPEAL_CHARACTERS = 1000


class AppealForm(forms.Form):
    """Why the payee holds the rejection to be wrong."""

    text = forms.CharField(
        label=gettext_lazy("申诉的理由"), max_length=APPEAL_CHARACTERS, widget=forms.Textarea(attrs={"rows": 4})
    )


def evidence_choices(line: ClaimLine) -> list[tuple[str, str]]:
    """The kinds of evidence that the line's scheme asks for."""
    plan = plan_in_force()
    scheme = plan.schemes.get(line.scheme)
    return [(kind, plan.evidence[kind].label) for kind in (scheme.evidence if scheme else []) if kind in plan.evidence]


def mendable(plan: Plan, line: ClaimLine) -> list[tuple[Fact, str]]:
    """The facts of a line that are its payee's to say."""
    scheme = plan.schemes[line.scheme]
    own = set(facts_to_declare(plan, scheme))
    return [pair for pair in sheet_facts(plan, scheme) if pair[0].id in own]


def _context(request: SignedInRequest, line: ClaimLine, **more: Any) -> dict[str, Any]:
    appeals = list(line.appeals.order_by("pk"))
    returned = line.state == LineState.RETURNED
    mends_here = line.basis == Basis.DECLARED and line.state in (LineState.DRAFT, LineState.RETURNED)
    plan = plan_in_force()
    facts = mendable(plan, line) if mends_here else []
    return {
        **panel_context(line),
        "way": way_of(line),
        "evidence": evidence_of(line),
        "kinds": evidence_choices(line),
        "returned": returned,
        "mend_form": FactsForm(facts, line.declared) if mends_here else None,
        "appeals": appeals,
        "may_appeal": line.state == LineState.REJECTED and all(a.state != MatterState.RAISED for a in appeals),
        "appeal_form": AppealForm(),
        "objections": line.objections.order_by("pk"),
        **more,
    }


@for_payees
@require_safe
def line(request: SignedInRequest, organisation: Organisation, line_id: int) -> HttpResponse:
    """The page."""
    return render(request, "claims/line.html", _context(request, own_line(request.user, line_id)))


@for_payees
@require_POST
def mend(request: SignedInRequest, organisation: Organisation, line_id: int) -> HttpResponse:
    """Mend a line that came back: a declared one by its form, one from records by judging the records anew."""
    shown = own_line(request.user, line_id)
    declared: dict[str, Any] = {}
    if shown.basis == Basis.DECLARED:
        plan = plan_in_force()
        form = FactsForm(mendable(plan, shown), shown.declared, request.POST)
        if not form.is_valid():
            return render(request, "claims/line.html", _context(request, shown, mend_form=form), status=UNPROCESSABLE)
        declared = form.facts()
    try:
        mend_line(line_id=shown.pk, declared=declared, actor=request.user, now=timezone.now())
        messages.success(request, _("已改好并重新判断。看过结论，在申报页上再提交一次。"))
    except ClaimRefused as error:
        messages.warning(request, str(error))
    return redirect("claims:line", shown.pk)


@for_payees
@require_POST
def appeal(request: SignedInRequest, organisation: Organisation, line_id: int) -> HttpResponse:
    """Appeal against a rejection."""
    shown = own_line(request.user, line_id)
    form = AppealForm(request.POST)
    if not form.is_valid():
        return render(request, "claims/line.html", _context(request, shown, appeal_form=form), status=UNPROCESSABLE)
    try:
        raise_appeal(line_id=shown.pk, text=form.cleaned_data["text"], actor=request.user, now=timezone.now())
        messages.success(request, _("申诉已提交，会由没有办过这一行的人来处理。"))
    except ClaimRefused as error:
        messages.warning(request, str(error))
    return redirect("claims:line", shown.pk)


@for_payees
@require_POST
def attach(request: SignedInRequest, organisation: Organisation, line_id: int) -> HttpResponse:
    """Attach one file that proves something about the line."""
    shown = own_line(request.user, line_id)
    upload, kind = request.FILES.get("file"), request.POST.get("kind", "")
    if upload is None:
        messages.warning(request, _("没有选文件，没有保存。请拍一张照片或选一个文件。"))
    else:
        try:
            kept = kind if kind in dict(evidence_choices(shown)) else ""
            keep_evidence(subject=shown, upload=upload, kind=kept, actor=request.user)
            messages.success(request, _("佐证已附上，审核的人看得到。"))
        except RegistryError as error:
            messages.warning(request, str(error))
    return redirect("claims:line", shown.pk)
