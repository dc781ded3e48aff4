"""The lists of new students with their progress, one list and its students, the printed list for the stamp."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiujin.accounts.access import SignedInRequest
from jiujin.accounts.models import Role
from jiujin.accounts.permissions import Room
from jiujin.claims.errors import ClaimRefused
from jiujin.core.current_plan import current_plan
from jiujin.core.listing import Cell, Choice, Column, Empty, Filter, Row, Table, page_within, read_ask, rows_span
from jiujin.core.listing_xlsx import xlsx_response
from jiujin.registry.errors import RegistryError
from jiujin.rules.explain import value_text
from jiujin.schools.errors import HeadingsUnknown, SchoolRefused
from jiujin.schools.models import Enrolment, Intake, IntakeState, Season
from jiujin.schools.queries import enrolments_seen_by, intakes_seen_by, payments_of, progress, school_of
from jiujin.schools.services.print_list import print_list
from jiujin.schools.services.upload_intake import open_intake
from jiujin.sheets import SheetUnreadable
from jiujin.values import mask_name
from jiujin.web.acts import acts_on, perform
from jiujin.web.schools.claimed import is_claimed
from jiujin.web.schools.intake_acts import INTAKE_ACTS, STUDENT_ACTS
from jiujin.web.schools.paper_pages import papers_for
from jiujin.web.schools.scope import in_schools

UNPROCESSABLE = 422
YEARS_BACK, YEARS_AHEAD = 10, 1
TONES = {"open": "late", "stamped": "plain", "returned": "unmet", "reviewed": "met", "paid": "met"}
VERDICTS = {"met": gettext_lazy("符合"), "unmet": gettext_lazy("不符合"), "unknown": gettext_lazy("待补充")}
MARKS = {
    "upgraded": gettext_lazy("转升"),
    "two_schools": gettext_lazy("两校重名"),
    "two_years": gettext_lazy("两次入学"),
    "wrong_path": gettext_lazy("没有这条路径"),
    "wrong_years": gettext_lazy("学制不符"),
}
COLUMNS = (
    Column("school", gettext_lazy("学校"), can_hide=False),
    Column("term", gettext_lazy("季"), kind="short"),
    Column("students", gettext_lazy("学生"), kind="number"),
    Column("met", gettext_lazy("符合"), kind="number"),
    Column("unmet", gettext_lazy("不符合"), kind="number"),
    Column("unknown", gettext_lazy("待补充"), kind="number"),
    Column("paid", gettext_lazy("已拨付"), kind="number"),
    Column("left", gettext_lazy("离校"), kind="number"),
    Column("finished", gettext_lazy("结业"), kind="number"),
    Column("state", gettext_lazy("状态"), kind="chip"),
)
STUDENT_COLUMNS = (
    Column("name", gettext_lazy("姓名"), kind="short", can_hide=False),
    Column("row", gettext_lazy("行"), kind="number", sortable=True),
    Column("path", gettext_lazy("班级和入学层次")),
    Column("verdict", gettext_lazy("结论"), kind="chip"),
    Column("marks", gettext_lazy("标记"), kind="soft"),
    Column("reasons", gettext_lazy("理由"), kind="reason"),
)


class IntakeForm(forms.Form):
    """Year and season."""

    year = forms.IntegerField(label=gettext_lazy("年度"))
    season = forms.ChoiceField(label=gettext_lazy("季"), choices=Season.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("year", current_year(timezone.localdate()))

    def clean_year(self) -> int:
        """A year that can be meant."""
        year: int = self.cleaned_data["year"]
        today = timezone.localdate()
        if not today.year - YEARS_BACK <= year <= today.year + YEARS_AHEAD:
            raise forms.ValidationError(_("请核对年度。"))
        return year


def current_year(today: date) -> int:
    """The plan's year where it has one, else this year."""
    last = current_plan().header.period.end
    return last.year if last is not None else today.year


