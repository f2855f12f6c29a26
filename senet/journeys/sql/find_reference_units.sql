-- Say which of the records that a journey refers to belong to one of some business units.
-- Reads: segment, subscription_list, email, content_settings, activity_template, workflow. Writes: nothing. Locks: none.
-- Index: their keys.
SELECT 'segment', id FROM segment WHERE id = ANY (%(segment)s::bigint[]) AND business_unit_id = ANY (%(units)s::bigint[])
UNION ALL
SELECT 'list', id FROM subscription_list
WHERE id = ANY (%(list)s::bigint[]) AND business_unit_id = ANY (%(units)s::bigint[])
UNION ALL
SELECT 'email', id FROM email WHERE id = ANY (%(email)s::bigint[]) AND business_unit_id = ANY (%(units)s::bigint[])
UNION ALL
SELECT 'content_settings', id FROM content_settings
WHERE id = ANY (%(content_settings)s::bigint[]) AND business_unit_id = ANY (%(units)s::bigint[])
UNION ALL
SELECT 'template', id FROM activity_template
WHERE id = ANY (%(template)s::bigint[]) AND business_unit_id = ANY (%(units)s::bigint[])
UNION ALL
SELECT 'workflow', id FROM workflow
WHERE id = ANY (%(workflow)s::bigint[]) AND business_unit_id = ANY (%(units)s::bigint[])
