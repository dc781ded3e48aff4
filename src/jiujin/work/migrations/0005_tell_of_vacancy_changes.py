"""Tells whoever listens that an open vacancy came, changed or went: the index in memory follows (`work/nearby`).

What is told is the vacancy's id, or `all` where so many changed that reading everything again is quicker.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION work_tell_vacancies(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF cardinality(ids) > 500 THEN
        PERFORM pg_notify('jiujin_vacancies', 'all');
    ELSE
        PERFORM pg_notify('jiujin_vacancies', id::text) FROM unnest(ids) AS id;
    END IF;
END
$$;

CREATE FUNCTION work_vacancies_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM work_tell_vacancies(array_agg(id)) FROM after_rows WHERE state = 'open';
    ELSIF TG_OP = 'UPDATE' THEN
        PERFORM work_tell_vacancies(array_agg(after_rows.id)) FROM after_rows JOIN before_rows USING (id)
        WHERE 'open' IN (after_rows.state, before_rows.state);
    ELSE
        PERFORM work_tell_vacancies(array_agg(id)) FROM before_rows WHERE state = 'open';
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION work_everything_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('jiujin_vacancies', 'all');
    RETURN NULL;
END
$$;

CREATE FUNCTION work_workplace_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM work_tell_vacancies(array_agg(id)) FROM work_vacancy WHERE workplace_id = NEW.id AND state = 'open';
    RETURN NULL;
END
$$;

CREATE FUNCTION work_address_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM work_tell_vacancies(array_agg(vacancy.id))
    FROM registry_workplace workplace JOIN work_vacancy vacancy ON vacancy.workplace_id = workplace.id
    WHERE workplace.address_id = NEW.id AND vacancy.state = 'open';
    RETURN NULL;
END
$$;

CREATE TRIGGER tell_of_new_vacancies AFTER INSERT ON work_vacancy
REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION work_vacancies_changed();
CREATE TRIGGER tell_of_changed_vacancies AFTER UPDATE ON work_vacancy
REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows
FOR EACH STATEMENT EXECUTE FUNCTION work_vacancies_changed();
CREATE TRIGGER tell_of_gone_vacancies AFTER DELETE ON work_vacancy
REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION work_vacancies_changed();
CREATE TRIGGER tell_of_emptied_vacancies AFTER TRUNCATE ON work_vacancy
FOR EACH STATEMENT EXECUTE FUNCTION work_everything_changed();
CREATE TRIGGER tell_of_moved_workplace AFTER UPDATE ON registry_workplace FOR EACH ROW
WHEN (OLD.address_id IS DISTINCT FROM NEW.address_id OR OLD.area_id IS DISTINCT FROM NEW.area_id)
EXECUTE FUNCTION work_workplace_changed();
CREATE TRIGGER tell_of_moved_address AFTER UPDATE ON registry_address FOR EACH ROW
WHEN (OLD.lat IS DISTINCT FROM NEW.lat OR OLD.lon IS DISTINCT FROM NEW.lon)
EXECUTE FUNCTION work_address_changed();
CREATE TRIGGER tell_of_moved_area AFTER UPDATE ON registry_area FOR EACH ROW
WHEN (OLD.lat IS DISTINCT FROM NEW.lat OR OLD.lon IS DISTINCT FROM NEW.lon)
EXECUTE FUNCTION work_everything_changed();
"""
DROP = """
DROP TRIGGER tell_of_moved_area ON registry_area;
DROP TRIGGER tell_of_moved_address ON registry_address;
DROP TRIGGER tell_of_moved_workplace ON registry_workplace;
DROP TRIGGER tell_of_emptied_vacancies ON work_vacancy;
DROP TRIGGER tell_of_gone_vacancies ON work_vacancy;
DROP TRIGGER tell_of_changed_vacancies ON work_vacancy;
DROP TRIGGER tell_of_new_vacancies ON work_vacancy;
DROP FUNCTION work_address_changed(), work_workplace_changed(), work_everything_changed(), work_vacancies_changed();
DROP FUNCTION work_tell_vacancies(bigint[]);
"""


class Migration(migrations.Migration):
    """Adds the triggers."""

    dependencies = [("work", "0004_open_vacancy_has_a_place"), ("registry", "0002_points_consents_evidence")]
    operations = [migrations.RunSQL(CREATE, DROP)]
