from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("registry", "0011_import_lines")]
    operations = [
        migrations.RemoveField("importbatch", "problems"),
        migrations.RemoveField("importbatch", "rows"),
    ]
