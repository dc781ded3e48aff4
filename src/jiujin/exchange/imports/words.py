"""What is wrong with a field, in words, from what pydantic found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _


def fault_words(problem: Mapping[str, Any]) -> str:
    """One sentence with the mend."""
    kind, given = str(problem["type"]), problem.get("ctx") or {}
    match kind:
        case "missing" | "none_required":
            return _("没有填：这一项必填")
        case "extra_forbidden":
            return _("没有这一项：请对照接口说明去掉它")
        case "string_too_long" | "too_long":
            return _("太长，最多 %(most)s 个：请写短一些") % {"most": given.get("max_length", "")}
        case "string_too_short" | "too_short":
            return _("没有填：这一项必填")
        case "literal_error":
            return _("不在可选的值里，可以填：%(listed)s") % {"listed": given.get("expected", "").replace(" or ", "、")}
        case "greater_than_equal" | "greater_than":
            return _("太小：应大于或等于 %(bound)s") % {"bound": given.get("ge", given.get("gt", ""))}
        case "less_than_equal" | "less_than":
            return _("太大：应小于或等于 %(bound)s") % {"bound": given.get("le", given.get("lt", ""))}
        case "decimal_max_places":
            return _("小数太长，最多 %(most)s 位") % {"most": given.get("decimal_places", "")}
    if kind.startswith(("date", "datetime")):
        return _("不是日期：请写成 2022-03-01 这样")
    if kind.startswith(("int", "float", "decimal", "finite")):
        return _("不是数：请填数字")
    if kind.startswith("bool"):
        return _("只能是 true 或 false")
    if kind.startswith("string"):
        return _("要填文字")
    if kind.startswith(("model", "json", "dict", "list")):
        return _("写法不对：请对照接口说明")
    return _("不能这样填：请对照说明改正")
