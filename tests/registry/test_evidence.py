"""A file that proves something is told by its content, kept sealed, and read back as it came."""

from __future__ import annotations

import io
import struct
import wave
import zipfile
import zlib
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives import hashes
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from PIL import Image

from jiujin.accounts.models import Role
from jiujin.core.models import Event
from jiujin.core.services.rotate_keys import rotate_keys
from jiujin.registry.errors import (
    EvidenceBroken,
    EvidenceEmpty,
    EvidenceKindUnknown,
    EvidenceNameWrong,
    EvidenceRefused,
    EvidenceTooLarge,
    EvidenceUnreadable,
    PictureTooLarge,
)
from jiujin.registry.models import EvidenceFile, Person
from jiujin.registry.services.keep_evidence import keep_evidence
from jiujin.registry.services.remove_evidence import remove_evidence
from jiujin.registry.storage import evidence_path, read_evidence
from tests.registry.factories import make_person, make_user

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def picture(kind: str = "JPEG", size: tuple[int, int] = (32, 24)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, kind)
    return out.getvalue()


def bomb() -> bytes:
    """A PNG of some hundred bytes that says it is 50,000 by 50,000 points."""
    chunk = b"IHDR" + struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    head = struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return b"\x89PNG\r\n\x1a\n" + head + picture("PNG")[33:]


def recording() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(b"\0\0" * 100)
    return out.getvalue()


def ofd() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("OFD.xml", "<OFD/>")
    return out.getvalue()


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"


def keep(content: bytes, name: str, *, about: Person | None = None, kind: str = "photo") -> EvidenceFile:
    upload = SimpleUploadedFile(name, content)
    return keep_evidence(subject=about or make_person(), upload=upload, kind=kind, actor=make_user(Role.CLERK))


def kept_files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (picture(), "照片.jpg", "image/jpeg"),
        (picture("PNG"), "签名.PNG", "image/png"),
        (picture("WEBP"), "a.webp", "image/webp"),
        (PDF, "合同.pdf", "application/pdf"),
        (recording(), "通话.wav", "audio/wav"),
        (ofd(), "证明.ofd", "application/ofd"),
        (picture(), "没有后缀", "image/jpeg"),
    ],
)
def test_file_is_told_by_its_content_and_read_back_as_it_came(content: bytes, name: str, media_type: str) -> None:
    evidence = EvidenceFile.objects.get(pk=keep(content, name).pk)
    digest = hashes.Hash(hashes.SM3())
    digest.update(content)
    assert (evidence.media_type, evidence.size_bytes, evidence.name) == (media_type, len(content), name)
    assert evidence.sm3 == digest.finalize().hex()
    assert read_evidence(evidence) == content


def test_file_lies_sealed_and_for_the_program_alone(files: Path) -> None:
    evidence = keep(PDF, "合同.pdf")
    (path,) = kept_files(files)
    assert path == evidence_path(evidence.pk)
    assert b"%PDF" not in path.read_bytes() and b"obj" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT content_key FROM registry_evidencefile")
        assert evidence.content_key.encode() not in bytes(cursor.fetchone()[0])


