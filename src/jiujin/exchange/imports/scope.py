"""What an importer may bring, and how areas and organisations are named in a record."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from jiujin.exchange.imports.errors import AreaNameUnknown, EmployerAmbiguous, EmployerUnknown, OutsideScope
from jiujin.registry.models import Area, Organisation
from jiujin.values import CreditCodeError, check_credit_code


class Outcome(StrEnum):
    """What a record did."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Scope:
    """One area and all below it (blank: everywhere), and one organisation (None: every one)."""

    area_code: str = ""
    organisation_id: int | None = None

    def check_area(self, area_code: str | None) -> None:
        """Raises OutsideScope for an area that is not the importer's; one that is not known belongs to the whole district."""
        if self.area_code and not (area_code or "").startswith(self.area_code):
            raise OutsideScope("area")

    def check_organisation(self, organisation: Organisation | None, field: str = "name") -> None:
        """Raises OutsideScope for another organisation, or one that is not there yet."""
        if self.organisation_id is not None and (organisation is None or organisation.pk != self.organisation_id):
            raise OutsideScope(field)
        if self.area_code and organisation is not None and organisation.area_id:
            self.check_area(organisation.area_id)


def area_code_of(written: str | None) -> str | None:
    """The code of an area written as its code, as `乡镇 社区村`, or by a name that only one has. Raises AreaNameUnknown."""
    if not written:
        return None
    if written.isascii() and written.isdigit():
        found = Area.objects.filter(pk=written)
    else:
        *town, name = written.replace("/", " ").split()
        found = Area.objects.filter(name=name)
        if town:
            found = found.filter(parent__name=town[-1])
    codes = list(found.order_by("pk").values_list("pk", flat=True)[:2])
    if len(codes) != 1:
        raise AreaNameUnknown
    return str(codes[0])


def organisation_named(written: str, *, field: str) -> Organisation:
    """The organisation of a credit code or a name. Raises EmployerUnknown, EmployerAmbiguous."""
    try:
        found = Organisation.objects.filter(credit_code=check_credit_code(written))
    except CreditCodeError:
        found = Organisation.objects.filter(name=written)
    rows = list(found.order_by("pk")[:2])
    if not rows:
        raise EmployerUnknown(field)
    if len(rows) > 1:
        raise EmployerAmbiguous(field)
    return rows[0]
