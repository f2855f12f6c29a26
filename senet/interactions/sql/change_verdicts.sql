-- Change what was thought of opens and clicks, by their ids; days that are dropped are ClickHouse's alone.
-- Reads: nothing. Writes: interaction. Locks: the rows. Index: none (the kept days are read once).
UPDATE interaction SET verdict = judged.verdict, rule = judged.rule
FROM unnest(%(ids)s::bigint[], %(verdicts)s::text[], %(rules)s::text[]) AS judged (id, verdict, rule)
WHERE interaction.id = judged.id AND interaction.type IN ('EmailOpened', 'EmailClicked')
