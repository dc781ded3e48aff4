"""An open vacancy has a place left, whatever writes to it."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds the constraint `open_vacancy_has_a_place`."""

    dependencies = [("work", "0003_vacancies_and_meetings")]
    operations = [
        migrations.AddConstraint(
            model_name="vacancy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "open"), _negated=True),
                    ("filled_count__lt", models.F("headcount")),
                    _connector="OR",
                ),
                name="open_vacancy_has_a_place",
            ),
        )
    ]
