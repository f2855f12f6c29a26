-- List when people got bulk mail since a moment, or may have got it: what a sender has taken up counts from then on, also
-- when that sender has died. The messages that are being judged (%(ids)s) do not count themselves.
-- Reads: message, message_queue. Writes: nothing. Locks: none; whoever calls holds the senders' turn.
-- Index: message_contact_queued, message_queue_pkey.
SELECT wanted.contact_id, mail.at
FROM unnest(%(contacts)s::bigint[]) AS wanted (contact_id)
    CROSS JOIN LATERAL (
        SELECT coalesce(message.sent_at, waiting.claimed_at) AS at
        FROM message LEFT JOIN LATERAL (
            SELECT claimed_at FROM message_queue WHERE message_queue.message_id = message.id OFFSET 0
        ) AS waiting ON true
        WHERE message.contact_id = wanted.contact_id AND message.queued_at > %(queued_since)s
            AND message.commercial AND message.state IN ('queued', 'sent', 'delivered')
            AND message.id <> ALL (%(ids)s::bigint[])
        OFFSET 0
    ) AS mail
WHERE mail.at > %(since)s
