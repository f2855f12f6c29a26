-- Which version of an A/B test a message is; `sampled` are those sent while it ran, by which it was decided.
CREATE TABLE IF NOT EXISTS ab_message (
    ab_test_id UInt64, message_id UInt64, variant LowCardinality(String), sampled Bool, xid UInt64
) ENGINE = MergeTree
ORDER BY (ab_test_id, message_id)
SETTINGS non_replicated_deduplication_window = 1000
