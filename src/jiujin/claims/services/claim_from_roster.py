"""Files a claim from a workbook."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from jiujin.claims.errors import NothingToClaim
from jiujin.claims.models import Claim, Source
from jiujin.claims.roster_lines import read_lines
from jiujin.claims.services.file_claim import (
    LINES_MAX,
    NewLine,
    file_claim,
    require_fit,
    scheme_of,
)
from jiujin.claims.services.keep_roster import keep_roster
from jiujin.claims.steps import require_filer
from jiujin.core.plan_in_force import plan_in_force
from jiujin.core.services.record_event import Actor
from jiujin.registry.models import Organisation
from jiujin.sheets import CellError


@dataclass(frozen=True)
class RosterClaim:
    """A claim out of a workbook, and every cell that is wrong: rows with no usable identity are not among its lines."""

    claim: Claim
    errors: list[CellError]
    notices: list[str]


@transaction.atomic
def claim_from_roster(
    *,
    claim_id: uuid.UUID,
    scheme: str,
    payee: Organisation | None,
    path: Path,
    actor: Actor,
    now: datetime,
    name: str = "",
) -> RosterClaim:
    """File the rows of a workbook as the drafts of one claim; people are found by identity number, or registered.

    The workbook, which its owner calls `name`, stays with the claim.
    The same id again gives the claim that stands. Raises as file_claim does, SheetUnreadable for a file that cannot be read
    at all, and NothingToClaim where no row is usable or there are more than LINES_MAX.
    """
    plan = plan_in_force()
    rule = scheme_of(plan, scheme)
    require_filer(actor, payee)
    require_fit(rule, payee)
    if held := Claim.objects.filter(pk=claim_id, scheme=scheme, payee=payee).first():
        return RosterClaim(held, [], [])
    read = read_lines(path, plan=plan, scheme=rule, payee=payee, actor=actor)
    if not read.rows:
        told = "；".join(f"{error.cell} {error.message}" for error in read.errors[:3])
        raise NothingToClaim(_("表里没有可以申报的行，没有建立申报：%(told)s") % {"told": told} if told else "")
    if len(read.rows) > LINES_MAX:
        raise NothingToClaim(
            _("一份申报最多 %(most)s 条，这张表有 %(count)s 条，没有建立申报。请分成几份。")
            % {"most": LINES_MAX, "count": len(read.rows)}
        )
    lines = [
        NewLine(key=uuid.uuid5(claim_id, f"{row.sheet}|{row.row}"), person=row.person, declared=row.declared)
        for row in read.rows
    ]
    claim = file_claim(
        claim_id=claim_id,
        scheme=scheme,
        payee=payee,
        lines=lines,
        actor=actor,
        source=Source.ROSTER,
        now=now,
    )
    keep_roster(claim=claim, path=path, name=name, actor=actor)
    return RosterClaim(claim, read.errors, read.notices)
