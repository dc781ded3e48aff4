"""Of two applications of one person, one may stand for both."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds what an application folded into."""

    dependencies = [
        ("registry", "0005_identity_corrections"),
        ("work", "0006_service_corrections"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="application",
            name="one_open_application",
        ),
        migrations.AddField(
            model_name="application",
            name="folded_into",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="folded", to="work.application"
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["declined", "withdrawn"]), _negated=True), ("folded_into", None)
                ),
                fields=("person", "vacancy"),
                name="one_open_application",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("folded_into", None), models.Q(("folded_into", models.F("pk")), _negated=True), _connector="OR"
                ),
                name="application_folds_into_another",
            ),
        ),
    ]
