-- List a channel's activities after a position, in the order in which their transactions are known to have ended.
-- No activity is missed: what a transaction still writes comes after all that is listed. Reads: channel_activity, contact.
-- Writes: nothing. Locks: none. Index: channel_activity_order.
SELECT activity.xid, activity.id, activity.journey_id, activity.iteration, activity.tile, activity.contact_id,
       activity.created_at
FROM channel_activity AS activity
WHERE activity.channel_id = %(channel_id)s AND (activity.xid, activity.id) > (%(xid)s::bigint, %(id)s::bigint)
  AND activity.xid < senet_horizon()
ORDER BY activity.xid, activity.id
LIMIT %(limit)s
