"""The log: what happened to whom, written once and kept.

Comes in: interactions from the messages, delivery, door and other rooms, in their own transactions (`actions.record`,
or their own INSERT … SELECT). Goes out: to ClickHouse, by the shipper, and to readers that follow the log by `xid`.
Tables: `interaction` (partitioned by day), `ship_offset`. Processes: whoever records; the app or `senet shipper` ships;
the worker makes partitions and keeps summaries.
"""
