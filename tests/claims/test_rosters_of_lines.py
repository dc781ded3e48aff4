"""Claims by workbook: people found or registered, bad cells told, returned lines mended by the same workbook."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import openpyxl
import pytest

from jiujin.accounts.models import Role, User
from jiujin.claims.errors import NothingToClaim, NothingToSend
from jiujin.claims.models import Claim
from jiujin.claims.services.accept_lines import accept_lines
from jiujin.claims.services.carry_in import carry_in_from_roster
from jiujin.claims.services.claim_from_roster import RosterClaim, claim_from_roster
from jiujin.claims.services.mend_from_roster import mend_from_roster
from jiujin.claims.services.return_lines import return_lines
from jiujin.claims.services.submit_claim import submit_claim
from jiujin.registry.models import EvidenceFile, Organisation, OrganisationKind, Person
from jiujin.registry.storage import evidence_path, read_evidence
from jiujin.sheets import SheetUnreadable
from jiujin.values import make_demo_id
from tests.claims.factories import NOW, ids_of, payee_user
from tests.registry.factories import make_organisation, make_person, make_user

pytestmark = pytest.mark.django_db
SCHEME = "internship-living-allowance"
HEADING = ["姓名", "身份证号", "见习单位", "人员类型", "毕业日期", "见习开始日期", "见习结束日期", "每月生活补助"]


def row(name: str, number: str, **given: Any) -> list[Any]:
    cells = dict(zip(HEADING, [name, number, None, "离校2年内未就业高校毕业生", date(2021, 7, 1), date(2022, 1, 1), date(2022, 6, 30), 2100], strict=True))  # fmt: skip
    return list((cells | given).values())


def workbook(folder: Path, rows: list[list[Any]], heading: list[str] = HEADING) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for cells in [heading, *rows]:
        sheet.append(cells)
    path = folder / f"{uuid4()}.xlsx"
    book.save(path)
    return path


def base_unit() -> tuple[Organisation, User]:
    payee = make_organisation(OrganisationKind.INTERNSHIP_BASE)
    return payee, payee_user(payee, Role.EMPLOYER)


def claim_of(path: Path, payee: Organisation, actor: User, **given: Any) -> RosterClaim:
    usual: dict[str, Any] = {"claim_id": uuid4(), "scheme": SCHEME, "payee": payee, "path": path, "actor": actor}
    return claim_from_roster(now=NOW, **usual | given)


NEW, OTHER = make_demo_id(date(1999, 5, 5), 101), make_demo_id(date(1999, 5, 6), 102)


def test_people_are_found_by_their_numbers_or_registered(tmp_path: Path) -> None:
    payee, actor = base_unit()
    known = make_person()
    path = workbook(tmp_path, [row(known.name, known.id_number or ""), row("新来的", NEW, 见习单位=payee.name)])
    read = claim_of(path, payee, actor)
    assert read.errors == []
    first, second = read.claim.lines.order_by("position")
    assert first.person == known
    assert second.person is not None and (second.person.name, second.person.id_number) == ("新来的", NEW)
    assert second.declared["monthly_stipend"] == 210_000
    assert NEW not in str(second.declared) and "新来的" not in str(second.declared)
    assert first.verdict == "unknown" and first.missing, "declared alone is not proven"


def test_the_workbook_stays_with_the_claim_sealed_and_the_mended_one_beside_it(tmp_path: Path) -> None:
    payee, actor = base_unit()
    path = workbook(tmp_path, [row("甲", NEW)])
    claim = claim_of(path, payee, actor, name="见习名单.xlsx").claim
    first = claim.roster
    assert first is not None and (first.name, read_evidence(first)) == ("见习名单.xlsx", path.read_bytes())
    assert path.read_bytes()[:4] not in evidence_path(first.pk).read_bytes()[:64]
    submit_claim(claim=claim, actor=actor, now=NOW)
    clerk = make_user(Role.CLERK)
    return_lines(ids=ids_of(claim), reasons="补助写错", actor=clerk, now=NOW)
    mended = workbook(tmp_path, [row("甲", NEW, 每月生活补助=2200)])
    mend_from_roster(claim=claim, path=mended, actor=actor, now=NOW)
    claim.refresh_from_db()
    assert claim.roster is not None and read_evidence(claim.roster) == mended.read_bytes()
    assert EvidenceFile.objects.filter(subject_id=str(claim.pk), kind="roster").count() == 2


def test_bad_cells_are_told_and_rows_without_a_usable_person_or_payee_left_out(tmp_path: Path) -> None:
    payee, actor = base_unit()
    known = make_person()
    rows = [
        row("甲", NEW, 每月生活补助="很多"),
        row("乙", "12345"),
        row("改了名", known.id_number or ""),
        row("丙", OTHER, 见习单位="别的单位"),
        row("丁", ""),
    ]
    read = claim_of(workbook(tmp_path, rows), payee, actor)
    line = read.claim.lines.get()
    assert "monthly_stipend" not in line.declared
    assert [error.row for error in read.errors] == [2, 3, 4, 5, 6]
    assert {error.code for error in read.errors} >= {"person_unfit", "payee_differs", "identity_missing"}
    assert not Person.objects.filter(id_number_index="12345").exists()


def test_the_same_workbook_twice_is_one_claim(tmp_path: Path) -> None:
    payee, actor = base_unit()
    path, claim_id = workbook(tmp_path, [row("甲", NEW)]), uuid4()
    first = claim_of(path, payee, actor, claim_id=claim_id)
    assert claim_of(path, payee, actor, claim_id=claim_id).claim == first.claim
    assert Claim.objects.count() == 1


def test_a_file_that_cannot_be_read_or_has_no_usable_row_files_nothing(tmp_path: Path) -> None:
    payee, actor = base_unit()
    with pytest.raises(SheetUnreadable):
        claim_of(workbook(tmp_path, [["x"]], ["没有的列"]), payee, actor)
    with pytest.raises(NothingToClaim, match="没有可以申报的行"):
        claim_of(workbook(tmp_path, [row("甲", NEW, 见习单位="别的单位")]), payee, actor)
    assert not Claim.objects.exists()


def test_the_same_workbook_mends_returned_lines_and_no_other(tmp_path: Path) -> None:
    payee, actor = base_unit()
    path = workbook(tmp_path, [row("甲", NEW), row("乙", OTHER)])
    claim = claim_of(path, payee, actor).claim
    with pytest.raises(NothingToSend):
        mend_from_roster(claim=claim, path=path, actor=actor, now=NOW)
    submit_claim(claim=claim, actor=actor, now=NOW)
    clerk, (first, second) = make_user(Role.CLERK), ids_of(claim)
    accept_lines(ids=[first, second], actor=clerk, now=NOW)
    return_lines(ids=[second], reasons="补助写错", actor=clerk, now=NOW)
    mended = workbook(tmp_path, [row("甲", NEW, 每月生活补助=9999), row("乙", OTHER, 每月生活补助=2200)])
    result = mend_from_roster(claim=claim, path=mended, actor=actor, now=NOW)
    assert [line.pk for line in result.lines] == [second]
    lines = {line.pk: line for line in claim.lines.all()}
    assert (lines[second].state, lines[second].declared["monthly_stipend"]) == ("draft", 220_000)
    assert (lines[first].state, lines[first].declared["monthly_stipend"]) == ("accepted", 210_000)


def test_paid_lines_come_in_by_workbook_with_amount_and_day(tmp_path: Path) -> None:
    payee, _ = base_unit()
    heading = [*HEADING, "已付金额", "拨付日期"]
    rows = [[*row("甲", NEW), 6000, date(2022, 8, 1)], [*row("乙", OTHER), None, date(2022, 8, 1)]]
    found = carry_in_from_roster(
        claim_id=uuid4(),
        scheme=SCHEME,
        payee=payee,
        path=workbook(tmp_path, rows, heading),
        total_fen=600_000,
        actor=make_user(Role.FINANCE),
        now=NOW,
    )
    assert (found.amount_fen, found.difference_fen) == (600_000, 0)
    assert [(error.row, error.code) for error in found.errors] == [(3, "paid_missing")]
    assert found.claim.lines.get().state == "reconciled"
