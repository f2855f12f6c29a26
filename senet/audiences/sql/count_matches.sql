-- Count whom a definition would select.
-- Reads: contact, company, segment_member, list_member. Index: whatever the condition finds.
-- The compiler fills in the join and the condition.
SELECT count(*) FROM contact /* join */ WHERE /* condition */
