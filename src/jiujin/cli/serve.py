"""The parts of a real installation, each by itself: `jiujin migrate`, `jiujin serve`, `jiujin work`, `jiujin manage`."""

from __future__ import annotations

import errno
import os
import socket
from importlib import import_module

import typer

from jiujin.cli.errors import Refused
from jiujin.cli.instance import database_at_hand
from jiujin.cli.main import say
from jiujin.core import environment

SETTINGS_MODULE = "jiujin.web.settings"
APPLICATION = "jiujin.web.wsgi:application"
JOB_GRACE_SECONDS = 10
CONNECTION_BACKLOG = 1024
BIND_FAILURES = {
    errno.EADDRINUSE: "已被别的程序占用",
    errno.EACCES: "小于 1024 的端口要管理员权限",
    errno.EADDRNOTAVAIL: "JIUJIN_BIND 不是本机的地址",
}


def load_settings() -> None:
    """Read the settings alone. Raises ImproperlyConfigured and SettingInvalid."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS_MODULE)
    import_module(SETTINGS_MODULE)


def set_up_django(*, log_level: str = "WARNING") -> None:
    """Load settings and applications; takes most of a second. Raises ImproperlyConfigured and SettingInvalid.

    Args:
        log_level: from which level on events are logged, where the person set none.
    """
    os.environ.setdefault("JIUJIN_LOG_LEVEL", log_level)
    load_settings()
    import django

    django.setup()


def migrate() -> None:
    """建立或升级数据库，整理静态文件。升级程序后先运行它，再启动 serve 和 work。

    例：JIUJIN_DATABASE_URL=postgresql://… jiujin migrate
    """
    with database_at_hand(say=say):
        bring_up_to_date()
    say("数据库和静态文件都是最新的。")


def bring_up_to_date() -> None:
    """Run the migrations that are missing, compile translations and the search, collect static files; nothing to do changes
    nothing.
    """
    set_up_django()
    from django.core.management import call_command

    from jiujin.matching import warm_up_in_background

    compiling = warm_up_in_background()  # else the first search after an upgrade waits for it
    call_command("migrate", interactive=False, verbosity=0)
    call_command("compile_translations")
    call_command("collectstatic", interactive=False, verbosity=0)
    compiling.join()


def serve() -> None:
    """启动网页服务。地址、端口、进程数由设置决定，见运维手册。

    例：JIUJIN_BIND=0.0.0.0 JIUJIN_PORT=8080 jiujin serve
    """
    address, port = environment.bind_address(), environment.port()
    refuse_taken_port(address, port)
    workers = environment.whole_number("JIUJIN_WORKERS", 2, at_least=1, at_most=64)
    threads = environment.whole_number("JIUJIN_THREADS", 4, at_least=1, at_most=64)
    load_settings()  # so that a wrong setting is said here, once, and not by each process
    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        APPLICATION,
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        backlog=CONNECTION_BACKLOG,
        workers_kill_timeout=JOB_GRACE_SECONDS,
        websockets=False,
    ).serve()


def work() -> None:
    """启动后台任务：核对大名单等费时的工作在这里进行。同时进行几项由设置 JIUJIN_JOBS 决定。

    例：JIUJIN_JOBS=2 jiujin work
    """
    jobs = environment.whole_number("JIUJIN_JOBS", 1, at_least=1, at_most=64)
    set_up_django(log_level="INFO")
    from django.core.management import call_command

    bounds = ["--concurrency", str(jobs), "--shutdown-graceful-timeout", str(JOB_GRACE_SECONDS)]
    call_command("procrastinate", "worker", *bounds)


def manage(context: typer.Context) -> None:
    """运行 Django 的管理命令。系统正在运行时用它的数据库；没有运行时，自带的数据库只为这条命令启动一会儿。

    例：jiujin manage createsuperuser
        jiujin manage check --deploy
    """
    with database_at_hand(say=say):
        set_up_django()
        from django.core.management import execute_from_command_line

        execute_from_command_line(["jiujin manage", *(context.args or ["help"])])


def refuse_taken_port(address: str, port: int) -> None:
    """Raises Refused with the cure where `address:port` cannot be served on."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            other = port + 1 if port < 65535 else 8000
            raise Refused(
                f"端口 {port} 不能用（{_bind_failure(error)}），没有启动。"
                f"请关掉占用它的程序，或换一个端口再运行，例如 JIUJIN_PORT={other} make run。"
            ) from None


def _bind_failure(error: OSError) -> str:
    return BIND_FAILURES.get(error.errno or 0, error.strerror or str(error))