@in_schools(Room.SCHOOLS)
@require_safe
def intakes(request: SignedInRequest) -> HttpResponse:
    """The lists that the viewer sees, the latest first, with the progress of each cohort."""
    ask = read_ask(request, COLUMNS)
    found = intakes_seen_by(request.user)
    if ask.search:
        found = found.filter(school__name__icontains=ask.search)
    total = found.count()
    ask = page_within(ask, total)
    page = progress(found).order_by("-year", "season", "school__name", "pk")[rows_span(ask)]
    is_school = request.user.role == Role.SCHOOL
    more = (_("开一份名单"), reverse("schools:new")) if is_school else ()
    table = Table(
        id="intakes",
        caption=_("招生名单"),
        columns=COLUMNS,
        ask=ask,
        rows=[_row(each) for each in page],
        total=total,
        empty=Empty(_("还没有招生名单"), _("学校每年五月报春季、十一月报秋季的新生名单。"), *more),
        search_label=_("学校"),
    )
    return render(request, "schools/intakes.html", {"table": table, "is_school": is_school})


def _row(each: Any) -> Row:
    counts = {
        name: Cell(str(getattr(each, name)))
        for name in ("students", "met", "unmet", "unknown", "paid", "left", "finished")
    }
    cells = {
        "school": Cell(each.school.name),
        "term": Cell(f"{each.year} {each.get_season_display()}"),
        **counts,
        "state": Cell(each.get_state_display(), TONES.get(each.state, "plain")),
    }
    return Row(str(each.pk), cells, href=reverse("schools:intake", args=[each.pk]))


@in_schools(Room.SCHOOL_LISTS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest) -> HttpResponse:
    """Open the list of a year and season."""
    form = IntakeForm(request.POST or None)
    school = school_of(request.user)
    assert school is not None
    if request.method == "POST" and form.is_valid():
        made = open_intake(school=school, actor=request.user, **form.cleaned_data)
        return redirect("schools:intake", made.pk)
    return render(request, "schools/new.html", {"form": form}, status=UNPROCESSABLE if form.errors else None)


@in_schools(Room.SCHOOLS)
@require_http_methods(["GET", "HEAD", "POST"])
def intake(request: SignedInRequest, intake_id: int) -> HttpResponse:
    """One list: its progress, its students with verdicts and reasons, the city's replies, and what may be done."""
    shown = progress(intakes_seen_by(request.user)).filter(pk=intake_id).first()
    if shown is None:
        raise Http404
    failed = None
    if request.method == "POST":
        refused = (SchoolRefused, SheetUnreadable, ClaimRefused, RegistryError)
        failed = perform(request, shown, INTAKE_ACTS, refused)
        if failed is None:
            return redirect("schools:intake", shown.pk)
    context: dict[str, Any] = {
        "intake": shown,
        "tone": TONES.get(shown.state, "plain"),
        "table": _students(request, shown),
        "marks": [(label, getattr(shown, mark)) for mark, label in MARKS.items()],
        "replies": shown.replies.order_by("replied_on", "pk"),
        "payments": payments_of(shown),
        "claimed": shown.state == IntakeState.REVIEWED and is_claimed(shown),
        "papers": papers_for(request.user).about([shown]).of(shown),
        "is_school": request.user.role == Role.SCHOOL,
        "acts": acts_on(request.user, shown, INTAKE_ACTS, failed),
        "act_url": reverse("schools:intake", args=[shown.pk]),
        "headings_unknown": failed is not None and isinstance(failed.error, HeadingsUnknown),
    }
    return render(request, "schools/intake.html", context, status=UNPROCESSABLE if failed else None)


