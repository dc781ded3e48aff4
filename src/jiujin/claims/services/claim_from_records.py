"""Files a claim of everything that the records of a payee give, with one press."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import connection, transaction

from jiujin.claims.errors import NothingToClaim
from jiujin.claims.judging import program_of
from jiujin.claims.models import Basis, Claim, Source
from jiujin.claims.records import HeldRecord, table_of, unclaimed, unclaimed_records
from jiujin.claims.services.file_claim import (
    LINES_MAX,
    NewLine,
    file_claim,
    require_fit,
    require_own_records,
    scheme_of,
)
from jiujin.claims.steps import require_filer
from jiujin.core.plan_in_force import plan_in_force
from jiujin.core.services.record_event import Actor
from jiujin.plan import Plan
from jiujin.plan.models import Scheme
from jiujin.registry.models import Organisation
from jiujin.rules.records import judge_records


@transaction.atomic
def claim_from_records(
    *,
    claim_id: uuid.UUID,
    scheme: str,
    payee: Organisation | None,
    actor: Actor,
    now: datetime,
    with_unmet: bool = False,
) -> Claim:
    """File every record of the payee that no living line of the scheme claims; without `with_unmet` those alone that are met
    or lack something. The same id again gives the claim that stands. At most LINES_MAX lines; press again for the rest.

    Raises as file_claim does; NothingToClaim where there is no such record.
    """
    if held := Claim.objects.filter(pk=claim_id, scheme=scheme, payee=payee).first():
        return held
    plan = plan_in_force()
    rule = scheme_of(plan, scheme)
    require_filer(actor, payee)
    require_fit(rule, payee)
    require_own_records(actor, rule)
    records = unclaimed_records(plan, rule, payee)
    hopeless = set() if with_unmet else unmet_records(plan, rule, payee)
    wanted = [record for record in records if record.id not in hopeless][:LINES_MAX]
    if not wanted:
        raise NothingToClaim
    left_out = len(records) - len(wanted)
    note = f"另有 {left_out} 条记录按现在的事实不符合，没有列入" if left_out and not with_unmet else ""
    return file_claim(
        claim_id=claim_id,
        scheme=scheme,
        payee=payee,
        lines=[line_of(claim_id, record) for record in wanted],
        actor=actor,
        source=Source.RECORDS,
        note=note,
        now=now,
    )


def line_of(claim_id: uuid.UUID, record: HeldRecord) -> NewLine:
    """A line of a record; its key is made of both, so that the same claim again has the same lines."""
    return NewLine(key=uuid.uuid5(claim_id, str(record.id)), record_id=record.id)


def unmet_records(plan: Plan, scheme: Scheme, payee: Organisation | None) -> set[int]:
    """The ids of the unclaimed records that are not met, whatever else may come to be known."""
    program = program_of(plan, scheme.id, Basis.RECORDS)
    with connection.cursor() as cursor:
        judged = judge_records(cursor, program, table_of(scheme), where=unclaimed(plan, scheme, payee), detail=False)
    return {row["ord"] for row in judged.select(["ord", "verdict"]).to_pylist() if row["verdict"] == "unmet"}
