from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("registry", "0005_state_certificates")]
    operations = [migrations.RemoveField(model_name="inspector", name="expertise_words")]
