"""What can go wrong with the embedded server, as sentences for the person who started it."""

from __future__ import annotations

from pathlib import Path

LOG_LINES_SHOWN = 5


class ServerUnstartable(Exception):
    """The embedded server cannot be made or started; the text says what happened and what to do."""


def unstartable(what: str, log: Path) -> ServerUnstartable:
    """The error for a server program that failed, with the last lines of its log."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.is_file() else []
    tail = "\n".join(lines[-LOG_LINES_SHOWN:])
    return ServerUnstartable(
        f"{what}。原有数据没有改动。最后几行日志（{log}）：\n{tail}\n"
        "请按日志处理（常见：磁盘已满、文件夹不可写、内存不足），再运行一次；也可以用 JIUJIN_DATABASE_URL 改用别的 PostgreSQL。"
    )
