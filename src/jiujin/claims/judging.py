"""Judges claim lines in PostgreSQL by the plan in force: facts from records or a roster, with what officers verified over them.

Whoever calls holds the rows and the transaction: a decision is made on what is judged inside it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import pyarrow as pa
from django.db import connection, transaction

from jiujin.claims.models import Basis, ClaimLine, VerifiedFact
from jiujin.core.bulk import among
from jiujin.core.prepared import PreparedCursor
from jiujin.core.proof import Proof
from jiujin.plan import Plan
from jiujin.plan.models import Scheme
from jiujin.registry.models import Person
from jiujin.rules import Program, compile_scheme
from jiujin.rules.engines import POSTGRES
from jiujin.rules.expressions import SQL_TYPES
from jiujin.rules.judge import fetch_judged
from jiujin.rules.records import records_source

TABLES: dict[str, str] = {  # a subject of the plan → its records
    "placement": "work_placement",
    "public_post": "circles_postholding",
    "internship": "internships_internship",
    "enrolment": "schools_enrolment",
    "signature": "fairs_tripartitesignature",
    "network_project": "fairs_networkproject",
    "matching_service": "fairs_matchingservice",
    "public_event": "fairs_publicevent",
}
GIVEN = frozenset({"born_on"})  # of a person, known from the registry and not from the roster's identity number
HELD = "jiujin.held"
LEFT_OUT = frozenset({"name"})  # no judgement needs it, and history keeps no name


@dataclass(frozen=True)
class Judgement:
    """What the rules say of one line: as `jiujin.rules` has it, with the limit's key and the days that the line takes up."""

    facts: Mapping[str, Any]
    proofs: Mapping[str, int]
    verdict: str
    unmet: Sequence[str]
    missing: Sequence[str]
    amount_fen: int | None
    limit_key: str
    limit_max: int | None
    first_on: date | None
    last_on: date | None


_plans: dict[str, Plan] = {}


def program_of(plan: Plan, scheme: str, basis: str) -> Program:
    """The compiled scheme for lines of a basis; compiled once for each version of the plan."""
    _plans[plan.digest] = plan
    return _program(plan.digest, scheme, basis)


@lru_cache(maxsize=200)
def _program(digest: str, scheme: str, basis: str) -> Program:
    plan = _plans[digest]
    given = None if basis == Basis.RECORDS else GIVEN
    return compile_scheme(plan, plan.scheme(scheme), records=True, given=given)


def judge_lines(lines: Sequence[ClaimLine], plan: Plan) -> dict[int, Judgement]:
    """Judge lines (saved ones) as they stand now; by line id. Nothing is written.

    Raises KeyError where the plan has no such scheme.
    """
    found: dict[int, Judgement] = {}
    kinds = {(line.scheme, line.basis) for line in lines}
    for scheme, basis in sorted(kinds):
        some = [line for line in lines if (line.scheme, line.basis) == (scheme, basis)]
        found |= _judge_kind(some, program_of(plan, scheme, basis))
    return found


def judge_facts(
    program: Program, held: Mapping[int, tuple[Mapping[str, Any], Mapping[str, int]]]
) -> dict[int, Judgement]:
    """Judge facts as they were seen (facts and proofs by any id): what `jiujin replay` does with a decision."""
    return {row["ord"]: _judgement(program, row, *held[row["ord"]]) for row in judge_rows(program, held).to_pylist()}


def judge_rows(program: Program, held: Mapping[int, tuple[Mapping[str, Any], Mapping[str, int]]]) -> pa.Table:
    """The whole judgement of facts (and proofs) by any id: every condition's answer and every fact's value, as `rules.judge` has it."""
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [HELD, _held_text(program, held)])
        return fetch_judged(PreparedCursor(cursor), program, _held_source(program), limited=False)


def facts_now(lines: Sequence[ClaimLine], program: Program) -> dict[int, tuple[dict[str, Any], dict[str, int]]]:
    """Facts and proofs of lines of one kind as they stand now, by line id."""
    told = _from_records(lines, program) if lines and lines[0].basis == Basis.RECORDS else _from_rosters(lines)
    for verified in VerifiedFact.objects.filter(line__in=among(line.pk for line in lines)).order_by("id"):
        facts, proofs = told[verified.line_id]
        facts[verified.fact], proofs[verified.fact] = verified.value, verified.proof
    return told


def _judge_kind(lines: Sequence[ClaimLine], program: Program) -> dict[int, Judgement]:
    return judge_facts(program, facts_now(lines, program))


