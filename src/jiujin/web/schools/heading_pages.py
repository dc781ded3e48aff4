"""What the headings of a school's own export mean: looked at in a file, suggested, saved once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jiujin.accounts.access import SignedInRequest
from jiujin.accounts.permissions import Room
from jiujin.claims.errors import ClaimRefused
from jiujin.registry.models import Organisation
from jiujin.schools.errors import SchoolRefused
from jiujin.schools.headings import headings_in, saved_headings, suggest
from jiujin.schools.models import Intake
from jiujin.schools.pack import list_columns
from jiujin.schools.queries import school_of
from jiujin.schools.services.save_headings import HEADINGS_MAX, save_headings
from jiujin.sheets import SheetUnreadable
from jiujin.web.claims.uploads import on_disk
from jiujin.web.schools.scope import in_schools

UNPROCESSABLE = 422


@in_schools(Room.SCHOOL_LISTS)
@require_http_methods(["GET", "HEAD", "POST"])
def headings(request: SignedInRequest) -> HttpResponse:
    """The saved meaning of each heading, those that the last lists had and nobody mapped, and what is in a file."""
    school = school_of(request.user)
    assert school is not None
    if "look" in request.POST:
        return _look(request, school)
    if request.method == "POST":
        return _save(request, school)
    waiting = [word for intake in Intake.objects.filter(school=school).order_by("pk") for word in intake.unread]
    return _page(request, school, list(dict.fromkeys([*saved_headings(school), *waiting])))


def _look(request: SignedInRequest, school: Organisation) -> HttpResponse:
    try:
        with on_disk(request.FILES.get("file")) as path:
            found = headings_in(path)
    except (SheetUnreadable, ClaimRefused) as error:
        messages.warning(request, str(error))
        return _page(request, school, list(saved_headings(school)), status=UNPROCESSABLE)
    return _page(request, school, found)


def _save(request: SignedInRequest, school: Organisation) -> HttpResponse:
    words, facts = request.POST.getlist("heading")[:HEADINGS_MAX], request.POST.getlist("fact")[:HEADINGS_MAX]
    wanted = dict(zip(words, facts, strict=False))
    try:
        save_headings(school=school, headings=wanted, actor=request.user)
    except SchoolRefused as error:
        messages.warning(request, str(error))
        return _page(request, school, words, chosen=wanted, status=UNPROCESSABLE)
    messages.success(request, _("各列的意思已经保存，以后上传不用再指。"))
    return redirect("schools:headings")


def _page(
    request: SignedInRequest,
    school: Organisation,
    words: list[str],
    *,
    chosen: dict[str, str] | None = None,
    **more: Any,
) -> HttpResponse:
    suggested = suggest(words, saved_headings(school))
    rows = [(each.heading, (chosen or {}).get(each.heading, each.fact), each.is_saved) for each in suggested]
    facts = [(column.key, column.label) for column in list_columns()]
    return render(request, "schools/headings.html", {"rows": rows, "facts": facts, "school": school}, **more)
