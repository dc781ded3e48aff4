"""How these pages say what a vacancy offers and what a person brings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from jiujin.core.current_plan import current_plan
from jiujin.work.models import JobWish, Schooling, Shift, Vacancy
from jiujin.work.states import ApplicationState, VacancyState
from jiujin.work.vacancy_fields import FORM_FACT

VACANCY_TONES = {
    VacancyState.DRAFT: "late",
    VacancyState.IN_REVIEW: "unknown",
    VacancyState.REFUSED: "unmet",
    VacancyState.OPEN: "met",
    VacancyState.PAUSED: "late",
}
APPLICATION_TONES = {
    ApplicationState.SENT: "late",
    ApplicationState.SEEN: "late",
    ApplicationState.ACCEPTED: "unknown",
    ApplicationState.HIRED: "met",
}


def vacancy_tone(state: str) -> str:
    """The colour of a vacancy's state."""
    return VACANCY_TONES.get(VacancyState(state), "plain")


def application_tone(state: str) -> str:
    """The colour of an application's state: what waits for the employer is amber."""
    return APPLICATION_TONES.get(ApplicationState(state), "plain")


def form_choices() -> list[tuple[str, str]]:
    """The forms of employment of the plan, in its order."""
    return list(current_plan().facts[FORM_FACT].choices.items())


def form_words(code: str) -> str:
    """A form of employment by its name in the plan; a code that the plan lost is shown as it is."""
    return current_plan().facts[FORM_FACT].choices.get(code, code)


def left_words(open_until: date, today: date) -> str:
    """How long a vacancy is still open."""
    days = (open_until - today).days
    if days < 0:
        return _("已过期")
    return _("今天截止") if days == 0 else _("还有 %(n)s 天") % {"n": days}


def place_words(vacancy: Vacancy) -> str:
    """The place of work with its community."""
    area = vacancy.workplace.area
    return f"{vacancy.workplace.name}（{area.name}）" if area else vacancy.workplace.name


def told_words(
    occupations: Sequence[str], skills: Sequence[str], licences: Sequence[str], schooling: str, shifts: Sequence[str]
) -> str:
    """What somebody nearby told of themselves, on one line."""
    parts = [
        _("想做%(names)s") % {"names": "、".join(occupations)} if occupations else "",
        _("会%(names)s") % {"names": "、".join(skills)} if skills else "",
        _("有%(names)s") % {"names": "、".join(licences)} if licences else "",
        schooling,
        "、".join(str(Shift(shift).label) for shift in shifts if shift in Shift.values),
    ]
    return " · ".join(part for part in parts if part)


@dataclass(frozen=True)
class Fit:
    """What a person told of themselves, held against what a vacancy asks; never their age, sex or origin."""

    met: list[str] = field(default_factory=list)
    unmet: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    @property
    def lines(self) -> list[tuple[bool | None, str]]:
        """Every sentence with its answer, what speaks for the person first."""
        return [
            *((True, words) for words in self.met),
            *((False, words) for words in self.unmet),
            *((None, words) for words in self.unknown),
        ]

    @property
    def words(self) -> str:
        """The sentences on one line."""
        return "；".join(words for _answer, words in self.lines)


def fit_of(vacancy: Vacancy, wish: JobWish | None) -> Fit:
    """Schooling, licences, skills and the kind of work, each met, not met, or not told."""
    fit = Fit()
    _schooling(vacancy, wish, fit)
    _licences(vacancy, wish, fit)
    if wish is None:
        return fit
    shared = [skill for skill in vacancy.skills if skill in wish.skills]
    if shared:
        fit.met.append(_("会：%(names)s") % {"names": "、".join(shared)})
    code = vacancy.occupation_id
    if code and any(code.startswith(wanted) or wanted.startswith(code) for wanted in wish.occupations):
        fit.met.append(_("想做这一类工作"))
    return fit


def _schooling(vacancy: Vacancy, wish: JobWish | None, fit: Fit) -> None:
    if not vacancy.schooling_min:
        return
    asked = Schooling(vacancy.schooling_min).label
    if wish is None or wish.schooling is None:
        fit.unknown.append(_("学历没有填，要求%(asked)s") % {"asked": asked})
        return
    words = _("学历：%(has)s，要求%(asked)s") % {"has": Schooling(wish.schooling).label, "asked": asked}
    (fit.met if wish.schooling >= vacancy.schooling_min else fit.unmet).append(words)


def _licences(vacancy: Vacancy, wish: JobWish | None, fit: Fit) -> None:
    if not vacancy.licences:
        return
    if wish is None or not wish.licences:
        fit.unknown.append(_("证书没有填，要求%(names)s") % {"names": "、".join(vacancy.licences)})
        return
    has = [name for name in vacancy.licences if name in wish.licences]
    lacks = [name for name in vacancy.licences if name not in wish.licences]
    if has:
        fit.met.append(_("有证书：%(names)s") % {"names": "、".join(has)})
    if lacks:
        fit.unmet.append(_("没有写的证书：%(names)s") % {"names": "、".join(lacks)})
