-- Say what the records that a journey refers to are: their status, an email's live version, whether it is a
-- confirmation request, the version B of a test beside it, the links of both, the bytes of the live one's HTML and its
-- language.
-- Reads: segment, subscription_list, email, email_version, email_link, ab_variant, content_settings,
-- senet_user, custom_column. Writes: nothing. Locks: none.
SELECT 'segment', id, NULL::bigint, status FROM segment WHERE id = ANY (%(segments)s::bigint[])
UNION ALL
SELECT 'list', id, NULL, name FROM subscription_list WHERE id = ANY (%(lists)s::bigint[])
UNION ALL
SELECT 'email', id, live_version_id, status FROM email WHERE id = ANY (%(emails)s::bigint[])
UNION ALL
SELECT 'confirmation', id, NULL, NULL FROM email
WHERE id = ANY (%(emails)s::bigint[]) AND content_type = 'confirmation_request'
UNION ALL
SELECT 'link', version_id, number, url FROM email_link
WHERE version_id IN (
    SELECT live_version_id FROM email WHERE id = ANY (%(emails)s::bigint[])
    UNION ALL
    SELECT b_version_id FROM ab_variant
    WHERE a_version_id IN (SELECT live_version_id FROM email WHERE id = ANY (%(emails)s::bigint[])))
UNION ALL
SELECT 'variant', ab_test_id, b_version_id, NULL FROM ab_variant
WHERE a_version_id IN (SELECT live_version_id FROM email WHERE id = ANY (%(emails)s::bigint[]))
UNION ALL
SELECT 'traits', id, octet_length(compiled->>'html')::bigint, compiled->>'language' FROM email_version
WHERE id IN (SELECT live_version_id FROM email WHERE id = ANY (%(emails)s::bigint[])) AND compiled ? 'html'
UNION ALL
SELECT 'content_settings', id, NULL, status FROM content_settings WHERE id = %(content_settings_id)s::bigint
UNION ALL
SELECT 'user', id, NULL, name FROM senet_user WHERE id = ANY (%(users)s::bigint[])
UNION ALL
SELECT 'column', NULL, NULL, entity || ' custom.' || key FROM custom_column
UNION ALL
SELECT 'column', NULL, NULL, table_name || ' ' || column_name FROM information_schema.columns
WHERE table_schema = current_schema() AND table_name = ANY (%(entities)s)
  AND column_name <> ALL ('{id,custom,changed_xid,import_run_id,import_line,created_at,updated_at}')
