"""The processes that `jiujin run` keeps: each ends with the starter, in order, and leaves none of its own children."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from jiujin.core.launch import launch_command

LOG_BYTES_MAX = 10 * 1024 * 1024


@dataclass(frozen=True)
class Kept:
    """A started process with its name for people and where its output goes."""

    name: str
    log: Path
    process: subprocess.Popen[bytes]

    def ask_to_stop(self) -> None:
        """Ask for an orderly end; does not wait."""
        self.process.terminate()

    def stop(self, *, seconds_max: float) -> None:
        """Wait for the end that was asked for, then end by force whatever of it is left."""
        self.ask_to_stop()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(seconds_max)
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)  # its children too: they share its group
        self.process.wait()


def command_line(*arguments: str) -> list[str]:
    """How this very installation runs `jiujin ARGUMENT…`; no file in the current folder is taken for a module."""
    return [sys.executable, "-P", "-m", "jiujin", *arguments]


def start_command(name: str, arguments: Sequence[str], *, environment: Mapping[str, str], log: Path) -> Kept:
    """Start `jiujin ARGUMENT…` with its output in `log`.

    It leads a group of its own, so that Ctrl-C reaches only the starter and the order of stopping is kept.
    """
    keep_log_short(log)
    with log.open("ab") as output:
        process = subprocess.Popen(
            launch_command(command_line(*arguments)),
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    return Kept(name, log, process)


def keep_log_short(log: Path) -> None:
    """Set a log over 10 MiB aside as `NAME.1`, in place of the one set aside before."""
    if log.is_file() and log.stat().st_size > LOG_BYTES_MAX:
        log.replace(log.with_name(f"{log.name}.1"))
