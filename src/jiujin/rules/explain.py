"""What a person reads: the fact and the need of each condition, what is missing, and the shortest way to be eligible.

Sentences come from the columns of the judgement, one condition at a time over all rows that it concerns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlglot import exp

from jiujin.plan.models import Fact, Plan
from jiujin.rules.expressions import Fragment, Writer
from jiujin.rules.language import COMPARISONS, QUANTITIES, Scope, Typer, parse
from jiujin.rules.lint import FLIPPED, WORDS
from jiujin.rules.program import IN_FORCE, LIMIT, Program
from jiujin.rules.tree import Atom, Joined, Leaf, Node

UNITS = {"months": "个月", "years": "年", "days": "天", "count": "个", "money": "元"}
AFTER = {"以上", "以内"}
BY_OPERATOR = {">=": "不少于", ">": "超过", "<=": "不超过", "<": "少于"}
RowName = Callable[[int], str]


def value_text(fact: Fact, value: Any) -> str:
    """A fact's value as a person reads it: `6 个月`, `1,500.00 元`, `2022-03-01`, `是`, `农民工`."""
    if value is None:
        return "未知"
    return _text(fact.type, value, fact.unit, tuple(fact.choices.items()))


@lru_cache(maxsize=65536)
def _text(kind: str, value: Any, unit: str | None = None, choices: tuple[tuple[str, str], ...] = ()) -> str:
    if kind == "money":
        return f"{value / 100:,.2f} 元"
    if kind in UNITS:
        return f"{value} {unit or UNITS[kind]}"
    if kind == "yes_no":
        return "是" if value else "否"
    if kind == "choice":
        return dict(choices).get(value, str(value))
    return value.isoformat() if isinstance(value, date) else str(value)


@dataclass(frozen=True)
class Bound:
    """A quantity held against a known bound: the fact, its unit, the operator, the bound's value, the document's word."""

    fact: str
    kind: str
    operator: str
    value: int | date
    word: str | None
    unit: str | None

    def need(self) -> str:
        """The need in words: `6 个月以上`, `不低于 2,000.00 元`."""
        amount = _text(self.kind, self.value, self.unit)
        if self.word in AFTER and WORDS[self.word] == self.operator:
            return f"{amount}{self.word}"
        word = self.word if self.word and WORDS[self.word] == self.operator else BY_OPERATOR[self.operator]
        return f"{word} {amount}"

    def need_after(self) -> str:
        """The need as it follows a word, with a space before a figure."""
        need = self.need()
        return f" {need}" if need[:1].isdigit() else need

    def gap(self, value: Any) -> str | None:
        """How much more (or less) would do, for months, years, days and money."""
        if value is None or self.kind not in UNITS or self.operator not in (">=", "<="):
            return None
        assert isinstance(self.value, int)
        short = self.value - value if self.operator == ">=" else value - self.value
        return (
            f"{'还差' if self.operator == '>=' else '多出'} {_text(self.kind, short, self.unit)}" if short > 0 else None
        )


@dataclass(frozen=True)
class LeafWords:
    """How one leaf is told: its bound if it has one, and the facts that it rests on."""

    leaf: Leaf
    bound: Bound | None
    facts: tuple[str, ...]


@dataclass(frozen=True)
class ConditionAnswer:
    """One condition of one row: its answer (None: cannot be told yet), what was seen, and what it rests on."""

    id: str
    text: str
    answer: bool | None
    value_text: str
    need_text: str
    facts: tuple[str, ...]
    clause: str


