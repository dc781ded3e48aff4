"""What the comparison with other lines and records found, as data, and the sentence that a person reads.

A mark is `{rule, effect, line, record, of}`: which rule; `stop` keeps the line from going on, `mark` is for the reviewer to look at;
the other line or the record; and what else the sentence needs. Its words are made when it is shown, in the reader's language.
Marks that were written as sentences, before, have `message` and no `of`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from jiujin.core.plan_in_force import plan_in_force
from jiujin.plan import Plan

Mark = dict[str, Any]
Sentence = Callable[[Mapping[str, Any], Plan], str]


def mark_words(mark: Mapping[str, Any], plan: Plan | None = None) -> str:
    """A mark as a sentence. An exclusion is told in the words of the plan, a rule that the plan has lost by its id."""
    if "of" not in mark:
        return str(mark["message"])
    plan = plan or plan_in_force()
    rule = mark["rule"]
    if rule in sentences:
        what = sentences[rule](mark, plan)
    else:
        what = plan.exclusions[rule].message if rule in plan.exclusions else rule
    return _in_its_place(what, mark, plan)


def _in_its_place(what: str, mark: Mapping[str, Any], plan: Plan) -> str:
    """The sentence, with the line or the record that it is about."""
    if mark["line"] is not None:
        scheme = mark["of"]["scheme"]
        told = {
            "what": what,
            "scheme": plan.schemes[scheme].name if scheme in plan.schemes else scheme,
            "number": mark["of"]["number"],
            "line": mark["line"],
        }
        return _("%(what)s（%(scheme)s，申报 %(number)s，第 %(line)s 号明细）") % told
    if mark.get("record") is not None:
        return _("%(what)s（登记记录第 %(record)s 号）") % {"what": what, "record": mark["record"]}
    return what


def _overlap(mark: Mapping[str, Any], plan: Plan) -> str:
    scheme = plan.schemes.get(mark["of"]["scheme"])
    other = _("第 %(line)s 号明细") % {"line": mark["line"]}
    return (
        scheme.overlap.message.format(row=other) if scheme and scheme.overlap else _("与%(row)s重叠") % {"row": other}
    )


sentences: dict[str, Sentence] = {  # by rule; rooms above add theirs when they load
    "overlap": _overlap,
    "same_start": lambda mark, plan: _("同一人、同一开始日期在这项补贴里另有一条"),
    "same_work": lambda mark, plan: _("另一家机构也登记了同一人在同一单位、同一天开始的工作"),
    "insured_elsewhere": lambda mark, plan: _("同一段时间有另一家单位为这个人缴社会保险"),
}
