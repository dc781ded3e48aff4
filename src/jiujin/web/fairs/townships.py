"""Matching without a radius: the matrix of home township by township of work, and introducing a group; invitations."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.permissions import Room
from jiujin.fairs.choosing import PEOPLE_MAX, Chosen, choose
from jiujin.fairs.errors import FairError
from jiujin.fairs.queries import township_matrix
from jiujin.fairs.services.invite import introduce_group, invitations_chosen, invite
from jiujin.registry.models import Area, AreaLevel, Person
from jiujin.values import mask_name
from jiujin.web.desk.scope import people_of
from jiujin.web.desk.words import area_words
from jiujin.web.fairs.fair_page import UNPROCESSABLE, add_error
from jiujin.web.fairs.forms import InviteForm
from jiujin.web.fairs.scope import hosted_fair
from jiujin.work.models import Vacancy
from jiujin.work.queries import open_vacancies

SHOWN_MAX = 100


@in_room(Room.FAIR_WORK)
@require_safe
def townships(request: SignedInRequest) -> HttpResponse:
    """How many willing seekers of each home township fit the vacancies of each township of work."""
    matrix = township_matrix(request.user)
    codes = sorted({code for pair in matrix.fitting for code in pair} | set(matrix.places))
    names = dict(Area.objects.filter(pk__in=codes).order_by("pk").values_list("pk", "name"))
    works = [code for code in codes if code in matrix.places]
    homes = [code for code in codes if any(home == code for home, _work in matrix.fitting)]
    lines = [
        (names.get(home, home), [(home, work, matrix.fitting.get((home, work), 0)) for work in works]) for home in homes
    ]
    heads = [(names.get(work, work), matrix.places[work]) for work in works]
    return render(request, "fairs/townships.html", {"lines": lines, "heads": heads})


@in_room(Room.FAIR_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def group(request: SignedInRequest, home: str, work: str) -> HttpResponse:
    """Who of a home township would go with which vacancy of another; looked at first, then introduced as a group."""
    pair = Area.objects.in_bulk([home, work])
    if len(pair) != len({home, work}) or any(area.level != AreaLevel.TOWNSHIP for area in pair.values()):
        raise Http404
    today = timezone.localdate()
    people = list(_willing(request).filter(home_area__code__startswith=home)[:PEOPLE_MAX])
    vacancies = list(open_vacancies(today).filter(workplace__area__code__startswith=work))
    if request.method == "POST":
        return _introduced(request, people, vacancies)
    capacities = {vacancy.pk: vacancy.headcount - vacancy.filled_count for vacancy in vacancies}
    chosen = choose(people, capacities, today)
    context = {
        "home": pair[home], "work": pair[work], "chosen": _shown(chosen), "total": len(chosen), "key": uuid4(),
    }  # fmt: skip
    return render(request, "fairs/group.html", context)


def _willing(request: SignedInRequest) -> QuerySet[Person]:
    """The viewer's people who look for work and have a known home."""
    people = people_of(request.user).filter(wish__is_looking=True, home__lat__isnull=False)
    return people.select_related("home", "wish", "home_area__parent").order_by("pk")


def _introduced(request: SignedInRequest, people: list[Person], vacancies: list[Vacancy]) -> HttpResponse:
    try:
        key = UUID(request.POST.get("key", ""))
        made = introduce_group(id=key, people=people, vacancies=vacancies, day=timezone.localdate(), actor=request.user)
        messages.success(request, _("已推荐 %(n)s 人，等本人答复。") % {"n": len(made)})
    except ValueError:
        messages.warning(request, _("页面不完整，没有推荐。请刷新后再试。"))
    except FairError as error:
        messages.warning(request, str(error))
    return redirect("fairs:townships")


def _shown(chosen: list[Chosen]) -> list[dict[str, Any]]:
    vacancies = Vacancy.objects.select_related("employer").in_bulk([each.vacancy_id for each in chosen])
    return [
        {
            "name": mask_name(each.person.name),
            "area": area_words(each.person.home_area),
            "vacancy": vacancies[each.vacancy_id],
            "km": f"{each.distance_m / 1000:.1f}",
            "score": f"{each.score:.2f}",
        }
        for each in chosen[:SHOWN_MAX]
    ]


@in_room(Room.FAIR_CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def invitations(request: SignedInRequest, fair_id: int) -> HttpResponse:
    """Whom the matcher would invite to a fair, within the places of its vacancies; looked at first, then invited."""
    fair, today = hosted_fair(request, fair_id), timezone.localdate()
    form = InviteForm(request.POST or None)
    context: dict[str, Any] = {"fair": fair, "form": form, "invited": fair.invitations.count()}
    if request.method == "POST" and form.is_valid():
        a_place, people = form.cleaned_data["a_place"], list(_willing(request)[:PEOPLE_MAX])
        try:
            if "look" in request.POST:
                chosen = invitations_chosen(fair=fair, people=people, a_place=a_place, day=today)
                context |= {"chosen": _shown(chosen), "total": len(chosen), "looked": True}
                return render(request, "fairs/invitations.html", context)
            made = invite(fair=fair, people=people, a_place=a_place, day=today, actor=request.user, now=timezone.now())
        except FairError as error:
            add_error(form, error)
        else:
            messages.success(request, _("已邀请 %(n)s 人。") % {"n": made})
            return redirect("fairs:fair", fair.pk)
    return render(request, "fairs/invitations.html", context, status=UNPROCESSABLE if form.is_bound else None)
