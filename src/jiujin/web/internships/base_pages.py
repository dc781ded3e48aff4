"""Bases and their posts: the list, one base with its figures, one post with where it was made known; a unit's own base."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from jiujin.accounts.access import SignedInRequest
from jiujin.accounts.models import Role, User
from jiujin.accounts.permissions import Room
from jiujin.core.listing import Cell, Choice, Column, Empty, Filter, Row, Table, page_within, read_ask, rows_span
from jiujin.internships import pack
from jiujin.internships.errors import InternshipRefused
from jiujin.internships.figures import base_figures, figures_of
from jiujin.internships.models import Base, InternPost
from jiujin.internships.places import places_left
from jiujin.internships.queries import bases_seen_by, posts_seen_by, serves_interns
from jiujin.internships.services.keep_base import (
    apply_as_base,
    recognise_base,
    refuse_base,
    review_base,
    withdraw_base,
)
from jiujin.internships.services.offer_post import close_post, offer_post, publish_post
from jiujin.internships.states import BaseState
from jiujin.registry.errors import EvidenceRefused
from jiujin.registry.models import Workplace
from jiujin.web.acts import Act, PlainForm, acts_on, day_field, perform
from jiujin.web.internships.paper_pages import papers_for
from jiujin.web.internships.scope import in_internships, own
from jiujin.web.internships.words import fen, tone, yuan
from jiujin.web.papers import PaperField, keep_paper
from jiujin.work.acting_for import organisation_acted_for

UNPROCESSABLE = 422
COLUMNS = (
    Column("unit", gettext_lazy("见习单位"), can_hide=False),
    Column("state", gettext_lazy("状态"), kind="chip"),
    Column("started", gettext_lazy("见习人数"), kind="number"),
    Column("completed", gettext_lazy("期满"), kind="number"),
    Column("absorbed", gettext_lazy("留用"), kind="number"),
    Column("retention", gettext_lazy("留存率"), kind="number"),
    Column("recognised_on", gettext_lazy("认定日期"), kind="short", sortable=True),
)


class ReasonForm(PlainForm):
    """Why."""

    reasons = forms.CharField(label=gettext_lazy("原因"), max_length=300)


class RecogniseForm(PlainForm):
    """By what document."""

    document = forms.CharField(label=gettext_lazy("认定文件"), max_length=120)
    recognised_on = day_field(gettext_lazy("认定日期"))
    scan = PaperField(gettext_lazy("认定文件扫描件"))


class WithdrawForm(ReasonForm):
    """Why, and from when."""

    withdrawn_on = day_field(gettext_lazy("退出日期"))


class ReviewForm(PlainForm):
    """A year's review."""

    year = forms.IntegerField(label=gettext_lazy("年度"), min_value=2000, max_value=2100)
    passed = forms.BooleanField(label=gettext_lazy("通过"), required=False)
    words = forms.CharField(label=gettext_lazy("意见"), required=False, max_length=300)
    scan = PaperField(gettext_lazy("复核材料"))


