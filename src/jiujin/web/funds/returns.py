"""What the bank or the treasury sent back: first shown row by row, then taken; and the vouchers of the treasury."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.permissions import Room
from jiujin.funds.errors import ReturnUnreadable
from jiujin.funds.layouts import layout_of
from jiujin.funds.models import BankReturn, BankReturnRow, PaymentBatch, PaymentItem, TreasuryVoucher
from jiujin.funds.queries import returns_of
from jiujin.funds.return_file import BYTES_MAX, read_return
from jiujin.funds.services.batch_file import sm3_of
from jiujin.funds.services.confirm_treasury import confirm_treasury
from jiujin.funds.services.enter_voucher import enter_voucher
from jiujin.funds.services.import_return import import_return as take_return
from jiujin.funds.services.import_return import sort_rows
from jiujin.funds.states import BatchState, ItemState
from jiujin.registry.errors import EvidenceRefused
from jiujin.registry.services.keep_evidence import keep_evidence
from jiujin.web.funds.doors import REFUSED, UNPROCESSABLE, done, found, own_batch
from jiujin.web.funds.forms import ReturnForm, VoucherForm
from jiujin.web.funds.waiting import keep_waiting, waiting_file
from jiujin.web.funds.words import line_name

SHOWN_ROWS = 200
Outcome = BankReturnRow.Outcome
TONES = {Outcome.SETTLED: "met", Outcome.FAILED: "unmet", Outcome.REFUSED: "late", Outcome.KNOWN: "plain"}


@in_room(Room.FUND_CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def import_return(request: SignedInRequest, batch_id: UUID) -> HttpResponse:
    """Look at a return, then take it. The file that was looked at waits under its digest until it is taken."""
    batch = own_batch(request, batch_id)
    form = ReturnForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {
        "batch": batch,
        "form": form,
        "is_open": batch.state in (BatchState.SENT, BatchState.CLOSED),
    }
    if request.method == "POST" and "take" in request.POST:
        return _take(request, batch)
    if request.method == "POST" and form.is_valid():
        upload: UploadedFile = form.cleaned_data["file"]
        try:
            context |= _look(batch, upload)
        except REFUSED as error:
            form.add_error("file", str(error))
        else:
            return render(request, "funds/return.html", context)
    return render(request, "funds/return.html", context, status=UNPROCESSABLE if form.is_bound else None)


def _look(batch: PaymentBatch, upload: UploadedFile) -> dict[str, Any]:
    """What would become of each row; nothing is kept but the file, for as long as it waits."""
    if not upload.size or upload.size > BYTES_MAX:
        raise ReturnUnreadable(_("文件是空的") if not upload.size else _("文件太大"))
    content = upload.read()
    digest = sm3_of(content)
    known = BankReturn.objects.filter(pk=digest).select_related("batch").first()
    with transaction.atomic():
        sorted_ = sort_rows(batch, read_return(content, layout_of(batch.layout)), timezone.now())
        transaction.set_rollback(True)
    keep_waiting("returns", digest, content)
    counts = {outcome: sum(row.outcome == outcome for row in sorted_.rows) for outcome in Outcome}
    settled_fen = sum(row.amount_fen or 0 for row in sorted_.rows if row.outcome == Outcome.SETTLED)
    ordered = sorted(sorted_.rows, key=lambda row: (row.outcome in (Outcome.SETTLED, Outcome.KNOWN), row.position))
    return {
        "digest": digest,
        "known": known,
        "counts": [(outcome.label, counts[outcome]) for outcome in Outcome],
        "settled_fen": settled_fen,
        "rows": [_shown(row) for row in ordered[:SHOWN_ROWS]],
        "rows_total": len(sorted_.rows),
        "file_name": upload.name,
    }


def _shown(row: BankReturnRow) -> dict[str, Any]:
    item = row.item
    return {
        "position": row.position,
        "line": line_name(item.line) if item else "",
        "payee": item.line.payee.name if item and item.line.payee else "",
        "amount_fen": row.amount_fen,
        "label": Outcome(row.outcome).label,
        "tone": TONES[Outcome(row.outcome)],
        "reason": row.reason,
    }


def _take(request: SignedInRequest, batch: PaymentBatch) -> HttpResponse:
    waiting = waiting_file("returns", request.POST.get("digest", ""))
    if waiting is None:
        messages.warning(request, _("看过的文件已不在，没有导入。请再选一次文件。"))
        return redirect("funds:return", batch.pk)
    content = waiting.read_bytes()
    try:
        taken = take_return(batch=batch, content=content, actor=request.user, now=timezone.now())
    except REFUSED as error:
        messages.warning(request, str(error))
        return redirect("funds:return", batch.pk)
    waiting.unlink(missing_ok=True)
    words = _("已导入：到账 %(settled)s 笔，退汇 %(failed)s 笔，对不上 %(refused)s 笔。")
    counts = {"settled": taken.settled_count, "failed": taken.failed_count, "refused": taken.refused_count}
    messages.success(request, words % counts)
    return redirect("funds:return-rows", batch.pk, taken.pk)


@in_room(Room.FUNDS)
@require_safe
def return_rows(request: SignedInRequest, batch_id: UUID, digest: str) -> HttpResponse:
    """A return that was taken: each row and what became of it."""
    batch = own_batch(request, batch_id)
    taken = found(returns_of(batch).filter(pk=digest))
    rows = taken.rows.select_related("item__line__claim", "item__line__payee").order_by("position")
    refused = [_shown(row) for row in rows.exclude(outcome__in=[Outcome.SETTLED, Outcome.KNOWN])[:SHOWN_ROWS]]
    context = {
        "batch": batch,
        "taken": taken,
        "rows": refused,
        "known_count": taken.rows_count - taken.settled_count - taken.failed_count - taken.refused_count,
    }
    return render(request, "funds/return_rows.html", context)


@in_room(Room.FUND_CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def voucher(request: SignedInRequest, batch_id: UUID) -> HttpResponse:
    """Enter what a voucher of the treasury paid and refused; another person confirms it."""
    batch = own_batch(request, batch_id)
    in_transit = batch.items.filter(state=ItemState.RESERVED).exclude(
        voucher_items__voucher__confirmed_by=None, voucher_items__isnull=False
    )
    items = list(in_transit.select_related("line__claim", "line__payee").order_by("position"))
    form = VoucherForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            _enter(request, batch, form.cleaned_data, items)
        except (*REFUSED, EvidenceRefused) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("凭证已登记，请另一个人确认。"))
            return redirect("funds:batch", batch.pk)
    context = {"batch": batch, "form": form, "items": [(item, line_name(item.line)) for item in items]}
    return render(request, "funds/voucher.html", context, status=UNPROCESSABLE if form.is_bound else None)


def _enter(request: SignedInRequest, batch: PaymentBatch, given: dict[str, Any], items: list[PaymentItem]) -> None:
    said = {str(item.pk): request.POST.get(f"item-{item.pk}", "") for item in items}
    paid = [item.pk for item in items if said[str(item.pk)] == "paid"]
    refused = {item.pk: given["refusal"] for item in items if said[str(item.pk)] == "refused"}
    scan = given["scan"]
    with transaction.atomic():
        kept = keep_evidence(subject=batch, upload=scan, kind="", actor=request.user) if scan else None
        enter_voucher(
            voucher_id=given["request_id"],
            batch=batch,
            number=given["number"],
            paid_on=given["paid_on"],
            paid=paid,
            refused=refused,
            actor=request.user,
            now=timezone.now(),
            scan=kept,
        )


@in_room(Room.FUND_CHANGES)
@require_POST
def confirm_voucher(request: SignedInRequest, batch_id: UUID) -> HttpResponse:
    """Confirm a voucher that another person entered."""
    batch = own_batch(request, batch_id)
    try:
        wanted = UUID(request.POST.get("voucher", ""))
    except ValueError:
        raise Http404 from None
    held = found(TreasuryVoucher.objects.filter(batch=batch, pk=wanted))
    done(
        request,
        lambda: confirm_treasury(voucher=held, actor=request.user, now=timezone.now()),
        _("凭证已确认，到账的已记账。"),
    )
    return redirect("funds:batch", batch.pk)
