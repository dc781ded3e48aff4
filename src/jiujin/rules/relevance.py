"""Whether a condition's answer matters to a row: which failures are told, and which gaps."""

from __future__ import annotations

from collections.abc import Callable

from jiujin.rules.tree import Group, Leaf, Node


def value_sql(node: Node, leaf_sql: Callable[[Leaf], str]) -> str:
    if isinstance(node, Leaf):
        return leaf_sql(node)
    return f"({f' {node.word} '.join(value_sql(part, leaf_sql) for part in node.parts)})"


def relevance_of(root: Node) -> dict[str, str]:
    """For each leaf, SQL (never null) that says whether its answer matters to the row: see `docs/plan-pack.md`."""
    found: dict[str, str] = {}

    def column(leaf: Leaf) -> str:
        return f"c_{leaf.id}"

    def visit(node: Node, when: str) -> None:
        if isinstance(node, Leaf):
            found[node.id] = when
        elif node.word == "AND":
            for part in node.parts:
                is_given = isinstance(part, Leaf) and part.id == node.given
                rest = both(when, f"c_{node.given} IS NOT FALSE") if node.given and not is_given else when
                visit(part, rest)
        else:
            value = value_sql(node, column)
            givens = [f"c_{part.given}" for part in node.parts if isinstance(part, Group) and part.given]
            none_given = (
                " AND ".join(f"{given} IS FALSE" for given in givens) if len(givens) == len(node.parts) else "FALSE"
            )
            for part in node.parts:
                speaks = "TRUE"
                if isinstance(part, Group) and part.given:
                    speaks = f"(c_{part.given} IS NOT FALSE OR ({none_given}))"
                test = f"({value} IS FALSE AND {speaks} OR {value} IS NULL AND {value_sql(part, column)} IS NULL)"
                visit(part, both(when, test))

    visit(root, "TRUE")
    return found


def both(left: str, right: str) -> str:
    if left == "TRUE":
        return right
    return left if right == "TRUE" else f"{left} AND {right}"
