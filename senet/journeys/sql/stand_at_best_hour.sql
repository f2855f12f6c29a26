-- Write the visits of a cohort that arrives at a tile, each due at the hour at which the person is likeliest to open a mail.
-- An hour's weight is the person's own opens in it, and the share of it among all opens of their time zone, which counts
-- as much as %(prior)s opens. Where a person has none, the zone's likeliest hour is the best, so that only a person's
-- own hours and that one are compared. Who has not agreed to profiling, or of whom nothing is known, is due now.
-- `slots`: for each time zone the hours to come, and when. Reads: cohort (temporary), contact, open_hour, zone_open_hour.
-- Writes: visit. Locks: new rows only. Index: contact_pkey, open_hour_pkey.
WITH slot AS MATERIALIZED (
    SELECT slot.time_zone, slot.hour, slot.moment,
           coalesce(zone.opens / sum(zone.opens) OVER (PARTITION BY slot.time_zone), 0)::float8 AS share
    FROM unnest(%(zones)s::text[], %(hours)s::smallint[], %(moments)s::timestamptz[]) AS slot (time_zone, hour, moment)
    LEFT JOIN zone_open_hour AS zone USING (time_zone, hour)
), usual AS MATERIALIZED (
    SELECT DISTINCT ON (time_zone) * FROM slot WHERE share > 0 ORDER BY time_zone, share DESC, moment
), person AS MATERIALIZED (
    SELECT cohort.contact_id, contact.time_zone
    FROM cohort JOIN contact ON contact.id = cohort.contact_id
    WHERE contact.consent_level >= %(profiling_consent)s
), chosen AS (
    SELECT DISTINCT ON (contact_id) contact_id, moment
    FROM (
        SELECT person.contact_id, slot.moment, own.opens + %(prior)s * slot.share AS weight
        FROM person JOIN open_hour AS own USING (contact_id) JOIN slot USING (time_zone, hour)
        UNION ALL
        SELECT person.contact_id, usual.moment, %(prior)s * usual.share FROM person JOIN usual USING (time_zone)
    ) AS candidate
    ORDER BY contact_id, weight DESC, moment
)
INSERT INTO visit (journey_id, iteration, tile, contact_id, arrived_at, due_at, arrived_xid)
SELECT %(journey_id)s, %(iteration)s, %(tile)s, cohort.contact_id, %(now)s, coalesce(chosen.moment, %(now)s), %(xid)s
FROM cohort LEFT JOIN chosen USING (contact_id)
ORDER BY cohort.contact_id
