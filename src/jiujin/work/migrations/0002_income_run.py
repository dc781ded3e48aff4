"""The view from which the pack's facts read a run of income months."""

from __future__ import annotations

from django.db import migrations

CREATE = """
CREATE VIEW work_incomerun AS
SELECT placement_id, month, amount_fen, proof, place,
       (first_month + interval '1 month' * count(*) OVER (PARTITION BY placement_id))::date AS until_on
FROM (
    SELECT income.placement_id, income.month, income.amount_fen, income.proof,
           date_trunc('month', placement.start_on::timestamp) AS first_month,
           row_number() OVER (PARTITION BY income.placement_id ORDER BY income.month) AS place
    FROM work_incomemonth income
    JOIN work_placement placement ON placement.id = income.placement_id
    WHERE income.month >= date_trunc('month', placement.start_on::timestamp)::date
) AS numbered
WHERE month = (first_month + interval '1 month' * (place - 1))::date;

COMMENT ON VIEW work_incomerun IS
    'The income months of a placement that follow one another without a gap from the month of its start: '
    'place counts them from 1, until_on is the day after the last of them.';
"""


class Migration(migrations.Migration):
    """Adds the view `work_incomerun`."""

    dependencies = [("work", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, "DROP VIEW work_incomerun")]
