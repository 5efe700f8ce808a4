import django.contrib.postgres.operations
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from benxi_shuangsuiji.database.tables import Tables


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        django.contrib.postgres.operations.TrigramExtension(),
        Tables(
            migrations.CreateModel(
                name='FormKey',
                fields=[
                    ('key', models.UUIDField(primary_key=True, serialize=False)),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('path', models.CharField(max_length=300)),
                    ('digest', models.CharField(max_length=64)),
                    ('location', models.CharField(blank=True, max_length=500)),
                    ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ],
                options={
                    'verbose_name': '已提交的表单',
                    'verbose_name_plural': '已提交的表单',
                    'indexes': [models.Index(fields=['at'], name='form_key_at')],
                },
            ),
        ),
    ]
