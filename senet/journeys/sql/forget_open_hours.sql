-- Forget when people opened their mails who are deleted by what a stretch of the log says.
-- Reads: interaction. Writes: open_hour. Locks: their rows; the caller holds the position. Index: interaction_xid, open_hour_pkey.
DELETE FROM open_hour USING interaction
WHERE interaction.xid >= %(from_xid)s AND interaction.xid < %(to_xid)s AND interaction.type = 'ContactDeleted'
  AND open_hour.contact_id = interaction.contact_id
