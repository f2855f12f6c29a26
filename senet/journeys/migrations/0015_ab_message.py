"""Which version of an A/B test a message is, and whether it is of the sample that decides."""

from django.db import migrations

SQL = """
CREATE TABLE ab_message (
    message_id bigint PRIMARY KEY,
    ab_test_id bigint NOT NULL,
    xid bigint NOT NULL DEFAULT senet_xid(),
    variant text NOT NULL,                -- a or b
    sampled boolean NOT NULL              -- sent while the test ran; else by what it had decided
);
CREATE INDEX ab_message_test ON ab_message (ab_test_id) WHERE sampled;
CREATE INDEX ab_message_xid ON ab_message (xid);
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0014_live_xid"), ("content", "0005_ab_test"), ("interactions", "0001_log")]
    operations = [migrations.RunSQL(SQL, "DROP TABLE ab_message")]
