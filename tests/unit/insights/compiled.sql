-- totals come from the hours
-- {"email_id": 1, "types": ["EmailOpened"], "types_0": ["EmailOpened"]}
SELECT type AS by_type, sumIf(events, type IN {types_0:Array(String)}) AS opened FROM email_hour WHERE email_id = {email_id:UInt64} AND type IN {types:Array(String)} GROUP BY by_type ORDER BY by_type

-- a period on whole hours stays there
-- {"email_id": 1, "journey_id": 2, "since": 1772355600000000, "types": ["EmailOpened"], "types_0": ["EmailOpened"], "until": 1772359200000000}
SELECT hour AS by_hour, sumIf(events, type IN {types_0:Array(String)}) AS opened FROM email_hour WHERE email_id = {email_id:UInt64} AND journey_id = {journey_id:UInt64} AND hour >= fromUnixTimestamp64Micro({since:Int64}, 'UTC') AND hour < fromUnixTimestamp64Micro({until:Int64}, 'UTC') AND type IN {types:Array(String)} GROUP BY by_hour ORDER BY by_hour

-- a period on minutes asks the events
-- {"email_id": 1, "since": 1772357400000000, "types": ["EmailOpened"], "types_0": ["EmailOpened"]}
SELECT toStartOfDay(at) AS by_day, countIf(type IN {types_0:Array(String)}) AS opened FROM email_event WHERE email_id = {email_id:UInt64} AND at >= fromUnixTimestamp64Micro({since:Int64}, 'UTC') AND type IN {types:Array(String)} GROUP BY by_day ORDER BY by_day

-- uniques ask the events
-- {"email_id": 1, "types": ["EmailClicked", "EmailOpened"], "types_0": ["EmailOpened"], "types_1": ["EmailClicked"]}
SELECT uniqExactIf(message_id, type IN {types_0:Array(String)}) AS opened_by, uniqExactIf((message_id, version, link), type IN {types_1:Array(String)}) AS links FROM email_event WHERE email_id = {email_id:UInt64} AND type IN {types:Array(String)}

-- a verdict limits opens and clicks only
-- {"email_id": 1, "responses": ["EmailOpened", "EmailClicked"], "types": ["EmailOpened"], "types_0": ["EmailOpened"], "verdicts": ["human", "unknown"]}
SELECT sumIf(events, type IN {types_0:Array(String)}) AS opened FROM email_hour WHERE email_id = {email_id:UInt64} AND (type NOT IN {responses:Array(String)} OR verdict IN {verdicts:Array(String)}) AND type IN {types:Array(String)}

-- a tile asks the events
-- {"email_id": 1, "journey_id": 2, "tile": 3, "types": ["EmailOpened"], "types_0": ["EmailOpened"]}
SELECT countIf(type IN {types_0:Array(String)}) AS opened FROM email_event WHERE email_id = {email_id:UInt64} AND journey_id = {journey_id:UInt64} AND tile = {tile:UInt64} AND type IN {types:Array(String)}

-- countries come from the mirror
-- {"email_id": 1, "types": ["EmailOpened"], "types_0": ["EmailOpened"], "types_1": ["EmailOpened"]}
SELECT country AS by_country, countIf(type IN {types_0:Array(String)}) AS opened, uniqExactIf(message_id, type IN {types_1:Array(String)}) AS opened_by FROM email_event ANY LEFT JOIN (SELECT id, country FROM contact FINAL WHERE id IN (SELECT contact_id FROM email_event WHERE email_id = {email_id:UInt64} AND type IN {types:Array(String)})) AS mirrored ON mirrored.id = contact_id WHERE email_id = {email_id:UInt64} AND type IN {types:Array(String)} GROUP BY by_country ORDER BY opened DESC, by_country LIMIT 50

-- unopened in a period
-- {"email_id": 1, "responses": ["EmailOpened", "EmailClicked"], "since": 1772355600000000, "verdicts": ["bot"]}
SELECT uniqExact(message_id) FROM email_event WHERE email_id = {email_id:UInt64} AND at >= fromUnixTimestamp64Micro({since:Int64}, 'UTC') AND (type NOT IN {responses:Array(String)} OR verdict IN {verdicts:Array(String)}) AND type = 'EmailDelivered' AND message_id NOT IN (SELECT message_id FROM email_event WHERE email_id = {email_id:UInt64} AND at >= fromUnixTimestamp64Micro({since:Int64}, 'UTC') AND (type NOT IN {responses:Array(String)} OR verdict IN {verdicts:Array(String)}) AND type IN ('EmailOpened', 'EmailHardRemoteBounced', 'EmailSoftRemoteBounced'))

-- volumes by the hour
-- {"journey_id": 5}
SELECT tile, outcome, reason, branch, sum(arrived), sum(departed) FROM tile_hour WHERE journey_id = {journey_id:UInt64} GROUP BY tile, outcome, reason, branch ORDER BY tile, outcome, reason, branch

-- volumes of one tile from a minute on
-- {"journey_id": 5, "since": 1772357400000000, "tile": 2}
SELECT tile, outcome, reason, branch, sum(arrived), sum(departed) FROM (SELECT tile, '' AS outcome, '' AS reason, toInt16(-1) AS branch, count() AS arrived, 0 AS departed FROM visit_arrival WHERE journey_id = {journey_id:UInt64} AND tile = {tile:UInt32} AND arrived_at >= fromUnixTimestamp64Micro({since:Int64}, 'UTC') GROUP BY tile UNION ALL SELECT tile, toString(outcome) AS outcome, toString(reason) AS reason, branch, 0 AS arrived, count() AS departed FROM visit_departure WHERE journey_id = {journey_id:UInt64} AND tile = {tile:UInt32} AND arrived_at >= fromUnixTimestamp64Micro({since:Int64}, 'UTC') GROUP BY tile, outcome, reason, branch) GROUP BY tile, outcome, reason, branch ORDER BY tile, outcome, reason, branch
