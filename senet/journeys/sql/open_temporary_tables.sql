-- Make the tables that a moving cohort lives in, once a connection; each transaction finds them empty.
-- Reads: nothing. Writes: nothing that outlives the transaction. Locks: none that others see.
CREATE TEMPORARY TABLE IF NOT EXISTS cohort (contact_id bigint PRIMARY KEY) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE IF NOT EXISTS leaving (tile int, contact_id bigint, branch smallint) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE IF NOT EXISTS parted (tile int, contact_id bigint, branch smallint) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE IF NOT EXISTS unheard (contact_id bigint PRIMARY KEY) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE IF NOT EXISTS news (
    journey_id bigint, contact_id bigint, role text, audience_id bigint, tile int) ON COMMIT DELETE ROWS;
