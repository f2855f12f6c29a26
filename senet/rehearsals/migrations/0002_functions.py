"""What a rehearsal's session calls before the functions of everybody: a horizon of its own, and lots by a seed."""

from django.db import migrations

SQL = """
CREATE SCHEMA rehearsal;
-- How far a reader may go who is alone with its logs: all that was written before this transaction. Other people's
-- transactions, which hold up everybody's horizon, cannot hold this one up.
CREATE FUNCTION rehearsal.senet_horizon() RETURNS bigint LANGUAGE sql STABLE PARALLEL RESTRICTED
    AS $$ SELECT coalesce(pg_current_xact_id_if_assigned(), pg_snapshot_xmax(pg_current_snapshot()))::text::bigint $$;
-- A number between 0 and 1 for a person, a place (seed and tile) and a draw: the same ones give the same number, in
-- whatever order people come. Hashed twice, for one round leaves neighbours alike.
CREATE FUNCTION rehearsal.lot(person bigint, place bigint, draw bigint) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT ((hashint8extended(hashint8extended(person, place), draw) & 4294967295) + 0.5) / 4294967296.0::float8 $$;
"""


class Migration(migrations.Migration):
    dependencies = [("rehearsals", "0001_initial"), ("interactions", "0004_horizon")]
    operations = [migrations.RunSQL(SQL, "DROP SCHEMA rehearsal CASCADE")]
