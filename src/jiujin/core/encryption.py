"""Closes and opens the text of encrypted fields: SM4-GCM (GB/T 32907, RFC 8998), and keyed SM3 (GB/T 32905) to find it again.

A sealed text is: one byte of the key id's length, the key id, a nonce of 12 bytes, the ciphertext, a tag of 16 bytes. The tag
covers the key id and the place (`table.column`) too, so that a sealed text moved to another column does not open.
"""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings

from jiujin.core.keys import DataKeys

NONCE_BYTES = 12
TAG_BYTES = 16
INDEX_BYTES = 32


class SealedTextUnreadable(Exception):
    """A sealed text that no key opens: its key is missing or wrong, or the text was changed."""

    def __init__(self, place: str, reason: str) -> None:
        self.place = place
        super().__init__(
            f"{place} 里有一条加密数据打不开：{reason}。数据没有改动。请检查设置 JIUJIN_DATA_KEYS，或从备份恢复。"
        )


def seal(text: str, *, place: str) -> bytes:
    """The text closed with the current key, for the column `place` (`table.column`)."""
    keys: DataKeys = settings.DATA_KEYS
    header = key_header(keys.current_id)
    nonce = secrets.token_bytes(NONCE_BYTES)
    encryptor = Cipher(algorithms.SM4(keys.current), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(header + place.encode())
    closed = encryptor.update(text.encode()) + encryptor.finalize()
    return header + nonce + closed + encryptor.tag


def unseal(sealed: bytes, *, place: str) -> str:
    """The text that `seal` closed for this place. Raises SealedTextUnreadable."""
    header, nonce, closed, tag = _parts(sealed, place)
    key_id = header[1:].decode("ascii", errors="replace")
    key = settings.DATA_KEYS.by_id.get(key_id)
    if key is None:
        raise SealedTextUnreadable(place, f"它是用密钥“{key_id}”加密的，设置里没有这把密钥")
    decryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce, tag)).decryptor()
    decryptor.authenticate_additional_data(header + place.encode())
    try:
        return (decryptor.update(closed) + decryptor.finalize()).decode()
    except InvalidTag:
        raise SealedTextUnreadable(place, f"密钥“{key_id}”的值不对，或这条数据被改动过") from None


def key_header(key_id: str) -> bytes:
    """What every text sealed with this key begins with."""
    return bytes([len(key_id)]) + key_id.encode("ascii")


def _parts(sealed: bytes, place: str) -> tuple[bytes, bytes, bytes, bytes]:
    """Header, nonce, ciphertext, tag."""
    header_bytes = 1 + sealed[0] if sealed else 0
    if len(sealed) < header_bytes + NONCE_BYTES + TAG_BYTES or not header_bytes:
        raise SealedTextUnreadable(place, "它不完整")
    body = sealed[header_bytes:]
    return sealed[:header_bytes], body[:NONCE_BYTES], body[NONCE_BYTES:-TAG_BYTES], body[-TAG_BYTES:]


def blind_index(text: str, *, place: str) -> bytes:
    """The keyed SM3 (HMAC, 32 bytes) by which an equal text in the column `place` is found; the text cannot be read from it."""
    digest = hmac.HMAC(settings.INDEX_KEY, hashes.SM3())
    digest.update(place.encode() + b"\0" + text.encode())
    return digest.finalize()
