-- Choose whom to rehearse with: everybody whom a source brings in, or so many of them by lot; whole companies together
-- where the journey goes to companies.
-- Reads: segment_member, list_member, contact (live). Writes: person (temporary). Locks: none. Returns: how many in all.
-- Index: the keys of all three; contact is asked only where companies are chosen.
WITH member AS MATERIALIZED (
    SELECT contact_id FROM segment_member WHERE segment_id = ANY (%(segments)s::bigint[])
    UNION
    SELECT contact_id FROM list_member WHERE list_id = ANY (%(lists)s::bigint[])
), chosen AS (
    INSERT INTO person (contact_id)
    SELECT contact_id FROM (
        SELECT contact_id FROM member
        ORDER BY rehearsal.lot(
                     CASE WHEN %(by_company)s THEN coalesce(
                         -(SELECT company_id FROM contact WHERE contact.id = member.contact_id), contact_id)
                     ELSE contact_id END, %(seed)s::bigint, 0), contact_id
        LIMIT %(people)s) AS few
    ORDER BY contact_id
)
SELECT count(*) FROM member
