"""Hypothesis strategies: small worlds of facts, parameters, rules and rows with gaps, ties and month ends."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

from jiujin.plan.models import Fact, Parameter, Plan, PlanHeader, Scheme
from tests.rules import oracle as o

PERIOD = (date(2022, 1, 1), date(2022, 12, 31))
PATHS = (("p", "x", 1), ("p", "y", 2), ("q", "x", 3))
FACTS: dict[str, dict[str, Any]] = {
    "id_number": {"type": "id_number"},
    "start_on": {"type": "date"},
    "end_on": {"type": "date"},
    "born": {"type": "date"},
    "months_a": {"type": "months"},
    "money_a": {"type": "money"},
    "yes_a": {"type": "yes_no"},
    "yes_b": {"type": "yes_no"},
    "kind": {"type": "choice", "choices": {"p": "甲", "q": "乙", "r": "丙"}},
    "level": {"type": "choice", "choices": {"x": "一", "y": "二"}},
    "years_a": {"type": "years"},
}
PARAMS = {"m1": "months", "m2": "months", "fen": "money", "age": "years", "names": "choices"}

EDGES = [date(2022, 1, 31), date(2022, 2, 28), date(2022, 8, 31), date(2022, 12, 31), date(2022, 1, 1), date(2021, 12, 31),
         date(2024, 2, 29), date(2020, 2, 29), date(2022, 3, 30), date(2022, 6, 30), date(2023, 1, 1), date(2023, 2, 27)]  # fmt: skip
days = st.sampled_from(EDGES) | st.dates(date(2021, 6, 1), date(2024, 3, 5))
births = st.sampled_from([date(2004, 2, 29), date(2006, 3, 1), date(1999, 12, 31)]) | st.dates(
    date(1996, 1, 1), date(2008, 1, 1)
)


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A value, or None (not known)."""
    return st.none() | values


rows = st.fixed_dictionaries(
    {
        "id_number": maybe(st.sampled_from(["A", "B", "C"])),
        "start_on": maybe(days),
        "end_on": maybe(days),
        "born": maybe(births),
        "months_a": maybe(st.integers(0, 7)),
        "money_a": maybe(st.integers(0, 3)),
        "yes_a": maybe(st.booleans()),
        "yes_b": maybe(st.booleans()),
        "kind": maybe(st.sampled_from("pqr")),
        "level": maybe(st.sampled_from("xy")),
        "years_a": maybe(st.integers(1, 3)),
    }
)
params = st.fixed_dictionaries(
    {
        "m1": maybe(st.integers(0, 7)),
        "m2": maybe(st.integers(0, 14)),
        "fen": maybe(st.integers(0, 3)),
        "age": maybe(st.integers(14, 26)),
        "names": maybe(st.sets(st.sampled_from("pqr"), min_size=1).map(lambda s: tuple(sorted(s)))),
    }
)

date_facts = st.sampled_from(["start_on", "end_on"]).map(o.FactQ)
operators = st.sampled_from(["<", "<=", ">", ">=", "=", "<>"])
months = st.sampled_from([o.FactQ("months_a"), o.ParamQ("m1"), o.ParamQ("m2")]) | st.builds(
    o.DatesQ, st.just("whole_months"), date_facts, date_facts
)
dates = date_facts | st.builds(
    o.MovedQ, date_facts, st.sampled_from("+-"), st.sampled_from([o.ParamQ("m1"), o.ParamQ("m2")])
)
ages = st.sampled_from(
    [o.ParamQ("age"), o.FactQ("years_a"), o.DatesQ("years_old", o.FactQ("born"), o.FactQ("start_on"))]
)
money = st.sampled_from([o.FactQ("money_a"), o.ParamQ("fen")])
atoms = st.one_of(
    *(st.builds(o.Compare, quantity, operators, quantity) for quantity in (months, dates, ages, money)),
    st.builds(o.Among, st.just(o.FactQ("kind")), st.sampled_from([("p",), ("p", "q")]), st.booleans()),
    st.sampled_from([o.Yes(o.FactQ("yes_a")), o.Yes(o.FactQ("yes_b"))]),
    st.just(o.Listed(o.ParamQ("names"), o.FactQ("kind"))),
    st.just(o.InTable(PATHS, (o.FactQ("kind"), o.FactQ("level"), o.FactQ("years_a")))),
)
bodies = st.recursive(
    atoms,
    lambda inner: st.builds(o.Not, inner) | st.builds(o.Join, st.sampled_from(["and", "or"]), st.tuples(inner, inner)),
    max_leaves=4,
)


