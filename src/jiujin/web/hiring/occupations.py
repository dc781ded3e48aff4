"""Finds occupations of the national classification by a few words."""

from __future__ import annotations

from typing import Final

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jiujin.accounts.access import SignedInRequest
from jiujin.registry.models import Organisation
from jiujin.web.hiring.scope import for_employers
from jiujin.work.models import Occupation, Vacancy
from jiujin.work.words import cut

SHOWN_MAX: Final = 8
WORDS_MAX: Final = 40
WHOLE_CODE: Final = r"^\d{7}$"


def find_occupations(words: str) -> list[Occupation]:
    """Whole occupations whose name holds the words, or that other vacancies of such a title were given; the closest first."""
    words = words.strip()[:WORDS_MAX]
    if not words:
        return []
    whole = Occupation.objects.filter(code__regex=WHOLE_CODE).select_related("parent")
    named = sorted(
        whole.filter(name__icontains=words).order_by("code"),
        key=lambda row: (row.name != words, not row.name.startswith(words), len(row.name), row.code),
    )
    found = {row.code: row for row in named}
    for row in whole.filter(code__in=_used_for(words)).order_by("code"):
        found.setdefault(row.code, row)
    if not found:
        parts = Q()
        for part in cut(words):
            if len(part) > 1:
                parts |= Q(name__icontains=part)
        found = {row.code: row for row in whole.filter(parts).order_by("code")} if parts else {}
    return list(found.values())[:SHOWN_MAX]


def _used_for(words: str) -> list[str]:
    """The occupations that vacancies with such a title have, the most frequent ones."""
    used = Vacancy.objects.filter(title__icontains=words, occupation__code__regex=WHOLE_CODE)
    counted = used.values("occupation").annotate(times=Count("pk")).order_by("-times", "occupation")
    return [row["occupation"] for row in counted[: SHOWN_MAX // 2]]


@for_employers
@require_safe
def occupations(request: SignedInRequest, organisation: Organisation) -> HttpResponse:
    """The choices for the words typed so far, as a piece of the form."""
    words = request.GET.get("occupation_words", "")
    context = {"found": find_occupations(words), "words": words.strip()}
    return render(request, "hiring/occupation_choices.html", context)
