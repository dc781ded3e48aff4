"""The states of a base, an application and an internship, and every way from one to another."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiujin.core.transitions import Transition


class BaseState(models.TextChoices):
    """Where a base stands."""

    APPLIED = "applied", _("申请中")
    RECOGNISED = "recognised", _("已认定")
    REFUSED = "refused", _("未认定")
    WITHDRAWN = "withdrawn", _("已退出")


class ApplicationState(models.TextChoices):
    """Where an application for an internship stands."""

    APPLIED = "applied", _("已申请")
    ELIGIBLE = "eligible", _("符合条件")
    REFUSED = "refused", _("不符合条件")
    RECOMMENDED = "recommended", _("已推荐")
    ACCEPTED = "accepted", _("单位接收")
    DECLINED = "declined", _("单位未接收")
    WITHDRAWN = "withdrawn", _("已撤回")
    STARTED = "started", _("已开始见习")


class InternshipState(models.TextChoices):
    """Where an internship stands."""

    AGREED = "agreed", _("已签协议")
    RUNNING = "running", _("见习中")
    INTERRUPTED = "interrupted", _("已中断")
    COMPLETED = "completed", _("期满")
    HIRED_EARLY = "hired_early", _("提前录用")


BASE = (
    Transition(BaseState.APPLIED, "base_recognised", BaseState.RECOGNISED, "clerk"),
    Transition(BaseState.APPLIED, "base_refused", BaseState.REFUSED, "clerk"),
    Transition(BaseState.REFUSED, "base_applied", BaseState.APPLIED, "unit"),
    Transition(BaseState.RECOGNISED, "base_withdrawn", BaseState.WITHDRAWN, "clerk"),
    Transition(BaseState.WITHDRAWN, "base_applied", BaseState.APPLIED, "unit"),
)
APPLICATION = (
    Transition(ApplicationState.APPLIED, "application_found_eligible", ApplicationState.ELIGIBLE, "service"),
    Transition(ApplicationState.APPLIED, "application_refused", ApplicationState.REFUSED, "service"),
    Transition(ApplicationState.ELIGIBLE, "application_refused", ApplicationState.REFUSED, "service"),
    Transition(ApplicationState.ELIGIBLE, "application_recommended", ApplicationState.RECOMMENDED, "service"),
    Transition(ApplicationState.RECOMMENDED, "application_accepted", ApplicationState.ACCEPTED, "unit"),
    Transition(ApplicationState.RECOMMENDED, "application_declined", ApplicationState.DECLINED, "unit"),
    Transition(ApplicationState.DECLINED, "application_recommended", ApplicationState.RECOMMENDED, "service"),
    Transition(ApplicationState.ACCEPTED, "internship_started", ApplicationState.STARTED, "unit"),
    Transition(ApplicationState.APPLIED, "application_withdrawn", ApplicationState.WITHDRAWN, "person"),
    Transition(ApplicationState.ELIGIBLE, "application_withdrawn", ApplicationState.WITHDRAWN, "person"),
    Transition(ApplicationState.RECOMMENDED, "application_withdrawn", ApplicationState.WITHDRAWN, "person"),
    Transition(ApplicationState.ACCEPTED, "application_withdrawn", ApplicationState.WITHDRAWN, "person"),
)
INTERNSHIP = (
    Transition(InternshipState.AGREED, "internship_running", InternshipState.RUNNING, "unit"),
    Transition(InternshipState.RUNNING, "internship_interrupted", InternshipState.INTERRUPTED, "unit"),
    Transition(InternshipState.INTERRUPTED, "internship_running", InternshipState.RUNNING, "unit"),
    Transition(InternshipState.RUNNING, "internship_completed", InternshipState.COMPLETED, "unit"),
    Transition(InternshipState.RUNNING, "internship_ended_by_hire", InternshipState.HIRED_EARLY, "unit"),
    Transition(InternshipState.AGREED, "internship_interrupted", InternshipState.INTERRUPTED, "unit"),
)
