"""Where evidence lies: outside the web root, one sealed file each, readable by the program's user only.

Every file has a key of its own, which lies in its record as an encrypted field; so `rotate_keys` covers the files without reading
them. A file is: a nonce of 12 bytes, the SM4-GCM ciphertext (GB/T 32907, RFC 8998), a tag of 16 bytes; the tag covers the record's
id too, so that two files cannot change places.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings

from jiujin.core.encryption import NONCE_BYTES, TAG_BYTES
from jiujin.core.keys import DATA_KEY_BYTES
from jiujin.registry.errors import EvidenceUnreadable
from jiujin.registry.models import EvidenceFile

FOLDER_MODE = 0o700
FILE_MODE = 0o600


def evidence_path(evidence_id: UUID) -> Path:
    """Where the sealed content of a file lies."""
    name = evidence_id.hex
    return Path(settings.MEDIA_ROOT) / "evidence" / name[:2] / name


def new_content_key() -> str:
    """A new key in hexadecimal digits, for one file."""
    return secrets.token_bytes(DATA_KEY_BYTES).hex()


def write_sealed(evidence_id: UUID, chunks: Iterable[bytes], *, key: str) -> None:
    """Write the sealed content: whole and on the disk, or not at all."""
    path = evidence_path(evidence_id)
    path.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    nonce = secrets.token_bytes(NONCE_BYTES)
    encryptor = Cipher(algorithms.SM4(bytes.fromhex(key)), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(_place(evidence_id))
    part = path.with_suffix(".part")
    try:
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FILE_MODE), "wb") as out:
            out.write(nonce)
            for chunk in chunks:
                out.write(encryptor.update(chunk))
            out.write(encryptor.finalize() + encryptor.tag)
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def read_evidence(evidence: EvidenceFile) -> bytes:
    """The content as it came, checked whole before any of it is given. Raises EvidenceUnreadable."""
    try:
        sealed = evidence_path(evidence.pk).read_bytes()
    except OSError as error:
        raise EvidenceUnreadable from error
    nonce, closed, tag = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:-TAG_BYTES], sealed[-TAG_BYTES:]
    try:
        key = bytes.fromhex(evidence.content_key)
        decryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(_place(evidence.pk))
        return decryptor.update(closed) + decryptor.finalize()
    except (InvalidTag, ValueError) as error:
        raise EvidenceUnreadable from error


def delete_sealed(evidence_id: UUID) -> None:
    """Delete the content; what is gone already is no fault."""
    evidence_path(evidence_id).unlink(missing_ok=True)


def _place(evidence_id: UUID) -> bytes:
    return b"evidence." + evidence_id.bytes
