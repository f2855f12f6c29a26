-- Add the opens of a stretch of the log to what is known of when people open their mails; robots and proxies tell nothing
-- of it, and of a person's own hours is kept only what they agreed to. Reads: interaction, contact.
-- Writes: open_hour, zone_open_hour. Locks: their rows, in order; the caller holds the position. Index: interaction_xid, contact_pkey.
WITH opened AS MATERIALIZED (
    SELECT contact.id AS contact_id, contact.time_zone, senet_week_hour(interaction.at, contact.time_zone) AS hour,
           contact.consent_level >= %(profiling_consent)s AS agreed
    FROM interaction JOIN contact ON contact.id = interaction.contact_id
    WHERE interaction.xid >= %(from_xid)s AND interaction.xid < %(to_xid)s AND interaction.type = 'EmailOpened'
      AND interaction.verdict IN ('human', 'unknown')
), own AS (
    INSERT INTO open_hour AS known (contact_id, hour, opens)
    SELECT contact_id, hour, count(*) FROM opened WHERE agreed GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (contact_id, hour) DO UPDATE SET opens = known.opens + excluded.opens
)
INSERT INTO zone_open_hour AS known (time_zone, hour, opens)
SELECT time_zone, hour, count(*) FROM opened GROUP BY 1, 2 ORDER BY 1, 2
ON CONFLICT (time_zone, hour) DO UPDATE SET opens = known.opens + excluded.opens
