"""What told the kind of a returned mail, and the category of a bounce."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("delivery", "0001_returns_and_domains")]

    operations = [
        migrations.AddField("returnedmail", "bounce_class", models.TextField(db_default="")),
        migrations.AddField("returnedmail", "category", models.TextField(db_default="")),
        migrations.AddField("returnedmail", "category_rule", models.TextField(db_default="")),
        migrations.AddField("returnedmail", "rule", models.TextField(db_default="")),
        migrations.AddField("returnedmail", "smtp_enhanced", models.TextField(db_default="")),
    ]
