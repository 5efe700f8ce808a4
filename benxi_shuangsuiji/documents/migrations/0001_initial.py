import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from benxi_shuangsuiji.database.tables import Tables


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Tables(
            migrations.CreateModel(
                name='StoredFile',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('sha256', models.CharField(db_index=True, max_length=64)),
                    ('name', models.CharField(max_length=200, verbose_name='文件名')),
                    ('size', models.PositiveBigIntegerField(verbose_name='字节')),
                    ('content_type', models.CharField(max_length=100)),
                    ('uploaded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('stored_at', models.DateTimeField(verbose_name='存入时间')),
                ],
                options={
                    'verbose_name': '文件',
                    'verbose_name_plural': '文件',
                },
            ),
            migrations.CreateModel(
                name='Job',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(max_length=40, verbose_name='种类')),
                    ('params', models.JSONField(default=dict)),
                    ('title', models.CharField(max_length=120, verbose_name='名称')),
                    ('requested_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='jobs', to=settings.AUTH_USER_MODEL)),
                    ('requested_at', models.DateTimeField(verbose_name='提交时间')),
                    ('state', models.CharField(choices=[('WAITING', '等待'), ('RUNNING', '进行中'), ('DONE', '完成'), ('FAILED', '失败')], default='WAITING', max_length=8, verbose_name='状态')),
                    ('done', models.PositiveIntegerField(default=0)),
                    ('total', models.PositiveIntegerField(default=0)),
                    ('attempts', models.PositiveSmallIntegerField(default=0)),
                    ('claimed_until', models.DateTimeField(null=True)),
                    ('finished_at', models.DateTimeField(null=True)),
                    ('result', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.storedfile')),
                    ('error', models.CharField(blank=True, max_length=300)),
                ],
                options={
                    'verbose_name': '后台任务',
                    'verbose_name_plural': '后台任务',
                    'ordering': ['-requested_at', '-pk'],
                },
            ),
            migrations.CreateModel(
                name='FileRound',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('day', models.DateField(unique=True, verbose_name='日期')),
                    ('begun_behind', models.CharField(blank=True, max_length=64)),
                    ('reached', models.CharField(blank=True, max_length=64)),
                    ('turned', models.BooleanField(default=False)),
                    ('wanted', models.PositiveBigIntegerField(verbose_name='要核对的字节')),
                    ('files', models.PositiveIntegerField(default=0, verbose_name='核对的文件')),
                    ('size', models.PositiveBigIntegerField(default=0, verbose_name='核对的字节')),
                    ('wrong', models.PositiveIntegerField(default=0, verbose_name='发现的问题')),
                    ('removed', models.PositiveIntegerField(default=0, verbose_name='清除的无记录文件')),
                    ('left_alone', models.PositiveIntegerField(default=0, verbose_name='没有清除的无记录文件')),
                    ('started_at', models.DateTimeField(verbose_name='开始')),
                    ('finished_at', models.DateTimeField(null=True, verbose_name='完成')),
                ],
                options={
                    'verbose_name': '文件核对',
                    'verbose_name_plural': '文件核对',
                    'ordering': ['-day'],
                },
            ),
            migrations.CreateModel(
                name='FileTrouble',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('sha256', models.CharField(max_length=64, unique=True, verbose_name='指纹')),
                    ('kind', models.CharField(choices=[('MISSING', '不在存储中'), ('DAMAGED', '内容和存入时不同')], max_length=7, verbose_name='问题')),
                    ('found_at', models.DateTimeField(verbose_name='发现时间')),
                    ('mended_at', models.DateTimeField(null=True, verbose_name='恢复时间')),
                ],
                options={
                    'verbose_name': '文件问题',
                    'verbose_name_plural': '文件问题',
                    'ordering': ['mended_at', '-found_at', 'pk'],
                },
            ),
        ),
    ]
