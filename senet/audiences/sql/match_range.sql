-- List whom a definition selects in one range of contacts.
-- Reads: contact, company, segment_member, list_member. The compiler fills in the join and the condition.
SELECT contact.id FROM contact /* join */
WHERE contact.id > %(above)s AND contact.id <= %(upto)s AND /* condition */
