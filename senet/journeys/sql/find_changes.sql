-- Say which logs have something that their reader has not come to yet.
-- Reads: interaction, membership_change, record_change. Writes: nothing. Locks: none.
-- Index: interaction_xid, membership_change_xid, record_change_xid: only the tail of each log is looked at. Their
-- positions are given as values, and the caller forbids scans of whole tables: a planner that expects a row soon would
-- else read all there are.
SELECT EXISTS (
           SELECT FROM interaction
           WHERE xid >= %(interaction_xid)s AND xid < senet_horizon()),
       EXISTS (
           SELECT FROM membership_change
           WHERE xid >= %(membership_xid)s AND xid < senet_horizon()),
       EXISTS (
           SELECT FROM record_change
           WHERE xid >= %(record_xid)s AND xid < senet_horizon())
