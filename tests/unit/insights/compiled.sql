-- totals come from the hours
-- {"email_id": 1, "types": ["EmailOpened"], "types_0": ["EmailOpened"]}
SELECT type AS by_type, sumIf(events, type IN {types_0:Array(String)}) AS opened FROM email_hour WHERE email_id = {email_id:UInt64} AND type IN {types:Array(String)} GROUP BY by_type ORDER BY by_type

-- a period on whole hours stays there
-- {"email_id": 1, "journey_id": 2, "since": 1772355600000000, "types": ["EmailOpened"], "types_0": ["EmailOpened"], "until": 1772359200000000}
SELECT hour AS by_hour, sumIf(events, type IN {types_0:Array(String)}) AS opened FROM email_hour WHERE email_id = {email_id:UInt64} AND journey_id = {journey_id:UInt64} AND hour >= fromUnixTimestamp64Micro({since:Int64}, 'UTC') AND hour < fromUnixTimestamp64Micro({until:Int64}, 'UTC') AND type IN {types:Array(String)} GROUP BY by_hour ORDER BY by_hour

-- a period on minutes asks the events
-- {"email_id": 1, "since": 1772357400000000, "types": ["EmailOpened"], "types_0": ["EmailOpened"]}
SELECT toStartOfDay(at) AS by_day, countIf(type IN {types_0:Array(String)}) AS opened FROM email_event WHERE email_id = {email_id:UInt64} AND at >= fromUnixTimestamp64Micro({since:Int64}, 'UTC') AND type IN {types:Array(String)} GROUP BY by_day ORDER BY by_day

-- uniques come from the hours
-- {"email_id": 1, "types": ["EmailOpened"], "types_0": ["EmailOpened"]}
SELECT groupBitmapMergeIf(messages, type IN {types_0:Array(String)}) AS opened_by FROM email_hour WHERE email_id = {email_id:UInt64} AND type IN {types:Array(String)}

-- links come from the hours
-- {"email_id": 1, "types": ["EmailOpened"], "types_0": ["EmailOpened"], "types_1": ["EmailOpened"]}
SELECT version AS by_version, link AS by_link, sumIf(events, type IN {types_0:Array(String)}) AS opened, groupBitmapMergeIf(messages, type IN {types_1:Array(String)}) AS opened_by FROM email_hour WHERE email_id = {email_id:UInt64} AND type IN {types:Array(String)} GROUP BY by_version, by_link ORDER BY by_version, by_link

-- uniques from a minute on ask the events
-- {"email_id": 1, "since": 1772357400000000, "types": ["EmailOpened"], "types_0": ["EmailOpened"]}
SELECT uniqExactIf(message_id, type IN {types_0:Array(String)}) AS opened_by FROM email_event WHERE email_id = {email_id:UInt64} AND at >= fromUnixTimestamp64Micro({since:Int64}, 'UTC') AND type IN {types:Array(String)}

-- a verdict limits opens and clicks only
-- {"email_id": 1, "responses": ["EmailOpened", "EmailClicked"], "types": ["EmailOpened"], "types_0": ["EmailOpened"], "verdicts": ["human", "unknown"]}
SELECT sumIf(events, type IN {types_0:Array(String)}) AS opened FROM email_hour WHERE email_id = {email_id:UInt64} AND (type NOT IN {responses:Array(String)} OR verdict IN {verdicts:Array(String)}) AND type IN {types:Array(String)}

-- a tile comes from the hours
-- {"email_id": 1, "journey_id": 2, "tile": 3, "types": ["EmailOpened"], "types_0": ["EmailOpened"]}
SELECT sumIf(events, type IN {types_0:Array(String)}) AS opened FROM email_hour WHERE email_id = {email_id:UInt64} AND journey_id = {journey_id:UInt64} AND tile = {tile:UInt64} AND type IN {types:Array(String)}

-- domains from an hour on
-- {"email_id": 1, "since": 1772355600000000, "types": ["EmailOpened"], "types_0": ["EmailOpened"]}
SELECT name AS by_domain, sumIf(events, type IN {types_0:Array(String)}) AS opened FROM email_group WHERE grouped_by = 'domain' AND email_id = {email_id:UInt64} AND hour >= fromUnixTimestamp64Micro({since:Int64}, 'UTC') AND type IN {types:Array(String)} GROUP BY by_domain ORDER BY by_domain

