"""What companies have decided at if/then tiles that ask of companies."""

from django.db import migrations

SQL = """
CREATE TABLE company_decision (           -- which way a company goes at an if/then tile, for all its people alike
    journey_id bigint NOT NULL, iteration int NOT NULL, tile int NOT NULL, company_id bigint NOT NULL,
    arrived_at timestamptz NOT NULL,      -- the first of its people
    due_at timestamptz NOT NULL,          -- when all go by No
    branch smallint,                      -- NULL: not decided yet
    decided_at timestamptz,
    PRIMARY KEY (journey_id, iteration, tile, company_id)
);
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0009_activity_indexes")]
    operations = [migrations.RunSQL(SQL, "DROP TABLE company_decision")]
