"""Reads of money; the viewer comes first and bounds what is seen: whoever has an area sees the money of that area's lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from jiujin.accounts.models import User
from jiujin.accounts.permissions import Room, may_enter
from jiujin.claims.models import Claim, ClaimLine, Payer, Source
from jiujin.claims.states import DECIDED, LineState
from jiujin.core.models import Event
from jiujin.funds.models import (
    Balance,
    BankReturn,
    LedgerEntry,
    PayeeAccount,
    PaymentBatch,
    PaymentItem,
    Posting,
    Purse,
    Recovery,
)
from jiujin.funds.states import BatchState, ItemState, RecoveryState
from jiujin.ledger import Stage
from jiujin.rules.program import LIMIT

BOOKED = (*DECIDED, LineState.RECOVERED)
PAID = (LineState.PAID, LineState.RECONCILED)
MASKED_LAST = 4
ReportBy = Literal["scheme", "township", "month"]


# --- budgets ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PurseBalance:
    """What stands at each stage of a purse, in fen."""

    purse: Purse
    funding_fen: int = 0
    budget_fen: int = 0
    committed_fen: int = 0
    payable_fen: int = 0
    in_transit_fen: int = 0
    paid_fen: int = 0
    recoverable_fen: int = 0

    @property
    def granted_fen(self) -> int:
        """All that the purse holds, at whatever stage."""
        held = (self.budget_fen, self.committed_fen, self.payable_fen, self.in_transit_fen, self.paid_fen)
        return sum(held) + self.recoverable_fen


def purses_seen_by(viewer: User) -> QuerySet[Purse]:
    """The purses whose area lies in the viewer's; without an area, all. Who may not enter the funds sees none."""
    if not may_enter(viewer, Room.FUNDS):
        return Purse.objects.none()
    return Purse.objects.filter(area_code__startswith=viewer.area_code)


def balances(viewer: User, year: int) -> list[PurseBalance]:
    """Every purse of a year that the viewer sees, with what stands where; by scheme and area."""
    held: dict[int, dict[str, int]] = {}
    purses = purses_seen_by(viewer).filter(year=year).order_by("fund_class", "scheme", "area_code")
    for purse_id, stage, amount_fen in Balance.objects.filter(purse__in=purses).values_list(
        "purse_id", "stage", "amount_fen"
    ):
        held.setdefault(purse_id, {})[f"{stage}_fen"] = amount_fen
    return [PurseBalance(purse, **held.get(purse.pk, {})) for purse in purses]


def movements_of(viewer: User, purse: Purse) -> QuerySet[LedgerEntry]:
    """The entries of a purse, newest first."""
    own = Exists(Posting.objects.filter(entry=OuterRef("pk"), purse=purse))
    seen = purses_seen_by(viewer).filter(pk=purse.pk).exists()
    return LedgerEntry.objects.filter(own).order_by("-place") if seen else LedgerEntry.objects.none()


# --- lines --------------------------------------------------------------------------------------------------------------


def lines_seen_by(viewer: User) -> QuerySet[ClaimLine]:
    """Lines that came to be money (approved and on), of the viewer's area."""
    if not may_enter(viewer, Room.FUNDS):
        return ClaimLine.objects.none()
    return ClaimLine.objects.filter(state__in=BOOKED, area_code__startswith=viewer.area_code)


def waiting(viewer: User, state: str = LineState.APPROVED) -> QuerySet[ClaimLine]:
    """The district's lines that wait to be scheduled (approved), or to be put into a batch (scheduled and in none)."""
    lines = lines_seen_by(viewer).filter(state=state, payer=Payer.DISTRICT)
    held = PaymentItem.objects.filter(
        line=OuterRef("pk"), state__in=[ItemState.BLOCKED, ItemState.READY, ItemState.RESERVED, ItemState.SETTLED]
    )
    return lines.filter(~Exists(held)).select_related("claim", "payee", "person").order_by("pk")


def city_waiting(viewer: User) -> QuerySet[ClaimLine]:
    """Lines that the city is to pay, whose voucher is not known yet."""
    lines = lines_seen_by(viewer).filter(state=LineState.APPROVED, payer=Payer.CITY)
    return lines.select_related("claim", "payee", "person").order_by("pk")


@dataclass(frozen=True)
class BookLine:
    """One movement of a line's money."""

    at: datetime
    movement: str
    amount_fen: int
    actor: str
    reason: str
    item_id: Any
    purse_id: int


