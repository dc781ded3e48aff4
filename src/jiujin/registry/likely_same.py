"""Which records of the registry are likely one person: Fellegi-Sunter weights by splink, over DuckDB in memory.

Two known identity numbers are two people, so a pair needs a record without one. What goes into DuckDB: the name, birth date, sex,
community, and the blind index of the telephone, never the number itself.

The weights are set here and not learnt: a district's registry has too few known pairs to learn from, and the same records must give
the same proposals. Each says how often the two records of one person agree so (m), and how often those of two people do (u).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import duckdb
import pyarrow as pa

PROBABILITY_MIN: Final = 0.5
PAIRS_MAX: Final = 2000  # as many as somebody can decide on
PHONE_SHARERS_MAX: Final = 20  # a number that more than a family shares says nothing of a person
SAME_TWICE_SHARE: Final = 0.01  # so many of the records are taken to be second ones
SHARERS_A_PERSON: Final = 1  # so many others use a person's telephone: a family does
BATCH_ROWS: Final = 20_000
COLUMNS: Final = pa.schema(
    [
        ("unique_id", pa.int64()),
        ("name", pa.string()),
        ("phone", pa.binary()),
        ("born_on", pa.date32()),
        ("sex", pa.string()),
        ("area", pa.string()),
        ("identified", pa.bool_()),
    ]
)
NEVER: Final = "NOT (l.identified AND r.identified)"
BLOCKS: Final = (
    f"l.phone = r.phone AND {NEVER}",
    f"l.name = r.name AND l.born_on = r.born_on AND {NEVER}",
    f"l.name = r.name AND l.area = r.area AND {NEVER}",
    f"l.born_on = r.born_on AND l.area = r.area AND {NEVER}",
)


@dataclass(frozen=True)
class Level:
    """One way for two values to agree: the condition in SQL, the code of its reason, m and u."""

    condition: str
    reason: str
    m: float
    u: float


ELSE: Final = "ELSE"
COMPARISONS: Final[dict[str, tuple[Level, ...]]] = {  # the best agreement first
    "name": (
        Level("name_l = name_r", "same_name", 0.90, 0.002),
        Level("length(name_l) > 2 AND levenshtein(name_l, name_r) = 1", "close_name", 0.06, 0.004),
        Level(ELSE, "other_name", 0.04, 0.994),
    ),
    "phone": (
        Level("phone_l = phone_r", "same_phone", 0.75, 0.00001),
        Level(ELSE, "other_phone", 0.25, 0.99999),
    ),
    "born_on": (
        Level("born_on_l = born_on_r", "same_birth", 0.92, 0.00005),
        Level(
            "levenshtein(strftime(born_on_l, '%Y%m%d'), strftime(born_on_r, '%Y%m%d')) = 1", "close_birth", 0.05, 0.002
        ),
        Level(ELSE, "other_birth", 0.03, 0.99795),
    ),
    "area": (
        Level("area_l = area_r", "same_area", 0.60, 0.005),
        Level("left(area_l, 9) = left(area_r, 9)", "same_town", 0.20, 0.05),
        Level(ELSE, "other_area", 0.20, 0.945),
    ),
    "sex": (
        Level("sex_l = sex_r", "same_sex", 0.99, 0.5),
        Level(ELSE, "other_sex", 0.01, 0.5),
    ),
}


@dataclass(frozen=True)
class PersonRow:
    """A record as it is compared; None is not known."""

    id: int
    name: str
    phone_index: bytes | None
    born_on: Any
    sex: str | None
    area_code: str | None
    identified: bool


@dataclass(frozen=True)
class LikelyPair:
    """Two records, how likely they are one person, and the codes of what agrees and what does not."""

    one: int
    other: int
    probability: float
    reasons: list[str]


class PeopleTable:
    """The people of one search, in DuckDB's memory; as a context manager it lets go of them at the end."""

    def __init__(self) -> None:
        self.connection = duckdb.connect(":memory:")
        columns = ", ".join(f"{field.name} {_sql_type(field.type)}" for field in COLUMNS)
        self.connection.execute(f"CREATE TABLE person ({columns})")
        self.count = 0

    def __enter__(self) -> PeopleTable:
        return self

    def __exit__(self, *error: object) -> None:
        self.connection.close()

    def add(self, people: Iterable[PersonRow]) -> None:
        """Add records."""
        rows = [
            (p.id, p.name.strip(), p.phone_index, p.born_on, p.sex, p.area_code or None, p.identified) for p in people
        ]
        if not rows:
            return
        batch = pa.Table.from_arrays(
            [pa.array(column, field.type) for column, field in zip(zip(*rows, strict=True), COLUMNS, strict=True)],
            schema=COLUMNS,
        )
        self.connection.register("batch", batch)
        self.connection.execute("INSERT INTO person SELECT * FROM batch")
        self.connection.unregister("batch")
        self.count += len(rows)

    def likely_pairs(self) -> list[LikelyPair]:
        """The most likely pairs, at most PAIRS_MAX of them, likeliest first."""
        if self.count < 2:
            return []
        self.connection.execute(
            "UPDATE person SET phone = NULL WHERE phone IN"
            f" (SELECT phone FROM person GROUP BY phone HAVING count(*) > {PHONE_SHARERS_MAX})"
        )
        return list(self._predicted())

    def _predicted(self) -> Iterator[LikelyPair]:
        from splink import Linker
        from splink.backends.duckdb import DuckDBAPI

        backend = DuckDBAPI(self.connection)
        linker = Linker(backend.register("person"), _settings(self.count), log_level="ERROR")
        found = linker.inference.predict(threshold_match_probability=PROBABILITY_MIN)
        gammas = ", ".join(f"gamma_{name}" for name in COMPARISONS)
        rows = self.connection.execute(
            f"SELECT unique_id_l, unique_id_r, match_probability, {gammas} FROM {found.physical_name}"
            f" ORDER BY match_probability DESC, unique_id_l, unique_id_r LIMIT {PAIRS_MAX}"
        )
        for one, other, probability, *steps in rows.fetchall():
            yield LikelyPair(one, other, min(1.0, probability), _reasons(steps))


