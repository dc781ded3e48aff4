"""`jiujin run`: the database, the pages and the background work, started and stopped as one."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from jiujin.cli import instance
from jiujin.cli.errors import Refused
from jiujin.cli.processes import Kept, command_line, start_command
from jiujin.cli.serve import JOB_GRACE_SECONDS, refuse_taken_port
from jiujin.core import environment
from jiujin.core.launch import end_with_parent, launch_command

READY_SECONDS_MAX = 60.0
POLL_SECONDS = 0.1
STOP_SECONDS_MAX = JOB_GRACE_SECONDS + 5.0
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopAsked(BaseException):
    """The person or the system asked for the end; not an error, so nothing may take it for one."""


def run(
    *,
    stop_with_parent: Annotated[bool, typer.Option("--stop-with-parent", help="启动它的程序一结束，也跟着停")] = False,
) -> None:
    """启动整套系统：自带的数据库、网页、后台任务；首次启动装入方案和演示数据。按 Ctrl-C 全部停止，数据保留。

    设了 JIUJIN_DATABASE_URL 就用那个 PostgreSQL，不启动自带的，也不装演示数据（JIUJIN_DEMO=1 时才装）。

    例：jiujin run
        JIUJIN_PORT=8080 jiujin run
    """
    address, port = environment.bind_address(), environment.port()
    var = instance.make_var_dir()
    with instance.only_one(var), stop_signals():
        if stop_with_parent:
            end_with_parent(os.getppid())
        refuse_taken_port(address, port)
        try:
            with ExitStack() as running:
                keep_running(start_all(running, var, port))
        except StopAsked:
            tell("已全部停止，数据保留。")


@contextmanager
def stop_signals() -> Iterator[None]:
    """Turn the first request to stop into StopAsked; later ones cannot break off the stopping."""

    def ask(number: int, frame: Any) -> None:
        for each in STOP_SIGNALS:
            signal.signal(each, signal.SIG_IGN)
        tell("正在停止……")
        raise StopAsked

    before = {number: signal.signal(number, ask) for number in STOP_SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def start_all(running: ExitStack, var: Path, port: int) -> list[Kept]:
    """Start everything, each part put on `running` so that it stops in the opposite order, and say how to get in."""
    variables = running.enter_context(instance.database(var, say=tell))
    demo = variables["JIUJIN_DEMO"] == "1"
    tell("正在准备数据库和演示数据……" if demo else "正在准备数据库……")
    sign_ins = prepare(variables, demo=demo)
    kept = [keep(running, "网页服务", "serve", variables, var)]
    wait_until_ready(kept, port)
    kept.append(keep(running, "后台任务", "work", variables, var))
    tell_how_to_get_in(port, sign_ins, demo=demo)
    return kept


def keep(running: ExitStack, name: str, command: str, variables: Mapping[str, str], var: Path) -> Kept:
    """Start a part that stays, and put its end on `running`."""
    part = start_command(name, [command], environment=variables, log=var / "log" / f"{command}.log")
    running.callback(part.stop, seconds_max=STOP_SECONDS_MAX)
    return part


def prepare(variables: Mapping[str, str], *, demo: bool) -> list[dict[str, str]]:
    """Run `jiujin prepare` and give the sign-ins. Raises Refused; what it already did is done at the next start too."""
    command = command_line("prepare", *(["--demo"] if demo else []))
    process = subprocess.Popen(
        launch_command(command),
        env=dict(variables),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        output, _ = process.communicate()
    finally:
        process.kill()
        process.wait()
    if process.returncode != 0:
        raise Refused("准备没有完成（原因见上），已停止；做完的部分都保留，处理后再运行一次即可。")
    sign_ins: list[dict[str, str]] = json.loads(output.decode().splitlines()[-1])
    return sign_ins


def wait_until_ready(kept: list[Kept], port: int) -> None:
    """Wait until the pages answer. Raises Refused where a part ends or nothing answers in a minute."""
    deadline = time.monotonic() + READY_SECONDS_MAX
    while not answers(port):
        refuse_ended(kept)
        if time.monotonic() > deadline:
            raise Refused(f"网页服务迟迟没有就绪，已停止。数据没有改动。详情见 {kept[-1].log}。")
        time.sleep(POLL_SECONDS)


def answers(port: int) -> bool:
    """Whether the health page says that the pages and their database are up."""
    address = environment.bind_address()
    connection = http.client.HTTPConnection("127.0.0.1" if address == "0.0.0.0" else address, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def keep_running(kept: list[Kept]) -> None:
    """Stay until somebody asks for the end (StopAsked) or a part ends by itself (Refused)."""
    while True:
        refuse_ended(kept)
        time.sleep(POLL_SECONDS)


def refuse_ended(kept: list[Kept]) -> None:
    """Raises Refused where a part that should run has ended."""
    for part in kept:
        if part.process.poll() is not None:
            raise Refused(
                f"{part.name}意外停止，其余部分也已停止，数据保留。最后的日志（{part.log}）：\n{last_lines(part.log)}\n"
                "请处理后再运行一次。"
            )


def last_lines(log: Path, count: int = 3) -> str:
    """The end of a log."""
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-count:])


def tell_how_to_get_in(port: int, sign_ins: list[dict[str, str]], *, demo: bool) -> None:
    """The address and the demo sign-ins."""
    tell(f"\n就近已启动：http://{environment.bind_address()}:{port}/\n")
    label_length = max((len(each["role_label"]) for each in sign_ins), default=0)
    for each in sign_ins:
        label = each["role_label"].ljust(label_length, "　")
        tell(f"  {label}　用户名 {each['username']:<10}　密码 {each['password']}")
    if demo:
        tell("\n以上是演示账号，里面的人和单位全部虚构，不要录入真实的个人信息。")
    else:
        tell("第一次使用，请另开一个窗口运行 .venv/bin/jiujin manage createsuperuser 建立管理员。")
    tell("按 Ctrl-C 停止。")


def tell(line: str) -> None:
    """One line for the person, at once."""
    print(line, flush=True)
