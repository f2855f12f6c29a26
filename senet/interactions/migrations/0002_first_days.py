"""The partitions of today and the coming week, so that nothing recorded before the first worker runs goes astray."""

from django.db import migrations

SQL = """
DO $$
DECLARE day date;
BEGIN
    FOR day IN SELECT generate_series(current_date - 1, current_date + 7, interval '1 day')::date LOOP
        EXECUTE format(
            'CREATE TABLE %I PARTITION OF interaction FOR VALUES FROM (%L) TO (%L)',
            'interaction_' || to_char(day, 'YYYY_MM_DD'),
            to_char(day, 'YYYY-MM-DD') || ' 00:00:00+00', to_char(day + 1, 'YYYY-MM-DD') || ' 00:00:00+00'
        );
    END LOOP;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("interactions", "0001_log")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
