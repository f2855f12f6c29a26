"""Journeys may watch records: a change that somebody watches is written down, once, by the statement that made it.

Statement triggers with transition tables: a statement that nobody watches costs one look into a small table.
"""

from django.db import migrations

SQL = """
CREATE TABLE record_watch (               -- what live journeys watch; small
    journey_id bigint NOT NULL, tile int NOT NULL DEFAULT 0,
    entity text NOT NULL,                 -- the table's name
    event text NOT NULL,                  -- create, update, delete
    column_name text NOT NULL DEFAULT '', -- update: this column alone ('' any; a path such as custom.plan)
    PRIMARY KEY (entity, event, column_name, journey_id, tile)
);
CREATE TABLE record_change (              -- a queue: journeys read it and take away what they have read
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    xid bigint NOT NULL DEFAULT senet_xid(),
    entity text NOT NULL, event text NOT NULL, column_name text NOT NULL,
    record_id bigint NOT NULL, contact_id bigint NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX record_change_xid ON record_change (xid);
CREATE FUNCTION note_record_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    verb text := CASE TG_OP WHEN 'INSERT' THEN 'create' WHEN 'UPDATE' THEN 'update' ELSE 'delete' END;
    contact text := TG_ARGV[0];           -- the column that holds the contact
    watched text;
    changed text;
BEGIN
    FOR watched IN SELECT DISTINCT column_name FROM record_watch
                   WHERE entity = TG_TABLE_NAME AND event = verb
                     AND (column_name = '' OR column_name LIKE 'custom.%' OR EXISTS (  -- no watch may break a write
                         SELECT FROM pg_attribute
                         WHERE attrelid = TG_RELID AND attname = column_name AND NOT attisdropped))
                   ORDER BY 1 LOOP
        IF verb = 'update' THEN
            changed := CASE
                WHEN watched = '' THEN
                    'to_jsonb(n) - %3$L::text[] IS DISTINCT FROM to_jsonb(o) - %3$L::text[]'
                WHEN watched LIKE 'custom.%' THEN 'n.custom->%4$L IS DISTINCT FROM o.custom->%4$L'
                ELSE 'n.%5$I IS DISTINCT FROM o.%5$I' END;
            EXECUTE format(
                'INSERT INTO record_change (entity, event, column_name, record_id, contact_id)'
                ' SELECT %1$L, ''update'', %6$L, n.id, n.%2$I FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id'
                ' WHERE n.%2$I IS NOT NULL AND ' || changed,
                TG_TABLE_NAME, contact, '{changed_xid,updated_at,import_run_id,import_line}',
                substr(watched, 8), watched, watched);
        ELSE
            EXECUTE format(
                'INSERT INTO record_change (entity, event, column_name, record_id, contact_id)'
                ' SELECT %1$L, %2$L, '''', n.id, n.%3$I FROM %4$I AS n WHERE n.%3$I IS NOT NULL',
                TG_TABLE_NAME, verb, contact, CASE verb WHEN 'create' THEN 'new_rows' ELSE 'old_rows' END);
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER contact_created AFTER INSERT ON contact REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION note_record_changes('id');
CREATE TRIGGER contact_updated AFTER UPDATE ON contact REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION note_record_changes('id');
"""
BACK = """
DROP TRIGGER contact_created ON contact;
DROP TRIGGER contact_updated ON contact;
DROP FUNCTION note_record_changes();
DROP TABLE record_watch, record_change;
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0002_changes")]
    operations = [migrations.RunSQL(SQL, BACK)]
