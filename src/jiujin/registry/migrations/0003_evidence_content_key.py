"""Each file of evidence gets a key of its own."""

from __future__ import annotations

from django.db import migrations

import jiujin.core.fields


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_points_consents_evidence")]

    operations = [
        migrations.AddField(
            model_name="evidencefile",
            name="content_key",
            field=jiujin.core.fields.EncryptedTextField(default="", editable=False),
            preserve_default=False,
        ),
    ]
