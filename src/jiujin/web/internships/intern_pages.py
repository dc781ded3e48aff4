"""The list of interns, one intern with months and what may be done, follow-ups that are due, and the import of a roster."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from jiujin.accounts.access import SignedInRequest
from jiujin.accounts.models import Role
from jiujin.accounts.permissions import Room, may_enter
from jiujin.claims.errors import ClaimRefused
from jiujin.core.listing import Cell, Choice, Column, Empty, Filter, Row, Table, page_within, read_ask, rows_span
from jiujin.internships.documents import agreement_docx, certificate_docx
from jiujin.internships.errors import InternshipRefused
from jiujin.internships.models import Internship
from jiujin.internships.queries import follow_ups_due, internships_seen_by, named
from jiujin.internships.services.import_interns import import_interns
from jiujin.internships.services.record_intern_month import warnings_of
from jiujin.internships.states import InternshipState
from jiujin.registry.errors import RegistryError
from jiujin.sheets import SheetUnreadable
from jiujin.web.acts import acts_on, perform
from jiujin.web.claims.uploads import on_disk
from jiujin.web.internships.intern_acts import INTERN_ACTS
from jiujin.web.internships.paper_pages import papers_for
from jiujin.web.internships.scope import in_internships, own
from jiujin.web.internships.words import group_words, name_for, tone, yuan
from jiujin.work.acting_for import organisation_acted_for

UNPROCESSABLE = 422
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
COLUMNS = (
    Column("person", gettext_lazy("姓名"), kind="short", can_hide=False),
    Column("unit", gettext_lazy("见习单位")),
    Column("group", gettext_lazy("人员类型"), kind="soft"),
    Column("start_on", gettext_lazy("开始"), kind="short", sortable=True),
    Column("end_on", gettext_lazy("约定结束"), kind="short", sortable=True),
    Column("state", gettext_lazy("状态"), kind="chip"),
)
DUE_COLUMNS = (
    Column("person", gettext_lazy("姓名"), kind="short", can_hide=False),
    Column("unit", gettext_lazy("见习单位")),
    Column("after", gettext_lazy("结束后"), kind="short"),
    Column("due_on", gettext_lazy("该跟踪的日子"), kind="short"),
)


@in_internships(Room.INTERNSHIPS)
@require_safe
def internships(request: SignedInRequest) -> HttpResponse:
    """The internships that the viewer sees."""
    states = Filter("state", [Choice("", _("全部")), *(Choice(str(s.value), s.label) for s in InternshipState)])
    ask = read_ask(request, COLUMNS, (states,), sort="-start_on")
    found = internships_seen_by(request.user)
    if ask.search:
        found = named(found, ask.search)
    if ask.chosen["state"]:
        found = found.filter(state=ask.chosen["state"])
    total = found.count()
    ask = page_within(ask, total)
    rows = found.order_by(("-" if ask.descending else "") + ask.sort, "pk")[rows_span(ask)]
    table = Table(
        id="internships",
        caption=_("就业见习"),
        columns=COLUMNS,
        ask=ask,
        rows=[_row(request, each) for each in rows],
        total=total,
        empty=Empty(_("还没有见习人员"), _("基地接收推荐的人、签好协议以后，会出现在这里；也可以导入名册。")),
        filters=[states],
        search_label=_("姓名、单位或证书编号"),
    )
    may_import = request.user.role in (Role.CLERK, Role.REVIEWER, Role.EMPLOYER)
    return render(request, "internships/internships.html", {"table": table, "may_import": may_import})


def _row(request: SignedInRequest, each: Internship) -> Row:
    return Row(
        str(each.pk),
        {
            "person": Cell(name_for(request.user, each.person)),
            "unit": Cell(each.unit.name),
            "group": Cell(group_words(each.group)),
            "start_on": Cell(each.start_on.isoformat()),
            "end_on": Cell(each.end_on.isoformat()),
            "state": Cell(each.get_state_display(), tone(each.state)),
        },
        href=reverse("internships:internship", args=[each.pk]),
    )


@in_internships(Room.INTERNSHIPS)
@require_http_methods(["GET", "HEAD", "POST"])
def internship(request: SignedInRequest, internship_id: int) -> HttpResponse:
    """One internship: its days, its months, what became of the intern, and what the viewer may do."""
    shown = own(internships_seen_by(request.user), internship_id)
    failed = None
    if request.method == "POST":
        failed = perform(request, shown, INTERN_ACTS, (InternshipRefused, RegistryError))
        if failed is None:
            return redirect("internships:internship", shown.pk)
    months = [(each, warnings_of(each), yuan(each.stipend_fen)) for each in shown.months.order_by("month")]
    context: dict[str, Any] = {
        "internship": shown,
        "name": shown.person.name,
        "group": group_words(shown.group),
        "tone": tone(shown.state),
        "months": months,
        "papers": papers_for(request.user).about([shown]).of(shown),
        "follow_ups": shown.follow_ups.order_by("after_months"),
        "absorbed": shown.absorption_months.order_by("month"),
        "acts": acts_on(request.user, shown, INTERN_ACTS, failed),
        "act_url": reverse("internships:internship", args=[shown.pk]),
    }
    return render(request, "internships/internship.html", context, status=UNPROCESSABLE if failed else None)


@in_internships(Room.INTERNSHIPS)
@require_safe
def agreement(request: SignedInRequest, internship_id: int) -> HttpResponse:
    """The agreement to be signed, as a Word document."""
    shown = own(internships_seen_by(request.user), internship_id)
    return _word(agreement_docx(shown), f"{_('见习协议')}-{shown.pk}.docx")


@in_internships(Room.INTERNSHIPS)
@require_safe
def certificate(request: SignedInRequest, internship_id: int) -> HttpResponse:
    """The certificate of a completed internship, as a Word document."""
    shown = own(internships_seen_by(request.user).filter(state=InternshipState.COMPLETED), internship_id)
    return _word(certificate_docx(shown), f"{_('见习证明')}-{shown.pk}.docx")


def _word(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=DOCX)
    answer["Content-Disposition"] = content_disposition_header(True, name)
    return answer


@in_internships(Room.INTERNSHIPS)
@require_safe
def follow_ups(request: SignedInRequest) -> HttpResponse:
    """Who is to be asked today what became of them."""
    due = follow_ups_due(request.user, timezone.localdate())
    rows = [
        Row(
            f"{each.internship.pk}-{each.after_months}",
            {
                "person": Cell(name_for(request.user, each.internship.person)),
                "unit": Cell(each.internship.unit.name),
                "after": Cell(_("%(count)s 个月") % {"count": each.after_months}),
                "due_on": Cell(each.due_on.isoformat()),
            },
            href=reverse("internships:internship", args=[each.internship.pk]),
        )
        for each in due
    ]
    ask = page_within(read_ask(request, DUE_COLUMNS), len(rows))
    table = Table(
        id="due",
        caption=_("见习跟踪"),
        columns=DUE_COLUMNS,
        ask=ask,
        rows=rows[rows_span(ask)],
        total=len(rows),
        empty=Empty(_("今天没有要跟踪的人"), _("见习结束后按方案定的月数各问一次去向。")),
    )
    return render(request, "internships/follow_ups.html", {"table": table})


@in_internships(Room.INTERNSHIPS)
@require_http_methods(["GET", "HEAD", "POST"])
def import_roster(request: SignedInRequest) -> HttpResponse:
    """Read a roster of interns; a unit's own, or any unit's by the public employment service."""
    if not (may_enter(request.user, Room.INTERNSHIP_CHANGES) or may_enter(request.user, Room.INTERNSHIP_UNIT)):
        return render(request, "internships/import.html", {"may_not": True})
    if request.method != "POST":
        return render(request, "internships/import.html")
    unit = organisation_acted_for(request.user) if request.user.role == Role.EMPLOYER else None
    try:
        with on_disk(request.FILES.get("file")) as path:
            done = import_interns(path=path, actor=request.user, today=timezone.localdate(), only_unit=unit)
    except (SheetUnreadable, ClaimRefused) as error:
        messages.warning(request, str(error))
        return render(request, "internships/import.html", status=UNPROCESSABLE)
    return render(request, "internships/import.html", {"done": done})
