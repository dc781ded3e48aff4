"""Judges every scheme of a subject over a whole file or district in one pass: read once, written once, in DuckDB.

What several schemes ask for is computed once. Each row is reduced to its kind in each scheme (`kinds`); a kind is judged
once, by the scheme's own program over the first row of that kind; then every row takes its kind's answer. Only met rows are
counted against limits. The answer is that of judging each scheme alone, row for row.

A screening has `ord`, and for each scheme the columns `<scheme>.verdict`, `.unmet` (condition ids), `.missing` (fact ids,
`param:ID`), `.amount_fen`, `.limit_used`. `unmet` and `missing` are words with a space between, in an enumeration: a file
of ten million rows holds each combination once a row group.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa
from sqlglot import exp

from jiujin.plan.models import Plan, ProofLevel
from jiujin.plan.parameters import Value
from jiujin.rules.columns import Names, SharedColumns, renamed
from jiujin.rules.engines import DUCKDB
from jiujin.rules.judge import columns_of, facts_source
from jiujin.rules.kinds import kind_codes
from jiujin.rules.program import LIMIT, Program, compile_scheme

VERDICTS = ("met", "unmet", "unknown")
VERDICT_TYPE = f"ENUM ({', '.join(repr(word) for word in VERDICTS)})"
OVER_LIMIT = -1
PARQUET = "FORMAT parquet, PARQUET_VERSION v2"


@dataclass(frozen=True)
class Screened:
    """One scheme within a screening: its program, its columns' shared names, and the codes of its kinds."""

    program: Program
    names: Names
    codes: tuple[str, ...]
    amount: str | None
    limit_by: tuple[str, ...]
    limit_order: tuple[str, ...]


@dataclass(frozen=True)
class Screening:
    """Every scheme of one subject (or some), compiled to be judged together."""

    plan: Plan
    subject: str
    schemes: tuple[Screened, ...]
    columns: SharedColumns = field(repr=False)
    facts: tuple[str, ...]
    records: bool


def compile_screening(
    plan: Plan,
    subject: str,
    *,
    schemes: Sequence[str] | None = None,
    settings: Mapping[str, Value] | None = None,
    proof: ProofLevel | None = None,
    records: bool = False,
) -> Screening:
    """Compile the schemes of a subject (or those named) to be judged in one pass.

    `settings` and `proof` are those of `compile_scheme`; with `records` the relation holds facts as they were read from
    records, each with its level in `<fact>__proof` (declared where there is no such column). Raises ValueError where a
    named scheme is of another subject or none is left.
    """
    wanted = [scheme for scheme in plan.schemes.values() if scheme.subject == subject]
    if schemes is not None:
        wanted = [plan.schemes[name] for name in schemes]
    if not wanted or any(scheme.subject != subject for scheme in wanted):
        raise ValueError(f"not schemes of {subject}: {', '.join(scheme.id for scheme in wanted)}")
    programs = [compile_scheme(plan, scheme, settings=settings, proof=proof, records=records) for scheme in wanted]
    facts = tuple(dict.fromkeys(name for program in programs for name in program.direct))
    proofs = [f"{name}__proof" for name in facts] if records else []
    columns = SharedColumns(["ord", *facts, *proofs])
    named = [(program, columns.add_program(program)) for program in programs]
    codes = kind_codes(named, columns)
    screened_ = tuple(_screened(*one, codes_, columns) for one, codes_ in zip(named, codes, strict=True))
    return Screening(plan, subject, screened_, columns, facts, records)


def _screened(program: Program, names: Names, codes: tuple[str, ...], columns: SharedColumns) -> Screened:
    varies = any(True for _ in renamed(program.amount, names).find_all(exp.Column))
    amount = columns.add(f"amount_{program.scheme.id.replace('-', '_')}", program.amount, names) if varies else None
    if program.scheme.limit is None:
        return Screened(program, names, codes, amount, (), ())
    counted = dict(next(step.columns for step in program.steps if step.name == "reasons"))
    for name in ("limit_day", "limit_year"):
        if name in counted:
            names[name] = columns.add(name, counted[name], names)
    by = tuple(names[name] for name in program.limit_columns)
    return Screened(
        program, names, codes, amount, by, (*([names["limit_day"]] if "limit_day" in counted else []), "ord")
    )