def book_of(line: ClaimLine) -> list[BookLine]:
    """Every movement of a line's money, oldest first."""
    rows = Posting.objects.filter(entry__line=line, amount_fen__gt=0).select_related("entry").order_by("entry__place")
    return [
        BookLine(
            at=row.entry.at,
            movement=row.entry.movement,
            amount_fen=row.amount_fen,
            actor=row.entry.actor,
            reason=row.entry.reason,
            item_id=row.entry.item_id,
            purse_id=row.purse_id,
        )
        for row in rows
    ]


@dataclass(frozen=True)
class LedgerFilters:
    """What the base ledger is narrowed to; a blank narrows nothing."""

    scheme: str = ""
    area_code: str = ""
    year: int | None = None
    month: int | None = None  # of payment
    state: str = ""
    payee_id: int | None = None
    batch_id: Any = None
    search: str = ""


def base_ledger(viewer: User, filters: LedgerFilters = LedgerFilters()) -> QuerySet[ClaimLine]:
    """The 台账: a row a line, with `paid_on` and its payments (`settled_items`, with batch and account) prefetched."""
    lines = lines_seen_by(viewer)
    wanted = Q(area_code__startswith=filters.area_code)
    if filters.scheme:
        wanted &= Q(scheme=filters.scheme)
    if filters.year:
        wanted &= Q(claim__year=filters.year)
    if filters.state:
        wanted &= Q(state=filters.state)
    if filters.payee_id:
        wanted &= Q(payee=filters.payee_id)
    if filters.batch_id:
        wanted &= Exists(PaymentItem.objects.filter(line=OuterRef("pk"), batch=filters.batch_id))
    if filters.search:
        wanted &= Q(claim__number__icontains=filters.search) | Q(payee__name__icontains=filters.search)
    if filters.month:
        paid = PaymentItem.objects.filter(line=OuterRef("pk"), state=ItemState.SETTLED, settled_on__month=filters.month)
        wanted &= Exists(paid) | Q(city_payment__paid_on__month=filters.month)
    settled = PaymentItem.objects.filter(state=ItemState.SETTLED).select_related("batch", "account")
    return (
        lines.filter(wanted)
        .select_related("claim", "payee", "person", "city_payment")
        .prefetch_related(Prefetch("payments", queryset=settled, to_attr="settled_items"))
        .order_by("claim__number", "position", "pk")
    )


# --- payments -----------------------------------------------------------------------------------------------------------


def batches_seen_by(viewer: User) -> QuerySet[PaymentBatch]:
    """Payment batches, newest first; they are the district's, so that whoever has an area sees none."""
    if not may_enter(viewer, Room.FUNDS) or viewer.area_code:
        return PaymentBatch.objects.none()
    people = ("prepared_by", "first_released_by", "second_released_by")
    return PaymentBatch.objects.select_related(*people).order_by("-prepared_at", "-number")


def items_of(batch: PaymentBatch) -> QuerySet[PaymentItem]:
    """The payments of a batch, in order."""
    return batch.items.select_related("line__claim", "line__payee", "line__person", "account").order_by("position")


def totals_of(batch: PaymentBatch) -> dict[str, tuple[int, int]]:
    """How many payments of a batch stand where, and their fen, by state."""
    rows = batch.items.order_by("state").values_list("state").annotate(total=Sum("amount_fen"), count=Count("pk"))
    return {state: (count, total) for state, total, count in rows}


def returns_of(batch: PaymentBatch) -> QuerySet[BankReturn]:
    """The answers to a batch, oldest first."""
    return batch.returns.select_related("imported_by").order_by("imported_at", "pk")


def accounts_seen_by(viewer: User) -> QuerySet[PayeeAccount]:
    """Payees' accounts, those that wait for a second person first. Show numbers by `mask_account` only."""
    if not may_enter(viewer, Room.FUNDS) or viewer.area_code:
        return PayeeAccount.objects.none()
    return PayeeAccount.objects.select_related("organisation", "entered_by", "confirmed_by").order_by(
        F("ended_at").asc(nulls_first=True), F("confirmed_at").asc(nulls_first=True), "organisation__name", "pk"
    )


def mask_account(number: str | None) -> str:
    """An account number of which only the last digits are shown."""
    bare = number or ""
    return f"{'*' * max(len(bare) - MASKED_LAST, 0)}{bare[-MASKED_LAST:]}"


