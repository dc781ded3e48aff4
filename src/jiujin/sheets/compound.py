"""Reads a named stream out of an OLE compound file ([MS-CFB]), the container of .xls and of encrypted workbooks."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

MAGIC = bytes.fromhex("D0CF11E0A1B11AE1")
END_OF_CHAIN = 0xFFFFFFFA
HEADER_BYTES = 512
ENTRY_BYTES = 128
DIRECTORY_FAT_SLOTS = 109
ROOT, STREAM = 5, 2


class CompoundBroken(ValueError):
    """A compound file whose structure does not hold."""


@dataclass(frozen=True)
class _Entry:
    kind: int
    start: int
    size: int


class CompoundFile:
    """A compound file in memory; `names` are its streams and storages, `stream` gives one's content."""

    def __init__(self, content: bytes) -> None:
        if not content.startswith(MAGIC) or len(content) < HEADER_BYTES:
            raise CompoundBroken("no compound header")
        self._content = content
        sector_shift, mini_shift = struct.unpack_from("<HH", content, 30)
        if sector_shift not in (9, 12) or mini_shift != 6:
            raise CompoundBroken("odd sector size")
        self._sector_bytes, self._mini_bytes = 1 << sector_shift, 1 << mini_shift
        directory, _, self._mini_limit, mini_fat, _, difat, _ = struct.unpack_from("<IIIIIII", content, 48)
        self._fat = self._numbers(self._fat_sectors(difat))
        self._entries = dict(self._directory(directory))
        self._mini_fat = self._numbers(self._chain(mini_fat, self._fat)) if mini_fat < END_OF_CHAIN else []
        root = next((entry for entry in self._entries.values() if entry.kind == ROOT), None)
        self._mini_stream = self._read(root.start, root.size, mini=False) if root and root.size else b""

    @property
    def names(self) -> frozenset[str]:
        """The names of all streams and storages."""
        return frozenset(self._entries)

    def stream(self, *names: str) -> bytes | None:
        """The content of the first stream that exists, None where none does."""
        for name in names:
            entry = self._entries.get(name)
            if entry and entry.kind == STREAM:
                return self._read(entry.start, entry.size, mini=entry.size < self._mini_limit)
        return None

    def _read(self, start: int, size: int, *, mini: bool) -> bytes:
        if size > len(self._content):
            raise CompoundBroken("stream longer than its file")
        if not size:
            return b""
        table, unit = (self._mini_fat, self._mini_bytes) if mini else (self._fat, self._sector_bytes)
        source, offset = (self._mini_stream, 0) if mini else (self._content, self._sector_bytes)
        parts = (source[offset + sector * unit : offset + (sector + 1) * unit] for sector in self._chain(start, table))
        return b"".join(parts)[:size]

    def _sector(self, number: int) -> bytes:
        first = (number + 1) * self._sector_bytes
        return self._content[first : first + self._sector_bytes]

    def _numbers(self, sectors: Iterator[int]) -> list[int]:
        """The 32-bit numbers that fill these sectors."""
        content = b"".join(map(self._sector, sectors))
        return list(struct.unpack(f"<{len(content) // 4}I", content[: len(content) // 4 * 4]))

    def _fat_sectors(self, difat: int) -> Iterator[int]:
        """Where the allocation table stands: listed in the header, then in a chain of its own."""
        listed = list(struct.unpack_from(f"<{DIRECTORY_FAT_SLOTS}I", self._content, 76))
        for _ in range(len(self._content) // self._sector_bytes + 1):
            yield from (sector for sector in listed if sector < END_OF_CHAIN)
            if difat >= END_OF_CHAIN:
                return
            *listed, difat = self._numbers(iter([difat])) or [END_OF_CHAIN]
        raise CompoundBroken("endless table")

    def _chain(self, start: int, table: list[int]) -> Iterator[int]:
        """The sectors of a chain, which cannot be longer than its table."""
        for _ in range(len(table) + 1):
            if start >= END_OF_CHAIN:
                return
            if start >= len(table):
                raise CompoundBroken("sector out of range")
            yield start
            start = table[start]
        raise CompoundBroken("endless chain")

    def _directory(self, start: int) -> Iterator[tuple[str, _Entry]]:
        content = b"".join(map(self._sector, self._chain(start, self._fat)))
        for at in range(0, len(content) - ENTRY_BYTES + 1, ENTRY_BYTES):
            name_bytes, kind = struct.unpack_from("<HB", content, at + 64)
            first, size = struct.unpack_from("<II", content, at + 116)
            if kind and 2 <= name_bytes <= 64:
                name = content[at : at + name_bytes - 2].decode("utf-16-le", "replace")
                yield name, _Entry(kind, first, size)
