"""Today's lists: what waits for somebody, each with its records, its order and what a row of it says.

How many days count as *soon* or *long ago* is only how far ahead the desk looks, not a rule of the plan; how many months a
placement must run is the plan's, and comes from its parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Exists, Q, QuerySet, Subquery, prefetch_related_objects
from django.db.models.lookups import IsNull
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiujin.accounts.models import User
from jiujin.circles.programme import follow_ups_due
from jiujin.core.bounded_counts import COUNTED_MAX
from jiujin.core.current_plan import current_plan
from jiujin.core.listing import Ask, Cell, Column, Row, Words, rows_span
from jiujin.registry.models import Person
from jiujin.values import mask_name
from jiujin.web.desk import programme_lists, queries
from jiujin.web.desk.nearly_full import nearly_full_placements
from jiujin.web.desk.words import (
    UNKNOWN,
    area_words,
    categories_of,
    category_words,
    form_words,
    masked_number,
    masked_phone,
    wish_words,
)
from jiujin.work.models import Introduction, Placement, Vacancy
from jiujin.work.queries import lapsing_vacancies

DAYS_AHEAD: Final = 14
DAYS_SILENT: Final = 30
Found = QuerySet[Any]
Names = dict[str, str]  # of the occupations that the page's people wish for


@dataclass(frozen=True)
class TodayList:
    """One list: its key in addresses, its words, its columns, where its records come from and what a row says.

    `person` is the path from a record to its person: `pk` where the records are people, nothing where they are vacancies.
    """

    key: str
    label: Words
    lead: Words
    empty: Words
    columns: tuple[Column, ...]
    orders: Mapping[str, str]
    sort: str
    find: Callable[[User, QuerySet[Person], date], Found]
    search: Callable[[str], Q]
    row: Callable[[Any, date, Names], Row]
    person: str = "person"

    def people_of(self, records: Iterable[Any]) -> list[Person]:
        """The people of these records."""
        if self.person == "person":
            return [record.person for record in records]
        return list(records) if self.person else []


def sought(its: TodayList, found: Found, ask: Ask) -> Found:
    """The records of a list that the search finds, each with its person's home and wish."""
    if its.person:
        path = "person__" if its.person == "person" else ""
        found = found.select_related(f"{path}home_area__parent", f"{path}wish")
    return found.filter(its.search(ask.search)) if ask.search else found


def ordered(its: TodayList, found: Found, ask: Ask, today: date) -> Found:
    """The records in the order asked for; people of the priority groups first, unless somebody wants another order."""
    if not _puts_groups_first(its, ask):
        return found.order_by(*_order(its, ask))
    status = Subquery(queries.group_statuses(today, of=its.person).values("pk")[:1])
    return found.order_by(IsNull(status, True), *_order(its, ask))


def page_of(its: TodayList, found: Found, ask: Ask, today: date, *, counted: int) -> list[Any]:
    """The records of one page of so many. Where they are too many to sort, the priority groups are asked for before the others."""
    span, order = rows_span(ask), _order(its, ask)
    if counted <= COUNTED_MAX or not _puts_groups_first(its, ask):
        return list(ordered(its, found, ask, today)[span])
    is_in_group = Exists(queries.group_statuses(today, of=its.person))
    first = found.filter(is_in_group)
    page = list(first.order_by(*order)[span])
    wanting = span.stop - span.start - len(page)
    if wanting == 0:
        return page
    before = span.start + len(page) if page or span.start == 0 else first.count()
    start = max(0, span.start - before)
    return page + list(found.filter(~is_in_group).order_by(*order)[start : start + wanting])


def _order(its: TodayList, ask: Ask) -> list[str]:
    """The key breaks ties."""
    return [("-" if ask.descending else "") + its.orders[ask.sort], "pk"]


def _puts_groups_first(its: TodayList, ask: Ask) -> bool:
    return bool(its.person) and its.sort == ("-" if ask.descending else "") + ask.sort


def rows_of(its: TodayList, records: Sequence[Any], today: date) -> tuple[list[Row], Names]:
    """The records as rows, and the names of the occupations that their people wish for."""
    people = its.people_of(records)
    prefetch_related_objects(people, "priority_statuses")
    names = queries.wished_occupations(people)
    return [its.row(record, today, names) for record in records], names