@st.composite
def conditions(draw: st.DrawFn) -> Any:
    """A tree of all, any, not, given and leaves, every leaf with an id of its own."""
    count = iter(range(1000))

    def leaf() -> o.LeafC:
        return o.LeafC(f"leaf_{next(count)}", draw(bodies))

    def node(depth: int) -> Any:
        kind = draw(st.sampled_from(["leaf", "all", "any", "not"])) if depth else "leaf"
        if kind == "leaf":
            return leaf()
        if kind == "not":
            return o.NotC(node(depth - 1))
        parts = tuple(node(depth - 1) for _ in range(draw(st.integers(1, 3))))
        given = leaf() if kind == "all" and draw(st.booleans()) else None
        return o.GroupC(kind, parts, given)

    return o.GroupC("all", (node(3), node(2)))


def plan_of(condition: Any, values: dict[str, Any], limit: int) -> Plan:
    """A plan with one scheme of that condition."""
    facts = {
        name: Fact.model_validate({"id": name, "label": name, "subjects": ["thing"], "column": {}, **spec})
        for name, spec in FACTS.items()
    }
    parameters = {name: _parameter(name, kind, values[name]) for name, kind in PARAMS.items()}
    parameters["paths"] = Parameter.model_validate(
        {"id": "paths", "name": "paths", "type": "table", "clause": "c", "status": "stated",
         "columns": {"kind": "choice", "level": "choice", "years_a": "years"},
         "values": [{"value": [list(row) for row in PATHS], "source": "s", "checked_on": "2022-01-01"}]}
    )  # fmt: skip
    scheme = Scheme.model_validate(
        {"id": "s", "name": "s", "clause": "c", "subject": "thing", "payee": {"role": "r"}, "fund_class": "f",
         "dates": {"start": "start_on"}, "in_force": {"from": PERIOD[0], "to": PERIOD[1]}, "conditions": condition.yaml(),
         "amount": "param('fen')", "limit": {"per": ["person", "year"], "count": limit}, "sheet": list(FACTS)}
    )  # fmt: skip
    header = PlanHeader.model_validate(
        {"id": "p", "title": "t", "short_title": "t", "document_number": "n", "issuer": "i", "district": "1",
         "district_name": "d", "period": {"from": PERIOD[0], "to": PERIOD[1]}}
    )  # fmt: skip
    empty = (
        "clauses",
        "areas",
        "evidence",
        "targets",
        "readings",
        "duties",
        "audiences",
        "risks",
        "scorecard",
        "surveys",
        "cases",
    )
    return Plan(
        header=header,
        parameters=parameters,
        facts=facts,
        schemes={"s": scheme},
        shares=[],
        digest="d",
        **{k: {} for k in empty},
    )


def _parameter(name: str, kind: str, value: Any) -> Parameter:
    raw = value / 100 if kind == "money" and value is not None else list(value) if isinstance(value, tuple) else value
    values = (
        []
        if value is None
        else [{"value": str(raw) if kind == "money" else raw, "source": "s", "checked_on": "2022-01-01"}]
    )
    return Parameter.model_validate(
        {
            "id": name,
            "name": name,
            "type": kind,
            "clause": "c",
            "status": "stated" if values else "unset",
            "refers_to": "r",
            "values": values,
        }
    )
