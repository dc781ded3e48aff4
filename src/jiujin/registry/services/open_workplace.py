"""Opens a place of work of an employer."""

from __future__ import annotations

from django.db import transaction

from jiujin.core.services.record_event import Actor, record_event
from jiujin.registry.errors import WorkplaceNameTaken
from jiujin.registry.field_checks import ORGANISATION_NAME_MAX, checked_name, require_area
from jiujin.registry.models import Organisation, PointSource, Workplace
from jiujin.registry.services.lock import locked_organisation
from jiujin.registry.services.set_address import place_address
from jiujin.values.datum import Datum


@transaction.atomic
def open_workplace(
    *,
    organisation: Organisation,
    name: str,
    actor: Actor,
    area_code: str | None = None,
    text: str | None = None,
    lat: float | None = None,
    lon: float | None = None,
    datum: Datum = Datum.WGS84,
    source: PointSource = PointSource.PICKED,
) -> Workplace:
    """Open a place of work with its address; without a point it is put at the middle of its area. A closed one opens again.

    Raises WorkplaceNameTaken, NameMissing, AreaUnknown, PointUnusable, FieldInvalid.
    """
    employer = locked_organisation(organisation)
    bare = checked_name(name, ORGANISATION_NAME_MAX)
    require_area(area_code)
    workplace = Workplace.objects.filter(organisation=employer, name=bare).first()
    if workplace is not None and workplace.is_open:
        raise WorkplaceNameTaken(bare)
    workplace = workplace or Workplace(organisation=employer, name=bare)
    workplace.is_open = True
    if area_code is not None:
        workplace.area_id = area_code
    workplace.save()
    record_event(actor=actor, verb="workplace_opened", subject=workplace, details={"organisation": employer.pk})
    if text is not None or lat is not None or lon is not None or workplace.area_id:
        place_address(workplace, text=text, lat=lat, lon=lon, datum=datum, source=source, actor=actor)
    return workplace
