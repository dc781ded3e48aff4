"""What every part of the API shares: bodies, refusals, amounts, and the two kinds of bearers."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from django.http import HttpRequest
from ninja import Schema
from ninja.security import HttpBearer
from pydantic import ConfigDict

from jiujin.accounts.models import User
from jiujin.accounts.permissions import Room, may_enter
from jiujin.claims.errors import NotAllowed
from jiujin.core.plan_in_force import plan_in_force
from jiujin.exchange.imports.models import ApiToken
from jiujin.exchange.imports.services.change_tokens import own_token_of, token_of
from jiujin.plan import Plan
from jiujin.values import parse_yuan


class Strict(Schema):
    """A body in which no unknown name is taken."""

    model_config = ConfigDict(extra="forbid")


class Fault(Schema):
    """One thing that is wrong, and with which field."""

    field: str
    message: str


class Refusal(Schema):
    """Why nothing was done: a sentence, and the faults one by one."""

    message: str
    errors: list[Fault] = []


REFUSALS: Final[dict[int, Any]] = dict.fromkeys((400, 401, 403, 404, 409, 413, 422), Refusal)


class ProgramBearer(HttpBearer):
    """The token of a program in the header `Authorization: Bearer …`."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        """The token, if it opens anything."""
        return token_of(token)


class PersonBearer(HttpBearer):
    """The token of a person of the office, in the same header."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        """The token, if it opens anything."""
        return own_token_of(token)


def officer(request: HttpRequest, room: Room) -> User:
    """Whose token it is, if they may enter the room. Raises NotAllowed."""
    token: ApiToken = request.auth  # type: ignore[attr-defined]
    if token.person is None or not may_enter(token.person, room):
        raise NotAllowed
    return token.person


def facts_in_fen(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as a line keeps them: money, which programs write in yuan, in fen. Raises MoneyError."""
    plan = plan_in_force()
    return {name: _in_fen(value) if _is_money(plan, name) else value for name, value in facts.items()}


def _is_money(plan: Plan, name: str) -> bool:
    return name in plan.facts and plan.facts[name].type == "money"


def _in_fen(value: Any) -> int | None:
    return None if value is None else parse_yuan(value if isinstance(value, str) else Decimal(str(value)))


def yuan(amount_fen: int | None) -> str | None:
    """Yuan with two decimals and no marks between, for a program to read."""
    return None if amount_fen is None else f"{Decimal(amount_fen) / 100:.2f}"
