"""Claims by API: file one under an id of one's own, read its lines and verdicts, send it; sent twice is once."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Path, Query, Router, Schema, Status
from pydantic import Field

from jiujin.claims.errors import ClaimRefused, RecordsOfNobody
from jiujin.claims.models import Claim, ClaimLine, Source
from jiujin.claims.queries import explained_lines
from jiujin.claims.services.claim_from_records import claim_from_records
from jiujin.claims.services.file_claim import NewLine, file_claim, scheme_of
from jiujin.claims.services.people_of_lines import NamedPerson, find_or_register
from jiujin.claims.services.submit_claim import submit_claim
from jiujin.core.plan_in_force import plan_in_force
from jiujin.exchange.api_parts import REFUSALS, ProgramBearer, Strict, facts_in_fen, yuan
from jiujin.exchange.imports.errors import OutsideScope
from jiujin.exchange.imports.models import ApiToken
from jiujin.exchange.imports.scope import organisation_named
from jiujin.registry.models import Organisation, Person
from jiujin.values import IdNumberError, MoneyError, check_id_number

LINES_MAX = 1_000
PAGE_LINES = 200
router = Router(tags=["claims"], auth=ProgramBearer())


class ClaimUnknown(ClaimRefused):
    """No claim of this id that the token may see."""

    def __init__(self) -> None:
        super().__init__(_("没有这份申报，或不是您单位的。"))


class LineRefused(ClaimRefused):
    """A line that cannot be filed, and so nothing is."""

    def __init__(self, position: int, why: str) -> None:
        self.field = f"lines.{position}"
        super().__init__(_("第 %(n)s 行：%(why)s。整份没有保存。") % {"n": position + 1, "why": why.rstrip("。")})


class LineIn(Strict):
    """One line: a person by identity number, and facts by their ids; or the id of a record that the system holds."""

    key: UUID = Field(description="这一行自己的编号，报两次算一次")
    id_number: str | None = Field(None, max_length=18, description="身份证号；对象是单位本身的项目不填")
    name: str = Field("", max_length=60, description="姓名，登记里没有这个人时要填")
    record_id: int | None = Field(None, ge=1, le=2**63 - 1, description="系统里的记录编号，填了就不用填 facts")
    facts: dict[str, bool | int | str | None] = Field(
        default_factory=dict, description="事实的编号和取值：金额为元（文字），日期为 2022-03-01，选项为代码"
    )


class ClaimIn(Strict):
    """A claim of one payee for one scheme."""

    scheme: str = Field(max_length=60, description="补贴项目的编号")
    payee: str | None = Field(None, max_length=120, description="收款单位的统一社会信用代码；单位自己的令牌可不填")
    lines: list[LineIn] = Field(min_length=1, max_length=LINES_MAX)


class FromRecordsIn(Strict):
    """Whose records of which scheme are to be claimed."""

    scheme: str = Field(max_length=60, description="补贴项目的编号")
    payee: str | None = Field(None, max_length=120, description="收款单位的统一社会信用代码；单位自己的令牌可不填")


class SendIn(Strict):
    """Which lines to send: these keys, or all that are not unmet."""

    keys: list[UUID] | None = Field(None, max_length=LINES_MAX)


class ClaimOut(Schema):
    """A claim with how many lines stand where."""

    id: UUID
    number: str
    scheme: str
    state: str
    lines: int
    met: int
    unmet: int
    unknown: int


class LineOut(Schema):
    """A line with its verdict, why, and where it is."""

    key: UUID
    position: int
    state: str
    verdict: str
    amount_yuan: str | None
    reasons: list[str]
    missing: list[str]
    due_on: str | None


class LinesOut(Schema):
    """One page of lines."""

    total: int
    page: int
    lines: list[LineOut]


class SentOut(Schema):
    """What went, and what stayed with why."""

    sent: int
    kept: dict[str, str]


ClaimKey = Annotated[UUID, Path(description="报送方自己定的申报编号（UUID）")]


@router.put(
    "/{claim_id}", response={200: ClaimOut, 201: ClaimOut, **REFUSALS}, summary="建立一份申报", operation_id="put_claim"
)
def put_claim(request: HttpRequest, claim_id: ClaimKey, body: ClaimIn) -> Any:
    """File a claim as drafts, each line judged. The same id again gives the claim that stands, unchanged."""
    token: ApiToken = request.auth  # type: ignore[attr-defined]
    is_new = not Claim.objects.filter(pk=claim_id).exists()
    claim = _file(token, claim_id, body)
    return Status(201 if is_new else 200, _claim_out(claim))


@router.put(
    "/{claim_id}/from-records",
    response={200: ClaimOut, 201: ClaimOut, **REFUSALS},
    summary="由登记的记录建立一份申报",
    operation_id="put_claim_from_records",
)
def put_claim_from_records(request: HttpRequest, claim_id: ClaimKey, body: FromRecordsIn) -> Any:
    """File as drafts every record of the payee that nobody claims yet and that is not unmet; the same id again changes nothing."""
    token: ApiToken = request.auth  # type: ignore[attr-defined]
    payee = _payee(token, body.payee)
    _require_own_records(token, body.scheme)
    is_new = not Claim.objects.filter(pk=claim_id).exists()
    claim = claim_from_records(
        claim_id=claim_id,
        scheme=body.scheme,
        payee=payee,
        actor=f"system:api_token_{token.pk}",
        now=timezone.now(),
    )
    return Status(201 if is_new else 200, _claim_out(claim))


def _require_own_records(token: ApiToken, scheme: str) -> None:
    """Raise RecordsOfNobody where an organisation's token asks for records that do not say whom the scheme pays."""
    rule = scheme_of(plan_in_force(), scheme)
    if token.organisation is not None and not rule.payee.fact:
        raise RecordsOfNobody


