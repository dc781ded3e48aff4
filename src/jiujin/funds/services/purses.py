"""Which purse a line's money is in, and which it is to come from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection

from jiujin.claims.models import ClaimLine
from jiujin.funds.errors import PurseMissing
from jiujin.funds.models import Purse
from jiujin.plan import Plan


def purses_for(lines: Sequence[ClaimLine], plan: Plan) -> dict[int, Purse]:
    """The purse that each line is to be committed from, by line id: of its scheme's class of funds, of its year or, where
    that was closed, the next; the narrowest that there is for its area, at last the district's. Raises PurseMissing.
    """
    there = list(
        Purse.objects.filter(scheme__in={line.scheme for line in lines}, closing=None).order_by("year", "area_code")
    )
    found = {}
    for line in lines:
        fund_class = plan.scheme(line.scheme).fund_class
        fitting = [
            purse
            for purse in there
            if (purse.scheme, purse.fund_class) == (line.scheme, fund_class)
            and purse.year >= line.claim.year
            and line.area_code.startswith(purse.area_code)
        ]
        if not fitting:
            raise PurseMissing(line.pk)
        found[line.pk] = min(fitting, key=lambda purse: (purse.year, -len(purse.area_code)))
    return found


def purses_of(line_ids: Iterable[int]) -> dict[int, int]:
    """The purse that each line's money stands in, by line id: that of its last commitment."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (entry.line_id) entry.line_id, posting.purse_id FROM funds_ledgerentry AS entry"
            " JOIN funds_posting AS posting ON posting.entry_id = entry.id AND posting.stage = 'committed'"
            " WHERE entry.line_id = ANY(%s) AND entry.movement = 'commitment_made' ORDER BY entry.line_id, entry.place DESC",
            [list(line_ids)],
        )
        return dict(cursor.fetchall())