def recoveries_seen_by(viewer: User, state: str = "") -> QuerySet[Recovery]:
    """Recoveries of lines that the viewer sees, newest first."""
    found = Recovery.objects.filter(line__in=lines_seen_by(viewer))
    if state:
        found = found.filter(state=state)
    return found.select_related("line__claim", "line__payee", "demanded_by", "closed_by").order_by("-demanded_at", "pk")


def recoveries_wanted(viewer: User) -> QuerySet[ClaimLine]:
    """Lines that corrections found overpaid, each once, while less was asked back than was found: `found_fen`, `asked_fen`
    (demanded, received, or given up by two people; of the line and of what corrects it), and `is_booked` where the district's
    book has its money. What is corrected before anything was paid is revoked, not recovered, and waits here till then."""
    if not may_enter(viewer, Room.FUNDS):
        return ClaimLine.objects.none()
    lowered = _overpaid().values("corrects")  # few, and by an index; the sums are asked for these alone
    lines = ClaimLine.objects.filter(
        state__in=BOOKED, corrects=None, area_code__startswith=viewer.area_code, pk__in=lowered
    )
    booked = Exists(LedgerEntry.objects.filter(line=OuterRef("pk")))
    found = with_overpaid(lines).filter(found_fen__gt=F("asked_fen")).annotate(is_booked=booked)
    return found.select_related("claim", "payee").order_by("pk")


def with_overpaid(lines: QuerySet[ClaimLine]) -> QuerySet[ClaimLine]:
    """The lines with `found_fen`, what corrections found paid too much, and `asked_fen`, what was asked back of them and of
    what corrects them."""
    over = _overpaid().filter(corrects=OuterRef("pk"))
    asked = Recovery.objects.filter(Q(line=OuterRef("pk")) | Q(line__corrects=OuterRef("pk")))
    return lines.annotate(found_fen=-_sum_of(over), asked_fen=_sum_of(asked))


def _overpaid() -> QuerySet[ClaimLine]:
    """The corrections by which a line was paid too much."""
    return ClaimLine.objects.filter(state=LineState.CORRECTED, corrects__isnull=False, amount_fen__lt=0)


def _sum_of(query: QuerySet[Any]) -> Coalesce:
    """The fen of all rows of a subquery together."""
    total = query.order_by().values(_all=Value(1)).annotate(fen=Sum("amount_fen")).values("fen")
    return Coalesce(Subquery(total), 0)


def room_to_demand(line: ClaimLine) -> tuple[ClaimLine, int] | None:
    """Of which of the line and its paid corrections money can be demanded now, and how much at most; None where one demand is
    open, nothing is paid yet, or all came back."""
    family = [line, *line.corrections.filter(state__in=PAID, amount_fen__gt=0).order_by("pk")]
    recoveries = list(Recovery.objects.filter(line__in=family).exclude(state=RecoveryState.DROPPED).order_by("pk"))
    if any(recovery.state == RecoveryState.DEMANDED for recovery in recoveries):
        return None
    for one in family:
        left = (one.amount_fen or 0) - sum(each.amount_fen for each in recoveries if each.line_id == one.pk)
        if one.state in PAID and left > 0:
            return one, left
    return None


# --- carried in ---------------------------------------------------------------------------------------------------------


def carried_in_seen_by(viewer: User) -> QuerySet[Claim]:
    """What was paid before this program came, newest first, with `line_count` and `amount_sum` of what still stands; the
    district's, so that whoever has an area sees none."""
    if not may_enter(viewer, Room.FUNDS) or viewer.area_code:
        return Claim.objects.none()
    stands = ~Q(lines__state=LineState.WITHDRAWN)
    return (
        Claim.objects.filter(source=Source.CARRIED_IN)
        .select_related("payee", "roster", "made_by")
        .annotate(
            line_count=Count("lines", filter=stands), amount_sum=Sum("lines__amount_fen", filter=stands, default=0)
        )
        .order_by("-made_at", "pk")
    )


@dataclass(frozen=True)
class CarriedInStanding:
    """How a carried-in claim stands: its lines and people, their fen, the total it was held against, and what the book has.

    `over_limit` are the lines for which their limit had no place left.
    """

    lines: int
    people: int
    amount_fen: int
    total_fen: int
    booked_fen: int
    over_limit: Sequence[ClaimLine]

    @property
    def difference_fen(self) -> int:
        """Ours less the finance office's."""
        return self.amount_fen - self.total_fen