class PostForm(PlainForm):
    """A post."""

    title = forms.CharField(label=gettext_lazy("岗位名称"), max_length=80)
    description = forms.CharField(label=gettext_lazy("做什么"), required=False, max_length=500)
    workplace = forms.ChoiceField(label=gettext_lazy("工作地点"), required=False)
    headcount = forms.IntegerField(label=gettext_lazy("收几人"), min_value=1, max_value=500)
    months = forms.IntegerField(label=gettext_lazy("见习几个月"), min_value=1, max_value=60)
    stipend_fen = forms.DecimalField(label=gettext_lazy("每月生活补助（元）"), max_digits=9, decimal_places=2)
    open_from = day_field(gettext_lazy("开始收人"))
    open_until = day_field(gettext_lazy("截止日期"))

    def prepare(self) -> None:
        """The unit's open places of work; the plan's least stipend as the first value."""
        places = Workplace.objects.filter(organisation=self.record.unit_id, is_open=True).order_by("name")
        field = self.fields["workplace"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("不写明")), *places.values_list("pk", "name")]
        floor_fen = pack.stipend_floor_fen(timezone.localdate())
        self.initial.setdefault("stipend_fen", None if floor_fen is None else floor_fen // 100)


class PublishForm(PlainForm):
    """Where a post was made known."""

    channel = forms.ChoiceField(label=gettext_lazy("发布渠道"))
    published_on = day_field(gettext_lazy("发布日期"))
    address = forms.CharField(label=gettext_lazy("网址"), required=False, max_length=300)

    def prepare(self) -> None:
        """The plan's channels."""
        field = self.fields["channel"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(each, each) for each in pack.channels()]


class ApplyForm(PlainForm):
    """A unit's application."""

    mentor = forms.CharField(label=gettext_lazy("指导老师"), max_length=60)
    scan = PaperField(gettext_lazy("申请材料"))


def _recognise(actor: User, record: Base, given: dict[str, Any]) -> str:
    scan = given.pop("scan")
    keep_paper(actor, recognise_base(base=record, actor=actor, **given), scan)
    return _("已经认定。")


def _refuse(actor: User, record: Base, given: dict[str, Any]) -> str:
    refuse_base(base=record, actor=actor, **given)
    return _("没有认定，原因已经告诉单位。")


def _withdraw(actor: User, record: Base, given: dict[str, Any]) -> str:
    withdraw_base(base=record, actor=actor, **given)
    return _("已经退出，不再收人；在见习的可以做满。")


def _review(actor: User, record: Base, given: dict[str, Any]) -> str:
    scan = given.pop("scan")
    review_base(base=record, actor=actor, **given)
    keep_paper(actor, record, scan)
    return _("年度复核已经记下，数字是此刻数出来的。")


def _offer(actor: User, record: Base, given: dict[str, Any]) -> str:
    place = given.pop("workplace")
    workplace = Workplace.objects.get(pk=place, organisation=record.unit_id) if place else None
    given["stipend_fen"] = fen(given["stipend_fen"])
    offer_post(base=record, workplace=workplace, actor=actor, **given)
    return _("见习岗位已经登记，接着写明在哪里发布。")


def _publish(actor: User, record: InternPost, given: dict[str, Any]) -> str:
    publish_post(post=record, actor=actor, **given)
    return _("发布已经记下。")


def _close(actor: User, record: InternPost, given: dict[str, Any]) -> str:
    close_post(post=record, closed_on=timezone.localdate(), actor=actor)
    return _("这个岗位不再收人。")


def _served(state: str) -> Any:
    return lambda viewer, record: serves_interns(viewer) and record.state == state


def _offers(viewer: User, record: Base) -> bool:
    return (serves_interns(viewer) or viewer.role == Role.EMPLOYER) and record.state == BaseState.RECOGNISED


def _is_open(viewer: User, record: InternPost) -> bool:
    return (serves_interns(viewer) or viewer.role == Role.EMPLOYER) and record.closed_on is None


BASE_ACTS = (
    Act("recognise", gettext_lazy("认定"), RecogniseForm, _recognise, _served(BaseState.APPLIED), is_main=True),
    Act("refuse", gettext_lazy("不认定"), ReasonForm, _refuse, _served(BaseState.APPLIED)),
    Act("offer", gettext_lazy("登记见习岗位"), PostForm, _offer, _offers),
    Act("review", gettext_lazy("年度复核"), ReviewForm, _review, _served(BaseState.RECOGNISED)),
    Act("withdraw", gettext_lazy("退出"), WithdrawForm, _withdraw, _served(BaseState.RECOGNISED)),
)
POST_ACTS = (
    Act(
        "publish", gettext_lazy("记下发布"), PublishForm, _publish,
        lambda viewer, record: serves_interns(viewer) and record.closed_on is None, is_main=True,
    ),
    Act("close", gettext_lazy("不再收人"), PlainForm, _close, _is_open),
)  # fmt: skip


@in_internships(Room.INTERNSHIPS)
@require_safe
def bases(request: SignedInRequest) -> HttpResponse:
    """The bases with their counted figures."""
    states = Filter("state", [Choice("", _("全部")), *(Choice(str(s.value), s.label) for s in BaseState)])
    ask = read_ask(request, COLUMNS, (states,), sort="-recognised_on")
    found = bases_seen_by(request.user)
    if ask.search:
        found = found.filter(unit__name__icontains=ask.search)
    if ask.chosen["state"]:
        found = found.filter(state=ask.chosen["state"])
    total = found.count()
    ask = page_within(ask, total)
    page = list(found.order_by(("-" if ask.descending else "") + ask.sort, "pk")[rows_span(ask)])
    figures = figures_of([each.unit_id for each in page])
    rows = []
    for each in page:
        counted = figures[each.unit_id]
        kept = "" if counted.retention_percent is None else f"{counted.retention_percent}%"
        cells = {
            "unit": Cell(each.unit.name),
            "state": Cell(each.get_state_display(), tone(each.state)),
            "started": Cell(str(counted.started)),
            "completed": Cell(str(counted.completed)),
            "absorbed": Cell(str(counted.absorbed)),
            "retention": Cell(kept),
            "recognised_on": Cell(each.recognised_on.isoformat() if each.recognised_on else ""),
        }
        rows.append(Row(str(each.pk), cells, href=reverse("internships:base", args=[each.pk])))
    table = Table(
        id="bases",
        caption=_("见习基地"),
        columns=COLUMNS,
        ask=ask,
        rows=rows,
        total=total,
        empty=Empty(_("还没有见习基地"), _("单位登录后在“我的见习基地”里申请，这里认定。")),
        filters=[states],
        search_label=_("单位名称"),
    )
    return render(request, "internships/bases.html", {"table": table})


@in_internships(Room.INTERNSHIPS)
@require_http_methods(["GET", "HEAD", "POST"])
def base(request: SignedInRequest, base_id: int) -> HttpResponse:
    """One base: where it stands, its figures, posts and reviews."""
    shown = own(bases_seen_by(request.user), base_id)
    return _base_page(request, shown)


@in_internships(Room.INTERNSHIP_UNIT)
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: SignedInRequest) -> HttpResponse:
    """The unit's own base, or the form to apply as one."""
    unit = organisation_acted_for(request.user)
    assert unit is not None
    shown = Base.objects.filter(unit=unit).select_related("unit").first()
    if shown is not None and shown.state in (BaseState.APPLIED, BaseState.RECOGNISED):
        return _base_page(request, shown)
    form = ApplyForm(unit, request.POST or None, request.FILES or None, act="apply")
    if request.method == "POST" and form.is_valid():
        scan = form.cleaned_data.pop("scan")
        try:
            with transaction.atomic():
                made = apply_as_base(
                    unit=unit, applied_on=timezone.localdate(), actor=request.user, **form.cleaned_data
                )
                keep_paper(request.user, made, scan)
        except (InternshipRefused, EvidenceRefused) as error:
            form.add_error(None, str(error))
        else:
            return redirect("internships:my-base")
    context = {"form": form, "unit": unit, "base": shown}
    return render(request, "internships/apply_base.html", context, status=UNPROCESSABLE if form.errors else None)


