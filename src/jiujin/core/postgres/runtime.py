"""The server's private folder for one run: its socket, who may connect, and a copy of the programs where root needs it.

The path of a Unix socket has about 100 bytes, so this folder lies in the temporary folder and not beside the data. Its name is
new at each start, so nothing that another account left there can be in the way.
"""

from __future__ import annotations

import os
import pwd
import shutil
import tempfile
from pathlib import Path

from jiujin.core.launch import Account
from jiujin.core.postgres.errors import ServerUnstartable
from jiujin.core.postgres.programs import is_open_to_all

SUPERUSER = "postgres"
ROLE = "jiujin"
SOCKET_PATH_BYTES_MAX = 100
SOCKET_NAME = ".s.PGSQL.5432"
HOST_RULES = f"local all {SUPERUSER} peer map=jiujin\nlocal all {ROLE} peer map=jiujin\n"


def make_runtime_folder(account: Account | None) -> Path:
    """A new folder that only the server's account (and root) can enter. Raises ServerUnstartable."""
    folder = Path(tempfile.mkdtemp(prefix="jiujin-", dir=_place(account)))
    (folder / "pg_hba.conf").write_text(HOST_RULES, encoding="utf-8")
    # The operating system vouches for who connects: only the person who started the server, as either role.
    person = pwd.getpwuid(os.geteuid()).pw_name
    names = "".join(f'jiujin "{person}" {role}\n' for role in (SUPERUSER, ROLE))
    (folder / "pg_ident.conf").write_text(names, encoding="utf-8")
    if account:
        for path in (folder, *folder.iterdir()):
            os.chown(path, account.uid, account.gid)
    return folder


def remove_runtime_folder(note: Path) -> None:
    """Remove the folder that an earlier run noted in the file `note`, if that run could not do so itself."""
    if note.is_file():
        folder = Path(note.read_text(encoding="utf-8"))
        if folder.name.startswith("jiujin-"):
            shutil.rmtree(folder, ignore_errors=True)
        note.unlink()


def _place(account: Account | None) -> str:
    """A temporary folder with a short path, which the server's account can enter and run programs in."""
    for place in dict.fromkeys((tempfile.gettempdir(), "/tmp", "/var/tmp", "/var/lib")):
        if not Path(place).is_dir() or not os.access(place, os.W_OK | os.X_OK):
            continue
        if len(os.fsencode(f"{place}/jiujin-xxxxxxxx/{SOCKET_NAME}")) > SOCKET_PATH_BYTES_MAX:
            continue
        if account and (not is_open_to_all(Path(place)) or os.statvfs(place).f_flag & os.ST_NOEXEC):
            continue
        return place
    raise ServerUnstartable(
        "没有可用的临时文件夹放自带 PostgreSQL 的套接字（试过 TMPDIR、/tmp、/var/tmp）。请设好 TMPDIR，再运行一次。"
    )
