"""One installation's folder (`var/`): who may use it, what it runs with, and its database, running or started for a while."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from jiujin.cli.errors import Refused
from jiujin.cli.processes import keep_log_short
from jiujin.core import environment
from jiujin.core.postgres import start_server

# What an installation on one machine makes for itself where the person set nothing: setting, file, how it is made.
COOKIE_SECRET = ("JIUJIN_SECRET_KEY", "secret-key", lambda: secrets.token_urlsafe(48))
DATA_SECRETS = (
    ("JIUJIN_DATA_KEYS", "data-keys", lambda: f"k1:{secrets.token_hex(16)}"),
    ("JIUJIN_INDEX_KEY", "index-key", lambda: secrets.token_hex(32)),
)


class AlreadyRunning(Refused):
    """Another process holds the folder."""


def make_var_dir() -> Path:
    """The folder that an installation keeps everything in, closed to other accounts. Raises Refused."""
    var = environment.var_dir()
    try:
        (var / "log").mkdir(parents=True, exist_ok=True)
        if var.stat().st_uid == os.geteuid():
            var.chmod(0o700)
        if not os.access(var, os.W_OK | os.X_OK):
            raise PermissionError
    except OSError:
        raise Refused(
            f"数据文件夹 {var} 不可写，没有启动。请换成它的主人运行，或用 JIUJIN_VAR 另指定一个文件夹。"
        ) from None
    return var


@contextmanager
def only_one(var: Path) -> Iterator[None]:
    """Hold the folder for this process alone. Raises AlreadyRunning where another process holds it."""
    with (var / "run.lock").open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            raise AlreadyRunning(
                f"这个文件夹里的系统已经在运行（进程 {lock.read().strip()}），没有再启动一份。"
                "请直接打开它的网址；要重启，先在原来的窗口按 Ctrl-C。"
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


@contextmanager
def database(var: Path, *, say: Callable[[str], None]) -> Iterator[dict[str, str]]:
    """The environment that the parts run in, its database up: the person's own, or the embedded one for this while.

    The caller holds the folder. Raises ServerUnstartable and SettingInvalid.
    """
    variables = own_variables(var)
    with ExitStack() as running:
        if "JIUJIN_DATABASE_URL" not in variables:
            say("正在启动自带的 PostgreSQL……")
            log = var / "log" / "postgres.log"
            keep_log_short(log)
            server = running.enter_context(start_server(var / "postgres", log=log, say=say))
            variables["JIUJIN_DATABASE_URL"] = server.url()
        shared = var / "running.json"
        write_private(shared, json.dumps({name: variables[name] for name in variables if name.startswith("JIUJIN_")}))
        running.callback(shared.unlink, missing_ok=True)
        yield variables


@contextmanager
def database_at_hand(*, say: Callable[[str], None]) -> Iterator[None]:
    """Let this process's settings find a database: the person's own, the running system's, or the embedded one for this while.

    Raises Refused, ServerUnstartable and SettingInvalid.
    """
    if environment.text("JIUJIN_DATABASE_URL") and environment.text("JIUJIN_SECRET_KEY"):
        yield
        return
    var = make_var_dir()
    with ExitStack() as held:
        try:
            held.enter_context(only_one(var))
        except AlreadyRunning:
            os.environ.update(running_variables(var))
        else:
            os.environ.update(held.enter_context(database(var, say=say)))
        yield


def running_variables(var: Path) -> dict[str, str]:
    """What the running system shares with commands beside it. Raises Refused while it is still starting."""
    try:
        shared: dict[str, str] = json.loads((var / "running.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Refused("系统正在启动或停止，这条命令没有运行。请等它完成再试。") from None
    return shared


def own_variables(var: Path) -> dict[str, str]:
    """The environment of the parts: what the person set, and for the rest what suits one machine. Raises SettingInvalid."""
    variables = dict(os.environ)
    variables.pop("PYTHONDONTWRITEBYTECODE", None)  # the parts keep compiled modules, and start in a third of the time
    if not environment.text("JIUJIN_DATABASE_URL"):
        variables.pop("JIUJIN_DATABASE_URL", None)
    demo = environment.switch("JIUJIN_DEMO", default="JIUJIN_DATABASE_URL" not in variables)
    variables["JIUJIN_DEMO"] = "1" if demo else "0"
    variables["JIUJIN_VAR"] = str(var)
    for name, file, make in (COOKIE_SECRET, *(() if demo else DATA_SECRETS)):  # demo data are under a public key
        variables[name] = environment.text(name) or kept_secret(var / file, make)
    # Pages come over plain HTTP from this very machine, where a secure cookie would not come back.
    variables["JIUJIN_SECURE_COOKIES"] = environment.text("JIUJIN_SECURE_COOKIES", "0")
    return variables


def kept_secret(file: Path, make: Callable[[], str]) -> str:
    """A secret that its owner alone can read, made at the first start."""
    if not file.is_file():
        write_private(file, make())
    return file.read_text(encoding="utf-8")


def write_private(file: Path, text: str) -> None:
    """Write a file that its owner alone can read, whole or not at all."""
    making = file.with_name(f"{file.name}.making")
    making.unlink(missing_ok=True)
    with os.fdopen(os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
    making.rename(file)
