"""A group session: who came, pasted, scanned or ticked; looked at, then saved once."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.permissions import Room
from jiujin.core.listing import Cell, Column, Empty, Row, Table, page_within, read_ask, rows_span
from jiujin.registry.models import Person
from jiujin.values import mask_name
from jiujin.web.day_input import day_input
from jiujin.web.desk import queries
from jiujin.web.desk.scope import people_of
from jiujin.web.desk.session_lines import LINES_MAX, Line, read_lines
from jiujin.web.desk.words import about_person, area_words, masked_number, masked_person
from jiujin.work.errors import WorkError
from jiujin.work.models import GroupSession
from jiujin.work.services.record_service import hold_session

UNPROCESSABLE = 422
TICKED_SHOWN = 200
LINE_CHARACTERS = 60
COLUMNS = (
    Column("title", gettext_lazy("活动"), sortable=True, can_hide=False),
    Column("held", gettext_lazy("日期"), kind="short", sortable=True),
    Column("place", gettext_lazy("地点")),
    Column("people", gettext_lazy("人数"), kind="number"),
)
ORDERS = {"title": "title", "held": "held_on"}


class SessionForm(forms.Form):
    """What was held, when and where, and who came. The id is the page's: saved twice, it is one session."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    title = forms.CharField(label=gettext_lazy("活动名称"), max_length=120)
    held_on = forms.DateField(label=gettext_lazy("日期"), widget=day_input())
    place = forms.CharField(label=gettext_lazy("地点"), max_length=120, required=False)
    note = forms.CharField(label=gettext_lazy("内容"), max_length=1000, required=False)
    lines = forms.CharField(
        label=gettext_lazy("到场的人：一行一个身份证号"),
        help_text=gettext_lazy("逐张刷卡，或从表格里整列粘贴；姓名、序号夹在行里也认得。"),
        required=False,
        max_length=LINES_MAX * LINE_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off", "data-scan": ""}),
    )


@in_room(Room.PEOPLE)
@require_safe
def sessions(request: SignedInRequest) -> HttpResponse:
    """The sessions the viewer held."""
    ask = read_ask(request, COLUMNS, sort="-held")
    found = queries.sessions_of(request.user).filter(title__icontains=ask.search)
    total = found.count()
    ask = page_within(ask, total)
    order = ("-" if ask.descending else "") + ORDERS[ask.sort]
    page = found.annotate(people=Count("services", filter=Q(services__stands=True))).order_by(order, "pk")[
        rows_span(ask)
    ]
    table = Table(
        id="sessions",
        caption=_("集体活动"),
        columns=COLUMNS,
        ask=ask,
        rows=[_session_row(session) for session in page],
        total=total,
        empty=Empty(
            _("还没有集体活动"),
            _("开一次政策宣讲、集中面试或培训，把到场的人一次记下。"),
            _("记一次活动"),
            reverse("desk:new-session"),
        ),
        search_label=_("活动名称"),
    )
    return render(request, "desk/sessions.html", {"table": table})


def _session_row(session: GroupSession) -> Row:
    cells = {
        "title": Cell(session.title),
        "held": Cell(session.held_on.isoformat()),
        "place": Cell(session.place or "—"),
        "people": Cell(f"{session.people:,}"),  # type: ignore[attr-defined]
    }
    return Row(str(session.pk), cells, href=reverse("desk:session", args=[session.pk]))


@in_room(Room.PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def new_session(request: SignedInRequest) -> HttpResponse:
    """Fill in, look at who was understood, save. Pressed twice, or sent again by a bad network, it is one session."""
    if request.method != "POST":
        return _form_page(request, SessionForm(initial={"held_on": timezone.localdate()}))
    form = SessionForm(request.POST)
    if not form.is_valid():
        return _form_page(request, form, status=UNPROCESSABLE)
    lines = read_lines(request.user, form.cleaned_data["lines"])
    ticked = _ticked(request)
    attending = {line.person.pk: line.person for line in lines if line.person} | {p.pk: p for p in ticked}
    if "save" not in request.POST or not attending:
        return _form_page(request, form, lines=lines, ticked=ticked, attending=list(attending.values()))
    told = {name: form.cleaned_data[name] for name in ("id", "title", "held_on", "place", "note")}
    try:
        session = hold_session(people=list(attending.values()), actor=request.user, **told)
    except WorkError as error:
        form.add_error(None, str(error))
        return _form_page(request, form, lines=lines, ticked=ticked, status=UNPROCESSABLE)
    messages.success(request, _("已保存：“%(title)s”，%(n)s 人。") % {"title": session.title, "n": len(attending)})
    left = [line for line in lines if line.number]
    if not left:
        return redirect("desk:session", session.pk)
    return render(request, "desk/session_left.html", {"session": session, "left": left})


def _ticked(request: SignedInRequest) -> list[Person]:
    """The people ticked on the page, as far as they are the viewer's."""
    keys = [int(key) for key in request.POST.getlist("person")[:LINES_MAX] if key.isascii() and key.isdigit()]
    return list(people_of(request.user).filter(pk__in=keys).order_by("pk"))


def _form_page(
    request: SignedInRequest,
    form: SessionForm,
    *,
    lines: list[Line] | None = None,
    ticked: list[Person] | None = None,
    attending: list[Person] | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = [(line, masked_person(line.person) if line.person else "") for line in lines or []]
    people = queries.looking_people(people_of(request.user), timezone.localdate()).select_related("home_area__parent")
    chosen = {person.pk for person in ticked or []}
    context: dict[str, Any] = {
        "form": form,
        "lines": shown,
        "known": sum(1 for line, _name in shown if line.person),
        "wrong": sum(1 for line, _name in shown if not line.person),
        "attending": len(attending or []),
        "previewed": lines is not None,
        "people": [
            (p, masked_person(p), area_words(p.home_area), p.pk in chosen)
            for p in people.order_by("home_area_id", "name", "pk")[:TICKED_SHOWN]
        ],
    }
    return render(request, "desk/new_session.html", context, status=status)


@in_room(Room.PEOPLE)
@require_safe
def session(request: SignedInRequest, session_id: UUID) -> HttpResponse:
    """One session and who came; of people who are not the viewer's now, only the count."""
    try:
        shown = queries.sessions_of(request.user).get(pk=session_id)
    except GroupSession.DoesNotExist as error:
        raise Http404 from error
    today = timezone.localdate()
    mine = (
        people_of(request.user)
        .filter(services__session=shown, services__stands=True)
        .select_related("home_area__parent")
        .order_by("pk")
    )
    people = [(p, mask_name(p.name), masked_number(p), about_person(p, today)) for p in mine[:LINES_MAX]]
    context = {"session": shown, "people": people, "others": shown.services.filter(stands=True).count() - len(people)}
    return render(request, "desk/session.html", context)
