"""Where a search starts: where the person stands, their home, a community, or a point picked on the map.

The choice is kept in the signed session cookie, in degrees rounded to some ten metres; it is in no address (no log keeps it) and
in no record.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiujin.accounts.models import Role, User
from jiujin.core.listing import Words
from jiujin.registry.models import Area, Person
from jiujin.registry.queries import person_of
from jiujin.values.datum import check_point

KEY = "standing"
DECIMALS = 4
KINDS: dict[str, Words] = {
    "here": gettext_lazy("我现在的位置"),
    "picked": gettext_lazy("地图上选的位置"),
    "home": gettext_lazy("我家"),
}


@dataclass(frozen=True)
class Standing:
    """A point in degrees (WGS84), and what to call it; rough where it is only the middle of a community."""

    kind: str
    lat: float
    lon: float
    name: str = ""
    is_rough: bool = False

    def words(self) -> str:
        """What the page calls it."""
        return self.name or str(KINDS[self.kind])


def resident_of(user: User | AnonymousUser) -> Person | None:
    """The person behind a resident's sign-in; None for everyone else, and for a sign-in without a person yet."""
    if not isinstance(user, User) or user.role != Role.RESIDENT:
        return None
    return person_of(user)


def standing_of(request: HttpRequest, person: Person | None) -> Standing | None:
    """Where this person searches from: what they chose in this session, else their home; None where neither is known."""
    kept = request.session.get(KEY)
    if kept:
        return Standing(**kept)
    return home_standing(person)


def home_standing(person: Person | None) -> Standing | None:
    """A person's home, where its point is known; else the middle of the community."""
    if person is None:
        return None
    home = person.home
    if home is not None and home.lat is not None and home.lon is not None:
        return Standing("home", home.lat, home.lon, "", home.is_rough)
    return community_standing(person.home_area)


def community_standing(area: Area | None) -> Standing | None:
    """The middle of a community or township, where it is known."""
    if area is None or area.lat is None or area.lon is None:
        return None
    return Standing("community", area.lat, area.lon, _("%(name)s（中心点）") % {"name": area.name}, True)


def stand_at_point(request: HttpRequest, kind: str, lat: float, lon: float) -> None:
    """Search from this point from now on. Raises PointInvalid."""
    check_point(lat, lon)
    keep(request, Standing(kind, round(lat, DECIMALS), round(lon, DECIMALS)))


def keep(request: HttpRequest, standing: Standing) -> None:
    """Search from here from now on."""
    request.session[KEY] = asdict(standing)


def forget(request: HttpRequest) -> None:
    """Search from home again."""
    request.session.pop(KEY, None)
