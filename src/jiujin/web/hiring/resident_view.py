"""A vacancy as residents will see it, with the words that the check found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from jiujin.web.hiring.marking import marked
from jiujin.web.hiring.words import form_words, place_words
from jiujin.web.resident.words import wage_words
from jiujin.work.checks import STOP
from jiujin.work.models import Vacancy

Parts = list[tuple[str, bool]]


@dataclass(frozen=True)
class ResidentView:
    """Title, wage, text and facts; each text in parts, some of them marked."""

    vacancy: Vacancy
    title: Parts
    wage: str
    place: str
    description: Parts
    facts: list[tuple[str, Parts]]


def resident_view(vacancy: Vacancy, findings: list[dict[str, Any]]) -> ResidentView:
    """The vacancy with the words of its findings marked."""
    words = [word for finding in findings for word in finding.get("words", [])]
    facts = [
        (_("用工形式"), form_words(vacancy.form)),
        (_("职业"), vacancy.occupation.name if vacancy.occupation else ""),
        (_("工作时间"), _time_words(vacancy)),
        (_("招聘人数"), _("%(n)s 人") % {"n": vacancy.headcount}),
        (_("学历"), str(vacancy.get_schooling_min_display())),
        (_("证书"), "、".join(vacancy.licences)),
        (_("技能"), "、".join(vacancy.skills)),
        (_("招到"), vacancy.open_until.isoformat()),
        (_("联系人（约见面后才显示）"), vacancy.contact_name),
    ]
    return ResidentView(
        vacancy,
        marked(vacancy.title, words),
        wage_words(vacancy),
        place_words(vacancy),
        marked(vacancy.description, words),
        [(label, marked(text, words)) for label, text in facts if text],
    )


def stops(findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The findings that keep a vacancy from being published."""
    return [finding for finding in findings if finding["severity"] == STOP]


def _time_words(vacancy: Vacancy) -> str:
    hours = _("每周 %(n)s 小时") % {"n": f"{float(vacancy.hours_a_week):g}"} if vacancy.hours_a_week else ""
    return " · ".join(part for part in (str(vacancy.get_shift_display()) if vacancy.shift else "", hours) if part)
