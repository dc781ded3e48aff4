"""An address gets one point on one datum, or a clear sentence and nothing."""

from __future__ import annotations

from math import inf, nan
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiujin.core.models import Event
from jiujin.registry.errors import (
    AddressNotFound,
    AreaUnknown,
    FieldInvalid,
    GeocoderMissing,
    PersonMergedAway,
    PointUnusable,
    WorkplaceNameTaken,
)
from jiujin.registry.geocoding import FoundPoint
from jiujin.registry.models import Address, Area, PointSource, Workplace
from jiujin.registry.services.change_person import change_person
from jiujin.registry.services.close_workplace import close_workplace
from jiujin.registry.services.geocode_address import geocode_address
from jiujin.registry.services.open_workplace import open_workplace
from jiujin.registry.services.set_address import converted_point, place_address, use_community_middle
from jiujin.values.datum import Datum, distance_m, from_wgs84
from tests.registry.factories import make_area, make_organisation, make_person

pytestmark = pytest.mark.django_db
ACTOR = "system:test"
HERE = (31.7500, 116.5200)
MIDDLE = (31.7400, 116.5000)


def area_with_middle(code: str = "341502001001", middle: tuple[float, float] = MIDDLE) -> Area:
    area = make_area(code)
    area.lat, area.lon = middle
    area.save()
    return area


def place(owner: Any, lat: float | None, lon: float | None, **given_: Any) -> Address:
    usual = {"text": "某路 1 号", "datum": Datum.WGS84, "source": PointSource.PICKED, "actor": ACTOR}
    return place_address(owner, lat=lat, lon=lon, **{**usual, **given_})


@pytest.mark.parametrize("datum", list(Datum))
def test_point_of_any_datum_comes_to_lie_at_the_same_place_and_says_what_it_came_as(datum: Datum) -> None:
    person = make_person()
    place(person, *from_wgs84(*HERE, datum), datum=datum, source=PointSource.IMPORTED)
    person.refresh_from_db()
    assert person.home is not None and person.home.lat is not None and person.home.lon is not None
    assert distance_m(*HERE, person.home.lat, person.home.lon) < 1
    assert (person.home.came_as, person.home.point_source, person.home.is_rough) == (datum, "imported", False)
    assert person.home.text == "某路 1 号"


@pytest.mark.parametrize(
    ("lat", "lon", "says"),
    [
        (0.0, 0.0, "没有取到位置"),
        (nan, 116.5, "不是数"),
        (31.7, inf, "不是数"),
        (116.52, 31.75, "写反了"),
        (48.85, 2.35, "不在中国境内"),
        (131.75, 316.5, "超出范围"),
        (31.75, None, "一起填"),
    ],
)
def test_point_that_cannot_be_is_told_in_one_sentence_and_saves_nothing(lat: Any, lon: Any, says: str) -> None:
    person = make_person(home_area=area_with_middle())
    with pytest.raises(PointUnusable, match=says) as refused:
        place(person, lat, lon)
    assert str(refused.value).count("没有保存") == 1
    assert not Address.objects.exists()
    assert not Event.objects.exists()


@given(st.floats(), st.floats(), st.sampled_from(list(Datum)))
def test_whatever_comes_in_a_point_is_in_china_or_refused(lat: float, lon: float, datum: Datum) -> None:
    try:
        kept = converted_point(lat, lon, datum)
    except PointUnusable:
        return
    assert 3 <= kept[0] <= 54 and 73 <= kept[1] <= 136


def test_second_place_replaces_the_first_and_a_bad_third_leaves_it() -> None:
    person = make_person()
    first = place(person, *HERE)
    second = place(person, *MIDDLE, text="搬到另一处")
    with pytest.raises(PointUnusable):
        place(person, 0, 0, text="又搬")
    held = Address.objects.get()
    assert first.pk == second.pk == held.pk
    assert (held.lat, held.lon, held.text) == (*MIDDLE, "搬到另一处")


def test_address_without_a_point_lies_roughly_at_its_community() -> None:
    person = make_person(home_area=area_with_middle())
    held = place(person, None, None)
    assert (held.lat, held.lon, held.is_rough, held.point_source) == (*MIDDLE, True, "community")


def test_address_without_a_point_in_a_community_without_a_middle_has_none() -> None:
    held = place(make_person(home_area=make_area("341502001001")), None, None)
    assert (held.lat, held.point_source, held.text) == (None, "", "某路 1 号")


