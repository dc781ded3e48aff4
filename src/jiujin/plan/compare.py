"""What changed between two packs, record by record and key by key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from jiujin.plan.models import Plan

KINDS = (
    ("clauses", "条款"),
    ("parameters", "参数"),
    ("facts", "事实"),
    ("evidence", "佐证"),
    ("schemes", "补贴项目"),
    ("targets", "目标"),
    ("readings", "解读"),
    ("duties", "职责"),
    ("audiences", "受众"),
    ("risks", "疑点"),
    ("scorecard", "评价表"),
    ("surveys", "调查"),
    ("areas", "区划"),
    ("cases", "用例"),
)


@dataclass(frozen=True)
class Change:
    """One difference: of which kind of record, its id, the key, the value before and after."""

    kind: str
    id: str
    what: Literal["added", "removed", "changed"]
    key: str = ""
    before: Any = None
    after: Any = None


def compare(old: Plan, new: Plan) -> list[Change]:
    """Every difference of content between two packs, in the order of KINDS, then by id."""
    changes = _keys("方案", "plan", old.header.model_dump(by_alias=True), new.header.model_dump(by_alias=True))
    for kind, label in KINDS:
        before, after = getattr(old, kind), getattr(new, kind)
        for record_id in sorted(set(before) | set(after)):
            if record_id not in after:
                changes.append(Change(label, record_id, "removed"))
            elif record_id not in before:
                changes.append(Change(label, record_id, "added"))
            elif before[record_id] != after[record_id]:
                changes += _keys(
                    label,
                    record_id,
                    before[record_id].model_dump(by_alias=True),
                    after[record_id].model_dump(by_alias=True),
                )
    shares = {(s.target, s.area): s.figure for s in old.shares}, {(s.target, s.area): s.figure for s in new.shares}
    for key in sorted(set(shares[0]) | set(shares[1])):
        if shares[0].get(key) != shares[1].get(key):
            changes.append(
                Change("任务分解", " ".join(key), "changed", "figure", shares[0].get(key), shares[1].get(key))
            )
    return changes


def _keys(kind: str, record_id: str, before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    return [Change(kind, record_id, "changed", path, old, new) for path, old, new in _leaves("", before, after)]


def _leaves(path: str, before: Any, after: Any) -> list[tuple[str, Any, Any]]:
    """Paths at which two plain values differ, as deep as both are mappings or lists of one length."""
    if before == after:
        return []
    if isinstance(before, dict) and isinstance(after, dict):
        keys = dict.fromkeys([*before, *after])
        return [item for key in keys for item in _leaves(f"{path}.{key}".lstrip("."), before.get(key), after.get(key))]
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        return [
            item
            for index, (old, new) in enumerate(zip(before, after, strict=True))
            for item in _leaves(f"{path}[{index}]", old, new)
        ]
    return [(path, before, after)]
