"""Each person keeps in which circles their home lies now."""

from django.db import migrations

from jiujin.core.promises import keeps_people

KEEP = """
CREATE FUNCTION circles_keep_circles(people bigint[]) RETURNS void LANGUAGE sql AS $$
    UPDATE registry_person SET circle_ids = kept.circles
    FROM unnest(people) AS person (id), LATERAL (
        SELECT coalesce(array_agg(circle_id ORDER BY circle_id), '{}') AS circles
        FROM circles_circleperson WHERE person_id = person.id AND end_on IS NULL
    ) kept
    WHERE registry_person.id = person.id AND registry_person.circle_ids <> kept.circles;
$$;
"""
FILL = "SELECT circles_keep_circles(array_agg(DISTINCT person_id)) FROM circles_circleperson WHERE end_on IS NULL"


class Migration(migrations.Migration):
    """Adds the function and its triggers, and fills the column in."""

    dependencies = [
        ("registry", "0008_who_serves"),
        ("circles", "0007_follow_up_months_by_the_plan"),
    ]

    operations = [
        migrations.RunSQL(KEEP, "DROP FUNCTION circles_keep_circles(bigint[])"),
        keeps_people("circles_circleperson", "circles_keep_circles", watched=["circle_id", "end_on"]),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