def screen(
    connection: duckdb.DuckDBPyConnection, screening: Screening, relation: str, out: Path, *, order: str = "ord"
) -> None:
    """Judge a relation (a table, view or `read_parquet(…)`) of any size to a Parquet file.

    `order` is an expression that tells rows apart and puts them in input order (it decides ties within a limit).
    """
    with screened(connection, screening, relation, order=order) as query:
        connection.execute(f"COPY ({query}) TO '{quoted(out)}' ({PARQUET}, {_metadata(screening)})")


def screen_verdicts(
    connection: duckdb.DuckDBPyConnection, screening: Screening, relation: str, out: Path, *, order: str = "ord"
) -> None:
    """Judge a relation to a Parquet file of `ord` and a verdict a scheme, before limits, without reasons or amounts."""
    query = verdicts_query(connection, screening, relation, order=order)
    connection.execute(f"COPY ({query}) TO '{quoted(out)}' ({PARQUET}, {_metadata(screening)})")


def verdicts_query(
    connection: duckdb.DuckDBPyConnection, screening: Screening, relation: str, *, order: str = "ord"
) -> str:
    """A query for `ord` and a verdict a scheme, before limits."""
    columns = SharedColumns(screening.columns.source)
    roots = [columns.add_program(scheme.program, answers=True)["root"] for scheme in screening.schemes]
    source = _source(connection, screening, relation, order)
    query = DUCKDB.translate(
        columns.select(source, ["ord", *(f"{root} AS root_{at}" for at, root in enumerate(roots))])
    )
    met, unmet, unknown = (f"{word!r}::{VERDICT_TYPE}" for word in VERDICTS)
    verdicts = [
        f'CASE WHEN root_{at} THEN {met} WHEN NOT root_{at} THEN {unmet} ELSE {unknown} END AS "{one.program.scheme.id}"'
        for at, one in enumerate(screening.schemes)
    ]
    return f"SELECT ord, {', '.join(verdicts)} FROM ({query}) AS judged"


@contextmanager
def screened(
    connection: duckdb.DuckDBPyConnection, screening: Screening, relation: str, *, order: str = "ord"
) -> Iterator[str]:
    """A query for the screening of a relation, good within the `with`: it rests on temporary tables."""
    source = _source(connection, screening, relation, order)
    try:
        _write_kinds(connection, screening, source)
        for at, scheme in enumerate(screening.schemes):
            _judge_kinds(connection, scheme, at)
        limited = [(at, scheme) for at, scheme in enumerate(screening.schemes) if scheme.limit_order]
        if limited:
            _count_places(connection, screening, source, limited)
        yield _result(screening, {at for at, _ in limited})
    finally:
        for table in _tables(screening):
            connection.execute(f"DROP TABLE IF EXISTS temp.{table}")


def _tables(screening: Screening) -> list[str]:
    numbered = [f"screen_{what}_{at}" for at in range(len(screening.schemes)) for what in ("kinds", "answers")]
    once = ("rows", "shown", "judged", "unmet", "missing", "met", "places")
    return [*(f"screen_{what}" for what in once), *numbered]


def _source(connection: duckdb.DuckDBPyConnection, screening: Screening, relation: str, order: str) -> str:
    held = columns_of(connection, relation)
    return facts_source(screening.plan, screening.facts, relation, held, order, records=screening.records)


