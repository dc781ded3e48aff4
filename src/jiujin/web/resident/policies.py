"""Which policies might be mine: the pack's schemes in a resident's words. It judges nothing, and says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from jiujin.accounts.access import in_room
from jiujin.accounts.permissions import Room
from jiujin.core.current_plan import current_plan
from jiujin.core.listing import Words
from jiujin.plan import Plan, Scheme
from jiujin.plan.models import Condition
from jiujin.registry.models import Person
from jiujin.registry.services.record_priority_status import CATEGORY_FACT
from jiujin.web.resident.standing import resident_of

NO_GROUP = "none"
# What a person does, by the subject that a scheme judges; schemes of other subjects are no matter of one person's.
DOINGS: dict[str, Words] = {
    "placement": gettext_lazy("找到工作以后"),
    "public_post": gettext_lazy("在公益性岗位上"),
    "internship": gettext_lazy("参加就业见习"),
    "enrolment": gettext_lazy("读技工院校"),
}


@dataclass(frozen=True)
class Told:
    """A scheme as a resident is told of it: who is paid, what is asked, what proves it, where it stands."""

    name: str
    paid_to: str
    conditions: list[str]
    evidence: list[str]
    place: str


@in_room(Room.PUBLIC)
@require_safe
def policies(request: HttpRequest) -> HttpResponse:
    """The schemes by what a person does; for whoever is signed in, the groups they are registered in."""
    plan = current_plan()
    by_doing = {
        words: [tell(plan, scheme) for scheme in plan.schemes.values() if scheme.subject == subject]
        for subject, words in DOINGS.items()
    }
    person = resident_of(request.user)  # type: ignore[arg-type]
    context = {
        "doings": [(words, told) for words, told in by_doing.items() if told],
        "groups": [label for code, label in plan.facts[CATEGORY_FACT].choices.items() if code != NO_GROUP],
        "my_groups": my_groups(plan, person) if person else None,
        "plan": plan,
    }
    return render(request, "resident/policies.html", context)


def my_groups(plan: Plan, person: Person) -> list[str]:
    """The groups that the person is registered in, in the plan's words."""
    choices = plan.facts[CATEGORY_FACT].choices
    held = person.priority_statuses.exclude(category=NO_GROUP).order_by("start_on", "pk")
    return list(dict.fromkeys(choices.get(status.category, status.category) for status in held))


def tell(plan: Plan, scheme: Scheme) -> Told:
    """One scheme in the words of its conditions."""
    fact = plan.facts.get(scheme.payee.fact or "")
    return Told(
        name=scheme.name,
        paid_to=fact.label if fact else "",
        conditions=list(_asked(plan, scheme, scheme.conditions)),
        evidence=[plan.evidence[name].label for name in scheme.evidence if name in plan.evidence],
        place=plan.clauses[scheme.clause].place,
    )


def _asked(plan: Plan, scheme: Scheme, node: Condition) -> Iterator[str]:
    """A line for each thing asked; of several ways, one line with all of them."""
    if node.all is not None:
        if node.given is not None:
            yield from _asked(plan, scheme, node.given)
        for child in node.all:
            yield from _asked(plan, scheme, child)
    elif node.any is not None:
        yield "；或 ".join("、".join(_asked(plan, scheme, way)) for way in node.any)
    elif node.negated is not None:
        yield from _asked(plan, scheme, node.negated)
    else:
        yield node.text or plan.clauses[node.clause or scheme.clause].text
