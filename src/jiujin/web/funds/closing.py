"""The end of a year: what nothing was committed from is carried over or given back, purse by purse."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.permissions import Room
from jiujin.funds.models import YearClosing
from jiujin.funds.queries import balances, purses_seen_by, years
from jiujin.funds.services.close_year import close_year
from jiujin.web.funds.doors import REFUSED
from jiujin.web.funds.words import area_names, number_of, purse_name, scheme_names, who


@in_room(Room.FUND_CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def closing(request: SignedInRequest) -> HttpResponse:
    """Close a year, after a look at what would be carried over and what given back."""
    held = years(request.user)
    year = number_of(request.POST.get("year") or request.GET.get("year")) or (held[-1] if held else 0)
    ended = set(YearClosing.objects.filter(purse__year=year).order_by("pk").values_list("purse_id", flat=True))
    found = [one for one in balances(request.user, year) if one.purse.pk not in ended]
    carried = {pk for pk in (number_of(text) for text in request.POST.getlist("carry")) if pk is not None}
    if request.method == "POST" and "close" in request.POST:
        try:
            closed = close_year(year=year, carry_over=carried, actor=request.user, now=timezone.now())
        except REFUSED as error:
            messages.warning(request, str(error))
        else:
            messages.success(request, _("%(year)s 年已结转：%(n)s 笔预算。") % {"year": year, "n": len(closed)})
        return redirect("funds:closing")
    schemes = scheme_names()
    done = YearClosing.objects.filter(purse__in=purses_seen_by(request.user)).select_related("purse", "closed_by")
    closings = list(done.order_by("-closed_at", "pk")[:50])
    areas = area_names([one.purse.area_code for one in [*found, *closings]])
    rows = []
    for one in found:
        waits = one.committed_fen + one.payable_fen + one.in_transit_fen
        name = purse_name(one.purse, schemes, areas)
        rows.append((one.purse, name, one.budget_fen, waits, one.purse.pk in carried))
    context = {
        "year": year,
        "years": held,
        "rows": rows,
        "looked": request.method == "POST",
        "carried_fen": sum(left for _purse, _name, left, _waits, carries in rows if carries),
        "given_back_fen": sum(left for _purse, _name, left, _waits, carries in rows if not carries),
        "closings": [(one, purse_name(one.purse, schemes, areas), who(one.closed_by)) for one in closings],
    }
    return render(request, "funds/closing.html", context)
