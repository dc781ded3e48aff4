"""Applications to the public employment service: the list, one with its reasons, the counter's form, the matching meeting."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
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
from jiujin.internships.judging import last_day
from jiujin.internships.meeting import PEOPLE_MAX, Pairing, propose
from jiujin.internships.models import Base, InternApplication, InternPost
from jiujin.internships.places import places_left
from jiujin.internships.queries import applications_seen_by, posts_open_on, serves_interns
from jiujin.internships.services.apply_for_internship import (
    apply_for_internship,
    complete_application,
    refuse_application,
    withdraw_application,
)
from jiujin.internships.services.hold_internship import agree_internship, document_agreement
from jiujin.internships.services.recommend import answer_recommendation, recommend, recommend_pairs
from jiujin.internships.states import ApplicationState, BaseState
from jiujin.registry.errors import RegistryError
from jiujin.registry.queries import people_seen_by
from jiujin.web.acts import Act, PlainForm, acts_on, day_field, perform
from jiujin.web.internships.paper_pages import AGREEMENT
from jiujin.web.internships.scope import in_internships, own
from jiujin.web.internships.words import group_words, name_for, tone
from jiujin.web.papers import PaperField, keep_paper
from jiujin.work.nearby.reasons import distance_words

UNPROCESSABLE = 422
POSTS_MAX = 200
COLUMNS = (
    Column("person", gettext_lazy("姓名"), kind="short", can_hide=False),
    Column("group", gettext_lazy("人员类型"), kind="soft"),
    Column("start_on", gettext_lazy("想从哪天起"), kind="short"),
    Column("post", gettext_lazy("推荐到")),
    Column("state", gettext_lazy("状态"), kind="chip"),
    Column("applied_at", gettext_lazy("申请时间"), kind="short", sortable=True),
)


def post_choices(blank: str) -> list[tuple[Any, str]]:
    """The open posts with a place left."""
    posts = list(posts_open_on(timezone.localdate())[:POSTS_MAX])
    left = places_left(post.pk for post in posts)
    listed = [(post.pk, f"{post.base.unit.name} · {post.title}") for post in posts if left[post.pk] > 0]
    return [("", blank), *listed]


class WishForm(PlainForm):
    """Group, days and wish; shared by the counter and the phone."""

    group = forms.ChoiceField(label=gettext_lazy("人员类型"))
    graduated_on = day_field(gettext_lazy("毕业日期"), required=False, help_text=gettext_lazy("失业青年可不填。"))
    start_on = day_field(gettext_lazy("想从哪天起"))
    months = forms.IntegerField(label=gettext_lazy("见习几个月"), min_value=1, max_value=60)
    wants = forms.ChoiceField(label=gettext_lazy("想去的岗位"), required=False)
    found_base = forms.ChoiceField(label=gettext_lazy("自己找好的基地"), required=False)

    def prepare(self) -> None:
        """Groups of the plan, open posts, recognised bases."""
        bases = Base.objects.filter(state=BaseState.RECOGNISED).order_by("unit__name", "pk")
        choices = {
            "group": list(pack.groups().items()),
            "wants": post_choices(_("都可以")),
            "found_base": [("", _("没有")), *bases.values_list("pk", "unit__name")[:500]],
        }
        for name, listed in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = listed

    def wish(self) -> dict[str, Any]:
        """What was asked for, as the service takes it."""
        given = {name: self.cleaned_data[name] for name in ("group", "graduated_on", "start_on", "months")}
        wants, base = self.cleaned_data["wants"], self.cleaned_data["found_base"]
        given["wants"] = InternPost.objects.get(pk=wants) if wants else None
        given["found_base"] = Base.objects.get(pk=base) if base else None
        return given


class CounterForm(WishForm):
    """The counter's: whose it is too."""

    id_number = forms.CharField(label=gettext_lazy("身份证号"), max_length=20)
    field_order = ["id_number"]


