-- Let companies go by yes of which somebody has done in time what the rules ask; those of them who wait are due now.
-- Reads: cohort, news or leaving (temporary) or visit, as `source` says whom it concerns; contact, first_interaction.
-- Writes: company_decision, visit. Locks: their rows. Index: contact_company, the keys of the others.
WITH concerned AS MATERIALIZED (
    SELECT DISTINCT contact.company_id
    FROM (
        SELECT contact_id FROM cohort WHERE %(source)s = 'cohort'
        UNION ALL
        SELECT contact_id FROM news WHERE %(source)s = 'news' AND journey_id = %(journey_id)s
        UNION ALL
        SELECT contact_id FROM leaving WHERE %(source)s = 'leaving' AND tile = %(tile)s
        UNION ALL
        SELECT contact_id FROM visit
        WHERE %(source)s = 'visit' AND journey_id = %(journey_id)s AND iteration = %(iteration)s AND tile = %(tile)s
          AND left_at IS NULL AND due_at IS NOT NULL
    ) AS person JOIN contact ON contact.id = person.contact_id
    WHERE contact.company_id IS NOT NULL
), fulfilled AS MATERIALIZED (
    SELECT decision.company_id
    FROM concerned JOIN company_decision AS decision
      ON decision.journey_id = %(journey_id)s AND decision.iteration = %(iteration)s AND decision.tile = %(tile)s
     AND decision.company_id = concerned.company_id AND decision.branch IS NULL
    WHERE EXISTS (
        SELECT FROM contact AS colleague
        WHERE colleague.company_id = decision.company_id AND (
            SELECT count(DISTINCT asked.rule)
            FROM unnest(%(rules)s::int[], %(sources)s::int[], %(types)s::text[], %(links)s::int[])
                 AS asked (rule, source, type, link)
            JOIN first_interaction AS done
              ON done.journey_id = %(journey_id)s AND done.iteration = %(iteration)s AND done.tile = asked.source
             AND done.contact_id = colleague.id AND done.type = asked.type AND done.link = asked.link
            WHERE done.at <= decision.due_at) >= %(needed)s)
), decided AS (
    UPDATE company_decision AS decision SET branch = 0, decided_at = %(now)s
    FROM fulfilled
    WHERE decision.journey_id = %(journey_id)s AND decision.iteration = %(iteration)s AND decision.tile = %(tile)s
      AND decision.company_id = fulfilled.company_id AND decision.branch IS NULL
    RETURNING decision.company_id
)
UPDATE visit SET due_at = %(now)s
FROM decided JOIN contact ON contact.company_id = decided.company_id
WHERE visit.journey_id = %(journey_id)s AND visit.iteration = %(iteration)s AND visit.tile = %(tile)s
  AND visit.contact_id = contact.id AND visit.left_at IS NULL AND visit.due_at > %(now)s
