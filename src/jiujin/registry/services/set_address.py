"""Gives a person, an organisation, a place of work or a point of service its address and point."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from jiujin.core.services.record_event import Actor, record_event
from jiujin.registry.errors import FieldInvalid, PointUnusable
from jiujin.registry.models import Address, Area, Person, PointSource
from jiujin.registry.services.lock import locked_person
from jiujin.values.datum import Datum, PointInvalid, check_point, to_wgs84

TEXT_CHARACTERS_MAX = 200
HOLDERS = {Person: ("home", "home_area")}  # all others hold their address as `address`, and their area as `area`
Owner = models.Model


@transaction.atomic
def place_address(
    owner: Owner,
    *,
    text: str | None,
    lat: float | None,
    lon: float | None,
    datum: Datum = Datum.WGS84,
    source: PointSource = PointSource.PICKED,
    actor: Actor,
) -> Address:
    """Write down an address and its point, converted to WGS84; without a point, the middle of the owner's area stands in.

    Args:
        owner: has `home` (a person) or `address`.
        text: as written; None leaves the text as it is.
        lat, lon: degrees on `datum`, both or neither.

    Raises PointUnusable and FieldInvalid, and then nothing is changed; PersonMergedAway.
    """
    point = None if lat is None and lon is None else converted_point(lat, lon, datum)
    held = _held(owner)
    address = address_of(held) or Address(is_synthetic=getattr(held, "is_synthetic", False))
    if text is not None:
        address.text = _checked_text(text)
    if point is not None:
        _set_point(address, point, source=source, came_as=datum.value, is_rough=False)
    else:
        _fall_back(address, area_of(held))
    _keep(held, address, owner)
    _record(held, address, actor)
    return address


@transaction.atomic
def use_community_middle(owner: Owner, *, actor: Actor, area_code: str | None = None) -> Address | None:
    """Put the owner at the middle of its area (or of `area_code`), marked rough; None where no middle is known.

    Then nothing is changed. Raises PersonMergedAway.
    """
    held = _held(owner)
    area = Area.objects.filter(pk=area_code).first() if area_code else area_of(held)
    if area is None or area.lat is None or area.lon is None:
        return None
    address = address_of(held) or Address(is_synthetic=getattr(held, "is_synthetic", False))
    _fall_back(address, area)
    _keep(held, address, owner)
    _record(held, address, actor)
    return address


def follow_home_area(person: Person) -> None:
    """Move a home that is known only by its community with the community, within the caller's transaction."""
    if person.home is not None and (person.home.is_rough or person.home.lat is None):
        _fall_back(person.home, person.home_area)
        person.home.save()


def converted_point(lat: float | None, lon: float | None, datum: Datum) -> tuple[float, float]:
    """The WGS84 point in China of a point on `datum`. Raises PointUnusable."""
    if lat is None or lon is None:
        raise PointUnusable("point_missing", _("经度和纬度要一起填，只有一个定不了位置"))
    try:
        check_point(lat, lon)
        return check_point(*to_wgs84(lat, lon, datum))
    except PointInvalid as error:
        raise PointUnusable(error.code, error.message) from error


def _checked_text(text: str) -> str | None:
    bare = " ".join(text.split())
    if len(bare) > TEXT_CHARACTERS_MAX:
        message = _("地址超过 %(longest)s 个字，没有保存。请写短一些。")
        raise FieldInvalid("address", message % {"longest": TEXT_CHARACTERS_MAX})
    return bare or None


def _names(owner: Owner) -> tuple[str, str]:
    """The names of the owner's address and area."""
    return next((names for kind, names in HOLDERS.items() if isinstance(owner, kind)), ("address", "area"))


def _held(owner: Owner) -> Owner:
    """The owner as it is now, held for the transaction."""
    if isinstance(owner, Person):
        return locked_person(owner)
    manager: models.Manager[Any] = type(owner)._default_manager
    return manager.select_for_update().get(pk=owner.pk)  # type: ignore[no-any-return]


def address_of(owner: Owner) -> Address | None:
    """The owner's address, as the owner has it."""
    return getattr(owner, _names(owner)[0])  # type: ignore[no-any-return]


def area_of(owner: Owner) -> Area | None:
    """The area that the owner lives or lies in."""
    return getattr(owner, _names(owner)[1])  # type: ignore[no-any-return]


def _set_point(
    address: Address, point: tuple[float, float], *, source: PointSource, came_as: str, is_rough: bool
) -> None:
    address.lat, address.lon = point
    address.point_source, address.came_as, address.is_rough = source, came_as, is_rough


def _fall_back(address: Address, area: Area | None) -> None:
    """The area's middle, or no point where that is not known either."""
    if area is not None and area.lat is not None and area.lon is not None:
        middle = (area.lat, area.lon)
        _set_point(address, middle, source=PointSource.COMMUNITY, came_as=Datum.WGS84.value, is_rough=True)
        return
    address.lat = address.lon = None
    address.point_source = address.came_as = ""
    address.is_rough = False


def _keep(held: Owner, address: Address, owner: Owner) -> None:
    """Save the address, and let the owner and the caller's copy of it point there."""
    address.save()
    name = _names(held)[0]
    if getattr(held, f"{name}_id") != address.pk:
        setattr(held, name, address)
        held.save(update_fields=[name])
    setattr(owner, name, address)


def _record(held: Owner, address: Address, actor: Actor) -> None:
    """The event says how the point came, never where it is."""
    details = {"source": address.point_source, "came_as": address.came_as, "is_rough": address.is_rough}
    record_event(actor=actor, verb="address_placed", subject=held, details=details)
