"""`senet_horizon`: how far a reader of a log may go, in one place, so that a rehearsal can have a horizon of its own."""

from django.db import migrations

SQL = """
CREATE FUNCTION senet_horizon() RETURNS bigint LANGUAGE sql STABLE PARALLEL RESTRICTED
    AS $$ SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint $$;
"""


class Migration(migrations.Migration):
    dependencies = [("interactions", "0003_generation")]
    operations = [migrations.RunSQL(SQL, "DROP FUNCTION senet_horizon()")]