@pytest.mark.parametrize(
    ("content", "name", "error", "says"),
    [
        (b"", "空.jpg", EvidenceEmpty, "空的"),
        (picture(), "照片.pdf", EvidenceNameWrong, "“.pdf”，里面其实是JPEG 图片"),
        (PDF, "照片.jpg", EvidenceNameWrong, "PDF 文件"),
        (b"MZ\x90\x00" + b"\0" * 200, "程序.jpg", EvidenceKindUnknown, "不收这种文件"),
        (b"<script>alert(1)</script>", "a.pdf", EvidenceKindUnknown, "不收这种文件"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.png", EvidenceKindUnknown, "不收这种文件"),
        (picture("PNG")[:60], "半张.png", EvidenceBroken, "没有传完整"),
        (PDF[:-8], "半份.pdf", EvidenceBroken, "没有传完整"),
        (bomb(), "炸弹.png", PictureTooLarge, "像素太多"),
    ],
)
def test_file_that_is_not_what_it_should_be_is_told_in_a_sentence_and_not_kept(
    content: bytes, name: str, error: type[EvidenceRefused], says: str, files: Path
) -> None:
    with pytest.raises(error, match=says) as refused:
        keep(content, name)
    assert "没有保存" in str(refused.value)
    assert not EvidenceFile.objects.exists() and not Event.objects.exists() and not kept_files(files)


def test_fifty_megabyte_picture_is_refused_before_it_is_read(files: Path) -> None:
    large = SimpleUploadedFile("大.jpg", picture())
    large.size = 50 * 1024 * 1024
    with pytest.raises(EvidenceTooLarge, match="超过 20 MiB，没有保存"):
        keep_evidence(subject=make_person(), upload=large, kind="photo", actor=make_user(Role.CLERK))
    assert not kept_files(files)


def test_same_content_about_the_same_record_is_kept_once(files: Path) -> None:
    person, other = make_person(), make_person()
    first = keep(PDF, "合同.pdf", about=person)
    assert keep(PDF, "再传一次.pdf", about=person) == first
    assert keep(PDF, "合同.pdf", about=other) != first
    assert len(kept_files(files)) == EvidenceFile.objects.count() == 2


def test_database_refuses_the_same_content_twice_and_a_hash_that_is_none() -> None:
    evidence = keep(PDF, "合同.pdf")
    again = EvidenceFile.objects.get(pk=evidence.pk)
    again.pk, again._state.adding = uuid4(), True
    with pytest.raises(IntegrityError, match="one_evidence_a_content"), transaction.atomic():
        again.save(force_insert=True)
    with pytest.raises(IntegrityError, match="evidence_hash_is_sm3"), transaction.atomic():
        EvidenceFile.objects.update(sm3="z" * 64)
    with pytest.raises(IntegrityError, match="evidence_is_not_empty"), transaction.atomic():
        EvidenceFile.objects.update(size_bytes=0)


def test_path_in_a_name_goes_nowhere(files: Path) -> None:
    assert keep(PDF, "..\\..\\etc\\合同.pdf").name == "合同.pdf"
    assert [path.is_relative_to(files / "evidence") for path in kept_files(files)] == [True]


def test_changed_exchanged_or_missing_content_does_not_open() -> None:
    one, other = keep(PDF, "合同.pdf"), keep(picture(), "照片.jpg")
    path, elsewhere = evidence_path(one.pk), evidence_path(other.pk)
    whole = path.read_bytes()
    for spoiled in (whole[:-1] + bytes([whole[-1] ^ 1]), whole[:20], elsewhere.read_bytes()):
        path.write_bytes(spoiled)
        with pytest.raises(EvidenceUnreadable, match="登记还在"):
            read_evidence(one)
    path.unlink()
    with pytest.raises(EvidenceUnreadable):
        read_evidence(one)


def test_removed_file_is_gone_and_its_record_stays(files: Path, django_capture_on_commit_callbacks: Any) -> None:
    evidence, clerk = keep(PDF, "合同.pdf"), make_user(Role.CLERK)
    with django_capture_on_commit_callbacks(execute=True):
        remove_evidence(evidence=evidence, actor=clerk)
        remove_evidence(evidence=evidence, actor=clerk)
    assert not kept_files(files)
    assert EvidenceFile.objects.get().removed_at is not None
    assert Event.objects.filter(verb="evidence_removed").count() == 1


def test_file_opens_after_its_keys_were_rotated(settings: Any) -> None:
    from jiujin.core.keys import DataKeys

    evidence = keep(PDF, "合同.pdf")
    old = settings.DATA_KEYS
    settings.DATA_KEYS = DataKeys("k2", {"k2": b"k" * 16, **old.by_id})
    rotate_keys()
    settings.DATA_KEYS = DataKeys("k2", {"k2": b"k" * 16})
    assert read_evidence(EvidenceFile.objects.get(pk=evidence.pk)) == PDF
