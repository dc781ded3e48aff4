"""A plan that was decided by, and a value that the district set, stay as they were."""

from __future__ import annotations

from django.db import migrations

from jiujin.core.promises import append_only, names_an_actor


class Migration(migrations.Migration):
    """Adds the triggers."""

    dependencies = [("core", "0006_plan_versions_and_settings")]
    operations = [
        append_only("core_planversion"),
        append_only("core_parametersetting"),
        names_an_actor("core_parametersetting"),
    ]
