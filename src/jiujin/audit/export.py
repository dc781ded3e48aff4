"""The chain as a file: one JSON object a line, and a last line that says how many there are and where the chain ends."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from typing import Any

from jiujin.audit.chain import GENESIS, Entry, NotPlain, hash_of

LINE_CHARACTERS_MAX = 1_000_000
ENTRY_FIELDS = {field.name for field in fields(Entry)}
CLOSING_FIELDS = {"entries", "head"}


class ChainBroken(Exception):
    """The first line that does not hold: its number in the file from 1, and what is wrong with it."""

    def __init__(self, line: int, reason: str) -> None:
        self.line, self.reason = line, reason
        super().__init__(f"第 {line} 行：{reason}")


@dataclass(frozen=True)
class Verified:
    """What a whole file says: how many entries, and the hash of the last."""

    entries: int
    head: str


def write_lines(entries: Iterable[Entry]) -> Iterator[str]:
    """The lines of an export, the closing one last; entries in the order of the chain."""
    count, head = 0, GENESIS
    for entry in entries:
        count, head = count + 1, entry.hash
        yield _line(asdict(entry))
    yield _line({"entries": count, "head": head})


def verify_lines(lines: Iterable[str]) -> Verified:
    """Check an export line by line, holding one entry at a time. Raises ChainBroken for the first line that does not hold."""
    count, head, closed = 0, GENESIS, False
    number = 0
    for number, line in enumerate(lines, start=1):
        if closed:
            raise ChainBroken(number, "结尾之后还有内容")
        content = _content(number, line)
        if set(content) == CLOSING_FIELDS:
            if content != {"entries": count, "head": head}:
                raise ChainBroken(number, f"结尾写的条数或末尾哈希对不上：实有 {count} 条")
            closed = True
            continue
        entry = _entry(number, content)
        _require_follows(number, entry, count, head)
        count, head = count + 1, entry.hash
    if not closed:
        raise ChainBroken(number + 1, "没有结尾行，文件被截断了")
    return Verified(count, head)


def _require_follows(number: int, entry: Entry, count: int, head: str) -> None:
    """Raises ChainBroken where the entry is not the next one, or is not what its hash was made of."""
    if entry.seq != count + 1:
        raise ChainBroken(number, f"序号应当是 {count + 1}，这里是 {entry.seq}：缺了、多了或调换了记录")
    if entry.previous != head:
        raise ChainBroken(number, "没有接在上一条后面：上一条被换过，或这一条被换过")
    try:
        expected = hash_of(entry)
    except NotPlain:
        raise ChainBroken(number, "内容里有不该有的小数或其他类型") from None
    if entry.hash != expected:
        raise ChainBroken(number, "内容和哈希对不上：这一条被改过")


def _content(number: int, line: str) -> dict[str, Any]:
    if len(line) > LINE_CHARACTERS_MAX:
        raise ChainBroken(number, "这一行长得不合常理")
    try:
        content = json.loads(line)
    except (ValueError, RecursionError):
        raise ChainBroken(number, "读不出来，不是一条记录") from None
    if not isinstance(content, dict):
        raise ChainBroken(number, "读不出来，不是一条记录")
    return content


def _entry(number: int, content: dict[str, Any]) -> Entry:
    texts = ENTRY_FIELDS - {"seq", "details"}
    well_formed = (
        set(content) == ENTRY_FIELDS
        and type(content["seq"]) is int
        and isinstance(content["details"], dict)
        and all(isinstance(content[name], str) for name in texts)
    )
    if not well_formed:
        raise ChainBroken(number, "这一条缺少字段，或多了字段")
    return Entry(**content)


def _line(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"
