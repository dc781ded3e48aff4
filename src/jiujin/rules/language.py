"""The condition language: a small allowed part of PostgreSQL's expressions, parsed and typed against a pack.

Everything not listed here is refused by name. A typed expression carries the unit of its value, so money is never held
against months, and a condition holds no number but 0: numbers are parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from jiujin.plan.models import Fact, Parameter, Plan

MAX_TEXT = 2_000
ZERO = "zero"
QUANTITIES = {"money", "months", "days", "years", "count", "date"}
SPANS = {"months", "days", "years"}
COMPARISONS: dict[type[exp.Expression], str] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
PRODUCTS = {
    frozenset({"money", "count"}): "money",
    frozenset({"money", "months"}): "money",
    frozenset({"count"}): "count",
}
UNIT_NAMES = {
    "money": "金额",
    "months": "月数",
    "days": "天数",
    "years": "年数",
    "count": "个数",
    "date": "日期",
    "yes_no": "是否",
    "choice": "选项",
    "text": "文字",
    "id_number": "身份证号",
    "credit_code": "信用代码",
    ZERO: "0",
}


class ConditionWrong(Exception):
    """An expression that the language does not allow; `message` and `mend` are Chinese sentences."""

    def __init__(self, message: str, mend: str) -> None:
        self.message = message
        self.mend = mend
        super().__init__(f"{message}。{mend}")


@dataclass(frozen=True)
class Typed:
    """A checked expression: its tree, the unit of its value, the facts and parameters it names."""

    tree: exp.Expression
    kind: str
    facts: tuple[str, ...]
    parameters: tuple[str, ...]


@dataclass(frozen=True)
class Scope:
    """What an expression may name: the facts of one subject, and the pack's parameters."""

    facts: dict[str, Fact]
    parameters: dict[str, Parameter]

    @classmethod
    def of(cls, plan: Plan, subject: str) -> Scope:
        """The scope of a scheme's subject."""
        return cls({f.id: f for f in plan.facts.values() if subject in f.subjects}, plan.parameters)


def parse(text: str, scope: Scope) -> Typed:
    """Parse and type one expression. Raises ConditionWrong."""
    tree = _tree(text)
    kind = Typer(scope).kind(tree)
    facts = tuple(dict.fromkeys(column.name for column in tree.find_all(exp.Column)))
    parameters = tuple(dict.fromkeys(parameters_of(tree)))
    return Typed(tree, kind, facts, parameters)


def parse_condition(text: str, scope: Scope) -> Typed:
    """Parse an expression that must answer yes or no. Raises ConditionWrong."""
    typed = parse(text, scope)
    if typed.kind != "yes_no":
        raise ConditionWrong(
            f"条件“{text}”的结果是{UNIT_NAMES[typed.kind]}，不是“是否”", "写成比较，例如 fact >= param('…')"
        )
    return typed


def parameters_of(tree: exp.Expression) -> Iterator[str]:
    """Ids of the parameters an expression names, in the order written."""
    for call in tree.find_all(exp.Anonymous):
        function = FUNCTIONS.get(str(call.this).lower())
        if function and function.parameter_at is not None:
            argument = call.expressions[function.parameter_at]
            if isinstance(argument, exp.Literal):
                yield str(argument.this)


def parse_records(sql: str) -> exp.Expr:
    """The tree of a fact's `records` (PostgreSQL, outside this language). Raises sqlglot's ParseError."""
    return sqlglot.parse_one(sql, read="postgres")


def parameters_in_records(sql: str) -> list[str]:
    """Ids of the parameters that a fact's `records` names by `param('ID', DAY)`. Raises sqlglot's ParseError."""
    calls = (node for node in parse_records(sql).find_all(exp.Anonymous) if str(node.this).lower() == "param")
    return [str(call.expressions[0].this) for call in calls if call.expressions]