def _person_cells(person: Person) -> dict[str, Cell]:
    return {
        "name": Cell(mask_name(person.name), note=masked_number(person)),
        "category": Cell("、".join(category_words(code) for code in categories_of(person)) or UNKNOWN),
        "area": Cell(area_words(person.home_area)),
        "phone": Cell(masked_phone(person)),
    }


def _person_row(person: Person, cells: dict[str, Cell], href: str = "") -> Row:
    return Row(
        str(person.pk),
        {**_person_cells(person), **cells},
        href=href or reverse("desk:person", args=[person.pk]),
        panel=reverse("desk:person-panel", args=[person.pk]),
    )


# --- newly registered, no match ------------------------------------------------------------------------------------------


def _unmatched(viewer: User, people: QuerySet[Person], today: date) -> Found:
    return queries.people_without_a_match(people, today)


def _unmatched_row(person: Person, today: date, names: Names) -> Row:
    registered = timezone.localdate(person.created_at)
    cells = {
        "wish": Cell(wish_words(getattr(person, "wish", None), names)),
        "created": Cell(registered.isoformat(), note=_days_ago(registered, today)),
        "act": Cell(_("推荐岗位"), href=reverse("desk:recommend", args=[person.pk])),
    }
    return _person_row(person, cells)


def _days_ago(day: date, today: date) -> str:
    days = (today - day).days
    return _("今天") if days <= 0 else _("%(n)s 天前") % {"n": days}


def _days_left(day: date, today: date) -> str:
    days = (day - today).days
    return (
        _("今天") if days == 0 else _("还有 %(n)s 天") % {"n": days} if days > 0 else _("已过 %(n)s 天") % {"n": -days}
    )


def _by_name(path: str = "") -> Callable[[str], Q]:
    return lambda text: Q(**{f"{path}name__icontains": text}) | Q(**{f"{path}home_area__name__icontains": text})


# --- vacancies about to lapse --------------------------------------------------------------------------------------------


def _lapsing(viewer: User, people: QuerySet[Person], today: date) -> Found:
    return lapsing_vacancies(viewer, today, DAYS_AHEAD)


def _lapsing_row(vacancy: Vacancy, today: date, names: Names) -> Row:
    cells = {
        "title": Cell(vacancy.title, note=str(vacancy.occupation or "")),
        "employer": Cell(vacancy.employer.name, note=vacancy.workplace.name),
        "until": Cell(vacancy.open_until.isoformat(), note=_days_left(vacancy.open_until, today)),
        "left": Cell(f"{vacancy.headcount - vacancy.filled_count:,} / {vacancy.headcount:,}"),
    }
    return Row(f"v{vacancy.pk}", cells, href=reverse("desk:vacancy", args=[vacancy.pk]))


# --- placements nearly full ----------------------------------------------------------------------------------------------


def _nearly_full(viewer: User, people: QuerySet[Person], today: date) -> Found:
    return nearly_full_placements(people, current_plan(), today, days_ahead=DAYS_AHEAD)


def _nearly_full_row(placement: Placement, today: date, names: Names) -> Row:
    full_on: date = placement.full_on  # type: ignore[attr-defined]
    months: int = placement.full_months  # type: ignore[attr-defined]
    cells = {
        "employer": Cell(placement.employer.name, note=form_words(placement.form)),
        "start": Cell(placement.start_on.isoformat()),
        "full": Cell(
            _("满 %(n)s 个月") % {"n": months},
            note=f"{full_on.isoformat()} · {_days_left(full_on, today)}",
            order=full_on,
        ),
    }
    row = _person_row(placement.person, cells, reverse("desk:placement", args=[placement.pk]))
    return row


# --- introductions waiting -----------------------------------------------------------------------------------------------


def _waiting(viewer: User, people: QuerySet[Person], today: date) -> Found:
    return queries.waiting_introductions(people)


def _waiting_row(made: Introduction, today: date, names: Names) -> Row:
    on = timezone.localdate(made.made_at)
    cells = {
        "vacancy": Cell(made.vacancy.title, note=made.vacancy.employer.name),
        "made": Cell(on.isoformat(), note=_days_ago(on, today)),
        "by": Cell(made.made_by.display_name),
    }
    return _person_row(made.person, cells)


# --- service due ---------------------------------------------------------------------------------------------------------


def _due(viewer: User, people: QuerySet[Person], today: date) -> Found:
    return queries.people_due_for_service(people, today, since=today - timedelta(days=DAYS_SILENT))


