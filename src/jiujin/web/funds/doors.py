"""What the pages of money share: records that the viewer may see, steps that are refused in a sentence, lists of a query."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from django.contrib import messages
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest

from jiujin.accounts.access import SignedInRequest
from jiujin.accounts.permissions import Room, may_enter
from jiujin.claims.errors import ClaimRefused
from jiujin.core.listing import Column, Empty, Filter, Row, Table, Words, page_within, read_ask, rows_span
from jiujin.funds.errors import FundsRefused
from jiujin.funds.models import PaymentBatch, Purse
from jiujin.funds.queries import batches_seen_by, purses_seen_by
from jiujin.registry.models import Organisation
from jiujin.web.funds.words import number_of

REFUSED = (FundsRefused, ClaimRefused)
UNPROCESSABLE = 422
LINES_MAX = 20_000
Record = TypeVar("Record", bound=Model)


def may_change(request: SignedInRequest) -> bool:
    """Whether the viewer may move money."""
    return may_enter(request.user, Room.FUND_CHANGES)


def own_batch(request: SignedInRequest, batch_id: UUID) -> PaymentBatch:
    """The batch, if the viewer sees it. Raises Http404."""
    return found(batches_seen_by(request.user).filter(pk=batch_id))


def own_purse(request: SignedInRequest, purse_id: int) -> Purse:
    """The purse, if the viewer sees it. Raises Http404."""
    return found(purses_seen_by(request.user).filter(pk=purse_id))


def found(query: QuerySet[Record]) -> Record:
    """The one record of a query. Raises Http404."""
    record = query.first()
    if record is None:
        raise Http404
    return record


def organisation_named(written: str) -> Organisation | None:
    """The organisation of this full name or credit code."""
    named = written.strip()
    return Organisation.objects.filter(Q(name=named) | Q(credit_code=named)).order_by("pk").first() if named else None


def done(request: HttpRequest, step: Callable[[], Any], words: Words) -> bool:
    """Take a step and say so; a refusal is told in its own sentence."""
    try:
        step()
    except REFUSED as error:
        messages.warning(request, str(error))
        return False
    messages.success(request, str(words))
    return True


def chosen_ids(request: HttpRequest) -> list[int]:
    """The lines that were ticked; anything that is no id is left out."""
    ids = [number_of(text) for text in request.POST.getlist("line")[:LINES_MAX]]
    return [pk for pk in ids if pk is not None]


def listed(
    request: HttpRequest,
    columns: Sequence[Column],
    query: QuerySet[Record],
    row_of: Callable[[Record], Row],
    *,
    id: str,
    caption: Words,
    empty: Empty,
    sort: str,
    orders: Mapping[str, str],
    filters: Sequence[Filter] = (),
    narrow: Callable[[QuerySet[Record], Any], QuerySet[Record]] | None = None,
    prepare: Callable[[Sequence[Record]], None] | None = None,
    **more: Any,
) -> Table:
    """One page of a query as a table. `orders` says by which field each sortable column goes; `prepare` sees the page's records
    before their rows are made."""
    ask = read_ask(request, columns, filters, sort=sort)
    if narrow:
        query = narrow(query, ask)
    total = query.count()
    ask = page_within(ask, total)
    ordered = query.order_by(("-" if ask.descending else "") + orders[ask.sort], "pk")
    records = list(ordered[rows_span(ask)])
    if prepare:
        prepare(records)
    return Table(
        id=id,
        caption=caption,
        columns=columns,
        ask=ask,
        rows=[row_of(record) for record in records],
        total=total,
        empty=empty,
        filters=filters,
        **more,
    )
