"""The office's work by API, as the person whose token it is: what waits, what was found, each step of a line up to approval."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Path, Query, Router, Schema
from pydantic import Field

from jiujin.accounts.models import User
from jiujin.accounts.permissions import Room
from jiujin.claims.errors import ClaimRefused
from jiujin.claims.models import ClaimLine
from jiujin.claims.queries import lines_seen_by
from jiujin.claims.services.accept_lines import accept_lines
from jiujin.claims.services.pass_lines import pass_lines
from jiujin.claims.services.publish_notice import publish_notice
from jiujin.claims.services.reject_lines import reject_lines
from jiujin.claims.services.return_lines import return_lines
from jiujin.claims.services.verify_facts import verify_facts
from jiujin.claims.steps import require_fit_for_many
from jiujin.exchange.api_parts import REFUSALS, PersonBearer, Strict, facts_in_fen, officer, yuan
from jiujin.funds.services.approve_lines import approve_lines
from jiujin.values import MoneyError

LINES_MAX = 1_000
PAGE_LINES = 200
ID_MAX = 2**63 - 1
router = Router(tags=["lines"], auth=PersonBearer())
Reasons = Annotated[str, Field(min_length=1, max_length=1000, description="理由，申报单位会看到")]
Id = Annotated[int, Field(ge=1, le=ID_MAX)]


class LineUnknown(ClaimRefused):
    """Lines that are not there, or not the person's to see."""

    def __init__(self) -> None:
        super().__init__(_("没有这些明细，或不归您看，没有改动。"))


class FactUnreadable(ClaimRefused):
    """A fact that is no amount where one is asked for."""


class LineRef(Strict):
    """A line, and the version that was seen: changed since, it is not decided on."""

    id: Id
    version: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None


class Lines(Strict):
    """Lines that go together."""

    lines: list[LineRef] = Field(min_length=1, max_length=LINES_MAX)

    @property
    def versions(self) -> dict[int, int]:
        """The versions that were seen."""
        return {line.id: line.version for line in self.lines if line.version is not None}


class Pass(Lines):
    """Lines that pass one of the two reviews."""

    stage: Literal["first", "second"] = Field(description="first 初审，second 复审")


class Refuse(Lines):
    """Lines that do not go on, and why."""

    reasons: Reasons


class Approve(Lines):
    """Lines that a meeting approved."""

    meeting: str = Field(min_length=1, max_length=120, description="会议名称、编号和日期")


class Found(Strict):
    """Facts as an officer found them."""

    facts: dict[str, bool | int | str | None] = Field(
        min_length=1, description="事实的编号和取值：金额为元（文字），日期为 2022-03-01，选项为代码"
    )
    proof: Literal[2, 3] = Field(description="2 有材料，3 已核实")
    basis: str = Field(min_length=1, max_length=300, description="凭什么（材料、系统、实地）")


class LineOut(Schema):
    """A line of the office: whose, where it stands, what it comes to."""

    id: int
    version: int
    claim: str
    position: int
    scheme: str
    payee: str
    state: str
    verdict: str
    risk: str
    amount_yuan: str | None
    missing: list[str]
    due_on: str | None


class LinesOut(Schema):
    """One page of lines."""

    total: int
    page: int
    lines: list[LineOut]


class Stepped(Schema):
    """The lines as they stand after the step."""

    lines: list[LineOut]


class NoticeOut(Schema):
    """A notice that was published."""

    number: str
    opens_on: str
    closes_on: str
    lines: list[LineOut]


def line_out(line: ClaimLine) -> dict[str, Any]:
    """A line as `LineOut`."""
    return {
        "id": line.pk,
        "version": line.version,
        "claim": line.claim.number,
        "position": line.position,
        "scheme": line.scheme,
        "payee": line.payee.name if line.payee else "",
        "state": line.state,
        "verdict": line.verdict,
        "risk": line.risk,
        "amount_yuan": yuan(line.amount_fen),
        "missing": line.missing,
        "due_on": line.due_on.isoformat() if line.due_on else None,
    }


def page_of(
    lines: QuerySet[ClaimLine], page: int, out: Callable[[ClaimLine], dict[str, Any]] = line_out
) -> dict[str, Any]:
    """One page of lines, each as `out` writes it."""
    shown = lines[(page - 1) * PAGE_LINES : page * PAGE_LINES]
    return {"total": lines.count(), "page": page, "lines": [out(line) for line in shown]}


