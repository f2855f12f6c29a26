-- Find how far a shipper may read: every transaction of this database below the horizon has ended.
-- Reads: the running transactions. Writes: nothing. Locks: none. Index: none.
SELECT senet_horizon(%(neighbours)s::xid[])
