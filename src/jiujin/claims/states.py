"""The states of a claim line, and every way from one to another; the database holds the same table.

A claim is a batch of lines by one payee for one scheme. Lines go their ways one by one: one can fall out without the rest.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiujin.core import transitions


class LineState(models.TextChoices):
    """Where a line stands."""

    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("已提交")
    ACCEPTED = "accepted", _("已受理")
    FIRST_PASSED = "first_passed", _("初审通过")
    SECOND_PASSED = "second_passed", _("复审通过")
    IN_NOTICE = "in_notice", _("公示中")
    NOTICED = "noticed", _("公示期满")
    APPROVED = "approved", _("已批准")
    SCHEDULED = "scheduled", _("待拨付")
    PAID = "paid", _("已拨付")
    RECONCILED = "reconciled", _("已对账")
    RETURNED = "returned", _("退回补正")
    WITHDRAWN = "withdrawn", _("已撤回")
    REJECTED = "rejected", _("不予批准")
    RECOVERED = "recovered", _("已追回")
    CORRECTED = "corrected", _("已更正")


@dataclass(frozen=True)
class Transition(transitions.Transition):
    """One way between states: what happens, who makes it happen, and whether it decides on somebody's money.

    `skips` names the steps that the scheme's workflow must not have for this way to be open.
    """

    decides: bool = False
    skips: tuple[str, ...] = ()


S = LineState
LINE = (
    Transition(S.DRAFT, "line_submitted", S.SUBMITTED, "payee"),
    Transition(S.DRAFT, "line_withdrawn", S.WITHDRAWN, "payee"),
    Transition(S.SUBMITTED, "line_accepted", S.ACCEPTED, "clerk"),
    Transition(S.ACCEPTED, "line_first_passed", S.FIRST_PASSED, "first_review", decides=True),
    Transition(S.FIRST_PASSED, "line_second_passed", S.SECOND_PASSED, "second_review", decides=True),
    Transition(S.SECOND_PASSED, "line_put_to_notice", S.IN_NOTICE, "clerk"),
    Transition(S.IN_NOTICE, "line_noticed", S.NOTICED, "system"),
    Transition(S.FIRST_PASSED, "line_put_to_notice", S.IN_NOTICE, "clerk", skips=("second_review",)),
    Transition(S.NOTICED, "line_approved", S.APPROVED, "approval", decides=True),
    Transition(S.SECOND_PASSED, "line_approved", S.APPROVED, "approval", decides=True, skips=("public_notice",)),
    Transition(
        S.FIRST_PASSED, "line_approved", S.APPROVED, "approval", decides=True, skips=("second_review", "public_notice")
    ),
    Transition(S.SECOND_PASSED, "line_corrected", S.CORRECTED, "second_review"),
    Transition(S.NOTICED, "line_corrected", S.CORRECTED, "system"),
    Transition(S.APPROVED, "line_scheduled", S.SCHEDULED, "finance"),
    Transition(S.SCHEDULED, "line_unscheduled", S.APPROVED, "finance"),
    Transition(S.SCHEDULED, "line_paid", S.PAID, "finance"),
    Transition(S.APPROVED, "line_paid_by_city", S.PAID, "city"),
    Transition(S.PAID, "line_payment_returned", S.SCHEDULED, "finance"),
    Transition(S.PAID, "line_reconciled", S.RECONCILED, "finance"),
    Transition(S.PAID, "line_recovered", S.RECOVERED, "finance"),
    Transition(S.RECONCILED, "line_recovered", S.RECOVERED, "finance"),
    Transition(S.PAID, "line_taken_out", S.WITHDRAWN, "finance"),  # a line that was carried in by mistake, and no other
    Transition(S.RECONCILED, "line_taken_out", S.WITHDRAWN, "finance"),
    *(
        Transition(source, "line_returned", S.RETURNED, by)
        for source, by in (
            (S.SUBMITTED, "clerk"),
            (S.ACCEPTED, "first_review"),
            (S.FIRST_PASSED, "second_review"),
            (S.SECOND_PASSED, "second_review"),
            (S.IN_NOTICE, "second_review"),
            (S.NOTICED, "approval"),
        )
    ),
    Transition(S.RETURNED, "line_mended", S.DRAFT, "payee"),
    Transition(S.RETURNED, "line_withdrawn", S.WITHDRAWN, "payee"),
    *(
        Transition(source, "line_withdrawn", S.WITHDRAWN, "payee")
        for source in (S.SUBMITTED, S.ACCEPTED, S.FIRST_PASSED, S.SECOND_PASSED, S.IN_NOTICE, S.NOTICED)
    ),
    *(
        Transition(source, "line_rejected", S.REJECTED, by, decides=True)
        for source, by in (
            (S.ACCEPTED, "first_review"),
            (S.FIRST_PASSED, "second_review"),
            (S.SECOND_PASSED, "second_review"),
            (S.IN_NOTICE, "second_review"),
            (S.NOTICED, "approval"),
        )
    ),
    Transition(S.REJECTED, "line_reopened", S.ACCEPTED, "appeal", decides=True),
    Transition(S.APPROVED, "line_revoked", S.REJECTED, "approval", decides=True),
)
OPEN = (S.SUBMITTED, S.ACCEPTED, S.FIRST_PASSED, S.SECOND_PASSED, S.IN_NOTICE, S.NOTICED)
DECIDED = (S.APPROVED, S.SCHEDULED, S.PAID, S.RECONCILED)
TAKES_PLACE = (*OPEN, *DECIDED, S.CORRECTED)  # states in which a met line uses up its limit and stands against others
ENDED = (S.WITHDRAWN, S.REJECTED, S.RECOVERED)
FORWARD = ("line_first_passed", "line_second_passed", "line_put_to_notice", "line_noticed", "line_approved")


class ClaimState(models.TextChoices):
    """Where a claim stands: with the payee, or with the office."""

    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("已提交")
    WITHDRAWN = "withdrawn", _("已撤回")


class MatterState(models.TextChoices):
    """Where an objection or an appeal stands."""

    RAISED = "raised", _("待处理")
    UPHELD = "upheld", _("成立")
    DISMISSED = "dismissed", _("不成立")


def transition_of(source: str, event: str) -> Transition:
    """The way that an event takes from a state. Raises KeyError where there is none."""
    return transitions.way_of(LINE, source, event)
