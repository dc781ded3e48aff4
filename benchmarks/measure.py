"""Runs a command as a process of its own and reads its seconds, its peak memory and what it printed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VAR = ROOT / "var" / "bench"
PERFORMANCE = ROOT / "docs" / "performance.md"


@dataclass(frozen=True)
class Run:
    """Seconds of wall clock, peak resident memory in GiB, and standard output."""

    seconds: float
    peak_gib: float
    output: str


def run(command: Sequence[str]) -> Run:
    """Run a command from the root; raises where it fails."""
    started = time.monotonic()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}")
    return Run(time.monotonic() - started, usage.ru_maxrss / 1024**2, output)


def keep(name: str, lines: Sequence[str]) -> None:
    """Print a result, and put it between its marks in docs/performance.md."""
    text = "\n".join(lines)
    print(text)
    start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    page = PERFORMANCE.read_text(encoding="utf-8")
    if start in page:
        before, rest = page.split(start, 1)
        PERFORMANCE.write_text(f"{before}{start}\n{text}\n{end}{rest.split(end, 1)[1]}", encoding="utf-8")
