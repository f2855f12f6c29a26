"""The numbers: KPIs, what the pages show, and the audit that holds them to the ledger.

Comes in: the log, the ledger of visits and the mirrors, as the shipper copies them to ClickHouse (`streams.py`).
Goes out: KPI values and breakdowns, asked through one compiler of queries; verdicts on opens and clicks, judged again.
Tables in ClickHouse: `email_event`, `email_hour`, `email_group`, `ab_message`, `visit_arrival`, `visit_departure`,
`tile_hour`, `contact`, `membership_change`; in PostgreSQL: `verdict_run`. Processes: the app, or `senet web` and
`senet shipper`.
"""
