"""A new claim: choose the scheme, then one press makes it from records, or a roster brings it."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from jiujin.accounts.access import SignedInRequest
from jiujin.claims.errors import ClaimRefused
from jiujin.claims.judging import TABLES
from jiujin.claims.services.claim_from_records import claim_from_records
from jiujin.claims.services.claim_from_roster import claim_from_roster
from jiujin.core.plan_in_force import plan_in_force
from jiujin.plan import Plan, Scheme
from jiujin.registry.models import Organisation
from jiujin.sheets import SheetUnreadable
from jiujin.web.claims.scope import for_payees, schemes_of
from jiujin.web.claims.uploads import MIB, on_disk
from jiujin.web.plan_reader.lists import amount_words, unset_names
from jiujin.web.plan_reader.words import limit_words

UNPROCESSABLE = 422


@for_payees
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest, organisation: Organisation) -> HttpResponse:
    """The page, and what makes the claim."""
    plan = plan_in_force()
    schemes = schemes_of(plan, organisation)
    asked = request.POST.get("scheme") or request.GET.get("scheme") or ""
    scheme = next((each for each in schemes if each.id == asked), None)
    if request.method == "POST" and scheme is not None:
        return _make(request, organisation, plan, schemes, scheme)
    if scheme is None and len(schemes) == 1:
        scheme = schemes[0]
    return _page(request, plan, schemes, scheme)


def _page(
    request: SignedInRequest, plan: Plan, schemes: list[Scheme], scheme: Scheme | None, trouble: str = ""
) -> HttpResponse:
    workflow = plan.workflow_of(scheme.id) if scheme else None
    context = {
        "cards": [
            (each, plan.clauses[each.clause], amount_words(plan, each), limit_words(plan, each.limit))
            for each in schemes
        ],
        "scheme": scheme,
        "clause": plan.clauses[scheme.clause] if scheme else None,
        "from_records": bool(scheme and scheme.payee.fact and scheme.subject in TABLES),
        "unset": unset_names(plan, scheme) if scheme else [],
        "windows": workflow.windows if workflow else [],
        "claim_id": uuid4(),
        "trouble": trouble,
        "max_bytes": settings.UPLOAD_MAX_BYTES,
        "max_mib": settings.UPLOAD_MAX_BYTES // MIB,
    }
    return render(request, "claims/new.html", context, status=UNPROCESSABLE if trouble else 200)


def _make(
    request: SignedInRequest, organisation: Organisation, plan: Plan, schemes: list[Scheme], scheme: Scheme
) -> HttpResponse:
    claim_id = _uuid(request.POST.get("claim_id", ""))
    given = {
        "claim_id": claim_id,
        "scheme": scheme.id,
        "payee": organisation,
        "actor": request.user,
        "now": timezone.now(),
    }
    try:
        if request.POST.get("way") == "records":
            claim = claim_from_records(**given, with_unmet=bool(request.POST.get("with_unmet")))
            messages.success(
                request,
                _("已由记录生成 %(count)s 行，还没有提交。请看过每一行再提交。") % {"count": claim.lines.count()},
            )
            return _to(request, reverse("claims:claim", args=[claim.pk]))
        with on_disk(request.FILES.get("file")) as path:
            made = claim_from_roster(**given, path=path, name=request.FILES["file"].name or "")
    except (ClaimRefused, SheetUnreadable) as error:
        return _page(request, plan, schemes, scheme, str(error))
    if made.errors:
        context = {
            "claim": made.claim,
            "errors": made.errors[:ERRORS_SHOWN],
            "error_count": len(made.errors),
            "scheme": scheme,
        }
        return render(request, "claims/roster_read.html", context)
    messages.success(
        request, _("名单已读入 %(count)s 行，还没有提交。请看过每一行再提交。") % {"count": made.claim.lines.count()}
    )
    return _to(request, reverse("claims:claim", args=[made.claim.pk]))


ERRORS_SHOWN = 200


def _uuid(text: str) -> UUID:
    """The page's own id for the claim; a fresh one where it is none."""
    try:
        return UUID(text)
    except ValueError:
        return uuid4()


def _to(request: SignedInRequest, url: str) -> HttpResponse:
    return HttpResponseClientRedirect(url) if request.headers.get("HX-Request") else redirect(url)
