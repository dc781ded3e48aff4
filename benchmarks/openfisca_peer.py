"""The two schemes of judge_rows in openfisca-core: run by the peer's own Python, Parquet to Parquet.

openfisca-core has no missing value: a gap is read as a value that fails. It is given every help that a careful user would
give it: only the columns it needs, choices read as dictionaries, vectorised numpy for what it has no function for.
"""

from __future__ import annotations

import json
import sys
import time

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

Person = build_entity(key="person", plural="persons", label="person", is_person=True)
GROUPS = [
    "difficulty",
    "graduate",
    "migrant",
    "veteran",
    "registered_unemployed",
    "disabled",
    "out_of_poverty",
    "other",
    "none",
]
FORMS = ["labour_contract", "service_agreement", "part_time", "temporary", "flexible"]
PERIOD = "2022-01"
INTEGERS = ("priority_group", "employment_form", "term_months", "social_insurance_months", "accident_insurance_months",
            "months_running", "lowest_monthly_income")  # fmt: skip
COLUMNS = ["ord", "id_number", "operator", "priority_group", "employment_form", "start_on", "end_on",
           "social_insurance_months", "accident_insurance_months", "months_running", "lowest_monthly_income",
           "registered_or_filed", "employment_registered"]  # fmt: skip
BOOLEANS = ("in_force", "named", "registered_or_filed", "employment_registered")


def variable(name: str, kind: type, formula: object = None) -> type[Variable]:
    """A monthly variable of a person."""
    body = {"value_type": kind, "entity": Person, "definition_period": DateUnit.MONTH, "label": name}
    if formula:
        body["formula"] = formula
    return type(name, (Variable,), body)


def stable(person, period):
    form = person("employment_form", period)
    contract = (form == 0) * (person("term_months", period) >= 6) * (person("social_insurance_months", period) >= 6)
    agreement = (form == 1) * (person("term_months", period) >= 6) * (person("accident_insurance_months", period) >= 6)
    group = person("priority_group", period)
    return (
        person("in_force", period)
        * person("named", period)
        * (group >= 0)
        * (group < 8)
        * (contract + agreement)
        * person("registered_or_filed", period)
    )


def flexible(person, period):
    form, group = person("employment_form", period), person("priority_group", period)
    term, months = person("term_months", period), person("months_running", period)
    believed = (term == -10_000) + (months <= term + 1)
    return (
        person("in_force", period) * person("named", period) * (group >= 0) * (group < 8) * (form >= 2) * (months >= 3) * believed
        * (person("lowest_monthly_income", period) >= 150_000) * person("employment_registered", period)
    )  # fmt: skip


def whole_months(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """The largest n with end + 1 day on or after start + n months, clamped to month ends."""
    after = end + np.timedelta64(1, "D")
    first, last = start.astype("datetime64[M]"), after.astype("datetime64[M]")
    months = (last - first).astype(np.int64)
    day = (start - first).astype(np.int64)
    month_days = ((last + 1).astype("datetime64[D]") - last.astype("datetime64[D]")).astype(np.int64)
    moved = last.astype("datetime64[D]") + np.minimum(day, month_days - 1)
    return months - (moved > after)


def codes(column: pa.ChunkedArray, words: list[str]) -> np.ndarray:
    """The place of each word, -1 for a gap; over a dictionary, each distinct word is looked up once."""
    return pc.fill_null(pc.index_in(column, value_set=pa.array(words)), -1).to_numpy()


def main(source: str, out: str) -> None:
    """Read, calculate both schemes, write."""
    started = time.monotonic()
    table = pq.read_table(source, columns=COLUMNS, read_dictionary=["priority_group", "employment_form", "operator"])
    start = table["start_on"].to_numpy().astype("datetime64[D]")
    end = table["end_on"].to_numpy().astype("datetime64[D]")
    unknown = np.isnat(start) | np.isnat(end)
    spans = whole_months(
        np.where(unknown, np.datetime64("2022-01-01"), start), np.where(unknown, np.datetime64("2022-01-01"), end)
    )
    term = np.where(unknown, -10_000, spans)
    inputs = {
        "priority_group": codes(table["priority_group"], GROUPS),
        "employment_form": codes(table["employment_form"], FORMS),
        "term_months": term,
        "in_force": (start >= np.datetime64("2022-01-01")) & (start <= np.datetime64("2022-12-31")),
        "named": pc.and_(pc.is_valid(table["id_number"]), pc.is_valid(table["operator"])).to_numpy(
            zero_copy_only=False
        ),
    }
    for name in INTEGERS[3:]:
        inputs[name] = pc.fill_null(table[name], -1).to_numpy()
    for name in BOOLEANS[2:]:
        inputs[name] = pc.fill_null(table[name], False).to_numpy(zero_copy_only=False)
    system = TaxBenefitSystem([Person])
    for name in INTEGERS:
        system.add_variable(variable(name, int))
    for name in BOOLEANS:
        system.add_variable(variable(name, bool))
    system.add_variable(variable("stable", bool, stable))
    system.add_variable(variable("flexible", bool, flexible))
    simulation = SimulationBuilder().build_default_simulation(system, count=table.num_rows)
    for name, values in inputs.items():
        simulation.set_input(name, PERIOD, values)
    answers = {name: simulation.calculate(name, PERIOD) for name in ("stable", "flexible")}
    pq.write_table(pa.table({"ord": table["ord"], **{k: pa.array(v) for k, v in answers.items()}}), out)
    entitled = {
        "stable-employment": int(answers["stable"].sum()),
        "flexible-employment": int(answers["flexible"].sum()),
    }
    print(json.dumps({"seconds": time.monotonic() - started, "entitled": entitled}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
