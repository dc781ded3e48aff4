"""Kills the application and its database at random moments and looks whether anything was lost or done twice.

    python tools/faults.py --kills 50 --seed 7        (make faults)

For each of four kinds of work (submission, approval, batch release, return import) a worker process does it over and over on an
embedded PostgreSQL of its own under a temporary folder; half of the kills hit the worker, half the database's own main process,
both by SIGKILL, at a moment drawn from the seed. After each kill the database starts again, the worker's acknowledged work is
looked for (it wrote down what it was told had been committed), the same requests are sent again, and the book and the hash chain
are checked whole.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
WORKER = ROOT / "tools" / "faults_worker.py"
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from benchmarks import claims_world as world  # noqa: E402
from jiujin.core.postgres import start_server  # noqa: E402

KINDS = ("submission", "approval", "batch release", "return import")
BEGUN_SECONDS_MAX = 900.0  # it first makes lines ready, on a machine that may be busy
LATEST_KILL_SECONDS = 1.5


class Lost(Exception):
    """Something was lost, done twice, or does not hold."""


@dataclass
class Tally:
    """What was done."""

    kills: int = 0
    acknowledged: int = 0
    interrupted: int = 0


def main() -> None:
    """Run all kinds and say what held; exit status 1 at the first thing that does not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50, help="of each kind of work")
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    try:
        for kind, tally in run(kills=arguments.kills, seed=arguments.seed):
            print(
                f"{kind}: {tally.kills} kills, {tally.acknowledged} requests acknowledged and found,"
                f" {tally.interrupted} cut off and sent again; nothing lost, nothing twice",
                flush=True,
            )
    except Lost as error:
        sys.exit(f"does not hold: {error}")


def run(*, kills: int, seed: int, kinds: Sequence[str] = KINDS) -> Iterator[tuple[str, Tally]]:
    """Each kind of work in turn, with its tally. Raises Lost."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="jiujin-faults-") as folder:
        var = Path(folder)
        with database(var):
            subprocess.run([sys.executable, "-m", "jiujin", "manage", "migrate", "-v0"], cwd=ROOT, check=True)
            in_process(var, "prepare")
        for kind in kinds:
            tally = Tally()
            for number in range(kills):
                one_kill(var, kind, chance, hits_database=number % 2 == 1, tally=tally)
                end = "\n" if tally.kills == kills else ""
                print(f"\r{kind}: {tally.kills} of {kills}", end=end, file=sys.stderr, flush=True)
            yield kind, tally


@contextmanager
def database(var: Path) -> Iterator[Any]:
    """The database on the same files, started again; the environment names it. A killed one is left as it is."""
    with start_server(var / "postgres", log=var / "postgres.log") as server:
        os.environ.update(world.environment(var, server.url()))
        yield server


def in_process(var: Path, *words: str) -> str:
    """Run a part of this tool in a process of its own, as the application would be; what it printed."""
    done = subprocess.run(
        [sys.executable, str(WORKER), str(var), *words],
        cwd=ROOT, env=os.environ, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise Lost(f"{' '.join(words)}: {(done.stdout + done.stderr)[-1500:]}")
    return done.stdout


def one_kill(var: Path, kind: str, chance: random.Random, *, hits_database: bool, tally: Tally) -> None:
    """Work, one kill, a new start, and the look at what stands. Raises Lost."""
    journal = var / "journal.jsonl"
    journal.unlink(missing_ok=True)
    with database(var) as server, (var / "worker.log").open("w") as log:
        worker = subprocess.Popen(
            [sys.executable, str(WORKER), str(var), "work", kind],
            cwd=ROOT, env=os.environ, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            wait_until_begun(journal, worker)
            time.sleep(chance.uniform(0, LATEST_KILL_SECONDS))
            victim = server.process.pid if hits_database else worker.pid
            os.kill(victim, signal.SIGKILL)
        finally:
            worker.kill()
            worker.wait()
    with database(var):
        told = json.loads(in_process(var, "look", kind).splitlines()[-1])
    tally.kills += 1
    tally.acknowledged += told["acknowledged"]
    tally.interrupted += told["interrupted"]


def wait_until_begun(journal: Path, worker: subprocess.Popen[bytes]) -> None:
    """Until the worker has asked for something."""
    until = time.monotonic() + BEGUN_SECONDS_MAX
    while not journal.exists() or not journal.stat().st_size:
        if worker.poll() is not None or time.monotonic() > until:
            raise Lost(f"the worker did not begin: {journal.with_name('worker.log').read_text()[-1500:]}")
        time.sleep(0.01)


if __name__ == "__main__":
    main()
