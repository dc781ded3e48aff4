"""A record of a service stays as it was recorded; a correction stands beside it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

CREATE = """
CREATE FUNCTION work_service_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF NOT EXISTS (SELECT FROM registry_person WHERE id = OLD.person_id AND is_synthetic) THEN
            RAISE EXCEPTION 'a service is corrected, not deleted' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF (NEW.kind, NEW.served_on, NEW.served_by_id, NEW.operator_id, NEW.session_id, NEW.note, NEW.corrects_id,
        NEW.corrected_because, NEW.entered_by_id, NEW.recorded_at)
        IS DISTINCT FROM (OLD.kind, OLD.served_on, OLD.served_by_id, OLD.operator_id, OLD.session_id, OLD.note,
        OLD.corrects_id, OLD.corrected_because, OLD.entered_by_id, OLD.recorded_at) OR (NEW.stands AND NOT OLD.stands) THEN
        RAISE EXCEPTION 'a service is corrected, not changed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER service_stays BEFORE UPDATE OR DELETE ON work_servicerecord
FOR EACH ROW EXECUTE FUNCTION work_service_stays();
"""
DROP = "DROP TRIGGER service_stays ON work_servicerecord; DROP FUNCTION work_service_stays();"


class Migration(migrations.Migration):
    """Adds what a correction says, and the trigger."""

    dependencies = [
        ("registry", "0004_merge_searches"),
        ("work", "0005_tell_of_vacancy_changes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="servicerecord",
            name="one_service_a_person_and_session",
        ),
        migrations.AddField(
            model_name="servicerecord",
            name="corrected_because",
            field=models.CharField(blank=True, db_default="", max_length=200),
        ),
        migrations.AddField(
            model_name="servicerecord",
            name="corrects",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrected_by",
                to="work.servicerecord",
            ),
        ),
        migrations.AddField(
            model_name="servicerecord",
            name="entered_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="servicerecord",
            name="stands",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddConstraint(
            model_name="servicerecord",
            constraint=models.UniqueConstraint(
                condition=models.Q(("stands", True)),
                fields=("session", "person"),
                name="one_service_a_person_and_session",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicerecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("corrects", None),
                    models.Q(("corrected_because__regex", "\\S"), ("entered_by__isnull", False)),
                    _connector="OR",
                ),
                name="correction_says_why_and_who",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicerecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("corrects", None), models.Q(("corrects", models.F("pk")), _negated=True), _connector="OR"
                ),
                name="service_corrects_another",
            ),
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
