-- Bring the subscriptions of those who take part onto the stage.
-- Reads: person (temporary), list_member (live). Writes: stage_list_member (temporary). Locks: none.
-- Index: list_member_contact.
INSERT INTO stage_list_member
SELECT list_member.* FROM person JOIN list_member USING (contact_id)
