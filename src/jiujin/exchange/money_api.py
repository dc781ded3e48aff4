"""Money by API, as the person whose token it is: from approved lines to a reconciled payment, and the figures on the way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Path, Query, Router, Schema
from pydantic import Field

from jiujin.accounts.models import User
from jiujin.accounts.permissions import Room
from jiujin.claims.errors import ClaimRefused
from jiujin.claims.models import ClaimLine
from jiujin.exchange.api_parts import REFUSALS, PersonBearer, Strict, officer, yuan
from jiujin.exchange.lines_api import ID_MAX, STEPPED, PageNumber, line_out, lines_of, page_of, stepped
from jiujin.funds.layouts import layout_of
from jiujin.funds.models import PaymentBatch, TreasuryVoucher
from jiujin.funds.queries import LedgerFilters, ReportBy, balances, base_ledger, batches_seen_by, report, totals_of
from jiujin.funds.services.batch_file import batch_file
from jiujin.funds.services.confirm_treasury import confirm_treasury
from jiujin.funds.services.enter_voucher import enter_voucher
from jiujin.funds.services.import_return import import_return
from jiujin.funds.services.make_batch import make_batch
from jiujin.funds.services.mark_sent import mark_sent
from jiujin.funds.services.reconcile_lines import reconcile_lines
from jiujin.funds.services.record_city_payment import record_city_payment
from jiujin.funds.services.release_batch import release_batch
from jiujin.funds.services.schedule_lines import schedule_lines
from jiujin.funds.states import ItemState

PAYMENTS_MAX = 20_000
router = Router(tags=["money"], auth=PersonBearer())
Id = Annotated[int, Field(ge=1, le=ID_MAX)]
BatchKey = Annotated[UUID, Path(description="编批次的人自己定的编号（UUID），编两次算一次")]
FILE: dict[str, Any] = {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}


class BatchUnknown(ClaimRefused):
    """No such batch or voucher, or not the person's to see."""

    def __init__(self) -> None:
        super().__init__(_("没有这个批次或凭证，或不归您看，没有改动。"))


class LineIds(Strict):
    """Lines that go together."""

    lines: list[Id] = Field(min_length=1, max_length=PAYMENTS_MAX)


class BatchIn(LineIds):
    """The lines of a batch, and how its file is written."""

    layout: str = Field(max_length=60, pattern=r"^[a-z][a-z0-9-]*$", description="文件版式，如 bank-csv、treasury-csv")


class CityPaymentIn(LineIds):
    """The city's own voucher for lines that the city decides on."""

    voucher: str = Field(min_length=1, max_length=80, description="市里的凭证号")
    paid_on: date


class SendIn(Strict):
    """The request's number at the treasury, where there is one."""

    request_number: str = Field("", max_length=60)


class VoucherIn(Strict):
    """What a voucher of the treasury says: payments that it paid, and refused ones with the reason."""

    number: str = Field(min_length=1, max_length=80)
    paid_on: date
    paid: list[UUID] = Field(default_factory=list, max_length=PAYMENTS_MAX)
    refused: dict[UUID, Annotated[str, Field(min_length=1, max_length=300)]] = Field(default_factory=dict)


class PaymentOut(Schema):
    """One payment of a batch."""

    id: UUID
    position: int
    line: int
    amount_yuan: str
    state: str
    reason: str


class BatchOut(Schema):
    """A batch with every payment, and what is not left out of it in all."""

    id: UUID
    number: str
    way: str
    state: str
    file_digest: str
    count: int
    total_yuan: str
    payments: list[PaymentOut]


class ReturnOut(Schema):
    """What a return did."""

    digest: str
    settled: int
    failed: int
    refused: int


class VoucherOut(Schema):
    """A voucher, and whether another person confirmed it."""

    id: UUID
    number: str
    confirmed: bool


class ReportRowOut(Schema):
    """Money of one scheme, township or month."""

    key: str
    lines: int
    approved_yuan: str
    committed_yuan: str
    payable_yuan: str
    paid_yuan: str
    recoverable_yuan: str
    recovered_yuan: str
    city_yuan: str


class PurseOut(Schema):
    """What stands where in one budget."""

    scheme: str
    area_code: str
    granted_yuan: str
    budget_yuan: str
    committed_yuan: str
    payable_yuan: str
    in_transit_yuan: str
    paid_yuan: str
    recoverable_yuan: str


class LedgerRowOut(Schema):
    """A row of the base ledger."""

    id: int
    claim: str
    position: int
    scheme: str
    payee: str
    state: str
    amount_yuan: str
    paid_on: str | None
    batch: str | None


class LedgerOut(Schema):
    """One page of the base ledger."""

    total: int
    page: int
    lines: list[LedgerRowOut]


# --- lines --------------------------------------------------------------------------------------------------------------


