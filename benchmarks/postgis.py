"""A PostGIS of the benchmark's own: Debian's, in a folder and on a port that nobody else uses, stopped at the end by its process id."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import psycopg

from benchmarks.settlements import Places

SERVER = Path("/usr/lib/postgresql/15")
CONTROL = Path("/usr/share/postgresql/15/extension/postgis.control")
INSTALL = "apt-get update && apt-get install postgresql-15-postgis-3"
SETTINGS = {
    "shared_buffers": "1GB",
    "work_mem": "128MB",
    "maintenance_work_mem": "1GB",
    "listen_addresses": "",
    "fsync": "off",
}
COLUMNS = (
    "occupation", "wage_fen_min", "wage_fen_max", "schooling_min", "shifts", "hours_per_week", "headcount_left", "licences",
    "skills", "open_until",
)  # fmt: skip
# The same hard filters and score as jiujin.matching, on the sphere. A row that asks nothing of a kind holds 0.
QUERY = """
SELECT id, d, 0.40 * (1 - d / %(radius)s) + 0.25 * occupation_part + 0.15 * wage_part + 0.10 * skills_part + 0.10 * hours_part
  AS score, count(*) OVER () AS within
FROM (
  SELECT id, ST_Distance(point, here, false) AS d,
    CASE WHEN occupation IN (%(wish_1)s, %(wish_2)s) THEN 1
         WHEN occupation / 100 IN (%(wish_1)s / 100, %(wish_2)s / 100) THEN 0.75
         WHEN occupation / 10000 IN (%(wish_1)s / 10000, %(wish_2)s / 10000) THEN 0.5
         WHEN occupation / 1000000 IN (%(wish_1)s / 1000000, %(wish_2)s / 1000000) THEN 0.25 ELSE 0 END AS occupation_part,
    (least(1, wage_fen_min / %(wage)s::float8) + least(1, wage_fen_max / %(wage)s::float8)) / 2 AS wage_part,
    bit_count((skills & %(skills)s)::bit(64))::float8 / bit_count(skills::bit(64)) AS skills_part,
    CASE WHEN %(hours)s = 0 THEN 0.5 ELSE greatest(0, 1 - abs(hours_per_week - %(hours)s)::float8 / nullif(%(hours)s, 0)) END
      AS hours_part
  FROM vacancy, (SELECT ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326)::geography AS here) AS asked
  WHERE ST_DWithin(point, here, %(radius)s, false) AND headcount_left > 0 AND open_until >= %(day)s
    AND schooling_min <= %(schooling)s AND (shifts = 0 OR shifts & %(shifts)s <> 0) AND licences & ~%(licences)s::bigint = 0
) AS reached
ORDER BY score DESC, d LIMIT %(top)s
"""


def is_installed() -> bool:
    """Whether this machine has what is needed, and the right to start it."""
    return CONTROL.is_file() and os.geteuid() == 0


@contextmanager
def running(port: int) -> Iterator[psycopg.Connection]:
    """A fresh cluster, owned and run by the user postgres."""
    owner = pwd.getpwnam("postgres")
    folder = Path(tempfile.mkdtemp(prefix="postgis-"))
    os.chown(folder, owner.pw_uid, owner.pw_gid)
    as_owner = {"user": owner.pw_uid, "group": owner.pw_gid, "cwd": folder, "stdout": subprocess.DEVNULL}
    subprocess.run([SERVER / "bin" / "initdb", "-D", folder / "base", "-A", "trust"], check=True, **as_owner)  # type: ignore[call-overload]
    options = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
    command = [SERVER / "bin" / "postgres", "-D", folder / "base", "-p", str(port), "-k", folder, *options]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL, **as_owner)  # type: ignore[call-overload]
    try:
        yield _connected(folder, port)
    finally:
        server.send_signal(signal.SIGINT)
        server.wait()
        shutil.rmtree(folder)


def _connected(folder: Path, port: int) -> psycopg.Connection:
    for _ in range(100):
        try:
            return psycopg.connect(host=str(folder), port=port, user="postgres", dbname="postgres", autocommit=True)
        except psycopg.OperationalError:
            time.sleep(0.2)
    raise RuntimeError("PostGIS did not start")


def fill(connection: psycopg.Connection, places: Places, attributes: dict[str, np.ndarray]) -> None:
    """One table, a GiST index on geography, rows in the order of the index, statistics fresh."""
    connection.execute("CREATE EXTENSION postgis")
    kinds = {name: "bigint" if name in ("licences", "skills") else "integer" for name in COLUMNS}
    columns = ", ".join(f"{name} {kind}" for name, kind in kinds.items())
    connection.execute(f"CREATE UNLOGGED TABLE loaded (id integer, lat float8, lon float8, {columns})")
    rows = zip(
        range(len(places.lat)),
        places.lat.tolist(),
        places.lon.tolist(),
        *(attributes[name].tolist() for name in COLUMNS),
        strict=True,
    )
    with connection.cursor().copy("COPY loaded FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    connection.execute(
        "CREATE UNLOGGED TABLE vacancy AS SELECT loaded.*, ST_SetSRID(ST_MakePoint(lon, lat), 4326)::geography AS point FROM loaded"
    )
    connection.execute("CREATE INDEX vacancy_point ON vacancy USING gist (point)")
    connection.execute("CLUSTER vacancy USING vacancy_point")
    connection.execute("VACUUM ANALYZE vacancy")
