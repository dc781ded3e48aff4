"""The menu: by work, each entry in the room it leads to; a person sees the entries of the rooms they may enter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiujin.accounts.permissions import Room, rooms_of
from jiujin.core.current_plan import current_plan
from jiujin.core.listing import Words
from jiujin.plan import Plan


@dataclass(frozen=True)
class Entry:
    """A line of the menu: where it leads, what it says, and a count beside it."""

    url_name: str
    label: Words
    room: Room
    count: Callable[[Plan], str] | None = None


@dataclass(frozen=True)
class Group:
    """Entries under one heading."""

    label: Words
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Shown:
    """An entry as shown to one person on one page."""

    url: str
    label: Words
    count: str
    on: bool


@dataclass(frozen=True)
class ShownGroup:
    """The entries of a group that one person may enter."""

    label: Words
    entries: list[Shown]

    @property
    def on(self) -> bool:
        """Whether the page shown is one of them."""
        return any(entry.on for entry in self.entries)


def unset_count(plan: Plan) -> str:
    """How many parameters the district has still to set, in words; nothing where none."""
    count = sum(1 for parameter in plan.parameters.values() if parameter.status == "unset")
    return _("%(count)s 项待定") % {"count": count} if count else ""


def unconfirmed_count(plan: Plan) -> str:
    """How many readings nobody has confirmed, in words; nothing where none."""
    count = sum(1 for reading in plan.readings.values() if reading.decided_by is None)
    return _("%(count)s 条待确认") % {"count": count} if count else ""


MENU = (
    Group(gettext_lazy("今天"), (Entry("home", gettext_lazy("工作台"), Room.HOME),)),
    Group(
        gettext_lazy("服务"),
        (
            Entry("desk:today", gettext_lazy("今天的服务"), Room.PEOPLE),
            Entry("desk:people", gettext_lazy("服务对象"), Room.PEOPLE),
            Entry("desk:counter", gettext_lazy("窗口登记"), Room.PEOPLE),
            Entry("desk:services", gettext_lazy("记服务"), Room.PEOPLE),
            Entry("desk:sessions", gettext_lazy("集体活动"), Room.PEOPLE),
            Entry("circles:list", gettext_lazy("就业圈"), Room.CIRCLES),
            Entry("circles:help", gettext_lazy("帮扶"), Room.PEOPLE),
            Entry("circles:posts", gettext_lazy("公益性岗位"), Room.POSTS),
            Entry("merging:list", gettext_lazy("重复人员"), Room.MERGING),
            Entry("imports:list", gettext_lazy("导入"), Room.IMPORTS),
        ),
    ),
    Group(
        gettext_lazy("招聘"),
        (
            Entry("hiring:vacancies", gettext_lazy("我的岗位"), Room.HIRING),
            Entry("hiring:applications", gettext_lazy("收到的申请"), Room.HIRING),
            Entry("hiring:organisation", gettext_lazy("单位资料"), Room.HIRING),
            Entry("hiring:review", gettext_lazy("岗位审核"), Room.VACANCY_REVIEW),
            Entry("hiring:all", gettext_lazy("全部岗位"), Room.VACANCY_REVIEW),
            Entry("fairs:list", gettext_lazy("招聘会"), Room.FAIRS),
            Entry("fairs:intents", gettext_lazy("意向跟进"), Room.FAIR_WORK),
            Entry("fairs:townships", gettext_lazy("乡镇之间"), Room.FAIR_WORK),
            Entry("fairs:visits", gettext_lazy("走访企业"), Room.VISITS),
            Entry("fairs:supported", gettext_lazy("对接服务补助"), Room.FAIR_CHANGES),
        ),
    ),
    Group(
        gettext_lazy("见习和技校"),
        (
            Entry("internships:my-base", gettext_lazy("我的见习基地"), Room.INTERNSHIP_UNIT),
            Entry("internships:bases", gettext_lazy("见习基地"), Room.INTERNSHIP_CHANGES),
            Entry("internships:applications", gettext_lazy("见习申请"), Room.INTERNSHIPS),
            Entry("internships:list", gettext_lazy("就业见习"), Room.INTERNSHIPS),
            Entry("schools:list", gettext_lazy("招生名单"), Room.SCHOOLS),
            Entry("schools:headings", gettext_lazy("各列的意思"), Room.SCHOOL_LISTS),
        ),
    ),
    Group(
        gettext_lazy("资金"),
        (
            Entry("rosters:list", gettext_lazy("名单核对"), Room.ROSTERS),
            Entry("claims:list", gettext_lazy("我的申报"), Room.CLAIMS),
            Entry("claims:account", gettext_lazy("收款账户"), Room.CLAIMS),
            Entry("claims:queue", gettext_lazy("申报审核"), Room.CLAIM_QUEUE),
            Entry("claims:matters", gettext_lazy("申诉和异议"), Room.CLAIM_QUEUE),
            Entry("claims:queue-entitled", gettext_lazy("还没有申报的"), Room.CLAIM_QUEUE),
            Entry("claims:papers", gettext_lazy("审批文书"), Room.CLAIM_QUEUE),
            Entry("claims:notices", gettext_lazy("公示"), Room.CLAIM_QUEUE),
            Entry("claims:parameters", gettext_lazy("设定参数"), Room.CLAIM_QUEUE),
            Entry("funds:overview", gettext_lazy("资金总览"), Room.FUNDS),
            Entry("funds:lines", gettext_lazy("待拨付"), Room.FUNDS),
            Entry("funds:batches", gettext_lazy("拨付与回盘"), Room.FUNDS),
            Entry("funds:accounts", gettext_lazy("收款账号"), Room.FUNDS),
            Entry("funds:city", gettext_lazy("市级拨付"), Room.FUNDS),
            Entry("funds:recoveries", gettext_lazy("追回"), Room.FUNDS),
            Entry("funds:carried-in", gettext_lazy("期初结转"), Room.FUNDS),
            Entry("funds:ledger", gettext_lazy("台账"), Room.FUNDS),
            Entry("funds:reports", gettext_lazy("资金报表"), Room.FUNDS),
            Entry("funds:check", gettext_lazy("账目检查"), Room.FUNDS),
            Entry("funds:simulate", gettext_lazy("政策测算"), Room.SIMULATION),
        ),
    ),
    Group(
        gettext_lazy("依据"),
        (
            Entry("plan:clauses", gettext_lazy("方案与条款"), Room.PLAN),
            Entry("plan:schemes", gettext_lazy("补贴项目"), Room.PLAN),
            Entry("plan:parameters", gettext_lazy("参数"), Room.PLAN, unset_count),
            Entry("plan:targets", gettext_lazy("目标任务"), Room.PLAN),
            Entry("plan:readings", gettext_lazy("解读"), Room.PLAN, unconfirmed_count),
            Entry("plan:areas", gettext_lazy("区划"), Room.PLAN),
        ),
    ),
    Group(
        gettext_lazy("系统"),
        (
            Entry("accounts:users", gettext_lazy("账号"), Room.USERS),
            Entry("imports:tokens", gettext_lazy("接口令牌"), Room.USERS),
            Entry("imports:own-tokens", gettext_lazy("我的接口令牌"), Room.CLAIM_QUEUE),
        ),
    ),
)


def menu_for(request: HttpRequest) -> list[ShownGroup]:
    """The menu of the person who asks; the entry of the page shown is on."""
    rooms, plan = rooms_of(request.user), current_plan()
    shown = []
    for group in MENU:
        entries = [_shown(entry, plan, request.path) for entry in group.entries if entry.room in rooms]
        if entries:
            shown.append(ShownGroup(group.label, entries))
    return _only_best_match_on(shown)


def _shown(entry: Entry, plan: Plan, path: str) -> Shown:
    url = reverse(entry.url_name)
    return Shown(url, entry.label, entry.count(plan) if entry.count else "", path.startswith(url))


def _only_best_match_on(menu: list[ShownGroup]) -> list[ShownGroup]:
    """Where addresses nest, only the longest that the page stands under is on."""
    best = max((entry.url for group in menu for entry in group.entries if entry.on), key=len, default="")
    return [
        ShownGroup(group.label, [replace(entry, on=entry.url == best) for entry in group.entries]) for group in menu
    ]
