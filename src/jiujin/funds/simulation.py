"""What a change of the plan would cost over the registry: facts are read once, then judged by DuckDB. Nothing is written.

A snapshot is a Parquet file of the facts of every record of a subject, as they stood when it was taken. It holds no name and
no number: people are told apart by the keyed index of their identity number.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Left
from django.utils.translation import gettext_noop

from jiujin.claims.judging import LEFT_OUT, TABLES
from jiujin.claims.models import ClaimLine
from jiujin.claims.states import DECIDED
from jiujin.core.plan_in_force import plan_in_force, with_settings
from jiujin.funds.models import Balance
from jiujin.ledger import Stage
from jiujin.plan.models import Plan
from jiujin.registry.models import Organisation, Person
from jiujin.rules import Judged, Screening, Side, Simulation, open_plan, screening_of, simulate, with_limits
from jiujin.rules.engines import POSTGRES
from jiujin.rules.records import facts_query

AREA_DIGITS = 9  # of a township
MEMORY = "2GB"
KEPT_SECONDS = 24 * 3600
READ_STEP = 10_000
CSV = "auto_detect = false, header = false, delim = ',', quote = '\"', escape = '\"'"  # as PostgreSQL writes it
Tell = Callable[[str, int, int], None]
Sides = tuple[Screening | None, Screening | None]


@dataclass(frozen=True)
class Change:
    """What is tried: another pack (null: the one in force), trial values in the rules' units, limits and budgets in fen."""

    plan: Plan | None
    values: Mapping[str, object]
    limits: Mapping[str, int]
    budgets: Mapping[str, int]


@dataclass(frozen=True)
class Today:
    """What a scheme has come to: lines decided on, their people and fen, and what its budgets still hold."""

    lines: int = 0
    people: int = 0
    amount_fen: int = 0
    granted_fen: int = 0
    free_fen: int = 0


@dataclass(frozen=True)
class Tried:
    """A change tried over every subject whose records are kept here."""

    plan: Plan
    changed: Plan
    result: Simulation
    today: Mapping[str, Today]
    today_by_area: Mapping[str, Today]
    without_records: tuple[str, ...]
    taken_at: datetime
    seconds: float


def records_count(subject: str = "placement") -> int:
    """How many records of a subject are kept."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {TABLES[subject]}")
        return int(cursor.fetchone()[0])


def plan_to_try(wanted: str | Path) -> Plan:
    """A pack that is not in force yet, with what the district set for that plan. Raises PlanNotFound and PlanInvalid."""
    return with_settings(open_plan(wanted))


def try_change(change: Change, *, tell: Tell | None = None, kept: bool = False) -> Tried:
    """Judge the registry by the plan in force and by the change. `kept` lets a snapshot of the last day serve.

    Raises ValueError with a Chinese sentence where a limit cannot be changed.
    """
    tell = tell or (lambda stage, done, total: None)
    started = time.monotonic()
    plan = plan_in_force()
    changed = with_limits(change.plan or plan, change.limits)
    sides = Side(plan), Side(changed, dict(change.values))  # type: ignore[arg-type]
    held = [subject for subject in TABLES if records_count(subject)]
    compiled = {subject: tuple(screening_of(side, subject) for side in sides) for subject in held}
    with tempfile.TemporaryDirectory(prefix="jiujin-simulation-") as folder, _duckdb() as judging:
        snapshots = _Snapshots(Path(folder), tell, kept=kept)
        subjects = [
            Judged(before, after, *snapshots.relations(subject, (before, after)))
            for subject, (before, after) in compiled.items()
            if before or after
        ]
        tell(_STAGE_JUDGE, 0, 1)
        result = simulate(judging, subjects, budgets=change.budgets)
        tell(_STAGE_JUDGE, 1, 1)
    lacking = tuple(scheme.id for scheme in changed.schemes.values() if scheme.subject not in held)
    today, by_area = _today()
    return Tried(plan, changed, result, today, by_area, lacking, snapshots.taken_at, time.monotonic() - started)


_STAGE_READ, _STAGE_JUDGE = gettext_noop("读取记录"), gettext_noop("两种办法各判断一遍")


@contextmanager
def _duckdb() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as judging:
        judging.execute(f"SET memory_limit = '{MEMORY}'")
        yield judging


class _Snapshots:
    """The facts of each side as files: one serves both where they are read alike; those that nobody keeps lie in `folder`."""

    def __init__(self, folder: Path, tell: Tell, *, kept: bool) -> None:
        self.folder, self.tell, self.kept = folder, tell, kept
        self.taken_at = datetime.now(UTC)
        self._files: dict[str, Path] = {}

    def relations(self, subject: str, screenings: Sides) -> list[str]:
        """What DuckDB reads for each side."""
        queries = [_facts_sql(subject, screening, screenings) for screening in screenings]
        return [f"read_parquet('{self._file(subject, query)}')" for query in queries]

    def _file(self, subject: str, query: str) -> Path:
        if query not in self._files:
            held = kept_file(query)
            if not (self.kept and _is_recent(held)):
                held = self.folder / f"{len(self._files)}.parquet"
                take_snapshot(query, held, subject, self.tell)
            self.taken_at = min(self.taken_at, datetime.fromtimestamp(held.stat().st_mtime, UTC))
            self._files[query] = held
        return self._files[query]


def _facts_sql(subject: str, screening: Screening | None, screenings: Sides) -> str:
    """The query for a side's facts: those of both sides, so that sides which read them alike share one reading."""
    facts = [name for one in screenings if one for name in one.facts if name not in LEFT_OUT]
    by = screening or screenings[0] or screenings[1]
    assert by is not None
    known = [name for name in dict.fromkeys(facts) if name in by.plan.facts]
    values = by.schemes[0].program.settings
    return facts_query(
        by.plan, subject, known, TABLES[subject], settings=values, more={"area": _area_sql(TABLES[subject])}
    )


