-- Say whether a contact is on a list. Reads: list_member. Writes: nothing. Locks: none. Index: list_member_pkey.
SELECT FROM list_member WHERE list_id = %(list_id)s AND contact_id = %(contact_id)s
