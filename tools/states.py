"""Draws docs/states.md from the tables of transitions: each room's `states.py` is the source, the page only shows it.

    python tools/states.py            writes the page
    python tools/states.py --check    says whether the page is as the tables are

A table is a tuple of transitions (source, event, target, by), or a dictionary of events to (sources, target).
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "states.md"
SOURCE = ROOT / "src"
HEAD = """# States

Every record that moves through states has one table of transitions, in its room's `states.py`; a service moves a record only by
that table, and each step leaves one event of the name on the arrow. This page is drawn from the tables by `tools/states.py`, and a
test holds it to them. After the event stands who makes it happen.
"""


@dataclass(frozen=True)
class Way:
    """One way between states."""

    source: Any
    event: str
    target: Any
    by: str


@dataclass(frozen=True)
class Table:
    """One table with the room and the name it has in the source."""

    module: str
    name: str
    ways: tuple[Way, ...]


def tables() -> Iterator[Table]:
    """Every table of transitions of the source, in the order of rooms and, in a room, of the file."""
    for path in sorted(SOURCE.rglob("states.py")):
        name = ".".join(path.relative_to(SOURCE).with_suffix("").parts)
        module = importlib.import_module(name)
        for attribute, value in vars(module).items():
            ways = _ways(value)
            if ways:
                yield Table(name, attribute, ways)


def _ways(value: Any) -> tuple[Way, ...]:
    """The ways of what may be a table; none where it is something else."""
    if isinstance(value, tuple) and value and all(hasattr(each, "source") and hasattr(each, "event") for each in value):
        return tuple(Way(each.source, each.event, each.target, each.by) for each in value)
    if isinstance(value, dict) and value and all(_is_event(each) for each in value.values()):
        return tuple(Way(source, event, target, "") for event, (sources, target) in value.items() for source in sources)
    return ()


def _is_event(value: Any) -> bool:
    return isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], tuple) and isinstance(value[1], Enum)


def page(found: Iterable[Table]) -> str:
    """The page with one diagram a table."""
    return HEAD + "".join(_section(table) for table in found)


def _section(table: Table) -> str:
    room = table.module.removeprefix("jiujin.").removesuffix(".states")
    lines = ["", f"## {room}: {table.name.lower().replace('_', ' ')}", "", "```mermaid", "stateDiagram-v2"]
    lines += [f"    {_key(state)}: {_label(state)}" for state in _states(table.ways)]
    lines += [f"    [*] --> {_key(state)}" for state in _first(table.ways)]
    for way in table.ways:
        by = f" ({way.by})" if way.by else ""
        lines.append(f"    {_key(way.source)} --> {_key(way.target)}: {way.event}{by}")
    lines += [f"    {_key(state)} --> [*]" for state in _last(table.ways)]
    return "\n".join([*lines, "```", ""])


def _states(ways: Iterable[Way]) -> list[Any]:
    return list(dict.fromkeys(state for way in ways for state in (way.source, way.target)))


def _first(ways: tuple[Way, ...]) -> list[Any]:
    """Where a record begins: a state that no other leads to, else the first of the table."""
    reached = {way.target for way in ways if way.source != way.target}
    return [state for state in _states(ways) if state not in reached] or [ways[0].source]


def _last(ways: tuple[Way, ...]) -> list[Any]:
    left = {way.source for way in ways}
    return [state for state in _states(ways) if state not in left]


def _key(state: Any) -> str:
    return str(getattr(state, "value", state))


def _label(state: Any) -> str:
    from django.utils.translation import override

    with override("zh-hans"):
        return f"{getattr(state, 'label', state)} ({_key(state)})"


def main() -> int:
    """Write the page, or check it; 1 where it is not as the tables are."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="only say whether the page is as the tables are")
    only_check = parser.parse_args().check
    _set_django_up()
    drawn = page(tables())
    if not only_check:
        PAGE.write_text(drawn, encoding="utf-8")
    elif not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != drawn:
        print("docs/states.md is not as the tables are: run python tools/states.py", file=sys.stderr)
        return 1
    return 0


def _set_django_up() -> None:
    """Settings that let the models be imported; no database is asked."""
    for name, value in {
        "DJANGO_SETTINGS_MODULE": "jiujin.web.settings",
        "JIUJIN_DATABASE_URL": "postgresql:///nobody-asks",
        "JIUJIN_DEMO": "1",
        "JIUJIN_LOG_LEVEL": "WARNING",
        "JIUJIN_SECRET_KEY": "only-to-draw-the-states-" * 3,
    }.items():
        os.environ.setdefault(name, value)
    import django

    django.setup()


if __name__ == "__main__":
    raise SystemExit(main())
