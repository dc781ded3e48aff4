"""The search page under many users at once, from the database to the HTML, beside what a plain database query takes.

    python -m benchmarks.search_page --people 200000 --vacancies 200000 --users 50

A throw-away database is filled with a demo district, `jiujin serve` is started on it as in production, and every user asks for
pages over a connection of their own: from a home of the district, with each filter on or off, with words or without. First with
pauses as people make them, then without any. The peer answers the same filters by one query (a box of degrees on an indexed
point, joined to the rest), with as many connections, and makes no page of it.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg

from benchmarks.measure import ROOT, keep
from jiujin.core.launch import launch_command
from jiujin.core.postgres import start_server

RADII_M = (3000, 25_000)
PAUSE_SECONDS = 2.0  # the mean of what a person takes to look at a page
WARM_PAGES, SECONDS_EACH = 4, 25.0
READY_SECONDS_MAX = 180.0
SEED = 7
WORDS = ("收银", "超市", "保洁", "缝纫", "厨师", "电子厂", "司机 配送", "护理", "文员")
CHOICES: dict[str, Sequence[Any]] = {
    "q": WORDS,
    "occupation": ("401", "402", "403", "410", "605"),
    "wage": (2000, 3000, 4000),
    "shift": ("day", "night", "flexible"),
    "form": ("labour_contract", "part_time"),
    "schooling": (2, 3, 5),
    "priority": ("on",),
}
PEER = """
    SELECT v.id, 12742017.6 * asin(sqrt(power(sin(radians(a.lat - %(lat)s) / 2), 2)
        + cos(radians(%(lat)s)) * cos(radians(a.lat)) * power(sin(radians(a.lon - %(lon)s) / 2), 2))) AS d, count(*) OVER ()
    FROM registry_address a JOIN registry_workplace w ON w.address_id = a.id JOIN work_vacancy v ON v.workplace_id = w.id
    WHERE a.lat BETWEEN %(south)s AND %(north)s AND a.lon BETWEEN %(west)s AND %(east)s
        AND v.state = 'open' AND v.open_until >= current_date AND v.filled_count < v.headcount
        AND (%(q)s::text IS NULL OR v.search @@ to_tsquery('simple', %(q)s))
        AND (%(occupation)s::text IS NULL OR v.occupation_id LIKE %(occupation)s || '%%')
        AND (%(wage)s::int IS NULL OR v.wage_period = 'month' AND coalesce(v.wage_max_fen, v.wage_min_fen) >= %(wage)s::int * 100)
        AND (%(shift)s::text IS NULL OR v.shift IN (%(shift)s, 'flexible', ''))
        AND (%(form)s::text IS NULL OR v.form = %(form)s)
        AND (%(schooling)s::int IS NULL OR v.schooling_min <= %(schooling)s::int)
        AND (%(priority)s::text IS NULL OR v.welcomes_priority_groups)
    ORDER BY d, v.id LIMIT 20
"""
Ask = dict[str, Any]


@dataclass(frozen=True)
class Times:
    """How long the answers took, in milliseconds, and how many were no answer."""

    milliseconds: list[float]
    failures: int
    seconds: float

    def row(self, what: str) -> str:
        """A line of the table."""
        ordered = sorted(self.milliseconds)
        middle, late, most = (ordered[int(len(ordered) * share)] for share in (0.5, 0.95, 0.9999))
        rate = len(ordered) / self.seconds
        return f"| {what} | {len(ordered):,} | {rate:.0f} | {middle:.0f} | {late:.0f} | {most:.0f} | {self.failures} |"


@contextmanager
def served(people: int, vacancies: int) -> Iterator[tuple[int, str]]:
    """A filled throw-away database and the pages on it; gives the port and the database's URL."""
    with tempfile.TemporaryDirectory(prefix="jiujin-bench-") as folder:
        var = Path(folder)
        with start_server(var / "postgres", log=var / "postgres.log", durable=False) as server:
            environment = _environment(var, server.url())
            os.environ.update(environment)
            _fill(people, vacancies, server.url())
            port = _free_port()
            command = launch_command([sys.executable, "-m", "jiujin", "serve"])
            running = {**os.environ, "JIUJIN_PORT": str(port)}
            with subprocess.Popen(command, cwd=ROOT, env=running, start_new_session=True) as process:
                try:
                    _wait_until_up(port, process)
                    yield port, server.url()
                finally:
                    process.terminate()
                    process.wait(timeout=30)


