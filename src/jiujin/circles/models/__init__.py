"""The records of circles: where they lie and who belongs, who runs them on which terms, the posts and the help given."""

from jiujin.circles.models.circles import (
    Circle,
    CircleFirm,
    CirclePerson,
    CircleSpecialist,
    Duty,
    ServicePoint,
    ServicePointKind,
)
from jiujin.circles.models.engagements import (
    Engagement,
    EngagementIndicator,
    OperatorReport,
    PilotCommunity,
    Procurement,
    StreetDecision,
    SystemUsed,
)
from jiujin.circles.models.help import FollowUp, HelpPlan
from jiujin.circles.models.posts import PostHolding, PostMonth, WelfarePost

__all__ = [
    "Circle",
    "CircleFirm",
    "CirclePerson",
    "CircleSpecialist",
    "Duty",
    "Engagement",
    "EngagementIndicator",
    "FollowUp",
    "HelpPlan",
    "OperatorReport",
    "PilotCommunity",
    "PostHolding",
    "PostMonth",
    "Procurement",
    "ServicePoint",
    "ServicePointKind",
    "StreetDecision",
    "SystemUsed",
    "WelfarePost",
]
