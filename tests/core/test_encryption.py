"""Sealed texts open with their key and in their place, and in no other way."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st

from jiujin.core.encryption import SealedTextUnreadable, blind_index, seal, unseal
from jiujin.core.keys import DataKeys

PLACE = "registry_person.id_number"
OLD = DataKeys("old", {"old": b"o" * 16})
BOTH = DataKeys("new", {"new": b"n" * 16, "old": b"o" * 16})
NEW = DataKeys("new", {"new": b"n" * 16})
# SM4-GCM of RFC 8998, appendix A.1.
RFC_KEY = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
RFC_NONCE = bytes.fromhex("00001234567800000000ABCD")
RFC_AAD = bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2")
RFC_PLAIN = bytes.fromhex(
    "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDD"
    "EEEEEEEEEEEEEEEEFFFFFFFFFFFFFFFFEEEEEEEEEEEEEEEEAAAAAAAAAAAAAAAA"
)
RFC_CLOSED = bytes.fromhex(
    "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735"
    "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D"
)
RFC_TAG = bytes.fromhex("83DE3541E4C2B58177E065A9BF7B62EC")


@given(text=st.text(max_size=100))
def test_sealed_text_opens_again(text: str) -> None:
    assert unseal(seal(text, place=PLACE), place=PLACE) == text


def test_equal_texts_are_sealed_differently_and_indexed_equally() -> None:
    assert seal("王", place=PLACE) != seal("王", place=PLACE)
    assert blind_index("王", place=PLACE) == blind_index("王", place=PLACE)
    assert blind_index("王", place=PLACE) != blind_index("李", place=PLACE)
    assert blind_index("王", place=PLACE) != blind_index("王", place="registry_person.phone")


def test_index_depends_on_its_key(settings: Any) -> None:
    before = blind_index("王", place=PLACE)
    settings.INDEX_KEY = b"another-index-key-of-32-bytes!!!"
    assert blind_index("王", place=PLACE) != before


def test_any_changed_byte_is_refused() -> None:
    sealed = seal("990000199001010017", place=PLACE)
    for at in range(len(sealed)):
        changed = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        with pytest.raises(SealedTextUnreadable):
            unseal(changed, place=PLACE)


@pytest.mark.parametrize("length", [0, 1, 5, 20, 32])
def test_a_piece_of_a_sealed_text_is_refused(length: int) -> None:
    with pytest.raises(SealedTextUnreadable):
        unseal(seal("990000199001010017", place=PLACE)[:length], place=PLACE)


def test_sealed_text_moved_to_another_column_is_refused() -> None:
    with pytest.raises(SealedTextUnreadable, match="被改动过"):
        unseal(seal("10990000001", place="registry_person.phone"), place=PLACE)


def test_wrong_key_under_the_same_id_is_one_clear_sentence(settings: Any) -> None:
    settings.DATA_KEYS = OLD
    sealed = seal("990000199001010017", place=PLACE)
    settings.DATA_KEYS = DataKeys("old", {"old": b"x" * 16})
    with pytest.raises(SealedTextUnreadable, match=r"密钥“old”的值不对.*数据没有改动.*JIUJIN_DATA_KEYS"):
        unseal(sealed, place=PLACE)


def test_missing_key_is_named(settings: Any) -> None:
    settings.DATA_KEYS = OLD
    sealed = seal("990000199001010017", place=PLACE)
    settings.DATA_KEYS = NEW
    with pytest.raises(SealedTextUnreadable, match="密钥“old”加密的，设置里没有"):
        unseal(sealed, place=PLACE)


def test_older_key_still_opens_after_a_new_one_is_put_first(settings: Any) -> None:
    settings.DATA_KEYS = OLD
    sealed = seal("990000199001010017", place=PLACE)
    settings.DATA_KEYS = BOTH
    assert unseal(sealed, place=PLACE) == "990000199001010017"


def test_cipher_is_the_published_one() -> None:
    encryptor = Cipher(algorithms.SM4(RFC_KEY), modes.GCM(RFC_NONCE)).encryptor()
    encryptor.authenticate_additional_data(RFC_AAD)
    assert encryptor.update(RFC_PLAIN) + encryptor.finalize() == RFC_CLOSED
    assert encryptor.tag == RFC_TAG


def test_sealed_text_has_the_documented_layout(settings: Any) -> None:
    settings.DATA_KEYS = BOTH
    sealed = seal("990000199001010017", place=PLACE)
    header, nonce, closed, tag = sealed[:4], sealed[4:16], sealed[16:-16], sealed[-16:]
    assert header == b"\x03new"
    decryptor = Cipher(algorithms.SM4(b"n" * 16), modes.GCM(nonce, tag)).decryptor()
    decryptor.authenticate_additional_data(header + PLACE.encode())
    assert decryptor.update(closed) + decryptor.finalize() == b"990000199001010017"
