"""What cannot be judged at all: one clear sentence each, and nothing half done."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from jiujin.sheets import SheetUnreadable, limits, read_roster
from tests.sheets.builders import COLUMNS, LABELS, csv_file, fill, people, person, workbook

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20
SHEET_PART = "xl/worksheets/sheet1.xml"


def refused(path: Path) -> str:
    """The one sentence with which a file is refused."""
    with pytest.raises(SheetUnreadable) as caught:
        read_roster(path, COLUMNS, demo_ids=True)
    said = str(caught.value)
    assert "\n" not in said
    assert "没有判断" in said or "打不开" in said or "没有打开" in said
    return said


def compound(*streams: tuple[str, bytes]) -> bytes:
    """A small OLE compound file: header, a table sector, a directory sector, eight sectors a stream."""
    sector, each = 512, 8
    end, free, table_mark = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    names = [("Root Entry", 5, end, 0)]
    table = [table_mark, end]
    for name, _ in streams:
        first = len(table)
        names.append((name, 2, first, sector * each))
        table += [*range(first + 1, first + each), end]
    directory = b""
    for name, kind, first, size in names:
        raw = name.encode("utf-16-le")
        entry = raw.ljust(64, b"\0") + struct.pack("<HBB", len(raw) + 2, kind, 1) + b"\xff" * 12 + b"\0" * 36
        directory += entry + struct.pack("<IQ", first, size)
    header = bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 16 + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6) + b"\0" * 10
    header += struct.pack("<IIIIIIII", 1, 1, 0, sector * each, end, 0, end, 0)
    header += struct.pack("<109I", 0, *([free] * 108))
    numbers = struct.pack("<128I", *table, *([free] * (128 - len(table))))
    return (
        header + numbers + directory.ljust(sector, b"\0") + b"".join(c.ljust(sector * each, b"\0") for _, c in streams)
    )


def repacked(path: Path, change: Callable[[str, bytes], bytes], out: Path) -> Path:
    """A copy of a workbook with its parts changed."""
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, change(name, source.read(name)))
    return out


def sheet_replaced(tmp_path: Path, old: bytes, new: bytes) -> Path:
    """A good workbook, one thing in its sheet's XML replaced."""
    good = workbook(tmp_path / "good.xlsx", [LABELS, *people(3)])

    def change(name: str, content: bytes) -> bytes:
        if name != SHEET_PART:
            return content
        assert old in content
        return content.replace(old, new)

    return repacked(good, change, tmp_path / "changed.xlsx")


