from django.db import migrations, models


class Migration(migrations.Migration):
    """A point made of an item without points holds the item's whole content, 400 characters."""

    dependencies = [("inspections", "0001_initial")]

    operations = [
        migrations.AlterField("checkanswer", "text", models.CharField(max_length=400, verbose_name="检查要点")),
    ]
