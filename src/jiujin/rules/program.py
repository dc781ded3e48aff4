"""A scheme compiled to one SQL query: verdict, what failed, what is missing, amount and limit, for every row at once.

The query is a chain of steps, each a `SELECT` over the one before:

facts      the fact columns, after rows that contradict themselves have been cleared (flags `k_…`)
derived    facts worked out from others
atoms      every comparison (`a_…`), three-valued
answers    every leaf (`c_<id>`) and the whole (`root`), by SQL's own three-valued logic
reasons    bit masks: which leaves are held against the row, which facts are missing, and the amount
limits     the how-manieth met line of its person, year, … (window function)

Reasons are bit masks because lists with nulls removed do not mean the same in every engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from jiujin.plan.models import Fact, Limit, Plan, ProofLevel, Scheme
from jiujin.plan.parameters import Value
from jiujin.rules.expressions import Fragment, Need, Writer, literal
from jiujin.rules.language import Scope, parameters_in_records, parse
from jiujin.rules.relevance import both, relevance_of, value_sql
from jiujin.rules.tree import Atom, Group, Joined, Leaf, Node, all_leaves, build_tree

LEVELS: dict[ProofLevel, int] = {"declared": 1, "documented": 2, "verified": 3}
IN_FORCE, LIMIT = "in_force", "limit"
MAX_BITS = 62


@dataclass(frozen=True)
class Step:
    """One link of the query: a name, and the columns it adds to all that came before."""

    name: str
    columns: tuple[tuple[str, str], ...]


@dataclass
class Program:
    """The compiled scheme.

    `sql(source)` is the whole query over a relation that has `ord` (input order) and one column a direct fact. Verdict and
    reasons depend on nothing but the atoms and the `signs` (SQL, never null, of what may be lacking); `amount` is the
    SQL of a met row's fen.
    """

    plan: Plan
    scheme: Scheme
    settings: Mapping[str, Value]
    proof: ProofLevel | None
    direct: tuple[str, ...]
    leaves: tuple[Leaf, ...]
    root: Node
    steps: tuple[Step, ...]
    cleared: Mapping[str, str]
    missing_names: tuple[str, ...]
    limit_columns: tuple[str, ...]
    signs: tuple[str, ...] = ()
    amount: str = "NULL"
    batched: bool = False
    records: bool = False

    def sql(self, source: str, *, bare: bool = False, limited: bool = True) -> str:
        """The query in PostgreSQL's dialect; `bare` gives only `ord` and `verdict` (no reasons, limit or amount), and
        without `limited` each row is judged as if it were the only one."""
        wanted = [step for step in self.steps if not (bare and step.name == "reasons")]
        links, previous = [], source
        for step in wanted:
            links.append(f"{step.name} AS (SELECT {self._select(step)} FROM {previous})")
            previous = step.name
        tail = self._bare_tail(previous) if bare else self._limit_tail(previous, self.scheme.limit if limited else None)
        return f"WITH {', '.join(links)} {tail}" if links else tail

    def _select(self, step: Step) -> str:
        added = ", ".join(f"{sql} AS {name}" for name, sql in step.columns)
        return added if step.name == "facts" else f"*, {added}" if added else "*"

    def _bare_tail(self, previous: str) -> str:
        return f"SELECT ord, {verdict_sql('root', 'FALSE')} AS verdict FROM {previous}"

    def _limit_tail(self, previous: str, limit: Limit | None) -> str:
        if limit is None:
            return f"SELECT *, {verdict_sql('root', 'FALSE')} AS verdict, CAST(NULL AS BIGINT) AS limit_used FROM {previous}"
        keys = ", ".join(self.limit_columns)
        order = "limit_day, ord" if "limit_day" in self.column_names else "ord"
        ranked = (
            f"ranked AS (SELECT ord AS ranked_ord, ROW_NUMBER() OVER (PARTITION BY {keys} ORDER BY {order}) AS place"
            f" FROM {previous} WHERE root)"
        )
        over = f"COALESCE(place > {limit.count}, FALSE)"
        bit = 1 << len(self.leaves)
        others = ", ".join(
            name for name in self.column_names if name not in ("unmet_mask", "amount_fen", "missing_mask")
        )
        return (
            f", {ranked} SELECT {others}, {verdict_sql('root', over)} AS verdict,"
            f" unmet_mask + CASE WHEN {over} THEN {bit} ELSE 0 END AS unmet_mask,"
            f" CASE WHEN {over} THEN 0 ELSE missing_mask END AS missing_mask,"
            f" CASE WHEN {over} THEN 0 ELSE amount_fen END AS amount_fen,"
            f" CASE WHEN place <= {limit.count} THEN place END AS limit_used"
            f" FROM {previous} LEFT JOIN ranked ON ranked_ord = ord"
        )

    @cached_property
    def column_names(self) -> list[str]:
        """Every column the query computes, in order."""
        return [name for step in self.steps for name, _ in step.columns]

    def unmet_ids(self, mask: int) -> list[str]:
        """Condition ids of a mask, in the order written, `limit` last."""
        names = [*(leaf.id for leaf in self.leaves), LIMIT]
        return [name for bit, name in enumerate(names) if mask >> bit & 1]

    def missing_ids(self, mask: int) -> list[str]:
        """Names of a mask: facts, and `param:ID` for unset parameters."""
        return [name for bit, name in enumerate(self.missing_names) if mask >> bit & 1]

    def detail_columns(self) -> list[str]:
        """Columns that an explanation needs: leaf answers and the values of all facts."""
        facts = [name for step in self.steps for name, _ in step.columns if name in self.plan.facts]
        return [*(f"c_{leaf.id}" for leaf in self.leaves), *dict.fromkeys(facts)]


def compile_scheme(
    plan: Plan,
    scheme: Scheme,
    *,
    settings: Mapping[str, Value] | None = None,
    proof: ProofLevel | None = None,
    records: bool = False,
    given: frozenset[str] | None = None,
    batched: bool = False,
) -> Program:
    """Compile a scheme for a roster, or for `records`; `batched` rows carry a `batch` that limits do not cross.

    `proof` is the level at which every fact of the roster is held; None judges as if all were proven. With `records`,
    a fact that has `records` is direct, and its level is read from its `<fact>__proof` column; with `given` too, the
    direct facts are those that no others give and those it names (rows of a roster, each fact with its level).
    Raises ConditionWrong.
    """
    return _Compiler(plan, scheme, settings or {}, proof, records, given, batched).compile()


@dataclass
class _Compiler:
    plan: Plan
    scheme: Scheme
    settings: Mapping[str, Value]
    proof: ProofLevel | None
    records: bool
    given: frozenset[str] | None
    batched: bool
    used: dict[tuple[str, int], None] = field(default_factory=dict)
    atoms: list[tuple[Fragment, str]] = field(default_factory=list)
    needs: dict[str, list[str]] = field(default_factory=dict)
    signs: dict[str, None] = field(default_factory=dict)
    amount: str = field(default_factory=lambda: literal(None, "money"))

    def __post_init__(self) -> None:
        self.scope = Scope.of(self.plan, self.scheme.subject)

    def compile(self) -> Program:
        root = self._root()
        leaves = tuple(all_leaves(root))
        bodies = {leaf.id: self._body(leaf.body, self._level(leaf)) for leaf in leaves}
        answers = self._answers(root, leaves, bodies)
        reasons = self._reasons(root, leaves, bodies)
        limit_columns, limits = self._limits()
        atoms = tuple((name, fragment.sql) for fragment, name in self.atoms)
        direct, cleared, facts, derived = self._facts()
        steps = (
            Step("facts", facts),
            *(Step(f"derived_{depth}", columns) for depth, columns in enumerate(derived)),
            Step("atoms", atoms),
            Step("answers", answers),
            Step("reasons", (*limits, *reasons)),
        )
        names = tuple(self.needs)
        if len(leaves) + 1 > MAX_BITS or len(names) > MAX_BITS:
            raise ValueError(f"scheme {self.scheme.id} has more than {MAX_BITS} conditions or facts")
        return Program(
            self.plan,
            self.scheme,
            self.settings,
            self.proof,
            direct,
            leaves,
            root,
            steps,
            cleared,
            names,
            limit_columns,
            tuple(self.signs),
            self.amount,
            self.batched,
            self.records,
        )

    # --- conditions that every scheme has ------------------------------------------------------------------------------

    def _root(self) -> Node:
        own = build_tree(self.scheme, self.scope)
        own_parts = own.parts if isinstance(own, Group) and own.word == "AND" else (own,)
        return Group("AND", (self._in_force(), *own_parts))

    def _in_force(self) -> Leaf:
        """Whether the subject's day falls within the scheme's days (a leaf without an expression of the language)."""
        day = parse(self.scheme.dates[self.scheme.in_force.by], self.scope).tree
        return Leaf(IN_FORCE, "在方案施行期内", self.scheme.clause, Atom(day, False), None, None, None, False)

    def _period_test(self, day: str) -> str:
        rule, period = self.scheme.in_force, self.plan.header.period
        first, last = rule.start or period.start, rule.end or period.end
        tests = [f"{day} >= {literal(first, 'date')}"] if first else []
        tests += [f"{day} <= {literal(last, 'date')}"] if last else []
        return f"({' AND '.join(tests)})" if tests else f"({day} = {day})"

    def _required(self) -> list[str]:
        """Facts that must be known whatever the conditions say: who it is, who is paid, what the limit counts by."""
        payee, limit = self.scheme.payee, self.scheme.limit
        names = [self.scheme.identity, *([payee.fact] if payee.fact and payee.required else [])]
        names += [key for key in (limit.per if limit else []) if key not in ("person", "year")]
        return list(dict.fromkeys(names))

    # --- columns -------------------------------------------------------------------------------------------------------

    def _level(self, leaf: Leaf) -> int:
        asks = self.records or self.proof is not None
        return LEVELS[leaf.level] if leaf.level and asks else 0

    def _is_direct(self, fact: Fact) -> bool:
        if self.given is not None:
            return fact.derive is None or fact.id in self.given
        if self.records:
            return fact.records_of(self.scheme.subject) is not None or fact.derive is None
        return fact.derive is None

    def _writer(self, level: int) -> Writer:
        writer = Writer(self.plan, self.scope, self.settings, lambda name: self._column(name, level))
        writer.day = self._day(level)
        return writer

    def _day(self, level: int) -> Fragment:
        plain = Writer(self.plan, self.scope, self.settings, lambda name: self._column(name, 0))
        return plain.write(self.scheme.dates[self.scheme.in_force.by])

    def _column(self, name: str, level: int) -> Fragment:
        """A fact's column at a proof level, and what it lacks when null."""
        fact = self.scope.facts[name]
        self.used[(name, level)] = None
        sql = _column_name(name, level)
        if self._is_direct(fact):
            shown = fact.column.of if fact.column and fact.column.of else name
            unset = self._unset_in_records(fact)
            return Fragment(sql, fact.type, tuple(Need(lack, f"({sql} IS NULL)") for lack in unset or [shown]))
        inner = self._derive(fact, level)
        lacking = " OR ".join(need.when for need in inner.needs) or "FALSE"
        own = Need(name, f"({sql} IS NULL AND NOT ({lacking}))")
        needs = tuple(Need(need.name, f"({sql} IS NULL AND {need.when})") for need in inner.needs)
        return Fragment(sql, fact.type, (*needs, own))

    def _unset_in_records(self, fact: Fact) -> list[str]:
        """`param:ID` of the unset parameters without which a fact cannot be read from records."""
        records = fact.records_of(self.scheme.subject)
        if not (self.records and records) or self.given is not None:
            return []
        writer = Writer(self.plan, self.scope, self.settings, lambda name: Fragment(name, "text"))
        names = dict.fromkeys(parameters_in_records(records))
        return [f"param:{name}" for name in names if writer.constant(self.plan.parameters[name]) == (True, None)]

    def _derive(self, fact: Fact, level: int) -> Fragment:
        return self._writer_of_derived(level).write(fact.derive or "")

    def _writer_of_derived(self, level: int) -> Writer:
        writer = Writer(self.plan, self.scope, self.settings, lambda name: self._column(name, level))
        writer.day = self._day(0) if self._day_is_direct() else None
        return writer

    def _day_is_direct(self) -> bool:
        names = parse(self.scheme.dates[self.scheme.in_force.by], self.scope).facts
        return all(self._is_direct(self.scope.facts[name]) for name in names)

    def _facts(
        self,
    ) -> tuple[tuple[str, ...], dict[str, str], tuple[tuple[str, str], ...], list[tuple[tuple[str, str], ...]]]:
        """Direct fact names, cleared facts by flag, the first step's columns, and the steps of derived facts."""
        flags = self._consistency()
        derived_levels = self._derived_steps()
        direct = [name for name, _ in self.used if self._is_direct(self.scope.facts[name])]
        names = tuple(dict.fromkeys([*direct, *(f for f in self._sheet_facts() if f not in direct)]))
        clears: dict[str, str] = {}
        for _, sql, name in flags:
            if name:
                clears[name] = f"{clears[name]} OR {sql}" if name in clears else sql
        columns = [("ord", "ord"), *([("batch", "batch")] if self.batched else [])]
        for name in names:
            sql = f"CASE WHEN {clears[name]} THEN NULL ELSE {name} END" if name in clears else name
            columns.append((name, sql))
        for name, level in self.used:
            if level and self._is_direct(self.scope.facts[name]):
                held = f"{name}__proof" if self.records else str(LEVELS[self.proof or "declared"])
                columns.append((_column_name(name, level), f"CASE WHEN {held} >= {level} THEN {name} END"))
        columns += [(flag, f"COALESCE({sql}, FALSE)") for flag, sql, _ in flags]
        cleared = {flag: clears for flag, _, clears in flags if clears}
        return names, cleared, tuple(columns), derived_levels

    def _sheet_facts(self) -> list[str]:
        return [field.fact for field in self.scheme.sheet if self._is_direct(self.scope.facts[field.fact])]

    def _consistency(self) -> list[tuple[str, str, str | None]]:
        """(flag column, SQL of the contradiction over the uncleared facts, the fact it clears)."""

        def raw(name: str) -> Fragment:
            fact = self.scope.facts[name]
            if self._is_direct(fact):
                self.used[(name, 0)] = None
                return Fragment(name, fact.type)
            return Fragment(writer.write(fact.derive or "").sql, fact.type)

        writer = Writer(self.plan, self.scope, self.settings, raw)
        writer.day = writer.write(self.scheme.dates[self.scheme.in_force.by])
        return [(f"k_{rule.id}", writer.write(rule.when).sql, rule.clears) for rule in self.scheme.consistency]

    def _derived_steps(self) -> list[tuple[tuple[str, str], ...]]:
        """Derived facts in steps, each of which needs only the steps before it."""
        depths: dict[tuple[str, int], int] = {}

        def depth(name: str, level: int) -> int:
            fact = self.scope.facts[name]
            if self._is_direct(fact):
                self.used[(name, level)] = None
                return 0
            if (name, level) not in depths:
                depths[(name, level)] = 1 + max(
                    (depth(inner, level) for inner in parse(fact.derive or "", self.scope).facts), default=0
                )
            return depths[(name, level)]

        for name, level in list(self.used):
            depth(name, level)
            if level and not self._is_direct(self.scope.facts[name]):
                depth(name, 0)  # as it stands, for the explanation, however far it is proven
            if level:  # an explanation tells the value, however far it is proven
                depth(name, 0)
        steps: list[tuple[tuple[str, str], ...]] = []
        for wanted in sorted(set(depths.values())):
            members = [key for key, value in depths.items() if value == wanted]
            steps.append(tuple((_column_name(n, lv), self._derive(self.scope.facts[n], lv).sql) for n, lv in members))
        return steps

    # --- atoms, answers, reasons ---------------------------------------------------------------------------------------

    def _body(self, body: Atom | Joined, level: int) -> _Body:
        if isinstance(body, Joined):
            parts = tuple(self._body(part, level) for part in body.parts)
            return _Body(f"({f' {body.word} '.join(part.sql for part in parts)})", parts, ())
        fragment = self._writer(level).node(body.tree)
        if fragment.kind == "date":  # the implicit in_force leaf
            fragment = Fragment(self._period_test(fragment.sql), "yes_no", fragment.needs)
        name = f"a_{len(self.atoms)}"
        self.atoms.append((fragment, name))
        return _Body(f"(NOT {name})" if body.negated else name, (), fragment.needs)

    def _answers(self, root: Node, leaves: tuple[Leaf, ...], bodies: dict[str, _Body]) -> tuple[tuple[str, str], ...]:
        columns = [(f"c_{leaf.id}", bodies[leaf.id].sql) for leaf in leaves]
        known = [self._known(name) for name in self._required()]
        whole = " AND ".join([value_sql(root, lambda leaf: bodies[leaf.id].sql), *(sql for sql, _ in known)])
        day = self._limit_day()
        if day is not None and day.sql != self._day(0).sql:  # that day is known where in_force is
            whole += f" AND (CASE WHEN {day.sql} IS NOT NULL THEN TRUE END)"
        return (*columns, ("root", f"({whole})"))

    def _known(self, name: str) -> tuple[str, Fragment]:
        fragment = self._column(name, 0)
        return f"(CASE WHEN {fragment.sql} IS NOT NULL THEN TRUE END)", fragment

    def _reasons(self, root: Node, leaves: tuple[Leaf, ...], bodies: dict[str, _Body]) -> list[tuple[str, str]]:
        relevance = relevance_of(root)
        unmet = []
        for bit, leaf in enumerate(leaves):
            test = both(relevance[leaf.id], f"c_{leaf.id} IS FALSE")
            unmet.append(f"CASE WHEN {test} THEN {1 << bit} ELSE 0 END")
            self._need_body(bodies[leaf.id], both(relevance[leaf.id], f"c_{leaf.id} IS NULL"))
        for name in self._required():
            self._need(self._known(name)[1].needs, "TRUE")
        day = self._limit_day()
        if day is not None:
            self._need(day.needs, "TRUE")
        amount = self._amount()
        self.needs = dict(sorted(self.needs.items(), key=lambda item: self._place(item[0])))
        missing = [
            f"CASE WHEN {' OR '.join(dict.fromkeys(tests))} THEN {1 << bit} ELSE 0 END"
            for bit, tests in enumerate(self.needs.values())
        ]
        return [
            ("unmet_mask", _sum(unmet)),
            ("missing_mask", _sum(missing)),
            ("amount_fen", amount),
        ]

    def _place(self, name: str) -> tuple[bool, int]:
        """Where a missing name is listed: facts in the sheet's order, then other facts, then parameters."""
        order = [field.fact for field in self.scheme.sheet]
        return name.startswith("param:"), order.index(name) if name in order else len(order)

    def _amount(self) -> str:
        """Fen for a met row (null where a rate is unset), 0 for an unmet one, null while it cannot be told."""
        if self.scheme.amount is not None:
            fragment = self._writer(0).write(self.scheme.amount)
            self._need(fragment.needs, "root")
            self.amount = fragment.sql
        return f"CASE WHEN root THEN {self.amount} WHEN NOT root THEN 0 END"

    def _need_body(self, body: _Body, when: str) -> None:
        if not body.parts:
            self._need(body.needs, when)
        for part in body.parts:
            self._need_body(part, both(when, f"{part.sql} IS NULL"))

    def _need(self, needs: tuple[Need, ...], when: str) -> None:
        for need in needs:
            self.signs[need.when] = None
            self.needs.setdefault(need.name, []).append(f"({both(when, need.when)})")

    # --- limits --------------------------------------------------------------------------------------------------------

    def _limit_day(self) -> Fragment | None:
        limit = self.scheme.limit
        if limit is None or limit.year_of not in self.scheme.dates:
            return None
        return self._writer(0).write(self.scheme.dates[limit.year_of])

    def _limits(self) -> tuple[tuple[str, ...], list[tuple[str, str]]]:
        """The limit's partition columns, and their SQL: `limit_day`, `limit_year`, and the facts it counts by."""
        limit = self.scheme.limit
        columns: list[tuple[str, str]] = []
        names = ["batch"] if self.batched else []
        if limit is None:
            return (), []
        day = self._limit_day()
        if day is not None:
            columns.append(("limit_day", day.sql))
        for key in limit.per:
            if key == "year":
                assert day is not None, "checked by the plan's own checks"
                columns.append(("limit_year", f"EXTRACT(YEAR FROM {day.sql})"))
                names.append("limit_year")
            else:
                names.append(self._column(self.scheme.identity if key == "person" else key, 0).sql)
        return tuple(names), columns


@dataclass(frozen=True)
class _Body:
    """A leaf's expression over atom columns, its parts, and an atom's needs."""

    sql: str
    parts: tuple[_Body, ...]
    needs: tuple[Need, ...]


def _column_name(name: str, level: int) -> str:
    return f"{name}__{level}" if level else name


def _sum(terms: list[str]) -> str:
    return f"CAST({' + '.join(terms) if terms else '0'} AS BIGINT)"


def verdict_sql(root: str, over: str) -> str:
    return f"CASE WHEN {over} THEN 'unmet' WHEN {root} THEN 'met' WHEN NOT {root} THEN 'unmet' ELSE 'unknown' END"