def _due_row(person: Person, today: date, names: Names) -> Row:
    last = person.last_served_on
    cells = {
        "served": Cell(last.isoformat() if last else _("没有服务过"), note=_days_ago(last, today) if last else ""),
        "wish": Cell(wish_words(getattr(person, "wish", None), names)),
    }
    return _person_row(person, cells)


# --- to be asked after a placement ---------------------------------------------------------------------------------------


def _to_ask(viewer: User, people: QuerySet[Person], today: date) -> Found:
    return follow_ups_due(viewer, today, people)


def _to_ask_row(placement: Placement, today: date, names: Names) -> Row:
    months: int = placement.due_months  # type: ignore[attr-defined]
    cells = {
        "employer": Cell(placement.employer.name),
        "start": Cell(placement.start_on.isoformat()),
        "ask": Cell(_("满 %(n)s 个月，回访") % {"n": months}),
    }
    return _person_row(placement.person, cells, reverse("circles:follow-up", args=[placement.pk]) + f"?months={months}")


NAME = Column("name", gettext_lazy("姓名"), kind="short", sortable=True, can_hide=False)
AREA = Column("area", gettext_lazy("社区村"), sortable=True)
CATEGORY = Column("category", gettext_lazy("人员类别"), kind="soft")
PHONE = Column("phone", gettext_lazy("电话"), kind="short")
LISTS: Final = (
    TodayList(
        key="unmatched",
        label=gettext_lazy("登记了还没有对上岗位"),
        lead=gettext_lazy("在找工作，还没有投递、推荐或就业。重点群体在前，再按最近登记的。"),
        empty=gettext_lazy("登记过的人都有了推荐、投递或就业。"),
        columns=(
            NAME,
            CATEGORY,
            AREA,
            Column("wish", gettext_lazy("意向"), kind="reason"),
            PHONE,
            Column("created", gettext_lazy("登记时间"), kind="short", sortable=True),
            Column("act", gettext_lazy("下一步"), kind="short", can_hide=False),
        ),
        orders={"name": "name", "area": "home_area_id", "created": "created_at"},
        sort="-created",
        find=_unmatched,
        search=_by_name(),
        row=_unmatched_row,
        person="pk",
    ),
    TodayList(
        key="lapsing",
        label=gettext_lazy("岗位快到期"),
        lead=gettext_lazy("在招岗位，截止日期快到了。提醒单位延长、关闭，或抓紧推荐。"),
        empty=gettext_lazy("近期没有岗位到期。"),
        columns=(
            Column("title", gettext_lazy("岗位"), sortable=True, can_hide=False),
            Column("employer", gettext_lazy("单位"), sortable=True),
            Column("left", gettext_lazy("还招 / 共招"), kind="number"),
            Column("until", gettext_lazy("截止"), kind="short", sortable=True),
        ),
        orders={"title": "title", "employer": "employer__name", "until": "open_until"},
        sort="until",
        find=_lapsing,
        search=lambda text: Q(title__icontains=text) | Q(employer__name__icontains=text),
        row=_lapsing_row,
        person="",
    ),
    TodayList(
        key="months",
        label=gettext_lazy("就业快满期"),
        lead=gettext_lazy("快满方案要求月数的就业。核一核合同、参保和收入，缺的趁早补。"),
        empty=gettext_lazy("近期没有就业满期。"),
        columns=(
            NAME,
            CATEGORY,
            Column("employer", gettext_lazy("单位"), sortable=True),
            Column("start", gettext_lazy("开始"), kind="short", sortable=True),
            Column("full", gettext_lazy("满期"), kind="short", sortable=True),
            PHONE,
        ),
        orders={"name": "person__name", "employer": "employer__name", "start": "start_on", "full": "full_on"},
        sort="full",
        find=_nearly_full,
        search=lambda text: _by_name("person__")(text) | Q(employer__name__icontains=text),
        row=_nearly_full_row,
    ),
    TodayList(
        key="introductions",
        label=gettext_lazy("推荐等回音"),
        lead=gettext_lazy("已推荐，本人还没有答复。打个电话问一问。"),
        empty=gettext_lazy("没有推荐在等答复。"),
        columns=(
            NAME,
            CATEGORY,
            Column("vacancy", gettext_lazy("推荐的岗位"), sortable=True),
            Column("made", gettext_lazy("推荐时间"), kind="short", sortable=True),
            Column("by", gettext_lazy("推荐人"), kind="soft"),
            PHONE,
        ),
        orders={"name": "person__name", "vacancy": "vacancy__title", "made": "made_at"},
        sort="made",
        find=_waiting,
        search=lambda text: _by_name("person__")(text) | Q(vacancy__title__icontains=text),
        row=_waiting_row,
    ),
    TodayList(
        key="due",
        label=gettext_lazy("该联系了"),
        lead=gettext_lazy("在找工作，好久没有服务记录。从没服务过的也在内。重点群体在前。"),
        empty=gettext_lazy("在找工作的人近期都服务过。"),
        columns=(
            NAME,
            CATEGORY,
            AREA,
            Column("served", gettext_lazy("上次服务"), kind="short", sortable=True),
            Column("wish", gettext_lazy("意向"), kind="reason"),
            PHONE,
        ),
        orders={"name": "name", "area": "home_area_id", "served": "last_served_on"},
        sort="served",
        find=_due,
        search=_by_name(),
        row=_due_row,
        person="pk",
    ),
    TodayList(
        key="follow-ups",
        label=gettext_lazy("就业后该回访"),
        lead=gettext_lazy("就业困难人员上岗到了方案定的月数，问一问还在不在岗。"),
        empty=gettext_lazy("近期没有要回访的。"),
        columns=(
            NAME,
            CATEGORY,
            AREA,
            Column("employer", gettext_lazy("单位"), sortable=True),
            Column("start", gettext_lazy("开始"), kind="short", sortable=True),
            Column("ask", gettext_lazy("该做什么"), kind="short"),
            PHONE,
        ),
        orders={
            "name": "person__name",
            "area": "person__home_area_id",
            "employer": "employer__name",
            "start": "start_on",
        },
        sort="start",
        find=_to_ask,
        search=lambda text: _by_name("person__")(text) | Q(employer__name__icontains=text),
        row=_to_ask_row,
    ),
    TodayList(
        key="interns",
        label=gettext_lazy("见习结束该问去向"),
        lead=gettext_lazy("见习结束到了方案定的月数，问一问在不在岗、留没留下。"),
        empty=gettext_lazy("近期没有要问的见习人员。"),
        columns=(
            NAME,
            Column("unit", gettext_lazy("见习单位"), sortable=True),
            Column("due", gettext_lazy("该做什么"), kind="short", sortable=True),
            PHONE,
        ),
        orders={"name": "person__name", "unit": "unit__name", "due": "ended_on"},
        sort="due",
        find=programme_lists.interns,
        search=lambda text: Q(person__name__icontains=text) | Q(unit__name__icontains=text),
        row=programme_lists.intern_row,
        person="",
    ),
    TodayList(
        key="promises",
        label=gettext_lazy("答应企业的事到期"),
        lead=gettext_lazy("走访时答应的，快到期或已经过期还没有办结。"),
        empty=gettext_lazy("答应的事都办结了，或还早。"),
        columns=(
            Column("employer", gettext_lazy("单位"), sortable=True, can_hide=False),
            Column("promised", gettext_lazy("答应了什么"), kind="reason"),
            Column("until", gettext_lazy("期限"), kind="short", sortable=True),
            Column("by", gettext_lazy("走访人"), kind="soft"),
        ),
        orders={"employer": "employer__name", "until": "promised_until"},
        sort="until",
        find=programme_lists.promises,
        search=lambda text: Q(employer__name__icontains=text) | Q(promised__icontains=text),
        row=programme_lists.promise_row,
        person="",
    ),
    TodayList(
        key="intents",
        label=gettext_lazy("招聘会意向待跟进"),
        lead=gettext_lazy("招聘会上登记的意向，跟进到就业，或写明没有就业的原因。最早的在前。"),
        empty=gettext_lazy("意向都跟进过。"),
        columns=(
            NAME,
            Column("employer", gettext_lazy("单位"), sortable=True),
            Column("fair", gettext_lazy("招聘会"), kind="soft"),
            Column("recorded", gettext_lazy("登记时间"), kind="short", sortable=True),
            PHONE,
        ),
        orders={"name": "person__name", "employer": "employer__name", "recorded": "recorded_at"},
        sort="recorded",
        find=programme_lists.intents,
        search=lambda text: Q(person__name__icontains=text) | Q(employer__name__icontains=text),
        row=programme_lists.intent_row,
        person="",
    ),
)
BY_KEY: Final = {its.key: its for its in LISTS}
