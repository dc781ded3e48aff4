"""Public notices: anybody reads them without signing in, and may object to a line."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from jiujin.accounts.access import in_room
from jiujin.accounts.permissions import Room
from jiujin.claims.errors import ClaimRefused
from jiujin.claims.models import Notice, NoticeLine, Objection
from jiujin.claims.services.raise_objection import raise_objection
from jiujin.claims.states import MatterState
from jiujin.core.plan_in_force import plan_in_force
from jiujin.web.claims.paper.notice import notice_document
from jiujin.web.claims.words import scheme_name

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
UNPROCESSABLE, TOO_MANY = 422, 429
LIST_ROWS, LINE_ROWS = 20, 100
TEXT_CHARACTERS, NAME_CHARACTERS, CONTACT_CHARACTERS = 1000, 60, 60
OPEN_OBJECTIONS_MAX = 20  # raised and not yet answered, on one line: more say nothing new, and fill a table


class ObjectionForm(forms.Form):
    """What somebody holds against a line; who they are and how to reach them is theirs to say or not."""

    text = forms.CharField(
        label=gettext_lazy("您知道的情况"), max_length=TEXT_CHARACTERS, widget=forms.Textarea(attrs={"rows": 5})
    )
    raised_by = forms.CharField(label=gettext_lazy("您的姓名"), max_length=NAME_CHARACTERS, required=False)
    contact = forms.CharField(
        label=gettext_lazy("怎样联系您"),
        max_length=CONTACT_CHARACTERS,
        required=False,
        help_text=gettext_lazy("留了才能答复您；加密保存，只有处理的人看得到。"),
    )


def notices_shown() -> QuerySet[Notice]:
    """Every notice with how many lines it shows and what they are worth."""
    return Notice.objects.annotate(line_count=Count("lines"), amount_fen=Sum("lines__amount_fen", default=0))


@in_room(Room.PUBLIC)
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """The list, the newest first."""
    page = Paginator(notices_shown().order_by("-opens_on", "-pk"), LIST_ROWS).get_page(request.GET.get("page"))
    plan, today = plan_in_force(), timezone.localdate()
    shown = [
        {"notice": each, "scheme": scheme_name(plan, each.scheme), "is_open": is_open(each, today)} for each in page
    ]
    return render(request, "claims/notices.html", {"shown": shown, "page": page})


def is_open(notice: Notice, today: date) -> bool:
    """Whether the notice's days are on."""
    return notice.opens_on <= today <= notice.closes_on


def _notice(notice_id: int) -> Any:
    notice = notices_shown().select_related("corrects").filter(pk=notice_id).first()
    if notice is None:
        raise Http404
    return notice


@in_room(Room.PUBLIC)
@require_safe
def notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """One notice with its lines, masked as they were published."""
    shown, plan = _notice(notice_id), plan_in_force()
    lines = shown.lines.order_by("line__claim__number", "line__position", "pk")
    page = Paginator(lines, LINE_ROWS).get_page(request.GET.get("page"))
    scheme = plan.schemes.get(shown.scheme)
    context = {
        "notice": shown,
        "scheme": scheme,
        "clause": plan.clauses[scheme.clause] if scheme else None,
        "page": page,
        "first_number": page.start_index(),
        "is_open": is_open(shown, timezone.localdate()),
    }
    return render(request, "claims/notice.html", context)


@in_room(Room.PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def objection(request: HttpRequest, notice_id: int, notice_line_id: int) -> HttpResponse:
    """Object to one line, while the notice's days are on."""
    shown = _notice(notice_id)
    line: NoticeLine | None = shown.lines.filter(pk=notice_line_id).first()
    if line is None:
        raise Http404
    context = {"notice": shown, "line": line, "is_open": is_open(shown, timezone.localdate())}
    if request.method != "POST":
        return render(request, "claims/objection.html", context | {"form": ObjectionForm()})
    form = ObjectionForm(request.POST)
    if not form.is_valid():
        return render(request, "claims/objection.html", context | {"form": form}, status=UNPROCESSABLE)
    if Objection.objects.filter(line=line.line_id, state=MatterState.RAISED).count() >= OPEN_OBJECTIONS_MAX:
        form.add_error(None, _("这一行已有多条异议在处理，没有再收。处理后仍有不同意见，请联系人社部门。"))
        return render(request, "claims/objection.html", context | {"form": form}, status=TOO_MANY)
    try:
        raise_objection(
            notice_line_id=line.pk,
            text=form.cleaned_data["text"],
            raised_by=form.cleaned_data["raised_by"],
            contact=form.cleaned_data["contact"],
            now=timezone.now(),
        )
    except ClaimRefused as error:
        form.add_error(None, str(error))
        return render(request, "claims/objection.html", context | {"form": form}, status=UNPROCESSABLE)
    messages.success(request, _("异议已收到。处理完以前，这一行不会往下办。"))
    return redirect("claims:notice", shown.pk)


@in_room(Room.PUBLIC)
@require_safe
def notice_docx(request: HttpRequest, notice_id: int) -> HttpResponse:
    """The notice as it is printed and put up."""
    shown = _notice(notice_id)
    lines = list(shown.lines.order_by("line__claim__number", "line__position", "pk"))
    response = HttpResponse(notice_document(plan_in_force(), shown, lines), content_type=DOCX)
    name = _("公示 %(number)s") % {"number": shown.number}
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=f"{name}.docx") or ""
    return response
