"""A line that was carried in by mistake may be taken out again, whatever it was brought in as; no other paid line may."""

from __future__ import annotations

import importlib

from django.db import migrations

EARLIER = importlib.import_module("jiujin.claims.migrations.0004_shorter_ways")
TAKEN_OUT = "NEW.is_carried_in AND OLD.state IN ('paid', 'reconciled') AND NEW.state = 'withdrawn'"
LONGER = EARLIER.LONGER.replace(
    "NEW.state <> OLD.state AND NOT (OLD.state", f"NEW.state <> OLD.state AND NOT ({TAKEN_OUT}) AND NOT (OLD.state"
).replace("AND NEW.state <> 'recovered'))", "AND NEW.state NOT IN ('recovered', 'withdrawn')))")
assert LONGER.count(TAKEN_OUT) == 1 and "'recovered', 'withdrawn')))" in LONGER


class Migration(migrations.Migration):
    """Replaces the trigger's function."""

    dependencies = [("claims", "0004_shorter_ways")]
    operations = [migrations.RunSQL(LONGER, EARLIER.LONGER)]
