"""What kind of file an upload is, told by its content and never by its name."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO, Final

import puremagic
from django.utils.translation import gettext, gettext_lazy
from PIL import Image

from jiujin.core.listing import Words
from jiujin.registry.errors import EvidenceBroken, EvidenceKindUnknown, EvidenceNameWrong, PictureTooLarge

PIXELS_MAX: Final = 80_000_000
HEAD_BYTES: Final = 4096
PDF_END: Final = b"%%EOF"
PDF_END_WITHIN: Final = 2048


@dataclass(frozen=True)
class EvidenceType:
    """A kind of file that is kept: its media type, the endings its name may have, what a page calls it."""

    media_type: str
    suffixes: tuple[str, ...]
    label: Words
    picture: str = ""  # its name in Pillow


TYPES: Final = (
    EvidenceType("image/jpeg", (".jpg", ".jpeg", ".jfif"), gettext_lazy("JPEG 图片"), "JPEG"),
    EvidenceType("image/png", (".png",), gettext_lazy("PNG 图片"), "PNG"),
    EvidenceType("image/webp", (".webp",), gettext_lazy("WebP 图片"), "WEBP"),
    EvidenceType("application/pdf", (".pdf",), gettext_lazy("PDF 文件")),
    EvidenceType("application/ofd", (".ofd",), gettext_lazy("OFD 文件")),  # GB/T 33190
    EvidenceType("audio/mpeg", (".mp3",), gettext_lazy("MP3 录音")),
    EvidenceType("audio/mp4", (".m4a", ".mp4"), gettext_lazy("M4A 录音")),
    EvidenceType("audio/amr", (".amr",), gettext_lazy("AMR 录音")),
    EvidenceType("audio/wav", (".wav",), gettext_lazy("WAV 录音")),
)
PICTURES: Final = {kind.picture: kind for kind in TYPES if kind.picture}
BY_SUFFIX: Final = {suffix: kind for kind in TYPES for suffix in kind.suffixes}
ACCEPTED: Final = tuple(BY_SUFFIX)


def evidence_type(content: BinaryIO, *, name: str) -> EvidenceType:
    """The kind of a file, its name checked against it; a picture is read as far as its size and structure, never unfolded.

    Raises PictureTooLarge, EvidenceBroken, EvidenceKindUnknown, EvidenceNameWrong.
    """
    found = _kind_of(content)
    if found is None:
        raise EvidenceKindUnknown("、".join(str(kind.label) for kind in TYPES))
    suffix = PurePath(name).suffix.lower()
    if suffix not in found.suffixes and suffix:
        raise EvidenceNameWrong(suffix, str(found.label))
    if found.picture:
        _check_picture(content, found)
    elif found.media_type == "application/pdf":
        _check_pdf(content)
    return found


def type_words(media_type: str) -> str:
    """What a page calls a kept file's kind."""
    return next((str(kind.label) for kind in TYPES if kind.media_type == media_type), gettext("文件"))


def _kind_of(content: BinaryIO) -> EvidenceType | None:
    content.seek(0)
    head = content.read(HEAD_BYTES)
    content.seek(0)
    if zipfile.is_zipfile(content):
        return BY_SUFFIX[".ofd"] if _is_ofd(content) else None
    if head.startswith(b"%PDF-"):
        return BY_SUFFIX[".pdf"]
    for candidate in sorted(_guesses(head), key=lambda guess: -guess.confidence):
        if candidate.extension.lower() in BY_SUFFIX:
            return BY_SUFFIX[candidate.extension.lower()]
    return None


def _guesses(head: bytes) -> list[puremagic.PureMagicWithConfidence]:
    try:
        return list(puremagic.magic_string(head))
    except (puremagic.PureError, ValueError):
        return []


def _is_ofd(content: BinaryIO) -> bool:
    try:
        with zipfile.ZipFile(content) as package:
            return "OFD.xml" in package.namelist()
    except zipfile.BadZipFile:
        return False


def _check_picture(content: BinaryIO, kind: EvidenceType) -> None:
    """The size is in the head: a picture bomb is told before a point of it is unfolded."""
    content.seek(0)
    try:
        with Image.open(io.BytesIO(content.read()), formats=[kind.picture]) as picture:
            if picture.width * picture.height > PIXELS_MAX:
                raise PictureTooLarge
            picture.verify()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureTooLarge from error
    except (OSError, SyntaxError, ValueError) as error:
        raise EvidenceBroken from error


def _check_pdf(content: BinaryIO) -> None:
    """A PDF ends with its mark; one that was cut off in the middle does not."""
    content.seek(0, io.SEEK_END)
    content.seek(max(0, content.tell() - PDF_END_WITHIN))
    if PDF_END not in content.read():
        raise EvidenceBroken
