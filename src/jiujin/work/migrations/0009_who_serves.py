"""With the day of the last service, each person keeps who served them and which operators served or placed them."""

from django.db import migrations

from jiujin.core.promises import keeps_people

OLD = """
DROP TRIGGER services_came ON work_servicerecord;
DROP TRIGGER services_changed ON work_servicerecord;
DROP TRIGGER services_went ON work_servicerecord;
DROP FUNCTION work_services_changed();
DROP FUNCTION work_keep_last_service(bigint[]);
"""
KEEP = """
CREATE FUNCTION work_keep_served(people bigint[]) RETURNS void LANGUAGE sql AS $$
    UPDATE registry_person SET last_served_on = served.last_on, server_ids = served.servers, operator_ids = operating.operators
    FROM unnest(people) AS person (id), LATERAL (
        SELECT max(served_on) AS last_on,
            coalesce(array_agg(DISTINCT served_by_id ORDER BY served_by_id), '{}') AS servers
        FROM work_servicerecord WHERE person_id = person.id AND stands
    ) served, LATERAL (
        SELECT coalesce(array_agg(operator_id ORDER BY operator_id), '{}') AS operators FROM (
            SELECT operator_id FROM work_servicerecord
            WHERE person_id = person.id AND stands AND operator_id IS NOT NULL
            UNION SELECT operator_id FROM work_placement WHERE person_id = person.id AND operator_id IS NOT NULL
        ) found
    ) operating
    WHERE registry_person.id = person.id
    AND (registry_person.last_served_on, registry_person.server_ids, registry_person.operator_ids)
        IS DISTINCT FROM (served.last_on, served.servers, operating.operators);
$$;
"""
FILL = """
SELECT work_keep_served(array_agg(id)) FROM registry_person WHERE id IN (
    SELECT person_id FROM work_servicerecord UNION SELECT person_id FROM work_placement
);
"""


class Migration(migrations.Migration):
    """Takes the place of what kept the day alone; two indexes that found the same from the services go."""

    dependencies = [
        ("registry", "0008_who_serves"),
        ("work", "0008_last_service"),
    ]

    operations = [
        migrations.RunSQL(OLD),
        migrations.RunSQL(KEEP),
        keeps_people(
            "work_servicerecord", "work_keep_served", watched=["served_on", "stands", "served_by_id", "operator_id"]
        ),
        keeps_people("work_placement", "work_keep_served", watched=["operator_id"]),
        migrations.RunSQL(FILL),
        migrations.RemoveIndex(model_name="servicerecord", name="service_people_of_server"),
        migrations.RemoveIndex(model_name="servicerecord", name="service_people_of_operator"),
    ]
