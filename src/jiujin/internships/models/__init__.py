"""The records of internships. A null always means *not known*; a missing month is not a no."""

from jiujin.internships.models.bases import Base, BaseReview, InternPost, PostPublication
from jiujin.internships.models.internships import (
    AbsorptionMonth,
    InternApplication,
    InternFollowUp,
    InternMonth,
    Internship,
)

__all__ = [
    "AbsorptionMonth",
    "Base",
    "BaseReview",
    "InternApplication",
    "InternFollowUp",
    "InternMonth",
    "InternPost",
    "Internship",
    "PostPublication",
]
