"""Ways of workflows that have fewer steps, the end of a correction, and the sequences that number claims and notices."""

from __future__ import annotations

import importlib

from django.db import migrations

EARLIER = importlib.import_module("jiujin.claims.migrations.0002_promises")
ADDED = (
    ("first_passed", "in_notice"),
    ("second_passed", "approved"),
    ("second_passed", "corrected"),
    ("noticed", "corrected"),
)
PAIRS = ", ".join([EARLIER.PAIRS, *(f"('{source}', '{target}')" for source, target in ADDED)])
# Only a line that the city decides is approved without a second review.
SHORT = "NOT (OLD.state = 'first_passed' AND NEW.state = 'approved' AND NEW.payer = 'city') AND"
FUNCTION = EARLIER.CREATE.split("CREATE TRIGGER line_keeps_its_ways")[0].replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)
LONGER = FUNCTION.replace(
    f"NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN ({EARLIER.PAIRS})",
    f"NEW.state <> OLD.state AND {SHORT} (OLD.state, NEW.state) NOT IN ({PAIRS})",
)
assert LONGER != FUNCTION
SEQUENCES = "CREATE SEQUENCE claims_claim_number; CREATE SEQUENCE claims_notice_number;"
DROP_SEQUENCES = "DROP SEQUENCE claims_claim_number; DROP SEQUENCE claims_notice_number;"


class Migration(migrations.Migration):
    """Replaces the trigger's function, and adds the sequences."""

    dependencies = [("claims", "0003_record_gaps")]
    operations = [migrations.RunSQL(LONGER, FUNCTION), migrations.RunSQL(SEQUENCES, DROP_SEQUENCES)]
