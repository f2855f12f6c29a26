-- Note who has done something that the reader of interactions has not come to: nobody may time them out before it has.
-- `companies`: nor their colleagues.
-- Reads: interaction, contact. Writes: unheard (temporary). Locks: none.
-- Index: interaction_xid, contact_company. The position is given as a value, and the caller forbids scans of whole tables.
INSERT INTO unheard (contact_id)
SELECT contact_id FROM interaction WHERE xid >= %(interaction_xid)s AND contact_id IS NOT NULL
UNION
SELECT colleague.id
FROM interaction
JOIN contact AS person ON person.id = interaction.contact_id
JOIN contact AS colleague ON colleague.company_id = person.company_id
WHERE %(companies)s AND interaction.xid >= %(interaction_xid)s
