"""A pack's records in words: values with their unit, limits, conditions. Pack content is Chinese in either language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from jiujin.plan.models import Limit, Parameter, ParameterValue, Plan, Scheme
from jiujin.plan.parameters import Value, typed_value

UNITS = {"months": "个月", "days": "天", "years": "年", "count": "个", "metres": "米"}
PROOFS = {"declared": "声明即可", "documented": "要有材料", "verified": "要经核实"}
FACT_TYPES = {
    "money": "金额（元）",
    "months": "月数",
    "days": "天数",
    "years": "年数",
    "date": "日期",
    "count": "数量",
    "yes_no": "是或否",
    "choice": "选项",
    "text": "文字",
    "id_number": "身份证号",
    "credit_code": "统一社会信用代码",
}
OPERATORS = {">=": "≥", "<=": "≤", "<>": "≠", "*": "×", "and": "且", "or": "或", "not": "不是", "in": "属于"}
FUNCTIONS = {
    "listed": "列入",
    "in_table": "在表中",
    "whole_months": "整月数",
    "over_floor": "高出",
    "birth_date": "出生日期",
    "years_old": "周岁",
}
TOKEN = re.compile(
    r"param\('(?P<param>\w+)'\)|'(?P<quoted>[^']*)'|(?P<word>[A-Za-z_]\w*)|(?P<sign>>=|<=|<>|[^\w\s'])|\s+"
)


def value_words(plan: Plan, parameter: Parameter, value: ParameterValue) -> str:
    """One value as a person reads it: `1,400.00 元/人月`, `6 个月`, names, or how many lines a table has."""
    words = _words(plan, parameter, typed_value(parameter, value.value))
    return f"{words}/{parameter.per}" if parameter.per and parameter.type == "money" else words


def _words(plan: Plan, parameter: Parameter, value: Value) -> str:
    if parameter.type == "money":
        assert isinstance(value, int)
        return f"{value / 100:,.2f} 元"
    if parameter.type == "table":
        assert isinstance(value, tuple)
        return f"表，{len(value)} 行"
    if isinstance(value, tuple):
        return "、".join(choice_label(plan, str(item)) for item in value)
    return value.isoformat() if isinstance(value, date) else f"{value} {UNITS.get(parameter.type, '')}".strip()


def values_words(plan: Plan, parameter: Parameter) -> str:
    """A parameter's values on one line; nothing where it is unset."""
    return "；".join(value_words(plan, parameter, value) for value in parameter.values)


def table_words(plan: Plan, parameter: Parameter, value: ParameterValue) -> tuple[list[str], list[list[str]]]:
    """A table's headings and lines in words; a column is named after the fact of its id."""
    names = list(parameter.columns)
    headings = [plan.facts[name].label if name in plan.facts else name for name in names]
    lines = typed_value(parameter, value.value)
    assert isinstance(lines, tuple)
    return headings, [[_cell(plan, n, c) for n, c in zip(names, line, strict=True)] for line in lines]


def _cell(plan: Plan, name: str, value: object) -> str:
    fact = plan.facts.get(name)
    return fact.choices.get(str(value), str(value)) if fact else str(value)


def choice_label(plan: Plan, code: str, fact_id: str | None = None) -> str:
    """The label of a choice by its code: of that fact, or of whichever fact has it."""
    if fact_id is not None and code in plan.facts[fact_id].choices:
        return plan.facts[fact_id].choices[code]
    labels = (fact.choices[code] for fact in plan.facts.values() if code in fact.choices)
    return next(labels, code)


def limit_words(plan: Plan, limit: Limit | None) -> str:
    """`每人每年不超过 1 次`; where there is no limit, that."""
    if limit is None:
        return "不限次数"
    names = {"person": "每人", "year": "每年"}
    whose = "".join(names[key] for key in names if key in limit.per)
    each = [f"每个{plan.facts[key].label}" for key in limit.per if key not in names]
    keys = "、".join([whose, *each] if whose else each)
    return f"{keys}{limit.wording or '不超过'} {limit.count} 次"


def period_words(start: date | None, end: date | None) -> str:
    """`2022-01-01 至 2022-12-31`, with an open end said."""
    return f"{start.isoformat() if start else '最早'} 至 {end.isoformat() if end else '今后'}"


def expression_words(plan: Plan, text: str) -> str:
    """A condition's expression with labels for facts, names for parameters and signs for operators."""
    words = " ".join(_tokens(plan, text)).replace("(", "（").replace(")", "）").replace(",", "，")
    return re.sub(r"\s*([（），])\s*", r"\1", words)


def _tokens(plan: Plan, text: str) -> Iterable[str]:
    """Each part of an expression in words; a choice's code is one of the fact named last before it."""
    asked: str | None = None
    for match in TOKEN.finditer(text):
        part = match[match.lastgroup] if match.lastgroup else ""
        if match.lastgroup == "param":
            yield f"「{_parameter_name(plan, part)}」"
        elif match.lastgroup == "quoted":
            yield f"「{_parameter_name(plan, part)}」" if part in plan.parameters else choice_label(plan, part, asked)
        elif match.lastgroup == "word":
            asked = part if part in plan.facts and plan.facts[part].choices else asked
            yield _word(plan, part)
        elif match.lastgroup == "sign":
            yield OPERATORS.get(part, part)


def _parameter_name(plan: Plan, name: str) -> str:
    return plan.parameters[name].name if name in plan.parameters else name


def _word(plan: Plan, word: str) -> str:
    lower = word.lower()
    if word in plan.facts:
        return plan.facts[word].label
    return OPERATORS.get(lower) or FUNCTIONS.get(lower) or word


def parameters_named(plan: Plan, scheme: Scheme) -> list[str]:
    """Ids of the parameters that a scheme, or a fact it rests on, names; in the pack's order."""
    texts = [scheme.model_dump_json()]
    facts = {fact.id: fact.derive for fact in plan.facts.values() if fact.derive}
    for text in texts:  # grows while it is read: a derived fact may rest on another
        words = set(re.findall(r"[A-Za-z_]\w*", text))
        texts += [derive for name, derive in facts.items() if name in words and derive not in texts]
    quoted = {name for text in texts for name in re.findall(r"'(\w+)'", text)}
    named = quoted | {warn.while_unset for warn in scheme.warnings}
    return [name for name in plan.parameters if name in named]