class Explainer:
    """Turns the columns of a judgement into sentences."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.plan: Plan = program.plan
        self.scope = Scope.of(self.plan, program.scheme.subject)

    # --- sentences -----------------------------------------------------------------------------------------------------

    def reasons(self, judged: pa.Table, row_name: RowName, takers: Mapping[int, list[int]]) -> list[list[str]]:
        """The reasons of every row, in its order: what failed, or what is met; then what is missing."""
        rows: list[list[str]] = [[] for _ in range(judged.num_rows)]
        verdicts = judged["verdict"].to_numpy(zero_copy_only=False)
        unmet = _holders(judged["unmet"])
        for leaf in self.program.leaves:
            self._tell_unmet(judged, rows, self.words[leaf.id], unmet.get(leaf.id, ()))
        self._tell_limit(rows, judged["ord"].to_pylist(), unmet.get(LIMIT, ()), row_name, takers)
        self._tell_met(judged, rows, np.flatnonzero(verdicts == "met"))
        self._tell_missing(judged, rows, verdicts)
        return rows

    def _tell_unmet(self, judged: pa.Table, rows: list[list[str]], words: LeafWords, at: Any) -> None:
        if not len(at):
            return
        names = [words.bound.fact] if words.bound else list(words.facts)
        columns = [judged[name].take(pa.array(at)).to_pylist() for name in names]
        say = lru_cache(maxsize=65536)(
            lambda *values: self._unmet_sentence(words, dict(zip(names, values, strict=True)))
        )
        for index, values in zip(at, zip(*columns, strict=True) if columns else [()] * len(at), strict=True):
            rows[index].append(say(*values))

    def _unmet_sentence(self, words: LeafWords, values: dict[str, Any]) -> str:
        leaf = words.leaf
        if leaf.id == IN_FORCE:
            return f"{self._seen(values)}，不在施行期 {self._period()} 内"
        if words.bound:
            seen = value_text(self.plan.facts[words.bound.fact], values[words.bound.fact])
            return f"{leaf.text} {seen}，要求{words.bound.need_after()}"
        return f"不满足“{leaf.text}”（{self._seen(values)}）"

    def _period(self) -> str:
        rule, period = self.program.scheme.in_force, self.plan.header.period
        first, last = rule.start or period.start, rule.end or period.end
        return f"{first or '最早'} 至 {last or '今后'}"

    def _seen(self, values: Mapping[str, Any]) -> str:
        facts = self.plan.facts
        return "，".join(f"{self.label(name)} {value_text(facts[name], value)}" for name, value in values.items())

    def _tell_limit(
        self, rows: list[list[str]], ords: list[int], at: Any, row_name: RowName, takers: Mapping[int, list[int]]
    ) -> None:
        limit = self.program.scheme.limit
        for index in at:
            assert limit is not None
            where = "、".join(row_name(taker) for taker in takers.get(ords[index], ()))
            when = "本年" if "year" in limit.per else "此前"
            rows[index].append(f"{when}已由{where}计 {limit.count} 次，上限 {limit.count} 次")

    def _tell_met(self, judged: pa.Table, rows: list[list[str]], at: Any) -> None:
        """For a met row, the quantities it was met on."""
        if not len(at):
            return
        taken = judged.take(pa.array(at))
        for leaf, branch in self._quantities:
            answers = [taken[f"c_{name}"].fill_null(False).to_numpy(zero_copy_only=False) for name in branch]
            holds = np.logical_and.reduce(answers)
            words = self.words[leaf.id]
            assert words.bound is not None
            fact = self.plan.facts[words.bound.fact]
            values = taken[words.bound.fact].to_pylist()
            for index in np.flatnonzero(holds):
                if values[index] is not None:
                    rows[at[index]].append(f"{leaf.text} {value_text(fact, values[index])}")

    def _tell_missing(self, judged: pa.Table, rows: list[list[str]], verdicts: Any) -> None:
        """`缺：…` for facts, `待核实：…` for facts known but not proven, `待定：…` for parameters."""
        wanted = _holders(judged["missing"])
        lacks: dict[int, list[str]] = {}
        unproven: dict[int, list[str]] = {}
        unset: dict[int, list[str]] = {}
        for name in self.program.missing_names:
            at = wanted.get(name, ())
            if name.startswith("param:"):
                for index in at:
                    unset.setdefault(index, []).append(self.plan.parameters[name.removeprefix("param:")].name)
                continue
            known = self._known(judged, name) if self.program.proof else None
            for index in at:
                (unproven if known is not None and known[index] else lacks).setdefault(index, []).append(
                    self.label(name)
                )
        for index, names in lacks.items():
            rows[index].append(f"缺：{'、'.join(names)}")
        for index, names in unproven.items():
            rows[index].append(f"待核实：{'、'.join(names)}")
        for index, names in unset.items():
            what = "金额待定，未设定" if verdicts[index] == "met" else "待定，未设定"
            rows[index].append(f"{what}：{'、'.join(names)}")

    def _known(self, judged: pa.Table, name: str) -> Any:
        if name not in judged.column_names:
            return None
        return pc.is_valid(judged[name]).to_numpy(zero_copy_only=False)

    # --- one row -------------------------------------------------------------------------------------------------------

    def answers(self, row: Mapping[str, Any]) -> list[ConditionAnswer]:
        """Every condition of one row of a judgement with detail, in the order of the scheme."""
        found = []
        for leaf in self.program.leaves:
            words = self.words[leaf.id]
            seen = {name: row.get(name) for name in ([words.bound.fact] if words.bound else words.facts)}
            need = words.bound.need() if words.bound else self._period() if leaf.id == IN_FORCE else ""
            shown = self._seen(seen)
            found.append(
                ConditionAnswer(leaf.id, leaf.text, row[f"c_{leaf.id}"], shown, need, words.facts, leaf.clause)
            )
        return found

    def next_step(self, row: Mapping[str, Any]) -> str:
        """The shortest way for one row to become eligible, in one sentence."""
        if row["verdict"] == "met":
            unset = [name for name in row["missing"] if name.startswith("param:")]
            return "符合。金额待参数设定后得出。" if unset else "符合。"
        if LIMIT in row["unmet"]:
            return "次数已满，这一行不再计。"
        steps = []
        for leaf_id in row["unmet"]:
            words = self.words[leaf_id]
            gap = words.bound.gap(row.get(words.bound.fact)) if words.bound else None
            steps.append(f"{words.leaf.text}{gap}" if gap else f"要满足“{words.leaf.text}”")
        facts = [name for name in row["missing"] if not name.startswith("param:")]
        known = [name for name in facts if self.program.proof and row.get(name) is not None]
        lacking = [self.label(name) for name in facts if name not in known]
        unset = [self.plan.parameters[n.removeprefix("param:")].name for n in row["missing"] if n.startswith("param:")]
        steps += [f"补上{'、'.join(lacking)}"] if lacking else []
        steps += [f"核实{'、'.join(self.label(name) for name in known)}"] if known else []
        steps += [f"等区里设定{'、'.join(unset)}"] if unset else []
        return "；".join(steps) + "。" if steps else ""

    def label(self, name: str) -> str:
        """A fact's heading on this scheme's sheet, else its own label."""
        return self._labels.get(name) or self.plan.facts[name].label

    @cached_property
    def _labels(self) -> dict[str, str]:
        return {field.fact: field.label for field in self.program.scheme.sheet if field.label}

    # --- what a leaf rests on --------------------------------------------------------------------------------------------

    @cached_property
    def words(self) -> dict[str, LeafWords]:
        """How each leaf is told."""
        return {leaf.id: LeafWords(leaf, self._bound(leaf), self._facts_of(leaf)) for leaf in self.program.leaves}

    def _facts_of(self, leaf: Leaf) -> tuple[str, ...]:
        """The facts a leaf names; a derived one is shown with the columns it comes from where those are on the sheet."""
        found: dict[str, None] = {}
        for name in _names(leaf.body):
            fact = self.plan.facts[name]
            if fact.column and fact.column.of:
                found[fact.column.of] = None
            elif fact.derive and name not in self._held:
                found.update(dict.fromkeys(self._inputs(fact)))
            else:
                found[name] = None
        held = set(self.program.detail_columns())
        return tuple(name for name in found if name in held)

    @cached_property
    def _held(self) -> set[str]:
        return set(self.program.direct)

    def _inputs(self, fact: Fact) -> list[str]:
        names: list[str] = []
        for name in parse(fact.derive or "", self.scope).facts:
            inner = self.plan.facts[name]
            names += self._inputs(inner) if inner.derive and name not in self._held else [name]
        return names

    def _bound(self, leaf: Leaf) -> Bound | None:
        """The one comparison of a fact with a parameter, where the leaf has it and the parameter is one value."""
        if leaf.negated or leaf.condition is None:
            return None
        typer = Typer(self.scope)
        for tree in _atoms(leaf.body):
            if type(tree) not in COMPARISONS or typer.kind(tree.this) not in QUANTITIES:
                continue
            fact, other, operator = tree.this, tree.expression, COMPARISONS[type(tree)]
            if isinstance(other, exp.Column):
                fact, other, operator = other, fact, FLIPPED.get(operator, operator)
            if isinstance(fact, exp.Column) and isinstance(other, exp.Anonymous) and str(other.this).lower() == "param":
                parameter = self.plan.parameters[str(other.expressions[0].this)]
                fixed, value = self._writer.constant(parameter)
                if fixed and isinstance(value, int | date) and operator in BY_OPERATOR:
                    unit = self.plan.facts[fact.name].unit
                    return Bound(fact.name, typer.kind(fact), operator, value, leaf.wording, unit)
        return None

    @cached_property
    def _writer(self) -> Writer:
        return Writer(self.plan, self.scope, self.program.settings, lambda name: Fragment(name, "text"))

    @cached_property
    def _quantities(self) -> list[tuple[Leaf, tuple[str, ...]]]:
        """Leaves with a bound, each with the leaves of its branch (all must hold for the quantity to be told)."""
        found: list[tuple[Leaf, tuple[str, ...]]] = []

        def visit(node: Node, branch: tuple[str, ...]) -> None:
            if isinstance(node, Leaf):
                if self.words[node.id].bound:
                    found.append((node, (*branch, node.id)))
                return
            own = tuple(part.id for part in node.parts if isinstance(part, Leaf)) if node.word == "AND" else ()
            for part in node.parts:
                visit(part, branch + own)

        visit(self.program.root, ())
        return found


def _holders(lists: pa.ChunkedArray) -> dict[str, Any]:
    """For each name that occurs in a column of lists: the positions of the rows that hold it."""
    flat = pc.list_flatten(lists)
    parents = pc.list_parent_indices(lists)
    if isinstance(flat, pa.ChunkedArray):
        flat, parents = flat.combine_chunks(), parents.combine_chunks()
    names = flat.to_numpy(zero_copy_only=False)
    at = parents.to_numpy(zero_copy_only=False)
    return {name: at[names == name] for name in dict.fromkeys(names)}


def _names(body: Atom | Joined) -> list[str]:
    names = [column.name for tree in _atoms(body) for column in tree.find_all(exp.Column)]
    return list(dict.fromkeys(names))


def _atoms(body: Atom | Joined) -> list[exp.Expression]:
    if isinstance(body, Atom):
        return [body.tree]
    return [tree for part in body.parts for tree in _atoms(part)]
