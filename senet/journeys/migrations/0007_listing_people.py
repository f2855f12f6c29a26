"""Lists of people: who waits, by when they may go; who was stopped, expired or failed, by the reason."""

from django.db import migrations

# One by one and concurrently: the ledger may be large, and people move on meanwhile.
WAITING = "WHERE left_at IS NULL AND due_at IS NOT NULL"
FORTH = [
    "DROP INDEX IF EXISTS visit_due_next",
    f"CREATE INDEX CONCURRENTLY visit_due_next ON visit (journey_id, tile, due_at, contact_id) {WAITING}",
    "DROP INDEX CONCURRENTLY IF EXISTS visit_due",
    "ALTER INDEX visit_due_next RENAME TO visit_due",
    "DROP INDEX IF EXISTS visit_unprocessed",
    """CREATE INDEX CONCURRENTLY visit_unprocessed
    ON visit (journey_id, outcome, coalesce(reason, ''), tile, iteration, contact_id)
    WHERE outcome <> 'processed'""",
]
BACK = [
    "DROP INDEX CONCURRENTLY IF EXISTS visit_unprocessed",
    "DROP INDEX CONCURRENTLY IF EXISTS visit_due",
    f"CREATE INDEX CONCURRENTLY visit_due ON visit (journey_id, tile, due_at) {WAITING}",
]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("journeys", "0006_template_reference")]
    operations = [migrations.RunSQL(FORTH, BACK)]
