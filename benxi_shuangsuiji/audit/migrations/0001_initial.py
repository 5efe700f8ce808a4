import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from benxi_shuangsuiji.database.tables import Tables


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Tables(
            migrations.CreateModel(
                name='AuditEntry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='时间')),
                    ('verb', models.CharField(max_length=60, verbose_name='动作')),
                    ('actor', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='操作人')),
                    ('login', models.CharField(db_default='', editable=False, max_length=40, verbose_name='数据库登录名')),
                    ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unit', verbose_name='单位')),
                    ('about_type', models.CharField(blank=True, max_length=60, verbose_name='对象类别')),
                    ('about_key', models.CharField(blank=True, max_length=80, verbose_name='对象编号')),
                    ('details', models.JSONField(default=dict, verbose_name='内容')),
                    ('xid', models.BigIntegerField(db_default=0, editable=False)),
                ],
                options={
                    'verbose_name': '操作记录',
                    'verbose_name_plural': '操作记录',
                    'indexes': [models.Index(fields=['about_type', 'about_key'], name='audit_about'), models.Index(fields=['at'], name='audit_at')],
                },
            ),
            migrations.CreateModel(
                name='AuditLink',
                fields=[
                    ('seq', models.BigIntegerField(primary_key=True, serialize=False)),
                    ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='link', to='audit.auditentry')),
                    ('prev', models.CharField(max_length=64)),
                    ('link', models.CharField(max_length=64, unique=True)),
                ],
                options={
                    'verbose_name': '操作记录链',
                    'verbose_name_plural': '操作记录链',
                },
            ),
        ),
    ]