def _environment(var: Path, url: str) -> dict[str, str]:
    return {
        "JIUJIN_VAR": str(var),
        "JIUJIN_DATABASE_URL": url,
        "JIUJIN_DEMO": "1",
        "JIUJIN_SECRET_KEY": "for-a-benchmark-only-" * 3,
        "JIUJIN_SECURE_COOKIES": "0",
        "JIUJIN_LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "jiujin.web.settings",
    }


def _fill(people: int, vacancies: int, url: str) -> None:
    started = time.monotonic()
    jiujin = [sys.executable, "-m", "jiujin"]
    subprocess.run([*jiujin, "demo", "--people", str(people)], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    with psycopg.connect(url, autocommit=True) as connection:
        (held,) = connection.execute("SELECT count(*) FROM work_vacancy").fetchone() or (0,)
        if vacancies > held:
            _multiply(connection, vacancies - held)
        connection.execute("VACUUM ANALYZE")
        (total,) = connection.execute("SELECT count(*) FROM work_vacancy WHERE state = 'open'").fetchone() or (0,)
    print(f"filled: {people:,} people, {total:,} open vacancies in {time.monotonic() - started:.0f} s", file=sys.stderr)


def _multiply(connection: psycopg.Connection[Any], more: int) -> None:
    """Repeat vacancies at other places of work, so that they lie as the firms lie."""
    columns = [
        name
        for (name,) in connection.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'work_vacancy'"
            " AND column_name NOT IN ('id', 'workplace_id', 'employer_id', 'source_key')"
        ).fetchall()
    ]
    listed = ", ".join(columns)
    connection.execute(
        f"INSERT INTO work_vacancy (workplace_id, employer_id, {listed})"
        f" SELECT place.id, place.organisation_id, {', '.join('v.' + name for name in columns)}"
        f" FROM generate_series(1, %s) AS n"
        " JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS nth, count(*) OVER () AS many FROM work_vacancy) v"
        " ON v.nth = n %% v.many"
        " JOIN (SELECT *, row_number() OVER (ORDER BY md5(id::text)) - 1 AS nth, count(*) OVER () AS many FROM registry_workplace)"
        " place ON place.nth = (n * 7919 + n / v.many) %% place.many",
        [more],
    )


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_up(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + READY_SECONDS_MAX
    while time.monotonic() < deadline and process.poll() is None:
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    sys.exit("the pages did not come up")


# --- who asks ------------------------------------------------------------------------------------------------------------


def homes(url: str, count: int) -> list[tuple[float, float]]:
    """Homes of the district, the same each time."""
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT a.lat, a.lon FROM registry_person p JOIN registry_address a ON a.id = p.home_id"
            " WHERE a.lat IS NOT NULL ORDER BY md5(p.id::text) LIMIT %s",
            [count],
        ).fetchall()
    return [(lat, lon) for lat, lon in rows]


def cookies(points: Sequence[tuple[float, float]]) -> list[str]:
    """The session cookie of someone who stands at each point, signed as the pages sign it."""
    import django

    django.setup()
    from django.contrib.sessions.backends.signed_cookies import SessionStore

    from jiujin.web.resident.standing import KEY, Standing

    found = []
    for lat, lon in points:
        session = SessionStore()
        session[KEY] = {**vars(Standing("picked", round(lat, 4), round(lon, 4)))}
        session.save()
        found.append(f"sessionid={session.session_key}")
    return found


def ask_of(pick: random.Random, radius_m: int) -> Ask:
    """One search: each filter on or off."""
    chosen = {name: pick.choice(values) for name, values in CHOICES.items() if pick.random() < 0.5}
    return {"radius": radius_m, **chosen}


