"""The states of a vacancy, an application and an introduction, and every way from one to another."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiujin.core.transitions import Transition


class VacancyState(models.TextChoices):
    """Where a vacancy stands; only an open one is seen by residents."""

    DRAFT = "draft", _("草稿")
    IN_REVIEW = "in_review", _("待审核")
    REFUSED = "refused", _("未通过")
    OPEN = "open", _("招聘中")
    PAUSED = "paused", _("已暂停")
    FILLED = "filled", _("已招满")
    CLOSED = "closed", _("已关闭")


class ApplicationState(models.TextChoices):
    """Where an application stands."""

    SENT = "sent", _("已投递")
    SEEN = "seen", _("单位已查看")
    ACCEPTED = "accepted", _("约见面")
    HIRED = "hired", _("已录用")
    DECLINED = "declined", _("未录用")
    WITHDRAWN = "withdrawn", _("已撤回")


class IntroductionState(models.TextChoices):
    """Where a specialist's introduction stands."""

    MADE = "made", _("已推荐")
    TAKEN_UP = "taken_up", _("已投递")
    DECLINED = "declined", _("本人不考虑")
    LAPSED = "lapsed", _("已失效")


VACANCY = (
    Transition(VacancyState.DRAFT, "vacancy_edited", VacancyState.DRAFT, "employer"),
    Transition(VacancyState.DRAFT, "vacancy_submitted", VacancyState.IN_REVIEW, "employer"),
    Transition(VacancyState.DRAFT, "vacancy_published", VacancyState.OPEN, "check"),
    Transition(VacancyState.DRAFT, "vacancy_refused", VacancyState.REFUSED, "check"),
    Transition(VacancyState.DRAFT, "vacancy_closed", VacancyState.CLOSED, "employer"),
    Transition(VacancyState.IN_REVIEW, "vacancy_published", VacancyState.OPEN, "reviewer"),
    Transition(VacancyState.IN_REVIEW, "vacancy_refused", VacancyState.REFUSED, "reviewer"),
    Transition(VacancyState.IN_REVIEW, "vacancy_edited", VacancyState.DRAFT, "employer"),
    Transition(VacancyState.IN_REVIEW, "vacancy_closed", VacancyState.CLOSED, "employer"),
    Transition(VacancyState.REFUSED, "vacancy_edited", VacancyState.DRAFT, "employer"),
    Transition(VacancyState.REFUSED, "vacancy_closed", VacancyState.CLOSED, "employer"),
    Transition(VacancyState.OPEN, "vacancy_edited", VacancyState.DRAFT, "employer"),
    Transition(VacancyState.OPEN, "vacancy_paused", VacancyState.PAUSED, "employer"),
    Transition(VacancyState.OPEN, "vacancy_filled", VacancyState.FILLED, "employer"),
    Transition(VacancyState.OPEN, "vacancy_closed", VacancyState.CLOSED, "employer"),
    Transition(VacancyState.OPEN, "vacancy_lapsed", VacancyState.CLOSED, "system"),
    Transition(VacancyState.PAUSED, "vacancy_edited", VacancyState.DRAFT, "employer"),
    Transition(VacancyState.PAUSED, "vacancy_resumed", VacancyState.OPEN, "employer"),
    Transition(VacancyState.PAUSED, "vacancy_filled", VacancyState.FILLED, "employer"),
    Transition(VacancyState.PAUSED, "vacancy_closed", VacancyState.CLOSED, "employer"),
    Transition(VacancyState.PAUSED, "vacancy_lapsed", VacancyState.CLOSED, "system"),
    Transition(VacancyState.FILLED, "vacancy_edited", VacancyState.DRAFT, "employer"),
    Transition(VacancyState.FILLED, "vacancy_resumed", VacancyState.OPEN, "employer"),
    Transition(VacancyState.FILLED, "vacancy_closed", VacancyState.CLOSED, "employer"),
)
APPLICATION = (
    Transition(ApplicationState.SENT, "application_seen", ApplicationState.SEEN, "employer"),
    Transition(ApplicationState.SENT, "application_accepted", ApplicationState.ACCEPTED, "employer"),
    Transition(ApplicationState.SEEN, "application_accepted", ApplicationState.ACCEPTED, "employer"),
    Transition(ApplicationState.SENT, "application_declined", ApplicationState.DECLINED, "employer"),
    Transition(ApplicationState.SEEN, "application_declined", ApplicationState.DECLINED, "employer"),
    Transition(ApplicationState.ACCEPTED, "application_declined", ApplicationState.DECLINED, "employer"),
    Transition(ApplicationState.SENT, "application_hired", ApplicationState.HIRED, "employer"),
    Transition(ApplicationState.SEEN, "application_hired", ApplicationState.HIRED, "employer"),
    Transition(ApplicationState.ACCEPTED, "application_hired", ApplicationState.HIRED, "employer"),
    Transition(ApplicationState.SENT, "application_withdrawn", ApplicationState.WITHDRAWN, "resident"),
    Transition(ApplicationState.SEEN, "application_withdrawn", ApplicationState.WITHDRAWN, "resident"),
    Transition(ApplicationState.ACCEPTED, "application_withdrawn", ApplicationState.WITHDRAWN, "resident"),
)
OPEN_APPLICATION = (ApplicationState.SENT, ApplicationState.SEEN, ApplicationState.ACCEPTED)
INTRODUCTION = (
    Transition(IntroductionState.MADE, "introduction_taken_up", IntroductionState.TAKEN_UP, "resident"),
    Transition(IntroductionState.MADE, "introduction_declined", IntroductionState.DECLINED, "resident"),
    Transition(IntroductionState.MADE, "introduction_lapsed", IntroductionState.LAPSED, "system"),
)