@in_internships(Room.INTERNSHIPS)
@require_http_methods(["GET", "HEAD", "POST"])
def post(request: SignedInRequest, intern_post_id: int) -> HttpResponse:
    """One post: what it offers, where it was made known, how many places are left."""
    shown = own(posts_seen_by(request.user), intern_post_id)
    failed = None
    if request.method == "POST":
        failed = perform(request, shown, POST_ACTS, (InternshipRefused,))
        if failed is None:
            return redirect("internships:post", shown.pk)
    context = {
        "post": shown,
        "stipend": yuan(shown.stipend_fen),
        "left": places_left([shown.pk])[shown.pk],
        "publications": shown.publications.order_by("published_on", "pk"),
        "acts": acts_on(request.user, shown, POST_ACTS, failed),
        "act_url": reverse("internships:post", args=[shown.pk]),
    }
    return render(request, "internships/post.html", context, status=UNPROCESSABLE if failed else None)


def _base_page(request: SignedInRequest, shown: Base) -> HttpResponse:
    failed = None
    if request.method == "POST":
        failed = perform(request, shown, BASE_ACTS, (InternshipRefused, EvidenceRefused))
        if failed is None:
            return redirect(request.path)
    posts = list(shown.posts.order_by("-open_from", "pk")[:50])
    left = places_left(each.pk for each in posts)
    context = {
        "base": shown,
        "tone": tone(shown.state),
        "figures": base_figures(shown.unit_id),
        "papers": papers_for(request.user).about([shown]).of(shown),
        "posts": [(each, yuan(each.stipend_fen), left[each.pk]) for each in posts],
        "reviews": shown.reviews.order_by("-year"),
        "acts": acts_on(request.user, shown, BASE_ACTS, failed),
        "act_url": request.path,
    }
    return render(request, "internships/base.html", context, status=UNPROCESSABLE if failed else None)
