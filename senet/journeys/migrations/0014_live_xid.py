"""Since which transaction a journey has been live."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journeys", "0013_journey_template")]
    operations = [migrations.AddField("journey", "live_xid", models.BigIntegerField(db_default=0))]
