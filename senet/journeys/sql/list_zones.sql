-- List the time zones of a cohort. Reads: cohort (temporary), contact. Writes: nothing. Locks: none. Index: contact_pkey.
SELECT DISTINCT contact.time_zone FROM cohort JOIN contact ON contact.id = cohort.contact_id
