"""The whole check of a pack: its shape and references (`jiujin.plan`), its conditions and its worked cases.

A pack with any fault does not open.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from sqlglot import exp
from sqlglot.errors import SqlglotError

from jiujin.plan.check import check_plan, walk
from jiujin.plan.coverage import module_exists
from jiujin.plan.errors import PlanInvalid, Problem
from jiujin.plan.load import ReadPack, find_plan, plans_dir, read_pack
from jiujin.plan.models import Condition, Fact, Plan, Scheme
from jiujin.plan.source import Path_
from jiujin.rules.cases import run_cases
from jiujin.rules.language import (
    COMPARISONS,
    QUANTITIES,
    ConditionWrong,
    Scope,
    Typed,
    Typer,
    parameters_in_records,
    parse,
    parse_condition,
    parse_records,
)
from jiujin.rules.program import compile_scheme

WORDS = {
    "以上": ">=",
    "不低于": ">=",
    "不少于": ">=",
    "超过": ">",
    "不超过": "<=",
    "以内": "<=",
    "少于": "<",
    "低于": "<",
}
FLIPPED = {">=": "<=", ">": "<", "<=": ">=", "<": ">"}


def lint(folder: Path) -> list[Problem]:
    """Every fault of a pack; the worked cases run only where nothing else is wrong."""
    pack = read_pack(folder)
    if pack.plan is None or pack.published is None:
        return list(pack.problems)
    problems = [*check_plan(pack), *check_conditions(pack, pack.plan)]
    problems = problems or list(check_cases(pack, pack.published))
    if not problems:
        _set(_mark(pack.published))
    return problems


def open_plan(wanted: str | Path) -> Plan:
    """A pack that may be used, by id or path. Raises PlanNotFound, and PlanInvalid with every fault.

    Worked cases are run once for each content (digest) and version of the rules; a mark of that is kept under `var/`.
    """
    opened = _opened(str(find_plan(wanted).resolve()), _changed_at(find_plan(wanted)))
    if isinstance(opened, Plan):
        return opened
    raise PlanInvalid(find_plan(wanted).name, opened)


@lru_cache(maxsize=8)
def _opened(folder: str, changed_at: float) -> Plan | list[Problem]:
    """The pack as its files stand, or its faults; neither is found out twice."""
    pack = read_pack(Path(folder))
    if pack.plan is None or pack.published is None:
        return pack.problems
    problems = [*check_plan(pack), *check_conditions(pack, pack.plan)]
    mark = _mark(pack.published)
    if not problems and not mark.is_file():
        problems = list(check_cases(pack, pack.published))
        if not problems:
            _set(mark)
    return problems or pack.plan


def _changed_at(folder: Path) -> float:
    """When any file of the pack last changed, so that a process that runs on sees a new version."""
    return max((path.stat().st_mtime for path in folder.rglob("*") if path.is_file()), default=0.0)


def _mark(plan: Plan) -> Path:
    """The file that says: with these rules, the cases of this content hold."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(plan.digest.encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    var = Path(os.environ.get("JIUJIN_VAR") or plans_dir().parent / "var")
    return var / "checked-plans" / digest.finalize().hex()


def _set(mark: Path) -> None:
    try:
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()
    except OSError:
        return  # a read-only place: the cases run again next time


# --- conditions ----------------------------------------------------------------------------------------------------------


def check_conditions(pack: ReadPack, plan: Plan) -> Iterator[Problem]:
    """Unknown names, units that do not go together, words that disagree with their operator, in every expression."""
    for fact in plan.facts.values():
        for subject in fact.subjects if fact.derive else []:
            check = _checker(pack, "facts", fact.id)
            typed, problem = check(fact.derive or "", Scope.of(plan, subject), ("derive",), parse)
            if problem:
                yield problem
            elif typed and typed.kind != fact.type:
                yield pack.sources.problem(
                    "facts",
                    fact.id,
                    ("type",),
                    f"{fact.id} 的 derive 得到 {typed.kind}，type 写的是 {fact.type}",
                    "改成一致",
                )
    yield from _check_records(pack, plan)
    yield from _check_measures(pack, plan)
    for scheme in plan.schemes.values():
        yield from _check_scheme(pack, plan, scheme)
    yield from _unused_parameters(pack, plan)


def _check_records(pack: ReadPack, plan: Plan) -> Iterator[Problem]:
    """The SQL by which facts are read from records parses, and names parameters that there are."""
    for fact in plan.facts.values():
        for path, sql in _records_texts(fact):
            try:
                strangers = [name for name in parameters_in_records(sql) if name not in plan.parameters]
            except SqlglotError:
                written = " ".join(map(str, path))
                yield pack.sources.problem("facts", fact.id, path, f"{fact.id} 的 {written} 读不通", "检查 SQL 的写法")
                continue
            for name in strangers:
                yield pack.sources.problem("facts", fact.id, path, f"没有参数 {name}", "改正名字，或补上这个参数")


def _check_measures(pack: ReadPack, plan: Plan) -> Iterator[Problem]:
    """The measure of a target is one SELECT of `area` and `counted_on`, a row for each thing that it counts."""
    for target in plan.targets.values():
        if target.measure is None:
            continue
        try:
            tree = parse_records(target.measure)
        except SqlglotError:
            tree = None
        names = tree.named_selects if isinstance(tree, exp.Select) else []
        if names != ["area", "counted_on"]:
            message = f"{target.id} 的 measure 不是一条只取 area 和 counted_on 两列的 SELECT"
            yield pack.sources.problem("targets", target.id, ("measure",), message, "按 docs/plan-pack.md 的 Target 写")


