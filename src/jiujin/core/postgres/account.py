"""Which account the server runs as: the person's own, or, since PostgreSQL refuses root, an unprivileged one."""

from __future__ import annotations

import os
import pwd
import sys
from pathlib import Path

from jiujin.core.launch import Account
from jiujin.core.postgres.errors import ServerUnstartable

UNPRIVILEGED_NAME = "nobody"


def server_account(data: Path) -> Account | None:
    """The account to change to before starting the server on `data`; None to stay the person's own.

    Root becomes the owner of the data that is there, or `nobody` for new data.
    Raises ServerUnstartable where the data belong to somebody else, or the machine knows no name for the account.
    """
    owner = data.stat().st_uid if data.exists() else None
    if os.geteuid() != 0:
        if owner not in (None, os.geteuid()):
            raise ServerUnstartable(
                f"数据文件夹 {data} 属于 {account_name(owner)}，当前用户不能使用。数据没有改动。"
                "请换成它的主人运行，或用 JIUJIN_VAR 另指定一个数据文件夹。"
            )
        account_name(os.geteuid())
        return None
    if sys.platform != "linux":
        raise ServerUnstartable("在这个系统上，自带的 PostgreSQL 不能以 root 身份启动。请换成普通用户运行。")
    known = pwd.getpwuid(owner) if owner else pwd.getpwnam(UNPRIVILEGED_NAME)
    return Account(uid=known.pw_uid, gid=known.pw_gid)


def account_name(uid: int) -> str:
    """The login name of `uid`, which PostgreSQL asks for. Raises ServerUnstartable where the machine has none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        raise ServerUnstartable(
            f"这台机器上没有编号为 {uid} 的用户名（/etc/passwd），自带的 PostgreSQL 无法启动。"
            "请换成有用户名的用户运行，或用 JIUJIN_DATABASE_URL 指定现有的 PostgreSQL。"
        ) from None
