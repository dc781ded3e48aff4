"""Checks a pack's own consistency: references, dates, citations. Conditions are checked by `jiujin.rules`."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from jiujin.plan.check_hiring import firm_sizes_are_apart, wording_rules_hold
from jiujin.plan.check_workflows import exclusions_hold, readings_of_ways, workflows_hold
from jiujin.plan.errors import Problem
from jiujin.plan.load import ReadPack
from jiujin.plan.models import Condition, Plan, Scheme
from jiujin.plan.parameters import months_without_value, overlapping, typed_value
from jiujin.plan.source import Path_

KINDS_WITH_CLAUSE = (
    "parameters",
    "schemes",
    "targets",
    "readings",
    "duties",
    "audiences",
    "risks",
    "scorecard",
    "surveys",
    "workflows",
    "exclusions",
)


def check_plan(pack: ReadPack) -> list[Problem]:
    """Every fault of the pack's references, dates and citations."""
    if pack.plan is None:
        return list(pack.problems)
    return [problem for check in CHECKS for problem in check(pack, pack.plan)]


def walk(condition: Condition, path: Path_ = ()) -> Iterator[tuple[Condition, Path_]]:
    """Every node of a condition tree with its path in the file, parents first."""
    yield condition, path
    if condition.given:
        yield from walk(condition.given, (*path, "given"))
    for key, children in (("all", condition.all), ("any", condition.any)):
        for index, child in enumerate(children or []):
            yield from walk(child, (*path, key, index))
    if condition.negated:
        yield from walk(condition.negated, (*path, "not"))


def leaves(condition: Condition) -> list[Condition]:
    """The leaves of a condition tree (`given` included), in the order they are written."""
    return [node for node, _ in walk(condition) if node.when or node.judged_by]


def _clauses_exist(pack: ReadPack, plan: Plan) -> Iterator[Problem]:
    for kind in KINDS_WITH_CLAUSE:
        for record_id, record in getattr(plan, kind).items():
            if record.clause not in plan.clauses:
                yield pack.sources.problem(
                    kind,
                    record_id,
                    ("clause",),
                    f"{record_id} 引用的条款 {record.clause} 不存在",
                    "改为 clauses.yaml 里有的条款",
                )


def _clauses_are_cited(pack: ReadPack, plan: Plan) -> Iterator[Problem]:
    cited = {record.clause for kind in KINDS_WITH_CLAUSE for record in getattr(plan, kind).values()}
    cited |= set(plan.header.clauses)
    for scheme in plan.schemes.values():
        for node, path in walk(scheme.conditions, ("conditions",)):
            cited |= {node.clause} if node.clause else set()
            if node.clause and node.clause not in plan.clauses:
                yield pack.sources.problem(
                    "schemes",
                    scheme.id,
                    (*path, "clause"),
                    f"条款 {node.clause} 不存在",
                    "改为 clauses.yaml 里有的条款",
                )
    for clause_id in plan.clauses:
        if clause_id not in cited:
            yield pack.sources.problem(
                "clauses",
                clause_id,
                (),
                f"条款 {clause_id} 没有任何内容落实",
                "在补贴项目、参数、目标、职责等之一里引用它",
            )
    for clause_id in set(plan.header.clauses) - set(plan.clauses):
        yield pack.sources.problem("plan", "plan", ("clauses",), f"条款 {clause_id} 不存在", "改正编号")


def _readings_exist(pack: ReadPack, plan: Plan) -> Iterator[Problem]:
    def missing(kind: str, record_id: str, path: Path_, names: list[str]) -> Iterator[Problem]:
        for name in names:
            if name not in plan.readings:
                yield pack.sources.problem(
                    kind, record_id, path, f"引用的解读 {name} 不存在", "改为 readings.yaml 里有的解读，或补上它"
                )

    for scheme in plan.schemes.values():
        yield from missing("schemes", scheme.id, ("readings",), scheme.readings)
        yield from missing(
            "schemes", scheme.id, ("in_force",), [scheme.in_force.reading] if scheme.in_force.reading else []
        )
        if scheme.limit:
            yield from missing("schemes", scheme.id, ("limit",), scheme.limit.readings)
        for rule in scheme.consistency:
            yield from missing("schemes", scheme.id, ("consistency",), [rule.reading] if rule.reading else [])
        for node, path in walk(scheme.conditions, ("conditions",)):
            yield from missing("schemes", scheme.id, path, node.readings)
    for parameter in plan.parameters.values():
        yield from missing("parameters", parameter.id, ("reading",), [parameter.reading] if parameter.reading else [])
    for target in plan.targets.values():
        yield from missing("targets", target.id, ("readings",), target.readings)
    for clause in plan.clauses.values():
        yield from missing("clauses", clause.id, ("readings",), clause.readings)