@transaction.atomic
def _file(token: ApiToken, claim_id: UUID, body: ClaimIn) -> Claim:
    """People and lines of a claim, or none of them."""
    actor, payee = f"system:api_token_{token.pk}", _payee(token, body.payee)
    held = Claim.objects.filter(pk=claim_id, scheme=body.scheme, payee=payee).first()
    if held is not None:
        return held
    if any(line.record_id is not None for line in body.lines):
        _require_own_records(token, body.scheme)
    people = _people(body, actor)
    lines = [_new_line(at, line, people) for at, line in enumerate(body.lines)]
    return file_claim(
        claim_id=claim_id,
        scheme=body.scheme,
        payee=payee,
        lines=lines,
        actor=actor,
        source=Source.API,
        now=timezone.now(),
    )


def _payee(token: ApiToken, written: str | None) -> Organisation | None:
    """The token's own organisation; a token of the bureau names the payee. Raises OutsideScope, EmployerUnknown."""
    named = organisation_named(written, field="payee") if written else None
    if token.organisation is None:
        return named
    if named is not None and named.pk != token.organisation_id:
        raise OutsideScope("payee")
    return token.organisation


def _people(body: ClaimIn, actor: str) -> dict[int, Person]:
    """The person of each line by its place in the body. Raises LineRefused."""
    numbers: dict[int, str] = {}
    for at, line in enumerate(body.lines):
        if line.id_number:
            try:
                numbers[at] = check_id_number(line.id_number, demo=settings.DEMO).number
            except IdNumberError as error:
                raise LineRefused(at, str(error)) from None
    named = [NamedPerson(number, body.lines[at].name) for at, number in numbers.items()]
    found = find_or_register(named, actor=actor)
    people: dict[int, Person] = {}
    for at, number in numbers.items():
        person = found[number]
        if isinstance(person, str):
            raise LineRefused(at, person)
        people[at] = person
    return people


def _new_line(at: int, line: LineIn, people: dict[int, Person]) -> NewLine:
    try:
        declared = facts_in_fen(line.facts)
    except MoneyError as error:
        raise LineRefused(at, str(error)) from None
    return NewLine(key=line.key, person=people.get(at), record_id=line.record_id, declared=declared)


@router.get("/{claim_id}", response={200: ClaimOut, **REFUSALS}, summary="看一份申报", operation_id="get_claim")
def get_claim(request: HttpRequest, claim_id: ClaimKey) -> Any:
    """The claim, with how many of its lines are met."""
    return _claim_out(_own(request, claim_id))


@router.get(
    "/{claim_id}/lines", response={200: LinesOut, **REFUSALS}, summary="看每一行的结论", operation_id="get_claim_lines"
)
def get_lines(request: HttpRequest, claim_id: ClaimKey, page: Annotated[int, Query(ge=1, le=10**6)] = 1) -> Any:
    """A page of lines in order, each with its verdict, reasons, what is missing, amount and state."""
    claim = _own(request, claim_id)
    lines = claim.lines.order_by("position")
    shown = list(lines.select_related("person", "claim")[(page - 1) * PAGE_LINES : page * PAGE_LINES])
    why = explained_lines(shown)
    return {"total": lines.count(), "page": page, "lines": [_line_out(line, why[line.pk]) for line in shown]}


@router.post(
    "/{claim_id}/submit", response={200: SentOut, **REFUSALS}, summary="提交一份申报", operation_id="submit_claim"
)
def submit(request: HttpRequest, claim_id: ClaimKey, body: SendIn) -> Any:
    """Send lines to the office; what cannot go stays a draft, with the sentence why."""
    claim, token = _own(request, claim_id), request.auth  # type: ignore[attr-defined]
    ids = None
    if body.keys is not None:
        ids = list(claim.lines.filter(key__in=body.keys).order_by("pk").values_list("pk", flat=True))
    sent = submit_claim(claim=claim, actor=f"system:api_token_{token.pk}", now=timezone.now(), ids=ids)
    keys = dict(claim.lines.filter(pk__in=sent.kept).order_by("pk").values_list("pk", "key"))
    return {"sent": len(sent.lines), "kept": {str(keys[pk]): why for pk, why in sent.kept.items()}}


def _own(request: HttpRequest, claim_id: UUID) -> Claim:
    """The claim, if it is of the token's organisation, or the token is the bureau's. Raises ClaimUnknown."""
    token: ApiToken = request.auth  # type: ignore[attr-defined]
    claims = Claim.objects.select_related("payee")
    if token.organisation_id is not None:
        claims = claims.filter(payee=token.organisation_id)
    claim = claims.filter(pk=claim_id).first()
    if claim is None:
        raise ClaimUnknown
    return claim


def _claim_out(claim: Claim) -> dict[str, Any]:
    counts = claim.lines.aggregate(
        lines=Count("pk"),
        **{verdict: Count("pk", filter=Q(verdict=verdict)) for verdict in ("met", "unmet", "unknown")},
    )
    return {"id": claim.pk, "number": claim.number, "scheme": claim.scheme, "state": claim.state, **counts}


def _line_out(line: ClaimLine, reasons: list[str]) -> dict[str, Any]:
    return {
        "key": line.key,
        "position": line.position,
        "state": line.state,
        "verdict": line.verdict,
        "amount_yuan": yuan(line.amount_fen),
        "reasons": reasons,
        "missing": line.missing,
        "due_on": line.due_on.isoformat() if line.due_on else None,
    }