def _write_kinds(connection: duckdb.DuckDBPyConnection, screening: Screening, source: str) -> None:
    """`screen_rows`: the codes and amounts of every row. `screen_kinds_N`: each kind of a scheme and its first row.
    `screen_shown`: the facts of those rows."""
    selected = ["ord"]
    for at, scheme in enumerate(screening.schemes):
        selected += [f"{code} AS code_{at}_{part}" for part, code in enumerate(scheme.codes)]
        selected += [f"{scheme.amount} AS amount_{at}"] if scheme.amount else []
    query = DUCKDB.translate(screening.columns.select(source, selected))
    connection.execute(f"CREATE TEMP TABLE screen_rows AS {query}")
    for at, scheme in enumerate(screening.schemes):
        codes = ", ".join(f"code_{at}_{part}" for part in range(len(scheme.codes)))
        connection.execute(
            f"CREATE TEMP TABLE screen_kinds_{at} AS SELECT {codes}, min(ord) AS ord FROM screen_rows GROUP BY {codes}"
        )
    firsts = " UNION ".join(f"SELECT ord FROM screen_kinds_{at}" for at in range(len(screening.schemes)))
    shown = DUCKDB.translate(f"SELECT * FROM {source}")
    connection.execute(
        f"CREATE TEMP TABLE screen_shown AS SELECT * FROM ({shown}) AS source SEMI JOIN ({firsts}) USING (ord)"
    )


def _judge_kinds(connection: duckdb.DuckDBPyConnection, scheme: Screened, at: int) -> None:
    """`screen_answers_N`: the answer of each kind, by the scheme's own program; and that of a row over the limit."""
    program = scheme.program
    codes = [f"code_{at}_{part}" for part in range(len(scheme.codes))]
    query = DUCKDB.translate(
        "SELECT ord, verdict, unmet_mask, missing_mask, amount_fen"
        f" FROM ({program.sql('screen_shown', limited=False)}) AS judged"
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE screen_judged AS SELECT {', '.join(codes)}, judged.*"
        f" FROM ({query}) AS judged JOIN screen_kinds_{at} USING (ord)"
    )
    unmet = _register_words(connection, "unmet", program.unmet_ids, LIMIT)
    missing = _register_words(connection, "missing", program.missing_ids, "")
    connection.execute(
        f"CREATE TEMP TABLE screen_answers_{at} AS SELECT * REPLACE (CAST(verdict AS {VERDICT_TYPE}) AS verdict,"
        f" CAST(unmet AS {unmet}) AS unmet, CAST(missing AS {missing}) AS missing) FROM ("
        f"SELECT {', '.join(codes)}, verdict, unmet, missing, amount_fen"
        " FROM screen_judged JOIN screen_unmet USING (unmet_mask) JOIN screen_missing USING (missing_mask)"
        f" UNION ALL SELECT {', '.join(str(OVER_LIMIT) for _ in codes)}, 'unmet', '{LIMIT}', '', 0)"
    )


def _register_words(
    connection: duckdb.DuckDBPyConnection, what: str, names: Callable[[int], list[str]], more: str
) -> str:
    """`screen_<what>`: each mask that was seen and its words; the type that can hold them, and `more`."""
    masks = [int(row[0]) for row in connection.execute(f"SELECT DISTINCT {what}_mask FROM screen_judged").fetchall()]
    words = [" ".join(names(mask)) for mask in masks]
    table = pa.table({f"{what}_mask": pa.array(masks, type=pa.int64()), what: pa.array(words, type=pa.string())})
    connection.register("screen_words", table)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE screen_{what} AS SELECT * FROM screen_words")
    connection.unregister("screen_words")
    return f"ENUM ({', '.join(repr(word) for word in sorted({*words, more}))})"