def _readings_are_cited(pack: ReadPack, plan: Plan) -> Iterator[Problem]:
    cited = {name for scheme in plan.schemes.values() for name in _readings_of(scheme)}
    cited |= {parameter.reading for parameter in plan.parameters.values() if parameter.reading}
    cited |= {name for target in plan.targets.values() for name in target.readings}
    cited |= {name for clause in plan.clauses.values() for name in clause.readings} | readings_of_ways(plan)
    for reading_id in plan.readings:
        if reading_id not in cited:
            yield pack.sources.problem(
                "readings",
                reading_id,
                (),
                f"解读 {reading_id} 没有被引用",
                "在依靠它的补贴项目、参数或目标里引用它，或删去它",
            )


def _readings_of(scheme: Scheme) -> set[str]:
    """Every reading that a scheme depends on."""
    found = set(scheme.readings) | set(scheme.limit.readings if scheme.limit else [])
    found |= {rule.reading for rule in scheme.consistency if rule.reading}
    found |= {scheme.in_force.reading} if scheme.in_force.reading else set()
    return found | {name for node, _ in walk(scheme.conditions) for name in node.readings}


def _headings_differ(pack: ReadPack, plan: Plan) -> Iterator[Problem]:
    """No two columns of one sheet may answer to the same heading."""
    for scheme in plan.schemes.values():
        taken: dict[str, str] = {}
        for index, field in enumerate(scheme.sheet):
            fact = plan.facts.get(field.fact)
            for heading in {field.label or fact.label, *fact.column.synonyms} if fact and fact.column else ():
                if taken.setdefault(heading, field.fact) != field.fact:
                    yield pack.sources.problem(
                        "schemes",
                        scheme.id,
                        ("sheet", index),
                        f"列名“{heading}”同时指 {taken[heading]} 和 {field.fact}",
                        "改其中一个的名字或同义词",
                    )


def _parameters_are_sound(pack: ReadPack, plan: Plan) -> Iterator[Problem]:
    for parameter in plan.parameters.values():
        for index, value in enumerate(parameter.values):
            try:
                typed_value(parameter, value.value)
            except ValueError as error:
                yield pack.sources.problem(
                    "parameters",
                    parameter.id,
                    ("values", index, "value"),
                    f"{parameter.id} 的取值不对：{error}",
                    "改正取值",
                )
            if value.area and value.area not in plan.areas:
                yield pack.sources.problem(
                    "parameters",
                    parameter.id,
                    ("values", index, "area"),
                    f"区划 {value.area} 不在 areas.csv 里",
                    "改正代码",
                )
        for earlier, later in overlapping(parameter):
            yield pack.sources.problem(
                "parameters",
                parameter.id,
                ("values", later),
                f"{parameter.id} 第 {later + 1} 个取值与第 {earlier + 1} 个日期重叠",
                "让每一天只有一个取值：改前一个的 to，或后一个的 from",
            )
        gaps = months_without_value(parameter, plan.header.period)
        if gaps:
            yield pack.sources.problem(
                "parameters",
                parameter.id,
                ("values",),
                f"{parameter.id} 在 {gaps[0]:%Y-%m} 等 {len(gaps)} 个月没有取值",
                "补上取值，或把 status 改为 unset",
            )


def _warnings_name_parameters(pack: ReadPack, plan: Plan) -> Iterator[Problem]:
    for scheme in plan.schemes.values():
        for index, warn in enumerate(scheme.warnings):
            if warn.while_unset not in plan.parameters:
                yield pack.sources.problem(
                    "schemes",
                    scheme.id,
                    ("warnings", index),
                    f"没有参数 {warn.while_unset}",
                    "改正参数名，或补上这个参数",
                )


def _facts_exist(pack: ReadPack, plan: Plan) -> Iterator[Problem]:
    for scheme in plan.schemes.values():
        named: list[tuple[Path_, str]] = [(("sheet", i), field.fact) for i, field in enumerate(scheme.sheet)]
        named += [(("payee",), scheme.payee.fact)] if scheme.payee.fact else []
        named += [(("identity",), scheme.identity)]
        named += [(("consistency", i), rule.clears) for i, rule in enumerate(scheme.consistency) if rule.clears]
        named += [
            (("limit", "per"), key)
            for key in (scheme.limit.per if scheme.limit else [])
            if key not in ("person", "year")
        ]
        if scheme.span:
            named += [(("span",), name) for name in (scheme.span.start, scheme.span.end) if name]
        if scheme.overlap:
            named += [(("overlap",), scheme.overlap.start), (("overlap",), scheme.overlap.end)]
        named += [(path, node.fact) for node, path in walk(scheme.conditions, ("conditions",)) if node.fact]
        for path, fact_id in named:
            fact = plan.facts.get(fact_id)
            if fact is None:
                yield pack.sources.problem(
                    "schemes", scheme.id, path, f"没有事实 {fact_id}", "改正名字，或在 facts.yaml 补上"
                )
            elif scheme.subject not in fact.subjects:
                yield pack.sources.problem(
                    "schemes",
                    scheme.id,
                    path,
                    f"事实 {fact_id} 不属于 {scheme.subject}",
                    "在它的 subjects 里加上，或换一个事实",
                )
        for index, field in enumerate(scheme.sheet):
            fact = plan.facts.get(field.fact)
            if fact and not fact.column:
                yield pack.sources.problem(
                    "schemes", scheme.id, ("sheet", index), f"事实 {fact.id} 没有表格列", "给它写 column"
                )
            for choice in field.choices:
                if fact and choice not in fact.choices:
                    yield pack.sources.problem(
                        "schemes", scheme.id, ("sheet", index), f"{fact.id} 没有选项 {choice}", "改为 choices 里有的值"
                    )
        if scheme.in_force.by not in scheme.dates:
            yield pack.sources.problem(
                "schemes", scheme.id, ("in_force",), f"dates 没有写 {scheme.in_force.by}", "在 dates 里写明它是哪个日期"
            )
        limit = scheme.limit
        if limit and "year" in limit.per and limit.year_of not in scheme.dates:
            yield pack.sources.problem(
                "schemes", scheme.id, ("limit",), f"dates 没有写 {limit.year_of}", "在 dates 里写明它是哪个日期"
            )