def _payer(request: HttpRequest, ids: Sequence[int] = ()) -> User:
    """Who moves money, if the lines are theirs to see. Raises NotAllowed, LineUnknown."""
    user = officer(request, Room.FUND_CHANGES)
    lines_of(user, ids)
    return user


@router.post("/schedule", response=STEPPED, summary="排入拨付", operation_id="schedule_lines")
def schedule(request: HttpRequest, body: LineIds) -> Any:
    """Make approved lines payable."""
    user = _payer(request, body.lines)
    schedule_lines(ids=body.lines, actor=user, now=timezone.now())
    return stepped(user, body.lines)


@router.post("/reconcile", response=STEPPED, summary="对账", operation_id="reconcile_lines")
def reconcile(request: HttpRequest, body: LineIds) -> Any:
    """Reconcile paid lines: line, book and payment are one amount."""
    user = _payer(request, body.lines)
    reconcile_lines(ids=body.lines, actor=user, now=timezone.now())
    return stepped(user, body.lines)


@router.post("/city-payments", response=STEPPED, summary="登记市级拨付", operation_id="record_city_payment")
def city_payment(request: HttpRequest, body: CityPaymentIn) -> Any:
    """Note the voucher of lines that the city pays; the district's book has no posting of it."""
    user = _payer(request, body.lines)
    record_city_payment(line_ids=body.lines, voucher=body.voucher, paid_on=body.paid_on, actor=user, now=timezone.now())
    return stepped(user, body.lines)


# --- batches --------------------------------------------------------------------------------------------------------------


def _batch(viewer: User, batch_id: UUID) -> PaymentBatch:
    """The batch, if the viewer sees it. Raises BatchUnknown."""
    batch = batches_seen_by(viewer).filter(pk=batch_id).first()
    if batch is None:
        raise BatchUnknown
    return batch


def _batch_out(viewer: User, batch_id: UUID) -> dict[str, Any]:
    batch = _batch(viewer, batch_id)
    held = [sums for state, sums in totals_of(batch).items() if state != ItemState.DROPPED]
    payments = batch.items.order_by("position")
    return {
        "id": batch.pk,
        "number": batch.number,
        "way": batch.way,
        "state": batch.state,
        "file_digest": batch.file_digest,
        "count": sum(count for count, _fen in held),
        "total_yuan": yuan(sum(fen for _count, fen in held)),
        "payments": [
            {
                "id": item.pk,
                "position": item.position,
                "line": item.line_id,
                "amount_yuan": yuan(item.amount_fen),
                "state": item.state,
                "reason": item.reason,
            }
            for item in payments
        ],
    }


BATCH: dict[int, Any] = {200: BatchOut, **REFUSALS}


@router.put("/batches/{batch_id}", response=BATCH, summary="编拨付批次", operation_id="put_batch")
def put_batch(request: HttpRequest, batch_id: BatchKey, body: BatchIn) -> Any:
    """Put lines that wait to be paid into a batch, each checked; the same id again gives the batch that stands."""
    user = _payer(request, body.lines)
    way = layout_of(body.layout).way
    make_batch(batch_id=batch_id, ids=body.lines, way=way, layout=body.layout, actor=user, now=timezone.now())
    return _batch_out(user, batch_id)


@router.get("/batches/{batch_id}", response=BATCH, summary="看一个批次", operation_id="get_batch")
def get_batch(request: HttpRequest, batch_id: BatchKey) -> Any:
    """The batch with its payments, and what blocks each."""
    return _batch_out(officer(request, Room.FUNDS), batch_id)


@router.post("/batches/{batch_id}/release", response=BATCH, summary="放行", operation_id="release_batch")
def release(request: HttpRequest, batch_id: BatchKey) -> Any:
    """Release, as the first person or the second, neither of them who prepared the batch."""
    user = _payer(request)
    release_batch(batch=_batch(user, batch_id), actor=user, now=timezone.now())
    return _batch_out(user, batch_id)


@router.post("/batches/{batch_id}/send", response=BATCH, summary="记为已送出", operation_id="send_batch")
def send(request: HttpRequest, batch_id: BatchKey, body: SendIn) -> Any:
    """Note that the file was handed over."""
    user = _payer(request)
    batch = _batch(user, batch_id)
    mark_sent(batch=batch, actor=user, now=timezone.now(), request_number=body.request_number)
    return _batch_out(user, batch_id)


@router.get(
    "/batches/{batch_id}/file",
    response=REFUSALS,
    summary="付款文件",
    operation_id="get_batch_file",
    openapi_extra={"responses": {200: {"description": "OK", **FILE}}},
)
def file(request: HttpRequest, batch_id: BatchKey) -> Any:
    """The file of a released batch as its layout writes it, the same each time."""
    batch = _batch(officer(request, Room.FUND_CHANGES), batch_id)
    return HttpResponse(batch_file(batch), content_type="application/octet-stream")


