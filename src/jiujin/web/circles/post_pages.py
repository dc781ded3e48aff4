"""Public-welfare posts: the list, one post with who holds it, and one holding with its months."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.models import Role
from jiujin.accounts.permissions import Room, may_enter
from jiujin.circles.errors import CircleError
from jiujin.circles.models import PostHolding, WelfarePost
from jiujin.circles.programme import (
    holdings_of,
    holdings_seen_by,
    may_record_months,
    posts_seen_by,
    with_holders,
)
from jiujin.circles.services.run_post import (
    develop_post,
    file_post,
    hold_post,
    leave_post,
    record_post_month,
    register_holding,
)
from jiujin.core.listing import Cell, Column, Empty, Row, Table, page_within, read_ask, rows_span
from jiujin.core.proof import Proof
from jiujin.registry.errors import EvidenceRefused
from jiujin.values import mask_name
from jiujin.web.circles.paper_pages import ATTENDANCE, post_papers
from jiujin.web.circles.programme_forms import (
    FilingForm,
    HoldForm,
    LeaveForm,
    NumbersForm,
    PostForm,
    PostMonthForm,
)
from jiujin.web.fairs.fair_page import UNPROCESSABLE, add_error
from jiujin.web.papers import keep_paper
from jiujin.work.acting_for import operator_of

COLUMNS = (
    Column("title", gettext_lazy("岗位"), sortable=True, can_hide=False),
    Column("state", gettext_lazy("省平台记录"), kind="chip"),
    Column("entity", gettext_lazy("经营实体")),
    Column("operator", gettext_lazy("运营机构")),
    Column("holders", gettext_lazy("在岗 / 设岗"), kind="number"),
    Column("developed_on", gettext_lazy("开发日期"), kind="short", sortable=True),
)
HOLDINGS_SHOWN = 200
Keep = Callable[[dict[str, Any]], str]


@in_room(Room.POSTS)
@require_safe
def posts(request: SignedInRequest) -> HttpResponse:
    """The posts that the viewer sees."""
    ask = read_ask(request, COLUMNS, sort="-developed_on")
    found = posts_seen_by(request.user)
    if ask.search:
        found = found.filter(title__icontains=ask.search)
    total = found.count()
    ask = page_within(ask, total)
    ordered = with_holders(found, timezone.localdate()).order_by(("-" if ask.descending else "") + ask.sort, "pk")
    may_change = may_enter(request.user, Room.POST_CHANGES)
    table = Table(
        id="posts",
        caption=_("公益性岗位"),
        columns=COLUMNS,
        ask=ask,
        rows=[_row(post) for post in ordered[rows_span(ask)]],
        total=total,
        search_label=_("岗位名称"),
        empty=Empty(
            _("还没有公益性岗位"),
            _("引导经营实体开发岗位，在省平台备案，再送就业困难人员上岗。"),
            *((_("登记一个岗位"), reverse("circles:new-post")) if may_change else ()),
        ),
    )
    return render(request, "circles/posts.html", {"table": table, "may_change": may_change})


def _row(post: WelfarePost) -> Row:
    state = Cell(_("已备案"), "met") if post.filing_number else Cell(_("没有备案"), "late")
    if post.closed_on:
        state = Cell(_("已撤销"), "plain")
    cells = {
        "title": Cell(post.title),
        "state": state,
        "entity": Cell(post.entity.name),
        "operator": Cell(post.operator.name if post.operator else "—"),
        "holders": Cell(f"{post.holders} / {post.headcount}"),  # type: ignore[attr-defined]
        "developed_on": Cell(post.developed_on.isoformat()),
    }
    return Row(str(post.pk), cells, href=reverse("circles:post", args=[post.pk]))


@in_room(Room.POST_CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def new_post(request: SignedInRequest) -> HttpResponse:
    """Record a post that an entity developed."""
    form = PostForm(request.POST or None, initial={"developed_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if request.user.role == Role.OPERATOR:
            given["operator"] = operator_of(request.user)
        try:
            post = develop_post(**given, actor=request.user, today=timezone.localdate())
        except CircleError as error:
            add_error(form, error)
        else:
            messages.success(request, _("岗位已登记。"))
            return redirect("circles:post", post.pk)
    return render(request, "circles/new_post.html", {"form": form}, status=UNPROCESSABLE if form.is_bound else None)


@in_room(Room.POSTS)
@require_http_methods(["GET", "HEAD", "POST"])
def post(request: SignedInRequest, post_id: int) -> HttpResponse:
    """One post: its filing, who holds it; the forms for who may change it."""
    shown = own_post(request, post_id)
    may_change = may_enter(request.user, Room.POST_CHANGES)
    marks = request.POST if may_change else {}
    filing = FilingForm(request.POST if "filing" in marks else None)
    hold = HoldForm(request.POST if "hold" in marks else None)

    def filed(given: dict[str, Any]) -> str:
        file_post(post=shown, **given, actor=request.user)
        return _("已登记备案。")

    def held(given: dict[str, Any]) -> str:
        hold_post(post=shown, **given, actor=request.user)
        return _("已登记上岗。")

    answered = _kept(request, (filing, filed), (hold, held), to=reverse("circles:post", args=[shown.pk]))
    if answered is not None:
        return answered
    context = {
        "post": shown,
        "holdings": [(h, mask_name(h.person.name)) for h in holdings_of(shown)[:HOLDINGS_SHOWN]],
        "may_change": may_change,
        "papers": post_papers(request.user).about([shown]).of(shown),
        "filing_form": filing,
        "hold_form": hold,
    }
    bound = filing.is_bound or hold.is_bound
    return render(request, "circles/post.html", context, status=UNPROCESSABLE if bound else None)


def _kept(request: SignedInRequest, *forms_kept: tuple[forms.Form, Keep], to: str) -> HttpResponse | None:
    """Keep what the one form that was sent says; None where the page is to be shown."""
    for form, keep in forms_kept:
        if form.is_bound and form.is_valid():
            try:
                with transaction.atomic():
                    said = keep(form.cleaned_data)
            except (CircleError, EvidenceRefused) as error:
                add_error(form, error)
            else:
                messages.success(request, said)
                return redirect(to)
    return None


def own_post(request: SignedInRequest, post_id: int) -> WelfarePost:
    """The post, if the viewer sees it. Raises Http404."""
    found = posts_seen_by(request.user).filter(pk=post_id).first()
    if found is None:
        raise Http404
    return found


@in_room(Room.POSTS)
@require_http_methods(["GET", "HEAD", "POST"])
def holding(request: SignedInRequest, post_id: int, holding_id: int) -> HttpResponse:
    """One holding: its months, the platform's numbers, the last day."""
    shown = own_holding(request, post_id, holding_id)
    may_change, today = may_enter(request.user, Room.POST_CHANGES), timezone.localdate()
    may_record = may_record_months(request.user, shown.post)
    marks = request.POST if may_record else {}
    month = PostMonthForm(*((request.POST, request.FILES) if "attended" in marks else ()))
    numbers = NumbersForm(request.POST if may_change and "numbers" in marks else None)
    leave = LeaveForm(request.POST if "leave" in marks else None)

    def attended(given: dict[str, Any]) -> str:
        scan = given.pop("scan")
        year, number = map(int, given.pop("month").split("-"))
        record_post_month(
            holding=shown, month=date(year, number, 1), **given, actor=request.user, today=today,
            proof=Proof.DOCUMENTED if scan else Proof.DECLARED,
        )  # fmt: skip
        keep_paper(request.user, shown, scan, ATTENDANCE)
        return _("已记下这个月。")

    def registered(given: dict[str, Any]) -> str:
        register_holding(holding=shown, **given, actor=request.user, proof=max(Proof(shown.proof), Proof.DOCUMENTED))
        return _("已登记编号。")

    def left(given: dict[str, Any]) -> str:
        leave_post(holding=shown, **given, actor=request.user, today=today)
        return _("已登记离岗。")

    to = reverse("circles:holding", args=[post_id, holding_id])
    answered = _kept(request, (month, attended), (numbers, registered), (leave, left), to=to)
    if answered is not None:
        return answered
    context = {
        "holding": shown,
        "who": mask_name(shown.person.name),
        "months": shown.months.order_by("month"),
        "may_change": may_change,
        "may_record": may_record,
        "papers": post_papers(request.user).about([shown]).of(shown),
        "month_form": month,
        "numbers_form": numbers,
        "leave_form": leave,
    }
    bound = month.is_bound or numbers.is_bound or leave.is_bound
    return render(request, "circles/holding.html", context, status=UNPROCESSABLE if bound else None)


def own_holding(request: SignedInRequest, post_id: int, holding_id: int) -> PostHolding:
    """A holding of a post that the viewer sees. Raises Http404."""
    found = holdings_seen_by(request.user).filter(pk=holding_id, post=post_id).first()
    if found is None:
        raise Http404
    return found
