"""`senet_horizon(neighbours)`: the horizon of who knows which transactions are of other databases on the server."""

from django.db import migrations

# Those transactions wrote nothing here, so nobody has to wait for them. Numbers of transactions are the whole server's
# and never given twice: an old list can only make a reader wait.
SQL = """
CREATE FUNCTION senet_horizon(neighbours xid[]) RETURNS bigint LANGUAGE sql STABLE PARALLEL RESTRICTED AS $$
    SELECT least(
        pg_current_xact_id_if_assigned()::text::bigint,
        pg_snapshot_xmax(pg_current_snapshot())::text::bigint,
        (SELECT min(running::text::bigint)
         FROM pg_snapshot_xip(pg_current_snapshot()) AS running
         WHERE running::xid <> ALL (neighbours)))
$$;
CREATE FUNCTION senet_neighbours() RETURNS xid[] LANGUAGE sql STABLE PARALLEL RESTRICTED AS $$
    SELECT ARRAY (
        SELECT backend_xid FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND datname <> current_database())
$$;
"""
REVERSE = """
DROP FUNCTION senet_neighbours();
DROP FUNCTION senet_horizon(xid[]);
"""


class Migration(migrations.Migration):
    dependencies = [("interactions", "0004_horizon")]
    operations = [migrations.RunSQL(SQL, REVERSE)]