def _from_records(lines: Sequence[ClaimLine], program: Program) -> dict[int, tuple[dict[str, Any], dict[str, int]]]:
    by_record: dict[int | None, list[int]] = {}  # a correction rests on the record of the line that it corrects
    for line in lines:
        by_record.setdefault(line.record_id, []).append(line.pk)
    ids = ",".join(str(record) for record in by_record if record is not None)
    wanted = f"subject.id = ANY(CAST(current_setting('{HELD}') AS BIGINT[]))"
    source = records_source(program, TABLES[program.scheme.subject], where=wanted)
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [HELD, f"{{{ids}}}"])
        asked = PreparedCursor(cursor)
        asked.execute(POSTGRES.translate(f"SELECT ord, CAST(to_jsonb(source) AS TEXT) AS held FROM {source}"))
        rows = asked.fetchall()
    found: dict[int, tuple[dict[str, Any], dict[str, int]]] = {line.pk: ({}, {}) for line in lines}
    for record, text in rows:
        facts, proofs = _split(program, text)
        for line_id in by_record[record]:
            found[line_id] = (dict(facts), dict(proofs))
    return found


def _split(program: Program, text: str) -> tuple[dict[str, Any], dict[str, int]]:

    held = json.loads(text)
    facts = {name: held[name] for name in program.direct if name not in LEFT_OUT and held[name] is not None}
    proofs = {name: held[f"{name}__proof"] or Proof.DECLARED for name in facts}
    return facts, proofs


def _from_rosters(lines: Sequence[ClaimLine]) -> dict[int, tuple[dict[str, Any], dict[str, int]]]:
    found = {}
    ids = {line.person_id for line in lines if line.person_id is not None}
    people = Person.objects.only("id_number_index", "born_on").in_bulk(ids)
    for line in lines:
        facts = {name: value for name, value in line.declared.items() if value is not None and name not in LEFT_OUT}
        proofs = dict.fromkeys(facts, int(Proof.DECLARED))
        person = people.get(line.person_id or 0)
        if person is not None and person.id_number_index is not None:
            facts["id_number"] = bytes(person.id_number_index).hex()
            facts["born_on"] = person.born_on.isoformat() if person.born_on else None
            proofs |= {"id_number": int(Proof.VERIFIED), "born_on": int(Proof.VERIFIED)}
        found[line.pk] = (facts, proofs)
    return found


def _held_text(program: Program, held: Mapping[int, tuple[Mapping[str, Any], Mapping[str, int]]]) -> str:
    rows = []
    for ord_, (facts, proofs) in held.items():
        row = {"ord": ord_, **{name: facts.get(name) for name in program.direct}}
        rows.append(row | {f"{name}__proof": int(proofs.get(name, Proof.DECLARED)) for name in program.direct})
    return json.dumps(rows, ensure_ascii=False)


def _held_source(program: Program) -> str:
    """A relation of `ord`, every direct fact, and its proof, out of the setting `HELD`: the query's text stays the same."""
    parts = ["CAST(held ->> 'ord' AS BIGINT) AS ord"]
    for name in program.direct:
        kind = SQL_TYPES[program.plan.facts[name].type]
        parts.append(f"CAST(held ->> '{name}' AS {kind}) AS {name}")
        parts.append(f"CAST(held ->> '{name}__proof' AS BIGINT) AS {name}__proof")
    rows = f"jsonb_array_elements(CAST(current_setting('{HELD}') AS JSONB))"
    return f"(SELECT {', '.join(parts)} FROM {rows} AS held OFFSET 0) AS source"


def _judgement(
    program: Program, row: Mapping[str, Any], facts: Mapping[str, Any], proofs: Mapping[str, int]
) -> Judgement:
    limit = program.scheme.limit
    first_on, last_on = _days(program.scheme, row)
    return Judgement(
        facts=facts,
        proofs=proofs,
        verdict=row["verdict"],
        unmet=row["unmet"],
        missing=row["missing"],
        amount_fen=row["amount_fen"],
        limit_key=_limit_key(program, row) if limit else "",
        limit_max=limit.count if limit else None,
        first_on=first_on,
        last_on=last_on,
    )


def _limit_key(program: Program, row: Mapping[str, Any]) -> str:
    """What the limit counts by, as text; blank while part of it is not known."""
    parts = [row[name] for name in program.limit_columns]
    return "" if any(part is None for part in parts) else "|".join(str(part) for part in parts)


def _days(scheme: Scheme, row: Mapping[str, Any]) -> tuple[date | None, date | None]:
    span = scheme.overlap or scheme.span
    if span is None:
        return None, None
    return row.get(span.start), row.get(span.end) if span.end else None
