"""Starts a program that ends when its parent ends, on Linux whatever ended the parent, and as another account if asked.

Run as a file under `python -I`, standard library only: `launch.py PARENT_PID SIGNAL ACCOUNT -- PROGRAM ARGUMENT…`, where
ACCOUNT is `UID:GID` or `-`. It replaces itself with PROGRAM, so the process id stays.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass

PR_SET_PDEATHSIG = 1  # prctl(2)


@dataclass(frozen=True)
class Account:
    """A numeric user and group to run a program as."""

    uid: int
    gid: int


def launch_command(
    program: Sequence[str], *, end_signal: signal.Signals = signal.SIGTERM, account: Account | None = None
) -> list[str]:
    """The command that starts `program` from this process, tied to its life.

    Args:
        program: path and arguments.
        end_signal: what the kernel sends the program when this process has ended.
        account: whom to run it as; only root may give one.
    """
    whom = f"{account.uid}:{account.gid}" if account else "-"
    return [sys.executable, "-I", __file__, str(os.getpid()), str(int(end_signal)), whom, "--", *program]


def end_with_parent(parent_pid: int, end_signal: int = signal.SIGTERM) -> None:
    """Ask the kernel to send this process `end_signal` when its parent ends; a parent already gone ends it now.

    Elsewhere than on Linux this does nothing: there an orphan is ended by the next start.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, end_signal, 0, 0, 0)
    if os.getppid() != parent_pid:
        os.kill(os.getpid(), end_signal)


def become(account: Account) -> None:
    """Give up root for good and go on as `account`, with no further group."""
    os.setgroups([])
    os.setgid(account.gid)
    os.setuid(account.uid)


def main(arguments: Sequence[str]) -> None:
    """Replace this process with the program named after `--`."""
    parent_pid, end_signal, whom, _, *program = arguments
    if whom != "-":
        uid, gid = whom.split(":")
        become(Account(int(uid), int(gid)))
    end_with_parent(int(parent_pid), int(end_signal))  # after the account: a change of user clears it
    os.execv(program[0], program)


if __name__ == "__main__":
    main(sys.argv[1:])