class CompleteForm(PlainForm):
    """What was lacking."""

    group = forms.ChoiceField(label=gettext_lazy("人员类型"))
    graduated_on = day_field(gettext_lazy("毕业日期"), required=False)

    def prepare(self) -> None:
        """As the application has it."""
        field = self.fields["group"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(pack.groups().items())
        self.initial |= {"group": self.record.group, "graduated_on": self.record.graduated_on}


class RecommendForm(PlainForm):
    """To which post."""

    post = forms.ChoiceField(label=gettext_lazy("见习岗位"))

    def prepare(self) -> None:
        """The open posts; what the person wished for first."""
        field = self.fields["post"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = post_choices(_("请选"))
        self.initial |= {"post": self.record.wants_id or ""}


class ReasonForm(PlainForm):
    """Why not."""

    reasons = forms.CharField(label=gettext_lazy("原因"), max_length=300)


class AgreeForm(PlainForm):
    """The agreement."""

    start_on = day_field(gettext_lazy("开始"))
    end_on = day_field(gettext_lazy("结束"))
    agreement_on = day_field(gettext_lazy("协议日期"))
    agreement = PaperField(gettext_lazy("协议扫描件"))

    def prepare(self) -> None:
        """The wished days."""
        start_on, months = self.record.wished_start_on, self.record.wished_months
        self.initial |= {"start_on": start_on, "agreement_on": start_on}
        self.initial |= {"end_on": last_day(start_on, months)} if start_on and months else {}


def _complete(actor: User, record: InternApplication, given: dict[str, Any]) -> str:
    done = complete_application(application=record, actor=actor, **given)
    return _("已经重新判断：%(state)s。") % {"state": done.get_state_display()}


def _recommend(actor: User, record: InternApplication, given: dict[str, Any]) -> str:
    post = InternPost.objects.get(pk=given["post"])
    recommend(application=record, post=post, actor=actor, today=timezone.localdate())
    return _("已经推荐，等单位答复。")


def _refuse(actor: User, record: InternApplication, given: dict[str, Any]) -> str:
    refuse_application(application=record, actor=actor, **given)
    return _("没有通过，原因已经记下。")


def _accept(actor: User, record: InternApplication, given: dict[str, Any]) -> str:
    answer_recommendation(application=record, accepted=True, actor=actor)
    return _("已经接收，接着签协议。")


def _decline(actor: User, record: InternApplication, given: dict[str, Any]) -> str:
    answer_recommendation(application=record, accepted=False, actor=actor, **given)
    return _("没有接收，原因已经记下。")


def _agree(actor: User, record: InternApplication, given: dict[str, Any]) -> str:
    upload = given.pop("agreement")
    made = agree_internship(application=record, actor=actor, **given)
    scan = keep_paper(actor, made, upload, AGREEMENT)
    if scan is not None:
        document_agreement(internship=made, scan=scan, actor=actor)
    return _("协议已经登记，见习出现在名单里。")


def _withdraw(actor: User, record: InternApplication, given: dict[str, Any]) -> str:
    withdraw_application(application=record, actor=actor)
    return _("申请已经撤回。")


def _served(*states: str) -> Any:
    return lambda viewer, record: serves_interns(viewer) and record.state in states


def _answered(*states: str) -> Any:
    return lambda viewer, record: (viewer.role == Role.EMPLOYER or serves_interns(viewer)) and record.state in states


S = ApplicationState
APPLICATION_ACTS = (
    Act("complete", gettext_lazy("补充后再判断"), CompleteForm, _complete, _served(S.APPLIED), is_main=True),
    Act("recommend", gettext_lazy("推荐"), RecommendForm, _recommend, _served(S.ELIGIBLE, S.DECLINED), is_main=True),
    Act("accept", gettext_lazy("接收"), PlainForm, _accept, _answered(S.RECOMMENDED), is_main=True),
    Act("decline", gettext_lazy("不接收"), ReasonForm, _decline, _answered(S.RECOMMENDED)),
    Act("agree", gettext_lazy("登记协议"), AgreeForm, _agree, _answered(S.ACCEPTED), is_main=True),
    Act("refuse", gettext_lazy("不通过"), ReasonForm, _refuse, _served(S.APPLIED, S.ELIGIBLE)),
    Act(
        "withdraw", gettext_lazy("本人撤回"), PlainForm, _withdraw,
        _served(S.APPLIED, S.ELIGIBLE, S.RECOMMENDED, S.ACCEPTED),
    ),
)  # fmt: skip


@in_internships(Room.INTERNSHIPS)
@require_safe
def applications(request: SignedInRequest) -> HttpResponse:
    """The applications that the viewer sees."""
    states = Filter("state", [Choice("", _("全部")), *(Choice(str(s.value), s.label) for s in ApplicationState)])
    ask = read_ask(request, COLUMNS, (states,), sort="-applied_at")
    found = applications_seen_by(request.user)
    if ask.search:
        found = found.filter(person__name__icontains=ask.search)
    if ask.chosen["state"]:
        found = found.filter(state=ask.chosen["state"])
    total = found.count()
    ask = page_within(ask, total)
    rows = [
        _row(request, each) for each in found.order_by(("-" if ask.descending else "") + ask.sort, "pk")[rows_span(ask)]
    ]
    table = Table(
        id="applications",
        caption=_("见习申请"),
        columns=COLUMNS,
        ask=ask,
        rows=rows,
        total=total,
        empty=Empty(_("还没有见习申请"), _("本人可在手机上申请，也可以到窗口登记。")),
        filters=[states],
        search_label=_("姓名"),
    )
    return render(request, "internships/applications.html", {"table": table, "serves": serves_interns(request.user)})


def _row(request: SignedInRequest, each: InternApplication) -> Row:
    post = each.recommended_to
    cells = {
        "person": Cell(name_for(request.user, each.person)),
        "group": Cell(group_words(each.group)),
        "start_on": Cell(each.wished_start_on.isoformat() if each.wished_start_on else ""),
        "post": Cell(f"{post.base.unit.name} · {post.title}" if post else ""),
        "state": Cell(each.get_state_display(), tone(each.state)),
        "applied_at": Cell(timezone.localtime(each.applied_at).strftime("%Y-%m-%d")),
    }
    return Row(str(each.pk), cells, href=reverse("internships:application", args=[each.pk]))


@in_internships(Room.INTERNSHIPS)
@require_http_methods(["GET", "HEAD", "POST"])
def application(request: SignedInRequest, intern_application_id: int) -> HttpResponse:
    """One application with the rules' reasons, and what may be done."""
    shown = own(applications_seen_by(request.user), intern_application_id)
    failed = None
    if request.method == "POST":
        failed = perform(request, shown, APPLICATION_ACTS, (InternshipRefused, RegistryError))
        if failed is None:
            return redirect("internships:application", shown.pk)
    context = {
        "application": shown,
        "name": shown.person.name,
        "group": group_words(shown.group),
        "tone": tone(shown.state),
        "reasons": shown.judged.get("reasons", []),
        "acts": acts_on(request.user, shown, APPLICATION_ACTS, failed),
        "act_url": reverse("internships:application", args=[shown.pk]),
    }
    return render(request, "internships/application.html", context, status=UNPROCESSABLE if failed else None)


@in_internships(Room.INTERNSHIP_CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest) -> HttpResponse:
    """An application at the counter, for somebody who is registered."""
    form = CounterForm(None, request.POST or None, act="counter")
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data["id_number"].strip().upper()
        person = people_seen_by(request.user).filter(id_number_index=number).first()
        if person is None:
            form.add_error("id_number", _("还没有登记这个人，请先在“窗口登记”里登记。"))
        else:
            try:
                made = apply_for_internship(person=person, actor=request.user, **form.wish())
            except (InternshipRefused, RegistryError) as error:
                field = getattr(error, "field", None)
                form.add_error(field if field in form.fields else None, str(error))
            else:
                messages.success(request, _("申请已经登记：%(state)s。") % {"state": made.get_state_display()})
                return redirect("internships:application", made.pk)
    return render(
        request, "internships/new_application.html", {"form": form}, status=UNPROCESSABLE if form.errors else None
    )


@in_internships(Room.INTERNSHIP_CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def meeting(request: SignedInRequest) -> HttpResponse:
    """Everybody eligible by every open post: the best pairs of the whole group, to be confirmed one by one or together."""
    today = timezone.localdate()
    waiting = applications_seen_by(request.user).filter(state__in=[S.ELIGIBLE, S.DECLINED])
    people = list(waiting.select_related("person__home").order_by("applied_at", "pk")[:PEOPLE_MAX])
    posts = list(posts_open_on(today)[:POSTS_MAX])
    pairs = propose(people, posts, places_left(post.pk for post in posts))
    if request.method == "POST":
        wanted = set(request.POST.getlist("pair"))
        chosen = [(pair.application, pair.post) for pair in pairs if _key(pair) in wanted]
        try:
            recommend_pairs(pairs=chosen, actor=request.user, today=today)
        except InternshipRefused as error:
            messages.warning(request, str(error))
        else:
            messages.success(request, _("推荐了 %(count)s 人，等单位答复。") % {"count": len(chosen)})
        return redirect("internships:meeting")
    rows = [
        {
            "key": _key(pair),
            "name": name_for(request.user, pair.application.person),
            "post": f"{pair.post.base.unit.name} · {pair.post.title}",
            "distance": "" if pair.distance_m is None else distance_words(int(pair.distance_m)),
            "is_wished": pair.is_wished,
        }
        for pair in pairs
    ]
    context = {"rows": rows, "people": len(people), "posts": len(posts)}
    return render(request, "internships/meeting.html", context)


def _key(pair: Pairing) -> str:
    return f"{pair.application.pk}-{pair.post.pk}"