def test_community_middle_is_marked_rough_and_is_nothing_where_unknown() -> None:
    unknown = make_area("341502001002")
    person = make_person(home_area=unknown)
    assert use_community_middle(person, actor=ACTOR) is None
    assert not Address.objects.exists()
    held = use_community_middle(person, area_code=area_with_middle().code, actor=ACTOR)
    assert held is not None and held.is_rough
    assert person.home == held


def test_rough_home_moves_with_its_community_and_an_exact_one_stays() -> None:
    old, new = area_with_middle(), area_with_middle("341502002001", HERE)
    rough, exact = make_person(home_area=old), make_person(home_area=old)
    use_community_middle(rough, actor=ACTOR)
    place(exact, 31.7, 116.4)
    for person in (rough, exact):
        change_person(person=person, home_area_code=new.code, actor=ACTOR)
        person.refresh_from_db()
    assert rough.home and (rough.home.lat, rough.home.lon, rough.home.is_rough) == (*HERE, True)
    assert exact.home and (exact.home.lat, exact.home.lon, exact.home.is_rough) == (31.7, 116.4, False)


def test_event_says_how_a_home_came_and_never_where_it_is() -> None:
    person = make_person()
    place(person, *HERE)
    event = Event.objects.get()
    assert (event.verb, event.subject_id) == ("address_placed", str(person.pk))
    assert event.details == {"source": "picked", "came_as": "wgs84", "is_rough": False}


def test_address_that_is_a_book_is_refused() -> None:
    with pytest.raises(FieldInvalid, match="200 个字"):
        place(make_person(), *HERE, text="长" * 201)
    assert not Address.objects.exists()


def test_home_of_a_merged_record_is_not_changed() -> None:
    merged = make_person(merged_into=make_person())
    with pytest.raises(PersonMergedAway):
        place(merged, *HERE)
    assert not Address.objects.exists()


# --- places of work --------------------------------------------------------------------------------------------------------


def test_workplace_opens_with_its_point_and_once_a_name() -> None:
    employer, area = make_organisation(), make_area("341502001001")
    workplace = open_workplace(
        organisation=employer,
        name=" 一车间 ",
        area_code=area.code,
        text="工业路 2 号",
        lat=HERE[0],
        lon=HERE[1],
        actor=ACTOR,
    )
    held = Workplace.objects.select_related("address").get()
    assert held == workplace and held.address is not None
    assert (held.name, held.area_id, held.address.lat) == ("一车间", area.code, HERE[0])
    with pytest.raises(WorkplaceNameTaken, match="一车间"):
        open_workplace(organisation=employer, name="一车间", actor=ACTOR)
    assert Workplace.objects.count() == 1


def test_workplace_with_a_bad_point_or_area_is_not_opened() -> None:
    employer = make_organisation()
    with pytest.raises(PointUnusable):
        open_workplace(organisation=employer, name="一车间", lat=0, lon=0, actor=ACTOR)
    with pytest.raises(AreaUnknown):
        open_workplace(organisation=employer, name="一车间", area_code="999999", actor=ACTOR)
    assert not Workplace.objects.exists()


def test_closed_workplace_opens_again_under_its_name() -> None:
    employer = make_organisation()
    workplace = open_workplace(organisation=employer, name="一车间", actor=ACTOR)
    assert not close_workplace(workplace=workplace, actor=ACTOR).is_open
    close_workplace(workplace=workplace, actor=ACTOR)
    assert open_workplace(organisation=employer, name="一车间", actor=ACTOR).pk == workplace.pk
    verbs = list(Event.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["workplace_opened", "workplace_closed", "workplace_opened"]


# --- geocoding ---------------------------------------------------------------------------------------------------------------


def near_here(*, text: str, area_name: str) -> FoundPoint | None:
    """A geocoder that knows one street."""
    return FoundPoint(*from_wgs84(*HERE, Datum.BD09), Datum.BD09) if text.startswith("某路") else None


def test_no_geocoder_is_installed_and_that_is_said() -> None:
    person = make_person()
    place(person, None, None)
    with pytest.raises(GeocoderMissing, match="没有接入地址解析"):
        geocode_address(owner=person, actor=ACTOR)


def test_installed_geocoder_gives_the_point_on_its_own_datum(settings: Any) -> None:
    settings.DEMO, settings.GEOCODER = False, f"{__name__}.near_here"
    person, stranger = make_person(), make_person()
    place(person, None, None)
    place(stranger, None, None, text="别处 9 号")
    held = geocode_address(owner=person, actor=ACTOR)
    assert held.lat is not None and held.lon is not None
    assert distance_m(*HERE, held.lat, held.lon) < 1
    assert (held.point_source, held.came_as) == ("geocoded", "bd09")
    with pytest.raises(AddressNotFound):
        geocode_address(owner=stranger, actor=ACTOR)
