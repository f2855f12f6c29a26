-- Change what was thought of opens and clicks, by their ids; days that are dropped are ClickHouse's alone.
-- Reads: nothing. Writes: interaction. Locks: the rows. Index: interaction_xid, within the days of the bounds.
UPDATE interaction SET verdict = judged.verdict, rule = judged.rule
FROM unnest(%(ids)s::bigint[], %(verdicts)s::text[], %(rules)s::text[]) AS judged (id, verdict, rule)
WHERE interaction.id = judged.id AND interaction.type IN ('EmailOpened', 'EmailClicked')
    AND interaction.xid BETWEEN %(first_xid)s AND %(last_xid)s
    AND interaction.recorded_at BETWEEN %(first_at)s AND %(last_at)s