def test_an_empty_file(tmp_path: Path) -> None:
    for name in ("a.xlsx", "a.csv"):
        (tmp_path / name).touch()
        assert "文件是空的" in refused(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.xlsx", PNG, "这是图片"),
        ("a.xls", b"\xff\xd8\xff\xe0" + bytes(900), "这是图片"),
        ("a.csv", PNG, "这是图片"),
        ("a.xlsx", b"%PDF-1.7\n" + bytes(100), "这是 PDF"),
        ("a.xls", b"<html><table><tr><td>x</td></tr></table></html>", "网页格式"),
        ("a.xlsx", "姓名,身份证号\n".encode(), "内容却不是工作簿"),
        ("a.csv", bytes(range(256)) * 40, "不是表格"),
        ("a.csv", b"\x81\xff\xff\x00\x01\x02" * 40, "不是表格"),
        ("a.csv", "姓名,身份证号\n张".encode("gb18030") + b"\xff\xff,1\n", "编码认不出"),
        ("a.csv", b"\xef\xbb\xbf" + "姓名".encode("gb18030"), "编码认不出"),
        ("a.parquet", b"PAR1" + bytes(100), "已损坏"),
        ("a.xlsx", b"PK\x03\x04" + bytes(200), "已损坏"),
        ("a.xls", bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600), "已损坏"),
        ("a.xlsx", compound(("EncryptedPackage", b""), ("EncryptionInfo", b"")), "有密码"),
        ("a.xls", compound(("WordDocument", b"")), "不是 Excel 工作簿"),
    ],
)
def test_what_is_no_roster_is_called_what_it_is(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert said in refused(tmp_path / name)


def test_an_xls_with_a_password(tmp_path: Path) -> None:
    bof = struct.pack("<HHHHHHII", 0x0809, 16, 0x0600, 5, 0, 0, 0, 0)
    (tmp_path / "a.xls").write_bytes(compound(("Workbook", bof + struct.pack("<HHH", 0x002F, 2, 0))))
    assert "有密码" in refused(tmp_path / "a.xls")


def test_a_zip_that_is_no_workbook(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("readme.txt", "nothing")
    assert "不是 Excel 工作簿" in refused(tmp_path / "a.xlsx")


def test_a_workbook_cut_short(tmp_path: Path) -> None:
    content = workbook(tmp_path / "a.xlsx", [LABELS, *people(200)]).read_bytes()
    for size in (len(content) // 3, len(content) - 40):
        (tmp_path / "a.xlsx").write_bytes(content[:size])
        assert "已损坏" in refused(tmp_path / "a.xlsx")


def test_headings_on_no_row(tmp_path: Path) -> None:
    said = refused(workbook(tmp_path / "a.xlsx", [["甲", "乙"], ["1", "2"]]))
    assert "没有找到表头" in said
    assert "身份证号" in said


def test_headings_below_the_rows_searched(tmp_path: Path) -> None:
    rows = [["说明"]] * limits.HEADING_SEARCH_ROWS + [LABELS, person(1)]
    assert "没有找到表头" in refused(workbook(tmp_path / "a.xlsx", rows))


def test_no_identity_column(tmp_path: Path) -> None:
    rows = [[row[0], *row[2:]] for row in [LABELS, person(1)]]
    assert "没有“身份证号”一列" in refused(workbook(tmp_path / "a.xlsx", rows))
    assert "没有“身份证号”一列" in refused(csv_file(tmp_path / "a.csv", rows))


@pytest.mark.parametrize("again", ["开始日期", " 开始日期（必填）"])
def test_a_column_twice(tmp_path: Path, again: str) -> None:
    said = refused(workbook(tmp_path / "a.xlsx", [[*LABELS, again], [*person(1), "2022-1-1"]]))
    assert "出现了 2 次" in said
    assert "D 列" in said
    assert "J 列" in said


def test_two_synonyms_of_a_column_without_its_label(tmp_path: Path) -> None:
    labels = ["起始日期" if label == "开始日期" else label for label in LABELS]
    said = refused(workbook(tmp_path / "a.xlsx", [[*labels, "合同开始日期"], [*person(1), "2022-1-1"]]))
    assert "“起始日期”" in said
    assert "“合同开始日期”" in said


@pytest.mark.parametrize("rows", [[LABELS], [["名单"], LABELS, [], ["合计", 0], ["填表人："]]])
def test_no_row_of_people(tmp_path: Path, rows: list[list[object]]) -> None:
    assert "表头下面没有人员" in refused(workbook(tmp_path / "a.xlsx", rows))
    assert "表头下面没有人员" in refused(csv_file(tmp_path / "a.csv", rows))


def test_an_empty_workbook(tmp_path: Path) -> None:
    assert "没有找到表头" in refused(workbook(tmp_path / "a.xlsx", []))
    book = xlwt.Workbook()
    book.add_sheet("空")
    book.save(str(tmp_path / "a.xls"))
    assert "没有找到表头" in refused(tmp_path / "a.xls")


def test_a_csv_whose_quotes_do_not_match(tmp_path: Path) -> None:
    text = ",".join(LABELS) + '\n"张三' + "很长" * 80_000
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    assert "引号" in refused(tmp_path / "a.csv")


def test_a_csv_with_an_endless_line(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(",".join(LABELS) + "\n" + "a," * 3_000_000, encoding="utf-8")
    assert "长得不合常理" in refused(tmp_path / "a.csv")


def bomb(path: Path, megabytes: int) -> Path:
    """A workbook whose sheet unpacks to so many megabytes of nothing."""
    good = io.BytesIO()
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    fill(sheet, [LABELS, person(1)])
    book.save(good)
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            if name != SHEET_PART:
                target.writestr(name, source.read(name))
        with target.open(SHEET_PART, "w", force_zip64=True) as part:
            for _ in range(megabytes):
                part.write(b" " * (1 << 20))
    return path


def test_a_zip_bomb_is_refused_by_its_directory(tmp_path: Path) -> None:
    assert "解压后大得不合常理" in refused(bomb(tmp_path / "a.xlsx", 300))


def test_a_zip_bomb_whose_directory_lies_is_refused_while_it_unpacks(tmp_path: Path) -> None:
    path = bomb(tmp_path / "a.xlsx", 300)
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        directory_first = archive.start_dir
    at = content.index(SHEET_PART.encode(), directory_first) - 46
    struct.pack_into("<I", content, at + 24, 1000)
    path.write_bytes(bytes(content))
    said = refused(path)
    assert "解压后大得不合常理" in said or "已损坏" in said


def test_too_many_parts_or_the_same_part_twice(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [LABELS, person(1)])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("XL/Workbook.xml", b"<workbook/>")
    assert "已损坏" in refused(path)
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w") as archive:
        for at in range(limits.MAX_PARTS + 1):
            archive.writestr(f"{at}", b"")
    assert "解压后大得不合常理" in refused(tmp_path / "b.xlsx")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'r="I2"', b'r="XFD1048576"'),
        (b'r="I2"', b'r="ZZ999999"'),
        (b'r="I2"', b'r="I4000000000"'),
        (b'r="I2"', b'r="AAAA2"'),
        (b'r="I2"', b'r="i2"'),
        (b'<c r="I2"', b"<c r='XFD1048576'"),
        (b'<c r="I2"', b'<c r = "XFD1048576"'),
        (b'<c r="I2"', b'<c\nr="XFD1048576"'),
        (b'<c r="I2"', b'<c s="0" r="XFD1048576"'),
        (b'<row r="2"', b'<row r="99999999"'),
        (b"<worksheet", b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet'),
        (b"<worksheet", b"<nothing"),
    ],
)
def test_a_sheet_made_to_exhaust_the_reader(tmp_path: Path, old: bytes, new: bytes) -> None:
    said = refused(sheet_replaced(tmp_path, old, new))
    assert "格子太多" in said or "不常见" in said


def test_a_long_text_that_every_cell_repeats(tmp_path: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, LABELS)
        for line in range(1, 40_000):
            sheet.write_string(line, 20, "长" * 30_000)
    assert "很长的文字反复出现" in refused(tmp_path / "a.xlsx")


def spoiled(content: bytes, changes: list[tuple[int, int]]) -> bytes:
    """The content with some bytes changed."""
    changed = bytearray(content)
    for at, byte in changes:
        changed[at % len(changed)] = byte
    return bytes(changed)


def spoiled_zip(content: bytes, changes: list[tuple[int, int]]) -> bytes:
    """A zip, sound as such, with bytes of its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        names = source.namelist()
        for name in names:
            own = [change for change in changes if change[0] % len(names) == names.index(name)]
            target.writestr(name, spoiled(source.read(name), own))
    return out.getvalue()


@pytest.fixture(scope="module")
def good_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A good roster in each format."""
    folder = tmp_path_factory.mktemp("good")
    rows = [LABELS, *people(60)]
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("甲镇")
    for line, row in enumerate(rows):
        for place, value in enumerate(row):
            sheet.write(line, place, str(value))
    book.save(str(folder / "a.xls"))
    columns = {
        label: [str(cell) for cell in cells] for label, cells in zip(LABELS, zip(*rows[1:], strict=True), strict=True)
    }
    pq.write_table(pa.table(columns), folder / "a.parquet")
    return {
        "xlsx": workbook(folder / "a.xlsx", rows).read_bytes(),
        "xls": (folder / "a.xls").read_bytes(),
        "csv": csv_file(folder / "a.csv", rows, "gb18030").read_bytes(),
        "parquet": (folder / "a.parquet").read_bytes(),
    }


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from(["xlsx", "zip", "xls", "csv", "parquet"]),
    changes=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=6),
)
def test_a_spoiled_file_is_read_or_refused_and_nothing_else(
    tmp_path: Path, good_files: dict[str, bytes], kind: str, changes: list[tuple[int, int]]
) -> None:
    content = spoiled_zip(good_files["xlsx"], changes) if kind == "zip" else spoiled(good_files[kind], changes)
    (tmp_path / "spoiled").write_bytes(content)
    try:
        roster = read_roster(tmp_path / "spoiled", COLUMNS, demo_ids=True)
    except SheetUnreadable as error:
        assert str(error).count("\n") == 0
    else:
        assert roster.table.num_rows > 0


def test_a_missing_file_is_no_unreadable_sheet(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_roster(tmp_path / "none.xlsx", COLUMNS)
