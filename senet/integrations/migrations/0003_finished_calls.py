from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("integrations", "0002_channels")]
    operations = [
        AddIndexConcurrently(
            model_name="workflowcall",
            index=models.Index(
                fields=["finished_at"],
                condition=models.Q(company_id__isnull=True, state__in=["done", "cancelled", "dismissed"]),
                name="workflow_call_finished",
            ),
        )
    ]
