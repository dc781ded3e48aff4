"""One line as an officer's page: evidence and facts side by side, what was verified and by what, the decision, the way."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.permissions import Room
from jiujin.claims.declared import facts_to_declare, officer_facts
from jiujin.claims.errors import ClaimRefused
from jiujin.claims.models import ClaimLine
from jiujin.claims.queries import roster_seen_by
from jiujin.claims.services.verify_facts import verify_facts
from jiujin.claims.states import OPEN
from jiujin.claims.steps import JUDGING, may_take
from jiujin.core.plan_in_force import plan_in_force
from jiujin.core.proof import Proof
from jiujin.plan.models import Fact
from jiujin.registry.errors import EvidenceUnreadable
from jiujin.registry.models import EvidenceFile
from jiujin.registry.storage import read_evidence
from jiujin.web.claims.fact_fields import FactsForm, sheet_facts
from jiujin.web.claims.opened_line import evidence_of, way_of
from jiujin.web.claims.queue import panel_context
from jiujin.web.claims.scope import own_line

UNPROCESSABLE = 422
SHOWN_IN_THE_PAGE = ("image/jpeg", "image/png", "image/webp", "application/pdf")


class BasisForm(forms.Form):
    """How far the facts are proven, and by what."""

    proof = forms.TypedChoiceField(
        label=gettext_lazy("核实到什么程度"),
        choices=[choice for choice in Proof.choices if choice[0] != Proof.DECLARED],
        coerce=int,
        initial=Proof.VERIFIED,
    )
    basis = forms.CharField(label=gettext_lazy("凭什么（材料、系统、实地）"), max_length=300)


def facts_to_verify(line: ClaimLine) -> list[tuple[Fact, str]]:
    """The facts that an officer may find: those of the roster, and the judgements that the plan leaves to an officer."""
    plan = plan_in_force()
    scheme = plan.schemes[line.scheme]
    judged = [(plan.facts[name], plan.facts[name].label) for name in sorted(officer_facts(scheme))]
    known = set(facts_to_declare(plan, scheme))
    return [*judged, *(pair for pair in sheet_facts(plan, scheme) if pair[0].id in known)]


def may_verify(request: SignedInRequest, line: ClaimLine) -> bool:
    """Whether the person may look into the line while it is on its way."""
    return line.state in OPEN and may_take(request.user, line, JUDGING, plan_in_force())


def _context(request: SignedInRequest, line: ClaimLine, **more: Any) -> dict[str, Any]:
    facts = facts_to_verify(line)
    return {
        **panel_context(request, line),
        "way": way_of(line),
        "evidence": evidence_of(line),
        "roster": roster_seen_by(request.user, line.claim),
        "may_verify": may_verify(request, line),
        "facts_form": FactsForm(facts, {}),
        "basis_form": BasisForm(),
        "objections": line.objections.order_by("pk"),
        "appeals": line.appeals.order_by("pk"),
        **more,
    }


@in_room(Room.CLAIM_QUEUE)
@require_safe
def line(request: SignedInRequest, line_id: int) -> HttpResponse:
    """The page."""
    return render(request, "claims/queue_line.html", _context(request, own_line(request.user, line_id)))


@in_room(Room.CLAIM_QUEUE)
@require_POST
def verify(request: SignedInRequest, line_id: int) -> HttpResponse:
    """Write down facts as they were found to be; the line is judged anew by them."""
    shown = own_line(request.user, line_id)
    facts, basis = FactsForm(facts_to_verify(shown), {}, request.POST), BasisForm(request.POST)
    facts_fine, basis_fine = facts.is_valid(), basis.is_valid()
    found = {name: value for name, value in facts.facts().items() if value is not None} if facts_fine else {}
    if facts_fine and not found:
        facts.add_error(None, _("没有填任何事实，没有保存。填上核实到的，其余空着。"))
    if not (found and basis_fine):
        context = _context(request, shown, facts_form=facts, basis_form=basis, verify_open=True)
        return render(request, "claims/queue_line.html", context, status=UNPROCESSABLE)
    try:
        verify_facts(
            line_id=shown.pk,
            facts=found,
            proof=basis.cleaned_data["proof"],
            basis=basis.cleaned_data["basis"],
            actor=request.user,
            now=timezone.now(),
            evidence=_own_evidence(shown, request.POST.get("evidence", "")),
        )
        messages.success(request, _("已记下核实的 %(count)s 项事实，并重新判断。") % {"count": len(found)})
    except ClaimRefused as error:
        messages.warning(request, str(error))
    return redirect("claims:queue-line", shown.pk)


def _own_evidence(line: ClaimLine, key: str) -> EvidenceFile | None:
    """The file of the line that the facts rest on, where one was chosen."""
    try:
        return evidence_of(line).filter(pk=UUID(key)).first() if key else None
    except ValueError:
        return None


@in_room(Room.CLAIM_QUEUE)
@require_safe
def evidence(request: SignedInRequest, line_id: int, line_evidence_id: UUID) -> HttpResponse:
    """One file of the line as it came: pictures and PDF in the page, the rest as a download."""
    shown = own_line(request.user, line_id)
    kept = evidence_of(shown).filter(pk=line_evidence_id).first()
    if kept is None:
        raise Http404
    return evidence_response(request, kept, "claims:queue-line", shown.pk)


def evidence_response(request: SignedInRequest, kept: EvidenceFile, back: str, key: Any) -> HttpResponse:
    """A kept file; back to where it was asked for, with a sentence, where it cannot be read."""
    try:
        response = HttpResponse(read_evidence(kept), content_type=kept.media_type)
    except EvidenceUnreadable as error:
        messages.warning(request, str(error))
        return redirect(back, key)
    as_file = kept.media_type not in SHOWN_IN_THE_PAGE
    response["Content-Disposition"] = content_disposition_header(as_attachment=as_file, filename=kept.name) or ""
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
