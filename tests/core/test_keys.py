"""The keys of encrypted fields, as the settings write them."""

from __future__ import annotations

import pytest

from jiujin.core.environment import SettingInvalid
from jiujin.core.keys import DEMO_DATA_KEY, data_keys, index_key

FIRST, SECOND = "00112233445566778899aabbccddeeff", "ffeeddccbbaa99887766554433221100"


def test_first_key_encrypts_and_all_keys_open() -> None:
    keys = data_keys([f"k2:{SECOND}", f"k1:{FIRST}"], demo=False)
    assert keys.current == bytes.fromhex(SECOND)
    assert dict(keys.by_id) == {"k2": bytes.fromhex(SECOND), "k1": bytes.fromhex(FIRST)}


def test_demo_mode_has_keys_of_its_own_and_a_real_installation_has_not() -> None:
    assert data_keys([], demo=True).current == DEMO_DATA_KEY
    assert len(index_key("", demo=True)) == 32
    with pytest.raises(SettingInvalid, match="没有设置 JIUJIN_DATA_KEYS"):
        data_keys([], demo=False)
    with pytest.raises(SettingInvalid, match="没有设置 JIUJIN_INDEX_KEY"):
        index_key("", demo=False)


def test_real_installation_refuses_the_public_demo_key() -> None:
    with pytest.raises(SettingInvalid, match="演示密钥"):
        data_keys([f"k1:{DEMO_DATA_KEY.hex()}"], demo=False)


@pytest.mark.parametrize(
    "entries",
    [
        [FIRST],
        [f":{FIRST}"],
        [f"K1:{FIRST}"],
        ["k1:"],
        [f"k1:{FIRST[:-2]}"],
        [f"k1:{FIRST}00"],
        [f"k1:{FIRST[:-1]}g"],
        [f"k1:{FIRST}", f"k1:{SECOND}"],
    ],
)
def test_key_that_cannot_be_used_is_refused_without_being_repeated(entries: list[str]) -> None:
    with pytest.raises(SettingInvalid, match="JIUJIN_DATA_KEYS") as refused:
        data_keys(entries, demo=False)
    assert FIRST[:8] not in str(refused.value)


@pytest.mark.parametrize("digits", [FIRST, f"{FIRST}{SECOND}00", f"{FIRST}{SECOND[:-2]}zz"])
def test_index_key_of_another_length_is_refused(digits: str) -> None:
    with pytest.raises(SettingInvalid, match="64 个十六进制字符"):
        index_key(digits, demo=False)