def lines_of(viewer: User, ids: Sequence[int]) -> list[ClaimLine]:
    """The lines, all of them the viewer's to see. Raises LineUnknown."""
    wanted = sorted(set(ids))
    found = list(lines_seen_by(viewer).filter(pk__in=wanted).order_by("pk"))
    if len(found) != len(wanted):
        raise LineUnknown
    return found


def stepped(viewer: User, ids: Sequence[int]) -> dict[str, Any]:
    """The lines as they stand now."""
    return {"lines": [line_out(line) for line in lines_of(viewer, ids)]}


PageNumber = Annotated[int, Query(ge=1, le=10**6)]
STEPPED: dict[int, Any] = {200: Stepped, **REFUSALS}


@router.get("", response={200: LinesOut, **REFUSALS}, summary="看归自己看的明细", operation_id="list_lines")
def list_lines(
    request: HttpRequest,
    state: Annotated[str, Query(max_length=20)] = "",
    scheme: Annotated[str, Query(max_length=60)] = "",
    page: PageNumber = 1,
) -> Any:
    """Lines of the person's area, in the order in which they came; by state and scheme where asked."""
    lines = lines_seen_by(officer(request, Room.CLAIM_QUEUE)).order_by("pk")
    asked = {"state": state, "scheme": scheme}
    return page_of(lines.filter(**{key: value for key, value in asked.items() if value}), page)


def _take(request: HttpRequest, body: Lines, service: Callable[..., Any], **given: Any) -> Any:
    """Take one step with the lines, all or none, as the pages do: what is unclear goes one by one."""
    user = officer(request, Room.CLAIM_QUEUE)
    lines = lines_of(user, [line.id for line in body.lines])
    if len(lines) > 1:
        require_fit_for_many(lines)
    return service(ids=[line.pk for line in lines], actor=user, now=timezone.now(), **given)


def _stepped(request: HttpRequest, body: Lines, service: Callable[..., Any], **given: Any) -> dict[str, Any]:
    _take(request, body, service, versions=body.versions, **given)
    return stepped(officer(request, Room.CLAIM_QUEUE), [line.id for line in body.lines])


@router.post("/accept", response=STEPPED, summary="受理", operation_id="accept_lines")
def accept(request: HttpRequest, body: Lines) -> Any:
    """Take in lines that were sent."""
    return _stepped(request, body, accept_lines)


@router.post("/pass", response=STEPPED, summary="初审或复审通过", operation_id="pass_lines")
def pass_(request: HttpRequest, body: Pass) -> Any:
    """Pass lines in the first or the second review."""
    return _stepped(request, body, pass_lines, stage=body.stage)


@router.post("/return", response=STEPPED, summary="退回补正", operation_id="return_lines")
def return_(request: HttpRequest, body: Refuse) -> Any:
    """Send lines back to be mended."""
    return _stepped(request, body, return_lines, reasons=body.reasons)


@router.post("/reject", response=STEPPED, summary="不予批准", operation_id="reject_lines")
def reject(request: HttpRequest, body: Refuse) -> Any:
    """Reject lines."""
    return _stepped(request, body, reject_lines, reasons=body.reasons)


@router.post("/notice", response={200: NoticeOut, **REFUSALS}, summary="公示", operation_id="publish_notice")
def notice(request: HttpRequest, body: Lines) -> Any:
    """Publish lines of one scheme; when the notice's days are over they go on by themselves."""
    made = _take(request, body, publish_notice)
    days = {"opens_on": made.opens_on.isoformat(), "closes_on": made.closes_on.isoformat()}
    return (
        {"number": made.number} | days | stepped(officer(request, Room.CLAIM_QUEUE), [line.id for line in body.lines])
    )


@router.post("/approve", response=STEPPED, summary="批准", operation_id="approve_lines")
def approve(request: HttpRequest, body: Approve) -> Any:
    """Approve lines by a meeting's decision; their budget is committed."""
    return _stepped(request, body, approve_lines, meeting=body.meeting)


@router.post("/{line_id}/facts", response=STEPPED, summary="记下核实到的事实", operation_id="verify_facts")
def facts(request: HttpRequest, line_id: Annotated[int, Path(ge=1, le=ID_MAX)], body: Found) -> Any:
    """Write down facts as they were found; the line is judged by them."""
    user = officer(request, Room.CLAIM_QUEUE)
    [line] = lines_of(user, [line_id])
    try:
        found = facts_in_fen(body.facts)
    except MoneyError as error:
        raise FactUnreadable(str(error)) from None
    verify_facts(line_id=line.pk, facts=found, proof=body.proof, basis=body.basis, actor=user, now=timezone.now())
    return stepped(user, [line_id])
