"""A scheme's conditions as a tree of leaves and atoms in negation normal form, ready to be written as SQL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlglot import exp

from jiujin.plan.models import Condition, ProofLevel, Scheme
from jiujin.rules.language import Scope, parse_condition


@dataclass(frozen=True)
class Atom:
    """One comparison, membership or yes-no fact; `negated` turns its answer round."""

    tree: exp.Expression
    negated: bool


@dataclass(frozen=True)
class Joined:
    """Parts joined by `AND` or `OR`."""

    word: str
    parts: tuple[Atom | Joined, ...]


@dataclass(frozen=True)
class Leaf:
    """A condition with an id; `known_fact` leaves ask only that a fact is known and are never false."""

    id: str
    text: str
    clause: str
    body: Atom | Joined
    level: ProofLevel | None
    wording: str | None
    condition: Condition | None
    negated: bool


@dataclass(frozen=True)
class Group:
    """Leaves and groups joined; `given` is the id of the leaf that says when this branch is the one to speak of."""

    word: str
    parts: tuple[Leaf | Group, ...]
    given: str | None = None


Node = Leaf | Group


def build_tree(scheme: Scheme, scope: Scope) -> Node:
    """The scheme's own conditions (implicit ones are added by the program). Raises ConditionWrong."""
    return _node(scheme.conditions, scheme, scope, negated=False)


def all_leaves(node: Node) -> Iterator[Leaf]:
    """Every leaf, in the order written."""
    if isinstance(node, Leaf):
        yield node
    else:
        for part in node.parts:
            yield from all_leaves(part)


def _node(condition: Condition, scheme: Scheme, scope: Scope, negated: bool) -> Node:
    if condition.negated is not None:
        return _node(condition.negated, scheme, scope, not negated)
    if condition.all is None and condition.any is None:
        return _leaf(condition, scheme, scope, negated)
    conjunction = (condition.all is not None) != negated
    children = condition.all if condition.all is not None else condition.any
    given = [condition.given] if condition.given else []
    parts = tuple(_node(child, scheme, scope, negated) for child in [*given, *(children or [])])
    keeps_given = condition.given.id if condition.given and not negated else None
    return Group("AND" if conjunction else "OR", parts, keeps_given)


def _leaf(condition: Condition, scheme: Scheme, scope: Scope, negated: bool) -> Leaf:
    text = condition.when or condition.fact or ""
    tree = parse_condition(text, scope).tree
    return Leaf(
        id=condition.id or "",
        text=condition.text or condition.id or "",
        clause=condition.clause or scheme.clause,
        body=_body(tree, negated),
        level=condition.proof,
        wording=condition.wording,
        condition=condition,
        negated=negated,
    )


def _body(tree: exp.Expression, negated: bool) -> Atom | Joined:
    """Push `not` down to the atoms, so that a part that is null can be told from one that does not matter."""
    if isinstance(tree, exp.Paren):
        return _body(tree.this, negated)
    if isinstance(tree, exp.Not):
        return _body(tree.this, not negated)
    if isinstance(tree, exp.And | exp.Or):
        word = "AND" if isinstance(tree, exp.And) != negated else "OR"
        return Joined(word, (_body(tree.this, negated), _body(tree.expression, negated)))
    return Atom(tree, negated)