@lru_cache(maxsize=4096)
def _tree(text: str) -> exp.Expression:
    if len(text) > MAX_TEXT:
        raise ConditionWrong(f"表达式超过 {MAX_TEXT} 个字符", "拆成几个条件")
    try:
        tree = sqlglot.parse_one(text, dialect="postgres")
    except (SqlglotError, RecursionError) as error:
        raise ConditionWrong(f"表达式“{text}”读不通", "检查引号、括号和运算符") from error
    if not isinstance(tree, exp.Expression):
        raise ConditionWrong("表达式是空的", "写上内容")
    return tree


@dataclass(frozen=True)
class Function:
    """One function of the language: how it is typed, and which argument names a parameter."""

    check: Callable[[Typer, exp.Anonymous], str]
    parameter_at: int | None
    usage: str


class Typer:
    """Works out the unit of every node; the first fault is raised."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def kind(self, node: exp.Expression) -> str:
        handler = HANDLERS.get(type(node))
        if handler is None:
            raise ConditionWrong(
                f"不允许的写法 {node.sql(dialect='postgres')}（{_name(node)}）",
                "只用比较、and、or、not、in、between、加减乘和列出的函数",
            )
        return handler(self, node)

    def literal(self, node: exp.Literal) -> str:
        if node.is_string:
            raise ConditionWrong(f"文字 '{node.this}' 只能和选项类事实比较", "和 type: choice 的事实写在一起")
        if str(node.this) != "0":
            raise ConditionWrong(f"条件里出现数字 {node.this}", "把它写成参数，用 param('…') 引用（只有 0 可以直接写）")
        return ZERO

    def column(self, node: exp.Column) -> str:
        if node.table:
            raise ConditionWrong(f"{node.sql()} 带了表名", "直接写事实的名字")
        fact = self.scope.facts.get(node.name)
        if fact is None:
            raise ConditionWrong(f"没有事实 {node.name}", "改正名字，或在 facts.yaml 补上（并写明 subjects）")
        return fact.type

    def paren(self, node: exp.Paren) -> str:
        return self.kind(node.this)

    def connective(self, node: exp.Expression) -> str:
        for side in _operands(node):
            self._yes_no(side)
        return "yes_no"

    def _yes_no(self, node: exp.Expression) -> None:
        kind = self.kind(node)
        if kind != "yes_no":
            raise ConditionWrong(
                f"{node.sql(dialect='postgres')} 是{UNIT_NAMES[kind]}，不能用 and、or、not 连接", "先写成比较"
            )

    def comparison(self, node: exp.Expression) -> str:
        left, right = node.this, node.expression
        for choice, word in ((left, right), (right, left)):
            if isinstance(word, exp.Literal) and word.is_string:
                return self._choice_word(choice, [word], node)
        kind = self._same(left, right, node)
        if kind in {"yes_no", "text", "id_number", "credit_code", "choice"} and not isinstance(node, exp.EQ | exp.NEQ):
            raise ConditionWrong(f"{UNIT_NAMES[kind]}不能比大小：{node.sql(dialect='postgres')}", "改用 = 或 <>")
        if kind == "yes_no":
            raise ConditionWrong(f"“是否”不用比较：{node.sql(dialect='postgres')}", "直接写事实，否定写 not")
        return "yes_no"

    def _choice_word(self, column: exp.Expression, words: list[exp.Expression], node: exp.Expression) -> str:
        fact = self.scope.facts.get(column.name) if isinstance(column, exp.Column) else None
        kind = self.kind(column)
        if fact is None or kind != "choice" or not isinstance(node, exp.EQ | exp.NEQ | exp.In):
            raise ConditionWrong(
                f"{node.sql(dialect='postgres')}：文字只能和选项类事实用 =、<>、in 比较", "换成选项类事实"
            )
        for word in words:
            if not (isinstance(word, exp.Literal) and word.is_string):
                raise ConditionWrong(f"in 的括号里只能是选项：{word.sql(dialect='postgres')}", "写成 'a', 'b'")
            if str(word.this) not in fact.choices:
                raise ConditionWrong(f"{fact.id} 没有选项 '{word.this}'", f"改为 {'、'.join(fact.choices)} 之一")
        return "yes_no"

    def _same(self, left: exp.Expression, right: exp.Expression, node: exp.Expression) -> str:
        """The one unit of both sides; 0 goes with any quantity but a date."""
        kinds = self.kind(left), self.kind(right)
        if kinds[0] == kinds[1] and kinds[0] != ZERO:
            return kinds[0]
        for zero, other in (kinds, kinds[::-1]):
            if zero == ZERO and other in QUANTITIES - {"date"}:
                return other
        raise ConditionWrong(
            f"{node.sql(dialect='postgres')}：{UNIT_NAMES[kinds[0]]}不能和{UNIT_NAMES[kinds[1]]}比较或相加减",
            "让两边是同一单位",
        )

    def membership(self, node: exp.In) -> str:
        if node.args.get("query") or node.args.get("unnest") or not node.expressions:
            raise ConditionWrong("in 里不能写查询", "写成 in ('a', 'b')")
        return self._choice_word(node.this, list(node.expressions), node)

    def between(self, node: exp.Between) -> str:
        if node.args.get("symmetric") or not isinstance(node.this, exp.Column):
            raise ConditionWrong("between 只能用在一个事实上", "写成 fact between a and b")
        low = self._same(node.this, node.args["low"], node)
        self._same(node.this, node.args["high"], node)
        if low not in QUANTITIES:
            raise ConditionWrong(f"{UNIT_NAMES[low]}不能用 between", "改用 in 或 =")
        return "yes_no"

    def sum(self, node: exp.Expression) -> str:
        left, right = self.kind(node.this), self.kind(node.expression)
        if left == "date" and right in SPANS:
            return "date"
        if left == "date" and right == "date" and isinstance(node, exp.Sub):
            return "days"
        kind = self._same(node.this, node.expression, node)
        if kind not in QUANTITIES - {"date"}:
            raise ConditionWrong(f"{UNIT_NAMES[kind]}不能相加减：{node.sql(dialect='postgres')}", "只对数量做加减")
        return kind

    def product(self, node: exp.Mul) -> str:
        kinds = frozenset({self.kind(node.this), self.kind(node.expression)})
        if kinds not in PRODUCTS:
            names = "和".join(UNIT_NAMES[kind] for kind in sorted(kinds))
            raise ConditionWrong(
                f"{names}不能相乘：{node.sql(dialect='postgres')}", "可以：金额×月数、金额×个数、个数×个数"
            )
        return PRODUCTS[kinds]

    def call(self, node: exp.Anonymous) -> str:
        name = str(node.this).lower()
        function = FUNCTIONS.get(name)
        if function is None:
            raise ConditionWrong(f"没有函数 {name}", f"可用的函数：{'、'.join(f.usage for f in FUNCTIONS.values())}")
        return function.check(self, node)

    def boolean(self, node: exp.Boolean) -> str:
        raise ConditionWrong("条件里写了 true 或 false", "直接写事实，或删去这个条件")

    # --- functions -----------------------------------------------------------------------------------------------------

    def arguments(self, node: exp.Anonymous, *kinds: str) -> None:
        """Check the kinds of all arguments, in order."""
        given = list(node.expressions)
        if len(given) != len(kinds):
            raise ConditionWrong(
                f"{node.this} 要有 {len(kinds)} 个参数，写了 {len(given)} 个",
                f"写成 {FUNCTIONS[str(node.this).lower()].usage}",
            )
        for argument, kind in zip(given, kinds, strict=True):
            actual = self.kind(argument)
            if actual != kind:
                raise ConditionWrong(
                    f"{node.this} 的 {argument.sql(dialect='postgres')} 是{UNIT_NAMES[actual]}，应为{UNIT_NAMES[kind]}",
                    "换成相应类型的事实",
                )

    def parameter(self, node: exp.Anonymous, at: int) -> Parameter:
        """The parameter that an argument names by a string."""
        argument = node.expressions[at] if len(node.expressions) > at else None
        if not (isinstance(argument, exp.Literal) and argument.is_string):
            raise ConditionWrong(f"{node.this} 的参数名要写成文字", f"写成 {FUNCTIONS[str(node.this).lower()].usage}")
        parameter = self.scope.parameters.get(str(argument.this))
        if parameter is None:
            raise ConditionWrong(f"没有参数 {argument.this}", f"改正名字，或写 parameters/{argument.this}.yaml")
        return parameter

    def call_param(self, node: exp.Anonymous) -> str:
        parameter = self.parameter(node, 0)
        if len(node.expressions) != 1 or parameter.type in {"choices", "table"}:
            raise ConditionWrong(f"param('{parameter.id}') 不是一个数", "名单用 listed，表用 in_table")
        return parameter.type

    def call_listed(self, node: exp.Anonymous) -> str:
        parameter = self.parameter(node, 0)
        if len(node.expressions) != 2 or parameter.type != "choices" or self.kind(node.expressions[1]) != "choice":
            raise ConditionWrong("listed 要写名单参数和选项类事实", f"写成 {FUNCTIONS['listed'].usage}")
        return "yes_no"

    def call_in_table(self, node: exp.Anonymous) -> str:
        parameter = self.parameter(node, 0)
        facts = list(node.expressions)[1:]
        kinds = list(parameter.columns.values())
        if parameter.type != "table" or [self.kind(fact) for fact in facts] != kinds:
            raise ConditionWrong(
                f"in_table('{parameter.id}') 的列对不上", f"依次写 {'、'.join(parameter.columns)} 对应的事实"
            )
        return "yes_no"

    def call_over_floor(self, node: exp.Anonymous) -> str:
        parameter = self.parameter(node, 1)
        given = list(node.expressions)
        if (
            len(given) != 4
            or parameter.type != "money"
            or [self.kind(given[i]) for i in (0, 2, 3)] != ["money", "date", "date"]
        ):
            raise ConditionWrong(
                "over_floor 要写收入、最低标准参数、开始和结束日期", f"写成 {FUNCTIONS['over_floor'].usage}"
            )
        return "money"


def _dates(kind: str) -> Callable[[Typer, exp.Anonymous], str]:
    def check(typer: Typer, node: exp.Anonymous) -> str:
        typer.arguments(node, "date", "date")
        return kind

    return check


def _birth_date(typer: Typer, node: exp.Anonymous) -> str:
    typer.arguments(node, "id_number")
    return "date"


FUNCTIONS: dict[str, Function] = {
    "param": Function(Typer.call_param, 0, "param('参数')"),
    "listed": Function(Typer.call_listed, 0, "listed('名单参数', 事实)"),
    "in_table": Function(Typer.call_in_table, 0, "in_table('表参数', 事实, …)"),
    "over_floor": Function(Typer.call_over_floor, 1, "over_floor(收入, '最低标准参数', 开始, 结束)"),
    "whole_months": Function(_dates("months"), None, "whole_months(开始, 结束)"),
    "years_old": Function(_dates("years"), None, "years_old(出生, 当天)"),
    "birth_date": Function(_birth_date, None, "birth_date(身份证号)"),
}

HANDLERS: dict[type[exp.Expression], Callable[[Typer, Any], str]] = {
    exp.Literal: Typer.literal,
    exp.Column: Typer.column,
    exp.Paren: Typer.paren,
    exp.And: Typer.connective,
    exp.Or: Typer.connective,
    exp.Not: Typer.connective,
    **dict.fromkeys(COMPARISONS, Typer.comparison),
    exp.In: Typer.membership,
    exp.Between: Typer.between,
    exp.Add: Typer.sum,
    exp.Sub: Typer.sum,
    exp.Mul: Typer.product,
    exp.Anonymous: Typer.call,
    exp.Boolean: Typer.boolean,
}


def _operands(node: exp.Expression) -> list[exp.Expression]:
    return [node.this] if isinstance(node, exp.Not) else [node.this, node.expression]


def _name(node: exp.Expression) -> str:
    if isinstance(node, exp.Is):
        return "IS NULL 不允许：空就是不知道，由三值逻辑处理"
    return type(node).__name__
