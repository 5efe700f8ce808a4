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
                name='CalendarException',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('day', models.DateField(error_messages={'unique': '这一天已经登记过。'}, unique=True, verbose_name='日期')),
                    ('is_workday', models.BooleanField(verbose_name='是工作日')),
                    ('name', models.CharField(max_length=40, verbose_name='说明')),
                    ('source_document', models.CharField(max_length=200, verbose_name='依据文件')),
                    ('entered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
                    ('entered_at', models.DateTimeField(verbose_name='登记时间')),
                ],
                options={
                    'verbose_name': '工作日历例外',
                    'verbose_name_plural': '工作日历例外',
                    'ordering': ['day'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('source_document', ''), _negated=True), name='calendar_exception_names_its_document', violation_error_message='填写依据文件。')],
                },
            ),
            migrations.CreateModel(
                name='PublishedYear',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('year', models.PositiveSmallIntegerField(error_messages={'unique': '该年度的安排已经登记过。'}, unique=True, verbose_name='年度')),
                    ('source_document', models.CharField(max_length=200, verbose_name='依据文件')),
                    ('published_on', models.DateField(verbose_name='公布日期')),
                ],
                options={
                    'verbose_name': '已公布放假安排的年度',
                    'verbose_name_plural': '已公布放假安排的年度',
                    'ordering': ['year'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('source_document', ''), _negated=True), name='published_year_names_its_document', violation_error_message='填写依据文件。')],
                },
            ),
        ),
    ]
