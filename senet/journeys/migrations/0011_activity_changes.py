"""Journeys may watch activities: a call that is done, a task that is deleted."""

from django.db import migrations

SQL = """
CREATE TRIGGER activity_created AFTER INSERT ON activity REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION note_record_changes('contact_id');
CREATE TRIGGER activity_updated AFTER UPDATE ON activity REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION note_record_changes('contact_id');
CREATE TRIGGER activity_deleted AFTER DELETE ON activity REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION note_record_changes('contact_id');
"""
BACK = """
DROP TRIGGER activity_created ON activity;
DROP TRIGGER activity_updated ON activity;
DROP TRIGGER activity_deleted ON activity;
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0010_company_decision")]
    operations = [migrations.RunSQL(SQL, BACK)]
