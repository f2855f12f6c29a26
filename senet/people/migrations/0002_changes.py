"""Contacts say which transaction wrote them last, so that the shipper can follow; and indexes that Django cannot spell."""

from django.db import migrations

SQL = """
CREATE FUNCTION contact_touch() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN NEW.changed_xid := senet_xid(); RETURN NEW; END $$;
CREATE TRIGGER contact_touch BEFORE UPDATE ON contact FOR EACH ROW EXECUTE FUNCTION contact_touch();
CREATE INDEX contact_changed_xid ON contact USING brin (changed_xid) WITH (pages_per_range = 16, autosummarize = on);
-- Equality and search by the first letters, whatever the database's collation.
CREATE INDEX contact_email_key ON contact (lower(email) text_pattern_ops);
CREATE INDEX company_name_key ON company (lower(name) text_pattern_ops);
CREATE INDEX contact_company ON contact (company_id) WHERE company_id IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [migrations.RunSQL(SQL, "DROP TRIGGER contact_touch ON contact; DROP FUNCTION contact_touch();")]
