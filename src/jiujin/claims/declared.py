"""What a payee declares or an officer verifies, checked fact by fact: fen, ISO dates, codes; no number of a person stays."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from jiujin.claims.errors import FactWrong
from jiujin.plan import Plan
from jiujin.plan.models import Condition, Fact, Scheme
from jiujin.values.credit_code import CreditCodeError, check_credit_code

TEXT_CHARACTERS_MAX = 300
WHOLE_MAX = 10**14
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
WHOLE = ("months", "days", "years", "count", "money")
OF_THE_PERSON = frozenset({"id_number", "name", "born_on"})  # the registry's, not the line's


def facts_to_declare(plan: Plan, scheme: Scheme) -> list[str]:
    """The facts that a payee may declare: the columns of the scheme's roster, without the person's and the officer's."""
    opened = {fact.column.of: fact.id for fact in plan.facts.values() if fact.column and fact.column.of}
    names = [field.fact for field in scheme.sheet]
    names = [name for held in names for name in (held, opened.get(held)) if name]
    judged = officer_facts(scheme)
    return [name for name in names if name not in OF_THE_PERSON and name not in judged]


def officer_facts(scheme: Scheme) -> frozenset[str]:
    """The facts that only an officer's judgement gives."""
    return frozenset(leaf.fact for leaf in _leaves(scheme.conditions) if leaf.judged_by and leaf.fact)


def typed_declared(plan: Plan, scheme: Scheme, declared: Mapping[str, Any]) -> dict[str, Any]:
    """The declared facts, without those that are not the payee's to say. Raises FactWrong."""
    wanted = set(facts_to_declare(plan, scheme))
    left_out = OF_THE_PERSON | officer_facts(scheme)
    found = {}
    for name, value in declared.items():
        if name in left_out:
            continue
        if name not in wanted:
            raise FactWrong(name, name, _("这项补贴没有这一栏"))
        found[name] = typed_fact(plan.facts[name], value)
    return {name: value for name, value in found.items() if value is not None}


def typed_fact(fact: Fact, value: Any) -> Any:
    """A fact's value as a line keeps it: whole numbers (money in fen), ISO dates, yes or no, codes, text; None is not known.

    Raises FactWrong.
    """
    if value is None or value == "":
        return None
    if fact.type == "money" and fact.derive is not None:  # a difference, which may be below nothing
        right = isinstance(value, int) and not isinstance(value, bool) and abs(value) <= WHOLE_MAX
        return value if right else _wrong(fact, _("要填整数，单位是分"))
    if fact.type in WHOLE:
        right = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= WHOLE_MAX
        unit = _("要填不小于 0 的整数，单位是分") if fact.type == "money" else _("要填不小于 0 的整数")
        return value if right else _wrong(fact, unit)
    if fact.type == "yes_no":
        return value if isinstance(value, bool) else _wrong(fact, _("要填是或否"))
    if fact.type == "date":
        return _day(fact, value)
    if not isinstance(value, str):
        return _wrong(fact, _("要填文字"))
    return _text(fact, value.strip())


def _day(fact: Fact, value: Any) -> str:
    try:
        day = value if isinstance(value, date) else date.fromisoformat(value)
    except (TypeError, ValueError):
        return str(_wrong(fact, _("要填日期，例如 2022-03-01")))
    return date(day.year, day.month, day.day).isoformat()


def _text(fact: Fact, value: str) -> str | None:
    if fact.type == "choice":
        if value in fact.choices:
            return value
        _wrong(fact, _("只能是 %(choices)s") % {"choices": "、".join(fact.choices.values())})
    if fact.type == "credit_code":
        try:
            return check_credit_code(value)
        except CreditCodeError as error:
            _wrong(fact, error.message)
    if len(value) > TEXT_CHARACTERS_MAX or CONTROL.search(value):
        _wrong(fact, _("文字最多 %(longest)s 个字，不能换行") % {"longest": TEXT_CHARACTERS_MAX})
    return value or None


def _wrong(fact: Fact, why: str) -> Any:
    raise FactWrong(fact.id, fact.label, why)


def _leaves(condition: Condition) -> Iterator[Condition]:
    yield condition
    for part in (condition.given, condition.negated, *(condition.all or ()), *(condition.any or ())):
        if part:
            yield from _leaves(part)
