"""The list of the viewer's people as a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiujin.accounts.models import User
from jiujin.core.listing import Ask, Cell, Choice, Column, Empty, Filter, Row, Table
from jiujin.registry.models import Person
from jiujin.values import mask_name
from jiujin.web.desk import queries
from jiujin.web.desk.words import UNKNOWN, area_words, categories_of, category_words, masked_number, masked_phone
from jiujin.work.models import Placement
from jiujin.work.queries import running_on

COLUMNS = (
    Column("name", gettext_lazy("姓名"), kind="short", sortable=True, can_hide=False),
    Column("state", gettext_lazy("情况"), kind="chip"),
    Column("area", gettext_lazy("社区村"), sortable=True),
    Column("category", gettext_lazy("人员类别"), kind="soft"),
    Column("phone", gettext_lazy("电话"), kind="short"),
    Column("served", gettext_lazy("上次服务"), kind="short", sortable=True),
    Column("created", gettext_lazy("登记时间"), kind="short", sortable=True),
)
ORDERS = {"name": "name", "area": "home_area_id", "served": "last_served_on", "created": "created_at"}
PEOPLE_COUNTED_MAX = 2000
STATES = {"looking": gettext_lazy("在找工作"), "working": gettext_lazy("在岗"), "idle": gettext_lazy("不找工作")}
TONES = {"looking": "plain", "working": "met", "idle": "plain"}


def people_filter() -> Filter:
    """All, looking, at work, and not looking."""
    return Filter("state", [Choice("", _("全部")), *(Choice(key, label) for key, label in STATES.items())])


def narrowed(viewer: User, ask: Ask, today: date) -> QuerySet[Person]:
    """The people asked for, in the order asked for."""
    people = queries.people_named(viewer, ask.search)
    at_work = Exists(Placement.objects.filter(running_on(today), person=OuterRef("pk")))
    people = people.annotate(at_work=at_work)
    match ask.chosen["state"]:
        case "working":
            people = people.filter(at_work=True)
        case "looking":
            people = people.filter(at_work=False).exclude(wish__is_looking=False)
        case "idle":
            people = people.filter(at_work=False, wish__is_looking=False)
    order = ("-" if ask.descending else "") + ORDERS[ask.sort]
    return people.order_by(order, "pk")


def with_rest(people: QuerySet[Person]) -> QuerySet[Person]:
    """The people with what a row shows."""
    return people.select_related("home_area__parent", "wish").prefetch_related("priority_statuses")


def people_table(people: Sequence[Person], total: int, ask: Ask, selected: int | None) -> Table:
    """One page of people."""
    return Table(
        id="people",
        caption=_("服务对象"),
        columns=COLUMNS,
        ask=ask,
        rows=person_rows(people, selected),
        total=total,
        counted_max=PEOPLE_COUNTED_MAX,
        empty=Empty(
            _("还没有服务对象"),
            _("在窗口登记一个人，或等就业圈把住在圈里的人归到您名下。"),
            _("窗口登记"),
            reverse("desk:counter"),
        ),
        filters=[people_filter()],
        search_label=_("姓名"),
        export_url=reverse("desk:people-csv") + ask.url(page=1),
    )


def state_of(person: Person) -> str:
    """Where a listed person stands: at work, looking, or neither."""
    if person.at_work:  # type: ignore[attr-defined]
        return "working"
    wish = getattr(person, "wish", None)
    return "idle" if wish is not None and not wish.is_looking else "looking"


def person_rows(people: Sequence[Person], selected: int | None) -> list[Row]:
    """People as rows; the panel follows them."""
    return [_person_row(person, selected) for person in people]


def _person_row(person: Person, selected: int | None) -> Row:
    state = state_of(person)
    served = person.last_served_on
    cells = {
        "name": Cell(mask_name(person.name), note=masked_number(person)),
        "state": Cell(STATES[state], TONES[state]),
        "area": Cell(area_words(person.home_area)),
        "category": Cell("、".join(category_words(code) for code in categories_of(person)) or UNKNOWN),
        "phone": Cell(masked_phone(person)),
        "served": Cell(served.isoformat() if served else _("没有服务过")),
        "created": Cell(person.created_at.date().isoformat()),
    }
    return Row(
        str(person.pk),
        cells,
        href=reverse("desk:person", args=[person.pk]),
        panel=reverse("desk:person-panel", args=[person.pk]),
        selected=person.pk == selected,
    )
