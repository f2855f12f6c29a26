"""News that could not be acted on is kept, and what was heard while a version went live is looked at again."""

from django.db import migrations, models

SQL = """
CREATE TABLE postponed_news (             -- who must stop or may resume in a journey that failed to see to it
    journey_id bigint NOT NULL, contact_id bigint NOT NULL, role text NOT NULL, audience_id bigint
);
CREATE INDEX postponed_news_journey ON postponed_news (journey_id);
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0011_activity_changes")]
    operations = [
        migrations.AddField("journey", "recall_from_xid", models.BigIntegerField(null=True)),
        migrations.AddField("journey", "called_xid", models.BigIntegerField(db_default=0)),
        migrations.RunSQL(SQL, "DROP TABLE postponed_news"),
    ]
