"""A workbook is looked at first, written down once, and the same again changes nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from jiujin.accounts.models import Role, User
from jiujin.core.models import Event
from jiujin.core.proof import Proof
from jiujin.exchange.imports.columns import columns_for, write_import_template
from jiujin.exchange.imports.errors import FileRefused, ImportStateChanged
from jiujin.exchange.imports.models import DataImport, ImportKind, SourceRecord
from jiujin.exchange.imports.rows import ROWS_MAX
from jiujin.exchange.imports.services.confirm_import import cancel_import, confirm_import
from jiujin.exchange.imports.services.end_imports import delete_expired_imports, recover_imports
from jiujin.exchange.imports.services.run_import import run_import
from jiujin.exchange.imports.services.start_import import FILE_BYTES_MAX, start_import
from jiujin.registry.models import Organisation, Person, PriorityStatus, Workplace
from jiujin.registry.services.change_person import change_person
from jiujin.registry.services.register_person import register_person
from jiujin.values import make_demo_id
from jiujin.values.datum import Datum, distance_m, from_wgs84
from jiujin.values.demo import demo_credit_code
from jiujin.work.models import Vacancy
from tests.exchange.imports.books import book, counts, findings, imported, previewed, started
from tests.registry.factories import make_area, make_person, make_user

pytestmark = pytest.mark.django_db
BORN_ON = date(1990, 2, 28)
HERE = (31.7500, 116.5200)
CODE = demo_credit_code(77)


def clerk(**given: Any) -> User:
    return make_user(Role.CLERK, **given)


def number(sequence: int) -> str:
    return make_demo_id(BORN_ON, sequence)


def zhang(**given: Any) -> dict[str, Any]:
    return {"name": "张三", "id_number": number(1), "phone": "10990000001", **given}


# --- people ----------------------------------------------------------------------------------------------------------------


def test_preview_counts_and_writes_nothing() -> None:
    make_area("341502001001")
    shown = previewed(clerk(), "person", [zhang(), {"name": "李四", "born_on": BORN_ON}])
    assert (shown.state, counts(shown)) == ("previewed", (2, 0, 0, 0))
    assert not Person.objects.exists() and not SourceRecord.objects.exists()
    assert not Event.objects.filter(verb="person_registered").exists()


def test_confirmed_rows_are_written_with_point_status_and_owner_as_actor() -> None:
    area, owner = make_area("341502001001"), clerk()
    lat, lon = from_wgs84(*HERE, Datum.BD09)
    row = zhang(
        area=area.name, address="某路 1 号", lat=f"{lat:.6f}", lon=f"{lon:.6f}", datum="BD-09（百度）",
        category="农民工", category_since=date(2022, 1, 1), certified_by="某街道", certified_on=date(2022, 1, 5),
    )  # fmt: skip
    assert counts(imported(owner, "person", [row])) == (1, 0, 0, 0)
    person = Person.objects.select_related("home").get()
    assert (person.name, person.phone, person.home_area_id, person.born_on) == ("张三", "10990000001", area.pk, BORN_ON)
    assert person.home and person.home.lat and person.home.lon
    assert distance_m(*HERE, person.home.lat, person.home.lon) < 1
    assert (person.home.point_source, person.home.came_as, person.home.text) == ("imported", "bd09", "某路 1 号")
    status = PriorityStatus.objects.get()
    assert (status.category, status.proof, status.certified_by) == ("migrant", Proof.DOCUMENTED, "某街道")
    assert set(Event.objects.filter(subject_kind="registry.person").values_list("actor", flat=True)) == {
        f"user:{owner.pk}"
    }


def test_same_file_again_changes_nothing_also_where_a_hand_changed_the_record_since() -> None:
    owner, rows = clerk(), [zhang(), {"name": "李四", "born_on": BORN_ON, "phone": "10990000002"}]
    imported(owner, "person", rows)
    change_person(person=Person.objects.get(name="张三"), phone="10990000009", actor=owner)
    events = Event.objects.filter(subject_kind="registry.person").count()
    again = imported(owner, "person", rows)
    assert counts(again) == (0, 0, 2, 0)
    assert Person.objects.count() == 2
    assert Person.objects.get(name="张三").phone == "10990000009"
    assert Event.objects.filter(subject_kind="registry.person").count() == events


def test_changed_row_changes_its_person_and_empty_cells_leave_what_is_known() -> None:
    owner = clerk()
    imported(owner, "person", [zhang()])
    changed = previewed(owner, "person", [zhang(name="张三丰", phone=None)])
    assert counts(changed) == (0, 1, 0, 0)
    assert Person.objects.get().name == "张三"
    imported(owner, "person", [zhang(name="张三丰", phone=None)])
    held = Person.objects.get()
    assert (held.name, held.phone) == ("张三丰", "10990000001")


def test_record_that_was_taken_out_since_comes_again() -> None:
    owner = clerk()
    imported(owner, "person", [zhang()])
    Person.objects.all().delete()
    assert counts(imported(owner, "person", [zhang()])) == (1, 0, 0, 0)
    assert Person.objects.count() == 1


def test_person_registered_at_the_counter_is_known_by_their_number() -> None:
    owner = clerk()
    register_person(name="张三", id_number=number(1), phone="10990000001", actor=owner)
    assert counts(imported(owner, "person", [zhang()])) == (0, 0, 1, 0)
    assert Person.objects.count() == 1


def test_row_about_a_merged_record_reaches_the_kept_one() -> None:
    owner, kept = clerk(), make_person()
    imported(owner, "person", [{"name": "李四", "phone": "10990000002"}])
    merged = Person.objects.get(name="李四")
    merged.merged_into = kept
    merged.save()
    imported(owner, "person", [{"name": "李四", "phone": "10990000002", "sex": "男" if kept.sex == "male" else "女"}])
    kept.refresh_from_db()
    assert (kept.name, kept.phone) == ("李四", "10990000002")


def test_bad_rows_are_told_by_cell_and_the_others_are_imported() -> None:
    make_area("341502001001")
    rows = [
        zhang(),
        {"name": "李四", "id_number": "123"},
        {"name": "王五", "phone": "电话"},
        {"name": "赵六", "lat": "116.52", "lon": "31.75"},
        {"name": "钱七", "area": "没有的村"},
        {"name": "孙八", "lat": "北纬三十", "lon": "116"},
        {"name": "周九", "category": "农民工"},
        {"name": "吴十", "born_on": "二月三十"},
        {"name": "郑一", "lat": "nan", "lon": "116"},
        zhang(name="张三又来"),
    ]
    shown = imported(clerk(), "person", rows)
    assert counts(shown) == (1, 0, 0, 9)
    assert list(Person.objects.values_list("name", flat=True)) == ["张三"]
    told = findings(shown)
    assert [cell for cell, _, _ in told] == ["B3", "E4", "H5", "F6", "H7", "L8", "C9", "H10", "A11"]
    for (_, value, message), says in zip(
        told, ["18 位", "电话", "写反", "区划表", "不是数", "哪天起", "日期", "不是数", "第 2 行已经写过"], strict=True
    ):
        assert says in message, (value, message)


def test_script_and_formula_in_a_cell_stay_text() -> None:
    imported(clerk(), "person", [{"name": "<script>alert(1)</script>"}, {"name": "'=cmd|' /C calc'!A0"}])
    assert Person.objects.filter(name="<script>alert(1)</script>").exists()


def test_clerk_of_a_township_brings_its_people_and_no_others() -> None:
    mine, other = make_area("341502001001"), make_area("341502002001")
    make_person(id_number=number(3), born_on=BORN_ON, sex="male", home_area=other)
    rows = [
        zhang(area=mine.pk),
        {"name": "李四", "area": other.pk},
        {"name": "不知住处"},
        {"name": "抢人", "id_number": number(3), "area": mine.pk},
    ]
    shown = imported(clerk(area_code="341502001"), "person", rows)
    assert counts(shown) == (1, 0, 0, 3)
    assert all("不在您能导入的范围" in message for _, _, message in findings(shown))


# --- organisations and vacancies -------------------------------------------------------------------------------------------


def firm(**given: Any) -> dict[str, Any]:
    return {"name": "某某超市", "credit_code": CODE, "workplace": "人民路店", "lat": "31.75", "lon": "116.52", **given}


def test_organisation_comes_with_its_places_a_row_each() -> None:
    make_area("341502001001")
    rows = [
        firm(headcount=12, revenue_yuan="500000.50", industry="F5212", area="341502001001"),
        firm(workplace="解放路店"),
    ]
    assert counts(imported(clerk(), "organisation", rows)) == (1, 1, 0, 0)
    held = Organisation.objects.get()
    assert (held.headcount, held.revenue_fen, held.industry, held.kinds) == (12, 50_000_050, "F5212", ["employer"])
    assert sorted(Workplace.objects.values_list("name", flat=True)) == sorted(["人民路店", "解放路店"])
    assert all(place.address and place.address.lat == 31.75 for place in Workplace.objects.select_related("address"))
    assert counts(imported(clerk(), "organisation", rows)) == (0, 0, 2, 0)


def test_moved_place_moves_and_the_same_words_do_not() -> None:
    imported(clerk(), "organisation", [firm(address="人民路 1 号")])
    assert counts(imported(clerk(), "organisation", [firm(address="人民路 1 号", lat="31.76")])) == (0, 1, 0, 0)
    address = Workplace.objects.select_related("address").get().address
    assert address and (address.lat, address.text) == (31.76, "人民路 1 号")
    imported(clerk(), "organisation", [firm(address="人民路 2 号", lat=None, lon=None)])
    address.refresh_from_db()
    assert (address.lat, address.text, address.point_source) == (31.76, "人民路 2 号", "imported")


def job(**given: Any) -> dict[str, Any]:
    return {
        "number": "A-1", "employer": CODE, "workplace": "人民路店", "title": "收银员", "form": "劳动合同",
        "headcount": 2, "wage_min_yuan": "3500", "wage_max_yuan": "4500",
        "open_until": timezone.localdate() + timedelta(days=60), "skills": "收银、电脑录入", **given,
    }  # fmt: skip


@pytest.mark.clause("3.1.2-systems")
def test_vacancy_is_posted_checked_and_changed_under_its_number() -> None:
    owner = clerk()
    imported(owner, "organisation", [firm()])
    first = imported(owner, "vacancy", [job()])
    assert counts(first) == (1, 0, 0, 0), findings(first)
    held = Vacancy.objects.get()
    assert (held.title, held.wage_min_fen, held.skills) == ("收银员", 350_000, ["收银", "电脑录入"])
    assert held.state != "draft"
    assert counts(imported(owner, "vacancy", [job()])) == (0, 0, 1, 0)
    assert counts(imported(owner, "vacancy", [job(wage_min_yuan="3800")])) == (0, 1, 0, 0)
    held.refresh_from_db()
    assert held.wage_min_fen == 380_000 and Vacancy.objects.count() == 1


def test_vacancy_that_cannot_be_is_told_by_cell() -> None:
    owner = clerk()
    imported(owner, "organisation", [firm()])
    rows = [
        job(number="1", employer="没有的单位"),
        job(number="2", workplace="没有的店"),
        job(number="3", headcount=0),
        job(number="4", wage_min_yuan="三千"),
        job(number="5", occupation="没有的职业"),
        job(number="6", title=None),
        job(number="7", open_until=date(2020, 1, 1)),
        job(number="8", wage_min_yuan="5000", wage_max_yuan="4000"),
    ]
    shown = imported(owner, "vacancy", rows)
    assert counts(shown) == (0, 0, 0, len(rows))
    assert not Vacancy.objects.exists()
    assert {cell[0] for cell, _, _ in findings(shown)} >= set("BCFGO")


# --- the file and the steps ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "size", "says"),
    [("表.exe", 10, "只读 .xlsx"), ("表.xlsx", FILE_BYTES_MAX + 1, "超过 20 MiB"), ("表.xlsx", 0, "空的")],
)
def test_file_that_is_not_taken_is_told_and_not_kept(name: str, size: int, says: str, media: Path) -> None:
    upload = SimpleUploadedFile(name, b"x")
    upload.size = size
    with pytest.raises(FileRefused, match=says):
        start_import(import_id=uuid4(), owner=clerk(), kind="person", upload=upload)
    assert not DataImport.objects.exists() and not media.exists()


@pytest.mark.parametrize("content", [b"not a workbook", b"PK\x03\x04broken", "一,二\n三,四\n".encode()])
def test_file_that_cannot_be_read_is_refused_with_the_reason(content: bytes) -> None:
    begun = started(clerk(), "person", content, "表.csv" if content[:2] != b"PK" else "表.xlsx")
    run_import(import_id=begun.pk)
    begun.refresh_from_db()
    assert begun.state == "refused" and begun.message and not DataImport.objects.filter(state="previewed").exists()


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ROWS_MAX >= 10_000
    monkeypatch.setattr("jiujin.exchange.imports.rows.ROWS_MAX", 2)
    begun = started(clerk(), "person", book("person", [{"name": f"某{n}"} for n in range(3)]))
    run_import(import_id=begun.pk)
    begun.refresh_from_db()
    assert begun.state == "refused" and "一次最多导入 2 行" in begun.message


def test_step_out_of_order_changes_nothing() -> None:
    owner = clerk()
    shown = previewed(owner, "person", [zhang()])
    cancel_import(data_import=shown, actor=owner)
    for step in (confirm_import, cancel_import):
        with pytest.raises(ImportStateChanged, match="没有改动"):
            step(data_import=shown, actor=owner)
    run_import(import_id=shown.pk)
    assert not Person.objects.exists()


def test_batch_boundary_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jiujin.exchange.imports.services.run_import.BATCH_ROWS", 2)
    rows = [{"name": f"某{n}", "phone": f"1099000{n:04d}"} for n in range(5)]
    assert counts(imported(clerk(), "person", rows)) == (5, 0, 0, 0)
    assert Person.objects.count() == 5


def test_program_that_breaks_off_is_told_and_going_on_is_safe(monkeypatch: pytest.MonkeyPatch) -> None:
    owner = clerk()
    shown = previewed(owner, "person", [zhang()])
    confirm_import(data_import=shown, actor=owner)
    with monkeypatch.context() as broken:
        broken.setattr("jiujin.exchange.imports.services.run_import.read_sheet", lambda *given: 1 / 0)
        run_import(import_id=shown.pk)
    shown.refresh_from_db()
    assert shown.state == "failed" and "不会重复" in shown.message
    assert counts(imported(owner, "person", [zhang()])) == (1, 0, 0, 0)


def test_import_whose_worker_went_away_is_told_and_old_files_go(media: Path) -> None:
    shown = previewed(clerk(), "person", [zhang()])
    DataImport.objects.update(state="reading", heard_at=datetime(2022, 1, 1, tzinfo=UTC))
    assert recover_imports(now=datetime(2022, 1, 1, 1, tzinfo=UTC)) == 1
    shown.refresh_from_db()
    assert shown.state == "failed"
    assert delete_expired_imports(now=timezone.now()) == 0
    assert delete_expired_imports(now=timezone.now() + timedelta(days=3650)) == 1
    assert [path for path in media.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("kind", list(ImportKind))
def test_template_has_every_column_of_its_kind(kind: str, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    write_import_template(kind, tmp_path / "t.xlsx")
    headings = [cell.value for cell in next(load_workbook(tmp_path / "t.xlsx").worksheets[0].iter_rows(max_row=1))]
    assert headings == [column.label for column in columns_for(kind)]


def test_database_refuses_a_source_key_twice_and_an_import_that_cannot_be() -> None:
    row = {"source": "a", "kind": "person", "key": "1", "subject_id": 1, "digest": b"x" * 32}
    SourceRecord.objects.create(**row, changed_at=timezone.now())
    with pytest.raises(IntegrityError, match="one_record_a_source_key"), transaction.atomic():
        SourceRecord.objects.create(**row, changed_at=timezone.now())
    shown = previewed(clerk(), "person", [zhang()])
    with pytest.raises(IntegrityError, match="import_refused_says_why"), transaction.atomic():
        DataImport.objects.filter(pk=shown.pk).update(state="failed")
