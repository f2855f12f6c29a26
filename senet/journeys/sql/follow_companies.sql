-- Let the people in `leaving` go the way that their company has decided; who has no company goes by what they did alone.
-- Reads: leaving (temporary), contact, company_decision, visit, first_interaction. Writes: leaving (temporary).
-- Index: the keys of all four, asked once a person.
UPDATE leaving SET branch = coalesce(
    (SELECT decision.branch
     FROM contact JOIN company_decision AS decision
       ON decision.journey_id = %(journey_id)s AND decision.iteration = %(iteration)s AND decision.tile = %(tile)s
      AND decision.company_id = contact.company_id
     WHERE contact.id = leaving.contact_id),
    CASE WHEN (
        SELECT count(DISTINCT asked.rule)
        FROM unnest(%(rules)s::int[], %(sources)s::int[], %(types)s::text[], %(links)s::int[])
             AS asked (rule, source, type, link)
        JOIN first_interaction AS done
          ON done.journey_id = %(journey_id)s AND done.iteration = %(iteration)s AND done.tile = asked.source
         AND done.contact_id = leaving.contact_id AND done.type = asked.type AND done.link = asked.link
        JOIN visit AS waiting
          ON waiting.journey_id = %(journey_id)s AND waiting.iteration = %(iteration)s AND waiting.tile = %(tile)s
         AND waiting.contact_id = leaving.contact_id
        WHERE done.at <= waiting.due_at) >= %(needed)s THEN 0 ELSE 1 END)
WHERE leaving.tile = %(tile)s