@router.post(
    "/batches/{batch_id}/return",
    response={200: ReturnOut, **REFUSALS},
    summary="导入回盘",
    operation_id="import_return",
    openapi_extra={"requestBody": {"required": True, **FILE}},
)
def bank_return(request: HttpRequest, batch_id: BatchKey) -> Any:
    """Read the bank's or the treasury's file (the body, as it came); the same file again changes nothing."""
    user = _payer(request)
    made = import_return(batch=_batch(user, batch_id), content=request.body, actor=user, now=timezone.now())
    counts = {"settled": made.settled_count, "failed": made.failed_count, "refused": made.refused_count}
    return {"digest": made.digest} | counts


VOUCHER: dict[int, Any] = {200: VoucherOut, **REFUSALS}
VoucherKey = Annotated[UUID, Path(description="登记的人自己定的编号（UUID），登记两次算一次")]


def _voucher_out(voucher: TreasuryVoucher) -> dict[str, Any]:
    return {"id": voucher.pk, "number": voucher.number, "confirmed": voucher.confirmed_by_id is not None}


@router.put(
    "/batches/{batch_id}/vouchers/{voucher_id}", response=VOUCHER, summary="登记财政凭证", operation_id="put_voucher"
)
def put_voucher(request: HttpRequest, batch_id: BatchKey, voucher_id: VoucherKey, body: VoucherIn) -> Any:
    """Put down what a voucher says; another person confirms it."""
    user = _payer(request)
    voucher = enter_voucher(
        voucher_id=voucher_id,
        batch=_batch(user, batch_id),
        number=body.number,
        paid_on=body.paid_on,
        paid=body.paid,
        refused=body.refused,
        actor=user,
        now=timezone.now(),
    )
    return _voucher_out(voucher)


@router.post(
    "/batches/{batch_id}/vouchers/{voucher_id}/confirm",
    response=VOUCHER,
    summary="确认财政凭证",
    operation_id="confirm_voucher",
)
def confirm_voucher(request: HttpRequest, batch_id: BatchKey, voucher_id: VoucherKey) -> Any:
    """Confirm a voucher that another person entered: what it paid is paid, what it refused is payable again."""
    user = _payer(request)
    voucher = TreasuryVoucher.objects.filter(batch=_batch(user, batch_id), pk=voucher_id).first()
    if voucher is None:
        raise BatchUnknown
    return _voucher_out(confirm_treasury(voucher=voucher, actor=user, now=timezone.now()))


# --- figures ------------------------------------------------------------------------------------------------------------------

Year = Annotated[int | None, Query(ge=2000, le=2100)]
REPORT_FIGURES = ("approved", "committed", "payable", "paid", "recoverable", "recovered", "city")
PURSE_FIGURES = ("granted", "budget", "committed", "payable", "in_transit", "paid", "recoverable")


def _figures(row: object, names: Sequence[str]) -> dict[str, str | None]:
    return {f"{name}_yuan": yuan(getattr(row, f"{name}_fen")) for name in names}


@router.get("/lines", response={200: LedgerOut, **REFUSALS}, summary="台账", operation_id="get_ledger")
def ledger(
    request: HttpRequest, scheme: Annotated[str, Query(max_length=60)] = "", year: Year = None, page: PageNumber = 1
) -> Any:
    """The base ledger: a row for each approved line, with when and by which batch it was paid."""
    lines = base_ledger(officer(request, Room.FUNDS), LedgerFilters(scheme=scheme, year=year))
    return page_of(lines, page, _ledger_row)


def _ledger_row(line: ClaimLine) -> dict[str, Any]:
    settled = line.settled_items[0] if line.settled_items else None  # type: ignore[attr-defined]
    city = getattr(line, "city_payment", None)
    paid_on = settled.settled_on if settled else city.paid_on if city else None
    own = {"paid_on": paid_on.isoformat() if paid_on else None, "batch": settled.batch.number if settled else None}
    return line_out(line) | own


@router.get(
    "/reports/{by}", response={200: list[ReportRowOut], **REFUSALS}, summary="资金报表", operation_id="get_report"
)
def get_report(request: HttpRequest, by: Literal["scheme", "township", "month"], year: Year = None) -> Any:
    """Money by scheme, township or month of payment."""
    asked: ReportBy = by
    rows = report(officer(request, Room.FUNDS), asked, year)
    return [{"key": row.key, "lines": row.lines, **_figures(row, REPORT_FIGURES)} for row in rows]


@router.get("/budgets/{year}", response={200: list[PurseOut], **REFUSALS}, summary="预算", operation_id="get_budgets")
def get_budgets(request: HttpRequest, year: Annotated[int, Path(ge=2000, le=2100)]) -> Any:
    """Every budget of a year, with what stands where in the book."""
    held = balances(officer(request, Room.FUNDS), year)
    return [
        {"scheme": one.purse.scheme, "area_code": one.purse.area_code, **_figures(one, PURSE_FIGURES)} for one in held
    ]
