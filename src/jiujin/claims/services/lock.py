"""Takes hold of lines for a change, always in the order of their ids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiujin.accounts.models import User
from jiujin.claims.errors import LineChanged
from jiujin.claims.models import ClaimLine, Decision
from jiujin.claims.states import LineState
from jiujin.core.bulk import among
from jiujin.core.models import Event
from jiujin.core.plan_in_force import plan_in_force

JUDGED_BY = ("facts", "proofs", "declared", "marks", "unmet", "missing")
WORDS = {  # what changes a line without moving it
    "facts_verified": gettext_lazy("核验了%(facts)s"),
    "line_facts_changed": gettext_lazy("改了%(facts)s"),
    "objection_raised": gettext_lazy("收到异议"),
}


def locked_lines(
    ids: Iterable[int], versions: Mapping[int, int] | None = None, *, named: bool = False, bare: bool = False
) -> list[ClaimLine]:
    """The lines with their claims, locked until the transaction ends, in the order of their ids.

    With `named` the person and the payee of each come along; nothing that is decided needs them, and they are most of what a
    batch of thousands would read. With `bare` what the line was judged by stays away: whoever pays it does not look.
    `versions` is what the person saw: raises LineChanged, with what was done since, where a line has another one now. Raises
    ClaimLine.DoesNotExist where one is missing.
    """
    wanted = sorted(set(ids))
    found = ClaimLine.objects.select_for_update(of=("self",)).filter(pk__in=among(wanted)).order_by("pk")
    found = found.select_related("person", "payee") if named else found
    found = found.defer(*JUDGED_BY) if bare else found
    lines = list(found.prefetch_related("claim") if len(wanted) > 1 else found.select_related("claim"))
    if len(lines) != len(wanted):
        raise ClaimLine.DoesNotExist
    for line in lines:
        seen = (versions or {}).get(line.pk, line.version)
        if seen != line.version:
            raise LineChanged(line.pk, changes_since(line, seen))
    return lines


def changes_since(line: ClaimLine, version: int) -> list[str]:
    """What happened to the line after a version, in words, oldest first: steps, facts verified or changed, objections."""
    decisions = Decision.objects.filter(line=line, line_version__gt=version).select_related("by").order_by("pk")
    told = [
        (decision.line_version, _told(decision.by, str(LineState(decision.target).label))) for decision in decisions
    ]
    events = Event.objects.filter(
        subject_kind=line._meta.label_lower, subject_id=str(line.pk), verb__in=WORDS, details__version__gt=version
    )
    facts = plan_in_force().facts
    for event in events.order_by("pk"):
        user = event.actor.removeprefix("user:")
        who = User.objects.filter(pk=user).first() if user.isdigit() else None
        labels = "、".join(facts[name].label for name in event.details.get("facts", ()) if name in facts)
        told.append((event.details["version"], _told(who, str(WORDS[event.verb]) % {"facts": labels})))
    return [words for _version, words in sorted(told, key=lambda each: each[0])]


def _told(who: User | None, what: str) -> str:
    return f"{who.get_full_name() if who else _('系统')}：{what}"
