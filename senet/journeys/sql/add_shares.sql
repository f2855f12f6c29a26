-- Write down how many more people each branch of a split has taken.
-- Writes: split_share. Locks: the rows, which this transaction already holds.
UPDATE split_share SET taken = taken + more.people
FROM unnest(%(more)s::bigint[]) WITH ORDINALITY AS more (people, position)
WHERE journey_id = %(journey_id)s AND iteration = %(iteration)s AND tile = %(tile)s AND branch = more.position - 1
