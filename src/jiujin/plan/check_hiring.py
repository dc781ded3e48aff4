"""Checks the two files of a pack that speak of vacancies and firms against themselves."""

from __future__ import annotations

from collections.abc import Iterator

from jiujin.plan.errors import Problem
from jiujin.plan.load import ReadPack
from jiujin.plan.models import Plan
from jiujin.plan.wording import search_wording

WORDING, FIRM_SIZES = "vacancy_wording", "firm_sizes"


def wording_rules_hold(pack: ReadPack, plan: Plan) -> Iterator[Problem]:
    """Each rule catches its samples and lets the others pass; and no other rule catches what one lets pass."""
    for rule in plan.vacancy_wording.values():
        for index, text in enumerate(rule.caught):
            if not any(search_wording([rule], text)):
                yield pack.sources.problem(
                    WORDING, rule.id, ("caught", index), f"{rule.id} 查不出“{text}”", "改 pattern，或改这个例子"
                )
        for index, text in enumerate(rule.passed):
            for find in search_wording(plan.vacancy_wording.values(), text):
                yield pack.sources.problem(
                    WORDING,
                    rule.id,
                    ("passed", index),
                    f"“{text}”被 {find.rule.id} 查出（{'、'.join(find.words)}）",
                    "改 pattern，在 unless 里放过它，或改这个例子",
                )


def firm_sizes_are_apart(pack: ReadPack, plan: Plan) -> Iterator[Problem]:
    """No industry stands in two lines."""
    taken: dict[str, str] = {}
    for line in plan.firm_sizes.values():
        for code in line.codes():
            if taken.setdefault(code, line.id) != line.id:
                yield pack.sources.problem(
                    FIRM_SIZES, line.id, ("industries",), f"行业 {code} 已经在 {taken[code]} 里", "只留在一处"
                )