def _records_texts(fact: Fact) -> Iterator[tuple[Path_, str]]:
    """Where each text of `records` and `records_proof` stands, and the text."""
    for key, texts in (("records", fact.records), ("records_proof", fact.records_proof)):
        for subject, sql in texts.items() if isinstance(texts, dict) else [(None, texts)]:
            if sql:
                yield (key, subject) if subject else (key,), sql


def _unused_parameters(pack: ReadPack, plan: Plan) -> Iterator[Problem]:
    """A parameter that no rule names would look as if it governed something."""
    texts = [fact.derive for fact in plan.facts.values() if fact.derive]
    texts += [sql for fact in plan.facts.values() for _, sql in _records_texts(fact)]
    used: set[str] = set()
    for scheme in plan.schemes.values():
        texts += [
            *scheme.dates.values(),
            *(rule.when for rule in scheme.consistency),
            *([scheme.amount] if scheme.amount else []),
        ]
        texts += [node.when for node, _ in walk(scheme.conditions) if node.when]
        used |= {warn.while_unset for warn in scheme.warnings}
    used |= {name for text in texts for name in re.findall(r"'(\w+)'", text)}
    for name, parameter in plan.parameters.items():
        if name not in used and not any(module_exists(module) for module in parameter.runs_in):
            yield pack.sources.problem(
                "parameters", name, (), f"参数 {name} 没有规则用到", "在条件或金额里引用它，或删去它"
            )


Parse = Callable[[str, Scope], Typed]


def _checker(
    pack: ReadPack, kind: str, record_id: str
) -> Callable[[str, Scope, Path_, Parse], tuple[Typed | None, Problem | None]]:
    def check(text: str, scope: Scope, path: Path_, read: Parse) -> tuple[Typed | None, Problem | None]:
        try:
            return read(text, scope), None
        except ConditionWrong as error:
            return None, pack.sources.problem(kind, record_id, path, f"{record_id}：{error.message}", error.mend)

    return check


def _check_scheme(pack: ReadPack, plan: Plan, scheme: Scheme) -> Iterator[Problem]:
    scope, check, found = Scope.of(plan, scheme.subject), _checker(pack, "schemes", scheme.id), False
    expressions: list[tuple[str, Path_, str]] = [(text, ("dates", by), "date") for by, text in scheme.dates.items()]
    expressions += [(scheme.amount, ("amount",), "money")] if scheme.amount else []
    expressions += [(rule.when, ("consistency", i), "yes_no") for i, rule in enumerate(scheme.consistency)]
    for node, path in walk(scheme.conditions, ("conditions",)):
        if node.when or node.judged_by:
            expressions.append((node.when or node.fact or "", path, "yes_no"))
    for text, path, kind in expressions:
        typed, problem = check(text, scope, path, parse_condition if kind == "yes_no" else parse)
        if typed and typed.kind != kind:
            problem = pack.sources.problem("schemes", scheme.id, path, f"“{text}”的结果不是 {kind}", "改正表达式")
        if problem:
            found = True
            yield problem
    if found:
        return
    for node, path in walk(scheme.conditions, ("conditions",)):
        yield from _check_word(pack, scheme, node, path, scope)
    yield from _check_limit_word(pack, scheme)
    try:
        compile_scheme(plan, scheme)
    except (ConditionWrong, ValueError, KeyError) as error:
        yield pack.sources.problem("schemes", scheme.id, (), f"{scheme.id} 不能编译：{error}", "按提示改正")


def _check_word(pack: ReadPack, scheme: Scheme, node: Condition, path: Path_, scope: Scope) -> Iterator[Problem]:
    """The document's comparison word against the operator: 以上 includes the number."""
    if not node.wording or not node.when:
        return
    typer, operators = Typer(scope), set()
    for comparison in parse(node.when, scope).tree.find_all(*COMPARISONS):
        if typer.kind(comparison.this) in QUANTITIES:
            operators.add(_towards_bound(comparison))
    wanted = WORDS[node.wording]
    if operators != {wanted}:
        written = "、".join(sorted(operators)) or "没有比较"
        yield pack.sources.problem(
            "schemes",
            scheme.id,
            (*path, "wording"),
            f"{node.id}：文件写“{node.wording}”（{wanted}），条件写的是 {written}",
            f"把比较改为 {wanted}，或改正 wording",
        )


def _towards_bound(comparison: exp.Expression) -> str:
    """The operator as read with the bound (a parameter or 0) on the right."""
    operator = COMPARISONS[type(comparison)]
    left_is_bound = not list(comparison.this.find_all(exp.Column))
    return FLIPPED.get(operator, operator) if left_is_bound else operator


def _check_limit_word(pack: ReadPack, scheme: Scheme) -> Iterator[Problem]:
    if scheme.limit and scheme.limit.wording and WORDS[scheme.limit.wording] != "<=":
        yield pack.sources.problem(
            "schemes",
            scheme.id,
            ("limit", "wording"),
            f"次数上限的用词“{scheme.limit.wording}”不是上限",
            "改为 不超过 或 以内",
        )


# --- cases ---------------------------------------------------------------------------------------------------------------


def check_cases(pack: ReadPack, plan: Plan) -> Iterator[Problem]:
    """Worked cases that do not hold, conditions and boundaries that none shows."""
    for book in plan.cases.values():
        for fault in run_cases(plan, book):
            path: Path_ = () if fault.index is None else ("cases", fault.index)
            yield pack.sources.problem("cases", book.scheme, path, fault.message, fault.mend)
