"""Each person keeps who serves them, in which circles they live, and whether operators may know of them.

Lists ask it of everybody at once: gathered anew from services, placements, circles and consents, a page takes seconds.
"""

import django.contrib.postgres.fields
from django.db import migrations, models

from jiujin.core.promises import keeps_people

KEEP = """
CREATE FUNCTION registry_keep_sharing(people bigint[]) RETURNS void LANGUAGE sql AS $$
    UPDATE registry_person SET shares_with_operator = kept.shares
    FROM unnest(people) AS person (id), LATERAL (
        SELECT EXISTS (
            SELECT FROM registry_consent
            WHERE person_id = person.id AND purpose = 'shared_with_operator' AND withdrawn_at IS NULL
        ) AS shares
    ) kept
    WHERE registry_person.id = person.id AND registry_person.shares_with_operator <> kept.shares;
$$;
"""
FILL = """
UPDATE registry_person SET shares_with_operator = true WHERE id IN (
    SELECT person_id FROM registry_consent WHERE purpose = 'shared_with_operator' AND withdrawn_at IS NULL
);
"""


def ids() -> django.contrib.postgres.fields.ArrayField:
    """As the model has it."""
    return django.contrib.postgres.fields.ArrayField(
        base_field=models.BigIntegerField(), db_default=[], default=list, editable=False, size=None
    )


class Migration(migrations.Migration):
    """Adds the columns, which `work` and `circles` keep too, what keeps the consents, and two indexes."""

    dependencies = [
        ("registry", "0007_lists_of_people"),
    ]

    operations = [
        migrations.AddField(model_name="person", name="server_ids", field=ids()),
        migrations.AddField(model_name="person", name="operator_ids", field=ids()),
        migrations.AddField(model_name="person", name="circle_ids", field=ids()),
        migrations.AddField(
            model_name="person",
            name="shares_with_operator",
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                condition=models.Q(("merged_into", None)),
                fields=["home_area", "id"],
                name="person_by_home",
                opclasses=["varchar_pattern_ops", "int8_ops"],
            ),
        ),
        migrations.AddIndex(
            model_name="prioritystatus",
            index=models.Index(fields=["category", "person"], name="status_by_category"),
        ),
        migrations.RunSQL(KEEP, "DROP FUNCTION registry_keep_sharing(bigint[])"),
        keeps_people("registry_consent", "registry_keep_sharing", watched=["purpose", "withdrawn_at"]),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
