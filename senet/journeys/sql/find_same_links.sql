-- Find the links that lead where the links lead that rules ask about: in each version of the email that a tile of the
-- journey has sent or is about to send, and in the version B that is or was tested beside it.
-- Reads: journey_version, ab_variant, email_link. Writes: nothing. Locks: none.
-- Index: those of journey_version by journey, of ab_variant by version A and of email_link by version.
WITH asked AS (
    SELECT * FROM unnest(%(tiles)s::int[], %(versions)s::bigint[], %(links)s::int[]) AS asked (tile, version_id, number)
), sent AS (
    SELECT tile, version_id FROM unnest(%(sending_tiles)s::int[], %(sending_versions)s::bigint[]) AS live (tile, version_id)
    UNION
    SELECT asked.tile, (snapshot->'emails'->asked.tile::text->>1)::bigint
    FROM journey_version, (SELECT DISTINCT tile FROM asked) AS asked
    WHERE journey_id = %(journey_id)s AND snapshot->'emails' ? asked.tile::text
), known AS (
    SELECT tile, version_id FROM sent
    UNION
    SELECT sent.tile, b_version_id FROM sent JOIN ab_variant ON ab_variant.a_version_id = sent.version_id
)
SELECT asked.tile, asked.version_id, asked.number, link.version_id, link.number
FROM asked
JOIN email_link AS chosen ON chosen.version_id = asked.version_id AND chosen.number = asked.number
JOIN known ON known.tile = asked.tile
JOIN email_link AS link ON link.version_id = known.version_id AND link.url = chosen.url
ORDER BY 1, 2, 3, 4, 5
