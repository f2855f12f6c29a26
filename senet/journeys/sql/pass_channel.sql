-- Write the visits of a cohort that arrives at a custom-channel tile and leaves it at once; who got no activity has the reason.
-- Reads: cohort (temporary), channel_activity, contact. Writes: visit. Locks: new rows only.
-- Index: channel_activity_once and the key of contact, asked once a person.
INSERT INTO visit (journey_id, iteration, tile, contact_id, arrived_at, left_at, outcome, reason, branch, arrived_xid, left_xid)
SELECT %(journey_id)s, %(iteration)s, %(tile)s, cohort.contact_id, %(now)s, %(now)s, 'processed',
       CASE WHEN EXISTS (SELECT FROM channel_activity AS activity
                         WHERE activity.journey_id = %(journey_id)s AND activity.iteration = %(iteration)s
                           AND activity.tile = %(tile)s AND activity.contact_id = cohort.contact_id) THEN NULL
            WHEN EXISTS (SELECT FROM contact WHERE contact.id = cohort.contact_id) THEN 'channel_forbidden'
            ELSE 'deleted' END,
       0, %(xid)s, %(xid)s
FROM cohort
ORDER BY cohort.contact_id
