"""Options of custom columns have labels by language."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0005_created_by")]
    operations = [
        migrations.AddField("customcolumn", "option_labels", models.JSONField(default=dict, db_default={})),
    ]
