"""The columns of a roster: what each is called, holds and may hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from jiujin.plan.models import Condition, Fact, FactType, Plan, Scheme, SheetField

ARROW_TYPES: Mapping[FactType, pa.DataType] = {
    "text": pa.string(),
    "id_number": pa.string(),
    "credit_code": pa.string(),
    "choice": pa.string(),
    "date": pa.date32(),
    "months": pa.int64(),
    "days": pa.int64(),
    "years": pa.int64(),
    "count": pa.int64(),
    "money": pa.int64(),
    "yes_no": pa.bool_(),
}


@dataclass(frozen=True)
class Column:
    """A column of a roster.

    `choices` maps code to label, `choice_synonyms` code to other writings; `offered` are the codes of the template's
    drop-down (all where empty). A cell that holds one of `open_words` has no value of its own and makes the fact
    `open_key` true. `identity` marks the column no roster can do without.
    """

    key: str
    label: str
    type: FactType
    synonyms: tuple[str, ...] = ()
    choices: Mapping[str, str] = field(default_factory=dict)
    choice_synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    offered: tuple[str, ...] = ()
    note: str = ""
    example: str = ""
    clause: str = ""
    open_key: str | None = None
    open_words: tuple[str, ...] = ()
    identity: bool = False

    @property
    def arrow_type(self) -> pa.DataType:
        """How values are held: money integer fen, terms and counts int64, choices by code."""
        return ARROW_TYPES[self.type]

    @property
    def offered_labels(self) -> list[str]:
        """What a person chooses from."""
        if self.type == "yes_no":
            return ["是", "否"]
        return [self.choices[code] for code in (self.offered or self.choices)]


def columns_of(plan: Plan, scheme: Scheme) -> list[Column]:
    """The columns of a scheme's roster, in its order."""
    return [_column(plan, scheme, entry) for entry in scheme.sheet]


def _column(plan: Plan, scheme: Scheme, entry: SheetField) -> Column:
    fact = plan.facts[entry.fact]
    sheet = fact.column
    label = entry.label or fact.label
    synonyms = tuple(sheet.synonyms) if sheet else ()
    opened = _open_fact(plan, fact)
    return Column(
        key=fact.id,
        label=label,
        type=fact.type,
        synonyms=synonyms if label == fact.label else (fact.label, *synonyms),
        choices=fact.choices,
        choice_synonyms={code: tuple(words) for code, words in fact.choice_synonyms.items()},
        offered=tuple(entry.choices),
        note=sheet.note if sheet else "",
        example=sheet.example if sheet else "",
        clause=_place_of(plan, scheme, fact),
        open_key=opened.id if opened else None,
        open_words=tuple(opened.column.words) if opened and opened.column else (),
        identity=fact.id == scheme.identity,
    )


def _open_fact(plan: Plan, fact: Fact) -> Fact | None:
    """The fact that is a second reading of this fact's column, if there is one."""
    return next((other for other in plan.facts.values() if other.column and other.column.of == fact.id), None)


def _place_of(plan: Plan, scheme: Scheme, fact: Fact) -> str:
    """Where in the document the column is asked for: the clause of a condition that reads it, or the scheme's."""
    word = re.compile(rf"\b{re.escape(fact.id)}\b")
    cited = (leaf.clause for leaf in _leaves(scheme.conditions) if leaf.clause and leaf.when and word.search(leaf.when))
    clause = plan.clauses.get(next(cited, scheme.clause))
    return clause.place if clause else ""


def _leaves(condition: Condition) -> Iterator[Condition]:
    """Every condition of a tree, itself first."""
    yield condition
    inner = [condition.given, condition.negated, *(condition.all or ()), *(condition.any or ())]
    for part in inner:
        if part:
            yield from _leaves(part)
