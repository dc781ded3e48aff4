"""A scheme's conditions, amount and columns as they are shown."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from jiujin.plan.check import leaves
from jiujin.plan.models import Case, CaseRow, Condition, Fact, Plan, Reading, Scheme
from jiujin.rules import compile_scheme
from jiujin.rules.cases import fact_value
from jiujin.rules.explain import Explainer, value_text
from jiujin.web.plan_reader.words import FACT_TYPES, PROOFS, expression_words


@dataclass(frozen=True)
class RuleNode:
    """A condition (`text`, `need`, `meaning`, `proof`), or `word` (all, any, not) over `parts`."""

    word: str = ""
    parts: list[RuleNode] = field(default_factory=list)
    text: str = ""
    need: str = ""
    meaning: str = ""
    proof: str = ""
    by_officer: bool = False
    clause_id: str = ""
    readings: list[Reading] = field(default_factory=list)


@dataclass(frozen=True)
class ColumnShown:
    """A column of the roster: heading, kind of value, what may stand in it."""

    label: str
    kind: str
    choices: str
    note: str
    example: str


@dataclass(frozen=True)
class CaseShown:
    """A row of a worked case: what differs from the base, and what must come out."""

    name: str
    differs: str
    verdict: str
    unmet: str
    amount: str


def rule_tree(plan: Plan, scheme: Scheme) -> RuleNode:
    """The scheme's conditions as a tree, each with its need in words."""
    needs = _needs(plan, scheme)

    def shown(condition: Condition) -> RuleNode:
        if condition.negated is not None and (condition.negated.when or condition.negated.fact):
            leaf = shown(condition.negated)  # its text already says what must be so
            return replace(leaf, meaning=f"不能是（{leaf.meaning}）" if leaf.meaning else "")
        if condition.negated is not None:
            return RuleNode(word="not", parts=[shown(condition.negated)])
        if condition.all is not None or condition.any is not None:
            given = [shown(condition.given)] if condition.given else []
            word = "all" if condition.all is not None else "any"
            return RuleNode(word=word, parts=given + [shown(part) for part in condition.all or condition.any or []])
        return RuleNode(
            text=condition.text or condition.id or "",
            need=needs.get(condition.id or "", ""),
            meaning=expression_words(plan, condition.when) if condition.when else "",
            proof=PROOFS[condition.proof] if condition.proof else "",
            by_officer=condition.judged_by == "officer",
            clause_id=condition.clause if condition.clause and condition.clause != scheme.clause else "",
            readings=[plan.readings[name] for name in condition.readings],
        )

    return shown(scheme.conditions)


def _needs(plan: Plan, scheme: Scheme) -> dict[str, str]:
    explainer = Explainer(compile_scheme(plan, scheme))
    return {name: words.bound.need_after() for name, words in explainer.words.items() if words.bound}


def readings_of(plan: Plan, scheme: Scheme) -> list[Reading]:
    """Every reading the scheme rests on: its own, its limit's, its period's, its conditions'."""
    names = [*scheme.readings, *(scheme.limit.readings if scheme.limit else [])]
    names += [scheme.in_force.reading] if scheme.in_force.reading else []
    names += [name for leaf in leaves(scheme.conditions) for name in leaf.readings]
    names += [rule.reading for rule in scheme.consistency if rule.reading]
    return [plan.readings[name] for name in dict.fromkeys(names)]


def columns_shown(plan: Plan, scheme: Scheme) -> list[ColumnShown]:
    """The columns of the scheme's roster, in order."""
    found = []
    for sheet_field in scheme.sheet:
        fact = plan.facts[sheet_field.fact]
        column = fact.column
        offered = sheet_field.choices or list(fact.choices)
        choices = "是、否" if fact.type == "yes_no" else "、".join(fact.choices[code] for code in offered)
        found.append(
            ColumnShown(
                sheet_field.label or fact.label,
                FACT_TYPES[fact.type],
                choices,
                column.note if column else "",
                column.example if column else "",
            )
        )
    return found


def cases_shown(plan: Plan, scheme: Scheme) -> list[CaseShown]:
    """The worked cases of the scheme, one line a row."""
    if scheme.id not in plan.cases:
        return []
    texts = {leaf.id: leaf.text or leaf.id or "" for leaf in leaves(scheme.conditions)} | {
        "limit": "次数上限",
        "in_force": "施行期",
    }
    return [
        _case(plan, case, row, place, texts)
        for case in plan.cases[scheme.id].cases
        for place, row in enumerate(case.as_rows(), 1)
    ]


def _case(plan: Plan, case: Case, row: CaseRow, place: int, texts: dict[str | None, str]) -> CaseShown:
    name = f"{case.name}（第 {place} 行）" if case.rows else case.name
    facts = {**case.facts, **row.facts}
    differs = "；".join(f"{plan.facts[key].label} {_value(plan.facts[key], raw)}" for key, raw in facts.items())
    set_words = [f"{plan.parameters[key].name}另设" for key in case.set] + [
        f"{plan.parameters[key].name}未设" for key in case.unset
    ]
    amount = f"{row.amount:,.2f}" if row.amount is not None else ""
    unmet = "、".join(texts.get(name, name) for name in row.unmet or [])
    return CaseShown(name, "；".join(filter(None, [differs, *set_words])), row.expect, unmet, amount)


def _value(fact: Fact, raw: object) -> str:
    return value_text(fact, fact_value(fact, raw)) if raw is not None else "空着"
