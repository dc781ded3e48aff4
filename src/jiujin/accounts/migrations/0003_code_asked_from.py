from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_sign_in_codes")]

    operations = [
        migrations.AddField(
            model_name="signincode",
            name="asked_from",
            field=models.CharField(blank=True, db_default="", max_length=45),
        ),
        migrations.AddIndex(
            model_name="signincode",
            index=models.Index(fields=["asked_from", "-made_at"], name="code_by_address"),
        ),
        migrations.AddIndex(
            model_name="signincode",
            index=models.Index(fields=["code_hash"], name="code_by_hash"),
        ),
    ]
