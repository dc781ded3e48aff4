"""The keys of encrypted fields, read from the settings' text; no Django here.

`JIUJIN_DATA_KEYS` is a list `id:hex,id:hex`: the first key encrypts, the others still open what they once closed. A key is
16 bytes (SM4, GB/T 32907). `JIUJIN_INDEX_KEY` is 32 bytes in hex, for the keyed SM3 of the blind indexes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jiujin.core.environment import SettingInvalid

DATA_KEY_BYTES = 16
INDEX_KEY_BYTES = 32
KEY_ID = re.compile(r"[a-z0-9_-]{1,16}")
DEMO_KEY_ID = "demo"
DEMO_DATA_KEY = b"demo-not-secret!"
DEMO_INDEX_KEY = b"demo-only-demo-only-not-secret!!"


@dataclass(frozen=True)
class DataKeys:
    """The key that encrypts, and every key that opens, by id."""

    current_id: str
    by_id: Mapping[str, bytes]

    @property
    def current(self) -> bytes:
        """The key that encrypts."""
        return self.by_id[self.current_id]


def data_keys(entries: Sequence[str], *, demo: bool) -> DataKeys:
    """The keys of `JIUJIN_DATA_KEYS`, each entry `id:hex`; the public demo key where there are none in demo mode.

    Raises SettingInvalid.
    """
    if not entries:
        if not demo:
            raise SettingInvalid(
                "没有设置 JIUJIN_DATA_KEYS，没有启动：身份证号、电话要用它加密。"
                "写法：k1:32 个十六进制字符（用 openssl rand -hex 16 生成），请妥善备份，丢了就再也打不开已存的数据。"
            )
        return DataKeys(DEMO_KEY_ID, {DEMO_KEY_ID: DEMO_DATA_KEY})
    pairs = [_data_key(entry) for entry in entries]
    by_id = dict(pairs)
    if len(by_id) != len(pairs):
        raise SettingInvalid("设置 JIUJIN_DATA_KEYS 里有两把密钥的编号相同，没有启动。请给每把密钥一个自己的编号。")
    if not demo and DEMO_DATA_KEY in by_id.values():
        raise SettingInvalid(
            "设置 JIUJIN_DATA_KEYS 里有公开的演示密钥，没有启动。请用 openssl rand -hex 16 另生成一把。"
        )
    return DataKeys(pairs[0][0], by_id)


def _data_key(entry: str) -> tuple[str, bytes]:
    key_id, colon, digits = entry.partition(":")
    if not colon or not KEY_ID.fullmatch(key_id):
        raise SettingInvalid(
            "设置 JIUJIN_DATA_KEYS 的写法不对，没有启动：每把密钥写成 编号:十六进制，编号用 16 个以内的小写字母、数字、- 或 _，"
            "几把之间用逗号隔开，最前面的一把用来加密。"
        )
    return key_id, _from_hex("JIUJIN_DATA_KEYS", digits, DATA_KEY_BYTES)


def index_key(digits: str, *, demo: bool) -> bytes:
    """The key of `JIUJIN_INDEX_KEY`; the public demo key where there is none in demo mode. Raises SettingInvalid."""
    if not digits and demo:
        return DEMO_INDEX_KEY
    if not digits:
        raise SettingInvalid(
            "没有设置 JIUJIN_INDEX_KEY，没有启动：按身份证号查人要用它。"
            "写法：64 个十六进制字符（用 openssl rand -hex 32 生成），设好后不要再改，并妥善备份。"
        )
    return _from_hex("JIUJIN_INDEX_KEY", digits, INDEX_KEY_BYTES)


def _from_hex(name: str, digits: str, length: int) -> bytes:
    """A key of `length` bytes; the sentence never repeats what was written, which may be nearly a key."""
    try:
        key = bytes.fromhex(digits)
    except ValueError:
        key = b""
    if len(key) != length:
        raise SettingInvalid(f"设置 {name} 里的密钥应是 {length * 2} 个十六进制字符，没有启动。请改正后再运行。")
    return key
