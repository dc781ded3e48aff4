"""Two records side by side, masked, and what speaks for and against their being one person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiujin.core.listing import Words
from jiujin.registry.models import MergeProposal, Person
from jiujin.values.masks import mask_id_number, mask_name, mask_phone

REASONS: dict[str, tuple[str, Words]] = {  # by the codes of registry.likely_same: what it speaks for, and its words
    "same_number": ("met", gettext_lazy("改正后的身份证号相同")),
    "same_name": ("met", gettext_lazy("姓名相同")),
    "close_name": ("met", gettext_lazy("姓名只差一个字")),
    "other_name": ("unmet", gettext_lazy("姓名不同")),
    "same_phone": ("met", gettext_lazy("电话相同")),
    "other_phone": ("unmet", gettext_lazy("电话不同")),
    "same_birth": ("met", gettext_lazy("出生日期相同")),
    "close_birth": ("met", gettext_lazy("出生日期只差一位")),
    "other_birth": ("unmet", gettext_lazy("出生日期不同")),
    "same_area": ("met", gettext_lazy("同一社区村")),
    "same_town": ("met", gettext_lazy("同一乡镇街道")),
    "other_area": ("unmet", gettext_lazy("住在不同乡镇")),
    "same_sex": ("met", gettext_lazy("性别相同")),
    "other_sex": ("unmet", gettext_lazy("性别不同")),
}
NOT_KNOWN = "—"


@dataclass(frozen=True)
class Line:
    """One fact of both records; whether they differ where both are known."""

    label: Words
    kept: str
    other: str
    differs: bool


@dataclass(frozen=True)
class Pair:
    """A proposal as it is shown."""

    proposal: MergeProposal
    percent: int
    reasons: list[tuple[str, Words]]
    lines: list[Line]
    moved: int
    left: int


def pair_of(proposal: MergeProposal) -> Pair:
    """The proposal with its two records masked."""
    moved: dict[str, dict[str, list[str]]] = proposal.moved or {}
    return Pair(
        proposal=proposal,
        percent=min(99, int(proposal.probability * 100)),
        reasons=[REASONS[code] for code in proposal.reasons if code in REASONS],
        lines=[_line(label, read, proposal) for label, read in READ],
        moved=sum(map(len, moved.get("rows", {}).values())),
        left=sum(map(len, moved.get("left", {}).values())),
    )


def _line(label: Words, read: Callable[[Person], str], proposal: MergeProposal) -> Line:
    kept, other = read(proposal.kept), read(proposal.other)
    return Line(label, kept or NOT_KNOWN, other or NOT_KNOWN, bool(kept and other and kept != other))


def _area(person: Person) -> str:
    area = person.home_area
    if area is None:
        return ""
    return f"{area.parent.name} {area.name}" if area.parent and area.level == "community" else area.name


def _registered(person: Person) -> str:
    return f"{person.created_at:%Y-%m-%d}"


READ: tuple[tuple[Words, Callable[[Person], str]], ...] = (
    (gettext_lazy("姓名"), lambda person: mask_name(person.name)),
    (gettext_lazy("证件号"), lambda person: mask_id_number(person.id_number) if person.id_number else ""),
    (gettext_lazy("出生"), lambda person: f"{person.born_on:%Y-%m-%d}" if person.born_on else ""),
    (gettext_lazy("性别"), lambda person: str(person.get_sex_display() or "")),
    (gettext_lazy("电话"), lambda person: mask_phone(person.phone) if person.phone else ""),
    (gettext_lazy("住在"), _area),
    (gettext_lazy("自己的账号"), lambda person: _("有") if person.user_id else ""),
    (gettext_lazy("登记于"), _registered),
)
