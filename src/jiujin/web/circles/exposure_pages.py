"""Whether the nightly lists are fair: what each group of people was shown, and how often each group of vacancies was."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.permissions import Room
from jiujin.circles.exposure import DECADE, PEOPLE_BY, VACANCIES_BY
from jiujin.matching.audit import UNTOLD
from jiujin.registry.models import Area, AreaLevel, Sex
from jiujin.sheets import FigureColumn, FigureTable
from jiujin.web.desk.words import category_words, form_words
from jiujin.web.figures import TYPES, figures_response, shown_table
from jiujin.work.models import MatchRun
from jiujin.work.nearby.reasons import distance_words

Line = Mapping[str, Any]
TITLES: dict[tuple[str, str], str | Promise] = {
    ("people", "sex"): gettext_lazy("按性别看人"),
    ("people", "age"): gettext_lazy("按年龄看人"),
    ("people", "category"): gettext_lazy("按重点群体看人"),
    ("people", "township"): gettext_lazy("按住的乡镇街道看人"),
    ("vacancies", "size"): gettext_lazy("按企业大小看岗位"),
    ("vacancies", "form"): gettext_lazy("按用工形式看岗位"),
    ("vacancies", "welcome"): gettext_lazy("按是否欢迎重点群体看岗位"),
    ("vacancies", "township"): gettext_lazy("按上班的乡镇街道看岗位"),
}
BY: dict[str, str | Promise] = {
    "sex": gettext_lazy("性别"),
    "age": gettext_lazy("年龄"),
    "category": gettext_lazy("重点群体"),
    "township": gettext_lazy("乡镇街道"),
    "size": gettext_lazy("企业大小"),
    "form": gettext_lazy("用工形式"),
    "welcome": gettext_lazy("是否欢迎重点群体"),
}


@in_room(Room.CIRCLES)
@require_safe
def exposure(request: SignedInRequest) -> HttpResponse:
    """One night, the last by default, by one grouping: its people, its vacancies, or both."""
    runs = list(_told_runs())
    run, by = _asked(request, runs), request.GET.get("by", "")
    by = by if by in BY else next(iter(BY))
    context: dict[str, Any] = {
        "run": run,
        "runs": runs,
        "by": by,
        "tabs": [(key, label, key == by) for key, label in BY.items()],
        "tables": [shown_table(table) for (_side, key), table in _tables(run).items() if key == by],
        "kept": f"?day={run.day.isoformat()}" if run else "",
    }
    return render(request, "circles/exposure.html", context)


@in_room(Room.CIRCLES)
@require_safe
def exposure_file(request: SignedInRequest, kind: str) -> HttpResponse:
    """The same as a workbook or a document."""
    run = _asked(request, list(_told_runs()))
    if kind not in TYPES or run is None:
        raise Http404
    title = _("推荐是否公平 %(day)s") % {"day": run.day.isoformat()}
    return figures_response(kind, title, list(_tables(run).values()))


def _told_runs() -> Any:
    return MatchRun.objects.filter(finished_at__isnull=False).exclude(exposure={}).order_by("-day")


def _asked(request: SignedInRequest, runs: list[MatchRun]) -> MatchRun | None:
    """The night asked for, else the last; None where there was none. Raises Http404."""
    asked = request.GET.get("day")
    if not asked:
        return runs[0] if runs else None
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        raise Http404 from None
    found = next((run for run in runs if run.day == day), None)
    if found is None:
        raise Http404
    return found


def _tables(run: MatchRun | None) -> dict[tuple[str, str], FigureTable]:
    """Every table, by what it is about and how it is grouped."""
    if run is None:
        return {}
    names = _names()
    people = {("people", by): _people_table(by, run.exposure["people"][by], names[by]) for by in PEOPLE_BY}
    vacancies = {("vacancies", by): _vacancy_table(by, run.exposure["vacancies"][by], names[by]) for by in VACANCIES_BY}
    return people | vacancies


def _people_table(by: str, lines: list[Line], name: Callable[[str], str]) -> FigureTable:
    columns = (
        FigureColumn(_("组")),
        FigureColumn(_("人数"), "count"),
        FigureColumn(_("有推荐的"), "count"),
        FigureColumn(_("占比"), "written"),
        FigureColumn(_("平均几个"), "written"),
        FigureColumn(_("最好的匹配度"), "written"),
        FigureColumn(_("平均匹配度"), "written"),
        FigureColumn(_("平均距离（直线）"), "written"),
    )
    rows = []
    for line in lines:
        figures: tuple[str, ...] = ("", "", "", "")
        if line["answered"]:
            figures = (
                f"{line['answers_mean']:.1f}",
                _share(line["best_score_mean"]),
                _share(line["score_mean"]),
                distance_words(line["distance_m_mean"]),
            )
        share = _share(line["answered"] / line["people"])
        rows.append((name(line["group"]), line["people"], line["answered"], share, *figures))
    return FigureTable(str(TITLES["people", by]), columns, rows, totalled=False)


def _vacancy_table(by: str, lines: list[Line], name: Callable[[str], str]) -> FigureTable:
    columns = (
        FigureColumn(_("组")),
        FigureColumn(_("岗位"), "count"),
        FigureColumn(_("推荐过的"), "count"),
        FigureColumn(_("推荐次数"), "count"),
        FigureColumn(_("占全部岗位"), "written"),
        FigureColumn(_("占全部露出"), "written"),
    )
    rows = [
        (
            name(line["group"]),
            line["vacancies"],
            line["shown"],
            line["appearances"],
            _share(line["vacancy_share"]),
            _share(line["exposure_share"]),
        )
        for line in lines
    ]
    return FigureTable(str(TITLES["vacancies", by]), columns, rows, totalled=False)


def _share(part: float) -> str:
    return f"{part:.0%}"


def _names() -> dict[str, Callable[[str], str]]:
    """How each grouping calls its groups."""
    townships = dict(Area.objects.filter(level=AreaLevel.TOWNSHIP).values_list("code", "name"))
    sexes = {value: str(label) for value, label in Sex.choices}
    sizes = {"small": _("小微企业"), "other": _("不是小微企业")}
    welcomes = {"welcome": _("欢迎就业重点群体"), "other": _("没有写")}

    def told(words: Callable[[str], str]) -> Callable[[str], str]:
        return lambda code: _("不知道") if code == UNTOLD else words(code)

    return {
        "sex": told(lambda code: sexes.get(code, code)),
        "age": told(lambda code: _("%(from)s–%(to)s 岁") % {"from": int(code), "to": int(code) + DECADE - 1}),
        "category": told(category_words),
        "township": told(lambda code: townships.get(code, code)),
        "size": told(lambda code: sizes[code]),
        "form": told(form_words),
        "welcome": told(lambda code: welcomes[code]),
    }