def _settings(people: int) -> Any:
    """Splink's own settings; with so few second records, two at random are one person this seldom."""
    from splink import SettingsCreator

    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=[_comparison(name, _weighed(name, levels, people)) for name, levels in COMPARISONS.items()],
        blocking_rules_to_generate_predictions=[{"blocking_rule": rule} for rule in BLOCKS],
        probability_two_random_records_match=min(0.5, 2 * SAME_TWICE_SHARE / people),
        retain_matching_columns=True,
        retain_intermediate_calculation_columns=True,
    )


def _weighed(name: str, levels: Sequence[Level], people: int) -> Sequence[Level]:
    """The levels; how often two people share a telephone depends on how many there are."""
    if name != "phone":
        return levels
    u = min(0.5, max(levels[0].u, SHARERS_A_PERSON / people))
    return (replace(levels[0], u=u), replace(levels[1], u=1 - u))


def _comparison(name: str, levels: Sequence[Level]) -> dict[str, Any]:
    missing = {
        "sql_condition": f"{name}_l IS NULL OR {name}_r IS NULL",
        "label_for_charts": "unknown",
        "is_null_level": True,
    }
    named = [
        {
            "sql_condition": level.condition,
            "label_for_charts": level.reason,
            "m_probability": level.m,
            "u_probability": level.u,
        }
        for level in levels
    ]
    return {"output_column_name": name, "comparison_levels": [missing, *named]}


def _reasons(steps: Sequence[int]) -> list[str]:
    """The codes of how each value agrees; splink counts the levels from the last (0) upwards, and -1 is not known."""
    reasons = []
    for levels, step in zip(COMPARISONS.values(), steps, strict=True):
        if step >= 0:
            reasons.append(levels[len(levels) - 1 - step].reason)
    return reasons


def _sql_type(kind: pa.DataType) -> str:
    names = {pa.int64(): "BIGINT", pa.string(): "VARCHAR", pa.binary(): "BLOB", pa.date32(): "DATE"}
    return names.get(kind, "BOOLEAN")
