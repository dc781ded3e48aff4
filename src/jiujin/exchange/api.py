"""The API by which other programs bring records: PUT under the program's own key, twice is once."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Path, Schema, Status
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import Field

from jiujin.accounts.permissions import Room
from jiujin.claims.errors import ClaimRefused, LineChanged, NotAllowed, StepDone
from jiujin.core.plan_codes import CodeNotInPlan
from jiujin.exchange import claims_api, lines_api, money_api
from jiujin.exchange.api_parts import ProgramBearer, Refusal
from jiujin.exchange.imports.errors import OutsideScope
from jiujin.exchange.imports.models import ApiToken, ImportKind
from jiujin.exchange.imports.records import OrganisationRecord, PersonRecord, Record, VacancyRecord
from jiujin.exchange.imports.scope import Outcome, Scope
from jiujin.exchange.imports.services.put_record import put_record
from jiujin.exchange.imports.words import fault_words
from jiujin.funds.errors import BatchImpossible, FundsRefused
from jiujin.registry.errors import RegistryError
from jiujin.work.errors import WorkError

Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,80}$", description="来源系统自己的编号")]
STATUS: Final = {Outcome.NEW: 201, Outcome.CHANGED: 200, Outcome.UNCHANGED: 200}


class Done(Schema):
    """What a record did."""

    result: Literal["new", "changed", "unchanged"]


api = NinjaAPI(
    title="就近：报送接口",
    version="1",
    description=(
        "按来源系统自己的编号报送人员、单位、岗位，按自己定的编号申报补贴。同一内容报两次，不会重复，也不覆盖人工改过的内容。"
        "审核和拨付用经办人员自己的令牌，办得了的和在网页上一样。"
    ),
    docs_url=None,
    auth=ProgramBearer(),
)
ANSWERS: Final[Any] = {
    200: Done,
    201: Done,
    400: Refusal,
    401: Refusal,
    403: Refusal,
    413: Refusal,
    422: Refusal,
}


@api.put("/v1/people/{key}", response=ANSWERS, summary="报送一个人", operation_id="put_person")
def put_person(request: HttpRequest, key: Path[Key], record: PersonRecord) -> Any:
    """A person; for tokens of the bureau alone."""
    token: ApiToken = request.auth  # type: ignore[attr-defined]
    if token.organisation_id is not None:
        raise OutsideScope("name")
    return _put(token, ImportKind.PERSON, key, record)


@api.put("/v1/organisations/{key}", response=ANSWERS, summary="报送一个单位", operation_id="put_organisation")
def put_organisation(request: HttpRequest, key: Path[Key], record: OrganisationRecord) -> Any:
    """An organisation, and one of its places of work."""
    return _put(request.auth, ImportKind.ORGANISATION, key, record)  # type: ignore[attr-defined]


@api.put("/v1/vacancies/{key}", response=ANSWERS, summary="报送一个岗位", operation_id="put_vacancy")
def put_vacancy(request: HttpRequest, key: Path[Key], record: VacancyRecord) -> Any:
    """A vacancy; it is checked like any other before it is public."""
    return _put(request.auth, ImportKind.VACANCY, key, record)  # type: ignore[attr-defined]


def _put(token: ApiToken, kind: ImportKind, key: str, record: Record) -> Status[dict[str, str]]:
    outcome = put_record(
        kind=kind,
        record=record,
        source=f"api:{token.source}",
        key=key,
        scope=Scope(organisation_id=token.organisation_id),
        actor=f"system:api_token_{token.pk}",
    )
    return Status(STATUS[outcome], {"result": outcome.value})


def _refuse(
    request: HttpRequest, status: int, message: str, errors: list[dict[str, str]] | None = None
) -> HttpResponse:
    return api.create_response(request, {"message": message, "errors": errors or []}, status=status)


@api.exception_handler(ValidationError)
def _not_valid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    faults = [{"field": _field(problem["loc"]), "message": fault_words(problem)} for problem in error.errors]
    return _refuse(request, 422, _("内容有问题，没有保存。请按各项说明改正后再报。"), faults)


def _field(place: tuple[Any, ...]) -> str:
    """The field's own name: what comes after `body` and the argument's name, or after `path`."""
    names = [str(part) for part in place]
    own = names[2:] if names[:1] == ["body"] else names[1:]
    return ".".join(own) or "body"


@api.exception_handler(AuthenticationError)
def _not_known(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return _refuse(request, 401, _("令牌不对或已停用，没有保存。请向区人社部门的系统管理员要新的令牌。"))


@api.exception_handler(OutsideScope)
def _not_yours(request: HttpRequest, error: OutsideScope) -> HttpResponse:
    return _refuse(request, 403, str(error), [{"field": error.field, "message": str(error)}])


@api.exception_handler(claims_api.ClaimUnknown)
@api.exception_handler(lines_api.LineUnknown)
@api.exception_handler(money_api.BatchUnknown)
def _not_there(request: HttpRequest, error: ClaimRefused) -> HttpResponse:
    return _refuse(request, 404, str(error))


@api.exception_handler(NotAllowed)
def _not_allowed(request: HttpRequest, error: ClaimRefused) -> HttpResponse:
    return _refuse(request, 403, str(error))


@api.exception_handler(LineChanged)
@api.exception_handler(StepDone)
@api.exception_handler(BatchImpossible)
def _no_longer(request: HttpRequest, error: Exception) -> HttpResponse:
    return _refuse(request, 409, str(error))


@api.exception_handler(ClaimRefused)
@api.exception_handler(FundsRefused)
@api.exception_handler(RegistryError)
@api.exception_handler(WorkError)
@api.exception_handler(CodeNotInPlan)
def _not_kept(request: HttpRequest, error: Exception) -> HttpResponse:
    field = str(getattr(error, "field", "")).replace("_fen", "_yuan")
    return _refuse(request, 422, str(error), [{"field": field, "message": str(error)}])


@api.exception_handler(HttpError)
def _not_readable(request: HttpRequest, error: HttpError) -> HttpResponse:
    return _refuse(request, error.status_code, _("请求的内容看不懂，没有保存。正文要是 JSON。"))


@api.exception_handler(RequestDataTooBig)
def _too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return _refuse(request, 413, _("请求太大，没有保存。一次只报一条记录。"))


api.add_router("/v1/claims", claims_api.router)
api.add_router("/v1/lines", lines_api.router)
api.add_router("/v1/money", money_api.router)


def api_patterns() -> Any:
    """The addresses of the API; its door is the token, so that every view names the public room."""
    patterns, *names = api.urls
    for pattern in patterns:
        pattern.callback.room = Room.PUBLIC
    return (patterns, *names)
