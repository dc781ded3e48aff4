"""What lists of people are ordered by: when a person was served last, and an index for each order."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds the day, which `work` keeps, and the indexes."""

    dependencies = [
        ("registry", "0006_insurers"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="last_served_on",
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                condition=models.Q(("merged_into", None)), fields=["-created_at", "id"], name="person_newest"
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                condition=models.Q(("merged_into", None)),
                fields=["last_served_on", "id"],
                name="person_longest_unserved",
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(condition=models.Q(("merged_into", None)), fields=["name", "id"], name="person_by_name"),
        ),
    ]