@dataclass
class Connection:
    """One user's connection, kept open and opened again where the server closed it."""

    port: int
    cookie: str
    reader: asyncio.StreamReader | None = None
    writer: asyncio.StreamWriter | None = None

    async def page(self, ask: Ask) -> bool:
        """Get one page whole; whether it is an answer."""
        if self.reader is None or self.writer is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        target = f"/near/?{urlencode(ask)}"
        head = f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {self.cookie}\r\n\r\n"
        self.writer.write(head.encode())
        received = (await self.reader.readuntil(b"\r\n\r\n")).lower()
        length = int(received.split(b"content-length:")[1].split(b"\r\n")[0])
        body = await self.reader.readexactly(length)
        if b"connection: close" in received:
            self.reader = self.writer = None
        return received.startswith(b"http/1.1 200") and "个岗位".encode() in body


async def everyone_asks(
    users: int, seconds: float, pause: float, one: Callable[[int, random.Random], Awaitable[bool]]
) -> Times:
    """Every user asks until the time is over, with pauses of an exponential length."""
    took: list[float] = []
    failures = 0
    end = time.monotonic() + seconds

    async def user(number: int) -> None:
        nonlocal failures
        pick = random.Random(SEED + number)
        if pause:
            await asyncio.sleep(pick.uniform(0, pause))
        while time.monotonic() < end:
            started = time.perf_counter()
            good = await one(number, pick)
            took.append((time.perf_counter() - started) * 1000)
            failures += not good
            if pause:
                await asyncio.sleep(pick.expovariate(1 / pause))

    started = time.monotonic()
    await asyncio.gather(*(user(number) for number in range(users)))
    return Times(took, failures, time.monotonic() - started)


async def ask_pages(port: int, held: Sequence[str], radius_m: int, seconds: float, pause: float) -> Times:
    """The times of pages."""
    connections = [Connection(port, cookie) for cookie in held]
    return await everyone_asks(
        len(held), seconds, pause, lambda number, pick: connections[number].page(ask_of(pick, radius_m))
    )


async def ask_database(
    url: str, points: Sequence[tuple[float, float]], radius_m: int, seconds: float, pause: float
) -> Times:
    """The times of the plain query."""
    connections = [await psycopg.AsyncConnection.connect(url, autocommit=True) for _ in points]

    async def one(number: int, pick: random.Random) -> bool:
        cursor = await connections[number].execute(
            PEER, _peer_parameters(ask_of(pick, radius_m), *points[number], radius_m)
        )
        await cursor.fetchall()
        return True

    try:
        return await everyone_asks(len(points), seconds, pause, one)
    finally:
        for connection in connections:
            await connection.close()


def _peer_parameters(ask: Ask, lat: float, lon: float, radius_m: int) -> dict[str, Any]:
    from jiujin.work.nearby.reach import Reach
    from jiujin.work.words import cut

    box = Reach(lat, lon, radius_m).parameters()
    words = " & ".join(f"'{word}'" for word in cut(ask["q"])) if "q" in ask else None
    return {**box, **{name: ask.get(name) for name in CHOICES}, "q": words}


def main() -> None:
    """Fill, serve, ask, and keep the table."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--people", type=int, default=200_000)
    arguments.add_argument("--vacancies", type=int, default=200_000)
    arguments.add_argument("--users", type=int, default=50)
    arguments.add_argument("--seconds", type=float, default=SECONDS_EACH)
    given = arguments.parse_args()
    rows = []
    with served(given.people, given.vacancies) as (port, url):
        points = homes(url, given.users)
        held = cookies(points)
        asyncio.run(ask_pages(port, held, RADII_M[0], WARM_PAGES, 0))  # every worker has its index and its templates
        for radius_m in RADII_M:
            for words, pause in (("with pauses", PAUSE_SECONDS), ("without a pause", 0.0)):
                label = f"{radius_m // 1000} km, {words}"
                rows.append(asyncio.run(ask_pages(port, held, radius_m, given.seconds, pause)).row(f"page, {label}"))
                peer = asyncio.run(ask_database(url, points, radius_m, given.seconds, pause))
                rows.append(peer.row(f"plain query alone, {label}"))
    keep(
        "search_page",
        [
            f"{given.people:,} residents, {given.vacancies:,} vacancies, {given.users} users at once, 2 workers of 4 threads;"
            f" pauses of {PAUSE_SECONDS:g} s on average:",
            "",
            "| what | answers | a second | median ms | 95th percentile ms | slowest ms | failures |",
            "| --- | --- | --- | --- | --- | --- | --- |",
            *rows,
        ],
    )


if __name__ == "__main__":
    main()
