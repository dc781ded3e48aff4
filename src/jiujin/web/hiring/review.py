"""The reviewers' queue: what the check sent to a person, its words marked in the text, and the decision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.permissions import Room
from jiujin.core.listing import Ask, Cell, Column, Empty, Row, Table, page_within, read_ask, rows_span
from jiujin.web.hiring.resident_view import resident_view
from jiujin.web.hiring.vacancy_page import history_of
from jiujin.web.hiring.words import place_words, vacancy_tone
from jiujin.work.checks import check_vacancy
from jiujin.work.errors import WorkError
from jiujin.work.models import Vacancy
from jiujin.work.queries import contact_phone_for, vacancies_seen_by, vacancies_to_review
from jiujin.work.services.review_vacancy import review_vacancy
from jiujin.work.services.submit_vacancy import REASON_CHARACTERS
from jiujin.work.states import VacancyState

UNPROCESSABLE = 422
COLUMNS = (
    Column("title", gettext_lazy("岗位"), sortable=True, can_hide=False),
    Column("employer", gettext_lazy("单位"), sortable=True),
    Column("why", gettext_lazy("要看什么"), kind="reason"),
    Column("changed", gettext_lazy("送审时间"), kind="short", sortable=True),
)
ORDERS = {"title": "title", "employer": "employer__name", "changed": "changed_at"}


class DecideForm(forms.Form):
    """Accept, or refuse with a reason that the employer reads."""

    decision = forms.ChoiceField(choices=[("accept", ""), ("refuse", "")])
    because = forms.CharField(
        label=gettext_lazy("原因或备注（不通过必填，单位会看到）"),
        max_length=REASON_CHARACTERS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        """A refusal says why."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("decision") == "refuse" and not cleaned.get("because", "").strip():
            self.add_error("because", _("不通过要写明原因：单位照着改"))
        return cleaned


def narrowed(waiting: QuerySet[Vacancy], ask: Ask) -> QuerySet[Vacancy]:
    """The vacancies asked for, in the order asked for."""
    if ask.search:
        waiting = waiting.filter(Q(title__icontains=ask.search) | Q(employer__name__icontains=ask.search))
    return waiting.order_by(("-" if ask.descending else "") + ORDERS[ask.sort], "pk")


def queue_table(rows: Sequence[Vacancy], total: int, ask: Ask, selected: int | None) -> Table:
    """One page of the queue, the oldest first."""
    return Table(
        id="queue",
        caption=_("待审核的岗位"),
        columns=COLUMNS,
        ask=ask,
        rows=[_row(vacancy, selected) for vacancy in rows],
        total=total,
        empty=Empty(
            _("没有待审核的岗位"),
            _("检查有疑问的岗位会排在这里，先来的在前。"),
            _("看全部岗位"),
            reverse("hiring:all"),
        ),
        search_label=_("岗位、单位"),
    )


def _row(vacancy: Vacancy, selected: int | None) -> Row:
    cells = {
        "title": Cell(vacancy.title, note=place_words(vacancy)),
        "employer": Cell(vacancy.employer.name),
        "why": Cell("；".join(finding["text"] for finding in vacancy.findings) or _("请看全文")),
        "changed": Cell(timezone.localtime(vacancy.changed_at).strftime("%Y-%m-%d %H:%M")),
    }
    return Row(
        str(vacancy.pk),
        cells,
        href=reverse("hiring:review-one", args=[vacancy.pk]),
        panel=reverse("hiring:review-panel", args=[vacancy.pk]),
        selected=vacancy.pk == selected,
    )


@in_room(Room.VACANCY_REVIEW)
@require_safe
def queue(request: SignedInRequest) -> HttpResponse:
    """What waits, with the first one open beside it."""
    waiting = vacancies_to_review(request.user)
    ask = read_ask(request, COLUMNS, sort="changed")
    total = narrowed(waiting, ask).count()
    ask = page_within(ask, total)
    rows = list(narrowed(waiting, ask)[rows_span(ask)])
    first = rows[0] if rows else None
    context = {"table": queue_table(rows, total, ask, first.pk if first else None), "total": total}
    return render(request, "hiring/review.html", context | (_panel(request, first) if first else {}))


def _panel(request: SignedInRequest, vacancy: Vacancy, form: DecideForm | None = None) -> dict[str, Any]:
    findings = list(vacancy.findings) or check_vacancy(vacancy, day=timezone.localdate())
    return {
        "vacancy": vacancy,
        "tone": vacancy_tone(vacancy.state),
        "findings": findings,
        "seen": resident_view(vacancy, findings),
        "history": history_of(vacancy),
        "form": form or DecideForm(),
        "can_decide": vacancy.state == VacancyState.IN_REVIEW,
        "phone": contact_phone_for(request.user, vacancy),
    }


def _seen(request: SignedInRequest, vacancy_id: int) -> Vacancy:
    vacancy = vacancies_seen_by(request.user).filter(pk=vacancy_id).first()
    if vacancy is None:
        raise Http404
    return vacancy


@in_room(Room.VACANCY_REVIEW)
@require_safe
def panel(request: SignedInRequest, vacancy_id: int) -> HttpResponse:
    """One vacancy beside the queue."""
    vacancy = _seen(request, vacancy_id)
    return render(request, "hiring/review_panel.html", _panel(request, vacancy) | {"panel_open": True})


@in_room(Room.VACANCY_REVIEW)
@require_safe
def one(request: SignedInRequest, vacancy_id: int) -> HttpResponse:
    """One vacancy as a page of its own."""
    return render(request, "hiring/review_one.html", _panel(request, _seen(request, vacancy_id)))


@in_room(Room.VACANCY_REVIEW)
@require_POST
def decide(request: SignedInRequest, vacancy_id: int) -> HttpResponse:
    """Accept or refuse, and on to the next one."""
    vacancy = vacancies_to_review(request.user).filter(pk=vacancy_id).first()
    if vacancy is None:
        seen = _seen(request, vacancy_id)
        state = {"title": seen.title, "state": seen.get_state_display()}
        messages.warning(request, _("“%(title)s”现在是“%(state)s”，不用再审，没有改动。") % state)
        return redirect("hiring:review")
    form = DecideForm(request.POST)
    if not form.is_valid():
        return render(request, "hiring/review_one.html", _panel(request, vacancy, form), status=UNPROCESSABLE)
    accept = form.cleaned_data["decision"] == "accept"
    try:
        review_vacancy(vacancy=vacancy, accept=accept, because=form.cleaned_data["because"], actor=request.user)
    except WorkError as error:
        messages.warning(request, str(error))
        return redirect("hiring:review-one", vacancy_id)
    said = _("“%(title)s”已通过并发布。") if accept else _("“%(title)s”没有通过，原因已告诉单位。")
    messages.success(request, said % {"title": vacancy.title})
    return redirect("hiring:review")
