"""What the pages of money say again and again: stages, movements, names, amounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiujin.accounts.models import User
from jiujin.claims.models import ClaimLine
from jiujin.core.listing import Cell, Words
from jiujin.core.plan_in_force import plan_in_force
from jiujin.funds.models import Purse
from jiujin.funds.queries import PurseBalance
from jiujin.funds.states import BatchState, ItemState, RecoveryState
from jiujin.ledger import Stage
from jiujin.registry.models import Area
from jiujin.values import mask_name
from jiujin.web.templatetags.components import yuan

STAGES: Mapping[str, Words] = {
    Stage.BUDGET: gettext_lazy("可用预算"),
    Stage.COMMITTED: gettext_lazy("已批准"),
    Stage.PAYABLE: gettext_lazy("待拨付"),
    Stage.IN_TRANSIT: gettext_lazy("在途"),
    Stage.PAID: gettext_lazy("已拨付"),
    Stage.RECOVERABLE: gettext_lazy("待追回"),
}
MOVEMENTS: Mapping[str, Words] = {
    "budget_granted": gettext_lazy("下达预算"),
    "budget_withdrawn": gettext_lazy("收回预算"),
    "budget_moved": gettext_lazy("调剂预算"),
    "commitment_made": gettext_lazy("批准，占用预算"),
    "commitment_released": gettext_lazy("撤销批准，退回预算"),
    "payable_scheduled": gettext_lazy("排入拨付"),
    "payable_cancelled": gettext_lazy("移出拨付"),
    "payment_reserved": gettext_lazy("放行，款项在途"),
    "payment_settled": gettext_lazy("到账"),
    "payment_released": gettext_lazy("没有到账，退回待拨付"),
    "payment_returned": gettext_lazy("到账后又被退回"),
    "recovery_demanded": gettext_lazy("要求追回"),
    "recovery_dropped": gettext_lazy("不再追回"),
    "recovery_received": gettext_lazy("追回到账，回到预算"),
}
BATCH_TONES = {
    BatchState.CHECKED: "late",
    BatchState.RELEASED_ONCE: "late",
    BatchState.RELEASED: "late",
    BatchState.SENT: "unknown",
    BatchState.CLOSED: "met",
}
ITEM_TONES = {
    ItemState.BLOCKED: "unmet",
    ItemState.SETTLED: "met",
    ItemState.FAILED: "unmet",
    ItemState.RESERVED: "unknown",
}
RECOVERY_TONES = {RecoveryState.DEMANDED: "late", RecoveryState.RECEIVED: "met"}


def scheme_names() -> dict[str, str]:
    """The schemes of the plan in force, by id."""
    return {scheme.id: scheme.name for scheme in plan_in_force().schemes.values()}


def area_names(codes: Sequence[str]) -> dict[str, str]:
    """What areas are called, by code."""
    return dict(Area.objects.filter(code__in=set(codes)).order_by("code").values_list("code", "name"))


def area_name(code: str, names: Mapping[str, str]) -> str:
    """An area's name; a blank is the whole district."""
    return (names.get(code) or code) if code else _("全区")


def purse_name(purse: Purse, schemes: Mapping[str, str], areas: Mapping[str, str]) -> str:
    """A purse, as a person names it."""
    return " · ".join((schemes.get(purse.scheme, purse.scheme), area_name(purse.area_code, areas), str(purse.year)))


def subject_of(line: ClaimLine) -> str:
    """Whom a line is about, masked; where it is no person, its place in the claim."""
    return mask_name(line.person.name) if line.person else _("第 %(n)s 行") % {"n": line.position}


def line_name(line: ClaimLine) -> str:
    """A line by its claim's number and its place there."""
    return f"{line.claim.number}-{line.position}"


def money(amount_fen: int | None) -> Cell:
    """A cell of yuan."""
    return Cell(yuan(amount_fen), order=amount_fen)


def who(user: User | None) -> str:
    """A person's name; nothing for nobody."""
    return user.display_name if user else ""


def actor_names(actors: Sequence[str]) -> dict[str, str]:
    """The people behind `user:ID`; others are the system."""
    ids = [int(actor.removeprefix("user:")) for actor in actors if actor.startswith("user:")]
    names = dict(User.objects.filter(pk__in=ids).order_by("pk").values_list("pk", "display_name"))
    return {actor: names.get(int(actor.removeprefix("user:")), actor) for actor in actors if actor.startswith("user:")}


@dataclass(frozen=True)
class Part:
    """A part of a bar: what it is, how much, and where it stands in hundredths of the whole."""

    key: str
    label: Words
    amount_fen: int
    left: str
    width: str


def stage_parts(stages: Mapping[str, int]) -> list[Part]:
    """What stands at each stage, as parts of one bar."""
    total = sum(max(0, stages.get(stage, 0)) for stage in STAGES)
    parts, left = [], 0.0
    for stage, label in STAGES.items():
        amount_fen = max(0, stages.get(stage, 0))
        width = 100 * amount_fen / total if total else 0
        parts.append(Part(str(Stage(stage).value), label, amount_fen, f"{left:.3f}", f"{width:.3f}"))
        left += width
    return parts


def stages_of(one: PurseBalance) -> dict[str, int]:
    """What stands at each stage of a purse."""
    return {stage.value: getattr(one, f"{stage.value}_fen") for stage in Stage}


def together(found: Sequence[PurseBalance]) -> dict[str, int]:
    """What stands at each stage of some purses together."""
    return {stage.value: sum(stages_of(one)[stage.value] for one in found) for stage in Stage}


@dataclass(frozen=True)
class Bar:
    """A line of ranked bars: a name, an amount, and its share of the longest in hundredths."""

    label: str
    amount_fen: int
    width: str
    href: str = ""


def ranked_bars(amounts: Mapping[str, int], *, most: int = 30) -> list[Bar]:
    """Amounts as bars, the largest first; those of nothing are left out."""
    ordered = sorted(((label, fen) for label, fen in amounts.items() if fen), key=lambda item: (-abs(item[1]), item[0]))
    longest = max((abs(fen) for _label, fen in ordered), default=0)
    return [Bar(label, fen, f"{100 * abs(fen) / longest:.2f}") for label, fen in ordered[:most]]


def number_of(text: Any) -> int | None:
    """A whole number as written in an address or form; None for anything else."""
    written = str(text or "")
    return int(written) if written.isascii() and written.isdigit() and len(written) <= 18 else None
