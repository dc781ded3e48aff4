"""Checks the ways of claims: every scheme has one, and what steps and exclusions name exists."""

from __future__ import annotations

from collections.abc import Iterator

from jiujin.plan.errors import Problem
from jiujin.plan.load import ReadPack
from jiujin.plan.models import Plan


def workflows_hold(pack: ReadPack, plan: Plan) -> Iterator[Problem]:
    """Every scheme goes one way, and its days, clauses and readings exist."""
    ways: dict[str, str] = {}
    for workflow in plan.workflows.values():
        for scheme in workflow.schemes:
            if scheme not in plan.schemes:
                yield _fault(pack, workflow.id, ("schemes",), f"没有补贴项目 {scheme}", "改正编号")
            elif ways.setdefault(scheme, workflow.id) != workflow.id:
                yield _fault(pack, workflow.id, ("schemes",), f"补贴项目 {scheme} 已经走 {ways[scheme]}", "只留一处")
        named = [workflow.appeal_days, *(step.days for step in workflow.steps)]
        for name in dict.fromkeys(filter(None, named)):
            if name not in plan.parameters or plan.parameters[name].type != "days":
                yield _fault(pack, workflow.id, (), f"没有类型为 days 的参数 {name}", "改正参数名，或补上这个参数")
        for index, step in enumerate(workflow.steps):
            if step.clause and step.clause not in plan.clauses:
                yield _fault(pack, workflow.id, ("steps", index), f"条款 {step.clause} 不存在", "改正编号")
            if step.reading and step.reading not in plan.readings:
                yield _fault(pack, workflow.id, ("steps", index), f"引用的解读 {step.reading} 不存在", "补上它")
    for scheme in plan.schemes if plan.workflows else ():
        if scheme not in ways:
            yield pack.sources.problem("schemes", scheme, (), f"没有写 {scheme} 怎样申报", "在 workflows.yaml 里写上它")


def exclusions_hold(pack: ReadPack, plan: Plan) -> Iterator[Problem]:
    """An exclusion stands between schemes that exist, and rests on a source or a reading."""
    for exclusion in plan.exclusions.values():
        for scheme in exclusion.between:
            if scheme not in plan.schemes:
                yield pack.sources.problem(
                    "exclusions", exclusion.id, ("between",), f"没有补贴项目 {scheme}", "改正编号"
                )
        if not (exclusion.reading or exclusion.source):
            yield pack.sources.problem("exclusions", exclusion.id, (), "没有写依据", "写上 reading 或 source")
        if exclusion.reading and exclusion.reading not in plan.readings:
            yield pack.sources.problem(
                "exclusions", exclusion.id, ("reading",), f"引用的解读 {exclusion.reading} 不存在", "补上它"
            )


def readings_of_ways(plan: Plan) -> set[str]:
    """Every reading that a workflow or an exclusion depends on."""
    steps = {step.reading for workflow in plan.workflows.values() for step in workflow.steps}
    return {name for name in steps | {rule.reading for rule in plan.exclusions.values()} if name}


def _fault(pack: ReadPack, workflow: str, path: tuple[str | int, ...], message: str, mend: str) -> Problem:
    return pack.sources.problem("workflows", workflow, path, message, mend)
