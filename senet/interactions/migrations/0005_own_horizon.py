"""`senet_horizon` waits for the transactions of this database: those of its neighbours on the server wrote nothing here."""

from django.db import migrations

# `neighbours` are transactions known to be other databases'. Numbers of transactions are the whole server's and never
# given twice, so that an old list can only make a reader wait. Without a list it is read after the statement's
# snapshot: a neighbour that ends in between is waited for, this once.
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
CREATE OR REPLACE FUNCTION senet_horizon() RETURNS bigint LANGUAGE sql STABLE PARALLEL RESTRICTED
    AS $$ SELECT senet_horizon(senet_neighbours()) $$;
"""
REVERSE = """
CREATE OR REPLACE FUNCTION senet_horizon() RETURNS bigint LANGUAGE sql STABLE PARALLEL RESTRICTED
    AS $$ SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint $$;
DROP FUNCTION senet_neighbours();
DROP FUNCTION senet_horizon(xid[]);
"""


class Migration(migrations.Migration):
    dependencies = [("interactions", "0004_horizon")]
    operations = [migrations.RunSQL(SQL, REVERSE)]
