"""What a message said may be emptied."""

from django.db import migrations

import jiujin.core.fields


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0007_kept_plan_versions"),
    ]

    operations = [
        migrations.AlterField(
            model_name="outboundmessage",
            name="text",
            field=jiujin.core.fields.EncryptedTextField(null=True),
        ),
    ]