def _area_sql(table: str) -> str:
    """The township of a record: where its person lives, or where its organisation is."""
    model = next(model for model in apps.get_models() if model._meta.db_table == table)
    for field, place, area in (("person", Person, "home_area_id"), ("organisation", Organisation, "area_id")):
        names = [held.column for held in model._meta.fields if held.related_model is place]
        if names:
            whose = place._meta.db_table
            return f"(SELECT left({field}.{area}, {AREA_DIGITS}) FROM {whose} AS {field} WHERE {field}.id = subject.{names[0]})"
    return "CAST(NULL AS TEXT)"


def kept_file(query: str) -> Path:
    """Where the snapshot of a query is kept."""
    return Path(settings.VAR_DIR) / "simulation" / f"{hashlib.sha256(query.encode()).hexdigest()}.parquet"


def _is_recent(file: Path) -> bool:
    return file.is_file() and time.time() - file.stat().st_mtime < KEPT_SECONDS


def keep_snapshot(tell: Tell | None = None) -> int:
    """Take the snapshot of the plan in force for the next day's trials; gives how many records it holds."""
    total = 0
    for subject in TABLES:
        screening = screening_of(Side(plan_in_force()), subject)
        if screening is None or not records_count(subject):
            continue
        query = _facts_sql(subject, screening, (screening, screening))
        file = kept_file(query)
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        for old in file.parent.glob("*.parquet"):
            if not _is_recent(old):
                old.unlink(missing_ok=True)
        making = file.with_suffix(".making")
        total += take_snapshot(query, making, subject, tell or (lambda stage, done, total: None))
        making.rename(file)
    return total


def take_snapshot(query: str, out: Path, subject: str, tell: Tell) -> int:
    """Copy a query's rows out of PostgreSQL into a Parquet file; gives how many there were."""
    total, done = records_count(subject), 0
    text = out.with_suffix(".csv")
    try:
        names = _columns(query)
        copy = f"COPY ({POSTGRES.translate(query)}) TO STDOUT (FORMAT csv)"
        opened = os.fdopen(os.open(text, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
        with opened as file, connection.cursor() as cursor, cursor.cursor.copy(copy) as rows:  # type: ignore[attr-defined]
            for row in rows:
                file.write(row)
                done += 1
                if done % READ_STEP == 0:
                    tell(_STAGE_READ, done, total)
        tell(_STAGE_READ, total, total)
        with _duckdb() as writing:
            kinds = ", ".join(f"'{name}': '{kind}'" for name, kind in names.items())
            writing.execute(
                f"COPY (SELECT * FROM read_csv('{text}', {CSV}, columns = {{{kinds}}})) TO '{out}' (FORMAT parquet)"
            )
    finally:
        text.unlink(missing_ok=True)
    out.chmod(0o600)
    return done


def _columns(query: str) -> dict[str, str]:
    """The columns of a query and their types in DuckDB."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({POSTGRES.translate(query)}) AS looked LIMIT 0")
        return {column.name: _DUCKDB_TYPES.get(column.type_code, "VARCHAR") for column in cursor.description}


_DUCKDB_TYPES = {16: "BOOLEAN", 20: "BIGINT", 21: "BIGINT", 23: "BIGINT", 1082: "DATE", 1700: "BIGINT"}  # of PostgreSQL


def _today() -> tuple[dict[str, Today], dict[str, Today]]:
    """What every scheme, and every township, has come to."""
    decided = ClaimLine.objects.filter(state__in=DECIDED)
    figures = {"lines": Count("id"), "people": Count("person", distinct=True), "amount": Sum("amount_fen")}
    by_scheme = {row["scheme"]: row for row in decided.values("scheme").annotate(**figures).order_by("scheme")}
    by_area = decided.annotate(area=Left("area_code", AREA_DIGITS)).values("area").annotate(**figures).order_by("area")
    budgets = {
        row["purse__scheme"]: row
        for row in Balance.objects.values("purse__scheme")
        .annotate(
            granted=Sum(-F("amount_fen"), filter=Q(stage=Stage.FUNDING.value)),
            free=Sum("amount_fen", filter=Q(stage=Stage.BUDGET.value)),
        )
        .order_by("purse__scheme")
    }
    names = dict.fromkeys([*by_scheme, *budgets])
    return (
        {name: _today_of(by_scheme.get(name, {}), budgets.get(name, {})) for name in names},
        {row["area"]: _today_of(row, {}) for row in by_area},
    )


def _today_of(row: Mapping[str, int | None], budget: Mapping[str, int | None]) -> Today:
    return Today(
        lines=row.get("lines") or 0,
        people=row.get("people") or 0,
        amount_fen=int(row.get("amount") or 0),
        granted_fen=int(budget.get("granted") or 0),
        free_fen=int(budget.get("free") or 0),
    )
