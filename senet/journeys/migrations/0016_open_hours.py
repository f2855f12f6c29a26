"""When people open their mails: by the hour of their own week, each for themselves and all of a time zone together."""

from django.db import migrations

SQL = """
CREATE TABLE open_hour (
    contact_id bigint NOT NULL,
    hour smallint NOT NULL CHECK (hour BETWEEN 0 AND 167),  -- 0: Monday from midnight to one, by their own clock
    opens int NOT NULL,
    PRIMARY KEY (contact_id, hour)
);
CREATE TABLE zone_open_hour (
    time_zone text NOT NULL, hour smallint NOT NULL, opens bigint NOT NULL,
    PRIMARY KEY (time_zone, hour)
);
CREATE TABLE open_hour_position (         -- how far the log has been read for it: one row, once there is any
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    xid bigint NOT NULL DEFAULT 0
);

-- The hour of the week of a moment as a zone's clocks show it; a zone that nobody knows counts as UTC.
CREATE FUNCTION senet_week_hour(moment timestamptz, zone text) RETURNS smallint LANGUAGE plpgsql STABLE AS $$
DECLARE shown timestamp;
BEGIN
    BEGIN
        shown := moment AT TIME ZONE coalesce(nullif(zone, ''), 'UTC');
    EXCEPTION WHEN invalid_parameter_value THEN
        shown := moment AT TIME ZONE 'UTC';
    END;
    RETURN (extract(isodow FROM shown) - 1) * 24 + extract(hour FROM shown);
END $$;
"""
BACK = "DROP TABLE open_hour, zone_open_hour, open_hour_position; DROP FUNCTION senet_week_hour"


class Migration(migrations.Migration):
    dependencies = [("journeys", "0015_ab_message"), ("people", "0001_initial")]
    operations = [migrations.RunSQL(SQL, BACK)]
