"""The records of work. A null always means *not known*; a missing month is not a no."""

from jiujin.work.models.meetings import (
    Application,
    Channel,
    GroupSession,
    Introduction,
    MatchLine,
    MatchRun,
    ServiceKind,
    ServiceRecord,
)
from jiujin.work.models.placements import (
    Contract,
    IncomeMonth,
    InsuranceKind,
    InsuranceMonth,
    Placement,
    Registration,
    RegistrationKind,
)
from jiujin.work.models.vacancies import JobWish, Occupation, Schooling, Shift, Vacancy, WagePeriod

__all__ = [
    "Application",
    "Channel",
    "Contract",
    "GroupSession",
    "IncomeMonth",
    "InsuranceKind",
    "InsuranceMonth",
    "Introduction",
    "JobWish",
    "MatchLine",
    "MatchRun",
    "Occupation",
    "Placement",
    "Registration",
    "RegistrationKind",
    "Schooling",
    "ServiceKind",
    "ServiceRecord",
    "Shift",
    "Vacancy",
    "WagePeriod",
]
