"""The check before a vacancy is public: wages, wording, fees, contacts in the text, repeats.

Each finding is a dict of `code`, `severity` (`stop` refuses the vacancy, `review` sends it to a person), `text` (one Chinese
sentence: what words, why, the mend), `clause` (the law, or the clause of the plan) and `words`. What the plan leaves open is
sent to a reviewer and never passed in silence.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Final

from jiujin.core.current_plan import current_plan
from jiujin.plan import Plan
from jiujin.plan.parameters import value_on
from jiujin.plan.wording import search_wording
from jiujin.values import format_yuan
from jiujin.work.models import Vacancy, WagePeriod
from jiujin.work.states import VacancyState

STOP: Final = "stop"
REVIEW: Final = "review"
WAGE_LAW: Final = "《劳动法》第四十八条；《最低工资规定》"
OWN_RULE: Final = "本方案的做法"
WEEKS_A_YEAR, MONTHS_A_YEAR = 52, 12
STANDING: Final = (VacancyState.OPEN, VacancyState.PAUSED, VacancyState.IN_REVIEW)
_TITLE_NOISE = re.compile(r"急聘|急招|诚聘|高薪|招聘|招|聘|若干名?|\d+名|\(.*?\)|\[.*?\]|【.*?】|[\W_]")
Finding = dict[str, Any]


def check_vacancy(vacancy: Vacancy, *, day: date) -> list[Finding]:
    """What speaks against publishing the vacancy on a day; what stops it comes first."""
    plan = current_plan()
    found = [*_wage(plan, vacancy, day), *_wording(plan, vacancy), *_repeats(vacancy)]
    return sorted(found, key=lambda finding: finding["severity"] != STOP)


def _finding(code: str, severity: str, text: str, clause: str, words: list[str] | None = None) -> Finding:
    return {"code": code, "severity": severity, "text": text, "clause": clause, "words": words or []}


# --- wages ---------------------------------------------------------------------------------------------------------------


def _wage(plan: Plan, vacancy: Vacancy, day: date) -> Iterator[Finding]:
    if vacancy.wage_min_fen is None:
        yield _finding("wage_missing", REVIEW, "没有写工资。请填工资的下限。", WAGE_LAW)
        return
    yield from _floor(plan, vacancy, day)
    yield from _ceiling(plan, vacancy, day)


def _floor(plan: Plan, vacancy: Vacancy, day: date) -> Iterator[Finding]:
    """The lower end of the wage against the floor of its kind: by the hour for hourly forms and hourly pay, else by the month."""
    assert vacancy.wage_min_fen is not None
    area = vacancy.workplace.area_id
    hourly_forms = value_on(plan, "hourly_wage_forms", day, area) if "hourly_wage_forms" in plan.parameters else ()
    assert isinstance(hourly_forms, tuple | None)
    hourly = vacancy.wage_period == WagePeriod.HOUR or vacancy.form in (hourly_forms or ())
    name, unit = ("minimum_hourly_wage", "小时") if hourly else ("minimum_wage", "月")
    floor_fen = value_on(plan, name, day, area) if name in plan.parameters else None
    if floor_fen is None:
        yield _finding(
            "wage_floor_unset", REVIEW, f"最低工资标准未定（每{unit}），不能自动核对工资。请审核人核对。", WAGE_LAW
        )
        return
    assert isinstance(floor_fen, int)
    offered = _hourly(vacancy) if hourly else _monthly(plan, vacancy, day)
    if offered is None:
        text = "没有写每周工时，工资不能和最低工资标准比较。请补上每周工时，或由审核人核对。"
        yield _finding("wage_not_comparable", REVIEW, text, WAGE_LAW)
    elif offered < floor_fen:
        text = (
            f"工资折合每{unit} {format_yuan(int(offered))} 元，低于当地最低工资标准 {format_yuan(floor_fen)} 元。"
            "请把工资下限改到标准以上。"
        )
        yield _finding("wage_under_floor", STOP, text, WAGE_LAW)


def _monthly(plan: Plan, vacancy: Vacancy, day: date) -> Decimal | None:
    """Fen a month; a day's pay by the plan's paid days."""
    wage = Decimal(vacancy.wage_min_fen or 0)
    if vacancy.wage_period == WagePeriod.MONTH:
        return wage
    days = value_on(plan, "paid_days_a_year", day) if "paid_days_a_year" in plan.parameters else None
    return wage * Decimal(days) / MONTHS_A_YEAR if isinstance(days, int) else None


def _hourly(vacancy: Vacancy) -> Decimal | None:
    """Fen an hour; a month's pay by the hours a week. A day's pay cannot be told: nobody wrote the hours of a day."""
    wage = Decimal(vacancy.wage_min_fen or 0)
    if vacancy.wage_period == WagePeriod.HOUR:
        return wage
    if vacancy.wage_period == WagePeriod.MONTH and vacancy.hours_a_week:
        return wage * MONTHS_A_YEAR / (vacancy.hours_a_week * WEEKS_A_YEAR)
    return None


def _ceiling(plan: Plan, vacancy: Vacancy, day: date) -> Iterator[Finding]:
    """A wage that nobody pays for such work is a slip or a lure."""
    table = value_on(plan, "vacancy_wage_review", day) if "vacancy_wage_review" in plan.parameters else None
    bounds = (
        {str(row[0]): int(row[1]) * 100 for row in table if isinstance(row, tuple)} if isinstance(table, tuple) else {}
    )
    bound_fen = bounds.get(vacancy.wage_period)
    offered_fen = max(vacancy.wage_min_fen or 0, vacancy.wage_max_fen or 0)
    if bound_fen is not None and offered_fen >= bound_fen:
        period = WagePeriod(vacancy.wage_period).label
        text = f"工资写到{period} {format_yuan(offered_fen)} 元，高得不寻常。请核对金额和计薪周期，由审核人看过再发布。"
        yield _finding("wage_unusual", REVIEW, text, OWN_RULE)


# --- wording -------------------------------------------------------------------------------------------------------------


def _wording(plan: Plan, vacancy: Vacancy) -> Iterator[Finding]:
    text = "\n".join([vacancy.title, vacancy.description, *vacancy.skills, *vacancy.licences, vacancy.contact_name])
    for find in search_wording(plan.vacancy_wording.values(), text):
        words = "、".join(f"“{word}”" for word in find.words)
        rule = find.rule
        yield _finding(
            f"wording_{rule.id.replace('-', '_')}",
            find.severity,
            f"写有{words}：{rule.why}。{rule.mend}。",
            rule.source,
            list(find.words),
        )


# --- repeats -------------------------------------------------------------------------------------------------------------


def _repeats(vacancy: Vacancy) -> Iterator[Finding]:
    """Another standing vacancy of the same employer, place, occupation and title: the same offer stops, another one is reviewed."""
    others = Vacancy.objects.filter(
        employer_id=vacancy.employer_id,
        workplace_id=vacancy.workplace_id,
        occupation_id=vacancy.occupation_id,
        state__in=STANDING,
    ).exclude(pk=vacancy.pk)
    title = normal_title(vacancy.title)
    for other in others.order_by("pk"):
        if normal_title(other.title) != title:
            continue
        same = _offer(other) == _offer(vacancy)
        text = f"同一地点已经有岗位“{other.title}”（{other.get_state_display()}）" + (
            "，内容相同。请修改原来的岗位，例如增加招聘人数。"
            if same
            else "，像是重复。请核对；确是另一个岗位的，由审核人放行。"
        )
        yield _finding("repeat", STOP if same else REVIEW, text, OWN_RULE, [other.title])
        return


def _offer(vacancy: Vacancy) -> tuple[Any, ...]:
    return (vacancy.form, vacancy.wage_min_fen, vacancy.wage_max_fen, vacancy.wage_period, vacancy.shift)


def normal_title(title: str) -> str:
    """A title without what only calls attention: 急聘收银员（3名） is 收银员."""
    plain = unicodedata.normalize("NFKC", title).lower()
    return _TITLE_NOISE.sub("", plain) or plain.strip()