def _students(request: SignedInRequest, shown: Intake) -> Table:
    verdicts = Filter("verdict", [Choice("", _("全部")), *(Choice(key, label) for key, label in VERDICTS.items())])
    marks = Filter("mark", [Choice("", _("不论标记")), *(Choice(key, label) for key, label in MARKS.items())])
    ask = read_ask(request, STUDENT_COLUMNS, (verdicts, marks), sort="row")
    found = Enrolment.objects.filter(intake=shown).select_related("person")
    if ask.search:
        found = found.filter(person__name__icontains=ask.search)
    if ask.chosen["verdict"]:
        found = found.filter(verdict=ask.chosen["verdict"])
    if ask.chosen["mark"]:
        found = found.filter(marks__contains=[ask.chosen["mark"]])
    total = found.count()
    ask = page_within(ask, total)
    rows = found.order_by(("-" if ask.descending else "") + ask.sort, "pk")[rows_span(ask)]
    return Table(
        id="students",
        caption=_("学生"),
        columns=STUDENT_COLUMNS,
        ask=ask,
        rows=[_student_row(request, each) for each in rows],
        total=total,
        empty=Empty(_("名单里还没有学生"), _("上传从全国技工院校系统导出的名单。")),
        filters=[verdicts, marks],
        search_label=_("姓名"),
    )


def _student_row(request: SignedInRequest, each: Enrolment) -> Row:
    name = each.person.name if request.user.role == Role.SCHOOL else mask_name(each.person.name)
    cells = {
        "name": Cell(name),
        "row": Cell(str(each.row or "")),
        "path": Cell(path_words(each)),
        "verdict": Cell(VERDICTS.get(each.verdict, ""), each.verdict),
        "marks": Cell("、".join(str(MARKS[mark]) for mark in each.marks if mark in MARKS)),
        "reasons": Cell("；".join(each.reasons)),
    }
    return Row(str(each.pk), cells, href=reverse("schools:student", args=[each.pk]))


def path_words(each: Enrolment) -> str:
    """Class, entry level and years in the plan's words."""
    facts = current_plan().facts
    told = [
        value_text(facts[name], getattr(each, name)) for name in ("class_type", "entry_level") if getattr(each, name)
    ]
    return " · ".join([*told, *([_("%(years)s 年") % {"years": each.schooling_years}] if each.schooling_years else [])])


@in_schools(Room.SCHOOL_LISTS)
@require_POST
def printed(request: SignedInRequest, intake_id: int) -> HttpResponse:
    """The list to be printed, stamped and scanned: whole numbers, so that it leaves an event."""
    shown = intakes_seen_by(request.user).filter(pk=intake_id).first()
    if shown is None:
        raise Http404
    lines = print_list(intake=shown, actor=request.user)
    headings = [_("序号"), _("姓名"), _("身份证号"), _("入学日期"), _("班级和入学层次"), _("结论")]
    body = [
        [
            number,
            each.person.name,
            each.person.id_number,
            str(each.enrolled_on or ""),
            path_words(each),
            str(VERDICTS.get(each.verdict, "")),
        ]
        for number, each in enumerate(lines, start=1)
    ]
    stamp = [[""] * 6, [_("学校（盖章）："), shown.school.name, "", _("日期："), "", ""]]
    title = f"{shown.school.name}-{shown.year}-{shown.get_season_display()}.xlsx"
    return xlsx_response(title, headings, [*body, *stamp])


@in_schools(Room.SCHOOLS)
@require_http_methods(["GET", "HEAD", "POST"])
def student(request: SignedInRequest, enrolment_id: int) -> HttpResponse:
    """One student: the path, the verdict with its reasons, and what became of them."""
    found = enrolments_seen_by(request.user).select_related("person", "intake__school").filter(pk=enrolment_id)
    shown = found.first()
    if shown is None:
        raise Http404
    failed = None
    if request.method == "POST":
        failed = perform(request, shown, STUDENT_ACTS, (SchoolRefused,))
        if failed is None:
            is_there = Enrolment.objects.filter(pk=enrolment_id).exists()
            return redirect("schools:student", shown.pk) if is_there else redirect("schools:intake", shown.intake_id)
    name = shown.person.name if request.user.role == Role.SCHOOL else mask_name(shown.person.name)
    context = {
        "student": shown,
        "name": name,
        "path": path_words(shown),
        "verdict": VERDICTS.get(shown.verdict, ""),
        "acts": acts_on(request.user, shown, STUDENT_ACTS, failed),
        "act_url": reverse("schools:student", args=[shown.pk]),
    }
    return render(request, "schools/student.html", context, status=UNPROCESSABLE if failed else None)