-- domains from a minute on ask the events
-- {"email_id": 1, "since": 1772357400000000, "types": ["EmailOpened"], "types_0": ["EmailOpened"]}
SELECT domain AS by_domain, countIf(type IN {types_0:Array(String)}) AS opened FROM email_event WHERE email_id = {email_id:UInt64} AND at >= fromUnixTimestamp64Micro({since:Int64}, 'UTC') AND type IN {types:Array(String)} GROUP BY by_domain ORDER BY by_domain

-- countries come from the groups
-- {"email_id": 1, "types": ["EmailOpened"], "types_0": ["EmailOpened"], "types_1": ["EmailOpened"]}
SELECT name AS by_country, sumIf(events, type IN {types_0:Array(String)}) AS opened, groupBitmapMergeIf(messages, type IN {types_1:Array(String)}) AS opened_by FROM email_group WHERE grouped_by = 'country' AND email_id = {email_id:UInt64} AND type IN {types:Array(String)} GROUP BY by_country ORDER BY opened DESC, by_country LIMIT 50

-- unopened from a minute on
-- {"email_id": 1, "since": 1772357400000000}
SELECT bitmapAndnotCardinality(groupBitmapStateIf(message_id, type = 'EmailDelivered'), groupBitmapStateIf(message_id, type IN ('EmailOpened', 'EmailHardRemoteBounced', 'EmailSoftRemoteBounced'))) FROM email_event WHERE email_id = {email_id:UInt64} AND at >= fromUnixTimestamp64Micro({since:Int64}, 'UTC')

-- unopened in a period
-- {"email_id": 1, "responses": ["EmailOpened", "EmailClicked"], "since": 1772355600000000, "verdicts": ["bot"]}
SELECT bitmapAndnotCardinality(groupBitmapMergeStateIf(messages, type = 'EmailDelivered'), groupBitmapMergeStateIf(messages, type IN ('EmailOpened', 'EmailHardRemoteBounced', 'EmailSoftRemoteBounced'))) FROM email_hour WHERE email_id = {email_id:UInt64} AND hour >= fromUnixTimestamp64Micro({since:Int64}, 'UTC') AND (type NOT IN {responses:Array(String)} OR verdict IN {verdicts:Array(String)})

-- volumes by the hour
-- {"journey_id": 5}
SELECT tile, outcome, reason, branch, sum(arrived), sum(departed) FROM tile_hour WHERE journey_id = {journey_id:UInt64} GROUP BY tile, outcome, reason, branch ORDER BY tile, outcome, reason, branch

-- what was asked of the outside
-- {"company_id": 7, "journey_id": 5, "since": 1772357400000000}
SELECT tile, type, name, count() FROM tile_event WHERE journey_id = {journey_id:UInt64} AND contact_id IN (SELECT id FROM contact FINAL WHERE company_id = {company_id:UInt64}) AND at >= fromUnixTimestamp64Micro({since:Int64}, 'UTC') GROUP BY tile, type, name

-- what became of it
-- {"journey_id": 5}
SELECT tile, countIf(failed > 0 AND done = 0), countIf(told > 0) FROM (SELECT tile, subject, type LIKE '%Channel%' AS is_activity, countIf(type = 'WorkflowCallSucceeded') AS done, countIf(type = 'ActivityContactProcessingFailed') AS failed, countIf(type = 'CustomChannelResponse') AS told FROM tile_event WHERE journey_id = {journey_id:UInt64} GROUP BY tile, subject, is_activity) GROUP BY tile

-- volumes of one tile from a minute on
-- {"journey_id": 5, "since": 1772357400000000, "tile": 2}
SELECT tile, outcome, reason, branch, sum(arrived), sum(departed) FROM (SELECT tile, '' AS outcome, '' AS reason, toInt16(-1) AS branch, count() AS arrived, 0 AS departed FROM visit_arrival WHERE journey_id = {journey_id:UInt64} AND tile = {tile:UInt32} AND arrived_at >= fromUnixTimestamp64Micro({since:Int64}, 'UTC') GROUP BY tile UNION ALL SELECT tile, toString(outcome) AS outcome, toString(reason) AS reason, branch, 0 AS arrived, sum(weight) AS departed FROM visit_departure WHERE journey_id = {journey_id:UInt64} AND tile = {tile:UInt32} AND arrived_at >= fromUnixTimestamp64Micro({since:Int64}, 'UTC') GROUP BY tile, outcome, reason, branch) GROUP BY tile, outcome, reason, branch ORDER BY tile, outcome, reason, branch
