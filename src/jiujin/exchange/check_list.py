"""The list of a person's checks."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiujin.core.listing import Ask, Cell, Choice, Column, Empty, Filter, Row, Table
from jiujin.exchange.models import RosterCheck
from jiujin.exchange.states import OPEN, CheckState

COLUMNS = (
    Column("file", gettext_lazy("名单"), sortable=True, can_hide=False),
    Column("scheme", gettext_lazy("补贴项目"), sortable=True),
    Column("state", gettext_lazy("状态"), kind="chip"),
    Column("rows", gettext_lazy("行"), kind="number", sortable=True),
    Column("met", gettext_lazy("符合"), kind="number", sortable=True),
    Column("unmet", gettext_lazy("不符合"), kind="number", sortable=True),
    Column("unknown", gettext_lazy("待补充"), kind="number", sortable=True),
    Column("created", gettext_lazy("上传时间"), kind="short", sortable=True),
)
ORDERS = {
    "file": "file_name",
    "scheme": "scheme_name",
    "rows": "rows",
    "met": "met",
    "unmet": "unmet",
    "unknown": "unknown",
    "created": "created_at",
}
GROUPS = {
    "open": OPEN,
    "finished": (CheckState.FINISHED,),
    "other": (CheckState.REFUSED, CheckState.CANCELLED, CheckState.FAILED),
}
TONES = {CheckState.REFUSED: "late", CheckState.FAILED: "late"}


def check_url(check: RosterCheck) -> str:
    """The page of a check."""
    return reverse("rosters:check", args=[check.id])


def check_tone(check: RosterCheck) -> str:
    """The colour of a check's state: what waits for its owner is amber, the rest is plain."""
    return TONES.get(CheckState(check.state), "plain")


def state_filter(mine: QuerySet[RosterCheck]) -> Filter:
    """All, under way, finished, and the rest, each with its count (one statement)."""
    counts = mine.order_by().aggregate(
        all=Count("id"), **{key: Count("id", filter=Q(state__in=states)) for key, states in GROUPS.items()}
    )
    labels = {"": _("全部"), "open": _("进行中"), "finished": _("完成"), "other": _("没有得出结论")}
    return Filter("state", [Choice(key, label, counts[key or "all"]) for key, label in labels.items()])


def narrowed(mine: QuerySet[RosterCheck], ask: Ask) -> QuerySet[RosterCheck]:
    """The checks asked for, in the order asked for."""
    if ask.chosen["state"]:
        mine = mine.filter(state__in=GROUPS[ask.chosen["state"]])
    if ask.search:
        mine = mine.filter(Q(file_name__icontains=ask.search) | Q(scheme_name__icontains=ask.search))
    return mine.order_by(("-" if ask.descending else "") + ORDERS[ask.sort], "id")


def checks_table(checks: Sequence[RosterCheck], total: int, ask: Ask, its_filter: Filter) -> Table:
    """One page of checks."""
    return Table(
        id="checks",
        caption=_("我的核对"),
        columns=COLUMNS,
        ask=ask,
        rows=[check_row(check) for check in checks],
        total=total,
        empty=Empty(
            _("还没有核对过名单"),
            _("选一个补贴项目，下载空白名单填好，或直接上传手头的名单：每一行都按条款判断，说明原因和金额。"),
            _("核对一份名单"),
            reverse("rosters:new"),
        ),
        filters=[its_filter],
        search_label=_("文件名、补贴项目"),
    )


def check_row(check: RosterCheck) -> Row:
    """One check as a row."""
    finished = check.state == CheckState.FINISHED
    counts = {key: Cell(f"{getattr(check, key):,}" if finished else "") for key in ("rows", "met", "unmet", "unknown")}
    created = timezone.localtime(check.created_at).strftime("%Y-%m-%d %H:%M")
    cells = {
        "file": Cell(check.file_name),
        "scheme": Cell(check.scheme_name),
        "state": Cell(check.get_state_display(), check_tone(check)),
        "created": Cell(created),
        **counts,
    }
    return Row(str(check.id), cells, href=check_url(check))
