-- Bring those who take part onto the stage.
-- Reads: person (temporary), contact (live). Writes: stage_contact (temporary). Locks: none. Index: contact_pkey.
INSERT INTO stage_contact OVERRIDING SYSTEM VALUE
SELECT contact.* FROM person JOIN contact ON contact.id = person.contact_id ORDER BY contact.id