def _count_places(
    connection: duckdb.DuckDBPyConnection, screening: Screening, source: str, limited: list[tuple[int, Screened]]
) -> None:
    """`screen_places`: for the rows met in a scheme with a limit, the how-manieth of its person, year, … each is.

    Almost every met row is the only one of its person and year. Those whose keys' hash is no other's are told so by
    that hash; only the rest are put in order by the keys themselves.
    """
    tests = [f"answers_{at}.verdict = 'met' AS met_{at}" for at, _ in limited]
    joins = "".join(_join(scheme, at) for at, scheme in limited)
    met = (
        f"SELECT rows.ord, {', '.join(tests)} FROM screen_rows AS rows{joins}"
        f" WHERE {' OR '.join(f'met_{at}' for at, _ in limited)}"
    )
    keys = dict.fromkeys(name for _, scheme in limited for name in (*scheme.limit_by, *scheme.limit_order))
    flags = [f"met_{at}" for at, _ in limited]
    joined = " JOIN screen_met USING (ord)"
    connection.execute(f"CREATE TEMP TABLE screen_met AS {met}")
    columns = DUCKDB.translate(screening.columns.select(source, [*keys, *flags], joined=joined))
    connection.execute(f"CREATE OR REPLACE TEMP TABLE screen_met AS {columns}")
    places, ordered = [], []
    for at, scheme in limited:
        by, order = ", ".join(scheme.limit_by), ", ".join(scheme.limit_order)
        places.append(f"CASE WHEN met_{at} THEN COALESCE(contested_{at}.place, 1) END AS place_{at}")
        ordered.append(
            f" LEFT JOIN (SELECT ord, ROW_NUMBER() OVER (PARTITION BY {by} ORDER BY {order}) AS place FROM screen_met"
            f" WHERE met_{at} AND hash({by}) IN (SELECT hash({by}) FROM screen_met WHERE met_{at} GROUP BY ALL"
            f" HAVING count(*) > 1)) AS contested_{at} USING (ord)"
        )
    connection.execute(
        f"CREATE TEMP TABLE screen_places AS SELECT ord, {', '.join(places)} FROM screen_met{''.join(ordered)}"
    )


def _join(scheme: Screened, at: int, place: str | None = None) -> str:
    """A row's answer in a scheme: by its kind, or the one over the limit."""
    limit = scheme.program.scheme.limit
    tests = []
    for part in range(len(scheme.codes)):
        code = f"rows.code_{at}_{part}"
        code = f"CASE WHEN {place} > {limit.count} THEN {OVER_LIMIT} ELSE {code} END" if place and limit else code
        tests.append(f"answers_{at}.code_{at}_{part} = {code}")
    return f" JOIN screen_answers_{at} AS answers_{at} ON {' AND '.join(tests)}"


def _result(screening: Screening, limited: set[int]) -> str:
    columns = ["rows.ord"]
    for at, scheme in enumerate(screening.schemes):
        answer, limit, name = f"answers_{at}", scheme.program.scheme.limit, scheme.program.scheme.id
        amount = f"{answer}.amount_fen"
        if scheme.amount:
            amount = f"CASE {answer}.verdict WHEN 'met' THEN rows.amount_{at} WHEN 'unmet' THEN 0 END"
        place = f"CASE WHEN place_{at} <= {limit.count} THEN place_{at} END" if limit else "NULL"
        values = {
            **{word: f"{answer}.{word}" for word in ("verdict", "unmet", "missing")},
            "amount_fen": f"CAST({amount} AS BIGINT)",
            "limit_used": f"CAST({place} AS INTEGER)",
        }
        columns += [f'{sql} AS "{name}.{word}"' for word, sql in values.items()]
    joins = " LEFT JOIN screen_places AS places USING (ord)" if limited else ""
    joins += "".join(
        _join(scheme, at, f"place_{at}" if at in limited else None) for at, scheme in enumerate(screening.schemes)
    )
    return f"SELECT {', '.join(columns)} FROM screen_rows AS rows{joins}"


def _metadata(screening: Screening) -> str:
    kept = {"plan": screening.plan.id, "digest": screening.plan.digest, "subject": screening.subject}
    return f"KV_METADATA {{{', '.join(f'{key}: {value!r}' for key, value in kept.items())}}}"


def quoted(path: Path) -> str:
    """A path within single quotes of SQL."""
    return str(path).replace("'", "''")
