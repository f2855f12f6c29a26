-- Find the business unit of an A/B test: its email's. Reads: ab_test, email. Writes: nothing. Locks: none. Index: their keys.
SELECT email.business_unit_id FROM ab_test JOIN email ON email.id = ab_test.email_id WHERE ab_test.id = %(id)s