def _leaves_have_own_ids(pack: ReadPack, plan: Plan) -> Iterator[Problem]:
    for scheme in plan.schemes.values():
        seen = {"in_force", "limit"}
        for node, path in walk(scheme.conditions, ("conditions",)):
            if node.id and node.id in seen:
                yield pack.sources.problem(
                    "schemes", scheme.id, path, f"条件 id {node.id} 已经用过", "换一个没有用过的"
                )
            seen.add(node.id or "")


def _evidence_proves(pack: ReadPack, plan: Plan) -> Iterator[Problem]:
    proven = {fact for item in plan.evidence.values() for fact in item.proves}
    for item in plan.evidence.values():
        for fact_id in item.proves:
            if fact_id not in plan.facts:
                yield pack.sources.problem("evidence", item.id, ("proves",), f"没有事实 {fact_id}", "改正名字")
        if not item.proves:
            yield pack.sources.problem(
                "evidence", item.id, ("proves",), f"佐证 {item.id} 什么也不证明", "写明它证明哪些事实，或删去它"
            )
    for fact in plan.facts.values():
        if (fact.column or fact.officer) and fact.id not in proven:
            yield pack.sources.problem(
                "facts", fact.id, (), f"没有佐证能证明事实 {fact.id}", "在 evidence 的 proves 里加上它"
            )
    for scheme in plan.schemes.values():
        for name in scheme.evidence:
            if name not in plan.evidence:
                yield pack.sources.problem(
                    "schemes", scheme.id, ("evidence",), f"没有佐证 {name}", "改正名字，或在 facts.yaml 补上"
                )


def _columns_read_columns(pack: ReadPack, plan: Plan) -> Iterator[Problem]:
    for fact in plan.facts.values():
        of = fact.column.of if fact.column else None
        if of and (of not in plan.facts or plan.facts[of].column is None):
            yield pack.sources.problem(
                "facts", fact.id, ("column", "of"), f"{of} 没有表格列", "of 写一个有 column 的事实"
            )
        if of and fact.type != "yes_no":
            yield pack.sources.problem(
                "facts", fact.id, ("type",), f"{fact.id} 读的是另一列的用词，类型应为 yes_no", "改 type"
            )


def _cases_and_shares_refer(pack: ReadPack, plan: Plan) -> Iterator[Problem]:
    for book in plan.cases.values():
        if book.scheme not in plan.schemes:
            yield pack.sources.problem("cases", book.scheme, ("scheme",), f"没有补贴项目 {book.scheme}", "改正编号")
            continue
        names = {fact for case in book.cases for row in case.as_rows() for fact in row.facts} | set(book.base)
        for name in sorted(names - set(plan.facts)):
            yield pack.sources.problem("cases", book.scheme, (), f"用例里的事实 {name} 不存在", "改正名字")
        settings = {name for case in book.cases for name in [*case.set, *case.unset]} | set(book.set)
        for name in sorted(settings - set(plan.parameters)):
            yield pack.sources.problem("cases", book.scheme, ("set",), f"没有参数 {name}", "改正名字")
    for scheme_id in plan.schemes:
        if scheme_id not in plan.cases:
            yield pack.sources.problem(
                "schemes", scheme_id, (), f"补贴项目 {scheme_id} 没有用例", f"写 cases/{scheme_id}.yaml"
            )
    for share in plan.shares:
        if share.target not in plan.targets or share.area not in plan.areas:
            yield Problem(
                "decomposition.csv", 1, f"{share.target},{share.area} 指向不存在的目标或区划", "改正编号或代码"
            )


Check = Callable[[ReadPack, Plan], Iterator[Problem]]
CHECKS: tuple[Check, ...] = (
    _clauses_exist,
    _clauses_are_cited,
    _readings_exist,
    _readings_are_cited,
    _headings_differ,
    _parameters_are_sound,
    _warnings_name_parameters,
    _facts_exist,
    _leaves_have_own_ids,
    _evidence_proves,
    _columns_read_columns,
    _cases_and_shares_refer,
    wording_rules_hold,
    firm_sizes_are_apart,
    workflows_hold,
    exclusions_hold,
)
