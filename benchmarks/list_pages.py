"""Every list page of every role in a large district: statements, and milliseconds from the address to the HTML.

    python -m benchmarks.list_pages --people 200000 --services 2000000

A throw-away database is filled as a district is in the middle of a year (`benchmarks/lists_world.py`). Then each page that is
reached without naming a record is opened as each role that may, and with it what its links ask of the same list: another
order, a filter, the next page. One process, one page at a time, by Django's test client. The peer is a plain query of fifty
people in order, without an index for it and without a page.
"""

from __future__ import annotations

import argparse
import html
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from benchmarks import claims_world, lists_world
from benchmarks.measure import ROOT, keep

TIMES = 5
STATEMENTS_MAX, MILLISECONDS_MAX = 9, 200
LINKS = re.compile(r'href="(\?[^"]*)"')
PEER = "SELECT id, name, home_area_id, created_at FROM registry_person ORDER BY created_at DESC, id LIMIT 50"


@dataclass(frozen=True)
class Opened:
    """A page as one role opened it some times."""

    address: str
    role: str
    statements: int
    milliseconds: tuple[float, ...]

    @property
    def usual(self) -> float:
        """The median."""
        return median(self.milliseconds)

    @property
    def worst(self) -> float:
        """The slowest."""
        return max(self.milliseconds)

    @property
    def is_over(self) -> bool:
        """Whether it takes more than a list page may."""
        return self.statements > STATEMENTS_MAX or self.usual > MILLISECONDS_MAX


def addresses(resolver: Any = None, prefix: str = "") -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every address that names no record, with its view."""
    from django.urls import URLPattern, URLResolver, get_resolver, reverse

    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from addresses(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)
        elif isinstance(entry, URLPattern) and not entry.pattern.converters:
            yield reverse(f"{prefix}{entry.name}"), entry.callback


def pages_of(role: str) -> list[str]:
    """The addresses that a role may open."""
    from jiujin.accounts.permissions import ROOMS

    return [address for address, view in addresses() if getattr(view, "room", None) in ROOMS[role]]


def walk(role: str, *, links: bool, only: str = "") -> Iterator[Opened]:
    """Each list page (`only` those with this in their address) that the demo's person of a role may open; with `links` also what
    its own links ask of it.
    """
    from django.test import Client

    from jiujin.accounts.models import User

    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.filter(role=role).order_by("pk")[0])
    for address in pages_of(role):
        if only and only not in address:
            continue
        if not is_list(client, address):
            continue
        asked = (
            [html.unescape(link) for link in dict.fromkeys(LINKS.findall(_content(client, address)))] if links else []
        )
        for query in ("", *asked):
            yield _opened(client, address + query, role)


def is_list(client: Any, address: str) -> bool:
    """Whether a page shows a list."""
    content = _content(client, address)
    return "<table" in content or "data-rows" in content


def _content(client: Any, address: str) -> str:
    """The page; nothing where it is no page (a file, a redirect)."""
    answer = client.get(address)
    if answer.status_code != 200 or not answer.headers.get("content-type", "").startswith("text/html"):
        return ""
    return str(answer.content.decode())


def _opened(client: Any, address: str, role: str) -> Opened:
    from django.db import connection

    took: list[float] = []
    for _ in range(TIMES):
        statements: list[str] = []

        def note(execute: Any, sql: str, *rest: Any, seen: list[str] = statements) -> Any:
            seen.append(sql)
            return execute(sql, *rest)

        with connection.execute_wrapper(note):
            started = time.perf_counter()
            client.get(address)
            took.append((time.perf_counter() - started) * 1000)
    return Opened(address, role, len(statements), tuple(took))


def plain_query() -> Opened:
    """The peer, timed in the same way."""
    from django.db import connection

    took = []
    for _ in range(TIMES * 4):
        started = time.perf_counter()
        with connection.cursor() as cursor:
            cursor.execute(PEER)
            cursor.fetchall()
        took.append((time.perf_counter() - started) * 1000)
    return Opened("plain query of 50 people in order", "", 1, tuple(took))


def rows_of(opened: Sequence[Opened]) -> list[str]:
    """The table: a line a page, by the role for which it takes longest, the slowest first."""
    pages: dict[str, list[Opened]] = {}
    for each in opened:
        pages.setdefault(each.address.split("?")[0], []).append(each)
    return [
        _row(address, held) for address, held in sorted(pages.items(), key=lambda page: -max(o.usual for o in page[1]))
    ]


def _row(address: str, held: Sequence[Opened]) -> str:
    slowest = max(held, key=lambda each: each.usual)
    statements = max(each.statements for each in held)
    return (
        f"| `{address}` | {len({each.role for each in held})} | {len(held)} | {statements} | {median(each.usual for each in held):.0f}"
        f" | {slowest.usual:.0f} | {max(each.worst for each in held):.0f} | {slowest.role} |"
    )


def main() -> None:
    """Fill, open every page, and keep the table."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--people", type=int, default=200_000)
    arguments.add_argument("--services", type=int, default=2_000_000)
    arguments.add_argument("--first-views", action="store_true", help="leave out other orders, filters and pages")
    given = arguments.parse_args()
    with claims_world.throw_away(durable=False) as url:
        collect = [sys.executable, "-m", "jiujin", "manage", "collectstatic", "--noinput", "-v0"]
        subprocess.run(collect, cwd=ROOT, check=True)
        lists_world.fill(url, given.people, given.services)
        from jiujin.accounts.models import Role

        opened = [each for role in Role for each in walk(role, links=not given.first_views)]
        peer = plain_query()
    over = [each for each in opened if each.is_over]
    keep(
        "list_pages",
        [
            f"{given.people:,} people, {given.services:,} service records, {given.people // 2:,} claim lines; {len(opened)} views of"
            f" {len({each.address.split('?')[0] for each in opened})} pages, each {TIMES} times:",
            "",
            "| page | roles | views | statements, most | median ms | slowest view, median ms | worst ms | of whom |",
            "| --- | --- | --- | --- | --- | --- | --- | --- |",
            *rows_of(opened),
            f"| {peer.address} | | | 1 | {peer.usual:.1f} | | {peer.worst:.1f} | |",
            "",
            f"Over {STATEMENTS_MAX} statements or {MILLISECONDS_MAX} ms: {len(over)}"
            + "".join(f"\n- `{o.address}` ({o.role}): {o.statements} statements, {o.usual:.0f} ms" for o in over),
        ],
    )


if __name__ == "__main__":
    main()
