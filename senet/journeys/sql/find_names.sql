-- Say what the records that a journey refers to are called.
-- Reads: segment, subscription_list, email, content_settings, activity_template, senet_user, workflow,
-- channel. Writes: nothing. Locks: none. Index: their keys.
SELECT 'segment', id, name FROM segment WHERE id = ANY (%(segment)s::bigint[])
UNION ALL
SELECT 'list', id, name FROM subscription_list WHERE id = ANY (%(list)s::bigint[])
UNION ALL
SELECT 'email', id, name FROM email WHERE id = ANY (%(email)s::bigint[])
UNION ALL
SELECT 'content_settings', id, name FROM content_settings WHERE id = ANY (%(content_settings)s::bigint[])
UNION ALL
SELECT 'template', id, name FROM activity_template WHERE id = ANY (%(template)s::bigint[])
UNION ALL
SELECT 'user', id, coalesce(nullif(name, ''), email) FROM senet_user WHERE id = ANY (%(user)s::bigint[])
UNION ALL
SELECT 'workflow', id, name FROM workflow WHERE id = ANY (%(workflow)s::bigint[])
UNION ALL
SELECT 'channel', id, name FROM channel WHERE id = ANY (%(channel)s::bigint[])