def carried_in_standing(claim: Claim) -> CarriedInStanding:
    """How it stands, all of its lines counted, taken out again or not."""
    lines = ClaimLine.objects.filter(claim=claim, is_carried_in=True).order_by("position")
    counts = lines.order_by().aggregate(
        n=Count("pk"), people=Count("person", distinct=True), fen=Sum("amount_fen", default=0)
    )
    told = Event.objects.filter(verb="claim_carried_in", subject_id=str(claim.pk)).order_by("pk").first()
    booked = Posting.objects.filter(entry__line__in=lines, stage=Stage.PAID).aggregate(fen=Sum("amount_fen", default=0))
    return CarriedInStanding(
        lines=counts["n"],
        people=counts["people"],
        amount_fen=counts["fen"],
        total_fen=told.details["total_fen"] if told else counts["fen"],
        booked_fen=booked["fen"],
        over_limit=list(lines.filter(unmet__contains=[LIMIT]).select_related("claim", "person")),
    )


# --- reports ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ReportRow:
    """Lines and fen of one scheme, township or month (`key`: an id, a code, `2022-06`; blank: not known).

    `committed_fen` is approved and not scheduled yet, `payable_fen` scheduled or in transit, `city_fen` paid by the city.
    """

    key: str
    lines: int = 0
    approved_fen: int = 0
    committed_fen: int = 0
    payable_fen: int = 0
    paid_fen: int = 0
    recoverable_fen: int = 0
    recovered_fen: int = 0
    city_fen: int = 0


REPORT_KEYS = {
    "scheme": "line.scheme",
    "township": "left(line.area_code, 9)",
    "month": "to_char(coalesce(item.settled_on, city.paid_on), 'YYYY-MM')",
}
REPORT = """
WITH of_the_report AS MATERIALIZED (
    SELECT line.id, coalesce({key}, '') AS key, line.amount_fen, city.amount_fen AS city_fen
    FROM claims_claimline AS line JOIN claims_claim AS claim ON claim.id = line.claim_id
    LEFT JOIN funds_paymentitem AS item ON item.line_id = line.id AND item.state = 'settled'
    LEFT JOIN funds_citypayment AS city ON city.line_id = line.id
    WHERE line.state = ANY(%s) AND line.area_code LIKE %s AND (%s::int IS NULL OR claim.year = %s)
), book AS (
    SELECT key,
        sum(posting.amount_fen) FILTER (WHERE posting.stage = 'committed') AS committed,
        sum(posting.amount_fen) FILTER (WHERE posting.stage IN ('payable', 'in_transit')) AS payable,
        sum(posting.amount_fen) FILTER (WHERE posting.stage = 'paid') AS paid,
        sum(posting.amount_fen) FILTER (WHERE posting.stage = 'recoverable') AS recoverable,
        sum(posting.amount_fen) FILTER (WHERE posting.stage = 'budget' AND entry.movement = 'recovery_received') AS received
    FROM of_the_report AS line JOIN funds_ledgerentry AS entry ON entry.line_id = line.id
    JOIN funds_posting AS posting ON posting.entry_id = entry.id GROUP BY key
), lines AS (
    SELECT key, count(*) AS lines, coalesce(sum(amount_fen), 0) AS approved_fen, coalesce(sum(city_fen), 0) AS city_fen
    FROM of_the_report GROUP BY key
)
SELECT key, lines, approved_fen, coalesce(committed, 0), coalesce(payable, 0), coalesce(paid, 0), coalesce(recoverable, 0),
    coalesce(received, 0), city_fen
FROM lines LEFT JOIN book USING (key) ORDER BY key
"""


def report(viewer: User, by: ReportBy, year: int | None = None) -> list[ReportRow]:
    """Money by scheme, township or month of payment, of the viewer's area; one row a key, in the keys' order."""
    if not may_enter(viewer, Room.FUNDS):
        return []
    with connection.cursor() as cursor:
        cursor.execute(REPORT.format(key=REPORT_KEYS[by]), [list(BOOKED), f"{viewer.area_code}%", year, year])
        return [ReportRow(row[0], *map(int, row[1:])) for row in cursor.fetchall()]


def years(viewer: User) -> Sequence[int]:
    """The years that have a purse, newest first."""
    return list(purses_seen_by(viewer).order_by("-year").values_list("year", flat=True).distinct())


def batches_waiting(viewer: User) -> dict[str, int]:
    """How many batches stand in each state that waits for somebody."""
    open_states = [BatchState.CHECKED, BatchState.RELEASED_ONCE, BatchState.RELEASED, BatchState.SENT]
    found = batches_seen_by(viewer).filter(state__in=open_states).order_by("state").values_list("state")
    return dict(found.annotate(count=Count("pk")))
