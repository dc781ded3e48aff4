"""Each person keeps when they were served last, and who serves whom is found from either side.

Lists ask both of everybody at once: counted from the services, a page over a district with millions of them takes seconds.
"""

from django.db import migrations, models

CREATE = """
CREATE FUNCTION work_keep_last_service(people bigint[]) RETURNS void LANGUAGE sql AS $$
    UPDATE registry_person SET last_served_on = served.last_on
    FROM unnest(people) AS person (id), LATERAL (
        SELECT max(served_on) AS last_on FROM work_servicerecord WHERE person_id = person.id AND stands
    ) served
    WHERE registry_person.id = person.id AND registry_person.last_served_on IS DISTINCT FROM served.last_on
$$;

CREATE FUNCTION work_services_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM work_keep_last_service(array_agg(DISTINCT person_id ORDER BY person_id)) FROM after_rows;
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM work_keep_last_service(array_agg(DISTINCT person_id ORDER BY person_id)) FROM before_rows;
    ELSE
        PERFORM work_keep_last_service(array_agg(DISTINCT person_id ORDER BY person_id))
        FROM (SELECT person_id FROM before_rows UNION ALL SELECT person_id FROM after_rows) changed;
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER services_came AFTER INSERT ON work_servicerecord
REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION work_services_changed();
CREATE TRIGGER services_changed AFTER UPDATE ON work_servicerecord
REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows
FOR EACH STATEMENT EXECUTE FUNCTION work_services_changed();
CREATE TRIGGER services_went AFTER DELETE ON work_servicerecord
REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION work_services_changed();

UPDATE registry_person SET last_served_on = served.last_on
FROM (SELECT person_id, max(served_on) AS last_on FROM work_servicerecord WHERE stands GROUP BY person_id) served
WHERE registry_person.id = served.person_id;
"""
DROP = """
DROP TRIGGER services_came ON work_servicerecord;
DROP TRIGGER services_changed ON work_servicerecord;
DROP TRIGGER services_went ON work_servicerecord;
DROP FUNCTION work_services_changed();
DROP FUNCTION work_keep_last_service(bigint[]);
"""


class Migration(migrations.Migration):
    """Adds the triggers that keep the day, fills it in, and adds two indexes."""

    dependencies = [
        ("registry", "0007_lists_of_people"),
        ("work", "0007_folded_applications"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="servicerecord",
            index=models.Index(
                condition=models.Q(("stands", True)), fields=["served_by", "person"], name="service_people_of_server"
            ),
        ),
        migrations.AddIndex(
            model_name="servicerecord",
            index=models.Index(
                condition=models.Q(("stands", True)), fields=["operator", "person"], name="service_people_of_operator"
            ),
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
