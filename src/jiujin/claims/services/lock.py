"""Takes hold of lines for a change, always in the order of their ids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from jiujin.claims.errors import LineChanged
from jiujin.claims.models import ClaimLine, Decision
from jiujin.claims.states import LineState


def locked_lines(ids: Iterable[int], versions: Mapping[int, int] | None = None) -> list[ClaimLine]:
    """The lines, locked until the transaction ends, in the order of their ids.

    `versions` is what the person saw: raises LineChanged, with what was done since, where a line has another one now.
    Raises ClaimLine.DoesNotExist where one is missing.
    """
    wanted = sorted(set(ids))
    lines = list(
        ClaimLine.objects.select_for_update(of=("self",))
        .filter(pk__in=wanted)
        .select_related("person", "payee", "claim__payee")
        .order_by("pk")
    )
    if len(lines) != len(wanted):
        raise ClaimLine.DoesNotExist
    for line in lines:
        seen = (versions or {}).get(line.pk, line.version)
        if seen != line.version:
            raise LineChanged(line.pk, changes_since(line, seen))
    return lines


def changes_since(line: ClaimLine, version: int) -> list[str]:
    """What was decided on the line after a version, in words, oldest first."""
    decisions = Decision.objects.filter(line=line, line_version__gt=version).select_related("by").order_by("pk")
    return [
        f"{decision.by.get_full_name() if decision.by else _('系统')}：{LineState(decision.target).label}"
        for decision in decisions
    ]
